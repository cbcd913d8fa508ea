"""The people of a company's plants in whole numbers: who is there, how few and how many there may be, and when
somebody can start or go. What the tables do not say, or say against each other, is named and planned around."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from sop.core.calendar import period_name, worded
from sop.core.findings import Finding
from sop.core.format import how_many
from sop.core.inputs import Capacity, Floats, Inputs, Ints
from sop.core.register import Assumptions, assumption
from sop.supply.lp.problem import list_periods

_EXACT = 1e-6
"""Below this a difference comes from arithmetic, not from the tables."""


@dataclass(frozen=True, eq=False)
class Staffing:
    """People by plant (P,) and month (P, T), for the plants of which people are loaded.

    `known` (P,) are their places among the company's plants; `fewest`, `most` bound the people of a month;
    `hire_limit`, `release_limit` the people that may start or go in it.
    """

    known: Ints
    names: tuple[str, ...]
    opening: Floats
    fewest: Floats
    most: Floats
    hours_per_person: Floats
    hire_limit: Floats
    release_limit: Floats
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class _Rules:
    """What holds for one plant: people and months, whole. `people`: as loaded, before rounding."""

    name: str
    people: float
    opening: int
    minimum: int
    allowed: int
    allowance: float
    notice: int
    lead: int


def plan_staffing(inputs: Inputs, capacity: Capacity, assumptions: Assumptions) -> Staffing | None:
    """The people that a company may plan with; None where no workforce is loaded.

    Nobody goes unless releases are allowed, and nobody before notice given now is over; nobody starts before the
    lead time to hire. A plant above its most people keeps them as long as they may not be released; a plant below
    its fewest is filled from the first month in which somebody can start. The most comes before the fewest.
    """
    if capacity.people_max is None or capacity.hours_per_person is None or inputs.position.people is None:
        return None
    people, hours, top = inputs.position.people, capacity.hours_per_person, capacity.people_max
    loaded = np.isfinite(people) & np.isfinite(hours).all(axis=1) & np.isfinite(top).all(axis=1)
    known = np.flatnonzero(loaded)
    months, shape = inputs.calendar.months, (len(known), inputs.calendar.horizon)
    fewest, most = np.zeros(shape), np.zeros(shape)
    hire, release = np.full(shape, np.inf), np.zeros(shape)
    findings = list(_not_loaded(capacity, loaded))
    rules = [_rules(inputs, capacity, assumptions, int(p)) for p in known]
    hampered = []
    for row, (place, rule) in enumerate(zip(known, rules, strict=True)):
        share = 1 + assumptions.value("people_pct", rule.name)
        stated = np.floor(np.maximum(top[place] * share, 0.0) + _EXACT)
        hire[row, : rule.lead] = 0.0
        hampered.append(bool((stated[: rule.lead] > rule.opening).any()))
        release[row, rule.notice :] = rule.allowed
        fewest[row], most[row] = _bounds(rule, stated)
        findings += _of_plant(rule, stated, most[row], months)
    findings += _assumed(capacity, assumptions, rules, known, hampered)
    return Staffing(
        known=known,
        names=tuple(rule.name for rule in rules),
        opening=np.array([float(rule.opening) for rule in rules]),
        fewest=fewest,
        most=most,
        hours_per_person=hours[known],
        hire_limit=hire,
        release_limit=release,
        findings=tuple(findings),
    )


def _rules(inputs: Inputs, capacity: Capacity, assumptions: Assumptions, place: int) -> _Rules:
    plants, calendar = capacity.plants, inputs.calendar
    assert inputs.position.people is not None
    name, people = plants.names[place], float(inputs.position.people[place])

    def value(key: str, table: Floats) -> float:
        return assumptions.value(key, name, table[place])

    def periods(months: float) -> int:
        return min(int(np.ceil(calendar.in_periods(max(months, 0.0)) - _EXACT)), calendar.horizon)

    allowance = max(value("releases_allowed", plants.releases_allowed), 0.0)
    return _Rules(
        name=name,
        people=people,
        opening=int(np.floor(max(people, 0.0) + 0.5)),
        minimum=int(np.ceil(max(value("min_people", plants.min_people), 0.0) - _EXACT)),
        allowed=int(np.floor(allowance / calendar.in_periods(1) + _EXACT)),
        allowance=allowance,
        notice=periods(value("notice_months", plants.notice_months)),
        lead=periods(value("hire_lead_months", plants.hire_lead_months)),
    )


def _bounds(rule: _Rules, stated: Floats) -> tuple[Floats, Floats]:
    """Fewest and most people (T,) of a plant: always bounds that its people can keep with what is allowed."""
    fewest, most, here = np.zeros(len(stated)), stated.copy(), rule.opening
    for t, top in enumerate(stated.tolist()):
        may_go = rule.allowed if t >= rule.notice else 0
        now = max(min(here, int(top)), here - may_go)
        if t >= rule.lead:
            now = max(now, min(rule.minimum, int(top)))
        fewest[t], most[t], here = min(rule.minimum, now), max(top, now), now
    return fewest, most


def _not_loaded(capacity: Capacity, loaded: np.ndarray) -> Iterator[Finding]:
    """Plants of which no people are known: people do not limit their lines, and nobody is counted as there."""
    with_lines = np.isin(np.arange(len(loaded)), capacity.line_plant)
    for place in np.flatnonzero(~loaded & with_lines):
        name = capacity.plants.names[place]
        yield Finding(
            "warning",
            "people_not_known",
            f"the people of plant {name} are not known; its lines are planned without a limit on people, and "
            "wages, hires and releases there are in no figure",
            worded("Load its people and hours per person up to the last planned month"),
            table="workforce",
        )


def _of_plant(rule: _Rules, stated: Floats, most: Floats, months: tuple[str, ...]) -> Iterator[Finding]:
    """What is odd about a plant's people, and how it is planned."""
    name = rule.name
    if abs(rule.people - rule.opening) > _EXACT:
        yield _finding(
            "note", "people_not_whole",
            f"{how_many(f'{rule.people:g}', 'people', 'are')} loaded for plant {name}; the plan starts with "
            f"{rule.opening}, because people are whole", "Load whole people", "workforce", "people",
        )  # fmt: skip
    yield from _below_minimum(rule, stated, months)
    above = stated < np.minimum(most, rule.opening)
    if above.any():
        yield _finding(
            "warning", "people_above_most",
            f"plant {name} employs {how_many(rule.opening, 'people')} and may employ at most "
            f"{stated[above].min():.0f} in {list_periods(months, above)}; who may not be released is kept",
            "Allow releases, or correct the most people", "workforce", "max_people",
        )  # fmt: skip
    if 0 < rule.allowance < 1 and rule.allowed == 0:
        yield _finding(
            "warning", "releases_below_one",
            f"the release allowance of plant {name} is {rule.allowance:g} people "
            "a month, less than a person; nobody is released", "Allow whole people", "plants", "releases_allowed",
        )  # fmt: skip
    if rule.allowed > rule.opening:
        yield _finding(
            "warning", "releases_above_people", f"the release allowance of plant {name}, {rule.allowance:g} a "
            f"month, is above the {rule.opening} there; at most those above its fewest ({rule.minimum}) go",
            "Check the allowance", "plants", "releases_allowed",
        )  # fmt: skip
    planned = worded(how_many(len(months), "planned months"), counted=True)
    if rule.notice >= len(months):
        what = f"notice at plant {name} is longer than the {planned}; nobody can leave within them"
        yield _finding(
            "warning" if rule.allowed else "note", "notice_beyond_horizon", what,
            "Check the notice period", "plants", "notice_months",
        )  # fmt: skip
    if rule.lead >= len(months):
        what = f"hiring at plant {name} takes longer than the {planned}; nobody can start within them"
        yield _finding(
            "warning", "hire_lead_beyond_horizon", what,
            "Check the lead time to hire", "plants", "hire_lead_months",
        )  # fmt: skip


