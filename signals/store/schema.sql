-- Every change is a numbered migration in signals/store/migrations.py as well.
CREATE TABLE meta (key VARCHAR PRIMARY KEY, value VARCHAR NOT NULL);

-- One row a file that was taken in; the same content is never taken in twice.
CREATE TABLE files (
  file_id INTEGER PRIMARY KEY, file_name VARCHAR NOT NULL, sha256 VARCHAR NOT NULL UNIQUE, source VARCHAR NOT NULL,
  history BOOLEAN NOT NULL, ingested_at TIMESTAMPTZ NOT NULL,
  n_rows INTEGER NOT NULL, n_new INTEGER NOT NULL, n_changed INTEGER NOT NULL, n_same INTEGER NOT NULL,
  n_quarantined INTEGER NOT NULL);

-- What the columns of each source's exports mean (reading.Field), settled with the first export that had them.
CREATE TABLE export_columns (
  source VARCHAR NOT NULL, header VARCHAR NOT NULL, field VARCHAR NOT NULL, settled_at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (source, header));

-- What a report said when it came in (records.Report). Never updated; later facts are rows of `updates`. Keys are unique
-- in `reports` and `voices`: the load sees to it and doctor checks it, for the index of a declared key would hold every row
-- of a large file in memory until its commit.
CREATE TABLE reports (
  report_key VARCHAR NOT NULL, source VARCHAR NOT NULL, report_id VARCHAR NOT NULL,
  file_id INTEGER NOT NULL, row_number INTEGER NOT NULL,
  received_at TIMESTAMPTZ NOT NULL, known_at TIMESTAMPTZ NOT NULL,
  title VARCHAR NOT NULL, body VARCHAR NOT NULL, context VARCHAR NOT NULL, kind VARCHAR NOT NULL,
  category VARCHAR NOT NULL, area VARCHAR NOT NULL, town VARCHAR NOT NULL, community VARCHAR NOT NULL,
  address VARCHAR NOT NULL, unit VARCHAR NOT NULL, due_at TIMESTAMPTZ,
  restricted VARCHAR NOT NULL, about_office VARCHAR NOT NULL,
  content_hash VARCHAR NOT NULL);                        -- of the redacted facts, to see a changed row

-- The only table with complainant hashes. Nothing reads it but the daily count of distinct voices. The key is a report's,
-- or `quarantine:` and the number of a row that waits there.
CREATE TABLE voices (report_key VARCHAR NOT NULL, complainant VARCHAR NOT NULL);

CREATE TABLE updates (
  report_key VARCHAR NOT NULL, field VARCHAR NOT NULL, value VARCHAR NOT NULL,
  "at" TIMESTAMPTZ, known_at TIMESTAMPTZ NOT NULL, file_id INTEGER NOT NULL);

CREATE TABLE watch (
  report_key VARCHAR PRIMARY KEY, danger VARCHAR NOT NULL, words VARCHAR NOT NULL, known_at TIMESTAMPTZ NOT NULL,
  area VARCHAR NOT NULL, town VARCHAR NOT NULL, phoned_at TIMESTAMPTZ);

CREATE TABLE quarantine (
  quarantine_id INTEGER PRIMARY KEY, file_id INTEGER NOT NULL, file_name VARCHAR NOT NULL, sheet VARCHAR NOT NULL,
  row_number INTEGER NOT NULL, column_name VARCHAR NOT NULL, reason VARCHAR NOT NULL, cells VARCHAR NOT NULL,
  known_at TIMESTAMPTZ NOT NULL);
CREATE TABLE repairs (                                   -- rows that were put right, and the report each became
  quarantine_id INTEGER PRIMARY KEY, report_key VARCHAR NOT NULL, repaired_at TIMESTAMPTZ NOT NULL);

-- Reports whose text was removed for good: by a person's right, or because the retention period was over. Their rows in
-- other tables stay, without text and without hash, so that counts stay; their text is never taken in again.
CREATE TABLE erased (
  report_key VARCHAR PRIMARY KEY, erased_at TIMESTAMPTZ NOT NULL,
  reason VARCHAR NOT NULL,                               -- redacted
  erased_by VARCHAR NOT NULL);

