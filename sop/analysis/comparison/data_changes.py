"""Changes of data between two input sets, one by one: which part of the inputs each is, whose, how it is undone.

Only what a plan reads counts as changed: hours of closed months, an initiative's goal or an event's source do not.
Both input sets stand on the same families, regions, products and months; families and regions that are new
today are changes of their own, which are undone by taking away their history, their stock and their forecast.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any

import numpy as np

from sop.core.inputs import Bools, Capacity, Event, Families, Initiative, Inputs, Position, Products
from sop.core.plan import StoredForecast
from sop.core.register import assumption
from sop.core.terms import Function
from sop.facts.stock_value import value_of_stock

ACTUALS, FORECAST = "New actuals", "Forecast refresh"
LISTS, CURRENCIES = "New families and regions", "Other currencies"

_SALES_TABLES = ("sales_actuals", "products")
_CAPACITY_TABLES = ("resources", "capacity", "workforce", "routings", "calendar", "plants")
_PRICED = ("list_price", "unit_cost")


@dataclass(frozen=True)
class ChangedPart:
    """One change of data: a `block` of the inputs, and a `name` in it, of an initiative, a line or a currency.

    `group` it belongs to; `label` in a table and `short` in a sentence; `tables` it came from; `word` for what it
    moves, as assumptions of the same call it.
    """

    group: str
    block: str
    name: str
    label: str
    short: str
    tables: tuple[str, ...]
    word: str = ""

    @property
    def key(self) -> str:
        """What tells it from every other change."""
        return f"{self.block}|{self.name}"


# -- what the closed months bring: every field of these blocks belongs to exactly one part

Place = tuple[str, str]
"""A block of the inputs and a field of it; without a field the whole block."""


def _all_but(block: str, kind: type, but: Iterable[str]) -> tuple[Place, ...]:
    return tuple((block, spec.name) for spec in fields(kind) if spec.name not in but)


CLOSED: Mapping[str, tuple[str, tuple[str, ...], tuple[Place, ...]]] = {
    "sales": (
        "Sales and mix",
        _SALES_TABLES,
        (
            ("history", ""),
            *_all_but("families", Families, _PRICED),
            *_all_but("products", Products, _PRICED),
            *(("position", name) for name in ("month", "product_share", "mix_sd", "recent_revenue")),
        ),
    ),
    "prices": (
        "Prices and costs",
        (*_SALES_TABLES, "fx_rates"),
        (
            *(("families", name) for name in _PRICED),
            *(("products", name) for name in _PRICED),
            ("position", "price"),
            ("position", "unit_cost"),
            # Prices are stated at this rate.
            ("exchange", "base"),
        ),
    ),
    "stock": ("Opening stock", ("inventory",), (("stock", ""), ("position", "inventory"))),
    "orders": (
        "Open orders",
        ("order_book",),
        (("orders", ""), ("position", "past_due"), ("position", "orders_not_due")),
    ),
    "deliveries": ("Deliveries by their day", ("deliveries",), (("position", "by_day"),)),
    "people": ("People employed", ("workforce",), (("position", "people"),)),
    "ledger": (
        "Ledger and balances",
        ("financials", "account_map"),
        (
            ("ledger", ""),
            ("position", "balances"),
            ("position", "recent_purchases"),
            ("position", "stock_cost"),
        ),
    ),
}
"""What closed months bring, by name: label, tables and fields."""

LEDGER_PART = "closed|ledger"
"""The key of the change that the ledger's new months are."""

READ_BY_NOBODY: tuple[Place, ...] = (
    *(("capacity", name) for name in ("history_months", "line_hours_history")),
    *(("capacity", name) for name in ("working_days", "working_days_history", "minimum_lot")),
    *(("materials", name) for name in ("supplier", "lead_time_days")),
    ("exchange", "rate_history"),
)
"""Fields that no plan reads: what a page shows beside it, or what only refining it needs."""

# -- rows of functions' tables: fields with the axis along which a name has its own

_LINES = {
    "line_names": 0,
    "line_plant": 0,
    "line_hours": 0,
    "hours_per_unit": 1,
    "labour_hours_per_unit": 1,
    "variable_cost": 1,
}
_SHARED = {"shared_names": 0, "shared_hours": 0, "shared_hours_per_unit": 1}
_PEOPLE = {"people_max": 0, "hours_per_person": 0}
_MATERIALS = {"price": 0, "use": 1, "supply": 0, "spot_premium": 0}
_SUBCONTRACT = {"limit": 0, "unit_cost": 0}


