"""Deal rooms: entries that are only ever added."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table of entries."""
    op.create_table(
        "room_entries",
        sa.Column("thread_id", sa.String(length=100), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("entry_id", sa.String(length=110), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("thread_id", "seq", name=op.f("pk_room_entries")),
        sa.UniqueConstraint("entry_id", name=op.f("uq_room_entries_entry_id")),
    )
