"""One customer against one agreement: is it covered, and is it promised to that agreement's partner alone."""

from collections.abc import Iterable
from datetime import date, timedelta

from partnership_os.schemas.channel import (
    Area,
    CarveOut,
    CustomerKeys,
    Exclusivity,
    ExclusivityKind,
    LiveAgreement,
    Overlap,
    Period,
)
from partnership_os.schemas.deal_registration import RegistrationRequest
from partnership_os.tools.channel_compliance.customers import same_customer
from partnership_os.tools.channel_compliance.overlap import (
    NO,
    YES,
    Reading,
    all_of,
    any_of,
    concepts_in,
    open_for,
    period_overlap,
    product_overlap,
    segment_overlap,
    shortened,
)
from partnership_os.tools.channel_compliance.territory import is_inside
from partnership_os.tools.channel_compliance.wording import Fact

__all__ = ["account_in", "covers_deal", "holds_exclusively", "in_force", "minimum_reading", "weakened"]


def in_force(agreement: LiveAgreement, day: date) -> Reading:
    """Whether an agreement is in force on a day."""
    period = shortened(agreement.scope.period, agreement.ended_on)
    return period_overlap(_one_day(day), period)


def covers_deal(agreement: LiveAgreement, request: RegistrationRequest) -> tuple[Reading, Reading]:
    """Whether an agreement appoints its partner for the products of a deal, and for its customer.

    Every product has to be appointed; the customer has to lie inside the territory and the segments and must not be
    excluded.
    """
    scope = agreement.scope
    products = all_of(product_overlap((product,), scope.products) for product in request.products)
    segments = None if request.segment is None else (request.segment,)
    inside = (
        open_for(Fact.TERRITORY)
        if scope.areas is None
        else any_of(_touches(request.area, area) for area in scope.areas)
    )
    excluded = account_in(request.customer, scope.excluded_accounts)
    allowed = {Overlap.CERTAIN: NO, Overlap.POSSIBLE: open_for(Fact.CUSTOMER), Overlap.NONE: YES}[excluded.overlap]
    return products, all_of([inside, segment_overlap(segments, scope.segments), allowed])


def holds_exclusively(agreement: LiveAgreement, request: RegistrationRequest, day: date) -> Reading:
    """Whether a deal is promised to the partner of this agreement alone on a day."""
    scope, exclusivity = agreement.scope, agreement.scope.exclusivity
    is_excluded = account_in(request.customer, scope.excluded_accounts).overlap is Overlap.CERTAIN
    if exclusivity.kind is ExclusivityKind.NON_EXCLUSIVE or is_excluded:
        return NO
    running = period_overlap(
        _one_day(day), shortened(shortened(scope.period, agreement.ended_on), exclusivity.ended_on)
    )
    products = any_of(product_overlap((product,), scope.products) for product in request.products)
    named = _named(request.customer, exclusivity)
    if exclusivity.kind is ExclusivityKind.NAMED_ACCOUNTS:
        held = all_of([running, products, named])
    else:
        areas = scope.areas
        inside = open_for(Fact.TERRITORY) if areas is None else any_of(_touches(request.area, area) for area in areas)
        segments = None if request.segment is None else (request.segment,)
        where = all_of([inside, segment_overlap(segments, scope.segments)])
        if exclusivity.kind is None:
            where = all_of([where, open_for(Fact.EXCLUSIVITY)])
        held = all_of([running, products, where, minimum_reading(exclusivity)])
    return _without_carved(held, exclusivity, request)


def minimum_reading(exclusivity: Exclusivity) -> Reading:
    """Whether an exclusivity stands as far as its minimum goes.

    A missed minimum ends it only where it lapses by itself; otherwise it stands until somebody ends it. An unknown
    minimum leaves it possible.
    """
    if exclusivity.kind is not ExclusivityKind.ON_MINIMUM or exclusivity.minimums_met is True:
        return YES
    if exclusivity.lapses_by_itself is False:
        return YES
    if exclusivity.minimums_met is None:
        return open_for(Fact.MINIMUMS_MET)
    return NO if exclusivity.lapses_by_itself else open_for(Fact.LAPSE)


def account_in(customer: CustomerKeys, listed: Iterable[CustomerKeys]) -> Reading:
    """Whether a customer is on a list of accounts; like names are possible."""
    overlaps = [same_customer(customer, item).overlap for item in listed]
    return any_of(Reading(found, _doubt(found)) for found in overlaps)


def weakened(held: Reading, fact: Fact) -> Reading:
    """A certain or possible reading that one more unknown fact leaves possible at most."""
    return all_of([held, open_for(fact)])


def _doubt(found: Overlap) -> frozenset[Fact]:
    return frozenset({Fact.CUSTOMER}) if found is Overlap.POSSIBLE else frozenset()


def _named(customer: CustomerKeys, exclusivity: Exclusivity) -> Reading:
    if exclusivity.named_accounts is None:
        return open_for(Fact.NAMED_ACCOUNTS)
    return account_in(customer, exclusivity.named_accounts)


def _touches(deal: Area, area: Area) -> Reading:
    inside = is_inside(deal, area)
    return inside if inside.overlap is not Overlap.NONE else _partly(area, deal)


def _partly(area: Area, deal: Area) -> Reading:
    """A deal placed in a whole country may lie in the city that an agreement covers."""
    return weakened(is_inside(area, deal), Fact.TERRITORY)


def _without_carved(held: Reading, exclusivity: Exclusivity, request: RegistrationRequest) -> Reading:
    if held.overlap is Overlap.NONE:
        return held
    if exclusivity.carve_outs is None:
        return weakened(held, Fact.CARVE_OUTS)
    carved = any_of(_carved(item, request) for item in exclusivity.carve_outs)
    if carved.overlap is Overlap.CERTAIN:
        return NO
    return all_of([held, Reading(Overlap.POSSIBLE, carved.unknown)]) if carved.overlap is Overlap.POSSIBLE else held


def _carved(item: CarveOut, request: RegistrationRequest) -> Reading:
    if item.product is not None:
        return YES if concepts_in(request.products, (item.product,)) else NO
    if item.segment is not None:
        if request.segment is None:
            return open_for(Fact.SEGMENTS)
        return YES if concepts_in((request.segment,), (item.segment,)) else NO
    if item.area is not None:
        inside = is_inside(request.area, item.area)
        return inside if inside.overlap is not Overlap.NONE else _partly(item.area, request.area)
    if item.account is not None:
        return account_in(request.customer, (item.account,))
    if item.multi_country_customers:
        return {True: YES, False: NO, None: open_for(Fact.MULTI_COUNTRY)}[request.multi_country]
    return NO


def _one_day(day: date) -> Period:
    return Period(starts_on=day, ends_on=day + timedelta(days=1), renews=False)
