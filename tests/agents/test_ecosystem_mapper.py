import random
from datetime import date

import pytest

from partnership_os.agents.ecosystem_mapper import map_ecosystem, search_text
from partnership_os.agents.facts import Facts
from partnership_os.agents.rules_analyst import RulesAnalyst
from partnership_os.agents.wanted import wanted_by
from partnership_os.schemas.company import CompanyStatus
from partnership_os.schemas.need import PartnershipNeed
from partnership_os.schemas.prospect import ReasonKind
from partnership_os.testing import world
from partnership_os.tools.lexicon import load_lexicon

LEXICON = load_lexicon()
RULES = RulesAnalyst(LEXICON)
NEED = world.need(seeks=("cloud_hosting", "systems_integration"))


def facts_of(company_id: str, text: str, need: PartnershipNeed = NEED, **fields: object) -> Facts:
    company = world.company(company_id=company_id, name=f"{company_id[3:].title()} Test", **fields)
    evidence = (world.evidence(company_id, text),) if text else ()
    reading = RULES.read(company, evidence)
    return Facts(
        need=need,
        company=company,
        evidence={item.evidence_id: item for item in evidence},
        claims=reading.claims,
        lexicon=LEXICON,
        as_of=date(2026, 1, 20),
    )


FITTING = "Fitting Test is a systems integrator. It provides cloud hosting and cybersecurity services in Saudi Arabia."
HALF = "Half Test provides cloud hosting services in Saudi Arabia."
LIKE_US = "Alike Test serves banks in Saudi Arabia. It provides catering services in Saudi Arabia."


def test_complementarity_orders_prospects_and_each_reason_has_its_words() -> None:
    mapped = map_ecosystem([facts_of("co_half", HALF), facts_of("co_fitting", FITTING)], {})
    assert [item.company_id for item in mapped.prospects] == ["co_fitting", "co_half"]
    kinds = {reason.kind for reason in mapped.prospects[0].reasons}
    assert {ReasonKind.FITS_PROFILE, ReasonKind.OFFERS_WHAT_WE_LACK, ReasonKind.ANSWERS_REQUEST} <= kinds
    assert {ReasonKind.CLOSES_GAP, ReasonKind.ANSWERS_SIGNAL, ReasonKind.IN_REGION} <= kinds
    for reason in mapped.prospects[0].reasons:
        assert reason.quote is None or reason.quote in FITTING
        assert reason.text.en and reason.text.ar
    triggers = {reason.trigger_id for reason in mapped.prospects[0].reasons} - {None}
    assert triggers == {"sg_cloud", "rq_security", "gp_bahrain"}


def test_serving_the_same_customers_is_no_reason_by_itself() -> None:
    mapped = map_ecosystem([facts_of("co_alike", LIKE_US)], {"co_alike": 0.99})
    assert mapped.prospects == ()
    assert [item.rule for item in mapped.filtered_out] == ["nothing_sought"]


def test_a_company_of_which_nothing_is_known_stays_a_prospect() -> None:
    mapped = map_ecosystem([facts_of("co_bare", "")], {})
    assert [item.company_id for item in mapped.prospects] == ["co_bare"]
    assert mapped.prospects[0].strategic_fit == 0


@pytest.mark.parametrize("arabic", ["تقدم الشركة خدمات الاستضافة السحابية في المملكة العربية السعودية."])
def test_an_arabic_text_answers_an_english_need(arabic: str) -> None:
    mapped = map_ecosystem([facts_of("co_arabic", arabic)], {})
    assert any(reason.concept == "cloud_hosting" for reason in mapped.prospects[0].reasons)


def test_order_of_input_does_not_matter_and_similarity_breaks_ties() -> None:
    candidates = [facts_of(f"co_{letter}", HALF.replace("Half", letter.title())) for letter in "abcd"]
    similarity = {"co_c": 0.9, "co_a": 0.5}
    plain = map_ecosystem(candidates, similarity)
    assert [item.company_id for item in plain.prospects] == ["co_c", "co_a", "co_b", "co_d"]
    random.Random(3).shuffle(candidates)
    assert map_ecosystem(candidates, similarity) == plain


def test_the_dead_are_filtered_before_ranking() -> None:
    dead = facts_of("co_fitting", FITTING, status=CompanyStatus.LIQUIDATED)
    mapped = map_ecosystem([dead, facts_of("co_half", HALF)], {"co_fitting": 1.0})
    assert [item.rule for item in mapped.filtered_out] == ["not_live"]
    assert [item.company_id for item in mapped.prospects] == ["co_half"]


def test_what_is_wanted_weighs_severity_and_customers() -> None:
    weights = {item.trigger_id: item.weight for item in wanted_by(NEED) if item.trigger_id}
    assert weights["gp_bahrain"] == 4
    assert weights["rq_security"] == pytest.approx(2.079, abs=0.01)
    assert weights["sg_cloud"] == 2


def test_the_search_text_speaks_both_languages() -> None:
    text = search_text(NEED, LEXICON)
    assert NEED.description in text
    concept = LEXICON.get("cloud_hosting")
    assert concept is not None and concept.label.ar in text and concept.label.en in text
