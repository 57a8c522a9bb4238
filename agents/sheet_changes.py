"""What differs between two versions of a document: a term sheet in words, any other document field by field."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum

from pydantic import ConfigDict, JsonValue

from partnership_os.agents.sheet_text import format_value, wording
from partnership_os.schemas.base import BilingualText, Record, Slug
from partnership_os.schemas.term_sheet import Clause, PartnerTermSheet, TermValue

__all__ = [
    "Change",
    "FieldChange",
    "SheetChange",
    "SheetPart",
    "changes_between",
    "json_changes",
    "leaf_text",
    "leaves",
    "term_label",
]

_READ_APART = {"clauses", "conditions_precedent", "cover_note", "us", "them"}
"""Fields of a sheet that are compared in their own way; every other one is compared as JSON."""
_ORDER_OF_CLAUSES = BilingualText(en="Order of the clauses", ar="ترتيب البنود")
_FIELD_LABELS = {
    "supersedes": BilingualText(en="Digest of the version it replaces", ar="بصمة النسخة التي تحل محلها"),
    "playbook_version": BilingualText(en="Playbook", ar="دليل التفاوض"),
    "made_by": BilingualText(en="Made by", ar="أعدّتها"),
    "thread_id": BilingualText(en="Thread", ar="المسار"),
    "need_id": BilingualText(en="Need", ar="الاحتياج"),
    "company_id": BilingualText(en="Id of the partner", ar="معرّف الشريك"),
    "schema_version": BilingualText(en="Version of the record's form", ar="إصدار صيغة السجل"),
    "name_ar": BilingualText(en="Name in Arabic", ar="الاسم بالعربية"),
}
_SHORT_LIST = 2_000
"""Characters up to which an order is told by names."""


class Change(StrEnum):
    """What happened to a part of a document."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    MOVED = "moved"
    """The same parts in another order."""


class SheetPart(StrEnum):
    """Which part of a term sheet a change is in; in the order in which a reader wants them."""

    VALUE = "value"
    CLAUSE = "clause"
    TITLE = "title"
    TEXT = "text"
    CONDITION = "condition"
    PARTY = "party"
    COVER_NOTE = "cover_note"
    FIELD = "field"


class FieldChange(Record):
    """One leaf of a JSON document that differs; ``old`` and ``new`` as `leaf_text` writes them, None where missing."""

    model_config = ConfigDict(str_strip_whitespace=False)

    change: Change
    path: str
    old: str | None = None
    new: str | None = None


class SheetChange(Record):
    """One difference between two versions of a sheet.

    ``place`` names it for programs (``commission.commission_share``, ``them.name``), ``label`` for people. A value is
    written with its unit or currency in both languages.
    """

    part: SheetPart
    change: Change
    place: str
    clause_id: Slug | None = None
    term: Slug | None = None
    label: BilingualText
    old: BilingualText | None = None
    new: BilingualText | None = None


def leaves(value: JsonValue, path: str = "") -> Iterator[tuple[str, JsonValue]]:
    """Every leaf of a JSON value with its path, ``terms.clauses[0].title.en``; an empty list or object is a leaf.

    Two leaves never share a path: a key that is no plain name stands in quotes, ``terms["a.b"]``.
    """
    if isinstance(value, dict) and value:
        for key, item in value.items():
            yield from leaves(item, _below(path, key))
    elif isinstance(value, list) and value:
        for at, item in enumerate(value):
            yield from leaves(item, f"{path}[{at}]")
    else:
        yield path, value


def leaf_text(value: JsonValue) -> str:
    """A leaf as text: a string as it is, anything else as JSON.

    A string that could be read as something else (``12``, ``null``, the empty one) stands in quotes, so that no two
    leaves have one text.
    """
    if not isinstance(value, str):
        return json.dumps(value)
    try:
        json.loads(value)
    except ValueError:
        return value
    return json.dumps(value, ensure_ascii=False)


def json_changes(old: Mapping[str, JsonValue], new: Mapping[str, JsonValue]) -> tuple[FieldChange, ...]:
    """Every leaf that differs between two documents, in the order of the new one, then what it lost.

    The documents are compared as JSON: ``12`` and ``"12"`` differ, and so do a missing field and an empty one.
    """
    before, after = (_texts_by_path(document) for document in (old, new))
    found = [
        FieldChange(change=_kind(before.get(path), text), path=path, old=before.get(path), new=text)
        for path, text in after.items()
        if before.get(path) != text
    ]
    gone = (path for path in before if path not in after)
    found += [FieldChange(change=Change.REMOVED, path=path, old=before[path]) for path in gone]
    return tuple(found)


