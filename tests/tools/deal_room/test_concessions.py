"""Who moved towards whom."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from partnership_os.schemas.base import BilingualText
from partnership_os.schemas.deal_room import CounterOfferReceived, Side
from partnership_os.schemas.partnership import PartnershipType
from partnership_os.schemas.stamp import AnalystKind, AnalystStamp
from partnership_os.schemas.term_sheet import Clause, ClauseGroup, PartnerTermSheet, Party, TermUnit, TermValue
from partnership_os.tools.deal_room.concessions import concessions_of

TEXT = BilingualText(en="Text.", ar="نص.")
START = datetime(2026, 1, 20, tzinfo=UTC)


def share(number: str, name: str = "commission_share") -> TermValue:
    return TermValue(name=name, unit=TermUnit.SHARE, number=Decimal(number))


def seat(choice: str) -> TermValue:
    return TermValue(name="seat", unit=TermUnit.CHOICE, choice=choice)


def sheet(version: int, *terms: TermValue) -> PartnerTermSheet:
    return PartnerTermSheet(
        sheet_id="ts_1",
        version=version,
        thread_id="deal-1",
        partnership_type=PartnershipType.REFERRAL,
        need_id="nd_1",
        company_id="co_1",
        us=Party(name="Us"),
        them=Party(name="Them"),
        currency="SAR",
        drafted_on=date(2026, 1, 20),
        clauses=(Clause(clause_id="economics", group=ClauseGroup.ECONOMICS, title=TEXT, text=TEXT, terms=terms),),
        cover_note=TEXT,
        playbook_version="1",
        made_by=AnalystStamp(analyst=AnalystKind.RULES, engine="test"),
    )


def offer(version: int, *wanted: TermValue) -> CounterOfferReceived:
    return CounterOfferReceived(
        entry_id=f"re_{version}",
        thread_id="deal-1",
        seq=version,
        at=START + timedelta(hours=version),
        by="pe_ana",
        version=version,
        document="What we want.",
        document_digest="0" * 64,
        wanted=wanted,
    )


def test_moves_towards_the_other_side_are_concessions() -> None:
    found = concessions_of(
        [sheet(1, share("0.10")), sheet(2, share("0.12")), sheet(3, share("0.15"))],
        [offer(1, share("0.20")), offer(2, share("0.18"))],
    )
    assert [(item.side, item.version, item.old.number, item.new.number, item.closed) for item in found] == [
        (Side.US, 2, Decimal("0.10"), Decimal("0.12"), Decimal("0.2000")),
        (Side.THEM, 2, Decimal("0.20"), Decimal("0.18"), Decimal("0.2500")),
        (Side.US, 3, Decimal("0.12"), Decimal("0.15"), Decimal("0.5000")),
    ]


def test_moves_away_past_or_towards_nothing_are_none() -> None:
    assert concessions_of([sheet(1, share("0.10")), sheet(2, share("0.08"))], [offer(1, share("0.20"))]) == ()
    assert concessions_of([sheet(1, share("0.10")), sheet(2, share("0.12"))], []) == ()
    assert concessions_of([sheet(1, share("0.10")), sheet(2, share("0.40"))], [offer(1, share("0.20"))]) == ()
    other = [offer(1, share("0.20", "another_share"))]
    assert concessions_of([sheet(1, share("0.10")), sheet(2, share("0.12"))], other) == ()


def test_taking_over_a_choice_is_a_concession() -> None:
    (found,) = concessions_of([sheet(1, seat("riyadh")), sheet(2, seat("dubai"))], [offer(1, seat("dubai"))])
    assert (found.side, found.term, found.closed) == (Side.US, "seat", None)
    assert concessions_of([sheet(1, seat("riyadh")), sheet(2, seat("london"))], [offer(1, seat("dubai"))]) == ()


@pytest.mark.parametrize("order", [1, -1])
def test_the_order_of_versions_changes_nothing(order: int) -> None:
    sheets = [sheet(1, share("0.10")), sheet(2, share("0.12"))][::order]
    assert len(concessions_of(sheets, [offer(1, share("0.20"))])) == 1


def test_money_in_another_currency_is_not_compared() -> None:
    def fee(amount: str, currency: str) -> TermValue:
        return TermValue(name="fee", unit=TermUnit.MONEY, number=Decimal(amount), currency=currency)

    wanted = [offer(1, fee("1", "USD"))]
    assert concessions_of([sheet(1, fee("10", "SAR")), sheet(2, fee("5", "SAR"))], wanted) == ()
