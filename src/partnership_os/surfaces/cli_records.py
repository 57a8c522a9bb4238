"""People, ledger, audit and policy on the screen."""

from collections.abc import Sequence
from datetime import UTC

from partnership_os.governance.audit import AuditReport
from partnership_os.schemas.commitment import ActionRule, LedgerEntry, Person
from partnership_os.surfaces.cli_render import Column, Screen


def show_new_person(screen: Screen, person: Person, token: str) -> None:
    """Print the id and, for the only time, the token."""
    screen.say("user.added", name=person.name, level=screen.texts(f"level.{person.level.value}"))
    show_token(screen, person.person_id, token)


def show_token(screen: Screen, person_id: str, token: str) -> None:
    """Print whose token it is and, for the only time, the token."""
    screen.fact("user.id", person_id)
    screen.fact("user.token", token)
    screen.say("user.once", style="yellow")


def show_people(screen: Screen, people: Sequence[Person]) -> None:
    """Print everybody with level and role."""
    if not people:
        screen.say("users.empty")
        return
    flag = {True: screen.texts("yes"), False: screen.texts("no")}
    screen.table(
        [
            Column("column.person", "id"),
            Column("column.name"),
            Column("column.level"),
            Column("column.legal"),
            Column("column.active"),
        ],
        [
            [
                person.person_id,
                person.name,
                screen.texts(f"level.{person.level.value}"),
                flag[person.legal],
                flag[person.active],
            ]
            for person in people
        ],
    )


def show_ledger(screen: Screen, entries: Sequence[LedgerEntry]) -> None:
    """Print each entry with the people behind it and what proves it."""
    if not entries:
        screen.say("ledger.empty")
    for entry in entries:
        screen.say(
            "ledger.line",
            action=entry.action,
            moment=entry.committed_at.astimezone(UTC).strftime("%Y-%m-%d %H:%M"),
            parties=" – ".join(entry.parties),
            requester=entry.requested_by,
            approvers=", ".join(entry.approved_by),
        )
        screen.fact("ledger.entry", entry.entry_id)
        screen.fact("ledger.commitment", entry.commitment_id)
        screen.fact("ledger.digest", entry.digest)
        screen.console.print()


def show_audit(screen: Screen, report: AuditReport) -> None:
    """Print whether the log is whole, and where it breaks when it is not."""
    if report.ok:
        screen.say("audit.ok", style="green", size=report.size, head=report.head)
        return
    screen.say("audit.broken", style="bold red", reason=report.reason or "–")
    if report.first_bad_seq is not None:
        screen.say("audit.seq", seq=report.first_bad_seq)


def show_actions(screen: Screen, actions: Sequence[ActionRule]) -> None:
    """Print the table of actions and their classes."""
    screen.table(
        [Column("column.action", "id"), Column("column.class"), Column("column.meaning")],
        [[rule.action, rule.action_class.value, rule.meaning] for rule in actions],
    )
