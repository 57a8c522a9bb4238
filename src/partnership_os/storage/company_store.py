"""What we know: companies, their evidence and contradictions, and the needs, cards, sheets and deals made from them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Annotated, Final, TypeVar

from pydantic import BaseModel, Field
from sqlalchemy import Column, Select, Table, delete, func, select, update

from partnership_os.errors import InputError
from partnership_os.schemas.base import RecordId, StoredRecord, Timestamp, utc_text
from partnership_os.schemas.company import Company, CompanyStatus
from partnership_os.schemas.evidence import Contradiction, Evidence
from partnership_os.schemas.need import PartnershipNeed
from partnership_os.schemas.score_card import PartnerFitScoreCard
from partnership_os.schemas.term_sheet import PartnerTermSheet
from partnership_os.storage import tables
from partnership_os.storage.company_names import exact_key, name_keys, near_ids, spelling_key, spelt_alike
from partnership_os.storage.database import Database
from partnership_os.storage.rows import (
    CHUNK,
    Row,
    chunks,
    delete_rows,
    field_of,
    insert_rows,
    load_record,
    replace_rows,
)

NEAR: Final = 5
"""How many near companies an error offers."""
_LIVE: Final = tuple(status.value for status in CompanyStatus if status.is_live)

_Model = TypeVar("_Model", bound=BaseModel)


class Deal(StoredRecord):
    """A partnership on its way: which graph thread carries which company for which need, and who asked."""

    thread_id: Annotated[str, Field(min_length=1, max_length=100)]
    need_id: RecordId
    company_id: RecordId
    requested_by: RecordId
    created_at: Timestamp


class CompanyStore:
    """Records by id. Every `put_…` replaces what had the same id, but a version of a sheet never changes.

    Args:
        database: An open database.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def save(
        self,
        companies: Sequence[Company],
        evidence: Sequence[Evidence],
        contradictions: Sequence[Contradiction],
    ) -> None:
        """Write an import in one transaction: all of it or nothing.

        Companies and evidence replace what had their id; of two with one id the last stays. The contradictions of each
        company that is saved, or that one of these contradictions is about, replace its former ones.
        """
        companies = list({item.company_id: item for item in companies}.values())
        evidence = list({item.evidence_id: item for item in evidence}.values())
        about = sorted({item.company_id for item in companies} | {item.company_id for item in contradictions})
        ordered = sorted(contradictions, key=lambda item: (item.company_id, item.model_dump_json()))
        with self._database.write() as connection:
            replace_rows(connection, tables.companies, "company_id", [_company_row(item) for item in companies])
            names = [row for item in companies for row in _name_rows(item)]
            replace_rows(connection, tables.company_names, "company_id", names)
            replace_rows(connection, tables.evidence, "evidence_id", [_evidence_row(item) for item in evidence])
            delete_rows(connection, tables.contradictions, "company_id", about)
            rows = [
                {"company_id": company_id, "position": position, "body": item.model_dump_json()}
                for company_id, group in groupby(ordered, key=lambda item: item.company_id)
                for position, item in enumerate(group)
            ]
            insert_rows(connection, tables.contradictions, rows)

    def company(self, company_id: str) -> Company:
        """One company by its id.

        Raises:
            InputError: there is none; the error offers near ids and names.
        """
        return self._only(self._by_ids([company_id]), company_id)

    def find(self, text: str) -> Company:
        """One company by its id, one of its names, or its domain, whatever the case.

        A name in another Arabic spelling (without hamza, with ه for ة) is found where none is spelt exactly so.

        Raises:
            InputError: none is called so, or several are; the error offers their ids.
        """
        wanted, key = text.strip(), exact_key(text)
        companies = tables.companies.c
        for condition in (companies.company_id == wanted, companies.domain == key):
            found = self._all(Company, select(companies.body).where(condition).order_by(companies.company_id))
            if found:
                return self._only(found, wanted)
        named = self._named(key) or self._named(spelling_key(text))
        exact = tuple(company for company in named if key in map(exact_key, company.names))
        # Names that were stored before their folded spelling was stored with them are folded now.
        return self._only(exact or named or self._by_ids(spelt_alike(text, self._names())), wanted)

    def _only(self, found: tuple[Company, ...], wanted: str) -> Company:
        if len(found) > 1:
            which = ", ".join(f"{item.company_id} ({item.name})" for item in found[:NEAR])
            raise InputError(f"{len(found)} companies are called {wanted!r}.", fix=f"Name one by its id: {which}.")
        if not found:
            raise self._missing(wanted)
        return found[0]

    def _named(self, key: str) -> tuple[Company, ...]:
        companies, names = tables.companies.c, tables.company_names.c
        joined = select(companies.body).join(tables.company_names, names.company_id == companies.company_id)
        return self._all(Company, joined.where(names.name_key == key).order_by(companies.company_id))

    def companies(self) -> tuple[Company, ...]:
        """Every company, in order of id."""
        return self._all(Company, select(tables.companies.c.body).order_by(tables.companies.c.company_id))

    def count(self) -> int:
        """How many companies there are."""
        with self._database.read() as connection:
            return connection.execute(select(func.count()).select_from(tables.companies)).scalar_one()

    def not_live(self) -> tuple[Company, ...]:
        """The companies that cannot be partners any more, in order of id."""
        columns = tables.companies.c
        ended = field_of(columns.body, "status", self._database.dialect).not_in(_LIVE)
        return self._all(Company, select(columns.body).where(ended).order_by(columns.company_id))

    def company_pages(self, size: int = CHUNK) -> Iterator[tuple[Company, ...]]:
        """Every company in order of id, so many at a time; no page but one is held in memory.

        Each page is read by itself: a company that is written meanwhile may be seen or not.
        """
        columns = tables.companies.c
        last = ""
        while page := self._all(
            Company, select(columns.body).where(columns.company_id > last).order_by(columns.company_id).limit(size)
        ):
            yield page
            last = page[-1].company_id

    def evidence(self, evidence_id: str) -> Evidence:
        """One piece of evidence.

        Raises:
            InputError: there is none.
        """
        columns = tables.evidence.c
        found = self._one(Evidence, select(columns.body).where(columns.evidence_id == evidence_id))
        if found is None:
            raise InputError(f"There is no evidence {evidence_id!r}.", fix="Take an id from a card or an answer.")
        return found

    def evidence_of(self, company_id: str) -> tuple[Evidence, ...]:
        """Every text about a company, in order of id."""
        columns = tables.evidence.c
        query = select(columns.body).where(columns.company_id == company_id).order_by(columns.evidence_id)
        return self._all(Evidence, query)

    def evidence_of_many(self, company_ids: Iterable[str]) -> dict[str, tuple[Evidence, ...]]:
        """Every text about each of these companies, in order of id; an empty tuple where there is none."""
        columns = tables.evidence.c
        return self._of_many(Evidence, columns.company_id, columns.evidence_id, company_ids)

    def evidence_sources(self) -> Mapping[str, frozenset[str]]:
        """By company, the sources of its evidence; no text is read."""
        columns = tables.evidence.c
        found: dict[str, set[str]] = {}
        with self._database.read() as connection:
            query = select(columns.company_id, field_of(columns.body, "source", self._database.dialect)).distinct()
            for company_id, source in connection.execute(query):
                found.setdefault(company_id, set()).add(source)
        return {company_id: frozenset(sources) for company_id, sources in found.items()}

    def contradictions(self, company_id: str | None = None) -> tuple[Contradiction, ...]:
        """The contradictions of one company, or all, in order of company."""
        columns = tables.contradictions.c
        query = select(columns.body).order_by(columns.company_id, columns.position)
        return self._all(Contradiction, query if company_id is None else query.where(columns.company_id == company_id))

    def contradictions_of_many(self, company_ids: Iterable[str]) -> dict[str, tuple[Contradiction, ...]]:
        """The contradictions of each of these companies; an empty tuple where there is none."""
        columns = tables.contradictions.c
        return self._of_many(Contradiction, columns.company_id, columns.position, company_ids)

    def put_need(self, need: PartnershipNeed) -> None:
        """Store a need."""
        self._put(tables.needs, ("need_id",), {"need_id": need.need_id, "body": need.model_dump_json()})

    def need(self, need_id: str) -> PartnershipNeed:
        """One need.

        Raises:
            InputError: there is none.
        """
        found = self._one(PartnershipNeed, select(tables.needs.c.body).where(tables.needs.c.need_id == need_id))
        if found is None:
            raise InputError(f"There is no need {need_id!r}.", fix="Run `partnership discover --need FILE` first.")
        return found

    def needs(self) -> tuple[PartnershipNeed, ...]:
        """Every need, in order of id."""
        return self._all(PartnershipNeed, select(tables.needs.c.body).order_by(tables.needs.c.need_id))

    def put_card(self, card: PartnerFitScoreCard) -> None:
        """Store the card of a company for a need."""
        self.put_cards([card])

    def put_cards(self, cards: Sequence[PartnerFitScoreCard]) -> None:
        """Store the cards of a whole run in one transaction."""
        cards = list({(card.need_id, card.company_id): card for card in cards}.values())
        rows: list[Row] = [
            {"need_id": card.need_id, "company_id": card.company_id, "body": card.model_dump_json()} for card in cards
        ]
        with self._database.write() as connection:
            for need_id, group in groupby(sorted(cards, key=lambda item: item.need_id), key=lambda item: item.need_id):
                scope = tables.cards.c.need_id == need_id
                for ids in chunks([card.company_id for card in group]):
                    connection.execute(delete(tables.cards).where(scope, tables.cards.c.company_id.in_(ids)))
            insert_rows(connection, tables.cards, rows)

    def card(self, company_id: str, need_id: str) -> PartnerFitScoreCard | None:
        """The card of a company for a need; None when it was not scored for it."""
        columns = tables.cards.c
        query = select(columns.body).where(columns.company_id == company_id, columns.need_id == need_id)
        return self._one(PartnerFitScoreCard, query)

    def cards(self, need_id: str | None = None) -> tuple[PartnerFitScoreCard, ...]:
        """The cards for one need, or all, in order of need and company."""
        columns = tables.cards.c
        query = select(columns.body).order_by(columns.need_id, columns.company_id)
        return self._all(PartnerFitScoreCard, query if need_id is None else query.where(columns.need_id == need_id))

    def cards_of(self, company_id: str) -> tuple[PartnerFitScoreCard, ...]:
        """The cards of one company, in order of need."""
        columns = tables.cards.c
        query = select(columns.body).where(columns.company_id == company_id).order_by(columns.need_id)
        return self._all(PartnerFitScoreCard, query)

    def put_sheet(self, sheet: PartnerTermSheet) -> None:
        """Store a version of a term sheet; the same again changes nothing.

        Raises:
            InputError: this version is stored with another content.
        """
        columns = tables.sheets.c
        body = sheet.model_dump_json()
        with self._database.write() as connection:
            query = select(columns.body).where(columns.sheet_id == sheet.sheet_id, columns.version == sheet.version)
            stored = connection.execute(query).scalar_one_or_none()
            if stored is not None and load_record(PartnerTermSheet, stored) != sheet:
                raise InputError(
                    f"Version {sheet.version} of {sheet.sheet_id} is stored with other terms.",
                    fix="Make the change as a new version.",
                    sheet_id=sheet.sheet_id,
                )
            if stored is None:
                row: Row = {
                    "sheet_id": sheet.sheet_id,
                    "version": sheet.version,
                    "thread_id": sheet.thread_id,
                    "body": body,
                }
                insert_rows(connection, tables.sheets, [row])

    def sheet(self, sheet_id: str, version: int) -> PartnerTermSheet:
        """One version of a term sheet.

        Raises:
            InputError: there is none.
        """
        columns = tables.sheets.c
        query = select(columns.body).where(columns.sheet_id == sheet_id, columns.version == version)
        found = self._one(PartnerTermSheet, query)
        if found is None:
            raise InputError(
                f"There is no version {version} of {sheet_id!r}.", fix="See `partnership deal show THREAD`."
            )
        return found

    def sheets(self, thread_id: str) -> tuple[PartnerTermSheet, ...]:
        """Every version of the sheets of a thread, oldest first."""
        columns = tables.sheets.c
        query = select(columns.body).where(columns.thread_id == thread_id).order_by(columns.sheet_id, columns.version)
        return self._all(PartnerTermSheet, query)

    def put_deal(self, deal: Deal) -> None:
        """Store where a deal stands."""
        row = {**deal.model_dump(exclude={"schema_version"}), "created_at": utc_text(deal.created_at)}
        self._put(tables.deals, ("thread_id",), row)

    def keep_card(self, thread_id: str, card: PartnerFitScoreCard) -> None:
        """Keep with a deal the card that it rests on; the company may be scored again later."""
        one = update(tables.deals).where(tables.deals.c.thread_id == thread_id)
        with self._database.write() as connection:
            connection.execute(one.values(card_body=card.model_dump_json()))

    def card_of(self, deal: Deal) -> PartnerFitScoreCard | None:
        """The card that a deal rests on; for deals of schema 0001 the one that is stored now."""
        kept = select(tables.deals.c.card_body).where(
            tables.deals.c.thread_id == deal.thread_id, tables.deals.c.card_body.is_not(None)
        )
        return self._one(PartnerFitScoreCard, kept) or self.card(deal.company_id, deal.need_id)

    def deal(self, thread_id: str) -> Deal:
        """One deal.

        Raises:
            InputError: there is none.
        """
        found = self.deals(thread_id=thread_id)
        if not found:
            raise InputError(f"There is no deal {thread_id!r}.", fix="Take a thread id from `partnership deal list`.")
        return found[0]

    def deals(self, **ids: str) -> tuple[Deal, ...]:
        """Every deal, or those with these ids (``thread_id``, ``company_id``, ``need_id``), oldest first."""
        columns = tables.deals.c
        query = select(tables.deals).where(*(columns[name] == value for name, value in ids.items()))
        with self._database.read() as connection:
            rows = connection.execute(query.order_by(columns.created_at, columns.thread_id)).mappings()
            return tuple(Deal.model_validate({key: row[key] for key in row if key != "card_body"}) for row in rows)

    def _put(self, table: Table, keys: Sequence[str], row: Row) -> None:
        with self._database.write() as connection:
            connection.execute(delete(table).where(*(table.c[key] == row[key] for key in keys)))
            insert_rows(connection, table, [row])

    def _one(self, model: type[_Model], query: Select[tuple[str]]) -> _Model | None:
        with self._database.read() as connection:
            body = connection.execute(query).scalar_one_or_none()
        return None if body is None else load_record(model, body)

    def _all(self, model: type[_Model], query: Select[tuple[str]]) -> tuple[_Model, ...]:
        with self._database.read() as connection:
            rows = connection.execution_options(yield_per=CHUNK).execute(query).scalars()
            return tuple(load_record(model, body) for body in rows)

    def _of_many(
        self, model: type[_Model], owner: Column[str], order: Column[str] | Column[int], company_ids: Iterable[str]
    ) -> dict[str, tuple[_Model, ...]]:
        wanted = sorted(set(company_ids))
        found: dict[str, list[_Model]] = {company_id: [] for company_id in wanted}
        with self._database.read() as connection:
            for ids in chunks(wanted):
                query = select(owner, owner.table.c.body).where(owner.in_(ids)).order_by(owner, order)
                for company_id, body in connection.execute(query):
                    found[company_id].append(load_record(model, body))
        return {company_id: tuple(items) for company_id, items in found.items()}

    def _by_ids(self, company_ids: Sequence[str]) -> tuple[Company, ...]:
        columns = tables.companies.c
        return self._all(
            Company, select(columns.body).where(columns.company_id.in_(company_ids)).order_by(columns.company_id)
        )

    def _names(self) -> Sequence[tuple[str, str]]:
        columns = tables.company_names.c
        query = select(columns.name_key, columns.company_id).order_by(columns.company_id)
        with self._database.read() as connection:
            return [(row.name_key, row.company_id) for row in connection.execute(query)]

    def _missing(self, text: str) -> InputError:
        near = near_ids(text, self._names(), NEAR)
        found = sorted(self._by_ids(near), key=lambda company: near.index(company.company_id))
        offered = ", ".join(f"{company.company_id} ({company.name})" for company in found)
        fix = f"Did you mean {offered}?" if near else "Import it first: `partnership import FILE`."
        return InputError(f"There is no company {text!r}.", fix=fix, company_id=text)


def _company_row(company: Company) -> Row:
    domain = company.identifiers.domain
    return {
        "company_id": company.company_id,
        "domain": None if domain is None else exact_key(domain),
        "body": company.model_dump_json(),
    }


def _name_rows(company: Company) -> list[Row]:
    keys = dict.fromkeys(key for name in company.names for key in name_keys(name))
    return [{"company_id": company.company_id, "name_key": key} for key in keys]


def _evidence_row(item: Evidence) -> Row:
    return {"evidence_id": item.evidence_id, "company_id": item.company_id, "body": item.model_dump_json()}
