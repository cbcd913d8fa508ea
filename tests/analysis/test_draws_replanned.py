"""Ranges against a thousand independent full re-plans: other random numbers, drawn by hand, each planned cold."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sop.analysis.headline import Values, values_of
from sop.analysis.ranges.demand_errors import DemandErrors, demand_errors
from sop.analysis.ranges.draws import Draws, Paths, blocks_for, join_blocks, read_measure, read_paths, replan_block
from sop.analysis.ranges.risks import draw_block, find_risks
from sop.core.inputs import Floats
from sop.core.measures import HEADLINES
from sop.core.register import Assumptions
from sop.core.world import World
from sop.engine import Planner, build_plan
from sop.supply.before.company_problem import AgreedSupply, agreed_supply
from tests.integrated import cash_sales, company, forecast_of

INPUTS = company()
FORECAST = forecast_of(INPUTS)
MONTHS = INPUTS.calendar.horizon
HALF_A_DAY = 0.5
"""Days nearer than this are one figure in a headline, which tells whole days."""
A_UNIT_IN_STOCK = 6_000
"""What one unit of the company that is drawn costs, in minor units."""
SIZES = {
    "price_spread": 0.03, "output_spread": 0.05, "supplier_delay_days": 10.0, "launch_volume_spread": 0.4,
    "delay_spread_months": 2.0, "initiative_spread": 0.3, "operating_cost_spread": 0.04, "dso_spread_days": 5.0,
}  # fmt: skip
GIVEN = Assumptions(
    {
        **cash_sales(launch_probability=0.7),
        ("dso_days", ""): 40.0,
        **{(key, ""): value for key, value in SIZES.items()},
    }
)


@pytest.fixture(scope="module")
def errors() -> DemandErrors:
    return demand_errors(INPUTS, FORECAST)


@pytest.fixture(scope="module")
def thousand(errors: DemandErrors, agreed: AgreedSupply) -> Draws:
    return drawn(errors, agreed, 1000)


@pytest.fixture(scope="module")
def agreed() -> AgreedSupply:
    found = agreed_supply(build_plan(INPUTS, GIVEN, FORECAST), INPUTS)
    assert found is not None
    return found


def paths_of(values: Values) -> Paths:
    return read_paths(values, INPUTS.families.made_to_order, INPUTS.calendar.year)


def drawn(errors: DemandErrors, agreed: AgreedSupply, draws: int, seed: int = 0) -> Draws:
    planner = Planner(INPUTS, FORECAST, agreed)
    risks = find_risks(INPUTS, GIVEN, errors)

    def paths_in(worlds: Sequence[tuple[Assumptions, World]]) -> list[Paths]:
        return [paths_of(values) for values in planner.headline_values(worlds)]

    blocks = [replan_block(risks, GIVEN, paths_in, block, seed) for block in range(blocks_for(draws))]
    return join_blocks(blocks, paths_of(values_of(planner.build(GIVEN))), INPUTS.calendar)


def independently(rng: np.random.Generator, errors: DemandErrors, agreed: AgreedSupply) -> dict[str, Floats]:
    """One future as the words say it: the plan for it, solved from nothing."""

    def late() -> float:
        return float(np.rint(SIZES["delay_spread_months"] * max(rng.normal(), 0.0)))

    values = dict(GIVEN)
    values["event_use", "Tender"], values["event_probability", "Tender"] = 0.0, float(rng.random() < 0.5)
    values["launch_probability", "Sport"] = float(rng.random() < 0.7)
    values["launch_slip_months", "Sport"] = min(late(), 12)
    values["launch_volume_pct", "Sport"] = min(np.exp(SIZES["launch_volume_spread"] * rng.normal()), 2.0)
    values["initiative_confidence", "Lean"] = min(np.exp(SIZES["initiative_spread"] * rng.normal()), 1.5)
    values["initiative_slip_months", "Lean"] = min(late(), 12)
    values["operating_cost_pct", ""] = np.exp(SIZES["operating_cost_spread"] * rng.normal()) - 1
    values["dso_days", ""] = 40.0 + SIZES["dso_spread_days"] * rng.normal()
    share = np.clip(SIZES["supplier_delay_days"] * np.maximum(rng.normal(size=(1, MONTHS)), 0) / 30.4375, 0, 1)
    level, own = rng.normal(), rng.normal(size=(1, MONTHS))
    world = World(
        demand=errors.factors(rng.normal(size=(1, errors.dims)))[0],
        price=float(np.exp(SIZES["price_spread"] * rng.normal())),
        output=np.exp(SIZES["output_spread"] * (level + own) / np.sqrt(2)),
        arriving=1 - share + np.concatenate([[[0.0]], share[:, :-1]], axis=1),
    )
    return dict(paths_of(values_of(Planner(INPUTS, FORECAST, agreed).build(Assumptions(values), world=world))))


@pytest.mark.slow
def test_ranges_are_those_of_a_thousand_independent_full_replans(
    errors: DemandErrors, agreed: AgreedSupply, thousand: Draws
) -> None:
    rng = np.random.default_rng(20_261_129)
    futures = [independently(rng, errors, agreed) for _ in range(1000)]
    paths = {key: np.stack([future[key] for future in futures]) for key in futures[0]}
    told = 0
    for entry in HEADLINES:
        for first, last in ((0, 11), (0, 2), (3, 11)):
            came, range_ = (
                read_measure(paths, entry, first, last),
                thousand.quantiles(entry, first, last, (0.1, 0.9)),
            )
            if came is None or range_ is None or not np.isfinite(came).all():
                continue
            low, high = np.quantile(came, [0.1, 0.9])
            within = 0.1 * (high - low) + 1e-9
            if entry.unit == "days":
                # Days of the family that waits longest: a coarse measure. Half a day is what a headline resolves.
                within = max(within, HALF_A_DAY)
            if entry.key == "inventory":
                within = max(within, A_UNIT_IN_STOCK)  # a P90 of four units cannot be nearer than one of them
            assert range_ == pytest.approx([low, high], abs=within), (entry.key, first, last)
            told += 1
    assert told >= 15


@pytest.mark.slow
def test_a_range_does_not_depend_on_the_seed(errors: DemandErrors, agreed: AgreedSupply, thousand: Draws) -> None:
    low = [each.quantiles(HEADLINES[0], 0, 11, (0.1,)) for each in (thousand, drawn(errors, agreed, 1000, seed=1))]
    values = [found[0] for found in low if found is not None]
    assert len(values) == 2 and (max(values) - min(values)) / np.mean(values) < 0.01, "a range of a tenth"


@given(block=st.integers(0, 5))
@settings(max_examples=3, deadline=None)
def test_a_draw_tells_exactly_what_a_whole_plan_solved_from_nothing_tells(
    errors: DemandErrors, agreed: AgreedSupply, block: int
) -> None:
    draws = draw_block(find_risks(INPUTS, GIVEN, errors), GIVEN, block).draws[:12]
    warm = Planner(INPUTS, FORECAST, agreed).headline_values([(each.assumptions, each.world) for each in draws])
    for each, values in zip(draws, warm, strict=True):
        brief = paths_of(values)
        told = paths_of(values_of(Planner(INPUTS, FORECAST, agreed).build(each.assumptions, world=each.world)))
        assert list(brief) == list(told)
        assert all(np.array_equal(brief[key], told[key], equal_nan=True) for key in told)
