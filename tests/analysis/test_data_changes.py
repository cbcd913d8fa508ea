"""What counts as a change of data, whose it is, and how one is undone without touching another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from sop.analysis.comparison.as_signed import roll_forecast, roll_inputs
from sop.analysis.comparison.data_changes import (
    ACTUALS,
    CURRENCIES,
    LISTS,
    ChangedPart,
    changed_parts,
    find_added,
    put_back,
    same,
    without,
)
from sop.core.inputs import Event, Exchange, Initiative, Inputs
from sop.core.plan import StoredForecast
from sop.core.terms import EventUse, Function
from sop.intake.assemble import assemble
from tests.companies import Shape, calendar_of, company_tables
from tests.tiny import tiny_plan

SHAPE = Shape(history=14, horizon=12, seed=3)
TABLES = company_tables(SHAPE)


def made(tables: Mapping[str, pd.DataFrame] = TABLES) -> Inputs:
    return assemble(tables, calendar_of(SHAPE))


@pytest.fixture(scope="module")
def inputs() -> Inputs:
    """A company with every table."""
    return made()


def found(old: Inputs, new: Inputs, **people: Function) -> dict[str, ChangedPart]:
    return {part.key: part for part in changed_parts(old, new, people)}


def one(old: Inputs, new: Inputs, **people: Function) -> ChangedPart:
    (part,) = found(old, new, **people).values()
    return part


def test_nothing_differs_from_itself(inputs: Inputs) -> None:
    assert changed_parts(inputs, made(), {}) == ()


def test_capacity_of_closed_months_is_no_change_and_one_lines_hours_are(inputs: Inputs) -> None:
    """The month closed last is history now: operations changed nothing."""
    capacity = inputs.capacity
    assert capacity is not None
    grown = replace(
        capacity,
        history_months=(*capacity.history_months, "2026-01"),
        line_hours_history=np.c_[capacity.line_hours_history, np.ones(len(capacity.lines))],
    )
    assert changed_parts(inputs, replace(inputs, capacity=grown), {}) == ()
    hours = capacity.line_hours.copy()
    hours[0, 3] += 8
    part = one(inputs, replace(inputs, capacity=replace(grown, line_hours=hours)))
    assert (part.group, part.label) == ("Operations", f"Line {capacity.line_names[0]}: hours and routings")


@pytest.mark.parametrize(
    ("owner", "group"),
    [
        ("Head of finance", "Finance"),
        ("operations", "Operations"),
        ("Ada Obi", "Supply"),
        ("Steering group", "CEO"),
        ("", "CEO"),
    ],
)
def test_an_initiative_belongs_to_the_function_of_its_owner_else_to_the_registers(
    inputs: Inputs, owner: str, group: str
) -> None:
    entry = Initiative("Robot", owner, "Speed", 100.0, 10.0, 1.0, (), ())
    old, new = (replace(inputs, initiatives=(replace(entry, spent=spent),)) for spent in (10.0, 30.0))
    people = {"Ada Obi": Function.SUPPLY}
    (part,) = changed_parts(old, new, people)
    assert (part.group, part.name, part.tables[0]) == (group, "Robot", "initiatives")


def test_what_no_plan_reads_of_an_event_or_initiative_is_no_change(inputs: Inputs) -> None:
    event = Event("Fair", "Fair", "press", EventUse.PLAN, 1.0, 2, 3, "demand", 0.1, "", "sales", "", 0.0)
    entry = Initiative("Robot", "sales", "Speed", 100.0, 10.0, 1.0, (), ())
    old = replace(inputs, events=(event,), initiatives=(entry,))
    told = replace(event, source="call", owner="supply"), replace(entry, goal="More speed", owner="finance")
    assert changed_parts(old, replace(old, events=told[:1], initiatives=told[1:]), {}) == ()
    moved = replace(old, events=(replace(event, impact=0.2),))
    assert one(old, moved).group == "Sales"


def differing() -> Inputs:
    """The same company with something changed in every table that functions own, and in closed months."""
    tables = dict(TABLES)
    for name, column in (
        ("sales_actuals", "quantity"),
        ("sales_actuals", "revenue"),
        ("inventory", "closing"),
        ("order_book", "quantity"),
        ("capacity", "capacity_hours"),
        ("routings", "hours_per_unit"),
        ("workforce", "people"),
        ("materials", "price"),
        ("material_supply", "quantity"),
        ("subcontract", "max_quantity"),
        ("launches", "peak_quantity"),
        ("initiatives", "spent"),
        ("events", "impact_pct"),
        ("financials", "amount"),
    ):
        if name in tables and column in tables[name]:
            tables[name] = tables[name].assign(**{column: tables[name][column] * 1.1 + 1})
    return made(tables)


def test_every_change_is_undone_alone_and_all_together_give_what_was(inputs: Inputs) -> None:
    new = differing()
    parts = found(inputs, new)
    assert {ACTUALS, "Operations", "Product", "Supply"} <= {part.group for part in parts.values()}
    assert len(parts) >= 9
    for key, part in parts.items():
        undone = put_back(new, inputs, [part])
        assert found(inputs, undone).keys() == parts.keys() - {key}, key
        assert found(undone, new).keys() == {key}
    back = put_back(new, inputs, parts.values())
    assert changed_parts(inputs, back, {}) == ()
    assert same(back.position, inputs.position) and same(back.launches, inputs.launches)


def test_what_is_added_or_dropped_is_a_change_and_undone(inputs: Inputs) -> None:
    entry = Initiative("Robot", "operations", "Speed", 100.0, 10.0, 1.0, (), ())
    old, new = replace(inputs, initiatives=()), replace(inputs, initiatives=(entry,))
    assert one(old, new).label == "Robot (initiative added)"
    assert one(new, old).label == "Robot (initiative dropped)"
    assert put_back(new, old, [one(old, new)]).initiatives == ()
    assert put_back(old, new, [one(new, old)]).initiatives == (entry,)


# -- currencies


def exchange(inputs: Inputs, codes: tuple[str, ...], rate: float) -> Inputs:
    shape = (len(codes), inputs.calendar.horizon)
    rates = np.where(np.array(codes)[:, None] == inputs.currency, 1.0, np.full(shape, rate))
    history = np.ones((len(codes), len(inputs.history.months)))
    return replace(inputs, exchange=Exchange(inputs.currency, codes, rates, history, np.ones(len(codes))))


def test_other_rates_are_finances_and_another_currency_is_a_group_of_its_own(inputs: Inputs) -> None:
    home = inputs.currency
    old, dearer = (exchange(inputs, (home, "USD"), rate) for rate in (0.9, 1.0))
    part = one(old, dearer)
    assert (part.group, part.name) == ("Finance", "USD")
    assert same(put_back(dearer, old, [part]).exchange, old.exchange)
    other = exchange(inputs, (home, "GBP"), 1.2)
    part = one(old, other)
    assert (part.group, part.label) == (CURRENCIES, f"Currencies: {inputs.regions[1]} in GBP")
    assert one(inputs, other).group == CURRENCIES
    assert put_back(other, inputs, [one(inputs, other)]).exchange is None


# -- new families and regions


def with_family(name: str = "Family Z", units: float = 0.0) -> dict[str, pd.DataFrame]:
    """The company's tables with a product of a new family, which sold `units` a month, or nothing yet."""
    products = TABLES["products"]
    row = products.iloc[:1].assign(product="Z1", name="Z one", family=name)
    tables = {**TABLES, "products": pd.concat([products, row], ignore_index=True)}
    if units:
        sales = TABLES["sales_actuals"]
        sold = sales[sales["product"] == sales["product"].iloc[0]].assign(product="Z1", quantity=units)
        tables["sales_actuals"] = pd.concat([sales, sold], ignore_index=True)
    return tables


