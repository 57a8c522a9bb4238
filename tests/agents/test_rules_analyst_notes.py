"""What the rules analyst writes: the summary of a card and the note that goes with a term sheet."""

from datetime import date
from decimal import Decimal

from partnership_os.agents.rules_analyst import RulesAnalyst
from partnership_os.agents.sheet_text import standard_note
from partnership_os.schemas.base import BilingualText
from partnership_os.schemas.partnership import PartnershipType
from partnership_os.schemas.score_card import (
    Band,
    BlockReason,
    Dimension,
    DimensionScore,
    FactToFind,
    PartnerFitScoreCard,
)
from partnership_os.schemas.stamp import AnalystKind
from partnership_os.schemas.term_sheet import Clause, ClauseGroup, PartnerTermSheet, Party, TermUnit, TermValue
from partnership_os.tools.lexicon import load_lexicon


def analyst() -> RulesAnalyst:
    return RulesAnalyst(load_lexicon())


def dimensions(known: dict[Dimension, float]) -> tuple[DimensionScore, ...]:
    return tuple(
        DimensionScore(
            dimension=item,
            weight=20 if item in known else 10,
            score=known.get(item),
            coverage=1.0 if item in known else 0.0,
            contribution=known.get(item, 0.0) * 0.2,
            indicators=(),
        )
        for item in Dimension
    )


def card(**fields: object) -> PartnerFitScoreCard:
    question = BilingualText(en="How many people does it employ?", ar="كم عدد موظفيها؟")
    base: dict[str, object] = {
        "card_id": "ca_1",
        "company_id": "co_najd",
        "company_name": "Najd Cement Company",
        "company_name_ar": "شركة نجد",
        "need_id": "nd_1",
        "partnership_type": PartnershipType.DISTRIBUTION,
        "as_of": date(2026, 1, 5),
        "score": 67.25,
        "coverage": 0.72,
        "confidence": 0.3,
        "band": Band.DEVELOP,
        "best_band": Band.PURSUE,
        "worst_band": Band.WATCH,
        "dimensions": dimensions({Dimension.CAPABILITY: 80.0, Dimension.MARKET_OVERLAP: 30.0}),
        "facts_to_find": (
            FactToFind(
                indicator="workforce",
                dimension=Dimension.CAPABILITY,
                question=question,
                coverage_gain=0.1,
                score_if_best=80.0,
                score_if_worst=40.0,
                band_if_best=Band.PURSUE,
                band_if_worst=Band.DECLINE,
            ),
        ),
        "summary": BilingualText(en="-", ar="-"),
        "weights_version": "1",
        "made_by": analyst().stamp,
        "input_digest": "0" * 64,
    }
    return PartnerFitScoreCard.model_validate(base | fields)


def test_a_summary_says_what_the_card_holds() -> None:
    note = analyst().summarise(card())
    assert note.made_by.analyst is AnalystKind.RULES and note.made_by.model is None
    for part in ("Najd Cement Company", "67.2 of 100", "develop", "72%", "capability (16.0)", "How many people"):
        assert part in note.text.en
    for part in ("شركة نجد", "67.2", "تطوير", "72%", "القدرات", "كم عدد موظفيها؟"):
        assert part in note.text.ar
    assert "largest gap is market overlap: 30.0 of 100" in note.text.en


def test_an_unknown_card_is_called_unknown() -> None:
    note = analyst().summarise(card(band=Band.UNKNOWN, coverage=0.4))
    assert "is Unknown" in note.text.en and "pursue at best and watch at worst" in note.text.en
    assert "غير معروف" in note.text.ar
    bare = analyst().summarise(
        card(
            band=Band.UNKNOWN,
            score=None,
            coverage=0.0,
            dimensions=dimensions({}),
            facts_to_find=(),
            company_name_ar=None,
        )
    )
    assert "nothing can be scored yet" in bare.text.en
    assert "Most points" not in bare.text.en
    assert "nothing is known" in bare.text.en
    assert "Najd Cement Company" in bare.text.ar


def test_a_block_is_said_first() -> None:
    blocked = BlockReason(rule="dead", text=BilingualText(en="It was liquidated.", ar="تمت تصفيتها."))
    note = analyst().summarise(card(blocked=(blocked,)))
    assert "Blocked: It was liquidated." in note.text.en and "تمت تصفيتها." in note.text.ar


def test_a_cover_note_is_the_standard_one() -> None:
    terms = (
        TermValue(name="commission", unit=TermUnit.SHARE, number=Decimal("0.15")),
        TermValue(name="notice", unit=TermUnit.DAYS, number=Decimal("30")),
    )
    clause = Clause(
        clause_id="economics",
        group=ClauseGroup.ECONOMICS,
        title=BilingualText(en="Economics", ar="الاقتصاديات"),
        text=BilingualText(en="Text", ar="نص"),
        terms=terms,
    )
    sheet = PartnerTermSheet(
        sheet_id="ts_1",
        version=3,
        thread_id="t1",
        partnership_type=PartnershipType.REFERRAL,
        need_id="nd_1",
        company_id="co_najd",
        us=Party(name="Example Software", name_ar="شركة المثال"),
        them=Party(name="Najd Cement Company"),
        currency="SAR",
        drafted_on=date(2026, 1, 5),
        clauses=(clause,),
        cover_note=BilingualText(en="-", ar="-"),
        playbook_version="1",
        made_by=analyst().stamp,
    )
    note = analyst().cover_note(sheet)
    assert note.text == standard_note(sheet)
    assert "Example Software" in note.text.en and "شركة المثال" in note.text.ar
    assert len(note.text.en) < 800
