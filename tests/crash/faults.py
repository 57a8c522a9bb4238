"""Broken variants of the product, put in place inside a child: the checks that the product passes must find each."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

from partnership_os.errors import ApprovalError
from partnership_os.governance import audit, commit_transaction, commitments, policy
from partnership_os.governance.approvals import ApprovalService
from partnership_os.storage.governance_store import SqlGovernanceStore, SqlTransaction


class _Stopped(Exception):
    """Leaves a transaction without its effect."""


def two_transactions() -> None:
    """The ledger row is durable before the decisions are consumed and the event is written."""
    genuine = SqlTransaction.add_ledger_entry

    def splitting(self: SqlTransaction, entry: Any) -> None:
        genuine(self, entry)
        self._connection.connection.commit()
        if self._connection.dialect.name == "sqlite":
            self._connection.exec_driver_sql("BEGIN IMMEDIATE")

    _replace(SqlTransaction, "add_ledger_entry", splitting)


def outbox_afterwards() -> None:
    """The message is queued once the transaction has ended."""
    later: list[Any] = []
    add_outbox, transaction = SqlTransaction.add_outbox, SqlGovernanceStore.transaction

    @contextmanager
    def with_message_after(self: SqlGovernanceStore) -> Iterator[SqlTransaction]:
        with transaction(self) as opened:
            yield opened
        while later:
            with transaction(self) as opened:
                add_outbox(opened, later.pop())

    _replace(SqlTransaction, "add_outbox", lambda _self, message: later.append(message))
    _replace(SqlGovernanceStore, "transaction", with_message_after)


def no_event() -> None:
    """The commit is not in the log."""
    genuine = audit.append

    def forgetful(transaction: Any, at: Any, actor: str, event: str, *rest: Any) -> Any:
        return None if event == "commitment_committed" else genuine(transaction, at, actor, event, *rest)

    _replace(audit, "append", forgetful)


def check_then_write() -> None:
    """The checks and the writing are two transactions, and the write lock is free in between."""
    check, write = commitments.commit, commit_transaction._write

    def committing(store: Any, *arguments: Any) -> Any:
        checked: list[Any] = []

        def note(_transaction: Any, *found: Any) -> Any:
            checked.extend(found)
            raise _Stopped

        _replace(commit_transaction, "_write", note)
        try:
            return check(store, *arguments)
        except _Stopped:
            pass
        finally:
            _replace(commit_transaction, "_write", write)
        with store.transaction() as transaction:
            return write(transaction, *checked)

    _replace(commitments, "commit", committing)


def lost_decision() -> None:
    """The decision is returned to the caller and undone."""
    decide, decided = ApprovalService.decide, ApprovalService._decided
    made: list[Any] = []

    def undone(self: ApprovalService, *arguments: Any) -> Any:
        made.append(decided(self, *arguments))
        raise _Stopped

    def deciding(self: ApprovalService, *arguments: Any, **named: Any) -> Any:
        try:
            return decide(self, *arguments, **named)
        except _Stopped:
            return made.pop()

    _replace(ApprovalService, "_decided", undone)
    _replace(ApprovalService, "decide", deciding)


def no_policy() -> None:
    """Nobody has to approve."""
    _replace(policy, "unmet", lambda *_: ())


def not_consumed() -> None:
    """Decisions stay unused."""
    _replace(SqlTransaction, "consume_decisions", lambda *_: None)


def commits_again() -> None:
    """The row of an earlier commit is not looked for."""
    _replace(SqlTransaction, "ledger_entry", lambda *_: None)


def never_commits() -> None:
    """Whatever people approve, nothing takes effect."""

    def refuse(item: Any) -> None:
        raise ApprovalError("Not today.", commitment_id=item.commitment.commitment_id)

    _replace(commit_transaction, "_require_approved", refuse)


def _replace(owner: Any, name: str, by: Callable[..., Any]) -> None:
    setattr(owner, name, by)


FAULTS: Final[dict[str, Callable[[], None]]] = {
    fault.__name__: fault
    for fault in (
        two_transactions,
        outbox_afterwards,
        no_event,
        check_then_write,
        lost_decision,
        no_policy,
        not_consumed,
        commits_again,
        never_commits,
    )
}
