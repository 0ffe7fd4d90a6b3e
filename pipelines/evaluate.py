"""`jianwei evaluate`: score a replay against labelled events."""

import csv
import json
import math
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import Any

from signals.errors import InputError
from signals.evaluate import RaisedAlert, Score, fault_of, read_events, score

ROWS = (
    ("突发事件", "n_events", "{}"),
    ("其中预警到", "n_caught", "{}"),
    ("召回率", "burst_recall", "{:.3f}"),
    ("窗口内预警数", "n_alerts", "{}"),
    ("每周预警", "alerts_per_week", "{:.2f}"),
    ("准确率（下限）", "precision", "{:.3f}"),
    ("预警时已见诉求（中位）", "median_seen", "{:.1f}"),
    ("第三件当日结束时已有（中位）", "median_at_third", "{:.1f}"),
    ("距第三件诉求天数（中位）", "median_days_after_third", "{:.1f}"),
    ("尚未到来的诉求占比（中位）", "median_share_to_come", "{:.3f}"),
    ("成对 F1", "pairwise_f1", "{:.3f}"),
    ("成对准确率", "pairwise_precision", "{:.3f}"),
    ("成对召回率", "pairwise_recall", "{:.3f}"),
    ("B-cubed F1", "b_cubed_f1", "{:.3f}"),
)


def evaluate_command(folder: Path, events: Path, *, first: date | None, last: date | None, as_json: bool) -> int:
    """Print the score of the replay in `folder`. Returns 0."""
    found = evaluate(folder, events, first=first, last=last)
    if as_json:
        print(json.dumps(_defined(asdict(found)), ensure_ascii=False, indent=2, default=str))
        return 0
    for label, name, form in ROWS:
        print(f"{label}\t{form.format(getattr(found, name))}")
    for scope, its in found.by_scope.items():
        if scope:
            seen = f"预警时已见 {its.median_seen:.1f}（第三件当日结束时已有 {its.median_at_third:.1f}）"
            f1 = f"成对 F1 {its.pairwise_f1:.3f}，B-cubed F1 {its.b_cubed_f1:.3f}"
            print(f"范围 {scope}\t{its.n_caught}/{its.n_events}，{seen}，{f1}")
    print(f"未预警到\t{'、'.join(found.missed) or '无'}")
    return 0


def _defined(value: Any) -> Any:
    """The same with None for what is not a number, at any depth."""
    if isinstance(value, dict):
        return {key: _defined(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_defined(each) for each in value]
    return None if isinstance(value, float) and math.isnan(value) else value


def evaluate(folder: Path, events: Path, *, first: date | None, last: date | None) -> Score:
    """Score the files that a replay wrote. Raises InputError where one is missing or damaged."""
    try:
        lines = [json.loads(line) for line in (folder / "alerts.jsonl").read_text("utf-8").splitlines()]
        alerts = [RaisedAlert(date.fromisoformat(x["date"]), frozenset(map(str, x["report_ids"]))) for x in lines]
        with (folder / "assignments.csv").open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        assignments = {row["report_id"]: row["issue_id"] for row in rows}
        received = {row["report_id"]: datetime.fromisoformat(row["received_at"]).date() for row in rows}
        window = json.loads((folder / "replay.json").read_text("utf-8"))
        start = first or date.fromisoformat(window["first"])
        end = last or date.fromisoformat(window["last"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        sentence = f"{folder}: 不是一次完整的回放{fault_of(error)}。请先运行 jianwei replay --out {folder}。"
        raise InputError(sentence) from error
    if start > end:
        raise InputError(f"evaluate: 计分窗口从 {start} 到 {end} 是空的。请改正 --from 或 --to。")
    gold = read_events(events)
    if not any(i in received for event in gold for i in event.ids):
        raise InputError(f"{events}: 事件里的编号都不在回放里。请核对事件清单与文件是否对应。")
    return score(gold, alerts, assignments, received, first=start, last=end)
