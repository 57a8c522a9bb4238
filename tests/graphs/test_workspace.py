"""The workspace and its home: imports that were cut short, stores that drifted apart, and what stays open."""

import json
import os
import shutil
import signal
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from pydantic import SecretStr

from partnership_os.errors import ConfigurationError, PartnershipError
from partnership_os.graphs.workspace import Workspace
from partnership_os.llm.embeddings import EmbeddingClient
from partnership_os.schemas.company import CompanyStatus
from partnership_os.schemas.need import PartnershipNeed
from partnership_os.settings import EmbeddingChoice, Settings
from partnership_os.storage import locks as locks_module
from partnership_os.storage.company_store import CompanyStore
from partnership_os.storage.vectors import VectorStore
from partnership_os.testing.clock import FixedClock
from partnership_os.testing.openai_server import OpenAIServer
from partnership_os.tools.company_import import ImportOptions

AS_OF = date(2026, 1, 20)
OPTIONS = ImportOptions(date(2026, 1, 10))
IMPORT = """
import os, signal, sys
from datetime import date
from pathlib import Path
from partnership_os.graphs.workspace import Workspace
from partnership_os.settings import Settings
from partnership_os.storage.vectors import VectorStore
from partnership_os.tools.company_import import ImportOptions
if sys.argv[3] == "die":
    VectorStore.upsert = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
with Workspace.open(Settings(home=Path(sys.argv[1]), _env_file=None)) as workspace:
    workspace.import_files([Path(sys.argv[2])], ImportOptions(date(2026, 1, 10)))
"""


def start_import(home: Path, file: Path, how: str = "live") -> "subprocess.Popen[bytes]":
    return subprocess.Popen([sys.executable, "-c", IMPORT, str(home), str(file), how])


def open_files(folder: Path) -> list[str]:
    """Files of a folder that this process holds open; names of deleted ones end in "(deleted)"."""
    links = Path("/proc/self/fd")
    if not links.is_dir():
        pytest.skip("no /proc to look at open files")
    targets = []
    for link in links.iterdir():
        try:
            targets.append(os.readlink(link))
        except FileNotFoundError:
            continue
    return sorted(target for target in targets if target.startswith(f"{folder}/"))


