"""The account of this browser's session. No page draws here: what cannot be told apart gives nobody.

The token lies in the session's state and in a cookie, so that a reload does not sign out. Streamlit reads cookies and
has no way to set one: a script of one line does (`cookie_script`), and what a script sets cannot be HttpOnly.
"""

from datetime import datetime

import streamlit as st

from board.sessions import LONGEST, Sessions, password_stamp
from signals.accounts import Account, name_key, read_accounts
from signals.clock import LOCAL
from signals.settings import Settings

COOKIE = "jianwei_session"
TOKEN = "session_token"  # in the session's state; "" after signing out, whatever the cookie says


@st.cache_resource(show_spinner=False)
def sessions() -> Sessions:
    """All sessions of this process."""
    return Sessions()


def token() -> str:
    """The token of this browser, "" where it has none."""
    known = st.session_state.get(TOKEN)
    return str(known) if known is not None else str(st.context.cookies.get(COOKIE, ""))


def begin_session(account: Account) -> None:
    """Sign this browser in; nothing stays of what was typed or looked at before."""
    st.session_state.clear()
    st.session_state[TOKEN] = sessions().open(account, datetime.now(LOCAL))


def end_session() -> None:
    """Sign this browser out and forget what its pages remember."""
    sessions().close(token())
    st.session_state.clear()
    st.session_state[TOKEN] = ""


def session_account(settings: Settings) -> Account | None:
    """The account of this browser's session, also one that must change its password first. Raises StateError."""
    if (known := token()) and (session := sessions().find(known, datetime.now(LOCAL))):
        account = read_accounts(settings.accounts_path).get(session.key)
        if account and not account.is_disabled and password_stamp(account) == session.password_stamp:
            return account
        sessions().close(known)
    return None


def cookie_script() -> str:
    """The script that puts the token into the cookie, or takes it out; "" where the cookie is right already."""
    known = st.session_state.get(TOKEN)
    if known is None or known == st.context.cookies.get(COOKIE, ""):
        return ""
    age = int(LONGEST.total_seconds()) if known else 0
    secure = "(location.protocol === 'https:' ? '; Secure' : '')"
    return (
        f"<script>document.cookie = '{COOKIE}={known}; Path=/; SameSite=Strict; Max-Age={age}' + {secure};</script>"
    )


def is_oidc() -> bool:
    """Whether signing in through OIDC is configured for Streamlit (`[auth]` in .streamlit/secrets.toml)."""
    return bool(st.secrets.load_if_toml_exists()) and "auth" in st.secrets


def oidc_name(settings: Settings) -> str | None:
    """What the configured claim says of who signed in through OIDC not longer than a session ago; None for nobody."""
    if not is_oidc() or not st.user.is_logged_in:
        return None
    issued = st.user.get("iat")
    if isinstance(issued, int | float) and datetime.now(LOCAL) - datetime.fromtimestamp(issued, LOCAL) > LONGEST:
        return None
    return str(st.user.get(settings.oidc_claim) or "")


def oidc_account(settings: Settings) -> Account | None:
    """The account without a password that the claim names; None where there is none. Raises StateError."""
    name = oidc_name(settings)
    account = read_accounts(settings.accounts_path).get(name_key(name)) if name else None
    return account if account and not account.is_disabled and not account.password_hash else None
