"""The file courier: one effect per idempotency key, whole or not at all, and a text that people can read."""

import ast
import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pydantic import JsonValue

import partnership_os
from partnership_os.governance.canonical import canonical_bytes
from partnership_os.governance.courier import CommittedDocument, Parcel, PermanentDeliveryError, TransientDeliveryError
from partnership_os.tools import file_courier
from partnership_os.tools.file_courier import FileCourier

TITLE = {"en": "Commission", "ar": "العمولة"}
CLAUSE = {
    "clause_id": "commission",
    "group": "economics",
    "title": TITLE,
    "text": {"en": "We pay 15 %.\nEach\u202e month.", "ar": "ندفع ١٥٪."},
    "terms": [
        {"name": "commission_rate", "unit": "share", "number": "0.15"},
        {"name": "cap", "unit": "money", "number": "50000.00", "currency": "SAR"},
        {"name": "basis", "unit": "choice", "choice": "net_revenue"},
    ],
}
SHEET: dict[str, JsonValue] = {
    "schema_version": 1,
    "sheet_id": "ts_one",
    "version": 2,
    "thread_id": "deal-1",
    "partnership_type": "referral",
    "need_id": "nd_one",
    "company_id": "co_one",
    "us": {"name": "Us Ltd"},
    "them": {"name": "شركة نجد"},
    "currency": "SAR",
    "drafted_on": "2026-01-15",
    "clauses": [CLAUSE],  # type: ignore[list-item]
    "conditions_precedent": [{"en": "A licence.", "ar": "رخصة سارية."}],
    "cover_note": {"en": "Dear partner", "ar": "شريكنا العزيز"},
    "playbook_version": "1",
    "made_by": {"analyst": "rules", "engine": "rules-1"},
}


def parcel(terms: dict[str, JsonValue] | None = None, **changes: Any) -> Parcel:
    document = CommittedDocument(
        commitment_id="cm_one",
        digest="a" * 64,
        tenant="main",
        parties=("Us Ltd", "شركة نجد"),
        document_id="ts_one",
        document_version=2,
        terms=SHEET if terms is None else terms,
    )
    fields: dict[str, Any] = {
        "idempotency_key": "cm_one",
        "kind": "issue_term_sheet",
        "created_at": datetime(2026, 3, 1, tzinfo=UTC),
        "payload": {"digest": "a" * 64},
        "document": document,
    }
    return Parcel(**{**fields, **changes})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "home" / "outgoing"


