"""Drafts: openings first, versions that chain, changes inside our limits, notes that are checked."""

import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from partnership_os.agents.analyst import Note
from partnership_os.agents.conformance import check_conformance
from partnership_os.agents.deal_negotiator import (
    NOT_OURS_TO_PAY,
    DraftRequest,
    committed_value,
    draft_term_sheet,
    sheet_id_of,
)
from partnership_os.agents.playbook import load_playbook, opening_of, terms_of
from partnership_os.agents.sheet_text import wording
from partnership_os.errors import InputError
from partnership_os.governance.canonical import digest_of
from partnership_os.schemas.base import BilingualText, Money, country_codes
from partnership_os.schemas.company import CompanyIdentifiers
from partnership_os.schemas.partnership import PartnershipType
from partnership_os.schemas.playbook import Direction, PlaybookTerm, Position
from partnership_os.schemas.score_card import BlockReason, Dimension, DimensionScore, Indicator
from partnership_os.schemas.stamp import AnalystKind, AnalystStamp, ModelUsage
from partnership_os.schemas.term_sheet import PartnerTermSheet, TermUnit
from partnership_os.testing import world
from partnership_os.tools.lexicon import ConceptKind, load_lexicon

RequestFor = Callable[..., DraftRequest]
ALL = list(PartnershipType)
DISTRIBUTION = PartnershipType.DISTRIBUTION


class NoteWriter:
    """An analyst that can only write the given cover note, and remembers what it was shown."""

    def __init__(self, en: str, ar: str) -> None:
        self.text = BilingualText(en=en, ar=ar)
        self.stamp = AnalystStamp(analyst=AnalystKind.MODEL, model="scripted", engine="test")
        self.seen: list[PartnerTermSheet] = []

    def read(self, *_: Any) -> Any:
        raise AssertionError("a negotiator does not read")

    def summarise(self, *_: Any) -> Any:
        raise AssertionError("a negotiator does not summarise")

    def cover_note(self, sheet: PartnerTermSheet) -> Note:
        self.seen.append(sheet)
        return Note(text=self.text, usage=ModelUsage(calls=1, input_tokens=10, output_tokens=5), made_by=self.stamp)


@pytest.mark.parametrize("kind", ALL)
def test_a_first_draft_states_our_openings(request_for: RequestFor, kind: PartnershipType) -> None:
    result = draft_term_sheet(request_for(kind))
    assert result.report.conforms
    assert (result.sheet.version, result.sheet.supersedes) == (1, None)
    for name, (_, term) in terms_of(load_playbook(kind)).items():
        value = result.sheet.term(name)
        assert value is not None
        assert opening_of(term) in (value.number, value.choice)


@pytest.mark.parametrize("kind", ALL)
def test_the_same_request_gives_the_same_bytes(request_for: RequestFor, kind: PartnershipType) -> None:
    first, second = (draft_term_sheet(request_for(kind)) for _ in range(2))
    assert first.sheet.model_dump_json() == second.sheet.model_dump_json()
    assert first.report == second.report
    assert PartnerTermSheet.model_validate_json(first.sheet.model_dump_json()) == first.sheet


@pytest.mark.parametrize("kind", ALL)
def test_no_limit_stands_in_the_json(request_for: RequestFor, kind: PartnershipType) -> None:
    sheet = draft_term_sheet(request_for(kind)).sheet
    text = json.dumps(sheet.model_dump(mode="json"), ensure_ascii=False).casefold()
    for words in ("walk_away", "walk-away", "fallback", "batna", "حد الانسحاب"):
        assert words not in text
    for name, (_, term) in terms_of(load_playbook(kind)).items():
        value = sheet.term(name)
        assert value is not None
        if isinstance(term.walk_away, str) and value.choice != term.walk_away:
            assert term.walk_away not in text


def test_territory_segments_parties_and_currency_come_from_the_deal(request_for: RequestFor) -> None:
    sheet = draft_term_sheet(request_for(currency="BHD")).sheet
    clause = next(item for item in sheet.clauses if item.clause_id == "territory_and_segments")
    assert "Saudi Arabia and Bahrain" in clause.text.en
    assert "المملكة العربية السعودية والبحرين" in clause.text.ar
    assert "Small and medium enterprises and Retail" in clause.text.en
    assert "المنشآت الصغيرة والمتوسطة وقطاع التجزئة" in clause.text.ar
    assert (sheet.us.name, sheet.them.name_ar, sheet.them.country) == ("Example Software", "شركة نجد الاختبارية", "SA")
    fund = sheet.term("mdf_per_year")
    assert fund is not None
    assert (fund.number, fund.currency) == (Decimal(1_000), "BHD")


def test_a_country_is_stated_only_where_it_is_certain(request_for: RequestFor) -> None:
    sheet = draft_term_sheet(request_for(company=world.company(countries=("SA", "AE")))).sheet
    assert sheet.them.country is None


