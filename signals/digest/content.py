"""Collecting the digest of a day: everything in it was known at the day's end, nothing later is looked at."""

from dataclasses import replace
from datetime import date

import duckdb

from signals.digest.counting import collect_quality
from signals.digest.follow_up import collect_follow_ups, collect_orders
from signals.digest.known import KNOWN_ON, Known
from signals.digest.patterns import (
    TREND_DAYS,
    collect_daily_counts,
    collect_matters,
    collect_seasonal,
    collect_trend,
    compare_with_festival,
)
from signals.digest.places import collect_places
from signals.digest.record import Digest
from signals.digest.sentences import three_sentences
from signals.digest.signs import alert_counts, collect_risen, collect_rising, collect_signs, collect_watch
from signals.gazetteer import Gazetteer
from signals.records import GRIEVANCES
from signals.settings import Settings


def collect_digest(
    connection: duckdb.DuckDBPyConnection,
    day: date,
    settings: Settings,
    gazetteer: Gazetteer,
    *,
    audit_head: str = "",
) -> Digest:
    """The digest of a day that has run.

    Later rows of any table leave it unchanged, a handling step that is entered late for an earlier instant
    excepted. audit_head: the audit chain's head at the day's end, "" when there is none.
    """
    known = Known(connection, day)
    names = {area.adcode: area.name for area in gazetteer.areas}
    daily = collect_daily_counts(known)
    trend_sources, trend = collect_trend(known, daily, alert_counts(known, known.back(TREND_DAYS - 1)))
    watch, n_watch_hidden = collect_watch(known, names)
    signs = collect_signs(known, names, min_cell=settings.min_cell)
    rising, n_rising, n_alerted = collect_rising(known, names)
    follow_ups = collect_follow_ups(known)
    orders = collect_orders(known)
    matters = collect_matters(known, daily)
    places = collect_places(known, gazetteer, min_cell=settings.min_cell)
    digest = Digest(
        day=day,
        city_name=settings.city_name,
        sentences=(),
        n_reports=daily.total(day),
        n_grievances=_grievances(known),
        same_weekday_mean=daily.usual(day),
        same_weekday_days=len(daily.comparable_days(day)),
        watch=watch,
        n_watch_hidden=n_watch_hidden,
        signs=signs.shown,
        n_new=signs.n_listable,
        n_new_hidden=signs.n_hidden,
        risen=collect_risen(known),
        rising=rising,
        n_rising=n_rising,
        n_alerted=n_alerted,
        follow_ups=follow_ups.shown,
        n_open=follow_ups.n_open,
        n_overdue=follow_ups.n_overdue,
        n_follow_ups=follow_ups.n_alerts,
        overdue_orders=orders.shown,
        n_overdue_orders=orders.n_overdue,
        n_open_orders=orders.n_open,
        matters=matters.rows,
        matters_of=matters.kind,
        n_matters_now=matters.n_now,
        n_matters_before=matters.n_before,
        festival=compare_with_festival(known, daily),
        seasonal=collect_seasonal(known),
        trend_sources=trend_sources,
        trend=trend,
        areas=places.areas,
        towns=places.towns,
        places_days=places.period_days,
        n_places_hidden=places.n_hidden,
        city_complainants=places.city_complainants,
        min_cell=settings.min_cell,
        quality=collect_quality(known, settings, daily, audit_head=audit_head),
    )
    return replace(digest, sentences=three_sentences(digest))


def _grievances(known: Known) -> int:
    return known.number(
        f"""SELECT count(*) FROM reports r WHERE r.known_at < ? AND {KNOWN_ON} = ?
            AND list_contains(?::VARCHAR[], r.kind)""",
        [known.end, known.day, sorted(GRIEVANCES)],
    )
