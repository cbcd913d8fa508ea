"""Commands that show the plan and the workspace: `plan` and `show`."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from sop.analysis.headline import headline_rows, why_and_remedy
from sop.analysis.people import PlantPeople, people_not_known, people_of, total
from sop.cli.plan_changes import changes_fields
from sop.cli.plan_gate import gate_fields, print_gate
from sop.cli.plan_money import money_fields, print_money
from sop.cli.plan_ranges import print_ranges, range_fields
from sop.cli.plan_service import print_service, service_fields
from sop.cli.terminal import add_command, opened, print_json, print_rows, print_step
from sop.core.calendar import worded
from sop.core.errors import BadInput
from sop.core.format import how_many, number
from sop.core.measures import Headline
from sop.core.money import MINOR
from sop.core.plan import Plan
from sop.core.terms import PLAN_TITLES
from sop.core.words import literal, short_digest
from sop.services.company.cycle import OWNER, Overview, read_overview
from sop.services.data.imports import read_table_states
from sop.store import Store
from sop.views.jump_words import jump_sentence
from sop.views.lead_time.late_now import late_now_text
from sop.views.measure_columns import headline_text, headline_unit, worst_text
from sop.views.price_words import elasticity_rows

if TYPE_CHECKING:
    from sop.analysis.jump import Jump
    from sop.services.planning.room import InputSet, PlanningRoom
    from sop.views.inputs_ranked import RankedInput, Restatements

_PLAN = """\
Build the working plan of the open cycle from what is loaded: the seven plans with what is missing and what
would unlock it, the horizon, the headline measures with their units, what may come of it, and what the gate says.

