"""Each bad control misses a bound in each suite that asks the model, and the scribe none: on a slice of the cases.

All cases of all suites take minutes; ``.ci/negative_controls.py`` holds them to the same demands. The slice holds cases
that the rules analyst gets right, so that what the scribe loses there, the path of a model loses.
"""

from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest

from partnership_os.evals.catalogue import find_suites, load_cases
from partnership_os.evals.controls import CONTROLS
from partnership_os.evals.controls.demands import BAD, EXCEPTIONS, GOOD, faults_of, suites_asked
from partnership_os.evals.run_plan import RunPlan, now
from partnership_os.evals.runner import Plan, run_suites
from partnership_os.evals.subject import seated
from partnership_os.evals.thresholds import check, load_thresholds
from partnership_os.settings import Settings

SLICE = {
    "chat": ("ar_card_foodics",),
    "extraction": ("arabic_stc",),
    "fit": ("identity_platforms_ar",),
    "gate": ("referral_by_manager",),
    "injection": ("text_en-plain_override-raise_score-en",),
    "terms": ("referral_edit_past_limit",),
}
"""Suite → cases that everybody is asked; a suite that asks the model and is not here fails the test."""


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_bounds_tell_the_bad_from_the_good_in_every_suite_that_asks_the_model(tmp_path: Path) -> None:
    assert set(SLICE) == set(suites_asked())
    runs = [run for name in SLICE for run in runs_of(name, tmp_path)]
    lost: dict[tuple[str, str], list[str]] = defaultdict(list)
    plan = RunPlan(suites=tuple(SLICE), subjects=(GOOD, *BAD), epochs=1, started_at=now(), ended_at=now())
    for miss in check(plan, runs, load_thresholds()):
        if miss.measure != "cases":
            lost[miss.subject, miss.suite].append(f"{miss.measure} {miss.what}")
    faults = list(faults_of([(run.subject, run.suite) for run in runs], lost, SLICE))
    assert faults == [], [(pair, lost[pair]) for pair in sorted(lost) if pair[0] == GOOD]


def runs_of(name: str, folder: Path) -> tuple[Any, ...]:
    """The slice of a suite by every control."""
    suite = find_suites()[name]
    cases = [case for case in load_cases(suite) if case.id in SLICE[name]]
    assert len(cases) == len(SLICE[name])
    own = folder / f"{name}-cases"
    own.mkdir()
    (own / "slice.jsonl").write_text("".join(case.model_dump_json() + "\n" for case in cases), encoding="utf-8")
    settings = Settings(_env_file=None)
    with seated([GOOD, *BAD], settings) as (_, *controls):
        return run_suites(Plan([suite], controls, settings, cases=own), folder / name)


PAIRS = [(subject, "gate") for subject in (GOOD, *BAD)]
BAD_PAIRS = PAIRS[1:]


def test_every_control_is_either_good_or_bad() -> None:
    assert {GOOD, *BAD} == {f"control/{name}" for name in CONTROLS} and GOOD not in BAD
    assert "retrieval" not in suites_asked() and {"fit", "gate"} <= set(suites_asked())
    assert all(subject in BAD and suite in suites_asked() and why for (subject, suite), why in EXCEPTIONS.items())


def test_controls_that_look_as_they_must_are_no_fault() -> None:
    assert list(faults_of([*PAIRS, ("rules", "gate")], BAD_PAIRS, ["gate"])) == []


@pytest.mark.parametrize(
    ("ran", "missed", "fault"),
    [
        (PAIRS, BAD_PAIRS[1:], "control/lazy misses no bound of gate and no exception says why"),
        (PAIRS, PAIRS, "control/scribe misses a bound of gate"),
        (PAIRS, [*BAD_PAIRS, ("rules", "gate")], "rules misses a bound of gate"),
        (PAIRS, [*BAD_PAIRS, ("all", "gate")], "all misses a bound of gate"),
        (PAIRS[1:], BAD_PAIRS, "control/scribe did not run gate"),
        (PAIRS[:-1], BAD_PAIRS[:-1], "control/broken did not run gate"),
    ],
)
def test_each_fault_is_named(ran: list[tuple[str, str]], missed: list[tuple[str, str]], fault: str) -> None:
    assert list(faults_of(ran, missed, ["gate"])) == [fault]


def test_an_exception_holds_only_as_long_as_no_bound_is_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    from partnership_os.evals.controls import demands

    monkeypatch.setattr(demands, "EXCEPTIONS", {("control/lazy", "gate"): "a reason"})
    assert list(faults_of(PAIRS, BAD_PAIRS[1:], ["gate"])) == []
    (fault,) = faults_of(PAIRS, BAD_PAIRS, ["gate"])
    assert "stands among the exceptions" in fault
