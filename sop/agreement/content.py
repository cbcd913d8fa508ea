"""What is signed: a plan's content as plain data, without clock, code version or signature.

The digest that people sign is taken over exactly this. Quantities are whole numbers or decimal texts, money
decimal texts, so that the same plan has the same bytes everywhere.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from sop.agreement.records import PlanRecord
from sop.core.calendar import Calendar, shift_period
from sop.core.inputs import Benefit, Event, Gate, Initiative, Inputs, Launch, PriceProof
from sop.core.money import exact
from sop.core.plan import Availability, HistoryCorrection, Plan, StoredForecast, Worst, plan_of_lines
from sop.core.register import REGISTER, Assumptions, Start, assumption
from sop.core.terms import PlanName

SCHEMA = "accord-plan/1"
Content = dict[str, Any]


def build_content(
    plan: Plan,
    inputs: Inputs,
    forecast: StoredForecast,
    assumptions: Sequence[Mapping[str, Any]],
    *,
    revision: int,
    sources: Sequence[Mapping[str, Any]],
    previous: str | None,
    summary: str,
    gate: Mapping[str, Any],
    decisions: Sequence[Mapping[str, Any]] = (),
    fictional: bool = False,
) -> Content:
    """The content of a plan that is proposed for signature.

    `assumptions`: rows with key, scope, value and reason. `sources`: table, sha256 and rows of every input.
    `previous`: digest of the agreed plan that this one follows, whose supply it keeps inside the fences.
    """
    calendar = plan.calendar
    return {
        "schema": SCHEMA,
        "company": {"name": plan.company, "currency": plan.currency, "fictional": fictional},
        "cycle": calendar.first_open,
        "revision": revision,
        "horizon": list(plan.months),
        "calendar": {
            "season_length": calendar.season_length,
            "frozen": calendar.frozen,
            "slushy": calendar.slushy,
            "fiscal_start": calendar.fiscal_start,
            **({"fiscal_week": calendar.fiscal_week} if calendar.fiscal_week else {}),
            **({"every": calendar.every} if calendar.every else {}),
        },
        "summary": summary,
        "headline": plan.headline_lines(),
        "plans": {
            name.value: {"available": a.available, "why": a.why, "unlock": list(a.unlock)}
            for name, a in plan.availability.items()
        },
        "lines": plan.lines,
        "forecast": forecast_content(forecast, inputs),
        "assumptions": [_assumption(row) for row in assumptions],
        "defaults": {entry.key: exact(entry.default) for entry in REGISTER if entry.default is not None},
        **strategy_content(inputs),
        "decisions": [dict(row) for row in decisions],
        "inputs": [dict(row) for row in sources],
        "gate": dict(gate),
        "previous": previous,
    }


def _assumption(row: Mapping[str, Any]) -> dict[str, Any]:
    entry = assumption(str(row["key"]))
    start, before = row.get("start"), row.get("before")
    return {
        "key": entry.key,
        "scope": str(row["scope"]),
        "value": exact(row["value"]),
        "unit": entry.unit,
        "owner": entry.owner.value,
        "reason": str(row.get("reason", "")),
        "label": entry.label,
        # Plans that were signed before values could start in a month have neither.
        **({"start": start} if start else {}),
        **({"before": exact(before)} if start and before is not None else {}),
    }


def assumptions_of(content: Mapping[str, Any]) -> Assumptions:
    """The assumptions that a content was planned with."""
    starts = {
        (row["key"], row["scope"]): Start(row["start"], None if "before" not in row else float(row["before"]))
        for row in content["assumptions"]
        if "start" in row
    }
    return Assumptions({(row["key"], row["scope"]): float(row["value"]) for row in content["assumptions"]}, starts)


def strategy_content(inputs: Inputs) -> dict[str, list[dict[str, Any]]]:
    """Launches, initiatives and events as they stood."""
    return {
        "launches": [_launch_content(launch, inputs) for launch in inputs.launches or ()],
        "initiatives": [_initiative_content(item, inputs.calendar) for item in inputs.initiatives or ()],
        "events": [_event_content(event) for event in inputs.events or ()],
    }


def _launch_content(launch: Launch, inputs: Inputs) -> dict[str, Any]:
    return {
        "launch": launch.name,
        "family": inputs.families.names[launch.family],
        "probability": exact(launch.probability),
        "peak_quantity": exact(launch.peak_units),
        "gates": _gates(launch.gates, inputs.calendar),
        **_launch_terms(launch, inputs),
    }


def _initiative_content(item: Initiative, months: Calendar) -> dict[str, Any]:
    return {
        "initiative": item.name,
        "goal": item.goal,
        "owner": item.owner,
        "budget": exact(item.budget),
        "spent": exact(item.spent),
        "confidence": exact(item.confidence),
        "milestones": _gates(item.milestones, months),
        "benefits": [_benefit(benefit, months) for benefit in item.benefits],
    }


def _event_content(event: Event) -> dict[str, Any]:
    return {
        "event": event.name,
        "title": event.title,
        "source": event.source,
        "use": event.use.value,
        "probability": exact(event.probability),
        "impact": exact(event.impact),
        "measure": event.measure,
        "scope": event.scope,
    }


def _gates(found: Iterable[Gate], months: Calendar) -> list[dict[str, Any]]:
    """Gates of a launch or milestones of an initiative, by month."""
    return [
        {
            "name": gate.name,
            "baseline": _month(months, gate.baseline),
            "forecast": _month(months, gate.forecast),
            "actual": None if gate.actual is None else _month(months, gate.actual),
        }
        for gate in found
    ]


def _launch_terms(launch: Launch, inputs: Inputs) -> dict[str, Any]:
    """What a launch's volume and cost rest on; plans that were signed before these were kept do not have them."""
    numbers, families = inputs.products.numbers, inputs.families.names
    return {
        "curve": launch.curve,
        "ramp_months": exact(launch.ramp_months),
        "like_product": None if launch.like is None else numbers[launch.like],
        "replaces": None if launch.replaces is None else numbers[launch.replaces],
        "phase_out_months": exact(launch.phase_out_months),
        "cannibalises": None if launch.cannibalises is None else families[launch.cannibalises],
        "cannibalisation_pct": exact(launch.cannibalisation_pct),
        "cost": exact(launch.cost),
        "spent": exact(launch.spent),
    }


