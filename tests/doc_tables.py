"""The tables in docs/ and the READMEs that are made from the code and from results.

`python -m tests.doc_tables` writes them anew.

A table stands between `<!-- table: NAME -->` and `<!-- end -->`; `test_docs.py` refuses one that differs.
"""

import json
import re
from collections.abc import Callable, Iterator
from functools import partial
from importlib import import_module
from importlib.resources import files
from pathlib import Path

from pydantic import BaseModel
from pydantic_core import PydanticUndefined

from benchmarks import readme
from signals import settings
from signals.reading.fields import Field
from signals.records import SOURCE_NAMES, Source
from signals.redaction import MARKS

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
_TABLE = re.compile(r"(<!-- table: ([a-z]+) -->\n).*?(<!-- end -->)", re.DOTALL)

MEANINGS = {
    Field.REPORT_ID: "the office's number; made from time and text where there is none",
    Field.RECEIVED_AT: "when the office got it (required)",
    Field.TITLE: "one line",
    Field.BODY: "the text (required, unless there is a title or turns)",
    Field.TURNS: "a call as a list of turns with `role` and `text`; the operator's turns become context",
    Field.KIND: "what the reporter wanted",
    Field.CATEGORY_1: "the office's own classification, level 1",
    Field.CATEGORY_2: "level 2",
    Field.CATEGORY_3: "level 3",
    Field.CATEGORY_4: "level 4",
    Field.DISTRICT: "name or adcode of the district",
    Field.TOWN: "town or street",
    Field.COMMUNITY: "community or village",
    Field.GRID_CELL: "the grid worker's cell",
    Field.ADDRESS: "where it happens; flats are masked",
    Field.UNIT: "the unit in charge",
    Field.DUE: "the order's own deadline: an instant, or days from receipt",
    Field.ID_NUMBER: "for the complainant's hash only, never stored",
    Field.PHONE: "for the hash only, never stored",
    Field.ACCOUNT: "for the hash only, never stored",
    Field.NAME: "for the hash (with the community) and for masking the row's texts, never stored",
    Field.REPORTER: "the grid worker: masked in the row's texts, never hashed, never stored",
    Field.STATUS: "state of the order; 作废 in it makes the report void",
    Field.ANSWER: "the office's answer",
    Field.ANSWERED_AT: "when it answered",
    Field.CLOSED_AT: "when it closed the order",
    Field.RETURNED: "how often the order came back",
    Field.SOLVED: "what the return visit heard",
    Field.SATISFIED: "what the return visit heard",
    Field.VISITED_AT: "when the visit was",
    Field.DUPLICATE_OF: "the number of the order it repeats; stored, not used by linking",
    Field.IGNORED: "known and left out",
}

