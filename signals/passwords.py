"""Passwords: what one must be like, how it is kept (argon2id), and one-time passwords. Nothing here is ever written."""

import secrets
import threading
import unicodedata
from functools import lru_cache
from typing import Any

SHORTEST = 10  # characters
LONGEST = 200  # characters; longer ones only cost time
_AT_ONCE = threading.BoundedSemaphore(2)  # a check takes 64 MB: many at once must not fill the machine
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is taken for another


def password_refusal(password: str, name: str) -> str:
    """Why a password may not be used, in a sentence; "" where it may. Length and not the name: no other rules."""
    plain = _normal(password)
    if len(plain) < SHORTEST:
        return f"密码太短：现在 {len(plain)} 个字符，至少要 {SHORTEST} 个。可以用一句自己记得住的话。"
    if len(plain) > LONGEST:
        return f"密码太长：最多 {LONGEST} 个字符。"
    if len(set(plain)) < 4:
        return "密码只有两三种字符，太容易猜到。请换一个。"
    if _normal(name).casefold() in plain.casefold() and len(plain) < len(_normal(name)) + SHORTEST:
        return "密码不能就是账号名，或在账号名上只加几个字符。请换一个。"
    return ""


def hash_password(password: str) -> str:
    """The argon2id hash that is kept, with its salt and costs."""
    with _AT_ONCE:
        return str(_hasher().hash(_normal(password)))


def is_password(password_hash: str, password: str) -> bool:
    """Whether a password is the right one; an empty hash takes as long and is never right."""
    from argon2.exceptions import InvalidHashError, VerificationError

    kept = password_hash or _stand_in()
    try:
        with _AT_ONCE:
            is_right = bool(_hasher().verify(kept, _normal(password)[:LONGEST]))
        return is_right and password_hash != ""
    except (VerificationError, InvalidHashError):
        return False


def one_time_password() -> str:
    """Four groups of four letters and digits, 79 bits: easy to read to somebody."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(4))


@lru_cache(maxsize=1)
def _hasher() -> Any:
    """With the costs that the library recommends (RFC 9106, the second choice)."""
    from argon2 import PasswordHasher

    return PasswordHasher()


@lru_cache(maxsize=1)
def _stand_in() -> str:
    """The hash of a password that nobody knows, checked for names that do not exist."""
    return hash_password(secrets.token_urlsafe())


def _normal(password: str) -> str:
    """The same characters whichever way a keyboard or an input method composes them."""
    return unicodedata.normalize("NFKC", password)
