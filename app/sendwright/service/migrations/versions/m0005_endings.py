"""Ends: of sign-ins, by themselves or because somebody asked, and of what a mailbox may send within a day."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """No sign-in so far ends by itself or was ended, and nothing was counted."""
    op.add_column("profiles", sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("grants", sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("grants", sa.Column("revoked", sa.Boolean(), nullable=True))
    op.add_column("grants", sa.Column("not_revoked", sa.String(length=100), nullable=True))
    op.create_table(
        "submissions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mailbox", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_submissions")),
    )
    op.create_index("ix_submissions_mailbox_at", "submissions", ["mailbox", "at"])
