"""What a plan is built from: the company's tables as arrays, built once per input set.

Shapes: N products, F planning families, R regions, H closed months, T planned months, L lines, K shared
resources, P plants, M materials. Not-a-number means not known; zero means zero. A block that is None was
not loaded, and the plans that need it say so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from sop.core.calendar import Bucket, Calendar, bucket_of
from sop.core.findings import Finding
from sop.core.terms import EventUse, Strategy

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

ORDER_LEAD_DAYS = 30.0
"""Days from order to delivery of what is made to order, where no table says."""

RAMP_RECORD = 6
"""Fewest months on sale from which the ramp of a like product can be read."""


@dataclass(frozen=True)
class Families:
    """Planning families: a family with products made to stock and to order is planned as two.

    `base` is the family's name in the company's tables; `strategy` one per planning family;
    per-unit and policy data are means over products weighted by recent shipments, `unit_decimals` their most.
    """

    names: tuple[str, ...]
    base: tuple[str, ...]
    strategy: tuple[Strategy, ...]
    unit: tuple[str, ...]
    list_price: Floats
    unit_cost: Floats
    standard_lead_time_days: Floats
    target_lead_time_days: Floats
    service_level: Floats
    volume_per_unit: Floats
    priority: Floats
    unit_decimals: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.int64))

    @cached_property
    def decimals(self) -> Ints:
        """Decimals of each family's unit (F,): 0 where it comes whole."""
        return self.unit_decimals if len(self.unit_decimals) else np.zeros(len(self.names), dtype=np.int64)

    @cached_property
    def made_to_order(self) -> Bools:
        """Which families are made to order (F,)."""
        return np.array([s is Strategy.MTO for s in self.strategy])

    @cached_property
    def lead_days(self) -> Floats:
        """Standard lead time (F,) in days; where none is stated 30 for what is made to order, 0 from stock."""
        stated = self.standard_lead_time_days
        return np.where(np.isfinite(stated), stated, np.where(self.made_to_order, ORDER_LEAD_DAYS, 0.0))

    @cached_property
    def made_to_order_names(self) -> tuple[str, ...]:
        """The families made to order, by name."""
        return tuple(name for name, flag in zip(self.names, self.made_to_order, strict=True) if flag)

    def index(self, name: str) -> tuple[int, ...]:
        """Positions of a planning family or of every part of a company family; empty when unknown."""
        if name in self.names:
            return (self.names.index(name),)
        return tuple(i for i, base in enumerate(self.base) if base == name)


@dataclass(frozen=True)
class Products:
    """Products under the families: `family` (N,) positions; prices and costs in currency per unit.

    `first_sale` (N,): first month on sale, in months from the first open month; not-a-number where the product
    sold already when the history begins, or never sold.
    """

    numbers: tuple[str, ...]
    names: tuple[str, ...]
    family: Ints
    list_price: Floats
    unit_cost: Floats
    retired: Bools
    first_sale: Floats = field(default_factory=lambda: np.zeros(0))

    @cached_property
    def family_by_number(self) -> dict[str, int]:
        """Position of each product's family, by product number."""
        return dict(zip(self.numbers, self.family.tolist(), strict=True))


@dataclass(frozen=True)
class History:
    """Closed months by product and region, channels added up: units and company currency (N, R, H).

    Not-a-number before a series' first row, and revenue where the month's rate is not known; a true zero after.
    `told_by`: the longer periods by which all of them were told, and shared among the company's; None otherwise.
    """

    months: tuple[str, ...]
    ordered: Floats
    shipped: Floats
    revenue: Floats
    cost: Floats | None = None
    told_by: Bucket | None = None

    @property
    def year(self) -> int:
        """Periods in twelve months."""
        return bucket_of(self.months[0]).a_year


@dataclass(frozen=True)
class StockHistory:
    """Stock movements of closed months by family, plants added up: units (F, H of `months`).

    `derived`: only closings are given, and movements are what they and sales leave; never an actual.
    """

    months: tuple[str, ...]
    opening: Floats
    production: Floats
    subcontract: Floats
    adjustments: Floats
    shipments: Floats
    closing: Floats
    derived: bool = False


@dataclass(frozen=True)
class OrderHistory:
    """Open orders and what of them is past due at each month end: units (F, R, H of `months`).

    `derived`: no past due is given, and it is what the book exceeds the stated lead time by; never an actual.
    """

    months: tuple[str, ...]
    quantity: Floats
    past_due: Floats
    derived: bool = False


