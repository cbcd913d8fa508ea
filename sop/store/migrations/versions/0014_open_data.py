"""What is open of each plan, beside it, for the views that other programs read."""

import sqlalchemy as sa
from alembic import op

from sop.store.open_views import keep_figures_of_old_plans

revision = "0014"
down_revision = "0012"


def upgrade() -> None:
    """Create the table and fill it from the plans that there are; the views are made after every migration."""
    op.create_table(
        "plan_figures",
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("figures", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name=op.f("fk_plan_figures_plan_id")),
        sa.PrimaryKeyConstraint("plan_id", name=op.f("pk_plan_figures")),
    )
    keep_figures_of_old_plans(op.get_bind())
