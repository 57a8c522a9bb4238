"""A process that races others for one gate: it does one thing when it is told to, and says what became of it.

Run as ``python -m tests.attacks.racer`` in the root of the checkout. It reads a job as a JSON line, opens its own
connection, answers ``ready``, waits for a line, and answers with what it did.
"""

import json
import os
import signal
import sys
from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from partnership_os.errors import PartnershipError
from partnership_os.governance import commitments
from partnership_os.governance.approvals import ApprovalService
from partnership_os.governance.signing import load_signer, load_verifier
from partnership_os.schemas.commitment import DecisionOutcome
from partnership_os.storage import governance_store
from partnership_os.storage.anchor import ANCHOR_FILE, FileAnchor
from partnership_os.storage.database import open_database

Act = Callable[[], object]


def acts(job: dict[str, Any], store: governance_store.SqlGovernanceStore) -> dict[str, Act]:
    """What a job can ask for."""
    home, key = Path(job["home"]), job["commitment_id"]

    def clock() -> datetime:
        return datetime.fromisoformat(job["now"])

    def decide(outcome: DecisionOutcome) -> object:
        return ApprovalService(store, load_signer(home), clock).decide(key, job["token"], outcome, "As I said.")

    def commit() -> object:
        terms = commitments.standing(store, clock, key).commitment.terms
        return commitments.commit(store, load_verifier(home), clock, key, terms)

    def edit() -> object:
        old = commitments.standing(store, clock, key).commitment
        fields = {name: getattr(old, name) for name in commitments.ProposalDraft.model_fields}
        edited = {"document_version": 2, "terms": {**old.terms, "commission": "0.99"}, "edited_from": key}
        draft = commitments.ProposalDraft.model_validate({**fields, **edited})
        return commitments.propose(store, draft, clock)

    return {**{item.value: partial(decide, item) for item in DecisionOutcome}, "commit": commit, "edit": edit}


def die_after(step: str) -> None:
    """End this process for good right after a step of the store."""
    owner: Any = governance_store.SqlTransaction
    if step == "the commit":
        owner, step = governance_store.SqlGovernanceStore, "_follow"
    genuine = getattr(owner, step)

    def dying(*arguments: object) -> None:
        if step != "_follow":
            genuine(*arguments)
        os.kill(os.getpid(), signal.SIGKILL)

    setattr(owner, step, dying)


def say(line: str) -> None:
    """Tell whoever started this process."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main() -> None:
    """One job after the other, until the input ends."""
    for line in sys.stdin:
        job = json.loads(line)
        database = open_database(job["url"])
        store = governance_store.SqlGovernanceStore(database, FileAnchor(Path(job["home"]) / ANCHOR_FILE))
        act = acts(job, store)[job["act"]]
        if job.get("die_after"):
            die_after(job["die_after"])
        say("ready")
        sys.stdin.readline()
        said: dict[str, Any] = {"done": True, "error": None}
        try:
            act()
        except PartnershipError as error:
            said = {"done": False, "error": type(error).__name__}
        database.close()
        say(json.dumps(said))


if __name__ == "__main__":
    main()
