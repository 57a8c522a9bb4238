"""Earlier registrations of the same opportunity. The first valid submission by server time has it; ties go by id."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from partnership_os.schemas.channel import Overlap
from partnership_os.schemas.deal_registration import CustomerChoice, RegistrationEventKind, RegistrationRequest
from partnership_os.tools.channel_compliance.customers import same_customer
from partnership_os.tools.channel_compliance.overlap import product_overlap

__all__ = ["Choice", "Earlier", "Standing", "choice_of", "earlier_ones"]

_HOLDING = frozenset({RegistrationEventKind.ACCEPTED, RegistrationEventKind.WON})
_WAITING = frozenset({RegistrationEventKind.SUBMITTED, RegistrationEventKind.APPEALED})


class Standing(NamedTuple):
    """A registration with the state that `life.replay` gives it on the day of the question."""

    request: RegistrationRequest
    state: RegistrationEventKind


class Earlier(NamedTuple):
    """An earlier registration of what may be the same opportunity.

    ``overlap`` is certain where customer and product are the same; ``holds`` where it was accepted or won and does not
    merely wait for its decision.
    """

    request: RegistrationRequest
    overlap: Overlap
    holds: bool


class Choice(NamedTuple):
    """What the customer wrote: the partner of the latest letters, None where letters of one day disagree."""

    partner_id: str | None
    is_certain: bool
    """A person has checked the letter, and it is certainly this customer's."""
    references: tuple[str, ...]


def earlier_ones(request: RegistrationRequest, others: Iterable[Standing]) -> tuple[Earlier, ...]:
    """Registrations of what may be the same opportunity that came first and are still protected, waiting or won.

    Rejected, released, expired and lost ones are out of the way. The same customer with other products only may be
    another opportunity: that is possible, not certain.
    """
    found = []
    for other, state in others:
        if other.registration_id == request.registration_id or _key(other) > _key(request):
            continue
        overlap = _same_deal(request, other)
        if state in _HOLDING | _WAITING and overlap is not Overlap.NONE:
            found.append(Earlier(other, overlap, state in _HOLDING))
    return tuple(sorted(set(found), key=lambda item: (_key(item.request), item.holds)))


def choice_of(request: RegistrationRequest, choices: Iterable[CustomerChoice]) -> Choice | None:
    """The customer's latest written choice, or None where there is none."""
    likely = [(item, same_customer(item.customer, request.customer).overlap) for item in choices]
    meant = [(item, overlap) for item, overlap in likely if overlap is not Overlap.NONE]
    if not meant:
        return None
    last_day = max(item.written_on for item, _ in meant)
    latest = [(item, overlap) for item, overlap in meant if item.written_on == last_day]
    partners = {item.partner_id for item, _ in latest}
    return Choice(
        partners.pop() if len(partners) == 1 else None,
        any(item.verified and overlap is Overlap.CERTAIN for item, overlap in latest),
        tuple(sorted({item.reference for item, _ in latest})),
    )


def _key(request: RegistrationRequest) -> tuple[datetime, str]:
    return request.received_at, request.registration_id


def _same_deal(first: RegistrationRequest, second: RegistrationRequest) -> Overlap:
    customer = same_customer(first.customer, second.customer).overlap
    is_same_product = product_overlap(first.products, second.products).overlap is Overlap.CERTAIN
    return customer if is_same_product or customer is not Overlap.CERTAIN else Overlap.POSSIBLE