def test_braces_in_a_name_stay_what_they_are(request_for: RequestFor) -> None:
    sheet = draft_term_sheet(request_for(company=world.company(name="{commission_share} Ltd", name_ar=None))).sheet
    assert "{commission_share} Ltd (the Partner)" in sheet.clauses[0].text.en


def _part(dimension: Dimension, *points: float | None, weight: int = 10) -> DimensionScore:
    text = BilingualText(en="Are they broke?", ar="هل هم مفلسون؟")
    indicators = tuple(
        Indicator(
            indicator=f"{dimension.value}_{at}",
            dimension=dimension,
            label=text,
            weight=1 / len(points),
            points=item,
            method=text,
        )
        for at, item in enumerate(points)
    )
    return DimensionScore(
        dimension=dimension, weight=weight, score=None, coverage=0, contribution=0, indicators=indicators
    )


def _open_dimensions(sheet: PartnerTermSheet) -> list[Dimension]:
    named = wording().conditions
    return [item for text in sheet.conditions_precedent for item in Dimension if named[item.value] == text]


def test_open_dimensions_become_conditions_without_our_judgement(request_for: RequestFor) -> None:
    block = BlockReason(rule="registry", text=BilingualText(en="Register not active.", ar="السجل غير نشط."))
    parts = [_part(item, 50, 50) for item in Dimension]
    parts[4] = _part(Dimension.FINANCIAL_HEALTH, 50, None)
    request = request_for(card={"dimensions": tuple(parts), "blocked": (block,)})
    sheet = draft_term_sheet(request).sheet
    conditions = " ".join(item.en for item in sheet.conditions_precedent)
    assert _open_dimensions(sheet) == [Dimension.FINANCIAL_HEALTH]
    assert "audited financial statements" in conditions
    assert "points on register, sanctions" in conditions
    assert "register number that is missing" in conditions
    assert "broke" not in conditions


@pytest.mark.parametrize("kind", ALL)
def test_of_a_company_with_nothing_but_a_name_everything_is_asked_for(
    request_for: RequestFor, kind: PartnershipType
) -> None:
    parts = tuple(_part(item, None, None, None) for item in Dimension)
    sheet = draft_term_sheet(request_for(kind, card={"dimensions": parts})).sheet
    assert _open_dimensions(sheet) == list(Dimension)
    assert len(sheet.conditions_precedent) <= 20
    assert len(set(sheet.conditions_precedent)) == len(sheet.conditions_precedent)


def test_what_weighs_nothing_is_not_asked_for(request_for: RequestFor) -> None:
    parts = [_part(item, 50) for item in Dimension]
    parts[3] = _part(Dimension.CAPABILITY, None, weight=0)
    sheet = draft_term_sheet(request_for(card={"dimensions": tuple(parts)})).sheet
    assert _open_dimensions(sheet) == []


def test_what_is_known_is_not_asked_for(request_for: RequestFor) -> None:
    known = request_for(company=world.company(identifiers=CompanyIdentifiers(registry_number="7000000000")))
    sheet = draft_term_sheet(known).sheet
    assert sheet.conditions_precedent == known.playbook.conditions_precedent
    assert sheet.them.registry_number == "7000000000"


def test_versions_chain(request_for: RequestFor) -> None:
    first = draft_term_sheet(request_for()).sheet
    second = draft_term_sheet(request_for(previous=first, changes={"payment_days": "30"})).sheet
    third = draft_term_sheet(request_for(previous=second, drafted_on=date(2026, 2, 1))).sheet
    assert [sheet.version for sheet in (first, second, third)] == [1, 2, 3]
    assert second.supersedes == digest_of(first.model_dump(mode="json"))
    assert third.supersedes == digest_of(second.model_dump(mode="json"))
    assert len({sheet.sheet_id for sheet in (first, second, third)}) == 1
    kept = third.term("payment_days")
    assert kept is not None
    assert kept.number == 30
    assert "version 3, drafted on 1 February 2026" in third.clauses_of(first.clauses[-1].group)[0].text.en


def test_the_sheet_id_follows_from_the_deal() -> None:
    assert sheet_id_of("th", "nd_1", "co_1") == sheet_id_of("th", "nd_1", "co_1")
    assert sheet_id_of("th", "nd_1", "co_1") != sheet_id_of("th", "nd_1", "co_2")
    assert len(sheet_id_of("th", "nd_1", "co_1")) == 27


def test_spelling_of_a_number_does_not_change_the_sheet(request_for: RequestFor) -> None:
    sheets = {
        draft_term_sheet(request_for(changes={"commission_share": text, "commission_cap": cap})).sheet.model_dump_json()
        for text, cap in (("0.11", "8E4"), ("0.1100", "80000.00"))
    }
    assert len(sheets) == 1


