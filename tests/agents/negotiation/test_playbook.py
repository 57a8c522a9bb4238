"""Playbooks load, are whole in both languages, and every mistake in one is named with its place."""

import re
from decimal import Decimal
from pathlib import Path

import pytest

from partnership_os.agents.leaks import LIMIT_WORDS
from partnership_os.agents.playbook import (
    CONTEXT_NAMES,
    REQUIRED_GROUPS,
    in_playbook_currency,
    load_playbook,
    load_playbook_file,
    opening_of,
    playbook_label,
    preference_rank,
    terms_of,
)
from partnership_os.agents.sheet_text import placeholders, wording
from partnership_os.errors import ConfigurationError
from partnership_os.schemas.partnership import PartnershipType
from partnership_os.schemas.playbook import Direction, Playbook
from partnership_os.schemas.term_sheet import ClauseGroup, TermUnit, TermValue
from partnership_os.tools.text import fold, numbers_in, script_of

ALL = list(PartnershipType)


@pytest.fixture(params=ALL, ids=lambda kind: kind.value)
def playbook(request: pytest.FixtureRequest) -> Playbook:
    return load_playbook(request.param)


def test_every_required_group_is_there(playbook: Playbook) -> None:
    assert {clause.group for clause in playbook.clauses} >= set(REQUIRED_GROUPS)
    assert len(REQUIRED_GROUPS) == 29


def test_groups_stand_in_the_order_of_the_sheet(playbook: Playbook) -> None:
    order = [list(ClauseGroup).index(clause.group) for clause in playbook.clauses]
    assert order == sorted(order)


@pytest.mark.parametrize(
    ("kind", "groups"),
    [
        (PartnershipType.DISTRIBUTION, {"exclusivity", "minimum_commitment", "price_policy", "non_solicit"}),
        (PartnershipType.STRATEGIC, {"exclusivity", "minimum_commitment", "price_policy", "insurance", "non_solicit"}),
        (PartnershipType.GOVERNMENT, {"exclusivity", "insurance"}),
        (PartnershipType.TECHNOLOGY, {"non_solicit"}),
    ],
)
def test_type_dependent_groups(kind: PartnershipType, groups: set[str]) -> None:
    assert {clause.group.value for clause in load_playbook(kind).clauses} >= groups


def test_both_languages_carry_the_same_places_and_figures(playbook: Playbook) -> None:
    for clause in playbook.clauses:
        english, arabic = clause.text.en, clause.text.ar
        assert placeholders(english) == placeholders(arabic)
        assert placeholders(english) - CONTEXT_NAMES == {term.name for term in clause.terms}
        digits = [sorted(re.findall(r"\d+", text)) for text in (english, arabic)]
        assert digits[0] == digits[1]


def test_arabic_is_arabic_and_english_is_english(playbook: Playbook) -> None:
    texts = [clause.text for clause in playbook.clauses] + [clause.title for clause in playbook.clauses]
    texts += [*playbook.conditions_precedent, *(trade.note for trade in playbook.trades)]
    for text in texts:
        arabic = re.sub(r"\{[a-z_]+\}", "", text.ar)
        assert not re.search(r"[A-Za-z]", arabic), arabic
        assert script_of(text.en) == "latin"
        assert not re.search(r"[\u0600-\u06ff]", text.en)


def test_templates_speak_of_no_limit(playbook: Playbook) -> None:
    for clause in playbook.clauses:
        for text in (clause.title.en, clause.title.ar, clause.text.en, clause.text.ar):
            assert not [words for words in LIMIT_WORDS if words in fold(text)]


def test_openings_are_never_worse_than_ideals(playbook: Playbook) -> None:
    for _, term in terms_of(playbook).values():
        opening, ideal = preference_rank(term, opening_of(term)), preference_rank(term, term.ideal)
        assert opening is not None
        assert ideal is not None
        assert opening <= ideal


