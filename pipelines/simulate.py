"""`jianwei simulate`: write a simulated city with known truth."""

from datetime import date
from pathlib import Path

from signals.simulate import SimulationSettings, simulate


def simulate_command(*, seed: int, days: int, first: date, reports_per_day: float, out: Path) -> int:
    """Write the city into `out` and say what is planted; the exit code."""
    settings = SimulationSettings(seed=seed, n_days=days, first_on=first, reports_per_day=reports_per_day)
    truth = simulate(settings, out)
    bursts = [event for event in truth.events if event.kind == "burst"]
    print(
        f"已写入 {out}：{days} 天，埋设事件 {len(bursts)} 起、长期问题点 {len(truth.events) - len(bursts)} 处、"
        f"干扰项 {len(truth.decoys)} 组。说明见 {out / 'README.md'}，答案见 {out / 'truth.json'}。"
    )
    return 0
