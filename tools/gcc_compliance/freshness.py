"""How long evidence is good (gcc-rules §7): its age, its own last day, and events that make it old."""

from datetime import date, timedelta, timezone

from partnership_os.schemas.compliance import Fact
from partnership_os.tools.gcc_compliance.vocabulary import EvidenceType

__all__ = ["civil_day", "evidence_day", "fresh_until"]

_ARABIA, _GULF = timezone(timedelta(hours=3)), timezone(timedelta(hours=4))
_ZONES = {"AE": _GULF, "OM": _GULF}
"""Civil time without summer time; Riyadh time for the other four and for facts of no country."""


def civil_day(fact: Fact) -> date:
    """The day on which a fact was retrieved, on the calendar of its country."""
    return fact.retrieved_at.astimezone(_ZONES.get(fact.country or "", _ARABIA)).date()


def evidence_day(fact: Fact) -> date:
    """The day that its age counts from: the date on the paper, else the day it was retrieved."""
    return fact.issued_on or civil_day(fact)


def fresh_until(fact: Fact, evidence: EvidenceType, event: date | None) -> date | None:
    """The last day on which a fact still counts, None where it does not age.

    Args:
        fact: The fact.
        evidence: Its type of evidence, with the last good age.
        event: Day of the event that asks for new evidence of this type, None when there was none.

    Returns:
        The earliest of: evidence day + ``max_age_days``, ``valid_until``, and event + days where the evidence is
        older than the event.
    """
    day = evidence_day(fact)
    ends = [] if evidence.max_age_days is None else [day + timedelta(days=evidence.max_age_days)]
    if fact.valid_until is not None:
        ends.append(fact.valid_until)
    if evidence.renew_after is not None and event is not None and day < event:
        ends.append(event + timedelta(days=evidence.renew_after.days))
    return min(ends, default=None)
