"""One driver at a time to the ends of its interval: which assumption moves the result most."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from partnership_os.schemas.roi import Assumption
from partnership_os.schemas.roi_drivers import Driver
from partnership_os.schemas.roi_report import Reason, Tornado, TornadoBar, Unavailable
from partnership_os.tools.roi_engine.arithmetic import exactly, to_money

__all__ = ["Swing", "swings_of", "tornado"]


@dataclass(frozen=True, slots=True)
class Swing:
    """Exact NPV at both ends of one driver's interval, all other drivers at base."""

    driver: Driver
    low: Decimal
    high: Decimal
    at_low: Decimal
    at_high: Decimal

    @property
    def size(self) -> Decimal:
        """The distance of the two."""
        with exactly():
            return abs(self.at_high - self.at_low)

    @property
    def worse_end(self) -> Decimal:
        """The value of the driver at which NPV is lower."""
        return self.low if self.at_low <= self.at_high else self.high

    @property
    def better_end(self) -> Decimal:
        """The other end."""
        return self.high if self.at_low <= self.at_high else self.low


def swings_of(
    assumptions: Sequence[Assumption], npv_at: Callable[[Driver, Decimal], Decimal | None]
) -> tuple[Swing, ...]:
    """Largest swing first, ties by the driver's name.

    Args:
        assumptions: Those with an interval of some width are moved.
        npv_at: Exact NPV with one driver at a value; None where NPV is unknown, and then there is no swing.
    """
    swings = []
    for item in assumptions:
        if item.low is None or item.high is None or item.low == item.high:
            continue
        at_low, at_high = npv_at(item.driver, item.low), npv_at(item.driver, item.high)
        if at_low is not None and at_high is not None:
            swings.append(Swing(item.driver, item.low, item.high, at_low, at_high))
    return tuple(sorted(swings, key=lambda swing: (-swing.size, swing.driver.value)))


def tornado(base: Decimal | None, unknown: tuple[str, ...], swings: Sequence[Swing], currency: str) -> Tornado:
    """The bars rounded, or why there are none.

    Args:
        base: Exact NPV with every driver at base; None where it is unknown.
        unknown: What it then lacks.
        swings: From `swings_of`.
        currency: Of all amounts.
    """
    if base is None:
        return Tornado(unavailable=Unavailable(reason=Reason.UNKNOWN_INPUTS, unknown=unknown))
    if not swings:
        return Tornado(base=to_money(base, currency), unavailable=Unavailable(reason=Reason.NOTHING_VARIES))
    bars = (
        TornadoBar(
            driver=swing.driver,
            low=swing.low,
            high=swing.high,
            npv_at_low=to_money(swing.at_low, currency),
            npv_at_high=to_money(swing.at_high, currency),
            swing=to_money(swing.size, currency),
        )
        for swing in swings
    )
    return Tornado(base=to_money(base, currency), bars=tuple(bars))
