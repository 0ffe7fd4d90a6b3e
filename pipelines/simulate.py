"""`jianwei simulate`: write a simulated city with known truth, and on request measure how hard it is."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from signals.errors import InputError
from signals.simulate import SimulationSettings, Truth, Wording, simulate


@dataclass(frozen=True, slots=True)
class City:
    """What the command line asks for."""

    seed: int
    n_days: int
    first_on: date
    reports_per_day: float
    n_extra_incidents: int
    wording: str


def simulate_command(city: City, out: Path, *, hardness: bool = False) -> int:
    """Write the city into `out` and say what is planted; the exit code."""
    if city.wording not in list(Wording):
        raise InputError(f"simulate: --wording 得到 {city.wording}；应为 {'、'.join(Wording)} 之一。请改正后重试。")
    settings = SimulationSettings(
        city.seed, city.n_days, city.first_on, city.reports_per_day, city.n_extra_incidents, Wording(city.wording)
    )
    truth = simulate(settings, out)
    bursts = [event for event in truth.events if event.kind == "burst"]
    print(
        f"已写入 {out}：{city.n_days} 天，埋设事件 {len(bursts)} 起、长期问题点 {len(truth.events) - len(bursts)} 处、"
        f"干扰项 {len(truth.decoys)} 组。说明见 {out / 'README.md'}，答案见 {out / 'truth.json'}。"
    )
    if hardness:
        _print_hardness(out, truth)
    return 0


def _print_hardness(out: Path, truth: Truth) -> None:
    from signals.simulate.hardness import REAL, hazard_auc, measure_hardness

    measured = measure_hardness(out)
    print(f"难度（{len(truth.events)} 起已知事件；对照为真实信访半年与真实热线）：")
    print(f"  同事件配对 F1：全部 {measured.f1:.3f}，信访 {measured.petitions.f1:.3f}（真实 {REAL.petitions.f1:.3f}），"
          f"热线 {measured.calls.f1:.3f}（真实 {REAL.calls.f1:.3f}）")  # fmt: skip
    print(f"  事件内相似度中位数：信访 {measured.petitions.similarity:.3f}（真实 {REAL.petitions.similarity:.3f}），"
          f"热线 {measured.calls.similarity:.3f}（真实 {REAL.calls.similarity:.3f}）")  # fmt: skip
    print(f"  真实风险率预测升级的 AUC：{hazard_auc():.3f}（应为 0.90 ± 0.01）")
