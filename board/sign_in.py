"""Who is looking: an account with its password or through OIDC, or in the demo anybody on this machine.

In the demo everything must be on loopback. A proxy in front would hide who asks, so a request that came through one is
refused like one from another machine.
"""

from dataclasses import replace
from datetime import datetime
from ipaddress import ip_address

import streamlit as st

from board.marks import Html, notice
from board.sheet import run_script, show, show_style
from board.sign_in_forms import change_form, oidc_form, password_form, refused_form
from board.signed_in import begin_session, cookie_script, end_session, oidc_account, oidc_name, session_account
from signals.accounts import ROLE_NAMES, Account, Role, read_accounts
from signals.audit import AuditEntry, append_audit
from signals.clock import LOCAL
from signals.errors import InputError, JianweiError, SettingsError, StateError
from signals.gazetteer import load_gazetteer
from signals.settings import Settings, load_settings
from signals.signing_in import change_password, sign_in

PROXY_HEADERS = ("X-Forwarded-For", "Forwarded", "X-Real-Ip", "Via")
DEMO = Account("demo", Role.ANALYST)
DEMO_ROLE = "demo_role"  # the widget's key
KEPT_ROLE = "demo_role_kept"  # beside it: a switch of pages in the middle of a run forgets what a widget was just given


def signed_in_account() -> Account | None:
    """The account of this session that may open pages; None where there is none. Draws nothing."""
    try:
        settings = load_settings()
        if settings.demo:
            return _demo_account(settings) if _refusal(settings) is None else None
        account = session_account(settings) or oidc_account(settings)
    except JianweiError:
        return None
    return None if account is None or account.must_change else account


def sign_in_page() -> Account | None:
    """The account of this session, with what belongs to it at the top; else the page where one signs in, and None."""
    show_style()
    try:
        settings = load_settings()
    except SettingsError as error:
        show(notice("设置有误，看板没有打开", str(error)))
        return None
    try:
        return _demo(settings) if settings.demo else _signed_in(settings)
    except StateError as error:
        show(notice("现在不能登录", str(error)))
        return None


