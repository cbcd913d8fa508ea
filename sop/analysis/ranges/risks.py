"""What may turn out otherwise than planned: each risk by itself, drawn into the worlds that a plan is planned for.

A risk has normals of its own from a Latin hypercube that its name seeds. So the draws of a plan and of another
one share every risk that both have (common random numbers), and a risk that is added changes no other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from zlib import crc32

import numpy as np
from scipy.special import ndtr, ndtri

from sop.analysis.ranges.demand_errors import DemandErrors
from sop.analysis.ranges.risk_sizes import size_of
from sop.core.inputs import Event, Floats, Initiative, Inputs, Launch
from sop.core.register import EVENT_USES, Assumptions, assumption, probability_of, use_of
from sop.core.scores import Z80
from sop.core.terms import EventUse
from sop.core.words import sha256_hex
from sop.core.world import World
from sop.finance.working_capital import realised_days
from sop.portfolio.effects import planned_confidence
from sop.portfolio.launch_volumes import is_launched, launch_probability

BLOCK = 50
"""Draws that are stratified together, planned together and kept together."""

OPERATING_COST, PAYMENT = "Operating cost", "Customers' payment"
REACHES = {OPERATING_COST: ("ebit", "cash"), PAYMENT: ("cash",)}
"""What a risk of the books alone can move; every other may move every headline measure."""

_SEED = 2013
_FURTHEST = 4.0


@dataclass(frozen=True)
class Turn:
    """How a risk turns out in one draw: values of assumptions by place, and factors of the world by their name."""

    values: Mapping[tuple[str, str], float] = field(default_factory=dict)
    world: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Risk:
    """Something that may turn out otherwise: its name in words, the normals that a draw of it takes, how it turns
    out under such normals (n, `dims`), and by how much, as scores (n, any) that money is ascribed to. `key` seeds
    its normals."""

    key: str
    name: str
    dims: int
    turns: Callable[[Floats], list[Turn]]
    scores: Callable[[Floats], Floats]


@dataclass(frozen=True)
class Draw:
    """One world that may come, and the assumptions that a plan for it takes."""

    assumptions: Assumptions
    world: World


@dataclass(frozen=True)
class BlockOfDraws:
    """Some draws with the scores (n, K) of their risks, whose names `scored` has by column."""

    draws: tuple[Draw, ...]
    scores: Floats
    scored: tuple[str, ...]


def draw_block(risks: tuple[Risk, ...], assumptions: Assumptions, block: int, seed: int = 0) -> BlockOfDraws:
    """The draws of one block; the same for the same risks, block and seed."""
    normals = [normals_of(risk, block, seed) for risk in risks]
    turns = [risk.turns(found) for risk, found in zip(risks, normals, strict=True)]
    scores = [risk.scores(found).reshape(BLOCK, -1) for risk, found in zip(risks, normals, strict=True)]
    draws = tuple(_draw(assumptions, [turn[i] for turn in turns]) for i in range(BLOCK))
    scored = tuple(risk.name for risk, found in zip(risks, scores, strict=True) for _ in range(found.shape[1]))
    return BlockOfDraws(draws, np.concatenate([np.zeros((BLOCK, 0)), *scores], axis=1), scored)


def normals_of(risk: Risk, block: int, seed: int = 0) -> Floats:
    """Standard normals (`BLOCK`, dims) of a risk: in each of its dimensions one in every stratum."""
    stream = np.random.default_rng([_SEED, seed, block, crc32(risk.key.encode())])
    within = stream.uniform(size=(BLOCK, risk.dims))
    strata = np.tile(np.arange(1, BLOCK + 1), (risk.dims, 1))
    for row in strata:
        stream.shuffle(row)
    return np.clip(ndtri((strata.T - within) / BLOCK), -_FURTHEST, _FURTHEST)


def _draw(assumptions: Assumptions, turns: list[Turn]) -> Draw:
    values = {place: value for turn in turns for place, value in turn.values.items()}
    world = {name: factor for turn in turns for name, factor in turn.world.items()}
    return Draw(Assumptions({**assumptions, **values}), World(**world))


def spread_of_year(errors: DemandErrors) -> float:
    """One standard deviation of twelve months' demand in money, as a share of it."""
    demand = _demand(errors)
    middle = demand.scores(normals_of(demand, 0))[:, 0] if errors.known else np.zeros(1)
    low, high = np.quantile(middle, [0.1, 0.9])
    return float(high - low) / (2 * Z80)


