"""What only a server does: other defaults, other users, other locales, and troubles on the way to it."""

import socket
import sys
import threading
import traceback
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from urllib.parse import quote

import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ProgrammingError

from partnership_os.errors import ConfigurationError, InputError
from partnership_os.schemas.company import Company
from partnership_os.schemas.need import PartnershipNeed
from partnership_os.storage import database as module
from partnership_os.storage import tables
from partnership_os.storage.company_store import CompanyStore
from partnership_os.storage.database import Database, open_database

UNSORTED = ["co_b", "co_A", "co-a", "co_é", "co_a", "CO_a", "co_Z", "co_1", "co_10", "co_2", "co_ب"]
"""Where locales disagree with the order of bytes: case, punctuation, accents."""


@pytest.fixture
def database(postgresql_url: str) -> Iterator[Database]:
    made = open_database(postgresql_url)
    yield made
    made.close()


@pytest.fixture
def strange(postgresql: Any) -> Iterator[Any]:
    """Makes empty databases with other properties."""
    with ExitStack() as stack:

        def make(options: str) -> str:
            name = postgresql.empty(options)
            stack.callback(postgresql.drop, name)
            return str(postgresql.url(name))

        yield make


@contextmanager
def opened(url: str) -> Iterator[Database]:
    database = open_database(url)
    try:
        yield database
    finally:
        database.close()


def with_option(url: str, setting: str) -> str:
    return f"{url}?options={quote(f'-c {setting}')}"


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+psycopg"])
def test_a_url_may_be_written_in_any_usual_way(postgresql_url: str, scheme: str) -> None:
    with opened(postgresql_url.replace("postgresql", scheme, 1)) as database:
        assert database.dialect == "postgresql"


def test_without_the_driver_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(ConfigurationError, match="driver") as caught:
        open_database("postgresql://user:secret@127.0.0.1:1/x")
    assert "pip install 'partnership-os[postgres]'" in str(caught.value.fix)


def test_text_sorts_as_python_sorts_it_whatever_the_locale(strange: Any) -> None:
    url = strange("ENCODING 'UTF8' LOCALE_PROVIDER icu ICU_LOCALE 'en-US'")
    with opened(url) as database, database.read() as connection:
        by_locale = (
            select(text("x"))
            .select_from(text("unnest(CAST(:ids AS text[])) AS x").bindparams(ids=UNSORTED))
            .order_by(text("x"))
        )
        assert connection.execute(by_locale).scalars().all() != sorted(UNSORTED), "this locale proves nothing"
        others = (
            "SELECT count(*) FROM information_schema.columns WHERE table_schema = 'public' AND collation_name IS {}"
        )
        assert connection.execute(text(others.format("DISTINCT FROM 'C' AND data_type LIKE 'char%'"))).scalar() == 0
        store = CompanyStore(database)
        store.save([Company(company_id=f"co_{n}", name=word) for n, word in enumerate("bAaZ")], [], [])
    with opened(url) as database:
        with database.write() as connection:
            connection.execute(insert(tables.needs), [{"need_id": item, "body": "{}"} for item in UNSORTED])
        with database.read() as connection:
            ids = tables.needs.c.need_id
            assert connection.execute(select(ids).order_by(ids)).scalars().all() == sorted(UNSORTED)
            assert connection.execute(select(ids).where(ids > "co_Z").order_by(ids)).scalars().all() == [
                item for item in sorted(UNSORTED) if item > "co_Z"
            ]


def test_a_database_that_cannot_hold_arabic_is_refused(strange: Any) -> None:
    url = strange("ENCODING 'LATIN1' LOCALE 'C'")
    with pytest.raises(ConfigurationError, match="LATIN1") as caught:
        open_database(url)
    assert "createdb --encoding=UTF8" in str(caught.value.fix)