CONSTANTS = (
    ("signals.linking.vectors", "COLUMNS", "columns of a report's vector, half for words, half for bigrams"),
    ("signals.linking.vectors", "GRAIN", "what weights are multiples of"),
    ("signals.linking.index", "CANDIDATES", "issues that a report is compared with exactly"),
    ("signals.linking.linker", "LIKE_FOUNDER", "times the similarity for joining, from which a report counts back"),
    ("signals.linking.index", "TELLING_TEXTS", "texts; a token in more of the past year's is not in the index"),
    ("signals.voices", "SAME_TEXT_SECONDS", "seconds within which the same text of another known person is one voice"),
    ("signals.detector.baseline", "DEFAULT_PRIOR", "prior of an issue's rate while few issues are known"),
    ("signals.detector.baseline", "PRIOR_ISSUES", "issues needed to fit the prior"),
    ("signals.detector.baseline", "LEAST_SHAPE", "least shape of a fitted prior"),
    ("signals.detector.baseline", "LARGEST_SHAPE", "largest shape of a fitted prior; a larger one is too sure"),
    ("signals.memory", "FOUNDER", "voices that what founded an issue counts as, grade by grade"),
    ("signals.priors", "OWN_WORD", "of the way, in logarithms, from the mean of all voices to a firm grade's own"),
    ("signals.priors", "BACK_WEIGHT", "voices that a report of the past like an issue's founder counts as"),
    ("signals.priors", "PACE_VOICES", "follow-up voices by which the pace of a kind of trouble is drawn to the usual"),
    ("signals.detector.baseline", "MOST_ERRORS", "standard errors of its own mean by which a prior may lower a series"),
    ("signals.detector.baseline", "FLOOR", "least expected voices a day"),
    ("signals.detector.shiryaev_roberts", "GROWTH", "growth factors θ of the first arm"),
    ("signals.detector.shiryaev_roberts", "SPARSE_MEAN", "voices a day below which a series counts as sparse"),
    ("signals.detector.window_scan", "WINDOWS", "days of the second arm's windows"),
    ("signals.detector.window_scan", "LARGEST", "numbers of voices of one day that the second arm tells apart"),
    ("signals.detector.budget", "BASE", "false alerts a day where no budget is chosen, in a stream of usual size"),
    ("signals.detector.youth", "YOUNG_DAYS", "days with reports in which a new stream expects more"),
    ("signals.detector.youth", "BATCH_DAYS", "days that one day of reports may stand for in that"),
    ("signals.memory", "GRADES", "similarity of a link from which a voice counts in the series of each grade"),
    ("signals.series", "FIRST_ARM", "share of the budget that the first arm may spend"),
    ("signals.series", "MATTERS_SHARE", "share of the budget that city-wide matters may spend once they are watched"),
    ("signals.theme_nodes", "THEMES_SHARE", "share of the budget that themes by area may spend, once any is watched"),
    ("signals.theme_nodes", "KNOWN_DAYS", "days that a theme has been known before it is watched by area"),
    ("signals.theme_nodes", "RECENT_DAYS", "days over which the issue is found that leads a theme in an area"),
    ("signals.matters", "RISING_DAYS", "days over which a city-wide rise is looked at, and later reports join it"),
    ("signals.seasons", "SLACK_DAYS", "days by which a season may come sooner or later than a year before"),
    ("signals.seasons", "LEAST_THEN", "reports like it a year before, fewer of which are no season"),
    ("signals.seasons", "TIMES_USUAL", "times as many as ordinary weeks bring, fewer of which are no season"),
    ("signals.seasons", "NEWS", "−log₁₀ of the chance from which more than a year before is an alert"),
    ("signals.seasons", "LEAST_TOWNS", "towns that an issue all over the city comes from"),
    ("signals.seasons", "LEAST_AREAS", "districts that it comes from, where there are several"),
    ("signals.seasons", "MOST_AT_ONE", "share of its voices that one town may have"),
    ("signals.seasons", "ORDINARY_DAYS", "days ago, from and before, of ordinary weeks"),
    ("signals.seasons", "GROWTH_DAYS", "days ago, from and before, in which the city is compared with a year before"),
    ("signals.seasons", "MOST_GROWTH", "most that a city is taken to have grown, or its reciprocal to have shrunk"),
    ("signals.seasons", "MOST_UNREAD", "share of voices without a text a year before, beyond which nothing is said"),
    ("signals.series", "PHI", "variance ÷ mean of established series"),
    ("signals.series", "BIRTH_DAYS", "days that predict tomorrow's births"),
    ("signals.series", "ENOUGH_VOICES", "voices in 120 days, the founder's too, that a grade needs"),
    ("signals.suppression", "WATCHED_DAYS", "days over which an issue's people and reports are counted"),
    ("signals.suppression", "LEAST_PEOPLE", "distinct complainants without whom an issue is no alert"),
    ("signals.exposure", "WEEKS", "weeks that shape the weekday means"),
    ("signals.exposure", "SHRINK", "reports by which a day's total is drawn to its weekday mean"),
    ("signals.exposure", "CLIP", "bounds of a day's total ÷ its weekday mean"),
    ("signals.zones", "LEAST_VOICES", "people at a place from which it can be in a hot zone"),
    ("signals.zones", "MOST_NAMED", "places of a hot zone named in its sentence"),
    ("signals.stages", "LEVEL_DAYS", "days over which the level of an issue is counted"),
    ("signals.stages", "EMERGING_COMPLAINANTS", "people in those days from which an issue is emerging"),
    ("signals.stages", "STRONG_COMPLAINANTS", "people in those days from which it is strong"),
    ("signals.stages", "FADING_DAYS", "days without a new voice after which one that had emerged is fading"),
    ("signals.stages", "GROWTH_DAYS", "days compared with as many days before, for growth"),
    ("signals.stages", "ADDED_COMPLAINANTS", "people added to either side of that comparison"),
    ("signals.alerts", "QUOTE_CHARACTERS", "longest quote"),
    ("signals.progress", "ANSWER_CHARACTERS", "shorter answers are not substantive"),
    ("signals.digest.signs", "MOST_SIGNS", "new signs in a digest"),
    ("signals.digest.signs", "MOST_RISING", "rising issues in a digest"),
    ("signals.digest.signs", "ALERTED_DAYS", "days after an alert in which an issue can be still rising"),
    ("signals.digest.signs", "QUOTED_COMPLAINANTS", "complainants below which a digest quotes nothing"),
    ("signals.holidays", "COMPARED_WEEKS", "weeks of comparable weekdays"),
    ("signals.digest.places", "LONGEST_PERIOD_DAYS", "longest period of the digest's map"),
)


