"""The part of the workspace that shows what waits for people, what each of it is about, and what was committed."""

from partnership_os.governance import commitments, sla
from partnership_os.governance.standing import PendingItem
from partnership_os.graphs.approval_packet import ApprovalPacket, packet_of
from partnership_os.graphs.home import Home
from partnership_os.schemas.commitment import LedgerEntry, SlaMark


class ApprovalDesk:
    """Inbox, packets and ledger of one home. Nothing here decides; `tick_sla` writes reminders.

    Args:
        home: The opened home.
    """

    def __init__(self, home: Home) -> None:
        self.home = home

    def inbox(self) -> tuple[PendingItem, ...]:
        """What waits, and for whom."""
        return commitments.inbox(self.home.services.governance, self.home.services.clock)

    def standing(self, commitment_id: str) -> PendingItem:
        """One commitment, whatever its status, with what it still needs.

        Raises:
            InputError: there is no such commitment.
        """
        return commitments.standing(self.home.services.governance, self.home.services.clock, commitment_id)

    def packet(self, commitment_id: str) -> ApprovalPacket:
        """Everything that an approver of a commitment must see.

        Raises:
            InputError: there is no such commitment.
        """
        return packet_of(self.home.services, self.home.services.clock, commitment_id)

    def tick_sla(self) -> tuple[SlaMark, ...]:
        """Mark what waits too long and queue reminders; silence never approves."""
        return sla.tick(self.home.services.governance, self.home.services.clock)

    def ledger(self) -> tuple[LedgerEntry, ...]:
        """Every commitment that took effect."""
        return commitments.ledger(self.home.services.governance)
