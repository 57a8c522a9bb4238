"""Who must approve. The partnership type fixes the level, money can only raise it, nothing lowers it."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from partnership_os.errors import InputError
from partnership_os.schemas.base import Money
from partnership_os.schemas.commitment import ApprovalRequirement, Person
from partnership_os.schemas.partnership import ApprovalLevel, PartnershipType

POLICY_VERSION: Final = "approval-policy 1"

TYPE_LEVELS: Final[dict[PartnershipType, ApprovalLevel]] = {
    PartnershipType.REFERRAL: ApprovalLevel.MANAGER,
    PartnershipType.DISTRIBUTION: ApprovalLevel.DIRECTOR,
    PartnershipType.TECHNOLOGY: ApprovalLevel.VP,
    PartnershipType.STRATEGIC: ApprovalLevel.C_LEVEL,
    PartnershipType.GOVERNMENT: ApprovalLevel.C_LEVEL,
}
"""The level that each type asks for (DESIGN.md, section 3.3)."""

LEGAL_TYPES: Final = frozenset({PartnershipType.GOVERNMENT})
"""Types that also need a second person in the legal role, of whatever level."""

VALUE_STEPS: Final[tuple[tuple[Decimal, ApprovalLevel], ...]] = (
    (Decimal(10_000_000), ApprovalLevel.C_LEVEL),
    (Decimal(1_000_000), ApprovalLevel.VP),
    (Decimal(100_000), ApprovalLevel.DIRECTOR),
)
"""SAR that we commit to pay under the document, and the level from which it may be approved."""

LEVEL_NAMES: Final[dict[ApprovalLevel, str]] = {
    ApprovalLevel.ANALYST: "Analyst",
    ApprovalLevel.MANAGER: "Manager",
    ApprovalLevel.DIRECTOR: "Director",
    ApprovalLevel.VP: "VP",
    ApprovalLevel.C_LEVEL: "C-level",
}
"""What a level is called in messages."""

UNITS_PER_USD: Final[dict[str, Decimal]] = {
    "USD": Decimal(1),
    "SAR": Decimal("3.75"),
    "AED": Decimal("3.6725"),
    "QAR": Decimal("3.64"),
    "BHD": Decimal("0.376"),
    "OMR": Decimal("0.3845"),
}
"""Official pegs to the US dollar. The Kuwaiti dinar follows a basket and is left out, as is every floating currency."""


def required_approvals(partnership_type: PartnershipType, value: Money | None) -> tuple[ApprovalRequirement, ...]:
    """The approvals that a Class B action needs, each from a different person.

    Args:
        partnership_type: Fixes the level.
        value: Money that we commit to pay under the document (not revenue that we hope for); None when there is none.
            A currency without a peg needs C-level, since no rate of ours may decide about authority.

    Raises:
        InputError: the type is not in the policy, or the value is negative.
    """
    level = TYPE_LEVELS.get(partnership_type)
    if level is None:
        known = ", ".join(item.value for item in TYPE_LEVELS)
        raise InputError(
            f"The approval policy knows no partnership type {partnership_type!r}.", fix=f"Choose one of: {known}."
        )
    raised = _level_for_value(value)
    if raised is not None and raised.rank > level.rank:
        level = raised
    requirements = [ApprovalRequirement(min_level=level)]
    if partnership_type in LEGAL_TYPES:
        requirements.append(ApprovalRequirement(min_level=ApprovalLevel.ANALYST, legal=True))
    return tuple(requirements)


def meets(person: Person, requirement: ApprovalRequirement) -> bool:
    """True when this person alone can meet this requirement."""
    return person.level.rank >= requirement.min_level.rank and (person.legal or not requirement.legal)


def unmet(requirements: Sequence[ApprovalRequirement], approvers: Sequence[Person]) -> tuple[ApprovalRequirement, ...]:
    """The requirements that these people cannot meet together, each person meeting one requirement at most.

    A maximum matching by augmenting paths, so that somebody who could meet two requirements is never spent on the
    one that another person could meet as well.

    Args:
        requirements: What the policy asks for.
        approvers: Those who approved, with the level and role that counts for them; the same id counts once.
    """
    people = list({person.person_id: person for person in approvers}.values())
    taken: dict[int, int] = {}

    def place(index: int, seen: set[int]) -> bool:
        for number, person in enumerate(people):
            if number in seen or not meets(person, requirements[index]):
                continue
            seen.add(number)
            if number not in taken or place(taken[number], seen):
                taken[number] = index
                return True
        return False

    return tuple(item for index, item in enumerate(requirements) if not place(index, set()))


def within(value: Money | None, limit: Money) -> bool:
    """True when money that we commit to pay is at most a limit.

    Amounts of two currencies are compared by their official pegs; without a peg they cannot be, and the answer is no.
    """
    if value is None or value.amount == 0:
        return True
    if value.currency == limit.currency:
        return value.amount <= limit.amount
    units, limit_units = UNITS_PER_USD.get(value.currency), UNITS_PER_USD.get(limit.currency)
    if units is None or limit_units is None:
        return False
    return value.amount * limit_units <= limit.amount * units


def helps(person: Person, requirements: Sequence[ApprovalRequirement], approvers: Sequence[Person]) -> bool:
    """True when the approval of this person leaves fewer requirements open than there are now."""
    return len(unmet(requirements, [*approvers, person])) < len(unmet(requirements, approvers))


def requirement_text(requirement: ApprovalRequirement) -> str:
    """A requirement in words, for messages; the words that the screen has for it as well."""
    level = LEVEL_NAMES[requirement.min_level]
    least = level if requirement.min_level is ApprovalLevel.C_LEVEL else f"{level} or above"
    if not requirement.legal:
        return least
    return "Legal" if requirement.min_level.rank == 0 else f"Legal ({least})"


def _level_for_value(value: Money | None) -> ApprovalLevel | None:
    if value is None or value.amount == 0:
        return None
    if value.amount < 0:
        raise InputError(
            f"The value of a commitment cannot be negative: {value}.", fix="State what we pay as a positive amount."
        )
    units = UNITS_PER_USD.get(value.currency)
    if units is None:
        return ApprovalLevel.C_LEVEL
    for threshold, level in VALUE_STEPS:
        if value.amount * UNITS_PER_USD["SAR"] >= threshold * units:
            return level
    return None
