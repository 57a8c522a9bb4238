"""A rule set with a mistake is refused, with file, line, row and field."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

import partnership_os.tools
from partnership_os.errors import InputError
from partnership_os.tools.gcc_compliance.rules import RuleSet, load_rules, read_rules
from tests.tools.gcc_compliance.scene import RULES

DATA = Path(partnership_os.tools.__path__[0]) / "data"
ROW = """
country: SA
owner: Legal
rules:
  SA-ZZ-1:
    factor: registration
    title: [A row, صف]
    requirement: ["At least {least}.", "{least} فأكثر."]
    phases: {all: onboard}
    on_fail: block
    test: {at_least: {fact: headcount, limit: least}}
    exceptions:
      - {name: listed, label: [listed, مدرجة], test: {is_true: has_branch_registers}}
    periods:
      - {version: 1, from: 2024-01-01, to: 2024-12-31, limits: {least: 1}, verified: v, sources: [own_policy]}
      - {version: 2, from: 2025-01-01, limits: {least: 2}, verified: v, sources: [own_policy]}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for path in DATA.glob("gcc_*.yaml"):
        if not path.name.startswith("gcc_rules_"):
            shutil.copy(path, tmp_path)
    return tmp_path


@pytest.fixture
def read(folder: Path) -> Callable[[str], RuleSet]:
    def from_text(text: str) -> RuleSet:
        (folder / "gcc_rules_test.yaml").write_text(text, encoding="utf-8")
        return read_rules(folder)

    return from_text


def test_the_row_of_these_tests_is_good(read: Callable[[str], RuleSet]) -> None:
    assert list(read(ROW).rules) == ["SA-ZZ-1"]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("on_fail: block", "on_fial: block", r"gcc_rules_test.yaml, line 10, rules.SA-ZZ-1.on_fial: there is no such"),
        ("on_fail: block", "on_fail: stop", r"line 10, rules.SA-ZZ-1.on_fail: Input should be 'block'"),
        ("factor: registration", "factor: weather", r"SA-ZZ-1.factor"),
        ("SA-ZZ-1:", "SA-zz-1:", r"rules.SA-zz-1"),
        ("SA-ZZ-1:", "AE-ZZ-1:", r"AE-ZZ-1.country: the id says AE, the row SA"),
        ("country: SA", "country: XX", r"gcc_rules_test.yaml, line 2, country: 'XX' is not an ISO"),
        ("owner: Legal", "owner: Legal\nauthor: me", r"author: there is no such field"),
        ("    factor:", "    country: SA\n    factor:", r"SA-ZZ-1.country: the file says this already"),
        ("at_least: {", "is_about: {", r"'is_about' is no kind of test"),
        ("limit: least}}", "limit: least, value: 3}}", r"takes exactly the fields fact, limit"),
        ("{at_least: {fact: headcount, limit: least}}", "{is_true: [headcount]}", r"takes the name of a fact"),
        ("{at_least: {fact: headcount, limit: least}}", "{all: [{is_true: emergency}]}", r"two tests or more"),
        ("{at_least: {fact: headcount, limit: least}}", "__import__('os')", r"SA-ZZ-1.test"),
        ("fact: headcount", "fact: head_count", r"SA-ZZ-1.test: 'head_count' is no fact"),
        ("fact: headcount", "fact: nitaqat_band", r"at_least does not read 'nitaqat_band', a text"),
        ("limits: {least: 2}", "limits: {last: 2}", r"periods \(version 2\).limits: 'least' is missing"),
        ("limits: {least: 2}", "limits: {least: 2, more: 3}", r"'more' is never used"),
        ("limits: {least: 2}", "limits: {least: [a]}", r"'least' is no limit for at_least"),
        ("At least {least}.", "At least {lest}.", r"'lest' is missing"),
        ("At least {least}.", "At least so many.", r"SA-ZZ-1.requirement: both languages name the same limits"),
        ("version: 2", "version: 1", r"versions rise"),
        ("to: 2024-12-31", "to: 2025-01-01", r"version 2 begins before version 1 ends"),
        (", to: 2024-12-31", "", r"version 2 begins before version 1 ends"),
        ("from: 2025-01-01", "from: [2025-01-01, soon]", r"'soon' is no day"),
        ("from: 2024-01-01", "from: 2024-13", r"month must be in"),
        ("to: 2024-12-31", "to: 2023-12-31", r"it ends before it began"),
        ("verified: v, sources: [own_policy]}\n      -", "verified: v}\n      -", r"names a source"),
        ("verified: v, sources: [own_policy]}\n      -", "verified: yes}\n      -", r"verified: Input should be"),
        ("verified: v, sources: [own_policy]}\n      -", 'verified: "?"}\n      -', r"what is disputed"),
        ("verified: v, sources: [own_policy]}\n      -", "verified: p}\n      -", r"only our own policy is marked p"),
        ("[own_policy]}\n      -", "[a_friend]}\n      -", r"'a_friend' is no source"),
        ("title: [A row, صف]", "title: [A row]", r"SA-ZZ-1.title"),
        ("title: [A row, صف]", "title: [A row, Zeile]", r"the second Arabic"),
        ("[listed, مدرجة]", "[مدرجة, listed]", r"exceptions.listed.label: the first text is English"),
        ("factor: registration", "factor: concealment", r"never waived: write waivable: false"),
        ("fact: headcount, limit: least}}", "fact: headcount, limit: least}}\n    monitored: [x]", r"monitored"),
        ("phases: {all: onboard}", "phases: {referral: onboard}\n    monitored: [strategic]", r"never asked"),
        ("    test: {at_least: {fact: headcount, limit: least}}\n", "", r"has a test"),
    ],
)
def test_a_mistake_is_refused(read: Callable[[str], RuleSet], old: str, new: str, message: str) -> None:
    assert old in ROW
    with pytest.raises(InputError, match=message):
        read(ROW.replace(old, new, 1))


