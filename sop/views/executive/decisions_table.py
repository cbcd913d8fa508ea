"""The decisions that were taken: their state, who decided and why, and what each was expected to bring."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from sop.agreement.decisions import DecisionRecord
from sop.analysis.decisions.realised import Realised
from sop.core.calendar import period_name, period_short, worded
from sop.core.format import MoneyFormat, how_many
from sop.core.present import Cell, Col, Declared, PlanTable
from sop.core.register import assumption
from sop.core.words import Money

DECISIONS = "Decisions"
_STATES = ("accepted", "refused", "deferred")
MONEY = MoneyFormat()


def decisions_table(
    records: Sequence[DecisionRecord],
    names: Mapping[str, str],
    near: str,
    brought: Mapping[int, Realised] | None = None,
    money: MoneyFormat = MONEY,
) -> PlanTable:
    """Every decision, the newest first; `names` of people by id, `brought` what came of decisions by theirs."""
    found = brought or {}
    return Declared[DecisionRecord](
        DECISIONS,
        (
            Col("Decision", "text", lambda record: Cell(record.facts["title"], note=_change(record), strong=True)),
            Col("State", "text", _state),
            Col("Cycle", "text", lambda record: period_short(record.cycle)),
            Col("Owner", "text", lambda record: record.facts["owner"]),
            Col("Due", "text", lambda record: period_short(record.facts["last_month"])),
            Col("Decided by", "text", lambda record: Cell(_who(record, names), note=record.note)),
            Col(f"EBIT, {near}", "money", _expected("ebit_12_months"), signed=True, better=1),
            Col("to the horizon", "money", _expected("ebit_horizon"), signed=True, better=1),
            Col("Lowest cash", "money", _expected("cash_low"), signed=True, better=1),
            Col("Expected so far", "money", lambda record: _so_far(found.get(record.id)), signed=True, better=1),
            Col(
                "Realised so far",
                "money",
                lambda record: _realised(found.get(record.id), money),
                signed=True,
                better=1,
            ),
        ),
        "Nothing was decided yet.",
    ).of(records)


def _so_far(found: Realised | None) -> Cell:
    """What was expected of the months that are closed since."""
    if found is None or not found.months:
        return Cell(None)
    span = sorted({found.months[0], found.months[-1]})
    return Cell(found.expected, note=" to ".join(map(period_short, span)))


def _realised(found: Realised | None, money: MoneyFormat) -> Cell:
    """The estimate with its interval under it; why there is none where there is none."""
    if found is None:
        return Cell(None)
    if found.estimate is None:
        return Cell(None, note=found.why)
    return Cell(
        found.estimate, note=f"estimate, 95%: {money.signed(found.low, 2)} to {money.signed(found.high, 2)}"
    )


def realised_message(
    records: Sequence[DecisionRecord], brought: Mapping[int, Realised], money: MoneyFormat
) -> str:
    """What closed months say of past decisions, in one sentence; empty where they say nothing."""
    told = [(record, brought[record.id]) for record in records if record.id in brought]
    known = [(record, found) for record, found in told if found.estimate is not None]
    if not known:
        return ""
    record, found = max(known, key=lambda each: abs(each[1].estimate or 0))
    verdict = {"gained": "it gained", "lost": "it lost"}.get(found.verdict, "too little to tell from chance yet")
    beside = "" if found.expected is None else f", {money.words(found.expected)} expected"
    return worded(
        f"{record.facts['title']}: {money.words(found.estimate)} of EBIT in "
        f"{how_many(len(found.months), 'closed months')} by "
        f"estimate (95%: {money.words(found.low)} to {money.words(found.high)}{beside}); {verdict}.",
        counted=True,
    )


def decisions_message(
    records: Sequence[DecisionRecord], first_open: str, due: int | None, money: Money, near: str
) -> str:
    """What was decided in the open cycle and what it is expected to bring, and how many decisions are due.

    `due`: recommended decisions whose last responsible month has come; None where that is not known yet.
    """
    here = [record for record in records if record.cycle == first_open]
    counts = {state: sum(record.state == state for record in here) for state in _STATES}
    told = [f"{count} {state}" for state, count in counts.items() if count]
    text = f"{period_name(first_open)}: {', '.join(told) if told else 'nothing is decided yet'}"
    gains = [record.expected["ebit_12_months"] for record in here if record.state == "accepted"]
    known = [gain for gain in gains if gain is not None]
    if known and len(known) == len(gains):
        text += f", expected to bring {money(sum(known))} of EBIT in {near}, each by itself"
    if due:
        text += f"; {due} recommended decision{' is' if due == 1 else 's are'} due today"
    return f"{text}."


def _expected(key: str) -> Callable[[DecisionRecord], int | None]:
    return lambda record: record.expected[key]


def _change(record: DecisionRecord) -> str:
    facts = record.facts
    start = f" from {period_short(facts['start'])}" if facts.get("start") else ""
    of = f" of {facts['scope']}" if facts["scope"] else ""
    return f"{assumption(facts['key']).label}{of}{start}"


def _state(record: DecisionRecord) -> str:
    until = f" to {period_short(record.until)}" if record.until else ""
    return f"{record.state}{until}"


def _who(record: DecisionRecord, names: Mapping[str, str]) -> str:
    who = names.get(record.by, record.by)
    return f"{who}, over the owner" if record.facts["ruling"] else who