def changes_between(old: PartnerTermSheet | None, new: PartnerTermSheet) -> tuple[SheetChange, ...]:
    """Every difference between two versions of a sheet; none for a first version.

    Nothing that stands on a sheet may differ without being listed: two sheets without a change between them are equal
    byte by byte, numbers as they are written.
    """
    if old is None:
        return ()
    found = [
        *_clause_changes(old.clauses, new.clauses),
        *_condition_changes(old.conditions_precedent, new.conditions_precedent),
        *_party_changes(old, new),
        *_replaced(SheetPart.COVER_NOTE, "cover_note", wording().words["cover_note"], old.cover_note, new.cover_note),
        *_field_changes(old, new),
    ]
    order = list(SheetPart)
    return tuple(sorted(found, key=lambda change: order.index(change.part)))


def term_label(name: str, clause: Clause) -> BilingualText:
    """What a term is called; by the title of its clause where the wording has no name for it."""
    return wording().terms.get(name, clause.title)


def _texts_by_path(document: Mapping[str, JsonValue]) -> dict[str, str]:
    return {path: leaf_text(value) for path, value in leaves(dict(document)) if path}


def _below(path: str, key: str) -> str:
    if not (key.isascii() and key.isidentifier()):
        return f"{path}[{json.dumps(key, ensure_ascii=False)}]"
    return f"{path}.{key}" if path else key


def _kind(old: object | None, new: object | None) -> Change:
    if old is None:
        return Change.ADDED
    return Change.REMOVED if new is None else Change.CHANGED


def _same_in_both(text: str | None) -> BilingualText | None:
    return None if text is None else BilingualText(en=text, ar=text)


def _clause_changes(old: Sequence[Clause], new: Sequence[Clause]) -> Iterator[SheetChange]:
    before, after = ({clause.clause_id: clause for clause in clauses} for clauses in (old, new))
    for clause_id, clause in after.items():
        if clause_id in before:
            yield from _inside(before[clause_id], clause)
        else:
            yield from _whole_clause(clause, Change.ADDED)
    for clause_id, clause in before.items():
        if clause_id not in after:
            yield from _whole_clause(clause, Change.REMOVED)
    yield from _moved("clauses", _ORDER_OF_CLAUSES, tuple(before), tuple(after))


def _whole_clause(clause: Clause, change: Change) -> Iterator[SheetChange]:
    """A clause that came or went: its text, and each of its values."""
    came = change is Change.ADDED
    yield SheetChange(
        part=SheetPart.CLAUSE,
        change=change,
        place=clause.clause_id,
        clause_id=clause.clause_id,
        label=clause.title,
        old=None if came else clause.text,
        new=clause.text if came else None,
    )
    yield from _value_changes(clause, () if came else clause.terms, clause.terms if came else ())


def _inside(old: Clause, new: Clause) -> Iterator[SheetChange]:
    place, title = new.clause_id, new.title
    groups = [wording().groups[clause.group] for clause in (old, new)]
    names = [tuple(value.name for value in clause.terms) for clause in (old, new)]
    yield from _value_changes(new, old.terms, new.terms)
    yield from _replaced(SheetPart.TITLE, f"{place}.title", title, old.title, new.title, clause_id=place)
    yield from _replaced(SheetPart.TEXT, f"{place}.text", title, old.text, new.text, clause_id=place)
    yield from _replaced(SheetPart.CLAUSE, f"{place}.group", title, groups[0], groups[1], clause_id=place)
    yield from _moved(f"{place}.terms", title, *names, clause_id=place)


def _value_changes(clause: Clause, old: Sequence[TermValue], new: Sequence[TermValue]) -> Iterator[SheetChange]:
    before, after = ({value.name: value for value in values} for values in (old, new))
    for name in dict.fromkeys([*after, *before]):
        was, now = before.get(name), after.get(name)
        if _as_json(was) == _as_json(now):
            continue
        texts = [_value_text(value) for value in (was, now)]
        if texts[0] == texts[1]:
            # 12 and 12.0 are one value in two spellings; the spelling is digested, so it is shown.
            texts = [_same_in_both(_as_json(value)) for value in (was, now)]
        yield SheetChange(
            part=SheetPart.VALUE,
            change=_kind(was, now),
            place=f"{clause.clause_id}.{name}",
            clause_id=clause.clause_id,
            term=name,
            label=term_label(name, clause),
            old=texts[0],
            new=texts[1],
        )


