"""The gate without a graph, for attacks on it: people by role, a backup to go back to, an honest path that lands.

Everything is done through public interfaces, or with the rights of somebody who may write the database.
"""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import pytest
from argon2 import PasswordHasher
from pydantic import ValidationError

from partnership_os.errors import IntegrityError, PartnershipError
from partnership_os.governance import audit, directory
from partnership_os.governance.approvals import ApprovalService
from partnership_os.governance.audit import AuditReport
from partnership_os.governance.signing import load_signer
from partnership_os.schemas.commitment import Commitment, LedgerEntry, Person
from partnership_os.storage import anchor
from partnership_os.storage.anchor import FileAnchor
from partnership_os.storage.database import open_database
from partnership_os.storage.governance_store import SqlGovernanceStore
from tests.governance.conftest import World

ROLES: Final = {
    "requester": ("Reem", "c-level", False),
    "analyst": ("Adel", "analyst", False),
    "manager": ("Maha", "manager", False),
    "director": ("Dana", "director", False),
    "other_director": ("Dina", "director", False),
    "vp": ("Vera", "vp", False),
    "chief": ("Salem", "c-level", False),
    "counsel": ("Layla", "manager", True),
    "chief_counsel": ("Omar", "c-level", True),
}
REFUSALS: Final = (PartnershipError, ValidationError)
"""How an attack is turned away: with an error of ours, or because what it gives is no record."""


class Gate(World):
    """The world of the governance tests, for somebody who attacks it.

    Args:
        home: Holds keys and anchor, and the database where that is SQLite.
        url: A migrated database without a row.
    """

    def __init__(self, home: Path, url: str) -> None:
        super().__init__(home, url)
        self._people: dict[str, Person] = {}

    def role(self, name: str) -> Person:
        """Somebody of a role; added when first asked for."""
        if name not in self._people:
            self._people[name] = self.person(*ROLES[name])
        return self._people[name]

    def token(self, role: str) -> str:
        return self.tokens[self.role(role).person_id]

    def asked(self, **changes: Any) -> Commitment:
        """A distribution agreement that waits for a director."""
        return self.propose(self.role("requester"), **changes)

    def rows(self) -> int:
        return int(self.sql("SELECT count(*) FROM ledger")[0][0])

    def report(self) -> AuditReport:
        return audit.report(self.store, self.verifier)

    def refused(self, attack: Callable[[], object]) -> None:
        """The attack is turned away, whoever tries it leaves a trace in the log, and no row or message came of it."""
        before = (self.rows(), self.sql("SELECT count(*) FROM outbox"), self.sql("SELECT count(*) FROM decisions"))
        events = self.sql("SELECT count(*) FROM audit WHERE event LIKE '%_refused'")[0][0]
        with pytest.raises(REFUSALS) as caught:
            attack()
        assert before == (
            self.rows(),
            self.sql("SELECT count(*) FROM outbox"),
            self.sql("SELECT count(*) FROM decisions"),
        )
        if isinstance(caught.value, PartnershipError):
            assert self.sql("SELECT count(*) FROM audit WHERE event LIKE '%_refused'")[0][0] == events + 1

    def lands(self, commitment: Commitment, *roles: str) -> LedgerEntry:
        """The honest path: these people approve, and exactly one row, event and message come of it."""
        for role in roles:
            self.decide(self.role(role), commitment)
        before = self.rows()
        entry = self.commit(commitment)
        assert self.commit(commitment) == entry
        assert self.rows() == before + 1
        self.only(commitment)
        return entry

    def only(self, commitment: Commitment) -> None:
        """One of everything for this commitment, and the log is whole."""
        key = commitment.commitment_id
        assert self.sql("SELECT count(*) FROM ledger WHERE commitment_id = :key", key=key) == [(1,)]
        assert self.sql("SELECT count(*) FROM outbox WHERE idempotency_key = :key", key=key) == [(1,)]
        events = "SELECT count(*) FROM audit WHERE event = 'commitment_committed' AND subject = :key"
        assert self.sql(events, key=key) == [(1,)]
        assert self.report().ok

    def reopen(self) -> None:
        """As a process that was started anew finds it, which has seen nothing before."""
        self.database.close()
        anchor._SEEN._points.clear()
        self.database = open_database(self.url)
        self.store = SqlGovernanceStore(self.database, FileAnchor(self.anchor_file, clock=self.clock))
        self.service = ApprovalService(self.store, load_signer(self.home), self.clock)

    def save(self, name: str) -> Path:
        """A backup of the home, with its SQLite database and its anchors."""
        self.database.close()
        return Path(shutil.copytree(self.home, self.home.parent / name))

    def put_back(self, backup: Path) -> None:
        """Restore a backup as a whole, and start anew."""
        self.set_back(backup)
        self.reopen()

    def set_back(self, backup: Path) -> None:
        """Put database and anchors of an earlier moment in the place of those that a running process uses."""
        self.database.close()
        shutil.rmtree(self.home)
        shutil.copytree(backup, self.home)

    @contextmanager
    def tampered(self) -> Iterator[None]:
        """What is done inside is undone afterwards, as an operator would: from a backup with its anchors."""
        backup = self.save("backup")
        yield
        self.put_back(backup)
        shutil.rmtree(backup)

    def seen(self, commitment: Commitment, stops: type[PartnershipError] = IntegrityError) -> None:
        """What was done to the database is named by the audit, and the commit stops.

        Args:
            commitment: What is to be committed.
            stops: How it stops: the record is wrong, unless an earlier check has already refused what it now says.
        """
        assert not self.report().ok
        before = self.rows()
        with pytest.raises(stops):
            self.commit(commitment)
        assert self.rows() == before


@contextmanager
def opened(home: Path, url: str) -> Iterator[Gate]:
    """A gate whose many tokens need not cost what one token may."""
    home.mkdir(exist_ok=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(directory, "_HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        made = Gate(home, url)
        yield made
        made.database.close()


@contextmanager
def opened_in(folder: Path, migrated: Path) -> Iterator[Gate]:
    """A gate on a SQLite file inside its home, so that a backup of the home has everything."""
    home = folder / "home"
    home.mkdir()
    shutil.copy(migrated, home / "partnership.db")
    with opened(home, f"sqlite:///{home / 'partnership.db'}") as made:
        yield made
