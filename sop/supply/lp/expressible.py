"""What a supply problem cannot say, and why: asked for, it is refused with the reason, never left out."""

from __future__ import annotations

from collections.abc import Iterable

from sop.supply.lp.errors import NotExpressible

_WHOLE = "the plan of quantities is a linear program, where everything can be divided"
_BY_REFINE = "Plan it with refine_plan, which takes longer and proves how far from the best it can be"

NEEDS_REFINE = {
    "whole_people": _WHOLE,
    "minimum_lots": _WHOLE,
    "campaigns": _WHOLE,
    "setups": _WHOLE,
    "shifts_on_off": _WHOLE,
}
"""Features that only the whole-number run plans."""

NOT_PLANNED = {
    "blending": "what goes into a unit is given by its recipe, not chosen by the plan",
    "sequence_dependent_setups": "the plan has quantities by period, not an order of jobs within it",
    "whole_units": "units are rounded after planning so that running totals are right, not planned whole",
    "quantity_discounts": "a price that falls with quantity has no least cost that a linear program can find",
    "several_stages": "families are planned at one stage; what they are made of is a material with its supply",
    "transport_between_sites": "finished stock is one pool per family, wherever it is made",
    "shelf_life": "stock is one pool per family without the age of its units",
    "optional_maintenance": "when a line stands still is given by its hours, not chosen by the plan",
    "random_demand": "one plan serves one demand; safety stock and scenarios carry the uncertainty",
}
"""Features that nothing here plans."""


def require_expressible(features: Iterable[str]) -> None:
    """Raise `NotExpressible` with the reason for the first feature asked for; one that is not known too."""
    for feature in features:
        if feature in NEEDS_REFINE:
            raise NotExpressible(feature, NEEDS_REFINE[feature], _BY_REFINE)
        known = ", ".join(sorted({*NEEDS_REFINE, *NOT_PLANNED}))
        why = NOT_PLANNED.get(feature, f"it is not a feature that is known here ({known})")
        raise NotExpressible(feature, why, "Leave it out and judge the plan with that in mind")
