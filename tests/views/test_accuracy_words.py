"""What is said about accuracy: sizes, signs and luck, by hand."""

from __future__ import annotations

import pytest

from sop.core.scores import (
    ALL,
    CONSENSUS,
    MARKETING,
    NAIVE,
    SALES,
    STATISTICAL,
    STEPS,
    Score,
    StepAccuracy,
    ValueAdded,
)
from sop.views.sales.accuracy_words import accuracy_sentence, at_place, lags_of, proven_overrides, proven_sentence

NONE = ValueAdded(0.0, 0.0, 0.0, 6)
NAN = float("nan")


def row(step: str, wape: float, added: ValueAdded | None, family: str = ALL, lag: int = 3) -> StepAccuracy:
    score = Score(wape, 6)
    return StepAccuracy(step, family, ALL, lag, 6, score, Score(-0.011, 6), score, score, added)


@pytest.fixture
def rows() -> list[StepAccuracy]:
    """Sales made it worse for all, and in Fleet beyond doubt."""
    gains = {NAIVE: None, STATISTICAL: ValueAdded(0.019, 0.008, 0.03, 6),
             SALES: ValueAdded(-0.012, -0.02, -0.004, 6), MARKETING: NONE, CONSENSUS: NONE}  # fmt: skip
    wapes = dict(zip(STEPS, (0.077, 0.058, 0.07, 0.07, 0.07), strict=True))
    every = [row(step, wapes[step], gains[step]) for step in STEPS]
    fleet = [
        row(step, 0.1, ValueAdded(-0.04, -0.06, -0.02, 6) if step == SALES else NONE, "Fleet") for step in STEPS
    ]
    trike = [
        row(step, 0.1, ValueAdded(0.01, -0.06, 0.08, 6) if step == SALES else NONE, "Trike") for step in STEPS
    ]
    return [*every, *fleet, *trike]


def test_the_sentence_says_what_each_step_did_and_whether_it_is_luck(rows: list[StepAccuracy]) -> None:
    assert accuracy_sentence(rows, 3) == (
        "At lag 3, over 6 months: the statistical forecast is 1.9 points better than last year's figures "
        "(90% interval +0.8 to +3.0); sales' overrides made it 1.2 points worse (90% interval −2.0 to −0.4); "
        "marketing's overrides changed nothing. Consensus missed by 7.0%, against 7.7% for last year's figures, "
        "with a bias of −1.1%."
    )
    assert "sales' overrides made it 1.0 points better (90% interval −6.0 to +8.0: may be luck)" in (
        accuracy_sentence(rows, 3, "Trike")
    )


def test_only_proven_families_are_named(rows: list[StepAccuracy]) -> None:
    assert [(family, step) for family, step, _ in proven_overrides(rows, 3)] == [("Fleet", SALES)]
    assert proven_sentence(rows, 3) == (
        "Proven by family: in Fleet sales' overrides made it 4.0 points worse (90% interval −6.0 to −2.0)."
    )
    assert proven_sentence(rows, 1) == ""


def test_too_few_months_and_no_months_say_so(rows: list[StepAccuracy]) -> None:
    few = [row(step, 0.1, ValueAdded(0.02, NAN, NAN, 2) if step != NAIVE else None) for step in STEPS]
    assert "2.0 points better (too few months for an interval)" in accuracy_sentence(few, 3)
    assert "nothing can be judged" in accuracy_sentence(rows, 2)
    assert lags_of(rows) == [3] and list(at_place(rows, 3, "Fleet")) == list(STEPS)


def test_months_without_demand_have_no_error_to_tell() -> None:
    assert "Nothing was asked for" in accuracy_sentence([row(step, NAN, None) for step in STEPS], 3)
