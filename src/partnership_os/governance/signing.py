"""Ed25519 signatures of decisions and delegations. Only the approval service can sign; everything else verifies."""

import base64
from pathlib import Path
from typing import Final, TypeVar

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from partnership_os.errors import ConfigurationError, IntegrityError
from partnership_os.governance.canonical import canonical_bytes, fields_without
from partnership_os.governance.key_files import (
    key_id_of,
    new_private_pem,
    public_pem,
    publish_once,
    read_private,
    read_public,
)
from partnership_os.schemas.commitment import Decision, Delegation

PRIVATE_FILE = "approval_signing.key"
PUBLIC_FILE = "approval_verify.pub"
Signed = TypeVar("Signed", Decision, Delegation)
_CONTEXTS: Final[dict[type, bytes]] = {
    Decision: b"partnership-os decision 1\x00",
    Delegation: b"partnership-os delegation 1\x00",
}
"""Put before the signed bytes, so that a signature made for one purpose never passes for another."""


class Verifier:
    """Checks signatures with the public key; cannot make one."""

    def __init__(self, key: Ed25519PublicKey) -> None:
        self._key = key
        self.key_id = key_id_of(key)

    def holds(self, record: Decision | Delegation) -> bool:
        """True when this key signed exactly this record."""
        try:
            signature = base64.b64decode(record.signature, validate=True)
            self._key.verify(signature, _signed_bytes(record))
        except (InvalidSignature, ValueError):
            return False
        return record.key_id == self.key_id


class Signer:
    """Signs with the private key."""

    def __init__(self, key: Ed25519PrivateKey) -> None:
        self._key = key
        self.verifier = Verifier(key.public_key())
        self.key_id = self.verifier.key_id

    def sign(self, record: Signed) -> Signed:
        """The same record with the id of this key and its signature over every other field."""
        named = record.model_copy(update={"key_id": self.key_id})
        signature = base64.b64encode(self._key.sign(_signed_bytes(named))).decode("ascii")
        return named.model_copy(update={"signature": signature})


def create_keys(folder: Path) -> None:
    """Make the key pair if there is none; keys that exist are kept, and of two racing processes one wins.

    Writes ``approval_signing.key`` (readable by the owner only) and ``approval_verify.pub``.

    Raises:
        ConfigurationError: the folder cannot be written.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if (folder / PUBLIC_FILE).exists():
            return
        if not (folder / PRIVATE_FILE).exists():
            publish_once(folder / PRIVATE_FILE, new_private_pem())
        publish_once(folder / PUBLIC_FILE, public_pem(_read_private(folder).public_key()))
    except OSError as error:
        raise ConfigurationError(
            f"The signing keys cannot be written to {folder}: {error.strerror}.",
            fix="Make the folder writable, free some space, or choose another home.",
        ) from error


def load_signer(folder: Path) -> Signer:
    """The signer of the approval service.

    Raises:
        ConfigurationError: the private key is missing, unreadable or readable by others.
        IntegrityError: the public key in the folder belongs to another private key.
    """
    signer = Signer(_read_private(folder))
    if load_verifier(folder).key_id != signer.key_id:
        raise IntegrityError(
            f"{PUBLIC_FILE} in {folder} does not belong to {PRIVATE_FILE}.",
            fix="Find out who replaced it; restore both files from a backup.",
        )
    return signer


def load_verifier(folder: Path) -> Verifier:
    """The verifier of every process that commits; needs the public key only.

    Raises:
        ConfigurationError: the public key is missing or unreadable.
    """
    fix = "Copy it from the home of the approval service; a new home gets its own with its first command."
    return Verifier(read_public(folder / PUBLIC_FILE, fix=fix))


def _read_private(folder: Path) -> Ed25519PrivateKey:
    fix = "Decide where the approval service runs, or restore the key from a backup."
    return read_private(folder / PRIVATE_FILE, fix=fix)


def _signed_bytes(record: Decision | Delegation) -> bytes:
    return _CONTEXTS[type(record)] + canonical_bytes(fields_without(record, "signature"))
