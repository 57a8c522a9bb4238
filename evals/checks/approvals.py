"""Who must approve, by the published rules; no call into the policy."""

from decimal import Decimal

from partnership_os.evals.checks.figures import HOME, PEGS
from partnership_os.schemas.base import Money
from partnership_os.schemas.partnership import PartnershipType

__all__ = ["approvals_of"]

_BY_TYPE = {
    PartnershipType.REFERRAL: "manager",
    PartnershipType.DISTRIBUTION: "director",
    PartnershipType.TECHNOLOGY: "vp",
    PartnershipType.STRATEGIC: "c-level",
    PartnershipType.GOVERNMENT: "c-level",
}
_LEVELS = ("manager", "director", "vp", "c-level")
_STEPS = ((10_000_000, "c-level"), (1_000_000, "vp"), (100_000, "director"))
"""Riyals that we commit to pay, and the level from which they may be approved."""


def approvals_of(partnership_type: PartnershipType, value: Money | None) -> tuple[str, ...]:
    """The approvals by the published rules: the type's level, raised by the money that we commit, and legal for public
    bodies. Money without a parity to the riyal needs the highest level.
    """
    level = _BY_TYPE[partnership_type]
    raised = level
    if value is not None and value.amount:
        rate = PEGS.get(value.currency)
        riyals = None if rate is None else value.amount * Decimal(PEGS[HOME]) / Decimal(rate)
        raised = "c-level" if riyals is None else next((name for floor, name in _STEPS if riyals >= floor), level)
    highest = max(level, raised, key=_LEVELS.index)
    return (highest, "legal") if partnership_type is PartnershipType.GOVERNMENT else (highest,)
