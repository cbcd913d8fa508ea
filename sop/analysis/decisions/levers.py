"""Which assumptions of the register can move a company's plan, and where each of them stands.

The Scenarios page draws one slider per `Lever`. Company-wide levers come from the register; beside them stand
the narrow ones that matter now: lines that are full, launches to come, initiatives, events used in the plan.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from sop.analysis.ranges.risk_sizes import ESTIMATES, estimated, size_of
from sop.core.calendar import period_name
from sop.core.inputs import Capacity, ExtraHours, Inputs
from sop.core.measures import FULL
from sop.core.override_scopes import read_override_scope
from sop.core.plan import Plan
from sop.core.register import EVENT_USES, REGISTER, Assumption, Assumptions, assumption, use_of
from sop.core.terms import EventUse, Function
from sop.demand.working_days import CALENDAR
from sop.finance.financing import last_dividend, realised_tax_rate
from sop.finance.working_capital import realised_days

_FULL_MONTHS, _FULL_LINES = 3, 2
_TO_STOCK = (
    "service_level",
    "service_measure",
    "replenishment_days",
    "replenishment_sd_days",
    "stock_above_safety",
)
_TO_ORDER = ("standard_lead_time_days", "lead_time_target_days")
_WIDE = ("company", "family", "plant", "resource", "material")


@dataclass(frozen=True)
class Lever:
    """One assumption at one scope: where it stands, where it stands without an entry, and what it applies to
    (not-a-number where neither the tables nor the register say it).

    `name`: what the scope is called on screen, empty for the whole company. `value` and `default` are in inside
    units. `mixed`: the company's tables hold different values below this scope, of which `default` is the mean.
    `narrower`: how many entries for single families, lines and so on win over this one.
    """

    entry: Assumption
    scope: str
    name: str
    value: float
    default: float
    is_set: bool
    mixed: bool = False
    narrower: int = 0

    @property
    def place(self) -> tuple[str, str]:
        """The register's key and the scope: how an entry is stored."""
        return self.entry.key, self.scope

    @property
    def is_known(self) -> bool:
        """Whether the tables, the register or somebody says it."""
        return self.value == self.value

    def off_by(self, size: float) -> tuple[float, float]:
        """The values that are lower and higher by a size, within the range."""
        return max(self.entry.low, self.value - size), min(self.entry.high, self.value + size)


def plausible_size(inputs: Inputs, assumptions: Assumptions, lever: Lever, demand: float) -> float:
    """By how much a lever may plausibly come out otherwise: one standard deviation where one is known or assumed,
    else what its owner calls plausible, else a step. `demand`: of twelve months' demand, as a share of it.
    """
    entry = lever.entry
    if entry.key == "demand_pct":
        return demand or entry.step
    if isinstance(entry.plausible, str):
        narrow = lever.scope if assumption(entry.plausible).scope == entry.scope else ""
        return size_of(entry.plausible, assumptions, inputs, narrow) or entry.step
    return entry.plausible or entry.step


def build_levers(
    inputs: Inputs, assumptions: Assumptions, now: Plan, scopes: dict[Function, str] | None = None
) -> dict[Function, tuple[Lever, ...]]:
    """The levers of each function; functions without one are left out.

    `now`: the plan that says which lines are full. `scopes`: the family, plant, line or material that a function
    looks at; its company-wide levers are then replaced by those of that scope.
    """
    chosen = scopes or {}
    narrow = list(narrow_places(inputs, assumptions, now))
    found: dict[Function, tuple[Lever, ...]] = {}
    for owner in Function:
        places = _wide_places(inputs, owner, chosen.get(owner, ""))
        places += [p for p in narrow if assumption(p[0]).owner is owner and p not in places]
        if places:
            found[owner] = tuple(build_lever(inputs, assumptions, *place) for place in places)
    return found


def build_lever(inputs: Inputs, assumptions: Assumptions, key: str, scope: str = "") -> Lever:
    """One lever. Raises NotFound for an unknown key."""
    entry = assumption(key)
    below = [scope] if scope else scope_names(inputs, entry) or [""]
    wider = Assumptions({(k, s): v for (k, s), v in assumptions.items() if (k, s) == (key, "") != (key, scope)})
    told = [wider.known(key, name, table_value(inputs, key, name)) for name in below]
    default = [each for each in told if each is not None] or [np.nan]
    is_set = (key, scope) in assumptions
    return Lever(
        entry=entry,
        scope=scope,
        name=scope_title(inputs, entry, scope),
        value=assumptions[key, scope] if is_set else float(np.mean(default)),
        default=float(np.mean(default)),
        is_set=is_set,
        mixed=max(default) - min(default) > 1e-9,
        narrower=0 if scope else sum(k == key and s != "" for k, s in assumptions),
    )


def changed_levers(inputs: Inputs, was: Assumptions, now: Assumptions) -> tuple[tuple[Lever, Lever], ...]:
    """Levers that stand elsewhere in one set of assumptions than in another, as (was, now)."""
    places = sorted(place for place in {*was, *now} if was.get(place) != now.get(place))
    return tuple((build_lever(inputs, was, *place), build_lever(inputs, now, *place)) for place in places)


