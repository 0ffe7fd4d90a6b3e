"""Who is signed in: tokens that only the browser knows, their hashes in the memory of the board's process.

A restart signs everybody out. A session ends after IDLE without a click, after LONGEST in any case, at sign-out, and as
soon as the account's password is another one.
"""

import hashlib
import secrets
import threading
from dataclasses import dataclass
from datetime import datetime, timedelta

from signals.accounts import Account

IDLE = timedelta(hours=2)
LONGEST = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Session:
    """One browser that is signed in."""

    key: str  # of the account
    password_stamp: str
    started_at: datetime
    seen_at: datetime


class Sessions:
    """All sessions of this process, by the SHA-256 of their token."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: dict[str, Session] = {}

    def open(self, account: Account, now: datetime) -> str:
        """Begin a session; returns its token, which is kept nowhere else."""
        token = secrets.token_urlsafe(32)
        with self._lock:
            self._kept = {hashed: each for hashed, each in self._kept.items() if _is_live(each, now)}
            self._kept[_hash(token)] = Session(account.key, password_stamp(account), now, now)
        return token

    def find(self, token: str, now: datetime) -> Session | None:
        """The live session of a token, which counts as seen now; None where there is none."""
        with self._lock:
            session = self._kept.pop(_hash(token), None)
            if session is None or not _is_live(session, now):
                return None
            self._kept[_hash(token)] = Session(session.key, session.password_stamp, session.started_at, now)
            return session

    def close(self, token: str) -> None:
        """End a session; a token that is none ends nothing."""
        with self._lock:
            self._kept.pop(_hash(token), None)


def password_stamp(account: Account) -> str:
    """Changes with the password."""
    return _hash(account.password_hash)


def _is_live(session: Session, now: datetime) -> bool:
    return now - session.seen_at < IDLE and now - session.started_at < LONGEST


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
