"""Deal registration: what the rules advise for one submission, until when a person answers, and what it protects.

Nothing here accepts. Accepting protects a partner against our own sales and every other partner, so the caller proposes
the Class B action ``accept_deal_registration`` and a person decides at the gate.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from partnership_os.errors import InputError
from partnership_os.schemas.base import utc_text
from partnership_os.schemas.channel import LiveAgreement, Overlap
from partnership_os.schemas.deal_registration import (
    Finding,
    Recommendation,
    RegistrationAssessment,
    RegistrationEventKind,
    RegistrationRequest,
)
from partnership_os.tools.channel_compliance.conflicts import DealContext, findings_of
from partnership_os.tools.channel_compliance.coverage import covers_deal, in_force
from partnership_os.tools.channel_compliance.duplicates import choice_of, earlier_ones
from partnership_os.tools.channel_compliance.life import Life
from partnership_os.tools.channel_compliance.overlap import all_of
from partnership_os.tools.channel_compliance.policy import RegistrationPolicy
from partnership_os.tools.channel_compliance.wording import load_wording

__all__ = ["Answer", "AnswerState", "answer_due", "assess"]


class AnswerState(StrEnum):
    """How urgent an answer is. There is no state in which silence is an answer."""

    ANSWERED = "answered"
    WAITING = "waiting"
    WARNING = "warning"
    ESCALATE = "escalate"


class Answer(NamedTuple):
    """When a waiting registration has to be answered."""

    state: AnswerState
    due_at: datetime | None


def assess(
    request: RegistrationRequest, context: DealContext, policy: RegistrationPolicy, as_of: datetime
) -> RegistrationAssessment:
    """Advice on one registration: accept, reject with codes, or review with what a person has to look at.

    Reject where one finding is certain, review where any is open, accept only where nothing known stands against it and
    nothing is unknown. A later duplicate is never advised for acceptance while an earlier one is protected or waits; a
    customer's written choice names the earlier ones to release first (``overtakes``). A registration whose answer is
    overdue is escalated, never accepted by silence. The result is a proposal: the action is
    ``accept_deal_registration`` (Class B). It is the same for every order of the context.

    Args:
        request: The registration.
        context: All registrations, agreements, opportunities, customers and letters that are known.
        policy: Deadlines and protection; a term of the partner's own agreement goes before it.
        as_of: The moment of the question; protection would run from here.

    Raises:
        InputError: ``as_of`` has no zone or lies before the submission.
    """
    if as_of.utcoffset() is None or as_of < request.received_at:
        raise InputError(
            f"{request.registration_id} cannot be assessed at {as_of.isoformat()}.",
            fix="Give a moment with a time zone that is not before the submission.",
            registration_id=request.registration_id,
        )
    findings = findings_of(request, context, policy, as_of)
    advice = _advice(findings)
    hours, agreed_days = _agreed_terms(request, context.agreements, as_of)
    due_at = request.received_at + timedelta(hours=hours if hours is not None else policy.decision_hours)
    length = policy.protection(request.deal_size, agreed_days)
    overdue = as_of >= due_at
    summary, summary_ar = _summary(advice, findings, due_at, overdue)
    return RegistrationAssessment(
        registration_id=request.registration_id,
        assessed_at=as_of,
        policy_version=policy.version,
        recommendation=advice,
        findings=findings,
        decision_due_at=due_at,
        overdue=overdue,
        protection_days=None if length is None else length.days,
        protected_until=None if length is None else as_of + length,
        overtakes=_overtaken(request, context),
        summary=summary,
        summary_ar=summary_ar,
    )


def answer_due(life: Life, policy: RegistrationPolicy, as_of: datetime, agreed_hours: int | None = None) -> Answer:
    """How urgent the answer to a registration, or to an appeal, is.

    The clock starts at the submission, and anew at an appeal. From the deadline on it is escalated for as long as
    nobody answers.

    Args:
        life: As `life.replay` gives it.
        policy: The deadline and the warning.
        as_of: The moment of the question.
        agreed_hours: The term of the partner's agreement, which goes before the policy.
    """
    if life.state not in (RegistrationEventKind.SUBMITTED, RegistrationEventKind.APPEALED) or life.since is None:
        return Answer(AnswerState.ANSWERED, None)
    hours = agreed_hours if agreed_hours is not None else policy.decision_hours
    due_at = life.since + timedelta(hours=hours)
    if as_of >= due_at:
        return Answer(AnswerState.ESCALATE, due_at)
    is_near = as_of >= life.since + timedelta(hours=min(policy.warning_hours, hours))
    return Answer(AnswerState.WARNING if is_near else AnswerState.WAITING, due_at)


def _advice(findings: Sequence[Finding]) -> Recommendation:
    verdicts = {finding.verdict for finding in findings}
    if Recommendation.REJECT in verdicts:
        return Recommendation.REJECT
    return Recommendation.REVIEW if verdicts else Recommendation.ACCEPT


def _agreed_terms(
    request: RegistrationRequest, agreements: Sequence[LiveAgreement], as_of: datetime
) -> tuple[int | None, int | None]:
    """Hours to decide and days of protection of the agreement that certainly covers the deal.

    Of several agreements the shortest answer and the shortest protection count, since both are what we surely owe.
    """
    day = as_of.astimezone(UTC).date()
    covering = [
        item
        for item in agreements
        if item.scope.partner_id == request.partner_id
        and all_of([in_force(item, day), *covers_deal(item, request)]).overlap is Overlap.CERTAIN
    ]
    hours = [item.registration_decision_hours for item in covering if item.registration_decision_hours is not None]
    days = [item.registration_protection_days for item in covering if item.registration_protection_days is not None]
    return min(hours, default=None), min(days, default=None)


def _overtaken(request: RegistrationRequest, context: DealContext) -> tuple[str, ...]:
    """Earlier registrations of others that a checked letter of the customer, naming this partner, overrides."""
    choice = choice_of(request, context.choices)
    if choice is None or not choice.is_certain or choice.partner_id != request.partner_id:
        return ()
    earlier = earlier_ones(request, context.registrations)
    return tuple(
        sorted({item.request.registration_id for item in earlier if item.request.partner_id != request.partner_id})
    )


def _summary(advice: Recommendation, findings: Sequence[Finding], due_at: datetime, overdue: bool) -> tuple[str, str]:
    wording = load_wording()
    codes = ", ".join(dict.fromkeys(str(finding.code) for finding in findings))
    text = wording.recommendations[advice].filled(codes=codes, due=utc_text(due_at))
    if not overdue:
        return text.en, text.ar
    return f"{wording.overdue.en} {text.en}", f"{wording.overdue.ar} {text.ar}"
