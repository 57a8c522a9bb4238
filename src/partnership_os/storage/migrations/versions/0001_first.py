"""The first schema: the gate, and what we know about companies."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make every table."""
    _make_people()
    _make_commitments()
    _make_log()
    _make_companies()
    _make_work()


def _make_people() -> None:
    op.create_table(
        "write_lock",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_write_lock")),
    )
    op.create_table(
        "people",
        sa.Column("person_id", sa.String(length=110), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_people")),
    )
    op.create_table(
        "tokens",
        sa.Column("token_id", sa.String(length=16), nullable=False),
        sa.Column("person_id", sa.String(length=110), nullable=False),
        sa.Column("secret_hash", sa.String(length=300), nullable=False),
        sa.Column("created_at", sa.String(length=32), nullable=False),
        sa.Column("revoked_at", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.person_id"], name=op.f("fk_tokens_person_id")),
        sa.PrimaryKeyConstraint("token_id", name=op.f("pk_tokens")),
    )
    op.create_index(op.f("ix_tokens_person_id"), "tokens", ["person_id"], unique=False)
    op.execute("INSERT INTO write_lock (id) VALUES (1)")


def _make_commitments() -> None:
    op.create_table(
        "commitments",
        sa.Column("commitment_id", sa.String(length=110), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("thread_id", sa.String(length=100), nullable=False),
        sa.Column("document_id", sa.String(length=110), nullable=False),
        sa.Column("document_version", sa.Integer(), nullable=False),
        sa.Column("requested_at", sa.String(length=32), nullable=False),
        sa.Column("superseded_by", sa.String(length=110), nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("commitment_id", name=op.f("pk_commitments")),
        sa.UniqueConstraint("digest", name=op.f("uq_commitments_digest")),
    )
    op.create_index(op.f("ix_commitments_document_id"), "commitments", ["document_id"], unique=False)
    op.create_index(op.f("ix_commitments_thread_id"), "commitments", ["thread_id"], unique=False)
    op.create_table(
        "decisions",
        sa.Column("decision_id", sa.String(length=110), nullable=False),
        sa.Column("commitment_id", sa.String(length=110), nullable=False),
        sa.Column("person_id", sa.String(length=110), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("decided_at", sa.String(length=32), nullable=False),
        sa.Column("consumed_by", sa.String(length=110), nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["commitment_id"], ["commitments.commitment_id"], name=op.f("fk_decisions_commitment_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.person_id"], name=op.f("fk_decisions_person_id")),
        sa.PrimaryKeyConstraint("decision_id", name=op.f("pk_decisions")),
        sa.UniqueConstraint(
            "commitment_id", "person_id", "outcome", name=op.f("uq_decisions_commitment_id_person_id_outcome")
        ),
    )
    op.create_table(
        "ledger",
        sa.Column("entry_id", sa.String(length=110), nullable=False),
        sa.Column("commitment_id", sa.String(length=110), nullable=False),
        sa.Column("document_id", sa.String(length=110), nullable=False),
        sa.Column("document_version", sa.Integer(), nullable=False),
        sa.Column("thread_id", sa.String(length=100), nullable=False),
        sa.Column("committed_at", sa.String(length=32), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["commitment_id"], ["commitments.commitment_id"], name=op.f("fk_ledger_commitment_id")),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_ledger")),
        sa.UniqueConstraint("commitment_id", name=op.f("uq_ledger_commitment_id")),
        sa.UniqueConstraint("document_id", "document_version", name=op.f("uq_ledger_document_id_document_version")),
    )
    op.create_index(op.f("ix_ledger_thread_id"), "ledger", ["thread_id"], unique=False)


def _make_log() -> None:
    op.create_table(
        "audit",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("at", sa.String(length=32), nullable=False),
        sa.Column("event", sa.String(length=64), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_audit")),
    )
    op.create_index(op.f("ix_audit_subject"), "audit", ["subject"], unique=False)
    op.create_table(
        "outbox",
        sa.Column("message_id", sa.String(length=110), nullable=False),
        sa.Column("idempotency_key", sa.String(length=110), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.String(length=32), nullable=False),
        sa.Column("delivered_at", sa.String(length=32), nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("message_id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("idempotency_key", name=op.f("uq_outbox_idempotency_key")),
    )
    op.create_index(op.f("ix_outbox_delivered_at"), "outbox", ["delivered_at"], unique=False)


def _make_companies() -> None:
    op.create_table(
        "companies",
        sa.Column("company_id", sa.String(length=110), nullable=False),
        sa.Column("domain", sa.String(length=253), nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("company_id", name=op.f("pk_companies")),
    )
    op.create_index(op.f("ix_companies_domain"), "companies", ["domain"], unique=False)
    op.create_table(
        "company_names",
        sa.Column("company_id", sa.String(length=110), nullable=False),
        sa.Column("name_key", sa.String(length=400), nullable=False),
        sa.PrimaryKeyConstraint("company_id", "name_key", name=op.f("pk_company_names")),
    )
    op.create_index(op.f("ix_company_names_name_key"), "company_names", ["name_key"], unique=False)
    op.create_table(
        "evidence",
        sa.Column("evidence_id", sa.String(length=110), nullable=False),
        sa.Column("company_id", sa.String(length=110), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("evidence_id", name=op.f("pk_evidence")),
    )
    op.create_index(op.f("ix_evidence_company_id"), "evidence", ["company_id"], unique=False)
    op.create_table(
        "contradictions",
        sa.Column("company_id", sa.String(length=110), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("company_id", "position", name=op.f("pk_contradictions")),
    )


def _make_work() -> None:
    op.create_table(
        "needs",
        sa.Column("need_id", sa.String(length=110), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("need_id", name=op.f("pk_needs")),
    )
    op.create_table(
        "cards",
        sa.Column("need_id", sa.String(length=110), nullable=False),
        sa.Column("company_id", sa.String(length=110), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("need_id", "company_id", name=op.f("pk_cards")),
    )
    op.create_table(
        "sheets",
        sa.Column("sheet_id", sa.String(length=110), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("thread_id", sa.String(length=100), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("sheet_id", "version", name=op.f("pk_sheets")),
    )
    op.create_index(op.f("ix_sheets_thread_id"), "sheets", ["thread_id"], unique=False)
    op.create_table(
        "deals",
        sa.Column("thread_id", sa.String(length=100), nullable=False),
        sa.Column("need_id", sa.String(length=110), nullable=False),
        sa.Column("company_id", sa.String(length=110), nullable=False),
        sa.Column("requested_by", sa.String(length=110), nullable=False),
        sa.Column("created_at", sa.String(length=32), nullable=False),
        sa.Column("status", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("thread_id", name=op.f("pk_deals")),
    )
    op.create_index(op.f("ix_deals_company_id"), "deals", ["company_id"], unique=False)