def test_every_term_has_a_name_in_both_languages(playbook: Playbook) -> None:
    assert set(terms_of(playbook)) <= set(wording().terms)


def test_numbers_are_exact() -> None:
    _, commission = terms_of(load_playbook(PartnershipType.REFERRAL))["commission_share"]
    assert (commission.opening, commission.walk_away) == (Decimal("0.10"), Decimal("0.20"))
    _, margin = terms_of(load_playbook(PartnershipType.DISTRIBUTION))["reseller_margin"]
    assert (margin.opening, margin.walk_away) == (Decimal("0.25"), Decimal("0.40"))


def test_public_bodies_get_saudi_law_and_no_commission() -> None:
    terms = terms_of(load_playbook(PartnershipType.GOVERNMENT))
    for name in ("governing_law", "language_precedence", "exclusivity"):
        assert terms[name][1].better is Direction.FIXED
    assert not [name for name in terms if "commission" in name]


def test_prices_are_never_fixed_for_a_reseller() -> None:
    clause = next(c for c in load_playbook(PartnershipType.DISTRIBUTION).clauses if c.group is ClauseGroup.PRICE_POLICY)
    assert "sets its resale prices freely" in clause.text.en
    assert [term.name for term in clause.terms] == ["price_notice_days"]


def test_wording_names_all_34_groups() -> None:
    assert list(wording().groups) == list(ClauseGroup)
    assert len(wording().groups) == 34
    for text in (*wording().groups.values(), *wording().terms.values(), *wording().choices.values()):
        assert not re.search(r"[A-Za-z]", text.ar)
        assert not numbers_in(re.sub(r"\b(one|a)\b", "", text.en))


def test_money_is_compared_at_official_parity() -> None:
    def money(amount: str, currency: str) -> TermValue:
        return TermValue(name="x", unit=TermUnit.MONEY, number=Decimal(amount), currency=currency)

    assert in_playbook_currency(money("1000", "USD")) == Decimal("3750")
    assert in_playbook_currency(money("376", "BHD")) == Decimal("3750")
    assert in_playbook_currency(money("1000", "EUR")) is None


GOOD = """
extends: common
partnership_type: referral
version: 7
title: Own playbook
clauses:
  - clause_id: purpose
    group: purpose
    title: {en: Purpose, ar: الغرض}
    text: {en: We work together., ar: نعمل معًا.}
  - clause_id: fee
    group: economics
    title: {en: Fee, ar: الأتعاب}
    text: {en: "The fee is {fee_share}.", ar: "الأتعاب {fee_share}."}
    terms:
      - {name: fee_share, unit: share, better: lower, opening: 0.05, ideal: 0.10, fallback: 0.15, walk_away: 0.20}
  - clause_id: obligations
    group: obligations
    title: {en: Duties, ar: الالتزامات}
    text: {en: Each side does its part., ar: يؤدي كل طرف ما عليه.}
trades:
  - {give: fee_share, get: term_months, note: {en: Trade, ar: مقايضة}}
"""


def _write(folder: Path, text: str) -> Path:
    path = folder / "own.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_an_own_playbook_takes_the_shared_clauses(tmp_path: Path) -> None:
    playbook = load_playbook_file(_write(tmp_path, GOOD))
    assert playbook_label(playbook) == "referral/7"
    assert {"fee", "liability", "version"} <= {clause.clause_id for clause in playbook.clauses}


