"""Changes between versions: said in words, and never silent about a byte that differs."""

import json
import os
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import JsonValue, ValidationError

from partnership_os.agents.deal_negotiator import DraftRequest, draft_term_sheet
from partnership_os.agents.sheet_changes import (
    Change,
    SheetPart,
    changes_between,
    json_changes,
    leaf_text,
    leaves,
)
from partnership_os.schemas.base import BilingualText
from partnership_os.schemas.partnership import PartnershipType
from partnership_os.schemas.term_sheet import Clause, PartnerTermSheet, TermUnit, TermValue

ROUNDS = 2_000 if os.environ.get("PARTNERSHIP_PROVE") else 150
Sheets = dict[PartnershipType, PartnerTermSheet]
Edit = Callable[..., PartnerTermSheet]


@pytest.fixture
def sheet(drafts: Sheets) -> PartnerTermSheet:
    return drafts[PartnershipType.REFERRAL]


def test_a_first_version_has_no_changes(sheet: PartnerTermSheet) -> None:
    assert changes_between(None, sheet) == ()
    assert changes_between(sheet, sheet) == ()


def test_a_value_is_told_with_its_unit_in_both_languages(
    sheet: PartnerTermSheet, replace_value: Callable[[PartnerTermSheet, TermValue], PartnerTermSheet]
) -> None:
    cap = TermValue(name="commission_cap", unit=TermUnit.MONEY, number=Decimal(90_000), currency="SAR")
    (change,) = changes_between(sheet, replace_value(sheet, cap))
    assert (change.part, change.change, change.place) == (
        SheetPart.VALUE,
        Change.CHANGED,
        "commission.commission_cap",
    )
    assert change.label.en == "Cap on commission for one customer"
    assert change.old == BilingualText(en="SAR 75,000", ar="(75,000) ريال سعودي")
    assert change.new == BilingualText(en="SAR 90,000", ar="(90,000) ريال سعودي")


def test_another_spelling_of_a_number_is_told_because_it_is_digested(
    sheet: PartnerTermSheet, replace_value: Callable[[PartnerTermSheet, TermValue], PartnerTermSheet]
) -> None:
    share = TermValue(name="commission_share", unit=TermUnit.SHARE, number=Decimal("0.100"))
    same = replace_value(sheet, share)
    assert same == sheet
    (change,) = changes_between(sheet, same)
    assert change.old is not None and change.new is not None
    assert '"0.10"' in change.old.en and '"0.100"' in change.new.en


def test_a_text_that_changes_in_one_language_only_is_told(sheet: PartnerTermSheet, edit: Edit) -> None:
    def arabic(clause: Clause) -> Clause:
        return clause.model_copy(update={"text": BilingualText(en=clause.text.en, ar=clause.text.ar + " إضافة")})

    (change,) = changes_between(sheet, edit(sheet, "commission", arabic))
    assert (change.part, change.clause_id) == (SheetPart.TEXT, "commission")
    assert change.old is not None and change.new is not None
    assert change.old.en == change.new.en
    assert change.new.ar.endswith("إضافة")


def test_a_clause_that_comes_brings_its_values_and_one_that_goes_takes_them(sheet: PartnerTermSheet) -> None:
    kept = tuple(clause for clause in sheet.clauses if clause.clause_id != "commission")
    smaller = sheet.model_copy(update={"clauses": kept})
    gone = changes_between(sheet, smaller)
    assert {(change.change, change.place) for change in gone} == {
        (Change.REMOVED, "commission"),
        (Change.REMOVED, "commission.commission_share"),
        (Change.REMOVED, "commission.commission_months"),
        (Change.REMOVED, "commission.commission_cap"),
    }
    came = changes_between(smaller, sheet)
    assert {change.change for change in came} == {Change.ADDED}
    assert len(came) == len(gone)


def test_conditions_parties_note_and_order_are_told(sheet: PartnerTermSheet) -> None:
    conditions = sheet.conditions_precedent
    other = sheet.model_copy(
        update={
            "conditions_precedent": (*conditions[1:], BilingualText(en="A bond is given.", ar="تقديم ضمان.")),
            "them": sheet.them.model_copy(update={"registry_number": "1010"}),
            "cover_note": BilingualText(en="Hello.", ar="مرحبًا."),
            "clauses": sheet.clauses[::-1],
            "drafted_on": date(2026, 2, 1),
        }
    )
    found = {(change.part, change.change, change.place) for change in changes_between(sheet, other)}
    assert found == {
        (SheetPart.CLAUSE, Change.MOVED, "clauses"),
        (SheetPart.CONDITION, Change.ADDED, "conditions_precedent"),
        (SheetPart.CONDITION, Change.REMOVED, "conditions_precedent"),
        (SheetPart.PARTY, Change.CHANGED, "them.registry_number"),
        (SheetPart.COVER_NOTE, Change.CHANGED, "cover_note"),
        (SheetPart.FIELD, Change.CHANGED, "drafted_on"),
    }
    labels = [change.label for change in changes_between(sheet, other) if change.part is SheetPart.PARTY]
    assert labels == [BilingualText(en="Partner: Unified or register number", ar="الشريك: الرقم الموحد أو رقم السجل")]


