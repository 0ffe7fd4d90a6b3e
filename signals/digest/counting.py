"""How the digest was counted: late sources, missing places, quarantine, the promise and its measurement."""

from signals.digest.known import KNOWN_ON, Known, local_day, whole
from signals.digest.patterns import TREND_DAYS, DailyCounts
from signals.digest.record import Quality, SourceHealth
from signals.records import Source
from signals.settings import Settings
from signals.store.promises import promise_of

LATE_DAYS = 3
USUAL_REPORTS = 5  # a source with so many on comparable days is missing when it brings none


def collect_quality(known: Known, settings: Settings, daily: DailyCounts, *, audit_head: str) -> Quality:
    """Data quality of the day; raises nothing for a day without reports."""
    n_28, without_28, without = _without_place(known)
    quarantined = known.number(
        "SELECT count(*) FROM quarantine WHERE (known_at AT TIME ZONE 'Asia/Shanghai')::DATE = ?", [known.day]
    )
    run = known.rows("SELECT settings_hash, theme_version FROM runs WHERE day = ?", [known.day])
    settings_hash, theme_version = (str(run[0][0]), str(run[0][1])) if run else ("", "")
    return Quality(
        sources=_sources(known, daily),
        n_without_place=without,
        n_without_place_28=without_28,
        n_28=n_28,
        n_quarantined=quarantined,
        promise=promise_of(known.connection, known.day),
        settings_hash=settings_hash,
        settings_changed=settings_hash != settings.digest(),
        theme_version=theme_version,
        audit_head=audit_head,
    )


def _without_place(known: Known) -> tuple[int, int, int]:
    """Reports of 28 days, of these without a district, and those of the day."""
    row = known.rows(
        f"""SELECT count(*), count(*) FILTER (r.area = ''),
              count(*) FILTER (r.area = '' AND {KNOWN_ON} = ?)
            FROM reports r WHERE r.known_at < ? AND {KNOWN_ON} > ?""",
        [known.day, known.end, known.back(TREND_DAYS)],
    )[0]
    return whole(row[0]), whole(row[1]), whole(row[2])


def _sources(known: Known, daily: DailyCounts) -> tuple[SourceHealth, ...]:
    rows = known.rows(
        f"""SELECT r.source, max({KNOWN_ON}),
              count(*) FILTER ({KNOWN_ON} = ? AND r.known_at - r.received_at > to_days({LATE_DAYS}))
            FROM reports r WHERE r.known_at < ? GROUP BY r.source""",
        [known.day, known.end],
    )
    seen = {Source(str(source)): (local_day(last_on), whole(n_late)) for source, last_on, n_late in rows}
    health = []
    for source in Source:
        if source not in seen:
            continue
        usual, n_day = daily.usual(known.day, source), daily.total(known.day, source)
        last_on, n_late = seen[source]
        missing = n_day == 0 and usual is not None and usual >= USUAL_REPORTS
        health.append(SourceHealth(source, n_day, usual, last_on, n_late, missing))
    return tuple(health)