def write_rows(path: Path, *rows: dict[str, str]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def test_companies_of_a_killed_import_are_indexed_by_the_next(
    settings: Settings, workspace: Workspace, need: PartnershipNeed, tmp_path: Path
) -> None:
    expected = workspace.discover(need, as_of=AS_OF)
    other = settings.model_copy(update={"home": tmp_path / "killed"})
    assert start_import(other.home, tmp_path / "c.jsonl", "die").wait(60) == -signal.SIGKILL
    seen: list[tuple[str, int, int]] = []
    with Workspace.open(other, FixedClock()) as again:
        result = again.import_files(
            [tmp_path / "c.jsonl"], OPTIONS, on_progress=lambda *progress: seen.append(progress)
        )
        assert (result.counts.companies_new, result.counts.companies_unchanged) == (0, 6)
        assert seen == [("index", 6, 6)]
        found = again.discover(need, as_of=AS_OF)
    assert found.report.considered == expected.report.considered > 0
    assert found.ranking == expected.ranking


def test_discovery_indexes_what_has_no_vector(settings: Settings, workspace: Workspace, need: PartnershipNeed) -> None:
    expected = workspace.discover(need, as_of=AS_OF).ranking
    workspace.close()
    shutil.rmtree(settings.home / "vectors")
    seen: list[str] = []
    with Workspace.open(settings, FixedClock()) as again:
        found = again.discover(need, as_of=AS_OF, on_progress=lambda stage, done, total: seen.append(stage))
        assert found.ranking == expected
        assert seen[0] == "index"
        seen.clear()
        again.discover(need, as_of=AS_OF, on_progress=lambda stage, done, total: seen.append(stage))
    assert "index" not in seen


def test_an_unchanged_import_embeds_nothing(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("a vector was written")

    monkeypatch.setattr(VectorStore, "upsert", refuse)
    monkeypatch.setattr(VectorStore, "delete", refuse)
    assert workspace.import_files([tmp_path / "c.jsonl"], OPTIONS).counts.companies_unchanged == 6


def test_rows_follow_companies_that_ended_or_are_gone(workspace: Workspace, need: PartnershipNeed) -> None:
    store, search = workspace.services.companies, workspace.services.search()
    before = search.digests()
    najd = workspace.find_company("Najd Test Systems")
    ended = najd.model_copy(update={"status": CompanyStatus.LIQUIDATED, "status_reason": "In liquidation."})
    store.save([ended], [], [])
    search._vectors.upsert(["co_stranger"], search._embedding.embed(["Najd"]), [{"digest": "x", "live": True}])
    found = workspace.discover(need, as_of=AS_OF)
    assert "Najd Test Systems" not in [row.company_name for row in found.ranking]
    after = search.digests()
    assert after.keys() == before.keys()
    assert {key for key in after if after[key] != before[key]} == {najd.company_id}
    assert search._vectors.count({"live": True}) == 4


def test_import_without_files_touches_nothing_and_no_vectors(settings: Settings) -> None:
    with Workspace.open(settings, FixedClock()) as opened:
        assert opened.import_files([], OPTIONS).counts.rows_read == 0
        assert not (opened.home.folder / "vectors").exists()


def test_another_embedding_is_refused_before_anything_is_saved_and_reindex_mends_it(
    settings: Settings, workspace: Workspace, need: PartnershipNeed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed: list[EmbeddingClient] = []
    original = EmbeddingClient.close

    def close(client: EmbeddingClient) -> None:
        closed.append(client)
        original(client)

    monkeypatch.setattr(EmbeddingClient, "close", close)
    workspace.close()
    more = write_rows(tmp_path / "more.jsonl", {"name": "Later Test Cloud", "country": "Saudi Arabia"})
    with OpenAIServer() as server:
        changed = settings.model_copy(
            update={
                "embedding": EmbeddingChoice.OPENAI,
                "embedding_model": "test-embedding",
                "base_url": server.base_url,
                "api_key": SecretStr("sk-test"),
            }
        )
        with Workspace.open(changed, FixedClock()) as other:
            for call in (lambda: other.import_files([more], OPTIONS), lambda: other.discover(need, as_of=AS_OF)):
                with pytest.raises(ConfigurationError, match="made with the embedding"):
                    call()
            assert other.company_count() == 6
            assert len(closed) == 2
            assert other.reindex() == 6
            other.import_files([more], OPTIONS)
            assert other.discover(need, as_of=AS_OF).report.considered == 6
    assert len(closed) == 3


def test_reindex_serves_the_open_workspace(workspace: Workspace, need: PartnershipNeed, tmp_path: Path) -> None:
    before = workspace.discover(need, as_of=AS_OF)
    assert workspace.reindex() == 6
    workspace.import_files(
        [write_rows(tmp_path / "more.jsonl", {"name": "Later Test Cloud", "country": "Saudi Arabia"})], OPTIONS
    )
    assert workspace.discover(need, as_of=AS_OF).report.considered == before.report.considered + 1


def test_a_closed_home_can_be_deleted_and_opened_again(
    settings: Settings, workspace: Workspace, need: PartnershipNeed, tmp_path: Path
) -> None:
    workspace.discover(need, as_of=AS_OF)
    folder = workspace.home.folder
    assert any("vectors" in name for name in open_files(folder))
    for _ in range(2):
        workspace.close()
        assert open_files(folder) == []
        shutil.rmtree(folder)
        workspace = Workspace.open(settings, FixedClock())
        assert workspace.company_count() == 0
        workspace.import_files([tmp_path / "c.jsonl"], OPTIONS)
        assert workspace.discover(need, as_of=AS_OF).report.companies_known == 6
    workspace.close()
    assert open_files(folder) == []


def test_closing_twice_is_harmless(workspace: Workspace) -> None:
    workspace.services.search()
    workspace.close()
    workspace.close()


@pytest.mark.parametrize("spoiled", ["checkpoints.sqlite", "keys/approval_verify.pub", "partnership.sqlite"])
def test_what_was_opened_before_a_failure_is_closed(settings: Settings, workspace: Workspace, spoiled: str) -> None:
    folder = workspace.home.folder
    workspace.close()
    good = (folder / spoiled).read_bytes()
    (folder / spoiled).write_bytes(b"not what it should be" * 100)
    with pytest.raises(PartnershipError):
        Workspace.open(settings, FixedClock())
    assert open_files(folder) == []
    (folder / spoiled).write_bytes(good)
    with Workspace.open(settings, FixedClock()) as again:
        assert again.company_count() == 6


def test_sizes_that_two_files_state_differently_are_reported(workspace: Workspace, tmp_path: Path) -> None:
    row = {"name": "Najd Test Systems", "website": "https://najd-test.com", "country": "Saudi Arabia"}
    second = write_rows(tmp_path / "second.jsonl", {**row, "market_cap": "Mega Cap"})
    workspace.import_files([second], OPTIONS)
    company = workspace.find_company("Najd Test Systems")
    assert company.market_size == "medium"
    found = [item for item in workspace.contradictions(company.company_id) if item.topic == "market_size"]
    assert [(item.first.says, item.second.quote) for item in found] == [("medium", "market_cap: Mega Cap")]
    workspace.import_files([second], OPTIONS)
    assert [item for item in workspace.contradictions(company.company_id) if item.topic == "market_size"] == found


@pytest.mark.slow
def test_two_processes_import_into_one_home_one_after_the_other(settings: Settings, tmp_path: Path) -> None:
    files = [
        write_rows(tmp_path / f"{part}.jsonl", *({"name": f"{part} Test {n}", "country": "SA"} for n in range(40)))
        for part in ("North", "South")
    ]
    running = [start_import(settings.home, file) for file in files]
    assert [process.wait(60) for process in running] == [0, 0]
    with Workspace.open(settings, FixedClock()) as both:
        assert both.company_count() == 80
        assert len(both.services.search().digests()) == 80


def test_a_lock_that_is_held_or_cannot_be_taken_is_explained(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(locks_module, "LOCK_SECONDS", 0.1)
    with (
        workspace.home.locks.hold("import"),
        pytest.raises(ConfigurationError, match="busy"),
    ):
        workspace.import_files([tmp_path / "c.jsonl"], OPTIONS)
    shutil.rmtree(workspace.home.folder / "locks")
    (workspace.home.folder / "locks").write_text("in the way", encoding="utf-8")
    with pytest.raises(ConfigurationError, match="cannot be written"):
        workspace.import_files([tmp_path / "c.jsonl"], OPTIONS)


def test_rejects_that_cannot_be_written_are_explained(workspace: Workspace, tmp_path: Path) -> None:
    file = write_rows(tmp_path / "bad.jsonl", {"name": "", "country": "SA"}, {"name": "Good Test", "country": "SA"})
    with pytest.raises(ConfigurationError, match="cannot be written"):
        workspace.import_files([file], OPTIONS, rejects_to=tmp_path / "nowhere" / "rejects.csv")
    assert workspace.find_company("Good Test").countries == ("SA",)
    workspace.import_files([file], OPTIONS, rejects_to=tmp_path / "rejects.csv")
    assert "name" in (tmp_path / "rejects.csv").read_text(encoding="utf-8-sig")


def test_a_full_store_of_vectors_leaves_an_import_that_can_be_repeated(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise ConfigurationError("The vector store cannot be used: database or disk is full", fix="Free disk space.")

    file = write_rows(tmp_path / "more.jsonl", {"name": "Later Test Cloud", "country": "Saudi Arabia"})
    with monkeypatch.context() as patch:
        patch.setattr(VectorStore, "upsert", full)
        with pytest.raises(ConfigurationError, match="disk is full"):
            workspace.import_files([file], OPTIONS)
    workspace.import_files([file], OPTIONS)
    assert workspace.find_company("Later Test Cloud").company_id in workspace.services.search().digests()


def test_counting_reads_no_company(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(CompanyStore, "companies")
    assert workspace.company_count() == 6
