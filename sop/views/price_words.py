"""What the plan takes of price and demand: proven on history, set by people, or assumed to be nothing."""

from __future__ import annotations

from collections.abc import Iterator

from sop.core.format import how_many
from sop.core.inputs import Inputs
from sop.core.register import Assumptions

PRICE_KEYS = ("price_pct", "price_elasticity")
_KEY = "price_elasticity"


def elasticity_words(inputs: Inputs, assumptions: Assumptions, family: str | None = None) -> str:
    """What a change of price does to demand in the plan of a family (None: all), wherever a price is valued."""
    names = (
        inputs.families.names
        if family is None
        else tuple(inputs.families.names[i] for i in inputs.families.index(family))
    )
    chosen = {name: assumptions.value(_KEY, name, inputs.elasticity.get(name)) for name in names}
    is_set = [name for name in names if (_KEY, name) in assumptions or (_KEY, "") in assumptions]
    proven = [name for name in names if name not in is_set and name in inputs.elasticity]
    assumed = [name for name in names if name not in is_set and name not in proven]

    def told(state: str, some: list[str]) -> str:
        values = ", ".join(f"{name} {chosen[name]:.4g}".replace("-", "\u2212") for name in some)
        return f"{state} for {values}" if some else ""

    parts = [told("proven on history", proven), told("set", is_set)]
    if assumed:
        which = (
            ""
            if len(assumed) == len(names)
            else f" for {how_many(len(assumed), 'other families')}"
            if len(assumed) > 1
            else f" for {assumed[0]}"
        )
        why = _why(inputs, assumed[0]) if len(names) == 1 else "no effect of price is proven"
        parts.append(f"assumed 0{which}: {why}, so a price moves no demand")
    return "Price elasticity: " + "; ".join(filter(None, parts)) + "."


def _why(inputs: Inputs, family: str) -> str:
    found = next((proof.why for proof in inputs.prices if proof.family == family), "")
    return found or "no effect of price is proven"


def elasticity_rows(inputs: Inputs, assumptions: Assumptions) -> Iterator[dict[str, object]]:
    """By family: the elasticity that the plan uses, whether it is proven, set or assumed, and why."""
    whys = {proof.family: proof.why for proof in inputs.prices}
    for name in inputs.families.names:
        is_set = (_KEY, name) in assumptions or (_KEY, "") in assumptions
        source = "set" if is_set else "proven" if name in inputs.elasticity else "assumed"
        value = assumptions.value(_KEY, name, inputs.elasticity.get(name))
        yield {"family": name, "elasticity": value, "source": source, "why": whys.get(name, "")}