def changed_parts(
    old: Inputs, new: Inputs, people: Mapping[str, Function], added: Added | None = None
) -> tuple[ChangedPart, ...]:
    """Everything in which two input sets on the same lists differ, as far as plans read it.

    `people`: the function of a person, by name as the tables spell owners; `added`: families and regions that are
    new in `new`.
    """
    owners = _Owners(people)
    return (
        *_lists(added),
        *_closed(old, new),
        *_rows("events", "events", old.events, new.events, owners),
        *_capacity(old, new),
        *_materials(old, new),
        *_subcontract(old, new),
        *_rows("launches", "launches", old.launches, new.launches, owners),
        *_exchange(old, new),
        *_rows("initiatives", "initiatives", old.initiatives, new.initiatives, owners),
    )


def put_back(new: Inputs, old: Inputs, parts: Iterable[ChangedPart]) -> Inputs:
    """The new inputs with some parts as they were in the old ones; for new families and regions see `without`."""
    blocks: dict[str, Any] = {}

    def current(block: str) -> Any:
        return blocks.get(block, getattr(new, block))

    for part in parts:
        if part.block in _UNDO:
            blocks[part.block] = _UNDO[part.block](current(part.block), getattr(old, part.block), part.name)
            continue
        for block, name in _places_of(part, old, new):
            was = getattr(old, block)
            if not name:
                blocks[block] = was
            elif was is not None and current(block) is not None:
                blocks[block] = replace(current(block), **{name: getattr(was, name)})
    if not blocks:
        return new
    mixed = replace(new, **blocks)
    position = replace(mixed.position, balances=booked_as_near(mixed.position, new.position))
    return replace(mixed, position=position)


def booked_as_near(position: Position, like: Position) -> dict[str, float]:
    """The ledger's balances of a position, with its stock as near to that of the tables as in another position.

    Whether tables and ledger agree is a question to the data as they are, not to a mix of two closes nor to
    a month that was only planned.
    """
    worth, like_worth = (_worth_of_stock(each) for each in (position, like))
    if not like_worth or "inventory_value" not in like.balances:
        return dict(position.balances)
    return {**position.balances, "inventory_value": like.balances["inventory_value"] * worth / like_worth}


def _worth_of_stock(position: Position) -> float:
    if position.inventory is None:
        return 0.0
    return float(np.nansum(value_of_stock(position.inventory.clip(0.0), position.unit_cost)))


def same(a: Any, b: Any) -> bool:
    """Whether two blocks of inputs hold the same values; missing equals missing."""
    if isinstance(a, np.ndarray) and isinstance(b, np.ndarray):
        return a.shape == b.shape and bool(np.array_equal(a, b, equal_nan=a.dtype.kind == "f"))
    if is_dataclass(a) and type(a) is type(b):
        return all(same(getattr(a, spec.name), getattr(b, spec.name)) for spec in fields(a))
    if isinstance(a, Mapping) and isinstance(b, Mapping):
        return a.keys() == b.keys() and all(same(a[key], b[key]) for key in a)
    if isinstance(a, tuple) and isinstance(b, tuple):
        return len(a) == len(b) and all(same(x, y) for x, y in zip(a, b, strict=True))
    if isinstance(a, np.ndarray) or isinstance(b, np.ndarray):
        return False  # known in one of both alone
    return bool(a == b) or (a != a and b != b)


# -- closed months


def _places_of(part: ChangedPart, old: Inputs, new: Inputs) -> tuple[Place, ...]:
    """The fields that a part of whole fields puts back."""
    if part.block == "closed":
        return tuple(place for place in CLOSED[part.name][2] if place not in _taken_over(old, new))
    return _WHOLE[part.block]


_WHOLE: Mapping[str, tuple[Place, ...]] = {
    "currencies": (("exchange", ""), ("position", "price"), ("position", "recent_revenue"), ("history", "")),
    "plants": (("capacity", ""), ("position", "people")),
    "materials table": (("materials", ""),),
    "subcontract table": (("subcontract", ""),),
}
"""Parts that can only be taken as a whole, with everything that hangs on them."""


def _taken_over(old: Inputs, new: Inputs) -> tuple[Place, ...]:
    """Fields of closed months that hang on another change: prices on their currency, people on their plants."""
    taken: tuple[Place, ...] = ()
    if _currencies(old) != _currencies(new):
        taken += (*_WHOLE["currencies"], ("exchange", "base"))
    return taken if _lines_alike(old.capacity, new.capacity) else (*taken, ("position", "people"))


