"""One rule for every method: again on a series only at twice its reports of the last alert, or after quiet days."""

import numpy as np

from benchmarks.arrays import Bools, Ints
from signals.settings import DetectorSettings
from signals.suppression import WATCHED_DAYS

QUIET_DAYS = DetectorSettings().quiet_days
NEVER = -(10**6)


class Suppression:
    """What was shown of each series, and what may be shown next. `before`: (n, T + 1) counts before each day."""

    def __init__(self, counts: Ints, before: Ints) -> None:
        n, n_days = counts.shape
        days = np.where(counts > 0, np.arange(n_days), NEVER)
        self._last_voice = np.maximum.accumulate(days, axis=1)
        self._before = before
        self._alerted_at = np.zeros(n, np.int64)  # reports of 120 days at the last alert, 0 = never

    def hidden(self, series: Ints, t: int, most: Ints) -> Bools:
        """Outcomes of day t of which nothing would be shown; most: (len(series), k) the most reports of each."""
        n = self._recent(series, t)[:, None] + most
        return np.asarray((n < 2 * self._alerted_at[series][:, None]) & ~self._is_quiet(series, t)[:, None])

    def show(self, series: Ints, t: int) -> Ints:
        """Those of the alarmed series that are shown on day t; they are remembered."""
        now = self._before[series, t + 1] - self._before[series, max(t + 1 - WATCHED_DAYS, 0)]
        shown = (now >= 2 * self._alerted_at[series]) | self._is_quiet(series, t)
        self._alerted_at[series[shown]] = now[shown]
        return np.asarray(series[shown])

    def _recent(self, series: Ints, t: int) -> Ints:
        return np.asarray(self._before[series, t] - self._before[series, max(t + 1 - WATCHED_DAYS, 0)], np.int64)

    def _is_quiet(self, series: Ints, t: int) -> Bools:
        return np.asarray(t - self._last_voice[series, t - 1] >= QUIET_DAYS)
