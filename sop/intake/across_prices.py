"""Findings about prices: where list price stands in for revenue, and what is sold or bought at no known price."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from sop.core.findings import Finding
from sop.core.format import how_many
from sop.core.inputs import Bools, Inputs
from sop.core.words import first_of
from sop.intake.blocks.frames import Frames, numbers, texts

_NAMED = 5
_UNLIKE = 10.0
"""Times above or below list price from which what customers paid is in another unit rather than a discount."""


def check_prices(inputs: Inputs, listed: Bools, frames: Frames) -> list[Finding]:
    """Every finding about prices; `listed` (N, R, H): closed months in which list price stands in for revenue."""
    return [
        *_at_list_price(inputs, listed),
        *_unpriced(inputs),
        *_priced_at_nothing(inputs, frames),
        *_unlike_the_list(inputs),
        *_made_for_nothing(inputs),
    ]


def _at_list_price(inputs: Inputs, listed: Bools) -> Iterator[Finding]:
    """Families whose revenue is not given and counts at list price."""
    products = np.flatnonzero(listed.any(axis=(1, 2)))
    if len(products):
        families = np.unique(inputs.products.family[products]).tolist()
        names = first_of([inputs.families.names[f] for f in families], _NAMED)
        what = (
            f"no revenue is given for {how_many(len(products), 'products')} of {names}: what was sold "
            f"counts at list price"
        )
        yield Finding("warning", "list_price", what, "Fill revenue", "sales_actuals", column="revenue")


def _unpriced(inputs: Inputs) -> Iterator[Finding]:
    """Families that sell in a region at a price that nobody knows."""
    if not np.isfinite(inputs.position.price).any():
        what = "no price of anything is known, so the plan is in units and says nothing of money"
        yield Finding("warning", "no_price", what, "Fill price, or revenue in sales_actuals", "products")
        return
    sold = np.nansum(inputs.shipped_by_family[..., -inputs.history.year :], axis=-1) > 0
    without_rate = False if inputs.exchange is None else ~np.isfinite(inputs.exchange.base)
    for f, r in np.argwhere(sold & ~np.isfinite(inputs.position.price) & ~np.asarray(without_rate)):
        family, region = inputs.families.names[f], inputs.regions[r]
        what = f"no price is known of {family} in {region}, so neither its revenue nor any total is known"
        yield Finding("warning", "no_price", what, "Fill price in products", "products", column="price")


def _priced_at_nothing(inputs: Inputs, frames: Frames) -> Iterator[Finding]:
    """What is sold, or bought, at a price of nothing, which is taken as not known."""
    sold = dict(zip(inputs.products.numbers, np.nansum(inputs.history.shipped, axis=(1, 2)) > 0, strict=True))
    for table, key, instead in (
        ("products", "product", "what customers paid stands in, if that is known"),
        ("materials", "material", "the material share of standard cost stands in"),
    ):
        if table not in frames:
            continue
        frame = frames[table]
        rows = zip(texts(frame, key), numbers(frame, "price") == 0, strict=True)
        free = [name for name, nothing in rows if nothing and sold.get(name, table == "materials")]
        if free:
            what = f"a price of 0 is taken as not known of {first_of(free, _NAMED)}: {instead}"
            yield Finding(
                "warning", "price_of_nothing", what, "Fill price", table, column="price", count=len(free)
            )


def _unlike_the_list(inputs: Inputs) -> Iterator[Finding]:
    """Products for which customers paid ten times their list price, or a tenth: revenue is in thousands, say."""
    recent = slice(-inputs.history.year, None)
    units, revenue = (
        np.nansum(each[..., recent], axis=(1, 2)) for each in (inputs.history.shipped, inputs.history.revenue)
    )
    listed = np.nan_to_num(inputs.products.list_price)
    asked = listed * units
    odd = (
        (units > 0) & (listed > 0) & (revenue > 0) & ((revenue * _UNLIKE <= asked) | (revenue >= _UNLIKE * asked))
    )
    if not odd.any():
        return
    first = int(odd.argmax())
    price = revenue[first] / units[first]
    what = (
        f"customers paid {price:.4g} a unit of {inputs.products.numbers[first]}, whose list price is "
        f"{listed[first]:.4g}"
    )
    if others := int(odd.sum()) - 1:
        what += f", and so it is with {others} more"
    remedy = "Check whether revenue is in another unit, such as thousands, and the list price"
    yield Finding(
        "warning", "unlike_list_price", what, remedy, "sales_actuals", column="revenue", count=others + 1
    )


def _made_for_nothing(inputs: Inputs) -> Iterator[Finding]:
    """Products that sell and cost nothing: their margin is their whole price."""
    sold = np.nansum(inputs.history.shipped[..., -inputs.history.year :], axis=(1, 2)) > 0
    free = [
        n for n, cost in zip(inputs.products.numbers, (inputs.products.unit_cost == 0) & sold, strict=True) if cost
    ]
    if free:
        what = f"a standard cost of 0 is taken as it stands of {first_of(free, _NAMED)}: the whole price is margin"
        remedy = "Fill unit_cost, or leave it empty where it is not known"
        yield Finding("warning", "cost_of_nothing", what, remedy, "products", column="unit_cost", count=len(free))
