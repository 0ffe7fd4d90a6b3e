"""数据与模型: runs, quarantine, drift, model versions and the measured promise, for modelers and operators."""

from datetime import date, timedelta

import streamlit as st

from board.answers import ask
from board.charts_models import budget_points, day_bars, delay_lines, week_line
from board.charts_risk import reliability, weight_bars
from board.drawing import draw
from board.marks import Html, notice, tag, text
from board.models_parts import (
    drift_head,
    gap_line,
    how_to_repair,
    model_table,
    settings_table,
    standing_tiles,
    waiting_table,
)
from board.page import NO_AUDIT, Page, open_page
from board.quality_parts import reason_table, rejected_table, run_table
from board.queries_models import (
    ModelRow,
    drift_weeks,
    measured_budgets,
    model_rows,
    settings_spans,
    source_delays,
    standing,
    waiting_files,
)
from board.queries_quality import recent_runs, rejected_rows, rejection_reasons
from board.queries_words import LEARNING_DAYS, new_words
from board.sheet import show
from signals.errors import StateError
from signals.likelihood import (
    HORIZON_DAYS,
    KIND,
    LEAST_ESCALATED,
    LEAST_ISSUES,
    MEANING,
    read_likelihood,
    read_quality,
)

DAYS = 30
WEEKS = 26


def main() -> None:
    purpose = "批次跑得怎样，哪些行在等改正，数据变了没有，用的是哪个模型，承诺守住没有。"
    page = open_page("数据与模型", purpose, of_city=True)
    measured = ask(page.settings, measured_budgets)
    spans = ask(page.settings, settings_spans)
    show(standing_tiles(ask(page.settings, standing), spans, next(iter(measured), None)))
    show_runs(page)
    show_quarantine(page)
    show_drift(page)
    show(tag("h2", "模型版本"))
    models = ask(page.settings, model_rows)
    if models:
        show(model_table(models, page.settings.models_folder))
        show(muted("某一天用的是在它之前训练的最新现行版本。"
                   "启用候选：jianwei models promote；退回：jianwei models rollback。"))  # fmt: skip
    else:
        show(notice("还没有模型", "主题和编码器由建模员训练：jianwei retrain themes。",
                    "没有模型时，见微照常找议题、发预警，只是没有主题。"))  # fmt: skip
    show_calibration(page, models)
    show(tag("h2", "承诺的预算守住没有（打乱日期的重放）"))
    if any(one.ratio is not None for one in measured):
        draw("budgets", budget_points, measured)
        show(muted("日期打乱之后不再有真的苗头，这时的预警都是偶然；实测 ÷ 预算不超过 1，就是守住了承诺。"))
    else:
        show(muted("尚未测定。打乱日期重放一遍并记下：jianwei replay --shuffle --record。"))
    show(tag("h2", "设置"))
    show(settings_table(spans))


def show_calibration(page: Page, models: tuple[ModelRow, ...]) -> None:
    """How well the newest chances of escalating hold on issues left out of their fit, and what weighs in them."""
    show(tag("h2", "矛盾风险校准得怎样"))
    newest = next((model for model in models if model.kind == KIND and model.status == "current"), None)
    folder = page.settings.models_folder / newest.path if newest else None
    if newest is None or folder is None or not folder.is_dir():
        least = f"{LEAST_ISSUES} 个议题满 {HORIZON_DAYS} 天、其中 {LEAST_ESCALATED} 个升级过才可校准"
        show(muted(f"还没有校准，风险只有分值。{least}：jianwei retrain risk。"))
        return
    try:
        fitted, quality = read_likelihood(folder), read_quality(folder)
    except StateError as error:
        show(tag("p", text(str(error)), "jw-warning"))
        return
    show(muted(f"{newest.version}：{MEANING}的可能。{newest.notes}。"))
    left, right = st.columns(2, gap="large")
    with left:
        if quality:
            show(drift_head("说的可能性与实际", "在没有参与训练的议题上；虚线上的点说得正好，线下的说高了"))
            draw("reliability", reliability, quality)
    with right:
        about = "同一因素每 10 分，升级的比数（升级 ÷ 不升级）乘以多少；灰色的因素减分，比数除以多少"
        show(drift_head("各因素的轻重", about))
        draw("weights", weight_bars, fitted.weights)
    if quality and quality.gaps:
        show(gap_line(page.gazetteer, quality.gaps))


