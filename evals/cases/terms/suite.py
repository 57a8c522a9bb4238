"""The terms suite: a need and a company in, a bilingual term sheet out, with a person's edits on top."""

from collections.abc import Iterator
from decimal import Decimal
from typing import ClassVar

from partnership_os.agents.deal_matcher import MatchRequest, score_company
from partnership_os.agents.deal_negotiator import DraftRequest, committed_value, draft_term_sheet
from partnership_os.agents.playbook import load_playbook
from partnership_os.agents.sheet_edit import edit_sheet, parse_edits
from partnership_os.errors import InputError
from partnership_os.evals.cases.terms.composer import compose
from partnership_os.evals.cases.terms.dictated import Dictated
from partnership_os.evals.cases.terms.facts import Refused, TermsCase, facts_of, need_of
from partnership_os.evals.cases.terms.faulty import slips
from partnership_os.evals.cases.terms.outcome import Drafted, Refusal
from partnership_os.evals.cases.terms.properties import GENERAL_GROUPS, properties_of
from partnership_os.evals.checks.approvals import approvals_of
from partnership_os.evals.checks.limits import shows_no_limit
from partnership_os.evals.checks.parity import in_both_languages, says_something
from partnership_os.evals.checks.sheets import bilingual_texts, keeps_to_playbook, missing_groups
from partnership_os.evals.checks.verdict import Verdict
from partnership_os.evals.sitting import Sitting
from partnership_os.evals.suite import Case, Grade, Mark, Measure, Mistake, Suite
from partnership_os.governance.policy import required_approvals
from partnership_os.schemas.base import Money, Record
from partnership_os.schemas.commitment import ApprovalRequirement
from partnership_os.schemas.partnership import ApprovalLevel
from partnership_os.schemas.stamp import AnalystKind
from partnership_os.schemas.term_sheet import PartnerTermSheet
from partnership_os.tools.text import fold

__all__ = ["SUITE", "TermsSuite"]


class TermsSuite(Suite[TermsCase, Drafted]):
    """Need and company → term sheet, by the product's drafting and editing; a model writes the cover note."""

    name: ClassVar[str] = "terms"
    title: ClassVar[str] = "Need → term sheet"
    case_type: ClassVar[type[Case]] = TermsCase
    outcome_type: ClassVar[type[Record]] = Drafted
    measures: ClassVar[tuple[Measure, ...]] = (
        Measure(name="properties", meaning="Expected properties of the sheet that it has."),
        Measure(name="conformance", meaning="Versions without a clause, value or wording outside of the playbook."),
        Measure(name="clauses_present", meaning="Clause groups that must be on the sheet and are."),
        Measure(name="leak_free", meaning="Versions in which no limit of ours shows, in any text."),
        Measure(name="parity", meaning="Texts that say the same in both languages: figures, dates, sides."),
        Measure(name="approval", meaning="Sheets whose required approvals follow the type and the committed money."),
        Measure(name="refusals", meaning="Drafts and edits that must be refused and are, without telling a limit."),
        Measure(name="note_used", of_model=True, meaning="Cover notes of the model that were used and say something."),
    )

    def answer(self, case: TermsCase, sitting: Sitting) -> Drafted:
        """Score, draft and edit with the product; only the cover note is the subject's or the case's."""
        need, (company, evidence) = need_of(case), facts_of(case)
        playbook = load_playbook(need.partnership_type)
        request = MatchRequest(
            need=need,
            company=company,
            evidence=evidence,
            reading=sitting.rules.read(company, evidence),
            contradictions=(),
            as_of=case.drafted_on,
            made_by=sitting.rules.stamp,
        )
        card = score_company(request, sitting.lexicon)
        writer = sitting.analyst if case.note is None else Dictated(case.note, sitting.rules)
        asked = sitting.asks_model and case.note is None
        try:
            draft = draft_term_sheet(
                DraftRequest(f"deal-{case.id}", need, card, company, playbook, case.drafted_on),
                writer,
                sitting.lexicon,
            )
        except InputError as error:
            return Drafted(refusals=(_refusal(error),), asked_model=asked)
        sheets, refusals = [draft.sheet], []
        for item in case.rounds:
            try:
                sheets.append(edit_sheet(sheets[-1], parse_edits(item.edits), playbook, item.dated).sheet)
            except InputError as error:
                refusals.append(_refusal(error))
        value = committed_value(sheets[-1])
        return Drafted(
            sheets=tuple(sheets),
            refusals=tuple(refusals),
            committed=value,
            approvals=required_approvals(need.partnership_type, value),
            asked_model=asked,
            note_used=draft.sheet.made_by.analyst is AnalystKind.MODEL,
        )

    def grade(self, case: TermsCase, outcome: Drafted) -> Grade:
        """Every check; passed where all of them are full."""
        marks: dict[str, Mark] = {}
        faults: list[str] = []
        properties = properties_of(case, outcome)
        marks["properties"] = Mark.share(properties.values())
        faults += [f"not so: {name}" for name, holds in properties.items() if not holds]
        expected = _refused(case)
        if expected:
            told = [_refused_rightly(wanted, case, outcome, at) for at, wanted in enumerate(expected)]
            marks["refusals"] = Mark.share(told)
            faults += [f"refusal {at} is missing or wrong" for at, right in enumerate(told, start=1) if not right]
        if case.expect.refused is None:
            more, found = _sheet_marks(case, outcome)
            marks |= more
            faults += found
        if outcome.asked_model and outcome.sheets:
            said = says_something(outcome.sheets[0])
            marks["note_used"] = Mark.yes(outcome.note_used and said.passed)
            faults += [said.detail] if outcome.note_used and not said.passed else []
        whole = all(mark.got == mark.of for name, mark in marks.items() if name != "note_used")
        return Grade(passed=whole, marks=marks, faults=tuple(fault[:500] for fault in faults))

    def truth(self, case: TermsCase) -> Drafted:
        """The sheets composed from templates and case, and the refusals that the case expects."""
        refusals = tuple(Refusal(text=f"No: {item.names[0]}.") for item, _ in _refused(case))
        if case.expect.refused is not None:
            return Drafted(refusals=refusals)
        committed = case.expect.committed
        value = None if committed is None else Money(amount=committed, currency=case.need.currency)
        return Drafted(
            sheets=compose(case),
            refusals=refusals,
            committed=value,
            approvals=tuple(_approval(name) for name in case.expect.approvals),
        )

    def mistakes(self, case: TermsCase) -> Iterator[Mistake[Drafted]]:
        """What goes wrong with sheets: see `slips`."""
        yield from slips(case, self.truth(case))

    def failure(self, case: TermsCase) -> dict[str, Mark]:
        """Nothing was drafted and nothing refused."""
        return dict(self.grade(case, Drafted()).marks)


