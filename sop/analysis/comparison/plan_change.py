"""A plan's difference to the agreed one, told by what caused it: groups of changes and their exact effects."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Protocol

from sop.analysis.comparison.attribution import Attribution, whole_steps
from sop.analysis.comparison.bridge import CAUSES, CHANGED, Bridge
from sop.analysis.comparison.data_changes import ACTUALS, CURRENCIES, FORECAST, LISTS
from sop.core.calendar import worded
from sop.core.measures import HEADLINES
from sop.core.plan import Plan
from sop.core.register import Assumptions, Note
from sop.core.terms import Function

HORIZON = "Horizon and fences"
CALENDAR = "Change of calendar, horizon and fences"
"""The same where the agreed plan was made in other periods than the company plans in now."""
FENCES = "Fences set by the agreed plan"
"""What the agreed plan of this very cycle changes on the same months: its own first months are now fixed."""
SAFETY = "Safety stock follows later months"
"""What the policy makes of months that have come nearer: with the same inputs it wants another safety stock."""
COUNTED = "Agreed plan counted from the new first month"
REPLANNED = "Supply planned again beyond the fences"
"""What the horizon is made of: the agreed supply in every month, then what is free to change."""
_RECAST = "Agreed plan told in other periods"
_WHY = {
    COUNTED: "a month has passed as planned; stock, orders and payments go on from it, in whole units",
    REPLANNED: "the same inputs; months that are not frozen are planned again",
    SAFETY: "the policy looks at the months ahead, and those are other months now",
}
_RECOUNTED = "the same months, counted again in whole units"
_SHARED = "what was agreed is shared over the new periods by working days"
SINCE_FROZEN = "Data loaded after it was frozen"
GROUPS = (ACTUALS, FORECAST, LISTS, CURRENCIES, *(function.title for function in Function))
"""Groups of changes, most upstream first."""
PARTS = {entry.key: {"currency": 1, "days": 100, "fraction": 1_000_000}[entry.unit] for entry in HEADLINES}
"""Parts of one unit in which steps are whole numbers: cents, hundredths of a day, millionths."""


class NamedPlan(Protocol):
    """A plan that is looked at: its name on screen, and what people had set in it."""

    @property
    def name(self) -> str: ...
    @property
    def plan(self) -> Plan: ...
    @property
    def assumptions(self) -> Assumptions: ...


@dataclass(frozen=True)
class Single:
    """One change: `label` in a table, `short` in a sentence; the `tables` it came from, or assumption `places`.

    `word` is what it moves where a value moves the same: beside "volume" an event of demand needs no name.
    `reason` is why it came where nobody set or loaded anything.
    """

    group: str
    name: str
    label: str
    short: str
    tables: tuple[str, ...]
    places: tuple[tuple[str, str], ...]
    word: str = ""
    reason: str = ""


def note_of(single: Single, places: Mapping[tuple[str, str], Note], tables: Mapping[str, Note]) -> Note:
    """The last note on what a single change rests on: on its assumptions, else on its tables where they changed.

    `tables`: notes by table on those that were loaded since the agreed plan.
    """
    found = [places[place] for place in single.places if place in places]
    found += [tables[name] for name in single.tables if name in tables]
    return max(found, key=lambda note: note.at, default=Note(reason=worded(single.reason)))


@dataclass(frozen=True)
class Worth:
    """A single change with its effect by headline measure; `errors`: standard errors where orders were drawn."""

    single: Single
    effects: Mapping[str, float]
    errors: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class GroupChange:
    """A group opened: its single changes, whose effects sum to the group's to the cent, the largest first."""

    group: str
    worths: tuple[Worth, ...]

    @property
    def drawn(self) -> bool:
        """Whether the effects are means over orders that were drawn, with standard errors."""
        return any(worth.errors for worth in self.worths)

    def facts(self) -> dict[str, Any]:
        """The group as plain data, to be kept."""
        return asdict(self)

    @classmethod
    def of_facts(cls, facts: Mapping[str, Any]) -> GroupChange:
        """What `facts` gave, read back."""
        return cls(facts["group"], tuple(_worth_of(worth) for worth in facts["worths"]))