def names(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_a_term_sheet_becomes_a_document_and_a_text_that_only_its_owner_reads(folder: Path) -> None:
    receipt = FileCourier(folder).deliver(parcel())
    assert names(folder) == ["issue_term_sheet/cm_one.json", "issue_term_sheet/cm_one.txt"]
    written = folder / "issue_term_sheet" / "cm_one.json"
    assert written.read_bytes() == canonical_bytes(parcel()) + b"\n"
    assert Parcel.model_validate(json.loads(written.read_bytes())) == parcel()
    assert receipt.reference.startswith("outgoing/issue_term_sheet/cm_one.json sha256:")
    assert {oct(path.stat().st_mode & 0o777) for path in written.parent.iterdir()} == {"0o600"}
    assert {oct(path.stat().st_mode & 0o777) for path in (folder, written.parent)} == {"0o700"}


def test_the_text_holds_every_clause_in_both_languages_and_hides_nothing(folder: Path) -> None:
    FileCourier(folder).deliver(parcel())
    lines = (folder / "issue_term_sheet" / "cm_one.txt").read_text(encoding="utf-8").splitlines()
    for expected in (
        "Term sheet: Us Ltd – شركة نجد",
        "ورقة الشروط: Us Ltd – شركة نجد",
        "Version / النسخة: 2",
        f"Digest / البصمة: {'a' * 64}",
        "1. Commission",
        "   العمولة",
        "   We pay 15 %.",
        "   Each[U+202E] month.",
        "   ندفع ١٥٪.",
        "   commission_rate = 0.15 share",
        "   cap = 50000.00 SAR",
        "   basis = net_revenue",
        "  A licence.",
        "  رخصة سارية.",
        "Dear partner",
        "شريكنا العزيز",
    ):
        assert expected in lines


@pytest.mark.parametrize("document", [None, parcel({"title": "اتفاقية"}).document])
def test_what_is_no_term_sheet_is_a_document_only(folder: Path, document: CommittedDocument | None) -> None:
    FileCourier(folder).deliver(parcel(document=document, kind="approval_reminder"))
    assert names(folder) == ["approval_reminder/cm_one.json"]


def test_the_same_parcel_again_changes_nothing(folder: Path) -> None:
    courier = FileCourier(folder)
    first = courier.deliver(parcel())
    before = {path: (path.stat().st_ino, path.stat().st_mtime_ns) for path in folder.rglob("*.*")}
    assert courier.deliver(parcel()) == first
    assert {path: (path.stat().st_ino, path.stat().st_mtime_ns) for path in folder.rglob("*.*")} == before


@pytest.mark.parametrize("name", ["cm_one.json", "cm_one.txt"])
def test_what_is_there_already_is_never_overwritten(folder: Path, name: str) -> None:
    courier = FileCourier(folder)
    courier.deliver(parcel())
    other = folder / "issue_term_sheet" / name
    other.write_text("something else", encoding="utf-8")
    with pytest.raises(PermanentDeliveryError, match="is there already"):
        courier.deliver(parcel())
    assert other.read_text(encoding="utf-8") == "something else"
    with pytest.raises(PermanentDeliveryError):
        courier.deliver(parcel({**SHEET, "version": 3}))
    other.unlink()
    courier.deliver(parcel())
    assert len(names(folder)) == 2


def test_a_link_is_not_followed(folder: Path, tmp_path: Path) -> None:
    courier = FileCourier(folder)
    courier.deliver(parcel())
    path = folder / "issue_term_sheet" / "cm_one.json"
    path.rename(tmp_path / "elsewhere")
    path.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(PermanentDeliveryError):
        courier.deliver(parcel())


def test_a_folder_that_cannot_be_written_is_tried_again_later(folder: Path) -> None:
    folder.parent.mkdir()
    folder.write_text("in the way", encoding="utf-8")
    with pytest.raises(TransientDeliveryError, match=r"cannot be written"):
        FileCourier(folder).deliver(parcel())
    folder.unlink()
    FileCourier(folder).deliver(parcel())


@pytest.mark.parametrize("call", ["fsync", "link"])
def test_a_full_disk_leaves_nothing_that_looks_delivered(
    folder: Path, call: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any, **__: Any) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, call, full)
        with pytest.raises(TransientDeliveryError, match="No space left on device"):
            FileCourier(folder).deliver(parcel())
    assert names(folder) == []
    FileCourier(folder).deliver(parcel())
    assert len(names(folder)) == 2


KEYS = ["cm_A", "cm_a", "../../etc/passwd", "/etc/passwd", "", ".", "cm_" + "x" * 300, "نجد", "a\x00b", "CON"]


def test_names_are_safe_whatever_the_key(folder: Path) -> None:
    for key in KEYS:
        FileCourier(folder).deliver(parcel(None).model_copy(update={"idempotency_key": key, "kind": key}))
    written = [path for path in folder.parent.parent.rglob("*.json") if path.is_file()]
    assert len(written) == len(KEYS)
    assert all(path.parent.parent == folder for path in written)
    assert len({str(path).lower() for path in written}) == len(KEYS)
    assert all(len(path.name) < 120 and path.name.isascii() for path in written)


def test_nothing_that_a_model_reaches_knows_a_courier() -> None:
    """Agents, prompts and the chat neither import the delivery nor name what starts it."""
    root = Path(partnership_os.__file__).parent
    reached = [*(root / "agents").glob("*.py"), *(root / "prompts").glob("*.py"), *(root / "graphs").glob("chat*.py")]
    tools = [path for path in (root / "tools").glob("*.py") if path.name != Path(str(file_courier.__file__)).name]
    assert len(reached) > 20
    for path in (*reached, *tools):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom):
                assert not str(node.module).endswith((".delivery", ".file_courier", ".delivery_desk")), path
            if isinstance(node, ast.Attribute):
                assert node.attr not in ("deliver", "deliver_due", "redrive"), path
