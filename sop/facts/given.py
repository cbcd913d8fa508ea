"""Which revenue of the sales tables was given, and which only looks like a number."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd
from numpy.typing import ArrayLike

from sop.core.inputs import Floats


def given_revenue(
    products: Iterable[str], months: Iterable[str], quantity: ArrayLike, revenue: ArrayLike
) -> Floats:
    """Revenue by row; not-a-number where it is not given.

    Zero for everything that a product sold, or for everything that a month sold, can only mean that nobody filled
    it in; a zero between rows with revenue is what it says: goods that were given away.
    """
    frame = pd.DataFrame({"product": products, "month": months, "units": quantity, "revenue": revenue})
    sold = frame["units"] != 0
    some = sold & frame["revenue"].notna() & (frame["revenue"] != 0)
    told = [some.groupby(frame[by]).transform("any") for by in ("product", "month")]
    given = ~sold | (told[0] & told[1])
    return frame["revenue"].where(given).to_numpy(float)
