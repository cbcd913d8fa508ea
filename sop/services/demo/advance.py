"""Closing the demo's month: its plan is signed, the month's actuals come in, and the next month opens.

The next month is forecast before, so that whoever looks at the app meanwhile finds it ready at once. What the
month brought is read from the demo's files, told as they were where the workspace began. A table that somebody
imported stays theirs.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from sop.core.calendar import MONTH, Calendar, bucket_of, periods_between, shift_period
from sop.core.errors import Conflict
from sop.core.register import as_assumptions
from sop.demand.cleaning import decisions_of
from sop.engine import forecast_company
from sop.files.company_folder import CompanyFolder
from sop.intake.assemble import assemble
from sop.intake.rules.names import broken_links
from sop.services.acting import acting, require_now
from sop.services.company.cycle import (
    CompanySettings,
    calendar_of,
    has_sales,
    read_company,
    require_cycle,
    roll_forward,
)
from sop.services.data.together import PreparedImport
from sop.services.demo.build import require_finished
from sop.services.demo.demo_tables import imported_tables, is_of_demo, prepare_tables, read_demo, store_tables
from sop.services.demo.personas import COORDINATOR, agree_on_plan
from sop.services.planning.forecasting import KeptForecasts
from sop.services.planning.room import PlanningRoom, read_entries
from sop.store import Store, Transaction
from sop.store.cycles import Cycle
from sop.store.data import read_current_tables, read_frame, read_heads, read_versions
from sop.store.frames import frame_sha256

Progress = Callable[[float, str], None]
_SALES = "sales_actuals"


@dataclass(frozen=True)
class Advance:
    """What closing a month of the demo did.

    `closed` the month, `opened` the next one; `signing` how its plan came to be agreed; `loaded` the tables with
    a new version, `kept` those that stay as somebody imported them.
    """

    closed: str
    opened: str
    signing: str
    loaded: tuple[str, ...]
    kept: tuple[str, ...]


def advance_demo(store: Store, progress: Progress = lambda share, what: None) -> Advance:
    """Agree on the open cycle's plan where that is still to do, close it, and open and forecast the next month.

    Raises NotFound without a cycle; Conflict where this is not the demo, its story is at its end, its plan cannot
    be agreed here, or what somebody imported stands against it.
    """
    return _advance(PlanningRoom(store, KeptForecasts(store)), progress)


def _advance(room: PlanningRoom, progress: Progress) -> Advance:
    with room.store.read() as tx:
        cycle, settings = require_cycle(tx), read_company(tx)
        company = _story(tx, settings)
        require_finished(tx)
        bucket = bucket_of(cycle.first_open)
        if bucket is not MONTH:
            raise Conflict(
                f"this demo plans in {bucket.plural}, and its story is told by month",
                remedy="Close its cycle with `python -m sop cycle close`",
            )
        _require_sales(tx, cycle.first_open)
    month, following = cycle.first_open, shift_period(cycle.first_open, 1)
    if month > company.last_told:
        raise Conflict(
            f"the story of the demo company ends with {company.last_told}",
            remedy="Build a new demo with `python -m sop --workspace FOLDER demo`",
        )
    _catch_up(room.store, company, month)
    progress(0.0, f"agreeing on the plan of {month}")
    signing = agree_on_plan(room)
    progress(0.2, f"forecasting {following} with the actuals of {month}")
    brought = _forecast(
        room, company, month, replace(cycle, first_open=following, horizon=settings.horizon), settings
    )
    progress(0.9, f"closing {month}")
    loaded, kept = _close(room.store, cycle, brought)
    progress(1.0, f"{following} is open")
    return Advance(month, following, signing, loaded, kept)


def _story(tx: Transaction, settings: CompanySettings) -> CompanyFolder:
    """The company that this workspace was made from: its first table of sales tells where its history begins."""
    made = [version for version in read_versions(tx, _SALES) if is_of_demo(version)]
    if not settings.fictional or not made:
        raise Conflict(
            "this workspace is not the demo company",
            why="only the demo's months can be told ahead",
            remedy="Close your own month with `python -m sop cycle close`",
        )
    company = read_demo().told_from(read_frame(tx, made[-1].id)["month"].min())
    if company is None:
        raise Conflict(
            "this workspace was made by an earlier version of the demo company",
            why="its history is not the one that the demo's files go on with",
            remedy="Build a new demo with `python -m sop --workspace FOLDER demo`",
        )
    return company


def _catch_up(store: Store, company: CompanyFolder, month: str) -> None:
    """Load what earlier months brought where somebody closed them without their actuals."""
    with acting(store, COORDINATOR, "run_cycle") as tx:
        if has_sales(tx, shift_period(month, -1)):
            return
        last = read_current_tables(tx)[_SALES]["month"].max()
        for missing in periods_between(shift_period(last, 1), shift_period(month, -1)):
            store_tables(tx, _fitting(tx, company, missing, imported_tables(tx)))


def _fitting(
    tx: Transaction, company: CompanyFolder, month: str, but: tuple[str, ...], calendar: Calendar | None = None
) -> list[PreparedImport]:
    """What a month's files lead to. Raises Conflict where they do not fit what somebody imported."""
    try:
        return prepare_tables(tx, company.brought_by(month), but, calendar)
    except Conflict as refusal:
        raise _misfit(month, refusal.what) from refusal


