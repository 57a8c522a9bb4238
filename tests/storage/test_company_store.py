"""What we know is stored, replaced and found again."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

import pytest
from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql
from sqlalchemy.exc import IntegrityError as ConstraintError

from partnership_os.errors import InputError, IntegrityError
from partnership_os.schemas.company import Company, CompanyIdentifiers, CompanyName, CompanyStatus, NameKind
from partnership_os.schemas.evidence import Contradiction, ContradictionSide, Evidence, EvidenceKind, SourceKind
from partnership_os.schemas.need import PartnershipNeed
from partnership_os.storage import company_store, tables
from partnership_os.storage.company_store import CompanyStore, Deal
from partnership_os.storage.rows import field_of


def _company(number: int, name: str, **fields: Any) -> Company:
    return Company(company_id=f"co_{number}", name=name, **fields)


def _evidence(number: int, company: int, moment: datetime, words: str = "words") -> Evidence:
    return Evidence(
        evidence_id=f"ev_{number}",
        company_id=f"co_{company}",
        kind=EvidenceKind.TEXT,
        source_kind=SourceKind.DIRECTORY,
        source="file.csv row 1",
        retrieved_at=moment,
        text=words,
        sha256=sha256(words.encode()).hexdigest(),
    )


def _contradiction(company: int, topic: str) -> Contradiction:
    side = ContradictionSide(says="SA", source="a")
    return Contradiction(company_id=f"co_{company}", topic=topic, first=side, second=side)


def test_an_import_is_read_back_in_order_of_id(store: CompanyStore, moment: datetime) -> None:
    companies = [_company(number, f"Company {number}") for number in (3, 1, 2)]
    evidence = [_evidence(2, 1, moment), _evidence(1, 1, moment), _evidence(3, 2, moment)]
    store.save(companies, evidence, [_contradiction(2, "country"), _contradiction(1, "founded")])
    assert store.companies() == tuple(sorted(companies, key=lambda item: item.company_id))
    assert [item.evidence_id for item in store.evidence_of("co_1")] == ["ev_1", "ev_2"]
    texts = store.evidence_of_many(["co_2", "co_1", "co_9", "co_1"])
    assert {key: [item.evidence_id for item in found] for key, found in texts.items()} == {
        "co_1": ["ev_1", "ev_2"],
        "co_2": ["ev_3"],
        "co_9": [],
    }
    assert store.evidence("ev_3") == evidence[2]
    assert [item.company_id for item in store.contradictions()] == ["co_1", "co_2"]
    assert store.contradictions("co_2") == (_contradiction(2, "country"),)
    assert store.contradictions("co_9") == ()
    assert store.contradictions_of_many(["co_9", "co_2"]) == {"co_2": (_contradiction(2, "country"),), "co_9": ()}
    assert store.evidence_of("co_9") == ()


def test_saving_again_replaces(store: CompanyStore, moment: datetime) -> None:
    store.save([_company(1, "Old"), _company(2, "Other")], [_evidence(1, 1, moment)], [_contradiction(1, "country")])
    store.save([_company(1, "Older"), _company(1, "New")], [_evidence(1, 1, moment, "new")] * 2, [])
    assert [item.name for item in store.companies()] == ["New", "Other"]
    assert store.evidence("ev_1").text == "new"
    assert store.contradictions() == ()
    assert store.find("new").company_id == "co_1"
    with pytest.raises(InputError):
        store.find("Old")


def test_the_order_of_rows_does_not_matter(store: CompanyStore) -> None:
    both = [_contradiction(1, "country"), _contradiction(1, "founded")]
    store.save([], [], both)
    first = store.contradictions()
    store.save([], [], both[::-1])
    assert store.contradictions() == first


def test_an_import_is_all_or_nothing(store: CompanyStore, moment: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(company_store, "_evidence_row", lambda item: {"evidence_id": item.evidence_id})
    with pytest.raises(ConstraintError):
        store.save([_company(1, "One")], [_evidence(1, 1, moment)], [])
    assert store.companies() == ()


def test_a_company_is_found_by_id_name_or_domain(store: CompanyStore) -> None:
    company = _company(
        1,
        "Aramex  PJSC",
        name_ar="أرامكس",
        identifiers=CompanyIdentifiers(domain="aramex.com"),
        other_names=(CompanyName(text="Arab Express", kind=NameKind.FORMER),),
    )
    store.save([company, _company(2, "Twin"), _company(3, "TWIN")], [], [])
    for text in ("co_1", "aramex pjsc", " ARAMEX PJSC ", "أرامكس", "Aramex.COM", "arab express"):
        assert store.find(text) == company, text
    with pytest.raises(InputError, match="2 companies") as caught:
        store.find("twin")
    assert "co_2" in str(caught.value.fix) and "co_3" in str(caught.value.fix)


ALINMA = ("مصرف الانماء", "مصرف الأنماء", "مَصرف الإنمــاء", "مصرف الإنماء")


def test_a_name_is_found_in_other_arabic_spellings(store: CompanyStore) -> None:
    bank = _company(1, "Alinma Bank", name_ar="مصرف الإنماء")
    school = _company(2, "Jeddah School", name_ar="مدرسة جدة الأهلية")
    store.save([bank, school], [], [])
    assert {store.find(text).company_id for text in ALINMA} == {"co_1"}
    assert store.find("مدرسه جده الاهليه") == school
    assert store.find("مدرسة جدة الأهلیة") == school
    with pytest.raises(InputError, match="no company") as caught:
        store.find("مصرف الانمار")
    assert "co_1 (Alinma Bank)" in str(caught.value.fix)


def test_an_exact_spelling_wins_over_one_that_folds_to_the_same(store: CompanyStore) -> None:
    store.save([_company(1, "علاء"), _company(2, "علا")], [], [])
    assert store.find("علاء").company_id == "co_1"
    assert store.find("علا").company_id == "co_2"
    with pytest.raises(InputError, match="2 companies"):
        store.find("علاءُ")


def test_names_stored_before_their_folded_spelling_are_found(store: CompanyStore) -> None:
    store.save([_company(1, "Alinma Bank", name_ar="مصرف الإنماء"), _company(2, "Other Bank")], [], [])
    with store._database.write() as connection:
        folded = tables.company_names.c.name_key == "مصرف الانما"
        assert connection.execute(delete(tables.company_names).where(folded)).rowcount == 1
    assert {store.find(text).company_id for text in ALINMA} == {"co_1"}


def test_a_missing_company_offers_near_ones(store: CompanyStore) -> None:
    with pytest.raises(InputError) as empty:
        store.company("co_1")
    assert "partnership import" in str(empty.value.fix)
    store.save([_company(number, name) for number, name in enumerate(["Aramex", "Zain", "Mobily"])], [], [])
    assert store.company("co_1").name == "Zain"
    for call in (store.company, store.find):
        with pytest.raises(InputError) as caught:
            call("Aramax")
        assert "co_0 (Aramex)" in str(caught.value.fix)
    with pytest.raises(InputError, match="co_01"):
        store.company("co_01")
    names = tuple(
        CompanyName(text=f"Saudi Telecom {word}") for word in ("Group", "Company", "Co", "Corp", "Net", "Plus")
    )
    store.save([_company(5, "Saudi Telecom", other_names=names), _company(50, "Saudi Telecoms Fund")], [], [])
    with pytest.raises(InputError) as caught:
        store.find("Saudi Telecomm")
    offered = re.findall(r"co_\d+", str(caught.value.fix))
    assert {"co_5", "co_50"} <= set(offered)
    assert len(offered) == len(set(offered)), caught.value.fix
    with pytest.raises(InputError, match="no evidence"):
        store.evidence("ev_1")


def test_many_more_than_one_statement_takes(store: CompanyStore, moment: datetime) -> None:
    companies = [_company(number, f"Company {number}") for number in range(1_200)]
    for _ in range(2):
        store.save(companies, [_evidence(number, number, moment) for number in range(1_200)], [])
    ids = [company.company_id for company in companies]
    assert store.count() == len(store.companies()) == 1_200
    assert all(len(found) == 1 for found in store.evidence_of_many(ids).values())
    pages = list(store.company_pages(500))
    assert [len(page) for page in pages] == [500, 500, 200]
    assert tuple(company for page in pages for company in page) == store.companies()


def test_only_ended_companies_are_not_live(store: CompanyStore) -> None:
    reason = 'The source says "status":"acquired" of another company.'
    live = [
        _company(number, "Live", status=status, status_reason=reason)
        for number, status in enumerate((CompanyStatus.ACTIVE, CompanyStatus.UNKNOWN))
    ]
    ended = [
        _company(number, "Ended", status=status)
        for number, status in enumerate((item for item in CompanyStatus if not item.is_live), start=5)
    ]
    store.save([*ended, *live], [], [])
    assert store.not_live() == tuple(ended)


def test_sources_are_told_without_reading_texts(store: CompanyStore, moment: datetime) -> None:
    items = [_evidence(1, 1, moment), _evidence(2, 1, moment, "other words"), _evidence(3, 2, moment)]
    items[1] = items[1].model_copy(update={"source": 'a "quoted"\nسجل.csv'})
    store.save([], items, [])
    assert store.evidence_sources() == {
        "co_1": {"file.csv row 1", 'a "quoted"\nسجل.csv'},
        "co_2": {"file.csv row 1"},
    }


def test_a_field_of_a_record_can_be_asked_for_on_both_databases() -> None:
    body = tables.companies.c.body
    on_postgresql = select(field_of(body, "status", "postgresql")).compile(
        dialect=postgresql.dialect(),  # type: ignore[no-untyped-call]
        compile_kwargs={"literal_binds": True},
    )
    assert "CAST(companies.body AS JSON) ->> 'status'" in str(on_postgresql)


def test_cards(store: CompanyStore, card: Callable[..., Any]) -> None:
    store.put_cards([card("co_2"), card("co_1"), card("co_1", "ne_0"), card("co_1")])
    store.put_card(card("co_2", score=80.5))
    assert [(item.need_id, item.company_id) for item in store.cards()] == [
        ("ne_0", "co_1"),
        ("ne_1", "co_1"),
        ("ne_1", "co_2"),
    ]
    assert [item.company_id for item in store.cards("ne_1")] == ["co_1", "co_2"]
    assert [item.need_id for item in store.cards_of("co_1")] == ["ne_0", "ne_1"]
    found = store.card("co_2", "ne_1")
    assert found is not None and found.score == 80.5
    assert store.card("co_3", "ne_1") is None


def test_a_version_of_a_sheet_never_changes(store: CompanyStore, sheet: Callable[..., Any]) -> None:
    for version in (10, 2, 1):
        store.put_sheet(sheet(version))
    store.put_sheet(sheet(2))
    with pytest.raises(InputError, match="other terms"):
        store.put_sheet(sheet(2, currency="USD"))
    assert [item.version for item in store.sheets("thread-1")] == [1, 2, 10]
    assert store.sheets("thread-2") == ()
    assert store.sheet("ts_1", 2) == sheet(2)
    with pytest.raises(InputError, match="no version 3"):
        store.sheet("ts_1", 3)


def test_needs_and_deals(store: CompanyStore, need: PartnershipNeed, moment: datetime) -> None:
    store.put_need(need)
    store.put_need(need.model_copy(update={"title": "Another title"}))
    assert store.need("ne_1").title == "Another title"
    with pytest.raises(InputError, match="no need"):
        store.need("ne_2")
    deal = Deal(
        thread_id="t-1",
        need_id="ne_1",
        company_id="co_1",
        requested_by="pe_1",
        created_at=moment,
    )
    store.put_deal(deal)
    store.put_deal(deal.model_copy(update={"thread_id": "t-0", "created_at": moment + timedelta(hours=1)}))
    store.put_deal(deal.model_copy(update={"need_id": "ne_2"}))
    assert [(item.thread_id, item.need_id) for item in store.deals()] == [("t-1", "ne_2"), ("t-0", "ne_1")]
    assert store.deal("t-1").created_at == moment
    with pytest.raises(InputError, match="no deal"):
        store.deal("t-9")


def test_a_damaged_record_is_said_to_be_damaged(store: CompanyStore) -> None:
    store.save([_company(1, "One")], [], [])
    with store._database.write() as connection:
        connection.exec_driver_sql("UPDATE companies SET body = '{}'")
    with pytest.raises(IntegrityError, match="stored Company"):
        store.companies()
