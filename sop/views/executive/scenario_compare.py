"""Scenarios side by side: the message, the small multiples and the table, as plain figures.

Money in minor units, lead time in days, shares as fractions; None where a plan has no such figure.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from sop.analysis.decisions.levers import Lever
from sop.analysis.decisions.robust import break_even
from sop.analysis.decisions.targets import GapTarget
from sop.analysis.headline import lead_time_by_month, on_time_by_month, values_of
from sop.core.format import how_many, number
from sop.core.measures import HEADLINES, Unit
from sop.core.money import MINOR
from sop.core.plan import Plan, Worst
from sop.core.register import Assumptions
from sop.views.executive.plan_message import unknown_sentence

Headline = Mapping[str, float | int | None]
Months = tuple[float | None, ...]
Words = Callable[[float | int], str]


@dataclass(frozen=True)
class Panel:
    """One small multiple: a measure of a scenario and of the agreed plan by month of the scenario's horizon.

    `form`: a flow stands as columns, a level as a line. `limit` in the measure's unit.
    """

    key: str
    label: str
    unit: Unit
    form: Literal["flow", "level"]
    scenario: Months
    agreed: Months
    limit: float | None = None


@dataclass(frozen=True)
class ScenarioFigures:
    """One row of the table of scenarios: its name, its headline measures, and what they differ from the reference.

    `differences` is empty for the reference itself; `current` marks the scenario that is looked at.
    """

    name: str
    headline: Headline
    differences: Headline
    current: bool = False
    worst: Mapping[str, Worst] = field(default_factory=dict)


@dataclass(frozen=True)
class LeverWorth:
    """What a lever at `low` and at `high` changes in one headline measure: `down` and `up`.

    `turns`: its value beyond which a target is missed, or reached where it is missed now; None where nowhere.
    """

    lever: Lever
    down: float
    up: float
    low: float
    high: float
    turns: float | None = None


# -- small multiples


def build_panels(
    plan: Plan, agreed: Plan | None, made_to_order: Sequence[str], minimum_cash: float | None = None
) -> tuple[Panel, ...]:
    """The small multiples of a scenario; what the plan has no figures for is left out.

    `minimum_cash` in currency. Months that the agreed plan does not cover stay empty.
    """
    cash_limit = None if not minimum_cash else minimum_cash * MINOR
    drawn: list[tuple[str, str, Unit, Literal["flow", "level"], Callable[[Plan], Months | None], float | None]] = [
        ("revenue", "Revenue", "currency", "flow", _line("total_revenue"), None),
        ("gross_margin", "Gross margin", "currency", "flow", _line("gross_margin"), None),
        ("ebit", "EBIT", "currency", "flow", _line("ebit"), None),
        ("load", f"{tightest_line(plan)} load", "fraction", "level", _load(tightest_line(plan)), 1.0),
        ("cash", plan.label("cash"), "currency", "level", _line("cash"), cash_limit),
        ("inventory", "Inventory", "currency", "level", _line("stock_value"), None),
        ("lead_time", "Customer lead time", "days", "level", _lead_time(made_to_order), None),
        ("on_time", "On time in full", "fraction", "level", _on_time, None),
    ]
    panels = []
    for key, label, unit, form, read, limit in drawn:
        own = read(plan)
        if own is not None:
            theirs = _on_months(plan, agreed, None if agreed is None else read(agreed))
            panels.append(Panel(key, label, unit, form, own, theirs, limit))
    return tuple(panels)


def missing_panels(plan: Plan, panels: Sequence[Panel]) -> str:
    """The headline measures that this plan has no figures for, and why; empty where it has all."""
    shown = {panel.key for panel in panels}
    return unknown_sentence({e.key: e.label for e in plan.headline_measures if e.key not in shown}, plan)


def tightest_line(plan: Plan) -> str:
    """The line with the highest utilisation over the next twelve months; empty without capacity."""
    if "utilisation" not in plan:
        return ""
    used = np.nan_to_num(plan["utilisation"][:, : plan.calendar.year]).mean(axis=1)
    return plan.names("utilisation")[int(used.argmax())]


def _line(key: str) -> Callable[[Plan], Months | None]:
    return lambda plan: _months(plan[key]) if key in plan else None


def _load(line: str) -> Callable[[Plan], Months | None]:
    def read(plan: Plan) -> Months | None:
        names = plan.names("utilisation")
        return _months(plan["utilisation"][names.index(line)]) if line in names else None

    return read


def _lead_time(made_to_order: Sequence[str]) -> Callable[[Plan], Months | None]:
    def read(plan: Plan) -> Months | None:
        chosen = np.array([name in made_to_order for name in plan.names("consensus_demand")])
        days = lead_time_by_month(values_of(plan), chosen, plan.calendar.year)
        return None if days is None else _months(days)

    return read


def _on_time(plan: Plan) -> Months | None:
    share = on_time_by_month(values_of(plan))
    return None if share is None else _months(share)


def _months(values: NDArray[np.generic]) -> Months:
    return tuple(float(value) if np.isfinite(value) else None for value in values.astype(float))


def _on_months(plan: Plan, base: Plan | None, values: Months | None) -> Months:
    """Values of a base plan on this plan's months."""
    if base is None or values is None:
        return (None,) * len(plan.months)
    known = dict(zip(base.months, values, strict=True))
    return tuple(known.get(month) for month in plan.months)


# -- table and message


