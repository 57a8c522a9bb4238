"""Units of the figures on the page, and how a figure is written in each."""

from dataclasses import dataclass
from enum import Enum

from partnership_os.evals.suite import MeasureKind
from partnership_os.evals.table import measures_of

__all__ = ["Unit", "is_cost", "unit_of"]


@dataclass(frozen=True)
class _Form:
    factor: float
    decimals: int
    suffix: str


class Unit(Enum):
    """What a figure is counted in."""

    SHARE = _Form(100, 1, "%")
    NUMBER = _Form(1, 3, "")
    SECONDS = _Form(1, 3, "s")
    TOKENS = _Form(1, 0, "")
    USD = _Form(1, 4, "USD")

    def show(self, value: float, *, signed: bool = False) -> str:
        """The figure with its unit: ``92.5 %``; a sign of minus is a real one."""
        text = self._number(value, signed)
        return f"{text}\u00a0{self.value.suffix}" if self.value.suffix else text

    def span(self, low: float, high: float, *, signed: bool = False) -> str:
        """An interval: ``86.0 … 96.2``; the unit stands at the figure that it belongs to."""
        return "\u00a0… ".join(self._number(end, signed) for end in (low, high))

    def _number(self, value: float, signed: bool) -> str:
        form = self.value
        return f"{value * form.factor:{'+' if signed else ''},.{form.decimals}f}".replace("-", "\u2212")


_BY_PREFIX = {"seconds_": Unit.SECONDS, "tokens_": Unit.TOKENS, "usd_": Unit.USD}


def is_cost(measure: str) -> bool:
    """Whether a measure is of time, tokens or money."""
    return measure.startswith(tuple(_BY_PREFIX))


def unit_of(suite: str, measure: str) -> Unit:
    """The unit of a measure; a rate and pass^k are shares, what is not known is a bare number."""
    for prefix, unit in _BY_PREFIX.items():
        if measure.startswith(prefix):
            return unit
    known = measures_of(suite).get(measure)
    is_rate = known is not None and known.kind is MeasureKind.RATE
    return Unit.SHARE if is_rate or measure == "pass_hat_k" else Unit.NUMBER
