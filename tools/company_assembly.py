"""Company assembly: the rows of one company, and what was stored of it, as one record."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import TypeVar
from unicodedata import normalize

from partnership_os.schemas.company import Company, CompanyIdentifiers, CompanyName, CompanyStatus, NameKind
from partnership_os.tools.company_rows import CompanyRow
from partnership_os.tools.name_likeness import key_of
from partnership_os.tools.text import strip_legal_forms

__all__ = ["Sources", "assemble", "identity_of_company", "representative_first"]

_LONGEST_SLUG = 40
_MOST_NAMES = 40
_MOST_EVIDENCE = 500
_GONE = frozenset({CompanyStatus.ACQUIRED, CompanyStatus.MERGED, CompanyStatus.LIQUIDATED})
_T = TypeVar("_T")


@dataclass(frozen=True)
class Sources:
    """What a company is assembled from, in order of trust.

    ``newer`` are changed versions of rows that it was made from and outrank what is stored; ``added`` are rows
    of other sources and only fill what is missing.
    """

    newer: tuple[CompanyRow, ...]
    stored: Company | None
    added: tuple[CompanyRow, ...]

    @property
    def rows(self) -> tuple[CompanyRow, ...]:
        """Every row, the most trusted first."""
        return self.newer + self.added


def representative_first(rows: Iterable[CompanyRow]) -> tuple[CompanyRow, ...]:
    """Rows in order of trust: the most complete first, then by content, whatever order they came in."""
    return tuple(sorted(rows, key=lambda row: (-row.completeness, row.content)))


def identity_of_company(rows: Sequence[CompanyRow], shared_domains: frozenset[str], salt: str = "") -> str:
    """The id of a new company: a readable slug and eight hex digits of the strongest key its rows have.

    Registry number, LEI and domain in this order, else name and country; so the id is the same in every run
    and for every order of rows.

    Args:
        rows: Its rows, the representative first.
        shared_domains: Domains that identify nobody.
        salt: Tells apart two companies that would get the same id.
    """
    first = rows[0]
    numbers = [row.identifiers for row in rows]
    domains = [item.domain for item in numbers if item.domain and item.domain not in shared_domains]
    keys = (
        [f"registry|{item.registry_number}" for item in numbers if item.registry_number]
        + [f"lei|{item.lei}" for item in numbers if item.lei]
        + [f"domain|{domain}" for domain in domains]
        + [f"name|{key_of(first.name)}|{first.countries[0] if first.countries else ''}"]
    )
    digest = sha256((keys[0] + salt).encode()).hexdigest()[:8]
    return f"co_{_slug(first.name) or _slug((domains or ['company'])[0].split('.')[0])}_{digest}"


def _slug(name: str) -> str:
    """The Latin letters and digits of a name; empty where it has no Latin letter."""
    latin = normalize("NFKD", strip_legal_forms(name)).encode("ascii", "ignore").decode()
    slug = re.sub(r"[^a-z0-9]+", "-", latin.lower()).strip("-")
    return slug[:_LONGEST_SLUG].strip("-") if any(char.isalpha() for char in slug) else ""


def assemble(company_id: str, sources: Sources, evidence_ids: Sequence[str], shared_domains: frozenset[str]) -> Company:
    """One company record; each field is the first known value in order of trust.

    Args:
        company_id: Its id, kept for ever.
        sources: What it is made from; at least one row or a stored company.
        evidence_ids: Ids of the evidence of its rows, new ones only.
        shared_domains: Domains that identify nobody and are left out.
    """
    status, reason = _status(sources)
    name, name_ar = _first(sources, lambda item: item.name), _first(sources, lambda item: item.name_ar)
    domain = _first(
        sources, lambda item: None if item.identifiers.domain in shared_domains else item.identifiers.domain
    )
    stored_ids = sources.stored.evidence_ids if sources.stored else ()
    return Company(
        company_id=company_id,
        name=name or "",
        name_ar=name_ar,
        other_names=_other_names(sources, name or "", name_ar),
        identifiers=CompanyIdentifiers(
            domain=domain,
            registry_number=_first(sources, lambda item: item.identifiers.registry_number),
            lei=_first(sources, lambda item: item.identifiers.lei),
            isin=_first(sources, lambda item: item.identifiers.isin),
            ticker=_first(sources, lambda item: item.identifiers.ticker),
        ),
        sector=_first(sources, lambda item: item.sector),
        industry=_first(sources, lambda item: item.industry),
        countries=_first(sources, lambda item: item.countries) or (),
        city=_first(sources, lambda item: item.city),
        exchange=_first(sources, lambda item: item.exchange),
        employees=_first(sources, lambda item: item.employees),
        founded=_first(sources, lambda item: item.founded),
        market_size=_first(sources, lambda item: item.market_size),
        offers=_union(sources, lambda item: item.offers),
        needs=_union(sources, lambda item: item.needs),
        status=status,
        status_reason=reason[:1_000] if reason else None,
        evidence_ids=tuple(dict.fromkeys([*stored_ids, *sorted(evidence_ids)]))[:_MOST_EVIDENCE],
    )


def _in_order(sources: Sources) -> tuple[Company | CompanyRow, ...]:
    return (*sources.newer, *([sources.stored] if sources.stored else []), *sources.added)


def _first(sources: Sources, value_of: Callable[[Company | CompanyRow], _T | None]) -> _T | None:
    values = (value_of(item) for item in _in_order(sources))
    return next((value for value in values if value not in (None, ())), None)


def _union(sources: Sources, values_of: Callable[[Company | CompanyRow], tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(sorted({value for item in _in_order(sources) for value in values_of(item)}))[:60]


def _other_names(sources: Sources, name: str, name_ar: str | None) -> tuple[CompanyName, ...]:
    """Every other name; what was the stored name becomes a former name where a newer row has another."""
    listed: list[CompanyName] = []
    if sources.stored is not None:
        listed += sources.stored.other_names
        listed.append(CompanyName(text=sources.stored.name, kind=NameKind.FORMER))
    for row in sources.rows:
        listed += row.other_names
        present = [row.name, *([row.name_ar] if row.name_ar else [])]
        listed += [CompanyName(text=text, kind=NameKind.LEGAL) for text in present]
    own = {key_of(text) for text in (name, name_ar) if text}
    unique: dict[str, CompanyName] = {}
    for item in listed:
        if key_of(item.text) not in own:
            unique.setdefault(key_of(item.text), item)
    return tuple(unique.values())[:_MOST_NAMES]


def _status(sources: Sources) -> tuple[CompanyStatus, str | None]:
    """A newer row decides alone; among the rest the first report of an end outranks any sign of life.

    Delisting does not: one security of a company can be delisted while another is traded.
    """
    newer = [(row.status, row.status_quote) for row in sources.newer]
    others = [(sources.stored.status, sources.stored.status_reason)] if sources.stored else []
    others += [(row.status, row.status_quote) for row in sources.added]
    for candidates in (newer, others):
        for wanted in (_GONE, {CompanyStatus.ACTIVE}, {CompanyStatus.DELISTED}):
            found = next((item for item in candidates if item[0] in wanted), None)
            if found is not None:
                return found
    return next((item for item in newer + others if item[1]), (CompanyStatus.UNKNOWN, None))
