"""`jianwei replay`: run files of the past day by day in a warehouse of their own, and write the results."""

from datetime import date
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from signals.replay import replay
from signals.runner import DayDone
from signals.settings import Settings


def replay_command(files: list[Path], out: Path, settings: Settings, *, first: date | None, last: date | None) -> int:
    """Replay and say what it came to; a bar on a terminal, a line a month elsewhere. Returns 0."""
    console = Console(stderr=True)
    columns = (TextColumn("回放 {task.fields[day]}"), BarColumn(), TextColumn("{task.completed}/{task.total} 天"))
    with Progress(*columns, TimeRemainingColumn(), console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task("", total=None, day="")

        def on_day(done: DayDone, i: int, n: int) -> None:
            bar.update(task, completed=i, total=n, day=str(done.result.day))
            if not console.is_terminal and done.result.day.day == 1:
                print(f"已回放到 {done.result.day}（{i}/{n} 天）", flush=True)

        done = replay(files, out, settings, first=first, last=last, on_day=on_day)
    print(
        f"{out}: {done.n_reports} 件诉求（隔离 {done.n_quarantined} 行），"
        f"{done.first} 至 {done.last} 预警 {done.n_alerts} 条，"
        f"每周 {done.alerts_per_week:.2f} 条；导入 {done.seconds_ingest:.1f} 秒，运行 {done.seconds_run:.1f} 秒，"
        f"内存峰值 {done.peak_memory_mb:.0f} MB。"
    )
    return 0
