"""People, ledger and audit on the screen."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Literal

from partnership_os.governance.audit import AuditReport
from partnership_os.governance.store import TokenKind, TokenRecord
from partnership_os.graphs.wording.error_wording import worded
from partnership_os.graphs.wording.texts import Phrase
from partnership_os.graphs.workspace import Workspace
from partnership_os.schemas.base import Record, Timestamp
from partnership_os.schemas.commitment import MAIN_TENANT, LedgerEntry, Person
from partnership_os.surfaces.cli_next_steps import People, all_named, moment_text, named
from partnership_os.surfaces.cli_render import Column, Screen, action_text, counted


class TokenState(Record):
    """What the list of people says about somebody's token."""

    state: Literal["live", "expired", "revoked", "none"]
    expires_at: Timestamp | None = None
    ended_at: Timestamp | None = None


def token_states(workspace: Workspace) -> dict[str, TokenState]:
    """The state of everybody's latest token, by person."""
    now = workspace.services.clock()
    tokens = sorted(workspace.tokens(), key=lambda token: token.created_at)
    latest = {token.person_id: token for token in tokens if token.kind is TokenKind.TOKEN}
    states = {person_id: _token_state(token, now) for person_id, token in latest.items()}
    return {person.person_id: states.get(person.person_id, TokenState(state="none")) for person in workspace.people()}


def _token_state(token: TokenRecord, now: datetime) -> TokenState:
    if token.revoked_at is not None:
        return TokenState(state="revoked", expires_at=token.expires_at, ended_at=token.revoked_at)
    return TokenState(state="live" if token.live(now) else "expired", expires_at=token.expires_at)


def token_end(workspace: Workspace, token: str) -> datetime | None:
    """When a token that was just issued expires."""
    token_id = token.split("_")[1]
    return next(record.expires_at for record in workspace.tokens() if record.token_id == token_id)


def show_new_person(screen: Screen, person: Person, token: str, expires_at: datetime | None) -> None:
    """Print the id and, for the only time, the token."""
    screen.say("user.added", name=person.name, level=_role(screen, person))
    show_token(screen, person.person_id, token, expires_at)


def show_token(screen: Screen, person_id: str, token: str, expires_at: datetime | None) -> None:
    """Print whose token it is and, for the only time, the token."""
    screen.fact("user.id", person_id)
    screen.fact("user.token", token)
    screen.say("user.once", style="yellow")
    if expires_at is not None:
        screen.say("user.expires", moment=moment_text(expires_at))
        screen.command(f"partnership user token {person_id}")


def show_ended(screen: Screen, person_id: str, count: int) -> None:
    """Print how many tokens of a person were ended."""
    screen.phrase(counted(screen.texts, "user.revoked", count, person=person_id))


def show_people(screen: Screen, people: Sequence[Person], tokens: Mapping[str, TokenState]) -> None:
    """Print everybody with level, role and the state of their token; tenants only where there are several."""
    if not people:
        screen.say("users.empty")
        screen.command("partnership user add NAME --level LEVEL")
        return
    tenants = any(person.tenant != MAIN_TENANT for person in people)
    columns = [Column("column.person", "id"), Column("column.name"), Column("column.level")]
    columns += [Column("column.tenant")] if tenants else []
    screen.table(
        [*columns, Column("column.state")],
        [
            [
                person.person_id,
                person.name,
                _role(screen, person),
                *([person.tenant] if tenants else []),
                _state(screen, person, tokens[person.person_id]),
            ]
            for person in people
        ],
    )


def _role(screen: Screen, person: Person) -> str:
    level = screen.texts(f"level.{person.level.value}")
    return screen.texts("user.level_legal", level=level) if person.legal else level


def _state(screen: Screen, person: Person, token: TokenState) -> str:
    if token.state == "live" and token.expires_at is None:
        said = screen.texts("user.token_endless")
    else:
        end = token.ended_at or token.expires_at
        said = screen.texts(f"user.token_{token.state}", day="–" if end is None else f"{end:%Y-%m-%d}")
    return said if person.active else screen.texts.listing([screen.texts("user.inactive"), said])


def show_ledger(screen: Screen, entries: Sequence[LedgerEntry], people: People) -> None:
    """Print each entry with the people behind it and what proves it."""
    if not entries:
        screen.say("ledger.empty")
    for entry in entries:
        screen.say(
            "ledger.line",
            action=action_text(screen.texts, entry.action),
            moment=moment_text(entry.committed_at),
            parties=Phrase(" – ".join(screen.texts.inline(party) for party in entry.parties)),
            requester=named(screen, people, entry.requested_by),
            approvers=all_named(screen, people, entry.approved_by),
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
    screen.say("audit.broken", style="bold red", reason=worded(screen.texts, report.reason or "–"))
    if report.first_bad_seq is not None:
        screen.say("audit.seq", seq=report.first_bad_seq)
