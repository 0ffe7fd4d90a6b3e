"""What each schema version changed: statements that bring a warehouse of the version before to it."""

import duckdb


def _without_key(table: str, columns: str) -> tuple[str, ...]:
    """Statements that give a table, as it stands with its rows, columns without a declared key and its index."""
    return (
        f"CREATE TABLE unindexed ({columns})",
        f"INSERT INTO unindexed BY NAME FROM {table}",
        f"DROP TABLE {table}",
        f"ALTER TABLE unindexed RENAME TO {table}",
    )


SCHEMA_VERSION = 13
MIGRATIONS = {
    2: (  # priors and e-SR states by grade of firmness; what was there goes on as the series of all voices
        "ALTER TABLE engine_state ALTER a0 TYPE DOUBLE[] USING [a0, a0, a0]",
        "ALTER TABLE engine_state ALTER b0 TYPE DOUBLE[] USING [b0, b0, b0]",
        "UPDATE series_state SET m = list_concat(m, list_transform(list_concat(m, m), lambda x: 0.0)) WHERE len(m) > 0",
    ),
    3: (  # city-wide matters, known from the migration on; token counts, kept from then on
        "CREATE TABLE report_matters (report_key VARCHAR PRIMARY KEY, matter_id INTEGER NOT NULL,"
        " is_voice BOOLEAN NOT NULL, is_first BOOLEAN NOT NULL)",
        "CREATE TABLE matters (matter_id INTEGER PRIMARY KEY, issue_id INTEGER NOT NULL, raised_on DATE NOT NULL)",
        "CREATE TABLE tokens (day DATE NOT NULL, part VARCHAR NOT NULL, made_by VARCHAR NOT NULL, ends BLOB NOT NULL,"
        " columns BLOB NOT NULL, counts BLOB NOT NULL, PRIMARY KEY (day, part))",
        "CREATE TABLE vocabulary (token INTEGER PRIMARY KEY, word VARCHAR NOT NULL)",
        "ALTER TABLE engine_state ADD COLUMN next_matter INTEGER DEFAULT 1",
        "UPDATE engine_state SET a0 = list_append(a0, 0.3), b0 = list_append(b0, 75.0)",
    ),
    4: (  # where an alert's people gather; alerts of before have no zone
        "ALTER TABLE alerts ADD COLUMN zone STRUCT(places STRUCT(area VARCHAR, town VARCHAR)[], observed INTEGER,"
        " expected DOUBLE, window_days INTEGER, score DOUBLE)",
    ),
    5: (  # corrections; the engine's merges so far are the first of them
        "CREATE TABLE corrections (correction_id INTEGER PRIMARY KEY, kind VARCHAR NOT NULL, issue_id INTEGER NOT NULL,"
        " other_id INTEGER, report_keys VARCHAR[] NOT NULL, made_by VARCHAR NOT NULL, reason VARCHAR NOT NULL,"
        " made_at TIMESTAMPTZ NOT NULL, undoes INTEGER, in_force_on DATE, alerted_on DATE, alerted_n INTEGER)",
        "CREATE TABLE recounted (report_key VARCHAR NOT NULL, from_on DATE NOT NULL, is_voice BOOLEAN NOT NULL,"
        " is_first BOOLEAN NOT NULL, PRIMARY KEY (report_key, from_on))",
        "ALTER TABLE matters ADD COLUMN gathered INTEGER[]",
        "UPDATE matters SET gathered = list_concat([issue_id], coalesce((SELECT list(i.issue_id ORDER BY i.issue_id)"
        " FROM issues i WHERE i.merged_into = matters.issue_id AND i.merged_on = raised_on + 1), []))",
        "INSERT INTO corrections SELECT row_number() OVER (ORDER BY merged_on, issue_id), 'merge', issue_id,"
        " merged_into, [], coalesce(merged_by, 'engine'), '版本 5 之前的归并', merged_on, NULL, merged_on, NULL, NULL"
        " FROM issues WHERE merged_into IS NOT NULL",
    ),
    6: (  # how fast issues of each kind gather voices; known from the next refit on
        "CREATE TABLE paces (kind VARCHAR PRIMARY KEY, pace DOUBLE NOT NULL)",
    ),
    7: (  # what is read off the texts besides tokens, kept from then on
        "CREATE TABLE said (day DATE PRIMARY KEY, made_by VARCHAR NOT NULL, texts BLOB NOT NULL, groups BLOB NOT NULL,"
        " marks BLOB NOT NULL)",
    ),
    8: (  # reports whose text was removed for good
        "CREATE TABLE erased (report_key VARCHAR PRIMARY KEY, erased_at TIMESTAMPTZ NOT NULL, reason VARCHAR NOT NULL,"
        " erased_by VARCHAR NOT NULL)",
    ),
    9: (  # what the columns of exports mean; rows of quarantine that were put right
        "CREATE TABLE export_columns (source VARCHAR NOT NULL, header VARCHAR NOT NULL, field VARCHAR NOT NULL,"
        " settled_at TIMESTAMPTZ NOT NULL, PRIMARY KEY (source, header))",
        "CREATE TABLE repairs (quarantine_id INTEGER PRIMARY KEY, report_key VARCHAR NOT NULL,"
        " repaired_at TIMESTAMPTZ NOT NULL)",
    ),
    10: (  # statistics of themes, words and services, known from the next run on
        "CREATE TABLE subject_counts (day DATE NOT NULL, first_on DATE NOT NULL, period_days INTEGER NOT NULL,"
        " subject VARCHAR NOT NULL, subject_key VARCHAR NOT NULL, source VARCHAR NOT NULL, area VARCHAR NOT NULL,"
        " n_reports INTEGER NOT NULL, n_complainants INTEGER NOT NULL)",
        "CREATE TABLE word_counts (day DATE NOT NULL, word VARCHAR NOT NULL, source VARCHAR NOT NULL,"
        " area VARCHAR NOT NULL, n_now INTEGER NOT NULL, n_before INTEGER NOT NULL)",
        "CREATE TABLE service_counts (day DATE NOT NULL, period_days INTEGER NOT NULL, measure VARCHAR NOT NULL,"
        " source VARCHAR NOT NULL, area VARCHAR NOT NULL, unit VARCHAR NOT NULL, n_reports INTEGER NOT NULL,"
        " n_complainants INTEGER NOT NULL, n_hits INTEGER NOT NULL, n_hit_complainants INTEGER NOT NULL,"
        " median_days DOUBLE, late_days DOUBLE)",
    ),
    11: (  # no index of keys: it had to hold every new row in memory until the commit
        *_without_key(
            "reports",
            "report_key VARCHAR NOT NULL, source VARCHAR NOT NULL, report_id VARCHAR NOT NULL,"
            " file_id INTEGER NOT NULL, row_number INTEGER NOT NULL, received_at TIMESTAMPTZ NOT NULL,"
            " known_at TIMESTAMPTZ NOT NULL, title VARCHAR NOT NULL, body VARCHAR NOT NULL, context VARCHAR NOT NULL,"
            " kind VARCHAR NOT NULL, category VARCHAR NOT NULL, area VARCHAR NOT NULL, town VARCHAR NOT NULL,"
            " community VARCHAR NOT NULL, address VARCHAR NOT NULL, unit VARCHAR NOT NULL, due_at TIMESTAMPTZ,"
            " restricted VARCHAR NOT NULL, about_office VARCHAR NOT NULL, content_hash VARCHAR NOT NULL",
        ),
        *_without_key("voices", "report_key VARCHAR NOT NULL, complainant VARCHAR NOT NULL"),
    ),
    12: (  # no index of what every run replaces: rows deleted from a table with one stay in the file
        *_without_key("series_state", "issue_id INTEGER NOT NULL, back_count INTEGER NOT NULL, m DOUBLE[] NOT NULL"),
        *_without_key("paces", "kind VARCHAR NOT NULL, pace DOUBLE NOT NULL"),
    ),
    13: (  # how likely issues are to escalate, once there is a model of it
        "ALTER TABLE issue_days ADD COLUMN risk DOUBLE",
        "ALTER TABLE runs ADD COLUMN risk_version VARCHAR DEFAULT ''",
    ),
}


def migrate(connection: duckdb.DuckDBPyConnection, version: int) -> None:
    """Bring a warehouse from `version` to SCHEMA_VERSION in one transaction."""
    connection.begin()
    for later in range(version + 1, SCHEMA_VERSION + 1):
        for statement in MIGRATIONS[later]:
            connection.execute(statement)
    connection.execute("UPDATE meta SET value = ? WHERE key = 'schema_version'", [str(SCHEMA_VERSION)])
    connection.commit()
