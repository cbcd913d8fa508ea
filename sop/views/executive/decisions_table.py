"""The decisions that were taken: their state, who decided and why, and what each was expected to bring."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from sop.agreement.decisions import DecisionRecord
from sop.core.calendar import period_name, period_short
from sop.core.present import Cell, Col, Declared, PlanTable
from sop.core.register import assumption
from sop.core.words import Money

DECISIONS = "Decisions"
_STATES = ("accepted", "refused", "deferred")


def decisions_table(records: Sequence[DecisionRecord], names: Mapping[str, str], near: str) -> PlanTable:
    """Every decision, the newest first; `names` of people by id."""
    return Declared[DecisionRecord](
        DECISIONS,
        (
            Col("Decision", "text", lambda record: Cell(record.facts["title"], note=_change(record), strong=True)),
            Col("State", "text", _state),
            Col("Cycle", "text", lambda record: period_short(record.cycle)),
            Col("Owner", "text", lambda record: record.facts["owner"]),
            Col("Decided by", "text", lambda record: Cell(_who(record, names), note=record.note)),
            Col(f"EBIT, {near}", "money", _expected("ebit_12_months"), signed=True, better=1),
            Col("to the horizon", "money", _expected("ebit_horizon"), signed=True, better=1),
            Col("Lowest cash", "money", _expected("cash_low"), signed=True, better=1),
        ),
        "Nothing was decided yet.",
    ).of(records)


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
        text += f"; {due} {'is' if due == 1 else 'are'} due today"
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