def scope_choices(inputs: Inputs, owner: Function) -> tuple[tuple[str, str], ...]:
    """What a function's levers can be narrowed to, as (scope, name on screen) in the order of the register."""
    found = {
        scope: scope_title(inputs, entry, scope)
        for entry in REGISTER
        if _is_wide(inputs, entry) and entry.owner is owner
        for scope in scope_names(inputs, entry)
    }
    return tuple(found.items())


def scope_names(inputs: Inputs, entry: Assumption) -> list[str]:
    """The scopes of an entry below the whole company, as far as the company has them."""
    capacity = inputs.capacity
    match entry.scope:
        case "family":
            return _families_of(inputs, entry.key)
        case "plant":
            return list(capacity.plants.names) if capacity else []
        case "resource":
            return [*capacity.lines, *capacity.shared] if capacity else []
        case "material":
            return list(inputs.materials.names) if inputs.materials else []
        case "driver":
            return [*(indicator.name for indicator in inputs.indicators or ()), CALENDAR]
        case _:
            return []


def _families_of(inputs: Inputs, key: str) -> list[str]:
    """Planning families on which an entry has an effect."""
    families = inputs.families
    if key in _TO_STOCK + _TO_ORDER:
        waits = key in _TO_ORDER
        return [name for name, order in zip(families.names, families.made_to_order, strict=True) if order == waits]
    if key in ("subcontract_pct", "subcontract_lead_months") and inputs.subcontract is not None:
        offered = np.nan_to_num(inputs.subcontract.limit).sum(axis=1) > 0
        return [name for name, some in zip(families.names, offered, strict=True) if some]
    return list(families.names)


def scope_title(inputs: Inputs, entry: Assumption, scope: str) -> str:
    """What a scope is called on screen; lines have a name beside their code, scopes of several parts commas."""
    capacity = inputs.capacity
    if entry.scope == "resource" and capacity:
        names = dict(zip(capacity.lines, capacity.line_names, strict=True))
        names |= dict(zip(capacity.shared, capacity.shared_names, strict=True))
        return names.get(scope, scope)
    override = read_override_scope(scope) if entry.scope == "family_month" else None
    if override is not None:
        return f"{override.place}, {period_name(override.month)}"
    return scope.replace("|", ", ")


def table_value(inputs: Inputs, key: str, scope: str) -> float | None:
    """What the company's tables say for a scope; None where they say nothing."""
    if key in ESTIMATES:
        return estimated(key, inputs)
    told = _TOLD.get(key)
    return told(inputs).get(scope) if told else None


Told = Mapping[str, float]
"""What a table says, by scope."""


def _by_family(column: str) -> Callable[[Inputs], Told]:
    return lambda inputs: _zipped(inputs.families.names, getattr(inputs.families, column).tolist())


def _by_plant(column: str) -> Callable[[Inputs], Told]:
    def told(inputs: Inputs) -> Told:
        plants = inputs.capacity.plants if inputs.capacity else None
        return _zipped(plants.names, getattr(plants, column).tolist()) if plants else {}

    return told


def _of_company(value: Callable[[Inputs], float | None]) -> Callable[[Inputs], Told]:
    return lambda inputs: {} if (found := value(inputs)) is None else {"": found}


def _zipped(names: Iterable[str], values: Iterable[float]) -> Told:
    return dict(zip(names, values, strict=True))


def _told_targets(inputs: Inputs) -> Told:
    """Lead time targets of the table, and the standard lead time where it has none."""
    families = inputs.families
    target, standard = families.target_lead_time_days, families.standard_lead_time_days
    return _zipped(families.names, np.where(np.isfinite(target), target, standard).tolist())


def _extra_prices(inputs: Inputs) -> Told:
    """The dearest price of an hour that can be bought, by resource."""
    found = {}
    for name, extra, row in _extra_hours(inputs.capacity):
        known = np.array([]) if extra is None else extra.price[row][np.isfinite(extra.price[row])]
        found[name] = float(known.max(initial=-np.inf)) if known.size else np.nan
    return found


def _extra_leads(inputs: Inputs) -> Told:
    """The lead time of hours that can be bought, by resource."""
    hours = _extra_hours(inputs.capacity)
    return {name: np.nan if extra is None else float(extra.lead_months[row]) for name, extra, row in hours}


def _extra_hours(capacity: Capacity | None) -> Iterable[tuple[str, ExtraHours | None, int]]:
    """Each resource with what the capacity table says of hours bought for it, and its row there."""
    if capacity is not None:
        for names, extra in ((capacity.lines, capacity.line_extra), (capacity.shared, capacity.shared_extra)):
            yield from ((name, extra, row) for row, name in enumerate(names))


def _subcontract_leads(inputs: Inputs) -> Told:
    leads = None if inputs.subcontract is None else inputs.subcontract.lead_months
    return {} if leads is None else _zipped(inputs.families.names, leads.tolist())


