"""The company's profile and its plan cycle: opened for a first open month, stepped, closed, rolled forward."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from sop.agreement.cycle_steps import STEPS, CyclePlan, first_step, require_move
from sop.agreement.ground_rules import GroundRules
from sop.agreement.records import PlanRecord
from sop.core.calendar import (
    LONGEST_HORIZON,
    SHORTEST_HORIZON,
    WEEK,
    Calendar,
    bucket_named,
    bucket_of,
    first_day,
    in_order,
    is_frequency,
    is_open,
    is_period,
    is_up,
    last_day,
    next_cycle,
    not_a_period,
    periods_between,
    shift_period,
    taken_on,
)
from sop.core.errors import BadInput, Conflict, NotFound
from sop.core.lengths import require_length
from sop.core.terms import Role
from sop.services.acting import acting, reading
from sop.store import Store, Transaction
from sop.store.cycles import Cycle, add_cycle, close_cycle, read_current_cycle, read_cycles, save_step
from sop.store.data import read_frame, read_heads
from sop.store.plans import read_plans, read_signatures
from sop.store.scenarios import add_scenario, carry_scenarios, expire_assumptions, read_working_scenario
from sop.store.settings import read_people, read_setting, read_setting_at, save_person, save_setting
from sop.store.transaction import read_once

WORKING_TITLE = "Working plan"
_FIRST = (Role.ADMINISTRATOR, Role.COORDINATOR)
"""Whom a workspace has in which people sign in."""
OWNER = "coordinator"
"""Who acts on the command line: the person who loads data and runs the cycle."""


def initialise(
    store: Store, first_open: str, company: CompanySettings, names: Mapping[Role, str] | None = None
) -> Cycle:
    """Make a workspace ready: settings, its first people, and the first cycle.

    Those are the administrator, who adds everybody else, and the coordinator, as whom the command line acts; in a
    demo, a persona for each role. `names` of them, where they are not called by their role. Raises BadInput for a
    month that is none, Conflict where a cycle is open.
    """
    if not is_period(first_open):
        raise not_a_period(first_open)
    with store.write(by=OWNER, role=Role.COORDINATOR.value) as tx:
        current = read_current_cycle(tx)
        if current is not None:
            raise Conflict(
                f"the cycle {current.first_open} is open in this workspace",
                remedy="Close it with `python -m sop cycle close`, or use another workspace",
            )
        save_company(tx, company)
        if not read_people(tx):
            for role in Role if company.access == "demo" else _FIRST:
                save_person(tx, role.value, (names or {}).get(role, role.title), role.value)
        return open_cycle(tx, first_open, company)


def open_cycle(tx: Transaction, first_open: str, company: CompanySettings, copy_of: int | None = None) -> Cycle:
    """A new cycle with its working plan, which starts from another scenario's values where one is named.

    Of those values, what was meant to hold only until an earlier cycle is left out.
    """
    cycle = add_cycle(tx, first_open, company.horizon, first_step(read_cycle_plan(tx).steps))
    working = add_scenario(tx, first_open, WORKING_TITLE, "working", copy_of=copy_of)
    expire_assumptions(tx, working.id, first_open)
    return cycle


def close_and_roll(store: Store, person_id: str) -> Cycle:
    """Close the open cycle and open the next month; the working plan's assumptions carry over.

    The actuals of the month that becomes history are imported afterwards: until then the month is open. Raises
    Conflict where the cycle that ends had not even its own history, and NotAllowed.
    """
    with acting(store, person_id, "run_cycle") as tx:
        return roll_forward(tx)


def roll_forward(tx: Transaction) -> Cycle:
    """`close_and_roll` within a transaction of who may run the cycle."""
    cycle = require_cycle(tx)
    last = shift_period(cycle.first_open, -1)
    if not has_sales(tx, last):
        raise Conflict(
            f"sales of {last} are not loaded",
            why="they are the history of the cycle that would be closed",
            remedy=f"Import sales_actuals until {last}, then close the cycle",
        )
    working, company = read_working_scenario(tx, cycle.first_open), read_company(tx)
    close_cycle(tx, cycle.first_open)
    company, following = following_cycle(company, cycle.first_open)
    if company != read_company(tx):
        save_company(tx, company)
    opened = open_cycle(tx, following, company, copy_of=working.id)
    carry_scenarios(tx, cycle.first_open, opened.first_open)
    return opened


def following_cycle(company: CompanySettings, first_open: str) -> tuple[CompanySettings, str]:
    """The company's settings in the cycle after one, and its first open period."""
    following = next_cycle(first_open, company.every)
    return _recast(company, following) if company.next_calendar else (company, following)


