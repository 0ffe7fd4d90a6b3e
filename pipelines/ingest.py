"""`jianwei ingest`: take in exports and say, file by file, what came of it."""

from pathlib import Path

from signals.clock import LOCAL
from signals.complainants import site_key
from signals.gazetteer import load_gazetteer
from signals.ingest import Ingested, Skipped, ingest_paths
from signals.records import SOURCE_NAMES
from signals.settings import Settings

_SHOWN_OF_HISTORY = 5


def ingest_command(
    paths: list[Path],
    *,
    settings: Settings,
    source: str | None = None,
    history: bool = False,
    check: bool = False,
) -> int:
    """Take in files and folders; a line a file, watch rows below it. Returns 0."""
    key = site_key(settings)
    n_files = 0
    for outcome in ingest_paths(paths, settings=settings, key=key, source=source, history=history, check=check):
        if isinstance(outcome, Skipped):
            print(f"跳过 {outcome.file_name}")
            continue
        n_files += 1
        print(summary_line(outcome, check=check), flush=True)
        _print_watches(outcome, settings, history=history)
    if not n_files:
        print(f"{paths[0]}: 没有可导入的文件")
    return 0


def summary_line(outcome: Ingested, *, check: bool = False) -> str:
    """One Chinese line about one file."""
    where = f"{outcome.file_name}（{SOURCE_NAMES[outcome.source]}）"
    if outcome.already:
        return f"{where}: 已经收过，没有改动"
    counts = f"{outcome.n_rows} 行，新增 {outcome.n_new}，更新 {outcome.n_changed}，相同 {outcome.n_same}"
    bad = f"，隔离 {outcome.n_quarantined}" + ("（jianwei quarantine 查看原因）" if outcome.n_quarantined else "")
    return f"{where}: {'只检查，未写入；' if check else ''}{counts}{bad}"


def _print_watches(outcome: Ingested, settings: Settings, *, history: bool) -> None:
    """Every watch row of a live import; of a history only the newest few, with the number."""
    watches = outcome.watches[-_SHOWN_OF_HISTORY:] if history else outcome.watches
    gazetteer = load_gazetteer(settings.gazetteer) if watches else None
    if len(watches) < len(outcome.watches):
        print(f"  即时关注共 {len(outcome.watches)} 件，最近 {len(watches)} 件：")
    for line in watches:
        place = f"{gazetteer.area_name(line.area)}{line.town}" if gazetteer else ""
        at = line.watch.known_at.astimezone(LOCAL)
        named = f"{line.watch.danger}「{line.watch.words}」 {place}".rstrip()
        print(f"  即时关注 {named} {line.watch.report_key} {at:%Y-%m-%d %H:%M}")
    if watches and not history:
        print("  请立即电话通知责任单位。")
