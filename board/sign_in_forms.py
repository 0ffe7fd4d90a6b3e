"""The forms of signing in: one card in the middle of the page. What is given is judged elsewhere."""

from dataclasses import dataclass

import streamlit as st

from board.marks import Html, join, tag, text
from board.sheet import show
from board.signed_in import is_oidc
from signals.passwords import SHORTEST


@dataclass(frozen=True, slots=True)
class Change:
    """What was given in the form of a new password."""

    current: str
    new: str
    again: str
    is_cancelled: bool


def password_form(city: str) -> tuple[str, str] | None:
    """Name and password once the form was sent; None until then."""
    with st.container(key="jw-card"), st.form("sign_in", border=False):
        show(_head("登录", city))
        name = st.text_input("账号", key="name", autocomplete="username", max_chars=80)
        password = st.text_input(
            "密码", type="password", key="password", autocomplete="current-password", max_chars=200
        )
        is_sent = st.form_submit_button("登录", type="primary", width="stretch")
        show(tag("p", text("没有账号或忘了密码，请找本单位的运维员。查看诉求内容都会留下记录。"), "jw-below"))
    return (name, password) if is_sent else None


def change_form(city: str, name: str, *, is_forced: bool) -> Change | None:
    """A new password once the form was sent; None until then."""
    why = "这是第一次登录，或密码刚被重置：先换成只有您知道的密码。" if is_forced else "改好之后，别处的登录都会退出。"
    with st.container(key="jw-card"):
        with st.form("change", border=False):
            show(_head("设置新密码", city))
            show(tag("p", text(f"{name}，您好。{why}")))
            current = "" if is_forced else st.text_input(
                "现在的密码", type="password", key="current", autocomplete="current-password", max_chars=200
            )  # fmt: skip
            new = st.text_input("新密码", type="password", key="new", autocomplete="new-password", max_chars=200)
            again = st.text_input("再输一遍", type="password", key="again", autocomplete="new-password", max_chars=200)
            rule = f"至少 {SHORTEST} 个字符，不能就是账号名；不要求大小写、数字或符号。"
            show(tag("p", text(rule), "jw-below"))
            is_sent = st.form_submit_button("保存并进入" if is_forced else "保存", type="primary", width="stretch")
        is_cancelled = st.button("退出登录" if is_forced else "不改了", key="cancel", width="stretch")
    return Change(current, new, again, is_cancelled) if is_sent or is_cancelled else None


def oidc_form() -> None:
    """The way to the office's own sign-in, where it is configured."""
    if is_oidc():
        with st.container(key="jw-oidc"):
            st.button("用统一身份认证登录", on_click=st.login, key="oidc", type="primary", width="stretch")


def refused_form(sentence: str) -> None:
    """Why what was given was not accepted."""
    with st.container(key="jw-refused"):
        show(tag("p", text(sentence), "jw-warning", role="alert"))


def _head(title: str, city: str) -> Html:
    return join((tag("p", f"见微<em>{text(city)}</em>", "jw-brand"), tag("h1", text(title))))