def show_runs(page: Page) -> None:
    """The last days: how long they took, what they raised, how late the sources were."""
    day = page.newest.day
    first = day - timedelta(days=DAYS - 1)
    runs = tuple(run for run in ask(page.settings, recent_runs, limit=DAYS) if run.day >= first)
    show(tag("h2", text(f"批次（近 {DAYS} 天）")))
    left, middle, right = st.columns(3)
    with left:
        show(drift_head("用时（秒）", "一天算了多久"))
        draw("seconds", day_bars, [(run.day, run.seconds) for run in runs], "秒", first=first, last=day)
    with middle:
        show(drift_head("新预警（条）", "当天新发的"))
        draw("alerts", day_bars, [(run.day, run.n_alerts) for run in runs], "条", first=first, last=day)
    with right:
        show(drift_head("来源迟到（天）", "从收到到知道，当日中位"))
        draw("delays", delay_lines, ask(page.settings, source_delays, day, days=DAYS), first=first, last=day)
    with st.expander(f"逐日数字（{len(runs)} 天）"):
        show(run_table(runs))


def show_quarantine(page: Page) -> None:
    """Rows that wait, by reason and by file; their redacted cells on request, after an audit line."""
    show(tag("h2", "隔离的行"))
    reasons = ask(page.settings, rejection_reasons)
    if not reasons:
        show(muted("没有被隔离的行。"))
        return
    show(reason_table(reasons))
    show(waiting_table(ask(page.settings, waiting_files)))
    show(how_to_repair())
    if not page.viewer.may_read("view_quarantine"):
        show(muted("隔离的行还没有认出区划，内容只对市级的研判员和运维账号开放。"))
        return
    names = [reason.reason for reason in reasons]
    picked = st.selectbox("查看某一原因的行（最新的在前，内容已脱敏，查看会留痕）", [None, *names], key="reason",
                          format_func=lambda name: name or "不查看")  # fmt: skip
    if picked is None:
        return
    rows = ask(page.settings, rejected_rows, page.viewer, picked)
    if page.may_show("view_quarantine", f"reason:{names.index(picked)}", len(rows)):
        show(rejected_table(rows))
    else:
        show(muted(f"{NO_AUDIT}。"))


def show_drift(page: Page) -> None:
    """Whether the stream is still the one that the engine learnt from, a point a week."""
    day = page.newest.day
    weeks = ask(page.settings, drift_weeks, day, weeks=WEEKS)
    show(tag("h2", text(f"数据漂移（近 {WEEKS} 个整周，每周一个点）")))
    if not weeks:
        show(muted("还没有算过一个整周。"))
        return
    words = ask(page.settings, new_words, day, weeks=WEEKS)
    span = (weeks[0].week_on, weeks[-1].week_on + timedelta(days=6))
    lines: tuple[tuple[str, str, list[tuple[date, float]], str], ...] = (
        ("不知区县", "占当周诉求", [(one.week_on, one.no_place) for one in weeks], ""),
        ("没有主题", "占当周诉求；升高说明该重新训练主题",
         [(one.week_on, one.no_theme) for one in weeks if one.no_theme is not None],
         "没有主题模型的批次，不画。训练：jianwei retrain themes。"),
        ("新词", "当周用到的词里从未出现过的；升高说明话题换了",
         [(one.week_on, one.share) for one in words], f"前 {LEARNING_DAYS // 7} 周几乎都是新词，不画。"),
        ("诉求 ÷ 预期", "预期是前八周同星期的平均；虚线是 1",
         [(one.week_on, one.n_reports / one.expected) for one in weeks if one.expected > 0], "还没有可比的预期。"),
    )  # fmt: skip
    columns = st.columns(2)
    for number, (name, below, points, empty) in enumerate(lines):
        with columns[number % 2]:
            show(drift_head(name, below))
            if points:
                draw(f"drift_{number}", week_line, points, span=span, is_share=name != "诉求 ÷ 预期")
            else:
                show(muted(empty))


def muted(sentence: str) -> Html:
    """A quiet sentence."""
    return tag("p", text(sentence), "jw-muted")


main()
