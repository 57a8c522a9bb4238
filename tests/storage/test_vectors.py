"""The vector store, on real Chroma folders."""

import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from shutil import rmtree
from time import sleep

import numpy as np
import pytest
from chromadb.api.shared_system_client import SharedSystemClient

from partnership_os.errors import ConfigurationError
from partnership_os.storage.vectors import FloatArray, MetadataValue, VectorStore

DIMS = 8


def unit_rows(count: int, seed: int = 0) -> FloatArray:
    rows = np.random.default_rng(seed).standard_normal((count, DIMS)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    return rows


@pytest.fixture
def store(tmp_path: Path) -> Iterator[VectorStore]:
    opened = VectorStore(tmp_path / "vectors", "test-1/8", DIMS)
    yield opened
    opened.close()


def fill(store: VectorStore, count: int = 5) -> FloatArray:
    rows = unit_rows(count)
    flags = ["country_SA", "country_AE"]
    metadatas: list[dict[str, MetadataValue]] = [
        {"digest": f"d{row}", "live": True, flags[row % 2]: True} for row in range(count)
    ]
    store.upsert([f"co_{row}" for row in range(count)], rows, metadatas)
    return rows


def test_rows_come_back_sorted_and_exact_whatever_the_order_of_writing(store: VectorStore) -> None:
    rows = unit_rows(3)
    store.upsert(["co_c", "co_a", "co_b"], rows, [{"digest": name} for name in "cab"])
    ids, matrix = store.get_vectors()
    assert ids == ("co_a", "co_b", "co_c")
    assert matrix.dtype == np.float32
    np.testing.assert_array_equal(matrix, rows[[1, 2, 0]])


def test_filters_count_and_select(store: VectorStore) -> None:
    fill(store)
    assert store.count() == 5
    assert store.count({"country_SA": True}) == 3
    ids, matrix = store.get_vectors({"$or": [{"country_AE": True}, {"country_unknown": True}]})
    assert ids == ("co_1", "co_3")
    assert matrix.shape == (2, DIMS)
    assert store.get_vectors({"country_QA": True})[1].shape == (0, DIMS)
    assert store.get_vectors(ids=["co_4", "co_0", "co_none"])[0] == ("co_0", "co_4")


def test_query_gives_cosine_similarity_of_matching_rows(store: VectorStore) -> None:
    rows = fill(store)
    found = store.query(rows[2], {"country_SA": True}, 10)
    assert found[0][0] == "co_2"
    assert {name for name, _ in found} == {"co_0", "co_2", "co_4"}
    exact = {f"co_{row}": float(rows[row] @ rows[2]) for row in range(5)}
    assert all(similarity == pytest.approx(exact[name], abs=1e-5) for name, similarity in found)


def test_query_of_an_empty_store_finds_nothing(store: VectorStore) -> None:
    assert store.query(unit_rows(1)[0], None, 3) == []


def test_a_second_write_replaces_vector_and_every_flag(store: VectorStore) -> None:
    fill(store)
    fresh = unit_rows(1, seed=9)
    store.upsert(["co_0"], fresh, [{"digest": "new", "country_AE": True}])
    assert store.count() == 5
    assert store.count({"country_SA": True}) == 2
    assert store.count({"live": True}) == 4
    assert store.digests()["co_0"] == "new"
    assert store.digests(["co_0", "co_1", "co_none"]) == {"co_0": "new", "co_1": "d1"}
    np.testing.assert_array_equal(store.get_vectors(ids=["co_0"])[1], fresh)


def test_delete_removes_and_ignores_strangers(store: VectorStore) -> None:
    fill(store)
    store.delete(["co_1", "co_nobody"])
    assert sorted(store.digests()) == ["co_0", "co_2", "co_3", "co_4"]


def test_every_write_moves_the_revision(store: VectorStore) -> None:
    seen = [store.revision()]
    fill(store)
    seen.append(store.revision())
    store.delete(["co_1"])
    seen.append(store.revision())
    assert seen == sorted(set(seen))


def test_another_process_sees_rows_and_revision(store: VectorStore, tmp_path: Path) -> None:
    fill(store)
    script = (
        "import sys; from pathlib import Path; from partnership_os.storage.vectors import VectorStore\n"
        "store = VectorStore(Path(sys.argv[1]), 'test-1/8', 8)\n"
        "store.delete(['co_0']); print(store.count(), store.revision())\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path / "vectors")], capture_output=True, text=True, check=True
    )
    assert run.stdout.split() == ["4", str(store.revision())]
    assert store.get_vectors()[0] == ("co_1", "co_2", "co_3", "co_4")


@pytest.mark.parametrize(
    ("ids", "rows", "metadatas"),
    [
        (["co_a"], unit_rows(2), [{"digest": "a"}]),
        (["co_a"], unit_rows(1)[:, :4], [{"digest": "a"}]),
        (["co_a"], unit_rows(1), []),
        (["co_a", "co_a"], unit_rows(2), [{"digest": "a"}, {"digest": "b"}]),
    ],
)
def test_misshapen_writes_are_refused_and_nothing_is_written(
    store: VectorStore, ids: list[str], rows: FloatArray, metadatas: list[dict[str, str]]
) -> None:
    with pytest.raises(ValueError, match="do not fit"):
        store.upsert(ids, rows, metadatas)
    assert store.count() == 0


@pytest.mark.parametrize(("name", "dims"), [("other-1/8", 8), ("test-1/8", 16)])
def test_a_store_of_another_embedding_is_refused(tmp_path: Path, name: str, dims: int) -> None:
    first = VectorStore(tmp_path / "vectors", "test-1/8", DIMS)
    fill(first)
    first.close()
    with pytest.raises(ConfigurationError) as caught:
        VectorStore(tmp_path / "vectors", name, dims)
    assert "'test-1/8'" in caught.value.message
    assert f"'{name}' ({dims} dimensions)" in caught.value.message
    assert caught.value.fix is not None and "partnership import --reindex" in caught.value.fix


def test_rebuild_starts_empty_with_the_new_embedding(tmp_path: Path) -> None:
    first = VectorStore(tmp_path / "vectors", "test-1/8", DIMS)
    fill(first)
    first.close()
    second = VectorStore(tmp_path / "vectors", "other-1/4", 4, rebuild=True)
    assert second.count() == 0
    second.upsert(["co_z"], np.eye(4, dtype=np.float32)[:1], [{"digest": "z"}])
    second.close()
    third = VectorStore(tmp_path / "vectors", "other-1/4", 4)
    assert third.digests() == {"co_z": "z"}
    third.close()


def test_a_rebuild_is_seen_by_those_who_have_the_store_open(store: VectorStore, tmp_path: Path) -> None:
    fill(store)
    seen = store.revision()
    same = VectorStore(tmp_path / "vectors", "test-1/8", DIMS, rebuild=True)
    same.upsert(["co_new"], unit_rows(1), [{"digest": "new"}])
    same.close()
    assert store.revision() > seen
    assert store.get_vectors()[0] == ("co_new",)
    VectorStore(tmp_path / "vectors", "other-1/8", DIMS, rebuild=True).close()
    with pytest.raises(ConfigurationError, match="'other-1/8'"):
        store.revision()


@pytest.mark.parametrize("spoil", ["damaged", "other embedding"])
def test_after_a_failed_opening_the_folder_can_be_removed_and_used_again(tmp_path: Path, spoil: str) -> None:
    folder = tmp_path / "vectors"
    if spoil == "damaged":
        folder.mkdir()
        (folder / "chroma.sqlite3").write_bytes(b"garbage" * 1_000)
    else:
        VectorStore(folder, "other-1/8", DIMS).close()
    for _ in range(2):
        with pytest.raises(ConfigurationError):
            VectorStore(folder, "test-1/8", DIMS)
    rmtree(folder)
    again = VectorStore(folder, "test-1/8", DIMS)
    fill(again)
    assert again.count() == 5
    again.close()
    assert not SharedSystemClient._identifier_to_system.get(str(folder))


def test_a_damaged_store_names_the_way_out(tmp_path: Path) -> None:
    folder = tmp_path / "vectors"
    folder.mkdir()
    (folder / "chroma.sqlite3").write_bytes(b"garbage" * 1_000)
    with pytest.raises(ConfigurationError) as caught:
        VectorStore(folder, "test-1/8", DIMS)
    assert str(folder) in caught.value.message
    assert caught.value.fix is not None and "--reindex" in caught.value.fix


def test_a_file_in_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "vectors").write_text("not a folder")
    with pytest.raises(ConfigurationError, match="cannot be used"):
        VectorStore(tmp_path / "vectors", "test-1/8", DIMS)
    with pytest.raises(ConfigurationError, match="cannot be used"):
        VectorStore(tmp_path / "vectors" / "below", "test-1/8", DIMS)


