"""Approvals by the published rules beside those of the policy."""

from decimal import Decimal

import pytest

from partnership_os.evals.checks.approvals import approvals_of
from partnership_os.governance.policy import required_approvals
from partnership_os.schemas.base import Money
from partnership_os.schemas.partnership import PartnershipType


@pytest.mark.parametrize("kind", list(PartnershipType))
@pytest.mark.parametrize("amount", ["0", "99999", "100000", "1000000", "9999999", "10000000"])
@pytest.mark.parametrize("currency", ["SAR", "USD", "BHD", "KWD"])
def test_approvals_by_rule_and_by_policy_are_the_same(kind: PartnershipType, amount: str, currency: str) -> None:
    value = Money(amount=Decimal(amount), currency=currency)
    asked = tuple("legal" if item.legal else item.min_level.value for item in required_approvals(kind, value))
    assert approvals_of(kind, value) == asked
