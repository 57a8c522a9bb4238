"""Clashes of a proposed agreement with live ones: exclusivity, named accounts, non-competition, shared territory."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from partnership_os.schemas.base import BilingualText
from partnership_os.schemas.channel import (
    AgreementScope,
    CarveOut,
    Clash,
    ClashKind,
    Exclusivity,
    ExclusivityKind,
    LiveAgreement,
    NonCompete,
    Overlap,
    Period,
)
from partnership_os.tools.channel_compliance.coverage import account_in, minimum_reading, weakened
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
from partnership_os.tools.channel_compliance.territory import is_inside, territory_overlap
from partnership_os.tools.channel_compliance.wording import Fact, load_wording

__all__ = ["agreement_clashes"]

_Found = tuple[ClashKind, Reading]
_WHOLE_SCOPE = (None, ExclusivityKind.ON_MINIMUM, ExclusivityKind.UNCONDITIONAL)
"""Kinds of exclusivity, and an unknown one, that may cover every customer of a scope."""
_NAMED = (None, ExclusivityKind.NAMED_ACCOUNTS)


def agreement_clashes(proposed: AgreementScope, live: Sequence[LiveAgreement], as_of: date) -> tuple[Clash, ...]:
    """Every promise of a live agreement that a proposed one would break, and every promise it cannot keep.

    A clash is certain where all of period, territory, products and segments certainly overlap and the promise certainly
    stands; where a fact is missing it is possible and names the fact. Agreements with the same partner are no clash. Of
    two agreements neither of which is exclusive only the shared scope is told.

    Args:
        proposed: Its partner, scope and period; a start that is not known does not lie before ``as_of``.
        live: In any order; one that has ended, or starts later, clashes only where the periods share a day.
        as_of: The day on which it is looked at.

    Returns:
        Sorted by agreement and kind; the same for every order of ``live``. More agreements only ever add to it.
    """
    clashes = {
        _clash(kind, reading, item)
        for item in set(live)
        if item.scope.partner_id != proposed.partner_id
        for kind, reading in _found(proposed, item, as_of)
        if reading.overlap is not Overlap.NONE
    }
    return tuple(sorted(clashes, key=lambda clash: (clash.agreement_id, clash.kind, clash.partner_id, clash.overlap)))


def _found(proposed: AgreementScope, item: LiveAgreement, as_of: date) -> Iterator[_Found]:
    theirs = item.scope
    period = shortened(theirs.period, item.ended_on)
    together = all_of([period_overlap(proposed.period, period, as_of), _scopes_meet(proposed, theirs)])
    promises = [
        (ClashKind.EXCLUSIVE_HELD, _exclusive_over(theirs, period, proposed, as_of)),
        (ClashKind.EXCLUSIVE_PROPOSED, _exclusive_proposed(proposed, theirs, period, as_of)),
        (ClashKind.NAMED_ACCOUNT_HELD, _named_held(theirs, period, proposed, as_of)),
        (ClashKind.NAMED_ACCOUNT_PROPOSED, _named_proposed(proposed, theirs, period, as_of)),
        (ClashKind.NON_COMPETE_HELD, _barred_by_them(proposed, theirs, period, as_of)),
        (ClashKind.NON_COMPETE_PROPOSED, _barred_by_us(proposed, theirs, together)),
    ]
    yield from promises
    if together.overlap is not Overlap.NONE and all(reading.overlap is Overlap.NONE for _, reading in promises):
        yield ClashKind.TERRITORY_SHARED, together


def _scopes_meet(first: AgreementScope, second: AgreementScope) -> Reading:
    return all_of(
        [
            territory_overlap(first.areas, second.areas),
            product_overlap(first.products, second.products),
            segment_overlap(first.segments, second.segments),
        ]
    )


def _exclusive_over(holder: AgreementScope, period: Period, other: AgreementScope, as_of: date) -> Reading:
    """Whether the holder of a live agreement is exclusive for customers that a proposal covers."""
    promise = holder.exclusivity
    if promise.kind not in _WHOLE_SCOPE:
        return NO
    running = period_overlap(other.period, shortened(period, promise.ended_on), as_of)
    held = all_of([running, _scopes_meet(holder, other), minimum_reading(promise), _stated(promise)])
    return _less_carve_outs(held, promise, other)


def _exclusive_proposed(proposed: AgreementScope, theirs: AgreementScope, period: Period, as_of: date) -> Reading:
    promise = proposed.exclusivity
    if promise.kind not in _WHOLE_SCOPE:
        return NO
    running = period_overlap(proposed.period, period, as_of)
    return _less_carve_outs(all_of([running, _scopes_meet(proposed, theirs), _stated(promise)]), promise, theirs)


def _stated(promise: Exclusivity) -> Reading:
    return open_for(Fact.EXCLUSIVITY) if promise.kind is None else YES


def _less_carve_outs(held: Reading, promise: Exclusivity, other: AgreementScope) -> Reading:
    """An exclusivity without its exceptions: it does not hold where the other scope lies wholly inside one of them."""
    if held.overlap is Overlap.NONE:
        return held
    if promise.carve_outs is None:
        return weakened(held, Fact.CARVE_OUTS)
    if any(_wholly_inside(other, promise.carve_outs)):
        return NO
    return weakened(held, Fact.CARVE_OUTS) if any(_may_be_inside(other, item) for item in promise.carve_outs) else held


def _may_be_inside(scope: AgreementScope, item: CarveOut) -> bool:
    """Whether a scope says nothing of what an exception is about."""
    return (
        (item.product is not None and scope.products is None)
        or (item.segment is not None and scope.segments is None)
        or (item.area is not None and scope.areas is None)
    )


def _wholly_inside(scope: AgreementScope, carve_outs: Sequence[CarveOut]) -> Iterator[bool]:
    products = [item.product for item in carve_outs if item.product is not None]
    segments = [item.segment for item in carve_outs if item.segment is not None]
    areas = [item.area for item in carve_outs if item.area is not None]
    yield bool(products) and concepts_in(scope.products, products)
    yield bool(segments) and concepts_in(scope.segments, segments)
    yield bool(areas and scope.areas) and all(
        any(is_inside(own, area).overlap is Overlap.CERTAIN for area in areas) for own in scope.areas or ()
    )


def _named_held(holder: AgreementScope, period: Period, proposed: AgreementScope, as_of: date) -> Reading:
    """Whether accounts reserved for the holder would be reserved, or served, by the proposal too."""
    promise = holder.exclusivity
    if promise.kind is not ExclusivityKind.NAMED_ACCOUNTS:
        return NO
    running = period_overlap(proposed.period, shortened(period, promise.ended_on), as_of)
    return all_of([running, _reserved_reach(holder, proposed)])


def _named_proposed(proposed: AgreementScope, theirs: AgreementScope, period: Period, as_of: date) -> Reading:
    if proposed.exclusivity.kind is not ExclusivityKind.NAMED_ACCOUNTS:
        return NO
    return all_of([period_overlap(proposed.period, period, as_of), _reserved_reach(proposed, theirs)])


def _reserved_reach(holder: AgreementScope, other: AgreementScope) -> Reading:
    """Whether accounts that one scope reserves may be served under another.

    Certain where the other one reserves the same account; possible where their scopes meet, since the list says
    nothing of territory and segment of an account; none where the other one excludes them all.
    """
    reserved = holder.exclusivity.named_accounts
    products = product_overlap(holder.products, other.products)
    if reserved is None:
        return all_of([products, _scopes_meet(holder, other), open_for(Fact.NAMED_ACCOUNTS)])
    left = [item for item in reserved if account_in(item, other.excluded_accounts).overlap is not Overlap.CERTAIN]
    if not left:
        return NO
    theirs = other.exclusivity.named_accounts or () if other.exclusivity.kind in _NAMED else ()
    both = all_of([products, any_of(account_in(item, theirs) for item in left)])
    return any_of([both, all_of([_scopes_meet(holder, other), open_for(Fact.NAMED_ACCOUNTS)])])


def _barred_by_them(proposed: AgreementScope, theirs: AgreementScope, period: Period, as_of: date) -> Reading:
    """Whether we promised the partner of a live agreement not to appoint the one proposed."""
    if theirs.non_competes is None:
        running = period_overlap(proposed.period, period, as_of)
        return all_of([running, _scopes_meet(proposed, theirs), open_for(Fact.NON_COMPETE)])
    return any_of(
        all_of([_tail_overlap(item, proposed.period, period, as_of), _bars(item, proposed.partner_id)])
        for item in theirs.non_competes
    )


def _tail_overlap(item: NonCompete, proposed: Period, period: Period, as_of: date) -> Reading:
    """Whether a non-compete, with its tail, still runs; an unknown tail leaves what follows the agreement possible."""
    running = period_overlap(proposed, period, as_of)
    if item.tail_days is not None:
        return period_overlap(proposed, shortened(period, None, timedelta(days=item.tail_days)), as_of)
    endless = period.model_copy(update={"ends_on": None, "indefinite": True, "renews": None})
    later = period_overlap(proposed, endless, as_of)
    return any_of([running, weakened(later, Fact.NON_COMPETE)])


def _barred_by_us(proposed: AgreementScope, theirs: AgreementScope, together: Reading) -> Reading:
    if proposed.non_competes is None:
        return all_of([together, open_for(Fact.NON_COMPETE)])
    barred = any_of(_bars(item, theirs.partner_id) for item in proposed.non_competes)
    return all_of([together, barred])


def _bars(item: NonCompete, partner_id: str) -> Reading:
    if item.barred_partners is None:
        return open_for(Fact.NON_COMPETE)
    return YES if partner_id in item.barred_partners else NO


def _clash(kind: ClashKind, reading: Reading, item: LiveAgreement) -> Clash:
    wording = load_wording()
    template = wording.clashes[kind][reading.overlap]
    unknown = tuple(sorted(reading.unknown))
    values: dict[str, str | BilingualText] = {"agreement": item.agreement_id}
    if reading.overlap is Overlap.POSSIBLE:
        values["unknown"] = wording.listed(unknown)
    return Clash(
        kind=kind,
        overlap=reading.overlap,
        agreement_id=item.agreement_id,
        partner_id=item.scope.partner_id,
        unknown=tuple(str(fact) for fact in unknown),
        text=template.filled(**values),
    )
