"""The tables. A body is the JSON text of a record; columns beside it exist to find rows and to keep them unique.

Times are text in UTC with microseconds and a ``Z``, whose order as text is their order in time.
"""

from typing import Final

from sqlalchemy import Column, ForeignKey, Index, Integer, MetaData, String, Table, Text, UniqueConstraint

metadata: Final = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

alembic_version: Final = Table(
    "alembic_version", MetaData(), Column("version_num", String(32), primary_key=True, nullable=False)
)
"""Alembic's own table, described here to read the version without Alembic."""

# -- the gate ---------------------------------------------------------------------------------------------------------

write_lock = Table("write_lock", metadata, Column("id", Integer, primary_key=True, autoincrement=False))
"""One row. Who writes to the gate locks it first, so that the audit log has one writer on every database."""

people = Table(
    "people",
    metadata,
    Column("person_id", String(110), primary_key=True),
    Column("body", Text, nullable=False),
)

tokens = Table(
    "tokens",
    metadata,
    Column("token_id", String(16), primary_key=True),
    Column("person_id", ForeignKey("people.person_id"), nullable=False, index=True),
    Column("secret_hash", String(300), nullable=False),
    Column("created_at", String(32), nullable=False),
    Column("revoked_at", String(32)),
    Column("kind", String(16), nullable=False, server_default="token"),
    Column("expires_at", String(32)),
)

delegations = Table(
    "delegations",
    metadata,
    Column("delegation_id", String(110), primary_key=True),
    Column("delegator", ForeignKey("people.person_id"), nullable=False),
    Column("delegate", ForeignKey("people.person_id"), nullable=False),
    Column("ended_at", String(32)),
    Column("body", Text, nullable=False),
)

commitments = Table(
    "commitments",
    metadata,
    Column("commitment_id", String(110), primary_key=True),
    Column("digest", String(64), nullable=False, unique=True),
    Column("thread_id", String(100), nullable=False, index=True),
    Column("document_id", String(110), nullable=False, index=True),
    Column("document_version", Integer, nullable=False),
    Column("requested_at", String(32), nullable=False),
    Column("superseded_by", String(110)),
    Column("body", Text, nullable=False),
)

decisions = Table(
    "decisions",
    metadata,
    Column("decision_id", String(110), primary_key=True),
    Column("commitment_id", ForeignKey("commitments.commitment_id"), nullable=False),
    Column("person_id", ForeignKey("people.person_id"), nullable=False),
    Column("outcome", String(20), nullable=False),
    Column("decided_at", String(32), nullable=False),
    Column("consumed_by", String(110)),
    Column("body", Text, nullable=False),
    UniqueConstraint("commitment_id", "person_id", "outcome"),
)

ledger = Table(
    "ledger",
    metadata,
    Column("entry_id", String(110), primary_key=True),
    Column("commitment_id", ForeignKey("commitments.commitment_id"), nullable=False, unique=True),
    Column("document_id", String(110), nullable=False),
    Column("document_version", Integer, nullable=False),
    Column("thread_id", String(100), nullable=False, index=True),
    Column("committed_at", String(32), nullable=False),
    Column("body", Text, nullable=False),
    UniqueConstraint("document_id", "document_version"),
)

audit = Table(
    "audit",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("hash", String(64), nullable=False),
    Column("at", String(32), nullable=False),
    Column("event", String(64), nullable=False),
    Column("subject", String(200), nullable=False, index=True),
    Column("body", Text, nullable=False),
)

outbox = Table(
    "outbox",
    metadata,
    Column("message_id", String(110), primary_key=True),
    Column("idempotency_key", String(110), nullable=False, unique=True),
    Column("kind", String(64), nullable=False),
    Column("created_at", String(32), nullable=False),
    Column("delivered_at", String(32), index=True),
    Column("body", Text, nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("next_attempt_at", String(32)),
    Column("dead_at", String(32)),
    Column("claimed_by", String(200)),
    Column("claimed_until", String(32)),
    Column("last_error", Text),
    Column("receipt", Text),
)

sla_marks = Table(
    "sla_marks",
    metadata,
    Column("commitment_id", ForeignKey("commitments.commitment_id"), primary_key=True),
    Column("stage", String(16), primary_key=True),
    Column("body", Text, nullable=False),
)

# -- what we know -----------------------------------------------------------------------------------------------------

companies = Table(
    "companies",
    metadata,
    Column("company_id", String(110), primary_key=True),
    Column("domain", String(253), index=True),
    Column("body", Text, nullable=False),
)

company_names = Table(
    "company_names",
    metadata,
    Column("company_id", String(110), primary_key=True),
    Column("name_key", String(400), primary_key=True),
    Index(None, "name_key"),
)
"""Every name of a company, case folded, to find it by name."""

evidence = Table(
    "evidence",
    metadata,
    Column("evidence_id", String(110), primary_key=True),
    Column("company_id", String(110), nullable=False, index=True),
    Column("body", Text, nullable=False),
)

contradictions = Table(
    "contradictions",
    metadata,
    Column("company_id", String(110), primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("body", Text, nullable=False),
)

needs = Table(
    "needs",
    metadata,
    Column("need_id", String(110), primary_key=True),
    Column("body", Text, nullable=False),
)

cards = Table(
    "cards",
    metadata,
    Column("need_id", String(110), primary_key=True),
    Column("company_id", String(110), primary_key=True),
    Column("body", Text, nullable=False),
)

sheets = Table(
    "sheets",
    metadata,
    Column("sheet_id", String(110), primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("thread_id", String(100), nullable=False, index=True),
    Column("body", Text, nullable=False),
)

deals = Table(
    "deals",
    metadata,
    Column("thread_id", String(100), primary_key=True),
    Column("need_id", String(110), nullable=False),
    Column("company_id", String(110), nullable=False, index=True),
    Column("requested_by", String(110), nullable=False),
    Column("created_at", String(32), nullable=False),
    Column("card_body", Text),
)
