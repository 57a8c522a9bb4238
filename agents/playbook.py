"""Playbooks: our private positions and clause templates, one YAML file per partnership type."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import NoReturn, TypeAlias

import yaml
from pydantic import ValidationError

from partnership_os.agents.sheet_text import placeholders, wording
from partnership_os.errors import ConfigurationError
from partnership_os.schemas.partnership import PartnershipType
from partnership_os.schemas.playbook import AllowedTrade, Direction, Playbook, PlaybookClause, PlaybookTerm
from partnership_os.schemas.term_sheet import TYPE_DEPENDENT_GROUPS, ClauseGroup, TermUnit, TermValue
from partnership_os.tools.text import number_spans

__all__ = [
    "CONTEXT_NAMES",
    "PLAYBOOK_CURRENCY",
    "REQUIRED_GROUPS",
    "WHOLE_UNITS",
    "in_playbook_currency",
    "load_playbook",
    "load_playbook_file",
    "opening_of",
    "playbook_label",
    "preference_rank",
    "terms_of",
    "units_per_dollar",
]

PLAYBOOK_CURRENCY = "SAR"
CONTEXT_NAMES = frozenset({"us", "them", "territory", "segments", "currency", "drafted_on", "version"})
"""Placeholders that are filled from the deal, not from a term."""
REQUIRED_GROUPS = tuple(group for group in ClauseGroup if group not in TYPE_DEPENDENT_GROUPS)
WHOLE_UNITS = frozenset({TermUnit.HOURS, TermUnit.DAYS, TermUnit.MONTHS, TermUnit.COUNT})

_MAX_FILE_BYTES = 1_000_000
_UNITS_PER_DOLLAR = {
    "USD": Decimal("1"),
    "SAR": Decimal("3.75"),
    "AED": Decimal("3.6725"),
    "QAR": Decimal("3.64"),
    "BHD": Decimal("0.376"),
    "OMR": Decimal("0.3845"),
}
"""Official parities of currencies that are fixed to the dollar. Floating ones and the basket-pegged Kuwaiti dinar
are left out: a limit must not move with a rate that nobody approved."""

Raw: TypeAlias = "dict[str, object]"


class _ExactLoader(yaml.SafeLoader):
    """Safe YAML in which ``0.15`` is the decimal 0.15 and a key that is given twice is an error."""

    def exact(self, node: yaml.ScalarNode) -> Decimal:
        return Decimal(str(self.construct_scalar(node)).replace("_", ""))

    def mapping(self, node: yaml.MappingNode) -> dict[object, object]:
        keys = [self.construct_object(key) for key, _ in node.value]
        doubled = [key for key in keys if keys.count(key) > 1]
        if doubled:
            raise yaml.constructor.ConstructorError(None, None, f"{doubled[0]!r} is given twice", node.start_mark)
        return self.construct_mapping(node, deep=True)


_ExactLoader.add_constructor("tag:yaml.org,2002:float", _ExactLoader.exact)
_ExactLoader.add_constructor("tag:yaml.org,2002:map", _ExactLoader.mapping)


@lru_cache(maxsize=len(PartnershipType))
def load_playbook(partnership_type: PartnershipType) -> Playbook:
    """The playbook that ships for a partnership type, read once per process.

    Raises:
        ConfigurationError: the file is broken; the message names file, clause and term.
    """
    name = f"{PartnershipType(partnership_type).value}.yaml"
    return _build(name, _packaged(name))


def load_playbook_file(path: Path) -> Playbook:
    """A playbook of your own. ``extends: common`` takes the shared clauses that ship with the product.

    Raises:
        ConfigurationError: the file cannot be read or breaks a rule; the message names file, clause and term.
    """
    try:
        if path.stat().st_size > _MAX_FILE_BYTES:
            _refuse(path.name, f"is larger than {_MAX_FILE_BYTES:,} bytes")
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(
            f"{path.name}: the playbook cannot be read: {error}",
            fix="Give the path of a YAML file in UTF-8.",
            file=str(path),
        ) from None
    return _build(path.name, _parse(path.name, text))


def playbook_label(playbook: Playbook) -> str:
    """Type and version, for example ``referral/1``; it stands on every sheet and report."""
    return f"{playbook.partnership_type.value}/{playbook.version}"


def terms_of(playbook: Playbook) -> dict[str, tuple[PlaybookClause, PlaybookTerm]]:
    """Every term by name, with the clause it stands in."""
    return {term.name: (clause, term) for clause in playbook.clauses for term in clause.terms}


def opening_of(term: PlaybookTerm) -> Decimal | str:
    """What a first draft states: the opening, or the ideal where there is none."""
    return term.ideal if term.opening is None else term.opening


def preference_rank(term: PlaybookTerm, value: Decimal | Fraction | str) -> Fraction | None:
    """How good a value is for us: lower is better; None for a choice that the playbook does not list.

    Choices rank by their place in the list. Money is compared in the playbook's currency.
    """
    if isinstance(value, str):
        return Fraction(term.choices.index(value)) if value in term.choices else None
    return -Fraction(value) if term.better is Direction.HIGHER else Fraction(value)


def units_per_dollar(currency: str) -> Decimal | None:
    """The official parity of a currency fixed to the US dollar; None for every other currency."""
    return _UNITS_PER_DOLLAR.get(currency)


def in_playbook_currency(value: TermValue) -> Fraction | None:
    """The exact number of a value, money converted to the playbook's currency; None where no fixed rate exists."""
    number = Fraction(value.number if value.number is not None else 0)
    if value.unit is not TermUnit.MONEY or value.currency == PLAYBOOK_CURRENCY:
        return number
    rate = units_per_dollar(str(value.currency))
    return None if rate is None else number * Fraction(_UNITS_PER_DOLLAR[PLAYBOOK_CURRENCY]) / Fraction(rate)


