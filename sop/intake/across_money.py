"""Findings across tables about money: budgets, accounts, and the rates that nobody knows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from sop.core.calendar import worded
from sop.core.findings import Finding
from sop.core.format import does, how_many, number
from sop.core.inputs import Exchange, Floats, Inputs
from sop.intake.blocks.books import convert_ledger, read_rates
from sop.intake.blocks.frames import Frames, numbers, text_rows, texts

OTHER_UNIT, OTHER_PRICE = 100.0, 10.0
"""Times by which a budget a month, or its price a unit, must differ from the trailing year's to be doubted."""

_NAMED = 5


def check_money(inputs: Inputs, frames: Frames) -> list[Finding]:
    """Every finding about money that needs more than one table."""
    return [
        *_budget_unit(inputs),
        *_budget_left_out(inputs, frames),
        *_mapped_twice(frames),
        *_unmapped(inputs, frames),
        *_regions(inputs, frames),
        *(_rates(inputs, inputs.exchange, frames) if inputs.exchange else ()),
        *_ledger_rates(inputs, frames),
    ]


def _some(names: Sequence[str], rest: str = " …") -> str:
    """The first few names, and a word for the rest."""
    return ", ".join(names[:_NAMED]) + (rest if len(names) > _NAMED else "")


def _budget_unit(inputs: Inputs) -> Iterator[Finding]:
    """Families whose budget is of another size than their sales, a unit or in all."""
    if inputs.budget is None:
        return

    def a_month(values: Floats) -> Floats:
        """Means (F,) over the months that have a value."""
        months = np.isfinite(values).any(axis=(0, 1)).sum()
        return np.nansum(values, axis=(1, 2)) / max(int(months), 1)

    def of_year(values: Floats) -> Floats:
        """Means (F,) over the months of the trailing year."""
        recent = inputs.by_family(values)[..., -inputs.history.year :]
        return np.nansum(recent, axis=(1, 2)) / max(recent.shape[-1], 1)

    units, revenue = a_month(inputs.budget.quantity), a_month(inputs.budget.revenue)
    sold, earned = of_year(inputs.history.shipped), of_year(inputs.history.revenue)
    with np.errstate(divide="ignore", invalid="ignore"):
        tests = (
            ("quantity", worded("units a month"), units / sold, OTHER_UNIT),
            ("revenue", worded("revenue a month"), revenue / earned, OTHER_UNIT),
            ("revenue", "revenue a unit", (revenue / units) / (earned / sold), OTHER_PRICE),
        )
    for f, family in enumerate(inputs.families.names):
        for column, words, times, most in tests:
            if np.isfinite(times[f]) and times[f] > 0 and max(times[f], 1 / times[f]) >= most:
                size = f"{number(times[f])} times" if times[f] >= 1 else f"one part in {number(1 / times[f])} of"
                what = worded(f"the budget's {words} for {family} is {size} that of the last twelve months")
                remedy = "Check whether the budget is in another unit or currency"
                yield Finding("warning", "budget_unit", what, remedy, "budget", column=column)
                break


def _budget_left_out(inputs: Inputs, frames: Frames) -> Iterator[Finding]:
    """Budget of regions without sales or of families without products, which no plan can be held against."""
    if "budget" not in frames:
        return
    frame = frames["budget"]
    for column, known in (("region", inputs.regions), ("family", inputs.families.base)):
        lost = np.array([name not in known for name in texts(frame, column)])
        if lost.any():
            names = sorted(set(texts(frame[lost], column)))
            amount = np.nansum(numbers(frame, "revenue")[lost])
            what = f"budget revenue of {number(amount)} is left out: no sales of {column} {_some(names, '')}"
            remedy, count = f"Use the {column} names of the sales", int(lost.sum())
            yield Finding("warning", "budget_left_out", what, remedy, "budget", "", None, column, names[0], count)


