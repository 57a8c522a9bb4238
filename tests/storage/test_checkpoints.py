"""The checkpointer: threads outlive their process, on both databases; only data comes back."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypedDict

import pytest
from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.graph import END, START, StateGraph
from langgraph.types import Command, interrupt
from sqlalchemy import inspect, text

from partnership_os.errors import ConfigurationError, InputError
from partnership_os.storage.checkpoints import checkpoints_are_current, open_checkpointer, prepare_checkpoints
from partnership_os.storage.database import Database, Migrations, connect, open_database

THREAD: RunnableConfig = {"configurable": {"thread_id": "deal-1"}}
OPEN = """
import pathlib, sys
from partnership_os.storage.checkpoints import open_checkpointer
from partnership_os.storage.database import open_database
database = open_database(sys.argv[1])
with open_checkpointer(database, pathlib.Path(sys.argv[2])) as saver:
    print(saver.get_tuple({"configurable": {"thread_id": "none"}}))
database.close()
"""
RACE = OPEN.replace(
    "with open", "import partnership_os.storage.postgres_checkpoints; print('ready', flush=True); input()\nwith open"
)


class State(TypedDict, total=False):
    """What the little graph carries."""

    text: str
    items: list[Any]
    answer: str


@dataclass
class Intruder:
    """A class that nobody declared."""

    value: str


def _graph(saver: BaseCheckpointSaver[str]) -> Any:
    builder = StateGraph(State)
    builder.add_node("ask", lambda state: {"answer": interrupt(state["text"])})
    builder.add_edge(START, "ask")
    builder.add_edge("ask", END)
    return builder.compile(checkpointer=saver)


@contextmanager
def opened(url: str, folder: Path, migrate: Migrations = "upgrade") -> Iterator[BaseCheckpointSaver[str]]:
    database = open_database(url)
    try:
        with open_checkpointer(database, folder / "checkpoints.sqlite", migrate) as saver:
            yield saver
    finally:
        database.close()


def test_a_halted_thread_goes_on_in_another_process(database_url: str, tmp_path: Path) -> None:
    words = "نص \u202e 😀"
    with opened(database_url, tmp_path) as saver:
        _graph(saver).invoke({"text": words, "items": [1, {"a": words}]}, THREAD, durability="sync")
    with opened(database_url, tmp_path) as saver:
        graph = _graph(saver)
        snapshot = graph.get_state(THREAD)
        assert [item.value for item in snapshot.interrupts] == [words]
        assert snapshot.values == {"text": words, "items": [1, {"a": words}]}
        graph.invoke(Command(resume={snapshot.interrupts[0].id: "yes"}), THREAD, durability="sync")
        assert graph.get_state(THREAD).values["answer"] == "yes"
        assert len(list(saver.list(THREAD))) == 3


@pytest.mark.filterwarnings("ignore:.*")
def test_no_class_comes_back_from_the_store(database_url: str, tmp_path: Path) -> None:
    with opened(database_url, tmp_path) as saver:
        _graph(saver).invoke({"text": "x", "items": [Intruder("value")]}, THREAD, durability="sync")
    with opened(database_url, tmp_path) as saver:
        items = _graph(saver).get_state(THREAD).values["items"]
    assert not any(isinstance(item, Intruder) for item in items)
    assert "value" in str(items)


def test_processes_that_make_the_tables_at_once_agree(postgresql_url: str, tmp_path: Path) -> None:
    command = [sys.executable, "-c", RACE, postgresql_url, str(tmp_path / "none")]
    racers = [subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    for racer in racers:
        assert racer.stdout is not None
        assert racer.stdout.readline() == "ready\n"
    for racer in racers:
        assert racer.stdin is not None
        racer.stdin.write("go\n")
        racer.stdin.flush()
    said = [racer.communicate(timeout=100)[0] for racer in racers]
    assert [(out, racer.returncode) for racer, out in zip(racers, said, strict=True)] == [("None\n", 0)] * 3
    with opened(postgresql_url, tmp_path, "verify"):
        pass


def test_verifying_makes_no_table_and_names_the_command(postgresql_url: str, tmp_path: Path) -> None:
    database = open_database(postgresql_url, "verify")
    before = inspect(database.engine).get_table_names()
    with (
        pytest.raises(ConfigurationError, match="deal threads") as caught,
        open_checkpointer(database, tmp_path / "none", "verify"),
    ):
        pass
    assert "`partnership database upgrade`" in str(caught.value.fix)
    assert inspect(database.engine).get_table_names() == before
    assert not checkpoints_are_current(database)
    prepare_checkpoints(database)
    assert checkpoints_are_current(database)
    with open_checkpointer(database, tmp_path / "none", "verify") as saver:
        assert saver.get_tuple(THREAD) is None
    assert not (tmp_path / "none").exists()
    with database.write() as connection:
        connection.execute(
            text("DELETE FROM checkpoint_migrations WHERE v = (SELECT max(v) FROM checkpoint_migrations)")
        )
    assert not checkpoints_are_current(database)
    database.close()


def test_connections_that_the_server_ended_go_unnoticed(postgresql_url: str, postgresql: Any, tmp_path: Path) -> None:
    with opened(postgresql_url, tmp_path) as saver:
        graph = _graph(saver)
        graph.invoke({"text": "x"}, THREAD, durability="sync")
        _end_connections(postgresql, postgresql_url)
        assert graph.get_state(THREAD).interrupts[0].value == "x"


def test_a_text_that_a_server_cannot_hold_is_for_the_user_to_change(postgresql_url: str, tmp_path: Path) -> None:
    with opened(postgresql_url, tmp_path) as saver, pytest.raises(InputError, match="cannot hold"):
        _graph(saver).invoke({"text": "a\x00b"}, THREAD, durability="sync")


def _end_connections(postgresql: Any, url: str) -> None:
    name = url.rsplit("/", 1)[1]
    postgresql.sql(f"SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = '{name}'")


def test_tables_that_are_gone_are_explained(postgresql_url: str, tmp_path: Path) -> None:
    with opened(postgresql_url, tmp_path) as saver:
        graph = _graph(saver)
        database: Database = connect(postgresql_url)
        with database.write() as connection:
            connection.execute(text("DROP TABLE checkpoints"))
        database.close()
        with pytest.raises(ConfigurationError, match="checkpoints") as caught:
            graph.get_state(THREAD)
    assert "backup" in str(caught.value.fix)


def test_a_server_that_is_gone_is_explained(postgresql: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from partnership_os.storage import postgres_checkpoints

    monkeypatch.setattr(postgres_checkpoints, "_WAIT_SECONDS", 0.2)
    name = postgresql.migrated()
    with opened(postgresql.url(name), tmp_path) as saver:
        graph = _graph(saver)
        graph.invoke({"text": "x"}, THREAD, durability="sync")
        postgresql.drop(name)
        with pytest.raises(ConfigurationError, match=name) as caught:
            graph.get_state(THREAD)
    assert "Start the server" in str(caught.value.fix)


def test_without_the_saver_the_extra_is_named(
    postgresql_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "psycopg_pool", None)
    for name in ("partnership_os.storage.postgres_checkpoints", "langgraph.checkpoint.postgres"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    monkeypatch.delattr("partnership_os.storage.postgres_checkpoints", raising=False)
    with pytest.raises(ConfigurationError, match="driver") as caught, opened(postgresql_url, tmp_path):
        pass
    assert "partnership-os[postgres]" in str(caught.value.fix)


def test_a_sqlite_home_needs_no_part_of_the_extra(tmp_path: Path) -> None:
    blocked = "import sys; sys.modules.update(psycopg=None, psycopg_pool=None); "
    command = [sys.executable, "-c", blocked + OPEN, f"sqlite:///{tmp_path / 'p.db'}", str(tmp_path / "c.sqlite")]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == "None\n"


def test_a_file_that_cannot_be_used_is_explained(migrated_file: Path, tmp_path: Path) -> None:
    (tmp_path / "checkpoints.sqlite").write_bytes(b"no database at all" * 100)
    with pytest.raises(ConfigurationError, match="checkpoint file"), opened(f"sqlite:///{migrated_file}", tmp_path):
        pass
