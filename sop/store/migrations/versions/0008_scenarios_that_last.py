"""A saved scenario has a last month, and says on what it stood when it was saved."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0006"


def upgrade() -> None:
    """Give scenarios an expiry and what they stand on."""
    op.add_column("scenarios", sa.Column("expiry", sa.Text(), nullable=True))
    op.add_column("scenarios", sa.Column("stands_on", sa.Text(), nullable=True))
