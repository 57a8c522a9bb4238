"""Limits of outreach: how often a contact, a company and a channel may be used in a day and in a week."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from partnership_os.schemas.outreach import OutreachChannel, OutreachContact, RefusalCode, Touch
from partnership_os.tools.channel_compliance.policy import ChannelRules

__all__ = ["WEEK", "Exceeded", "exceeded_limits"]

DAY, WEEK = timedelta(hours=24), timedelta(days=7)


class Exceeded(NamedTuple):
    """A limit that is reached, and when enough touches are old enough; never for a limit of 0."""

    code: RefusalCode
    limit: int
    until: datetime | None


def exceeded_limits(
    contact: OutreachContact, channel: OutreachChannel, rules: ChannelRules, touches: Sequence[Touch], at: datetime
) -> Iterator[Exceeded]:
    """Every limit that one more touch at this moment would pass.

    Days and weeks are the 24 hours and 7 days before the moment. What is planned for the same time after it counts as
    well, so that two plans do not pass a limit together. Touches of the same person under other ids count as theirs.

    Args:
        contact: Whom.
        channel: How.
        rules: Of that channel; a missing limit counts as 0.
        touches: In any order, of anybody; the same touch twice counts once.
        at: When.
    """
    people = {contact.contact_id, *contact.same_person}
    sent = {touch for touch in touches if touch.channel is channel and not touch.inbound}
    own = [touch.at for touch in sent if touch.contact_id in people]
    company = [touch.at for touch in sent if touch.contact_id in people or touch.company_id == contact.company_id]
    everyone = [touch.at for touch in sent]
    checks = (
        (RefusalCode.CONTACT_DAY_LIMIT, own, DAY, rules.contact_day),
        (RefusalCode.CONTACT_WEEK_LIMIT, own, WEEK, rules.contact_week),
        (RefusalCode.COMPANY_DAY_LIMIT, company, DAY, rules.company_day),
        (RefusalCode.COMPANY_WEEK_LIMIT, company, WEEK, rules.company_week),
        (RefusalCode.CHANNEL_DAY_LIMIT, everyone, DAY, rules.channel_day),
    )
    for code, times, window, limit in checks:
        allowed = limit or 0
        recent = sorted(time for time in times if at - window < time < at + window)
        if len(recent) >= allowed:
            yield Exceeded(code, allowed, recent[-allowed] + window if allowed else None)
