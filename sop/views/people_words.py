"""The people of a plan in words: who is there, who would start and go, and what keeping everybody costs."""

from __future__ import annotations

from collections.abc import Sequence

from sop.analysis.people import People, PeopleMove, PlantPeople, people_of, total
from sop.core.calendar import period_name
from sop.core.format import how_many, number
from sop.core.plan import Plan
from sop.core.words import Money, units_text

_NUMBERS = (
    "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
)  # fmt: skip
_NAMED = 3
"""Moves that a sentence names; the table has them all."""
NOTICEABLE_IDLE = 0.02
"""Less than this share of paid hours not worked is not worth a sentence."""


def people_headline(plan: Plan) -> str:
    """Who would go and who would be hired, for the message of a plan: 'Twelve people would go.'

    Empty where nobody does. Over the whole plan; what comes after the next twelve months is told apart.
    """
    plants = people_of(plan)
    if any(value is None for each in plants for value in (*each.releases, *each.hires)):
        return "How many people would go or be hired is not known."
    parts = []
    for kind, verb in (("releases", "go"), ("hires", "be hired")):
        near, later = _near_and_later(plants, kind, plan.calendar.year)
        if near:
            more = f" and {count_words(round(later))} more later" if later else ""
            parts.append(f"{_people(near)} would {verb}{more}")
        elif later:
            parts.append(f"{_people(later)} would {verb} after the next {plan.near_text}")
    text = "; ".join(parts)
    return f"{text[0].upper()}{text[1:]}." if text else ""


def people_message(plan: Plan, money: Money, released_nowhere: bool | None = None) -> str:
    """Who is there now, who starts and goes in the next twelve months, and what idle hours cost.

    `released_nowhere`: nobody may be released in any month; None where that is not known.
    """
    plants, year = people_of(plan), plan.calendar.year
    if not plants:
        return ""
    now, then = total([each.opening for each in plants]), total([each.planned[:year][-1] for each in plants])
    start = "How many people are employed now is not known" if now is None else f"{_employed(now)} employed now"
    moves = [_moves_text(plan, plants, kind) for kind in ("hires", "releases")]
    told = f": {' and '.join(filter(None, moves))}" if any(moves) else ""
    return f"{start}, {_whole(then)} in {plan.near_text}{told}{_idle_text(plan, plants, money, released_nowhere)}."


def people_move_title(move: PeopleMove) -> str:
    """A hire or release as a decision names it: 'Release 12 people at Gdansk'."""
    verb = "Hire" if move.kind == "hire" else "Release"
    return f"{verb} {how_many(move.people, 'people')} at {move.plant}"


def count_words(count: int) -> str:
    """A count in a sentence: words to twelve, figures from thirteen on."""
    return _NUMBERS[count] if 0 <= count < len(_NUMBERS) else number(count)


def _people(count: float) -> str:
    return "one person" if round(count) == 1 else how_many(count_words(round(count)), "people")


def _employed(count: float) -> str:
    return how_many(_whole(count), "people", "are")


def _whole(count: float | None) -> str:
    """A number of people: whole, but for plans that were signed before people were."""
    if count is None:
        return "not known"
    return number(count) if count == int(count) else number(count, 1)


def _near_and_later(plants: Sequence[PlantPeople], kind: str, year: int) -> tuple[float | None, float | None]:
    rows: list[People] = [getattr(each, kind) for each in plants]
    return total([v for row in rows for v in row[:year]]), total([v for row in rows for v in row[year:]])


def _moves_text(plan: Plan, plants: Sequence[PlantPeople], kind: str) -> str:
    """'12 go (Gdansk 12 in Mar 2027)'; empty where nobody does, or nobody is known to."""
    year = plan.calendar.year
    found = [
        (month, each.plant, value)
        for each in plants
        for month, value in zip(plan.months[:year], getattr(each, kind)[:year], strict=True)
        if value
    ]
    known, _ = _near_and_later(plants, kind, year)
    verb = {"hires": ("is hired", "are hired"), "releases": ("goes", "go")}[kind]
    if not found and known is not None:
        return ""
    if known is None:
        return f"how many {verb[1]} is not known"
    found.sort()
    named = [f"{plant} {_whole(value)} in {period_name(month)}" for month, plant, value in found[:_NAMED]]
    more = [f"{len(found) - _NAMED} more"] if len(found) > _NAMED else []
    return f"{_whole(known)} {verb[0] if known == 1 else verb[1]} ({', '.join([*named, *more])})"


def _idle_text(plan: Plan, plants: Sequence[PlantPeople], money: Money, released_nowhere: bool | None) -> str:
    """What hours paid and not worked cost in the next twelve months; empty where that is little or not known."""
    year = plan.calendar.year
    costs = [(total(each.idle_cost[:year]), each.plant) for each in plants]
    cost = total([each for each, _ in costs])
    if not cost or "idle_hours" not in plan:
        return ""
    idle, worked = (float(plan.total(key)[:year].sum()) for key in ("idle_hours", "regular_hours"))
    if idle < NOTICEABLE_IDLE * (idle + worked):
        return ""
    most = max(costs, key=lambda each: each[0] or 0.0)
    where = f", {money(most[0] or 0.0)} of it in {most[1]}" if len(plants) > 1 else ""
    kept = ": everybody is kept, because no releases are allowed" if released_nowhere else ""
    return f"; {units_text(idle, 'paid hours')} are not worked, which costs {money(cost)}{where}{kept}"
