"""The register of assumptions: one table from which sliders, permission, validation and docs follow.

An assumption has a key, a scope (the thing it applies to; empty means the whole company), a unit, an owner,
a range with a step, a default with its source, and a meaning. The value nearest to the scope wins: an entry
for a family beats the company's entry, which beats the default.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sop.core.calendar import Calendar
from sop.core.errors import BadInput, NotFound
from sop.core.format import exact_number
from sop.core.inputs import Event
from sop.core.terms import EventUse, Function

EVENT_USES = tuple(EventUse)
"""The uses of an event in the order of the register's choices."""

ScopeKind = Literal[
    "company",
    "family",
    "family_month",
    "history_month",
    "driver",
    "plant",
    "resource",
    "material",
    "launch",
    "initiative",
    "event",
    "currency",
]
Unit = Literal["pct", "share", "days", "months", "units", "people", "currency", "ratio", "switch", "choice"]


@dataclass(frozen=True)
class Assumption:
    """One entry of the register. `low`, `high`, `step` are in inside units: a percent is a fraction.

    `slider` puts it on the Scenarios page; `scope` names what a narrower entry may apply to.
    What the company's table says comes before the default; a default of None means that only the table can say it.
    A `switch` is 0 or 1; a `choice` is the position of one of `choices`. `also`: functions that may set it beside
    its owner. `by_month`: a value may start in a month later than the first. `plausible`: by how much
    its owner finds it plausible that it comes out otherwise, or the entry that says its standard deviation; a step
    where None. `word` names what it changes where a cause is told in few words. `assumed`: its default stands for
    a fact of the company that nobody has stated, as 90 days of cover do; others change nothing at their default,
    or take what a table says.
    """

    key: str
    label: str
    owner: Function
    unit: Unit
    low: float
    high: float
    step: float
    default: float | None
    meaning: str
    source: str
    scope: ScopeKind = "company"
    slider: bool = False
    choices: tuple[str, ...] = ()
    also: tuple[Function, ...] = ()
    by_month: bool = False
    plausible: float | str | None = None
    word: str = ""
    assumed: bool = False

    @property
    def as_cause(self) -> str:
        """What a change of it is called in a sentence: 'volume', else its label in small letters."""
        return self.word or self.label[0].lower() + self.label[1:]

    @property
    def choice_names(self) -> tuple[str, ...]:
        """What can be chosen, by value: 'No' and 'Yes' for a switch; nothing where a number is entered."""
        return ("No", "Yes") if self.unit == "switch" else self.choices


_S, _O, _U, _P, _F, _C = (
    Function.SALES,
    Function.OPERATIONS,
    Function.SUPPLY,
    Function.PRODUCT,
    Function.FINANCE,
    Function.CEO,
)

