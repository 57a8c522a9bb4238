"""What stands against a deal registration: one function per conflict code of partner-definitions §3.6."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Final, Literal, NamedTuple

from partnership_os.schemas.base import BilingualText
from partnership_os.schemas.channel import CustomerKeys, LiveAgreement, Overlap
from partnership_os.schemas.deal_registration import (
    CheckOutcome,
    ConflictCode,
    CustomerChoice,
    Finding,
    OtherReason,
    OwnCustomer,
    OwnOpportunity,
    ReasonCode,
    Recommendation,
    RegistrationRequest,
)
from partnership_os.tools.channel_compliance.coverage import account_in, covers_deal, holds_exclusively, in_force
from partnership_os.tools.channel_compliance.duplicates import Standing, choice_of, earlier_ones
from partnership_os.tools.channel_compliance.overlap import Reading, all_of, any_of, open_for, product_overlap
from partnership_os.tools.channel_compliance.policy import RegistrationPolicy
from partnership_os.tools.channel_compliance.wording import Fact, load_wording

__all__ = ["DealContext", "findings_of"]

_REJECT: Final = Recommendation.REJECT
_REVIEW: Final = Recommendation.REVIEW
_Verdict = Literal[Recommendation.REJECT, Recommendation.REVIEW]


class DealContext(NamedTuple):
    """What a registration is held against: everything that is known, of every partner, in any order.

    ``rhq_related_party`` is what the regional-headquarters rule said of this customer and partner; the default is
    that nobody asked.
    """

    registrations: Sequence[Standing] = ()
    agreements: Sequence[LiveAgreement] = ()
    opportunities: Sequence[OwnOpportunity] = ()
    customers: Sequence[OwnCustomer] = ()
    choices: Sequence[CustomerChoice] = ()
    rhq_related_party: CheckOutcome = "unknown"


def findings_of(
    request: RegistrationRequest, context: DealContext, policy: RegistrationPolicy, as_of: datetime
) -> tuple[Finding, ...]:
    """Everything that stands against a registration, sorted by code; the order of the context does not matter.

    A finding rejects where all facts are known and certain, otherwise it asks a person to look. Nothing here accepts.
    """
    found = [
        *_duplicates(request, context),
        *_choices(request, context),
        *_own_opportunities(request, context),
        *_own_customers(request, context, policy),
        *_authority(request, context, as_of.astimezone(UTC).date()),
        *_exclusives(request, context, as_of.astimezone(UTC).date()),
        *_rhq(context.rhq_related_party),
        *_stale(request, policy),
        *_proof(request),
    ]
    return tuple(sorted(set(found), key=lambda item: (item.code, item.verdict, item.refs)))


def _finding(
    code: ReasonCode, verdict: _Verdict, refs: Iterable[str] = (), unknown: Iterable[Fact] = (), **values: str
) -> Finding:
    listed = tuple(sorted(set(refs)))
    template = load_wording().findings[code][verdict]
    shown: dict[str, str | BilingualText] = {**values, "refs": ", ".join(listed) or "-"}
    facts = tuple(sorted(str(fact) for fact in set(unknown)))
    return Finding(code=code, verdict=verdict, refs=listed, unknown=facts, text=template.filled(**shown))


def _duplicates(request: RegistrationRequest, context: DealContext) -> Iterator[Finding]:
    earlier = earlier_ones(request, context.registrations)
    for code, is_same in ((ConflictCode.DUP_SAME_PARTNER, True), (ConflictCode.DUP_OTHER_PARTNER, False)):
        group = [item for item in earlier if (item.request.partner_id == request.partner_id) is is_same]
        certain = [item for item in group if item.overlap is Overlap.CERTAIN and (item.holds or is_same)]
        if certain:
            yield _finding(code, _REJECT, (item.request.registration_id for item in certain))
        elif group:
            facts = {Fact.CUSTOMER} if all(item.overlap is Overlap.POSSIBLE for item in group) else set[Fact]()
            yield _finding(code, _REVIEW, (item.request.registration_id for item in group), facts)


def _choices(request: RegistrationRequest, context: DealContext) -> Iterator[Finding]:
    choice = choice_of(request, context.choices)
    if choice is None:
        return
    if choice.partner_id is None:
        yield _finding(OtherReason.CHOICES_DISAGREE, _REVIEW, choice.references)
    elif choice.partner_id != request.partner_id:
        verdict: _Verdict = _REJECT if choice.is_certain else _REVIEW
        yield _finding(OtherReason.CUSTOMER_CHOSE_OTHER, verdict, choice.references)
    elif any(item.request.partner_id != request.partner_id for item in earlier_ones(request, context.registrations)):
        yield _finding(OtherReason.CUSTOMER_CHOSE_THIS, _REVIEW, choice.references)


def _own_opportunities(request: RegistrationRequest, context: DealContext) -> Iterator[Finding]:
    """Registered before own sales engaged: an opportunity that we opened later is no conflict, but is told."""
    rejecting, open_ones, facts = [], [], set[Fact]()
    for item in context.opportunities:
        same = _customer_reading(request, item.customer)
        deal = all_of([same, _shares_product(request, item.products)])
        if same.overlap is Overlap.NONE:
            continue
        is_earlier = item.opened_at is not None and item.opened_at <= request.received_at
        if deal.overlap is Overlap.CERTAIN and is_earlier:
            rejecting.append(item.opportunity_id)
            continue
        open_ones.append(item.opportunity_id)
        facts |= deal.unknown | ({Fact.OPENED_AT} if item.opened_at is None else set())
    if rejecting:
        yield _finding(ConflictCode.DIRECT_OPEN, _REJECT, rejecting)
    elif open_ones:
        yield _finding(ConflictCode.DIRECT_OPEN, _REVIEW, open_ones, facts)


def _own_customers(request: RegistrationRequest, context: DealContext, policy: RegistrationPolicy) -> Iterator[Finding]:
    """A customer who buys this already and whom we spoke to in the window is ours; any other overlap is looked at."""
    day = request.received_at.astimezone(UTC).date()
    since = day - timedelta(days=policy.recent_contact_days)
    rejecting, open_ones, facts = [], [], set[Fact]()
    for item in context.customers:
        same = _customer_reading(request, item.customer)
        if same.overlap is Overlap.NONE:
            continue
        deal = all_of([same, _shares_product(request, item.products)])
        if deal.overlap is Overlap.CERTAIN and item.last_contact_on is not None and item.last_contact_on >= since:
            rejecting.append(item.account_id)
            continue
        open_ones.append(item.account_id)
        facts |= deal.unknown | ({Fact.LAST_CONTACT_ON} if item.last_contact_on is None else set())
    if rejecting:
        yield _finding(ConflictCode.CUSTOMER_EXISTING, _REJECT, rejecting)
    elif open_ones:
        yield _finding(ConflictCode.CUSTOMER_EXISTING, _REVIEW, open_ones, facts)


def _customer_reading(request: RegistrationRequest, other: CustomerKeys) -> Reading:
    return account_in(request.customer, (other,))


def _shares_product(request: RegistrationRequest, products: tuple[str, ...] | None) -> Reading:
    return product_overlap(request.products, products)


def _authority(request: RegistrationRequest, context: DealContext, day: date) -> Iterator[Finding]:
    """Whether an agreement of the partner, in force on the day, covers the deal."""
    own = [item for item in context.agreements if item.scope.partner_id == request.partner_id]
    rights = {item.agreement_id: _may_register(item, request, day) for item in own}
    places = {item.agreement_id: covers_deal(item, request)[1] for item in own}
    right = any_of(rights.values())
    if right.overlap is Overlap.NONE:
        yield _finding(ConflictCode.NO_AUTHORITY, _REJECT, rights)
        return
    if right.overlap is Overlap.POSSIBLE:
        refs = [key for key, reading in rights.items() if reading.overlap is Overlap.POSSIBLE]
        yield _finding(ConflictCode.NO_AUTHORITY, _REVIEW, refs, right.unknown)
    able = [key for key, reading in rights.items() if reading.overlap is not Overlap.NONE]
    both = any_of(all_of([places[key], rights[key]]) for key in able)
    is_place_certain = any(places[key].overlap is Overlap.CERTAIN for key in able)
    if both.overlap is Overlap.NONE:
        yield _finding(ConflictCode.OUT_OF_TERRITORY, _REJECT, able)
    elif both.overlap is Overlap.POSSIBLE and not (right.overlap is Overlap.POSSIBLE and is_place_certain):
        yield _finding(ConflictCode.OUT_OF_TERRITORY, _REVIEW, able, both.unknown)


def _may_register(item: LiveAgreement, request: RegistrationRequest, day: date) -> Reading:
    may = {True: Reading(Overlap.CERTAIN), False: Reading(Overlap.NONE), None: open_for(Fact.MAY_REGISTER)}
    return all_of([in_force(item, day), covers_deal(item, request)[0], may[item.may_register]])


def _exclusives(request: RegistrationRequest, context: DealContext, day: date) -> Iterator[Finding]:
    held = {
        item.agreement_id: holds_exclusively(item, request, day)
        for item in context.agreements
        if item.scope.partner_id != request.partner_id
    }
    certain = [key for key, reading in held.items() if reading.overlap is Overlap.CERTAIN]
    if certain:
        yield _finding(ConflictCode.EXCLUSIVE_HELD, _REJECT, certain)
    elif possible := {key: reading for key, reading in held.items() if reading.overlap is Overlap.POSSIBLE}:
        facts = frozenset[Fact]().union(*(reading.unknown for reading in possible.values()))
        yield _finding(ConflictCode.EXCLUSIVE_HELD, _REVIEW, possible, facts)


def _rhq(outcome: CheckOutcome) -> Iterator[Finding]:
    if outcome == "fail":
        yield _finding(ConflictCode.RHQ_RELATED_PARTY, _REJECT)
    elif outcome == "unknown":
        yield _finding(ConflictCode.RHQ_RELATED_PARTY, _REVIEW, unknown=(Fact.RHQ,))


def _stale(request: RegistrationRequest, policy: RegistrationPolicy) -> Iterator[Finding]:
    day = request.received_at.astimezone(UTC).date()
    if request.expected_close < day:
        yield _finding(ConflictCode.STALE, _REJECT)
    newest = max((proof.dated_on for proof in request.proofs), default=None)
    if newest is not None and newest < day - timedelta(days=policy.proof_max_age_days):
        yield _finding(ConflictCode.STALE, _REVIEW, days=str(policy.proof_max_age_days))


def _proof(request: RegistrationRequest) -> Iterator[Finding]:
    """A list of named accounts needs proof of contact for each; a single registration without proof is looked at."""
    shows_contact = any(proof.contact_id is not None for proof in request.proofs)
    if request.part_of_list and not shows_contact:
        yield _finding(OtherReason.NO_CONTACT_PROOF, _REJECT)
    elif not request.proofs:
        yield _finding(OtherReason.PROOF_MISSING, _REVIEW)
