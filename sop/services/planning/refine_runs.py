"""Refining the first months of a plan in whole lots, campaigns, shifts and people, in the background.

The refined plan is compared with the plan that it refines and never replaces it.
"""

import threading
import time
from dataclasses import dataclass, field

from sop.analysis.supply.refining import RefineOptions, first_problem, refinement_of
from sop.core.errors import CannotPlan, Conflict
from sop.core.findings import Finding
from sop.core.inputs import Inputs
from sop.core.memo import Memo
from sop.services.acting import reading
from sop.services.faults import explain
from sop.services.planning.choices import View
from sop.services.planning.room import PlanningRoom
from sop.services.planning.supply_questions import supply_shown
from sop.supply import RefinedPlan, Refinement, RefineProgress, SupplyPlan, refine_plan, solve_supply


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


_KEPT_RUNS = 16
_runs = Memo(_KEPT_RUNS)
_lock = threading.Lock()


def find_run(key: str) -> RefineRun | None:
    """The run last started for a plan, by the key of that plan."""
    run: RefineRun | None = _runs.find(key)
    return run


def start_run(
    room: PlanningRoom, person_id: str, key: str, view: View, inputs: Inputs, options: RefineOptions
) -> RefineRun:
    """Refine the first months of a plan in a thread of its own.

    Raises NotAllowed, CannotPlan where the plan was not planned here, Conflict while another run works: two at
    once would each take twice as long.
    """
    with reading(room.store, person_id, "run_scenario"):
        supply = supply_shown(view)
    if supply is None or inputs.capacity is None:
        raise CannotPlan("only a plan with lines that is planned now can be refined", remedy="Choose another plan")
    with _lock:
        if any(run.running for run in _runs.values()):
            raise Conflict("another plan is being refined", remedy="Wait until it ends, or stop it")
        _runs.forget(key)
        run = _runs.get(key, lambda: RefineRun(options))
        rules = refinement_of(inputs.capacity, supply, options)
        run.thread = threading.Thread(target=_work, args=(run, supply, rules), daemon=True, name="refine")
        run.thread.start()
    return run


def _work(run: RefineRun, supply: SupplyPlan, rules: Refinement) -> None:
    """Plan the first months once more as they are, then in whole numbers."""

    def note(progress: RefineProgress) -> None:
        run.progress = progress

    try:
        problem, run.findings = first_problem(supply, rules, run.options)
        run.base = solve_supply(problem)
        run.refined = refine_plan(problem, rules, note, run.stopping.is_set, seconds=run.options.seconds)
    except Exception as error:  # noqa: BLE001 - whoever looks at the page is told
        run.refusal = explain(error, "refining the plan").sentence
