"""导入预览: how an export would be read, before anybody takes it in."""

from datetime import datetime

import streamlit as st

from board.answers import ask
from board.marks import SOURCES, notice, strip, tag, text, tile
from board.page import Visit, open_without_data
from board.sheet import show
from board.upload_parts import column_table, refusal_table, row_table
from board.uploads import in_memory
from signals.clock import LOCAL
from signals.errors import JianweiError
from signals.previewing import Preview, preview
from signals.reading import Reading
from signals.reading.files import SUFFIXES
from signals.store.columns import saved_columns


def main() -> None:
    page = open_without_data("导入预览", "一份导出文件会怎么读，哪些行会被拒收；这里只看，不收。")
    left, right = st.columns([3, 1])
    given = left.file_uploader("导出文件", type=[suffix.removeprefix(".") for suffix in SUFFIXES], key="upload")
    source = right.selectbox("来源", [None, *SOURCES], key="source",
                             format_func=lambda name: SOURCES[name] if name else "按表头认")  # fmt: skip
    if given is None:
        kinds = "xlsx、xls、csv、jsonl 或 parquet"
        show(notice("还没有选文件", f"选一份 {kinds}：会列出各列怎么读、脱敏后的前十行和会拒收的行。"))
        return
    with st.spinner("正在读…"):
        try:
            saved = ask(page.settings, saved_columns) if page.settings.warehouse_path.is_file() else {}
            with in_memory(given.name, given.getvalue()) as path:
                reading, seen = preview(path, page.settings, source=source, saved=saved, now=datetime.now(LOCAL))
        except JianweiError as error:
            show(notice("这份文件收不了", str(error)))
            return
    show_preview(page, reading, seen)


def show_preview(page: Visit, reading: Reading, seen: Preview) -> None:
    """Figures, columns and refusals; redacted rows after an audit line."""
    show(strip((
        tile("来源", SOURCES[reading.source], "由表头或上面的选择"),
        tile("行", f"{seen.n_rows:,}", "不算空行"),
        tile("会拒收", f"{seen.n_rejected:,}", "进隔离区，其余照收"),
    )))  # fmt: skip
    show(tag("h2", "各列怎么读"))
    show(column_table(seen.columns))
    if seen.rejected and page.may_show("view_upload", f"refused:{reading.sha256[:12]}", len(seen.rejected)):
        show(tag("h2", text(f"会拒收的行（前 {len(seen.rejected)} 行）")))
        show(refusal_table(seen.rejected))
    if seen.rows and page.may_show("view_upload", f"rows:{reading.sha256[:12]}", len(seen.rows)):
        show(tag("h2", text(f"脱敏后的样子（前 {len(seen.rows)} 行）")))
        show(row_table(seen.rows))
    remedy = "某一列认得不对，加 --column 列名=字段，记下后以后不用再给"
    show(tag("p", text(f"收进来：jianwei ingest {reading.file_name}。{remedy}。"), "jw-muted"))


main()
