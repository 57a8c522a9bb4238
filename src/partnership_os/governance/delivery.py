"""Delivery of the outbox: the worker that hands each message over to a courier.

A message leaves at least once. The worker claims it in one transaction, hands it to a courier outside of any, and marks
it in another one; where it dies in between, the message leaves again with the same idempotency key, and the courier
makes that one effect. What is not what the audit log says never leaves.
"""

import secrets
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Any, Final, NamedTuple

from pydantic import Field, JsonValue
from tenacity import RetryCallState, Retrying, retry_if_exception_type, stop_after_attempt, wait_random_exponential

from partnership_os.errors import InputError, IntegrityError
from partnership_os.governance import audit
from partnership_os.governance.agreement import Told, message_disagreement
from partnership_os.governance.clock import MAX_AHEAD, Clock, moment, moment_of_reading
from partnership_os.governance.courier import (
    LONGEST_DELIVERY,
    CommittedDocument,
    Courier,
    Parcel,
    PermanentDeliveryError,
    Receipt,
    TransientDeliveryError,
)
from partnership_os.governance.outbox import REFUSED, delivery_facts, delivery_status
from partnership_os.governance.signing import Verifier
from partnership_os.governance.standing import ACTOR, existing
from partnership_os.governance.store import GovernanceReader, GovernanceStore, GovernanceTransaction, QueuedMessage
from partnership_os.schemas.base import Record, Timestamp
from partnership_os.schemas.commitment import OutboxMessage

EVERY_KIND: Final = "*"
"""Where couriers are named by kind of message: the one for all kinds that have none of their own."""
MAX_ATTEMPTS: Final = 10
"""After so many failed attempts, some eight hours, a person must look."""
FIRST_PAUSE: Final = timedelta(minutes=1)
"""Between the first attempt and the second; each pause after it is twice as long."""
LEASE: Final = timedelta(minutes=10)
"""How long a claim keeps others away. A worker that died leaves its messages to others after that."""
BATCH: Final = 20
"""Messages that a worker claims at once: the log is read once for all of them, and other workers get their share."""
LIMIT: Final = 1_000
_TRIES: Final = 3
"""Calls within one attempt, for what is over in a moment."""
_LONGEST_ERROR: Final = 800
_LONGEST_ID: Final = 200

Wait = Callable[[RetryCallState], float]
"""Seconds between the calls of one attempt."""
_SHORTLY: Final[Wait] = wait_random_exponential(multiplier=0.2, max=2)


class DeliveryReport(Record):
    """What one run did: the messages as they stand now, and how many are ``left`` that were due as well.

    ``next_due_at`` is when the first of the others becomes due; None where nothing waits for its time. ``unreadable``
    names the rows of the outbox that somebody changed so that they cannot be read: they never leave, every run says so
    again, and an auditor must look (`audit.report` names them as well).
    """

    messages: tuple[QueuedMessage, ...]
    left: Annotated[int, Field(ge=0)] = 0
    next_due_at: Timestamp | None = None
    unreadable: tuple[Annotated[str, Field(max_length=_LONGEST_ID)], ...] = ()


class _Held(NamedTuple):
    queued: QueuedMessage
    parcel: Parcel
    courier: Courier


@dataclass(frozen=True)
class _Claim:
    """Messages that one worker holds, from when by its own clock, and those that it refused instead."""

    holder: str
    since: datetime
    held: Sequence[_Held] = ()
    refused: Sequence[QueuedMessage] = ()
    left: int = 0


def deliver_due(
    store: GovernanceStore,
    verifier: Verifier,
    couriers: Mapping[str, Courier],
    clock: Clock,
    worker: str,
    limit: int = LIMIT,
    wait: Wait = _SHORTLY,
) -> DeliveryReport:
    """Deliver what is due. Needs neither the signing key nor anybody's token; several workers may run at once.

    Args:
        store: The store of the gate.
        verifier: Public key of the approval service: what people have not signed does not leave.
        couriers: By kind of message; `EVERY_KIND` names the one for the rest. What has none is left to other workers.
        clock: Tells the time with a zone.
        worker: Name of this process, for those who look at a claim.
        limit: Messages at most.
        wait: Seconds between the calls of one attempt.

    Returns:
        What was delivered, failed or refused, and which rows cannot be read; they keep nothing else back. A message
        that another worker has taken over meanwhile is not in it.

    Raises:
        IntegrityError: the audit log is broken or lies ahead of the clock; nothing leaves then.
    """
    done: list[QueuedMessage] = []
    left = 1
    while left and len(done) < limit:
        claim = _claim(store, verifier, couriers, clock, worker, min(BATCH, limit - len(done)))
        marked, given_back = _work_off(store, clock, claim, wait)
        done += [*claim.refused, *marked]
        left = claim.left + given_back
    next_due_at, unreadable = _still_waiting(store, clock)
    return DeliveryReport(messages=tuple(done), left=left, next_due_at=next_due_at, unreadable=unreadable)


