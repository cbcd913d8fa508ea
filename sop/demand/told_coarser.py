"""Sales told by month in a company that plans in weeks: forecast as they were told, and shared as they were.

Weeks of a month that was told as one are alike whatever they were. A model of weeks takes the last of them for
a level that has stood for a month, and its errors for independent ones.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sop.core.calendar import Bucket, Calendar, first_day, period_of, periods_between, shift_period, working_share
from sop.core.inputs import Floats, Inputs

_ENOUGH = 0.7
"""A month of which this part of the working days is closed counts as closed: what is missing goes on as it was."""


class ToldCoarser:
    """The longer periods in which a company's sales were told, beside those in which it plans.

    `horizon`: longer periods to forecast; `season_length`: of them in a season.
    """

    def __init__(self, bucket: Bucket, closed: Sequence[str], calendar: Calendar) -> None:
        ahead = calendar.months
        first, last = (period_of(first_day(period), bucket) for period in (closed[0], ahead[-1]))
        found = periods_between(first, last)
        part = _working_days(found, (*closed, *ahead))
        known = part[:, : len(closed)].sum(axis=1)
        whole = np.flatnonzero(known >= _ENOUGH)
        begun, last_known = int(whole.min(initial=0)), int(whole.max(initial=0))
        days = _working_days((*closed, *ahead), found)[: len(closed), begun : last_known + 1]
        self._gather = days / np.maximum(known[begun : last_known + 1], _ENOUGH)
        self._share = part[last_known:, len(closed) :]
        self.horizon = len(found) - last_known - 1
        self.season_length = bucket.a_year

    def history(self, values: Floats) -> Floats:
        """Closed periods (n, H) as the longer ones they were told by; not-a-number where some is not known."""
        lost = (~np.isfinite(values)).astype(float) @ (self._gather > 0)
        return np.where(lost > 0, np.nan, np.nan_to_num(values) @ self._gather)

    def ahead(self, last: Floats, values: Floats) -> Floats:
        """Longer periods ahead (…, h) as those planned (…, T); `last` (…,): the one closed but for days."""
        return np.concatenate([last[..., None], values], axis=-1) @ self._share


def told_coarser(inputs: Inputs) -> ToldCoarser | None:
    """The longer periods in which all sales were told; None where it was the company's or shorter ones."""
    bucket, calendar = inputs.history.told_by, inputs.calendar
    if bucket is None or bucket.mean_days < 2 * calendar.mean_days:
        return None
    found = ToldCoarser(bucket, inputs.history.months, calendar)
    return found if found.horizon > 0 else None


def _working_days(of: Sequence[str], within: Sequence[str]) -> Floats:
    """The part of the working days of each of some periods that lie in each of others (of, within)."""
    spans = [(first_day(period), first_day(shift_period(period, 1))) for period in within]
    return np.array([[working_share(period, *span) for span in spans] for period in of])
