"""Which revenue of the sales tables was given, and which only looks like a number."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from sop.core.inputs import Floats


def given_revenue(
    products: Iterable[str],
    regions: Iterable[str],
    months: Iterable[str],
    quantity: ArrayLike,
    revenue: ArrayLike,
) -> Floats:
    """Revenue by row; not-a-number where it is not given.

    Zero for everything that a product, a region or a month sold can only mean that nobody filled it in; a zero
    between rows with revenue is what it says: goods that were given away.
    """
    frame = pd.DataFrame(
        {"product": products, "region": regions, "month": months, "units": quantity, "revenue": revenue}
    )
    sold = frame["units"] != 0
    some = sold & frame["revenue"].notna() & (frame["revenue"] != 0)
    told = [some.groupby(frame[by]).transform("any") for by in ("product", "region", "month")]
    given = ~sold | np.logical_and.reduce(told)
    return frame["revenue"].where(given).to_numpy(float)