def _below_minimum(rule: _Rules, stated: Floats, months: tuple[str, ...]) -> Iterator[Finding]:
    """A plant with fewer people than it must have, or that must have more than it may."""
    contradicted = stated < rule.minimum
    if contradicted.any():
        yield _finding(
            "warning", "people_bounds",
            f"plant {rule.name} must employ at least {how_many(rule.minimum, 'people')} and may "
            f"employ at most {stated[contradicted].min():.0f} in {list_periods(months, contradicted)}; the most "
            "counts then",
            "Correct one of both", "plants", "min_people",
        )  # fmt: skip
    if rule.opening >= rule.minimum:
        return
    employs = how_many(rule.opening, "people")
    text = f"plant {rule.name} employs {employs}, fewer than its minimum of {rule.minimum}"
    if rule.lead < len(months):
        text += f"; it is filled from {period_name(months[rule.lead])}, when somebody hired now can start"
    yield _finding("warning", "people_below_minimum", text, "Check the minimum", "plants", "min_people")


def _assumed(
    capacity: Capacity, assumptions: Assumptions, rules: list[_Rules], known: Ints, hampered: list[bool]
) -> Iterator[Finding]:
    """Months of the register that count because no table says them: lead time to hire where it keeps people out
    (`hampered`), and notice where people may go."""
    plants, may_go = capacity.plants, [rule.allowed > 0 for rule in rules]
    counts = {
        "hire_lead_months": (plants.hire_lead_months, hampered),
        "notice_months": (plants.notice_months, may_go),
    }
    for key, (table, matters) in counts.items():
        silent = [
            rule.name
            for rule, place, here in zip(rules, known, matters, strict=True)
            if here and not np.isfinite(table[place]) and not {(key, rule.name), (key, "")} & assumptions.keys()
        ]
        if silent:
            entry = assumption(key)
            yield _finding(
                "note", "assumed", f"{entry.label.lower()} of {', '.join(silent)} is not loaded; "
                f"{how_many(f'{entry.default:g}', 'months', 'are')} assumed",
                f"Load {key}, or set it as an assumption", "plants", key,
            )  # fmt: skip


def _finding(level: str, rule: str, what: str, remedy: str, table: str, column: str) -> Finding:
    return Finding(level, rule, what, remedy, table=table, column=column)  # type: ignore[arg-type]