def test_text_is_utf8_whatever_the_client_is_told(postgresql_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGCLIENTENCODING", "LATIN1")
    with opened(postgresql_url) as database:
        store = CompanyStore(database)
        store.save([Company(company_id="co_1", name="أرامكس")], [], [])
        assert store.find("أرامكس").name == "أرامكس"


@pytest.mark.parametrize("isolation", ["serializable", "repeatable read"])
def test_a_writer_that_waited_sees_what_was_written_whatever_the_default(postgresql_url: str, isolation: str) -> None:
    seen: list[int] = []
    url = with_option(postgresql_url, f"default_transaction_isolation={isolation.replace(' ', chr(92) + ' ')}")
    with opened(url) as database:
        waiting = threading.Event()

        def second() -> None:
            waiting.set()
            with database.write() as connection:
                seen.append(len(connection.execute(select(tables.needs)).all()))
                connection.execute(insert(tables.needs).values(need_id="ne_2", body="{}"))

        with database.write() as connection:
            connection.execute(insert(tables.needs).values(need_id="ne_1", body="{}"))
            thread = threading.Thread(target=second)
            thread.start()
            assert waiting.wait(10)
            _until_somebody_waits(database)
        thread.join(20)
    assert seen == [1]


def _until_somebody_waits(database: Database) -> None:
    query = text(
        "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
    )
    for _ in range(10_000):
        with database.read() as connection:
            if connection.execute(query).scalar_one():
                return
    pytest.fail("nobody stood in line")


def test_writers_of_the_same_record_do_not_collide(database: Database, need: PartnershipNeed) -> None:
    store, troubles = CompanyStore(database), list[BaseException]()

    def write(word: str) -> None:
        try:
            for number in range(10):
                store.put_need(need.model_copy(update={"title": f"{word} {number}"}))
                store.save([Company(company_id="co_1", name=f"{word} {number}")], [], [])
        except BaseException as error:
            troubles.append(error)

    threads = [threading.Thread(target=write, args=(word,)) for word in ("One", "Two", "Three", "Four")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert troubles == []
    assert store.need(need.need_id).title.endswith(" 9")
    assert store.count() == 1


def test_a_reading_transaction_cannot_write(database: Database) -> None:
    with pytest.raises(ConfigurationError, match="read-only"), database.read() as connection:
        connection.execute(insert(tables.needs).values(need_id="ne_1", body="{}"))


def test_connections_that_the_server_ended_go_unnoticed(database: Database, postgresql: Any) -> None:
    store = CompanyStore(database)
    assert store.count() == 0
    with pytest.raises(ConfigurationError) as caught, database.write() as connection:
        postgresql.sql(f"SELECT pg_terminate_backend({connection.scalar(text('SELECT pg_backend_pid()'))})")
        connection.execute(insert(tables.needs).values(need_id="ne_1", body="{}"))
    assert "Start the server" in str(caught.value.fix)
    assert store.count() == 0
    name = database.engine.url.database
    postgresql.sql(f"SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = '{name}'")
    assert store.needs() == ()


def test_a_statement_that_takes_too_long_is_explained(postgresql_url: str) -> None:
    with opened(postgresql_url) as database:
        with pytest.raises(ConfigurationError, match="statement timeout") as caught, database.read() as connection:
            connection.execute(text("SET LOCAL statement_timeout = 1"))
            connection.execute(text("SELECT pg_sleep(60)"))
        assert "statement_timeout" in str(caught.value.fix)


def test_a_writer_does_not_wait_for_ever(postgresql_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BUSY_SECONDS", 0.01)
    with (
        opened(postgresql_url) as database,
        database.write(),
        pytest.raises(ConfigurationError, match="lock timeout") as caught,
        database.write(),
    ):
        pass
    assert "Another process" in str(caught.value.fix)


@pytest.mark.parametrize(
    ("code", "said", "fix"),
    [
        ("40P01", "deadlock detected", "nothing was written"),
        ("40001", "could not serialize access", "nothing was written"),
        ("53100", "could not extend file", "Free some space"),
        ("53300", "too many connections for role", "max_connections"),
        ("25006", "cannot execute INSERT in a read-only transaction", "primary"),
        ("0A000", "cannot set transaction read-write mode during recovery", "primary"),
    ],
)
def test_what_a_server_can_say_is_explained(database: Database, code: str, said: str, fix: str) -> None:
    with pytest.raises(ConfigurationError, match=said) as caught, database.write() as connection:
        connection.execute(text(f"DO $$ BEGIN RAISE EXCEPTION '{said}' USING ERRCODE = '{code}'; END $$"))
    assert fix in str(caught.value.fix)


def test_missing_rights_are_explained(postgresql_url: str, postgresql: Any) -> None:
    role = f"partnership_{postgresql_url.rsplit('_', 1)[1]}"
    postgresql.sql(f"CREATE ROLE {role} LOGIN")
    try:
        with pytest.raises(ConfigurationError, match="permission denied") as caught:
            open_database(make_url(postgresql_url).set(username=role), "verify")
        assert "rights" in str(caught.value.fix)
    finally:
        postgresql.sql(f"DROP ROLE {role}")


def test_a_dropped_table_is_explained(database: Database) -> None:
    with database.write() as connection:
        connection.execute(text("DROP TABLE needs"))
    with pytest.raises(ConfigurationError, match="needs") as caught:
        CompanyStore(database).needs()
    assert "backup" in str(caught.value.fix)


@pytest.mark.parametrize("value", ["a\x00b", "x" * 111])
def test_a_value_that_the_server_cannot_hold_is_for_the_user_to_change(database: Database, value: str) -> None:
    with pytest.raises(InputError, match="cannot hold"), database.write() as connection:
        connection.execute(insert(tables.needs).values(need_id=value, body="{}"))


def test_a_mistake_of_ours_stays_one(database: Database) -> None:
    for statement in ("SELEKT 1", "SELECT '%D'"):
        with pytest.raises(ProgrammingError), database.read() as connection:
            connection.exec_driver_sql(statement)


def test_a_missing_database_or_user_is_explained(postgresql_url: str, postgresql: Any) -> None:
    for url, words, fix in (
        (postgresql.url("partnership_test_none"), "does not exist", "createdb"),
        (make_url(postgresql_url).set(username="nobody_of_ours"), "does not exist", "user"),
        (f"{postgresql_url}?no_such_option=1", "no_such_option", "URL"),
    ):
        with pytest.raises(ConfigurationError, match=words) as caught:
            open_database(url)
        assert fix in str(caught.value.fix), caught.value.as_dict()


def test_a_server_that_is_not_there_is_explained() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        with pytest.raises(ConfigurationError, match="refused") as caught:
            open_database(f"postgresql://user:secret@127.0.0.1:{free.getsockname()[1]}/x")
    assert "Start the server" in str(caught.value.fix)


@contextmanager
def talkative_server(password: str) -> Iterator[int]:
    """Asks for the password and says it aloud when it refuses, as no server should."""

    def answer(listener: socket.socket) -> None:
        connection, _ = listener.accept()
        with connection:
            if connection.recv(4096)[4:8] == b"\x04\xd2\x16\x2f":  # wants TLS
                connection.sendall(b"N")
                connection.recv(4096)
            connection.sendall(b"R\x00\x00\x00\x08\x00\x00\x00\x03")  # asks for the password in plain text
            connection.recv(4096)
            said = (
                f"SFATAL\x00VFATAL\x00C28P01\x00Mpassword authentication failed: {password} {quote(password)}\x00\x00"
            )
            connection.sendall(b"E" + (len(said.encode()) + 4).to_bytes(4) + said.encode())

    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        thread = threading.Thread(target=answer, args=(listener,))
        thread.start()
        yield listener.getsockname()[1]
        thread.join(10)


@pytest.mark.parametrize("place", ["authority", "query"])
def test_no_text_holds_the_password(place: str) -> None:
    password = "s3cr/t @%:&é"
    written = quote(password, safe="")
    with talkative_server(password) as port:
        url = {
            "authority": f"postgresql://user:{written}@127.0.0.1:{port}/x",
            "query": f"postgresql://user@127.0.0.1:{port}/x?password={written}",
        }[place]
        with pytest.raises(ConfigurationError, match="password authentication failed") as caught:
            open_database(url)
    told = f"{caught.value.as_dict()} {''.join(traceback.format_exception(caught.value))}"
    assert f"user@127.0.0.1:{port}/x" in caught.value.message
    assert "user or the password" in str(caught.value.fix)
    for form in (password, written, quote(password), "s3cr"):
        assert form not in told
