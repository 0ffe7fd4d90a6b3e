"""Praise in a petition's title is context, not a grievance."""

from signals.reading.kinds import kind_of
from signals.records import Kind, Source


def test_a_petition_whose_title_opens_with_praise_is_thanks() -> None:
    assert kind_of("", "表扬桥头派出所帮我找回走失的老人", "正文", Source.PETITION) is Kind.THANKS


def test_praise_in_the_middle_of_a_title_stays_a_grievance() -> None:
    assert kind_of("", "路灯不亮，感谢解决", "正文", Source.PETITION) is Kind.UNKNOWN