def refuse(settings: Settings, address: str | None, headers: dict[str, str]) -> Html | None:
    """Why nobody may look, as a page; None where the demo account may."""
    known = {name.title(): value for name, value in headers.items()}
    host = known.get("Host", "localhost")
    if not settings.demo:
        return notice(
            "请先登录",
            "这个看板还没有账号。",
            "请运维员在服务器上运行 jianwei accounts add 账号名 --role 角色，把一次性密码交给本人。",
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


def demo_accounts(settings: Settings) -> dict[str, Account]:
    """What the demo can be looked at as: each role, and an analyst of one district."""
    roles = {ROLE_NAMES[role]: replace(DEMO, role=role) for role in Role}
    area = load_gazetteer(settings.gazetteer).areas[0]
    return roles | {f"{area.name}研判员": replace(DEMO, areas=(area.adcode,))}


def _refusal(settings: Settings) -> Html | None:
    return refuse(settings, st.get_option("server.address"), dict(st.context.headers))


def _demo_account(settings: Settings) -> Account:
    chosen = st.session_state.get(DEMO_ROLE)
    return demo_accounts(settings).get(str(chosen), DEMO) if chosen else DEMO


def _demo(settings: Settings) -> Account | None:
    if refusal := _refusal(settings):
        show(refusal)
        return None
    if DEMO_ROLE not in st.session_state and KEPT_ROLE in st.session_state:
        st.session_state[DEMO_ROLE] = st.session_state[KEPT_ROLE]
    with st.container(key="jw-who"):
        st.session_state[KEPT_ROLE] = st.selectbox(
            "演示角色", list(demo_accounts(settings)), key=DEMO_ROLE, width=220, label_visibility="collapsed",
            format_func=lambda role: f"演示角色：{role}",
        )  # fmt: skip
    return _demo_account(settings)


def _signed_in(settings: Settings) -> Account | None:
    run_script(cookie_script())
    account = session_account(settings)
    if account is None and oidc_name(settings) is not None:
        account = oidc_account(settings)
        if account is None:
            _refuse_oidc(settings)
            return None
        _note_once(settings, account)
    if account is None:
        _ask_password(settings)
        return None
    if account.must_change or st.session_state.get("wants_change"):
        _ask_change(settings, account)
        return None
    _who(account)
    return account


def _ask_password(settings: Settings) -> None:
    """The form; what was given is tried, and either outcome is in the audit before it is told."""
    if not read_accounts(settings.accounts_path):
        show(_refusal(settings) or Html(""))
        return
    oidc_form()
    given = password_form(settings.city_name)
    if given is None:
        return
    name, password = given
    attempt = sign_in(settings.accounts_path, name, password, now=datetime.now(LOCAL))
    known = attempt.known_name or "unknown"
    role = str(attempt.account.role) if attempt.account else ""
    _note(settings, known, role, "sign_in" if attempt.account else "sign_in_failed")
    if attempt.account is None:
        refused_form(attempt.sentence)
        return
    begin_session(attempt.account)
    st.rerun()


def _ask_change(settings: Settings, account: Account) -> None:
    given = change_form(settings.city_name, account.name, is_forced=account.must_change)
    if given is None:
        return
    if given.is_cancelled:
        st.session_state.pop("wants_change", None)
        if account.must_change:
            end_session()
        st.rerun()
    try:
        if not account.must_change:
            now = datetime.now(LOCAL)
            attempt = sign_in(settings.accounts_path, account.name, given.current, now=now)
            if attempt.account is None:
                raise InputError("现在的密码不对。" if "不对" in attempt.sentence else attempt.sentence)
        if given.new != given.again:
            raise InputError("两次输入的新密码不一样。")
        _note(settings, account.name, str(account.role), "password_change")
        changed = change_password(settings.accounts_path, account.name, given.new)
    except InputError as error:
        refused_form(str(error))
        return
    end_session()
    begin_session(changed)
    st.rerun()


def _refuse_oidc(settings: Settings) -> None:
    if "oidc_noted" not in st.session_state:
        _note(settings, "unknown", "", "sign_in_failed")
        st.session_state["oidc_noted"] = ""
    show(
        notice(
            "这个身份没有看板账号",
            "统一身份认证已通过，但看板里没有与它对应、可用的账号。",
            "请运维员运行 jianwei accounts add 账号名 --role 角色 --oidc。",
        )
    )
    st.button("换一个身份", on_click=st.logout, key="oidc_out")


def _note_once(settings: Settings, account: Account) -> None:
    if st.session_state.get("oidc_noted") != account.key:
        _note(settings, account.name, str(account.role), "sign_in")
        st.session_state["oidc_noted"] = account.key


def _note(settings: Settings, name: str, role: str, action: str) -> None:
    """An audit line; an unknown name is not written down: people type passwords there by mistake."""
    entry = AuditEntry(datetime.now(LOCAL), name, role, action, f"account:{name}", 0)
    append_audit(settings.audit_folder, entry)


def _who(account: Account) -> None:
    """Who is signed in, and the way out."""
    with st.container(key="jw-who"), st.popover(f"{account.name} · {ROLE_NAMES[account.role]}", key="who"):
        if account.password_hash:
            st.button("修改密码", key="change", on_click=_want_change, width="stretch")
            st.button("退出登录", key="sign_out", on_click=end_session, width="stretch")
        else:
            st.button("退出登录", key="sign_out", on_click=st.logout, width="stretch")


def _want_change() -> None:
    st.session_state["wants_change"] = True


def _without_port(host: str) -> str:
    if host.startswith("["):
        return host.partition("]")[0].strip("[")
    return host.partition(":")[0] if host.count(":") == 1 else host
