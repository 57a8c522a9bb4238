"""Sentences of reasons and labels, in English and Arabic, from the wording file."""

from collections.abc import Mapping
from decimal import Decimal

from pydantic import model_validator

from partnership_os.schemas.base import BilingualText, Record, Slug
from partnership_os.schemas.compliance_report import Reason, ReasonParameter
from partnership_os.schemas.partnership import LifecyclePhase, PartnershipType
from partnership_os.tools.gcc_compliance.rows import Limit, placeholders, placeholders_agree
from partnership_os.tools.gcc_compliance.vocabulary import Pair

__all__ = ["REASON_PARAMETERS", "Wording", "in_both", "limit_texts"]

REASON_PARAMETERS: dict[str, frozenset[str]] = {
    "test_met": frozenset(),
    "test_not_met": frozenset(),
    "caution": frozenset(),
    "exception_applies": frozenset({"exception"}),
    "evidence_open": frozenset({"facts"}),
    "condition_open": frozenset({"facts"}),
    "condition_not_met": frozenset(),
    "date_disputed": frozenset({"earliest", "latest"}),
    "not_in_force_yet": frozenset({"day"}),
    "no_longer_in_force": frozenset({"day"}),
    "not_for_partnership": frozenset({"partnership"}),
    "not_in_phase": frozenset({"phase"}),
    "note": frozenset(),
    "classified": frozenset({"measure", "band"}),
    "measures_disagree": frozenset(),
    "unverified_cannot_block": frozenset(),
    "exit_is_never_stopped": frozenset(),
    "waived": frozenset({"until"}),
}
"""Every reason code with the placeholders of its sentence."""


class Wording(Record):
    """Templates by reason code; labels of partnership types and phases; the separator of lists."""

    reasons: dict[Slug, Pair]
    partnerships: dict[PartnershipType, Pair]
    phases: dict[LifecyclePhase, Pair]
    separator: Pair

    @model_validator(mode="after")
    def _complete(self) -> "Wording":
        if set(self.reasons) != set(REASON_PARAMETERS):
            raise ValueError(
                f"reasons: {sorted(set(self.reasons) ^ set(REASON_PARAMETERS))[0]!r} is missing or unknown"
            )
        for code, text in self.reasons.items():
            if placeholders(text) != REASON_PARAMETERS[code] or not placeholders_agree(text):
                raise ValueError(f"reasons.{code}: its placeholders are {sorted(REASON_PARAMETERS[code])}")
        if set(self.partnerships) != set(PartnershipType) or set(self.phases) != set(LifecyclePhase):
            raise ValueError("every partnership type and every phase has a label")
        return self

    def reason(self, code: str, **parameters: tuple[str, BilingualText]) -> Reason:
        """A reason with its sentence; each parameter is its language-neutral value and how it reads."""
        template = self.reasons[code]
        text = BilingualText(
            en=template.en.format_map({name: label.en for name, (_, label) in parameters.items()}),
            ar=template.ar.format_map({name: label.ar for name, (_, label) in parameters.items()}),
        )
        listed = tuple(ReasonParameter(name=name, value=value) for name, (value, _) in sorted(parameters.items()))
        return Reason(code=code, parameters=listed, text=text)

    def listed(self, labels: list[BilingualText]) -> BilingualText:
        """Labels in one line."""
        return BilingualText(
            en=self.separator.en.join(label.en for label in labels),
            ar=self.separator.ar.join(label.ar for label in labels),
        )


def limit_texts(limits: Mapping[str, Limit]) -> dict[str, str]:
    """Limits as they read in a sentence: names that end in ``_share`` or ``_rate`` in per cent, lists with commas."""
    return {name: _limit_text(name, limit) for name, limit in limits.items()}


def _limit_text(name: str, limit: Limit) -> str:
    if isinstance(limit, tuple):
        return ", ".join(limit)
    if isinstance(limit, str):
        return limit
    if name.endswith(("_share", "_rate")):
        return f"{_plain(limit * 100)}%"
    return _plain(limit)


def _plain(number: Decimal) -> str:
    text = format(number, ",f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def in_both(text: str) -> BilingualText:
    """A value that reads the same in both languages, such as a day."""
    return BilingualText(en=text, ar=text)
