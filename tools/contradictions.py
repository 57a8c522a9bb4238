"""Contradictions: where a row disagrees with itself or with another row about the same company."""

import re
from collections.abc import Callable, Sequence
from unicodedata import combining, normalize

from rapidfuzz import fuzz

from partnership_os.schemas.company import Company, CompanyStatus
from partnership_os.schemas.evidence import Contradiction, ContradictionSide
from partnership_os.tools.columns import CompanyField
from partnership_os.tools.company_rows import CompanyRow
from partnership_os.tools.countries import country_code, country_name
from partnership_os.tools.name_likeness import key_of, share_a_token
from partnership_os.tools.text import fold, script_of

__all__ = ["contradictions_between", "contradictions_with_stored", "contradictions_within"]

_HOME_MARKETS = {
    "sau": "SA",
    "tadawul": "SA",
    "saudi exchange": "SA",
    "dfm": "AE",
    "adx": "AE",
    "qse": "QA",
    "doh": "QA",
    "kuw": "KW",
    "boursa kuwait": "KW",
    "bah": "BH",
    "msx": "OM",
    "mus": "OM",
}
"""Exchanges whose listings are nearly all companies of one country; others list too many foreign ones to tell."""
_SIZE_FIELD = CompanyField.MARKET_CAP.value
_ONE_CHINA = frozenset({"CN", "HK", "MO"})
_INTERNATIONAL_ISIN = frozenset({"XS", "XF", "EU", "QS"})


def contradictions_within(row: CompanyRow, company_id: str) -> tuple[Contradiction, ...]:
    """Every place where one row's fields contradict each other or the row's own text, each with both quotes.

    Args:
        row: The row.
        company_id: The company it belongs to.
    """
    found = (
        _country_and_text(row),
        _city_and_text(row),
        _isin_and_country(row),
        _exchange_and_country(row),
        _founded_and_text(row),
        _name_and_text(row),
        _status_and_text(row),
    )
    return tuple(
        Contradiction(company_id=company_id, topic=topic, first=first, second=second, note=note)
        for topic, first, second, note in (item for item in found if item is not None)
    )


_Found = tuple[str, ContradictionSide, ContradictionSide, str | None]


def _field_side(row: CompanyRow, field: str, says: str) -> ContradictionSide:
    value = dict(row.fields).get(field)
    quote = "" if value is None else f"{field}: {value}"
    return ContradictionSide(says=says[:200], source=row.source, quote=quote)


def _text_side(row: CompanyRow, says: str, quote: str) -> ContradictionSide:
    return ContradictionSide(says=says[:200], source=row.source, quote=quote[:8_000])


def _country_and_text(row: CompanyRow) -> _Found | None:
    if row.country is None or not row.text:
        return None
    seat = row.statements.seat
    if seat is None or seat.country is None:
        seat = row.statements.nationality
    if seat is None or seat.country is None or seat.country == row.country or {seat.country, row.country} <= _ONE_CHINA:
        return None
    wins = row.countries == (seat.country,)
    return (
        "country",
        _field_side(row, "country", country_name(row.country)),
        _text_side(row, country_name(seat.country), seat.quote),
        "The headquarters sentence of the text is used." if wins else "The country column is used; check.",
    )


def _city_and_text(row: CompanyRow) -> _Found | None:
    seat = row.statements.seat if row.text else None
    if row.city_field is None or seat is None or seat.city is None:
        return None
    field, stated = _place_key(row.city_field), _place_key(seat.city)
    joined, together = field.replace(" ", ""), stated.replace(" ", "")
    near = (
        max(fuzz.token_sort_ratio(field, stated), fuzz.ratio(joined, together)) >= 80
        or joined in _place_key(seat.quote).replace(" ", "")
        or together in joined
    )
    if near or country_code(seat.city) is not None or script_of(field) != script_of(stated):
        return None
    note = (
        "The city column is used."
        if row.city == row.city_field
        else "The text is used, since it contradicts the country too."
    )
    return "city", _field_side(row, "city", row.city_field), _text_side(row, seat.city, seat.quote), note