def key_of_errors(errors: DemandErrors) -> str:
    """The digest of the sizes of demand errors, which draws rest on."""
    sizes = (errors.company, errors.family, errors.cell)
    arrays = (errors.value, *(size.parts for size in sizes))
    told = " ".join(np.asarray(array).round(9).tobytes().hex() for array in arrays)
    return sha256_hex(f"{told} {errors.degrees:.9g} {errors.year}")


def find_risks(inputs: Inputs, assumptions: Assumptions, errors: DemandErrors) -> tuple[Risk, ...]:
    """Everything that may turn out otherwise in a plan of these inputs and assumptions."""
    return tuple(
        risk
        for risk in (
            _demand(errors),
            *_events(inputs, assumptions),
            *_launches(inputs, assumptions),
            *_initiatives(inputs, assumptions),
            *_output(inputs, assumptions),
            *_suppliers(inputs, assumptions),
            *_money(inputs, assumptions),
        )
        if risk.dims
    )


def _demand(errors: DemandErrors) -> Risk:
    value = errors.value / max(float(errors.value[..., : errors.year].sum()), 1e-9)

    def scores(normals: Floats) -> Floats:
        near = slice(errors.year)
        return np.asarray((errors.factors(normals)[..., near] * value[..., near]).sum(axis=(1, 2, 3)))[:, None]

    def turns(normals: Floats) -> list[Turn]:
        return [Turn(world={"demand": factor}) for factor in errors.factors(normals)]

    return Risk("demand", "Demand", errors.dims, turns, scores)


def _events(inputs: Inputs, assumptions: Assumptions) -> Iterator[Risk]:
    """Events that count somewhere: each comes or does not, by itself."""
    for event in inputs.events or ():
        use, chance = use_of(event, assumptions), probability_of(event, assumptions)
        if use is not EventUse.WATCH and chance > 0:
            yield _comes(event, chance)


def _comes(event: Event, chance: float) -> Risk:
    def happens(normals: Floats) -> Floats:
        return np.asarray(ndtr(normals[:, 0]) < chance if chance < 1 else normals[:, 0] < np.inf)

    def turns(normals: Floats) -> list[Turn]:
        plan = float(EVENT_USES.index(EventUse.PLAN))
        return [
            Turn({("event_use", event.name): plan, ("event_probability", event.name): float(comes)})
            for comes in happens(normals)
        ]

    return Risk(
        f"event {event.name}", event.title or event.name, 1, turns, lambda normals: happens(normals).astype(float)
    )


def _launches(inputs: Inputs, assumptions: Assumptions) -> Iterator[Risk]:
    """Launches that are not on the market yet: whether they come, when, and how much they sell."""
    for launch in inputs.launches or ():
        if launch.market_gate is not None and not is_launched(launch):
            yield _launch(inputs, assumptions, launch)


def _launch(inputs: Inputs, assumptions: Assumptions, launch: Launch) -> Risk:
    name, chance = launch.name, launch_probability(launch, assumptions)
    volume = assumptions.value("launch_volume_pct", name)
    late, spread = (
        size_of(key, assumptions, inputs, name) for key in ("delay_spread_months", "launch_volume_spread")
    )

    def scores(normals: Floats) -> Floats:
        comes = ndtr(normals[:, 0]) < chance if chance < 1 else np.ones(len(normals), dtype=bool)
        months = np.rint(late * np.maximum(normals[:, 1], 0.0))
        return np.column_stack([comes, months, comes * volume * _around(spread, normals[:, 2])])

    def turns(normals: Floats) -> list[Turn]:
        slip = assumptions.value("launch_slip_months", name)
        return [
            Turn(
                {
                    ("launch_probability", name): comes,
                    ("launch_slip_months", name): _limited("launch_slip_months", slip + months),
                    ("launch_volume_pct", name): _limited("launch_volume_pct", sells),
                }
            )
            for comes, months, sells in scores(normals).tolist()
        ]

    return Risk(f"launch {name}", f"Launch {name}", 3, turns, scores)


def _initiatives(inputs: Inputs, assumptions: Assumptions) -> Iterator[Risk]:
    """Initiatives that go on: how much of their benefit comes, and when."""
    for item in inputs.initiatives or ():
        if item.benefits and planned_confidence(item, assumptions) > 0:
            yield _initiative(inputs, assumptions, item)


