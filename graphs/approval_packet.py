"""What an approver sees: what to know in a minute, what looks odd, the outcome of rules, and every digested field.

It is read from the stores alone, never from graph state, and nothing that the digest covers is left out of it.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from pydantic import JsonValue, ValidationError

from partnership_os.agents.conformance import check_conformance
from partnership_os.agents.playbook import load_playbook
from partnership_os.agents.sheet_changes import FieldChange, SheetChange, changes_between, json_changes, term_label
from partnership_os.agents.sheet_text import format_value
from partnership_os.errors import InputError
from partnership_os.governance import commitments, sla
from partnership_os.governance.actions import rule_for
from partnership_os.governance.clock import Clock
from partnership_os.governance.sla import SlaState
from partnership_os.governance.standing import PendingItem
from partnership_os.graphs.approval_oddities import PacketParty, PacketWarning, oddities, parties_of
from partnership_os.graphs.digested_fields import DigestedField, digested_body, digested_fields
from partnership_os.graphs.services import Services
from partnership_os.schemas.base import BilingualText, Label, Money, Points, Record, RecordId, Sha256, Slug, Timestamp
from partnership_os.schemas.commitment import (
    ApprovalRequirement,
    Commitment,
    CommitmentStatus,
    Decision,
    DecisionOutcome,
    Person,
)
from partnership_os.schemas.partnership import ActionClass, ApprovalLevel, PartnershipType, Reversibility, Sensitivity
from partnership_os.schemas.playbook import ConformanceReport
from partnership_os.schemas.score_card import Band, BlockReason, MustHaveCheck, PartnerFitScoreCard, Risk
from partnership_os.schemas.term_sheet import ClauseGroup, PartnerTermSheet

__all__ = [
    "ApprovalPacket",
    "CardOutcome",
    "Deadline",
    "MainTerm",
    "PacketAction",
    "PacketDecision",
    "PacketPerson",
    "PreviousVersion",
    "RuleOutcomes",
    "card_behind",
    "packet_of",
    "sheet_in",
]


_MAIN_GROUPS = (
    ClauseGroup.ECONOMICS,
    ClauseGroup.MINIMUM_COMMITMENT,
    ClauseGroup.EXCLUSIVITY,
    ClauseGroup.TERM,
    ClauseGroup.LIABILITY,
)
"""Where money, freedom and time are settled; an approver reads these values in the first minute."""


class PacketAction(Record):
    """What would be done, and how risky it is by the table of actions."""

    action: Slug
    meaning: BilingualText
    action_class: ActionClass
    reversibility: Reversibility
    sensitivity: Sensitivity


class PacketPerson(Record):
    """Somebody by id and name; ``for_whom`` lent them the authority. Level and role are None for a mere requester."""

    person_id: RecordId
    name: Label
    level: ApprovalLevel | None = None
    legal: bool | None = None
    for_whom: "PacketPerson | None" = None


class PacketDecision(Record):
    """What somebody decided; ``counts`` is False for what does not count as an approval any more."""

    by: PacketPerson
    outcome: DecisionOutcome
    decided_at: Timestamp
    counts: bool
    note: str | None = None


class Deadline(Record):
    """Until when people can decide. ``seconds_left`` is 0 once nobody can."""

    requested_at: Timestamp
    expires_at: Timestamp
    seconds_left: int


class PreviousVersion(Record):
    """The version that the document is compared with, and everything that differs.

    ``document`` is what differs in a term sheet, in words; ``request`` is every other digested field, and the whole
    document where it is no term sheet.
    """

    document_version: int
    commitment_id: RecordId | None
    status: CommitmentStatus | None
    document: tuple[SheetChange, ...]
    request: tuple[FieldChange, ...]


class MainTerm(Record):
    """A value of the sheet that decides whether the deal is a good one, with its unit."""

    term: Slug
    label: BilingualText
    value: BilingualText


class CardOutcome(Record):
    """The verdict of the score card that the deal rests on."""

    card_id: RecordId
    band: Band
    best_band: Band
    worst_band: Band
    score: Points | None
    confidence: float
    coverage: float
    risks: tuple[Risk, ...]
    blocked: tuple[BlockReason, ...]
    must_haves: tuple[MustHaveCheck, ...]


class RuleOutcomes(Record):
    """What the rules say. The conformance report names our limits: it is for people inside."""

    conformance: ConformanceReport | None
    conditions_precedent: tuple[BilingualText, ...]
    card: CardOutcome | None


class ApprovalPacket(Record):
    """One commitment as its approver sees it. ``sheet`` is its terms as a term sheet, where they are one."""

    commitment_id: RecordId
    digest: Sha256
    status: CommitmentStatus
    thread_id: str
    action: PacketAction
    parties: tuple[PacketParty, ...]
    partnership_type: PartnershipType
    value: Money | None
    document_id: RecordId
    document_version: int
    requester: PacketPerson
    deadline: Deadline
    sla: SlaState | None
    """How long it has been waiting for approvers; None where it does not."""
    required_approvals: tuple[ApprovalRequirement, ...]
    still_needed: tuple[ApprovalRequirement, ...]
    may_approve: tuple[PacketPerson, ...]
    decisions: tuple[PacketDecision, ...]
    warnings: tuple[PacketWarning, ...]
    main_terms: tuple[MainTerm, ...]
    previous: PreviousVersion | None
    rules: RuleOutcomes
    fields: tuple[DigestedField, ...]


def packet_of(services: Services, clock: Clock, commitment_id: str) -> ApprovalPacket:
    """Everything an approver must see about one commitment, whatever its status.

    Args:
        services: The stores; nothing is written.
        clock: Tells until when people can decide.
        commitment_id: Which one.

    Raises:
        InputError: there is no such commitment.
        IntegrityError: its stored terms do not match its digest.
    """
    item = commitments.standing(services.governance, clock, commitment_id)
    commitment, sheet = item.commitment, sheet_in(item.commitment)
    with services.governance.snapshot() as reader:
        people = {person.person_id: person for person in reader.people()}
    rules = _rule_outcomes(services, sheet)
    parties = parties_of(commitment, sheet, services.companies)
    fields = digested_fields(commitment, sheet)
    rule = rule_for(commitment.action)
    return ApprovalPacket(
        commitment_id=commitment.commitment_id,
        digest=item.digest,
        status=item.status,
        thread_id=commitment.thread_id,
        action=PacketAction(
            action=rule.action,
            meaning=BilingualText(en=rule.meaning, ar=rule.meaning_ar),
            action_class=rule.action_class,
            reversibility=rule.reversibility,
            sensitivity=rule.sensitivity,
        ),
        parties=parties,
        partnership_type=commitment.partnership_type,
        value=commitment.value,
        document_id=commitment.document_id,
        document_version=commitment.document_version,
        requester=_person(people, commitment.requested_by),
        deadline=_deadline(item, clock()),
        sla=sla.states(services.governance, clock, [item]).get(commitment_id),
        required_approvals=commitment.required_approvals,
        still_needed=item.still_needed,
        may_approve=tuple(_able(item)),
        decisions=tuple(_decisions(services, item, people)),
        warnings=oddities(
            item,
            sheet,
            _stored_sheet(services, sheet),
            parties,
            fields,
            rules.conformance,
            () if rules.card is None else rules.card.blocked,
        ),
        main_terms=() if sheet is None else tuple(_main_terms(sheet)),
        previous=_previous(services, clock, commitment, sheet),
        rules=rules,
        fields=fields,
    )


def sheet_in(commitment: Commitment) -> PartnerTermSheet | None:
    """The terms of a commitment as a term sheet; None when they are another document."""
    try:
        sheet = PartnerTermSheet.model_validate(commitment.terms)
    except ValidationError:
        return None
    named = (commitment.document_id, commitment.document_version)
    return sheet if (sheet.sheet_id, sheet.version) == named else None


def _main_terms(sheet: PartnerTermSheet) -> Iterator[MainTerm]:
    for group in _MAIN_GROUPS:
        for clause in sheet.clauses_of(group):
            for value in clause.terms:
                shown = BilingualText(en=format_value(value, "en"), ar=format_value(value, "ar"))
                yield MainTerm(term=value.name, label=term_label(value.name, clause), value=shown)


def _deadline(item: PendingItem, now: datetime) -> Deadline:
    left = int((item.expires_at - now).total_seconds())
    return Deadline(requested_at=item.commitment.requested_at, expires_at=item.expires_at, seconds_left=max(left, 0))


def _person(people: Mapping[str, Person], person_id: str, **fields: object) -> PacketPerson:
    known = people.get(person_id)
    name = known.name if known is not None else person_id
    return PacketPerson.model_validate({"person_id": person_id, "name": name, **fields})


def _able(item: PendingItem) -> Iterator[PacketPerson]:
    """Who could help now: by their own authority, then by lent authority."""
    for person in item.may_approve:
        yield PacketPerson(person_id=person.person_id, name=person.name, level=person.level, legal=person.legal)
    for lent in item.delegated:
        lender = PacketPerson(person_id=lent.delegator.person_id, name=lent.delegator.name)
        yield PacketPerson(
            person_id=lent.delegate.person_id,
            name=lent.delegate.name,
            level=lent.delegation.max_level,
            legal=lent.delegation.legal,
            for_whom=lender,
        )


def _decisions(services: Services, item: PendingItem, people: Mapping[str, Person]) -> Iterator[PacketDecision]:
    counting = {decision.decision_id for decision in item.approvals}
    for decision in commitments.approvals_of(services.governance, item.commitment.commitment_id):
        yield PacketDecision(
            by=_decider(decision, people),
            outcome=decision.outcome,
            decided_at=decision.decided_at,
            counts=decision.decision_id in counting,
            note=decision.note,
        )


def _decider(decision: Decision, people: Mapping[str, Person]) -> PacketPerson:
    lender = None if decision.on_behalf_of is None else _person(people, decision.on_behalf_of)
    return _person(people, decision.decided_by, level=decision.level, legal=decision.legal, for_whom=lender)


def _stored_sheet(services: Services, sheet: PartnerTermSheet | None) -> PartnerTermSheet | None:
    return None if sheet is None else _sheet_version(services, sheet.sheet_id, sheet.version)


def _sheet_version(services: Services, sheet_id: str, version: int) -> PartnerTermSheet | None:
    try:
        found: PartnerTermSheet = services.companies.sheet(sheet_id, version)
    except InputError:
        return None
    return found


def _rule_outcomes(services: Services, sheet: PartnerTermSheet | None) -> RuleOutcomes:
    if sheet is None:
        return RuleOutcomes(conformance=None, conditions_precedent=(), card=None)
    card = card_behind(services, sheet.thread_id)
    return RuleOutcomes(
        conformance=check_conformance(sheet, load_playbook(sheet.partnership_type)),
        conditions_precedent=sheet.conditions_precedent,
        card=None if card is None else _card_outcome(card),
    )


def card_behind(services: Services, thread_id: str) -> PartnerFitScoreCard | None:
    """The score card that the deal of a thread rests on; None where there is no deal, or none was stored."""
    try:
        deal = services.companies.deal(thread_id)
    except InputError:
        return None
    return services.companies.card_of(deal)


def _card_outcome(card: PartnerFitScoreCard) -> CardOutcome:
    return CardOutcome.model_validate({name: getattr(card, name) for name in CardOutcome.model_fields})


def _previous(
    services: Services, clock: Clock, commitment: Commitment, sheet: PartnerTermSheet | None
) -> PreviousVersion | None:
    """The version to compare with: what it was edited from, the last request for it, or the sheet before it."""
    earlier = _earlier(services, clock, commitment)
    if earlier is not None:
        before = earlier.commitment
        return PreviousVersion(
            document_version=before.document_version,
            commitment_id=before.commitment_id,
            status=earlier.status,
            **_differences(before, commitment, sheet_in(before), sheet),
        )
    older = None if sheet is None or sheet.version == 1 else _sheet_version(services, sheet.sheet_id, sheet.version - 1)
    if older is None or sheet is None:
        return None
    return PreviousVersion(
        document_version=older.version,
        commitment_id=None,
        status=None,
        document=changes_between(older, sheet),
        request=(),
    )


def _earlier(services: Services, clock: Clock, commitment: Commitment) -> PendingItem | None:
    known = commitments.history(services.governance, clock, commitment.thread_id)
    if commitment.edited_from is not None:
        source = (item for item in known if item.commitment.commitment_id == commitment.edited_from)
        return next(source, None) or commitments.standing(services.governance, clock, commitment.edited_from)
    same: Sequence[PendingItem] = [
        item
        for item in known
        if item.commitment.document_id == commitment.document_id
        and item.commitment.requested_at < commitment.requested_at
    ]
    return same[-1] if same else None


def _differences(
    before: Commitment, after: Commitment, old: PartnerTermSheet | None, new: PartnerTermSheet | None
) -> dict[str, tuple[SheetChange, ...] | tuple[FieldChange, ...]]:
    bodies: list[dict[str, JsonValue]] = [digested_body(item) for item in (before, after)]
    if old is None or new is None:
        return {"document": (), "request": json_changes(bodies[0], bodies[1])}
    requests = [{name: value for name, value in body.items() if name != "terms"} for body in bodies]
    return {"document": changes_between(old, new), "request": json_changes(requests[0], requests[1])}
