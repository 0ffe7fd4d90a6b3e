"""Distinct complainants of a run day's map: by source, district and town, over whole periods."""

from datetime import date

import duckdb

from signals.store.as_of import linked, not_void

CELL_PERIODS = (7, 28, 90)  # days
CATEGORY = "category:"  # before the first level of the export's own category, in the column `subject`


def save_cells(connection: duckdb.DuckDBPyConnection, day: date, theme_version: str, *, with_subjects: bool) -> None:
    """Distinct complainants over whole cells and periods; those whose complainant is absent are one voice together.

    Those of all reports stay for the digest of the day, and to be compared with; with_subjects, those of themes,
    categories and issues replace those of the days before.
    """
    connection.execute("DELETE FROM cells WHERE subject <> 'all' AND day < ?", [day])
    connection.execute(
        f"""CREATE TEMP TABLE cell_base AS
        SELECT d.day, r.source, r.area, r.town, coalesce(v.complainant, 'absent') AS who, l.issue_id,
               trim(split_part(r.category, '/', 1)) AS category, first(t.theme_id) AS theme_id
        FROM report_days d JOIN reports r USING (report_key)
        JOIN links l ON l.report_key = d.report_key AND {linked("$day")}
        LEFT JOIN voices v ON v.report_key = d.report_key
        LEFT JOIN report_themes t ON t.report_key = d.report_key AND t.version = $version
        WHERE d.day > $day - CAST($longest AS INTEGER) AND d.day <= $day
          AND {not_void("d.report_key", "$day")}
        GROUP BY d.report_key, d.day, r.source, r.area, r.town, who, l.issue_id, category""",
        {"day": day, "longest": max(CELL_PERIODS), "version": theme_version},
    )
    for period in CELL_PERIODS:
        connection.execute(
            """INSERT INTO cells
            WITH base AS (SELECT * EXCLUDE (day) FROM cell_base WHERE day > $day - CAST($period AS INTEGER)),
            subjects AS (
              SELECT 'all' AS subject, 0 AS subject_id, * FROM base
              UNION ALL SELECT 'theme', theme_id, * FROM base WHERE $with_subjects AND theme_id IS NOT NULL
              UNION ALL SELECT $category || category, 0, * FROM base WHERE $with_subjects AND category <> ''
              UNION ALL SELECT 'issue', issue_id, * FROM base
                WHERE $with_subjects
                  AND issue_id IN (SELECT issue_id FROM base GROUP BY issue_id HAVING count(*) >= 5)),
            counted AS (
              SELECT subject, subject_id, source, area, town, count(*) AS n, count(DISTINCT who) AS people,
                     grouping(source) AS no_source, grouping(area) AS no_area, grouping(town) AS no_town
              FROM subjects
              GROUP BY GROUPING SETS ((subject, subject_id), (subject, subject_id, source),
                (subject, subject_id, area), (subject, subject_id, source, area),
                (subject, subject_id, area, town), (subject, subject_id, source, area, town)))
            SELECT $day, $period, subject, subject_id, coalesce(source, ''), coalesce(area, ''), coalesce(town, ''),
                   n, people
            FROM counted
            WHERE NOT (no_area = 0 AND area = '') AND NOT (no_town = 0 AND town = '')""",
            {"day": day, "period": period, "with_subjects": with_subjects, "category": CATEGORY},
        )
    connection.execute("DROP TABLE cell_base")
