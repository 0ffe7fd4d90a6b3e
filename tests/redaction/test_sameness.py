"""Texts redacted by two versions of the rules are told to be one text, and other texts are not."""

import pytest

from signals.redaction.sameness import may_be_same

SAME = (
    ("", ""),
    ("御景湾旁搅拌站夜间噪声", "御景湾旁搅拌站夜间噪声"),
    ("〔姓名〕水郡三期漏水", "林美水郡三期漏水"),
    ("我叫〔姓名〕丰，电话〔手机〕", "我叫张三〔姓名〕，电话13800138000"),
    ("〔姓名〕〔手机〕", "张三〔手机〕"),
    ("联系〔账号〕", "联系〔手机〕"),
    ("〔姓名〕反映，〔姓名〕〔姓名〕", "欧阳春反映，张三李四"),
)
OTHER = (
    ("", "噪声"),
    ("三期漏水", "二期漏水"),
    ("〔姓名〕三期漏水", "林美水郡二期漏水"),
    ("〔姓名〕来电反映", "来电反映"),  # a mark stands for something
    ("〔姓名〕", "路灯不亮，请修"),  # and a name holds no comma
    ("〔姓名〕", "村口到学校那条路的路灯全部不亮"),  # nor is it so long
    ("住5栋〔户室〕", "住6栋〔户室〕"),
)


@pytest.mark.parametrize(("left", "right"), SAME)
def test_marks_may_stand_for_what_the_other_side_shows(left: str, right: str) -> None:
    assert may_be_same(left, right)
    assert may_be_same(right, left)


@pytest.mark.parametrize(("left", "right"), OTHER)
def test_letters_outside_marks_must_agree(left: str, right: str) -> None:
    assert not may_be_same(left, right)
    assert not may_be_same(right, left)


def test_texts_that_leave_too_much_open_are_not_called_the_same() -> None:
    assert not may_be_same("噪声扰民〔姓名〕" * 3_000, "噪声扰民林美" * 3_000)
