"""The history behind the forecast: what was corrected, suggested or cut off, who decided, and the methods used.

What a planner decides is an assumption of the scenario that is shown; here it is told beside what the rules found.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from sop.core.arrays import sum_known
from sop.core.calendar import period_name, worded
from sop.core.format import percent_number
from sop.core.inputs import Floats, Inputs
from sop.core.plan import DriverProof, StoredForecast
from sop.core.present import Cell, Col, Declared
from sop.core.register import Entry, assumption
from sop.demand.cleaning import (
    ACCEPTED,
    ENDED,
    INTERRUPTED,
    RESTORED,
    TRAIN_SINCE,
    CompanyHistory,
    Remark,
    booked_demand,
)

_KEYS = (RESTORED, ACCEPTED, TRAIN_SINCE, ENDED, INTERRUPTED)
_ACTS = {
    "silent": ("It has ended", ENDED),
    "corrected": ("Restore as booked", RESTORED),
    "suggested": ("Accept", ACCEPTED),
    "shift": ("Train since {month}", TRAIN_SINCE),
}
_OTHERWISE = {"silent": ("It is interrupted", INTERRUPTED)}
"""The other answer where a question has two."""
_ORDER = ("silent", "suggested", "shift", "corrected", "gap", "decided")


@dataclass(frozen=True)
class HistoryRow:
    """One month of a family and region that does not look like demand, and what became of it.

    `was` as booked and `now` as used, units (for a level shift the levels before and after), None where there is
    none. `key` is the assumption that decides about it, empty where nothing can be decided; `decided`: the entry
    that did, None while the rules' answer stands.
    """

    kind: str
    what: str
    family: str
    region: str
    month: str
    was: float | None
    now: float | None
    reason: str
    state: str
    act: str = ""
    key: str = ""
    decided: Entry | None = None
    by: str = ""

    @property
    def answers(self) -> tuple[HistoryRow, ...]:
        """The row with each thing that may be done about it; none where nothing can be decided."""
        other = _OTHERWISE.get(self.kind) if self.decided is None else None
        second = () if other is None else (replace(self, act=other[0], key=other[1]),)
        return (self, *second) if self.act else ()

    @property
    def scope(self) -> str:
        """The scope of the assumption that decides about it."""
        return f"{self.family}|{self.region}|{self.month}"


@dataclass(frozen=True)
class SeriesMethod:
    """How one family and region is forecast: method, reason, and the WAPE of its backtests, None if not known."""

    family: str
    region: str
    method: str
    why: str
    wape: float | None


@dataclass(frozen=True)
class ForecastHistory:
    """All of it for one plan.

    `booked`, `used` (F, R, H) units, not-a-number where not known or not used. `no_forecast`: products that are
    forecast as zero, with the reason. `locked`: why the person may not decide here, empty where they may.
    """

    inputs: Inputs
    booked: Floats
    used: Floats
    rows: tuple[HistoryRow, ...]
    methods: tuple[SeriesMethod, ...]
    drivers: tuple[DriverProof, ...]
    no_forecast: tuple[tuple[str, str, str], ...]
    locked: str

    def rows_of(self, family: str | None, region: str | None) -> tuple[HistoryRow, ...]:
        """The rows of a family and region; None: of all."""
        return tuple(row for row in self.rows if family in (None, row.family) and region in (None, row.region))

    def totals(self, family: str | None, region: str | None) -> tuple[Floats, Floats]:
        """Booked and used history (H,) added up; a month that is partly not used has no figure in use."""
        f = slice(None) if family is None else [self.inputs.families.names.index(family)]
        r = slice(None) if region is None else [self.inputs.regions.index(region)]
        booked, used = (values[f][:, r].reshape(-1, values.shape[-1]) for values in (self.booked, self.used))
        left_out = (np.isfinite(booked) & ~np.isfinite(used)).any(axis=0)
        return sum_known(booked, axis=0), np.where(left_out, np.nan, sum_known(used, axis=0))

    def message(self, family: str | None, region: str | None) -> str:
        """What was done to the history, in one sentence with its figures."""
        rows = self.rows_of(family, region)
        count = {kind: sum(row.kind == kind for row in rows) for kind in _ORDER}
        cut = sum(row.kind == "corrected" and row.what == "Stock ran out" for row in rows)
        parts = [
            (count["silent"], f"{count['silent']} silent at the end"),
            (
                count["corrected"],
                f"{_months(count['corrected'])} corrected" + (f", {cut} by stock-out" if cut else ""),
            ),
            (count["suggested"], f"{_months(count['suggested'])} that may be wrong"),
            (count["shift"], f"{count['shift']} level shift{'s' * (count['shift'] != 1)}"),
            (count["gap"], f"{_months(count['gap'])} without a figure"),
        ]
        told = "; ".join(text for number, text in parts if number)
        by_people = sum(row.decided is not None for row in rows)
        return f"{told or 'Nothing in the history looks wrong'}; {by_people} decided by people"


def _months(count: int) -> str:
    return worded(f"{count} month{'s' * (count != 1)}", counted=True)


def history_behind(
    inputs: Inputs,
    forecast: StoredForecast,
    history: CompanyHistory,
    entries: Iterable[Entry],
    names: Mapping[str, str],
    locked: str,
) -> ForecastHistory:
    """The history behind a forecast, with what the `entries` of its scenario decided; `names` by person."""
    decided = {(entry.key, entry.scope): entry for entry in entries if entry.key in _KEYS and entry.value}
    return ForecastHistory(
        inputs,
        booked_demand(inputs),
        history.values,
        _rows(history, decided, names),
        _methods(inputs, forecast),
        forecast.drivers,
        _without_forecast(inputs, forecast),
        locked,
    )


def _rows(
    history: CompanyHistory, decided: Mapping[tuple[str, str], Entry], names: Mapping[str, str]
) -> tuple[HistoryRow, ...]:
    """Every remark with what was decided about it, then decisions about what the rules no longer find."""
    rows = [_row(remark, decided, names) for remark in history.remarks]
    told = {(row.decided.key, row.scope) for row in rows if row.decided}
    rows += [_leftover(entry, names) for place, entry in decided.items() if place not in told]
    return tuple(sorted(rows, key=lambda row: (row.family, row.region, row.month, _ORDER.index(row.kind))))


def _row(remark: Remark, decided: Mapping[tuple[str, str], Entry], names: Mapping[str, str]) -> HistoryRow:
    entry = next((decided[key, remark.scope] for key in _answers(remark) if (key, remark.scope) in decided), None)
    act, key = _ACTS.get(remark.kind, ("", ""))
    return HistoryRow(
        remark.kind,
        _what(remark),
        remark.family,
        remark.region,
        remark.month,
        remark.was,
        remark.now,
        remark.reason,
        _state(remark, entry),
        "Take back" if entry else act.format(month=period_name(remark.month)),
        entry.key if entry else key,
        entry,
        names.get(entry.by, entry.by) if entry else "",
    )


def _answers(remark: Remark) -> Sequence[str]:
    """The assumptions with which somebody may have decided about a remark of this kind."""
    return {
        "corrected": (ACCEPTED,),
        "suggested": (RESTORED,),
        "shift": (TRAIN_SINCE,),
        "silent": (ENDED, INTERRUPTED),
    }.get(remark.kind, ())


def _what(remark: Remark) -> str:
    if remark.cut_short:
        return "Stock ran out"
    if remark.kind == "gap" and remark.was is not None:
        return "Interrupted"
    return {"gap": "No figure", "shift": "Level shift", "silent": "Silent"}.get(remark.kind, "Outlier")


def _state(remark: Remark, entry: Entry | None) -> str:
    if entry is not None:
        return _DECIDED[entry.key]
    return _STATES.get(remark.kind, "Offered")


_STATES = {"corrected": "Corrected", "suggested": "Suggested", "gap": "Interpolated", "silent": "Not answered"}
_DECIDED = {
    RESTORED: "Restored as booked",
    ACCEPTED: "Accepted",
    TRAIN_SINCE: "Trained since",
    ENDED: "Ended",
    INTERRUPTED: "Interrupted",
}


def _leftover(entry: Entry, names: Mapping[str, str]) -> HistoryRow:
    family, region, month = (*entry.scope.split("|"), "", "")[:3]
    why = (
        "nothing is found here any more"
        if entry.key != TRAIN_SINCE
        else worded("the months before it are not used")
    )
    by = names.get(entry.by, entry.by)
    label = assumption(entry.key).label
    return HistoryRow(
        "decided", label, family, region, month, None, None, why, "Decided", "Take back", entry.key, entry, by
    )


def _methods(inputs: Inputs, forecast: StoredForecast) -> tuple[SeriesMethod, ...]:
    places = [(family, region) for family in inputs.families.names for region in inputs.regions]
    return tuple(
        SeriesMethod(*place, method.replace("_", " "), why, wape)
        for place, method, why, wape in zip(places, forecast.method, forecast.why, forecast.wape, strict=True)
    )


def _without_forecast(inputs: Inputs, forecast: StoredForecast) -> tuple[tuple[str, str, str], ...]:
    """Products forecast as zero everywhere: number, name and why."""
    nothing = np.flatnonzero(forecast.product_mean.sum(axis=(1, 2)) <= 0)
    return tuple(
        (inputs.products.numbers[n], inputs.products.names[n], _why_zero(inputs, int(n))) for n in nothing.tolist()
    )


def _why_zero(inputs: Inputs, product: int) -> str:
    if inputs.products.retired[product]:
        return "retired"
    sold = np.nan_to_num(inputs.history.ordered[product]).sum(axis=0)
    if not sold.any():
        return "never sold: enter a launch"
    quiet = len(sold) - 1 - int(np.flatnonzero(sold)[-1])
    return (
        f"last sold in {period_name(inputs.history.months[-1 - quiet])}"
        if quiet
        else "its family is forecast as zero"
    )


CORRECTIONS = Declared[HistoryRow](
    "Corrections of the history",
    (
        Col("Family", "text", lambda row: row.family),
        Col("Region", "text", lambda row: row.region),
        Col("Month", "text", lambda row: row.month),
        Col("Found", "text", lambda row: row.what),
        Col("Booked", get=lambda row: row.was),
        Col("Used", get=lambda row: row.now),
        Col("State", "text", lambda row: row.state),
        Col("By", "text", lambda row: row.by),
        Col("Reason", "text", lambda row: row.reason),
    ),
)
"""What was found month by month, and what became of it."""

METHODS = Declared[SeriesMethod](
    "Forecast methods",
    (
        Col("Family", "text", lambda each: each.family),
        Col("Region", "text", lambda each: each.region),
        Col("Method", "text", lambda each: each.method),
        Col("WAPE", "percent", lambda each: each.wape),
        Col("Why", "text", lambda each: worded(each.why, counted=True)),
    ),
)
"""Every series with its method, the WAPE of its backtests and the reason."""

DRIVERS = Declared[DriverProof](
    "Drivers tested",
    (
        Col("Driver", "text", lambda proof: Cell(proof.driver, strong=proof.used)),
        Col("Family", "text", lambda proof: proof.family),
        Col("Gain", "percent", lambda proof: proof.gain),
        Col("Interval", "percent", lambda proof: _interval(proof)),
        Col("Moves the forecast by", "percent", lambda proof: _moves(proof)),
        Col("Verdict", "text", lambda proof: worded(proof.why, counted=True)),
    ),
)
"""Every driver tested with its verdict."""


def _interval(proof: DriverProof) -> str | None:
    return None if proof.lo is None else f"{percent_number(proof.lo)} to {percent_number(proof.hi)}"


def _moves(proof: DriverProof) -> float | str | None:
    return proof.change if proof.used else ("switched off or a surer one is used" if proof.proven else "")