def _closed(old: Inputs, new: Inputs) -> Iterator[ChangedPart]:
    for name, (label, tables, _) in CLOSED.items():
        part = ChangedPart(ACTUALS, "closed", name, label, label.lower(), tables)
        if any(not same(_field(old, place), _field(new, place)) for place in _places_of(part, old, new)):
            yield part


def _field(inputs: Inputs, place: Place) -> Any:
    block = getattr(inputs, place[0])
    return block if not place[1] or block is None else getattr(block, place[1])


# -- events, launches, initiatives

_Row = Any
_SAID = {
    "events": ("name", "title", "source", "owner", "mitigation", "mitigation_cost"),
    "initiatives": ("name", "owner", "goal"),
    "launches": ("name",),
}
"""What a row says beside what a plan reads."""
_MOVED_BY = {"demand": "demand_pct", "price": "price_pct"}
"""The assumption that moves the same as an event or a benefit of a measure."""
_OWNERS = {"events": Function.SALES, "launches": Function.PRODUCT, "initiatives": Function.CEO}
"""Whose a row is by the register, where the table names no function."""


def _rows(
    block: str, table: str, old: Sequence[_Row] | None, new: Sequence[_Row] | None, owners: _Owners
) -> Iterator[ChangedPart]:
    was, now = ({row.name: row for row in rows or ()} for rows in (old, new))
    tables = {"launches": ("launches", "launch_gates"), "initiatives": ("initiatives", "milestones", "benefits")}
    for name in dict.fromkeys((*now, *was)):
        if not _same_row(block, was.get(name), now.get(name)):
            row = now.get(name) or was[name]
            owner = owners.of(row.owner if isinstance(row, Event | Initiative) else "", _OWNERS[block])
            word = {"events": "event", "launches": "launch", "initiatives": "initiative"}[block]
            title = row.title if isinstance(row, Event) and row.title else name
            gone, come = name not in now, name not in was
            what = f"{title} ({word} {'added' if come else 'dropped' if gone else 'changed'})"
            yield ChangedPart(owner.title, block, name, what, title, tables.get(block, (table,)), _word_of(row))


def _word_of(row: _Row) -> str:
    """What an event or an initiative moves, in the word of the assumption that moves it too; else nothing."""
    measures = [row.measure] if isinstance(row, Event) else [each.measure for each in getattr(row, "benefits", ())]
    words = {_MOVED_BY[measure] for measure in measures if measure in _MOVED_BY}
    return assumption(words.pop()).as_cause if len(words) == 1 and len(set(measures)) == 1 else ""


def _same_row(block: str, was: _Row | None, now: _Row | None) -> bool:
    if was is None or now is None:
        return was is now
    read = [spec.name for spec in fields(now) if spec.name not in _SAID[block]]
    return all(same(getattr(was, name), getattr(now, name)) for name in read)


def _undo_row(now: Sequence[_Row] | None, old: Sequence[_Row] | None, name: str) -> tuple[_Row, ...]:
    was = next((row for row in old or () if row.name == name), None)
    rows = tuple(was if row.name == name else row for row in now or ())
    if was is not None and all(row.name != name for row in now or ()):
        rows = (*rows, was)
    return tuple(row for row in rows if row is not None)


class _Owners:
    """Whose a row is: the function named in it, or that of the person named; else the register's."""

    def __init__(self, people: Mapping[str, Function]) -> None:
        self.known = {name.casefold(): function for name, function in people.items()}
        for function in Function:
            for word in (function.value, function.title, f"head of {function.value}"):
                self.known[word.casefold()] = function

    def of(self, owner: str, otherwise: Function) -> Function:
        return self.known.get(owner.strip().casefold(), otherwise)


# -- capacity, materials, subcontract


def _lines_alike(a: Capacity | None, b: Capacity | None) -> bool:
    """Whether two capacities have the same plants, lines and shared resources, so that each can be exchanged."""
    if a is None or b is None:
        return a is b
    lists = [(each.plants.names, each.lines, each.shared) for each in (a, b)]
    return lists[0] == lists[1] and all((getattr(a, f) is None) == (getattr(b, f) is None) for f in _PEOPLE)