@pytest.mark.parametrize(
    ("reason", "advice"),
    [
        ("database or disk is full", "Free disk space"),
        ("No space left on device (os error 28)", "Free disk space"),
        ("error returned from database: (code: 5) database is locked", "Another process"),
        ("attempt to write a readonly database", "right to write"),
    ],
)
def test_advice_follows_what_chroma_reports(
    store: VectorStore, monkeypatch: pytest.MonkeyPatch, reason: str, advice: str
) -> None:
    from chromadb.api.models.Collection import Collection
    from chromadb.errors import InternalError

    def broken(*_: object, **__: object) -> None:
        raise InternalError(reason)

    monkeypatch.setattr(Collection, "add", broken)
    with pytest.raises(ConfigurationError) as caught:
        fill(store)
    assert reason in caught.value.message
    assert caught.value.fix is not None and advice in caught.value.fix


def test_a_server_that_is_not_there_is_a_configuration_error() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    with pytest.raises(ConfigurationError) as caught:
        VectorStore(f"http://127.0.0.1:{port}", "test-1/8", DIMS)
    assert caught.value.fix is not None and "PARTNERSHIP_CHROMA_URL" in caught.value.fix


def test_importing_the_module_does_not_import_chroma() -> None:
    script = "import sys, partnership_os.storage.vectors; print('chromadb' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "False"


