"""What a database says when it fails, as errors that say how to mend it. No text here holds a password."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final
from urllib.parse import quote, quote_plus

from sqlalchemy.engine import URL
from sqlalchemy.exc import DatabaseError, DataError, DBAPIError, IntegrityError, ProgrammingError
from sqlalchemy.exc import TimeoutError as NoFreeConnectionError

from partnership_os.errors import ConfigurationError, InputError

_BUSY: Final = "Another process holds it; wait, or end that process, and try again."
_SPACE: Final = "Free some space; nothing was written."
_AGAIN: Final = "Try again; nothing was written."
_UNREACHABLE: Final = "Start the server, or wait until it answers, and try again; what was done is not done twice."
_WHO: Final = "Correct the user or the password in the database URL."
_RIGHTS: Final = "Give the user of the database URL rights on these tables, or use the user who owns them."
_TABLES: Final = "Run `partnership database upgrade`, or restore the database from a backup."
_CONNECTIONS: Final = "Raise max_connections of the server, or run fewer processes."

_PRIMARY: Final = "Use the URL of the primary server; this one can only be read."

_BY_CODE: Final = {
    "25006": _PRIMARY,
    "3F000": "Name a schema that exists in the search_path of the user.",
    "40001": _AGAIN,
    "40P01": _AGAIN,
    "42501": _RIGHTS,
    "42P01": _TABLES,
    "53100": _SPACE,
    "53300": _CONNECTIONS,
    "55P03": _BUSY,
    "57014": "Give this user a longer statement_timeout; nothing was written.",
    "57P01": _UNREACHABLE,
    "57P03": _UNREACHABLE,
}
"""What helps against an SQLSTATE of PostgreSQL; see appendix A of its manual."""
_BY_WORDS: Final = {
    "locked": _BUSY,
    "readonly": "Make the file and its folder writable for this user.",
    "disk is full": _SPACE,
    "unable to open": "Make the folder and the file readable and writable, or choose another home.",
    "disk i/o": "Check the disk and free some space; nothing was written.",
    "not a database": "Choose another home, or restore the file from a backup.",
    "malformed": "Restore the file from a backup.",
    # libpq gives no code when it cannot connect
    "password": _WHO,
    "role ": _WHO,
    "pg_hba.conf": "Allow this user and this machine in pg_hba.conf of the server.",
    'database "': "Create it with createdb, or correct the name in the database URL.",
    "too many": _CONNECTIONS,
    "during recovery": _PRIMARY,
    "connection option": "Correct the options after the ? in the database URL.",
    "connection": _UNREACHABLE,
    "host name": "Correct the host in the database URL.",
}
"""What helps when a text of the driver holds these words; the first that fits counts."""
_OURS: Final = (IntegrityError, ProgrammingError)
"""Kinds of error that are a broken constraint or a bug of ours, unless their code is in the table above."""


def place_of(url: URL) -> str:
    """Where a database is, without a password and without the query, which can hold one."""
    if url.get_backend_name() == "sqlite":
        return str(url.database)
    bare = URL.create("postgresql", username=url.username, host=url.host, port=url.port, database=url.database)
    return bare.render_as_string()


def unusable(url: URL, error: BaseException) -> ConfigurationError:
    """The error for an operator in place of the one that the driver raised.

    Args:
        url: Of the database.
        error: From the driver itself.
    """
    trouble = _first_line(error, url)
    return ConfigurationError(
        f"The database {place_of(url)} cannot be used: {trouble}.", fix=_fix(trouble, getattr(error, "sqlstate", None))
    )


def unstorable(url: URL, error: BaseException) -> InputError:
    """The error for whoever gave a value that the server takes in no column of this kind."""
    return InputError(f"The database cannot hold a value: {_first_line(error, url)}.", fix="Shorten or correct it.")


def driver_missing() -> ConfigurationError:
    """The error for a PostgreSQL URL where only the default parts were installed."""
    return ConfigurationError(
        "The driver for PostgreSQL is not installed.", fix="Run: pip install 'partnership-os[postgres]'"
    )


@contextmanager
def explained(url: URL) -> Iterator[None]:
    """Turn the troubles that an operator can mend into errors that say how. A broken constraint stays what it is.

    Raises:
        ConfigurationError: instead of the driver's own error.
        InputError: a value is too long, too large, or holds a character that PostgreSQL cannot store.
    """
    try:
        yield
    except NoFreeConnectionError:
        raise ConfigurationError(
            f"The database {place_of(url)} cannot be used: every connection of this process is busy.",
            fix="Do less at once in one process, or try again.",
        ) from None
    except DataError as error:
        raise unstorable(url, error.orig or error) from None
    except DatabaseError as error:
        if isinstance(error, _OURS) and not _is_of_the_operator(error):
            raise
        raise unusable(url, error.orig or error) from None


def _is_of_the_operator(error: DBAPIError) -> bool:
    """True for missing rights and tables, and for what is wrong with the URL before any statement is sent."""
    return getattr(error.orig, "sqlstate", None) in _BY_CODE or error.statement is None


def _first_line(error: BaseException, url: URL) -> str:
    first, *_ = _without_secrets(str(error), url).split("\n")
    return " ".join(first.split()).rstrip(".") or type(error).__name__


def _fix(trouble: str, code: str | None) -> str:
    if code in _BY_CODE:
        return _BY_CODE[code]
    lowered = trouble.lower()
    return next((fix for sign, fix in _BY_WORDS.items() if sign in lowered), "Check the server and the database URL.")


def _without_secrets(text: str, url: URL) -> str:
    """The text without the password, however it was written in the URL."""
    values = [url.password, *(url.query.get(name) for name in url.query if "pass" in name.lower())]
    secrets = {part for value in values for part in (value if isinstance(value, tuple) else (value,)) if part}
    forms = {form for secret in secrets for form in (secret, quote(secret), quote(secret, safe=""), quote_plus(secret))}
    if not forms:
        return text
    return re.sub("|".join(re.escape(form) for form in sorted(forms, key=len, reverse=True)), "***", text)