def test_adjusted_terms_open_at_their_new_ideal(tmp_path: Path) -> None:
    text = GOOD + "adjust:\n  liability_cap_share: {ideal: 0.3, fallback: 0.4, walk_away: 0.5}\n"
    _, term = terms_of(load_playbook_file(_write(tmp_path, text)))["liability_cap_share"]
    assert opening_of(term) == Decimal("0.3")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("ideal: 0.10", "ideal: 0.30", r"own\.yaml, clause fee, term fee_share: .*fall in our preference"),
        ("opening: 0.05", "opening: 0.12", r"clause fee, term fee_share: the opening is worse"),
        ("walk_away: 0.20", "walk_away: 1.20", r"clause fee, term fee_share: .*between 0 and 1"),
        ("walk_away: 0.20", "walk_away: lots", r"clause fee, term fee_share: .*are numbers"),
        ("unit: share", "unit: shares", r"clause fee, term fee_share: unit"),
        ("unit: share", "unit: days", r"clause fee, term fee_share: days are whole numbers"),
        ("better: lower", "better: fixed", r"clause fee, term fee_share: .*one position"),
        ("الأتعاب {fee_share}.", "الأتعاب معلومة.", r"clause fee: \{fee_share\} stands in one language only"),
        ('"The fee is {fee_share}."', '"The fee is {fee_share} {x}."', r"clause fee: \{x\} stands in one language"),
        ("{en: Each side does its part., ar: يؤدي كل طرف ما عليه.}", "{en: '{a}', ar: '{a}'}", r"\{a\} is no term"),
        ("يؤدي كل طرف ما عليه.", "يؤدي كل طرف 9 أعمال.", r"clause obligations: the two languages state different"),
        ("clause_id: obligations", "clause_id: fee", r"clause fee: is defined twice"),
        ("group: obligations", "group: economics", r"required groups: obligations"),
        ("group: obligations", "group: duties", r"clause obligations: group"),
        ("name: fee_share", "name: term_months", r"clause fee: \{fee_share\} is no term"),
        ("give: fee_share", "give: fee", r"term fee: a trade names a term"),
        ("extends: common", "extends: other", r"only 'common' can be extended"),
        ("version: 7", "version: 0", r"own\.yaml: version"),
        ("version: 7", "version: 7\nversion: 8", r"'version' is given twice"),
        ("trades:", "adjust: {no_such: {ideal: 1}}\ntrades:", r"term no_such: adjust names a term"),
        ("trades:", "adjust: [1]\ntrades:", r"adjust must map"),
        ("    terms:\n", "    terms: 5\n    more:\n", r"terms must be a list"),
        ("version: 7", "version: {", r"no valid YAML"),
    ],
)
def test_mistakes_are_named_with_their_place(tmp_path: Path, old: str, new: str, message: str) -> None:
    assert old in GOOD
    with pytest.raises(ConfigurationError, match=message):
        load_playbook_file(_write(tmp_path, GOOD.replace(old, new)))


CHOICE = """      - name: fee_share
        unit: choice
        better: higher
        ideal: law_ksa
        fallback: law_ksa
        walk_away: law_ksa
        choices: [law_ksa, law_mars]
"""


def test_a_choice_without_wording_is_refused(tmp_path: Path) -> None:
    text = re.sub(r"      - \{name: fee_share.*\n", CHOICE, GOOD)
    with pytest.raises(ConfigurationError, match=r"term fee_share: the choice 'law_mars' has no wording"):
        load_playbook_file(_write(tmp_path, text))


def test_names_are_unique_over_the_sheet(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"clause fee, term vat_rate: this name is used twice"):
        load_playbook_file(_write(tmp_path, GOOD.replace("fee_share", "vat_rate")))


def test_files_that_cannot_be_playbooks(tmp_path: Path) -> None:
    for content, message in (
        (b"\xff\xfe\x00", "cannot be read"),
        (b"- 1", "not a mapping"),
        (b"a" * 1_000_001, "larger"),
    ):
        path = tmp_path / "own.yaml"
        path.write_bytes(content)
        with pytest.raises(ConfigurationError, match=message):
            load_playbook_file(path)
    with pytest.raises(ConfigurationError, match="cannot be read"):
        load_playbook_file(tmp_path / "none.yaml")


def test_a_playbook_without_the_shared_clauses_must_be_whole(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="required groups: parties, term"):
        load_playbook_file(_write(tmp_path, GOOD.replace("extends: common\n", "")))
