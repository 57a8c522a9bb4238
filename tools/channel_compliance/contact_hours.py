"""Hours and weekends in which a person may be contacted, in their own time zone."""

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from partnership_os.tools.channel_compliance.policy import WEEKDAYS, CountryHours

__all__ = ["HoursCheck", "check_hours", "zone_of"]

_LONGEST_CLOSED = 8
"""Days within which some day is no weekend: a weekend has six days at most."""


class HoursCheck(NamedTuple):
    """Whether it is quiet, whether it is the weekend, and when the next open hour begins (UTC)."""

    is_quiet: bool
    is_weekend: bool
    opens_at: datetime | None


@lru_cache(maxsize=1_000)
def zone_of(name: str) -> ZoneInfo | None:
    """The time zone of an IANA name, or None where there is none of that name."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def check_hours(at: datetime, zone: ZoneInfo, hours: CountryHours) -> HoursCheck:
    """Hold a moment against local hours, opening included and closing excluded, and the weekend.

    Args:
        at: With a zone.
        zone: Where the person is.
        hours: Of the person's country.
    """
    local = at.astimezone(zone)
    is_weekend = WEEKDAYS[local.weekday()] in hours.weekend
    is_quiet = not hours.opens <= local.time() < hours.closes
    return HoursCheck(is_quiet, is_weekend, _next_opening(at, zone, hours) if is_quiet or is_weekend else None)


def _next_opening(at: datetime, zone: ZoneInfo, hours: CountryHours) -> datetime | None:
    today = at.astimezone(zone).date()
    for ahead in range(_LONGEST_CLOSED + 1):
        day = today + timedelta(days=ahead)
        opening = datetime.combine(day, hours.opens, tzinfo=zone).astimezone(UTC)
        if opening > at and WEEKDAYS[day.weekday()] not in hours.weekend:
            return opening
    return None
