"""The demo company without its forecasts, for tests of what happens around them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import pytest

from sop.core.inputs import Inputs
from sop.core.plan import StoredForecast
from sop.services.demo import advance as demo_advance
from sop.services.demo import build as demo
from sop.services.planning import room as planning


@contextmanager
def quick_forecasts() -> Iterator[None]:
    """Every month is forecast as it was a year before; no database is named by the environment."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("SOP_DATABASE_URL", raising=False)
        for module in (planning, demo, demo_advance):
            patch.setattr(module, "forecast_company", _last_year)
        yield


def _last_year(inputs: Inputs, *decided: object, **options: object) -> StoredForecast:
    year = np.nan_to_num(inputs.history.ordered)[..., -12:]
    products = np.tile(year, inputs.calendar.horizon // 12)
    mean = np.zeros((len(inputs.families.names), *products.shape[1:]))
    np.add.at(mean, inputs.products.family, products)
    names = ("as last year",) * (mean.shape[0] * mean.shape[1])
    return StoredForecast(inputs.calendar.first_open, mean, mean, mean, mean, mean, products, names)