-- Linking. A report's current issue is the row without until_on; corrections close rows and open new ones.
-- linked_by and merged_by: who did it, `engine` or as given with the correction.
CREATE TABLE issues (
  issue_id INTEGER PRIMARY KEY, name VARCHAR NOT NULL, born_on DATE NOT NULL, founder VARCHAR NOT NULL,
  merged_into INTEGER, merged_on DATE, merged_by VARCHAR);
CREATE TABLE links (
  report_key VARCHAR NOT NULL, issue_id INTEGER NOT NULL, from_on DATE NOT NULL, until_on DATE,
  similarity DOUBLE NOT NULL, linked_by VARCHAR NOT NULL);

-- Who said that issues are one, or not, or that reports belong elsewhere (signals/corrections.py), merges of the engine
-- too. Recorded at once, in force from the next day that runs; one that is undone stays here.
CREATE TABLE corrections (
  correction_id INTEGER PRIMARY KEY,
  kind VARCHAR NOT NULL,                                 -- merge | split | move | undo
  issue_id INTEGER NOT NULL,                             -- absorbed by a merge; left by the reports of a split or a move
  other_id INTEGER,                                      -- survivor; where reports go; of a split from in_force_on on
  report_keys VARCHAR[] NOT NULL,                        -- of a split or a move
  made_by VARCHAR NOT NULL, reason VARCHAR NOT NULL, made_at TIMESTAMPTZ NOT NULL,
  undoes INTEGER,                                        -- the correction that an undo takes back
  in_force_on DATE,                                      -- first day that sees it; none while waiting or withdrawn
  alerted_on DATE, alerted_n INTEGER);                   -- last alert that both parts keep where an issue was parted
-- How reports count since a correction changed the issue they are in; the last one holds.
CREATE TABLE recounted (
  report_key VARCHAR NOT NULL, from_on DATE NOT NULL, is_voice BOOLEAN NOT NULL, is_first BOOLEAN NOT NULL,
  PRIMARY KEY (report_key, from_on));

-- How a report was counted on the day it was run; `place` is its position in that day's order.
CREATE TABLE report_days (
  report_key VARCHAR PRIMARY KEY, day DATE NOT NULL, place INTEGER NOT NULL,
  is_voice BOOLEAN NOT NULL,                             -- a complainant not yet counted in its issue
  is_first BOOLEAN NOT NULL,                             -- the voice that founded its series: no evidence
  copy_of VARCHAR NOT NULL);                             -- '' or the report whose text it repeats

-- What a report is about apart from where, and the matters that rose city-wide with the issue each became.
CREATE TABLE report_matters (
  report_key VARCHAR PRIMARY KEY, matter_id INTEGER NOT NULL,
  is_voice BOOLEAN NOT NULL,                             -- a complainant not yet counted in its matter
  is_first BOOLEAN NOT NULL);                            -- the voice that founded it
CREATE TABLE matters (
  matter_id INTEGER PRIMARY KEY, issue_id INTEGER NOT NULL, raised_on DATE NOT NULL,
  gathered INTEGER[]);                                   -- the issues made one, the one that lives on first

-- Token counts of each day's reports in their order (see store/tokens.py), and the first word seen of each token.
CREATE TABLE tokens (
  day DATE NOT NULL, part VARCHAR NOT NULL, made_by VARCHAR NOT NULL, ends BLOB NOT NULL, columns BLOB NOT NULL,
  counts BLOB NOT NULL, PRIMARY KEY (day, part));
CREATE TABLE said (                                      -- what else was read off them (text/saying.py), int64 each
  day DATE PRIMARY KEY, made_by VARCHAR NOT NULL, texts BLOB NOT NULL, groups BLOB NOT NULL, marks BLOB NOT NULL);
CREATE TABLE vocabulary (token INTEGER PRIMARY KEY, word VARCHAR NOT NULL);

CREATE TABLE day_totals (
  day DATE NOT NULL, source VARCHAR NOT NULL, n_reports INTEGER NOT NULL, expected DOUBLE NOT NULL,
  exposure DOUBLE NOT NULL, PRIMARY KEY (day, source));

-- The detector's memory at the end of the last run day (replaced by each run, and without keys, for rows deleted from a
-- table with an index stay in the file).
CREATE TABLE engine_state (
  day DATE NOT NULL, refreshed_on DATE NOT NULL,
  a0 DOUBLE[] NOT NULL, b0 DOUBLE[] NOT NULL,            -- priors, grade by grade, and last of matters
  next_issue INTEGER NOT NULL, next_matter INTEGER DEFAULT 1);
