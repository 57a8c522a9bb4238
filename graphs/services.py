"""What the nodes of every graph need, built once by the workspace and handed over; no node reads a setting."""

from collections.abc import Callable
from dataclasses import dataclass

from partnership_os.agents.analyst import Analyst
from partnership_os.governance.clock import Clock
from partnership_os.governance.signing import Verifier
from partnership_os.governance.store import GovernanceStore
from partnership_os.schemas.commitment import Person
from partnership_os.storage.company_store import CompanyStore
from partnership_os.storage.locks import Locks
from partnership_os.tools.company_search import CompanySearch
from partnership_os.tools.lexicon import Lexicon


@dataclass(frozen=True)
class Services:
    """The stores, the analyst and the public key. The key that signs decisions is not among them."""

    companies: CompanyStore
    governance: GovernanceStore
    search: Callable[[], CompanySearch]
    """Opened at first use: the vector store takes seconds to load, and an approval does not need it."""
    lexicon: Lexicon
    analyst: Analyst
    rules: Analyst
    """The rules analyst; the same object as ``analyst`` when no model is set."""
    authenticate: Callable[[str | None], Person]
    """Who holds a token; raises `ApprovalError` for anybody else."""
    verifier: Verifier
    clock: Clock
    locks: Locks
    """Of the home: one process at a time works on a thread, or proposes for a company and need."""
    approval_days: int
    model_concurrency: int


ServicesProvider = Callable[[], Services]
"""Builds the services at first use, so that a served graph can be imported without a home."""
