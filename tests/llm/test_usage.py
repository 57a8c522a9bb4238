"""Tokens and cost are exact."""

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest

from partnership_os.llm.usage import UsageMeter, cost_usd
from partnership_os.schemas.stamp import ModelUsage


@pytest.mark.parametrize(
    ("tokens", "prices", "cost"),
    [
        ((1_000_000, 0), (Decimal("2.5"), None), 2.5),
        ((3, 7), (Decimal("0.1"), Decimal("0.2")), 0.0000017),
        ((0, 0), (Decimal(1), None), 0.0),
        ((1, 1), (Decimal(1), None), None),
        ((1, 1), (None, Decimal(1)), None),
        ((0, 0), (None, None), None),
    ],
)
def test_cost(tokens: tuple[int, int], prices: tuple[Decimal | None, Decimal | None], cost: float | None) -> None:
    assert cost_usd(*tokens, *prices) == cost


def test_many_threads_sum_exactly() -> None:
    meter = UsageMeter(Decimal("0.1"), Decimal("0.3"))
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: meter.answered(10, 1), range(1_000)))
        list(pool.map(lambda _: meter.failed(), range(50)))
    assert meter.total == ModelUsage(
        calls=1_000, failed_calls=50, input_tokens=10_000, output_tokens=1_000, cost_usd=0.0013
    )


def test_nothing_used_has_no_cost() -> None:
    assert UsageMeter(Decimal(1), Decimal(1)).total == ModelUsage()