CREATE TABLE paces (kind VARCHAR NOT NULL, pace DOUBLE NOT NULL); -- '#' and a theme's number, or a category
CREATE TABLE series_state (issue_id INTEGER NOT NULL, back_count INTEGER NOT NULL, m DOUBLE[] NOT NULL);

-- Per run day. Distinct complainants inside one cell; cells must never be added over days.
CREATE TABLE trends (
  issue_id INTEGER NOT NULL, day DATE NOT NULL, source VARCHAR NOT NULL, area VARCHAR NOT NULL, town VARCHAR NOT NULL,
  n_reports INTEGER NOT NULL, n_complainants INTEGER NOT NULL,
  n_voices INTEGER NOT NULL);                            -- new voices by the counting rule of detection

-- State of an issue at the end of a run day: one row an issue and day with a new report, alert, update or correction; on
-- Mondays also of issues of several reports that left a window of counting, took another up, or let a deadline pass in the
-- week. The last row by a day is what is known of an issue then.
CREATE TABLE issue_days (
  issue_id INTEGER NOT NULL, day DATE NOT NULL, name VARCHAR NOT NULL, stage VARCHAR NOT NULL,
  n_reports INTEGER NOT NULL, n_complainants INTEGER NOT NULL,         -- in the last 120 days
  n_complainants_7 INTEGER NOT NULL, n_complainants_28 INTEGER NOT NULL, -- distinct, in the last 7 and 28 days
  first_on DATE NOT NULL, last_on DATE NOT NULL, areas VARCHAR[] NOT NULL, towns VARCHAR[] NOT NULL,
  sources VARCHAR[] NOT NULL, theme_id INTEGER, words VARCHAR[] NOT NULL,
  expected_day DOUBLE NOT NULL,                          -- voices a day expected by the baseline
  recurrence_days DOUBLE NOT NULL, risk_points DOUBLE NOT NULL, level VARCHAR NOT NULL,
  factors STRUCT(name VARCHAR, points DOUBLE, value VARCHAR, remedy VARCHAR)[] NOT NULL,
  risk DOUBLE,                                           -- chance of escalating in 30 days; NULL until calibrated
  PRIMARY KEY (issue_id, day));

-- What the detector saw: one row per issue and day with a new voice.
CREATE TABLE evidence (
  issue_id INTEGER NOT NULL, day DATE NOT NULL, y INTEGER NOT NULL, mu DOUBLE NOT NULL, exposure DOUBLE NOT NULL,
  m DOUBLE[] NOT NULL, recurrence_days DOUBLE NOT NULL, scan_z DOUBLE NOT NULL, scan_bar DOUBLE NOT NULL,
  PRIMARY KEY (issue_id, day));

-- Distinct complainants over whole cells and periods, from the links, for statistics (map, themes, indicators).
-- subject: 'all' | 'theme' | 'issue' | 'category:' and its name, all but the first of the newest day only; subject_id 0
-- where there is no number. town '' = whole area, area '' = whole city.
CREATE TABLE cells (
  day DATE NOT NULL, period_days INTEGER NOT NULL, subject VARCHAR NOT NULL, subject_id INTEGER NOT NULL,
  source VARCHAR NOT NULL, area VARCHAR NOT NULL, town VARCHAR NOT NULL,
  n_reports INTEGER NOT NULL, n_complainants INTEGER NOT NULL);

-- Statistics of the newest run day, replaced by each run (store/statistics.py): distinct complainants over whole cells
-- and periods; shown only through signals/smallcells.py. source, area, unit '' = all.
CREATE TABLE subject_counts (                            -- of weeks from Monday, and of longer periods to the same Sunday
  day DATE NOT NULL, first_on DATE NOT NULL, period_days INTEGER NOT NULL, subject VARCHAR NOT NULL, -- 'all' | 'theme' | 'category'
  subject_key VARCHAR NOT NULL, source VARCHAR NOT NULL, area VARCHAR NOT NULL,
  n_reports INTEGER NOT NULL, n_complainants INTEGER NOT NULL);
CREATE TABLE word_counts (                               -- of reports that may be read: in 28 days, and in the 28 before
  day DATE NOT NULL, word VARCHAR NOT NULL, source VARCHAR NOT NULL, area VARCHAR NOT NULL,
  n_now INTEGER NOT NULL, n_before INTEGER NOT NULL);
