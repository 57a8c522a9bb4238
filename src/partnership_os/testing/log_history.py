"""What the audit log tells, event by event: directory, delegations and proposals as of any moment."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from partnership_os.schemas.commitment import AuditEvent
from partnership_os.schemas.partnership import ApprovalLevel

NOBODY = "unknown"
"""The actor of an event that anybody can cause."""


@dataclass
class Told:
    """A person as the log tells."""

    level: str
    legal: bool
    active: bool = True

    @property
    def rank(self) -> int:
        """The rank of the level."""
        return ApprovalLevel(self.level).rank


@dataclass
class History:
    """The facts that the log has told so far, in its order."""

    people: dict[str, Told] = field(default_factory=dict)
    proposed: list[str] = field(default_factory=list)
    superseded: set[str] = field(default_factory=set)
    decided: list[str] = field(default_factory=list)
    committed: list[str] = field(default_factory=list)
    lent: set[str] = field(default_factory=set)
    ended: set[str] = field(default_factory=set)
    lent_when: dict[str, frozenset[str]] = field(default_factory=dict)
    """By decision: the delegations that were made before it and had not been ended."""

    def hear(self, event: AuditEvent) -> None:
        """Take one more event."""
        match event.event:
            case "person_added":
                self.people[event.subject] = Told(str(event.data["level"]), bool(event.data["legal"]))
            case "person_changed":
                facts = event.data
                self.people[event.subject] = Told(str(facts["level"]), bool(facts["legal"]), bool(facts["active"]))
            case "commitment_proposed":
                self.proposed.append(event.subject)
            case "commitment_superseded":
                self.superseded.add(event.subject)
            case "commitment_approved" | "commitment_rejected" | "approval_revoked":
                decision_id = str(event.data["decision_id"])
                self.decided.append(decision_id)
                self.lent_when[decision_id] = frozenset(self.lent - self.ended)
            case "commitment_committed":
                self.committed.append(event.subject)
            case "delegation_made":
                self.lent.add(event.subject)
            case "delegation_ended":
                self.ended.add(event.subject)


def told_until(events: Iterable[AuditEvent], commitment_id: str | None) -> History:
    """What was told before this commitment took effect; None: all of it."""
    told = History()
    for event in events:
        if event.event == "commitment_committed" and event.subject == commitment_id:
            break
        told.hear(event)
    return told


def known_times(events: Iterable[AuditEvent]) -> list[datetime]:
    """When the events happened that are not by somebody unknown."""
    return [event.at for event in events if event.actor != NOBODY]