def _worth_of(facts: Mapping[str, Any]) -> Worth:
    single = dict(facts["single"])
    places = tuple((key, scope) for key, scope in single.pop("places"))
    single["tables"] = tuple(single["tables"])
    return Worth(Single(**single, places=places), facts["effects"], facts["errors"])


@dataclass(frozen=True)
class PlanChange:
    """The difference between a plan and the agreed one, explained, by headline measure.

    `steps`: group → effect, `errors` its standard error where orders were drawn; `horizon`: what the same inputs
    give on the new months and inside the agreed plan's time fences, plus whatever could not be mixed
    (`taken_new`); `safety`: what safety stock does that follows later months. All of them sum to the difference
    exactly: money in whole minor units, days and fractions in whole parts of `PARTS`. `names`: what a step is
    called, after what changed in it. `moved`: what the horizon is made of, which sums to it.
    """

    base: Mapping[str, float]
    now: Mapping[str, float]
    horizon: Mapping[str, float]
    steps: Mapping[str, Mapping[str, float]]
    taken_new: Sequence[str] = ()
    safety: Mapping[str, float] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    moved: Mapping[str, Mapping[str, float]] = field(default_factory=dict)

    def facts(self) -> dict[str, Any]:
        """The change as plain data, to be kept."""
        return asdict(self)

    @classmethod
    def of_facts(cls, facts: Mapping[str, Any]) -> PlanChange:
        """What `facts` gave, read back."""
        return cls(**{**facts, "taken_new": tuple(facts["taken_new"])})

    @property
    def groups(self) -> tuple[str, ...]:
        """The groups that can be opened, in the order of the bridge: what nobody set, then most upstream first."""
        return tuple(name for name, effects in self.effects if name in self.steps or any(effects.values()))

    @property
    def effects(self) -> list[tuple[str, Mapping[str, float]]]:
        """Every step with its effect on every measure: horizon, safety stock, then the groups."""
        order = {group: place for place, group in enumerate(GROUPS)}
        steps = sorted(self.steps.items(), key=lambda step: order.get(step[0], len(order)))
        safety = [(SAFETY, self.safety)] if any(self.safety.values()) else []
        return [(HORIZON, self.horizon), *safety, *steps]

    def effects_of(self, group: str) -> Mapping[str, float]:
        """What a group does to every measure. Raises KeyError where nothing of it changed."""
        return dict(self.effects)[group]

    def opened(self, group: str) -> GroupChange | None:
        """A group in which nobody set or loaded anything, opened; None for others, which are planned in parts."""
        if group == SAFETY:
            return GroupChange(group, (self._worth(group, group, SAFETY, _WHY[SAFETY], self.safety),))
        if group != HORIZON:
            return None
        words = {CALENDAR: (_RECAST, _SHARED), FENCES: (COUNTED, _RECOUNTED)}
        label, why = words.get(self.names.get(HORIZON, HORIZON), (COUNTED, _WHY[COUNTED]))
        if self.taken_new:
            why += f"; the list of {' and '.join(self.taken_new)} is today's"
        told = {COUNTED: (label, why), REPLANNED: (REPLANNED, _WHY[REPLANNED])}
        worths = [self._worth(group, key, *told[key], effects) for key, effects in self.moved.items()]
        return GroupChange(group, tuple(worth for worth in worths if any(worth.effects.values())) or (worths[0],))

    @staticmethod
    def _worth(group: str, key: str, label: str, why: str, effects: Mapping[str, float]) -> Worth:
        return Worth(Single(group, key, worded(label), worded(label), (), (), reason=why), effects)

    def called(self, step: str) -> str:
        """A step as it is told: 'Sales: price'."""
        return worded(self.names.get(step, step))

    def bridge(self, measure: str) -> list[tuple[str, float]]:
        """Steps of one measure in order, those without effect left out; they sum to the difference exactly."""
        if measure not in self.base or measure not in self.now:
            return []
        return [(name, effects[measure]) for name, effects in self.effects if effects[measure]]

    def main_cause(self, measure: str) -> tuple[str, float] | None:
        """The step that moves a measure most; None where nothing does."""
        steps = self.bridge(measure)
        return max(steps, key=lambda step: abs(step[1])) if steps else None