CREATE TABLE service_counts (                            -- of which so many were a hit: in time, overdue, returned, …
  day DATE NOT NULL, period_days INTEGER NOT NULL, measure VARCHAR NOT NULL, source VARCHAR NOT NULL,
  area VARCHAR NOT NULL, unit VARCHAR NOT NULL, n_reports INTEGER NOT NULL, n_complainants INTEGER NOT NULL,
  n_hits INTEGER NOT NULL, n_hit_complainants INTEGER NOT NULL,
  median_days DOUBLE, late_days DOUBLE);                 -- to the first answer, and what nine in ten did not exceed

CREATE TABLE alerts (
  day DATE NOT NULL, issue_id INTEGER NOT NULL, name VARCHAR NOT NULL, level VARCHAR NOT NULL, stage VARCHAR NOT NULL,
  evidence DOUBLE NOT NULL, recurrence_days DOUBLE NOT NULL, arm VARCHAR NOT NULL,
  risk_points DOUBLE NOT NULL, risk DOUBLE, n_reports INTEGER NOT NULL, n_complainants INTEGER NOT NULL,
  expected DOUBLE NOT NULL, observed INTEGER NOT NULL, window_days INTEGER NOT NULL, first_on DATE NOT NULL,
  areas VARCHAR[] NOT NULL, towns VARCHAR[] NOT NULL, sources VARCHAR[] NOT NULL, words VARCHAR[] NOT NULL,
  reasons VARCHAR[] NOT NULL, quotes VARCHAR[] NOT NULL, report_keys VARCHAR[] NOT NULL,
  owner VARCHAR NOT NULL, due_at TIMESTAMPTZ NOT NULL, theme_id INTEGER,
  factors STRUCT(name VARCHAR, points DOUBLE, value VARCHAR, remedy VARCHAR)[] NOT NULL,
  is_update BOOLEAN NOT NULL,                            -- between two alerts of one issue, or what returns every year: not shown as an alert
  zone STRUCT(places STRUCT(area VARCHAR, town VARCHAR)[], observed INTEGER, expected DOUBLE, window_days INTEGER,
    score DOUBLE),                                       -- where its people gather; NULL where nowhere
  PRIMARY KEY (issue_id, day));

CREATE TABLE handling (
  issue_id INTEGER NOT NULL, step VARCHAR NOT NULL, "at" TIMESTAMPTZ NOT NULL, role VARCHAR NOT NULL,
  note VARCHAR NOT NULL, unit VARCHAR NOT NULL, due_at TIMESTAMPTZ);

CREATE TABLE runs (
  day DATE PRIMARY KEY, started_at TIMESTAMPTZ NOT NULL, finished_at TIMESTAMPTZ NOT NULL,
  n_reports INTEGER NOT NULL, n_quarantined INTEGER NOT NULL, n_new_issues INTEGER NOT NULL,
  n_alerts INTEGER NOT NULL, n_updates INTEGER NOT NULL, seconds DOUBLE NOT NULL,
  settings_hash VARCHAR NOT NULL, theme_version VARCHAR NOT NULL, city_expected DOUBLE NOT NULL,
  result_hash VARCHAR NOT NULL,
  budget DOUBLE NOT NULL,                                -- false alerts a day, as promised that day
  risk_version VARCHAR DEFAULT '');                      -- of the model of escalating, '' where points alone were known

CREATE TABLE models (
  kind VARCHAR NOT NULL, version VARCHAR NOT NULL, status VARCHAR NOT NULL, -- candidate | current | retired
  fitted_at TIMESTAMPTZ NOT NULL, fitted_through DATE NOT NULL, path VARCHAR NOT NULL, notes VARCHAR NOT NULL,
  PRIMARY KEY (kind, version));
CREATE TABLE themes (
  version VARCHAR NOT NULL, theme_id INTEGER NOT NULL, name VARCHAR NOT NULL, words VARCHAR[] NOT NULL,
  n_reports INTEGER NOT NULL, PRIMARY KEY (version, theme_id));
CREATE TABLE report_themes (
  report_key VARCHAR NOT NULL, version VARCHAR NOT NULL, theme_id INTEGER NOT NULL, similarity DOUBLE NOT NULL,
  day DATE NOT NULL, PRIMARY KEY (report_key, version));
