"""The real gate behind the vocabulary of `gate_model`: performs actions on any store, and reads its state back."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pydantic import JsonValue

from partnership_os.errors import ApprovalError, InputError, IntegrityError
from partnership_os.governance import audit, commitments, policy
from partnership_os.governance.approvals import ApprovalService
from partnership_os.governance.canonical import commitment_digest, digest_of
from partnership_os.governance.clock import moment_of_reading
from partnership_os.governance.delegation import DelegationDraft
from partnership_os.governance.directory import Login
from partnership_os.governance.signing import Signer
from partnership_os.governance.standing import commitment_id_of
from partnership_os.governance.store import GovernanceReader, GovernanceStore, StoredCommitment, StoredDelegation
from partnership_os.schemas.commitment import ApprovalRequirement, Commitment, Decision, DecisionOutcome
from partnership_os.schemas.partnership import ApprovalLevel, PartnershipType
from partnership_os.testing.clock import DEFAULT_START
from partnership_os.testing.gate_model import Ask, Loan, Member, Row, Rules, State, Status, Vote
from partnership_os.testing.gate_moves import (
    Action,
    Change,
    Commit,
    Decide,
    EndLoan,
    Forge,
    Lend,
    Propose,
    Smuggle,
    Turn,
)

LEVELS: Final = tuple(ApprovalLevel)
PLAIN_TEXT: Final = "Commission of 15 per cent, paid each quarter."


class Result(NamedTuple):
    """What the real gate did; ``broken`` is an error that it must not raise."""

    allowed: bool
    broken: str | None = None


class HandClock:
    """A clock in microseconds that is moved by hand, backwards too."""

    def __init__(self) -> None:
        self.micros = 0

    def __call__(self) -> datetime:
        """The moment it shows."""
        return DEFAULT_START + timedelta(microseconds=self.micros)


class QuickService(ApprovalService):
    """The approval service without argon2: the token is looked up, its secret is not tried."""

    def _login(self, token: str | None) -> Login:
        token_id = str(token).split("_")[1]
        with self._store.snapshot() as reader:
            record = reader.token(token_id)
        if record is None:
            raise AssertionError("these worlds use no unknown tokens")
        return Login(token_id=record.token_id, person_id=record.person_id)


class GateWorld:
    """One thread with one document, some people, and the real gate over a store.

    Args:
        store: An empty store.
        rules: What is fixed.
        members: The people.
        text: What the terms say, besides their wording number.
    """

    def __init__(self, store: GovernanceStore, rules: Rules, members: Iterable[Member], text: str = PLAIN_TEXT) -> None:
        self.store = store
        self.rules = rules
        self.clock = HandClock()
        self.signer = Signer(Ed25519PrivateKey.generate())
        self._text = text
        self._forger = Signer(Ed25519PrivateKey.generate())
        self.service = QuickService(store, self.signer, self.clock, approval_days=rules.days)
        self._genuine: dict[str, bool] = {}
        self.ids: dict[str, str] = {}
        self._tokens: dict[str, str] = {}
        for member in members:
            level = LEVELS[member.level]
            person, token = self.service.add_person(
                member.name, level, member.legal, actor="operator", tenant=member.tenant
            )
            self.ids[member.name], self._tokens[member.name] = person.person_id, token
        self.names = {person_id: name for name, person_id in self.ids.items()}

    def perform(self, action: Action) -> Result:
        """Do it; a refusal is an error that says who must act, anything else is broken."""
        try:
            self._perform(action)
        except (ApprovalError, InputError, IntegrityError):
            return Result(False)
        except Exception as error:  # whatever it is, the gate must not raise it
            return Result(False, f"{type(error).__name__}: {error}")
        return Result(True)

    def state(self) -> State:
        """What the store holds, in the words of the model."""
        with self.store.snapshot() as reader:
            stored = reader.commitments()
            at = {item.commitment.commitment_id: _micros(item.commitment.requested_at) for item in stored}
            loans = {item.delegation.delegation_id: self._loan(item) for item in reader.delegations()}
            return State(
                clock=self.clock.micros,
                log=_micros(reader.audit_head().at or DEFAULT_START),
                members=self._members(reader),
                asks=tuple(sorted(self._ask(item, at) for item in stored)),
                votes=frozenset(self._vote(item.decision, at[item.filed_under], loans) for item in reader.decisions()),
                loans=frozenset(loans.values()),
                ledger=frozenset(
                    Row(at[entry.commitment_id], _micros(entry.committed_at), self._named(entry.approved_by))
                    for entry in reader.ledger()
                ),
            )

    def statuses(self) -> tuple[Status, ...]:
        """Where each commitment stands, as the product says it, oldest first."""
        with self.store.snapshot() as reader:
            found = [item.commitment.commitment_id for item in reader.commitments()]
        return tuple(commitments.status_of(self.store, self.clock, key).value for key in found)

    def terms(self, wording: int) -> dict[str, JsonValue]:
        """The document in one of its wordings."""
        return {"wording": wording, "text": self._text}

    def commitment_id(self, ask: int) -> str:
        """The id of the commitment with this number."""
        with self.store.snapshot() as reader:
            return reader.commitments()[ask].commitment.commitment_id

    def _perform(self, action: Action) -> None:
        match action:
            case Turn(by):
                self.clock.micros += by
            case Propose():
                commitments.propose(self.store, self._draft(action), self.clock, approval_days=self.rules.days)
            case Decide(by, ask, outcome, behalf):
                self.service.decide(
                    self.commitment_id(ask),
                    self._tokens[by],
                    DecisionOutcome(outcome),
                    None if outcome == "approve" else "a reason",
                    on_behalf_of=None if behalf is None else self.ids[behalf],
                )
            case Lend(lender, borrower, level, legal, days):
                draft = DelegationDraft(
                    delegate=self.ids[borrower], max_level=LEVELS[level], legal=legal, days=days, reason="on leave"
                )
                self.service.lend_authority(self._tokens[lender], draft)
            case EndLoan(by, lender, borrower):
                for delegation_id in self._delegation_ids(lender, borrower):
                    self.service.end_delegation(self._tokens[by], delegation_id)
            case Change(name, what):
                self._change(self.ids[name], what)
            case Commit(ask, wording):
                verifier = self.signer.verifier
                commitments.commit(self.store, verifier, self.clock, self.commitment_id(ask), self.terms(wording))
            case Forge() | Smuggle():
                self._attack(action)

    def _draft(self, action: Propose) -> commitments.ProposalDraft:
        return commitments.ProposalDraft(
            action="sign_agreement",
            thread_id="thread-1",
            partnership_type=PartnershipType(self.rules.partnership),
            parties=("Us Ltd", "Them Co"),
            document_id="ts_one",
            document_version=action.version,
            terms=self.terms(action.wording),
            currency="SAR",
            requested_by=self.ids[action.by],
            edited_from=None if action.edits is None else self.commitment_id(action.edits),
        )

    def _change(self, person_id: str, what: str) -> None:
        changes: dict[str, Callable[[], object]] = {
            "demote": lambda: self.service.change_person(person_id, actor="operator", level=LEVELS[0], legal=False),
            "promote": lambda: self.service.change_person(person_id, actor="operator", level=LEVELS[-1]),
            "deactivate": lambda: self.service.change_person(person_id, actor="operator", active=False),
            "reactivate": lambda: self.service.change_person(person_id, actor="operator", active=True),
            "end tokens": lambda: self.service.revoke_token(person_id, actor="operator"),
        }
        changes[what]()

    def _delegation_ids(self, lender: str, borrower: str) -> list[str]:
        pair = (self.ids[lender], self.ids[borrower])
        rows = (item.delegation for item in self.service.delegations())
        return [one.delegation_id for one in rows if (one.delegator, one.delegate) == pair]

    def _attack(self, action: Forge | Smuggle) -> None:
        if isinstance(action, Forge):
            self._forge(self.ids[action.by], action.ask)
        else:
            self._smuggle(action.by, action.version)

    def _forge(self, person_id: str, ask: int) -> None:
        with self.store.transaction() as transaction:
            stored, person = transaction.commitments()[ask], transaction.person(person_id)
            assert person is not None  # noqa: S101 - for the type checker
            now = moment_of_reading(self.clock, transaction)
            forged = self._forger.sign(
                Decision(
                    decision_id=f"de_{digest_of([person_id, stored.digest])[:24]}",
                    commitment_id=stored.commitment.commitment_id,
                    digest=stored.digest,
                    outcome=DecisionOutcome.APPROVE,
                    decided_by=person_id,
                    level=person.level,
                    legal=person.legal,
                    decided_at=now,
                    expires_at=stored.commitment.expires_at,
                    key_id=self.signer.key_id,
                    signature="unsigned",
                )
            ).model_copy(update={"key_id": self.signer.key_id})
            transaction.add_decision(forged)
            data: dict[str, JsonValue] = {
                "decision_id": forged.decision_id,
                "digest": forged.digest,
                "decision_digest": digest_of(forged),
                "level": forged.level.value,
                "legal": forged.legal,
            }
            audit.append(transaction, now, person_id, "commitment_approved", forged.commitment_id, data)

    def _smuggle(self, by: str, version: int) -> None:
        with self.store.transaction() as transaction:
            now = moment_of_reading(self.clock, transaction)
            earlier = [item.commitment.requested_at for item in transaction.commitments()]
            at = max([now, *(moment + timedelta(microseconds=1) for moment in earlier)])
            fields = self._draft(Propose(by, version)).model_dump()
            made = Commitment.model_validate(
                {
                    **fields,
                    "commitment_id": commitment_id_of("0" * 64),
                    "required_approvals": (ApprovalRequirement(min_level=LEVELS[0]),),
                    "policy_version": policy.POLICY_VERSION,
                    "requested_at": at,
                    "expires_at": at + timedelta(days=self.rules.days),
                }
            )
            digest = commitment_digest(made)
            made = made.model_copy(update={"commitment_id": commitment_id_of(digest)})
            transaction.add_commitment(StoredCommitment(commitment=made, digest=digest))
            data: dict[str, JsonValue] = {"digest": digest, "thread_id": made.thread_id, "document_id": "ts_one"}
            audit.append(transaction, now, made.requested_by, "commitment_proposed", made.commitment_id, data)

    def _members(self, reader: GovernanceReader) -> tuple[Member, ...]:
        holders = {token.person_id for token in reader.tokens() if token.revoked_at is None}
        people = {person.person_id: person for person in reader.people()}
        return tuple(
            Member(name, person.level.rank, person.legal, person.active, person_id in holders, person.tenant)
            for name, person_id in self.ids.items()
            for person in (people[person_id],)
        )

    def _ask(self, stored: StoredCommitment, at: dict[str, int]) -> Ask:
        made = stored.commitment
        wording = made.terms["wording"]
        assert isinstance(wording, int)  # noqa: S101 - for the type checker
        usual = made.partnership_type is PartnershipType.REFERRAL or made.required_approvals[0].min_level.rank > 0
        return Ask(
            at=at[made.commitment_id],
            version=made.document_version,
            wording=wording,
            requester=self.names[made.requested_by],
            expires=_micros(made.expires_at),
            edited_from=None if made.edited_from is None else at[made.edited_from],
            superseded_by=None if stored.superseded_by is None else at[stored.superseded_by],
            lowered=not usual,
        )

    def _vote(self, decision: Decision, ask: int, loans: dict[str, Loan]) -> Vote:
        return Vote(
            ask=ask,
            at=_micros(decision.decided_at),
            by=self.names[decision.decided_by],
            outcome=decision.outcome.value,
            until=_micros(decision.expires_at),
            level=decision.level.rank,
            legal=decision.legal,
            behalf=None if decision.on_behalf_of is None else self.names[decision.on_behalf_of],
            loan=None if decision.delegation_id is None else loans[decision.delegation_id].start,
            genuine=self._is_genuine(decision),
        )

    def _is_genuine(self, decision: Decision) -> bool:
        key = f"{decision.decision_id} {decision.signature}"
        if key not in self._genuine:
            self._genuine[key] = self.signer.verifier.holds(decision)
        return self._genuine[key]

    def _loan(self, item: StoredDelegation) -> Loan:
        lent = item.delegation
        names = self.names[lent.delegator], self.names[lent.delegate]
        end = _micros(lent.expires_at)
        ended = None if item.ended_at is None else _micros(item.ended_at)
        return Loan(_micros(lent.starts_at), *names, lent.max_level.rank, lent.legal, end, ended)

    def _named(self, ids: Iterable[str]) -> frozenset[str]:
        return frozenset(self.names[person_id] for person_id in ids)


def _micros(moment: datetime) -> int:
    return (moment - DEFAULT_START) // timedelta(microseconds=1)
