"""Draws written by hand: what each draw of a plan comes to, without planning anything."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from sop.analysis.ranges.draws import Draws
from sop.core.inputs import Floats


def drawn(
    base: Mapping[str, Floats], moved: Mapping[str, Sequence[float]], months: int = 12, **scores: Sequence[float]
) -> Draws:
    """The draws of a plan whose paths (T,) are `base`: in each, a path is moved by so much in every month.

    `scores`: by risk, how much of it each draw has.
    """
    count = len(next(iter(moved.values())))
    paths = {key: np.repeat(np.asarray(path, dtype=float)[None], count, axis=0) for key, path in base.items()}
    for key, by in moved.items():
        paths[key] = paths[key] + np.asarray(by, dtype=float)[:, None]
    columns = np.array([list(values) for values in scores.values()]).T.reshape(count, len(scores))
    return Draws(dict(base), paths, columns, tuple(scores), 12, min(months, 2))
