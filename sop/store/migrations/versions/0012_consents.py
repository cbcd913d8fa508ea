"""What owners said about a scenario that is to become the working plan."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0008"


def upgrade() -> None:
    """Create the table of consents."""
    texts = ("cycle", "said", "function", "basis", "note", "by", "at")
    op.create_table(
        "consents",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("scenario_id", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in texts),
        sa.ForeignKeyConstraint(["scenario_id"], ["scenarios.id"], name=op.f("fk_consents_scenario_id")),
        sa.ForeignKeyConstraint(["cycle"], ["cycles.first_open"], name=op.f("fk_consents_cycle")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consents")),
    )
    op.create_index(op.f("ix_consents_cycle"), "consents", ["cycle"], unique=False)
