"""The directory: people with their authority, and the tokens by which they show who they are."""

import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from pydantic import JsonValue, ValidationError

from partnership_os.errors import InputError
from partnership_os.governance import audit
from partnership_os.governance.clock import Clock, moment, moment_of_reading
from partnership_os.governance.refusal import RefusedError, logged_refusal
from partnership_os.governance.row_views import token_facts
from partnership_os.governance.store import GovernanceReader, GovernanceStore, StoredDelegation, TokenKind, TokenRecord
from partnership_os.schemas.commitment import MAIN_TENANT, Person
from partnership_os.schemas.partnership import ApprovalLevel

_TOKEN: Final = re.compile(r"pos_([0-9a-f]{16})_([0-9a-f]{64})")
_HASHER: Final = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
"""The OWASP minimum for argon2id; the secret has 256 random bits, so more work would protect nothing."""
MAX_NAME: Final = 200
"""Characters of a name, as the record of a person allows."""
TOKEN_DAYS: Final = 90
"""Days until a token expires, where the settings say nothing else."""
SESSION_HOURS: Final = 12
"""Hours until a session ends: a working day."""


@dataclass(frozen=True)
class Login:
    """What a token proved: which token it is and whose."""

    token_id: str
    person_id: str


@dataclass(frozen=True)
class _NewToken:
    text: str
    token_id: str
    secret_hash: str

    def record(
        self, person_id: str, now: datetime, expires_at: datetime, kind: TokenKind = TokenKind.TOKEN
    ) -> TokenRecord:
        return TokenRecord(
            token_id=self.token_id,
            person_id=person_id,
            secret_hash=self.secret_hash,
            created_at=now,
            kind=kind,
            expires_at=expires_at,
        )


