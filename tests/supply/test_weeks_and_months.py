"""The same company in weeks and in months: sales, safety stock and stock agree but for what each states."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sop.core.calendar import MONTH, Calendar, first_day, period_of, shift_period
from sop.core.inputs import Inputs
from sop.core.plan import StoredForecast
from sop.demand.told_coarser import told_coarser
from sop.intake.assemble import assemble
from sop.supply.before.demand import demand_deviation, persistence
from tests.companies import FIRST_OPEN, Shape, company_tables

WEEKS, MONTHS = Calendar("2026-W01", 52, every="month"), Calendar(FIRST_OPEN, 12)


def company(calendar: Calendar, tables: dict[str, pd.DataFrame] | None = None) -> Inputs:
    return assemble(tables or company_tables(Shape(history=26, horizon=12)), calendar, company="made")


def level(inputs: Inputs, calendar: Calendar, month: float, half: float) -> StoredForecast:
    """A level forecast of units a month with an interval that reaches half as far as given, to both sides."""
    days = np.array(calendar.days) * 12 / 365.25
    mean = np.broadcast_to(month * days, (len(inputs.families.names), len(inputs.regions), calendar.horizon))
    low, high = mean - half * days, mean + half * days
    return StoredForecast(calendar.first_open, mean, low, high, low, high, mean, ("level",))


def test_safety_stock_for_a_lead_time_is_the_same_in_weeks_as_in_months() -> None:
    """Reviewed as often: what strays by a month in one strays by it in the other."""
    found = {}
    for calendar in (WEEKS, MONTHS):
        inputs = company(calendar)
        forecast = level(inputs, calendar, 100.0, 30.0)
        demand = np.rint(forecast.mean).astype(int)
        lead = 60 / calendar.mean_days
        sd = demand_deviation(inputs, forecast, demand.sum(axis=1))[:, 0]
        found[calendar.word] = np.sqrt(lead + calendar.review) * sd
    assert found["week"] == pytest.approx(found["month"], rel=0.15), (
        "the mix of products is known by week and month"
    )


def test_a_review_is_a_cycle() -> None:
    assert [round(Calendar("2026-W27", 52, every=every).review, 2) for every in ("", "two_weeks", "month")] == [
        1.0, 2.0, 4.35,
    ]  # fmt: skip
    assert Calendar("2026-07", 12, every="quarter").review == 3.0


def test_sales_told_by_month_are_forecast_by_month_and_shared_by_working_days() -> None:
    inputs = company(WEEKS)
    told = told_coarser(inputs)
    assert told is not None and told.season_length == 12 and told_coarser(company(MONTHS)) is None
    weeks = inputs.ordered_by_family.sum(axis=1)
    months = company(MONTHS).by_family(company(MONTHS).history.ordered).sum(axis=1)
    back = told.history(weeks)
    assert np.nansum(back[:, -12:]) == pytest.approx(np.nansum(months[:, -12:]), rel=0.02)
    ahead = told.ahead(back[:, -1], np.full((len(back), told.horizon), 100.0))
    assert ahead.shape == (len(back), 52)
    whole = [at for at, week in enumerate(WEEKS.months) if period_of(first_day(week), MONTH) > "2026-01"][4:-5]
    assert ahead[0, whole].mean() == pytest.approx(100 * 12 / 52.18, rel=0.03)


def test_errors_that_go_on_add_up_and_others_do_not() -> None:
    tables = company_tables(Shape(history=26, horizon=12))
    weeks = [shift_period("2026-W01", at - 104) for at in range(104)]
    rng = np.random.default_rng(1)
    slow = np.repeat(rng.integers(50, 150, 26), 4)
    fast = rng.integers(50, 150, 104)
    product = tables["products"]["product"]
    sold = [
        (week, product[p], "Region 0", row[t], 1.0)
        for p, row in enumerate((slow, fast))
        for t, week in enumerate(weeks)
    ]
    tables["sales_actuals"] = pd.DataFrame(sold, columns=["month", "product", "region", "quantity", "revenue"])
    found = persistence(company(WEEKS, tables))
    assert found[0] > 1.3 > found[1] >= 1.0
    assert (persistence(company(MONTHS)) == 1.0).all()