_LIGATURES = str.maketrans({"æ": "ae", "œ": "oe", "ø": "o", "ß": "ss", "ı": "i"})
_PLACE_WORDS = {
    "makkah": "mecca",
    "madinah": "medina",
    "bangalore": "bengaluru",
    "gurgaon": "gurugram",
    "mt": "mount",
    "st": "saint",
    "south": "selatan",
    "north": "utara",
    "east": "timur",
    "west": "barat",
    "central": "pusat",
    "the": "",
    "city": "",
}


def _place_key(place: str) -> str:
    """The words of a place without accents and in one spelling, so that two habits of writing meet."""
    plain = "".join(char for char in normalize("NFD", fold(place).translate(_LIGATURES)) if not combining(char))
    return " ".join(filter(None, (_PLACE_WORDS.get(word, word) for word in re.findall(r"\w+", plain))))


def _isin_and_country(row: CompanyRow) -> _Found | None:
    isin = row.identifiers.isin
    if isin is None or not row.countries or isin[:2] in (*row.countries, *_INTERNATIONAL_ISIN):
        return None
    if row.exchange is None or fold(row.exchange) not in _HOME_MARKETS:
        return None
    return (
        "isin",
        _field_side(row, "isin", f"{isin}: issued for {country_name(isin[:2])}"),
        _side_of_country(row),
        "Securities can carry a foreign prefix (depositary receipts, foreign domicile); check.",
    )


def _side_of_country(row: CompanyRow) -> ContradictionSide:
    seat = row.statements.seat if row.text else None
    says = country_name(row.countries[0])
    if seat is not None and seat.country == row.countries[0]:
        return _text_side(row, says, seat.quote)
    return _field_side(row, "country", says)


def _exchange_and_country(row: CompanyRow) -> _Found | None:
    home = _HOME_MARKETS.get(fold(row.exchange)) if row.exchange else None
    if home is None or not row.countries or home in row.countries:
        return None
    return (
        "exchange",
        _field_side(row, "exchange", f"{row.exchange}: lists companies of {country_name(home)}"),
        _side_of_country(row),
        "A foreign company can be listed there; check.",
    )


def _founded_and_text(row: CompanyRow) -> _Found | None:
    stated = row.statements.foundings if row.founded is not None and row.text else ()
    if not stated or any(item.year == row.founded for item in stated):
        return None
    return (
        "founded",
        _field_side(row, "founded", str(row.founded)),
        _text_side(row, str(stated[0].year), stated[0].quote),
        "The founded column is used.",
    )


def _name_and_text(row: CompanyRow) -> _Found | None:
    leading = row.statements.leading_name if row.text else None
    if leading is None or not key_of(leading):
        return None
    known = [row.name, *([row.name_ar] if row.name_ar else []), *(item.text for item in row.other_names)]
    if any(share_a_token(leading, name) or key_of(name) in key_of(row.text[:200]) for name in known):
        return None
    return (
        "name",
        _field_side(row, "name", row.name),
        _text_side(row, leading, row.statements.sentences[0]),
        "Renamed, or the text is about another company; check.",
    )


def _status_and_text(row: CompanyRow) -> _Found | None:
    finding = row.text_status
    if finding is None or finding.status.is_live:
        return None
    if row.delisted is False:
        field = _field_side(row, "delisted", "not delisted")
    elif any(name == "status" for name, _ in row.fields) and row.status_quote == finding.quote:
        field = _field_side(row, "status", dict(row.fields)["status"])
        if fold(field.says) == finding.status.value:
            return None
    else:
        return None
    return (
        "status",
        field,
        _text_side(row, finding.status.value, finding.quote),
        "The text is used: not a live prospect.",
    )


