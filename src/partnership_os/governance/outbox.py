"""How far the delivery of a message is: in one word for people, and in the facts that the audit log repeats."""

from enum import StrEnum
from typing import Final

from pydantic import JsonValue

from partnership_os.governance.store import GovernanceStore, QueuedMessage
from partnership_os.schemas.base import utc_text

UNTRIED: Final[dict[str, JsonValue]] = {
    "attempts": 0,
    "next_attempt_at": None,
    "delivered_at": None,
    "dead_at": None,
    "receipt": None,
}
"""What the row of a message says before anybody tried to deliver it."""


REMINDER: Final = "approval_reminder"
"""Kind of the notice to those who may approve."""
ESCALATION: Final = "approval_escalation"
"""Kind of the notice that goes one level up as well."""
NOTICES: Final = frozenset({REMINDER, ESCALATION})
"""What an event of the clock of a commitment may announce; everything else is announced by its ledger row."""
NOTICE_KEY: Final = "sla_"
"""How the idempotency key of a notice begins."""

REFUSED: Final = "It is not what the audit log says."
"""How the last error of a message begins that must not leave."""


class DeliveryStatus(StrEnum):
    """How far a message is. A dead one stays until somebody has mended the cause and drives it again."""

    WAITING = "waiting"
    RETRYING = "retrying"
    DELIVERED = "delivered"
    DEAD = "dead"


def delivery_status(queued: QueuedMessage) -> DeliveryStatus:
    """The word for a message of the outbox; dead comes first, so that what was refused never looks delivered."""
    if queued.dead_at is not None:
        return DeliveryStatus.DEAD
    if queued.delivered_at is not None:
        return DeliveryStatus.DELIVERED
    return DeliveryStatus.RETRYING if queued.attempts else DeliveryStatus.WAITING


def was_refused(queued: QueuedMessage) -> bool:
    """True when a dead message is not what the audit log says, so that an auditor must look and not an operator."""
    return queued.dead_at is not None and str(queued.last_error).startswith(REFUSED)


def delivery_facts(queued: QueuedMessage) -> dict[str, JsonValue]:
    """What the events of a delivery say about the row of its message; who delivers it just now is in none of them."""
    times = {name: getattr(queued, name) for name in ("next_attempt_at", "delivered_at", "dead_at")}
    told = {name: None if time is None else utc_text(time) for name, time in times.items()}
    return {"attempts": queued.attempts, "receipt": queued.receipt, **told}


def queue(store: GovernanceStore) -> tuple[QueuedMessage, ...]:
    """Every message that was ever put into the outbox, oldest first.

    Raises:
        IntegrityError: a row cannot be read.
    """
    with store.snapshot() as reader:
        return reader.outbox()