def closing(company: CompanySettings, first_open: str) -> tuple[str, ...]:
    """The periods that close with a cycle: one, or as many as its frequency spans."""
    return periods_between(first_open, shift_period(next_cycle(first_open, company.every), -1))


def _recast(company: CompanySettings, first_open: str) -> tuple[CompanySettings, str]:
    """The company in its next calendar, as many months ahead as before, and that calendar's first open period."""
    old, new = bucket_of(first_open), bucket_named(company.next_calendar, company.fiscal_start)
    more = new.a_month / old.a_month
    horizon = min(max(round(company.horizon * more), SHORTEST_HORIZON), LONGEST_HORIZON)
    slushy = min(max(round(company.slushy * more), 1), horizon) if company.slushy else 0
    every = company.every if is_frequency(company.every, new) else ""
    found = replace(
        company,
        horizon=horizon,
        frozen=min(max(round(company.frozen * more), 1), slushy) if company.frozen else 0,
        slushy=slushy,
        fiscal_week=company.fiscal_week if new is WEEK else 0,
        every=every,
        next_calendar="",
    )
    return found, taken_on(first_open, new)


def has_sales(tx: Transaction, period: str) -> bool:
    """Whether the sales of a period are loaded: by a row of it, or of a longer one that ends in it or later."""
    head = read_heads(tx).get("sales_actuals")
    if head is None:
        return False
    known = in_order(read_frame(tx, head.id)["month"].dropna().unique())
    return period in known or (bool(known) and last_day(known[-1]) >= last_day(period))


def move_to_step(store: Store, person_id: str, step: str) -> Cycle:
    """Move the open cycle to a step. Raises BadInput for one that is not in use, and Conflict for a step back
    under a plan that people signed."""
    with acting(store, person_id, "run_cycle") as tx:
        cycle = require_cycle(tx)
        require_move(step, steps_in_use(tx), cycle.step, _signers(tx, cycle.first_open))
        return save_step(tx, cycle.first_open, step)


@read_once
def steps_in_use(tx: Transaction) -> tuple[str, ...]:
    """The steps that this company uses: those it switched on, none where it switched all off.

    Where it has never said which, all once it has moved any of its cycles on.
    """
    if read_setting(tx, "cycle_plan") is not None:
        return read_cycle_plan(tx).steps
    return STEPS if any(cycle.step != STEPS[0] for cycle in read_cycles(tx)) else ()


@read_once
def read_cycle_plan(tx: Transaction) -> CyclePlan:
    """The steps that were switched on with their days; none where nothing was set."""
    return CyclePlan(**read_setting(tx, "cycle_plan", {}))


def require_in_time(tx: Transaction, role: Role | str) -> None:
    """Raises Conflict where the working plan takes no more edits of a role: the cut-off is past.

    The CEO still edits, and decisions still move it; owners too where the ground rules say so.
    """
    cycle, plan, rules = require_cycle(tx), read_cycle_plan(tx), read_ground_rules(tx)
    late = plan.is_late(cycle.first_open, tx.at[:10])
    if not late or Role(role) is Role.EXECUTIVE or (rules.late_edits == "owners" and Role(role).function):
        return
    raise Conflict(
        f"edits of the working plan ended on {plan.cut_off_day(cycle.first_open)}",
        why="the ground rules leave it to decisions and to the CEO after the cut-off",
        remedy="Bring it to the meeting as a decision, or try it in a private scenario",
    )


def _signers(tx: Transaction, first_open: str) -> list[str]:
    plans = [plan for plan in read_plans(tx, first_open) if plan.state in ("proposed", "agreed")]
    return [signature.name for plan in plans for signature in read_signatures(tx, plan.id)]


def current_cycle(store: Store, person_id: str) -> Cycle:
    """The open cycle. Raises NotFound."""
    with reading(store, person_id) as tx:
        return require_cycle(tx)


@dataclass(frozen=True)
class Overview:
    """Company, open cycle and plans, the newest plan first."""

    company: CompanySettings
    cycle: Cycle
    plans: tuple[PlanRecord, ...]

    def fields(self) -> dict[str, Any]:
        """The same as plain fields, for JSON."""
        return {
            "company": asdict(self.company),
            "cycle": asdict(self.cycle),
            "plans": [asdict(plan) for plan in self.plans],
        }


