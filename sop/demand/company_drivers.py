"""A company's drivers: which leading indicators and events are proven for which family, and what they change.

An indicator moves the baseline of the families for which it is proven, at most one per family: the surest. The
confidence asked for grows with the number of indicators tried, so that one of many is not proven by luck. An event
is in the plan with the impact that its owner states; here only its measured effect stands beside it, because
history already holds the past ones.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import groupby

import numpy as np

from sop.core.arrays import Labelled
from sop.core.inputs import Event, Floats, Inputs, LeadingIndicator
from sop.core.plan import DriverProof
from sop.demand.company_history import DRIVER_USE, Decisions
from sop.demand.drivers import Proof, prove_event, prove_indicator

_CONFIDENCE = 0.95


def prove_drivers(
    inputs: Inputs, history: Floats, decisions: Decisions | None = None
) -> tuple[tuple[DriverProof, ...], Floats]:
    """What each indicator and event is worth for each family, and the factors (F, T) on the baseline forecast.

    `history`: cleaned demand (F, R, H). `decisions` may switch an indicator off, or with the scope '' all of
    them: it is still tested, and says so.
    """
    demand, horizon = _of_families(history), inputs.calendar.horizon
    factor, proofs = np.ones((len(demand), horizon)), []
    for f, family in enumerate(inputs.families.names):
        found = _indicator_proofs(inputs, demand[f])
        best = _surest(found, decisions or {})
        if best is not None:
            factor[f] = found[best].factor
        proofs += [_told(name, family, proof, name == best) for name, proof in found.items()]
        proofs += [_told(title, family, proof, False) for title, proof in _event_proofs(inputs, f, demand[f])]
    return tuple(proofs), factor


def is_used(driver: str, decisions: Decisions) -> bool:
    """Whether a driver may move the forecast: its own switch, else that of all, else yes."""
    return bool(decisions.get((DRIVER_USE, driver), decisions.get((DRIVER_USE, ""), 1.0)))


def published(indicator: LeadingIndicator, months: tuple[str, ...]) -> tuple[Floats, int]:
    """What was known of an indicator at the end of each closed month (H,), and by how many months it lags.

    The lag is that of its last value: a figure that comes out a month later is known a month later throughout.
    """
    values = Labelled(indicator.values, month=indicator.months).on(month=months).values
    known = np.flatnonzero(np.isfinite(values))
    delay = len(months) - 1 - int(known[-1]) if len(known) else 0
    return np.concatenate([np.full(delay, np.nan), values[: len(values) - delay]]), delay


def _of_families(history: Floats) -> Floats:
    """Demand by family (F, H); not-a-number in months in which a region that sells is not known."""
    sells = np.isfinite(history).sum(axis=-1, keepdims=True) > 0
    total = np.where(sells, history, 0.0).sum(axis=1)
    return np.where(sells.sum(axis=1) > 0, total, np.nan)


def _indicator_proofs(inputs: Inputs, demand: Floats) -> dict[str, Proof]:
    indicators = inputs.indicators or ()
    calendar, proofs = inputs.calendar, {}
    for indicator in indicators:
        values, delay = published(indicator, inputs.history.months)
        proofs[indicator.name] = prove_indicator(
            demand,
            values,
            calendar.horizon,
            calendar.season_length,
            delay=delay,
            confidence=1 - (1 - _CONFIDENCE) / len(indicators),
        )
    return proofs


def _surest(proofs: Mapping[str, Proof], decisions: Decisions) -> str | None:
    """The proven indicator in use whose gain is surest; None where there is none."""
    proven = [name for name, proof in proofs.items() if proof.proven and is_used(name, decisions)]
    return max(proven, key=lambda name: (proofs[name].lo, name), default=None)


def _event_proofs(inputs: Inputs, family: int, demand: Floats) -> list[tuple[str, Proof]]:
    """Events on demand of the family that have happened before, by title."""
    names = ("", inputs.families.names[family], inputs.families.base[family])
    events = [event for event in inputs.events or () if event.measure == "demand" and event.scope in names]
    found = []
    for title, alike in groupby(sorted(events, key=lambda event: event.title), key=lambda event: event.title):
        on = _months_on(alike, len(demand), inputs.calendar.horizon)
        active, ahead = on[: len(demand)], on[len(demand) :]
        if active.any():
            found.append((title, prove_event(demand, active, ahead, inputs.calendar.season_length)))
    return found


def _months_on(events: Iterable[Event], closed: int, planned: int) -> Floats:
    """Closed and planned months in which any of some events is on: 1, else 0."""
    on = np.zeros(closed + planned)
    for event in events:
        start = closed + event.start
        on[max(start, 0) : max(start + event.duration, 0)] = 1.0
    return on


def _told(driver: str, family: str, proof: Proof, used: bool) -> DriverProof:
    moves = proof.factor != 1
    return DriverProof(
        driver=driver,
        family=family,
        lag=proof.lag,
        gain=_known(proof.gain),
        lo=_known(proof.lo),
        hi=_known(proof.hi),
        why=proof.why,
        proven=proof.proven,
        used=used,
        change=round(float(proof.factor[moves].mean() - 1), 4) if moves.any() else 0.0,
    )


def _known(value: float) -> float | None:
    return None if np.isnan(value) else round(value, 4)
