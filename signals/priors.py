"""What past issues and matters teach about new ones: their prior rates, and the pace of each kind of trouble.

A kind is the theme of what founded an issue, else the category that its export gave it. Refitted with the memory,
and every Monday: a young stream learns most in its first weeks.
"""

from datetime import date

import numpy as np
from numpy.typing import NDArray

from signals.detector.baseline import Floats, Prior, default_prior, fit_prior
from signals.memory import FOUNDER, GRADES, Memory

LIFE_DAYS = 120  # of an issue that are looked at
BACK_WEIGHT = 0.5  # of a report of the past year like an issue's founder, beside the founder itself
OWN_WORD = 0.7  # of the way from the mean of all voices to a firm grade's own, in logarithms
PACE_VOICES = 10.0  # follow-up voices by which the pace of a kind is drawn to 1


def refit_priors(memory: Memory, day: date) -> tuple[Prior, ...]:
    """The prior of each grade from all issues born before `day`: follow-up voices in LIFE_DAYS over days of life."""
    rows, issues, place, lives, within = _past(memory, day, memory.issue, memory.is_voice, memory.is_first)
    if not len(issues):
        return memory.priors
    followed = [np.bincount(place[within & memory.is_firm(rows, grade)], minlength=len(issues)) for grade in GRADES]
    loose, *firm = [
        fit_prior(y, lives, weights, default_prior(founder))
        for y, weights, founder in zip(followed, founders_of(memory, issues), FOUNDER, strict=True)
    ]
    return loose, *(drawn(prior, founder, loose) for prior, founder in zip(firm, FOUNDER[1:], strict=True))


def drawn(firm: Prior, founder: float, loose: Prior) -> Prior:
    """The prior of a firm grade, its mean for a newborn issue drawn, in logarithms, towards that of all voices.

    founder: its weight at the firm grade. Firm links of real reports come in closer bunches than a Gamma rate allows:
    one text handed round, one meeting. Two of them are therefore less surprising than their own rate says. How far was
    chosen on the development half.

    >>> drawn(Prior(0.25, 40.0), 0.75, Prior(0.5, 10.0))
    Prior(a0=0.25, b0=26.390158)
    """
    of_all, own = loose.b0 / (loose.a0 + FOUNDER[0]), firm.b0 / (firm.a0 + founder)
    return Prior(firm.a0, round(of_all ** (1.0 - OWN_WORD) * own**OWN_WORD * (firm.a0 + founder), 6))


def founders_of(memory: Memory, issues: NDArray[np.int64]) -> Floats:
    """As how many voices what founded each issue counts, reports before it that were like it included.

    Shape (len(GRADES), n), grade by grade.
    """
    back = np.array([memory.back_count.get(issue, 0) for issue in issues.tolist()], float)
    return np.asarray(np.add.outer(FOUNDER, BACK_WEIGHT * back))


def refit_matter_prior(memory: Memory, day: date) -> Prior:
    """The prior of matters, likewise."""
    _, matters, place, lives, within = _past(memory, day, memory.matter, memory.matter_voice, memory.matter_first)
    return fit_prior(np.bincount(place[within], minlength=len(matters)), lives) if len(matters) else memory.matter_prior


def refit_paces(memory: Memory, day: date) -> dict[int, float]:
    """How fast issues of each kind gather voices, 1 = as all issues do, by number of the kind; from before `day`.

    (y + PACE_VOICES) ÷ (what all issues would have brought in their days of life + PACE_VOICES), with y the follow-up
    voices of the kind: the mean of a Gamma-Poisson posterior whose prior mean is 1 (Clayton and Kaldor 1987, Biometrics
    43:671, who so smooth the ratios of areas).
    """
    _, issues, place, lives, within = _past(memory, day, memory.issue, memory.is_voice, memory.is_first)
    kinds, of = np.unique(_kinds(memory, issues), return_inverse=True)
    followed = np.bincount(place[within], minlength=len(issues))
    seen, days = np.bincount(of, weights=followed), np.bincount(of, weights=lives)
    usual = days * followed.sum() / max(lives.sum(), 1.0)
    paces = (seen + PACE_VOICES) / (usual + PACE_VOICES)
    return {kind: round(pace, 6) for kind, pace in zip(kinds.tolist(), paces.tolist(), strict=True) if kind}


def paces_of(memory: Memory, issues: NDArray[np.int64]) -> Floats:
    """The pace of each issue's kind, 1 where that is not known; shape (len(issues),)."""
    by_kind = np.ones(len(memory.kinds))
    by_kind[list(memory.paces)] = list(memory.paces.values())
    return np.asarray(by_kind[_kinds(memory, issues)])


def _kinds(memory: Memory, issues: NDArray[np.int64]) -> NDArray[np.int64]:
    """The kind of each issue's oldest report, 0 when there is none."""
    oldest = [members[0] if (members := memory.members.get(issue)) else -1 for issue in issues.tolist()]
    return np.append(memory.kind, 0)[oldest]


def _past(
    memory: Memory, day: date, group: NDArray[np.int64], is_voice: NDArray[np.bool_], is_first: NDArray[np.bool_]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], Floats, NDArray[np.bool_]]:
    """Voices before a day, their groups, the place of each voice's group, days of life, and who followed in time.

    group: (n,) of each row, an issue or a matter, whose voices and first voices the flags are.
    """
    today = day.toordinal()
    rows = np.flatnonzero(is_voice & ~memory.void & (memory.day < today))
    groups, place = np.unique(group[rows], return_inverse=True)
    born = np.full(len(groups), today, np.int64)
    np.minimum.at(born, place, memory.day[rows])
    lives = np.minimum(today - born, LIFE_DAYS).astype(float)
    within = (memory.day[rows] - born[place] <= LIFE_DAYS) & ~is_first[rows]
    return rows, groups, place, lives, within