def _tamper(document: Any, data: st.DataObject) -> None:
    """Change one place of a document: another scalar, or an item of a list dropped, doubled or swapped.

    The place is found by walking down, so that a party or a condition is touched as often as all clauses together.
    """
    holder = document
    while True:
        last = data.draw(st.sampled_from(list(holder) if isinstance(holder, dict) else list(range(len(holder)))))
        if isinstance(holder, list) and data.draw(st.booleans()):
            _rearrange(holder, last, data.draw(st.integers(0, len(holder) - 1)), data.draw(st.integers(0, 2)))
            return
        if not isinstance(holder[last], dict | list) or not holder[last]:
            holder[last] = _other(holder[last], data)
            return
        holder = holder[last]


def _rearrange(items: list[Any], at: int, other: int, way: int) -> None:
    if way == 0:
        del items[at]
    elif way == 1:
        items[at], items[other] = items[other], items[at]
    else:
        items.append(json.loads(json.dumps(items[at])))


def _other(value: Any, data: st.DataObject) -> Any:
    """Another value that may still fit: a sheet that is refused proves nothing."""
    if isinstance(value, int):
        return value + data.draw(st.integers(0, 2))
    if value is None:
        return data.draw(st.sampled_from([None, "SA", "SAR", "0.5", "x" * 64, "a" * 64]))
    others = ["0.1", "0.10", "12", "12.0", "SA", "USD", "2026-01-16", "economics", "purpose", "a_b", "count", "days"]
    return data.draw(st.sampled_from([str(value) + "a", str(value) + "0", str(value)[:-1] or "b", "b" * 64, *others]))


@settings(max_examples=ROUNDS, deadline=None)
@pytest.mark.timeout(600)
@given(data=st.data())
def test_nothing_differs_without_being_listed(drafts: Sheets, data: st.DataObject) -> None:
    """For random edits of a sheet, the list of changes is empty exactly when its bytes are equal."""
    old = drafts[data.draw(st.sampled_from(list(PartnershipType)))]
    before = old.model_dump(mode="json")
    after = old.model_dump(mode="json")
    for _ in range(data.draw(st.integers(1, 3))):
        _tamper(after, data)
    assert bool(json_changes(before, after)) == (before != after)
    try:
        new = PartnerTermSheet.model_validate(after)
    except ValidationError:
        return
    assert bool(changes_between(old, new)) == (before != new.model_dump(mode="json"))


scalars: st.SearchStrategy[JsonValue] = st.one_of(
    st.none(), st.booleans(), st.integers(-9, 9), st.sampled_from(["", "null", "1", '"1"', "true", "[]", "{}", "a"])
)
documents = st.dictionaries(
    st.sampled_from(["a", "b", "a.b", "a[0]", 'a"', "", "ا"]),
    st.recursive(
        scalars,
        lambda inner: st.one_of(
            st.lists(inner, max_size=3),
            st.dictionaries(st.sampled_from(["a", "b", "a.b", "b]", ""]), inner, max_size=3),
        ),
        max_leaves=6,
    ),
    max_size=3,
)


def _same(first: JsonValue, second: JsonValue) -> bool:
    """Equality of JSON, in which true is not 1."""
    return json.dumps(first, sort_keys=True) == json.dumps(second, sort_keys=True)


@settings(max_examples=ROUNDS * 2, deadline=None)
@pytest.mark.timeout(600)
@given(documents, documents)
def test_json_differs_exactly_when_a_change_is_listed(old: dict[str, JsonValue], new: dict[str, JsonValue]) -> None:
    assert bool(json_changes(old, new)) == (not _same(old, new))
    paths = [path for path, _ in leaves(dict(new))]
    assert len(paths) == len(set(paths))


def test_a_changed_field_is_told_with_path_and_both_values() -> None:
    old: dict[str, JsonValue] = {"a": {"b": [1, "x"]}, "gone": None}
    new: dict[str, JsonValue] = {"a": {"b": [1, "y"]}, "a.b": "1"}
    assert [(item.change, item.path, item.old, item.new) for item in json_changes(old, new)] == [
        (Change.CHANGED, "a.b[1]", "x", "y"),
        (Change.ADDED, '["a.b"]', None, '"1"'),
        (Change.REMOVED, "gone", "null", None),
    ]


def test_no_two_leaves_share_a_text() -> None:
    values: list[JsonValue] = ["1", 1, "true", True, None, "null", "", [], {}, "[]", "{}", '"1"']
    assert len({leaf_text(value) for value in values}) == len(values)


def test_a_version_by_the_negotiator_lists_what_it_wrote_anew(request_for: Callable[..., DraftRequest]) -> None:
    first = draft_term_sheet(request_for()).sheet
    second = draft_term_sheet(request_for(previous=first, changes={"commission_share": Decimal("0.12")})).sheet
    parts = {change.part for change in changes_between(first, second)}
    assert parts == {SheetPart.VALUE, SheetPart.TEXT, SheetPart.COVER_NOTE, SheetPart.FIELD}
