"""The fit suite: sound labels, cases and variants, a grade that can be trusted, and the floors of the rules analyst."""

import re
from collections.abc import Iterator
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import Final

import pytest
from pydantic import ValidationError

from partnership_os.errors import InputError
from partnership_os.evals.cases.fit import labels as labelling
from partnership_os.evals.cases.fit.card_checks import CHECKS, checks_of
from partnership_os.evals.cases.fit.grading import ranking_faults, ranking_marks, sides, variant_marks
from partnership_os.evals.cases.fit.labels import ExclusionRule, FitLabel, Truth, agreement, labels, truth_of
from partnership_os.evals.cases.fit.outcome import Figures, FitCase, FitOutcome, Placed
from partnership_os.evals.cases.fit.scoring import Scored, ranking_of, scored
from partnership_os.evals.cases.fit.suite import SUITE
from partnership_os.evals.cases.fit.world import (
    Row,
    Variant,
    changed,
    companies,
    company_named,
    imported,
    need_named,
    needs,
)
from partnership_os.evals.catalogue import load_cases
from partnership_os.evals.oracle import oracle_faults
from partnership_os.evals.sitting import Room, Sitting
from partnership_os.evals.statistics.ranking import pair_agreement
from partnership_os.evals.subject import RULES
from partnership_os.evals.suite import Grade, Mark, MeasureKind
from partnership_os.schemas.evidence import SOURCE_QUALITY
from partnership_os.schemas.partnership import PartnershipType
from partnership_os.schemas.score_card import Band
from partnership_os.settings import Settings
from partnership_os.tools.countries import country_code
from partnership_os.tools.lexicon import load_lexicon
from partnership_os.tools.text import script_of
from tests.evals.cases.fit_cards import card

README: Final = (files("partnership_os.evals.cases.fit") / "README.md").read_text(encoding="utf-8")
FLOORS: Final = {
    "ndcg_at_3": 0.89,
    "pair_agreement": 0.82,
    "spearman": 0.72,
    "top_1": 0.7,
    "excluded_right": 0.9,
    "band_side": 1.0,
    "order_by_rule": 1.0,
    "card_checks": 1.0,
    "schema_valid": 1.0,
    "permutation_invariant": 1.0,
    "monotone": 0.85,
}
"""A little below what the rules analyst reaches; what has to hold always is at 1."""


@pytest.fixture
def sitting(tmp_path: Path) -> Iterator[Sitting]:
    room = Room(RULES, tmp_path / "room", Settings(_env_file=None))
    yield Sitting(room)
    room.close()


def every_case() -> tuple[FitCase, ...]:
    return load_cases(SUITE)


def case_named(name: str) -> FitCase:
    return next(item for item in every_case() if item.id == name)


def value(grades: dict[str, Grade], measure: str) -> float:
    marks = [grade.marks[measure] for grade in grades.values() if measure in grade.marks]
    rate = next(item for item in SUITE.measures if item.name == measure).kind is MeasureKind.RATE
    return sum(mark.got for mark in marks) / (sum(mark.of for mark in marks) if rate else len(marks))


# The product, and the proof of the suite


def test_the_oracle_is_clean() -> None:
    assert list(oracle_faults(SUITE)) == []


def test_the_rules_analyst_keeps_its_floors(sitting: Sitting) -> None:
    grades = {case.id: SUITE.grade(case, SUITE.answer(case, sitting)) for case in every_case()}
    missed = {name: grade.faults for name, grade in grades.items() if grade.faults}
    values = {name: value(grades, name) for name in FLOORS}
    assert {name: got for name, got in values.items() if got < FLOORS[name]} == {}, (values, missed)
    assert value(grades, "name_shift") <= 1e-9, missed
    assert sum(grade.passed for grade in grades.values()) >= 17, missed


def test_the_same_case_gets_the_same_answer(sitting: Sitting) -> None:
    case = case_named("identity_bought_but_alive")
    assert SUITE.answer(case, sitting) == SUITE.answer(case, sitting)


# Labels


def test_both_labellings_cover_exactly_the_pairs_of_the_cases() -> None:
    pairs = {(case.need, name) for case in every_case() for name in case.companies}
    for labelled in labels():
        assert labelled.keys() == pairs


def test_the_readme_states_the_computed_agreement() -> None:
    found = agreement()
    assert f"| pairs labelled twice | {found.pairs} |" in README
    assert f"| the same grade | {found.exact} ({found.exact / found.pairs:.0%}) |" in README
    assert f"| quadratic-weighted Cohen κ | {found.kappa:.2f} |" in README
    assert (
        f"| agree whether a rule excludes | {found.excluded_alike} ({found.excluded_alike / found.pairs:.0%}) |"
        in README
    )


