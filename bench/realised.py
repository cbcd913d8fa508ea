"""How often the interval of a decision's realised effect holds the true one, on made companies.

    python bench/realised.py [--json FILE] [--companies 50]

Each company has lived its months twice, with its past decision and without; the difference of profit is the
truth. At a stated 95%, at least 86% of the intervals hold it. Beside it: how wide they are against the truth,
and how often a decision is said to have gained or lost that did the opposite.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from report import Figures, main

from tests.made_companies import estimate, made_company

LEAST = 0.86


def measure(options: argparse.Namespace) -> Figures:
    """The figures."""
    held, width, wrong, cpu = [], [], 0, []
    for seed in range(options.companies):
        made = made_company(seed)
        begun = time.process_time()
        found = estimate(made)
        cpu.append(time.process_time() - begun)
        assert found.low is not None and found.high is not None and found.estimate is not None, found.why
        truth = made.truth
        held.append(found.low <= truth <= found.high)
        width.append((found.high - found.low) / max(abs(truth), 1.0))
        wrong += (found.low > 0 > truth) or (found.high < 0 < truth)
        if options.each:
            told = [value // 100 for value in (found.low, found.estimate, found.high)]
            print(seed, made.kind, made.since, round(truth / 100), told, held[-1])
    return {
        "companies": (float(len(held)), "companies"),
        "held": (sum(held) / len(held), "share"),
        "held_to_target": (LEAST / max(sum(held) / len(held), 1e-9), "ratio"),
        "width_to_truth": (statistics.median(width), "ratio"),
        "said_the_opposite": (float(wrong), "companies"),
        "cpu_an_estimate": (statistics.median(cpu), "s"),
    }


if __name__ == "__main__":
    main(
        measure,
        __doc__ or "",
        ("--companies", {"type": int, "default": 50}),
        ("--each", {"action": "store_true", "help": "print every company"}),
    )