def _initiative(inputs: Inputs, assumptions: Assumptions, item: Initiative) -> Risk:
    name, share = item.name, planned_confidence(item, assumptions)
    late, spread = (
        size_of(key, assumptions, inputs, name) for key in ("delay_spread_months", "initiative_spread")
    )

    def scores(normals: Floats) -> Floats:
        months = np.rint(late * np.maximum(normals[:, 1], 0.0))
        return np.column_stack([share * _around(spread, normals[:, 0]), months])

    def turns(normals: Floats) -> list[Turn]:
        slip = assumptions.value("initiative_slip_months", name)
        return [
            Turn(
                {
                    ("initiative_confidence", name): _limited("initiative_confidence", brings),
                    ("initiative_slip_months", name): _limited("initiative_slip_months", slip + months),
                }
            )
            for brings, months in scores(normals).tolist()
        ]

    return Risk(f"initiative {name}", f"Initiative {name}", 2, turns, scores)


def _output(inputs: Inputs, assumptions: Assumptions) -> Iterator[Risk]:
    """Yield and capacity: half of the variance is a level that all lines share, half a line's own in a month."""
    spread = size_of("output_spread", assumptions, inputs)
    if inputs.capacity is None or not spread:
        return
    lines, months = len(inputs.capacity.lines), inputs.calendar.horizon

    def factors(normals: Floats) -> Floats:
        own = normals[:, 1:].reshape(-1, lines, months)
        return _around(spread, np.sqrt(0.5) * (normals[:, :1, None] + own))

    yield Risk(
        "output",
        "Yield and capacity",
        1 + lines * months,
        lambda normals: [Turn(world={"output": factor}) for factor in factors(normals)],
        lambda normals: np.log(factors(normals)).mean(axis=(1, 2)),
    )


def _suppliers(inputs: Inputs, assumptions: Assumptions) -> Iterator[Risk]:
    """Late material: a part of a month's limited supply comes a month later; what was late before comes now."""
    days = size_of("supplier_delay_days", assumptions, inputs)
    if inputs.materials is None or not np.isfinite(inputs.materials.supply).any() or not days:
        return
    materials, months = inputs.materials.supply.shape

    def late(normals: Floats) -> Floats:
        by_month = normals.reshape(-1, materials, months)
        return np.clip(days * np.maximum(by_month, 0.0) / inputs.calendar.mean_days, 0.0, 1.0)

    def turns(normals: Floats) -> list[Turn]:
        share = late(normals)
        before = np.concatenate([np.zeros((len(share), materials, 1)), share[..., :-1]], axis=-1)
        return [Turn(world={"arriving": factor}) for factor in 1.0 - share + before]

    yield Risk(
        "suppliers", "Late suppliers", materials * months, turns, lambda normals: late(normals).mean(axis=(1, 2))
    )


def _money(inputs: Inputs, assumptions: Assumptions) -> Iterator[Risk]:
    """Net price, other operating cost, and when customers pay."""
    price = size_of("price_spread", assumptions, inputs)
    yield Risk(
        "price",
        "Net price",
        1 if price else 0,
        lambda normals: [Turn(world={"price": factor}) for factor in _around(price, normals[:, 0]).tolist()],
        lambda normals: _around(price, normals[:, 0]),
    )
    booked = inputs.ledger.actual if inputs.ledger is not None else {}
    if "operating_cost" in booked:
        spread = size_of("operating_cost_spread", assumptions, inputs)
        cost = 1 + assumptions.value("operating_cost_pct")
        yield _shifted(
            OPERATING_COST, "operating_cost_pct", lambda z: cost * _around(spread, z) - 1, 1 if spread else 0
        )
    days = assumptions.value("dso_days", table_value=realised_days(inputs, "receivables"))
    spread_days = size_of("dso_spread_days", assumptions, inputs)
    yield _shifted(PAYMENT, "dso_days", lambda z: days + spread_days * z, 1 if spread_days else 0)


def _shifted(name: str, key: str, value: Callable[[Floats], Floats], dims: int) -> Risk:
    """A risk that is the value of one assumption of the whole company."""

    def turns(normals: Floats) -> list[Turn]:
        return [Turn({(key, ""): _limited(key, each)}) for each in value(normals[:, 0]).tolist()]

    return Risk(key, name, dims, turns, lambda normals: value(normals[:, 0]))


def _around(spread: float, normals: Floats) -> Floats:
    """Multiples of what is planned whose median is one."""
    return np.exp(spread * normals)


def _limited(key: str, value: float) -> float:
    """A value within the register's range."""
    entry = assumption(key)
    return float(min(max(value, entry.low), entry.high))
