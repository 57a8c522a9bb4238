"""Company rows: one row of a file as typed values, with everything that could not be read named."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import TypeVar

from partnership_os.errors import InputError
from partnership_os.schemas.base import nfc
from partnership_os.schemas.company import CompanyIdentifiers, CompanyName, CompanyStatus, NameKind, SizeBand
from partnership_os.schemas.evidence import SourceKind
from partnership_os.tools.columns import CompanyField
from partnership_os.tools.company_statements import CompanyText
from partnership_os.tools.company_status import StatusFinding, former_names, status_from_text
from partnership_os.tools.identifiers import parse_domain, parse_isin, parse_lei, parse_registry_number
from partnership_os.tools.lexicon import Lexicon
from partnership_os.tools.name_likeness import key_of, share_a_token
from partnership_os.tools.row_values import (
    parse_country,
    parse_day,
    parse_headcount,
    parse_size,
    parse_source_kind,
    parse_status_word,
    parse_year,
    parse_yes_no,
)
from partnership_os.tools.tabular_files import RawRow, RowProblem
from partnership_os.tools.text import script_of, squeeze

__all__ = ["CompanyRow", "RowReader", "TEXT_LIMIT"]

TEXT_LIMIT = 200_000
"""Characters of the longest text that becomes evidence; a longer cell rejects its row."""
_LABEL_LIMIT = 200
LONGEST_SOURCE = 500
"""Characters that a piece of evidence keeps of where it comes from."""
_RECORD_VALUE_LIMIT = 2_000
_NOTHING = frozenset(
    [
        "-",
        "--",
        "—",
        ".",
        "?",
        "n/a",
        "#n/a",
        "na",
        "none",
        "null",
        "nil",
        "nan",
        "not available",
        "لا يوجد",
        "غير متوفر",
    ]
)
_T = TypeVar("_T")


@dataclass(frozen=True)
class CompanyRow:
    """What one row says. ``fields`` are the row's own words by field, in a fixed order, the text left out.

    ``country`` is the row's country column, ``countries`` where the company is seated by the rule of
    `RowReader`; ``status`` and ``status_quote`` follow the same order of trust.
    """

    file: str
    number: int
    key: str
    source: str
    source_kind: SourceKind
    retrieved_at: datetime
    fields: tuple[tuple[str, str], ...]
    text: str
    name: str
    name_ar: str | None
    other_names: tuple[CompanyName, ...]
    identifiers: CompanyIdentifiers
    country: str | None
    countries: tuple[str, ...]
    city: str | None
    city_field: str | None
    sector: str | None
    industry: str | None
    exchange: str | None
    employees: int | None
    founded: int | None
    market_size: SizeBand | None
    offers: tuple[str, ...]
    needs: tuple[str, ...]
    status: CompanyStatus
    status_quote: str | None
    delisted: bool | None
    text_status: StatusFinding | None
    statements: CompanyText = field(repr=False, compare=False)

    @property
    def content(self) -> tuple[str, ...]:
        """What identifies the row's content, whatever its place in the file."""
        return (self.file, self.key, *(f"{name}={value}" for name, value in self.fields), self.text)

    @property
    def completeness(self) -> int:
        """How many fields the row fills; a text counts as one."""
        return len(self.fields) + bool(self.text)


