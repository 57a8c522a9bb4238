import re
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from partnership_os.agents.analyst import Reading, engine_label
from partnership_os.agents.claim_labels import both
from partnership_os.agents.deal_matcher import MatchRequest, rank, score_company
from partnership_os.agents.rules_analyst import RulesAnalyst
from partnership_os.schemas.company import Company, CompanyStatus
from partnership_os.schemas.evidence import Claim, Contradiction, ContradictionSide, Evidence, EvidenceKind, SourceKind
from partnership_os.schemas.need import PartnershipNeed
from partnership_os.schemas.score_card import Band, PartnerFitScoreCard
from partnership_os.schemas.stamp import AnalystKind, AnalystStamp
from partnership_os.testing import world
from partnership_os.tools.evidence import make_evidence, record_text
from partnership_os.tools.lexicon import load_lexicon
from partnership_os.tools.text import script_of

LEXICON = load_lexicon()
RULES = RulesAnalyst(LEXICON)
STAMP = AnalystStamp(analyst=AnalystKind.RULES, engine=engine_label())
NEED = world.need(
    partner_profiles=("systems_integrator",),
    seeks=("cloud_hosting", "cybersecurity"),
    target_segments=("banking_sector", "healthcare_sector"),
    excluded_profiles=("cement_manufacturer",),
)
TEXT = (
    "Najd Test Systems is a systems integrator in Saudi Arabia. It provides cloud hosting and cybersecurity services. "
    "It serves banks and hospitals. It has 350 employees and 12 branches. The company was founded in 2004 and is "
    "headquartered in Riyadh, Saudi Arabia."
)


def record(company: Company, **fields: str) -> Evidence:
    stated = {"name": company.name, "country": "Saudi Arabia", "industry": "IT Services", **fields}
    return make_evidence(
        company.company_id,
        EvidenceKind.RECORD,
        SourceKind.REGISTRY,
        "test.csv#1",
        world.evidence().retrieved_at,
        record_text(stated),
    )


def card_of(
    company: Company | None = None,
    need: PartnershipNeed = NEED,
    evidence: tuple[Evidence, ...] | None = None,
    contradictions: tuple[Contradiction, ...] = (),
    claims: tuple[Claim, ...] | None = None,
) -> PartnerFitScoreCard:
    company = company or world.company()
    texts = evidence if evidence is not None else (world.evidence(text=TEXT), record(company, ticker="9901"))
    reading = RULES.read(company, texts)
    if claims is not None:
        reading = Reading(claims=claims)
    request = MatchRequest(
        need=need,
        company=company,
        evidence=texts,
        reading=reading,
        contradictions=contradictions,
        as_of=date(2026, 1, 20),
        made_by=STAMP,
    )
    return score_company(request, LEXICON)


def points(card: PartnerFitScoreCard) -> dict[str, float | None]:
    return {item.indicator: item.points for item in card.indicators}


def test_a_fitting_company_is_measured_from_its_own_words() -> None:
    card = card_of()
    assert card.band is Band.PURSUE
    measured = points(card)
    assert measured["partner_profile"] == 100
    assert measured["sought_capabilities"] and measured["sought_capabilities"] >= 80
    assert measured["customer_segments"] == 100
    assert measured["workforce"] and measured["workforce"] > 50
    assert measured["age"] == 100
    for item in card.indicators:
        for source in item.sources:
            assert source.quote in TEXT or source.quote in record(world.company(), ticker="9901").text


def test_a_company_nobody_described_is_unknown_and_says_what_to_find() -> None:
    bare = Company(company_id="co_bare", name="Bare Test")
    card = card_of(bare, evidence=())
    assert card.score is None and card.coverage == 0 and card.confidence == 0
    assert card.band is Band.UNKNOWN and card.best_band is Band.PURSUE and card.worst_band is Band.DECLINE
    assert len(card.facts_to_find) == 3
    assert all(fact.question.ar and fact.coverage_gain > 0 for fact in card.facts_to_find)


