"""The joint error of demand: sums keep the range that was measured on sums, and wider is never narrower."""

import numpy as np
import pytest

from sop.analysis.ranges.errors import DemandErrors, demand_errors
from tests.tiny import tiny_forecast, tiny_inputs


def errors() -> DemandErrors:
    return demand_errors(tiny_inputs(), tiny_forecast())


def draws(found: DemandErrors, n: int = 2000) -> np.ndarray:
    return found.factors(np.random.default_rng(1).normal(size=(n, found.dims)))


def total(found: DemandErrors) -> np.ndarray:
    return (draws(found) * found.value).sum(axis=(1, 2, 3))


def test_a_draw_without_any_surprise_is_the_forecast() -> None:
    found = errors()
    assert found.factors(np.zeros((1, found.dims))) == pytest.approx(np.ones((1, 2, 1, 12)))


def test_the_middle_of_the_draws_of_the_total_is_the_forecast() -> None:
    found = errors()
    assert np.median(total(found)) == pytest.approx(found.value.sum(), rel=0.01)


def test_a_wider_error_never_narrows_a_range() -> None:
    found = errors()
    widths = [np.diff(np.quantile(total(found.wider(by)), [0.1, 0.9])).item() for by in (0.5, 1, 1.5, 2)]
    assert widths == sorted(widths)


def test_normals_of_another_width_are_refused() -> None:
    with pytest.raises(ValueError, match="normals"):
        errors().factors(np.zeros((1, 3)))
