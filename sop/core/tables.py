"""The data contract: every table a company may bring, column by column.

Templates, checks, documents and the Data page all follow from `TABLES`. `kind` says how a cell is read:
text, month (`YYYY-MM`), date (`YYYY-MM-DD`), number, or choice (one of `choices`). Every number has a lower and
an upper bound and every text a length, judged after reading; a value outside is a finding. `transactional` tables
hold one row per event: between a series' first row and the last closed month a month without a row is a true zero.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from sop.core.errors import NotFound
from sop.core.lengths import CELL_NAME, CELL_TEXT
from sop.core.sheet_rows import SHEET_MEASURES, SHEET_WORDS
from sop.core.terms import PlanName as P

Kind = Literal["text", "month", "date", "number", "choice"]
Adds = Literal["", "sum", "first", "last", "latest"]

BOUNDS = {
    "units": 1e10,
    "units/unit": 1e6,
    "currency": 1e13,
    "currency/unit": 1e9,
    "currency/hour": 1e7,
    "currency/person": 1e9,
    "hours": 1e7,
    "hours/unit": 1e5,
    "people": 1e6,
    "days": 1e4,
    "months": 120.0,
    "fraction": 100.0,
    "ratio": 1e6,
    "index": 1e12,
    "m³": 1e10,
    "m³/unit": 1e5,
    "see unit": 1e13,
}
"""By unit, the largest figure that any company has: beyond it a file is wrong, whatever it means."""

FIRST_YEAR, YEARS_AHEAD = 1950, 30
"""No month is before the first year, and none is further ahead of the first open month."""


_NAMES = ("family", "plant", "currency", "country", "unit")
"""Columns that name something by which rows belong together, whether or not a table lists it."""


@dataclass(frozen=True)
class Column:
    """One column: name, kind, meaning, unit, whether it must be filled, its bounds, choices and default.

    `low` and `high` bound a number. `adds`: what becomes of the column where rows of one key are added up: their
    sum, the first or the last day's value, the latest date; empty means that they must agree. `words`:
    (plain word, choice) for what a choice is called elsewhere.
    """

    name: str
    kind: Kind
    meaning: str
    unit: str = ""
    required: bool = False
    low: float = 0.0
    high: float = 0.0
    choices: tuple[str, ...] = ()
    default: str | float | None = None
    refers_to: str = ""
    adds: Adds = ""
    words: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Table:
    """One table of the contract: its key, columns, meaning and the plans that it unlocks.

    `optional_key` names key columns (channel, customer) that count where present and are added up in the plan.
    `dated`: the column of days by whose month rows close, in a table without months. `covered`: the column by
    whose values a file replaces rows, where that is not the month.
    """

    name: str
    meaning: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    unlocks: tuple[P, ...] = ()
    optional_key: tuple[str, ...] = ()
    transactional: bool = False
    unlocks_text: str = ""
    dated: str = ""
    covered: str = ""

    def column(self, name: str) -> Column:
        """The column of that name. Raises NotFound."""
        for column in self.columns:
            if column.name == name:
                return column
        raise NotFound(f"the table {self.name} has no column '{name}'")

    @property
    def column_names(self) -> tuple[str, ...]:
        """All column names in contract order."""
        return tuple(column.name for column in self.columns)

    @property
    def required_names(self) -> tuple[str, ...]:
        """Columns that a file must bring."""
        return tuple(column.name for column in self.columns if column.required)

    @property
    def full_key(self) -> tuple[str, ...]:
        """Key columns with the optional ones."""
        return self.key + self.optional_key

    def length_of(self, column: Column) -> int:
        """The most characters of a text in a column."""
        named = column.refers_to or column.name in self.full_key or column.name in _NAMES
        return CELL_NAME if named else CELL_TEXT

    @property
    def added_columns(self) -> tuple[Column, ...]:
        """Columns that are summed where rows of one key are added up; none where rows cannot be."""
        return tuple(column for column in self.columns if column.adds == "sum")

    @property
    def has_months(self) -> bool:
        """Whether rows belong to a month, so that months not yet closed can be told."""
        return "month" in self.key

    @property
    def dated_by(self) -> str:
        """The column that says in which month a row closes; empty where nothing does."""
        return "month" if self.has_months else self.dated

    @property
    def covered_by(self) -> str:
        """The column of periods that a file replaces as a whole; empty where it replaces days or all."""
        return self.covered or ("month" if self.has_months else "")


def _text(
    name: str, meaning: str, required: bool = False, refers_to: str = "", default: str | None = None
) -> Column:
    return Column(name, "text", meaning, required=required, refers_to=refers_to, default=default)


def _number(
    name: str,
    meaning: str,
    unit: str,
    required: bool = False,
    low: float | None = 0.0,
    high: float | None = None,
    default: float | None = None,
    adds: Adds = "",
) -> Column:
    """A column of numbers: without `high` up to the bound of its unit, with `low` None from minus that."""
    most = BOUNDS[unit] if high is None else float(high)
    return Column(
        name, "number", meaning, unit, required, -most if low is None else low, most, default=default, adds=adds
    )


def _choice(
    name: str, meaning: str, choices: tuple[str, ...], default: str | None = None, required: bool = False
) -> Column:
    return Column(name, "choice", meaning, choices=choices, default=default, required=required)


def _month(name: str = "month", meaning: str = "Month as YYYY-MM", required: bool = True) -> Column:
    return Column(name, "month", meaning, required=required)


_PRODUCT = _text("product", "Product number; kept as text (00123 stays 00123)", True, "products")
_REGION = _text("region", "Sales region; one of `regions` where that table is loaded", True, "regions")
_PLANT = _text("plant", "Plant", True)
_FAMILY = _text("family", "Product family", True, "families")
_SCOPE = _text("family", "Product family; leave empty where `product` is given", refers_to="families")
_SCOPE_PRODUCT = _text("product", "Product; leave empty where `family` is given", refers_to="products")
_STRATEGIES = tuple(
    (word, choice)
    for choice, words in {
        "MTS": "make_to_stock made_to_stock lager lagerfertigung sur_stock contra_stock op_voorraad na_magazyn",
        "MTO": "make_to_order made_to_order auftrag auftragsfertigung kundenauftragsfertigung a_la_commande "
        "bajo_pedido op_bestelling na_zamowienie",
    }.items()
    for word in words.split()
)
"""What making to stock and to order is called elsewhere."""
_MEASURES = ("demand", "price", "unit_cost", "capacity_hours", "lead_time", "inventory_target", "supply")

TABLES: tuple[Table, ...] = (
    Table(
        "products",
        "What the company sells: one row per product",
        ("product",),
        (
            _text("product", "Product number; kept as text (00123 stays 00123)", True),
            _text("name", "Name", True),
            _text("family", "Family: the level at which leadership plans", True),
            replace(
                _choice("strategy", "Made to stock or made to order", ("MTS", "MTO"), "MTS"), words=_STRATEGIES
            ),
            _text("unit", "Unit of measure", default="each"),
            _number("price", "List price", "currency/unit"),
            _number("unit_cost", "Full standard cost", "currency/unit"),
            _choice("status", "Life cycle", ("active", "launch", "phase_out", "retired"), "active"),
            _month("launch_date", "First month on sale", False),
            _number("standard_lead_time_days", "Order to delivery when nothing is late", "days", high=1000),
            _number("target_lead_time_days", "Customer lead time that is aimed for", "days", high=1000),
            _number("service_level", "Chance of no stock-out in a cycle", "fraction", high=0.9999),
            _number("volume_per_unit", "Storage space", "m³/unit"),
            _number("priority", "Weight of a lost sale, 1 is normal", "ratio", low=1.0),
            _text("channel_family", "Family in the sales channel's own words"),
            _number("unit_decimals", "Decimals of a unit that is divided: 3 for t to the kg", "count", high=3.0),
        ),
        tuple(P),
        unlocks_text="every plan",
    ),
    Table(
        "sales_actuals",
        "What was shipped and, where known, ordered in each closed month",
        ("month", "product", "region"),
        (
            _month(),
            _PRODUCT,
            _REGION,
            _text("channel", "Sales channel"),
            _text("customer", "Customer"),
            _number(
                "quantity",
                "Units shipped; negative where returns exceed sales",
                "units",
                True,
                low=None,
                adds="sum",
            ),
            _number(
                "revenue",
                "Net revenue, in the region's currency; without it list price, without that units only",
                "currency",
                low=None,
                adds="sum",
            ),
            _number("ordered", "Units demanded; default quantity", "units", low=None, adds="sum"),
            _number("cost", "Cost of what was sold", "currency", low=None, adds="sum"),
        ),
        (P.SALES,),
        ("channel", "customer"),
        True,
    ),
    Table(
        "regions",
        "Sales regions and the currencies in which they sell; without it all sell in the company's",
        ("region",),
        (
            _text("region", "Sales region", True),
            _text("name", "Name"),
            _text(
                "currency", "Currency of its revenue in sales_actuals, as in fx_rates; empty means the company's"
            ),
            _text(
                "country", "Whose holidays its customers keep, as in holidays; empty: of the only country there"
            ),
        ),
        unlocks_text="regions in other currencies",
    ),
    Table(
        "holidays",
        "Days on which customers are closed, of all years of the history and of the plan",
        ("date",),
        (
            Column("date", "date", "Day", required=True),
            _text("country", "Country, as in regions; empty means everywhere"),
            _text("name", "What it is called"),
        ),
        optional_key=("country",),
        unlocks_text="holidays that move, in the forecast where they are proven",
    ),
    Table(
        "inventory",
        "Stock movements in each closed month",
        ("month", "plant", "product"),
        (
            _month(),
            _text("plant", "Plant; empty means all together"),
            _PRODUCT,
            _number("opening", "Opening stock; default the previous closing", "units", low=None, adds="first"),
            _number(
                "production",
                "Units into stock from own production; none of the moves: closing alone",
                "units",
                adds="sum",
            ),
            _number("shipments", "Units out of stock to customers", "units", adds="sum"),
            _number("closing", "Closing stock", "units", True, low=None, adds="last"),
            _number(
                "subcontract_receipts", "Units into stock from subcontractors", "units", default=0.0, adds="sum"
            ),
            _number(
                "adjustments", "Counts, scrap and returns, signed", "units", low=None, default=0.0, adds="sum"
            ),
        ),
        (P.INVENTORY, P.PRODUCTION),
    ),
    Table(
        "order_book",
        "Open orders at the end of each month",
        ("month", "product", "region"),
        (
            _month(),
            _PRODUCT,
            _REGION,
            _number("quantity", "Open orders", "units", True, adds="sum"),
            _number("past_due", "Open orders whose date has passed", "units", adds="sum"),
        ),
        (P.CUSTOMER_LEAD_TIME,),
    ),
    Table(
        "deliveries",
        "Order lines delivered or due",
        ("order_line",),
        (
            _text("order_line", "Order line number", True),
            _PRODUCT,
            _REGION,
            Column("ordered", "date", "Date ordered", required=True),
            Column("requested", "date", "Date the customer asked for"),
            Column("promised", "date", "Date promised; without it the line is due by the day asked for"),
            Column("delivered", "date", "Date delivered; empty while open", adds="latest"),
            _number("quantity_ordered", "Units ordered", "units", True),
            _number("quantity_delivered", "Units delivered", "units", True, adds="sum"),
        ),
        unlocks_text="on time in full, real lead times",
        transactional=True,
        dated="ordered",
    ),
    Table(
        "plants",
        "Plants with their rates and limits",
        ("plant",),
        (
            _text("plant", "Plant", True),
            _text("name", "Name"),
            _number("labour_rate", "Wage per regular hour", "currency/hour"),
            _number("overtime_rate", "Cost per overtime hour", "currency/hour"),
            _number("overtime_limit_pct", "Overtime limit as a share of regular hours", "fraction", high=1.0),
            _number("hire_cost", "Cost to hire one person", "currency/person"),
            _number("release_cost", "Severance for one person released", "currency/person"),
            _number("min_people", "Fewest people that stay employed", "people", high=1e6),
            _number(
                "notice_months", "Months from notice to leaving, worked and paid till then", "months", high=120
            ),
            _number("hire_lead_months", "Months from deciding to hire to the first day", "months", high=120),
            _number(
                "releases_allowed", "People that may be released a calendar month", "people", high=1e6, default=0.0
            ),
            _number("storage_limit", "Storage space", "m³"),
        ),
        unlocks_text="labour, overtime and storage limits",
    ),
    Table(
        "resources",
        "Production lines and shared resources",
        ("resource",),
        (
            _text("resource", "Line or shared resource", True),
            _text("plant", "Plant it stands in", True),
            _choice(
                "kind",
                "A line makes products; a shared resource is needed beside it",
                ("line", "shared"),
                "line",
            ),
            _text("name", "Name"),
        ),
        (P.PRODUCTION,),
    ),
    Table(
        "capacity",
        "Hours each resource offers in a month",
        ("month", "resource"),
        (
            _month(),
            _text("resource", "Line or shared resource", True, "resources"),
            _number("capacity_hours", "Hours offered", "hours", True, adds="sum"),
            _number("efficiency", "Demonstrated share of the hours", "fraction", high=1.5, default=1.0),
            _number("extra_hours", "Agency or outside hours that can be bought beyond them", "hours", adds="sum"),
            _number("extra_hour_price", "Price of such an hour", "currency/hour"),
            _number("extra_lead_months", "Months from ordering such hours to having them", "months", high=120),
        ),
        (P.PRODUCTION,),
    ),
    Table(
        "workforce",
        "People and their hours in a month",
        ("month", "plant"),
        (
            _month(),
            _text("plant", "Plant", True, "plants"),
            _number("people", "People employed", "people", True),
            _number("hours_per_person", "Regular hours per person", "hours", True, high=744),
            _number("max_people", "Most people that can be employed", "people"),
        ),
        (P.PRODUCTION,),
    ),
    Table(
        "routings",
        "Which line can make what, and the hours it takes",
        ("family", "product", "resource"),
        (
            _SCOPE,
            _SCOPE_PRODUCT,
            _text("resource", "Line or shared resource", True, "resources"),
            _number("hours_per_unit", "Machine hours per unit", "hours/unit", True, adds="sum"),
            _number("labour_hours_per_unit", "Labour hours per unit", "hours/unit", adds="sum"),
            _number(
                "variable_cost",
                "Variable cost without labour; with material, unless it is below the price loaded for it",
                "currency/unit",
                adds="sum",
            ),
            _number("minimum_lot", "Smallest lot", "units"),
        ),
        (P.PRODUCTION,),
    ),
    Table(
        "materials",
        "Bought materials that can limit production",
        ("material",),
        (
            _text("material", "Material", True),
            _number("price", "Price", "currency/unit"),
            _number("lead_time_days", "Supplier lead time", "days"),
            _number("lead_time_sd_days", "Standard deviation of the supplier lead time", "days"),
            _text("supplier", "Supplier"),
        ),
        unlocks_text="supplier limits, purchases",
    ),
    Table(
        "material_usage",
        "Material needed per unit",
        ("material", "family", "product"),
        (
            _text("material", "Material", True, "materials"),
            _SCOPE,
            _SCOPE_PRODUCT,
            _number("quantity_per_unit", "Material per unit made", "units/unit", True, adds="sum"),
        ),
        unlocks_text="supplier limits, purchases",
    ),
    Table(
        "material_supply",
        "Most that suppliers can deliver in a month",
        ("month", "material"),
        (
            _month(),
            _text("material", "Material", True, "materials"),
            _number("quantity", "Supply available", "units", True, adds="sum"),
            _number("spot_premium", "Extra price above the limit", "currency/unit"),
        ),
        unlocks_text="supplier limits, purchases",
    ),
    Table(
        "subcontract",
        "Outside supply of finished units",
        ("family",),
        (
            _FAMILY,
            _number("limit_per_month", "Most units a calendar month", "units", True),
            _number("unit_cost", "Cost per unit", "currency/unit", True),
            _number("lead_time_months", "Months from order to receipt", "months", default=0.0, high=24),
            _month("from_month", "First month it is available", False),
        ),
        unlocks_text="outside supply",
    ),
    Table(
        "calendar",
        "Working days of each plant",
        ("month", "plant"),
        (
            _month(),
            _text("plant", "Plant", True),
            _number("working_days", "Working days", "days", True, high=31, adds="sum"),
            _number("shutdown_days", "Days of shutdown within them", "days", high=31, default=0.0, adds="sum"),
            _text("reason", "Why the plant is shut"),
        ),
        unlocks_text="hours that follow the days",
    ),
    Table(
        "budget",
        "The budget by family and region, by family, or of the company",
        ("month", "family", "region"),
        (
            _month(),
            _text("family", "Product family; empty means the whole company", refers_to="families"),
            _text("region", "Sales region; empty means all", refers_to="regions"),
            _number("quantity", "Units; empty means that it is told in money alone", "units", adds="sum"),
            _number("revenue", "Revenue; empty means that it is told in units alone", "currency", adds="sum"),
            _number("gross_margin", "Gross margin", "currency", low=None, adds="sum"),
        ),
        unlocks_text="gap to budget, full-year landing",
    ),
    Table(
        "financials",
        "The ledger: actual and budget by account",
        ("month", "scenario", "account_type", "account"),
        (
            _month(),
            _choice("scenario", "Actual or budget", ("actual", "budget"), required=True),
            _text("account_type", "Kind of account", True),
            _text("account", "Account", True),
            _number("amount", "Amount; statistical accounts are counts", "currency", True, low=None, adds="sum"),
            _text("unit", "Unit; default the company's currency, else a currency of fx_rates or what is counted"),
        ),
        (P.FINANCIAL,),
        unlocks_text="the financial plan below gross margin, working capital, opening balances",
    ),
    Table(
        "account_map",
        "Which line of the financial plan an account belongs to",
        ("account_type", "account"),
        (
            _text("account_type", "Kind of account", True),
            _text("account", "Account", True),
            _choice(
                "line",
                "Line of the financial plan; debt is what is owed, equity and other_cash what is received",
                (
                    "revenue",
                    "cost_of_sales",
                    "operating_cost",
                    "depreciation",
                    "capital_spending",
                    "cash",
                    "receivables",
                    "payables",
                    "inventory_value",
                    "tax",
                    "interest",
                    "dividend",
                    "debt",
                    "equity",
                    "other_cash",
                    "statistical",
                    "other",
                ),
                required=True,
            ),
            _choice(
                "effect", "Whether it adds to its line or is taken off (discounts)", ("add", "subtract"), "add"
            ),
        ),
        (P.FINANCIAL,),
    ),
    Table(
        "fx_rates",
        "Rates to the company's currency; later months without a rate keep the last one",
        ("month", "currency"),
        (
            _month(),
            _text("currency", "Currency code", True),
            _number("rate", "Company currency for one unit", "ratio", True, low=1e-9),
        ),
        unlocks_text="regions in other currencies",
    ),
    Table(
        "launches",
        "New products on their way",
        ("launch",),
        (
            _text("launch", "Launch", True),
            _SCOPE,
            _SCOPE_PRODUCT,
            _text("region", "Region; empty means all, by their share", refers_to="regions"),
            _number("probability", "Chance that it comes", "fraction", True, high=1.0),
            _number("peak_quantity", "Units a calendar month at the peak", "units", True),
            _number("ramp_months", "Months to the peak", "months", True, low=1.0, high=60),
            _choice(
                "curve",
                "Shape of the ramp; like_product takes the first months of that product's own history",
                ("s_curve", "linear", "like_product"),
                "s_curve",
            ),
            _text("like_product", "Product whose ramp it resembles", refers_to="products"),
            _text("cannibalises", "Family it takes sales from", refers_to="families"),
            _number(
                "cannibalisation_pct",
                "Share of its volume taken from that family",
                "fraction",
                high=1.0,
                default=0.0,
            ),
            _text("replaces", "Product that is phased out when it comes", refers_to="products"),
            _number(
                "phase_out_months",
                "Months until that product sells nothing",
                "months",
                default=3.0,
                low=1.0,
                high=60,
            ),
            _number("cost", "Launch cost", "currency", default=0.0),
            _number("spent", "Launch cost spent so far", "currency", default=0.0),
        ),
        (P.NEW_PRODUCTS,),
    ),
    Table(
        "launch_gates",
        "Gates of each launch; the last gate is the market launch",
        ("launch", "gate"),
        (
            _text("launch", "Launch", True, "launches"),
            _text("gate", "Gate", True),
            _month("baseline", "Month first agreed"),
            _month("forecast", "Month now expected"),
            _month("actual", "Month it happened", False),
        ),
        (P.NEW_PRODUCTS,),
    ),
    Table(
        "initiatives",
        "Strategic initiatives",
        ("initiative",),
        (
            _text("initiative", "Initiative", True),
            _text("owner", "Owner", True),
            _text("goal", "Strategic goal it serves", True),
            _number("budget", "Budget", "currency", True),
            _number("spent", "Spent so far", "currency", True),
            _number("confidence", "Chance that its benefit comes", "fraction", True, high=1.0),
        ),
        (P.STRATEGIC_INITIATIVES,),
    ),
    Table(
        "milestones",
        "Milestones of each initiative",
        ("initiative", "milestone"),
        (
            _text("initiative", "Initiative", True, "initiatives"),
            _text("milestone", "Milestone", True),
            _month("baseline", "Month first agreed"),
            _month("forecast", "Month now expected"),
            _month("actual", "Month it happened", False),
            _text("after", "Milestone that must come first"),
        ),
        (P.STRATEGIC_INITIATIVES,),
    ),
    Table(
        "benefits",
        "What each initiative changes in the plan",
        ("initiative", "measure", "scope"),
        (
            _text("initiative", "Initiative", True, "initiatives"),
            _choice("measure", "Measure it changes", _MEASURES, required=True),
            _text("scope", "Family, resource or region; empty means all"),
            _number("amount", "Change at full effect", "see unit", True, low=None),
            _choice("unit", "Percent (fraction) or absolute a calendar month", ("pct", "abs"), "pct"),
            _month("start_month", "First month of effect"),
            _number("ramp_months", "Months to full effect", "months", default=1.0, low=1.0, high=60),
        ),
        (P.STRATEGIC_INITIATIVES,),
    ),
    Table(
        "events",
        "Outside-in: what customers, partners, competitors and the market may do",
        ("event",),
        (
            _text("event", "Event", True),
            _text("title", "What happens, in words", True),
            _choice(
                "source",
                "Where it comes from",
                ("customer", "partner", "competitor", "market", "internal"),
                required=True,
            ),
            _choice("use", "In the plan, in the range, or watched", ("plan", "range", "watch"), required=True),
            _number("probability", "Chance", "fraction", True, high=1.0),
            _month("start_month", "First month"),
            _number("duration_months", "Months it lasts", "months", True, low=1.0, high=60),
            _choice("measure", "Measure it changes", _MEASURES, required=True),
            _number("impact", "Change of the measure (fraction)", "fraction", True, low=-1.0, high=10.0),
            _text("scope", "Family, region, resource or material; empty means all"),
            _text("owner", "Owner", True),
            _text("mitigation", "What can be done"),
            _number("mitigation_cost", "What that costs", "currency"),
            _month("known_since", "Month it became known", False),
        ),
        unlocks_text="outside-in",
    ),
    Table(
        "indicators",
        "Leading indicators",
        ("month", "indicator"),
        (
            _month(),
            _text("indicator", "Indicator", True),
            _number("value", "Value", "index", True, low=None),
            _month("published_month", "Month it was published", False),
            _number("alert_below", "Below this value an item opens; the last one given counts", "index", low=None),
            _number("alert_above", "Above this value an item opens; the last one given counts", "index", low=None),
            _text("owner", "Who answers for an item that opens"),
            _text("event", "Outside event that it warns of; the last one given counts", False, "events"),
        ),
        unlocks_text="leading indicators",
    ),
    Table(
        "plan_lines",
        "Plans agreed elsewhere: comparable, not signed here, not attributable",
        ("cycle", "month", "measure"),
        (
            _month("cycle", "First open month of the cycle in which it was agreed"),
            _month(),
            Column(
                "measure",
                "choice",
                "Row of the sheet: a key, or a word for it in six languages (Sales is consensus demand)",
                required=True,
                choices=SHEET_MEASURES,
                words=SHEET_WORDS,
            ),
            _text("family", "Product family; empty for a figure of the whole company", refers_to="families"),
            _text("region", "Region; empty for all together", refers_to="regions"),
            _text("resource", "Line; empty for all together"),
            _number("value", "Value, whole units or currency", "see unit", True, low=None),
            _text("unit", "Unit, or the code of the currency; default the company's"),
            _text("plan", "What the plan is called"),
            Column("agreed_on", "date", "Date agreed"),
        ),
        optional_key=("family", "region", "resource"),
        unlocks_text="comparison with plans agreed elsewhere",
        covered="cycle",
    ),
)

TABLE_NAMES = tuple(table.name for table in TABLES)
_BY_NAME = {table.name: table for table in TABLES}
MINIMUM = ("products", "sales_actuals")
"""The two tables without which there is no plan."""

UNLISTED = ("regions",)
"""Tables whose names are free until they are loaded: then every name has to be in them."""

ACTUALS = ("sales_actuals", "inventory", "order_book", "indicators")
"""Tables of closed months: rows from the first open month on are not yet closed."""
CLOSED_ONLY = (*ACTUALS, "deliveries", "financials")
"""Tables that hold what happened: such rows of open months are refused, or set aside (of a ledger its actuals)."""


def table(name: str) -> Table:
    """The table of that name. Raises NotFound naming the tables there are."""
    if name not in _BY_NAME:
        raise NotFound(f"there is no table '{name}'", remedy=f"Tables are: {', '.join(TABLE_NAMES)}")
    return _BY_NAME[name]
