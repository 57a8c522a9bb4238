"""The port behind which messages leave the house: what is handed over, and what an adapter promises."""

from datetime import timedelta
from typing import Annotated, Final, Protocol

from pydantic import Field, JsonValue

from partnership_os.schemas.base import Label, Record, RecordId, Sha256, Slug, StoredRecord, Timestamp

LONGEST_DELIVERY: Final = timedelta(minutes=5)
"""A courier answers or gives up within it; no delivery begins when less than that is left of a claim."""


class TransientDeliveryError(Exception):
    """It did not leave, and may leave later: a server that is down, a full disk. Its text must not hold a secret."""


class PermanentDeliveryError(Exception):
    """It can never leave as it is, and a person must look: an address that does not exist. No secret in its text."""


class CommittedDocument(Record):
    """What a commitment was about: the terms that people approved, as they were digested."""

    commitment_id: RecordId
    digest: Sha256
    tenant: Slug
    parties: tuple[Label, ...]
    document_id: RecordId
    document_version: Annotated[int, Field(ge=1)]
    terms: dict[str, JsonValue]


class Parcel(StoredRecord):
    """A message as it is handed over; the same message is always the same parcel.

    ``document`` is there when a commitment took effect, and not with a notice.
    """

    idempotency_key: RecordId
    kind: Slug
    created_at: Timestamp
    payload: dict[str, JsonValue]
    document: CommittedDocument | None = None


class Receipt(Record):
    """Where a parcel went, so that somebody can find it again; kept in the audit log, so never a secret."""

    reference: Annotated[str, Field(min_length=1, max_length=800)]


class Courier(Protocol):
    """A way out of the house.

    The worker hands over *at least* once. So an adapter passes the idempotency key on and lets the other side drop
    what it knows: mail as ``Message-ID``, a CRM as external id of an upsert, an e-signature service as the client's
    reference of the envelope, looked up before one is made. It keeps its own credentials, answers within
    `LONGEST_DELIVERY`, and may be called by several workers at once.
    """

    @property
    def name(self) -> str:
        """For the audit log."""
        ...

    def deliver(self, parcel: Parcel) -> Receipt:
        """Hand the parcel over, and return only when the other side has it durably.

        Raises:
            TransientDeliveryError: to be tried again. Any other error but the next counts as that, too.
            PermanentDeliveryError: not to be tried again.
        """
        ...