def redrive(store: GovernanceStore, clock: Clock, message_id: str, actor: str) -> QueuedMessage:
    """Make a dead message due again, with all its attempts.

    Raises:
        InputError: there is no such message, or it is not dead.
    """
    with store.transaction() as transaction:
        queued = transaction.queued(message_id)
        if queued is None:
            raise InputError(
                f"There is no message {message_id} in the outbox.",
                fix="List what was given up with `partnership outbox list --dead`.",
            )
        if queued.dead_at is None:
            raise InputError(
                f"The message {message_id} is {delivery_status(queued)}; only a dead one is driven again.",
                fix="List what was given up with `partnership outbox list --dead`.",
            )
        now = moment(clock, transaction)
        change = {"attempts": 0, "next_attempt_at": None, "dead_at": None}
        return _write(transaction, queued, actor, now, "message_redriven", change)


def _claim(
    store: GovernanceStore,
    verifier: Verifier,
    couriers: Mapping[str, Courier],
    clock: Clock,
    worker: str,
    most: int,
) -> _Claim:
    """Take the oldest messages that are due, and refuse those that are not what the log says."""
    nothing = _Claim(f"{worker[:150]} {secrets.token_hex(8)}", clock())
    with store.snapshot() as reader:  # a worker that watches finds nothing most of the time, and needs no log for that
        if not _due(reader, couriers, moment_of_reading(clock, reader)):
            return nothing
    anchor = store.anchor()
    with store.transaction() as transaction:
        now = moment(clock, transaction)
        due = _due(transaction, couriers, now)
        if not due:  # another worker was quicker
            return nothing
        found, told = audit.read_log(transaction, anchor)
        if not found.ok:
            raise IntegrityError(
                f"The audit log is broken at event {found.first_bad_seq}: {found.reason}.",
                fix="Run `partnership audit verify` and restore the log from a backup.",
            )
        held: list[_Held] = []
        refused: list[QueuedMessage] = []
        for queued, courier in due[:most]:
            objection = _objection(transaction, told, queued, verifier)
            if objection is not None:
                refused.append(
                    _write(transaction, queued, ACTOR, now, "message_refused", {"dead_at": now}, error=objection)
                )
                continue
            claimed = queued.model_copy(update={"claimed_by": nothing.holder, "claimed_until": now + LEASE})
            transaction.put_delivery(claimed)
            held.append(_Held(claimed, _parcel(transaction, claimed.message), courier))
        return _Claim(nothing.holder, nothing.since, held, refused, len(due[most:]))


def _due(
    reader: GovernanceReader, couriers: Mapping[str, Courier], now: datetime
) -> list[tuple[QueuedMessage, Courier]]:
    """What may leave now, oldest first, with the courier for it."""
    found: list[tuple[QueuedMessage, Courier]] = []
    for queued in reader.undelivered().messages:
        courier = couriers.get(queued.message.kind, couriers.get(EVERY_KIND))
        later = queued.next_attempt_at is not None and now < queued.next_attempt_at
        if courier is not None and not (later or _is_claimed(queued, now)):
            found.append((queued, courier))
    return found


def _still_waiting(store: GovernanceStore, clock: Clock) -> tuple[datetime | None, tuple[str, ...]]:
    """When the next message becomes due, and the rows that cannot be read."""
    with store.snapshot() as reader:
        now, waiting = moment_of_reading(clock, reader), reader.undelivered()
    times = (item.claimed_until if _is_claimed(item, now) else item.next_attempt_at for item in waiting.messages)
    unreadable = tuple(_plain(row_id, _LONGEST_ID) for row_id in waiting.unreadable)
    return min((time for time in times if time is not None and time > now), default=None), unreadable


def _is_claimed(queued: QueuedMessage, now: datetime) -> bool:
    """True while a worker may hold it; nobody claims for longer than the lease, so a later end holds nothing back."""
    until = queued.claimed_until
    return until is not None and now < until <= now + LEASE + MAX_AHEAD


def _objection(transaction: GovernanceTransaction, told: Told, queued: QueuedMessage, verifier: Verifier) -> str | None:
    """Why a message must not leave: it, or what it tells about, is not what the log says."""
    try:
        wrong = message_disagreement(transaction, told, queued, verifier)
    except IntegrityError as error:
        return _plain(f"{REFUSED} {error.message}", _LONGEST_ERROR)
    if wrong is None:
        return None
    where = f"The table {wrong.table} does not agree with the audit log at {wrong.row_id}: {wrong.reason}."
    return _plain(f"{REFUSED} {where}", _LONGEST_ERROR)


def _parcel(reader: GovernanceReader, message: OutboxMessage) -> Parcel:
    entry = reader.ledger_entry(message.idempotency_key)
    document = None
    if entry is not None:
        document = CommittedDocument(
            commitment_id=entry.commitment_id,
            digest=entry.digest,
            tenant=entry.tenant,
            parties=entry.parties,
            document_id=entry.document_id,
            document_version=entry.document_version,
            terms=existing(reader, entry.commitment_id).commitment.terms,
        )
    return Parcel(
        idempotency_key=message.idempotency_key,
        kind=message.kind,
        created_at=message.created_at,
        payload=message.payload,
        document=document,
    )


