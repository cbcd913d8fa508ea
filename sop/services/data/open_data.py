"""Plans as data for other programs: rows of the open tables, frames of them, and all of it as Parquet files.

What is read is what the views of the database say; the working plan, which is in no database, is planned as it
stands now and told in the same rows.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

from sop.core.errors import BadInput
from sop.core.open_data import OPEN_TABLES, OpenRow, OpenTable, figures_of, open_table, rows_of
from sop.core.words import sha256_hex
from sop.files.snapshot import canonical_bytes
from sop.services.acting import reading
from sop.services.company.cycle import OWNER
from sop.services.company.workspace import open_workspace
from sop.services.data.exports import chosen_plan, working_content
from sop.services.planning.choices import WORKING
from sop.services.planning.forecasting import KeptForecasts
from sop.services.planning.room import PlanningRoom
from sop.store import Store
from sop.store.data import read_current_tables
from sop.store.frames import Frame, frame_of, to_parquet
from sop.store.open_views import read_open_rows

ACT = "read_open_data"
ALL = "all"
_EARLIEST = (1980, 1, 1, 0, 0, 0)
"""The time of every file in an archive, so that the same data are the same bytes."""


def list_open_tables(store: Store, person_id: str) -> tuple[OpenTable, ...]:
    """The open tables. Raises NotAllowed."""
    with reading(store, person_id, ACT):
        return OPEN_TABLES


def read_open_table(
    room: PlanningRoom, person_id: str, name: str, of: str = ALL, where: Mapping[str, str] | None = None
) -> list[OpenRow]:
    """The rows of an open table whose text columns equal `where`, in the order of its key.

    `of`, where the table tells of plans: a plan's number, 'agreed', 'working' or 'all' that were ever proposed.
    Raises NotAllowed, NotFound for a table or plan that is not there, BadInput for an unknown column or choice.
    """
    with reading(room.store, person_id, ACT):
        table = open_table(name)
    chosen = _checked(table, where or {})
    if of == WORKING and (table.of_plans or name == "plans"):
        rows = _working_rows(room, person_id, table)
        return [row for row in rows if all(row[column] == value for column, value in chosen.items())]
    if of != ALL:
        if "plan_id" not in table.column_names:
            raise BadInput(f"{name} does not tell of plans", remedy="Ask for it without a plan")
        record = chosen_plan(room.store, person_id, of)
        # No signature is under the working plan, nor under one that is not there.
        chosen["plan_id"] = 0 if record is None else record.id
    with reading(room.store, person_id, ACT) as tx:
        return read_open_rows(tx, table, chosen)


def _checked(table: OpenTable, where: Mapping[str, str]) -> dict[str, str | int]:
    texts = [column.name for column in table.columns if column.kind in ("text", "month", "time")]
    for name in where:
        if name not in texts:
            raise BadInput(
                f"{table.name} cannot be narrowed by '{name}'", remedy=f"Choose one of: {', '.join(texts)}"
            )
    return dict(where)


def _working_rows(room: PlanningRoom, person_id: str, table: OpenTable) -> list[OpenRow]:
    content = working_content(room, person_id)
    plan = {"plan_id": 0, "cycle": content["cycle"], "revision": 0}
    figures = figures_of(content)
    if table.of_plans:
        rows = list(rows_of(table, figures, plan))
        return sorted(rows, key=lambda row: tuple(row[name] for name in table.key))
    return [
        {
            **dict.fromkeys(table.column_names),
            **plan,
            "state": WORKING,
            "in_force": 0,
            "label": "Working plan",
            "digest": sha256_hex(canonical_bytes(content)),
            "previous_digest": content["previous"],
            **{name: figures[name] for name in ("company", "currency", "summary")},
        }
    ]


class Workspace:
    """A workspace that is read with Python: what is in it as frames, and nothing is written.

    Each call reads what is there at that moment. Whoever can open the database reads all of it but private drafts.
    """

    def __init__(self, store: Store) -> None:
        self._room = PlanningRoom(store, KeptForecasts(store))

    def read(self, name: str, of: str | int = ALL, **where: str) -> Frame:
        """An open table by its name as a frame, narrowed by the values of its columns.

        `of`: a plan's number, 'agreed', 'working' or 'all'. Raises NotFound, BadInput.
        """
        return frame_of(open_table(name), read_open_table(self._room, OWNER, name, str(of), where))

    def plans(self) -> Frame:
        """Every plan that was ever proposed, one row each."""
        return self.read("plans")

    def lines(self, of: str | int = "agreed", **where: str) -> Frame:
        """A plan's lines: one row a measure, place and month; `where` such as measure='revenue'."""
        return self.read("plan_lines", of, **where)

    def headlines(self, of: str | int = "agreed") -> Frame:
        """A plan's headline measures."""
        return self.read("plan_headlines", of)

    def scenarios(self) -> Frame:
        """Working plans and saved scenarios, one row each."""
        return self.read("scenarios")

    def assumptions(self, **where: str) -> Frame:
        """What was set in working plans and saved scenarios, one row a value."""
        return self.read("assumptions", ALL, **where)

    def tables(self) -> dict[str, Frame]:
        """The loaded tables by name, in the columns of the data contract."""
        with reading(self._room.store, OWNER, ACT) as tx:
            return _without_origin(read_current_tables(tx))

    def close(self) -> None:
        """Close the database."""
        self._room.store.close()

    def __enter__(self) -> Workspace:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def read_workspace(folder: Path | str | None = None) -> Workspace:
    """The workspace of a folder, to read. Raises NotFound where there is none."""
    return Workspace(open_workspace(folder))


def export_parquet(room: PlanningRoom, person_id: str) -> bytes:
    """All that is open and the loaded tables as a zip of Parquet files, the working plan among them.

    Raises NotAllowed. Where no plan can be made yet, the files of plans are empty.
    """
    with reading(room.store, person_id, ACT) as tx:
        loaded = _without_origin(read_current_tables(tx))
    files = {f"inputs/{name}.parquet": to_parquet(frame) for name, frame in sorted(loaded.items())}
    for table in OPEN_TABLES:
        rows = read_open_table(room, person_id, table.name)
        if loaded and (table.of_plans or table.name == "plans"):
            rows = [*_working_rows(room, person_id, table), *rows]
        files[f"{table.name}.parquet"] = to_parquet(frame_of(table, rows))
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, _EARLIEST), content)
    return made.getvalue()


def _without_origin(tables: Mapping[str, Frame]) -> dict[str, Frame]:
    """Tables without where each row came from."""
    return {
        name: frame.drop(columns=[column for column in frame.columns if column.startswith("_")])
        for name, frame in tables.items()
    }
