"""Plans of the open cycle: load what they are built from, keep what sliders do not change, build them.

A `PlanningRoom` is shared by all sessions of a process. It holds input sets by the digest of what they are
made of, so that a slider move costs one re-plan and a new import makes a new set. The forecast rests on what
planners decided about the history too; a scenario that decides otherwise has an input set of its own.
"""

import json
import threading
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from typing import Any, Protocol, TypeVar, cast

from sop.agreement.content import FrozenPlan, read_back
from sop.agreement.records import PlanRecord
from sop.analysis.comparison.recast import recast
from sop.core.calendar import Calendar
from sop.core.inputs import Inputs
from sop.core.memo import Memo
from sop.core.plan import Plan, StoredForecast
from sop.core.register import Assumptions, Entry, as_assumptions
from sop.core.words import sha256_hex
from sop.demand.baseline import Runner
from sop.demand.cleaning import Decisions, decisions_of
from sop.engine import Planner, forecast_company, with_prices
from sop.intake.assemble import assemble
from sop.services.company.cycle import CompanySettings, calendar_of, read_company, require_cycle
from sop.services.planning.forecasting import Cancelled, ForecastJob
from sop.store import Store, Transaction
from sop.store.cycles import Cycle
from sop.store.data import read_current_tables, read_digests, read_heads
from sop.store.plans import read_agreed_plan, read_plan_content
from sop.store.results import keep_forecast, keep_result, read_forecast, read_result
from sop.store.scenarios import read_assumptions, read_scenario, read_working_scenario
from sop.supply.before.company_problem import agreed_supply
from sop.supply.what_if.limits import ProblemChange

_KEPT_SETS, _KEPT_PLANS, _KEPT_FROZEN, _KEPT_RESULTS = 8, 96, 120, 480
_PLANS_MEGABYTES = 512
"""Of a company of usual size a plan is a fifth of a megabyte; of 200 families in 20 regions many."""
_MINIMUM = {"products", "sales_actuals"}
_FORECAST = "forecast/8"
"""Raised when what a forecast rests on, or what is kept of it, changes."""


@dataclass(frozen=True)
class CompanyData:
    """What is loaded for the open cycle, before it is forecast."""

    cycle: Cycle
    company: CompanySettings
    inputs: Inputs
    agreed: FrozenPlan | None
    sources: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True)
class InputSet(CompanyData):
    """What the plans of the open cycle are built from; `key` is the digest of all of it.

    `decisions`: what planners decided about history and drivers, which this forecast rests on; `data_key`: the
    digest of everything else.
    """

    key: str
    data_key: str
    decisions: Decisions
    forecast: StoredForecast
    planner: Planner = field(repr=False, compare=False)
    lock: threading.Lock = field(default_factory=threading.Lock, repr=False, compare=False)


@dataclass(frozen=True)
class _OpenCycle:
    """The open cycle as it stands in the store: its tables by digest, and what was decided about history."""

    cycle: Cycle
    company: CompanySettings
    sources: Mapping[str, str]
    agreed_digest: str | None
    decisions: Decisions

    @property
    def calendar(self) -> Calendar:
        """The months that are planned."""
        return calendar_of(self.company, self.cycle)

    @cached_property
    def data_key(self) -> str:
        """The digest of the data."""
        held = (
            self.company.name,
            self.company.currency,
            self.company.frozen,
            self.company.slushy,
            self.company.fiscal_week,
        )
        year = (self.company.fiscal_start, *filter(None, [self.company.fiscal_week, self.company.every]))
        parts = [self.cycle.first_open, self.cycle.horizon, *held, *year]
        return _digest([*parts, sorted(self.sources.items()), self.agreed_digest])

    @property
    def key(self) -> str:
        """The digest of the input set: data and decisions."""
        return _key(self.data_key, self.decisions)


@dataclass(frozen=True)
class WantedForecast:
    """A forecast that is not there yet: the digest of its data, and that of its whole input set."""

    data_key: str
    key: str