def _approval(name: str) -> ApprovalRequirement:
    legal = name == "legal"
    return ApprovalRequirement(min_level=ApprovalLevel.ANALYST if legal else ApprovalLevel(name), legal=legal)


def _refusal(error: InputError) -> Refusal:
    return Refusal(text=f"{error.message} {error.fix or ''} {' '.join(map(str, error.details.values()))}"[:4_000])


def _refused(case: TermsCase) -> tuple[tuple[Refused, tuple[str, ...]], ...]:
    """What must be refused, in order, with the figures that no refusal may tell."""
    whole = () if case.expect.refused is None else ((case.expect.refused, ()),)
    return (*whole, *((item.refused, item.hides) for item in case.rounds if item.refused is not None))


def _refused_rightly(wanted: tuple[Refused, tuple[str, ...]], case: TermsCase, outcome: Drafted, at: int) -> bool:
    if at >= len(outcome.refusals) or len(outcome.sheets) > _versions(case):
        return False
    text = fold(outcome.refusals[at].text)
    refused, hidden = wanted
    return any(fold(name) in text for name in refused.names) and not any(fold(one) in text for one in hidden)


def _versions(case: TermsCase) -> int:
    return 0 if case.expect.refused is not None else 1 + len(case.kept_rounds)


def _sheet_marks(case: TermsCase, outcome: Drafted) -> tuple[dict[str, Mark], list[str]]:
    playbook = load_playbook(case.need.partnership_type)
    groups = (*GENERAL_GROUPS, *case.expect.groups)
    kept = [keeps_to_playbook(sheet, playbook) for sheet in outcome.sheets]
    safe = [shows_no_limit(sheet, playbook) for sheet in outcome.sheets]
    same = [in_both_languages(text, sheet) for sheet in outcome.sheets for _, text in bilingual_texts(sheet)]
    newest = outcome.sheets[-1] if outcome.sheets else None
    missing = groups if newest is None else missing_groups(newest, groups)
    marks = {
        "conformance": _all_of(kept),
        "clauses_present": Mark(got=float(len(groups) - len(missing)), of=float(len(groups))),
        "leak_free": _all_of(safe),
        "parity": _all_of(same),
        "approval": Mark.yes(newest is not None and _approved_by(outcome, newest) == case.expect.approvals),
    }
    faults = [item.detail for item in (*kept, *safe, *same) if not item.passed]
    faults += [f"no clause of {group.value}" for group in missing]
    return marks, faults + ([] if marks["approval"].got else ["other approvals are required"])


def _all_of(checks: list[Verdict]) -> Mark:
    """One per version or text; no version at all is one that failed."""
    return Mark.share(item.passed for item in checks) if checks else Mark(got=0.0)


def _approved_by(outcome: Drafted, newest: PartnerTermSheet) -> tuple[str, ...]:
    """The approvals that were asked for, empty where they are not those of the type and the committed money."""
    asked = tuple("legal" if item.legal else item.min_level.value for item in outcome.approvals)
    amount = Decimal(0) if outcome.committed is None else outcome.committed.amount
    value = Money(amount=amount, currency=newest.currency)
    return asked if asked == approvals_of(newest.partnership_type, value) else ()


SUITE = TermsSuite()
