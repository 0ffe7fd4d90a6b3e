"""`jianwei ingest`: take in exports and say, file by file, what came of it; `--check` shows how one would be read."""

import secrets
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.progress import Progress, TextColumn, TimeElapsedColumn

from pipelines.auditing import note
from signals.clock import LOCAL
from signals.complainants import site_key
from signals.errors import InputError
from signals.gazetteer import load_gazetteer
from signals.ingest import How, Ingested, OnRows, Refused, Skipped, ingest_paths
from signals.previewing import Preview
from signals.reading.fields import FIELD_NAMES, known_field
from signals.records import KIND_NAMES, SOURCE_NAMES, Rejected
from signals.redaction import redact
from signals.settings import Settings
from signals.staging import StagedReport

_SHOWN_OF_HISTORY = 5
_SHOWN_CHARACTERS = 60


def ingest_command(
    paths: list[Path], settings: Settings, *, source: str | None = None, history: bool = False, check: bool = False,
    columns: Sequence[str] = (),
) -> int:  # fmt: skip
    """Take in files and folders; a line a file, watch rows below it. Returns 0, or 1 where a file was refused."""
    key = secrets.token_bytes(32) if check else site_key(settings)  # of hashes that a check does not keep
    given = columns_given(columns)
    for path in paths:
        note(settings, "check" if check else "ingest", f"file:{redact(path.name)}")
    n_files = n_refused = 0
    with _progress() as on_rows:
        how = How(settings, key, source, given, history, check=check, on_rows=on_rows)
        for outcome in ingest_paths(paths, how):
            if isinstance(outcome, Skipped):
                print(f"跳过 {outcome.file_name}")
            elif isinstance(outcome, Refused):
                n_refused += 1
                print(outcome.reason, file=sys.stderr, flush=True)
            else:
                n_files += 1
                print(summary_line(outcome, check=check), flush=True)
                if outcome.already and given:
                    print("  --column 没有用上：收过的文件不再重读。请在导入下一份导出时给。")
                _print_rest(outcome, settings, history=history)
    if not n_files and not n_refused:
        print(f"{paths[0]}: 没有可导入的文件")
    if n_refused:
        print(f"{n_refused} 个文件没有收，其余的都收了。请按提示改正后重新导入。", file=sys.stderr)
    return 1 if n_refused else 0


def columns_given(pairs: Sequence[str]) -> dict[str, str]:
    """`列名=字段` as header → field. Raises InputError, or SettingsError with the nearest field."""
    given = {}
    for pair in pairs:
        header, equals, field = pair.rpartition("=")
        if not equals or not header.strip():
            raise InputError(f"--column: 写法不对；得到 {pair!r}；应为 列名=字段，如 事情经过=body。请改正。")
        given[header.strip()] = known_field(f"--column {header.strip()}", field.strip())
    return {header: str(field) for header, field in given.items()}


def summary_line(outcome: Ingested, *, check: bool = False) -> str:
    """One Chinese line about one file."""
    where = f"{outcome.file_name}（{SOURCE_NAMES[outcome.source]}）"
    if outcome.already:
        return f"{where}: 已经收过，没有改动"
    counts = f"{outcome.n_rows} 行，新增 {outcome.n_new}，更新 {outcome.n_changed}，相同 {outcome.n_same}"
    gone = f"，已删除不再收 {outcome.n_erased}" if outcome.n_erased else ""
    bad = f"{gone}，隔离 {outcome.n_quarantined}"
    bad += "（jianwei quarantine 查看原因）" if outcome.n_quarantined and not check else ""
    return f"{where}: {'只检查，未写入；' if check else ''}{counts}{bad}"


def preview_lines(preview: Preview) -> Iterator[str]:
    """How a file would be read: columns, the first rows redacted, the first refusals."""
    yield "  列怎么读："
    for header, field in preview.columns.items():
        yield f"    {header} → {f'{FIELD_NAMES[field]}（{field}）' if field else '不读'}"
    yield f"  脱敏后的前 {len(preview.rows)} 行："
    yield from (f"    {row_line(row)}" for row in preview.rows)
    if preview.rejected:
        yield f"  会进隔离区的前 {len(preview.rejected)} 行："
        yield from (f"    {refusal_line(row)}" for row in preview.rejected)


def row_line(staged: StagedReport) -> str:
    """A redacted row on one line: its number in the file, id, time, kind, place, text."""
    report = staged.report
    said = " ".join(f"{report.title} {report.body}".split())
    text = said[:_SHOWN_CHARACTERS] + ("…" if len(said) > _SHOWN_CHARACTERS else "")
    at = f"{report.received_at.astimezone(LOCAL):%Y-%m-%d %H:%M}"
    where = f"第 {staged.row_number} 行"
    parts = (where, report.report_id, at, KIND_NAMES[report.kind], report.area + report.town, text)
    return "  ".join(part for part in parts if part)


def refusal_line(row: Rejected) -> str:
    """Where a refused row stands, and why."""
    sheet, column = f"[{row.sheet}]" if row.sheet else "", f" {row.column}:" if row.column else ":"
    return f"{row.file_name}{sheet} 第 {row.row_number} 行{column} {row.reason}"


@contextmanager
def _progress() -> Iterator[OnRows]:
    """A counter of rows on a terminal, nothing elsewhere."""
    console = Console(stderr=True)
    columns = (TextColumn("导入 {task.fields[name]}  {task.completed} 行"), TimeElapsedColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal, transient=True) as bar:
        task = bar.add_task("", total=None, name="")
        yield lambda name, n: bar.update(task, completed=n, name=name)


def _print_rest(outcome: Ingested, settings: Settings, *, history: bool) -> None:
    if outcome.missing:
        print(f"  以前的导出有、这次没有的列：{'、'.join(outcome.missing)}。请核对导出设置。")
    for line in preview_lines(outcome.preview) if outcome.preview else ():
        print(line)
    _print_watches(outcome, settings, history=history)


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
    if watches and not history and not outcome.preview:
        print("  请立即电话通知责任单位。")
