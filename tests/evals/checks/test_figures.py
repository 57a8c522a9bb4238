"""Figures with their units, currencies by name, and conversion by parity."""

from decimal import Decimal

import pytest

from partnership_os.agents.sheet_text import currency_name
from partnership_os.evals.checks.figures import ARABIC_CURRENCIES, PEGS, converted, currencies_in, figures_in
from partnership_os.governance.policy import UNITS_PER_USD
from partnership_os.schemas.term_sheet import TermUnit


def test_figures_carry_their_unit() -> None:
    assert figures_in("12% for 30 days, (4) ساعات, 18 months and 7") == {
        (TermUnit.SHARE, Decimal(12)),
        (TermUnit.DAYS, Decimal("3E+1")),
        (TermUnit.HOURS, Decimal(4)),
        (TermUnit.MONTHS, Decimal(18)),
        (None, Decimal(7)),
    }


@pytest.mark.parametrize(
    ("amount", "currency", "up", "expected"),
    [
        ("10000", "SAR", False, "10000"),
        ("75000", "USD", False, "20000"),
        ("10000", "USD", False, "2660"),
        ("600000", "QAR", True, "583000"),
        ("75000", "BHD", False, "7520"),
        ("5000000", "USD", True, "1340000"),
    ],
)
def test_amounts_are_converted_in_our_favour(amount: str, currency: str, up: bool, expected: str) -> None:
    assert converted(Decimal(amount), currency, up=up) == Decimal(expected)


def test_the_parities_are_the_policys() -> None:
    assert {key: Decimal(value) for key, value in PEGS.items()} == UNITS_PER_USD


@pytest.mark.parametrize("code", sorted(ARABIC_CURRENCIES))
def test_arabic_names_of_currencies_are_those_of_the_product(code: str) -> None:
    assert currency_name(code, "ar") == ARABIC_CURRENCIES[code]
    assert currencies_in(f"(75,000) {ARABIC_CURRENCIES[code]}") == (frozenset({code}),)


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("SAR 75,000", ["SAR"]),
        ("SAR75,000 or US dollars", ["SAR", "USD"]),
        ("in riyals", ["OMR QAR SAR"]),
        ("بالريال السعودي", ["SAR"]),
        ("75,000 ريالًا", ["OMR QAR SAR"]),
        ("a commissar, a quasar and a dollarisation", []),
        ("بدون عملة", []),
    ],
)
def test_mentions_of_currencies(text: str, codes: list[str]) -> None:
    assert [" ".join(sorted(one)) for one in currencies_in(text)] == codes
