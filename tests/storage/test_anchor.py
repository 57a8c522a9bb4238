"""The anchor file and the store that moves it."""

from pathlib import Path

import pytest

from partnership_os.errors import ConfigurationError, IntegrityError, InternalError
from partnership_os.governance.store import Anchor
from partnership_os.storage.anchor import FileAnchor
from partnership_os.storage.database import open_database, sqlite_url
from partnership_os.storage.governance_store import SqlGovernanceStore

FIRST, SECOND = Anchor(size=1, head="1" * 64), Anchor(size=2, head="2" * 64)


def test_an_anchor_is_replaced_as_a_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    anchor = FileAnchor(tmp_path / "audit.anchor")
    assert anchor.read() is None
    anchor.write(FIRST)
    assert anchor.read() == FIRST

    def broken(*_: object) -> None:
        raise OSError(5, "Input/output error")

    with monkeypatch.context() as failing:
        failing.setattr("partnership_os.storage.anchor.os.replace", broken)
        with pytest.raises(ConfigurationError, match="Input/output"):
            anchor.write(SECOND)
    assert anchor.read() == FIRST
    assert [item.name for item in tmp_path.iterdir()] == ["audit.anchor"]


@pytest.mark.parametrize("content", ["", "{}", '{"size": -1, "head": "x"}', "\x00"])
def test_what_is_no_anchor_is_said(tmp_path: Path, content: str) -> None:
    path = tmp_path / "audit.anchor"
    path.write_text(content)
    with pytest.raises(IntegrityError, match="not an anchor"):
        FileAnchor(path).read()


def test_a_folder_in_its_place_is_said(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="cannot be used"):
        FileAnchor(tmp_path).read()
    with pytest.raises(ConfigurationError, match="cannot be used"):
        FileAnchor(tmp_path / "none" / "audit.anchor").write(FIRST)


def test_a_fresh_home_is_anchored_from_the_first_moment(tmp_path: Path) -> None:
    database = open_database(sqlite_url(tmp_path / "p.db"))
    anchor = FileAnchor(tmp_path / "audit.anchor")
    store = SqlGovernanceStore(database, anchor)
    assert store.anchor() == Anchor(size=0, head="0" * 64)
    with pytest.raises(InternalError, match="used up"), store.transaction() as transaction:
        transaction.consume_decisions(["de_none"], "le_1")
    database.close()
