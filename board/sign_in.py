"""Who is looking. Until accounts exist only the demo is open: settings say demo, and everything is on loopback.

A proxy in front would hide who asks, so a request that came through one is refused like one from another machine.
"""

from dataclasses import dataclass
from ipaddress import ip_address

import streamlit as st

from board.marks import Html, notice
from board.sheet import show, show_style
from signals.errors import SettingsError
from signals.settings import Settings, load_settings

PROXY_HEADERS = ("X-Forwarded-For", "Forwarded", "X-Real-Ip", "Via")


@dataclass(frozen=True, slots=True)
class Account:
    """An account of the office; never a complainant."""

    name: str
    role: str


DEMO = Account("demo", "analyst")


def signed_in_account() -> Account | None:
    """The account of this session; where there is none a refusal page is shown and None returned."""
    try:
        settings = load_settings()
    except SettingsError as error:
        show_style()
        show(notice("设置有误，看板没有打开", str(error)))
        return None
    refusal = refuse(settings, st.get_option("server.address"), dict(st.context.headers))
    if refusal is None:
        return DEMO
    show_style()
    show(refusal)
    return None


def refuse(settings: Settings, address: str | None, headers: dict[str, str]) -> Html | None:
    """Why nobody may look, as a page; None where the demo account may."""
    known = {name.title(): value for name, value in headers.items()}
    host = known.get("Host", "localhost")
    if not settings.demo:
        return notice(
            "请先登录",
            "这个看板还没有建立账号，现在只开放演示数据。",
            "演示请运行 make demo；正式数据在账号建立之前不在网页上显示。",
        )
    if not (is_loopback(address or "") and is_loopback(_without_port(host))):
        return notice(
            "演示账号只在本机开放",
            "看板正在监听本机以外的地址，或者您是从另一台电脑访问的。",
            "请在运行它的电脑上打开 127.0.0.1，或用 --address 127.0.0.1 重新启动。",
        )
    if any(name in known for name in PROXY_HEADERS):
        return notice("演示账号不经代理开放", "这次访问经过了代理服务器，无法确认来自本机。", "请直接打开本机地址。")
    return None


def is_loopback(host: str) -> bool:
    """Whether a host name or address can only be this machine."""
    if host == "localhost":
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def _without_port(host: str) -> str:
    if host.startswith("["):
        return host.partition("]")[0].strip("[")
    return host.partition(":")[0] if host.count(":") == 1 else host
