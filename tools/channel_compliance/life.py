"""The life of a deal registration: dated events replayed to one state, and every refused event with its reason."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final

from partnership_os.errors import InputError
from partnership_os.schemas.base import BilingualText
from partnership_os.schemas.deal_registration import DealSize, RegistrationEvent, RegistrationEventKind
from partnership_os.tools.channel_compliance.policy import RegistrationPolicy
from partnership_os.tools.channel_compliance.wording import load_wording

__all__ = ["Life", "RefusedEvent", "Replay", "Transition", "replay"]

_Kind = RegistrationEventKind
_OPEN: Final = frozenset({_Kind.SUBMITTED, _Kind.ACCEPTED, _Kind.APPEALED})
_APPEALABLE: Final = frozenset({_Kind.REJECTED, _Kind.RELEASED, _Kind.EXPIRED})


class Transition(StrEnum):
    """Why an event cannot happen in the state that it met."""

    NOT_SUBMITTED = "not_submitted"
    ALREADY_SUBMITTED = "already_submitted"
    NOT_OPEN = "not_open"
    NOT_PROTECTED = "not_protected"
    PROTECTION_OVER = "protection_over"
    PROTECTION_NOT_OVER = "protection_not_over"
    TENDER_HAS_NO_END = "tender_has_no_end"
    NO_PERSON = "no_person"
    NO_REASON = "no_reason"
    NO_DEAL_SIZE = "no_deal_size"
    NO_ACTIVITY = "no_activity"
    ACTIVITY_TOO_OLD = "activity_too_old"
    TOO_MANY_EXTENSIONS = "too_many_extensions"
    NOTHING_TO_APPEAL = "nothing_to_appeal"
    APPEAL_TOO_LATE = "appeal_too_late"
    TOO_MANY_APPEALS = "too_many_appeals"
    APPEAL_BY_PARTY = "appeal_by_party"
    FINAL = "final"


@dataclass(frozen=True)
class Life:
    """Where a registration stands.

    ``state`` is the last thing that happened, None before submission; an extension leaves it accepted. The protection
    is half-open: it ends at ``protected_until``, None for a tender and for what is not protected. ``decided_by`` is who
    took the decision that stands, ``parties`` who may not decide the appeal.
    """

    state: RegistrationEventKind | None = None
    since: datetime | None = None
    submitted_at: datetime | None = None
    deal_size: DealSize | None = None
    protected_from: datetime | None = None
    protected_until: datetime | None = None
    extensions: int = 0
    appeals: int = 0
    decided_by: str | None = None
    parties: frozenset[str] = frozenset()

    @property
    def is_open(self) -> bool:
        """Whether it waits for a decision or is protected."""
        return self.state in _OPEN


@dataclass(frozen=True)
class RefusedEvent:
    """An event that did not happen, and why; the state before it stands."""

    event_id: str
    why: Transition
    text: BilingualText


@dataclass(frozen=True)
class Replay:
    """The state that the events lead to, and those that were refused, in their order."""

    life: Life
    refused: tuple[RefusedEvent, ...]


def replay(events: Iterable[RegistrationEvent], policy: RegistrationPolicy, as_of: datetime) -> Replay:
    """Replay the events of one registration up to a moment; their order does not matter.

    Events are taken by time, then id. A protection ends by its date, whether or not somebody wrote *expired*. Decisions
    are made by people (ids ``pe_``): the clock can only let a protection run out, and silence changes nothing. Won and
    lost are final; rejected, released and expired are final unless appealed in time, and an appeal is decided by
    a person who neither took the decision nor is a party.

    Args:
        events: Of one registration; the same event twice counts once.
        policy: Protection, extensions and appeals.
        as_of: Later events are left out.

    Raises:
        InputError: the events are of several registrations, two different events share an id, or ``as_of`` has no
            zone.
    """
    if as_of.utcoffset() is None:
        raise InputError("A moment without a time zone.", fix="Give one with a zone, such as UTC.", field="as_of")
    listed = sorted(set(events), key=lambda event: (event.at, event.event_id))
    if len({event.registration_id for event in listed}) > 1:
        raise InputError("These are events of several registrations.", fix="Replay one registration at a time.")
    ids = [event.event_id for event in listed]
    if doubled := sorted({item for item in ids if ids.count(item) > 1}):
        raise InputError(
            f"Two different events are called {doubled[0]}.", fix="Give each event its own id.", event_id=doubled[0]
        )
    life, refused = Life(), []
    for event in listed:
        if event.at > as_of:
            break
        life = _run_out(life, event.at)
        step = _STEPS[event.kind](life, event, policy)
        if isinstance(step, Life):
            life = step
        else:
            refused.append(RefusedEvent(event.event_id, step, _told(step, life, policy)))
    return Replay(_run_out(life, as_of), tuple(refused))


def _run_out(life: Life, at: datetime) -> Life:
    """Expiry releases: at the end of its protection a registration is expired, whoever looks."""
    until = life.protected_until
    if life.state is not _Kind.ACCEPTED or until is None or at < until:
        return life
    return replace(life, state=_Kind.EXPIRED, since=until, decided_by=None)


def _is_person(event: RegistrationEvent) -> bool:
    return event.by is not None and event.by.startswith("pe_")


def _submit(life: Life, event: RegistrationEvent, policy: RegistrationPolicy) -> Life | Transition:
    if life.state is not None:
        return Transition.ALREADY_SUBMITTED
    if event.deal_size is None:
        return Transition.NO_DEAL_SIZE
    return Life(state=_Kind.SUBMITTED, since=event.at, submitted_at=event.at, deal_size=event.deal_size)


def _decision_barrier(life: Life, event: RegistrationEvent) -> Transition | None:
    """What stands against accepting or rejecting now."""
    if life.state is None:
        return Transition.NOT_SUBMITTED
    if life.state not in (_Kind.SUBMITTED, _Kind.APPEALED):
        return _closed(life)
    if not _is_person(event):
        return Transition.NO_PERSON
    if life.state is _Kind.APPEALED and event.by in life.parties | {life.decided_by}:
        return Transition.APPEAL_BY_PARTY
    return None


def _closed(life: Life) -> Transition:
    return Transition.NOT_OPEN if life.state is _Kind.ACCEPTED else Transition.FINAL


def _accept(life: Life, event: RegistrationEvent, policy: RegistrationPolicy) -> Life | Transition:
    barrier = _decision_barrier(life, event)
    if barrier is not None or life.deal_size is None:
        return barrier or Transition.NO_DEAL_SIZE
    length = policy.protection(life.deal_size, event.protection_days)
    return replace(
        life,
        state=_Kind.ACCEPTED,
        since=event.at,
        protected_from=event.at,
        protected_until=None if length is None else event.at + length,
        decided_by=event.by,
    )


def _reject(life: Life, event: RegistrationEvent, policy: RegistrationPolicy) -> Life | Transition:
    barrier = _decision_barrier(life, event)
    if barrier is not None:
        return barrier
    if event.rejection is None:
        return Transition.NO_REASON
    return _ended(life, event, decided_by=event.by)


def _extend(life: Life, event: RegistrationEvent, policy: RegistrationPolicy) -> Life | Transition:
    barrier = _protection_barrier(life)
    if barrier is not None:
        return barrier
    if life.protected_until is None or life.protected_from is None:
        return Transition.TENDER_HAS_NO_END
    if not _is_person(event):
        return Transition.NO_PERSON
    if event.activity_on is None or event.reference is None:
        return Transition.NO_ACTIVITY
    today = event.at.astimezone(UTC).date()
    oldest = max(today - timedelta(days=policy.activity_max_age_days), life.protected_from.astimezone(UTC).date())
    if not oldest <= event.activity_on <= today:
        return Transition.ACTIVITY_TOO_OLD
    if life.extensions >= policy.max_extensions:
        return Transition.TOO_MANY_EXTENSIONS
    until = life.protected_until + timedelta(days=policy.extension_days)
    return replace(life, protected_until=until, extensions=life.extensions + 1)


def _protection_barrier(life: Life) -> Transition | None:
    if life.state is None:
        return Transition.NOT_SUBMITTED
    if life.state is _Kind.ACCEPTED:
        return None
    if life.state is _Kind.EXPIRED:
        return Transition.PROTECTION_OVER
    return Transition.NOT_PROTECTED if life.is_open else Transition.FINAL


def _expire(life: Life, event: RegistrationEvent, policy: RegistrationPolicy) -> Life | Transition:
    """Writing down that a protection ran out; `_run_out` has let it expire already."""
    if life.state is _Kind.EXPIRED:
        return life
    barrier = _protection_barrier(life)
    if barrier is not None:
        return barrier
    return Transition.TENDER_HAS_NO_END if life.protected_until is None else Transition.PROTECTION_NOT_OVER


def _release(life: Life, event: RegistrationEvent, policy: RegistrationPolicy) -> Life | Transition:
    if life.state is None:
        return Transition.NOT_SUBMITTED
    if not life.is_open:
        return Transition.FINAL
    if not _is_person(event):
        return Transition.NO_PERSON
    return Transition.NO_REASON if event.release is None else _ended(life, event, decided_by=event.by)


def _close(life: Life, event: RegistrationEvent, policy: RegistrationPolicy) -> Life | Transition:
    return _protection_barrier(life) or _ended(life, event, decided_by=event.by)


def _appeal(life: Life, event: RegistrationEvent, policy: RegistrationPolicy) -> Life | Transition:
    if life.state not in _APPEALABLE or life.since is None:
        return Transition.FINAL if life.state in (_Kind.WON, _Kind.LOST) else Transition.NOTHING_TO_APPEAL
    if life.appeals >= policy.appeals:
        return Transition.TOO_MANY_APPEALS
    if event.at >= life.since + timedelta(days=policy.appeal_days):
        return Transition.APPEAL_TOO_LATE
    if not _is_person(event):
        return Transition.NO_PERSON
    parties = frozenset((*event.parties, *([event.by] if event.by else [])))
    return replace(life, state=_Kind.APPEALED, since=event.at, appeals=life.appeals + 1, parties=parties)


def _ended(life: Life, event: RegistrationEvent, decided_by: str | None) -> Life:
    return replace(life, state=event.kind, since=event.at, protected_until=None, decided_by=decided_by)


_Step = Callable[[Life, RegistrationEvent, RegistrationPolicy], Life | Transition]
_STEPS: Final[dict[RegistrationEventKind, _Step]] = {
    _Kind.SUBMITTED: _submit,
    _Kind.ACCEPTED: _accept,
    _Kind.REJECTED: _reject,
    _Kind.EXTENDED: _extend,
    _Kind.EXPIRED: _expire,
    _Kind.RELEASED: _release,
    _Kind.WON: _close,
    _Kind.LOST: _close,
    _Kind.APPEALED: _appeal,
}


def _told(why: Transition, life: Life, policy: RegistrationPolicy) -> BilingualText:
    wording = load_wording()
    template, values = wording.transitions[why], dict[str, str | BilingualText]()
    if "{state}" in template.en:
        state = wording.states[life.state.value if life.state else "none"]
        values["state"] = BilingualText(en=state.en, ar=state.ar)
    if "{days}" in template.en:
        values["days"] = str(policy.activity_max_age_days)
    if "{day}" in template.en:
        values["day"] = _day_of(why, life, policy)
    return template.filled(**values)


def _day_of(why: Transition, life: Life, policy: RegistrationPolicy) -> str:
    end = life.protected_until or life.since
    if why is Transition.APPEAL_TOO_LATE and life.since is not None:
        end = life.since + timedelta(days=policy.appeal_days)
    return end.astimezone(UTC).date().isoformat() if end is not None else "-"