def _packaged(name: str) -> Raw:
    source = files("partnership_os.agents") / "playbooks" / name
    return _parse(name, source.read_text(encoding="utf-8"))


def _parse(name: str, text: str) -> Raw:
    try:
        loader = _ExactLoader(text)
        try:
            data = loader.get_single_data()
        finally:
            loader.dispose()
    except (yaml.YAMLError, ArithmeticError) as error:
        _refuse(name, f"is no valid YAML: {error}")
    if not isinstance(data, dict):
        _refuse(name, "is not a mapping of playbook fields")
    return data


def _refuse(file: str, what: str, *, clause: str | None = None, term: str | None = None) -> NoReturn:
    place = ", ".join(
        [file, *([f"clause {clause}"] if clause else []), *([f"term {term}"] if term else [])],
    )
    details = {key: value for key, value in (("clause", clause), ("term", term)) if value is not None}
    raise ConfigurationError(f"{place}: {what}", fix="Correct the playbook file.", file=file, **details)


def _build(file: str, raw: Raw) -> Playbook:
    fields = dict(raw)
    base = _base_of(file, fields)
    adjusted = _adjust(file, _rows(file, base, "clauses"), fields.pop("adjust", None))
    merged = {str(row.get("clause_id")): row for row in adjusted}
    own = _rows(file, fields, "clauses")
    own_ids = [str(row.get("clause_id")) for row in own]
    for clause_id in own_ids:
        if own_ids.count(clause_id) > 1:
            _refuse(file, "is defined twice", clause=clause_id)
    merged.update(zip(own_ids, own, strict=True))
    order = list(ClauseGroup)
    clauses = sorted((_clause(file, row) for row in merged.values()), key=lambda clause: order.index(clause.group))
    conditions = [*_rows(file, base, "conditions_precedent"), *_rows(file, fields, "conditions_precedent")]
    try:
        playbook = Playbook.model_validate({**fields, "clauses": clauses, "conditions_precedent": conditions})
    except ValidationError as error:
        _refuse(file, _first(error))
    _check_whole(file, playbook)
    return playbook


def _base_of(file: str, fields: Raw) -> Raw:
    extends = fields.pop("extends", None)
    if extends is None:
        return {}
    if extends != "common":
        _refuse(file, f"extends {extends!r}; only 'common' can be extended")
    return _packaged("common.yaml")