class RowReader:
    """Turns raw rows of one file into `CompanyRow` values.

    The seat: a headquarters sentence in the row's own text outranks the country column (which is then reported as a
    contradiction), unless the text begins with the name of someone else; with neither, "is a Saudi Arabian company"
    counts. The city column
    stands unless it is empty or belongs to a country column that the text contradicts.

    Args:
        file: Name of the file.
        columns: Field by column.
        lexicon: Concepts for the offers and needs columns.
        source_kind: Kind of a row that does not say its own.
        retrieved_on: Day of a row that does not say its own.
    """

    def __init__(
        self,
        file: str,
        columns: Mapping[str, CompanyField],
        lexicon: Lexicon,
        source_kind: SourceKind,
        retrieved_on: date,
    ) -> None:
        self._file = file
        self._columns = columns
        self._lexicon = lexicon
        self._source_kind = source_kind
        self._retrieved_on = retrieved_on

    def read(self, raw: RawRow) -> tuple[CompanyRow | None, tuple[RowProblem, ...]]:
        """The row and the problems of its fields; None where the row as a whole cannot be used.

        Args:
            raw: A row of a file with the columns of this reader.
        """
        blocking = raw.problem or _unusable(raw.cells)
        if blocking is not None:
            return None, (blocking,)
        words = {
            field: nfc(value).strip() if field is CompanyField.SUMMARY else squeeze(value)
            for column, field in self._columns.items()
            if (value := raw.cells.get(column, ""))
        }
        words = {field: value for field, value in words.items() if not _is_nothing(field, value)}
        name_problem = _name_problem(words)
        if name_problem is not None:
            return None, (name_problem,)
        cells = _Cells(words)
        row = self._build(raw.number, cells)
        return row, tuple(cells.problems)

    def _build(self, number: int, cells: "_Cells") -> CompanyRow:
        name, name_ar = _names(cells)
        former, aliases = cells.names(CompanyField.FORMER_NAMES), cells.names(CompanyField.ALIASES)
        text = cells.words.get(CompanyField.SUMMARY, "")
        names = tuple(dict.fromkeys([name, *([name_ar] if name_ar else []), *former, *aliases]))
        statements = CompanyText(text, names)
        country = cells.parsed(CompanyField.COUNTRY, parse_country)
        city = cells.label(CompanyField.CITY)
        countries, seat_city = _seat(statements, names, country, city)
        identifiers = _identifiers(cells, countries[0] if countries else country)
        delisted = cells.parsed(CompanyField.DELISTED, parse_yes_no)
        in_text = status_from_text(statements)
        status, quote = _status(cells, delisted, in_text)
        key = identifiers.ticker or identifiers.registry_number or identifiers.lei or identifiers.domain or name
        stated = cells.words.get(CompanyField.SOURCE)
        return CompanyRow(
            file=self._file,
            number=number,
            key=key,
            source=_source(f"{self._file}#{key}"[:300], stated),
            source_kind=cells.parsed(CompanyField.SOURCE_KIND, parse_source_kind) or self._source_kind,
            retrieved_at=datetime.combine(
                cells.parsed(CompanyField.RETRIEVED_AT, parse_day) or self._retrieved_on, time(), tzinfo=UTC
            ),
            fields=cells.shown(),
            text=text,
            name=name,
            name_ar=name_ar,
            other_names=_other_names(name, former, aliases, statements),
            identifiers=identifiers,
            country=country,
            countries=countries,
            city=seat_city,
            city_field=city,
            sector=cells.label(CompanyField.SECTOR),
            industry=cells.label(CompanyField.INDUSTRY),
            exchange=cells.label(CompanyField.EXCHANGE),
            employees=cells.parsed(CompanyField.EMPLOYEES, cells.headcount),
            founded=cells.parsed(CompanyField.FOUNDED, parse_year),
            market_size=cells.parsed(CompanyField.MARKET_CAP, parse_size),
            offers=self._concepts(cells, CompanyField.OFFERS),
            needs=self._concepts(cells, CompanyField.NEEDS),
            status=status,
            status_quote=quote,
            delisted=delisted,
            text_status=in_text,
            statements=statements,
        )

    def _concepts(self, cells: "_Cells", wanted: CompanyField) -> tuple[str, ...]:
        found: set[str] = set()
        for term in _listed(cells.words.get(wanted, ""), extra=",،"):
            slug = re.sub(r"[\s\-]+", "_", term.casefold())
            if self._lexicon.get(slug) is not None:
                found.add(slug)
                continue
            mentioned = self._lexicon.concepts_of_query(term)
            found.update(mentioned)
            if not mentioned:
                cells.report(
                    wanted,
                    f"{term[:80]!r} is not a term of the lexicon",
                    "Use a slug or term of the lexicon; see the docs.",
                )
        return tuple(sorted(found))[:60]


class _Cells:
    """The words of one row by field, and the problems met while reading them."""

    def __init__(self, words: Mapping[CompanyField, str]) -> None:
        self.words = dict(words)
        self.problems: list[RowProblem] = []

    def report(self, wanted: CompanyField, reason: str, fix: str) -> None:
        self.problems.append(RowProblem(str(wanted), reason, fix))

    def label(self, wanted: CompanyField) -> str | None:
        value = self.words.get(wanted)
        if value is not None and len(value) > _LABEL_LIMIT:
            self.report(wanted, f"longer than {_LABEL_LIMIT} characters", "Shorten it.")
            return None
        return value

    def names(self, wanted: CompanyField) -> tuple[str, ...]:
        listed = _listed(self.words.get(wanted, ""))
        if any(len(item) > _LABEL_LIMIT for item in listed):
            self.report(wanted, f"a name is longer than {_LABEL_LIMIT} characters", "Separate names with ';'.")
        return tuple(item for item in listed if len(item) <= _LABEL_LIMIT)[:15]

    def parsed(self, wanted: CompanyField, parse: Callable[[str], _T]) -> _T | None:
        value = self.words.get(wanted)
        if value is None:
            return None
        try:
            return parse(value)
        except InputError as error:
            self.report(wanted, error.message, error.fix or "")
            return None

    def headcount(self, value: str) -> int:
        count, is_range = parse_headcount(value)
        if is_range:
            self.report(
                CompanyField.EMPLOYEES,
                f"{value[:40]!r} is a range; its lower end {count} was taken",
                "Give one number.",
            )
        return count

    def shown(self) -> tuple[tuple[str, str], ...]:
        return tuple(
            (str(item), self.words[item][:_RECORD_VALUE_LIMIT])
            for item in CompanyField
            if item in self.words and item is not CompanyField.SUMMARY
        )


