"""Twelve planned months against the last twelve: what carries the difference, exactly, and when it is told."""

from dataclasses import replace

import numpy as np
import pytest

from sop.analysis.jump import CORRECTED, GROWTH, LEVEL, NEW_PRODUCTS, PART_YEAR, PRICE, RETIRED, Jump, jumps_of
from sop.core.format import money_format
from sop.core.inputs import Inputs
from sop.core.plan import HistoryCorrection, StoredForecast
from sop.core.present import table_texts
from sop.core.register import Assumptions
from sop.engine import Planner
from sop.intake.assemble import assemble
from sop.views.jump_words import jump_sentence, jump_table
from tests.companies import Shape, calendar_of, company_tables
from tests.demand.test_demand_cleaning_company import MONTHS, company

T = np.arange(48)
STEP = np.where(T < 44, 100.0, 200.0)
PRICED = 10.0


def priced(*demand: np.ndarray) -> Inputs:
    inputs = company(*demand)
    return replace(inputs, position=replace(inputs.position, price=np.full((len(demand), 1), PRICED)))


def forecast_of(*each: float | np.ndarray, half: float = 0.0) -> StoredForecast:
    """A forecast by family, a number or a path, with an 80% interval of `half` a month to either side."""
    mean = np.array([np.full(24, 1.0) * path for path in each])[:, None, :]
    low, high = mean - half, mean + half
    return StoredForecast("2022-12", mean, low, high, low, high, mean, ("by hand",) * len(each))


def jumps(inputs: Inputs, forecast: StoredForecast, **values: float) -> tuple[Jump, ...]:
    assumptions = Assumptions({(key, ""): value for key, value in values.items()})
    return jumps_of(inputs, Planner(inputs, forecast).build(assumptions), forecast)


def parts(jump: Jump) -> dict[str, float]:
    return {part.name: part.units for part in jump.parts}


def test_a_step_within_the_year_is_the_level_of_the_last_quarter():
    company_jump, family = jumps(priced(STEP), forecast_of(200))
    assert (family.last_units, family.next_units) == (1600, 2400)
    assert parts(family) == {LEVEL: 800} and company_jump.parts == family.parts
    assert (family.last_revenue, family.next_revenue) == (1_600_000, 2_400_000)


def test_growth_that_goes_on_is_growth():
    grown = 100 * 1.2 ** (np.arange(72) / 12)
    _, family = jumps(priced(grown[:48]), forecast_of(grown[48:]))
    assert parts(family)[GROWTH] == pytest.approx(family.next_units - family.last_units, rel=0.03)


def test_a_season_is_no_level():
    season = 100 + 50 * np.sin(T * np.pi / 6)
    _, family = jumps(priced(season), forecast_of(np.tile(season[:12], 2)))
    assert abs(family.next_units - family.last_units) < 1 and not family.told


def test_what_began_within_the_year_would_have_sold_before():
    began = np.where(T < 45, np.nan, 50.0)
    _, old, new = jumps(priced(np.full(48, 100.0), began), forecast_of(100, 50))
    assert not old.parts and parts(new) == {PART_YEAR: 450}


def test_what_is_retired_and_what_was_corrected_are_told_apart():
    inputs = priced(np.full(48, 100.0), np.full(48, 40.0))
    gone = replace(inputs, products=replace(inputs.products, retired=np.array([False, True])))
    wrong = HistoryCorrection("A", "North", MONTHS[40], 100.0, 160.0, "sold out")
    _, kept, retired = jumps(gone, replace(forecast_of(105, 0), corrections=(wrong,)))
    assert parts(retired) == {RETIRED: -480}
    assert parts(kept) == {CORRECTED: 60}


def test_overrides_events_and_price_are_parts_of_their_own():
    _, family = jumps(priced(np.full(48, 100.0)), forecast_of(100), demand_pct=0.1, price_pct=0.05)
    assert parts(family)["overrides"] == 120
    money = {part.name: part.revenue for part in family.parts}
    assert money == {"overrides": 120_000, PRICE: round(1320 * 0.5 * 100)}


@pytest.mark.parametrize("months", [5, 11])
def test_twelve_months_are_not_compared_with_fewer(months):
    assert not jumps(_last(priced(np.full(48, 100.0)), months), forecast_of(100))


def _last(inputs: Inputs, months: int) -> Inputs:
    history = inputs.history
    short = {name: getattr(history, name)[..., -months:] for name in ("ordered", "shipped", "revenue")}
    return replace(inputs, history=replace(history, months=history.months[-months:], **short))


@pytest.mark.parametrize(
    ("ahead", "half", "told"),
    [
        (101, 0.0, False),
        (105, 0.0, True),
        (105, 8.0, False),
        (109, 20.0, False),
        (115, 20.0, True),
        (80, 50.0, True),
    ],
)
def test_a_difference_is_told_beyond_the_range_or_a_tenth(ahead, half, told):
    found = jumps(priced(np.full(48, 100.0)), forecast_of(ahead, half=half))
    assert found[0].told is told and bool(jump_sentence(found, None, "EUR")) is told


def test_the_sentence_names_the_size_the_range_and_what_carries_it():
    found = jumps(priced(STEP, np.full(48, 10.0)), forecast_of(200, 10, half=5))
    assert jump_sentence(found, None, "EUR") == (
        "Revenue of the next 12 months is 47% more than in the last 12 months (17.2 k€), beyond the range "
        "of its forecasts: the level of the last quarter +8.0 k€. By family: A +8.0 k€."
    )
    assert jump_sentence(found, "B", "EUR") == ""
    table = jump_table(found, "A")
    figures = [row[1].figure for row in table.rows]
    assert sum(figures[:-1]) == figures[-1]
    _, shown = table_texts(table, money_format("EUR", 10**6))
    assert [(row[0].text, row[1].text) for row in shown] == [
        ("Last 12 months", "1\u202f600"),
        ("The level of the last quarter", "+800"),
        ("Next 12 months", "2\u202f400"),
    ], "what adds has its sign, the ends do not"


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("prices", ["all", "some", "none"])
def test_parts_add_up_to_the_difference_by_family_and_for_the_company(seed, prices):
    shape = Shape(seed=seed, history=14 + 4 * seed, horizon=12 + seed, prices=prices)
    inputs = assemble(company_tables(shape), calendar_of(shape), company="Made")
    rng = np.random.default_rng(seed)
    size = (len(inputs.families.names), len(inputs.regions), shape.horizon)
    mean = rng.gamma(2, 40, size).round(4)
    products = np.zeros((len(inputs.products.numbers), *size[1:]))
    forecast = StoredForecast(
        inputs.calendar.first_open, mean, mean, mean, mean, mean, products, ("by hand",) * (size[0] * size[1])
    )
    found = jumps_of(inputs, Planner(inputs, forecast).build(Assumptions()), forecast)
    assert len(found) == size[0] + 1
    for jump in found:
        assert sum(part.units for part in jump.parts) == pytest.approx(jump.next_units - jump.last_units, abs=1e-6)
        if jump.revenue_known:
            assert sum(part.revenue or 0 for part in jump.parts) == jump.next_revenue - jump.last_revenue
    if found[0].revenue_known:
        assert found[0].next_revenue == sum(jump.next_revenue for jump in found[1:])
    assert found[0].revenue_known == (prices == "all")
    assert any(NEW_PRODUCTS in parts(jump) for jump in found)