def _rows(file: str, raw: Raw, key: str) -> list[Raw]:
    rows = raw.get(key, [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        _refuse(file, f"{key} must be a list of mappings")
    return rows


def _adjust(file: str, clauses: list[Raw], changes: object) -> list[Raw]:
    """Shared clauses with the positions of this type; an adjusted term opens at its new ideal unless it says more."""
    if changes is None:
        return clauses
    if not isinstance(changes, Mapping) or not all(isinstance(change, Mapping) for change in changes.values()):
        _refuse(file, "adjust must map names of terms to positions")
    known: set[object] = set()
    result: list[Raw] = []
    for clause in clauses:
        terms = []
        for term in _rows(file, clause, "terms"):
            known.add(term.get("name"))
            change = changes.get(term.get("name"))
            terms.append(term if change is None else {**term, "opening": None, **change})
        result.append({**clause, "terms": terms})
    unknown = sorted(str(name) for name in changes if name not in known)
    if unknown:
        _refuse(file, "adjust names a term that no shared clause has", term=unknown[0])
    return result


def _first(error: ValidationError) -> str:
    first = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"] if part not in ("constrained-str", "str"))
    message = first["msg"].removeprefix("Value error, ")
    return f"{where}: {message}" if where else message


def _clause(file: str, row: Raw) -> PlaybookClause:
    name = str(row.get("clause_id"))
    terms = [_term(file, name, term) for term in _rows(file, row, "terms")]
    try:
        clause = PlaybookClause.model_validate({**row, "terms": terms})
    except ValidationError as error:
        _refuse(file, _first(error), clause=name)
    _check_template(file, clause)
    return clause


def _term(file: str, clause: str, row: Raw) -> PlaybookTerm:
    name = str(row.get("name"))
    try:
        term = PlaybookTerm.model_validate(row)
        for value in (term.ideal, term.fallback, term.walk_away, term.opening):
            if value is not None:
                _check_value(term, value)
    except ValidationError as error:
        _refuse(file, _first(error), clause=clause, term=name)
    except ValueError as error:
        _refuse(file, str(error), clause=clause, term=name)
    return term


def _check_value(term: PlaybookTerm, value: Decimal | str) -> None:
    if isinstance(value, str):
        if value not in term.choices:
            raise ValueError(f"{value!r} is not one of the choices")
        missing = [choice for choice in term.choices if choice not in wording().choices]
        if missing:
            raise ValueError(f"the choice {missing[0]!r} has no wording in both languages (wording.yaml)")
    else:
        currency = PLAYBOOK_CURRENCY if term.unit is TermUnit.MONEY else None
        TermValue(name=term.name, unit=term.unit, number=value, currency=currency)
        if term.unit in WHOLE_UNITS and value != value.to_integral_value():
            raise ValueError(f"{term.unit.value} are whole numbers, not {value}")
    opening, ideal = (preference_rank(term, item) for item in (opening_of(term), term.ideal))
    if opening is None or ideal is None or opening > ideal:
        raise ValueError("the opening is worse for us than the ideal")
    if term.better is Direction.FIXED and opening != ideal:
        raise ValueError("a fixed term has no opening of its own")


def _check_template(file: str, clause: PlaybookClause) -> None:
    english, arabic = placeholders(clause.text.en), placeholders(clause.text.ar)
    if english != arabic:
        odd = sorted(english ^ arabic)[0]
        _refuse(file, f"{{{odd}}} stands in one language only", clause=clause.clause_id)
    own = {term.name for term in clause.terms}
    strangers = sorted(english - own - CONTEXT_NAMES)
    if strangers:
        _refuse(file, f"{{{strangers[0]}}} is no term of this clause", clause=clause.clause_id)
    unused = sorted(own - english)
    if unused:
        _refuse(file, "the text does not state this term", clause=clause.clause_id, term=unused[0])
    figures = [sorted(_figures(text)) for text in (clause.text.en, clause.text.ar)]
    if figures[0] != figures[1]:
        _refuse(file, "the two languages state different figures", clause=clause.clause_id)


def _figures(text: str) -> Iterable[Decimal]:
    spans = (span for span in number_spans(text) if any(char.isdigit() for char in text[span.start : span.end]))
    return [span.value for span in spans]


def _check_whole(file: str, playbook: Playbook) -> None:
    seen: set[str] = set()
    for clause in playbook.clauses:
        for term in clause.terms:
            if term.name in seen or term.name in CONTEXT_NAMES:
                _refuse(file, "this name is used twice on the sheet", clause=clause.clause_id, term=term.name)
            seen.add(term.name)
    groups = {clause.group for clause in playbook.clauses}
    missing = [group.value for group in REQUIRED_GROUPS if group not in groups]
    if missing:
        _refuse(file, f"no clause for the required groups: {', '.join(missing)}")
    for trade in playbook.trades:
        _check_trade(file, trade, seen)


def _check_trade(file: str, trade: AllowedTrade, names: set[str]) -> None:
    for name in (trade.give, trade.get):
        if name not in names:
            _refuse(file, "a trade names a term that no clause has", term=name)
