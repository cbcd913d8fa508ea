"""What the material of a unit costs: one rule, for the plan that decides what to make and for what is bought."""

from __future__ import annotations

import numpy as np

from sop.core.inputs import Bools, Floats, Inputs
from sop.core.register import Assumptions


def material_cost(inputs: Inputs, assumptions: Assumptions, unit_cost: Floats) -> Floats:
    """Material per unit (F, T), currency: usage × price where all of a family's materials have a price.

    Else a share of the standard cost (F, T), and never less than what of it has a price: priced materials are
    then a part of the share, not beside it.
    """
    names = inputs.families.names
    share = np.array([assumptions.value("material_share", name) for name in names])[:, None]
    cost = np.nan_to_num(unit_cost) * share
    if inputs.materials is None:
        return cost
    priced = (inputs.materials.use @ np.nan_to_num(inputs.materials.price))[:, None]
    return np.where(materials_priced(inputs)[:, None], priced, np.maximum(cost, priced))


def materials_priced(inputs: Inputs) -> Bools:
    """Families (F,) of which some material is known, and the price of every one."""
    if inputs.materials is None:
        return np.zeros(len(inputs.families.names), dtype=bool)
    used = inputs.materials.use > 0
    unknown = used & ~np.isfinite(inputs.materials.price)
    return np.asarray(used.any(axis=1) & ~unknown.any(axis=1))


def making_cost(
    inputs: Inputs, assumptions: Assumptions, unit_cost: Floats, stated: Floats, factor: Floats
) -> Floats:
    """What making a unit costs without labour (F, L, T), currency: `stated` (F, L) by routing, else its material.

    Routings state it with material or without. One that is below the loaded price of its material cannot hold it:
    then all of them are read as what comes on top. `factor` (F, T): what becomes of the standard cost `unit_cost`
    (F,) and of what is stated; a material's price is paid as it is loaded.

    Material of 5 a unit and nothing stated: 5. Stated 7 beside it: 7, with the material in it. Stated 3: 8.
    """
    material = material_cost(inputs, assumptions, unit_cost[:, None] * factor)[:, None, :]
    priced = np.where(materials_priced(inputs), material[:, 0, 0], 0.0)[:, None]
    on_top = (stated < priced).any()
    said = stated[:, :, None] * factor[:, None, :] + on_top * priced[:, :, None]
    return np.where(np.isfinite(stated)[:, :, None], said, material)
