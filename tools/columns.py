"""Columns: which column of a file holds which field of a company, guessed from English and Arabic headers."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from partnership_os.errors import InputError
from partnership_os.tools.text import fold

__all__ = ["ColumnMapping", "ColumnUse", "CompanyField", "guess_field", "map_columns"]


class CompanyField(StrEnum):
    """What a column can hold."""

    NAME = "name"
    NAME_AR = "name_ar"
    WEBSITE = "website"
    COUNTRY = "country"
    CITY = "city"
    SECTOR = "sector"
    INDUSTRY = "industry"
    SUMMARY = "summary"
    EMPLOYEES = "employees"
    FOUNDED = "founded"
    REGISTRY_NUMBER = "registry_number"
    LEI = "lei"
    ISIN = "isin"
    TICKER = "ticker"
    EXCHANGE = "exchange"
    MARKET_CAP = "market_cap"
    DELISTED = "delisted"
    STATUS = "status"
    OFFERS = "offers"
    NEEDS = "needs"
    FORMER_NAMES = "former_names"
    ALIASES = "aliases"
    SOURCE = "source"
    SOURCE_KIND = "source_kind"
    RETRIEVED_AT = "retrieved_at"


_HEADERS: dict[CompanyField, str] = {
    CompanyField.NAME: "name;company name;company;legal name;trade name;organisation;organization;account name;name en;"
    "english name;company name en;اسم الشركة;الاسم;الشركة;اسم المنشأة;المنشأة;الاسم التجاري;الاسم بالإنجليزية",
    CompanyField.NAME_AR: "name ar;arabic name;company name ar;name arabic;الاسم بالعربية;الاسم العربي;"
    "اسم الشركة بالعربية;الاسم بالعربي",
    CompanyField.WEBSITE: "website;domain;url;web site;web;homepage;site;website url;الموقع;الموقع الإلكتروني;النطاق;"
    "رابط الموقع",
    CompanyField.COUNTRY: "country;country code;hq country;headquarters country;country name;nation;الدولة;"
    "البلد;بلد المقر",
    CompanyField.CITY: "city;hq city;town;headquarters city;المدينة;مدينة المقر",
    CompanyField.SECTOR: "sector;main sector;القطاع",
    CompanyField.INDUSTRY: "industry;activity;sub sector;line of business;النشاط;الصناعة;النشاط التجاري",
    CompanyField.SUMMARY: "summary;description;about;overview;profile;business description;company description;text;"
    "الوصف;نبذة;عن الشركة;وصف الشركة;الملخص",
    CompanyField.EMPLOYEES: "employees;headcount;number of employees;employee count;staff;full time employees;"
    "عدد الموظفين;الموظفون;عدد العاملين",
    CompanyField.FOUNDED: "founded;year founded;founding year;year;established;year established;incorporated;"
    "سنة التأسيس;تاريخ التأسيس;تأسست",
    CompanyField.REGISTRY_NUMBER: "registry number;cr number;cr;commercial registration;commercial registration number;"
    "registration number;company number;unified number;unified national number;cr no;رقم السجل التجاري;السجل التجاري;"
    "الرقم الموحد;الرقم الوطني الموحد;رقم السجل",
    CompanyField.LEI: "lei;lei code;legal entity identifier;معرف الكيان القانوني",
    CompanyField.ISIN: "isin;isin code;الرمز الدولي",
    CompanyField.TICKER: "ticker;symbol;stock symbol;ticker symbol;الرمز;رمز التداول;رمز الشركة",
    CompanyField.EXCHANGE: "exchange;stock exchange;market;السوق;البورصة;السوق المالية",
    CompanyField.MARKET_CAP: "market cap;market capitalisation;market capitalization;size;size band;القيمة السوقية;"
    "الحجم",
    CompanyField.DELISTED: "delisted;is delisted;ملغى الإدراج;ملغاة الإدراج",
    CompanyField.STATUS: "status;company status;registry status;الحالة;حالة الشركة;حالة السجل",
    CompanyField.OFFERS: "offers;capabilities;products;services;products and services;offering;القدرات;"
    "المنتجات;الخدمات;المنتجات والخدمات",
    CompanyField.NEEDS: "needs;looking for;requirements;الاحتياجات;المتطلبات",
    CompanyField.FORMER_NAMES: "former names;former name;previous names;previous name;old name;الاسم السابق;"
    "الأسماء السابقة",
    CompanyField.ALIASES: "aliases;alias;other names;also known as;aka;brands;brand;الأسماء الأخرى;الاسم المختصر;"
    "العلامة التجارية",
    CompanyField.SOURCE: "source;source url;source note;reference;المصدر",
    CompanyField.SOURCE_KIND: "source kind;source type;نوع المصدر",
    CompanyField.RETRIEVED_AT: "retrieved at;retrieved on;retrieved;as of;date retrieved;تاريخ الاسترجاع;بتاريخ",
}
"""Headers of each field; the earlier one wins where a file has several."""


@dataclass(frozen=True)
class ColumnUse:
    """What became of one column: its field, or None and why it was not used."""

    column: str
    field: CompanyField | None
    reason: str


@dataclass(frozen=True)
class ColumnMapping:
    """The mapping report of one file; ``uses`` is in the order of the file's columns."""

    file: str
    uses: tuple[ColumnUse, ...]

    @property
    def fields(self) -> dict[str, CompanyField]:
        """The columns that are used, with their fields."""
        return {use.column: use.field for use in self.uses if use.field is not None}

    @property
    def ignored(self) -> tuple[str, ...]:
        """The columns that are not used."""
        return tuple(use.column for use in self.uses if use.field is None)


