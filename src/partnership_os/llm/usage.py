"""Tokens and cost: one price function and one sum, the same for chat and embeddings."""

from decimal import Decimal
from threading import Lock

from partnership_os.schemas.stamp import ModelUsage

_MILLION = Decimal(1_000_000)


def cost_usd(
    input_tokens: int, output_tokens: int, price_input: Decimal | None, price_output: Decimal | None
) -> float | None:
    """Cost in USD from prices in USD per million tokens; None where a price that is needed is not set.

    A price is needed for each direction that has tokens; no tokens cost nothing where any price is set.
    """
    if price_input is None and price_output is None:
        return None
    if (input_tokens and price_input is None) or (output_tokens and price_output is None):
        return None
    total = input_tokens * (price_input or Decimal(0)) + output_tokens * (price_output or Decimal(0))
    return float(total / _MILLION)


class UsageMeter:
    """A sum of usages that many threads may add to.

    The cost is summed from the tokens once at the end, so that it is exact to the price however many calls
    there were.

    Args:
        price_input: USD per million input tokens; None when not known.
        price_output: USD per million output tokens; None when not known.
    """

    def __init__(self, price_input: Decimal | None = None, price_output: Decimal | None = None) -> None:
        self._prices = (price_input, price_output)
        self._lock = Lock()
        self._calls = 0
        self._failed = 0
        self._input = 0
        self._output = 0
        self._uncounted = False

    def answered(self, input_tokens: int | None, output_tokens: int | None) -> None:
        """Count an answer; a server that states no tokens makes the cost unknown."""
        with self._lock:
            self._calls += 1
            self._input += input_tokens or 0
            self._output += output_tokens or 0
            self._uncounted |= input_tokens is None or output_tokens is None

    def failed(self) -> None:
        """Count a request that brought no answer."""
        with self._lock:
            self._failed += 1

    @property
    def total(self) -> ModelUsage:
        """What was counted so far."""
        with self._lock:
            cost = None if self._uncounted else cost_usd(self._input, self._output, *self._prices)
            return ModelUsage(
                calls=self._calls,
                failed_calls=self._failed,
                input_tokens=self._input,
                output_tokens=self._output,
                cost_usd=cost if self._calls or self._failed else None,
            )