@dataclass(frozen=True)
class _Brought:
    """What a month brings, prepared on the tables with the digests `on`; `kept`: tables that stay as imported."""

    prepared: list[PreparedImport]
    on: dict[str, str]
    kept: tuple[str, ...]


def _forecast(
    room: PlanningRoom, company: CompanyFolder, month: str, following: Cycle, settings: CompanySettings
) -> _Brought:
    """Keep the forecast of a cycle that is not open yet, on the tables that it will open with; what they are."""
    calendar = calendar_of(settings, following)
    with room.store.read() as tx:
        tables, kept = read_current_tables(tx), imported_tables(tx)
        on = {name: head.sha256 for name, head in read_heads(tx).items()}
        entries = [e for e in read_entries(tx) if e.expiry is None or e.expiry >= following.first_open]
        prepared = _fitting(tx, company, month, kept, calendar)
    decisions = decisions_of(as_assumptions(entries))
    told = {found.report.request.table: found.after for found in prepared}
    sources = on | {name: frame_sha256(name, frame) for name, frame in told.items()}
    inputs = assemble({**tables, **told}, calendar, company=settings.name, currency=settings.currency)
    forecast = forecast_company(inputs, decisions, run=room.run)
    room.keep(room.forecast_key(calendar, sources, decisions), forecast)
    return _Brought(prepared, on, kept)


def _close(store: Store, cycle: Cycle, brought: _Brought) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Roll the cycle and load what its month brought, both or neither; new and kept tables."""
    with acting(store, COORDINATOR, "run_cycle") as tx:
        require_now(tx, COORDINATOR, "import_data")
        if require_cycle(tx).first_open != cycle.first_open:
            raise Conflict(f"{cycle.first_open} was closed meanwhile")
        if {name: head.sha256 for name, head in read_heads(tx).items()} != brought.on:
            raise Conflict("tables were imported meanwhile", remedy="Close the month again")
        roll_forward(tx)
        loaded = store_tables(tx, brought.prepared)
        if brought.kept:
            _require_links(tx, cycle.first_open)
    return loaded, brought.kept


def _require_sales(tx: Transaction, month: str) -> None:
    """Raises Conflict where somebody's own sales do not have the month that is closed."""
    if _SALES in imported_tables(tx) and not has_sales(tx, month):
        raise _misfit(month, f"{_SALES} was imported and ends before {month}")


def _require_links(tx: Transaction, month: str) -> None:
    """Raises Conflict where the demo's tables name what somebody's own do not have, or the other way round."""
    broken = broken_links(read_current_tables(tx))
    if broken:
        raise _misfit(month, broken[0])


def _misfit(month: str, why: str) -> Conflict:
    return Conflict(
        f"{month} of the demo does not fit the tables that were imported over it",
        why=why,
        remedy="Undo that import on the Data page, or import the month yourself and close it there",
    )
