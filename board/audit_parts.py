"""The pieces of the page of the audit."""

from collections.abc import Sequence

from board.marks import Html, strip, table, tag, text, tile, wide
from board.queries_audit import AuditTrail
from signals.accounts import ROLE_NAMES, Role
from signals.audit import AuditEntry
from signals.clock import LOCAL
from signals.handling import STEP_NAMES

ACTIONS = {
    "sign_in": "登录", "sign_in_failed": "登录失败", "password_change": "修改密码",
    "view_watch": "看即时关注", "view_quotes": "看引文", "view_reports": "看诉求", "view_handling": "看处置说明",
    "view_quarantine": "看隔离行",
    "view_upload": "看导入预览", "view_accounts": "看账号", "view_corrections": "看更正", "view_texts": "看原文",
    "account_add": "新建账号", "account_change": "改账号权限", "account_reset": "重置密码",
    "account_disable": "停用账号", "account_enable": "启用账号",
    "ingest": "导入", "run": "计算", "digest": "写日报", "correct": "更正议题", "repair": "改正隔离行",
    "erase": "删除诉求", "purge": "清除过期内容", "backup": "备份", "restore": "恢复备份", "migrate": "升级数据结构",
    "check": "试读文件", "export": "下载表格", "telephone": "记电话通知", "retrain": "训练",
    "promote": "启用模型", "rollback": "退回模型", "redact": "按现在的规则再脱敏",
    **{f"handle_{step}": f"记处置：{name}" for step, name in STEP_NAMES.items()},
}  # fmt: skip
SUBJECTS = {
    "day": "日期", "issue": "议题", "account": "账号", "file": "文件", "report": "诉求", "reason": "原因",
    "rows": "上传文件", "refused": "上传文件拒收", "backup": "备份", "correction": "更正", "before": "早于",
    "list": "列表", "export": "导出", "days": "日期", "through": "截至", "schema": "结构版本", "model": "模型",
    "accounts": "账号", "table": "表格", "texts": "已存的内容",
}  # fmt: skip


def chain_state(trail: AuditTrail) -> Html:
    """Whether the lines read still follow the one before, and the head to compare with a printed digest."""
    n_texts = sum(entry.n for entry in trail.entries if entry.action.startswith("view_"))
    tiles = strip((
        tile("审计链", "在中途断开" if trail.broken else "完整", "所选日期；整条链由 jianwei doctor 核对"),
        tile("记录", f"{len(trail.entries):,} 行", "断开之前的" if trail.broken else "所选日期"),
        tile("显示过的内容", f"{n_texts:,} 条次", "同一条看两次算两次"),
        tile("链头", trail.head[:12], "与日报上印的链头前 12 位核对"),
    ))  # fmt: skip
    return Html(tiles + tag("p", text(trail.broken), "jw-warning", role="alert")) if trail.broken else tiles


def audit_table(entries: Sequence[AuditEntry]) -> Html:
    """Lines of the audit, as they stand."""
    rows = [
        (
            text(entry.at.astimezone(LOCAL).strftime("%Y-%m-%d %H:%M:%S")),
            text("未知账号" if entry.account == "unknown" else entry.account),
            text(ROLE_NAMES[Role(entry.role)] if entry.role in list(Role) else entry.role),
            text(ACTIONS.get(entry.action, entry.action)),
            wide(text(_subject(entry.subject))),
            text(f"{entry.n:,}" if entry.n else "—"),
        )
        for entry in entries
    ]
    return table(("时间", "账号", "角色", "动作", "对象", "条数"), rows, numbers=(5,))


def _subject(subject: str) -> str:
    kind, _, which = subject.partition(":")
    which = "全部" if which == "all" else which.replace("..", " 至 ")
    return f"{SUBJECTS[kind]} {which}" if kind in SUBJECTS and which else subject
