"""Reads runs back from Inspect's log files: what a table, a check or a comparison says rests on them alone."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from inspect_ai.log import EvalLog, EvalSample, list_eval_logs, read_eval_log
from pydantic import ValidationError

from partnership_os.errors import InputError
from partnership_os.evals.sample import Sample, SuiteRun
from partnership_os.evals.table import measures_of

__all__ = ["SAMPLE", "read_log", "read_runs"]

SAMPLE = "partnership_sample"
"""Where a sample's record stands in the metadata of its score."""


def read_runs(folder: Path) -> tuple[SuiteRun, ...]:
    """Every run in a folder of logs; of several of one suite and subject the newest.

    Raises:
        InputError: there is no log of ours in it.
    """
    places = (
        [Path(item.name.removeprefix("file://")) for item in list_eval_logs(str(folder))] if folder.is_dir() else []
    )
    newest: dict[tuple[str, str], SuiteRun] = {}
    for run in sorted((read_log(place) for place in places), key=lambda item: item.started_at):
        newest[run.suite, run.subject] = run
    if not newest:
        raise InputError(
            f"There is no run of a suite in {folder}.", fix="Run one first: partnership eval run all --out DIR."
        )
    return tuple(newest[key] for key in sorted(newest))


def read_log(place: Path) -> SuiteRun:
    """One run of one suite by one subject.

    Raises:
        InputError: the file cannot be read, or is no log of a suite of ours.
    """
    try:
        log = read_eval_log(str(place))
        return _run_of(log)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(
            f"{place} is no log of a suite of this product: {' '.join(str(error).split())[:200]}",
            fix="Name the folder that `partnership eval run --out` wrote.",
        ) from None


def _run_of(log: EvalLog) -> SuiteRun:
    about: dict[str, Any] = log.eval.metadata or {}
    scored: list[Sample] = []
    unscored: list[str] = []
    for item in log.samples or ():
        sample = _sample_of(item)
        if sample is None:
            why = " ".join(item.error.message.split()) if item.error is not None else "no reason known"
            unscored.append(f"{item.id} ({why[:100]})")
        else:
            scored.append(sample)
    _require_possible(about["suite"], scored)
    scored.sort(key=lambda item: (item.case_id, item.epoch))
    return SuiteRun(
        suite=about["suite"],
        version=about["version"],
        subject=about["subject"],
        engine=about["engine"],
        started_at=about["started_at"],
        epochs=_epochs(scored, log),
        planned=about["planned"],
        samples=tuple(scored),
        unscored=tuple(sorted(set(unscored))),
        finished=log.status == "success",
    )


def _require_possible(suite: str, samples: Iterable[Sample]) -> None:
    """No mark that the measures of the suite do not allow; one was edited by hand, or a later version reads it.

    Raises:
        ValueError: there is one.
    """
    measures = measures_of(suite)
    for sample in samples:
        for name, mark in sample.grade.marks.items():
            if name in measures and not measures[name].allows(mark):
                raise ValueError(f"{sample.case_id} has {mark.got:g} of {mark.of:g} in {name}")


def _epochs(samples: Iterable[Sample], log: EvalLog) -> int:
    return max([log.eval.config.epochs or 1, *(item.epoch for item in samples)])


def _sample_of(item: EvalSample) -> Sample | None:
    for score in (item.scores or {}).values():
        kept = (score.metadata or {}).get(SAMPLE)
        if kept is not None:
            try:
                return Sample.model_validate(kept)
            except ValidationError:
                return None
    return None