class Directory:
    """People and tokens. Needs no key, so a process that only asks for commitments can authenticate.

    Args:
        store: The store of the gate.
        clock: Tells the time with a zone.
        token_days: Days until a token expires.
    """

    def __init__(self, store: GovernanceStore, clock: Clock, token_days: int = TOKEN_DAYS) -> None:
        self._store = store
        self._clock = clock
        self._token_days = token_days

    def people(self) -> tuple[Person, ...]:
        """Everybody in the directory, in order of id."""
        with self._store.snapshot() as reader:
            return reader.people()

    def tokens(self) -> tuple[TokenRecord, ...]:
        """Every token and session with its dates, ended ones too; of the secret only a hash is stored."""
        with self._store.snapshot() as reader:
            return reader.tokens()

    def delegations(self) -> tuple[StoredDelegation, ...]:
        """Every delegation that was made, ended and expired ones too."""
        with self._store.snapshot() as reader:
            return reader.delegations()

    def add_person(
        self, name: str, level: ApprovalLevel, legal: bool = False, *, actor: str, tenant: str = MAIN_TENANT
    ) -> tuple[Person, str]:
        """Add somebody to the directory.

        Args:
            name: For display; two people may share it.
            level: Their authority.
            legal: True for the legal role.
            actor: Who adds them, for the audit log.
            tenant: Whose people and commitments they belong to.

        Returns:
            The person, and their token, which is shown this once and never stored.

        Raises:
            InputError: the name is too long, or has no letter or digit that a reader could see.
        """
        if not any(char.isalnum() for char in name):
            raise InputError("A name has at least one letter or digit.", fix="Give the person's name.")
        if len(name) > MAX_NAME:
            raise InputError(f"The name has {len(name)} characters.", fix=f"Keep it to {MAX_NAME}.")
        try:
            person = Person(person_id=f"pe_{secrets.token_hex(8)}", name=name, level=level, legal=legal, tenant=tenant)
        except ValidationError as error:
            raise InputError(f"Not a person: {error.errors()[0]['msg']}.", fix="Give a name and a level.") from None
        if audit.TOKEN.search(name):  # the log blots tokens out, and would not agree with the row
            raise InputError("The name looks like a token.", fix="Give the person's name.")
        token = _new_token()
        with self._store.transaction() as transaction:
            now = moment(self._clock, transaction)
            transaction.put_person(person)
            record = token.record(person.person_id, now, self._end_of_token(now))
            transaction.add_token(record)
            data: dict[str, JsonValue] = {"name": person.name, "level": person.level.value, "legal": legal}
            data["tenant"] = tenant
            data |= token_facts(record)
            audit.append(transaction, now, actor, "person_added", person.person_id, data)
        return person, token.text

    def change_person(
        self,
        person_id: str,
        *,
        actor: str,
        level: ApprovalLevel | None = None,
        legal: bool | None = None,
        active: bool | None = None,
    ) -> Person:
        """Change what the directory says about somebody; approvals that wait for their commit are judged anew by it.

        Raises:
            InputError: nobody has this id.
        """
        given = {"level": level, "legal": legal, "active": active}
        changes = {name: value for name, value in given.items() if value is not None}
        with self._store.transaction() as transaction:
            person = _known(transaction, person_id).model_copy(update={**changes, "schema_version": 2})
            transaction.put_person(person)
            data: dict[str, JsonValue] = {"level": person.level.value, "legal": person.legal, "active": person.active}
            audit.append(transaction, moment(self._clock, transaction), actor, "person_changed", person_id, data)
        return person

    def issue_token(self, person_id: str, *, actor: str) -> str:
        """A new token for somebody, shown this once; their former tokens end.

        Raises:
            InputError: nobody has this id.
        """
        token = _new_token()
        with self._store.transaction() as transaction:
            _known(transaction, person_id)
            now = moment(self._clock, transaction)
            ended = transaction.revoke_tokens(person_id, now)
            record = token.record(person_id, now, self._end_of_token(now))
            transaction.add_token(record)
            data: dict[str, JsonValue] = {"revoked": ended, **token_facts(record)}
            audit.append(transaction, now, actor, "token_issued", person_id, data)
        return token.text

    def revoke_token(self, person_id: str, *, actor: str) -> int:
        """End every token of somebody; returns how many were live.

        Raises:
            InputError: nobody has this id.
        """
        with self._store.transaction() as transaction:
            _known(transaction, person_id)
            now = moment(self._clock, transaction)
            ended = transaction.revoke_tokens(person_id, now)
            audit.append(transaction, now, actor, "token_revoked", person_id, {"revoked": ended})
        return ended

    def open_session(self, token: str | None, hours: int = SESSION_HOURS) -> str:
        """A session for the holder of a token: a second secret that works like the token and ends by itself.

        It is for a browser, which so never keeps the token; ending the person's tokens ends their sessions.

        Raises:
            ApprovalError: there is no such live token, or it is a session itself; logged.
        """
        try:
            login, session = self._login(token), _new_token()
            with self._store.transaction() as transaction:
                person = self._live(transaction, login)
                opener = transaction.token(login.token_id)
                if opener is None or opener.kind is not TokenKind.TOKEN:
                    raise _not_accepted("session_opens_session", person.person_id)
                now = moment(self._clock, transaction)
                ends = now + timedelta(hours=hours)
                ends = ends if opener.expires_at is None else min(ends, opener.expires_at)
                record = session.record(person.person_id, now, ends, TokenKind.SESSION)
                transaction.add_token(record)
                data = token_facts(record)
                audit.append(transaction, now, person.person_id, "session_opened", person.person_id, data)
        except RefusedError as refused:
            raise logged_refusal(self._store, self._clock, refused, None, None) from None
        return session.text

    def end_session(self, session: str | None) -> None:
        """End one session; a token is not ended so.

        Raises:
            ApprovalError: there is no such live session; logged.
        """
        try:
            login = self._login(session)
            with self._store.transaction() as transaction:
                person = self._live(transaction, login)
                record = transaction.token(login.token_id)
                if record is None or record.kind is not TokenKind.SESSION:
                    raise _not_accepted("no_session", person.person_id)
                now = moment(self._clock, transaction)
                transaction.revoke_one_token(record.token_id, now)
                data: dict[str, JsonValue] = {"token_id": record.token_id}
                audit.append(transaction, now, person.person_id, "session_ended", person.person_id, data)
        except RefusedError as refused:
            raise logged_refusal(self._store, self._clock, refused, None, None) from None

    def authenticate(self, token: str | None) -> Person:
        """Who holds this token.

        Raises:
            ApprovalError: there is no such live token, in the same words whatever is wrong with it; logged.
        """
        try:
            login = self._login(token)
            with self._store.snapshot() as reader:
                return self._live(reader, login)
        except RefusedError as refused:
            raise logged_refusal(self._store, self._clock, refused, None, None) from None

    def _login(self, token: str | None) -> Login:
        """Check the secret, which takes long, before a transaction makes others wait."""
        if token is None:
            fix = "Give your token in PARTNERSHIP_TOKEN or with --token-file; `partnership user add` prints one."
            raise RefusedError("no_token", "No token was given.", fix)
        match = _TOKEN.fullmatch(token)
        record = None
        if match is not None:
            with self._store.snapshot() as reader:
                record = reader.token(match[1])
        holds = _secret_holds(match[2] if match else "0" * 64, record)
        if record is None or not holds:
            raise _not_accepted("bad_token")
        return Login(token_id=record.token_id, person_id=record.person_id)

    def _live(self, reader: GovernanceReader, login: Login) -> Person:
        """The person, when token and person are live in this very transaction."""
        record, person = reader.token(login.token_id), reader.person(login.person_id)
        now = moment_of_reading(self._clock, reader)
        if record is None or not record.live(now) or person is None or not person.active:
            raise _not_accepted("dead_token", login.person_id)
        return person

    def _end_of_token(self, now: datetime) -> datetime:
        return now + timedelta(days=self._token_days)


def _known(reader: GovernanceReader, person_id: str) -> Person:
    person = reader.person(person_id)
    if person is None:
        fix = "Look at the list of people: `partnership user list`."
        raise InputError(f"Nobody has the id {person_id!r}.", fix=fix, person_id=person_id)
    return person


def _not_accepted(reason: str, token_of: str | None = None) -> RefusedError:
    """The same words for every fault of a token; only the log tells them apart."""
    return RefusedError(
        reason, "The token was not accepted.", "Check the token, or ask for a new one.", token_of=token_of
    )


def _new_token() -> _NewToken:
    token_id, secret = secrets.token_hex(8), secrets.token_hex(32)
    return _NewToken(text=f"pos_{token_id}_{secret}", token_id=token_id, secret_hash=_HASHER.hash(secret))


@lru_cache(maxsize=1)
def _decoy_hash() -> str:
    return _HASHER.hash(secrets.token_hex(32))


def _secret_holds(secret: str, record: TokenRecord | None) -> bool:
    """Compare with the stored hash, or with a decoy so that an unknown token takes as long as a known one."""
    try:
        return _HASHER.verify(_decoy_hash() if record is None else record.secret_hash, secret)
    except (VerificationError, InvalidHashError):
        return False
