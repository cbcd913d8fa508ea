"""Findings about exchange rates: months and regions whose money nobody can know."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

from sop.core.findings import Finding
from sop.core.inputs import Exchange, Inputs
from sop.intake.blocks.arrays import numbers, texts
from sop.intake.blocks.money import convert_ledger, read_rates

Frames = Mapping[str, pd.DataFrame]

_NAMED = 5


def check_rates(inputs: Inputs, frames: Frames) -> list[Finding]:
    """Every finding about rates that are missing."""
    regions = _regions(inputs, frames)
    rates = [] if inputs.exchange is None else _rates(inputs, inputs.exchange, frames)
    return [*regions, *rates, *_ledger_rates(inputs, frames)]


def _regions(inputs: Inputs, frames: Frames) -> Iterator[Finding]:
    """Regions with sales that the table of regions leaves out."""
    if "regions" not in frames:
        return
    listed = set(texts(frames["regions"], "region"))
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
        gaps = _closed_gaps(inputs, exchange, own)
        if gaps:
            some = ", ".join(gaps[-_NAMED:]) + (" and before" if len(gaps) > _NAMED else "")
            what = (
                f"{code} has no rate in {len(gaps)} closed month(s), whose revenue in {names} is not known: {some}"
            )
            yield Finding("warning", "fx_missing", what, remedy, "fx_rates", value=code, count=len(gaps))
        last = _last_rate(frames["fx_rates"], code)
        if last < inputs.calendar.months[-1]:
            what = f"{code} is held at its rate of {last} in the months after it"
            yield Finding("note", "fx_held", what, "Import planned rates in fx_rates", "fx_rates", value=code)


def _closed_gaps(inputs: Inputs, exchange: Exchange, own: list[int]) -> list[str]:
    """Closed months with sales in a currency but without its rate."""
    sold = np.nansum(inputs.history.shipped[:, own], axis=(0, 1)) != 0
    unknown = ~np.isfinite(exchange.rate_history[own[0]])
    return [month for month, gap in zip(inputs.history.months, sold & unknown, strict=True) if gap]


def _last_rate(frame: pd.DataFrame, code: str) -> str:
    return max(m for m, own in zip(texts(frame, "month"), texts(frame, "currency"), strict=True) if own == code)


def _ledger_rates(inputs: Inputs, frames: Frames) -> Iterator[Finding]:
    """Ledger amounts in a currency that has no rate in their month."""
    frame = frames.get("financials")
    if frame is None:
        return
    converted = convert_ledger(frame, read_rates(frames.get("fx_rates"), inputs.currency))
    lost = np.isfinite(numbers(frame, "amount")) & ~np.isfinite(converted)
    if lost.any():
        count = int(lost.sum())
        codes = sorted({unit for unit, out in zip(texts(frame, "unit"), lost, strict=True) if out})
        what = f"{count} ledger amount(s) in {', '.join(codes)} have no rate in their month, so they are not known"
        remedy = "Import the rates in fx_rates, or mend the unit"
        yield Finding("warning", "fx_missing", what, remedy, "financials", "", None, "unit", codes[0], count)