def headers_table() -> str:
    """Every field with its meaning and the headers that mean it."""
    lines = ["| field | meaning | headers recognised |", "|---|---|---|"]
    listed = _header_lines()
    lines += [f"| `{field}` | {MEANINGS[field]} | {' '.join(listed[field])} |" for field in Field]
    return "\n".join(lines)


def signs_table() -> str:
    """The headers that tell the sources apart."""
    lines = ["| source | 中文 | headers that only it has |", "|---|---|---|"]
    listed = _header_lines()
    lines += [f"| `{s}` | {SOURCE_NAMES[s]} | {' '.join(listed[f'sign of {s}'])} |" for s in Source]
    return "\n".join(lines)


def settings_table() -> str:
    """Every setting with its default, its name in the environment and its comment in the code."""
    lines = ["| setting | default | in the environment | meaning |", "|---|---|---|---|"]
    for name, default, meaning in _settings(settings.Settings, ""):
        variable = f"`JIANWEI_{name.upper().replace('.', '__')}`"
        if isinstance(default, dict):
            variable = f"{variable[:-1]}__{next(iter(default)).upper()}` …" if default else "file only"
        shown = "unset" if default is None else json.dumps(default, ensure_ascii=False, default=str)
        lines.append(f"| `{name}` | `{shown}` | {variable} | {meaning} |")
    return "\n".join(lines)


def constants_table() -> str:
    """The constants that the pages name, with their values."""
    lines = ["| constant | value | meaning |", "|---|---|---|"]
    for module, name, meaning in CONSTANTS:
        value = getattr(import_module(module), name)
        value = value.tolist() if hasattr(value, "tolist") else value
        lines.append(f"| `{module.removeprefix('signals.')}.{name}` | `{value}` | {meaning} |")
    return "\n".join(lines)


def marks_line() -> str:
    """The redaction marks."""
    return " ".join(MARKS)


TABLES: dict[str, Callable[[], str]] = {
    "headers": headers_table, "signs": signs_table, "settings": settings_table, "constants": constants_table,
    "marks": marks_line,
    "measured": partial(readme.measured, readme.ENGLISH), "measuredzh": partial(readme.measured, readme.CHINESE),
    "shuffled": partial(readme.shuffled, readme.ENGLISH), "shuffledzh": partial(readme.shuffled, readme.CHINESE),
}  # fmt: skip


def with_tables(text: str) -> str:
    """A page with all its tables made anew."""
    return _TABLE.sub(lambda found: f"{found[1]}{TABLES[found[2]]()}\n{found[3]}", text)


def tables_in(text: str) -> set[str]:
    return {found[2] for found in _TABLE.finditer(text)}


def _header_lines() -> dict[str, list[str]]:
    lines = files("signals.reading").joinpath("headers.txt").read_text("utf-8").splitlines()
    pairs = (line.split(": ", 1) for line in lines if not line.startswith("#"))
    return {about: headers.split() for about, headers in pairs}


def _settings(section: type[BaseModel], prefix: str) -> Iterator[tuple[str, object, str]]:
    comments = _comments(section)
    for name, field in section.model_fields.items():
        kind = field.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            yield from _settings(kind, f"{prefix}{name}.")
        else:
            default = None if field.default is PydanticUndefined else field.default
            yield f"{prefix}{name}", default, comments.get(name, "")


def _comments(section: type[BaseModel]) -> dict[str, str]:
    source = Path(str(settings.__file__)).read_text("utf-8")
    body = source.partition(f"class {section.__name__}(")[2].partition("\n\n\n")[0]
    return dict(re.findall(r"^    (\w+): .*?  # (.+)$", body, re.MULTILINE))


if __name__ == "__main__":
    for path in sorted([*DOCS.rglob("*.md"), *ROOT.glob("README*.md")]):
        path.write_text(with_tables(path.read_text("utf-8")), "utf-8")
