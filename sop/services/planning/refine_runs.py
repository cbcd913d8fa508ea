"""Refining the first months of a plan in whole lots, campaigns, shifts and people, in the background.

The refined plan is compared with the plan that it refines and never replaces it.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field

import numpy as np

from sop.core.errors import CannotPlan, Conflict, SopError
from sop.core.findings import Finding
from sop.core.inputs import Capacity, Inputs
from sop.core.present import PlanTable, TableColumn, difference
from sop.core.words import plain_month
from sop.services.planning.choices import View
from sop.supply.after.plan import SupplyPlan
from sop.supply.lp.model import solve_supply
from sop.supply.lp.terms import build_terms
from sop.supply.what_if.first_periods import first_periods
from sop.supply.what_if.refine import RefinedPlan, RefineProgress, refine_plan
from sop.supply.what_if.refinement import Refinement, check_refinement

MOST_MONTHS = 12
"""Whole numbers matter where work is scheduled; beyond a year they cost time and decide nothing."""


@dataclass(frozen=True)
class RefineOptions:
    """What is to be whole. `lots`: the routings' smallest lots, or `lot_units` where none is loaded.

    `setup_hours` of line time that a family takes when it starts on a line; `shift_hours` of one shift in a month
    (0: lines are not run in shifts); `seconds` after which the best plan found is taken.
    """

    months: int = 6
    lot_units: float = 0.0
    setup_hours: float = 0.0
    shift_hours: float = 0.0
    whole_people: bool = True
    seconds: float = 60.0


@dataclass(eq=False)
class RefineRun:
    """One run: where it stands, what it found, the plan of the same months that it refines, and odd lots."""

    options: RefineOptions
    begun: float = field(default_factory=time.monotonic)
    progress: RefineProgress | None = None
    base: SupplyPlan | None = None
    refined: RefinedPlan | None = None
    refusal: str = ""
    findings: tuple[Finding, ...] = ()
    stopping: threading.Event = field(default_factory=threading.Event)
    thread: threading.Thread | None = None

    @property
    def running(self) -> bool:
        """Whether it still works."""
        return self.thread is not None and self.thread.is_alive()

    @property
    def seconds(self) -> float:
        """Seconds since it began."""
        return time.monotonic() - self.begun

    def stop(self) -> None:
        """End the run with the best plan found so far."""
        self.stopping.set()


_runs: dict[str, RefineRun] = {}
_lock = threading.Lock()


def find_run(key: str) -> RefineRun | None:
    """The run last started for a plan, by the key of that plan."""
    return _runs.get(key)


def start_run(key: str, view: View, inputs: Inputs, options: RefineOptions) -> RefineRun:
    """Refine the first months of a plan in a thread of its own.

    Raises CannotPlan where the plan was not planned here, Conflict while another run works: two at once would each
    take twice as long.
    """
    supply: SupplyPlan | None = view.plan.detail.get("supply")
    if supply is None or inputs.capacity is None:
        raise CannotPlan("only a plan with lines that is planned now can be refined", remedy="Choose another plan")
    with _lock:
        if any(run.running for run in _runs.values()):
            raise Conflict("another plan is being refined", remedy="Wait until it ends, or stop it")
        run = _runs[key] = RefineRun(options)
        rules = refinement_of(inputs.capacity, supply, options)
        run.thread = threading.Thread(target=_work, args=(run, supply, rules), daemon=True, name="refine")
        run.thread.start()
    return run


def refinement_of(capacity: Capacity, supply: SupplyPlan, options: RefineOptions) -> Refinement:
    """What has to be whole on a company's lines; a family keeps running without a new set-up."""
    lots = capacity.minimum_lot
    return Refinement(
        lot_units=options.lot_units if lots is None else np.where(lots > 0, lots, options.lot_units),
        setup_hours=options.setup_hours,
        campaigns=options.setup_hours > 0,
        shift_hours=options.shift_hours,
        whole_people=options.whole_people and bool(supply.problem.sizes["P"]),
    )


def _work(run: RefineRun, supply: SupplyPlan, rules: Refinement) -> None:
    """Plan the first months once more as they are, then in whole numbers."""

    def note(progress: RefineProgress) -> None:
        run.progress = progress

    try:
        problem = first_periods(supply, min(run.options.months, MOST_MONTHS))
        run.findings = tuple(check_refinement(rules, problem, build_terms(problem)))
        run.base = solve_supply(problem)
        run.refined = refine_plan(problem, rules, note, run.stopping.is_set, seconds=run.options.seconds)
    except SopError as refused:
        run.refusal = str(refused)


def compare_refined(run: RefineRun, currency: str) -> tuple[PlanTable, PlanTable] | None:
    """The refined plan beside the plan of the same months, and what it makes by month; None before that."""
    if run.base is None or run.refined is None:
        return None
    before, after = _figures(run.base, currency), _figures(run.refined.plan, currency)
    before["Runs started"], after["Runs started"] = None, float(run.refined.starts.sum())
    rows = tuple((name, before[name], now, difference(now, before[name])) for name, now in after.items())
    columns = (
        TableColumn("", "text"),
        TableColumn("Plan"),
        TableColumn("In whole numbers"),
        TableColumn("Difference", signed=True),
    )
    plan = run.refined.plan
    made = tuple((name, *plan.production[f].sum(axis=0).tolist()) for f, name in enumerate(plan.problem.families))
    months = tuple(TableColumn(plain_month(month)) for month in plan.problem.periods)
    return (
        PlanTable(f"The first {len(months)} months", columns, rows),
        PlanTable("What is made, in whole numbers", (TableColumn("Family", "text"), *months), made),
    )


def _figures(plan: SupplyPlan, currency: str) -> dict[str, float | None]:
    people = plan.people
    return {
        f"Cost, {currency}": plan.total_cost,
        f"Revenue less cost, {currency}": plan.revenue - plan.total_cost,
        f"Cost with the price of late, lost and broken limits, {currency}": plan.objective,
        "Units made": float(plan.production.sum()),
        "Units bought outside": float(plan.subcontract.sum()),
        "Units late at the end": float(plan.past_due[:, -1].sum()),
        "Units lost": float(plan.lost.sum()),
        "Stock at the end, units": float(plan.inventory[:, -1].sum()),
        "People at the end": float(people[:, -1].sum()) if len(people) else None,
        "Overtime hours": float(plan.overtime_hours.sum()),
    }