Ranges and chances rest on full re-plans, with --json on 1,000 of them, which take a while the first time;
SOP_DRAWS asks for another number."""

_SHOW = "Show the workspace: its cycle, what is loaded and how fresh it is, and every plan that was proposed."


def add_commands(commands: argparse._SubParsersAction) -> None:
    """Add `plan` and `show`."""
    for name, run, short, text in (
        ("plan", run_plan, "build the working plan and show what it says", _PLAN),
        ("show", run_show, "show the cycle, the data and the plans of the workspace", _SHOW),
    ):
        command = add_command(commands, name, run, short, text)
        command.add_argument("--json", action="store_true", help="print it as JSON")
        if name == "show":
            command.add_argument(
                "--rank", action="store_true", help="rank inputs by how much EBIT hangs on them (plans each end)"
            )


def run_plan(args: argparse.Namespace) -> int:
    """Build the working plan and show it."""
    # Loads the forecast libraries, for which commands that forecast nothing should not wait.
    from sop.analysis.performance.service import service_of
    from sop.services.agreement.gate_findings import working_gate
    from sop.services.analysis.decisions import value_decisions, value_limits
    from sop.services.analysis.drawing import FIRST, usual_draws
    from sop.services.analysis.outlook import read_drawn_page
    from sop.services.planning.forecasting import KeptForecasts
    from sop.services.planning.plan_context import read_facts
    from sop.services.planning.room import PlanningRoom

    with opened(args) as store:
        room = PlanningRoom(store, KeptForecasts(store))
        print_step("Building the plan; the first time after an import the forecast takes a while.")
        inputs = room.input_set()
        plan = room.scenario_plan()
        print_step("Valuing decisions and limits by planning again.")
        gate = working_gate(room, OWNER, inputs)
        valuation = value_decisions(room, inputs, room.assumptions())
        limits = value_limits(room, inputs, room.assumptions())
        print_step("Drawing what may come and planning for each draw.")
        draws = usual_draws() if args.json else min(FIRST, usual_draws())
        page = read_drawn_page(room, OWNER, inputs, draws)
        changes = changes_fields(room) if args.json else None
        service = service_of(inputs.inputs, plan, read_facts(room, inputs))
    if args.json:
        fields = (
            plan_fields(plan, inputs)
            | money_fields(valuation, limits, why_and_remedy(plan, "ebit"))
            | range_fields(page, plan)
        )
        prices = list(elasticity_rows(inputs.inputs, room.assumptions()))
        told = {"gate": gate_fields(gate), "changes": changes, "service": service_fields(service)}
        print_json(fields | told | {"price_elasticity": prices})
    else:
        print_plan(plan, inputs)
        print_service(service, late_now_text(inputs.inputs, None))
        print_money(plan, valuation, limits)
        print_ranges(page, plan)
        print_gate(gate)
    return 0


def plan_fields(plan: Plan, inputs: InputSet) -> dict[str, Any]:
    """The plan as plain fields: the seven plans, the horizon, the headline measures with units, the findings."""
    from sop.services.agreement.plan_acts import plan_summary

    return {
        "company": {"name": plan.company, "currency": plan.currency, "fictional": inputs.company.fictional},
        "cycle": plan.calendar.first_open,
        "summary": plan_summary(inputs, plan),
        "plans": {
            name.value: {"available": state.available, "why": state.why, "unlock": list(state.unlock)}
            for name, state in plan.availability.items()
        },
        "horizon": list(plan.months),
        "families": list(inputs.inputs.families.names),
        "regions": list(inputs.inputs.regions),
        "headline_months": [plan.months[0], plan.months[: plan.calendar.year][-1]],
        "headline": headline_rows(plan),
        "people": [each.fields(plan.months) for each in _people(plan, inputs)],
        "against_last_year": [jump.fields() for jump in _jumps(plan, inputs)],
        "findings": [finding.fields() for finding in plan.findings],
    }


def _people(plan: Plan, inputs: InputSet) -> tuple[PlantPeople, ...]:
    """Every plant with lines, with its people or why they are not known."""
    return (*people_of(plan), *people_not_known(plan, inputs.inputs))


def _jumps(plan: Plan, inputs: InputSet) -> tuple[Jump, ...]:
    """Twelve planned months against the last twelve, of the company and each family."""
    from sop.analysis.jump import jumps_of

    return jumps_of(inputs.inputs, plan, inputs.forecast)


def print_plan(plan: Plan, inputs: InputSet) -> None:
    """The plan for a reader: the message, the seven plans, the headline measures, the findings."""
    fields = plan_fields(plan, inputs)
    fictional = " (fictional)" if inputs.company.fictional else ""
    print(literal(f"{plan.company}{fictional}, cycle {plan.calendar.first_open}. {fields['summary']}"))
    apart = jump_sentence(_jumps(plan, inputs), None, plan.currency)
    if apart:
        print(literal(apart))
    print(worded(f"{how_many(len(plan.months), 'months')}, {plan.months[0]} to {plan.months[-1]}; "
          f"{how_many(len(fields['families']), 'families')}, "
          f"{how_many(len(fields['regions']), 'regions')}.", counted=True))  # fmt: skip
    print("\nThe seven plans")
    for name, state in plan.availability.items():
        why = f": {state.why}" if state.why else ""
        unlock = f" (to unlock: {', '.join(state.unlock)})" if state.unlock else ""
        print(f"  {PLAN_TITLES[name]:<22} {'available' if state.available else 'missing'}{why}{unlock}")
    print(f"\nHeadline, {plan.near_span}")
    for entry in plan.headline_measures:
        value, unit = plan.headline.get(entry.key), headline_unit(entry, plan.money)
        told = "not known" if value is None else how_many(headline_text(entry, value, plan.money), unit)
        worst = worst_text(entry, plan.worst.get(entry.key))
        definition = f"{worst}. {entry.definition}" if worst else entry.definition
        said = plan.why_unknown(entry.key) if value is None else definition
        print(f"  {entry.label:<22} {told:>18}   {said}")
    people = _people(plan, inputs)
    if people:
        print(f"\nPeople, next {plan.near_text}")
        year = plan.calendar.year
        rows = [
            (
                each.plant,
                each.opening,
                total(each.hires[:year]),
                total(each.releases[:year]),
                each.planned[:year][-1],
            )
            for each in people
        ]
        print_rows(
            ("plant", "employed now", "hires", "releases", f"in {plan.near_text}"),
            [(plant, *(_count(value) for value in counts)) for plant, *counts in rows],
        )
    for finding in plan.findings:
        print(literal(f"  {finding.level}: {finding}"))


def _count(value: float | None) -> str:
    return "not known" if value is None else number(value)


def run_show(args: argparse.Namespace) -> int:
    """Show the workspace."""
    with opened(args) as store:
        overview = read_overview(store, OWNER)
        states = [(state, version) for state, version in read_table_states(store)]
        # Load the forecast libraries.
        from sop.services.data.effort import read_restatements
        from sop.services.planning.room import PlanningRoom

        room = PlanningRoom(store)
        restated = read_restatements(room, OWNER)
        ranked = _rank(room) if args.rank else None
        if args.json:
            more = {
                "restated": None if restated is None else restated.fields(),
                "inputs": None if ranked is None else [asdict(each) for each in ranked[1]],
            }
            print_json(overview.fields() | {"tables": [state.fields() for state, _ in states]} | more)
        else:
            print_overview(overview, store)
            print("\nData")
            print_rows(
                ("table", "rows", "first", "last", "state", "from"),
                [
                    (s.table, s.rows, s.first_month, s.last_month, s.status, v.file_name if v else "")
                    for s, v in states
                ],
            )
            if restated is not None:
                _print_restated(restated)
            if ranked is not None:
                _print_ranked(*ranked)
    return 0


def _print_restated(restated: Restatements) -> None:
    """Closed months that tables tell otherwise than when the last plan was agreed."""
    print()
    print(literal(restated.sentence))
    moved = [(each.table, each.moved, each.file) for each in restated.tables]
    print_rows(
        ("table", "rows", "units", "money", "first", "last", "from"),
        [
            (name, each.rows, _signed(each.units), _signed(each.money), each.months[0], each.months[-1], file)
            for name, each, file in moved
        ],
    )


def _signed(value: float | None) -> str:
    return "" if value is None else f"{value:+,.0f}"


def _rank(room: PlanningRoom) -> tuple[Headline, tuple[RankedInput, ...]]:
    """The headline measure, EBIT where it is known, and the inputs by what they move it by."""
    from sop.services.data.effort import rank_inputs
    from sop.services.data.imports import read_data_state
    from sop.views.inputs_ranked import rank

    inputs = room.input_set()
    plan = room.plan(room.assumptions(), inputs)
    known = [entry for entry in plan.headline_measures if plan.headline.get(entry.key) is not None]
    if not known:
        raise BadInput("no headline measure is known yet", remedy="Import what the plan lacks, then rank again")
    entry = next((entry for entry in known if entry.key == "ebit"), known[0])
    print_step(f"Planning each input lower and higher, for what {entry.label} hangs on.")
    worth = rank_inputs(room, OWNER, inputs, entry.key)
    found = worth if isinstance(worth, tuple) else worth.result()
    return entry, rank(found, read_data_state(room.store, OWNER).tables)


def _print_ranked(entry: Headline, ranked: tuple[RankedInput, ...]) -> None:
    print()
    print(literal(f"Inputs by the most that they move {entry.label} by"))
    per = MINOR if entry.unit == "currency" else 1
    print_rows(
        ("input", "moves", "rests on", "warnings", "to look at"),
        [
            (each.name, f"{each.moves / per:,.2f}", ", ".join(each.tables), each.warnings, ", ".join(each.behind))
            for each in ranked
        ],
    )


def print_overview(overview: Overview, store: Store) -> None:
    """The company, its cycle and its plans."""
    fictional = " (fictional)" if overview.company.fictional else ""
    print(literal(f"{overview.company.name}{fictional}, {overview.company.currency}; data in {store.location}"))
    cycle = overview.cycle
    print(
        worded(
            f"Cycle {cycle.first_open}, planning {how_many(cycle.horizon, 'months')}, step {cycle.step}.",
            counted=True,
        )
    )
    if overview.plans:
        print("\nPlans proposed so far, the newest first")
    print_rows(
        ("number", "cycle", "revision", "state", "prepared by", "digest"),
        [(p.id, p.cycle, p.revision, p.state, p.prepared_by, short_digest(p.digest)) for p in overview.plans],
    )
