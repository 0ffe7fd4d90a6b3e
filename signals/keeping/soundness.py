"""Whether a warehouse is whole: every block can be read, and what its tables say of each other agrees."""

import duckdb

from signals.store.rows import first_row

RULES = (  # what is wrong where a query finds something, and the query: one number
    ("运行日不连续", "SELECT (max(day) - min(day) + 1) - count(*) FROM runs"),
    ("有的运行日的诉求数与记录不符",
     "SELECT count(*) FROM (SELECT day, count(*) AS n FROM report_days GROUP BY day) d FULL JOIN runs r USING (day)"
     " WHERE coalesce(d.n, 0) <> coalesce(r.n_reports, -1)"),
    ("运行过的诉求没有归并，或不止一处",
     "SELECT count(*) FROM report_days d LEFT JOIN (SELECT report_key, count(*) AS n FROM links WHERE until_on IS NULL"
     " GROUP BY report_key) l USING (report_key) WHERE coalesce(l.n, 0) <> 1"),
    ("归并到不存在的议题", "SELECT count(*) FROM links ANTI JOIN issues USING (issue_id)"),
    ("运行过的诉求不在库里", "SELECT count(*) FROM report_days ANTI JOIN reports USING (report_key)"),
    ("有没有运行过的日子的结果",
     "SELECT count(*) FROM (SELECT day FROM alerts UNION SELECT day FROM evidence UNION SELECT day FROM issue_days"
     " UNION SELECT day FROM trends UNION SELECT day FROM cells UNION SELECT day FROM tokens UNION SELECT day FROM said"
     " UNION SELECT day FROM day_totals UNION SELECT day FROM subject_counts UNION SELECT day FROM word_counts"
     " UNION SELECT day FROM service_counts) ANTI JOIN runs USING (day)"),
    ("引擎状态不是最后运行日的",
     "SELECT count(*) FROM engine_state WHERE day <> (SELECT max(day) FROM runs)"),
    ("同一编号的诉求或哈希不止一行",
     "SELECT (SELECT count(*) - count(DISTINCT report_key) FROM reports)"
     " + (SELECT count(*) - count(DISTINCT report_key) FROM voices)"),
    ("诉求不属于任何导入的文件，或文件的新增数不符",
     "SELECT count(*) FROM files f FULL JOIN (SELECT file_id, count(*) AS n FROM reports GROUP BY file_id) r"
     " USING (file_id) WHERE coalesce(f.n_new, -1) <> coalesce(r.n, 0)"),
    ("诉求人哈希或后续事实属于不存在的诉求",
     "SELECT (SELECT count(*) FROM voices ANTI JOIN (SELECT report_key FROM reports UNION ALL"
     " SELECT 'quarantine:' || quarantine_id FROM quarantine) AS holders USING (report_key))"
     " + (SELECT count(*) FROM updates ANTI JOIN reports USING (report_key))"),
)  # fmt: skip


def check_soundness(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """What is wrong, in Chinese; empty where all is well. Raises duckdb.Error where a block cannot be read."""
    for (table,) in connection.execute("SELECT table_name FROM duckdb_tables() ORDER BY 1").fetchall():
        connection.execute(f"SELECT bit_xor(hash(t)) FROM {table} t").fetchall()
    return [what for what, query in RULES if _found(connection, query)]


def _found(connection: duckdb.DuckDBPyConnection, query: str) -> bool:
    row = first_row(connection.execute(query))
    return bool(row and row[0])
