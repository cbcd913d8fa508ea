"""A first answer by the duals of the plan before, while the exact one is being found; never a plan."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from sop.supply.lp.problem import FloatArray


@dataclass(frozen=True)
class SupplyPreview:
    """An estimate of the objective (money and planning penalties) of a plan that is not solved yet.

    `change` is against the plan last solved, with every binding limit taken at its worth there. Its `side` is
    proven: where only limits and demand moved the true change is "at least" that (weak duality), where only
    prices moved "at most" (the plan before is still possible); where both did, or hours per unit, "about".
    """

    objective: float
    change: float
    side: Literal["at least", "at most", "about"]

    @property
    def sentence(self) -> str:
        """The estimate in one plain sentence that says it is one."""
        return f"Cost changes by {self.side} {self.change:+,.0f} (estimate; the exact plan is being computed)."


def which_side(prices_moved: bool | np.bool_, bounds_moved: bool) -> Literal["at least", "at most", "about"]:
    """On which side of the estimate the true change lies."""
    if prices_moved:
        return "about" if bounds_moved else "at most"
    return "at least"


def change_by_bounds(
    duals: FloatArray, old: tuple[FloatArray, FloatArray], new: tuple[FloatArray, FloatArray]
) -> float:
    """What moved bounds change: dual x the move of the bound that holds the column or row.

    A positive dual belongs to the lower bound, a negative one to the upper; `old` and `new` are (lower, upper).
    """
    before, after = (np.where(duals > 0, lower, upper) for lower, upper in (old, new))
    moved = np.flatnonzero((duals != 0) & np.isfinite(before) & np.isfinite(after))
    return float(duals[moved] @ (after[moved] - before[moved]))
