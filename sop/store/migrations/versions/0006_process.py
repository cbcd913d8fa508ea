"""Tasks, comments, agenda, delegations, submissions, meetings and their minutes."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

_TABLES: dict[str, tuple[str, ...]] = {
    "tasks": (
        "cycle", "title", "owner", "due", "state", "kind", "about", "note", "by", "at", "changed_by", "changed_at",
        "version:int",
    ),
    "comments": (
        "cycle", "about", "thread:int?", "comment", "mentions", "by", "at", "resolved_by?", "resolved_at?",
    ),
    "agenda_items": (
        "cycle", "position:int", "kind", "ref", "title", "message", "owner", "minutes:int", "outcome",
        "version:int",
    ),
    "delegations": ("person", "function", "family", "region", "by", "at", "ended_at?"),
    "submissions": ("cycle", "step", "function", "person", "whole:bool", "note", "at", "withdrawn_at?"),
    "meetings": (
        "cycle", "item:int?", "item_since", "led_by", "started_at", "ended_at?", "present", "version:int",
    ),
    "minutes": ("cycle", "by", "at", "facts"),
}  # fmt: skip
_KINDS = {"": sa.Text, "int": sa.Integer, "bool": sa.Boolean}
_PEOPLE = {("tasks", "owner"), ("delegations", "person"), ("submissions", "person")}
_INDEXES = {
    "tasks": "state", "comments": "cycle", "agenda_items": "cycle", "submissions": "cycle", "meetings": "cycle",
}  # fmt: skip


def upgrade() -> None:
    """Create the tables."""
    for table, columns in _TABLES.items():
        names = [column.split(":")[0].rstrip("?") for column in columns]
        keys = [
            sa.ForeignKeyConstraint([name], [to], name=op.f(f"fk_{table}_{name}"))
            for name in names
            if (to := _points_to(table, name))
        ]
        op.create_table(
            table,
            sa.Column("id", sa.Integer(), nullable=False),
            *(
                sa.Column(name, _KINDS[column.rstrip("?").partition(":")[2]](), nullable=column.endswith("?"))
                for name, column in zip(names, columns, strict=True)
            ),
            *keys,
            sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        )
        if table in _INDEXES:
            op.create_index(op.f(f"ix_{table}_{_INDEXES[table]}"), table, [_INDEXES[table]], unique=False)


def _points_to(table: str, name: str) -> str:
    if name == "cycle":
        return "cycles.first_open"
    return "people.id" if (table, name) in _PEOPLE else ""