@dataclass(frozen=True)
class Position:
    """What the closed months leave behind; the plan starts here.

    `inventory` (F,) units or None; `past_due`, `orders_not_due` (F, R) units; `price` (F, R) and `unit_cost`
    (F,) currency per unit (not-a-number when unknown); `product_share` (N, R) of each family's recent shipments;
    `mix_sd` (N,) units a month by which a product strays from its share of the family;
    `people` (P,), not-a-number for a plant of which none are loaded; `recent_revenue`, `recent_purchases` currency
    of the last months, oldest first; `balances` by line of the financial plan at the last closed month.
    `stock_cost` (F,): what one in stock is worth where that is not its standard cost. `by_day` (F,): of the value
    of lines that came whole in the month promised, in the last twelve months, the share that came by its day; None
    where no deliveries tell.
    """

    month: str
    inventory: Floats | None
    past_due: Floats
    orders_not_due: Floats
    price: Floats
    unit_cost: Floats
    product_share: Floats
    mix_sd: Floats
    people: Floats | None = None
    recent_revenue: Floats = field(default_factory=lambda: np.zeros(0))
    recent_purchases: Floats = field(default_factory=lambda: np.zeros(0))
    balances: Mapping[str, float] = field(default_factory=dict)
    stock_cost: Floats | None = None
    by_day: Floats | None = None

    @property
    def worth(self) -> Floats:
        """What one in stock is worth (F,), currency per unit; not-a-number when unknown."""
        return self.unit_cost if self.stock_cost is None else self.stock_cost


@dataclass(frozen=True)
class Plants:
    """Plants with rates in currency per hour or person, people, months, and people a month that may be released
    (not-a-number when not given)."""

    names: tuple[str, ...]
    labour_rate: Floats
    overtime_rate: Floats
    overtime_limit_pct: Floats
    hire_cost: Floats
    release_cost: Floats
    storage_limit: Floats
    min_people: Floats
    notice_months: Floats
    hire_lead_months: Floats
    releases_allowed: Floats


@dataclass(frozen=True)
class ExtraHours:
    """Agency or outside hours offered for some resources (not-a-number where the tables do not say): `most` and
    `price` by month (L, T), hours and currency an hour; `lead_months` (L,)."""

    most: Floats
    price: Floats
    lead_months: Floats


@dataclass(frozen=True)
class Capacity:
    """Lines, routings and people. Hours; `hours_per_unit` (F, L) is not-a-number where not qualified.

    `minimum_lot` (F, L) units, 0 where any quantity may be made; only refining a plan reads it. `line_extra` and
    `shared_extra`: hours that can be bought beyond the own ones.
    """

    plants: Plants
    lines: tuple[str, ...]
    line_names: tuple[str, ...]
    line_plant: Ints
    line_hours: Floats
    hours_per_unit: Floats
    labour_hours_per_unit: Floats
    variable_cost: Floats
    shared: tuple[str, ...]
    shared_names: tuple[str, ...]
    shared_hours: Floats
    shared_hours_per_unit: Floats
    history_months: tuple[str, ...]
    line_hours_history: Floats
    people_max: Floats | None = None
    hours_per_person: Floats | None = None
    working_days: Floats | None = None
    working_days_history: Floats | None = None
    minimum_lot: Floats | None = None
    line_extra: ExtraHours | None = None
    shared_extra: ExtraHours | None = None


@dataclass(frozen=True)
class Materials:
    """Bought materials: `use` (F, M) per unit, `supply` (M, T) (infinite where no limit), prices per unit."""

    names: tuple[str, ...]
    supplier: tuple[str, ...]
    price: Floats
    lead_time_days: Floats
    use: Floats
    supply: Floats
    spot_premium: Floats


@dataclass(frozen=True)
class Subcontract:
    """Outside supply of finished units: `limit` (F, T), `unit_cost` (F,) currency; `lead_months` (F,) in which
    nothing arrives, not-a-number where the table does not say."""

    limit: Floats
    unit_cost: Floats
    lead_months: Floats | None = None


