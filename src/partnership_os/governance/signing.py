"""Ed25519 signatures of decisions. Only the approval service holds the private key; everything else verifies."""

import base64
import binascii
import os
import tempfile
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from partnership_os.errors import ConfigurationError, IntegrityError
from partnership_os.governance.canonical import canonical_bytes
from partnership_os.schemas.commitment import Decision

PRIVATE_FILE = "approval_signing.key"
PUBLIC_FILE = "approval_verify.pub"
_CONTEXT = b"partnership-os decision 1\x00"
"""Put before the signed bytes, so that a signature made for another purpose never passes as a decision."""


class Verifier:
    """Checks signatures with the public key; cannot make one."""

    def __init__(self, key: Ed25519PublicKey) -> None:
        self._key = key
        self.key_id = _key_id(key)

    def holds(self, decision: Decision) -> bool:
        """True when this key signed exactly this decision."""
        try:
            signature = base64.b64decode(decision.signature, validate=True)
            self._key.verify(signature, _signed_bytes(decision))
        except (InvalidSignature, binascii.Error):
            return False
        return decision.key_id == self.key_id


class Signer:
    """Signs decisions with the private key."""

    def __init__(self, key: Ed25519PrivateKey) -> None:
        self._key = key
        self.verifier = Verifier(key.public_key())
        self.key_id = self.verifier.key_id

    def sign(self, decision: Decision) -> Decision:
        """The same decision with the id of this key and its signature over every other field."""
        named = decision.model_copy(update={"key_id": self.key_id})
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
        private_path = folder / PRIVATE_FILE
        if not private_path.exists():
            _publish_once(private_path, _private_pem(Ed25519PrivateKey.generate()))
        if not (folder / PUBLIC_FILE).exists():
            public = _read_private(folder).public_key()
            _publish_once(folder / PUBLIC_FILE, public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
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
    path = folder / PUBLIC_FILE
    try:
        key = load_pem_public_key(path.read_bytes())
    except OSError as error:
        raise ConfigurationError(
            f"The public key {path} cannot be read: {error.strerror}.",
            fix="Copy it from the home of the approval service, or run `partnership user add` to make the keys.",
        ) from error
    except ValueError:
        key = None
    if not isinstance(key, Ed25519PublicKey):
        raise ConfigurationError(f"{path} holds no Ed25519 public key.", fix="Restore it from a backup.")
    return Verifier(key)


def _read_private(folder: Path) -> Ed25519PrivateKey:
    path = folder / PRIVATE_FILE
    try:
        if os.name == "posix" and path.stat().st_mode & 0o077:
            raise ConfigurationError(f"Others can read the private key {path}.", fix=f"chmod 600 {path}")
        key = load_pem_private_key(path.read_bytes(), password=None)
    except OSError as error:
        raise ConfigurationError(
            f"The private key {path} cannot be read: {error.strerror}.",
            fix="Decide where the approval service runs, or restore the key from a backup.",
        ) from error
    except (ValueError, TypeError):
        key = None
    if not isinstance(key, Ed25519PrivateKey):
        raise ConfigurationError(f"{path} holds no Ed25519 private key.", fix="Restore it from a backup.")
    return key


def _private_pem(key: Ed25519PrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _publish_once(path: Path, content: bytes) -> None:
    """Put a complete file at ``path`` unless there is one: a reader sees the whole file or none."""
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(temporary, path)
        except FileExistsError:
            return
    finally:
        os.unlink(temporary)


def _key_id(key: Ed25519PublicKey) -> str:
    return sha256(key.public_bytes(Encoding.Raw, PublicFormat.Raw)).hexdigest()[:16]


def _signed_bytes(decision: Decision) -> bytes:
    fields = {name: getattr(decision, name) for name in Decision.model_fields if name != "signature"}
    return _CONTEXT + canonical_bytes(fields)