class PlanningRoom:
    """Builds and keeps plans for all sessions of a process; safe for several threads.

    `run` maps over the series of a forecast: `map`, or what several processes map with where there is much to do.
    `last_drawn`: the assumptions of the plan whose ranges were drawn last, by the digest of its data.
    """

    def __init__(self, store: Store, run: Runner = map) -> None:
        self.store = store
        self.run = run
        self.memo, self._frozen = Memo(_KEPT_RESULTS), Memo(_KEPT_FROZEN, _PLANS_MEGABYTES)
        self._sets, self._plans = Memo(_KEPT_SETS), Memo(_KEPT_PLANS, _PLANS_MEGABYTES)
        self._making = threading.Lock()
        self.jobs: dict[WantedForecast, ForecastJob[InputSet]] = {}
        self.jobs_lock = threading.Lock()
        self.last_drawn: dict[str, Assumptions] = {}

    def input_set(self, assumptions: Assumptions | None = None, run: Runner | None = None) -> InputSet:
        """The input set of the open cycle, forecast as these assumptions decide; None: as the working plan does.

        `run` maps over the series where a forecast has to be made. Raises NotFound without a cycle, CannotPlan
        without minimum data.
        """
        with self.store.read() as tx:
            found = _read_open(tx, assumptions)
        return self._made(found, run or self.run)

    def ready_set(self, assumptions: Assumptions | None = None) -> InputSet | WantedForecast:
        """The same where its forecast is there; else the forecast that has to be made before.

        Raises what `input_set` raises.
        """
        with self.store.read() as tx:
            found = _read_open(tx, assumptions)
            if found.key not in self._sets and found.sources.keys() >= _MINIMUM:
                key = self.forecast_key(found.calendar, found.sources, found.decisions)
                if read_forecast(tx, key) is None:
                    return WantedForecast(found.data_key, found.key)
        return self._made(found, self.run)

    def missing_forecast(self, assumptions: Assumptions | None = None) -> WantedForecast | None:
        """The forecast that has to be made before these assumptions can be planned; None where it is there."""
        found = self.ready_set(assumptions)
        return found if isinstance(found, WantedForecast) else None

    def decided(self, chosen: InputSet, assumptions: Assumptions) -> InputSet:
        """The same data with the forecast that these assumptions decide."""
        decisions = decisions_of(assumptions)
        if decisions == chosen.decisions:
            return chosen
        return self._set(chosen.data_key, decisions, lambda: chosen, self.run)

    def plan_with(self, assumptions: Assumptions, chosen: InputSet, change: ProblemChange | None = None) -> Plan:
        """The plan with its supply problem changed before it is solved; as `plan` without a change."""
        inputs = self.decided(chosen, assumptions)
        if change is None:
            return self.plan(assumptions, inputs)
        with inputs.lock:
            return inputs.planner.build(assumptions, change)

    def plan(self, assumptions: Assumptions, chosen: InputSet | None = None, *, cold: bool = False) -> Plan:
        """The plan under assumptions; `cold` solves it from nothing, as everything that is proposed is."""
        inputs = self.decided(chosen, assumptions) if chosen else self.input_set(assumptions)
        key = (inputs.key, _digest(list(assumptions.texts)))
        # Who asks for what is there does not wait for what others plan meanwhile.
        if not cold and (kept := self._plans.find(key)) is not None:
            return cast(Plan, kept)
        with inputs.lock:
            if cold:
                return Planner(inputs.inputs, inputs.forecast, inputs.planner.agreed).build(assumptions)
            return self._plans.get(key, lambda: inputs.planner.build(assumptions))

    def scenario_plan(self, scenario_id: int | None = None) -> Plan:
        """The plan of a scenario; of the working plan where none is named."""
        return self.plan(self.assumptions(scenario_id))

    def assumptions(self, scenario_id: int | None = None) -> Assumptions:
        """The values set in a scenario, as the engine takes them."""
        with self.store.read() as tx:
            return as_assumptions(read_entries(tx, scenario_id))

    def _made(self, found: _OpenCycle, run: Runner) -> InputSet:
        return self._set(found.data_key, found.decisions, lambda: self._load(found.cycle, found.company), run)

    def _set(self, data_key: str, decisions: Decisions, load: Callable[[], CompanyData], run: Runner) -> InputSet:
        """The kept input set of some data and decisions, else a new one; what is slow is done once at a time."""
        key = _key(data_key, decisions)

        def make() -> InputSet:
            data = next((found for found in self._sets.values() if found.data_key == data_key), None) or load()
            forecast = self._forecast(data, decisions, run)
            data = replace(data, inputs=with_prices(data.inputs, forecast))
            agreed = agreed_supply(data.agreed.plan if data.agreed else None, data.inputs)
            loaded = {spec.name: getattr(data, spec.name) for spec in fields(CompanyData)}
            planner = Planner(data.inputs, forecast, agreed)
            return InputSet(
                **loaded, key=key, data_key=data_key, decisions=decisions, forecast=forecast, planner=planner
            )

        with nullcontext() if key in self._sets else self._making:
            return self._sets.get(key, make)

    def _load(self, cycle: Cycle, company: CompanySettings) -> CompanyData:
        with self.store.read() as tx:
            tables, heads = read_current_tables(tx), read_heads(tx)
            record = read_agreed_plan(tx)
            agreed = None if record is None else self.recast(tx, record, calendar_of(company, cycle))
        calendar = calendar_of(company, cycle)
        sources = {name: head.sha256 for name, head in heads.items()}
        inputs = assemble(tables, calendar, company=company.name, currency=company.currency, sources=sources)
        rows = tuple(
            {"table": name, "sha256": head.sha256, "rows": head.row_count} for name, head in sorted(heads.items())
        )
        return CompanyData(cycle, company, inputs, agreed, rows)

    def _forecast(self, data: CompanyData, decisions: Decisions, run: Runner) -> StoredForecast:
        """The kept forecast of these sales, products and decisions, else a new one, which is kept."""
        key = self.forecast_key(data.inputs.calendar, data.inputs.sources, decisions)
        with self.store.read() as tx:
            kept = read_forecast(tx, key)
        if kept is not None:
            return kept
        return self.keep(key, forecast_company(data.inputs, decisions, run=run))

    def frozen(self, tx: Transaction, record: PlanRecord) -> FrozenPlan:
        """A plan that was proposed or agreed, read back; its content never changes, its record does."""
        kept = self._frozen.get(record.digest, lambda: read_back(record, read_plan_content(tx, record.id)))
        return replace(kept, record=record)

    def recast(self, tx: Transaction, record: PlanRecord, onto: Calendar | None = None) -> FrozenPlan:
        """The same in a calendar's periods, the open cycle's where none is named: so plans are compared."""
        calendar = calendar_of(read_company(tx), require_cycle(tx)) if onto is None else onto
        frozen = self.frozen(tx, record)
        if frozen.plan.calendar.bucket is calendar.bucket:
            return frozen
        key = ("recast", record.digest, calendar.bucket.key, calendar.fiscal_start, calendar.fiscal_week)
        return replace(self.memo.get(key, lambda: recast(frozen, calendar)), record=record)

    @staticmethod
    def forecast_key(calendar: Calendar, sources: Mapping[str, str], decisions: Decisions | None = None) -> str:
        """The digest of what a forecast rests on: months, sales, products, stock-outs, drivers and decisions.

        Holidays count where they are loaded, so that forecasts kept without them are found again.
        """
        months = [calendar.first_open, calendar.horizon, calendar.season_length]
        rests_on = [
            sources.get(name) for name in ("sales_actuals", "products", "inventory", "indicators", "events")
        ]
        days = [sources.get(name) for name in ("holidays", "regions")] if "holidays" in sources else []
        return _digest([_FORECAST, *months, *rests_on, *days, *_places(decisions or {})])

    def keep(self, key: str, forecast: StoredForecast) -> StoredForecast:
        """Keep a forecast under its key."""
        with self.store.write() as tx:
            keep_forecast(tx, key, forecast)
        return forecast


