"""Which reports a viewer may know of and read, as conditions on `reports r`.

Three circles: *open* (neither restricted nor about an office, unless the viewer is the one who handles these),
*counted* (may be known of: everything for the centre, its own areas for a district, never a report about an office
outside the centre) and *readable* (both).
"""

from board.permission import Viewer
from signals.store.as_of import NOW, is_voice

OPEN = "r.restricted = '' AND r.about_office = ''"  # whoever looks: what a map may be about
# A report by which its issue has one person more by the counting rule, by the newest correction; needs `reports r`.
IS_NEW_PERSON = f"""coalesce(
  (SELECT {is_voice(NOW)} FROM report_days d WHERE d.report_key = r.report_key), false)"""
NAMING = "coalesce(nullif(r.title, ''), r.body)"  # what a report's name is taken off
PUNCTUATION = " ,.?!;:()-，。、？！；：（）…—"  # narrow in reports, wide in names
OF_ISSUE = "FROM links l JOIN reports r USING (report_key) WHERE l.issue_id = i.issue_id"
# Unnested, so that reports are looked up by their key: list_contains would compare every report with every alert.
OF_ALERT = "FROM (SELECT unnest(a.report_keys) AS report_key) JOIN reports r USING (report_key) WHERE true"


def is_open(viewer: Viewer) -> str:
    """Neither restricted nor about an office, unless the viewer is who handles these."""
    parts = [] if viewer.reads_restricted else ["r.restricted = ''"]
    parts += [] if viewer.reads_about_offices else ["r.about_office = ''"]
    return f"({' AND '.join(parts) or 'true'})"


def is_counted(viewer: Viewer) -> str:
    """What a viewer may know of; all figures of a district or an office are of these reports alone."""
    return "true" if viewer.is_centre else f"(r.about_office = '' AND {_in_area(viewer)})"


def is_readable(viewer: Viewer) -> str:
    """Open and counted: what an issue may be seen for."""
    return f"({is_open(viewer)} AND {is_counted(viewer)})"


def is_text(viewer: Viewer) -> str:
    """What the viewer's role may read word for word."""
    return is_readable(viewer) if viewer.reads_text else "false"


def is_elsewhere(viewer: Viewer) -> str:
    """What a district is told of as a k-safe count; reports whose place is unknown with it."""
    return f"(r.about_office = '' AND NOT {_in_area(viewer)})"


def is_visible(viewer: Viewer) -> str:
    """Whether issue `i` may be named: it has a readable report."""
    return f"EXISTS (SELECT 1 {OF_ISSUE} AND l.until_on IS NULL AND {is_readable(viewer)})"


def safe_name(viewer: Viewer, whose: str, members: str) -> str:
    """The name of issue `i` or alert `a`; a neutral one where it repeats what a report says that stays closed.

    What another district's report says is no harm where a readable report says the same.
    """
    same = is_same(f"{whose}.name", NAMING)
    closed = f"EXISTS (SELECT 1 {members} AND NOT {is_open(viewer)} AND {same})"
    foreign = (
        f"EXISTS (SELECT 1 {members} AND NOT {is_counted(viewer)} AND {same})"
        f" AND NOT EXISTS (SELECT 1 {members} AND {is_readable(viewer)} AND {same})"
    )
    return f"CASE WHEN {closed} OR ({foreign}) THEN '议题 ' || {whose}.issue_id ELSE {whose}.name END"


def is_same(name: str, text: str) -> str:
    """Whether a name, cut off or not, repeats a text; names have their punctuation otherwise than reports."""
    said, told = (f"translate({each}, '{PUNCTUATION}', '')" for each in (name, text))
    return f"{told} <> '' AND (contains({told}, {said}) OR contains({said}, {told}))"


def _in_area(viewer: Viewer) -> str:
    names = ", ".join("'" + area.replace("'", "''") + "'" for area in viewer.areas)
    return f"r.area IN ({names})" if names else "true"
