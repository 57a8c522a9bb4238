"""The database role that docs/security.md gives to processes that run graphs: it commits, and makes no approver."""

import re
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.engine import make_url

from partnership_os.errors import ConfigurationError
from partnership_os.governance import audit, commitments
from partnership_os.storage.anchor import FileAnchor
from partnership_os.storage.database import open_database
from partnership_os.storage.governance_store import SqlGovernanceStore

pytestmark = pytest.mark.parametrize("world", ["postgresql"], indirect=True)


@pytest.fixture
def role(world: Any, repository: Path) -> Iterator[str]:
    """The login that the statements of the page make."""
    name = f"graph_process_{secrets.token_hex(4)}"
    page = (repository / "docs" / "security.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"^```sql\n(.+?)^```$", page, re.MULTILINE | re.DOTALL)
    statements = [part.strip() for part in re.sub(r"--.*", "", block).split(";") if part.strip()]
    kinds = ["CREATE", "GRANT", "REVOKE", "REVOKE", "GRANT", "REVOKE"]
    assert [statement.split()[0] for statement in statements] == kinds
    for statement in statements:
        world.sql(re.sub(r"\bgraph_process\b", name, statement))
    yield name
    world.sql(f"DROP OWNED BY {name}")
    world.sql(f"DROP ROLE {name}")


def test_it_commits_what_people_approved_and_can_make_neither_people_nor_decisions(
    world: Any, staff: Any, role: str
) -> None:
    world.lend(staff("vp"), staff("manager"))
    made = world.propose(staff("requester"))
    world.decide(staff("director"), made)
    url = make_url(world.url).set(username=role)
    database = open_database(url, migrate="verify")
    store = SqlGovernanceStore(database, FileAnchor(world.anchor_file))
    for forbidden in (
        "INSERT INTO people SELECT 'pe_x', body FROM people LIMIT 1",
        "UPDATE people SET body = replace(body, 'analyst', 'c-level')",
        "DELETE FROM people",
        "INSERT INTO tokens SELECT * FROM tokens",
        "UPDATE tokens SET person_id = person_id",
        "DELETE FROM tokens",
        "INSERT INTO delegations SELECT 'dl_x', delegator, delegate, ended_at, body FROM delegations",
        "UPDATE delegations SET ended_at = NULL",
        "DELETE FROM delegations",
        "INSERT INTO decisions SELECT 'de_x', commitment_id, person_id, 'reject', '', NULL, '' FROM decisions",
        "UPDATE decisions SET commitment_id = commitment_id",
        "UPDATE decisions SET body = body",
        "DELETE FROM decisions",
        "UPDATE audit SET body = body",
        "DELETE FROM audit",
        "UPDATE ledger SET body = body",
        "DELETE FROM ledger",
    ):
        with pytest.raises(ConfigurationError, match="permission denied"), database.write() as connection:
            connection.execute(text(forbidden))
    entry = commitments.commit(store, world.verifier, world.clock, made.commitment_id, made.terms)
    assert commitments.ledger(store) == (entry,)
    assert audit.report(store, world.verifier).ok
    database.close()
