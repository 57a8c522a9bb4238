"""The whole gate: delegations, tokens that expire and sessions, lateness, and delivery of the outbox."""

import json

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add tables and columns; messages lose the field that repeated a column."""
    op.add_column("tokens", sa.Column("kind", sa.String(length=16), nullable=False, server_default="token"))
    op.add_column("tokens", sa.Column("expires_at", sa.String(length=32), nullable=True))
    op.create_table(
        "delegations",
        sa.Column("delegation_id", sa.String(length=110), nullable=False),
        sa.Column("delegator", sa.String(length=110), nullable=False),
        sa.Column("delegate", sa.String(length=110), nullable=False),
        sa.Column("ended_at", sa.String(length=32), nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["delegator"], ["people.person_id"], name=op.f("fk_delegations_delegator")),
        sa.ForeignKeyConstraint(["delegate"], ["people.person_id"], name=op.f("fk_delegations_delegate")),
        sa.PrimaryKeyConstraint("delegation_id", name=op.f("pk_delegations")),
    )
    op.create_table(
        "sla_marks",
        sa.Column("commitment_id", sa.String(length=110), nullable=False),
        sa.Column("stage", sa.String(length=16), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["commitment_id"], ["commitments.commitment_id"], name=op.f("fk_sla_marks_commitment_id")
        ),
        sa.PrimaryKeyConstraint("commitment_id", "stage", name=op.f("pk_sla_marks")),
    )
    _queue_the_outbox()
    op.add_column("deals", sa.Column("card_body", sa.Text(), nullable=True))  # the card that the deal was opened on
    op.drop_column("deals", "status")  # was written once and never kept up; the store of decisions says where it stands


def _queue_the_outbox() -> None:
    op.add_column("outbox", sa.Column("attempts", sa.Integer(), nullable=False, server_default="0"))
    for name, kind in (
        ("next_attempt_at", sa.String(length=32)),
        ("dead_at", sa.String(length=32)),
        ("claimed_by", sa.String(length=200)),
        ("claimed_until", sa.String(length=32)),
        ("last_error", sa.Text()),
        ("receipt", sa.Text()),
    ):
        op.add_column("outbox", sa.Column(name, kind, nullable=True))
    outbox = sa.table("outbox", sa.column("message_id", sa.String), sa.column("body", sa.Text))
    connection = op.get_bind()
    for row in connection.execute(sa.select(outbox.c.message_id, outbox.c.body)).all():
        body = json.loads(row.body)
        del body["delivered_at"]
        text = json.dumps(body, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
        connection.execute(sa.update(outbox).where(outbox.c.message_id == row.message_id).values(body=text))
