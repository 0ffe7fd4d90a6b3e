"""What a reporter wanted, read off the set phrases that open orders and titles."""

import pytest

from signals.reading.kinds import kind_of
from signals.records import Kind, Source


def test_a_petition_whose_title_opens_with_praise_is_thanks() -> None:
    assert kind_of("", "表扬桥头派出所帮我找回走失的老人", "正文", Source.PETITION) is Kind.THANKS


def test_praise_in_the_middle_of_a_title_stays_a_grievance() -> None:
    assert kind_of("", "路灯不亮，感谢解决", "正文", Source.PETITION) is Kind.UNKNOWN


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("市民来电反映: 咨询如何补办证件", Kind.ENQUIRY),
        ("市民微信反映：其想了解班车几点停运", Kind.ENQUIRY),
        ("市民来电反映:投诉楼下烧烤油烟", Kind.COMPLAINT),
        ("市民来电反映: 楼下烧烤油烟大，咨询过城管没有结果", Kind.UNKNOWN),
        ("市民来电了解到楼下要开烧烤店，担心油烟", Kind.UNKNOWN),
    ],
)
def test_an_order_that_reports_a_question_is_an_enquiry(body: str, kind: Kind) -> None:
    assert kind_of("", "", body, Source.HOTLINE) is kind