def _capacity(old: Inputs, new: Inputs) -> Iterator[ChangedPart]:
    a, b, owner = old.capacity, new.capacity, Function.OPERATIONS.title
    if not _lines_alike(a, b):
        yield ChangedPart(owner, "plants", "", "Plants and lines", "plants and lines", _CAPACITY_TABLES)
    elif a is not None and b is not None:
        for place, name in enumerate(b.lines):
            if not _same_at(a, b, _LINES, place):
                label = f"Line {b.line_names[place]}: hours and routings"
                line = b.line_names[place]
                yield ChangedPart(owner, "capacity", f"line {name}", label, line, _CAPACITY_TABLES)
        for place, name in enumerate(b.shared):
            if not _same_at(a, b, _SHARED, place):
                label = f"Shared {b.shared_names[place]}: hours and use"
                yield ChangedPart(
                    owner, "capacity", f"shared {name}", label, b.shared_names[place], _CAPACITY_TABLES
                )
        for place, name in enumerate(b.plants.names):
            if not (_same_at(a, b, _PEOPLE, place) and _same_at(a.plants, b.plants, _rates(b), place)):
                label = f"Plant {name}: people and rates"
                yield ChangedPart(owner, "capacity", f"plant {name}", label, name, _CAPACITY_TABLES)


def _rates(capacity: Capacity) -> dict[str, int]:
    return {spec.name: 0 for spec in fields(capacity.plants) if spec.name != "names"}


def _undo_capacity(now: Capacity, old: Capacity, name: str) -> Capacity:
    kind, _, key = name.partition(" ")
    if kind == "line":
        return _with_at(now, old, _LINES, now.lines.index(key))
    if kind == "shared":
        return _with_at(now, old, _SHARED, now.shared.index(key))
    place = now.plants.names.index(key)
    plants = _with_at(now.plants, old.plants, _rates(now), place)
    return replace(_with_at(now, old, _PEOPLE, place), plants=plants)


def _materials(old: Inputs, new: Inputs) -> Iterator[ChangedPart]:
    a, b, owner = old.materials, new.materials, Function.SUPPLY.title
    tables = ("materials", "material_usage", "material_supply")
    if a is None or b is None or a.names != b.names:
        if not (a is None and b is None):
            yield ChangedPart(owner, "materials table", "", "Materials", "materials", tables)
        return
    for place, name in enumerate(b.names):
        if not _same_at(a, b, _MATERIALS, place):
            yield ChangedPart(owner, "materials", name, f"Material {name}", name, tables)


def _subcontract(old: Inputs, new: Inputs) -> Iterator[ChangedPart]:
    a, b, owner = old.subcontract, new.subcontract, Function.SUPPLY.title
    if a is None or b is None:
        if not (a is None and b is None):
            yield ChangedPart(owner, "subcontract table", "", "Outside supply", "outside supply", ("subcontract",))
        return
    for place, name in enumerate(new.families.names):
        if not _same_at(a, b, _SUBCONTRACT, place):
            label = f"Outside supply of {name}"
            yield ChangedPart(owner, "subcontract", str(place), label, label.lower(), ("subcontract",))


def _undo_material(now: Any, old: Any, name: str) -> Any:
    return _with_at(now, old, _MATERIALS, now.names.index(name))


def _undo_subcontract(now: Any, old: Any, place: str) -> Any:
    return _with_at(now, old, _SUBCONTRACT, int(place))


def _along(values: Any, axis: int, place: int) -> Any:
    return values[place] if isinstance(values, tuple) or axis == 0 else values[:, place]


def _same_at(a: Any, b: Any, axes: Mapping[str, int], place: int) -> bool:
    """Whether what belongs to one name along some axes is the same on both sides."""
    pairs = ((getattr(a, name), getattr(b, name), axis) for name, axis in axes.items())
    known = ((x, y, axis) for x, y, axis in pairs if x is not None and y is not None)
    return all(
        same(np.asarray(_along(x, axis, place)), np.asarray(_along(y, axis, place))) for x, y, axis in known
    )


def _with_at(now: Any, old: Any, axes: Mapping[str, int], place: int) -> Any:
    """What belongs to one name as it was, the rest as it is."""
    found = {}
    for name, axis in axes.items():
        values, was = getattr(now, name), getattr(old, name)
        if values is None or was is None:
            continue
        if isinstance(values, tuple):
            found[name] = (*values[:place], was[place], *values[place + 1 :])
        else:
            values = values.copy()
            values[(slice(None), place) if axis else place] = _along(was, axis, place)
            found[name] = values
    return replace(now, **found)


# -- exchange rates and currencies


