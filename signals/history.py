"""What the past says about series: voices and exposure of the baseline and of the windows that end today.

Knows rows and numbers of series only; what a series is (an issue by firmness, a matter) is its caller's affair.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from signals.detector.dispersion import same_day_pairs
from signals.detector.window_scan import WINDOWS
from signals.detector.youth import inflation_after
from signals.memory import SOURCES, Memory
from signals.settings import DetectorSettings

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class History:
    """Counts of n series before a day, and exposure in days of the sources that each series is heard through."""

    past: NDArray[np.int64]  # (n,) voices of the baseline, what founded the series left out
    past_exposure: Floats  # (n,) of the whole baseline
    life_exposure: Floats  # (n,) of its days after what founded each
    exposure: Floats  # (n,) of today
    window_voices: NDArray[np.int64]  # (n, len(WINDOWS)), before today
    window_exposure: Floats  # (n, len(WINDOWS)), today included
    born: NDArray[np.int64]  # (n,) ordinal of the day of the first voice of each, today where there is none
    followers: NDArray[np.int64]  # (n,) voices of the baseline after the day that founded the series
    pairs: NDArray[np.int64]  # (n,) Σ y(y − 1) of their days
    effective_days: Floats  # (n,) of those days: 1 ÷ Σp² where p is a day's share of their exposure
    inflation: float  # of what is expected of them today


def history(
    memory: Memory, day: date, exposure_today: Floats, settings: DetectorSettings, *,
    rows: NDArray[np.int64], series: NDArray[np.int64], n: int, is_first: NDArray[np.bool_],
) -> History:  # fmt: skip
    """The history of n series from their voices before `day`.

    rows: (n_voices,) rows of the memory, which may repeat; series: (n_voices,) the series of each; is_first:
    (n_voices,) whether it founded it. The last guard days are left out of the baseline.
    """
    today, days = day.toordinal(), memory.day[rows]
    cells = np.bincount(series * len(SOURCES) + memory.source[rows], minlength=n * len(SOURCES))
    shares = cells.reshape(n, len(SOURCES)).astype(float)
    shares /= np.maximum(shares.sum(axis=1, keepdims=True), 1.0)
    ordinals = np.array([d.toordinal() for d in memory.days], np.int64)
    in_baseline = (ordinals >= today - settings.baseline_days) & (ordinals < today - settings.guard_days)
    counted = (days < today - settings.guard_days) & (days >= today - settings.baseline_days) & ~is_first
    voices = [np.bincount(series[days > today - length], minlength=n) for length in WINDOWS]
    lately = [memory.exposures[ordinals > today - w].sum(axis=0) + exposure_today for w in WINDOWS]
    born = np.full(n, today, np.int64)
    np.minimum.at(born, series, days)  # a merged issue has several founders, and what founded one may be void
    after = counted & (days > born[series])
    lives, effective_days = _lives(memory.exposures[in_baseline], ordinals[in_baseline], shares, born)
    return History(
        np.bincount(series[counted], minlength=n), through(shares, memory.exposures[in_baseline].sum(axis=0)), lives,
        through(shares, exposure_today), np.stack(voices, axis=1),
        np.stack([through(shares, exposure) for exposure in lately], axis=1), born,
        np.bincount(series[after], minlength=n), same_day_pairs(series[after], days[after], n), effective_days,
        float(inflation_after(memory.days_heard, settings.inflation)),
    )  # fmt: skip


def through(shares: Floats, exposure: Floats) -> Floats:
    """Exposure of what is heard through each source with its share; shapes (…, n_sources) and (n_sources,).

    Summed source by source: a matrix product rounds its last digit as the processor's library does.
    """
    return np.asarray((shares * exposure).sum(axis=-1))


def _lives(
    exposures: Floats, ordinals: NDArray[np.int64], shares: Floats, born: NDArray[np.int64]
) -> tuple[Floats, Floats]:
    """Σe and 1 ÷ Σp² over the days after each series was born, shapes (n,); exposures: (n_days, n_sources).

    A day lets e = Σ_s share_s · exposure_s of a series be heard, p is its share of Σe; 1 ÷ Σp² is 1 where nothing could
    be heard, or no day has passed. Days ascending.
    """
    first = np.searchsorted(ordinals, born, side="right")
    sums, products = (_before_each_day(part) for part in (exposures, exposures[:, :, None] * exposures[:, None, :]))
    total = ((sums[-1] - sums[first]) * shares).sum(axis=1)
    square = np.einsum("ij,ijk,ik->i", shares, products[-1] - products[first], shares)
    return total, np.asarray(np.divide(total**2, square, out=np.ones_like(total), where=square > 0))


def _before_each_day(values: Floats) -> Floats:
    """Sums of the rows before each of n_days days and before the next one, shape (n_days + 1, …)."""
    return np.concatenate([np.zeros((1, *values.shape[1:])), np.cumsum(values, axis=0)])
