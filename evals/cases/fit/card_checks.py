"""The checks of one card of the fit suite: sources, quotes, arithmetic, rubric, remarks, schema, must-haves, gates."""

from collections.abc import Iterator

from partnership_os.evals.cases.fit.scoring import Scored
from partnership_os.evals.checks.cards import quote_support, schema_valid, score_replays, source_exists
from partnership_os.evals.checks.named_figures import summary_figures
from partnership_os.evals.checks.rubric import follows_rubric, remarks_made
from partnership_os.evals.checks.verdict import Verdict, verdict
from partnership_os.schemas.evidence import Claim, ClaimKind
from partnership_os.schemas.need import MustHave, MustHaveKind
from partnership_os.schemas.score_card import PartnerFitScoreCard
from partnership_os.tools.company_filters import never_a_partner
from partnership_os.tools.lexicon import BROADER, Lexicon

__all__ = ["CHECKS", "SCHEMA", "checks_of"]

SCHEMA = "schema_valid"
CHECKS = (
    *("source_exists", "quote_support", "score_replays", "follows_rubric", "remarks_made", "summary_figures"),
    *(SCHEMA, "must_haves", "hard_gate"),
)
"""Every check by name, in the order of `checks_of`."""


def checks_of(item: Scored) -> tuple[Verdict, ...]:
    """Every check of one card."""
    card = item.card
    return (
        source_exists(card, item.evidence),
        quote_support(card, item.evidence),
        score_replays(card),
        follows_rubric(card),
        remarks_made(card, item.case.contradictions),
        summary_figures(card),
        schema_valid(PartnerFitScoreCard, card.model_dump_json()),
        verdict("must_haves", list(_must_have_faults(item))),
        verdict("hard_gate", list(_gate_faults(item))),
    )


def _must_have_faults(item: Scored) -> Iterator[str]:
    """The card states every must-have of the need, in its order, and as met exactly where a claim bears it out."""
    asked, stated = item.case.need.must_haves, item.card.must_haves
    if [(one.kind, one.value) for one in stated] != [(one.kind, one.value) for one in asked]:
        yield f"states {len(stated)} must-haves, the need has {len(asked)} of them, or others"
        return
    for must, found in zip(asked, stated, strict=True):
        bearing = {one.evidence_id for one in item.case.reading.claims if _bears(one, must, item.case.facts.lexicon)}
        if found.met != bool(bearing):
            yield f"{must.kind} {must.value} is {'met' if found.met else 'open'}, {len(bearing)} sources show it"
        if found.met and found.evidence_id not in bearing:
            yield f"{must.kind} {must.value} cites {found.evidence_id}, which does not show it"


def _bears(claim: Claim, must: MustHave, lexicon: Lexicon) -> bool:
    match must.kind:
        case MustHaveKind.COUNTRY:
            return claim.kind is ClaimKind.OPERATES_IN and claim.subject == must.value
        case MustHaveKind.MIN_EMPLOYEES:
            counted = claim.kind is ClaimKind.SCALE and claim.subject == "employees"
            return counted and (claim.value or 0) >= int(must.value)
        case MustHaveKind.SEGMENT:
            served = claim.kind is ClaimKind.SERVES_SEGMENT
        case MustHaveKind.OFFERS:
            served = claim.kind is ClaimKind.OFFERS
    return served and lexicon.nearness(claim.subject, must.value) >= BROADER


def _gate_faults(item: Scored) -> Iterator[str]:
    """A card is blocked exactly where no deal may start with the company, and for that rule."""
    facts = item.case.facts
    never = never_a_partner(facts.company, facts.need, facts.profiles)
    wanted = [] if never is None else [never.rule]
    stated = [reason.rule for reason in item.card.blocked]
    if stated != wanted:
        yield f"blocked by {stated or 'nothing'}, the rules give {wanted or 'nothing'}"
