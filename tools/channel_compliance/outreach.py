"""Whether a person may be contacted: consent, opt-out, hours and limits; what is not known means no."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta

from partnership_os.errors import InputError
from partnership_os.schemas.outreach import (
    OutreachChannel,
    OutreachContact,
    OutreachHistory,
    OutreachPurpose,
    Permission,
    Refusal,
    RefusalCode,
)
from partnership_os.tools.channel_compliance.consent import bars, basis_for
from partnership_os.tools.channel_compliance.contact_hours import check_hours, zone_of
from partnership_os.tools.channel_compliance.limits import WEEK, exceeded_limits
from partnership_os.tools.channel_compliance.policy import ChannelRules, CountryHours, OutreachPolicy
from partnership_os.tools.channel_compliance.wording import load_wording

__all__ = ["may_contact"]

_MOST_STEPS = 60
"""How often the next free moment is looked for before it is called not computable."""


def may_contact(
    contact: OutreachContact,
    purpose: OutreachPurpose,
    channel: OutreachChannel,
    at: datetime,
    history: OutreachHistory | None,
    policy: OutreachPolicy,
    *,
    is_template: bool = False,
) -> Permission:
    """Whether one person may be contacted for one purpose over one channel at one moment, and every reason why not.

    Allowed only where a basis for exactly this is on record (PDPL Art. 25: prior consent for advertising), nobody
    opted out, the channel, country and time zone are known, it is neither quiet hours nor the weekend there, and no
    limit is reached. An opt-out beats every basis. A permission is advice about this moment: whoever sends asks again
    when sending, and sending is an external commitment, so the caller proposes it as Class B.

    Args:
        contact: By id; its country and zone are used and not repeated.
        purpose: What for.
        channel: How.
        at: When it would arrive, with a zone.
        history: All that is known, in any order; None is not known and allows nothing.
        policy: The rules.
        is_template: Whether an approved template is used, which WhatsApp asks for outside its reply window.

    Raises:
        InputError: ``at`` has no zone.
    """
    if at.utcoffset() is None:
        raise InputError("A moment without a time zone.", fix="Give one with a zone, such as UTC.", field="at")
    known = history if history is not None else OutreachHistory()
    refusals = _sorted(_refusals(contact, purpose, channel, at, known, policy, is_template))
    basis = basis_for(contact, purpose, channel, at, known, policy).basis_id
    following = None
    if refusals:
        following = _next_free(contact, purpose, channel, refusals, known, policy, is_template)
    return Permission(
        contact_id=contact.contact_id,
        purpose=purpose,
        channel=channel,
        at=at,
        policy_version=policy.version,
        allowed=not refusals,
        basis_id=basis,
        refusals=refusals,
        next_allowed_at=following,
    )


def _next_free(
    contact: OutreachContact,
    purpose: OutreachPurpose,
    channel: OutreachChannel,
    refusals: tuple[Refusal, ...],
    history: OutreachHistory,
    policy: OutreachPolicy,
    is_template: bool,
) -> datetime | None:
    """Go from end to end of the reasons until none is left; None where one has no end, or none is found."""
    for _ in range(_MOST_STEPS):
        ends = [refusal.until for refusal in refusals]
        moments = [end for end in ends if end is not None]
        if len(moments) < len(ends):
            return None
        at = max(moments)
        refusals = _sorted(_refusals(contact, purpose, channel, at, history, policy, is_template))
        if not refusals:
            return at.astimezone(UTC)
    return None


def _sorted(refusals: Iterable[Refusal]) -> tuple[Refusal, ...]:
    return tuple(sorted(refusals, key=lambda item: (list(RefusalCode).index(item.code), item.refs, item.text.en)))


def _refusals(
    contact: OutreachContact,
    purpose: OutreachPurpose,
    channel: OutreachChannel,
    at: datetime,
    history: OutreachHistory,
    policy: OutreachPolicy,
    is_template: bool,
) -> Iterator[Refusal]:
    yield from _barred(contact, channel, at, history)
    ground = basis_for(contact, purpose, channel, at, history, policy)
    if ground.refusal is not None:
        yield _refusal(ground.refusal)
    yield from _hours(contact, channel, at, history, policy)
    rules = policy.channels.get(channel)
    if rules is None or not rules.send:
        yield _refusal(RefusalCode.CHANNEL_NOT_ALLOWED)
        return
    yield from _window(contact, channel, at, history, rules, is_template)
    if history.complete_from is None or history.complete_from > at - WEEK:
        until = None if history.complete_from is None else history.complete_from + WEEK
        yield _refusal(RefusalCode.HISTORY_INCOMPLETE, until)
    for item in exceeded_limits(contact, channel, rules, history.touches, at):
        yield _refusal(item.code, item.until, limit=str(item.limit))


def _barred(
    contact: OutreachContact, channel: OutreachChannel, at: datetime, history: OutreachHistory
) -> Iterator[Refusal]:
    found = sorted(set(bars(contact, channel, at, history)))
    for code in (RefusalCode.OPTED_OUT, RefusalCode.SUPPRESSED):
        refs = tuple(ref for barred, ref in found if barred is code)
        if refs:
            yield _refusal(code, refs=refs)


def _hours(
    contact: OutreachContact, channel: OutreachChannel, at: datetime, history: OutreachHistory, policy: OutreachPolicy
) -> Iterator[Refusal]:
    hours = policy.countries.get(contact.country) if contact.country is not None else None
    zone = zone_of(contact.time_zone) if contact.time_zone is not None else None
    if hours is None:
        yield _refusal(RefusalCode.COUNTRY_UNKNOWN)
    else:
        yield from _lists(hours, channel, at, history, policy)
    if zone is None:
        yield _refusal(RefusalCode.ZONE_UNKNOWN)
    if hours is None or zone is None:
        return
    check = check_hours(at, zone, hours)
    if check.is_quiet:
        opens, closes = hours.opens.strftime("%H:%M"), hours.closes.strftime("%H:%M")
        yield _refusal(RefusalCode.QUIET_HOURS, check.opens_at, opens=opens, closes=closes)
    if check.is_weekend:
        yield _refusal(RefusalCode.WEEKEND, check.opens_at)


def _lists(
    hours: CountryHours, channel: OutreachChannel, at: datetime, history: OutreachHistory, policy: OutreachPolicy
) -> Iterator[Refusal]:
    oldest = at - timedelta(days=policy.list_check_days)
    fresh = {check.list_name for check in history.list_checks if oldest < check.checked_at <= at}
    for name in sorted(set(hours.lists.get(channel, ())) - fresh):
        yield _refusal(RefusalCode.LIST_NOT_CHECKED, list=name, days=str(policy.list_check_days))


def _window(
    contact: OutreachContact,
    channel: OutreachChannel,
    at: datetime,
    history: OutreachHistory,
    rules: ChannelRules,
    is_template: bool,
) -> Iterator[Refusal]:
    """Outside the reply window of a channel only an approved template may be sent."""
    if is_template or rules.reply_window_hours is None:
        return
    window = timedelta(hours=rules.reply_window_hours)
    if not any(
        touch.inbound
        and touch.channel is channel
        and touch.contact_id == contact.contact_id
        and at - window < touch.at <= at
        for touch in history.touches
    ):
        yield _refusal(RefusalCode.WINDOW_CLOSED, hours=str(rules.reply_window_hours))


def _refusal(code: RefusalCode, until: datetime | None = None, refs: tuple[str, ...] = (), **values: str) -> Refusal:
    text = load_wording().refusals[code].filled(**values)
    return Refusal(code=code, until=None if until is None else until.astimezone(UTC), refs=refs, text=text)
