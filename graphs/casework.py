"""One company looked at for one need: gather what is known, read it, measure it, score it.

Shared by discovery, by a deal and by `card`, so that all three compute the same card.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

from partnership_os.agents.analyst import Analyst, Reading
from partnership_os.agents.deal_matcher import MatchRequest, score_company
from partnership_os.agents.facts import Facts
from partnership_os.errors import ConfigurationError
from partnership_os.graphs.services import Services
from partnership_os.llm.failures import FailureKind
from partnership_os.schemas.company import Company
from partnership_os.schemas.evidence import Contradiction, Evidence
from partnership_os.schemas.need import PartnershipNeed
from partnership_os.schemas.score_card import PartnerFitScoreCard
from partnership_os.schemas.stamp import AnalystStamp, ModelUsage


class Sources(NamedTuple):
    """A company with all that is stored about it."""

    company: Company
    evidence: tuple[Evidence, ...]
    contradictions: tuple[Contradiction, ...]


@dataclass(frozen=True)
class CaseFile:
    """A company with its evidence, what was read from it, and who read it."""

    need: PartnershipNeed
    company: Company
    evidence: tuple[Evidence, ...]
    contradictions: tuple[Contradiction, ...]
    reading: Reading
    read_by: AnalystStamp
    facts: Facts


def joined(by_rules: Reading, by_model: Reading) -> Reading:
    """What both analysts read of one company.

    A model adds to what the rules analyst has read; both kinds of claim passed the same checks. When the model failed
    the rules analyst's reading stands alone and says so.

    Raises:
        ConfigurationError: the model's server refused the key.
    """
    if by_model.failure and FailureKind.UNAUTHORISED in by_model.failure:
        raise ConfigurationError(
            "The model's server refuses the key.", fix="Correct PARTNERSHIP_API_KEY, or set PARTNERSHIP_ANALYST=rules."
        )
    if by_model.failure:
        return by_model.model_copy(update={"claims": by_rules.claims})
    claims = {claim.claim_id: claim for claim in (*by_rules.claims, *by_model.claims)}
    return by_model.model_copy(update={"claims": tuple(claims[key] for key in sorted(claims))})


def _read(
    services: Services, analyst: Analyst, company: Company, evidence: Sequence[Evidence], by_rules: Reading
) -> tuple[Reading, AnalystStamp]:
    """What is known from the texts, and who read them."""
    if analyst is services.rules:
        return by_rules, services.rules.stamp
    reading = joined(by_rules, analyst.read(company, evidence))
    return reading, services.rules.stamp if reading.failure else analyst.stamp


def sources_of(services: Services, company: Company) -> Sources:
    """What is stored about one company."""
    company_id = company.company_id
    return Sources(company, services.companies.evidence_of(company_id), services.companies.contradictions(company_id))


def open_case(services: Services, need: PartnershipNeed, sources: Sources, as_of: date, analyst: Analyst) -> CaseFile:
    """Read everything about one company.

    Args:
        services: Analysts and lexicon.
        need: What it is measured against.
        sources: The company with its texts.
        as_of: The day that ages are counted to.
        analyst: Who reads. When the model fails, the rules analyst's reading is used and the card says so.
    """
    company, evidence, contradictions = sources
    reading, stamp = _read(services, analyst, company, evidence, services.rules.read(company, evidence))
    facts = _facts(services, need, company, evidence, reading, as_of)
    return CaseFile(need, company, evidence, contradictions, reading, stamp, facts)


def _facts(
    services: Services,
    need: PartnershipNeed,
    company: Company,
    evidence: Sequence[Evidence],
    reading: Reading,
    as_of: date,
) -> Facts:
    return Facts(
        need=need,
        company=company,
        evidence={item.evidence_id: item for item in evidence},
        claims=reading.claims,
        lexicon=services.lexicon,
        as_of=as_of,
    )


def reread(services: Services, cases: Sequence[CaseFile], analyst: Analyst) -> tuple[CaseFile, ...]:
    """The same cases read again by another analyst, several at once; the order is kept."""

    def again(case: CaseFile) -> CaseFile:
        reading, stamp = _read(services, analyst, case.company, case.evidence, case.reading)
        facts = _facts(services, case.need, case.company, case.evidence, reading, case.facts.as_of)
        return replace(case, reading=reading, read_by=stamp, facts=facts)

    with ThreadPoolExecutor(max_workers=services.model_concurrency) as pool:
        return tuple(pool.map(again, cases))


def score(services: Services, case: CaseFile) -> PartnerFitScoreCard:
    """The card of one case, with the headline as summary."""
    return score_company(
        MatchRequest(
            need=case.need,
            company=case.company,
            evidence=case.evidence,
            reading=case.reading,
            contradictions=case.contradictions,
            as_of=case.facts.as_of,
            made_by=case.read_by,
        ),
        services.lexicon,
    )


def summarise(analyst: Analyst, card: PartnerFitScoreCard) -> tuple[PartnerFitScoreCard, ModelUsage]:
    """The card with the analyst's prose; no number on it changes."""
    note = analyst.summarise(card)
    return card.model_copy(update={"summary": note.text, "summary_made_by": note.made_by}), note.usage