def _allowed(term: PlaybookTerm) -> st.SearchStrategy[Decimal | str]:
    if isinstance(term.walk_away, str):
        return st.sampled_from(term.choices[: term.choices.index(term.walk_away) + 1])
    if term.better is Direction.FIXED:
        return st.just(term.walk_away)
    places = {TermUnit.SHARE: 4, TermUnit.MONEY: 2}.get(term.unit, 0)
    best = Decimal(0) if term.better is Direction.LOWER else term.walk_away * 3
    if term.unit is TermUnit.SHARE:
        best = min(best, Decimal(1))
    low, high = sorted((best, term.walk_away))
    return st.decimals(low, high, places=places)


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_no_allowed_change_ever_breaches(data: st.DataObject, request_for: RequestFor) -> None:
    kind = data.draw(st.sampled_from(ALL))
    terms = terms_of(load_playbook(kind))
    names = data.draw(st.lists(st.sampled_from(sorted(terms)), max_size=6, unique=True))
    changes = {name: data.draw(_allowed(terms[name][1])) for name in names}
    result = draft_term_sheet(request_for(kind, changes=changes))
    assert result.report.conforms, [c for c in result.report.checks if c.position is Position.BREACH]
    for name, wanted in changes.items():
        value = result.sheet.term(name)
        assert value is not None
        assert wanted in (value.number, value.choice)


@settings(max_examples=60, deadline=None)
@given(kind=st.sampled_from(ALL), currency=st.sampled_from(["USD", "AED", "QAR", "BHD", "OMR"]))
def test_first_drafts_conform_in_every_pegged_currency(
    request_for: RequestFor, kind: PartnershipType, currency: str
) -> None:
    report = draft_term_sheet(request_for(kind, currency=currency)).report
    assert report.conforms
    assert {check.position for check in report.checks} <= {Position.IDEAL, Position.STANDARD}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"commission_share": "0.21"}, r"commission_share = 0\.21 is outside"),
        ({"commission_cap": Decimal("250001")}, r"commission_cap = 250001 is outside"),
        ({"governing_law": "law_england"}, r"governing_law = law_england is outside"),
        ({"governing_law": "law_of_mars"}, r"is outside"),
        ({"vat_rate": "0.05"}, r"vat_rate is not negotiable"),
        ({"no_such_term": "1"}, r"no term 'no_such_term'"),
        ({"commission_share": "15"}, r"'15' is no value for commission_share"),
        ({"commission_share": "ten per cent"}, r"is no value for commission_share"),
        ({"payment_days": "30.5"}, r"is no value for payment_days"),
        ({"payment_days": "-1"}, r"is no value for payment_days"),
        ({"payment_days": "NaN"}, r"is no value for payment_days"),
        ({"payment_days": "1e30"}, r"is no value for payment_days"),
        ({"governing_law": "Law of Mars!"}, r"is no value for governing_law"),
    ],
)
def test_changes_that_are_refused(request_for: RequestFor, changes: dict[str, Decimal | str], message: str) -> None:
    with pytest.raises(InputError, match=message) as refusal:
        draft_term_sheet(request_for(changes=changes))
    assert refusal.value.details["term"] == next(iter(changes))


def test_a_refusal_lists_choices_by_name_and_not_as_we_prefer_them(request_for: RequestFor) -> None:
    for kind in ALL:
        for name, (_, term) in terms_of(load_playbook(kind)).items():
            if term.unit is not TermUnit.CHOICE:
                continue
            with pytest.raises(InputError) as refusal:
                draft_term_sheet(request_for(kind, changes={name: "Law of Mars!"}))
            assert ", ".join(sorted(term.choices)) in str(refusal.value.fix)


def test_a_refusal_gives_no_limit_of_ours_away(request_for: RequestFor) -> None:
    with pytest.raises(InputError) as refusal:
        draft_term_sheet(request_for(changes={"commission_share": "0.35"}))
    assert refusal.value.details == {"term": "commission_share", "requested": "0.35"}
    assert "0.2" not in json.dumps(refusal.value.as_dict())