def test_what_is_not_sought_scores_low_and_is_blocked_when_excluded() -> None:
    text = "Hejaz Test Cement manufactures and sells cement in Saudi Arabia. It was founded in 1990."
    company = world.company(company_id="co_cement", name="Hejaz Test Cement", industry="Construction Materials")
    evidence = (world.evidence("co_cement", text), record(company, industry="Construction Materials"))
    card = card_of(company, evidence=evidence)
    assert points(card)["partner_profile"] == 10
    assert [item.rule for item in card.blocked] == ["excluded_profile"]
    fitting = card_of()
    assert (card.score or 0) < (fitting.score or 0)


def test_the_dead_ourselves_and_rivals_are_blocked_with_the_score_still_shown() -> None:
    dead = world.company(status=CompanyStatus.ACQUIRED, status_reason="It was acquired by another company.")
    assert [item.rule for item in card_of(dead).blocked] == ["not_live"]
    ours = world.company(name="Example Software")
    assert [item.rule for item in card_of(ours).blocked] == ["own_company"]
    rival = world.company(name="Rival Test Software Co.")
    blocked = card_of(rival)
    assert [item.rule for item in blocked.blocked] == ["rival"] and blocked.score is not None


def test_contradictions_lower_confidence_and_are_listed() -> None:
    side = ContradictionSide(says="Taiwan", source="test.csv#1")
    doubt = Contradiction(company_id="co_najd", topic="country", first=side, second=side)
    clean, doubted = card_of(), card_of(contradictions=(doubt,))
    assert doubted.score == clean.score and doubted.confidence < clean.confidence
    assert doubted.contradictions == (doubt,)
    [risk] = [risk for risk in doubted.risks if risk.risk == "contradicting_sources"]
    assert risk.text == both("Sources contradict each other on: country.", "تتعارض المصادر في: الدولة.")


def test_selling_what_we_sell_is_a_conflict() -> None:
    text = "Najd Test Systems provides cloud accounting software and e-invoicing software in Saudi Arabia."
    need = NEED.model_copy(
        update={"our_company": NEED.our_company.model_copy(update={"offers": ("accounting_software",)})}
    )
    card = card_of(need=need, evidence=(world.evidence(text=text),))
    assert points(card)["product_overlap"] == 10
    [overlap] = [item.shown for item in card.indicators if item.indicator == "product_overlap"]
    assert overlap is not None and overlap.en.startswith("the same as ours: ")
    assert "competing_offer" in {risk.risk for risk in card.risks}


def test_two_dates_of_founding_count_the_younger_one() -> None:
    texts = (
        world.evidence(text="Najd Test Systems was founded in 1990."),
        world.evidence(text="Najd Test Systems was founded in 2023."),
    )
    card = card_of(evidence=texts)
    assert points(card)["age"] == 45


def test_a_model_failure_is_on_the_card() -> None:
    company = world.company()
    texts = (world.evidence(text=TEXT),)
    reading = RULES.read(company, texts).model_copy(update={"failure": "model failed: cut_off"})
    request = MatchRequest(
        need=NEED,
        company=company,
        evidence=texts,
        reading=reading,
        contradictions=(),
        as_of=date(2026, 1, 20),
        made_by=STAMP,
    )
    assert score_company(request, LEXICON).reading_failure == "model failed: cut_off"


@settings(max_examples=30, deadline=None)
@given(st.randoms(use_true_random=False))
def test_the_order_of_evidence_and_claims_does_not_change_a_byte(random: object) -> None:
    company = world.company()
    texts = [world.evidence(text=TEXT), record(company), world.evidence(text="Najd Test Systems serves banks.")]
    claims = [claim for item in texts for claim in RULES.read(company, [item]).claims]
    plain = card_of(evidence=tuple(texts), claims=tuple(claims)).model_dump_json()
    random.shuffle(texts)  # type: ignore[attr-defined]
    random.shuffle(claims)  # type: ignore[attr-defined]
    assert card_of(evidence=tuple(texts), claims=tuple(claims)).model_dump_json() == plain


