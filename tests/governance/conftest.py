"""A small world for the gate: a real home with database, keys, anchor, people and a clock that tests can turn."""

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from sqlalchemy import text

from partnership_os.governance import audit, commitments, directory
from partnership_os.governance.approvals import ApprovalService
from partnership_os.governance.delegation import DelegationDraft
from partnership_os.governance.signing import create_keys, load_signer, load_verifier
from partnership_os.schemas.base import Money
from partnership_os.schemas.commitment import (
    AuditEvent,
    Commitment,
    Decision,
    DecisionOutcome,
    Delegation,
    LedgerEntry,
    Person,
)
from partnership_os.schemas.partnership import ApprovalLevel, PartnershipType
from partnership_os.storage.anchor import ANCHOR_FILE, FileAnchor
from partnership_os.storage.database import open_database
from partnership_os.storage.governance_store import SqlGovernanceStore

START = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)


class TestClock:
    """Stands still until it is turned."""

    __test__ = False

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now

    def turn(self, **delta: float) -> None:
        self.now += timedelta(**delta)


class World:
    """The gate with everything around it."""

    def __init__(self, home: Path, url: str) -> None:
        self.home, self.url = home, url
        self.clock = TestClock()
        self.database = open_database(url)
        self.anchor_file = home / ANCHOR_FILE
        self.store = SqlGovernanceStore(self.database, FileAnchor(self.anchor_file))
        create_keys(home)
        self.verifier = load_verifier(home)
        self.service = ApprovalService(self.store, load_signer(home), self.clock)
        self.tokens: dict[str, str] = {}
        self.terms: dict[str, Any] = {"commission": "0.15", "currency": "SAR", "title": "اتفاقية"}

    def person(self, name: str, level: str, legal: bool = False) -> Person:
        person, token = self.service.add_person(name, ApprovalLevel(level), legal, actor="operator")
        self.tokens[person.person_id] = token
        return person

    def draft(self, requester: Person, **changes: Any) -> commitments.ProposalDraft:
        fields: dict[str, Any] = {
            "action": "issue_term_sheet",
            "thread_id": "thread-1",
            "partnership_type": PartnershipType.DISTRIBUTION,
            "parties": ("Us Ltd", "Them Co"),
            "document_id": "ts_one",
            "document_version": 1,
            "terms": self.terms,
            "currency": "SAR",
            "requested_by": requester.person_id,
        }
        return commitments.ProposalDraft(**{**fields, **changes})

    def propose(self, requester: Person, **changes: Any) -> Commitment:
        return commitments.propose(self.store, self.draft(requester, **changes), self.clock)

    def decide(
        self, person: Person, commitment: Commitment, outcome: str = "approve", behalf: Person | None = None
    ) -> Decision:
        decision = self.service.decide(
            commitment.commitment_id,
            self.tokens[person.person_id],
            DecisionOutcome(outcome),
            None if outcome == "approve" else "the margin is too low",
            on_behalf_of=None if behalf is None else behalf.person_id,
        )
        self.clock.now = max(self.clock.now, decision.decided_at)
        return decision

    def lend(self, delegator: Person, delegate: Person, **limits: Any) -> Delegation:
        draft = DelegationDraft(delegate=delegate.person_id, reason="on leave", **limits)
        loan = self.service.lend_authority(self.tokens[delegator.person_id], draft)
        if draft.starts_at is None:
            self.clock.now = max(self.clock.now, loan.starts_at)
        return loan

    def commit(self, commitment: Commitment, terms: dict[str, Any] | None = None) -> LedgerEntry:
        return commitments.commit(
            self.store,
            self.verifier,
            self.clock,
            commitment.commitment_id,
            commitment.terms if terms is None else terms,
        )

    def status(self, commitment: Commitment) -> str:
        return commitments.status_of(self.store, self.clock, commitment.commitment_id).value

    def ledger(self) -> tuple[LedgerEntry, ...]:
        return commitments.ledger(self.store)

    def events(self, name: str | None = None) -> tuple[AuditEvent, ...]:
        return tuple(event for event in audit.events(self.store) if name in (None, event.event))

    def sql(self, statement: str, **values: Any) -> Any:
        """What somebody with the database's password can do."""
        with self.database.write() as connection:
            result = connection.execute(text(statement if values else statement.replace(":", "\\:")), values)
            return result.fetchall() if result.returns_rows else result.rowcount


@pytest.fixture(autouse=True)
def quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hundreds of tokens in these tests need not cost what one token may."""
    monkeypatch.setattr(directory, "_HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@pytest.fixture
def world(request: pytest.FixtureRequest, tmp_path: Path, migrated_file: Path) -> Iterator[World]:
    """On SQLite in the home; where a module parametrizes it so, on PostgreSQL as well."""
    home = tmp_path / "home"
    home.mkdir()
    url = f"sqlite:///{home / 'partnership.db'}"
    if getattr(request, "param", "sqlite") == "sqlite":
        shutil.copy(migrated_file, home / "partnership.db")
    else:
        url = request.getfixturevalue("postgresql_url")
    made = World(home, url)
    yield made
    made.database.close()


@pytest.fixture
def staff(world: World) -> Callable[[str], Person]:
    """People by role; each is added when first asked for."""
    people: dict[str, Person] = {}
    roles = {
        "requester": ("Reem", "c-level", False),
        "analyst": ("Adel", "analyst", False),
        "manager": ("Maha", "manager", False),
        "director": ("Dana", "director", False),
        "vp": ("Vera", "vp", False),
        "chief": ("Salem", "c-level", False),
        "counsel": ("Layla", "manager", True),
        "chief_counsel": ("Omar", "c-level", True),
    }

    def get(role: str) -> Person:
        if role not in people:
            people[role] = world.person(*roles[role])
        return people[role]

    return get


@pytest.fixture
def money() -> Callable[[str, str], Money]:
    return lambda amount, currency: Money(amount=amount, currency=currency)
