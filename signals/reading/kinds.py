"""What the reporter wanted, from the office's own column, else from the set phrases that open hotline orders.

An agency's or a caller's chasing quotes the earlier order; its text is the earlier report's,
so it comes first.
"""

import re

from signals.records import Kind, Source

_NAMED = (
    (re.compile("咨询|询问|想了解"), Kind.ENQUIRY),
    (re.compile("投诉"), Kind.COMPLAINT),
    (re.compile("举报"), Kind.ACCUSATION),
    (re.compile("求助|求决|申诉"), Kind.REQUEST),
    (re.compile("建议|意见"), Kind.SUGGESTION),
    (re.compile("感谢|表扬"), Kind.THANKS),
    (re.compile("催办|催单|回访|反馈|撤销|撤单|补充"), Kind.FOLLOW_UP),
)
_CALLER = r"(?:市民|来电人|诉求人|游客|群众|居民|村民|业主|网友)"
_CHANNEL = r"(?:市民云|微信|公众号|网站|短信|热线|电话|APP|网络|小程序|来电|再次|多次|通过|又|来)*"
_AGENCY = (
    r"[^，。,：:；;\n]{0,16}(?:派出所|公安局|分局|城管(?:局|大队|中队)?|交警(?:大队|中队|支队)?|局|委|办|街道办(?:事处)?"
    r"|镇政府|区政府|街道|水务|供电|燃气公司|排水|环卫|社区|居委会|村委会|工商所|威立雅|[区市]环保局)"
)
_FOLLOW_UP = re.compile(
    rf"{_AGENCY}(?:[\u4e00-\u9fff]{{2,3}})?(?:再次)?来电(?:反馈|咨询|反映|报备|回复|告知|补充|要求)"
    rf"|{_CALLER}{_CHANNEL}(?:撤销|撤单|补充|反馈|催办|催促|催单|追问)"
    r"|[^，。\n]{0,24}(?:政府)?工单(?:编)?号?(?:是|为)?\s*[:：]?\s*[A-Za-z]{0,4}\d{8,}"
    rf"|{_CALLER}?(?:再次来电|来电催|催办|邀请市民)"
)
_FROM = rf"[\s【\[]*{_CALLER}?{_CHANNEL}"
_OPENING = re.compile(rf"{_FROM}(?:反)?(咨询|询问|投诉|举报|求助|建议|表扬|感谢)(?!投诉)")
_REPORTED = re.compile(  # "反映：" and then what was wanted, not a story in which somebody asked or was asked
    rf"{_FROM}反映\s*[:：]\s*(其?想(?:咨询|询问|了解)|投诉|举报"
    r"|(?:咨询|询问)(?!过|了|到|后|得知|情况|无果|无人|多次|多部门|社区|医生|电话|窗口|[处室台师费]|公司|机构|业主))"
)
_PRAISE = re.compile(r"(?:表扬|点赞|(?:衷心|特别|非常)?感谢|致谢|感谢信)")
_CALL_BACK = re.compile(r"(?:回电|转接|要求|找)\D{0,4}\d{2,6}\s*号?(?:话务|坐席|座席|接线)")  # for an operator
_QUOTED = re.compile(r"工单(?:编)?号?\s*[:：]?\s*[A-Za-z]{0,4}\d{8,}\s*[)）]?\s*《")


def kind_of(named: str, title: str, body: str, source: Source) -> Kind:
    """The kind of a report; bodies are looked at only for hotline orders, whose openings are set phrases.

    >>> kind_of("", "", "市民来电咨询:公园几点开门", Source.HOTLINE)
    <Kind.ENQUIRY: 'enquiry'>
    """
    if source is Source.HOTLINE and is_follow_up(body):
        return Kind.FOLLOW_UP
    for pattern, kind in _NAMED:
        if pattern.search(named):
            return kind
    if source is not Source.HOTLINE:
        return Kind.THANKS if _PRAISE.match(title) else Kind.UNKNOWN
    match = _OPENING.match(body) or _REPORTED.match(body) or re.match(r"(?:关于)?(咨询|询问|表扬|感谢|建议)", title)
    return next((kind for pattern, kind in _NAMED if match and pattern.search(match.group(1))), Kind.UNKNOWN)


def is_follow_up(body: str) -> bool:
    """Whether an order chases or reports back on an earlier one: by its opening, a quoted number or an operator's."""
    return bool(_FOLLOW_UP.match(body.lstrip()) or _QUOTED.search(body[:80]) or _CALL_BACK.search(body[:40]))
