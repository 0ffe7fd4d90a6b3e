"""Redaction: what must go, what must stay, and the same result the second time."""

import pytest

from signals.redaction import redact

GONE = [
    ("身份证110105194912310021不对", "身份证〔身份证〕不对"),  # announced, though the checksum is wrong
    ("证件 11010519491231002X 在此", "证件 〔身份证〕 在此"),
    ("证件110105 19491231 002x在此", "证件〔身份证〕在此"),
    ("老证110105491231002已换", "老证〔身份证〕已换"),
    ("退到6222021234567890128", "退到〔银行卡〕"),
    ("卡号：6222021234567890123", "卡号：〔银行卡〕"),
    ("请打13800138000", "请打〔手机〕"),
    ("请打138 0013 8000谢谢", "请打〔手机〕谢谢"),
    ("请打138-0013-8000", "请打〔手机〕"),
    ("请打+8613800138000", "请打〔手机〕"),
    ("请打１３８００１３８０００", "请打〔手机〕"),
    ("请打13\u200b800138000", "请打〔手机〕"),
    ("请打一三八零零一三八零零零", "请打〔手机〕"),
    ("请打138****8000", "请打〔手机〕"),
    ("座机0750-3123456", "座机〔电话〕"),
    ("座机(0750)3123456", "座机〔电话〕"),
    ("电话：3123456", "电话：〔电话〕"),
    ("小车粤J12345挡路", "小车〔车牌〕挡路"),
    ("小车粤J·D12345挡路", "小车〔车牌〕挡路"),
    ("小车粤JF12345挡路", "小车〔车牌〕挡路"),
    ("发到a.b@example.com吧", "发到〔邮箱〕吧"),
    ("微信号：wx_abc123", "微信号：〔账号〕"),
    ("QQ 12345678", "QQ 〔账号〕"),
    ("翠竹苑5栋2单元301室漏水", "翠竹苑5栋〔户室〕漏水"),
    ("翠竹苑5栋301漏水", "翠竹苑5栋〔户室〕漏水"),
    ("翠竹苑5-2-301漏水", "翠竹苑5〔户室〕漏水"),
    ("翠竹苑3号楼1202房漏水", "翠竹苑3号楼〔户室〕漏水"),
    ("我叫陈小文，要反映", "我叫〔姓名〕，要反映"),
    ("我叫陈文住在白沙", "我叫〔姓名〕住在白沙"),
    ("本人欧阳小峰，家住", "本人〔姓名〕，家住"),
    ("我是李小明，业主", "我是〔姓名〕，业主"),
    ("联系人：司徒文彬", "联系人：〔姓名〕"),
    ("信访人：李四、王五等", "信访人：〔姓名〕、〔姓名〕等"),
    ("陈小江先生来电", "〔姓名〕先生来电"),
    ("和平路王女士来电", "和平路〔姓名〕女士来电"),
    ("张小伟 13800138000", "〔姓名〕 〔手机〕"),
]

STAYS = [
    "御景湾旁搅拌站夜间噪声",
    "高沙街道李记餐厅油烟大，王府井百货门口积水",
    "司徒街与张家边村之间的路灯不亮",
    "我是高沙街道的居民",
    "我是江门人，本人是白沙街道的业主",
    "我们小区200户，三室两厅，3栋楼的外墙",
    "工单编号20180101114174《关于路灯的问题》",
    "2019-2-28 11:25 拨打12345",
    "商场3楼餐厅，车牌琼*****",
    "共支付138000元，面积1380平方米",
    "严重损害业主利益，业主权益",
]


@pytest.mark.parametrize(("text", "expected"), GONE)
def test_what_leads_to_a_person_becomes_a_mark(text: str, expected: str) -> None:
    assert redact(text) == expected


@pytest.mark.parametrize("text", STAYS)
def test_places_firms_counts_and_order_numbers_survive(text: str) -> None:
    assert redact(text) == text


@pytest.mark.parametrize("text", [text for text, _ in GONE] + STAYS)
def test_redacting_twice_changes_nothing(text: str) -> None:
    assert redact(redact(text)) == redact(text)


def test_names_known_from_the_row_are_masked_wherever_they_stand() -> None:
    assert redact("昨天赵铁柱又来了", names=("赵铁柱",)) == "昨天〔姓名〕又来了"


def test_a_name_announced_once_is_masked_wherever_it_stands_in_the_text() -> None:
    assert redact("我叫文东辉，路上文东辉边走边说") == "我叫〔姓名〕，路上〔姓名〕边走边说"
    assert redact("我叫高峰，早高峰堵车") == "我叫〔姓名〕，早高峰堵车"


def test_accounts_known_from_the_row_are_masked_wherever_they_stand() -> None:
    assert redact("网友“U0001234”：您好", accounts=("U0001234",)) == "网友“〔账号〕”：您好"


def test_one_line_stays_one_line_and_two_stay_two() -> None:
    assert redact("电话13800138000\n我叫陈小文").count("\n") == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [("石伯说路灯坏了", "〔姓名〕伯说路灯坏了"), ("查过，易叔不肯搬", "查过，〔姓名〕叔不肯搬"),
     ("老周家的墙歪了", "老〔姓名〕家的墙歪了"), ("和姨妈去；易伯父", None), ("河伯石伯", None),
     ("和叔商量", None), ("老区家的井、老师家里、老家的墙", None)],
)  # fmt: skip
def test_any_surname_goes_that_begins_a_clause_before_kin_and_behind_lao_before_home(
    text: str, said: str | None
) -> None:
    assert redact(text) == (said or text)
