"""When a row is in force, and in which phases of a partnership a rule is asked."""

from datetime import date
from enum import Enum
from typing import NamedTuple

from partnership_os.schemas.partnership import LifecyclePhase, PartnershipType
from partnership_os.tools.gcc_compliance.rows import Period, Rule

__all__ = ["Force", "InForce", "is_asked", "row_on"]

_RUNNING = (LifecyclePhase.MANAGE, LifecyclePhase.OPTIMIZE, LifecyclePhase.EXIT)
_ORDER = list(LifecyclePhase)


class Force(Enum):
    """Whether a row binds on a day; `DISPUTED` lies between two readings of its first day."""

    IN_FORCE = "in_force"
    DISPUTED = "disputed"
    NOT_YET = "not_yet"
    ENDED = "ended"


class InForce(NamedTuple):
    """A row and its standing on a day."""

    period: Period
    force: Force


def row_on(rule: Rule, day: date) -> InForce:
    """The row of a rule on a day: the one in force or disputed, else the next to come, else the last that ended."""
    for period in rule.periods:
        if period.begins is not None and day < period.begins.earliest:
            return InForce(period, Force.NOT_YET)
        if period.ends is None or day <= period.ends:
            disputed = period.begins is not None and day < period.begins.latest
            return InForce(period, Force.DISPUTED if disputed else Force.IN_FORCE)
    return InForce(rule.periods[-1], Force.ENDED)


def is_asked(rule: Rule, partnership: PartnershipType, phase: LifecyclePhase) -> bool:
    """Whether a rule is asked in a phase (gcc-rules §6).

    Up to ONBOARD the rules add up; while the partnership runs and when it ends only the monitored ones are asked;
    a renewal asks everything again.
    """
    start = rule.phases.get(partnership)
    if start is None:
        return False
    if phase in _RUNNING:
        return partnership in rule.monitored
    return phase is LifecyclePhase.RENEW or _ORDER.index(phase) >= _ORDER.index(start)