def test_the_embedded_store_opens_no_socket(tmp_path: Path) -> None:
    """A fresh process with sockets that raise: pytest-socket guards this process, but Chroma may be loaded already."""
    script = (
        "import socket, sys; from pathlib import Path\n"
        "def refuse(*a, **k): raise SystemExit('a socket was opened')\n"
        "socket.socket.connect = socket.create_connection = socket.getaddrinfo = refuse\n"
        "import numpy; from partnership_os.storage.vectors import VectorStore\n"
        "store = VectorStore(Path(sys.argv[1]), 'test-1/8', 8)\n"
        "store.upsert(['co_a'], numpy.eye(8, dtype='float32')[:1], [{'digest': 'a'}])\n"
        "print(store.query(numpy.eye(8, dtype='float32')[0], None, 1)[0][0]); store.close()\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path / "v")], capture_output=True, text=True, check=False
    )
    assert (run.returncode, run.stdout.strip()) == (0, "co_a"), run.stderr


CLIENT = """
import json, sys, numpy
from partnership_os.errors import ConfigurationError
from partnership_os.storage.vectors import VectorStore
rows = numpy.eye(8, dtype='float32')
store = VectorStore(sys.argv[1], 'test-1/8', 8)
store.upsert(['co_b', 'co_a'], rows[:2], [{'digest': 'b', 'live': True}, {'digest': 'a'}])
store.upsert(['co_b'], rows[3:4], [{'digest': 'b2'}])
ids, matrix = store.get_vectors()
said = [ids, matrix.argmax(axis=1).tolist(), store.digests()]
said += [store.count({'live': True}), store.query(rows[1], None, 1)]
try:
    VectorStore(sys.argv[1], 'other-1/8', 8)
except ConfigurationError as error:
    said.append(error.message)
print(json.dumps(said))
"""


@pytest.fixture
def chroma_server(tmp_path: Path) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    program = Path(sys.executable).with_name("chroma")
    command = [str(program), "run", "--path", str(tmp_path / "server"), "--host", "127.0.0.1", "--port", str(port)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        for _ in range(300):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            sleep(0.1)
        yield f"http://127.0.0.1:{port}"
        server.terminate()


@pytest.mark.slow
def test_a_chroma_server_keeps_the_same_promises(chroma_server: str) -> None:
    """The client runs in a process of its own: Chroma's HTTP client leaves its sockets to the garbage collector."""
    run = subprocess.run([sys.executable, "-c", CLIENT, chroma_server], capture_output=True, text=True, check=True)
    ids, directions, digests, live, found, refusal = json.loads(run.stdout)
    assert (ids, directions, digests, live) == (["co_a", "co_b"], [1, 3], {"co_a": "a", "co_b": "b2"}, 0)
    assert found == [["co_a", 1.0]]
    assert "'test-1/8'" in refusal and "'other-1/8'" in refusal
