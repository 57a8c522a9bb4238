"""The two policies of the channel: deal registration and outreach. Values and their sources stand in the data files."""

from datetime import time, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, model_validator

from partnership_os.schemas.base import CountryCode, Label, Record, Slug
from partnership_os.schemas.deal_registration import DealSize
from partnership_os.schemas.outreach import BasisKind, OutreachChannel, OutreachPurpose
from partnership_os.tools.channel_compliance.data_records import read_record, shipped_record

__all__ = [
    "WEEKDAYS",
    "ChannelRules",
    "CountryHours",
    "OutreachPolicy",
    "RegistrationPolicy",
    "load_outreach_policy",
    "load_registration_policy",
    "read_outreach_policy",
    "read_registration_policy",
]

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
Days = Annotated[int, Field(ge=1, le=1_000)]
Limit = Annotated[int, Field(ge=0, le=100_000)]


class RegistrationPolicy(Record):
    """Rules of deal registration (partner-definitions §3.6); hours and days are elapsed, not working time."""

    version: Label
    decision_hours: Annotated[int, Field(ge=24, le=48)]
    warning_hours: Annotated[int, Field(ge=1, le=48)]
    protection_days: dict[DealSize, Days]
    extension_days: Days
    max_extensions: Annotated[int, Field(ge=0, le=10)]
    activity_max_age_days: Days
    appeal_days: Days
    appeals: Annotated[int, Field(ge=0, le=5)]
    recent_contact_days: Days
    proof_max_age_days: Days

    @model_validator(mode="after")
    def _sizes(self) -> "RegistrationPolicy":
        if set(self.protection_days) != {DealSize.SMB, DealSize.ENTERPRISE}:
            raise ValueError("protection_days has smb and enterprise; a tender is protected until the award")
        if self.warning_hours >= self.decision_hours:
            raise ValueError("warning_hours lies before decision_hours")
        return self

    def protection(self, size: DealSize, agreed_days: int | None = None) -> timedelta | None:
        """How long an accepted registration is protected; None for a tender, which has no end but the award.

        Args:
            size: Of the deal.
            agreed_days: The term of the partner's agreement, which goes before the policy.
        """
        if size is DealSize.TENDER:
            return None
        return timedelta(days=agreed_days if agreed_days is not None else self.protection_days[size])


class ChannelRules(Record):
    """What may go over one channel: at most so many for a contact, a company and in all, a day (24 hours) or a week."""

    send: bool
    reply_window_hours: Annotated[int | None, Field(ge=1, le=168)] = None
    contact_day: Limit | None = None
    contact_week: Limit | None = None
    company_day: Limit | None = None
    company_week: Limit | None = None
    channel_day: Limit | None = None

    @model_validator(mode="after")
    def _limits_where_sent(self) -> "ChannelRules":
        limits = (self.contact_day, self.contact_week, self.company_day, self.company_week, self.channel_day)
        if self.send and None in limits:
            raise ValueError("a channel over which we send has every limit; write 0 for none at all")
        return self


class CountryHours(Record):
    """When people of a country may be contacted, local time, and what has to be checked before."""

    opens: Annotated[time, Field(alias="from")]
    closes: Annotated[time, Field(alias="to")]
    weekend: Annotated[tuple[Weekday, ...], Field(max_length=6)]
    mark: Literal["read", "policy"]
    lists: dict[OutreachChannel, tuple[Slug, ...]] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _opens_before_it_closes(self) -> "CountryHours":
        if self.opens >= self.closes:
            raise ValueError("from lies before to; hours over midnight are not read")
        return self


class OutreachPolicy(Record):
    """Rules of outreach; a purpose, channel or country that is not listed is not allowed."""

    version: Label
    consent_days: Days
    list_check_days: Days
    bases: dict[OutreachPurpose, tuple[BasisKind, ...]]
    channels: dict[OutreachChannel, ChannelRules]
    countries: dict[CountryCode, CountryHours]


@lru_cache(maxsize=1)
def load_registration_policy() -> RegistrationPolicy:
    """The registration policy that ships, read once per process."""
    return shipped_record("channel_registration.yaml", RegistrationPolicy)


@lru_cache(maxsize=1)
def load_outreach_policy() -> OutreachPolicy:
    """The outreach policy that ships, read once per process."""
    return shipped_record("channel_outreach.yaml", OutreachPolicy)


def read_registration_policy(path: Path) -> RegistrationPolicy:
    """A registration policy of one's own.

    Raises:
        InputError: the file cannot be read.
        ConfigurationError: a field is wrong.
    """
    return read_record(path, RegistrationPolicy)


def read_outreach_policy(path: Path) -> OutreachPolicy:
    """An outreach policy of one's own.

    Raises:
        InputError: the file cannot be read.
        ConfigurationError: a field is wrong.
    """
    return read_record(path, OutreachPolicy)
