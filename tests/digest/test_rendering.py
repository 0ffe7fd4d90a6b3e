"""Report text can never become markup, and the files are whole or not there."""

import xml.etree.ElementTree as ElementTree
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path

import pytest

from pipelines.digest import digest_command
from signals.audit import AuditEntry, append_audit
from signals.clock import end_of, start_of
from signals.digest import writing
from signals.digest.html import render_html, safe
from signals.digest.markdown import plain, render_markdown, render_picture
from signals.errors import StateError
from signals.settings import Settings
from signals.store.warehouse import writing as open_to_write
from tests.digest.city import DAY, City
from tests.hostile import HOSTILE, NEVER_IN_HTML

NASTY = "<script>alert(1)</script>|`x`\n# 标题 [a](http://b) &"


class Tags(HTMLParser):
    """All start tags with their attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


def nasty_digest(city: City, collect, said: str = NASTY):
    before = DAY - timedelta(days=10)
    body = said.replace("\n", " ")[:40]
    keys = [city.report(DAY, body=body, unit=said, town=said, category=said, due_at=start_of(DAY))]
    keys += [city.report(DAY, category=said) for _ in range(5)]
    city.alert(DAY, 1, keys, name=said, owner=said, quotes=[body])
    city.alert(before, 2, [city.report(before)], name=said, owner=said)
    city.issue_day(DAY, 2)
    city.cell(DAY, 9, area="440703")
    return collect()


def test_markup_in_report_text_stays_text_in_html(city: City, collect) -> None:
    text = render_html(nasty_digest(city, collect))
    tags = {tag for tag, _ in Tags(text).tags}
    assert "alert(1)" in text
    assert not tags & {"script", "img", "iframe", "link", "a", "object", "form"}


@pytest.mark.parametrize("said", [each.replace("\x00", "") for each in HOSTILE])
def test_no_text_of_the_corpus_becomes_an_element_or_breaks_the_picture(city: City, collect, said: str) -> None:
    digest = nasty_digest(city, collect, said)
    page, text = render_html(digest), render_markdown(digest, picture="digest.svg")
    assert not {tag for tag, _ in Tags(page).tags} & {"script", "img", "iframe", "link", "a", "object", "form"}
    assert [each for each in NEVER_IN_HTML if each in page or each in text] == []
    ElementTree.fromstring(render_picture(digest))


def test_the_page_asks_for_nothing_from_outside(city: City, collect) -> None:
    tags = Tags(render_html(nasty_digest(city, collect))).tags
    assert not [attrs for _, attrs in tags if {"src", "href", "srcset", "onload", "onclick"} & set(attrs)]
    assert "url(" not in render_html(collect())
    assert "@import" not in render_html(collect())


def test_markup_in_report_text_stays_text_in_markdown(city: City, collect) -> None:
    text = render_markdown(nasty_digest(city, collect), picture="p.svg")
    assert "<script>" not in text
    assert "[a](" not in text
    bare = text.replace("\\`", "")
    assert "`" not in bare
    rows = [line for line in text.splitlines() if line.startswith("|") and "alert" in line]
    assert rows
    for row in rows:
        assert row.replace("\\|", "").count("|") in {5, 6, 7}


@pytest.mark.parametrize("lead", "=+-@")
def test_a_leading_formula_mark_is_defused(lead: str) -> None:
    assert plain(f"{lead}1+1").startswith("\\")
    assert safe(f"{lead}1+1").startswith("&#x27;" + lead)


def test_text_after_a_line_break_cannot_start_a_heading() -> None:
    assert plain("a\n# b") == "a \\# b"


def test_the_pictures_are_well_formed_xml_without_scripts_or_links(city: City, collect) -> None:
    city.quiet_weeks(DAY)
    root = ElementTree.fromstring(render_picture(nasty_digest(city, collect)))
    names = {element.tag.rpartition("}")[2] for element in root.iter()}
    assert names <= {"svg", "title", "g", "rect", "path", "text"}
    assert not [key for element in root.iter() for key in element.attrib if "href" in key]


def test_days_of_new_alerts_are_marked_in_the_trend(city: City, collect) -> None:
    from signals.digest.pictures import draw_trend

    city.quiet_weeks(DAY)
    quiet = draw_trend(collect()).body.count("8h8z") + draw_trend(collect()).body.count("-7h8z")
    city.alert(DAY, 1, [city.report(DAY)])
    assert draw_trend(collect()).body.count("-7h8z") == quiet + 1


def test_a_write_that_fails_leaves_the_old_file_and_no_rubbish(tmp_path: Path, monkeypatch) -> None:
    path = tmp_path / "digest.html"
    writing.write_whole(path, "旧")

    def fail(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(writing.os, "replace", fail)
    with pytest.raises(OSError, match="disk full"):
        writing.write_whole(path, "新")
    assert path.read_text("utf-8") == "旧"
    assert list(tmp_path.iterdir()) == [path]


@pytest.fixture
def site(tmp_path: Path) -> Settings:
    settings = Settings(folder=tmp_path)
    with open_to_write(settings.warehouse_path) as connection:
        city = City(connection)
        city.report(DAY)
        city.run(DAY)
    return settings


def test_the_command_writes_page_text_and_picture_of_the_last_run_day(site: Settings, capsys) -> None:
    assert digest_command(site, None) == 0
    names = sorted(path.name for path in site.digests_folder.iterdir())
    assert names == ["digest-2025-06-18.html", "digest-2025-06-18.md", "digest-2025-06-18.svg"]
    markdown = (site.digests_folder / "digest-2025-06-18.md").read_text("utf-8")
    assert "](digest-2025-06-18.svg)" in markdown
    assert "digest-2025-06-18.html" in capsys.readouterr().out


def test_a_second_writing_gives_the_same_bytes(site: Settings) -> None:
    digest_command(site, DAY)
    first = {path.name: path.read_bytes() for path in site.digests_folder.iterdir()}
    digest_command(site, DAY)
    assert {path.name: path.read_bytes() for path in site.digests_folder.iterdir()} == first


def test_a_day_that_has_not_run_is_refused_with_a_sentence(site: Settings) -> None:
    with pytest.raises(StateError, match="2025-06-19 这一天还没有运行；最近运行的是 2025-06-18"):
        digest_command(site, DAY + timedelta(days=1))
    assert not site.digests_folder.exists()


def test_a_warehouse_without_any_run_is_refused(tmp_path: Path) -> None:
    settings = Settings(folder=tmp_path)
    with open_to_write(settings.warehouse_path):
        pass
    with pytest.raises(StateError, match="还没有运行过任何一天"):
        digest_command(settings, None)


def test_the_audit_head_of_the_day_is_printed_and_later_looks_do_not_change_it(site: Settings) -> None:
    head = append_audit(
        site.audit_folder, AuditEntry(start_of(DAY) + timedelta(hours=9), "a", "analyst", "view_quotes", "issue:1", 1)
    )
    append_audit(
        site.audit_folder, AuditEntry(end_of(DAY) + timedelta(hours=9), "a", "analyst", "view_quotes", "issue:1", 1)
    )
    digest_command(site, DAY)
    assert head in (site.digests_folder / "digest-2025-06-18.html").read_text("utf-8")
