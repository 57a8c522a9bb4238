"""Keys and signatures."""

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from partnership_os.errors import ConfigurationError, IntegrityError
from partnership_os.governance.signing import (
    PRIVATE_FILE,
    PUBLIC_FILE,
    create_keys,
    load_signer,
    load_verifier,
)
from partnership_os.schemas.commitment import Decision, DecisionOutcome
from partnership_os.schemas.partnership import ApprovalLevel


def _decision() -> Decision:
    return Decision(
        decision_id="de_1",
        commitment_id="cm_1",
        digest="a" * 64,
        outcome=DecisionOutcome.APPROVE,
        decided_by="pe_1",
        level=ApprovalLevel.VP,
        legal=False,
        decided_at=datetime(2026, 1, 1, tzinfo=UTC),
        expires_at=datetime(2026, 1, 2, tzinfo=UTC),
        note="ok",
        key_id="0" * 16,
        signature="none",
    )


def test_a_signature_covers_every_field(tmp_path: Path) -> None:
    create_keys(tmp_path)
    signed, verifier = load_signer(tmp_path).sign(_decision()), load_verifier(tmp_path)
    assert verifier.holds(signed)
    changes = {
        "decision_id": "de_2",
        "commitment_id": "cm_2",
        "digest": "b" * 64,
        "outcome": DecisionOutcome.REJECT,
        "decided_by": "pe_2",
        "level": ApprovalLevel.C_LEVEL,
        "legal": True,
        "decided_at": datetime(2025, 1, 1, tzinfo=UTC),
        "expires_at": datetime(2030, 1, 1, tzinfo=UTC),
        "note": None,
        "key_id": "1" * 16,
        "schema_version": 1,
        "on_behalf_of": "pe_2",
        "delegation_id": "dl_1",
        "revokes": "de_2",
        "signature": "AAAA",
    }
    assert changes.keys() == Decision.model_fields.keys()
    for name, value in changes.items():
        assert not verifier.holds(signed.model_copy(update={name: value})), name
    for text in ("not base64!", "é", "شكرا"):
        assert not verifier.holds(signed.model_copy(update={"signature": text})), text


def test_another_key_does_not_pass(tmp_path: Path) -> None:
    create_keys(tmp_path / "a")
    create_keys(tmp_path / "b")
    assert not load_verifier(tmp_path / "b").holds(load_signer(tmp_path / "a").sign(_decision()))


def test_keys_are_kept_private_and_a_verifier_needs_no_private_key(tmp_path: Path) -> None:
    create_keys(tmp_path)
    private = tmp_path / PRIVATE_FILE
    assert private.stat().st_mode & 0o777 == 0o600
    before = private.read_bytes()
    create_keys(tmp_path)
    assert private.read_bytes() == before
    assert sorted(item.name for item in tmp_path.iterdir()) == [PRIVATE_FILE, PUBLIC_FILE]
    signer = load_signer(tmp_path)
    private.unlink()
    assert load_verifier(tmp_path).key_id == signer.key_id
    with pytest.raises(ConfigurationError, match="private key"):
        load_signer(tmp_path)


def test_a_crash_between_the_two_files_is_mended(tmp_path: Path) -> None:
    create_keys(tmp_path)
    (tmp_path / PUBLIC_FILE).unlink()
    create_keys(tmp_path)
    assert load_signer(tmp_path).key_id == load_verifier(tmp_path).key_id


def test_racing_processes_agree_on_one_pair(tmp_path: Path) -> None:
    code = (
        "import sys, pathlib; from partnership_os.governance.signing import create_keys, load_signer;"
        "home = pathlib.Path(sys.argv[1]); create_keys(home); print(load_signer(home).key_id)"
    )
    racers = [
        subprocess.Popen([sys.executable, "-c", code, str(tmp_path / "home")], stdout=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    ids = {racer.communicate(timeout=60)[0] for racer in racers}
    assert {racer.returncode for racer in racers} == {0}
    assert len(ids) == 1


def test_what_is_wrong_with_the_files_is_said(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="public key"):
        load_verifier(tmp_path)
    create_keys(tmp_path)
    os.chmod(tmp_path / PRIVATE_FILE, 0o644)
    with pytest.raises(ConfigurationError, match="Others can read"):
        load_signer(tmp_path)
    os.chmod(tmp_path / PRIVATE_FILE, 0o600)
    create_keys(tmp_path / "other")
    (tmp_path / PUBLIC_FILE).write_bytes((tmp_path / "other" / PUBLIC_FILE).read_bytes())
    with pytest.raises(IntegrityError, match="does not belong"):
        load_signer(tmp_path)
    (tmp_path / PUBLIC_FILE).write_text("no key")
    with pytest.raises(ConfigurationError, match="no Ed25519"):
        load_verifier(tmp_path)
    (tmp_path / PRIVATE_FILE).write_text("no key")
    with pytest.raises(ConfigurationError, match="no Ed25519"):
        load_signer(tmp_path)
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigurationError, match="cannot be written"):
        create_keys(tmp_path / "file")
