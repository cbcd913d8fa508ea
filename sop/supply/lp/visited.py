"""Plans that were found before, by the problem that they solve: going back to a position costs nothing."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import fields
from hashlib import blake2b

import numpy as np

from sop.supply.lp.plan import SupplyPlan
from sop.supply.lp.problem import SupplyProblem

_KEPT = 24
"""How many plans are kept: more than a person remembers having tried, little beside the optimiser itself."""


class VisitedPlans:
    """The last plans of a model, the one longest unused forgotten first."""

    def __init__(self) -> None:
        self._plans: OrderedDict[bytes, SupplyPlan] = OrderedDict()

    def find(self, key: bytes) -> SupplyPlan | None:
        """The plan of the problem with this key, or None."""
        plan = self._plans.get(key)
        if plan is not None:
            self._plans.move_to_end(key)
        return plan

    def keep(self, key: bytes, plan: SupplyPlan) -> None:
        """Remember a plan."""
        self._plans[key] = plan
        if len(self._plans) > _KEPT:
            self._plans.popitem(last=False)


def problem_key(problem: SupplyProblem) -> bytes:
    """A digest of every name and number of a problem: equal problems, and only they, share one."""
    digest = blake2b(digest_size=16)
    for spec in fields(problem):
        value = getattr(problem, spec.name)
        if isinstance(value, np.ndarray):
            digest.update(value.data if value.flags.c_contiguous else value.tobytes())
        else:
            digest.update(repr(value).encode())
    return digest.digest()
