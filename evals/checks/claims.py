"""Checks of claims: is the claim one that the text makes, and does its number stand in its quote?"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from partnership_os.schemas.evidence import ClaimKind
from partnership_os.tools.numbers import numbers_in
from partnership_os.tools.text import name_key

__all__ = ["ClaimKey", "Comparison", "claim_key", "compare", "number_in_quote"]


class ClaimKey(NamedTuple):
    """What makes two claims the same: all but the quote."""

    kind: str
    subject: str
    value: float | None
    text: str

    def __str__(self) -> str:
        number = "" if self.value is None else f" {self.value:g}"
        return f"{self.kind} {self.subject}{number} ({self.text})"


def claim_key(kind: str, subject: str, value: float | None, text: str) -> ClaimKey:
    """The key of a claim.

    Args:
        kind: Kind of the claim.
        subject: Its subject; former names are free text and meet however they are spelt.
        value: Its number.
        text: Id of the text that it is read from.
    """
    plain = name_key(subject) if kind == ClaimKind.FORMER_NAME else subject
    return ClaimKey(kind, plain, value, text)


@dataclass(frozen=True)
class Comparison:
    """Claims that were found beside those that should be; each key once."""

    right: tuple[ClaimKey, ...]
    wrong: tuple[ClaimKey, ...]
    missing: tuple[ClaimKey, ...]

    @property
    def f1(self) -> float:
        """2·right / (2·right + wrong + missing); 1 where nothing should be found and nothing was."""
        whole = 2 * len(self.right) + len(self.wrong) + len(self.missing)
        return 2 * len(self.right) / whole if whole else 1.0


def compare(
    found: Iterable[ClaimKey], gold: Iterable[ClaimKey], is_tolerated: Callable[[ClaimKey], bool]
) -> Comparison:
    """Set found claims against the gold.

    Args:
        found: What was claimed.
        gold: Everything that the texts say.
        is_tolerated: Says of a claim outside the gold whether it is true as well; it is then neither right nor wrong.
    """
    claimed, wanted = dict.fromkeys(found), dict.fromkeys(gold)
    return Comparison(
        right=tuple(key for key in claimed if key in wanted),
        wrong=tuple(key for key in claimed if key not in wanted and not is_tolerated(key)),
        missing=tuple(key for key in wanted if key not in claimed),
    )


def number_in_quote(value: float | None, quote: str) -> bool:
    """Whether the number occurs in the quote, however it is written; no number always does."""
    return value is None or Decimal(str(value)) in numbers_in(quote)