REGISTER: tuple[Assumption, ...] = (
    Assumption("demand_pct", "Demand against forecast", _S, "pct", -0.5, 0.5, 0.01, 0.0,
        "Override of the baseline forecast as a percent of it",
        "none: the forecast as it is", "family", True, word="volume"),
    Assumption("demand_units", "Demand override", _S, "units", -1e6, 1e6, 1, 0.0,
        "What sales changes, units a month (scope family|region|month; an empty family or region is all of them)",
        "none", "family_month", word="volume"),
    Assumption("marketing_units", "Marketing override", _P, "units", -1e6, 1e6, 1, 0.0,
        "What marketing changes on top of sales, units a month (scope as of the demand override)",
        "none", "family_month", word="volume"),
    Assumption("history_restored", "History left as booked", _S, "switch", 0, 1, 1, 0.0,
        "A month's correction is taken back (scope family|region|month)",
        "corrected where it cannot be demand", "history_month"),
    Assumption("history_accepted", "Suggested correction taken", _S, "switch", 0, 1, 1, 0.0,
        "A suspect month is corrected as suggested (scope family|region|month)",
        "left as booked", "history_month"),
    Assumption("history_train_since", "Train the forecast since", _S, "switch", 0, 1, 1, 0.0,
        "History before this month is not used for the forecast (scope family|region|month)",
        "the whole history", "history_month"),
    Assumption("history_ended", "Silent series has ended", _S, "switch", 0, 1, 1, 0.0,
        "What has not sold since this month is over and forecast as 0 (scope family|region|month)",
        "asked once sales have stopped", "history_month"),
    Assumption("history_interrupted", "Silent series is interrupted", _S, "switch", 0, 1, 1, 0.0,
        "What has not sold since this month will again; the year before stands in (scope family|region|month)",
        "asked once sales have stopped", "history_month"),
    Assumption("driver_use", "Driver moves the forecast", _S, "switch", 0, 1, 1, 1.0,
        "A leading indicator may move the forecast of families where it is proven on months not fitted",
        "used where proven", "driver"),
    Assumption("price_pct", "Net price", _S, "pct", -0.2, 0.2, 0.005, 0.0,
        "Change of net price from the first open month",
        "none: trailing twelve months' net price", "family", True, plausible="price_spread", word="price"),
    Assumption("price_elasticity", "Price elasticity", _S, "ratio", -5.0, 0.0, 0.1, 0.0,
        "Percent change of demand for one percent of price",
        "proven on the family's history, else assumed 0: price does not move demand", "family", True,
        plausible=0.5, assumed=True),
    Assumption("capacity_pct", "Line capacity", _O, "pct", -0.5, 0.5, 0.01, 0.0,
        "Change of the hours that lines offer, without what more hours would cost", "none: the capacity table",
        "resource", True, by_month=True, plausible="output_spread"),
    Assumption("extra_hours_pct", "Hours bought", _O, "pct", 0.0, 0.5, 0.01, 0.0,
        "Agency or outside hours that a line may use beyond its own, as a share of them, at their price and after "
        "their lead time", "none: nobody may buy hours; at most capacity.extra_hours",
        "resource", True, by_month=True, plausible=0.05),
    Assumption("extra_hour_price", "Price of an hour bought", _O, "currency", 0, 1e5, 1, None,
        "Cost of an agency or outside hour on a line, beside the wages of the plant's own people",
        "capacity.extra_hour_price, else not known", "resource"),
    Assumption("extra_lead_months", "Lead time of hours bought", _O, "months", 0, 120, 1, 2.0,
        "Months from ordering agency or outside hours to having them", "capacity.extra_lead_months, else 2",
        "resource", assumed=True),
    Assumption("overtime_share", "Overtime limit", _O, "share", 0.0, 0.5, 0.01, 0.2,
        "Overtime hours as a share of regular hours",
        "plants.overtime_limit_pct, else 0.20", "plant", True, by_month=True, plausible=0.03, assumed=True),
    Assumption("people_pct", "People", _O, "pct", -0.3, 0.3, 0.01, 0.0,
        "Change of the most people that can be employed", "none: the workforce table",
        "plant", True, by_month=True, plausible=0.05),
    Assumption("releases_allowed", "Releases allowed", _O, "people", 0, 200, 1, 0.0,
        "People that a plant may release in a calendar month, after notice and with severance; 0 keeps everybody",
        "plants.releases_allowed, else none", "plant", True, also=(_C,), by_month=True, plausible=2),
    Assumption("min_people", "Fewest people", _O, "people", 0, 1e6, 1, 0.0,
        "People that a plant keeps employed at least", "plants.min_people, else 0", "plant", assumed=True),
    Assumption("notice_months", "Notice period", _O, "months", 0, 120, 1, 3.0,
        "Months from giving notice to leaving; the people work and are paid until then",
        "plants.notice_months, else 3", "plant", assumed=True),
    Assumption("hire_lead_months", "Lead time to hire", _O, "months", 0, 120, 1, 2.0,
        "Months from deciding to hire somebody to the first day at work", "plants.hire_lead_months, else 2",
        "plant", assumed=True),
    Assumption("subcontract_pct", "Subcontract limit", _U, "share", 0.0, 3.0, 0.05, 1.0,
        "Share of the outside supply limit that may be used", "the subcontract table",
        "family", True, by_month=True, plausible=0.25),
    Assumption("subcontract_lead_months", "Lead time of a subcontractor", _U, "months", 0, 120, 1, 1.0,
        "Months from asking a subcontractor for more to receiving it", "subcontract.lead_time_months, else 1",
        "family", assumed=True),
    Assumption("supply_pct", "Material supply", _U, "share", 0.0, 2.0, 0.05, 1.0,
        "Share of the suppliers' stated limit that arrives", "the material_supply table",
        "material", True, by_month=True, plausible=0.1),
    Assumption("spot_premium", "Premium of spot material", _U, "currency", 0, 1e6, 0.1, None,
        "Extra price of a unit of material bought above what its supplier delivers",
        "material_supply.spot_premium, else not sold", "material"),
    Assumption("service_level", "Service level for stock", _U, "share", 0.5, 0.999, 0.005, 0.95,
        "Chance of no stock-out in a replenishment cycle, or the share served from stock",
        "products.service_level, else 0.95", "family", True, by_month=True, plausible=0.02, assumed=True),
    Assumption("replenishment_days", "Replenishment lead time", _U, "days", 1, 180, 1, 30.0,
        "Days from ordering stock to receiving it; sets safety stock", "default 30", "family", assumed=True),
    Assumption("replenishment_sd_days", "Replenishment lead time, spread", _U, "days", 0, 90, 1, 0.0,
        "Standard deviation of the replenishment lead time; raises safety stock",
        "default 0: as promised", "family", assumed=True),
    Assumption("service_measure", "Service level means", _U, "choice", 0, 1, 1, 0.0,
        "Whether the service level is the chance of no stock-out in a cycle or the share served from stock",
        "default: no stock-out in a cycle", "family",
        choices=("no stock-out in a cycle", "share served from stock"), assumed=True),
    Assumption("stock_above_safety", "Stock planned above safety stock", _U, "share", 0.0, 5.0, 0.05, 0.0,
        "Share by which stock is planned above what the service level asks for, where it always was above it",
        "default 0: as the service level asks", "family", word="planned stock", assumed=True),
    Assumption("cover_limit_days", "Stock cover limit", _U, "days", 15, 365, 5, 90.0,
        "Days of future demand above which stock is excess", "default 90", "family", assumed=True),
    Assumption("standard_lead_time_days", "Standard lead time", _U, "days", 0, 365, 1, 0.0,
        "Order to delivery when nothing is late",
        "products.standard_lead_time_days, else 0 (stock) or 30 (order)", "family", assumed=True),
    Assumption("lead_time_target_days", "Lead time target", _S, "days", 0, 365, 1, 30.0,
        "Days that customers of the family should wait at most",
        "products.target_lead_time_days, else the standard lead time, else 30", "family", assumed=True),
    Assumption("supply_strategy", "Supply strategy", _O, "choice", 0, 3, 1, 0.0,
        "How supply is planned: at least cost, one rate of production, production following demand, or as agreed",
        "least cost", "company", slider=True, choices=("Least cost", "Level", "Chase", "As agreed")),
    Assumption("launch_slip_months", "Launch slips", _P, "months", -6, 12, 1, 0.0,
        "Months added to the forecast market launch", "none: the last gate's forecast", "launch", True,
        plausible="delay_spread_months"),
    Assumption("launch_volume_pct", "Launch volume", _P, "share", 0.0, 2.0, 0.05, 1.0,
        "Share of the planned peak quantity", "the launches table", "launch", True,
        plausible="launch_volume_spread"),
    Assumption("launch_probability", "Launch probability", _P, "share", 0.0, 1.0, 0.05, None,
        "Chance that the launch comes; its volume is planned in proportion",
        "launches.probability", "launch"),
    Assumption("event_probability", "Event probability", _S, "share", 0.0, 1.0, 0.05, None,
        "Chance of an outside event that is used in the plan", "events.probability", "event", True, by_month=True,
        plausible=0.2),
    Assumption("event_use", "Event use", _S, "choice", 0, 2, 1, None,
        "Whether an outside event is in the plan, in its range, or only watched",
        "events.use", "event", choices=("In the plan", "In the range", "Watched")),
    Assumption("mitigation_cost", "Cost of a mitigation", _S, "currency", 0, 1e12, 1000, 0.0,
        "Paid once for the mitigation of an outside event that was decided, in the month from which it holds",
        "none: nothing was decided", "event", by_month=True),
    Assumption("initiative_confidence", "Initiative benefit", _C, "share", 0.0, 1.5, 0.05, None,
        "Share of the promised benefit that is planned; 0 stops the initiative",
        "initiatives.confidence", "initiative", True, plausible="initiative_spread"),
    Assumption("initiative_slip_months", "Initiative slips", _C, "months", -6, 12, 1, 0.0,
        "Months added to the start of its benefits", "none: benefits.start_month", "initiative"),
    Assumption("carrying_rate", "Cost of carrying stock, a year", _F, "share", 0.0, 0.5, 0.01, 0.15,
        "Capital, storage and ageing cost as a share of stock value", "default 0.15", "company", True,
        plausible=0.03, assumed=True),
    Assumption("past_due_rate", "Cost of a late unit, a calendar month", _F, "share", 0.0, 0.5, 0.01, 0.10,
        "Share of price that a unit late by a calendar month costs", "default 0.10", "family", assumed=True),
    Assumption("material_share", "Material share of unit cost", _F, "share", 0.0, 1.0, 0.05, 0.60,
        "Share of standard cost that is bought, where no material price is loaded",
        "default 0.60", "family", assumed=True),
    Assumption("operating_cost_pct", "Operating cost", _F, "pct", -0.3, 0.3, 0.01, 0.0,
        "Change of other operating cost from what the ledger lets expect",
        "none: the ledger", "company", True, plausible="operating_cost_spread"),
    Assumption("cost_inflation", "Inflation of operating cost, a year", _F, "pct", -0.05, 0.3, 0.005, 0.02,
        "Rise of other operating cost from its trailing mean, where the ledger proves no better estimate",
        "default 0.02: assumed, the rise of prices that central banks (ECB, Federal Reserve) aim at",
        assumed=True),
    Assumption("cost_tolerance", "Tables and ledger may differ by", _F, "share", 0.0, 1.0, 0.01, 0.1,
        "Share by which cost of sales and stock of the tables may differ from the ledger's; beyond it nothing "
        "that rests on them is told until finance has chosen which counts",
        "default 0.10", assumed=True),
    Assumption("cost_basis", "Cost that counts", _F, "choice", 0, 2, 1, 0.0,
        "Whose cost counts where tables and ledger differ by more than the tolerance: standard cost as loaded, or "
        "standard cost in proportion to what the ledger has booked, with its stock",
        "not chosen: the tables, where the two are close", choices=("Not chosen", "Tables", "Ledger")),
    Assumption("fx_pct", "Exchange rate", _F, "pct", -0.3, 0.3, 0.005, 0.0,
        "Change of a foreign currency's planned rates",
        "none: fx_rates, the last known rate held", "currency"),
    Assumption("labour_rate", "Wage per regular hour", _F, "currency", 0, 500, 0.5, 25.0,
        "Cost of a regular hour, paid whether worked or not", "plants.labour_rate, else 25", "plant",
        assumed=True),
    Assumption("overtime_premium", "Overtime premium", _F, "ratio", 1.0, 3.0, 0.05, 1.5,
        "Cost of an overtime hour as a multiple of the wage, where plants.overtime_rate is not given",
        "default 1.5", "plant", assumed=True),
    Assumption("hire_cost", "Cost to hire one person", _F, "currency", 0, 1e6, 100, 3000.0,
        "Search, training and set-up for one person", "plants.hire_cost, else 3000", "plant", assumed=True),
    Assumption("release_cost", "Cost to release one person", _F, "currency", 0, 1e6, 100, 6000.0,
        "Severance for one person; wages to the end of the notice period are paid beside it",
        "plants.release_cost, else 6000", "plant", assumed=True),
    Assumption("dso_days", "Customers pay after", _F, "days", 0, 150, 1, 45.0,
        "Days of sales outstanding", "realised in the last quarter by the ledger, else 45", "company", True,
        plausible="dso_spread_days", word="payment days of customers", assumed=True),
    Assumption("dpo_days", "We pay suppliers after", _F, "days", 0, 150, 1, 30.0,
        "Days of purchases outstanding", "realised in the last quarter by the ledger, else 30", "company", True,
        plausible=3, word="payment days to suppliers", assumed=True),
    Assumption("tax_rate", "Tax rate", _F, "share", 0.0, 0.6, 0.005, 0.25,
        "Taxes as a share of profit before tax", "realised in the last year by the ledger, else 0.25",
        assumed=True),
    Assumption("dividend", "Dividend", _C, "currency", 0, 1e12, 10_000, 0.0,
        "Paid in a year, in the months in which it was paid last", "the ledger's last dividend, else none"),
    Assumption("borrowing", "Borrowing", _F, "currency", -1e12, 1e12, 10_000, 0.0,
        "Borrowed in the first open month; negative is repaid", "default 0: repaid as last year", assumed=True),
    Assumption("minimum_cash", "Minimum cash", _F, "currency", 0, 1e9, 10_000, 0.0,
        "Cash below which the company does not want to fall", "default 0", "company", assumed=True),
    Assumption("exception_limit", "Exception limit", _C, "share", 0.0, 1.0, 0.001, 0.01,
        "Share of twelve months' revenue; an exception with more money at stake stands at the gate",
        "default 0.01", assumed=True),
    Assumption("price_spread", "Net price may differ by", _S, "share", 0.0, 0.5, 0.005, 0.02,
        "One standard deviation by which net price turns out otherwise than planned, for ranges",
        "changes of net price from year to year in sales_actuals, else 0.02", assumed=True),
    Assumption("output_spread", "Output of lines may differ by", _O, "share", 0.0, 0.5, 0.005, 0.03,
        "One standard deviation by which yield and capacity of lines turn out otherwise than planned, for ranges",
        "demonstrated hours a working day in capacity, else 0.03", assumed=True),
    Assumption("supplier_delay_days", "Suppliers may be late by", _U, "days", 0, 90, 1, 5.0,
        "One standard deviation of the days by which a month's limited material comes late, for ranges",
        "default 5", assumed=True),
    Assumption("launch_volume_spread", "Launch volume may differ by", _P, "share", 0.0, 2.0, 0.05, 0.3,
        "One standard deviation by which the volume of a launch turns out otherwise than planned, for ranges",
        "default 0.30", "launch", assumed=True),
    Assumption("delay_spread_months", "Launches and initiatives may be late by", _P, "months", 0, 12, 0.5, 1.5,
        "One standard deviation of the months by which a launch or an initiative comes late, for ranges; half are "
        "in time",
        "gates reached so far against their baseline, else 1.5", also=(_C,), assumed=True),
    Assumption("initiative_spread", "Initiative benefit may differ by", _C, "share", 0.0, 2.0, 0.05, 0.25,
        "One standard deviation by which what an initiative brings turns out otherwise than planned, for ranges",
        "default 0.25", "initiative", assumed=True),
    Assumption("operating_cost_spread", "Operating cost may differ by", _F, "share", 0.0, 0.5, 0.005, 0.03,
        "One standard deviation by which a year's other operating cost turns out otherwise, for ranges",
        "changes from year to year in financials beyond inflation, else 0.03", assumed=True),
    Assumption("dso_spread_days", "Customers may pay later by", _F, "days", 0, 60, 0.5, 3.0,
        "One standard deviation of the days after which customers pay, for ranges",
        "month ends of the last year by the ledger, else 3", assumed=True),
)  # fmt: skip

