"""Limits of money at their edges: each case here tells apart two rules that agree everywhere else."""

from collections.abc import Callable

import pytest

from partnership_os.governance import policy
from partnership_os.schemas.base import Money
from partnership_os.schemas.commitment import ApprovalRequirement
from partnership_os.schemas.partnership import ApprovalLevel


@pytest.mark.parametrize(
    ("value", "limit", "expected"),
    [
        (("400000", "SAR"), ("500000", "SAR"), True),  # less than the limit, not only equal to it
        (("1", "SAR"), ("500000", "EUR"), False),  # the limit has no peg
        (("1", "USD"), ("3.75", "SAR"), True),  # equal by the peg
        (("1", "USD"), ("3.74", "SAR"), False),
        (("3.75", "SAR"), ("1", "USD"), True),  # the units of the value count too, where they are not one
        (("3.76", "SAR"), ("1", "USD"), False),
        (("3.64", "QAR"), ("3.75", "SAR"), True),
        (("3.65", "QAR"), ("3.75", "SAR"), False),
    ],
)
def test_money_is_within_a_limit_that_it_does_not_exceed(
    money: Callable[[str, str], Money], value: tuple[str, str], limit: tuple[str, str], expected: bool
) -> None:
    assert policy.within(money(*value), money(*limit)) is expected


@pytest.mark.parametrize(
    ("level", "said"),
    [
        (ApprovalLevel.ANALYST, "Analyst or above"),
        (ApprovalLevel.MANAGER, "Manager or above"),
        (ApprovalLevel.DIRECTOR, "Director or above"),
        (ApprovalLevel.VP, "VP or above"),
        (ApprovalLevel.C_LEVEL, "C-level"),
    ],
)
def test_each_level_has_its_name(level: ApprovalLevel, said: str) -> None:
    assert policy.requirement_text(ApprovalRequirement(min_level=level)) == said
