"""The part of the workspace that sends what commitments cause. It needs neither the signing key nor a token."""

import os
import socket
from typing import Final

from partnership_os.governance import delivery, outbox
from partnership_os.governance.delivery import EVERY_KIND, DeliveryReport
from partnership_os.governance.store import QueuedMessage
from partnership_os.graphs.home import Home
from partnership_os.graphs.people_desk import LOCAL_OPERATOR
from partnership_os.tools.file_courier import FileCourier

OUTGOING: Final = "outgoing"
"""Folder of the home that messages are written to."""


class DeliveryDesk:
    """The outbox of one home.

    Args:
        home: The opened home.
    """

    def __init__(self, home: Home) -> None:
        self.home = home

    def deliver(self, limit: int = delivery.LIMIT) -> DeliveryReport:
        """Send what is due; `governance.delivery.deliver_due` says what it promises.

        Raises:
            IntegrityError: the audit log is broken; nothing leaves then.
        """
        services = self.home.services
        couriers = {EVERY_KIND: FileCourier(self.home.folder / OUTGOING)}
        worker = f"{socket.gethostname()}:{os.getpid()}"
        return delivery.deliver_due(services.governance, services.verifier, couriers, services.clock, worker, limit)

    def outbox(self) -> tuple[QueuedMessage, ...]:
        """Every message, oldest first, with how far its delivery is."""
        return outbox.queue(self.home.services.governance)

    def redrive(self, message_id: str) -> QueuedMessage:
        """Make a message that was given up due again.

        Raises:
            InputError: there is no such message, or it was not given up.
        """
        services = self.home.services
        return delivery.redrive(services.governance, services.clock, message_id, LOCAL_OPERATOR)
