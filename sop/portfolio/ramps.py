"""How sales of a new product grow: an S-curve, a line, or as a like product grew."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from scipy.optimize import isotonic_regression

from sop.core.inputs import RAMP_RECORD, Floats, Inputs, Launch

LONGEST_RAMP = 24
"""Months on sale in which a ramp is looked for."""


def ramp_share(curve: str, ramp_months: float, periods: int) -> Floats:
    """Share of the peak reached in each month on sale (periods,): a line, or the smooth step 3u² − 2u³.

    >>> ramp_share("linear", 4, 5).tolist()
    [0.25, 0.5, 0.75, 1.0, 1.0]
    """
    u = np.clip((np.arange(periods) + 1) / max(ramp_months, 1.0), 0.0, 1.0)
    return u if curve == "linear" else u * u * (3 - 2 * u)


def ramp_of_record(units: Floats) -> Floats:
    """Share of the peak reached in each month (n,), from a product's first months on sale (n,) in units.

    The nearest curve that never falls (isotonic least squares), over its highest level: what goes up and down is
    averaged, so that neither a single month nor the season becomes the peak.

    >>> ramp_of_record(np.array([2.0, 1.0, 4.0, 8.0, 10.0, 6.0])).tolist()
    [0.1875, 0.1875, 0.5, 1.0, 1.0, 1.0]
    """
    level = isotonic_regression(np.maximum(units, 0.0)).x
    return level / level[-1] if level[-1] > 0 else level


def record_since_launch(inputs: Inputs, product: int) -> Floats:
    """Units ordered (n,) in the months since a product's first sale, at most LONGEST_RAMP; empty where unknown."""
    first = inputs.products.first_sale[product] if len(inputs.products.first_sale) else np.nan
    months = len(inputs.history.months)
    if not -months <= first < 0:
        return np.zeros(0)
    ordered = np.nan_to_num(inputs.history.ordered[product]).sum(axis=0)
    return ordered[months + int(first) :][:LONGEST_RAMP]


def like_ramps(inputs: Inputs, launches: Iterable[Launch]) -> dict[str, Floats]:
    """The ramp of each launch that follows a like product, by name; left out where its record is too short."""
    found = {}
    for launch in launches:
        if launch.curve == "like_product" and launch.like is not None:
            record = record_since_launch(inputs, launch.like)
            if len(record) >= RAMP_RECORD and record.any():
                found[launch.name] = ramp_of_record(record)
    return found