def build_rows(
    named: Sequence[tuple[str, Headline]],
    reference: str,
    current: str,
    worst: Mapping[str, Mapping[str, Worst]] | None = None,
) -> tuple[ScenarioFigures, ...]:
    """The table of scenarios: each with its difference to the one named `reference`, whose own row has none.

    `worst`: by name of the scenario, who stands behind its measures of service worst.
    """
    base = next((headline for name, headline in named if name == reference), {})
    return tuple(
        ScenarioFigures(
            name,
            headline,
            {} if name == reference else differences(headline, base),
            name == current,
            (worst or {}).get(name, {}),
        )
        for name, headline in named
    )


def differences(now: Headline, base: Headline) -> dict[str, float | None]:
    """Headline measure by measure now − base; None where either has no figure."""
    return {entry.key: _minus(now.get(entry.key), base.get(entry.key)) for entry in HEADLINES}


def scenario_message(
    name: str, now: Headline, reference: Headline, reference_name: str, agreed: Headline, money: Words, near: str
) -> str:
    """What a scenario brings against the reference, and where it stands against the agreed plan.

    `money` writes minor units with their unit; `reference` empty where the scenario is the reference itself.
    """
    change = differences(now, reference)
    parts = [
        text
        for text in (
            _moved(change["revenue"], "revenue", money),
            _moved(_first_known(change, "ebit", "gross_margin"), _margin_name(change), money),
        )
        if text
    ]
    sentence = (
        f"“{name}” {_joined(parts)}"
        if parts
        else _unmoved(name, now, reference_name, not any(change.values()), money, near)
    )
    lead = _lead_time_words(now.get("lead_time"), reference.get("lead_time"))
    sentence += f"; {lead}." if lead else "."
    gap = _minus(now.get("revenue"), agreed.get("revenue"))
    if gap is None:
        return sentence
    where = "as in" if _is_nothing(gap, money) else f"{money(abs(gap))} {'above' if gap > 0 else 'short of'}"
    return f"{sentence} {_capital(f'revenue is {where}')} the agreed plan."


def _unmoved(name: str, now: Headline, reference_name: str, same: bool, money: Words, near: str) -> str:
    brings = now.get("revenue")
    revenue = f"next {near}' revenue is {'not known' if brings is None else money(brings)}"
    if name == reference_name:
        return f"{name}: {revenue}"
    if same:
        return f"“{name}” is the {_lower(reference_name)} so far: {revenue}"
    if brings is None:
        return f"“{name}” differs from the {_lower(reference_name)}: {revenue}"
    return f"“{name}” moves neither revenue nor profit against the {_lower(reference_name)}: {revenue}"


def _moved(change: float | None, what: str, money: Words) -> str:
    if change is None or _is_nothing(change, money):
        return ""
    return f"{'adds' if change > 0 else 'takes'} {money(abs(change))} {what}"


def _margin_name(change: Headline) -> str:
    return "EBIT" if change["ebit"] is not None else "gross margin"


def _first_known(change: Headline, *keys: str) -> float | None:
    return next((value for key in keys if (value := change[key]) is not None), None)


def _joined(parts: Sequence[str]) -> str:
    """'adds 0.8 M€ revenue' and 'adds 0.2 M€ EBIT' → one verb for both."""
    verbs = {part.split(" ", 1)[0] for part in parts}
    if len(parts) == 2 and len(verbs) == 1:
        return f"{parts[0]} and {parts[1].split(' ', 1)[1]}"
    return " and ".join(parts)


def _lead_time_words(now: float | None, was: float | None) -> str:
    if now is None or was is None or number(now / 7, 1) == number(was / 7, 1):
        return ""
    return (
        f"the lead time peak {'rises' if now > was else 'falls'} from {was:.0f} to "
        f"{how_many(f'{now:.0f}', 'days')}"
    )


def _is_nothing(change: float, money: Words) -> bool:
    """Whether a difference of money would be written as nothing."""
    return money(abs(change)) == money(0)


def _minus(now: float | None, base: float | None) -> float | None:
    return None if now is None or base is None else now - base


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]


def _lower(text: str) -> str:
    return text[0].lower() + text[1:]


# -- what each lever is worth


def value_levers(
    levers: Sequence[Lever],
    assumptions: Assumptions,
    headline_of: Callable[[Assumptions], Headline],
    measure: str,
    progress: Callable[[float], None] = lambda share: None,
    *,
    size_of: Callable[[Lever], float] = lambda lever: lever.entry.step,
    target: GapTarget | None = None,
) -> tuple[LeverWorth, ...]:
    """What each lever lower and higher by its size changes in a headline measure, where it changes something.

    Each end is a plan of its own, the other levers standing where they are. With a `target` of the same measure:
    from which value of a lever on it is missed, or reached where it is missed now.
    """
    base = headline_of(assumptions).get(measure)
    if base is None:
        return ()

    def at(lever: Lever, value: float) -> float | None:
        return headline_of(assumptions.set(*lever.place, value)).get(measure)

    found = []
    for place, lever in enumerate(levers):
        tried = lever.off_by(size_of(lever))
        ends = [0.0 if (reached := at(lever, value)) is None else reached - base for value in tried]
        if any(ends):
            turns = None
            if target is not None and not lever.entry.choice_names:
                turns = break_even(lever, target, partial(at, lever))
            found.append(LeverWorth(lever, ends[0], ends[1], tried[0], tried[1], turns))
        progress((place + 1) / len(levers))
    return tuple(found)
