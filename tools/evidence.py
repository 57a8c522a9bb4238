"""Evidence: texts and records about companies, identified by their content."""

from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256

from partnership_os.schemas.base import nfc
from partnership_os.schemas.evidence import Evidence, EvidenceKind, SourceKind
from partnership_os.tools.text import script_of, squeeze

__all__ = ["make_evidence", "record_text"]

_ID_LENGTH = 24


def make_evidence(
    company_id: str,
    kind: EvidenceKind,
    source_kind: SourceKind,
    source: str,
    retrieved_at: datetime,
    text: str,
    language: str | None = None,
) -> Evidence:
    """One text about one company, identified by its content: the same text again is the same evidence.

    Args:
        company_id: Whom it is about.
        kind: Text or record.
        source_kind: Where it comes from; fixes its quality.
        source: File and row, URL or register.
        retrieved_at: When it was read, with a zone; not part of the identity.
        text: The text itself; it is kept in NFC, ends trimmed.
        language: Two letters; told from the script where None.
    """
    plain = nfc(text).strip()
    identity = sha256(f"{company_id}|{kind.value}|{plain}".encode()).hexdigest()
    return Evidence(
        evidence_id=f"ev_{identity[:_ID_LENGTH]}",
        company_id=company_id,
        kind=kind,
        source_kind=source_kind,
        source=source,
        retrieved_at=retrieved_at,
        language=language or ("ar" if script_of(plain) == "ar" else "en"),
        text=plain,
        sha256=sha256(plain.encode()).hexdigest(),
    )


def record_text(fields: Mapping[str, str]) -> str:
    """A row of fields as evidence: one ``field: value`` line per field that is not empty, sorted by field."""
    lines = ((name, squeeze(value)) for name, value in sorted(fields.items()))
    return "\n".join(f"{name}: {value}" for name, value in lines if value)
