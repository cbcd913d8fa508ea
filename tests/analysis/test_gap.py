"""The smallest changes that close a gap: what is told was planned again in full, and nothing smaller does it."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from sop.analysis.decisions.gap import FEWEST, WAYS_TOLD, close_gap, gap_of_facts
from sop.analysis.decisions.gap_moves import sized_moves
from sop.analysis.decisions.levers import Lever, plausible_size
from sop.analysis.decisions.proposals import Move
from sop.analysis.decisions.robust import DEMAND_STEP, arriving_late, break_even, how_far_it_holds
from sop.analysis.decisions.targets import TARGETS, GapTarget, read_target, require_target
from sop.analysis.decisions.trials import Trial
from sop.core.errors import BadInput
from sop.core.register import Assumptions, assumption
from sop.engine import Planner, forecast_company
from sop.intake.assemble import assemble
from sop.views.executive.gap_words import gap_message, gap_table, robust_line
from tests.companies import Shape, calendar_of, company_tables
from tests.trials import trial_on

SMALL = Shape(history=5, horizon=12, products=3, families=2, seed=1)


@pytest.fixture(scope="module")
def trial() -> Trial:
    inputs = assemble(company_tables(SMALL), calendar_of(SMALL))
    return trial_on(inputs, Planner(inputs, forecast_company(inputs)), Assumptions())


def wanted(trial: Trial, measure: str, moves: int) -> GapTarget:
    """A target that a greedy search needs about so many moves for."""
    base = read_target(trial.plan, measure)
    assert base is not None
    better = GapTarget(measure, 0.0).better
    gains = sorted(
        (
            better * ((read_target(trial.with_moves(each[-1]), measure) or base) - base)
            for each in sized_moves(trial)
        ),
        reverse=True,
    )
    reach = gains[0] + 0.5 * gains[1] if moves > 1 else 0.5 * gains[0]
    assert reach > 0
    return GapTarget(measure, base + better * reach)


@pytest.mark.parametrize(("measure", "moves"), [("ebit", 1), ("revenue", 1), ("cash", 1), ("cash", 2)])
def test_a_set_reaches_the_target_when_planned_in_full_and_no_smaller_one_does(
    trial: Trial, measure: str, moves: int
) -> None:
    target = wanted(trial, measure, moves)
    found = close_gap(trial, target)
    assert found.alternatives
    for each in found.alternatives:
        value = read_target(trial.with_moves(*each.found.moves), measure)
        assert value == each.found.value and value is not None and target.reached_at(value)
        for left_out in each.found.moves:
            rest = [move for move in each.found.moves if move is not left_out]
            assert not target.reached_at(read_target(trial.with_moves(*rest), measure) or 0.0), "each is needed"
    fewest = next(each.found for each in found.alternatives if FEWEST in each.names)
    sizes = sized_moves(trial)
    for count in range(len(fewest.moves)):
        for chosen in combinations(sizes, count):
            brute = trial.with_moves(*(each[-1] for each in chosen))
            assert not target.reached_at(read_target(brute, measure) or 0.0), "a smaller set reaches it"


def test_beyond_reach_says_so_with_the_best_that_can_be_had(trial: Trial) -> None:
    base = read_target(trial.plan, "ebit")
    assert base is not None
    found = close_gap(trial, GapTarget("ebit", base + 1e12))
    assert not found.alternatives and found.best is not None
    singles = [read_target(trial.with_moves(each[-1]), "ebit") or base for each in sized_moves(trial)]
    assert found.best.value is not None and found.best.value >= max(singles), "no single does better"
    said = gap_message(found, trial.plan.money)
    assert "beyond reach" in said and trial.plan.money.words(found.best.value) in said
    assert gap_table(found, "2026-01", trial.plan.money).rows


def test_a_target_that_is_reached_needs_nothing(trial: Trial) -> None:
    base = read_target(trial.plan, "revenue")
    assert base is not None
    found = close_gap(trial, GapTarget("revenue", base - 1))
    assert found.alternatives == () and found.best is None and "already" in gap_message(found, trial.plan.money)


def test_what_was_refused_is_no_way_and_that_is_said(trial: Trial) -> None:
    target = wanted(trial, "ebit", 1)
    (move, *_) = close_gap(trial, target).alternatives[0].found.moves
    found = close_gap(trial, target, refused={(move.key, move.scope): "Not that"})
    sets = [*(each.found for each in found.alternatives), *([found.best] if found.best else [])]
    assert sets and all((each.key, each.scope) != (move.key, move.scope) for one in sets for each in one.moves)
    said = gap_message(found, trial.plan.money)
    assert said.endswith("Left out, because it was refused in this cycle: Not that.")
    assert gap_of_facts(found.facts()) == found


def test_what_was_found_is_read_back_as_it_was_kept(trial: Trial) -> None:
    found = close_gap(trial, wanted(trial, "ebit", 1))
    assert found.alternatives and gap_of_facts(found.facts()) == found


def test_only_moves_of_known_cost_are_taken_in_growing_sizes(trial: Trial) -> None:
    for sizes in sized_moves(trial):
        assert all(move.terms.known for move in sizes)
        steps = [abs(move.value - move.before) for move in sizes]
        assert steps == sorted(steps) and steps[0] > 0
        assert all(assumption(m.key).low <= m.value <= assumption(m.key).high for m in sizes)


@pytest.mark.parametrize(("measure", "value"), [("on_time", 1.0), ("ebit", float("nan")), ("profit", 1.0)])
def test_what_cannot_be_a_target_is_refused_in_a_sentence(trial: Trial, measure: str, value: float) -> None:
    with pytest.raises(BadInput):
        require_target(measure, value, trial.plan)
    assert require_target(TARGETS[0], 1.0, trial.plan).better == 1


def test_how_far_it_holds_is_where_it_turns(trial: Trial) -> None:
    base = read_target(trial.plan, "revenue")
    assert base is not None
    target = GapTarget("revenue", base * 0.9)
    demand = how_far_it_holds(trial, target)[0]
    assert demand.what == "demand" and demand.last is not None and demand.first is not None
    assert demand.last - demand.first == pytest.approx(DEMAND_STEP)
    for share, holds in ((demand.last, True), (demand.first, False)):
        value = read_target(trial.at_demand(share).plan, "revenue")
        assert value is not None and target.reached_at(value) is holds
    assert f"{demand.last * 100:.0f}".replace("-", "−") in robust_line([demand])


def test_material_that_comes_late_is_not_lost(trial: Trial) -> None:
    problem = trial.problem
    assert problem is not None
    late = arriving_late(0.4)(problem).material_supply
    limited = np.isfinite(problem.material_supply)
    before, after = problem.material_supply[limited], late[limited]
    lost = 0.4 * problem.material_supply[:, -1][limited[:, -1]].sum()
    assert after.sum() == pytest.approx(before.sum() - lost)
    assert (arriving_late(0.0)(problem).material_supply == problem.material_supply).all()


def test_a_break_even_is_the_value_at_which_a_target_turns() -> None:
    lever = Lever(assumption("price_pct"), "", "", 0.0, 0.0, False)
    target = GapTarget("ebit", 50.0)
    found = break_even(lever, target, lambda value: 100 + 1000 * value)
    assert found == pytest.approx(-0.05, abs=0.01)
    assert break_even(lever, GapTarget("ebit", -1e9), lambda value: 100 + 1000 * value) is None
    assert break_even(lever, GapTarget("ebit", 150.0), lambda value: 100 + 1000 * value) == pytest.approx(
        0.05, abs=0.01
    )


def test_a_plausible_size_is_a_deviation_where_one_is_known_else_its_owners(trial: Trial) -> None:
    def size(key: str) -> float:
        lever = Lever(assumption(key), "", "", assumption(key).default or 0.0, 0.0, False)
        return plausible_size(trial.inputs, Assumptions({("price_spread", ""): 0.04}), lever, 0.11)

    assert (size("demand_pct"), size("price_pct"), size("service_level")) == (0.11, 0.04, 0.02)
    assert size("supply_strategy") == assumption("supply_strategy").step


@pytest.mark.parametrize("measure", ["cash", "revenue", "ebit"])
def test_three_ways_are_told_where_there_are_three(trial: Trial, measure: str) -> None:
    target = wanted(trial, measure, 1)
    base = read_target(trial.plan, measure) or 0.0

    def value(*moves: Move) -> float:
        return read_target(trial.with_moves(*moves), measure) or base

    largest = [each[-1] for each in sized_moves(trial)]
    helps = [move for move in largest if target.better * (value(move) - base) > 0]
    alone = [move for move in helps if target.reached_at(value(move))]
    rest = [move for move in helps if move not in alone]
    pairs = [pair for pair in combinations(rest, 2) if target.reached_at(value(*pair))]
    told = close_gap(trial, target).alternatives
    assert len(told) >= min(3, len(alone) + len(pairs)), "a way without what was found is looked for"
    assert len({each.found.moves for each in told}) == len(told)


def test_where_two_moves_reach_it_less_of_both_is_the_third_way(trial: Trial) -> None:
    sizes = [each for each in sized_moves(trial) if each[0].kind in ("overtime", "subcontract")]
    alone = [[read_target(trial.with_moves(move), "revenue") or 0 for move in each] for each in sizes]
    assert len(sizes) == 2
    target = GapTarget("revenue", min(each[-2] for each in alone) - 1)
    told = close_gap(trial, target).alternatives
    assert len(told) == WAYS_TOLD
    least = {each.found.moves[0].key: each.found.moves[0].value for each in told if len(each.found.moves) == 1}
    (mixed,) = (each.found for each in told if len(each.found.moves) == 2)
    assert len(least) == 2 and all(move.value < least[move.key] for move in mixed.moves), "neither has the other"
    assert mixed.value is not None and target.reached_at(mixed.value)


def test_a_move_of_which_much_does_harm_is_taken_in_the_size_that_helps(trial: Trial) -> None:
    (outside,) = (each for each in sized_moves(trial) if each[0].kind == "subcontract")
    days = [read_target(trial.with_moves(move), "lead_time") or 0.0 for move in outside]
    now = read_target(trial.plan, "lead_time") or 0.0
    assert min(days) < now < days[-1], "a little helps, much does harm"
    (told,) = close_gap(trial, GapTarget("lead_time", min(days))).alternatives
    assert told.found.moves == (outside[days.index(min(days))],)
