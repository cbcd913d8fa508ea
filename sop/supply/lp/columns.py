"""The columns of the linear program: where each decision sits, and its bounds.

Every column is a quantity >= 0. What has rising unit costs is cut into bounded segments (stock up to
safety stock, up to cover, above; production up to the agreed plan and above it), which needs no rows.

    make[r, t]          units made on route r (a qualified family and line); in the fences, up to the agreed plan
    make_more[r, s]     units above the agreed plan in slushy period s
    buy[b, t]           units bought finished; buy_more[b, s] as above
    lost[l, t]          units lost; unmet[n, t] units unmet although they may be neither late nor lost
    past_due[w, t]      units late at the period's end; closing_past_due[w] the charged part at the horizon
    safety, cover, excess[f, t], over[m, t]     closing stock by segment; over = above the maximum
    closing_short[c]    units below the closing target
    rate[s]             units made per unit of rate weight by a family that keeps one rate
    people, hired, released, overtime, agency, extra_overtime[p, t]
    material_bought, material_stock[k, t]       where it is planned when material is bought
    outside_machine[h, t], spot[i, t], outside_shared[j, t], outside_storage[t]     relief
    extra_line[e, t], extra_shared[g, t]        hours bought beyond a limit, as many as are offered
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sop.core.inputs import Floats, Ints
from sop.supply.lp.problem import SupplyProblem
from sop.supply.lp.terms import PlanningTerms, agreed_subcontract


@dataclass(frozen=True, eq=False)
class Columns:
    """Index sets, and the column number of every decision by block name."""

    horizon: int
    slushy: Ints  # periods inside the slushy fence
    route_family: Ints
    route_line: Ints
    bought: Ints  # families that can be bought finished
    losing: Ints  # families whose demand may be lost
    prompt: Ints  # families whose demand may not wait
    waiting: Ints  # families whose demand may wait
    capped: Ints  # families with a maximum stock
    closing: Ints  # families with a closing target
    steady: Ints  # families made at one rate
    limited_lines: Ints
    limited_materials: Ints
    bought_ahead: Ints  # places among the limited materials of those that are bought ahead
    limited_shared: Ints
    limited_storage: Ints  # [0] where storage is limited, else empty
    extra_lines: Ints  # places among the limited lines of those for which hours are offered
    extra_shared: Ints  # likewise among the limited shared resources
    at: dict[str, Ints]
    size: int

    def signature(self) -> tuple[object, ...]:
        """What must be equal for two problems to share one model."""
        sets = (self.slushy, self.route_family, self.route_line, self.bought, self.losing, self.prompt)
        more = (self.waiting, self.capped, self.closing, self.limited_lines, self.limited_materials)
        last = (self.limited_shared, self.limited_storage, self.steady, self.extra_lines, self.extra_shared)
        ahead = (self.bought_ahead,)
        shapes = tuple((name, index.shape) for name, index in self.at.items())
        return (shapes, *(index.tobytes() for index in sets + more + last + ahead))


def build_columns(problem: SupplyProblem, terms: PlanningTerms) -> Columns:
    """Lay out only the columns that the problem can use."""
    horizon, plants = problem.sizes["T"], problem.sizes["P"]
    family, line = np.nonzero(problem.qualified)
    slushy = np.arange(terms.frozen, terms.slushy_end)
    sets = {
        "slushy": slushy,
        "route_family": family,
        "route_line": line,
        "bought": _where(((problem.subcontract_limit + agreed_subcontract(problem)) > 0).any(axis=1)),
        "losing": _where(problem.lost_allowed),
        "prompt": _where(~problem.backlog_allowed),
        "waiting": _where(problem.backlog_allowed),
        "capped": _where(np.isfinite(problem.max_inventory).any(axis=1)),
        "closing": _where(terms.closing_target > 0),
        "steady": _where(problem.one_rate & problem.qualified.any(axis=1)),
        "limited_lines": _where(np.isfinite(terms.line_hours).any(axis=1)),
        "limited_materials": _where(np.isfinite(problem.material_supply).any(axis=1) | problem.bought_ahead),
        "limited_shared": _where(np.isfinite(problem.shared_hours).any(axis=1)),
        "limited_storage": _where(np.isfinite(problem.storage_limit).any(keepdims=True)),
    }
    sets["bought_ahead"] = _where(problem.bought_ahead[sets["limited_materials"]])
    sets["extra_lines"] = _offered(problem.extra_line_price, sets["limited_lines"])
    sets["extra_shared"] = _offered(problem.extra_shared_price, sets["limited_shared"])
    count = {name: len(index) for name, index in sets.items()}
    families = problem.sizes["F"]
    shapes = {
        "make": (len(family), horizon),
        "make_more": (len(family), len(slushy)),
        "buy": (count["bought"], horizon),
        "buy_more": (count["bought"], len(slushy)),
        "lost": (count["losing"], horizon),
        "unmet": (count["prompt"], horizon),
        "past_due": (count["waiting"], horizon),
        "closing_past_due": (count["waiting"],),
        "safety": (families, horizon),
        "cover": (families, horizon),
        "excess": (families, horizon),
        "over": (count["capped"], horizon),
        "closing_short": (count["closing"],),
        "rate": (count["steady"],),
        **dict.fromkeys(PEOPLE_BLOCKS, (plants, horizon)),
        "material_bought": (count["bought_ahead"], horizon),
        "material_stock": (count["bought_ahead"], horizon),
        "outside_machine": (count["limited_lines"], horizon),
        "spot": (count["limited_materials"], horizon),
        "outside_shared": (count["limited_shared"], horizon),
        "outside_storage": (count["limited_storage"], horizon),
        "extra_line": (count["extra_lines"], horizon),
        "extra_shared": (count["extra_shared"], horizon),
    }
    at, size = number_blocks(shapes)
    return Columns(horizon=horizon, at=at, size=size, **sets)


PEOPLE_BLOCKS = ("people", "hired", "released", "overtime", "agency", "extra_overtime")


def number_blocks(shapes: dict[str, tuple[int, ...]]) -> tuple[dict[str, Ints], int]:
    """Consecutive numbers for every cell of every block, and how many there are."""
    at: dict[str, Ints] = {}
    start = 0
    for name, shape in shapes.items():
        size = int(np.prod(shape))
        at[name] = np.arange(start, start + size).reshape(shape)
        start += size
    return at, start


def bound_columns(problem: SupplyProblem, terms: PlanningTerms, columns: Columns) -> tuple[Floats, Floats]:
    """Lower and upper bounds of every column."""
    lower, upper = np.zeros(columns.size), np.full(columns.size, np.inf)
    at = columns.at
    upper[at["lost"]] = terms.lost_limit[columns.losing]
    upper[at["unmet"]] = terms.unmet_limit[columns.prompt]
    upper[at["past_due"][:, -1:]] = np.maximum(problem.closing_past_due_max[columns.waiting], 0.0)[:, None]
    for segment, name in enumerate(("safety", "cover", "excess")):
        upper[at[name]] = terms.segments[segment]
    lower[at["people"]], upper[at["people"]] = problem.people_min, terms.people_max
    upper[at["hired"]], upper[at["released"]] = terms.hire_limit, terms.release_limit
    ahead = columns.limited_materials[columns.bought_ahead]
    upper[at["material_bought"]] = np.maximum(problem.material_supply[ahead], 0.0)
    upper[at["material_stock"]] = np.maximum(problem.material_kept[ahead], 0.0)
    upper[at["buy"]] = problem.subcontract_limit[columns.bought]
    upper[at["extra_line"]] = terms.extra_line_hours[columns.limited_lines[columns.extra_lines]]
    upper[at["extra_shared"]] = terms.extra_shared_hours[columns.limited_shared[columns.extra_shared]]
    _hold_to_agreed(problem, terms, columns, lower, upper)
    return lower, upper


def _hold_to_agreed(
    problem: SupplyProblem, terms: PlanningTerms, columns: Columns, lower: Floats, upper: Floats
) -> None:
    """Frozen periods repeat the agreed plan; slushy ones may leave it at the price of change."""
    if problem.agreed_production is None:
        return
    at, frozen, slushy = columns.at, np.arange(terms.frozen), columns.slushy
    agreed = problem.agreed_production[columns.route_family, columns.route_line]
    lower[at["make"][:, frozen]] = upper[at["make"][:, frozen]] = agreed[:, frozen]
    upper[at["make"][:, slushy]] = agreed[:, slushy]
    bought = agreed_subcontract(problem)[columns.bought]
    limit = problem.subcontract_limit[columns.bought]
    lower[at["buy"][:, frozen]] = upper[at["buy"][:, frozen]] = bought[:, frozen]
    upper[at["buy"][:, slushy]] = np.minimum(bought, limit)[:, slushy]
    upper[at["buy_more"]] = np.maximum(limit - bought, 0.0)[:, slushy]


def _offered(price: Floats, limited: Ints) -> Ints:
    """Places among limited resources of those for which somebody offers hours in some period."""
    return _where(np.isfinite(price[limited]).any(axis=1))


def _where(mask: npt.ArrayLike) -> Ints:
    return np.flatnonzero(mask)
