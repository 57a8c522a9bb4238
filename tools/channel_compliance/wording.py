"""Sentences of clashes, findings, refusals and transitions, in English and Arabic, from the wording file."""

from collections.abc import Iterable
from enum import StrEnum
from functools import lru_cache
from string import Formatter

from pydantic import model_validator

from partnership_os.schemas.base import BilingualText, Record, Sentence, Slug
from partnership_os.schemas.channel import ClashKind, Overlap
from partnership_os.schemas.deal_registration import ConflictCode, OtherReason, Recommendation
from partnership_os.schemas.outreach import RefusalCode
from partnership_os.tools.channel_compliance.data_records import shipped_record

__all__ = ["Fact", "Pair", "Wording", "load_wording"]


class Fact(StrEnum):
    """A fact that may be missing and that a person can find."""

    PERIOD = "period"
    RENEWAL = "renewal"
    TERRITORY = "territory"
    PRODUCTS = "products"
    SEGMENTS = "segments"
    EXCLUSIVITY = "exclusivity"
    MINIMUMS_MET = "minimums_met"
    LAPSE = "lapse"
    CARVE_OUTS = "carve_outs"
    NAMED_ACCOUNTS = "named_accounts"
    NON_COMPETE = "non_compete"
    CUSTOMER = "customer"
    MULTI_COUNTRY = "multi_country"
    MAY_REGISTER = "may_register"
    OPENED_AT = "opened_at"
    LAST_CONTACT_ON = "last_contact_on"
    RHQ = "rhq"


class Pair(Record):
    """A template in both languages, with the same placeholders."""

    en: Sentence
    ar: Sentence

    @model_validator(mode="after")
    def _same_placeholders(self) -> "Pair":
        if _placeholders(self.en) != _placeholders(self.ar):
            raise ValueError(f"the languages have different placeholders: {self.en!r}")
        return self

    def filled(self, **values: str | BilingualText) -> BilingualText:
        """The text with its placeholders filled in; a bilingual value reads in its language."""
        return BilingualText(
            en=self.en.format_map({name: _in(value, "en") for name, value in values.items()}),
            ar=self.ar.format_map({name: _in(value, "ar") for name, value in values.items()}),
        )


class Wording(Record):
    """Every template. Clashes by kind and certainty, findings by code and verdict."""

    clashes: dict[ClashKind, dict[Overlap, Pair]]
    facts: dict[Fact, Pair]
    findings: dict[ConflictCode | OtherReason, dict[Recommendation, Pair]]
    recommendations: dict[Recommendation, Pair]
    overdue: Pair
    transitions: dict[Slug, Pair]
    states: dict[Slug, Pair]
    intake: dict[Slug, Pair]
    fixes: dict[Slug, Pair]
    refusals: dict[RefusalCode, Pair]

    @model_validator(mode="after")
    def _complete(self) -> "Wording":
        wanted: tuple[tuple[str, Iterable[object], type[StrEnum]], ...] = (
            ("clashes", self.clashes, ClashKind),
            ("facts", self.facts, Fact),
            ("recommendations", self.recommendations, Recommendation),
            ("refusals", self.refusals, RefusalCode),
        )
        for name, found, words in wanted:
            if missing := set(words) - set(found):
                raise ValueError(f"{name}: {min(missing)!s} has no text")
        if missing_codes := {*ConflictCode, *OtherReason} - set(self.findings):
            raise ValueError(f"findings: {min(missing_codes)!s} has no text")
        if set(self.intake) != set(self.fixes):
            raise ValueError("intake and fixes have the same keys")
        return self

    def listed(self, facts: Iterable[str]) -> BilingualText:
        """Facts in one line, for a sentence."""
        pairs = [self.facts[Fact(fact)] for fact in facts]
        return BilingualText(en=", ".join(pair.en for pair in pairs), ar="، ".join(pair.ar for pair in pairs))


@lru_cache(maxsize=1)
def load_wording() -> Wording:
    """The wording that ships, read once per process."""
    return shipped_record("channel_wording.yaml", Wording)


def _placeholders(text: str) -> frozenset[str]:
    return frozenset(name for _, name, _, _ in Formatter().parse(text) if name)


def _in(value: str | BilingualText, language: str) -> str:
    return value if isinstance(value, str) else str(getattr(value, language))
