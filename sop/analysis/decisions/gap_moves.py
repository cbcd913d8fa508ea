"""The moves that may close a gap, each in its sizes: limits that bind, releases, less stock, days of payment."""

from __future__ import annotations

from dataclasses import replace

from sop.analysis.decisions.lever_terms import LeverTerms
from sop.analysis.decisions.levers import can_move, table_value
from sop.analysis.decisions.proposals import LESS_SERVICE, STEPS, Move, propose_moves
from sop.analysis.decisions.releases import propose_releases
from sop.analysis.decisions.trials import Trial
from sop.analysis.decisions.valuation import bottlenecks
from sop.core.format import percent
from sop.core.inputs import Inputs
from sop.core.register import Assumptions, assumption
from sop.core.terms import Function

SIZES = 3
"""Sizes in which less stock and other days of payment are tried: one step, two, three."""
PARTS = (0.25, 0.5, 1.0, 2.0, 3.0)
"""Steps of a limit that a move is tried in; the first two are for what needs less than a whole one."""
_TERMS_STEP = 3.0
"""Days by which customers pay earlier or suppliers are paid later, a step."""
_STOCK_FAMILIES = 4


def sized_moves(trial: Trial) -> list[list[Move]]:
    """Every move that may close a gap, each in its sizes, the smallest first; only those whose cost is known."""
    inputs, assumptions = trial.inputs, trial.assumptions
    found: list[list[Move]] = []
    for move in (
        *propose_moves(inputs, assumptions, bottlenecks(trial.plan)),
        *propose_releases(inputs, assumptions, trial.plan),
    ):
        if move.terms.known and move.kind != "stock":
            found.append(_in_sizes(move) if move.kind in STEPS else [move])
    found += _stock_moves(inputs, assumptions)
    found += _payment_moves(inputs, assumptions)
    return found


def _in_sizes(move: Move) -> list[Move]:
    """A limit moved by parts of a step and by up to three, as fine and as far as the register allows."""
    entry, step = assumption(move.key), STEPS[move.kind][1]
    more = (max(round(step * part / entry.step), 1) * entry.step for part in PARTS)
    values = dict.fromkeys(round(min(move.before + each, entry.high), 6) for each in more)
    words = percent(move.value - move.before)
    return [
        replace(move, value=value, title=move.title.replace(words, percent(value - move.before)))
        for value in values
        if value > move.before
    ]


def _stock_moves(inputs: Inputs, assumptions: Assumptions) -> list[list[Move]]:
    """Less stock of the families that hold most: lower service, or less above what the service level asks for."""
    families, stock = inputs.families, inputs.position.inventory
    if stock is None:
        return []
    value = stock * inputs.position.unit_cost
    held = sorted(
        (f for f in range(len(value)) if value[f] > 0 and not families.made_to_order[f]), key=lambda f: -value[f]
    )
    found = []
    for f in held[:_STOCK_FAMILIES]:
        name = families.names[f]
        above = assumptions.value("stock_above_safety", name)
        if above > 0:
            values = [round(above * part, 6) for part in (2 / 3, 1 / 3, 0.0)]
            found.append([_stock_move(inputs, "stock_above_safety", name, above, each) for each in values])
        level = assumptions.value("service_level", name, table_value(inputs, "service_level", name))
        low = assumption("service_level").low
        lower = dict.fromkeys(round(max(level - LESS_SERVICE * times, low), 6) for times in range(1, SIZES + 1))
        found.append([_stock_move(inputs, "service_level", name, level, each) for each in lower if each < level])
    return [sizes for sizes in found if sizes]


def _stock_move(inputs: Inputs, key: str, name: str, before: float, value: float) -> Move:
    words = "{0} for {2} service instead of {1}" if key == "service_level" else (
        "{0} at {2} above safety stock instead of {1}"
    )  # fmt: skip
    return Move(
        kind="stock",
        name=name,
        key=key,
        scope=name,
        before=before,
        value=value,
        title=f"Hold {words.format(name, percent(before), percent(value))}",
        need=inputs.calendar.first_open,
        terms=LeverTerms(lead_months=1, assumed=("lead time",), allowed_by=Function.SUPPLY.title),
        owner=assumption(key).owner.title,
    )


def _payment_moves(inputs: Inputs, assumptions: Assumptions) -> list[list[Move]]:
    """Customers pay earlier, suppliers are paid later: days that finance would have to agree with them."""
    found = []
    for key, way, words in (
        ("dso_days", -1, "Have customers pay after {:.0f} days instead of {:.0f}"),
        ("dpo_days", 1, "Pay suppliers after {:.0f} days instead of {:.0f}"),
    ):
        if not can_move(inputs, key):
            continue
        entry = assumption(key)
        before = assumptions.value(key, "", table_value(inputs, key, ""))
        values = dict.fromkeys(
            min(max(before + way * _TERMS_STEP * times, entry.low), entry.high) for times in range(1, SIZES + 1)
        )
        found.append([
            Move(
                kind="payment", name="", key=key, scope="", before=before, value=value,
                title=words.format(value, before), need=inputs.calendar.first_open,
                terms=LeverTerms(lead_months=1, assumed=("lead time",), allowed_by=Function.FINANCE.title),
                owner=entry.owner.title,
            )
            for value in values if value != before
        ])  # fmt: skip
    return [sizes for sizes in found if sizes]