def _spot_premiums(inputs: Inputs) -> Told:
    return _zipped(inputs.materials.names, inputs.materials.spot_premium.tolist()) if inputs.materials else {}


_TOLD: Mapping[str, Callable[[Inputs], Told]] = {
    "service_level": _by_family("service_level"),
    "standard_lead_time_days": _by_family("standard_lead_time_days"),
    "lead_time_target_days": _told_targets,
    "price_elasticity": lambda inputs: inputs.elasticity,
    "event_use": lambda inputs: {event.name: EVENT_USES.index(event.use) for event in inputs.events or ()},
    "event_probability": lambda inputs: {event.name: event.probability for event in inputs.events or ()},
    "initiative_confidence": lambda inputs: {item.name: item.confidence for item in inputs.initiatives or ()},
    "launch_probability": lambda inputs: {launch.name: launch.probability for launch in inputs.launches or ()},
    "dso_days": _of_company(lambda inputs: realised_days(inputs, "receivables")),
    "dpo_days": _of_company(lambda inputs: realised_days(inputs, "payables")),
    "tax_rate": _of_company(realised_tax_rate),
    "dividend": _of_company(last_dividend),
    "overtime_share": _by_plant("overtime_limit_pct"),
    "labour_rate": _by_plant("labour_rate"),
    "hire_cost": _by_plant("hire_cost"),
    "release_cost": _by_plant("release_cost"),
    "min_people": _by_plant("min_people"),
    "notice_months": _by_plant("notice_months"),
    "hire_lead_months": _by_plant("hire_lead_months"),
    "releases_allowed": _by_plant("releases_allowed"),
    "extra_hour_price": _extra_prices,
    "extra_lead_months": _extra_leads,
    "subcontract_lead_months": _subcontract_leads,
    "spot_premium": _spot_premiums,
}
"""Where a table says an assumption, by key: what is said, worked out only for the one that is asked for."""


def narrow_places(inputs: Inputs, assumptions: Assumptions, now: Plan) -> Iterable[tuple[str, str]]:
    """Places of narrow levers that matter now: full lines, launches to come, initiatives, events in the plan."""
    for line in full_lines(now):
        yield "capacity_pct", line
    for launch in inputs.launches or ():
        gate = launch.market_gate
        if gate is not None and gate.actual is None:
            yield "launch_slip_months", launch.name
            yield "launch_volume_pct", launch.name
    for event in inputs.events or ():
        if use_of(event, assumptions) is EventUse.PLAN:
            yield "event_probability", event.name
    for initiative in inputs.initiatives or ():
        yield "initiative_confidence", initiative.name


def full_lines(plan: Plan) -> tuple[str, ...]:
    """Lines that are full for three months or more of the next twelve, the fullest first, at most two."""
    if "utilisation" not in plan:
        return ()
    full = (plan["utilisation"][:, : plan.calendar.year] >= FULL).sum(axis=1)
    order, long = (
        sorted(range(len(full)), key=lambda line: -full[line]),
        round(plan.calendar.in_periods(_FULL_MONTHS)),
    )
    names = plan.names("utilisation")
    return tuple(names[line] for line in order[:_FULL_LINES] if full[line] >= long)


def _wide_places(inputs: Inputs, owner: Function, scope: str) -> list[tuple[str, str]]:
    entries = [entry for entry in REGISTER if _is_wide(inputs, entry) and entry.owner is owner]
    narrowed = [entry.key for entry in entries if scope and scope in scope_names(inputs, entry)]
    return [(key, scope) for key in narrowed] or [(entry.key, "") for entry in entries]


def _is_wide(inputs: Inputs, entry: Assumption) -> bool:
    """Whether an entry has a slider for the whole company, and something in this company that it can move."""
    return entry.slider and entry.scope in _WIDE and entry.default is not None and can_move(inputs, entry.key)


def can_move(inputs: Inputs, key: str) -> bool:
    """Whether the data that an entry works on are loaded."""
    capacity, stock = inputs.capacity, inputs.position.inventory is not None
    people = capacity is not None and capacity.people_max is not None and inputs.position.people is not None
    needs = {
        "capacity_pct": capacity is not None,
        "extra_hours_pct": capacity is not None,
        "extra_hour_price": capacity is not None,
        "extra_lead_months": capacity is not None,
        "subcontract_lead_months": inputs.subcontract is not None and stock,
        "spot_premium": inputs.materials is not None and stock,
        "overtime_share": people,
        "people_pct": people,
        "releases_allowed": people,
        "subcontract_pct": inputs.subcontract is not None and stock,
        "supply_pct": inputs.materials is not None and stock,
        "supply_strategy": stock,
        "service_level": stock,
        "stock_above_safety": stock,
        "carrying_rate": stock,
        "operating_cost_pct": inputs.ledger is not None,
        "dso_days": "cash" in inputs.position.balances,
        "dpo_days": "cash" in inputs.position.balances,
    }
    return needs.get(key, True)