def test_truth_is_the_common_grade_or_the_mean_and_excluded_only_where_both_say_so() -> None:
    first, second = labels()
    for (need, company), label in first.items():
        other = second[need, company]
        truth = truth_of(need, company)
        assert truth.grade == (label.grade + other.grade) / 2
        assert truth.excluded == (label.rule is not None and other.rule is not None)


def test_labels_that_cannot_be_are_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with pytest.raises(ValidationError, match="grade 0"):
        FitLabel(need="nd_x", company="co_x", grade=2, rule=ExclusionRule.RIVAL, why="both at once")
    with pytest.raises(InputError, match="no labels"):
        truth_of("nd_referral_books", "co_nobody")
    line = "- {need: nd_x, company: co_x, grade: 1, why: a reason}\n"
    monkeypatch.setattr(labelling, "_LABELS", tmp_path)
    (tmp_path / "first.yaml").write_text(line * 2)
    (tmp_path / "second.yaml").write_text(line)
    with pytest.raises(InputError, match="twice"):
        labels.__wrapped__()
    (tmp_path / "first.yaml").write_text(line + line.replace("co_x", "co_y"))
    with pytest.raises(InputError, match="nd_x / co_y"):
        labels.__wrapped__()


# Cases and world


def test_the_cases_are_sound() -> None:
    cases = every_case()
    assert len(cases) >= 34 and {case.need for case in cases} == set(needs())
    assert {need.partnership_type for need in needs().values()} == set(PartnershipType)
    assert {script_of(need.description) for need in needs().values()} == {"ar", "latin"}
    assert sum(len(case.companies) == 2 for case in cases) >= 6
    assert len({(case.need, case.companies) for case in cases}) == len(cases)
    assert {name for case in cases for name in case.companies} == set(companies())
    for case in cases:
        assert case.cluster == case.need and len(set(case.companies)) == len(case.companies), case.id
        first = company_named(case.companies[0])
        assert first.stand_in is not None, case.id
        best = max(SOURCE_QUALITY[row.source_kind] for row in first.rows)
        assert SOURCE_QUALITY[case.better.source_kind] > best, case.id
        assert names_in(case.better.text, first.name, first.name_ar), case.id


def test_needs_ask_for_concepts_of_the_lexicon() -> None:
    lexicon = load_lexicon()
    for need in needs().values():
        asked = (*need.partner_profiles, *need.seeks, *need.target_segments, *need.excluded_profiles)
        assert [name for name in (*asked, *need.our_company.offers) if lexicon.get(name) is None] == []


def test_companies_are_described_in_both_scripts_and_named_by_their_names() -> None:
    texts = [(item, row.text) for item in companies().values() for row in item.rows]
    assert len(companies()) >= 45 and sum(script_of(text) == "ar" for _, text in texts) >= 15
    for item, text in texts:
        assert names_in(text, item.name, item.name_ar), (item.id, text)


def names_in(text: str, *names: str) -> int:
    return sum(len(re.findall(rf"(?<!\w){re.escape(name)}(?!\w)", text)) for name in names)


def test_a_stand_in_says_what_the_name_says() -> None:
    lexicon = load_lexicon()
    for item in companies().values():
        for name, other in zip((item.name, item.name_ar), item.stand_in or (), strict=False):
            meant = {mention.concept for mention in lexicon.find(name)}
            assert {mention.concept for mention in lexicon.find(other)} == meant, (item.id, other)
            assert [word for word in other.split() if country_code(word) and word not in name.split()] == [], item.id


def test_every_company_is_one_company_to_the_import_under_every_name(sitting: Sitting) -> None:
    better = {case.companies[0]: case.better for case in every_case()}
    for item in companies().values():
        sources = imported(item, sitting.room.new_folder(), sitting.lexicon)
        texts = {one.text for one in sources.evidence}
        assert {row.text for row in item.rows} <= texts, item.id
        for variant in Variant if item.id in better else ():
            imported(changed(item, variant, better[item.id]), sitting.room.new_folder(), sitting.lexicon)


def test_some_companies_ended_and_some_contradict_themselves(sitting: Sitting) -> None:
    found = {
        item.id: imported(item, sitting.room.new_folder(), sitting.lexicon).company.status.is_live
        for item in companies().values()
    }
    assert {"co_samba", "co_souq"} <= {name for name, live in found.items() if not live}
    first, second = labels()
    gone = {name for (_, name), label in first.items() if label.rule is ExclusionRule.GONE}
    assert gone and gone == {name for (_, name), label in second.items() if label.rule is ExclusionRule.GONE}


