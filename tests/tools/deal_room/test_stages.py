"""Where a negotiation stands: every stage, what can happen in it, and that no step skips the ledger."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnership_os.errors import InputError
from partnership_os.schemas.commitment import LedgerEntry
from partnership_os.schemas.deal_room import (
    AcceptanceReceived,
    CounterOfferReceived,
    DealEnded,
    DealStage,
    Message,
    PartnerLeft,
    PrivateEntry,
    SharedEntry,
    Side,
)
from partnership_os.tools.deal_room.stages import ENDED, STEPS, Happening, happening_of, require_step, stage_of

START = datetime(2026, 1, 20, 9, tzinfo=UTC)
ACTIONS = {
    Happening.ISSUED: "reissue_term_sheet",
    Happening.THEIRS_ACCEPTED: "accept_counter_offer",
    Happening.SIGNED: "sign_agreement",
}


def row(action: str, minute: int, version: int = 1) -> LedgerEntry:
    return LedgerEntry(
        entry_id=f"le_{minute}",
        commitment_id=f"cm_{minute}",
        digest="0" * 64,
        action=action,
        thread_id="deal-1",
        document_id="ts_1",
        document_version=version,
        parties=("Us", "Them"),
        requested_by="pe_ana",
        approved_by=("pe_dir",),
        decision_ids=("de_1",),
        committed_at=START + timedelta(minutes=minute),
    )


def entry(happening: Happening | None, minute: int) -> SharedEntry | PrivateEntry:
    about = {
        "entry_id": f"re_{minute}",
        "thread_id": "deal-1",
        "seq": minute + 1,
        "at": START + timedelta(minutes=minute),
        "by": "pe_ana",
    }
    match happening:
        case Happening.COUNTERED:
            return CounterOfferReceived(**about, version=1, document="18 % please.", document_digest="1" * 64)
        case Happening.OURS_ACCEPTED:
            return AcceptanceReceived(**about, version=1, sheet_digest="2" * 64, words="We accept.")
        case Happening.THEY_LEFT:
            return PartnerLeft(**about, words="We stop here.")
        case Happening.WE_ENDED:
            return DealEnded(**about, because="Nothing in it for us.")
        case _:
            return Message(**about, side=Side.US, text="Good morning.")


def stage_after(*steps: Happening | None) -> DealStage:
    entries = [entry(step, minute) for minute, step in enumerate(steps) if step not in ACTIONS]
    ledger = [row(ACTIONS[step], minute) for minute, step in enumerate(steps) if step in ACTIONS]
    return stage_of(entries, ledger)


def test_a_deal_from_the_first_offer_to_signature() -> None:
    steps = [
        (Happening.ISSUED, DealStage.OFFERED),
        (Happening.COUNTERED, DealStage.COUNTERED),
        (Happening.ISSUED, DealStage.OFFERED),
        (Happening.COUNTERED, DealStage.COUNTERED),
        (Happening.THEIRS_ACCEPTED, DealStage.AGREED),
        (Happening.SIGNED, DealStage.SIGNED),
    ]
    assert stage_after() is DealStage.PREPARING
    for count, (_, wanted) in enumerate(steps, start=1):
        assert stage_after(*(happening for happening, _ in steps[:count])) is wanted


@pytest.mark.parametrize("stage", DealStage)
def test_what_a_table_row_does_not_name_cannot_happen(stage: DealStage) -> None:
    for happening in Happening:
        if happening in STEPS[stage]:
            require_step(stage, happening)
        else:
            with pytest.raises(InputError, match=f"The deal is {stage.value}"):
                require_step(stage, happening)


steps = st.lists(st.sampled_from([None, *Happening]), max_size=12)


@given(steps)
def test_nothing_is_agreed_or_signed_past_the_gate(taken: Sequence[Happening | None]) -> None:
    stage = stage_after(*taken)
    if stage is DealStage.SIGNED:
        assert Happening.SIGNED in taken and Happening.ISSUED in taken
    if stage in (DealStage.OFFERED, DealStage.COUNTERED, DealStage.AGREED):
        assert Happening.ISSUED in taken, "nothing leaves the house without its row"
    without_rows = [step for step in taken if step not in ACTIONS]
    assert stage_after(*without_rows) in {DealStage.PREPARING, DealStage.LOST, DealStage.WITHDRAWN}


@given(steps)
def test_the_order_of_rows_and_entries_changes_nothing(taken: Sequence[Happening | None]) -> None:
    entries = [entry(step, minute) for minute, step in enumerate(taken) if step not in ACTIONS]
    ledger = [row(ACTIONS[step], minute) for minute, step in enumerate(taken) if step in ACTIONS]
    assert stage_of(entries[::-1], ledger[::-1]) is stage_after(*taken)


@given(steps, steps)
def test_what_ended_stays_ended(taken: Sequence[Happening | None], later: Sequence[Happening | None]) -> None:
    stage = stage_after(*taken)
    if stage in ENDED:
        assert stage_after(*taken, *later) is stage


def test_messages_move_nothing() -> None:
    assert happening_of(entry(None, 0)) is None
    assert stage_after(None, Happening.ISSUED, None) is DealStage.OFFERED
