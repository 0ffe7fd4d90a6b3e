"""How likely an issue is to escalate within 30 days: a logistic model of its factors of risk, fitted on other issues.

    log odds = base + sum over factors of weight × points ÷ 10,   weight ≥ 0

The factors stay those of `signals.risk`; only how much each weighs is learnt (`models.risk`). No weight is below zero,
so what the points call worse never lowers the chance.
"""

import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

from signals.errors import StateError
from signals.records import Factor

HORIZON_DAYS = 30
LEAST_ISSUES, LEAST_ESCALATED = 200, 40  # with outcomes, for a fit
UNIT = 10.0  # points of a factor that its weight is of
DIGITS = 4  # of a chance, so that the last ones of a processor are in no alert
LOWERING = ("近日无新增", "按时实质答复", "已达成调解")  # factors whose points are below 0
MEANING = f"在 {HORIZON_DAYS} 天内超期、被退回、回访未解决、重新打开，或答复后又有 2 位以上其他人反映"
KIND = "risk"  # of model versions
MODEL_FILE, QUALITY_FILE = "risk.json", "quality.json"  # in the folder of each


@dataclass(frozen=True, slots=True)
class Likelihood:
    """One fitted model."""

    version: str
    base: float  # log odds of an issue without any factor
    weights: Mapping[str, float]  # of ten points of each factor in log odds, ≥ 0; a factor that is not named weighs 0

    def of(self, factors: Sequence[Factor]) -> float:
        """The chance, in (0, 1), that an issue with these factors escalates within HORIZON_DAYS."""
        odds = self.base + sum(self.weights.get(f.name, 0.0) * f.points / UNIT for f in factors)
        return round(1 / (1 + math.exp(-odds)), DIGITS)


@dataclass(frozen=True, slots=True)
class Bin:
    """Issues of like chances on days: their number, mean chance, and the share that escalated."""

    n: int
    said: float
    seen: float


@dataclass(frozen=True, slots=True)
class Quality:
    """How good a model's chances are on issues that were left out of its fit; None where undefined."""

    n_issues: int
    n: int  # issues on days
    share: float  # that escalated
    auc: float | None
    points_auc: float | None  # of the sum of the points, which is what there was before
    average_precision: float | None
    recall: float | None  # of what escalated, among the tenth or so of the highest chances (`models.risk.FLAGGED`)
    brier_skill: float | None  # 1 − Brier score ÷ that of always saying the share; above 0 is better than that
    ece: float  # expected calibration error, over bins of equal size
    bins: tuple[Bin, ...]  # the lowest chances first
    gaps: Mapping[str, float]  # by district and source: mean chance − share that escalated


LikelihoodOn = Callable[[date], Likelihood | None]  # the model of a day, fitted on what was known before it alone


def uncalibrated(day: date) -> None:
    """For streams without a model: issues have points, and no chance."""


def risk_said(points: float, risk: float | None) -> str:
    """How escalation risk is told: points until it is calibrated, then the chance.

    >>> risk_said(23.4, None), risk_said(23.4, 0.337)
    ('23 分（未校准）', '34%（30 天内）')
    """
    return f"{points:.0f} 分（未校准）" if risk is None else f"{risk:.0%}（{HORIZON_DAYS} 天内）"


def write_likelihood(folder: Path, model: Likelihood, quality: Quality) -> None:
    """Write a model, and how good it is, into the folder of its version."""
    for name, record in ((MODEL_FILE, model), (QUALITY_FILE, quality)):
        content = json.dumps(asdict(record), ensure_ascii=False, indent=1)
        (folder / name).write_text(content + "\n", "utf-8")


def read_likelihood(folder: Path) -> Likelihood:
    """The model of a folder. Raises StateError where there is none, or it is none of ours."""
    path = folder / MODEL_FILE
    try:
        told = json.loads(path.read_text("utf-8"))
        weights = {str(name): float(weight) for name, weight in told["weights"].items()}
        model = Likelihood(str(told["version"]), float(told["base"]), weights)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise StateError(f"{path}: 风险模型读不出来（{error}）。请重新训练：jianwei retrain risk。") from error
    if not math.isfinite(model.base) or not all(0 <= weight < math.inf for weight in weights.values()):
        raise StateError(f"{path}: 风险模型的权重应是不小于 0 的数。请重新训练：jianwei retrain risk。")
    return model


def read_quality(folder: Path) -> Quality | None:
    """How good the model of a folder is; None where nothing says so. Raises StateError where that is none of ours."""
    path = folder / QUALITY_FILE
    if not path.is_file():
        return None
    try:
        told = json.loads(path.read_text("utf-8"))
        return Quality(**{**told, "bins": tuple(Bin(**one) for one in told["bins"])})
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise StateError(f"{path}: 校准的说明读不出来（{error}）。请重新训练：jianwei retrain risk。") from error