def test_a_world_or_company_that_is_not_there_is_refused(sitting: Sitting) -> None:
    with pytest.raises(InputError, match="no company"):
        company_named("co_nobody")
    with pytest.raises(InputError, match="no need"):
        need_named("nd_nothing")
    better = case_named("books_bank_or_its_ghost").better
    with pytest.raises(InputError, match="stand_in"):
        changed(company_named("co_salla"), Variant.OTHER_ORIGIN, better)
    bank = company_named("co_riyad_bank")
    row = bank.rows[0].model_copy(update={"fields": {"founded": "long ago"}})
    with pytest.raises(InputError, match="1 problems"):
        imported(bank.model_copy(update={"rows": (row,)}), sitting.room.new_folder(), sitting.lexicon)


# Variants


def test_a_variant_changes_the_name_everywhere_and_nothing_else() -> None:
    elm = company_named("co_elm")
    better = Row(source_kind="registry", text="Elm is registered in Riyadh.")
    other = changed(elm, Variant.OTHER_SCRIPT, better)
    assert (other.name, other.aliases) == ("علم", ("Elm",))
    assert other.rows[0].text.startswith("علم is an IT services company") and "شركة Elm منصات" in other.rows[1].text
    stranger = changed(elm, Variant.OTHER_ORIGIN, better)
    assert (stranger.name, stranger.name_ar) == ("Dvorak", "دفورجاك")
    assert names_in(" ".join(row.text for row in stranger.rows), "Elm", "علم") == 0
    assert [row.fields for row in stranger.rows] == [row.fields for row in elm.rows]
    assert changed(elm, Variant.REVERSED, better).rows == elm.rows[::-1]
    assert changed(elm, Variant.BETTER_EVIDENCE, better).rows == (*elm.rows, better)


def test_better_evidence_reaches_the_card(sitting: Sitting) -> None:
    case = case_named("identity_region_silent")
    need, mindware = need_named(case.need), company_named("co_mindware")
    plain = scored(mindware, need, sitting)
    better = scored(changed(mindware, Variant.BETTER_EVIDENCE, case.better), need, sitting)
    assert better.figures.coverage > plain.figures.coverage and better.card.must_haves[0].met
    assert not plain.card.must_haves[0].met


def test_the_order_of_rows_and_evidence_does_not_change_a_byte(sitting: Sitting) -> None:
    case = case_named("identity_integrators_ar")
    need, company = need_named(case.need), company_named(case.companies[0])
    turned = scored(changed(company, Variant.REVERSED, case.better), need, sitting, backwards=True)
    assert turned.card == scored(company, need, sitting).card
    assert turned.evidence != scored(company, need, sitting).evidence


# The grade


def right(name: str = "books_bank_or_its_ghost") -> tuple[FitCase, FitOutcome]:
    case = case_named(name)
    return case, SUITE.truth(case)


def placed(*ranks: int) -> list[Placed]:
    return [card(company=f"co_{index}", rank=rank, place=rank) for index, rank in enumerate(ranks)]


def truths(*grades: float, excluded: frozenset[int] = frozenset()) -> list[Truth]:
    return [Truth(grade, index in excluded) for index, grade in enumerate(grades)]


@pytest.mark.parametrize("ranks", [(1, 2, 3, 4), (4, 3, 2, 1), (2, 1, 3, 3), (1, 1, 1, 1)])
@pytest.mark.parametrize("grades", [(3, 2, 1, 0), (3, 3, 0.5, 0), (0, 3, 2, 2)])
def test_pairs_are_counted_as_the_statistics_count_them(ranks: tuple[int, ...], grades: tuple[float, ...]) -> None:
    mark = ranking_marks(placed(*ranks), truths(*grades))["pair_agreement"]
    assert mark.got / mark.of == pytest.approx(pair_agreement([-rank for rank in ranks], grades))


def test_a_ranking_that_ties_everything_gains_nothing() -> None:
    marks = ranking_marks(placed(1, 1, 1), truths(3, 1, 0))
    assert marks["top_1"].got == marks["pair_agreement"].got == marks["spearman"].got == 0
    assert marks["ndcg_at_3"].got < 1


def test_labels_that_are_all_alike_give_no_mark_of_order() -> None:
    assert set(ranking_marks(placed(1, 2), truths(2, 2))) == {"ndcg_at_3"}
    assert set(ranking_marks(placed(1, 2), truths(0, 0))) == set()
    assert "spearman" not in ranking_marks(placed(1, 2), truths(3, 0))