def _currencies(inputs: Inputs) -> tuple[str, ...] | None:
    return inputs.exchange.currency if inputs.exchange else None


def _exchange(old: Inputs, new: Inputs) -> Iterator[ChangedPart]:
    a, b = old.exchange, new.exchange
    if _currencies(old) != _currencies(new):
        names = [
            f"{region} in {b.currency[place] if b else new.currency}"
            for place, region in enumerate(new.regions)
            if a is None or b is None or a.currency[place] != b.currency[place]
        ]
        label = f"Currencies: {', '.join(names)}"
        yield ChangedPart(CURRENCIES, "currencies", "", label, ", ".join(names), ("regions", "fx_rates"))
    elif a is not None and b is not None:
        for code in dict.fromkeys(b.currency):
            rows = np.array(b.currency) == code
            if not same(a.rate[rows], b.rate[rows]):
                title = Function.FINANCE.title
                yield ChangedPart(title, "exchange", code, f"Rates of {code}", f"rates of {code}", ("fx_rates",))


def _undo_rates(now: Any, old: Any, code: str) -> Any:
    rate, rows = now.rate.copy(), np.array(now.currency) == code
    rate[rows] = old.rate[rows]
    return replace(now, rate=rate)


_UNDO: Mapping[str, Callable[[Any, Any, str], Any]] = {
    "events": _undo_row,
    "launches": _undo_row,
    "initiatives": _undo_row,
    "capacity": _undo_capacity,
    "materials": _undo_material,
    "subcontract": _undo_subcontract,
    "exchange": _undo_rates,
}
"""How one name in a block is put back: (block now, block as it was, name) → block."""


# -- families and regions that are new


@dataclass(frozen=True)
class Added:
    """Families (F,) and regions (R,) of today that were not there, by place."""

    families: Bools
    regions: Bools
    names: tuple[tuple[str, ...], tuple[str, ...]]

    @property
    def any(self) -> bool:
        """Whether anything is new."""
        return bool(self.families.any() or self.regions.any())

    def cells(self, names: Iterable[str]) -> Bools:
        """The cells (F, R) of the new families and regions named 'family …' and 'region …'."""
        chosen = set(names)
        rows = np.array([f"family {name}" in chosen for name in self.names[0]], dtype=bool) & self.families
        columns = np.array([f"region {name}" in chosen for name in self.names[1]], dtype=bool) & self.regions
        return np.asarray(rows[:, None] | columns[None, :])


def find_added(families: Sequence[str], regions: Sequence[str], new: Inputs) -> Added:
    """What is new today against the families and regions of an earlier plan."""
    return Added(
        np.array([name not in families for name in new.families.names], dtype=bool),
        np.array([name not in regions for name in new.regions], dtype=bool),
        (new.families.names, new.regions),
    )


def _lists(added: Added | None) -> Iterator[ChangedPart]:
    if added is None:
        return
    flagged = (added.families, added.regions)
    for kind, names, flags in zip(("family", "region"), added.names, flagged, strict=True):
        for name, new in zip(names, flags, strict=True):
            if new:
                yield ChangedPart(
                    LISTS, "lists", f"{kind} {name}", f"{kind.capitalize()} {name}", name, _SALES_TABLES
                )


def without(
    inputs: Inputs, forecast: StoredForecast, added: Added, names: Iterable[str]
) -> tuple[Inputs, StoredForecast]:
    """Inputs and forecast as if some new families and regions were not there: no sales, stock, orders, demand."""
    cells = added.cells(names)
    if not cells.any():
        return inputs, forecast
    by_product, whole = cells[inputs.products.family], cells.all(axis=1)
    position = inputs.position
    stock = position.inventory
    nothing = replace(
        position,
        inventory=None if stock is None else np.where(whole, 0.0, stock),
        past_due=np.where(cells, 0.0, position.past_due),
        orders_not_due=np.where(cells, 0.0, position.orders_not_due),
    )
    history = inputs.history
    silent: dict[str, Any] = {
        name: np.where(by_product[..., None], np.nan, getattr(history, name))
        for name in ("ordered", "shipped", "revenue")
    }
    bands: dict[str, Any] = {
        name: np.where(cells[..., None], 0.0, getattr(forecast, name))
        for name in ("mean", "lo80", "hi80", "lo95", "hi95")
    }
    products = np.where(by_product[..., None], 0.0, forecast.product_mean)
    return (
        replace(inputs, position=nothing, history=replace(history, **silent)),
        replace(forecast, **bands, product_mean=products),
    )