@dataclass(frozen=True)
class Budget:
    """The budget by family, region and month: units and currency (F, R, B of `months`), not-a-number where it
    tells none.

    `grain`: how far down it was given, to 'region', 'family' or 'company'; below that it is shared as recently
    sold. `uncovered`: families that sell and of which it says nothing, or not of all their regions; it is then no
    budget of the company, and held against the families alone of which it tells. `partial`: months of which it
    tells some of its families and not others that sell: no budget of the company either.
    """

    months: tuple[str, ...]
    quantity: Floats
    revenue: Floats
    gross_margin: Floats | None
    grain: str = "region"
    uncovered: tuple[str, ...] = ()
    partial: tuple[str, ...] = ()

    @property
    def is_whole(self) -> bool:
        """Whether it is of all that the company sells, so that its total is held against the plan's."""
        return not self.uncovered

    @property
    def by_family(self) -> bool:
        """Whether it says what each family is to bring."""
        return self.grain != "company"


@dataclass(frozen=True)
class Ledger:
    """Ledger amounts by line of the financial plan and month, currency; not-a-number where a month is missing."""

    months: tuple[str, ...]
    actual: Mapping[str, Floats]
    budget: Mapping[str, Floats]
    unmapped: tuple[str, ...] = ()


@dataclass(frozen=True)
class Exchange:
    """Rates of the regions' currencies: company currency for one unit, not-a-number where no rate is known.

    `home`: the company's own currency. `currency` by region; `rate` (R, T) planned months, the last known rate
    where none is given; `rate_history` (R, H) closed months, only as given; `base` (R,) the rate at which
    `Position.price` is stated.
    """

    home: str
    currency: tuple[str, ...]
    rate: Floats
    rate_history: Floats
    base: Floats

    @property
    def path(self) -> Floats:
        """Planned rates against the base (R, T): what a price stated at the base becomes."""
        return self.rate / self.base[:, None]


@dataclass(frozen=True)
class Gate:
    """A gate or milestone: positions are months from the first open month; `actual` None while open."""

    name: str
    baseline: int
    forecast: int
    actual: int | None = None
    after: str = ""

    @property
    def slip_months(self) -> int:
        """Months behind the baseline (never against the last forecast); negative when early."""
        return (self.forecast if self.actual is None else self.actual) - self.baseline


@dataclass(frozen=True)
class Launch:
    """A new product on its way: market launch at the last gate, ramp to `peak_units` a month.

    `curve`: s_curve, linear, or like_product (the ramp of the product at position `like`). `replaces`: position
    of the product that is phased out over `phase_out_months`. `cost`, `spent` currency. `a_month`: periods in the
    mean month.
    """

    name: str
    family: int
    product: str
    regions: tuple[int, ...]
    probability: float
    peak_units: float
    ramp_months: float
    curve: str
    cannibalises: int | None
    cannibalisation_pct: float
    cost: float
    gates: tuple[Gate, ...]
    like: int | None = None
    replaces: int | None = None
    phase_out_months: float = 3.0
    spent: float = 0.0
    a_month: float = 1.0

    def slip(self, months: float) -> int:
        """Whole periods by which so many months put it off."""
        return round(months * self.a_month)

    @property
    def market_gate(self) -> Gate | None:
        """The last gate: first month on sale."""
        return max(self.gates, key=lambda gate: (gate.forecast, gate.baseline)) if self.gates else None


@dataclass(frozen=True)
class Benefit:
    """What an initiative changes: a fraction (`pct`) or an absolute amount a month (`abs`) of a measure."""

    measure: str
    scope: str
    amount: float
    unit: str
    start: int
    ramp_months: float


@dataclass(frozen=True)
class Initiative:
    """A strategic initiative with its milestones and benefits; money in currency; `a_month`: periods in one."""

    name: str
    owner: str
    goal: str
    budget: float
    spent: float
    confidence: float
    milestones: tuple[Gate, ...]
    benefits: tuple[Benefit, ...]
    a_month: float = 1.0

    def slip(self, months: float) -> int:
        """Whole periods by which so many months put it off."""
        return round(months * self.a_month)


@dataclass(frozen=True)
class Event:
    """An outside event: from `start` for `duration` months it changes a measure by the fraction `impact`."""

    name: str
    title: str
    source: str
    use: EventUse
    probability: float
    start: int
    duration: int
    measure: str
    impact: float
    scope: str
    owner: str
    mitigation: str
    mitigation_cost: float


@dataclass(frozen=True)
class LeadingIndicator:
    """A leading indicator by month, as published so far: `values` (H of `months`), oldest first.

    Beyond `alert_below` or `alert_above` (not-a-number: no threshold) its last value opens an item for `owner`.
    `event`: the outside event that it warns of; empty where it names none.
    """

    name: str
    months: tuple[str, ...]
    values: Floats
    alert_below: float
    alert_above: float
    owner: str
    event: str = ""