def _work_off(store: GovernanceStore, clock: Clock, claim: _Claim, wait: Wait) -> tuple[list[QueuedMessage], int]:
    """Deliver what was claimed, one after the other, as long as the claim lasts; the rest is given back and counted."""
    done: list[QueuedMessage] = []
    waiting = list(claim.held)
    try:
        while waiting and clock() - claim.since <= LEASE - LONGEST_DELIVERY:
            held = waiting[0]
            marked = _mark(store, clock, claim.holder, held, _hand_over(held, wait))
            done += [] if marked is None else [marked]
            del waiting[0]
    except (KeyboardInterrupt, SystemExit):  # somebody stops the worker and may start it again at once
        _give_back(store, claim.holder, waiting)
        raise
    _give_back(store, claim.holder, waiting)
    return done, len(waiting)


def _hand_over(held: _Held, wait: Wait) -> Receipt | Exception:
    """One attempt. Whatever a courier raises is a failure of this message, and never of the worker."""
    shortly = Retrying(
        retry=retry_if_exception_type(TransientDeliveryError),
        stop=stop_after_attempt(_TRIES),
        wait=wait,
        reraise=True,
    )
    try:
        receipt = shortly(held.courier.deliver, held.parcel)
    except Exception as error:
        return error
    return receipt if isinstance(receipt, Receipt) else TypeError("no receipt")


def _mark(
    store: GovernanceStore, clock: Clock, holder: str, held: _Held, result: Receipt | Exception
) -> QueuedMessage | None:
    """Write down how an attempt ended; None where the claim has passed to another worker, which then writes it."""
    queued, courier = held.queued, _plain(held.courier.name, 100)
    attempts = queued.attempts + 1
    with store.transaction() as transaction:
        if not _holds(transaction, holder, queued):
            return None
        now = moment(clock, transaction)
        change: dict[str, Any] = {"attempts": attempts, "next_attempt_at": None}
        if isinstance(result, Receipt):
            change |= {"delivered_at": now, "receipt": f"{courier}: {_plain(result.reference, 800)}"}
            return _write(transaction, queued, ACTOR, now, "message_delivered", change, courier=courier)
        beside: dict[str, JsonValue] = {"courier": courier, "error": _told(result)}
        if isinstance(result, PermanentDeliveryError) or attempts >= MAX_ATTEMPTS:
            change["dead_at"] = now
            return _write(transaction, queued, ACTOR, now, "message_dead", change, **beside)
        change["next_attempt_at"] = now + FIRST_PAUSE * 2 ** (attempts - 1)
        return _write(transaction, queued, ACTOR, now, "message_attempt_failed", change, **beside)


def _holds(transaction: GovernanceTransaction, holder: str, queued: QueuedMessage) -> bool:
    try:
        now_there = transaction.queued(queued.message.message_id)
    except IntegrityError:  # somebody changed the row meanwhile; the report of this run names it
        return False
    return now_there is not None and now_there.claimed_by == holder


def _give_back(store: GovernanceStore, holder: str, waiting: Sequence[_Held]) -> None:
    if not waiting:
        return
    with store.transaction() as transaction:
        for queued in (held.queued for held in waiting):
            if _holds(transaction, holder, queued):
                transaction.put_delivery(queued.model_copy(update={"claimed_by": None, "claimed_until": None}))


def _write(
    transaction: GovernanceTransaction,
    queued: QueuedMessage,
    actor: str,
    now: datetime,
    event: str,
    change: Mapping[str, object],
    **beside: JsonValue,
) -> QueuedMessage:
    """Change the row and append the event that says so; the claim on it ends."""
    after = queued.model_copy(update={**change, "claimed_by": None, "claimed_until": None})
    facts = {name: value for name, value in delivery_facts(after).items() if name in change}
    told = audit.append(transaction, now, actor, event, after.message.message_id, {**facts, **beside})
    # The log blots out what looks like a token, and the row says what the log says.
    kept = {"last_error": told.data.get("error"), "receipt": told.data.get("receipt", after.receipt)}
    after = after.model_copy(update=kept)
    transaction.put_delivery(after)
    return after


def _told(error: Exception) -> str:
    """An error in one line. What an adapter did not word itself could hold anything, so only its kind is told."""
    if isinstance(error, TransientDeliveryError | PermanentDeliveryError):
        return _plain(str(error), _LONGEST_ERROR) or "The courier gave no reason."
    frames = traceback.extract_tb(error.__traceback__)
    fault = type(error).__name__ + "".join(f" at {Path(at.filename).name}:{at.lineno}" for at in frames[-1:])
    return f"The courier failed with {fault}."


def _plain(text: str, longest: int) -> str:
    """One line that every database takes; what cannot be printed is shown as a replacement character."""
    shown = "".join(char if char.isprintable() else "\ufffd" for char in " ".join(text.split()))
    return shown[:longest]