def test_an_excluded_company_must_stand_below_whatever_is_worth_a_call() -> None:
    labelled = truths(0, 2, 1, excluded=frozenset({0}))
    assert ranking_marks(placed(3, 1, 2), labelled)["excluded_right"] == Mark(got=1, of=1)
    assert ranking_marks(placed(2, 1, 3), labelled)["excluded_right"].got == 1, "above a weak one is no fault"
    assert ranking_marks(placed(1, 2, 3), labelled)["excluded_right"].got == 0
    assert ranking_marks(placed(2, 2, 1), labelled)["excluded_right"].got == 0, "beside is not below"
    assert "co_0 is excluded" in ranking_faults(placed(1, 2, 3), labelled)[1]
    assert "excluded_right" not in ranking_marks(placed(1, 2, 3), truths(0, 2, 1)), "a plain 0 is no exclusion"


def test_the_sides_leave_out_what_says_nothing() -> None:
    one, unknown, out = card(), card(band=Band.UNKNOWN), card(excluded="rival")
    low = card(band=Band.WATCH, confidence=0.3)
    found = list(sides([one, one, one, unknown, out, low, low], truths(2, 1, 1.5, 3, 0, 1, 3)))
    assert found == [(0.5, True), (0.5, False), (0.3, True), (0.3, False)]


def test_a_score_that_a_name_takes_away_counts_as_the_whole_scale() -> None:
    base = Figures(score=70, coverage=0.8, confidence=0.5, band=Band.DEVELOP)
    none = base.model_copy(update={"score": None})
    same = dict.fromkeys(Variant, base)
    assert variant_marks(base, same | {Variant.OTHER_SCRIPT: none})["name_shift"].got == 50
    lower = base.model_copy(update={"score": 64})
    assert variant_marks(base, same | {Variant.OTHER_ORIGIN: lower})["name_shift"].got == 3
    assert variant_marks(none, dict.fromkeys(Variant, none))["name_shift"].got == 0
    assert variant_marks(base, same | {Variant.BETTER_EVIDENCE: none})["monotone"].got == 0
    assert variant_marks(none, dict.fromkeys(Variant, none) | {Variant.BETTER_EVIDENCE: base})["monotone"].got == 1
    other_band = same | {Variant.REVERSED: base.model_copy(update={"band": Band.WATCH})}
    assert variant_marks(base, other_band)["permutation_invariant"].got == 0


def test_an_answer_about_other_companies_gets_the_worst() -> None:
    case, outcome = right()
    grade = SUITE.grade(case, outcome.model_copy(update={"placed": outcome.placed[::-1]}))
    assert not grade.passed and grade.marks == SUITE.failure(case)
    assert grade.marks["name_shift"].got == 100 and grade.marks["spearman"].got == -1


def test_an_invented_quote_on_a_real_card_is_found(sitting: Sitting) -> None:
    item = scored(company_named("co_al_rajhi"), need_named("nd_referral_books"), sitting)
    assert [verdict.name for verdict in checks_of(item) if verdict.passed] == list(CHECKS)
    place, part = next((n, part) for n, part in enumerate(item.card.dimensions) if part.indicators[0].sources)
    lying = part.indicators[0].sources[0].model_copy(update={"quote": "It is the best bank on Earth."})
    indicator = part.indicators[0].model_copy(update={"sources": (lying,)})
    dimensions = list(item.card.dimensions)
    dimensions[place] = part.model_copy(update={"indicators": (indicator, *part.indicators[1:])})
    lying_card = item.card.model_copy(update={"dimensions": tuple(dimensions), "score": 99.0})
    failed = {verdict.name for verdict in checks_of(replace(item, card=lying_card)) if not verdict.passed}
    assert failed == {"quote_support", "score_replays", "summary_figures"}


def test_companies_that_are_not_considered_share_the_last_place(sitting: Sitting) -> None:
    need = need_named("nd_referral_books")
    cards: dict[str, Scored] = {
        name: scored(company_named(name), need, sitting) for name in ("co_qoyod", "co_al_rajhi", "co_riyad_bank")
    }
    ranking = ranking_of(cards, need, sitting)
    assert ranking.excluded == {"co_qoyod": "rival", "co_riyad_bank": "existing_partner"}
    assert ranking.ranks == {"co_al_rajhi": 1}
    case = case_named("books_thin_payment_provider")
    outcome = SUITE.answer(case, sitting)
    last = {item.company: item.rank for item in outcome.placed if item.excluded is not None}
    assert last["co_qoyod"] == max(item.rank for item in outcome.placed)
    assert set(last.values()) == {1 + sum(item.excluded is None for item in outcome.placed)}
