"""Access for a single command: codes and tokens that are not kept."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Whatever there is so far is kept."""
    op.add_column("connection_codes", sa.Column("passing", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("access_tokens", sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True))