def read_overview(store: Store, person_id: str) -> Overview:
    """What the workspace holds. Raises NotFound before the first cycle and NotAllowed."""
    with reading(store, person_id) as tx:
        return Overview(read_company(tx), require_cycle(tx), tuple(reversed(read_plans(tx))))


SINGLE_MONTHS = (0, 1, 3, 6, 12, 24)
"""Of how many planned months a sheet may show each period: 0 as the calendar has it, a quarter of weeks."""


@dataclass(frozen=True)
class CompanySettings:
    """What holds for every cycle of a workspace.

    `horizon`, `frozen`, `slushy`: periods of the calendar from the first open one on. `fiscal_start`,
    `fiscal_week`: as in the calendar. `every`: how often a cycle closes, one of `FREQUENCIES`;
    empty after each period. `next_calendar`: the key of the bucket from the next cycle on; empty as it is.
    `seldom`: families that are reviewed each quarter only; `often`: those that are an exception between cycles
    once their orders leave their range.
    `access`: how people sign in (`sop.services.access.mode`); `demo` lets anybody on this
    machine choose a persona, of a fictional company alone. `number_style`: how figures and days are written, a key
    of `sop.core.format.STYLES`; `large_type`: larger type on the wide screen of a meeting room.
    `single_months`: of how many planned months sheets show each period, one of `SINGLE_MONTHS`.
    """

    name: str = "Our company"
    currency: str = "EUR"
    fictional: bool = False
    horizon: int = 24
    frozen: int = 1
    slushy: int = 3
    fiscal_start: int = 1
    access: str = "demo"
    fiscal_week: int = 0
    every: str = ""
    number_style: str = "iso"
    large_type: bool = False
    next_calendar: str = ""
    seldom: tuple[str, ...] = ()
    often: tuple[str, ...] = ()
    single_months: int = 0


def require_currency(code: str) -> None:
    """Raises BadInput where a currency is not written as its three capital letters."""
    if not re.fullmatch("[A-Z]{3}", code):
        raise BadInput(f"'{code}' is no currency", remedy="Give its three letters, such as EUR")


@read_once
def read_company(tx: Transaction) -> CompanySettings:
    """The company's settings; defaults where nothing was set."""
    found = read_setting(tx, "company", {})
    return CompanySettings(**{**found, **{name: tuple(found.get(name, ())) for name in ("seldom", "often")}})


def save_company(tx: Transaction, company: CompanySettings) -> None:
    """Keep the company's settings. Raises BadInput for a name that is too long."""
    require_length(company.name, "name")
    save_setting(tx, "company", asdict(company))


@read_once
def read_ground_rules(tx: Transaction, at: str | None = None) -> GroundRules:
    """The ground rules, those of an instant `at` (UTC text) where it is named; CEO mode with every function where
    nothing was set."""
    found = read_setting(tx, "ground_rules", {}) if at is None else read_setting_at(tx, "ground_rules", at)
    return GroundRules(**{**found, "functions": tuple(found["functions"])}) if found else GroundRules()


def calendar_of(company: CompanySettings, cycle: Cycle) -> Calendar:
    """The calendar of a cycle under the company's settings."""
    return Calendar(
        cycle.first_open,
        cycle.horizon,
        frozen=company.frozen,
        slushy=company.slushy,
        fiscal_start=company.fiscal_start,
        fiscal_week=company.fiscal_week,
        every=company.every,
    )


def not_up(tx: Transaction) -> tuple[str, ...]:
    """Families that are not reviewed in the open cycle: they are up in the first cycle of each quarter."""
    cycles = [cycle.first_open for cycle in read_cycles(tx)]
    current = require_cycle(tx).first_open
    earlier = [first for first in cycles if is_open(current, first) and first != current]
    before = max(earlier, key=first_day) if earlier else None
    return () if is_up(current, before, "quarter") else read_company(tx).seldom


def require_cycle(tx: Transaction) -> Cycle:
    """The open cycle. Raises NotFound with the remedy where there is none."""
    cycle = read_current_cycle(tx)
    if cycle is None:
        raise NotFound("no cycle is open", remedy="Open one with `python -m sop init --cycle YYYY-MM`")
    return cycle