def _mapped_twice(frames: Frames) -> Iterator[Finding]:
    """Accounts with more than one line: nobody can tell which one holds."""
    rows = (
        set(text_rows(frames["account_map"], "account_type", "account", "line")) if "account_map" in frames else ()
    )
    for (kind, account), lines in sorted(Counter((kind, account) for kind, account, _ in rows).items()):
        if lines > 1:
            what = f"account {account} ({kind}) is mapped to {how_many(lines, 'lines')}"
            yield Finding("error", "account_mapped_twice", what, "Keep one line", "account_map", value=account)


def _unmapped(inputs: Inputs, frames: Frames) -> Iterator[Finding]:
    """Accounts that count nowhere because no line is named for them."""
    accounts = inputs.ledger.unmapped if inputs.ledger else ()
    if accounts:
        what = (
            f"{how_many(len(accounts), 'accounts')} of the ledger {does(len(accounts), 'have')} no line and "
            f"{does(len(accounts), 'count')} nowhere: {_some(accounts)}"
        )
        remedy = "Give each a line in account_map; `other` says that it is left out on purpose"
        note = Finding("note", "account_unmapped", what, remedy, "account_map", count=len(accounts))
        yield replace(note, level="warning") if "account_map" in frames else note


def _regions(inputs: Inputs, frames: Frames) -> Iterator[Finding]:
    """Regions with sales that the table of regions leaves out."""
    listed = texts(frames["regions"], "region") if "regions" in frames else inputs.regions
    for name in (region for region in inputs.regions if region not in listed):
        what = f"region {name} is not in regions and taken to sell in {inputs.currency}"
        yield Finding("warning", "region_currency", what, "Add it with its currency", "regions", value=name)


def _rates(inputs: Inputs, exchange: Exchange, frames: Frames) -> Iterator[Finding]:
    """Currencies without a rate in a month in which one is needed."""
    for code in sorted(set(exchange.currency) - {exchange.home}):
        own = [r for r, currency in enumerate(exchange.currency) if currency == code]
        names, remedy = ", ".join(inputs.regions[r] for r in own), f"Import the rates of {code} in fx_rates"
        if not np.isfinite(exchange.base[own[0]]):
            what = f"{code} has no rate, so the revenue of {names} is not known, nor is any total"
            yield Finding("error", "fx_missing", what, remedy, "fx_rates", value=code)
            continue
        sold = np.nansum(inputs.history.shipped[:, own], axis=(0, 1)) != 0
        unknown = sold & ~np.isfinite(exchange.rate_history[own[0]])
        gaps = [month for month, gap in zip(inputs.history.months, unknown, strict=True) if gap]
        if gaps:
            some = ", ".join(gaps[-_NAMED:]) + (" and before" if len(gaps) > _NAMED else "")
            what = worded(
                f"{code} has no rate in {how_many(len(gaps), 'closed months')}, whose revenue in {names} is not "
                f"known: {some}",
                counted=True,
            )
            yield Finding("warning", "fx_missing", what, remedy, "fx_rates", value=code, count=len(gaps))
        last = max(month for month, given in text_rows(frames["fx_rates"], "month", "currency") if given == code)
        if last < inputs.calendar.months[-1]:
            what = worded(f"{code} is held at its rate of {last} in the months after it")
            yield Finding("note", "fx_held", what, "Import planned rates in fx_rates", "fx_rates", value=code)


def _ledger_rates(inputs: Inputs, frames: Frames) -> Iterator[Finding]:
    """Ledger amounts in a currency that has no rate in their month."""
    if "financials" not in frames:
        return
    frame = frames["financials"]
    converted = convert_ledger(frame, read_rates(frames.get("fx_rates"), inputs.currency))
    lost = np.isfinite(numbers(frame, "amount")) & ~np.isfinite(converted)
    if lost.any():
        count, codes = int(lost.sum()), sorted(set(texts(frame[lost], "unit")))
        what = worded(
            f"{how_many(count, 'ledger amounts')} in {', '.join(codes)} {does(count, 'have')} no rate in the "
            f"month and {does(count, 'are')} not known"
        )
        remedy = "Import the rates in fx_rates, or mend the unit"
        yield Finding("warning", "fx_missing", what, remedy, "financials", "", None, "unit", codes[0], count)