def contradictions_between(rows: Sequence[CompanyRow], company_id: str) -> tuple[Contradiction, ...]:
    """Where later rows of one company disagree with its first row, the representative.

    Args:
        rows: Rows of one company; the representative, whose values stand, comes first.
        company_id: That company.
    """
    found = [
        Contradiction(
            company_id=company_id,
            topic=topic,
            first=ours,
            second=theirs,
            note=_STATUS_RULE if topic == "status" else "Two rows of one company; the first is used.",
        )
        for other in rows[1:]
        for topic, ours, theirs in _compared(rows[0], other)
        if ours is not None and theirs is not None and ours.says != theirs.says
    ]
    return tuple(found)


_STATUS_RULE = "Two rows of one company; an end outranks trading, and trading outranks one delisted security."
_Sides = tuple[str, ContradictionSide | None, ContradictionSide | None]


def _compared(first: CompanyRow, other: CompanyRow) -> tuple[_Sides, ...]:
    """What both rows say, topic by topic; None where a row says nothing."""

    def stated(topic: str, value_of: Callable[[CompanyRow], object], field: str | None = None) -> _Sides:
        def side(row: CompanyRow) -> ContradictionSide | None:
            return _value_side(row, field or topic, value_of(row))

        return topic, side(first), side(other)

    same_name = key_of(first.name) == key_of(other.name)
    same_market = _same_market(first.exchange, other.exchange)
    return (
        stated("name", lambda row: None if same_name else row.name),
        ("country", _seat_side(first), _seat_side(other)),
        stated("founded", lambda row: row.founded),
        stated("employees", lambda row: row.employees),
        stated("market_size", lambda row: row.market_size, _SIZE_FIELD),
        stated("ticker", lambda row: row.identifiers.ticker if same_market else None),
        stated("registry_number", lambda row: row.identifiers.registry_number),
        ("status", _side_of_status(first), _side_of_status(other)),
    )


def contradictions_with_stored(stored: Company, rows: Sequence[CompanyRow]) -> tuple[Contradiction, ...]:
    """Where rows of other sources disagree with the stored company, whose values stand.

    Args:
        stored: The company before the import.
        rows: Rows that were added to it.
    """
    source = f"stored record {stored.company_id}"

    def ours(value: object) -> ContradictionSide | None:
        return None if value in (None, "") else ContradictionSide(says=str(value)[:200], source=source)

    known_keys = {key_of(name) for name in stored.names}
    live = None if stored.status is CompanyStatus.UNKNOWN else stored.status.value
    found = []
    for row in rows:
        compared = (
            ("name", ours(stored.name), None if key_of(row.name) in known_keys else _field_side(row, "name", row.name)),
            (
                "country",
                ours(country_name(stored.countries[0]) if stored.countries else None),
                _seat_side(row),
            ),
            ("founded", ours(stored.founded), _value_side(row, "founded", row.founded)),
            ("employees", ours(stored.employees), _value_side(row, "employees", row.employees)),
            ("market_size", ours(stored.market_size), _value_side(row, _SIZE_FIELD, row.market_size)),
            (
                "ticker",
                ours(stored.identifiers.ticker if _same_market(stored.exchange, row.exchange) else None),
                _value_side(row, "ticker", row.identifiers.ticker),
            ),
            ("status", ours(live), _side_of_status(row)),
        )
        found += [
            Contradiction(company_id=stored.company_id, topic=topic, first=first, second=second, note="Check both.")
            for topic, first, second in compared
            if first is not None and second is not None and first.says != second.says
        ]
    return tuple(found)


def _value_side(row: CompanyRow, field: str, value: object) -> ContradictionSide | None:
    return None if value is None else _field_side(row, field, str(value))


def _same_market(first: str | None, second: str | None) -> bool:
    """Whether two listings are on one exchange: on two exchanges a company has two tickers and contradicts nobody."""
    return first is not None and second is not None and fold(first) == fold(second)


def _seat_side(row: CompanyRow) -> ContradictionSide | None:
    return _side_of_country(row) if row.countries else None


def _side_of_status(row: CompanyRow) -> ContradictionSide | None:
    if row.status is CompanyStatus.UNKNOWN:
        return None
    return _text_side(row, row.status.value, row.status_quote or "")