def forecast_of(inputs: Inputs, level: float) -> StoredForecast:
    shape = (len(inputs.families.names), len(inputs.regions), inputs.calendar.horizon)
    mean = np.full(shape, level)
    count = np.bincount(inputs.products.family, minlength=shape[0])
    products = mean[inputs.products.family] / count[inputs.products.family][:, None, None]
    return StoredForecast("2026-01", mean, mean, mean, mean, mean, products, ())


def signed_before(new: Inputs, old: Inputs) -> Inputs:
    return roll_inputs(old, new, tiny_plan(12), new)[0]


def test_a_new_family_without_sales_leaves_every_other_change_where_it_was(inputs: Inputs) -> None:
    """Else new actuals and the forecast vanish into the horizon."""
    new = made(with_family())
    tables = dict(TABLES)
    tables["inventory"] = tables["inventory"].assign(closing=tables["inventory"]["closing"] + 5)
    old = signed_before(new, made(tables))
    added = find_added(inputs.families.names, inputs.regions, new)
    parts = {part.key: part for part in changed_parts(old, new, {}, added)}
    assert [part.name for part in parts.values() if part.group == LISTS] == ["family Family Z"]
    assert "closed|stock" in parts and "closed|orders" not in parts
    z = new.families.names.index("Family Z")
    others = [f for f in range(len(new.families.names)) if f != z]
    assert old.position.inventory is not None and new.position.inventory is not None
    assert (old.position.inventory[others] != new.position.inventory[others]).any()
    assert old.position.inventory[z] == new.position.inventory[z]


def test_the_signed_forecast_stands_beside_a_new_family_which_has_todays(inputs: Inputs) -> None:
    new = made(with_family(units=30.0))
    was, now = forecast_of(inputs, 10.0), forecast_of(new, 7.0)
    names = {"families": inputs.families.names, "regions": inputs.regions, "products": inputs.products.numbers}
    rolled, differ = roll_forecast(was, names, new, now)
    z = new.families.names.index("Family Z")
    assert differ
    assert (rolled.mean[z] == 7.0).all() and (np.delete(rolled.mean, z, axis=0) == 10.0).all()
    assert np.allclose(new.family_of_product @ rolled.product_mean.reshape(len(new.products.numbers), -1),
                       rolled.mean.reshape(len(rolled.mean), -1))  # fmt: skip


def test_without_a_new_family_nothing_of_it_is_left_and_the_others_stay(inputs: Inputs) -> None:
    new = made(with_family(units=30.0))
    added, forecast = find_added(inputs.families.names, inputs.regions, new), forecast_of(new, 7.0)
    emptied, silent = without(new, forecast, added, ["family Family Z"])
    z = new.families.names.index("Family Z")
    assert silent.mean[z].sum() == silent.product_mean[new.products.family == z].sum() == 0
    assert (np.delete(silent.mean, z, axis=0) == 7.0).all()
    assert np.isnan(emptied.by_family(emptied.history.ordered)[z]).all()
    assert without(new, forecast, added, []) == (new, forecast)
