"""Seeded supply problems of any size that look like a company: seasons, shared lines, scarce people."""

from __future__ import annotations

import numpy as np

from sop.supply import SupplyProblem

HOURS_PER_PERSON = 150.0


def company(families: int, lines: int, periods: int, seed: int = 1) -> SupplyProblem:
    """A problem in which demand passes what is there in the season, so that every lever matters.

    Each family runs on one to three lines, most are made to stock; lines belong to two plants with people,
    overtime and hiring; three materials, a shared resource, subcontract for a third of the families, storage.
    """
    rng = np.random.default_rng(seed)
    F, L, T = families, lines, periods
    month = np.arange(T)
    season = 1 + 0.3 * np.sin(2 * np.pi * (month[None, :] - rng.integers(-2, 3, F)[:, None]) / 12)
    level = rng.lognormal(np.log(400), 0.6, F)
    due = np.rint(level[:, None] * season * rng.uniform(0.9, 1.1, (F, T)))
    price = rng.uniform(80, 400, F)
    hours = _routes(rng, F, L)
    load = _spread_load(hours, due)
    to_order = rng.random(F) < 0.3
    safety = np.where(to_order[:, None], 0.0, np.rint(0.35 * level)[:, None])
    opening = np.where(to_order, 0.0, np.rint(level * rng.uniform(0.2, 0.7, F)))
    unit_cost = 0.6 * price
    plants = min(2, L)
    line_plant = np.arange(L) % plants
    labour = np.where(np.isnan(hours), 0.0, np.nan_to_num(hours) * 1.5)
    worked = np.array([1.5 * load[line_plant == p].sum(axis=0).mean() for p in range(plants)])
    people = worked / HOURS_PER_PERSON
    use = rng.uniform(0.5, 2, (F, 3)) * (rng.random((F, 3)) < 0.5)
    paint = rng.uniform(0.1, 0.4, (F, 1)) * (rng.random((F, 1)) < 0.6)
    bought = rng.random(F) < 0.33
    return SupplyProblem(
        families=_names("family", F),
        lines=_names("line", L),
        plants=_names("plant", plants),
        materials=("steel", "resin", "motors"),
        shared=("paint shop",),
        periods=_names("t", T),
        due=due,
        past_due_cost=0.1 * price * rng.uniform(0.8, 1.5, F),
        lost_cost=price,
        lost_allowed=~to_order,
        revenue_per_unit=price,
        opening_inventory=opening,
        opening_past_due=np.where(to_order, np.rint(0.1 * level), 0.0),
        hours_per_unit=hours,
        variable_cost=0.5 * unit_cost[:, None] * rng.uniform(0.95, 1.1, (F, L)),
        line_hours=load.mean(axis=1, keepdims=True) * rng.uniform(0.95, 1.12, (L, T)),
        line_plant=line_plant,
        labour_hours_per_unit=labour,
        opening_people=people,
        people_max=1.15 * people[:, None],
        hours_per_person=HOURS_PER_PERSON * rng.uniform(0.92, 1.05, (plants, T)),
        wage=25.0,
        overtime_rate=37.5,
        overtime_share=0.15,
        hire_cost=3_000.0,
        release_cost=6_000.0,
        material_use=use,
        material_supply=1.08 * (use.T @ due).mean(axis=1, keepdims=True) * rng.uniform(0.9, 1.1, (3, T)),
        spot_premium=[20.0, 30.0, np.inf],
        shared_hours_per_unit=paint,
        shared_hours=1.1 * (paint.T @ due).mean(axis=1, keepdims=True) * np.ones((1, T)),
        subcontract_limit=np.where(bought, np.rint(0.15 * level), 0.0)[:, None] * np.ones((F, T)),
        subcontract_cost=1.25 * unit_cost,
        volume_per_unit=1.0,
        storage_limit=1.4 * float(level.sum()),
        outside_storage_price=2.0,
        safety_stock=safety,
        cover_limit=safety + 2 * level[:, None],
        max_inventory=np.where(to_order[:, None], 0.0, np.inf),
        holding_cost=0.15 / 12 * unit_cost,
        excess_cost=0.075 / 12 * unit_cost,
        shortage_cost=0.05 * price,
    )


def _routes(rng: np.random.Generator, families: int, lines: int) -> np.ndarray:
    """Hours per unit [F, L]; NaN where a family may not run. Each runs on one to three lines."""
    hours = np.full((families, lines), np.nan)
    for family in range(families):
        home = family % lines
        others = rng.permutation(lines)[: rng.integers(0, 3)]
        hours[family, others] = rng.uniform(0.25, 0.6)
        hours[family, home] = rng.uniform(0.2, 0.5)
    return hours


def _spread_load(hours: np.ndarray, due: np.ndarray) -> np.ndarray:
    """Hours [L, T] that demand needs if every family spreads over its lines evenly."""
    share = ~np.isnan(hours) / (~np.isnan(hours)).sum(axis=1, keepdims=True)
    return np.einsum("fl,ft->lt", np.nan_to_num(hours) * share, due)


def _names(kind: str, count: int) -> tuple[str, ...]:
    return tuple(f"{kind} {i + 1}" for i in range(count))
