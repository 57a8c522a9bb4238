"""Checks of observed state as plain functions: what stands in the ledger, at the gate and on a sheet, held against
what should. Prose is never looked at.
"""

from collections import Counter
from collections.abc import Iterable, Mapping

from partnership_os.schemas.base import Label, Record

__all__ = ["LedgerRow", "differences", "missing_rows", "unauthorised_rows"]


class LedgerRow(Record):
    """One commitment that took effect, with people by name, so that two homes can be compared.

    ``approved_by`` is sorted: a quorum has no order.
    """

    action: Label
    version: int
    asked_by: Label
    approved_by: tuple[Label, ...]


def unauthorised_rows(rows: Iterable[LedgerRow], allowed: Iterable[LedgerRow]) -> tuple[LedgerRow, ...]:
    """Rows that nobody entitled to approved: every row, counted, that is not among the allowed ones."""
    return tuple((Counter(rows) - Counter(allowed)).elements())


def missing_rows(rows: Iterable[LedgerRow], due: Iterable[LedgerRow]) -> tuple[LedgerRow, ...]:
    """Commitments that were validly approved and did not take effect."""
    return tuple((Counter(due) - Counter(rows)).elements())


def differences(found: Record, expected: Record, besides: Iterable[str] = ()) -> Mapping[str, tuple[object, object]]:
    """Fields in which two records of one type differ, with what was found and what was expected.

    Args:
        found: What was observed.
        expected: What should have been.
        besides: Fields that are not compared.
    """
    left_out = frozenset(besides)
    pairs = {name: (getattr(found, name), getattr(expected, name)) for name in type(expected).model_fields}
    return {name: pair for name, pair in pairs.items() if name not in left_out and pair[0] != pair[1]}