_BY_KEY = {entry.key: entry for entry in REGISTER}


def assumption(key: str) -> Assumption:
    """The register's entry. Raises NotFound."""
    if key not in _BY_KEY:
        raise NotFound(f"there is no assumption '{key}'", remedy=f"Known are: {', '.join(_BY_KEY)}")
    return _BY_KEY[key]


def require_start(key: str) -> None:
    """Raises BadInput where a value of this assumption holds for the whole horizon and cannot start in a month."""
    entry = assumption(key)
    if not entry.by_month:
        raise BadInput(
            f"{entry.label} holds for the whole horizon and cannot start in a month",
            where=key,
            remedy="Leave out the month from which it is to hold",
        )


def require_valid(key: str, value: float) -> float:
    """The value as a number within the register's range. Raises BadInput with the range in words."""
    entry = assumption(key)
    number = float(value)
    if not entry.low <= number <= entry.high:
        raise BadInput(
            f"{entry.label} of {exact_number(number)} is outside {exact_number(entry.low)} to "
            f"{exact_number(entry.high)}",
            where=key,
            remedy="Choose a value within the range",
        )
    if entry.unit in ("switch", "choice") and number != int(number):
        raise BadInput(
            f"{entry.label} of {number:g} is between two choices",
            where=key,
            remedy=f"Choose a whole number from {entry.low:g} to {entry.high:g}",
        )
    return number


