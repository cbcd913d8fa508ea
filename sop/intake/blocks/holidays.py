"""The days on which the customers of each region are closed, where they are known in all years of the forecast."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from sop.core.calendar import Calendar, year_of
from sop.core.findings import Finding
from sop.core.format import how_many
from sop.intake.blocks.frames import Frames, text_rows

Days = tuple[tuple[str, ...], ...]


def build_holidays(
    frames: Frames, calendar: Calendar, regions: tuple[str, ...], months: tuple[str, ...]
) -> tuple[Days, tuple[Finding, ...]]:
    """Holidays by region, ISO dates in order, and which are left out; nothing where the table is not loaded.

    A region keeps those of its country and those without one; a region without a country those of the only one.
    A year without a holiday is one that the table does not tell: then they say nothing of a year against another.
    """
    if "holidays" not in frames:
        return (), ()
    rows = [(day, country.casefold()) for day, country in text_rows(frames["holidays"], "date", "country")]
    countries = {country for _, country in rows if country}
    only = countries.pop() if len(countries) == 1 else ""
    named = {
        region: country.casefold()
        for region, country in text_rows(frames.get("regions", pd.DataFrame()), "region", "country")
    }
    years = range(year_of(months[0]), year_of(calendar.months[-1]) + 1)
    days, missing = [], {}
    for region in regions:
        own = named.get(region) or only
        kept = tuple(sorted({day for day, country in rows if country in ("", own)}))
        unknown = [year for year in years if not any(day.startswith(f"{year:04d}") for day in kept)]
        if unknown:
            missing[region] = unknown
        days.append(() if unknown else kept)
    return (tuple(days) if any(days) else ()), tuple(_left_out(missing))


def _left_out(missing: dict[str, list[int]]) -> Iterator[Finding]:
    for region, years in missing.items():
        told = ", ".join(map(str, years[:3])) + (
            f" and {how_many(len(years) - 3, 'more years')}" if len(years) > 3 else ""
        )
        what = f"the holidays of {region} are not known in {told}, so the forecast does not try them there"
        remedy = "Bring all years of the history and the plan, or the country of the region"
        yield Finding("note", "holidays_missing", what, remedy, "holidays", column="date", value=told)
