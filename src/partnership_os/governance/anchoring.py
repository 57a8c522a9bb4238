"""Signed anchors of the audit log: the anchor key, what it signs, and how an anchor is made or adopted by a person.

The anchor key is not the key of the approval service: whoever commits must be able to anchor the log, and must not be
able to sign a decision.
"""

import base64
import binascii
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from pydantic import JsonValue

from partnership_os.errors import ConfigurationError, InputError, IntegrityError
from partnership_os.governance import audit
from partnership_os.governance.audit import AuditReport
from partnership_os.governance.canonical import canonical_bytes
from partnership_os.governance.clock import Clock, moment
from partnership_os.governance.key_files import key_id_of, new_private_pem, public_pem, publish_once, read_private
from partnership_os.governance.signing import Verifier
from partnership_os.governance.store import Anchor, AnchoredPoint, AnchorStore, GovernanceStore, SignedAnchor

PRIVATE_FILE: Final = "anchor_signing.key"
PUBLIC_FILE: Final = "anchor_verify.pub"
ANCHOR: Final = b"partnership-os audit anchor 1\x00"
"""Put before the bytes of an anchor, so that a signature made for one purpose never passes for another."""
RECENT: Final = 250
"""How many of the newest anchors stay when the history is made shorter."""


class AnchorVerifier:
    """Checks what the anchor key signed; cannot sign."""

    def __init__(self, key: Ed25519PublicKey) -> None:
        self._key = key
        self.key_id = key_id_of(key)
        self.pem = public_pem(key)

    def holds(self, anchor: SignedAnchor) -> bool:
        """True when this key signed exactly this anchor."""
        return anchor.key_id == self.key_id and self.signed(ANCHOR, _content(anchor), anchor.signature)

    def signed(self, purpose: bytes, content: bytes, signature: str) -> bool:
        """True when this key signed these bytes for this purpose."""
        try:
            self._key.verify(base64.b64decode(signature, validate=True), purpose + content)
        except (InvalidSignature, binascii.Error, ValueError):
            return False
        return True


class AnchorSigner:
    """Signs with the anchor key."""

    def __init__(self, key: Ed25519PrivateKey) -> None:
        self._key = key
        self.verifier = AnchorVerifier(key.public_key())

    def anchor(self, point: AnchoredPoint, at: datetime) -> SignedAnchor:
        """A point of the log as of a moment, signed."""
        made = SignedAnchor(size=point.size, head=point.head, at=at, key_id=self.verifier.key_id, signature="-")
        return made.model_copy(update={"signature": self.sign(ANCHOR, _content(made))})

    def sign(self, purpose: bytes, content: bytes) -> str:
        """The signature of these bytes for this purpose, base64."""
        return base64.b64encode(self._key.sign(purpose + content)).decode("ascii")


def open_signer(folder: Path) -> AnchorSigner:
    """The signer of this installation. A key is made when there is neither a private nor a public one.

    Raises:
        ConfigurationError: the folder cannot be written, or the key cannot be read or is readable by others.
        IntegrityError: the public key in the folder belongs to another private key.
    """
    path = folder / PRIVATE_FILE
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not path.exists() and not (folder / PUBLIC_FILE).exists():
            publish_once(path, new_private_pem())
    except OSError as error:
        raise ConfigurationError(
            f"The signing keys cannot be written to {folder}: {error.strerror}.",
            fix="Make the folder writable, free some space, or choose another home.",
        ) from error
    return AnchorSigner(
        read_private(path, fix="Restore the anchor key from a backup: without it nothing can be anchored here.")
    )


def newest(anchors: Sequence[AnchoredPoint], *, torn: bool = False) -> Anchor | None:
    """The last of these points with all before it; None where there is none."""
    if not anchors:
        return None
    return Anchor(size=anchors[-1].size, head=anchors[-1].head, earlier=tuple(anchors[:-1]), torn=torn)


def shortened(anchors: tuple[SignedAnchor, ...]) -> tuple[SignedAnchor, ...]:
    """A history that stays small: the first anchor, the last one of each day, and the newest `RECENT`."""
    last_of_day = {anchor.at.date(): at for at, anchor in enumerate(anchors)}
    kept = {0, *last_of_day.values(), *range(max(0, len(anchors) - RECENT), len(anchors))}
    return tuple(anchor for at, anchor in enumerate(anchors) if at in kept)


def anchor_now(store: GovernanceStore, verifier: Verifier, place: AnchorStore) -> SignedAnchor:
    """Verify the log and the tables, then anchor where the log ends now; the anchor can be kept elsewhere.

    Args:
        store: The store of the gate.
        verifier: Public key of the approval service.
        place: Where the anchors are.

    Raises:
        ConfigurationError: nothing was ever anchored on this machine, or the place cannot be written.
        IntegrityError: the log is broken; nothing was written.
    """
    anchored = store.anchor()
    if anchored is None:
        raise ConfigurationError(
            "The audit log has no anchor on this machine.",
            fix="Look at the log, then trust it from now on with `partnership audit anchor --adopt`.",
        )
    with store.transaction() as transaction:
        found = whole(audit.report_of(transaction, verifier, anchored))
        place.write(AnchoredPoint(size=found.size, head=found.head))
    return place.signed()[-1]


def adopt(store: GovernanceStore, verifier: Verifier, place: AnchorStore, clock: Clock, actor: str) -> SignedAnchor:
    """Trust the log as it is from now on: after a restore, or on a machine that has no anchor. The log tells of it.

    Args:
        store: The store of the gate.
        verifier: Public key of the approval service.
        place: Where the anchors are.
        clock: Dates the event.
        actor: Who does it.

    Raises:
        InputError: the log agrees with its anchor.
        IntegrityError: the chain is broken or the tables differ from it; that cannot be adopted.
        ConfigurationError: the place cannot be written.
    """
    anchored = store.anchor()
    if anchored is not None and audit.report(store, verifier).ok:
        raise InputError("The audit log agrees with its anchor.", fix="There is nothing to adopt.")
    with store.transaction() as transaction:
        found = whole(audit.report_of(transaction, verifier, None, must_be_anchored=False))
        trusted: dict[str, JsonValue] = {"size": found.size, "head": found.head}
        if anchored is not None:
            trusted |= {"former_size": anchored.size, "former_head": anchored.head}
        audit.append(transaction, moment(clock, transaction), actor, "anchor_adopted", "audit", trusted)
    # A second transaction, for an anchor must never name an event that is not committed.
    with store.transaction() as transaction:
        found = whole(audit.report_of(transaction, verifier, None, must_be_anchored=False))
        place.adopt(AnchoredPoint(size=found.size, head=found.head))
    return place.signed()[-1]


def whole(found: AuditReport) -> AuditReport:
    """The same report, of a log on which something may stand.

    Raises:
        IntegrityError: it is broken.
    """
    if not found.ok:
        raise IntegrityError(
            f"The audit log is broken at event {found.first_bad_seq or found.size}: {found.reason}.",
            fix="Run `partnership audit verify` and restore the log from a backup.",
        )
    return found


def _content(anchor: SignedAnchor) -> bytes:
    return canonical_bytes({name: getattr(anchor, name) for name in SignedAnchor.model_fields if name != "signature"})