def _header_key(header: str) -> str:
    return " ".join(re.sub(r"[\W_]+", " ", fold(header)).split())


_RANKED: dict[str, tuple[CompanyField, int]] = {
    _header_key(text): (field, rank)
    for field, listed in _HEADERS.items()
    for rank, text in enumerate(listed.split(";"))
}


def guess_field(header: str) -> CompanyField | None:
    """The field that a header names in English or Arabic, None where it names none that we know."""
    found = _RANKED.get(_header_key(header))
    return found[0] if found else None


def map_columns(
    file: str, columns: Sequence[str], overrides: Mapping[CompanyField, str] | None = None
) -> ColumnMapping:
    """Decide which column holds which field.

    An override wins over a guess. Where two columns mean one field, the one with the plainer header is used and
    the other is reported as ignored.

    Args:
        file: Name of the file, for messages.
        columns: Its headers in order.
        overrides: Column by field, as a person chose with ``--map``.

    Raises:
        InputError: an override names a column that the file lacks; a used header stands twice; no column holds
            a name.
    """
    chosen = dict(overrides or {})
    by_key = {_header_key(column): column for column in columns}
    owners: dict[CompanyField, str] = {}
    for field, wanted in sorted(chosen.items()):
        column = wanted if wanted in columns else by_key.get(_header_key(wanted))
        if column is None:
            raise InputError(
                f"{file}: there is no column {wanted!r} to take {field} from. Found: {_listed(columns)}.",
                fix=f"Use --map {field}=COLUMN with one of the columns found.",
                file=file,
            )
        owners[field] = column
    taken = set(owners.values())
    for column in sorted(columns, key=lambda item: (_RANKED.get(_header_key(item), ("", 99))[1], columns.index(item))):
        guessed = guess_field(column)
        if guessed is not None and guessed not in owners and column not in taken:
            owners[guessed] = column
            taken.add(column)
    _refuse_doubles(file, columns, taken)
    if CompanyField.NAME not in owners and CompanyField.NAME_AR not in owners:
        raise InputError(
            f"{file}: no column holds the company's name. Found: {_listed(columns)}.",
            fix="Name the column 'name' (or 'اسم الشركة'), or say which one it is: --map name=COLUMN.",
            file=file,
        )
    fields = {column: field for field, column in owners.items()}
    uses = (_use_of(column, fields.get(column), owners, chosen) for column in dict.fromkeys(columns))
    return ColumnMapping(file=file, uses=tuple(uses))


def _use_of(
    column: str,
    field: CompanyField | None,
    owners: Mapping[CompanyField, str],
    chosen: Mapping[CompanyField, str],
) -> ColumnUse:
    if field is not None:
        return ColumnUse(column, field, "chosen with --map" if field in chosen else "by its header")
    guessed = guess_field(column)
    if guessed is not None:
        return ColumnUse(column, None, f"{guessed} is already taken from column {owners[guessed]!r}")
    return ColumnUse(column, None, "not a field that we know; map it with --map FIELD=COLUMN")


def _refuse_doubles(file: str, columns: Sequence[str], used: set[str]) -> None:
    doubled = sorted({column for column in columns if column in used and list(columns).count(column) > 1})
    if doubled:
        raise InputError(
            f"{file}: the header {doubled[0]!r} stands more than once, so its values are ambiguous.",
            fix="Give each column its own header.",
            file=file,
        )


def _listed(columns: Sequence[str]) -> str:
    shown = ", ".join(column[:60] or "(blank)" for column in columns[:30])
    return shown + (", …" if len(columns) > 30 else "")