def _benefit(benefit: Benefit, months: Calendar) -> dict[str, Any]:
    return {
        "measure": benefit.measure,
        "scope": benefit.scope,
        "amount": exact(benefit.amount),
        "unit": benefit.unit,
        "start_month": _month(months, benefit.start),
        "ramp_months": exact(benefit.ramp_months),
    }


def _month(calendar: Calendar, position: int) -> str:
    return shift_period(calendar.first_open, position)


_BANDS = ("mean", "lo80", "hi80", "lo95", "hi95", "product_mean")


def forecast_content(forecast: StoredForecast, inputs: Inputs) -> dict[str, Any]:
    """The stored forecast with its axes; numbers as exact decimal texts."""
    proven = [proof for proof in forecast.prices if proof.elasticity is not None]
    return {
        "first_open": forecast.first_open,
        "families": list(inputs.families.names),
        "regions": list(inputs.regions),
        "products": list(inputs.products.numbers),
        "method": list(forecast.method),
        "corrections": [
            {**asdict(found), "was": exact(found.was), "now": exact(found.now)} for found in forecast.corrections
        ],
        **{band: _texts(getattr(forecast, band)) for band in _BANDS},
        # Only what the plan rests on: a family of which nothing is proven is planned as before.
        **({"elasticity": {p.family: [exact(p.elasticity or 0.0), p.why] for p in proven}} if proven else {}),
    }


def _forecast(stored: Mapping[str, Any]) -> StoredForecast:
    """The stored forecast read back, number for number."""
    bands: dict[str, Any] = {band: np.array(stored[band], dtype=float) for band in _BANDS}
    return StoredForecast(
        first_open=stored["first_open"],
        method=tuple(stored["method"]),
        corrections=tuple(
            HistoryCorrection(**{**found, "was": float(found["was"]), "now": float(found["now"])})
            for found in stored["corrections"]
        ),
        prices=tuple(
            PriceProof(family, float(value), why) for family, (value, why) in stored.get("elasticity", {}).items()
        ),
        **bands,
    )


def _plan(content: Mapping[str, Any]) -> Plan:
    """The plan that was signed, read back from its lines."""
    money = {row["measure"] for row in content["headline"] if row["unit"] == content["company"]["currency"]}
    headline = {
        row["measure"]: None if row["value"] is None
        else round(float(row["value"]) * 100) if row["measure"] in money
        else float(row["value"])
        for row in content["headline"]
    }  # fmt: skip
    return plan_of_lines(
        content["lines"],
        Calendar(content["cycle"], len(content["horizon"]), **content["calendar"]),
        company=content["company"]["name"],
        currency=content["company"]["currency"],
        availability={
            PlanName(name): Availability(a["available"], a["why"], tuple(a["unlock"]))
            for name, a in content["plans"].items()
        },
        headline=headline,
        worst={
            row["measure"]: Worst(row["worst_family"], float(row["worst_value"]), row["worst_month"])
            for row in content["headline"]
            if "worst_family" in row
        },
    )


@dataclass(frozen=True)
class FrozenPlan:
    """A plan that was proposed or agreed, read back: its record, the plan, the forecast and the assumptions in it.

    `content`: all that was signed but the lines and the figures of the forecast, which `plan` and `forecast` hold.
    """

    record: PlanRecord
    content: Mapping[str, Any]
    plan: Plan
    forecast: StoredForecast
    assumptions: Assumptions

    @property
    def sources(self) -> dict[str, str]:
        """The digest of every table that it was made from, by name."""
        return {row["table"]: row["sha256"] for row in self.content["inputs"]}

    @property
    def reasons(self) -> dict[tuple[str, str], str]:
        """Why each of its assumptions was set, by key and scope."""
        return {(row["key"], row["scope"]): row["reason"] for row in self.content["assumptions"]}


def read_back(record: PlanRecord, data: bytes) -> FrozenPlan:
    """A frozen plan from its stored canonical bytes."""
    content = json.loads(data)
    names = {axis: tuple(content["forecast"][axis]) for axis in ("families", "regions", "products")}
    return FrozenPlan(
        record=record,
        content={**{k: v for k, v in content.items() if k != "lines"}, "forecast": names},
        plan=_plan(content),
        forecast=_forecast(content["forecast"]),
        assumptions=assumptions_of(content),
    )


def tables_since(content: Mapping[str, Any], now: Mapping[str, str]) -> tuple[str, ...]:
    """Tables whose content is not the one any more that a plan was made from. `now`: digest by table."""
    then = {row["table"]: row["sha256"] for row in content["inputs"]}
    return tuple(sorted(name for name in {*then, *now} if then.get(name) != now.get(name)))


def _texts(values: np.ndarray) -> list[Any]:
    """Nested lists of exact numbers (whole numbers stay whole)."""
    return [exact(value) for value in values.tolist()] if values.ndim == 1 else [_texts(row) for row in values]
