"""Exact arithmetic with fifty digits, rounded once at the end; and the port by which draws use the same formulas."""

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Context, Decimal, localcontext
from functools import lru_cache
from typing import TYPE_CHECKING, Protocol, TypeVar

from babel.numbers import get_currency_precision

from partnership_os.errors import InputError
from partnership_os.schemas.base import Money

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["EXACT", "Arithmetic", "Exact", "Number", "exactly", "minor_unit", "to_money", "to_share"]

Number = TypeVar("Number", Decimal, "NDArray[np.float64]")
"""A figure: one exact number, or one float for each draw of a simulation."""

_LARGEST_AMOUNT = Decimal(10) ** 14
"""What `schemas.base.Amount` can hold: 18 digits, four of them after the point."""


class Arithmetic(Protocol[Number]):
    """What the formulas need beyond ``+ - * /``."""

    def constant(self, value: Decimal | int) -> Number:
        """The same value in every draw."""
        ...

    def smaller(self, first: Number, second: Number) -> Number:
        """The smaller of two."""
        ...

    def larger(self, first: Number, second: Number) -> Number:
        """The larger of two."""
        ...

    def where_not_negative(self, test: Number, chosen: Number, otherwise: Number) -> Number:
        """``chosen`` where ``test`` ≥ 0, else ``otherwise``."""
        ...


class Exact:
    """`Arithmetic` over `Decimal`; use it inside `exactly`."""

    def constant(self, value: Decimal | int) -> Decimal:
        """The value itself."""
        return Decimal(value)

    def smaller(self, first: Decimal, second: Decimal) -> Decimal:
        """The smaller of two."""
        return min(first, second)

    def larger(self, first: Decimal, second: Decimal) -> Decimal:
        """The larger of two."""
        return max(first, second)

    def where_not_negative(self, test: Decimal, chosen: Decimal, otherwise: Decimal) -> Decimal:
        """``chosen`` where ``test`` ≥ 0, else ``otherwise``."""
        return chosen if test >= 0 else otherwise


EXACT = Exact()


@contextmanager
def exactly() -> Iterator[None]:
    """Decimal arithmetic with 50 digits, whatever the caller's own context is."""
    with localcontext(Context(prec=50, rounding=ROUND_HALF_EVEN)):
        yield


@lru_cache(maxsize=512)
def minor_unit(currency: str) -> Decimal:
    """The smallest amount of a currency: 0.01 SAR, 0.001 KWD, 1 JPY (CLDR digits, from Babel)."""
    return Decimal(1).scaleb(-get_currency_precision(currency))


def to_money(amount: Decimal, currency: str) -> Money:
    """An exact amount rounded to the minor unit, halves away from zero.

    Raises:
        InputError: the amount has more than fourteen digits before the point.
    """
    with exactly():
        rounded = amount.quantize(minor_unit(currency), rounding=ROUND_HALF_UP)
        if abs(rounded) >= _LARGEST_AMOUNT:
            raise InputError(
                f"A result has {rounded.adjusted() + 1} digits before the point, which no amount of money has here.",
                fix="Check the drivers: one of them is far too large.",
                amount=f"{amount:.3E}",
            )
        return Money(amount=rounded if rounded else abs(rounded), currency=currency)


def to_share(share: Decimal, places: int = 6) -> Decimal:
    """A fraction rounded half up to ``places`` decimals; minus zero is zero."""
    with exactly():
        rounded = share.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
        return rounded if rounded else abs(rounded)
