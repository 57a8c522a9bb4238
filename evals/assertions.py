"""Assertions for tests of your own: on score cards, term sheets, claims, leaks, and suites of cases.

Records may be given as instances, as mappings, or as JSON. Every fault stands in one AssertionError with its field;
a limit that leaked is not repeated in it, because logs of tests travel.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

if TYPE_CHECKING:
    from pathlib import Path

    from pydantic import BaseModel

    from partnership_os.evals.checks.verdict import Verdict
    from partnership_os.schemas.evidence import Claim, Evidence
    from partnership_os.schemas.playbook import Playbook
    from partnership_os.schemas.score_card import PartnerFitScoreCard
    from partnership_os.schemas.term_sheet import PartnerTermSheet

    RecordT = TypeVar("RecordT", bound=BaseModel)
    Given: TypeAlias = RecordT | Mapping[str, Any] | str | bytes
    GivenMany: TypeAlias = Iterable[RecordT | Mapping[str, Any]] | str | bytes

__all__ = [
    "assert_grounded_claims",
    "assert_no_leak",
    "assert_bounds_kept",
    "assert_cases_sound",
    "assert_valid_scorecard",
    "assert_valid_term_sheet",
]

_SHOWN = 50
"""Faults that are listed one by one."""


def assert_valid_scorecard(card: Given[PartnerFitScoreCard], evidence: GivenMany[Evidence]) -> None:
    """A card fits its schema, cites evidence that exists, quotes it word for word, and its figures follow from it.

    Weights, bands and risks are those of the published rubric, and the summary's figures those of the card.

    Args:
        card: A `PartnerFitScoreCard`, a mapping, or JSON.
        evidence: What the card may rest on: records, mappings, or a JSON list.

    Raises:
        AssertionError: anything of it is not so; names every fault.
    """
    __tracebackhide__ = True
    from partnership_os.evals.checks.cards import quote_support, score_replays, source_exists
    from partnership_os.evals.checks.named_figures import summary_figures
    from partnership_os.evals.checks.rubric import follows_rubric, remarks_made
    from partnership_os.schemas.evidence import Evidence
    from partnership_os.schemas.score_card import PartnerFitScoreCard

    faults: list[str] = []
    known = _records(Evidence, evidence, "evidence", faults)
    read = _record(PartnerFitScoreCard, card, "", faults)
    if read is not None:
        faults += _said(source_exists(read, known), quote_support(read, known), score_replays(read))
        faults += _said(follows_rubric(read), remarks_made(read), summary_figures(read))
    _require(f"score card {read.card_id}" if read is not None else "score card", faults)


def assert_valid_term_sheet(sheet: Given[PartnerTermSheet], playbook: Given[Playbook] | None = None) -> None:
    """A sheet fits its schema and has every clause group; with a playbook it also keeps to it and shows none of it.

    Args:
        sheet: A `PartnerTermSheet`, a mapping, or JSON.
        playbook: Our positions for its partnership type; see `agents.playbook.load_playbook`.

    Raises:
        AssertionError: anything of it is not so; names every fault.
    """
    __tracebackhide__ = True
    from partnership_os.evals.checks.limits import shows_no_limit
    from partnership_os.evals.checks.sheets import keeps_to_playbook, missing_groups
    from partnership_os.schemas.playbook import Playbook
    from partnership_os.schemas.term_sheet import TYPE_DEPENDENT_GROUPS, ClauseGroup, PartnerTermSheet

    faults: list[str] = []
    read = _record(PartnerTermSheet, sheet, "", faults)
    positions = None if playbook is None else _record(Playbook, playbook, "playbook", faults)
    if read is not None:
        wanted = [group for group in ClauseGroup if group not in TYPE_DEPENDENT_GROUPS]
        faults += [f"clauses: the group {group.value} is missing" for group in missing_groups(read, wanted)]
    if read is not None and positions is not None:
        if read.partnership_type is not positions.partnership_type:
            types = (read.partnership_type.value, positions.partnership_type.value)
            faults.append(f"partnership_type: {types[0]}, and the playbook is for {types[1]}")
        else:
            faults += _said(keeps_to_playbook(read, positions), shows_no_limit(read, positions))
    _require(f"term sheet {read.sheet_id} version {read.version}" if read is not None else "term sheet", faults)


def assert_grounded_claims(claims: GivenMany[Claim], evidence: GivenMany[Evidence]) -> None:
    """Each claim names evidence about its company, quotes it word for word, and has its number in the quote.

    Args:
        claims: `Claim` records, mappings, or a JSON list.
        evidence: What they rest on: records, mappings, or a JSON list.

    Raises:
        AssertionError: anything of it is not so; names every fault with its claim.
    """
    __tracebackhide__ = True
    from partnership_os.evals.checks.cards import numbers_in_quotes
    from partnership_os.schemas.evidence import Claim, Evidence
    from partnership_os.tools.text import contains_quote

    faults: list[str] = []
    known = {item.evidence_id: item for item in _records(Evidence, evidence, "evidence", faults)}
    read = _records(Claim, claims, "claims", faults)
    for claim in read:
        source = known.get(claim.evidence_id)
        if source is None:
            faults.append(f"{claim.claim_id}: evidence_id: there is no {claim.evidence_id}")
        elif source.company_id != claim.company_id:
            faults.append(f"{claim.claim_id}: company_id: {source.evidence_id} is about {source.company_id}")
        elif not contains_quote(source.text, claim.quote):
            faults.append(f"{claim.claim_id}: quote: {claim.quote[:60]!r} is not in {source.evidence_id}")
        faults += [f"{claim.claim_id}: value: {text}" for text in _said(numbers_in_quotes([claim]))]
    _require(f"{len(read)} claims", faults)


def assert_no_leak(text: Given[PartnerTermSheet], ours: Playbook | Mapping[str, Any] | Iterable[str]) -> None:
    """Nothing of ours shows in what the other side may read. The failure does not repeat what leaked.

    Args:
        text: A text, or a term sheet as a record, a mapping or JSON, every text of which is looked at.
        ours: Our positions: a `Playbook`, only beside a sheet, since whether a figure is a secret depends on what the
            sheet itself states; or limits as texts, of which a number is found however it is written.

    Raises:
        AssertionError: something shows; names its place.
        TypeError: a playbook is given for a bare text, or limits are no list of texts.
    """
    __tracebackhide__ = True
    from partnership_os.evals.checks.cards import no_leak
    from partnership_os.evals.checks.limits import shows_no_limit
    from partnership_os.evals.checks.sheets import bilingual_texts
    from partnership_os.schemas.playbook import Playbook
    from partnership_os.schemas.term_sheet import PartnerTermSheet

    faults: list[str] = []
    if isinstance(ours, Playbook | Mapping):
        if isinstance(text, str | bytes) and text.lstrip()[:1] not in ("{", b"{"):
            raise TypeError("give a term sheet beside a playbook, or the limits as texts beside a text")
        sheet = _record(PartnerTermSheet, text, "", faults)
        playbook = _record(Playbook, ours, "playbook", faults)
        if sheet is not None and playbook is not None:
            faults += _said(shows_no_limit(sheet, playbook))
        _require("term sheet", faults)
        return
    secrets = _texts(ours)
    if isinstance(text, str | bytes):
        _require("text", _said(no_leak(_spelled_out(text), secrets)))
        return
    sheet = _record(PartnerTermSheet, text, "", faults)
    for place, part in bilingual_texts(sheet) if sheet is not None else ():
        for language, words in (("en", part.en), ("ar", part.ar)):
            faults += [f"{place}.{language}: {said}" for said in _said(no_leak(words, secrets))]
    _require("term sheet", faults)


def assert_cases_sound(suite: str, folder: Path | None = None) -> None:
    """Cases of a suite can be read, their ground truth gets full marks, and every planted mistake is found.

    This is about the cases; the product is not run: see `assert_bounds_kept`.

    Args:
        suite: Name of a suite, as ``partnership eval list`` shows it.
        folder: Cases of your own (``*.yaml``, ``*.jsonl``) instead of the shipped ones.

    Raises:
        AssertionError: anything of it is not so; names every case.
    """
    __tracebackhide__ = True
    from partnership_os.errors import InputError
    from partnership_os.evals.catalogue import load_cases, suite_named
    from partnership_os.evals.oracle import oracle_faults

    try:
        known = suite_named(suite)
        cases = None if folder is None else load_cases(known, folder)
    except InputError as error:
        _require(f"suite {suite}", [f"{error.message} {error.fix}"])
        return
    _require(f"suite {suite}", list(oracle_faults(known, cases)))


def assert_bounds_kept(suite: str, folder: Path | None = None, thresholds: Path | None = None) -> None:
    """The product with its rules analyst keeps every bound on the cases of a suite. Needs the extra ``evals``.

    Args:
        suite: Name of a suite, as ``partnership eval list`` shows it.
        folder: Cases of your own instead of the shipped ones; they need bounds of your own.
        thresholds: Bounds of your own instead of the shipped ones.

    Raises:
        AssertionError: a bound is missed, or cases or bounds cannot be read.
        TypeError: cases of your own come without bounds.
    """
    __tracebackhide__ = True
    from pathlib import Path
    from tempfile import TemporaryDirectory

    from partnership_os.errors import InputError
    from partnership_os.evals.catalogue import suite_named
    from partnership_os.evals.run_plan import RunPlan, begin_run, end_run, now, read_plan
    from partnership_os.evals.runner import Plan, run_suites
    from partnership_os.evals.subject import RULES
    from partnership_os.evals.thresholds import check, load_thresholds
    from partnership_os.settings import Settings

    if folder is not None and thresholds is None:
        raise TypeError("cases of your own need bounds of your own: thresholds=Path('mine.yaml')")
    try:
        bounds, known = load_thresholds(thresholds), suite_named(suite)
        with TemporaryDirectory() as place:
            logs = Path(place) / "run"
            begin_run(logs, RunPlan(suites=(suite,), subjects=(RULES.label,), epochs=1, started_at=now()))
            runs = run_suites(Plan([known], [RULES], Settings(_env_file=None), cases=folder), logs)
            end_run(logs)
            misses = check(read_plan(logs), runs, bounds)
    except InputError as error:
        _require(f"suite {suite}", [f"{error.message} {error.fix}"])
        return
    _require(f"suite {suite}", [f"{miss.measure}: {miss.what}" for miss in misses])


def _texts(limits: Iterable[str]) -> tuple[str, ...]:
    texts = () if isinstance(limits, str) else tuple(limits)
    if not texts or not all(isinstance(text, str) for text in texts):
        raise TypeError("give limits as a list of texts, one at least")
    return texts


def _spelled_out(text: str | bytes) -> str:
    """The text; of JSON its keys and values, since an escaped letter would hide."""
    try:
        value: object = json.loads(text)
    except ValueError:
        return text if isinstance(text, str) else text.decode(errors="replace")
    return "\n".join(_leaves(value))


def _leaves(value: object) -> Iterator[str]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield str(key)
            yield from _leaves(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _leaves(inner)
    else:
        yield str(value)


def _record(model: type[RecordT], given: object, where: str, faults: list[str]) -> RecordT | None:
    """The record that was given, or None and its faults by field."""
    from pydantic import ValidationError

    if isinstance(given, model):
        return given
    try:
        if isinstance(given, str | bytes):
            return model.model_validate_json(given)
        return model.model_validate(given)
    except ValidationError as error:
        for item in error.errors(include_url=False, include_input=False):
            field = ".".join(str(part) for part in item["loc"])
            faults.append(f"{'.'.join(part for part in (where, field) if part) or model.__name__}: {item['msg']}")
        return None


def _records(model: type[RecordT], given: object, where: str, faults: list[str]) -> list[RecordT]:
    """The records that were given; of those that are none, their faults by place and field."""
    if isinstance(given, str | bytes):
        try:
            given = json.loads(given)
        except ValueError as error:
            faults.append(f"{where}: is no JSON: {error}")
            return []
    if isinstance(given, Mapping | str | bytes) or not isinstance(given, Iterable):
        faults.append(f"{where}: give a list of records")
        return []
    read = [_record(model, item, f"{where}.{number}", faults) for number, item in enumerate(given)]
    return [item for item in read if item is not None]


def _said(*verdicts: Verdict) -> list[str]:
    return [f"{item.name}: {item.detail}" for item in verdicts if not item.passed]


def _require(what: str, faults: Sequence[str]) -> None:
    __tracebackhide__ = True
    if not faults:
        return
    more = [f"  … and {len(faults) - _SHOWN} more"] if len(faults) > _SHOWN else []
    count = "1 fault" if len(faults) == 1 else f"{len(faults)} faults"
    raise AssertionError("\n".join([f"{what}: {count}", *(f"  - {fault}" for fault in faults[:_SHOWN]), *more]))
