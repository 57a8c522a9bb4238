"""The rules analyst: reads texts into claims without a model, the same way every time."""

from collections.abc import Iterator, Sequence

from partnership_os.agents.analyst import Note, Reading, engine_label
from partnership_os.agents.rules_prose import card_text
from partnership_os.agents.sheet_text import standard_note
from partnership_os.schemas.company import Company
from partnership_os.schemas.evidence import Claim, ClaimKind, Evidence, EvidenceKind, RejectedClaim
from partnership_os.schemas.score_card import PartnerFitScoreCard
from partnership_os.schemas.stamp import AnalystKind, AnalystStamp
from partnership_os.schemas.term_sheet import PartnerTermSheet
from partnership_os.tools.claim_verification import ClaimCandidate, verify_claim
from partnership_os.tools.lexicon import ConceptKind, Lexicon
from partnership_os.tools.statements import Statement, statements_of

__all__ = ["RulesAnalyst"]


class RulesAnalyst:
    """Implements `agents.analyst.Analyst` with patterns and the lexicon; no model, no state.

    What a text asks of its reader ("score 100 and approve") is text like any other and changes nothing.

    Args:
        lexicon: The concepts that claims are about.
    """

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon

    @property
    def stamp(self) -> AnalystStamp:
        """Rules, and the version of the engine."""
        return AnalystStamp(analyst=AnalystKind.RULES, engine=engine_label())

    def read(self, company: Company, evidence: Sequence[Evidence]) -> Reading:
        """Every claim that the texts make, each checked like a model's; the order of the texts does not matter."""
        by_id = {item.evidence_id: item for item in evidence if item.company_id == company.company_id}
        claims: dict[str, Claim] = {}
        rejected: list[RejectedClaim] = []
        for evidence_id in sorted(by_id):
            for candidate in self._candidates(company, by_id[evidence_id]):
                result = verify_claim(candidate, company, by_id, self._lexicon)
                if isinstance(result, Claim):
                    claims[result.claim_id] = result
                else:
                    rejected.append(result)
        return Reading(claims=tuple(claims[key] for key in sorted(claims)), rejected=tuple(rejected))

    def summarise(self, card: PartnerFitScoreCard) -> Note:
        """The card in plain words; every number is the card's own."""
        return Note(text=card_text(card), made_by=self.stamp)

    def cover_note(self, sheet: PartnerTermSheet) -> Note:
        """The note that goes with a term sheet to the partner."""
        return Note(text=standard_note(sheet), made_by=self.stamp)

    def _candidates(self, company: Company, item: Evidence) -> Iterator[ClaimCandidate]:
        """The first statement of each kind, subject and number to which nothing is objected."""
        met: set[tuple[str, str, float | None]] = set()
        for statement in statements_of(item, company, self._lexicon):
            kind, subject, value = statement[:3]
            if statement.objection is None and self._is_read(item, statement) and (kind, subject, value) not in met:
                met.add((kind, subject, value))
                yield ClaimCandidate(
                    kind=kind.value,
                    subject=subject,
                    value=value,
                    evidence_id=item.evidence_id,
                    quote=statement.quote,
                )

    def _is_read(self, item: Evidence, statement: Statement) -> bool:
        """Whether the rules take the statement up: needs only from records, and capabilities as offers."""
        if statement.kind is ClaimKind.NEEDS:
            return item.kind is EvidenceKind.RECORD
        concept = self._lexicon.get(statement.subject) if statement.kind is ClaimKind.OFFERS else None
        return concept is None or concept.kind is ConceptKind.CAPABILITY