def tell_change(
    base: Mapping[str, float],
    found: Attribution,
    changes: Mapping[str, Sequence[Single]],
    held: Mapping[str, float] | None = None,
    taken_new: Sequence[str] = (),
    *,
    counted: Mapping[str, float] | None = None,
    same_cycle: bool = False,
    other_calendar: bool = False,
) -> PlanChange:
    """An attribution against the agreed plan's figures, with steps rounded so that they sum exactly.

    `held`: the figures as signed with safety stock as the agreed plan wanted it, where that can be planned;
    `counted`: those with its supply in every month too.
    """
    measures = [m for m in PARTS if m in base and m in found.end]
    told, moved = {}, {}
    for m in measures:
        before = found.start[m] if held is None else held.get(m, found.start[m])
        exact = {HORIZON: before - base[m], SAFETY: found.start[m] - before}
        exact |= {group: found.effects[group][m] for group in found.groups}
        told[m] = _whole(m, exact, round(found.end[m] * PARTS[m]) - round(base[m] * PARTS[m]))
        as_agreed = before if counted is None else counted.get(m, before)
        parts = {COUNTED: as_agreed - base[m], REPLANNED: before - as_agreed}
        moved[m] = _whole(m, parts, round(told[m][HORIZON] * PARTS[m]))
    return PlanChange(
        base={m: base[m] for m in measures},
        now={m: found.end[m] for m in measures},
        horizon={m: told[m][HORIZON] for m in measures},
        steps={group: {m: told[m][group] for m in measures} for group in found.groups},
        taken_new=taken_new,
        safety={m: told[m][SAFETY] for m in measures},
        names={group: name_group(group, singles) for group, singles in changes.items()}
        | ({HORIZON: CALENDAR} if other_calendar else {HORIZON: FENCES} if same_cycle else {}),
        errors=found.errors,
        moved={part: {m: moved[m][part] for m in measures} for part in (COUNTED, REPLANNED)},
    )


def tell_group(
    group: str, whole: Mapping[str, float], found: Attribution, singles: Sequence[Single]
) -> GroupChange:
    """What every single change of a group is worth by measure, in whole parts that sum to the group's `whole`."""
    told = {
        m: _whole(m, {name: effects[m] for name, effects in found.effects.items()}, round(whole[m] * PARTS[m]))
        for m in found.end
    }
    worths = [
        Worth(single, {m: told[m][single.name] for m in told}, found.errors.get(single.name, {}))
        for single in singles
    ]
    first = next(iter(told), None)
    worths.sort(key=lambda worth: -abs(worth.effects[first]) if first else 0)
    return GroupChange(group, tuple(worths))


def _whole(measure: str, exact: Mapping[str, float], total: int) -> dict[str, float]:
    """Steps of one measure that sum to `total`, whole in the measure's parts."""
    parts = PARTS[measure]
    whole = whole_steps({name: value * parts for name, value in exact.items()}, total)
    return {name: value if parts == 1 else value / parts for name, value in whole.items()}


def bridge_of_causes(change: PlanChange, shown: NamedPlan, base: str) -> Bridge | None:
    """Revenue from the agreed plan called `base` to the plan shown, by cause; None where it is not known.

    What a frozen plan does not know of today's data is a step of its own.
    """
    if "revenue" not in change.base:
        return None
    named = [(change.called(step), found) for step, found in change.effects]
    headline = shown.plan.headline
    named.append((SINCE_FROZEN, {m: float(headline[m] or 0) - now for m, now in change.now.items()}))
    moving = tuple((name, found) for name, found in named if any(abs(value) > 1e-9 for value in found.values()))
    return Bridge(
        title=CHANGED,
        note=CAUSES,
        reference="agreed plan",
        start=(base, change.base["revenue"]),
        steps=tuple((name, found["revenue"]) for name, found in moving if found["revenue"]),
        end=shown.name,
        causes=True,
        effects=moving,
        starts=change.base,
    )


def name_group(group: str, singles: Sequence[Single]) -> str:
    """A group with what changed in it: 'Sales: volume and price', 'Operations: overtime limit, Press and more'."""
    if group in (ACTUALS, FORECAST):
        return group
    values = [single.short for single in singles if single.places]
    rows = [single.short for single in singles if not single.places and single.word not in values]
    labels = list(dict.fromkeys((*values, *rows)))
    told = labels if len(labels) < 3 else (f"{labels[0]}, {labels[1]}", "more")
    return f"{group}: {' and '.join(told)}"