def test_a_previous_value_that_the_playbook_no_longer_allows_is_refused(
    request_for: RequestFor, replace_value: Callable[..., PartnerTermSheet]
) -> None:
    first = draft_term_sheet(request_for()).sheet
    stated = first.term("cure_days")
    assert stated is not None
    stale = replace_value(first, stated.model_copy(update={"number": Decimal(200)}))
    with pytest.raises(InputError, match="cure_days = 200 days is outside"):
        draft_term_sheet(request_for(previous=stale))
    assert draft_term_sheet(request_for(previous=stale, changes={"cure_days": "45"})).report.conforms


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"card": {"company_id": "co_other"}}, "the card's company is co_other"),
        ({"card": {"need_id": "nd_other"}}, "the card's need is nd_other"),
        ({"card": {"partnership_type": DISTRIBUTION}}, "the card's partnership type is distribution"),
        ({"playbook": load_playbook(DISTRIBUTION)}, "the playbook's partnership type is distribution"),
        ({"need": {"target_segments": ("martians",)}}, "segment 'martians' is no concept"),
        ({"currency": "EUR"}, "EUR has no fixed rate"),
    ],
)
def test_parts_of_another_deal_are_refused(request_for: RequestFor, fields: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        draft_term_sheet(request_for(**fields))


def test_a_previous_sheet_of_another_thread_or_currency_is_refused(request_for: RequestFor) -> None:
    first = draft_term_sheet(request_for()).sheet
    with pytest.raises(InputError, match="the previous sheet is"):
        draft_term_sheet(request_for(previous=first, thread_id="th_other"))
    with pytest.raises(InputError, match="the previous sheet's currency is SAR"):
        draft_term_sheet(request_for(previous=first, currency="USD"))


def test_a_clean_note_is_used_and_stamped(request_for: RequestFor) -> None:
    writer = NoteWriter("We offer 10% for 12 months.", "نعرض (10%) لمدة (12) شهرًا.")
    result = draft_term_sheet(request_for(), writer)
    assert result.sheet.cover_note == writer.text
    assert result.sheet.made_by == writer.stamp
    assert (result.usage.calls, result.note_refused) == (1, ())
    assert isinstance(writer.seen[0], PartnerTermSheet)
    assert len(writer.seen) == 1


@pytest.mark.parametrize(
    ("en", "ar", "reason"),
    [
        ("We could go to 20%.", "شكرًا لكم.", "commission_share"),
        ("Thank you.", "هذا حد الانسحاب لدينا.", "حد الانسحاب"),
        ("You earn 77%.", "تكسبون (77%).", "77 is no figure of the sheet"),
    ],
)
def test_a_note_with_a_limit_or_a_strange_figure_is_replaced(
    request_for: RequestFor, en: str, ar: str, reason: str
) -> None:
    result = draft_term_sheet(request_for(), NoteWriter(en, ar))
    assert any(reason in item for item in result.note_refused)
    assert result.sheet == draft_term_sheet(request_for()).sheet
    assert result.report.conforms
    assert result.usage.calls == 1


@pytest.mark.parametrize("kind", [PartnershipType.REFERRAL, PartnershipType.DISTRIBUTION, PartnershipType.TECHNOLOGY])
def test_ordinary_types_stay_below_the_value_step(request_for: RequestFor, kind: PartnershipType) -> None:
    value = committed_value(draft_term_sheet(request_for(kind)).sheet)
    assert value is not None
    assert 0 < value.amount < 100_000


def test_yearly_money_counts_for_each_begun_year(request_for: RequestFor) -> None:
    def value(**changes: str) -> Money | None:
        return committed_value(draft_term_sheet(request_for(changes=changes)).sheet)

    assert value() == Money(amount=Decimal(10_000), currency="SAR")
    assert value(term_months="13") == Money(amount=Decimal(20_000), currency="SAR")
    assert value(mdf_per_year="0") is None


def test_every_money_term_that_is_ours_counts(request_for: RequestFor) -> None:
    strategic = committed_value(draft_term_sheet(request_for(PartnershipType.STRATEGIC)).sheet)
    assert strategic == Money(amount=Decimal(400_000), currency="SAR")
    money = {name for kind in ALL for name, (_, t) in terms_of(load_playbook(kind)).items() if t.unit is TermUnit.MONEY}
    assert money - NOT_OURS_TO_PAY == {"mdf_per_year", "our_investment", "pilot_budget"}
    assert money >= NOT_OURS_TO_PAY


def test_committed_value_of_a_sheet_without_a_term_counts_one_year(request_for: RequestFor) -> None:
    sheet = draft_term_sheet(request_for()).sheet
    kept = tuple(clause for clause in sheet.clauses if clause.clause_id != "term_and_renewal")
    assert committed_value(sheet.model_copy(update={"clauses": kept})) == Money(amount=Decimal(10_000), currency="SAR")


@pytest.mark.parametrize("start", range(0, 40, 10))
def test_names_of_segments_and_countries_are_never_flagged(request_for: RequestFor, start: int) -> None:
    segments = load_lexicon().slugs(ConceptKind.SEGMENT)
    chosen = (segments * 2)[start : start + 10]
    regions = tuple(sorted(country_codes()))[start * 6 : start * 6 + 60]
    result = draft_term_sheet(request_for(need={"target_segments": chosen, "regions": regions}))
    assert result.report.conforms
    stored = PartnerTermSheet.model_validate_json(result.sheet.model_dump_json())
    assert check_conformance(stored, load_playbook(PartnershipType.REFERRAL)) == result.report
