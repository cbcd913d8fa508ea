"""Overrides at any level: coherent to the unit, entered and taken back whole, floored openly, never lost."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sop.core.errors import BadInput, Conflict, NotAllowed
from sop.core.override_scopes import MARKETING_UNITS, SALES_UNITS, OverrideScope, cells_of
from sop.core.plan import StoredForecast
from sop.core.register import Assumptions
from sop.demand.override_effect import OverrideEffect, WantedOverride, names_of, preview_override
from sop.engine import Planner
from sop.intake.assemble import assemble
from sop.services.agreement.plan_acts import propose_plan
from sop.services.planning import overrides
from sop.services.planning.choices import Choice, read_view
from sop.services.planning.overrides import enter_override, overrides_frozen, overrides_in_force, take_back
from sop.services.planning.room import PlanningRoom
from sop.services.process.contributing import key_of
from sop.services.scenarios import drafts as scenarios
from sop.services.scenarios.live_changes import changes_since
from sop.store.settings import Person, read_person
from sop.views.sales.overrides import effect_sentence, group_overrides
from tests.companies import Shape, calendar_of, company_tables
from tests.services.planned_company import make_room

WORKING = Choice("working", "Working plan")
FAMILY, REGION, MONTHS = "Family A", "Region 0", ("2026-02", "2026-03", "2026-04")


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PlanningRoom]:
    room = make_room(tmp_path_factory.mktemp("overrides"))
    yield room
    room.store.close()


def person(room: PlanningRoom, name: str) -> Person:
    with room.store.read() as tx:
        return read_person(tx, name)


def working(room: PlanningRoom) -> int:
    return scenarios.working_scenario(room.store, "executive").id


def demand(room: PlanningRoom, wanted: WantedOverride) -> int:
    """Consensus demand of the working plan at the level of an override."""
    plan = room.scenario_plan()
    names = plan.names("consensus_demand"), plan.names("consensus_demand", 1)
    cells = cells_of(OverrideScope(wanted.family, wanted.region, ""), names)
    at = [plan.months.index(month) for month in wanted.months]
    return int(plan["consensus_demand"][cells][:, at].sum())


# -- coherent to the unit


@lru_cache(maxsize=8)
def planner(seed: int, strategy: bool) -> Planner:
    """A generated company on an uneven forecast; with or without launches, events and initiatives."""
    shape = Shape(seed=seed, history=5, horizon=12, regions=3, strategy=strategy)
    inputs = assemble(company_tables(shape), calendar_of(shape), company="Generated")
    size = (len(inputs.families.names), len(inputs.regions), inputs.calendar.horizon)
    rng = np.random.default_rng(seed)
    mean = (rng.gamma(1.0, 60.0, size) * (rng.random(size) < 0.8)).round(4)
    products = mean[inputs.products.family] * inputs.position.product_share[..., None]
    names = ("random",) * (size[0] * size[1])
    return Planner(
        inputs, StoredForecast(inputs.calendar.first_open, mean, mean, mean, mean, mean, products, names)
    )


@st.composite
def entered(draw: st.DrawFn) -> tuple[Planner, WantedOverride]:
    """A company and an override at any level: company, family, region or both; a month, quarter or year."""
    found = planner(draw(st.integers(0, 3)), draw(st.booleans()))
    months = found.inputs.calendar.months
    first = draw(st.integers(0, 11))
    last = draw(st.integers(first, 11))
    how = draw(st.sampled_from(("units", "percent", "target")))
    number = draw(
        st.floats(-1.5, 2, allow_nan=False)
        if how == "percent"
        else st.integers(0 if how == "target" else -900, 5000)
    )
    family = draw(st.sampled_from(("", *found.inputs.families.names)))
    region = draw(st.sampled_from(("", *found.inputs.regions)))
    return found, WantedOverride(family, region, months[first : last + 1], how, number)  # type: ignore[arg-type]


@settings(max_examples=60, deadline=None)
@given(entered())
def test_after_any_override_every_level_agrees_to_the_unit(case: tuple[Planner, WantedOverride]) -> None:
    made, wanted = case
    nothing = Assumptions()
    effect = preview_override(made, nothing, SALES_UNITS, wanted)
    then = made.demand(Assumptions({(SALES_UNITS, scope): units for scope, units in effect.entries.items()}))
    now, total = made.demand(nothing), then.total
    assert (total >= 0).all() and (total == sum(then.terms.values())).all()
    assert total.sum() == total.sum(axis=(1, 2)).sum() == total.sum(axis=(0, 2)).sum()
    quarters = total.reshape(*total.shape[:2], -1, 3).sum(axis=-1)
    assert (quarters.sum(axis=-1) == total.sum(axis=-1)).all()
    cells = cells_of(OverrideScope(wanted.family, wanted.region, ""), names_of(made.inputs))
    at = [made.inputs.calendar.position(month) for month in wanted.months]
    added = then.terms["overrides"] - now.terms["overrides"]
    assert added[cells][:, at].sum() == effect.units == added.sum()
    assert total[cells][:, at].sum() == effect.after
    if wanted.how == "target" and not effect.floored:
        assert effect.reached or effect.after == least(made, wanted, effect.units)
    if made.inputs.launches is None and not effect.floored:
        # Less than half a unit of what is taken away may be missing in a cell without a whole one being named.
        lifted = (then.exact.terms["floor"] - now.exact.terms["floor"])[cells][:, at].sum()
        assert abs(effect.after - effect.before - effect.units) <= 1 + lifted


def least(made: Planner, wanted: WantedOverride, units: int) -> int:
    """The demand that is left where far more than these units is taken away."""
    more = replace(wanted, how="units", number=units - 1000)
    return preview_override(made, Assumptions(), SALES_UNITS, more).after


def test_a_target_below_what_launches_bring_is_said_not_to_be_reached() -> None:
    """A launch brings 13 where no baseline is, and an override is shared by the baseline."""
    effect = preview_override(
        planner(2, True), Assumptions(), SALES_UNITS, WantedOverride("", "Region 0", ("2026-11",), "target", 10)
    )
    assert (effect.after, effect.reached) == (13, False)
    assert "10 units are not reached" in effect_sentence(effect, str)


def test_an_override_is_shared_by_the_baseline_and_rolls_up_again() -> None:
    made = planner(1, False)
    wanted = WantedOverride("", "", made.inputs.calendar.months[:3], "units", 100)
    effect = preview_override(made, Assumptions(), SALES_UNITS, wanted)
    exact = 100 * made.forecast.mean[..., :3].sum(axis=(0, 1)) / made.forecast.mean[..., :3].sum()
    assert sum(effect.entries.values()) == 100
    assert np.abs(np.array(list(effect.entries.values())) - exact).max() < 1


def test_marketing_and_sales_add_up_in_one_term() -> None:
    made, month = planner(1, False), "2026-02"
    entries = {(SALES_UNITS, f"||{month}"): 40.0, (MARKETING_UNITS, f"{FAMILY}|{REGION}|{month}"): 5.0}
    assert made.demand(Assumptions(entries)).terms["overrides"].sum() == 45


def test_what_cannot_be_taken_away_is_named() -> None:
    made = planner(1, False)
    family, month = made.inputs.families.names[0], "2026-03"
    base = made.demand(Assumptions()).total[0, 0, 2]
    effect = preview_override(
        made, Assumptions(), SALES_UNITS, WantedOverride(family, REGION, (month,), "units", -int(base) - 30)
    )
    assert effect.after == 0 and effect.floored == {(family, REGION, month): 30}
    assert f"30 units of it find no demand to take away: {family} in {REGION} stays at 0 in Mar 2026." in (
        effect_sentence(effect, lambda minor: f"{minor / 100:.0f} €")
    )


# -- entered and taken back


def test_an_override_of_a_quarter_is_one_line_with_its_reason_and_expiry(room: PlanningRoom) -> None:
    wanted = WantedOverride(FAMILY, "", MONTHS, "units", 61)
    before = demand(room, wanted)
    enter_override(room, person(room, "head_of_sales"), working(room), wanted, " A fleet in Utrecht ", "2026-06")
    (override,) = overrides_in_force(room, "viewer", working(room))
    assert (override.family, override.region, override.months, override.wish) == (FAMILY, "", MONTHS, "+61")
    assert (override.units, override.reason, override.by, override.expiry) == (
        61, "A fleet in Utrecht", "head_of_sales", "2026-06",
    )  # fmt: skip
    assert override.owner.title == "Sales" and override.baseline_moved is None
    assert demand(room, wanted) - before == pytest.approx(61, abs=12)


def test_a_target_is_reached_and_flagged_once_its_baseline_has_moved(room: PlanningRoom) -> None:
    wanted = WantedOverride(FAMILY, REGION, MONTHS, "target", 500)
    enter_override(room, person(room, "head_of_sales"), working(room), wanted, "Contract signed")
    assert demand(room, wanted) == 500
    found = scenarios.entries(room.store, "viewer", working(room))
    chosen = room.input_set()
    moved = group_overrides(found, chosen.forecast.mean * 1.1, names_of(chosen.inputs), chosen.inputs.calendar)
    assert moved[0].baseline_moved == pytest.approx(0.1, abs=0.01)


def test_taking_back_leaves_the_plan_as_it_was(room: PlanningRoom) -> None:
    sales, before = person(room, "head_of_sales"), room.scenario_plan()["consensus_demand"]
    for _ in range(2):
        enter_override(
            room, sales, working(room), WantedOverride("", "", MONTHS, "percent", 0.05), "Twice the same"
        )
    twice = overrides_in_force(room, "viewer", working(room))
    assert len(twice) == 2 and twice[0].units == twice[1].units
    take_back(room.store, sales.id, working(room), twice[0])
    assert len(overrides_in_force(room, "viewer", working(room))) == 1
    take_back(room.store, sales.id, working(room), twice[1])
    assert (room.scenario_plan()["consensus_demand"] == before).all()


def test_months_that_have_closed_drop_out_and_the_others_stay(room: PlanningRoom) -> None:
    enter_override(
        room, person(room, "head_of_sales"), working(room), WantedOverride(FAMILY, "", MONTHS, "units", 60), "Why"
    )
    chosen = room.input_set()
    later = replace(chosen.inputs.calendar, first_open="2026-03")
    found = scenarios.entries(room.store, "viewer", working(room))
    (override,) = group_overrides(found, chosen.forecast.mean, names_of(chosen.inputs), later)
    assert override.months == MONTHS[1:] and 0 < override.units < 60


def test_a_frozen_plan_tells_the_overrides_it_was_made_with_after_they_are_gone(room: PlanningRoom) -> None:
    sales = person(room, "head_of_sales")
    enter_override(
        room, sales, working(room), WantedOverride(FAMILY, "", MONTHS, "percent", 0.05), "A fleet in Utrecht"
    )
    (entered,) = overrides_in_force(room, "viewer", working(room))
    record = propose_plan(room, "coordinator")
    take_back(room.store, sales.id, working(room), entered)
    frozen = read_view(room, "viewer", Choice(f"plan-{record.id}", "proposed"))
    (kept,) = overrides_frozen(room, "viewer", frozen)
    assert (kept.family, kept.months, kept.wish, kept.units, kept.reason) == (
        FAMILY, MONTHS, "+5%", entered.units, "A fleet in Utrecht",
    )  # fmt: skip
    assert kept.owner.title == "Sales" and kept.baseline_moved is None
    assert overrides_frozen(room, "viewer", read_view(room, "viewer", WORKING)) == ()


def test_marketing_enters_its_own_overrides(room: PlanningRoom) -> None:
    product = person(room, "head_of_product")
    assert key_of(product) == MARKETING_UNITS
    enter_override(room, product, working(room), WantedOverride(FAMILY, "", MONTHS[:1], "units", 7), "Campaign")
    (override,) = overrides_in_force(room, "viewer", working(room))
    assert override.owner.title == "Product"
    with pytest.raises(NotAllowed):
        take_back(room.store, "head_of_sales", working(room), override)


@pytest.mark.parametrize("name", ["viewer", "coordinator", "head_of_finance", "executive"])
def test_nobody_else_changes_demand_in_the_working_plan(room: PlanningRoom, name: str) -> None:
    with pytest.raises(NotAllowed):
        enter_override(
            room, person(room, name), working(room), WantedOverride(FAMILY, "", MONTHS, "units", 7), "Why"
        )
    assert not scenarios.entries(room.store, "viewer", working(room))


@pytest.mark.parametrize(
    ("wanted", "reason", "expiry", "said"),
    [
        (WantedOverride(FAMILY, "", MONTHS, "units", 7), "  ", None, "needs its reason"),
        (WantedOverride(FAMILY, "", MONTHS, "units", 0), "Why", None, "changes nothing"),
        (WantedOverride("No such", "", MONTHS, "units", 7), "Why", None, "there is no family"),
        (WantedOverride(FAMILY, "", ("2025-12",), "units", 7), "Why", None, "not planned in this cycle"),
        (WantedOverride(FAMILY, "", (), "units", 7), "Why", None, "no month"),
        (WantedOverride(FAMILY, "", MONTHS, "target", -1), "Why", None, "less than nothing"),
        (WantedOverride(FAMILY, "", MONTHS, "units", float("nan")), "Why", None, "needs a figure"),
        (WantedOverride(FAMILY, "", MONTHS, "units", 7), "Why", "2025-11", "is no month from Jan 2026 on"),
        (
            WantedOverride(FAMILY, "", MONTHS[:1], "units", 9e6),
            "Why",
            None,
            "9 000 000 is outside −1 000 000 to 1 000 000",
        ),
    ],
)
def test_what_cannot_be_entered_is_refused_and_nothing_is_stored(
    room: PlanningRoom, wanted: WantedOverride, reason: str, expiry: str | None, said: str
) -> None:
    with pytest.raises(BadInput, match=said):
        enter_override(room, person(room, "head_of_sales"), working(room), wanted, reason, expiry)
    assert not scenarios.entries(room.store, "viewer", working(room))


def test_a_change_in_the_same_moment_is_never_overwritten(
    room: PlanningRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    def meanwhile(*args: object) -> OverrideEffect:
        scenarios.change_assumption(room.store, "head_of_finance", working(room), "dso_days", 50)
        return preview_override(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(overrides, "preview_override", meanwhile)
    with pytest.raises(Conflict, match="head_of_finance changed"):
        enter_override(
            room,
            person(room, "head_of_sales"),
            working(room),
            WantedOverride(FAMILY, "", MONTHS, "units", 7),
            "Why",
        )
    assert [entry.key for entry in scenarios.entries(room.store, "viewer", working(room))] == ["dso_days"]


def test_an_override_that_is_gone_cannot_be_taken_back_again(room: PlanningRoom) -> None:
    sales = person(room, "head_of_sales")
    enter_override(room, sales, working(room), WantedOverride(FAMILY, "", MONTHS, "units", 7), "Why")
    (override,) = overrides_in_force(room, sales.id, working(room))
    take_back(room.store, sales.id, working(room), override)
    with pytest.raises(Conflict, match=f"for {FAMILY} was changed or taken back"):
        take_back(room.store, sales.id, working(room), override)


def test_others_are_told_once_what_was_entered_and_taken_back(room: PlanningRoom) -> None:
    sales = person(room, "head_of_sales")
    enter_override(room, sales, working(room), WantedOverride(FAMILY, "", MONTHS, "percent", -0.05), "Why")
    take_back(room.store, sales.id, working(room), overrides_in_force(room, sales.id, working(room))[0])
    assert changes_since(room.store, "executive", 0)[-2:] == (
        "Head of sales entered an override for Family A (−5%).",
        "Head of sales took back an override for Family A (−5%).",
    )
