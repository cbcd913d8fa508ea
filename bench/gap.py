"""CPU of the smallest changes that close a gap on the demo company, for a gap in each measure.

    python bench/gap.py [--json FILE]

Three alternatives take at most ten seconds of CPU. Each is planned again in full before it is told.
"""

from __future__ import annotations

import argparse

from decisions import fresh_trial
from replan import company, cpu
from report import Figures, main

from sop.analysis.decisions.gap import GapClosed, close_gap
from sop.analysis.decisions.targets import TARGETS, GapTarget, read_target

TARGET_SECONDS = 10.0
GAPS = {"revenue": 0.003, "ebit": 0.03, "cash": 0.1, "lead_time": -0.1, "inventory": -0.05}
"""By how much of what it is each measure is to be better."""


def measure(options: argparse.Namespace) -> Figures:
    """The figures."""
    inputs, forecast = company()
    figures: Figures = {}
    worst = 0.0
    for key in TARGETS:
        trial, _ = fresh_trial(inputs, forecast)
        now = read_target(trial.plan, key)
        assert now is not None
        target = GapTarget(key, now + abs(now) * GAPS[key])
        found: list[GapClosed] = []
        seconds = cpu(lambda trial=trial, target=target, found=found: found.append(close_gap(trial, target))) / 1e3
        worst = max(worst, seconds)
        figures |= {
            f"{key}_cpu": (seconds, "s"),
            f"{key}_sets": (float(found[0].plans), "sets"),
            f"{key}_alternatives": (float(len(found[0].alternatives)), "alternatives"),
        }
        if options.each:
            for each in found[0].alternatives or ():
                titles = "; ".join(move.title for move in each.found.moves)
                print(f"{key} {now:.0f} to {target.value:.0f}: {', '.join(each.names)}: {titles}", each.holds)
            if found[0].best is not None:
                print(key, now, target.value, "best", found[0].best.value, [m.title for m in found[0].best.moves])
    return figures | {"most_to_target": (worst / TARGET_SECONDS, "ratio")}


if __name__ == "__main__":
    main(measure, __doc__ or "", ("--each", {"action": "store_true", "help": "print every alternative"}))
