"""Contradictions: where a row disagrees with itself or with another row about the same company."""

from collections.abc import Sequence

from partnership_os.schemas.company import CompanyStatus
from partnership_os.schemas.evidence import Contradiction, ContradictionSide
from partnership_os.tools.company_rows import CompanyRow
from partnership_os.tools.countries import country_code, country_name
from partnership_os.tools.name_likeness import share_a_token
from partnership_os.tools.text import fold, name_key

__all__ = ["contradictions_between", "contradictions_within"]

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
    value = next((value for name, value in row.fields if name == field), says)
    return ContradictionSide(says=says[:200], source=row.source, quote=f"{field}: {value}")


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
    if field == stated or field in _place_key(seat.quote) or stated in field or country_code(seat.city) is not None:
        return None
    note = "The city column is used." if row.city == row.city_field else "The text is used, since it contradicts the country too."
    return "city", _field_side(row, "city", row.city_field), _text_side(row, seat.city, seat.quote), note


def _place_key(place: str) -> str:
    plain = fold(place)
    for written, meant in (("makkah", "mecca"), ("madinah", "medina"), ("al ", "al"), ("al-", "al"), ("bangalore", "bengaluru")):
        plain = plain.replace(written, meant)
    return "".join(char for char in plain if char.isalnum())


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
    if leading is None or not name_key(leading):
        return None
    known = [row.name, *([row.name_ar] if row.name_ar else []), *(item.text for item in row.other_names)]
    if any(share_a_token(leading, name) or name_key(name) in name_key(row.text[:200]) for name in known):
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
    return "status", field, _text_side(row, finding.status.value, finding.quote), "The text is used: not a live prospect."


def contradictions_between(rows: Sequence[CompanyRow], company_id: str) -> tuple[Contradiction, ...]:
    """Where later rows of one company disagree with its first row, the representative.

    Args:
        rows: Rows of one company; the representative, whose values stand, comes first.
        company_id: That company.
    """
    first = rows[0]
    found = []
    for other in rows[1:]:
        for topic, ours, theirs in _compared(first, other):
            if ours is not None and theirs is not None and ours != theirs:
                found.append(
                    Contradiction(
                        company_id=company_id,
                        topic=topic,
                        first=_field_side(first, topic, ours),
                        second=_field_side(other, topic, theirs),
                        note="Two rows of one company; the first is used.",
                    )
                )
    return tuple(found)


def _compared(first: CompanyRow, other: CompanyRow) -> tuple[tuple[str, str | None, str | None], ...]:
    def text(value: object) -> str | None:
        return None if value is None else str(value)

    same_name = name_key(first.name) == name_key(other.name)
    return (
        ("name", None if same_name else first.name, other.name),
        ("country", first.countries[0] if first.countries else None, other.countries[0] if other.countries else None),
        ("founded", text(first.founded), text(other.founded)),
        ("employees", text(first.employees), text(other.employees)),
        ("registry_number", first.identifiers.registry_number, other.identifiers.registry_number),
        ("status", _known_status(first), _known_status(other)),
    )


def _known_status(row: CompanyRow) -> str | None:
    return None if row.status is CompanyStatus.UNKNOWN else row.status.value
