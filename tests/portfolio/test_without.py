"""At zero probability a launch, an initiative or an event is not there: every line is the plan without it."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sop.core.inputs import Inputs
from sop.core.plan import Plan, StoredForecast
from sop.core.register import EVENT_USES, Assumptions
from sop.core.terms import EventUse
from sop.engine import build_plan
from sop.intake.assemble import assemble
from sop.portfolio.launch_volumes import launch_basis
from tests.companies import Shape, calendar_of, company_tables
from tests.test_engine import level_forecast

SPENT = ("launch_spend", "initiative_cost")
OWN = ("launch_volume", "launch_cost", "launch_slip", "initiative_spend", "initiative_effect")
"""Lines by launch or initiative: one that has no chance keeps its row of zeros."""

SHAPES = st.builds(Shape, seed=st.integers(0, 20), capacity=st.booleans(), materials=st.booleans())


@cache
def company(shape: Shape) -> tuple[Inputs, StoredForecast]:
    """A generated company whose launch grows like one product and replaces another."""
    tables = company_tables(shape)
    launches = tables["launches"].assign(curve="like_product", like_product="P-001", replaces="P-003")
    products = tables["products"].assign(launch_date=[None, "2024-06", *[None] * (shape.products - 2)])
    # What was spent so far is taken off the ledger's costs; none was, so that stopping it is as never having it.
    initiatives = tables["initiatives"].assign(spent=0.0)
    own = {"launches": launches, "products": products, "initiatives": initiatives}
    inputs = assemble({**tables, **own}, calendar_of(shape))
    forecast = level_forecast(inputs)
    share = inputs.position.product_share[..., None]
    mean = np.einsum("fn,frt->nrt", inputs.family_of_product, forecast.mean) * share
    return inputs, replace(forecast, product_mean=mean)


def assert_same_lines(one: Plan, other: Plan) -> None:
    assert one.headline == other.headline
    for key in {*one.blocks, *other.blocks} - set(OWN):
        if key in SPENT and key not in other:  # nothing is spent on what is stopped, nor told of what is not there
            assert not one[key].any()
        else:
            assert one[key].tolist() == other[key].tolist(), key


@settings(deadline=None, max_examples=12)
@given(SHAPES, st.sampled_from(["launches", "initiatives", "events"]))
def test_every_line_is_the_plan_without_it(shape: Shape, block: str) -> None:
    inputs, forecast = company(shape)
    key = {"launches": "launch_probability", "initiatives": "initiative_confidence", "events": "event_probability"}
    stopped = Assumptions({(key[block], item.name): 0.0 for item in getattr(inputs, block)})
    without = build_plan(replace(inputs, **{block: ()}), Assumptions(), forecast)
    assert_same_lines(build_plan(inputs, stopped, forecast), without)


@settings(deadline=None, max_examples=6)
@given(SHAPES, st.sampled_from([EventUse.RANGE, EventUse.WATCH]))
def test_events_in_the_range_or_watched_change_no_line(shape: Shape, use: EventUse) -> None:
    inputs, forecast = company(shape)
    aside = tuple(replace(event, use=use, probability=1.0) for event in inputs.events or ())
    one = build_plan(replace(inputs, events=aside), Assumptions(), forecast)
    assert_same_lines(one, build_plan(replace(inputs, events=()), Assumptions(), forecast))


@settings(deadline=None, max_examples=8)
@given(SHAPES, st.sampled_from(EVENT_USES), st.sampled_from(EVENT_USES), st.sampled_from([0.0, 0.3, 1.0]))
def test_the_use_that_the_owner_chose_beats_the_table(
    shape: Shape, table: EventUse, chosen: EventUse, probability: float
) -> None:
    inputs, forecast = company(shape)
    events = tuple(replace(event, use=table, probability=probability) for event in inputs.events or ())
    values = Assumptions({("event_use", event.name): EVENT_USES.index(chosen) for event in events})
    stated = replace(inputs, events=tuple(replace(event, use=chosen) for event in events))
    one = build_plan(replace(inputs, events=events), values, forecast)
    assert_same_lines(one, build_plan(stated, Assumptions(), forecast))
    if chosen is not EventUse.PLAN or not probability:
        assert_same_lines(one, build_plan(replace(inputs, events=()), Assumptions(), forecast))


@pytest.mark.parametrize("seed", range(3))
def test_the_launch_of_these_companies_follows_its_like_product_and_replaces_another(seed: int) -> None:
    inputs, forecast = company(Shape(seed=seed))
    assert "New one" in launch_basis(inputs, forecast.product_mean).ramps
    plain = replace(inputs, launches=tuple(replace(x, replaces=None) for x in inputs.launches or ()))
    one, other = (build_plan(chosen, Assumptions(), forecast) for chosen in (inputs, plain))
    assert one["cannibalisation"].sum() < other["cannibalisation"].sum() < 0
