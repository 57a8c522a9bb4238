"""What is known about one company when it is measured against one need, and how a measurement looks."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cached_property

from partnership_os.schemas.base import BilingualText, Record
from partnership_os.schemas.company import Company
from partnership_os.schemas.evidence import SOURCE_QUALITY, Claim, ClaimKind, Evidence, EvidenceKind
from partnership_os.schemas.need import PartnershipNeed
from partnership_os.schemas.score_card import IndicatorSource
from partnership_os.tools.lexicon import ConceptKind, Lexicon
from partnership_os.tools.text import sentences

OPENING_SENTENCES = 2
"""How many sentences of a text say what kind of company it is."""


class Measurement(Record):
    """One indicator's value before it is placed on the card: for programs (``value``) and in words (``shown``)."""

    points: float
    value: str
    shown: BilingualText
    method: BilingualText
    sources: tuple[IndicatorSource, ...]


class Facts:
    """Everything that is known about one company when it is measured against one need."""

    def __init__(
        self,
        need: PartnershipNeed,
        company: Company,
        evidence: Mapping[str, Evidence],
        claims: Sequence[Claim],
        lexicon: Lexicon,
        as_of: date,
    ) -> None:
        """Keep the inputs; ``evidence`` is keyed by id and holds only this company's."""
        self.need = need
        self.company = company
        self.evidence = evidence
        self.claims = tuple(sorted(claims, key=lambda claim: claim.claim_id))
        self.lexicon = lexicon
        self.as_of = as_of

    def of_kind(self, *kinds: ClaimKind) -> tuple[Claim, ...]:
        """The claims of these kinds, in a fixed order."""
        return tuple(claim for claim in self.claims if claim.kind in kinds)

    def source(self, evidence_id: str, quote: str) -> IndicatorSource:
        """A source line for a quote of one piece of evidence."""
        item = self.evidence[evidence_id]
        return IndicatorSource(
            evidence_id=evidence_id,
            source=item.source,
            source_kind=item.source_kind,
            retrieved_at=item.retrieved_at,
            quote=quote,
        )

    def sources(self, claims: Iterable[Claim], limit: int = 4) -> tuple[IndicatorSource, ...]:
        """The sources of some claims, each quote once, best source first."""
        seen: dict[tuple[str, str], IndicatorSource] = {}
        for claim in claims:
            seen.setdefault((claim.evidence_id, claim.quote), self.source(claim.evidence_id, claim.quote))
        ordered = sorted(
            seen.values(), key=lambda item: (-SOURCE_QUALITY[item.source_kind], item.evidence_id, item.quote)
        )
        return tuple(ordered[:limit])

    def fields(self, *names: str) -> tuple[tuple[str, IndicatorSource], ...]:
        """Every record field of these names, the best source first: its value and the line that states it."""
        found = []
        for item in sorted(self.evidence.values(), key=lambda one: (-SOURCE_QUALITY[one.source_kind], one.evidence_id)):
            if item.kind is EvidenceKind.RECORD:
                for line in item.text.splitlines():
                    name, mark, value = line.partition(": ")
                    if mark and name in names:
                        found.append((value.strip(), self.source(item.evidence_id, line)))
        return tuple(found)

    def field(self, *names: str) -> tuple[str, IndicatorSource] | None:
        """The field of these names in the best source, or None."""
        return next(iter(self.fields(*names)), None)

    @cached_property
    def offers(self) -> dict[str, tuple[Claim, ...]]:
        """Concepts the company offers, each with the claims that say so."""
        grouped: dict[str, list[Claim]] = {}
        for claim in self.of_kind(ClaimKind.OFFERS):
            grouped.setdefault(claim.subject, []).append(claim)
        return {subject: tuple(items) for subject, items in sorted(grouped.items())}

    @cached_property
    def profiles(self) -> dict[str, IndicatorSource]:
        """Kinds of company it is: by its industry field, and by the opening words about it.

        Both are kept, because industry fields are often wrong and an opening sentence rarely is.
        """
        found: dict[str, IndicatorSource] = {}
        for evidence_id in sorted(self.evidence):
            item = self.evidence[evidence_id]
            if item.kind is not EvidenceKind.TEXT:
                continue
            for start, end in sentences(item.text)[:OPENING_SENTENCES]:
                sentence = item.text[start:end]
                for mention in self.lexicon.find(sentence):
                    if self._is_profile(mention.concept):
                        found.setdefault(mention.concept, self.source(evidence_id, sentence))
        stated = [field for name in ("sector", "industry") if (field := self.field(name)) is not None]
        for concept in self.lexicon.profile_of_industry(*(value for value, _ in stated)):
            found.setdefault(concept, stated[-1][1])
        return found

    def _is_profile(self, slug: str) -> bool:
        concept = self.lexicon.get(slug)
        return concept is not None and concept.kind is ConceptKind.PROFILE

    @cached_property
    def presence(self) -> dict[str, IndicatorSource]:
        """Country code → the words that show that it operates there."""
        found: dict[str, IndicatorSource] = {}
        for claim in self.of_kind(ClaimKind.OPERATES_IN):
            found.setdefault(claim.subject, self.source(claim.evidence_id, claim.quote))
        return found

    @cached_property
    def relevance(self) -> float | None:
        """How near the company comes to what we look for, by its kind or by one capability; None when both are unknown.

        Size and reach earn revenue for us only through a partner that does this kind of business.
        """
        if not self.profiles and not self.offers:
            return None
        kinds = [self.best_match(wanted, self.profiles)[0] for wanted in self.need.partner_profiles]
        offers = [self.best_match(wanted, self.offers)[0] for wanted in self.need.seeks]
        return max(kinds + offers)

    def label(self, slug: str) -> BilingualText:
        """What a concept is called in both languages."""
        concept = self.lexicon.get(slug)
        return concept.label if concept is not None else BilingualText(en=slug, ar=slug)

    def best_match(self, wanted: str, offered: Iterable[str]) -> tuple[float, str | None]:
        """Nearness of the closest offered concept, 0 to 1, and which one it is."""
        ranked = sorted(
            ((self.lexicon.nearness(wanted, item), item) for item in offered), key=lambda pair: (-pair[0], pair[1])
        )
        return ranked[0] if ranked and ranked[0][0] > 0 else (0.0, None)