def _unusable(cells: Mapping[str, str]) -> RowProblem | None:
    for column, value in cells.items():
        if len(value) > TEXT_LIMIT:
            reason = f"the cell has {len(value)} characters; the limit is {TEXT_LIMIT}"
            return RowProblem(column, reason, "Shorten it, and check for a missing closing quote.")
        if "\0" in value:
            return RowProblem(
                column, "the cell holds a NUL byte", "Export the file again as text, without binary data."
            )
    return None


def _is_nothing(wanted: CompanyField, value: str) -> bool:
    if wanted is CompanyField.COUNTRY and value == "NA":
        return False
    return not value or value.casefold() in _NOTHING


def _name_problem(words: Mapping[CompanyField, str]) -> RowProblem | None:
    for wanted in (CompanyField.NAME, CompanyField.NAME_AR):
        value = words.get(wanted, "")
        if len(value) > _LABEL_LIMIT:
            return RowProblem(str(wanted), f"the name is longer than {_LABEL_LIMIT} characters", "Shorten the name.")
        if any(char.isalnum() for char in value) and key_of(value):
            return None
    return RowProblem(str(CompanyField.NAME), "the row has no name", "Fill in the company's name.")


def _names(cells: _Cells) -> tuple[str, str | None]:
    name, name_ar = cells.words.get(CompanyField.NAME), cells.words.get(CompanyField.NAME_AR)
    if name is None or not key_of(name):
        name = name_ar or ""
    if name_ar is None and script_of(name) == "ar":
        name_ar = name
    return name, name_ar


def _other_names(
    name: str, former: tuple[str, ...], aliases: tuple[str, ...], statements: CompanyText
) -> tuple[CompanyName, ...]:
    listed = [CompanyName(text=item, kind=NameKind.FORMER) for item in former]
    listed += [CompanyName(text=item.name, kind=NameKind.FORMER) for item in former_names(statements, name)]
    listed += [CompanyName(text=item, kind=NameKind.BRAND) for item in aliases]
    unique: dict[str, CompanyName] = {}
    for item in listed:
        if key_of(item.text) != key_of(name):
            unique.setdefault(key_of(item.text), item)
    return tuple(unique.values())


def _source(place: str, stated: str | None) -> str:
    """Where a row stands and what it says of its own source, cut visibly, and never within a word or an address."""
    if not stated:
        return place
    room = LONGEST_SOURCE - len(place) - len("; ")
    words = stated if len(stated) <= room else stated[: room - 1].rpartition(" ")[0].rstrip(",;") + " …"
    return f"{place}; {words}"[:LONGEST_SOURCE]


def _seat(
    statements: CompanyText, names: tuple[str, ...], country: str | None, city: str | None
) -> tuple[tuple[str, ...], str | None]:
    seat = statements.seat
    if seat is not None and seat.country is not None:
        if country is None or country == seat.country:
            return (seat.country,), (seat.city if city is None else city)
        leading = statements.leading_name
        if leading is None or any(share_a_token(leading, name) for name in names):
            return (seat.country,), seat.city
        return (country,), city
    if city is None and seat is not None:
        city = seat.city
    if country is not None:
        return (country,), city
    nationality = statements.nationality if statements.text else None
    return ((nationality.country,) if nationality and nationality.country else ()), city


def _identifiers(cells: _Cells, country: str | None) -> CompanyIdentifiers:
    ticker = cells.words.get(CompanyField.TICKER)
    if ticker is not None and len(ticker) > 40:
        cells.report(CompanyField.TICKER, "longer than 40 characters", "Give the symbol only.")
        ticker = None
    return CompanyIdentifiers(
        domain=cells.parsed(CompanyField.WEBSITE, parse_domain),
        registry_number=cells.parsed(CompanyField.REGISTRY_NUMBER, lambda value: parse_registry_number(value, country)),
        lei=cells.parsed(CompanyField.LEI, parse_lei),
        isin=cells.parsed(CompanyField.ISIN, parse_isin),
        ticker=ticker,
    )


def _status(cells: _Cells, delisted: bool | None, in_text: StatusFinding | None) -> tuple[CompanyStatus, str | None]:
    stated = cells.parsed(CompanyField.STATUS, parse_status_word)
    if in_text is not None and not in_text.status.is_live:
        return in_text.status, in_text.quote
    if stated is not None and not stated.is_live:
        return stated, f"status: {cells.words[CompanyField.STATUS]}"
    if delisted:
        return CompanyStatus.DELISTED, f"delisted: {cells.words[CompanyField.DELISTED]}"
    if in_text is not None:
        return CompanyStatus.UNKNOWN, in_text.quote
    if stated is not None:
        return stated, f"status: {cells.words[CompanyField.STATUS]}"
    if delisted is False:
        return CompanyStatus.ACTIVE, f"delisted: {cells.words[CompanyField.DELISTED]}"
    return CompanyStatus.UNKNOWN, None


def _listed(value: str, extra: str = "") -> tuple[str, ...]:
    return tuple(dict.fromkeys(part.strip() for part in re.split(f"[;؛|{extra}]", value) if part.strip()))
