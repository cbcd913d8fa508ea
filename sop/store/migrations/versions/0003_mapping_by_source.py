"""A mapping is remembered for each source of a table, with the answers that hold for its next file."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make `mappings` anew with its wider key; what was remembered holds for files of any source."""
    rows = op.get_bind().execute(sa.text("SELECT table_name, columns, set_values FROM mappings")).all()
    op.drop_table("mappings")
    mappings = op.create_table(
        "mappings",
        sa.Column("table_name", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("columns", sa.Text(), nullable=False),
        sa.Column("set_values", sa.Text(), nullable=False),
        sa.Column("answers", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("table_name", "source", name=op.f("pk_mappings")),
    )
    op.bulk_insert(mappings, [{**row._mapping, "source": "", "answers": "{}"} for row in rows])
