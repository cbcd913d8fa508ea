"""Forecast accuracy in words: what each step of the process added, and whether that is more than luck."""

from __future__ import annotations

from collections.abc import Sequence

from sop.core.calendar import worded
from sop.core.format import how_many, number, percent
from sop.core.scores import ALL, CONSENSUS, MARKETING, NAIVE, SALES, STATISTICAL, STEPS, StepAccuracy, ValueAdded

WHOSE = {SALES: "sales' overrides", MARKETING: "marketing's overrides"}
_NOTHING = 0.00005
"""Change of WAPE that rounds to no figure."""


def at_place(
    rows: Sequence[StepAccuracy], lag: int, family: str = ALL, region: str = ALL
) -> dict[str, StepAccuracy]:
    """The steps at a lag for a family and region, in the order of the process; empty where nothing was judged."""
    found = {row.step: row for row in rows if (row.lag, row.family, row.region) == (lag, family, region)}
    return {step: found[step] for step in STEPS if step in found}


def lags_of(rows: Sequence[StepAccuracy]) -> list[int]:
    """The lags at which anything was judged."""
    return sorted({row.lag for row in rows})


def accuracy_sentence(rows: Sequence[StepAccuracy], lag: int, family: str = ALL, region: str = ALL) -> str:
    """What the statistical forecast and each function's overrides did to the error, and how good consensus was."""
    steps = at_place(rows, lag, family, region)
    if not steps:
        return worded(
            f"No plan that was agreed {_ahead(lag)} covers a closed month yet, so nothing can be judged."
        )
    consensus = steps[CONSENSUS]
    if consensus.wape.value != consensus.wape.value:
        return worded(f"Nothing was asked for in the months judged {_ahead(lag)}, so there is no error to tell.")
    months = worded(f"{consensus.months} month{'s' if consensus.months > 1 else ''}", counted=True)
    parts = [_statistical(steps[STATISTICAL].added), *(_override(step, steps[step].added) for step in WHOSE)]
    end = (
        f"Consensus missed by {percent(consensus.wape.value, 1)}, against {percent(steps[NAIVE].wape.value, 1)} "
        f"for last year's figures, with a bias of {_points(consensus.bias.value)}%."
    )
    return f"{_ahead(lag).capitalize()}, over {months}: {'; '.join(filter(None, parts))}. {end}"


def proven_overrides(rows: Sequence[StepAccuracy], lag: int) -> list[tuple[str, str, ValueAdded]]:
    """Where a function's overrides are proven to help or to hurt, as (family, step, gain), the most first."""
    found = [
        (row.family, row.step, row.added)
        for row in rows
        if row.lag == lag and row.family != ALL and row.step in WHOSE and row.added and row.added.proven
    ]
    return sorted(found, key=lambda each: -abs(each[2].value))


def proven_sentence(rows: Sequence[StepAccuracy], lag: int) -> str:
    """Where overrides are proven to help or to hurt, at most three families; empty where nowhere."""
    told = [
        f"in {family} {WHOSE[step]} made it {how_many(_size(added), 'points')} {_word(added)} {_interval(added)}"
        for family, step, added in proven_overrides(rows, lag)[:3]
    ]
    return f"Proven by family: {'; '.join(told)}." if told else ""


def _ahead(lag: int) -> str:
    return f"at lag {lag}"


def _statistical(added: ValueAdded | None) -> str:
    if added is None or abs(added.value) < _NOTHING:
        return "the statistical forecast is as good as last year's figures"
    gain = f"{how_many(_size(added), 'points')} {_word(added)}"
    return f"the statistical forecast is {gain} than last year's figures {_interval(added)}"


def _override(step: str, added: ValueAdded | None) -> str:
    """'sales' overrides made it 1.2 points worse (90% interval −2.0 to −0.4)'."""
    if added is None or abs(added.value) < _NOTHING:
        return f"{WHOSE[step]} changed nothing"
    return f"{WHOSE[step]} made it {how_many(_size(added), 'points')} {_word(added)} {_interval(added)}"


def _word(added: ValueAdded) -> str:
    return "better" if added.value > 0 else "worse"


def _size(added: ValueAdded) -> str:
    return number(abs(added.value) * 100, 1) if abs(added.value) >= 0.0005 else "less than 0.1"


def _interval(added: ValueAdded) -> str:
    if added.lo != added.lo:
        return worded("(too few months for an interval)")
    luck = "" if added.proven else ": may be luck"
    return f"(90% interval {_points(added.lo)} to {_points(added.hi)}{luck})"


def _points(fraction: float) -> str:
    """Points with their sign: '−1.2', '+0.4'."""
    text = number(abs(fraction) * 100, 1)
    return f"±{text}" if text == "0.0" else f"{'−' if fraction < 0 else '+'}{text}"
