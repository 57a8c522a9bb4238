"""Where a negotiation stands, computed from what happened: no step that binds us exists without its ledger row."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from partnership_os.errors import InputError
from partnership_os.schemas.commitment import LedgerEntry
from partnership_os.schemas.deal_room import (
    AcceptanceReceived,
    CounterOfferReceived,
    DealEnded,
    DealStage,
    PartnerLeft,
    PrivateEntry,
    SharedEntry,
)

__all__ = ["ENDED", "STEPS", "Happening", "happening_of", "happenings", "require_step", "stage_of"]


class Happening(StrEnum):
    """What moves a negotiation. The first three are rows of the ledger, which only approved commitments have."""

    ISSUED = "issued"
    THEIRS_ACCEPTED = "theirs_accepted"
    SIGNED = "signed"
    COUNTERED = "countered"
    OURS_ACCEPTED = "ours_accepted"
    THEY_LEFT = "they_left"
    WE_ENDED = "we_ended"


_BY_ACTION: Mapping[str, Happening] = MappingProxyType(
    {
        "issue_term_sheet": Happening.ISSUED,
        "reissue_term_sheet": Happening.ISSUED,
        "accept_counter_offer": Happening.THEIRS_ACCEPTED,
        "sign_agreement": Happening.SIGNED,
    }
)
_BY_ENTRY: tuple[tuple[type, Happening], ...] = (
    (CounterOfferReceived, Happening.COUNTERED),
    (AcceptanceReceived, Happening.OURS_ACCEPTED),
    (PartnerLeft, Happening.THEY_LEFT),
    (DealEnded, Happening.WE_ENDED),
)
_ENDINGS = {Happening.THEY_LEFT: DealStage.LOST, Happening.WE_ENDED: DealStage.WITHDRAWN}

STEPS: Mapping[DealStage, Mapping[Happening, DealStage]] = MappingProxyType(
    {
        DealStage.PREPARING: {Happening.ISSUED: DealStage.OFFERED, **_ENDINGS},
        DealStage.OFFERED: {
            Happening.ISSUED: DealStage.OFFERED,
            Happening.COUNTERED: DealStage.COUNTERED,
            Happening.OURS_ACCEPTED: DealStage.AGREED,
            **_ENDINGS,
        },
        DealStage.COUNTERED: {
            Happening.ISSUED: DealStage.OFFERED,
            Happening.COUNTERED: DealStage.COUNTERED,
            Happening.THEIRS_ACCEPTED: DealStage.AGREED,
            Happening.OURS_ACCEPTED: DealStage.AGREED,
            **_ENDINGS,
        },
        DealStage.AGREED: {
            Happening.SIGNED: DealStage.SIGNED,
            Happening.COUNTERED: DealStage.COUNTERED,
            Happening.ISSUED: DealStage.OFFERED,
            **_ENDINGS,
        },
        DealStage.SIGNED: {},
        DealStage.WITHDRAWN: {},
        DealStage.LOST: {},
    }
)
"""What may happen in each stage, and where it leads."""

ENDED = frozenset(stage for stage, steps in STEPS.items() if not steps)
"""Stages that nothing leads out of."""


def stage_of(entries: Iterable[SharedEntry | PrivateEntry], ledger: Iterable[LedgerEntry]) -> DealStage:
    """The stage after all that happened.

    What cannot happen in a stage changes nothing: `require_step` refuses it before it is written down, and a ledger row
    of that kind stands in the ledger for the auditor all the same.

    Args:
        entries: Of one deal, in any order.
        ledger: The rows of the same deal.
    """
    stage = DealStage.PREPARING
    for _, happening in sorted(happenings(entries, ledger), key=lambda item: item[0]):
        stage = STEPS[stage].get(happening, stage)
    return stage


def happenings(
    entries: Iterable[SharedEntry | PrivateEntry], ledger: Iterable[LedgerEntry]
) -> Iterator[tuple[tuple[datetime, int, int], Happening]]:
    """What moved the deal, each with its place in time; of two at the same moment the row of the ledger came first."""
    for row in ledger:
        if row.action in _BY_ACTION:
            yield (row.committed_at, 0, row.document_version), _BY_ACTION[row.action]
    for entry in entries:
        happening = happening_of(entry)
        if happening is not None:
            yield (entry.at, 1, entry.seq), happening


def require_step(stage: DealStage, happening: Happening) -> None:
    """Refuse what cannot happen in a stage.

    Raises:
        InputError: says where the deal stands and what can happen there.
    """
    if happening in STEPS[stage]:
        return
    possible = ", ".join(_plain(step) for step in STEPS[stage]) or "nothing any more"
    raise InputError(
        f"The deal is {stage.value}: {_plain(happening)!r} cannot happen there.",
        fix=f"Possible there: {possible}.",
        stage=stage.value,
    )


def happening_of(entry: SharedEntry | PrivateEntry) -> Happening | None:
    """What an entry makes happen; None for one that moves nothing."""
    return next((happening for kind, happening in _BY_ENTRY if isinstance(entry, kind)), None)


def _plain(step: Happening) -> str:
    return step.value.replace("_", " ")