def test_status_rules_cannot_be_made_waivable(folder: Path) -> None:
    text = (DATA / "gcc_rules_qa.yaml").read_text(encoding="utf-8")
    assert "    waivable: false\n" in text
    (folder / "gcc_rules_qa.yaml").write_text(text.replace("    waivable: false\n", ""), encoding="utf-8")
    with pytest.raises(InputError, match=r"QA-CR-1.waivable"):
        read_rules(folder)


def test_a_rule_in_two_files_is_refused(folder: Path) -> None:
    for name in ("gcc_rules_one.yaml", "gcc_rules_two.yaml"):
        (folder / name).write_text(ROW, encoding="utf-8")
    with pytest.raises(InputError, match="same id"):
        read_rules(folder)


def test_a_folder_without_rules_is_refused(folder: Path) -> None:
    with pytest.raises(InputError, match=r"no gcc_rules_"):
        read_rules(folder)


@pytest.mark.parametrize(
    ("name", "old", "new", "message"),
    [
        (
            "gcc_facts.yaml",
            "evidence: registry_extract, ask: [Unified",
            "evidence: rumour, ask: [Unified",
            "no type of",
        ),
        (
            "gcc_facts.yaml",
            "{event: ubo_changed_on, days: 15}",
            "{event: headcount, days: 15}",
            "no fact that is a day",
        ),
        (
            "gcc_facts.yaml",
            "kind: text, identifier: saudi_unified",
            "kind: day, identifier: saudi_unified",
            "identifier",
        ),
        ("gcc_facts.yaml", "  headcount: {kind: number", "  headcount: {sort: number", "headcount"),
        ("gcc_wording.yaml", "  waived: [", "  waved: [", "is missing or unknown"),
        ("gcc_wording.yaml", "Waived until {until}.", "Waived.", r"reasons.waived: its placeholders are \['until'\]"),
        ("gcc_wording.yaml", "  exit: [exit", "  leave: [exit", "phases"),
        ("gcc_sources.yaml", "retrieved: 2026-09", "retrieved: September", "retrieved"),
        ("gcc_sources.yaml", "published: 2025-04-28", "printed: 2025-04-28", "there is no such field"),
    ],
)
def test_a_mistake_in_the_other_files_is_refused(
    folder: Path, read: Callable[[str], RuleSet], name: str, old: str, new: str, message: str
) -> None:
    text = (folder / name).read_text(encoding="utf-8")
    assert old in text
    (folder / name).write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(InputError, match=message):
        read(ROW)


def test_the_shipped_rules_are_read_once_and_give_one_digest() -> None:
    assert load_rules() is RULES
    assert read_rules(DATA).stamp == RULES.stamp