Place = tuple[str, str]
"""Where a value is set: key and scope."""


@dataclass(frozen=True)
class Start:
    """From which month on a value holds; until then `before`, or what tables and register say where it is None."""

    month: str
    before: float | None = None


class Assumptions(Mapping[Place, float]):
    """Values set by people on top of the register's defaults: (key, scope) → value. Immutable.

    A value holds over the whole horizon, or from its month in `starts` on where the register allows it one.
    """

    def __init__(
        self, values: Mapping[Place, float] | None = None, starts: Mapping[Place, Start] | None = None
    ) -> None:
        checked = {(key, scope): require_valid(key, value) for (key, scope), value in (values or {}).items()}
        self._values = dict(sorted(checked.items()))
        self.starts: Mapping[Place, Start] = {
            place: start for place, start in sorted((starts or {}).items()) if place in checked
        }
        for key, _ in self.starts:
            require_start(key)

    def __getitem__(self, item: tuple[str, str]) -> float:
        return self._values[item]

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __repr__(self) -> str:
        return f"Assumptions({self._values!r})" if not self.starts else f"Assumptions({self.texts!r})"

    @property
    def texts(self) -> tuple[str, ...]:
        """Every value with its place and start as a text: the same texts are the same assumptions."""
        return tuple(
            f"{key}|{scope}={value!r}" + (f" from {start.month} after {start.before!r}" if start else "")
            for (key, scope), value in self.items()
            for start in [self.starts.get((key, scope))]
        )

    def value(self, key: str, scope: str = "", table_value: float | None = None) -> float:
        """The value that applies to a scope: its own entry, the company's, the table's, the default.

        `table_value` is what the company's table says for the scope (None or not-a-number: it says nothing).
        """
        found = self.known(key, scope, table_value)
        if found is None:
            entry = assumption(key)
            raise BadInput(f"{entry.label} has no value for '{scope}'", remedy=f"Set it, or load {entry.source}")
        return found

    def known(self, key: str, scope: str = "", table_value: float | None = None) -> float | None:
        """The same, and None where nothing says it."""
        default, own = assumption(key).default, self._values.get((key, scope))
        if own is None and scope:
            own = self._values.get((key, ""))
        if own is not None:
            return own
        said = table_value if table_value is not None and table_value == table_value else default
        return None if said is None or said != said else float(said)

    def set(self, key: str, scope: str, value: float) -> Assumptions:
        """A copy with one value set, for the whole horizon."""
        return self.having({(key, scope): value})

    def having(self, values: Mapping[Place, float], starts: Mapping[Place, Start] | None = None) -> Assumptions:
        """A copy with some values set, each over the whole horizon or from its month in `starts` on."""
        kept = {place: start for place, start in self.starts.items() if place not in values}
        return Assumptions({**self._values, **values}, {**kept, **(starts or {})})

    def with_places_from(self, other: Assumptions, places: Iterable[Place]) -> Assumptions:
        """A copy in which the values at some (key, scope) are those of `other`, or not set where it has none."""
        values, starts = dict(self._values), dict(self.starts)
        for place in places:
            values.pop(place, None)
            starts.pop(place, None)
            if place in other:
                values[place] = other[place]
            if place in other.starts:
                starts[place] = other.starts[place]
        return Assumptions(values, starts)

    def before_starts(self) -> Assumptions:
        """What holds until the first start: values with one are what they were before, or not set."""
        values = {place: value for place, value in self._values.items() if place not in self.starts}
        earlier = {place: start.before for place, start in self.starts.items() if start.before is not None}
        return Assumptions({**values, **earlier})

    def waiting(self, calendar: Calendar) -> dict[int, list[Place]]:
        """Values that do not hold yet in the first planned period: the period (from 0) in which each starts."""
        found: dict[int, list[Place]] = {}
        for place, start in self.starts.items():
            if (period := calendar.position(start.month)) > 0:
                found.setdefault(period, []).append(place)
        return dict(sorted(found.items()))