def _as_json(value: TermValue | None) -> str | None:
    return None if value is None else json.dumps(value.model_dump(mode="json"), sort_keys=True)


def _value_text(value: TermValue | None) -> BilingualText | None:
    if value is None:
        return None
    return BilingualText(en=format_value(value, "en"), ar=format_value(value, "ar"))


def _condition_changes(old: Sequence[BilingualText], new: Sequence[BilingualText]) -> Iterator[SheetChange]:
    label = wording().words["conditions"]
    before, after = (Counter((text.en, text.ar) for text in texts) for texts in (old, new))
    for counted, change in ((after - before, Change.ADDED), (before - after, Change.REMOVED)):
        for english, arabic in counted.elements():
            text = BilingualText(en=english, ar=arabic)
            came = change is Change.ADDED
            yield SheetChange(
                part=SheetPart.CONDITION,
                change=change,
                place="conditions_precedent",
                label=label,
                old=None if came else text,
                new=text if came else None,
            )
    names = [[f"{text.en} / {text.ar}" for text in texts] for texts in (old, new)]
    yield from _moved("conditions_precedent", label, *names, part=SheetPart.CONDITION)


def _replaced(
    part: SheetPart,
    place: str,
    label: BilingualText,
    old: BilingualText,
    new: BilingualText,
    clause_id: str | None = None,
) -> Iterator[SheetChange]:
    if old != new:
        yield SheetChange(
            part=part, change=Change.CHANGED, place=place, clause_id=clause_id, label=label, old=old, new=new
        )


def _moved(
    place: str,
    label: BilingualText,
    old: Sequence[str],
    new: Sequence[str],
    *,
    clause_id: str | None = None,
    part: SheetPart = SheetPart.CLAUSE,
) -> Iterator[SheetChange]:
    """Parts that both versions have and that stand in another order."""
    kept = [[name for name in names if name in others] for names, others in ((old, set(new)), (new, set(old)))]
    if kept[0] != kept[1]:
        yield SheetChange(
            part=part,
            change=Change.MOVED,
            place=place,
            clause_id=clause_id,
            label=label,
            old=_same_in_both(_numbered(kept[0], kept[1])),
            new=_same_in_both(_numbered(kept[1], kept[1])),
        )


def _numbered(names: Sequence[str], order: Sequence[str]) -> str:
    """An order in a few characters: the names, or their places in the new order where they are whole sentences."""
    if sum(map(len, names)) < _SHORT_LIST:
        return ", ".join(names)
    return ", ".join(str(order.index(name) + 1) if name in order else "-" for name in names)


def _party_changes(old: PartnerTermSheet, new: PartnerTermSheet) -> Iterator[SheetChange]:
    words = wording().words
    for side, role in (("us", words["company"]), ("them", words["partner"])):
        before, after = (getattr(sheet, side).model_dump(mode="json") for sheet in (old, new))
        for change in json_changes(before, after):
            what = words.get(change.path, _FIELD_LABELS.get(change.path, BilingualText(en=change.path, ar=change.path)))
            label = BilingualText(en=f"{role.en}: {what.en}", ar=f"{role.ar}: {what.ar}")
            yield _of_field(SheetPart.PARTY, f"{side}.{change.path}", label, change)


def _field_changes(old: PartnerTermSheet, new: PartnerTermSheet) -> Iterator[SheetChange]:
    before, after = (sheet.model_dump(mode="json", exclude=_READ_APART) for sheet in (old, new))
    for change in json_changes(before, after):
        name = change.path.partition(".")[0].partition("[")[0]
        label = _FIELD_LABELS.get(name) or wording().words.get(name) or BilingualText(en=name, ar=name)
        yield _of_field(SheetPart.FIELD, change.path, label, change)


def _of_field(part: SheetPart, place: str, label: BilingualText, change: FieldChange) -> SheetChange:
    return SheetChange(
        part=part,
        change=change.change,
        place=place,
        label=label,
        old=_same_in_both(change.old),
        new=_same_in_both(change.new),
    )