def _read_open(tx: Transaction, assumptions: Assumptions | None) -> _OpenCycle:
    """The open cycle, decided as these assumptions say; None: as the working plan does."""
    agreed = read_agreed_plan(tx)
    decided = as_assumptions(read_entries(tx)) if assumptions is None else assumptions
    return _OpenCycle(
        cycle=require_cycle(tx),
        company=read_company(tx),
        sources=read_digests(tx),
        agreed_digest=agreed.digest if agreed else None,
        decisions=decisions_of(decided),
    )


def read_entries(tx: Transaction, scenario_id: int | None = None) -> tuple[Entry, ...]:
    """The assumption values of a scenario; of the open cycle's working plan where none is named."""
    if scenario_id is None:
        scenario_id = read_working_scenario(tx, require_cycle(tx).first_open).id
    return read_assumptions(tx, read_scenario(tx, scenario_id).id)


def _key(data_key: str, decisions: Decisions) -> str:
    return _digest([data_key, _places(decisions)])


def _places(values: Mapping[tuple[str, str], float]) -> list[list[Any]]:
    return [[*place, value] for place, value in sorted(values.items())]


def _digest(parts: Any) -> str:
    return sha256_hex(json.dumps(parts, sort_keys=True))


class Told(Protocol):
    """An answer that can be kept as plain data."""

    def facts(self) -> Mapping[str, Any]: ...


