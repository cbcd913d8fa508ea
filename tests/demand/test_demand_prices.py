"""Price elasticity: estimated where months that were not fitted prove it, else said to be assumed as nothing."""

from dataclasses import replace

import numpy as np
import pytest

from sop.agreement.content import _forecast, forecast_content
from sop.analysis.decisions.levers import build_lever
from sop.core.calendar import shift_period
from sop.core.inputs import History, Inputs
from sop.core.register import Assumptions
from sop.demand.drivers import prove_prices
from sop.engine import Planner, forecast_company, with_prices
from sop.views.price_words import elasticity_rows, elasticity_words
from tests.demand.test_demand_cleaning_company import company

MONTHS = tuple(shift_period("2022-12", back) for back in range(-84, 0))
T = np.arange(84)


def prices(seed: int, size: float = 0.08) -> np.ndarray:
    """A price that changes by a few percent every few months."""
    rng = np.random.default_rng(seed)
    return 10 * np.exp(np.cumsum((rng.random(84) < 0.3) * rng.normal(0, size, 84)))


def demand_at(price: np.ndarray, elasticity: float, seed: int, noise: float = 0.04) -> np.ndarray:
    pattern = 1 + 0.3 * np.sin(T * np.pi / 6)
    drawn = np.exp(np.random.default_rng(seed).normal(0, noise, 84))
    return 1000 * pattern * (price / 10) ** elasticity * drawn


def sold(*families: tuple[np.ndarray, np.ndarray]) -> Inputs:
    """A company whose families sold some demand at some price."""
    demand = np.array([each[0] for each in families])[:, None, :]
    price = np.array([each[1] for each in families])[:, None, :]
    inputs = company(*(np.ones(48) for _ in families))
    return replace(inputs, history=History(MONTHS, demand, demand.copy(), demand * price))


def proofs(inputs: Inputs) -> dict[str, tuple[float | None, str]]:
    found = prove_prices(inputs, inputs.ordered_by_family)
    return {proof.family: (proof.elasticity, proof.why) for proof in found}


@pytest.fixture(scope="module")
def inputs() -> Inputs:
    """Family A reacts to its price, B does not, the price of C never changed, D is young."""
    first, second, fixed = prices(3), prices(4), np.full(84, 10.0)
    young = np.where(T < 60, np.nan, demand_at(first, -2, 5))
    return sold(
        (demand_at(first, -2.0, 1), first),
        (demand_at(second, 0.0, 2), second),
        (demand_at(fixed, 0.0, 3), fixed),
        (young, first),
    )


def test_an_elasticity_is_proven_where_demand_follows_the_price_and_nowhere_else(inputs):
    found = proofs(inputs)
    value, why = found["A"]
    assert value == pytest.approx(-2.0, abs=0.3) and why.startswith("proven: price saves")
    assert [found[name][0] for name in "BCD"] == [None] * 3
    assert found["B"][1].startswith("unproven")
    assert found["C"][1] == "its price hardly changed"
    assert found["D"][1].startswith("too few months")


@pytest.mark.parametrize("noise", [0.05, 0.15])
def test_luck_proves_no_elasticity(noise):
    """Of 60 families whose price says nothing at most one is taken to react."""
    lucky = 0
    for seed in range(60):
        price = prices(seed)
        lucky += proofs(sold((demand_at(price, 0.0, 1000 + seed, noise), price)))["A"][0] is not None
    assert lucky <= 1


def test_demand_that_rises_with_its_price_is_not_believed():
    price = prices(3)
    value, why = proofs(sold((demand_at(price, 2.0, 1), price)))["A"]
    assert value is None and "did not fall" in why


def test_another_mix_is_no_change_of_price(inputs):
    rising = np.linspace(100, 900, 84)
    both = np.array([rising, 1000 - rising])[:, None, :]
    mixed = replace(
        inputs,
        families=replace(inputs.families, names=("A",), base=("A",)),
        products=replace(inputs.products, numbers=("x", "y"), names=("x", "y"), family=np.array([0, 0]),
                         retired=np.zeros(2, bool)),
        history=History(MONTHS, both, both.copy(), both * np.array([10.0, 50.0])[:, None, None]),
    )  # fmt: skip
    assert prove_prices(mixed, mixed.by_family(both))[0].why == "its price hardly changed"


def test_the_plan_uses_what_is_proven_unless_somebody_says_otherwise(inputs):
    forecast = forecast_company(inputs)
    value = forecast.prices[0].elasticity
    planner = Planner(inputs, forecast)

    def effect(*own: float) -> float:
        told = Assumptions({("price_pct", ""): 0.05})
        for value in own:
            told = told.set("price_elasticity", "A", value)
        demand = planner.demand(told)
        return float(demand.terms["price_effect"][0].sum() / demand.terms["baseline"][0].sum())

    assert value is not None and effect() == pytest.approx(0.05 * value, abs=1e-3)
    assert effect(-0.4) == pytest.approx(-0.02, abs=1e-3)
    assert effect(0.0) == 0


def test_sliders_words_and_lines_say_what_is_proven_set_or_assumed(inputs):
    told = with_prices(inputs, forecast_company(inputs))
    value = told.elasticity["A"]
    assert build_lever(told, Assumptions(), "price_elasticity", "A").value == value
    assert elasticity_words(told, Assumptions()) == (
        f"Price elasticity: proven on history for A \u2212{-value:.4g}; assumed 0 for 3 other families: no effect "
        "of price is proven, so a price moves no demand."
    )
    assert "its price hardly changed, so a price moves no demand" in elasticity_words(told, Assumptions(), "C")
    own = Assumptions({("price_elasticity", "B"): -0.5})
    assert "set for B \u22120.5" in elasticity_words(told, own)
    assert [row["source"] for row in elasticity_rows(told, own)] == ["proven", "set", "assumed", "assumed"]


def test_what_is_proven_is_signed_with_the_plan(inputs):
    forecast = forecast_company(inputs)
    content = forecast_content(forecast, inputs)
    assert content["elasticity"].keys() == {"A"}
    assert _forecast(content).prices[0].elasticity == forecast.prices[0].elasticity
    without = forecast_content(replace(forecast, prices=()), inputs)
    assert "elasticity" not in without
