"""The READMEs' tables of what was measured, out of results/*.json; `python -m tests.doc_tables` writes them.

What has not been measured is a dash.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.recording import RESULTS, Cell, Table, read

STREAMS = (("sample_replay", "data/samples"), ("real_replay", "petitions"), ("real_replay", "hotline"))
SHUFFLES = ("year", "60d")
MISSING = "–"
Row = Mapping[str, Cell]


@dataclass(frozen=True)
class Language:
    """Headings, what each stream is called, and how a share of events and the F1 of specific events are said."""

    measured: str
    shuffled: str
    names: Mapping[str, str]
    of: str
    specific: str


ENGLISH = Language(
    "| reports | planted or labelled bursts alerted | alerts a week | precision | reports seen at the alert (median)"
    " | days after the third report (median) | pairwise F1 | seconds | memory |",
    "| reports | shuffled year-wide | within about 60 days |",
    {"data/samples": "`data/samples`: 4,008 simulated", "petitions": "2,109 petitions of a city, first half of 2019",
     "hotline": "3,209 hotline orders of another city, six weeks of 2018"},
    "{} of {}", " (specific events {})",
)  # fmt: skip
CHINESE = Language(
    "| 诉求 | 已预警的突发事件 | 每周预警 | 准确率 | 预警时已见诉求（中位） | 距第三件诉求天数（中位）"
    " | 成对 F1 | 秒 | 内存 |",
    "| 诉求 | 全年打乱 | 前后 60 天内打乱 |",
    {"data/samples": "`data/samples`：模拟 4,008 件", "petitions": "某市信访件 2,109 件，2019 年上半年",
     "hotline": "另一城市热线工单 3,209 件，2018 年六周"},
    "{}/{}", "（地点明确的事 {}）",
)  # fmt: skip


def measured(language: Language, folder: Path = RESULTS) -> str:
    """What replays with the default budget came to, a row a stream."""
    rows = [[language.names[stream], *_replayed(language, folder / f"{name}.json", stream)] for name, stream in STREAMS]
    return _page(language.measured, rows)


def shuffled(language: Language, folder: Path = RESULTS) -> str:
    """Realized ÷ budget of each real stream, by shuffle."""
    found = {(row["stream"], row["shuffled"]): row for row in _rows(folder / "shuffled.json", 0)}
    rows = []
    for _, stream in STREAMS[1:]:
        ratios = [found.get((stream, shuffle), {}).get("realized ÷ budget", MISSING) for shuffle in SHUFFLES]
        rows.append([language.names[stream], *map(_short, ratios)])
    return _page(language.shuffled, rows)


def _replayed(language: Language, path: Path, stream: str) -> list[str]:
    row = next((row for row in _rows(path, 0) if _is(row, stream)), None)
    if row is None:
        return [MISSING] * 8
    specific = (each for each in _rows(path, 1) if each["scope"] == "specific" and _is(each, stream))
    f1 = _short(row["pairwise F1"])
    f1 += "".join(language.specific.format(_short(each["pairwise F1"])) for each in specific)
    return [
        language.of.format(row["alerted"], row["bursts"]), f"{row['alerts a week']:.1f}",
        f"≥ {_short(row['precision, lower bound'])}", _plain(row["reports seen, median"]), _plain(row["days after it"]),
        f1, f"{row['seconds']:.0f}", f"{round(float(row['peak MB']), -1):.0f} MB",
    ]  # fmt: skip


def _rows(path: Path, place: int) -> list[Row]:
    """The rows of one table of a result by column, none where it was not measured."""
    tables: Sequence[Table] = read(path).tables if path.is_file() else ()
    return [dict(zip(table.columns, row, strict=True)) for table in tables[place : place + 1] for row in table.rows]


def _is(row: Row, stream: str) -> bool:
    return row["stream"] == stream and row["budget"] == "default"


def _short(cell: Cell) -> str:
    """A share with two digits and no nought before the point."""
    return cell if isinstance(cell, str) else f"{cell:.2f}".removeprefix("0")


def _plain(cell: Cell) -> str:
    return cell if isinstance(cell, str) else f"{cell:g}"


def _page(head: str, rows: list[list[str]]) -> str:
    rule = "|" + "---|" * (head.count("|") - 1)
    return "\n".join([head, rule, *("| " + " | ".join(row) + " |" for row in rows)])
