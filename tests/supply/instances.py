"""Seeded supply problems that are not trivial: late orders, make to order, missing tables, shut lines."""

from __future__ import annotations

import numpy as np

from sop.supply import SupplyProblem


def random_problem(seed: int, families: int = 4, lines: int = 2, periods: int = 6, **changes) -> SupplyProblem:
    """A problem with most features switched on or off by the seed."""
    rng = np.random.default_rng(seed)
    on = lambda share=0.6: bool(rng.random() < share)  # noqa: E731
    F, L, T = families, lines, periods
    plants = 2 if lines > 1 else 1
    due = rng.integers(0, 120, (F, T)).astype(float)
    hours = rng.uniform(0.4, 2.5, (F, L))
    hours[rng.random((F, L)) < 0.3] = np.nan
    load = np.nan_to_num(hours).mean() * due.sum() / T / L
    line_hours = rng.uniform(0.5, 1.3, (L, T)) * load * 1.3
    line_hours[rng.random((L, T)) < 0.1] = 0.0
    lost_cost = rng.uniform(40, 120, F)
    to_order = rng.random(F) < 0.35
    safety = np.where(to_order[:, None], 0.0, rng.uniform(0, 40, (F, T)))
    labour = rng.uniform(0.3, 1.5, (F, L))
    fields = {
        "families": tuple(f"F{i}" for i in range(F)),
        "periods": tuple(f"t{i}" for i in range(T)),
        "lines": tuple(f"L{i}" for i in range(L)),
        "due": due,
        "past_due_cost": rng.uniform(3, 9, F),
        "lost_cost": lost_cost,
        "opening_inventory": np.where(to_order, 0, rng.integers(0, 90, F)),
        "opening_past_due": rng.integers(0, 30, F) * (rng.random(F) < 0.5),
        "backlog_allowed": rng.random(F) < 0.8,
        "lost_allowed": rng.random(F) < 0.7,
        "hours_per_unit": hours,
        "variable_cost": rng.uniform(5, 15, (F, L)),
        "safety_stock": safety,
        "cover_limit": safety + rng.uniform(10, 60, (F, T)),
        "max_inventory": np.where(to_order[:, None], 0.0, np.inf),
        "holding_cost": rng.uniform(0.1, 0.9, F),
        "excess_cost": rng.uniform(0.2, 1.0, F),
        "shortage_cost": rng.uniform(0.2, 2.0, F),
    }
    if on(0.8):
        fields["line_hours"] = line_hours
    if on(0.3):
        fields["outside_machine_price"] = rng.uniform(15, 60, L)
    if on(0.7):
        people = load * 1.2 / 30
        fields |= {
            "plants": tuple(f"P{i}" for i in range(plants)),
            "line_plant": np.where(rng.random(L) < 0.2, -1, np.arange(L) % plants),
            "labour_hours_per_unit": labour,
            "opening_people": rng.uniform(0.5, 1.5, plants) * people,
            "people_max": np.full((plants, T), 3 * people) if on() else np.inf,
            "people_min": np.full((plants, T), 0.3 * people),
            "hours_per_person": rng.uniform(24, 34, (plants, T)),
            "wage": rng.uniform(2, 4, plants),
            "overtime_rate": rng.uniform(4, 6, plants),
            "overtime_share": rng.uniform(0, 0.3, (plants, T)),
            "agency_price": rng.uniform(7, 9, plants) if on(0.4) else np.inf,
            "extra_overtime_price": rng.uniform(1, 9, plants) if on(0.4) else np.inf,
            "granted_overtime_hours": rng.uniform(0, 9, (plants, T)) if on(0.3) else 0.0,
            "hire_cost": rng.uniform(20, 90, plants),
            "release_cost": rng.uniform(20, 90, plants),
        }
    if on(0.5):
        use = rng.uniform(0, 2, (F, 2)) * (rng.random((F, 2)) < 0.6)
        supply = rng.uniform(0.6, 1.4, (2, T)) * (use.T @ due.mean(axis=1))[:, None]
        supply[1, rng.integers(T)] = 0.0
        fields |= {
            "materials": ("steel", "resin"),
            "material_use": use,
            "material_supply": supply,
            "spot_premium": [rng.uniform(1, 5), np.inf],
        }
    if on(0.4):
        shared = rng.uniform(0, 0.5, (F, 1))
        fields |= {
            "shared": ("paint shop",),
            "shared_hours_per_unit": shared,
            "shared_hours": rng.uniform(0.7, 1.2, (1, T)) * (shared.T @ due.mean(axis=1))[:, None],
        }
    if on(0.5):
        fields |= {
            "subcontract_limit": rng.integers(0, 30, (F, T)) * (rng.random(F) < 0.5)[:, None],
            "subcontract_cost": rng.uniform(20, 35, F),
        }
    if on(0.4):
        fields |= {
            "volume_per_unit": rng.uniform(0.2, 2, F),
            "storage_limit": rng.uniform(40, 120, T),
            "outside_storage_price": 0.7 if on() else np.inf,
        }
    if on(0.5):
        agreed = rng.integers(0, 60, (F, L, T)) * ~np.isnan(hours)[:, :, None]
        fields |= {
            "agreed_production": agreed,
            "agreed_subcontract": rng.integers(0, 9, (F, T)) if on(0.5) else None,
            "frozen_periods": int(rng.integers(0, 3)),
            "slushy_periods": int(rng.integers(0, 3)),
            "change_cost": rng.uniform(0.5, 4, F),
        }
    if on(0.25):
        fields |= {"one_rate": rng.random(F) < 0.5, "rate_weight": rng.uniform(0.8, 1.2, T)}
    if "plants" in fields and on(0.3):
        fields |= {
            "hire_limit": rng.uniform(0, 0.3, (plants, T)) * fields["opening_people"][:, None],
            "release_limit": rng.uniform(0, 0.3, (plants, T)) * fields["opening_people"][:, None],
        }
    if on(0.4):
        fields |= {
            "variable_cost": rng.uniform(5, 15, (F, L, T)),
            "lost_cost": lost_cost[:, None] * rng.uniform(0.8, 1.2, (F, T)),
            "subcontract_cost": rng.uniform(20, 35, (F, T)),
        }
    if "materials" in fields and on(0.5):
        fields |= {
            "material_price": rng.uniform(1, 4, (2, T)),
            "opening_material": rng.uniform(0, 60, 2),
            "material_kept": [rng.uniform(0, 80), np.inf],
            "material_holding_cost": rng.uniform(0.05, 0.5, 2),
        }
    return SupplyProblem(**{**fields, **changes})