@dataclass(frozen=True)
class Entry:
    """A value that somebody set: `key` and `scope` say of what, `owner` whose, `by` and `at` who set it when.

    It is meant to the month `expiry`; it holds from the month `start` on, and `before` until then (`Start`).
    """

    key: str
    scope: str
    value: Any
    reason: str
    owner: str
    by: str
    at: str
    expiry: str | None
    version: int
    start: str | None = None
    before: float | None = None


@dataclass(frozen=True)
class Note:
    """Who set or loaded something, when (an ISO time) and why; empty what is not known."""

    by: str = ""
    at: str = ""
    reason: str = ""


def as_assumptions(entries: Sequence[Entry]) -> Assumptions:
    """What somebody set, as the engine takes it."""
    starts = {(entry.key, entry.scope): start for entry in entries if (start := start_of(entry)) is not None}
    return Assumptions({(entry.key, entry.scope): float(entry.value) for entry in entries}, starts)


def start_of(entry: Entry) -> Start | None:
    """From when on somebody's value holds; None where it does from the first planned month."""
    return None if entry.start is None else Start(entry.start, entry.before)


# -- of outside events


def use_of(event: Event, assumptions: Assumptions) -> EventUse:
    """Where an event counts: in the plan, only in the range around it, or nowhere yet."""
    return EVENT_USES[round(assumptions.value("event_use", event.name, EVENT_USES.index(event.use)))]


PROBABILITY, MITIGATION = "event_probability", "mitigation_cost"


def probability_of(event: Event, assumptions: Assumptions) -> float:
    """The chance that an event comes."""
    return assumptions.value(PROBABILITY, event.name, event.probability)
