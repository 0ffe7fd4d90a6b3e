"""`jianwei replay`: run files of the past day by day in a warehouse of their own, and write the results."""

from datetime import date, datetime
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from pipelines.likelihood_source import fitted_monthly
from signals.aiming import aim, is_too_quiet, largest
from signals.clock import LOCAL
from signals.errors import InputError
from signals.replay import Replayed, record_realized, replay
from signals.runner import DayDone
from signals.settings import Settings
from signals.shuffling import Shuffle


def replay_command(
    files: list[Path],
    out: Path,
    settings: Settings,
    *,
    first: date | None,
    last: date | None,
    shuffle: Shuffle | None = None,
    record: Path | None = None,
) -> int:
    """Replay and say what it came to; a bar on a terminal, a line a month elsewhere. Returns 0.

    record: the warehouse that is to keep the measured realized ÷ budget of a shuffled replay.
    """
    if record and not shuffle:
        raise InputError("--record: 只有 --shuffle 的回放才有可记录的实测值。请加上 --shuffle year。")
    if record and not record.is_file():
        raise InputError(f"--record: 没有数据仓库 {record}。请检查路径。")
    done = _replayed(files, out, settings, first=first, last=last, shuffle=shuffle)
    print(
        f"{out}: {done.n_reports} 件诉求（隔离 {done.n_quarantined} 行），"
        f"{done.first} 至 {done.last} 预警 {done.n_alerts} 条，"
        f"每周 {done.alerts_per_week:.2f} 条；导入 {done.seconds_ingest:.1f} 秒，运行 {done.seconds_run:.1f} 秒，"
        f"内存峰值 {done.peak_memory_mb:.0f} MB。"
    )
    if shuffle and done.realized_over_budget is not None:
        print(
            f"日期已打乱（{shuffle.name}，种子 {shuffle.seed}），其中的预警都出于偶然："
            f"实测÷预算 {done.realized_over_budget:.2f}。"
        )
        if record:
            record_realized(record, done, shuffle, measured_at=datetime.now(LOCAL))
            print(f"{record}: 已记入，日报与看板从此随承诺一起显示。")
    return 0


def aim_command(
    files: list[Path], out: Path, settings: Settings, *, alerts_per_week: float, first: date | None, last: date | None
) -> int:
    """Replay with several budgets; say which brings no more alerts a week, and leave its results in `out`. Returns 0.

    Raises InputError where each brings more, or each far less.
    """

    def rate(budget: float) -> float:
        done = _replayed(files, out, _with_budget(settings, budget), first=first, last=last)
        print(f"预算 {budget:g}：{done.first} 至 {done.last} 每周 {done.alerts_per_week:.2f} 条预警。", flush=True)
        return done.alerts_per_week

    tried = aim(rate, alerts_per_week)
    found = largest(tried, alerts_per_week)
    if found is None:
        raise InputError(
            f"--alerts-per-week: 预算降到 {tried[-1].false_alerts_per_day:g} 仍超过每周 {alerts_per_week:g} 条。"
            f"请给更大的数；{out} 里是最后一次回放的预警。"
        )
    if is_too_quiet(tried, alerts_per_week):
        raise InputError(
            f"--alerts-per-week: 预算加到 {found.false_alerts_per_day:g} 每周也只有 {found.alerts_per_week:.2f} 条："
            "这段过去太短或太安静，选不出预算。请给更长的过去，或不设 false_alerts_per_day。"
        )
    if found != tried[-1]:
        _replayed(files, out, _with_budget(settings, found.false_alerts_per_day), first=first, last=last)
    print(
        f"这段时间里，预算 {found.false_alerts_per_day:g} 平均每周预警 {found.alerts_per_week:.2f} 条"
        f"（要求不超过 {alerts_per_week:g} 条），结果在 {out}。采用它：在 jianwei.toml 写入\n"
        f"[detector]\nfalse_alerts_per_day = {found.false_alerts_per_day:g}"
    )
    return 0


def _with_budget(settings: Settings, budget: float) -> Settings:
    detector = settings.detector.model_copy(update={"false_alerts_per_day": budget})
    return settings.model_copy(update={"detector": detector})


def _replayed(
    files: list[Path], out: Path, settings: Settings, *, first: date | None, last: date | None,
    shuffle: Shuffle | None = None,
) -> Replayed:  # fmt: skip
    """Replay with a bar on a terminal, a line a month elsewhere."""
    console = Console(stderr=True)
    columns = (TextColumn("回放 {task.fields[day]}"), BarColumn(), TextColumn("{task.completed}/{task.total} 天"))
    with Progress(*columns, TimeRemainingColumn(), console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task("", total=None, day="")

        def on_day(done: DayDone, i: int, n: int) -> None:
            bar.update(task, completed=i, total=n, day=str(done.result.day))
            if not console.is_terminal and done.result.day.day == 1:
                print(f"已回放到 {done.result.day}（{i}/{n} 天）", flush=True)

        return replay(files, out, settings, first=first, last=last, shuffle=shuffle,
                      likelihoods=fitted_monthly(settings), on_day=on_day)  # fmt: skip