Answer = TypeVar("Answer", bound=Told | None)


def answer(
    room: PlanningRoom,
    basis: str,
    assumptions: Assumptions,
    make: Callable[[], Answer],
    of_facts: Callable[[Mapping[str, Any]], Answer],
) -> Answer:
    """What `make` returned the first time anybody asked, read back by `of_facts`; None is not kept.

    `basis` and the assumptions must name everything that the answer rests on.
    """
    found = kept_answer(room, basis, assumptions, of_facts)
    if found is not None:
        return found
    made = make()
    if made is not None:
        with room.store.write() as tx:
            keep_result(tx, question_of(basis, assumptions), {}, made.facts())
    return made


def kept_answer(
    room: PlanningRoom, basis: str, assumptions: Assumptions, of_facts: Callable[[Mapping[str, Any]], Answer]
) -> Answer | None:
    """The same where somebody has asked before, else None."""
    question = question_of(basis, assumptions)

    def read() -> Answer | None:
        with room.store.read() as tx:
            kept = read_result(tx, question)
        return None if kept is None else of_facts(kept.facts)

    found: Answer | None = room.memo.find(("answer", question))
    if found is None and (found := read()) is not None:
        room.memo.get(("answer", question), lambda: found)
    return found


def question_of(basis: str, assumptions: Assumptions) -> str:
    """The digest under which the answer is kept."""
    return sha256_hex(f"{basis} {';'.join(assumptions.texts)}")


PATIENCE_SECONDS = 2.0
"""A forecast that is done by then is waited for rather than shown."""

Job = ForecastJob[InputSet]


def forecast_job(room: PlanningRoom, assumptions: Assumptions | None = None) -> InputSet | Job:
    """The input set of these assumptions (None: the working plan's), or the job that makes its forecast.

    A job that was stopped is given as it is; `restart_job` goes on with it. Raises what the forecast raised, and
    what `PlanningRoom.input_set` raises.
    """
    wanted = room.ready_set(assumptions)
    if isinstance(wanted, InputSet):
        return wanted
    with room.jobs_lock:
        job, is_new = room.jobs.get(wanted), wanted not in room.jobs
        job = job or _start(room, wanted, assumptions)
    try:
        return job.result(PATIENCE_SECONDS if is_new else 0)
    except (TimeoutError, Cancelled):
        return job
    finally:
        if not (job.running or job.stopped):
            with room.jobs_lock:
                room.jobs.pop(wanted, None)


def restart_job(room: PlanningRoom, assumptions: Assumptions | None = None) -> None:
    """Go on with a forecast that was stopped; what is done is kept."""
    wanted = room.missing_forecast(assumptions)
    if wanted is not None:
        with room.jobs_lock:
            _start(room, wanted, assumptions)


def _start(room: PlanningRoom, wanted: WantedForecast, assumptions: Assumptions | None) -> Job:
    for other, job in list(room.jobs.items()):
        if other.data_key != wanted.data_key:
            job.cancel()
            del room.jobs[other]
    room.jobs[wanted] = ForecastJob(room.store, lambda run: room.input_set(assumptions, run))
    return room.jobs[wanted]
