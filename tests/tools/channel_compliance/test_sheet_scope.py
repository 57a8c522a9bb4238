"""The scope of a term sheet: what its typed terms say, and what they cannot."""

from datetime import date
from typing import Any

import pytest

from partnership_os.errors import InputError
from partnership_os.schemas.base import BilingualText
from partnership_os.schemas.channel import AgreementScope, ClashKind, ExclusivityKind, Overlap
from partnership_os.schemas.partnership import PartnershipType
from partnership_os.schemas.stamp import AnalystStamp
from partnership_os.schemas.term_sheet import Clause, ClauseGroup, PartnerTermSheet, Party, TermUnit, TermValue
from partnership_os.testing.world import need
from partnership_os.tools.channel_compliance.agreements import agreement_clashes
from partnership_os.tools.channel_compliance.sheet_scope import scope_of_sheet
from tests.tools.channel_compliance.scene import DAY, agreement, exclusive

WORDS = BilingualText(en="words", ar="كلمات")
NEED = need()


def clause(group: ClauseGroup, *terms: TermValue) -> Clause:
    return Clause(clause_id=group.value, group=group, title=WORDS, text=WORDS, terms=terms)


def choice(value: str) -> Clause:
    return clause(ClauseGroup.EXCLUSIVITY, TermValue(name="exclusivity", unit=TermUnit.CHOICE, choice=value))


TERM = clause(ClauseGroup.TERM, TermValue(name="term_months", unit=TermUnit.MONTHS, number="18"))


def sheet(*clauses: Clause, **fields: Any) -> PartnerTermSheet:
    defaults: dict[str, Any] = {
        "sheet_id": "ts_1",
        "version": 1,
        "thread_id": "t",
        "partnership_type": PartnershipType.DISTRIBUTION,
        "need_id": NEED.need_id,
        "company_id": "co_new",
        "us": Party(name="Us"),
        "them": Party(name="Them"),
        "currency": "SAR",
        "drafted_on": date(2026, 8, 1),
        "clauses": clauses or (TERM,),
        "cover_note": WORDS,
        "playbook_version": "test",
        "made_by": AnalystStamp(analyst="rules", engine="test"),
    }
    return PartnerTermSheet(**{**defaults, **fields})


def scope(*clauses: Clause, **fields: Any) -> AgreementScope:
    return scope_of_sheet(sheet(*clauses), NEED, **fields)


def test_regions_segments_and_dates_are_read_and_the_rest_is_unknown() -> None:
    found = scope(TERM, choice("exclusive_on_minimum"), starts_on=date(2026, 8, 31))
    assert [area.country for area in found.areas or ()] == ["BH", "SA"]
    assert found.segments == ("banking_sector", "healthcare_sector")
    assert found.period.ends_on == date(2028, 2, 29)
    assert found.exclusivity.kind is ExclusivityKind.ON_MINIMUM
    assert (found.products, found.period.renews, found.exclusivity.carve_outs) == (None, None, None)


def test_silence_promises_nothing_and_words_alone_are_unknown() -> None:
    silent = scope(TERM)
    assert silent.exclusivity.kind is ExclusivityKind.NON_EXCLUSIVE and silent.non_competes == ()
    worded = scope(TERM, clause(ClauseGroup.EXCLUSIVITY), clause(ClauseGroup.NON_SOLICIT))
    assert worded.exclusivity.kind is None and worded.non_competes is None
    assert scope(TERM, choice("exclusive_for_ever")).exclusivity.kind is None


def test_without_a_start_there_is_no_end() -> None:
    found = scope(TERM)
    assert (found.period.starts_on, found.period.ends_on) == (None, None)


def test_another_need_is_refused() -> None:
    with pytest.raises(InputError) as error:
        scope_of_sheet(sheet(), need(need_id="nd_other"))
    assert error.value.details["sheet_id"] == "ts_1"


def test_a_sheet_against_an_exclusive_partner_is_possible_until_the_products_are_told() -> None:
    live = agreement(exclusivity=exclusive(), segments="all")

    def held(**fields: Any) -> list[Overlap]:
        found = agreement_clashes(scope(TERM, choice("non_exclusive"), starts_on=DAY, **fields), [live], DAY)
        return [clash.overlap for clash in found if clash.kind is ClashKind.EXCLUSIVE_HELD]

    assert held() == [Overlap.POSSIBLE]
    assert held(products=("erp",)) == [Overlap.CERTAIN]
    assert held(products=("crm",)) == []
