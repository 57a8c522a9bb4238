"""The result of one check."""

from collections.abc import Sequence

from partnership_os.schemas.base import Label, Record

__all__ = ["Verdict", "verdict"]


class Verdict(Record):
    """The result of one check. ``detail`` says what failed, and is empty where nothing did."""

    name: Label
    passed: bool
    detail: str = ""


def verdict(name: str, faults: Sequence[str]) -> Verdict:
    """Passed where there is no fault."""
    return Verdict(name=name, passed=not faults, detail="; ".join(faults))
