"""Period variances: what making and buying costs beyond standard, month by month."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sop.core.inputs import Floats
from sop.core.money import to_minor


@dataclass(frozen=True)
class SupplyCost:
    """What the supply plan costs, by month (T,) in currency.

    `wages` and `overtime` are paid labour; `standard_labour` is what the units made absorb at the standard
    wage; `routing` is variable cost above the cheapest qualified line; `subcontract` is paid for bought units
    and `standard_subcontract` their standard cost; `relief` is spot material and hours bought outside.
    """

    wages: Floats
    overtime: Floats
    standard_labour: Floats
    routing: Floats
    subcontract: Floats
    standard_subcontract: Floats
    hiring: Floats
    release: Floats
    relief: Floats


VARIANCES = ("labour", "overtime", "routing", "subcontract", "hiring", "release", "relief")
"""The named parts of the period variance, in the order in which they are shown."""


def period_variances(cost: SupplyCost) -> dict[str, np.ndarray]:
    """Each named variance by month (T,) in whole minor units; positive costs more than standard.

    Overhead is taken as absorbed: the tables bring no actual overhead to compare it with.
    """
    parts = {
        "labour": cost.wages - cost.standard_labour,
        "overtime": cost.overtime,
        "routing": cost.routing,
        "subcontract": cost.subcontract - cost.standard_subcontract,
        "hiring": cost.hiring,
        "release": cost.release,
        "relief": cost.relief,
    }
    return {name: to_minor(parts[name]) for name in VARIANCES}
