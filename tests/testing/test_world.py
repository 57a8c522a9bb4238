"""The small worlds and clocks that other tests stand on."""

from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest

from partnership_os.schemas.evidence import EvidenceKind, SourceKind
from partnership_os.testing.clock import DEFAULT_START, FixedClock, TickingClock
from partnership_os.testing.world import ARABIC_TEXT, company, evidence, need


def test_evidence_is_identified_by_its_content() -> None:
    item = evidence()
    assert item == evidence()
    assert item.sha256 == sha256(item.text.encode()).hexdigest()
    key = f"co_najd|text|{item.text}".encode()
    assert item.evidence_id == "ev_" + sha256(key).hexdigest()[:24]
    assert evidence("co_other").evidence_id != item.evidence_id
    assert evidence(kind=EvidenceKind.RECORD).evidence_id != item.evidence_id
    assert (item.language, evidence(text=ARABIC_TEXT).language) == ("en", "ar")
    assert evidence(source_kind=SourceKind.NEWS).source_kind is SourceKind.NEWS


def test_fields_replace_the_defaults() -> None:
    assert company(name="Other").name == "Other"
    assert need(title="Other").title == "Other"
    assert company().name_ar is not None


def test_clocks() -> None:
    fixed = FixedClock()
    assert fixed() == fixed() == DEFAULT_START
    fixed.advance(timedelta(days=1))
    assert fixed() == DEFAULT_START + timedelta(days=1)
    ticking = TickingClock(datetime(2026, 1, 1, tzinfo=UTC), timedelta(minutes=1))
    assert (ticking() - ticking()).total_seconds() == -60
    with pytest.raises(ValueError, match="time zone"):
        FixedClock(datetime(2026, 1, 1))  # noqa: DTZ001
