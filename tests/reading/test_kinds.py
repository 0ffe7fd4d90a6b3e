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
        ("市民来电反映: 举报无证小诊所", Kind.ACCUSATION),
        ("市民来电反映：咨询过街道多次无人答复，井盖缺失有人摔倒", Kind.UNKNOWN),
        ("市民来电反映：询问社区工作人员后被辱骂", Kind.UNKNOWN),
        ("市民来电反映：咨询电话一直打不通", Kind.UNKNOWN),
        ("市民来电反映：咨询公司收了五千元后失联", Kind.UNKNOWN),
        ("市民来电反映：了解过物业，物业说不管，楼上漏水半年了", Kind.UNKNOWN),
        ("市民来电反映：感谢之前处理，但现在噪音又开始了", Kind.UNKNOWN),
        ("市民来电了解到楼下要开烧烤店，担心油烟", Kind.UNKNOWN),
        ("市民微信了解一款理财产品，被骗5万元", Kind.UNKNOWN),
    ],
)
def test_an_order_that_reports_a_question_is_an_enquiry(body: str, kind: Kind) -> None:
    assert kind_of("", "", body, Source.HOTLINE) is kind