@dataclass(frozen=True)
class PriceProof:
    """What a family's history proves of price and demand: percent of demand for one percent of price.

    `elasticity` is None where nothing is proven; `why` says what was found, in words.
    """

    family: str
    elasticity: float | None
    why: str


def _only_read(values: Floats) -> Floats:
    """An array that several share: whoever would write to it is refused."""
    values.setflags(write=False)
    return values


@dataclass(frozen=True)
class Inputs:
    """Everything a plan is built from besides assumptions and forecast.

    `prices`: what the forecast proved of price and demand. `holidays`: by region (R) the days on which its
    customers are closed, ISO dates in order; nothing where they are not known in all years.
    """

    company: str
    currency: str
    calendar: Calendar
    families: Families
    regions: tuple[str, ...]
    products: Products
    history: History
    position: Position
    stock: StockHistory | None = None
    orders: OrderHistory | None = None
    capacity: Capacity | None = None
    materials: Materials | None = None
    subcontract: Subcontract | None = None
    budget: Budget | None = None
    ledger: Ledger | None = None
    exchange: Exchange | None = None
    launches: tuple[Launch, ...] | None = None
    initiatives: tuple[Initiative, ...] | None = None
    events: tuple[Event, ...] | None = None
    indicators: tuple[LeadingIndicator, ...] | None = None
    sources: Mapping[str, str] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    prices: tuple[PriceProof, ...] = ()
    holidays: tuple[tuple[str, ...], ...] = ()

    @cached_property
    def elasticity(self) -> Mapping[str, float]:
        """The price elasticity of the families whose history proves one."""
        return {proof.family: proof.elasticity for proof in self.prices if proof.elasticity is not None}

    @cached_property
    def family_of_product(self) -> Floats:
        """Membership matrix (F, N): 1 where a product belongs to a family."""
        return (self.products.family[None, :] == np.arange(len(self.families.names))[:, None]).astype(float)

    def by_family(self, product_values: Floats) -> Floats:
        """Product values (N, R, H) added up to families (F, R, H); not-a-number only where all are."""
        known = self._added_up(np.isfinite(product_values)) > 0
        return np.where(known, self._added_up(np.nan_to_num(product_values)), np.nan)

    def _added_up(self, product_values: Floats | Bools) -> Floats:
        """Product values (N, R, H) added up to families (F, R, H), one product after the other.

        Not by the matrix of who belongs where: it grows as products by families.
        """
        total = np.zeros((len(self.families.names), *product_values.shape[1:]))
        for family, values in zip(self.products.family.tolist(), product_values, strict=True):
            if family >= 0:
                total[family] += values
        return total

    @cached_property
    def ordered_by_family(self) -> Floats:
        """Past orders (F, R, H), units; added up once, as 20,000 products take a tenth of a second."""
        return _only_read(self.by_family(self.history.ordered))

    @cached_property
    def shipped_by_family(self) -> Floats:
        """Past shipments (F, R, H), units."""
        return _only_read(self.by_family(self.history.shipped))

    @cached_property
    def cost_by_family(self) -> Floats:
        """Past cost of sales (F, R, H), currency; not-a-number where no sales table holds it."""
        cost = self.history.cost
        return _only_read(np.full_like(self.shipped_by_family, np.nan) if cost is None else self.by_family(cost))

    @cached_property
    def revenue_by_family(self) -> Floats:
        """Past revenue (F, R, H), currency; not-a-number where that of something shipped is not known."""
        lost = ~np.isfinite(self.history.revenue) & (np.nan_to_num(self.history.shipped) != 0)
        known = self.by_family(self.history.revenue)
        return _only_read(np.where(self._added_up(lost) > 0, np.nan, known))

    def knows_years(self, years: int = 1) -> bool:
        """Whether something is known of each of the last twelve closed months, or of so many times as many.

        A year is never held against a part of one.
        """
        wanted = years * self.calendar.year
        last = np.isfinite(self.history.ordered[..., -wanted:])
        return last.shape[-1] == wanted and bool(last.any(axis=(0, 1)).all())

    @cached_property
    def revenue_lost(self) -> Bools:
        """Regions and months (F, R, H) in which something was shipped whose revenue is not known."""
        shipped = np.nan_to_num(self.shipped_by_family)
        return ~np.isfinite(self.revenue_by_family) & (shipped != 0)
