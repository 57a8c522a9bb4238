"""The store in memory does what the SQL store does: the same operations, then every reader method compared."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import rfc8785
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from partnership_os.errors import InternalError
from partnership_os.governance import audit
from partnership_os.governance.canonical import commitment_digest
from partnership_os.governance.refusal import UNKNOWN
from partnership_os.governance.standing import commitment_id_of
from partnership_os.governance.store import (
    GovernanceReader,
    GovernanceStore,
    GovernanceTransaction,
    QueuedMessage,
    StoredCommitment,
    TokenRecord,
)
from partnership_os.schemas.base import Money
from partnership_os.schemas.commitment import (
    ApprovalRequirement,
    Commitment,
    Decision,
    DecisionOutcome,
    Delegation,
    LedgerEntry,
    OutboxMessage,
    Person,
    SlaMark,
    SlaStage,
)
from partnership_os.schemas.partnership import ApprovalLevel, PartnershipType
from partnership_os.storage.anchor import FileAnchor
from partnership_os.storage.database import connect
from partnership_os.storage.governance_store import SqlGovernanceStore
from partnership_os.testing.gate_explorer import quick_canonical_form
from partnership_os.testing.memory_store import MemoryStore

START = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
LEVELS, OUTCOMES, STAGES = tuple(ApprovalLevel), tuple(DecisionOutcome), tuple(SlaStage)


class Operation(NamedTuple):
    """What is written, and two small numbers from which its record is made."""

    name: str
    first: int
    second: int
    fails: bool


def at(number: int) -> datetime:
    return START + timedelta(hours=number)


def commitment(number: int) -> StoredCommitment:
    made = Commitment(
        commitment_id="cm_none",
        action="sign_agreement",
        thread_id=f"thread-{number % 2}",
        partnership_type=PartnershipType.DISTRIBUTION,
        parties=("Us Ltd", "شركة"),
        document_id=f"ts_{number % 3}",
        document_version=1 + number % 2,
        terms={"number": number, "text": "Cafe\u0301", "list": ["10.0", None, True]},
        currency="SAR",
        value=Money(amount="1250.00", currency="SAR") if number % 2 else None,
        requested_by=f"pe_{number}",
        required_approvals=(ApprovalRequirement(min_level=LEVELS[2]),),
        policy_version="p 1",
        requested_at=at(number // 2),
        expires_at=at(number + 48),
    )
    digest = commitment_digest(made)
    return StoredCommitment(
        commitment=made.model_copy(update={"commitment_id": commitment_id_of(digest)}), digest=digest
    )


def key(number: int) -> str:
    return commitment(number).commitment.commitment_id


def decision(first: int, second: int) -> Decision:
    return Decision(
        decision_id=f"de_{first}_{second}",
        commitment_id=key(first),
        digest=commitment(first).digest,
        outcome=OUTCOMES[second % 2],
        decided_by=f"pe_{second % 3}",
        level=LEVELS[second],
        legal=False,
        decided_at=at(second // 2),
        expires_at=at(50),
        key_id="0" * 16,
        signature="none",
    )


def delegation(first: int, second: int) -> Delegation:
    return Delegation(
        delegation_id=f"dl_{first}",
        delegator=f"pe_{first}",
        delegate=f"pe_{second}",
        max_level=LEVELS[first],
        legal=False,
        partnership_types=(PartnershipType.REFERRAL,),
        max_value=Money(amount="10.50", currency="SAR"),
        starts_at=at(0),
        expires_at=at(9),
        reason="on leave",
        key_id="0" * 16,
        signature="none",
    )


def entry(first: int, second: int) -> LedgerEntry:
    made = commitment(first).commitment
    return LedgerEntry(
        entry_id=f"le_{second}",
        commitment_id=made.commitment_id,
        digest=commitment(first).digest,
        action=made.action,
        thread_id=made.thread_id,
        document_id=made.document_id,
        document_version=made.document_version,
        parties=made.parties,
        value=made.value,
        requested_by=made.requested_by,
        approved_by=("pe_1",),
        decision_ids=("de_1_1",),
        committed_at=at(second // 2),
    )


def message(first: int, second: int) -> OutboxMessage:
    return OutboxMessage(
        message_id=f"ob_{first}", idempotency_key=key(second), kind="sign_agreement", payload={}, created_at=at(second)
    )


def token(first: int, second: int) -> TokenRecord:
    expires = at(first + second) if first % 2 else None
    return TokenRecord(
        token_id=f"{first:016x}",
        person_id=f"pe_{second}",
        secret_hash="a hash",
        created_at=at(first),
        expires_at=expires,
    )


def deliver(writer: GovernanceTransaction, first: int, second: int) -> None:
    writer.put_delivery(
        QueuedMessage(message=message(first, second), attempts=second, next_attempt_at=at(second), last_error="busy")
    )


WRITES: dict[str, Callable[[GovernanceTransaction, int, int], object]] = {
    "person": lambda writer, a, b: writer.put_person(Person(person_id=f"pe_{a}", name=f"Name {b}", level=LEVELS[b])),
    "token": lambda writer, a, b: writer.add_token(token(a, b)),
    "revoke": lambda writer, a, b: writer.revoke_tokens(f"pe_{a}", at(b)),
    "revoke one": lambda writer, a, b: writer.revoke_one_token(f"{a:016x}", at(b)),
    "delegation": lambda writer, a, b: writer.add_delegation(delegation(a, b)),
    "end": lambda writer, a, b: writer.end_delegation(f"dl_{a}", at(b)),
    "commitment": lambda writer, a, _b: writer.add_commitment(commitment(a)),
    "supersede": lambda writer, a, b: writer.supersede(key(a), key(b)),
    "decision": lambda writer, a, b: writer.add_decision(decision(a, b)),
    "consume": lambda writer, a, b: writer.consume_decisions([f"de_{a}_{b}"], f"le_{b}"),
    "entry": lambda writer, a, b: writer.add_ledger_entry(entry(a, b)),
    "message": lambda writer, a, b: writer.add_outbox(message(a, b)),
    "delivery": deliver,
    "mark": lambda writer, a, b: writer.add_sla_mark(
        SlaMark(commitment_id=key(a), stage=STAGES[b % 3], at=at(b), asked=("pe_1",))
    ),
    "event": lambda writer, a, b: audit.append(
        writer, at(a), UNKNOWN if b % 2 else f"pe_{b}", "seen", f"s{a}", {"b": b}
    ),
}
OPERATIONS = st.builds(
    Operation,
    st.sampled_from(sorted(WRITES)),
    st.integers(0, 4),
    st.integers(0, 4),
    st.integers(0, 9).map(lambda n: n == 0),
)
FIRST = [Operation(name, number, number, False) for name in ("person", "commitment") for number in (0, 1)]


class StopError(Exception):
    """Ends a transaction after it has written."""


def write(store: GovernanceStore, operation: Operation) -> str | None:
    """Do it in a transaction; the name of the error, if any."""
    try:
        with store.transaction() as writer:
            WRITES[operation.name](writer, operation.first, operation.second)
            if operation.fails:
                raise StopError
    except Exception as error:
        return type(error).__name__
    return None


def everything(reader: GovernanceReader) -> Iterator[tuple[str, object]]:
    """The answer of every reader method to every small question."""
    for name in (
        "people",
        "tokens",
        "delegations",
        "commitments",
        "open_commitments",
        "ledger",
        "outbox",
        "undelivered",
        "audit_head",
    ):
        yield name, getattr(reader, name)()
    yield from {"audit_lines": tuple(reader.audit_lines()), "audit_rows": tuple(reader.audit_rows())}.items()
    yield from {"decisions": reader.decisions(), "sla_marks": reader.sla_marks()}.items()
    for number in range(5):
        asked: dict[str, tuple[Any, ...]] = {
            "person": (f"pe_{number}",),
            "token": (f"{number:016x}",),
            "token_holders": (at(number),),
            "delegation": (f"dl_{number}",),
            "sla_marks": (key(number),),
            "commitment": (key(number),),
            "commitments_of_thread": (f"thread-{number}",),
            "commitments_of_document": (f"ts_{number}",),
            "decisions": (key(number),),
            "ledger_entry": (key(number),),
            "queued": (f"ob_{number}",),
            "audit_hash": (number,),
        }
        for name, arguments in asked.items():
            yield f"{name}{arguments}", getattr(reader, name)(*arguments)


def read(store: GovernanceStore) -> dict[str, object]:
    with store.snapshot() as reader:
        found = dict(everything(reader))
    anchor = store.anchor()
    return {**found, "anchor": anchor and (anchor.size, anchor.head)}


@pytest.mark.timeout(1_200)
def test_the_memory_store_does_what_the_sql_store_does(
    database_url: str, tmp_path: Path, clear_database: Callable[[str], None], prove: bool
) -> None:
    tries = iter(range(100_000))

    @settings(
        max_examples=300 if prove else 25,
        deadline=None,
        phases=[Phase.generate],  # shrinking two stores takes minutes; the operation that differs is named
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.large_base_example, HealthCheck.data_too_large],
    )
    @given(st.lists(OPERATIONS, min_size=25, max_size=40))
    def same(operations: list[Operation]) -> None:
        clear_database(database_url)
        place = tmp_path / f"try-{next(tries)}"
        place.mkdir()
        database = connect(database_url)
        try:
            memory, sql = MemoryStore(), SqlGovernanceStore(database, FileAnchor(place / "audit.anchor"))
            for operation in FIRST + operations:
                assert write(memory, operation) == write(sql, operation), operation
            assert read(memory) == read(sql)
        finally:
            database.close()

    same()


def test_the_operations_of_the_comparison_are_the_whole_port() -> None:
    writers = {name for name in dir(GovernanceTransaction) if not name.startswith("_")}
    readers = {name for name in dir(GovernanceReader) if not name.startswith("_")}
    assert len(writers - readers) == len(WRITES)
    with MemoryStore().snapshot() as reader:
        asked = {name.split("(")[0] for name, _ in everything(reader)}
    assert asked == readers | {"audit_hash"}  # which only the stores themselves use, to move the anchor


def test_a_world_is_kept_and_gone_back_to() -> None:
    store = MemoryStore()
    person = Person(person_id="pe_1", name="Reem", level=LEVELS[0])
    before = store.world
    assert write(store, Operation("event", 1, 0, False)) is None
    with store.transaction() as writer:
        writer.put_person(person)
    after = store.world
    store.world = before
    with store.snapshot() as reader:
        assert reader.people() == () and reader.audit_head().size == 0
    store.world = after
    assert read(store)["people"] == (person,)
    anchor = store.anchor()
    assert anchor is not None and anchor.size == 1


def test_an_exception_undoes_everything_and_a_broken_constraint_is_an_integrity_error() -> None:
    store = MemoryStore()
    before = store.world
    assert write(store, Operation("person", 1, 1, True)) == "StopError"
    assert write(store, Operation("token", 1, 1, False)) == "IntegrityError"
    assert write(store, Operation("consume", 1, 1, False)) == InternalError.__name__
    assert store.world is before


def test_a_transaction_inside_a_transaction_is_refused_and_does_not_hang() -> None:
    store = MemoryStore()
    with store.transaction(), pytest.raises(RuntimeError, match="wait for itself"), store.transaction():
        pass


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
        max_leaves=12,
    )
)
def test_the_quick_canonical_form_of_the_explorer_is_the_canonical_form(value: Any) -> None:
    genuine = rfc8785.dumps(value)
    with quick_canonical_form():
        assert rfc8785.dumps(value) == genuine