def test_ranking_puts_bands_first_unknowns_by_reach_and_blocked_last() -> None:
    base = card_of()

    def variant(company_id: str, **fields: object) -> PartnerFitScoreCard:
        return base.model_copy(update={"company_id": company_id, **fields})

    cards = [
        variant("co_decline", band=Band.DECLINE, score=30.0),
        variant("co_blocked", blocked=card_of(world.company(name="Example Software")).blocked),
        variant("co_unknown_low", band=Band.UNKNOWN, best_band=Band.WATCH, score=40.0, coverage=0.5),
        variant("co_watch", band=Band.WATCH, score=50.0),
        variant("co_unknown", band=Band.UNKNOWN, best_band=Band.PURSUE, score=80.0, coverage=0.5),
        variant("co_develop", band=Band.DEVELOP, score=65.0),
        variant("co_pursue_b", confidence=0.9),
        variant("co_pursue_a", confidence=0.9),
        variant("co_pursue_sure", confidence=0.95),
    ]
    order = [card.company_id for card in rank(cards)]
    assert order == [
        "co_pursue_sure",
        "co_pursue_a",
        "co_pursue_b",
        "co_develop",
        "co_unknown",
        "co_watch",
        "co_unknown_low",
        "co_decline",
        "co_blocked",
    ]
    assert rank(list(reversed(cards))) == rank(cards)


def test_every_measure_is_shown_in_words_of_both_languages() -> None:
    text = (
        f"{TEXT} It is licensed by the Saudi Central Bank. It is ISO 27001 certified and has a partner programme. "
        "It is a subsidiary of Gulf Test Holding. It is an authorised distributor of Rival Test Software. "
        "It serves 40,000 customers. Its strategy supports Saudi Vision 2030."
    )
    company = world.company(market_size="large", status=CompanyStatus.ACTIVE)
    fields = {"ticker": "9901", "registry_number": "1010999999", "market_cap": "Large", "status": "active"}
    card = card_of(company, evidence=(world.evidence(text=text), record(company, **fields)))
    shown = {item.indicator: item.shown for item in card.indicators if item.shown is not None}
    assert {item.indicator for item in card.indicators if item.points is not None} == set(shown)
    assert len(shown) >= 18
    for item in card.indicators:
        assert script_of(item.method.ar) == "ar" and script_of(item.method.en) == "latin"
    for name, words in shown.items():
        assert "_" not in words.en, name
        plain = re.sub(r"\b(?:ISO|IEC|Rival Test Software)\b", "", words.ar)
        assert not re.search("[a-zA-Z]", plain), (name, words.ar)
    assert shown["partner_profile"] == LEXICON.get("systems_integrator").label  # type: ignore[union-attr]
    assert shown["workforce"] == both("350 employees", "350 موظفًا")
    assert shown["reach"] == both("40,000 customers", "40,000 عميل")
    assert shown["age"] == both("22 years in business", "22 سنة")
    assert shown["public_accounts"] == both("listed (9901)", "مدرجة (9901)")
    assert shown["licence"] == both("Saudi Central Bank (SAMA)", "البنك المركزي السعودي (ساما)")
    assert shown["market_size"] == both("large", "كبيرة")
    assert shown["status"] == both("active", "قائمة")
    assert shown["local_entity"] == both("Saudi Arabia", "المملكة العربية السعودية")
    assert "subsidiary" in shown["ownership"].en and "listed" in shown["ownership"].en
    assert "Rival Test Software" in shown["rival_ties"].en
    assert "1010999999" in shown["registry"].ar


def test_what_is_not_found_is_said_in_words() -> None:
    text = "Najd Test Systems makes cement in Egypt and was established in 2026."
    company = world.company(countries=("EG",), industry="Construction Materials", status=CompanyStatus.ACQUIRED)
    stated = record(company, country="Egypt", industry="Construction Materials", status="acquired")
    card = card_of(company, evidence=(world.evidence(text=text), stated))
    shown = {item.indicator: item.shown for item in card.indicators}
    assert shown["territory"] == both("none of ours, but Egypt", "ليس في مناطقنا، بل في: مصر")
    assert shown["local_entity"] == both("Egypt", "مصر")
    assert shown["status"] == both("acquired by another company", "استحوذت عليها شركة أخرى")
    assert shown["age"] == both("less than a year in business", "أقل من سنة")
    assert shown["sought_capabilities"] == both("none of those we seek", "لا شيء مما نبحث عنه")
    assert shown["answers_triggers"] == both("nothing of what triggers the need", "لا شيء مما استدعى هذا الاحتياج")
    assert shown["workforce"] is None
    assert shown["product_overlap"] is None, "one described offer says nothing about ours"
