"""Ed25519 keys in PEM files: published whole and once, the private ones readable by their owner only."""

import os
import tempfile
from hashlib import sha256
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from partnership_os.errors import ConfigurationError

_LONGEST = 4_096
"""Bytes; an Ed25519 key in PEM needs a tenth of that."""


def key_id_of(key: Ed25519PublicKey) -> str:
    """The first 16 digits of the SHA-256 of a public key."""
    return sha256(key.public_bytes(Encoding.Raw, PublicFormat.Raw)).hexdigest()[:16]


def public_pem(key: Ed25519PublicKey) -> bytes:
    """A public key as the text of its file."""
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def new_private_pem() -> bytes:
    """A new private key as the content of its file."""
    return Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def parsed_public(content: bytes) -> Ed25519PublicKey | None:
    """The public key of a PEM text; None where it holds none."""
    try:
        key = load_pem_public_key(content) if len(content) <= _LONGEST else None
    except (ValueError, TypeError):
        return None
    return key if isinstance(key, Ed25519PublicKey) else None


def read_public(path: Path, *, fix: str) -> Ed25519PublicKey:
    """The public key of a file.

    Args:
        path: The file.
        fix: What to do where it cannot be read.

    Raises:
        ConfigurationError: it cannot be read, or holds no Ed25519 public key.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ConfigurationError(f"The public key {path} cannot be read: {error.strerror}.", fix=fix) from error
    key = parsed_public(content)
    if key is None:
        raise ConfigurationError(f"{path} holds no Ed25519 public key.", fix="Restore it from a backup.")
    return key


def read_private(path: Path, *, fix: str) -> Ed25519PrivateKey:
    """The private key of a file.

    Args:
        path: The file.
        fix: What to do where it cannot be read.

    Raises:
        ConfigurationError: it cannot be read, others can read it too, or it holds no Ed25519 private key.
    """
    try:
        if os.name == "posix" and path.stat().st_mode & 0o077:
            raise ConfigurationError(f"Others can read the private key {path}.", fix=f"chmod 600 {path}")
        key = load_pem_private_key(path.read_bytes(), password=None)
    except OSError as error:
        raise ConfigurationError(f"The private key {path} cannot be read: {error.strerror}.", fix=fix) from error
    except (ValueError, TypeError):
        key = None
    if not isinstance(key, Ed25519PrivateKey):
        raise ConfigurationError(f"{path} holds no Ed25519 private key.", fix="Restore it from a backup.")
    return key


def publish_once(path: Path, content: bytes) -> None:
    """Put a complete file at ``path`` unless there is one: a reader sees the whole file or none.

    Raises:
        OSError: the folder cannot be written.
    """
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
