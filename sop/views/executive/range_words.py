"""Ranges in words: a caption of what they hold, the worst tenth and what makes it so, and how sure a chance is."""

from __future__ import annotations

from collections.abc import Sequence

from sop.analysis.ranges.claims import TrackRecord
from sop.analysis.ranges.draws import Draws, Driver
from sop.analysis.ranges.projections import Horizon, Spread
from sop.core.format import MoneyFormat, percent
from sop.core.measures import Headline
from sop.core.words import in_sentence, plain_chance
from sop.views.executive.change_tables import span_words
from sop.views.measure_columns import headline_difference, headline_text, headline_unit

MOST_DRIVERS = 3
_NONE_CLOSED = "none of our ranges has closed yet"
_SMALL = 0.1
_UNSURE = 0.02
"""The standard error from which a chance is told with it: it would read otherwise."""


def range_caption(draws: Draws | None, held: float | None, *, stale: bool = False, why: str = "") -> str:
    """What a range holds, in at most twelve words; `held`: the share of our past ranges that came true."""
    if draws is None:
        return f"No range: {why}" if why else "No range yet"
    if stale:
        return "Ranges of the plan before its last change"
    past = f"our past ranges of revenue held {percent(held)}" if held is not None else _NONE_CLOSED
    return f"Range: eight of ten cases; {past}"


def held_words(record: TrackRecord, entry: Headline) -> str:
    """'our past ranges of cash held 42%'; empty before any of them closed."""
    held = record.share_of(entry.key)
    return "" if held is None else f"our past ranges of {in_sentence(entry.label)} held {percent(held)}"


def wide_sentence(draws: Draws | None) -> str:
    """Why ranges are wide: 'Wide because only 1 month of sales is known.'; empty where nothing makes them so."""
    return f"Wide because {draws.why}." if draws is not None and draws.why else ""


def horizon_words(span: Horizon, months: Sequence[str]) -> str:
    """A span of planned months: 'Short, Nov 26 – Jan 27', or 'To the fiscal year's end, Dec 26'."""
    return f"{span.name}, {span_words(months[span.first : span.last + 1])}"


def chance_words(chance: float, error: float) -> str:
    """A chance, with how far it may be off where that matters: '62%', '62% ± 7'."""
    words = plain_chance(chance)
    return f"{words} ± {100 * error:.0f}" if error >= _UNSURE else words


def bad_tenth_sentence(spread: Spread, money: MoneyFormat) -> str:
    """What the worst tenth comes to on average and what drives it, in money.

    'In the worst tenth EBIT is −1.0 M€ on average, 4.6 below plan: demand −3.2, net price −0.8.'
    """
    entry = spread.headline
    unit = headline_unit(entry, money)
    value = headline_text(entry, spread.shortfall, money)
    away = headline_difference(entry, spread.shortfall - spread.plan, money)
    because = drivers_text(entry, spread.drivers, money)
    return (
        f"In the worst tenth of cases {in_sentence(entry.label)} is {value} {unit} on average, {away} against plan"
        + (f"; most of it from {because}" if because else "")
    )


def drivers_text(entry: Headline, drivers: Sequence[Driver], money: MoneyFormat) -> str:
    """What makes the worst tenth bad, with what each does to the measure: 'Demand −3.2, Net price −0.8'."""
    most = abs(drivers[0].amount) if drivers else 0.0
    told = [driver for driver in drivers[:MOST_DRIVERS] if abs(driver.amount) > _SMALL * most]
    return ", ".join(f"{driver.risk} {headline_difference(entry, driver.amount, money)}" for driver in told)
