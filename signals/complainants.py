"""Who a report comes from, as a keyed hash and nothing else: HMAC-SHA256 of kind + normalised value.

The hashes only let distinct voices be counted. Nothing here can say whose a hash is.
"""

import hashlib
import hmac
import re
import secrets
import unicodedata

from signals.clock import day_of
from signals.errors import SettingsError
from signals.reading.facts import Facts
from signals.records import Source
from signals.settings import Settings, complainant_key

_ABSENT = re.compile(
    r"(?:无|没有|未知|未留|未提供|不详|不愿透露|匿名\w{0,3}|保密|空|n/?a|null|none|[-—/.0]*)", re.IGNORECASE
)
_SHORTEST_KEY = 16


def site_key(settings: Settings) -> bytes:
    """The site's key, or a random one in the demo.

    Raises SettingsError outside the demo where the key is missing or shorter than 16 bytes.
    """
    secret = complainant_key()
    if secret is None:
        if settings.demo:
            return secrets.token_bytes(32)
        raise SettingsError(
            "JIANWEI_COMPLAINANT_KEY: 没有设置诉求人哈希的密钥。请把至少 16 个字符的密钥放进这个环境变量，"
            "或把存放它的文件路径放进 JIANWEI_COMPLAINANT_KEY_FILE；密钥不要与数据仓库放在一起。"
        )
    key = secret.get_secret_value().encode()
    if len(key) < _SHORTEST_KEY:
        raise SettingsError(f"JIANWEI_COMPLAINANT_KEY: 密钥太短；得到 {len(key)} 字节；应至少 {_SHORTEST_KEY} 字节。")
    return key


class Voices:
    """Turns the facts of a row into a complainant's hash under one key."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def of(self, facts: Facts, source: Source) -> str | None:
        """The hash of the first present of ID number, phone, account, name + community; None if none is.

        A grid note is one voice per community and local day; its 上报人 is never part of it.
        """
        if source is Source.GRID:
            where = _normal(facts.community) or _normal(facts.grid_cell) or _normal(facts.town)
            return self._hash("grid", f"{where}|{day_of(facts.received_at)}") if where else None
        if value := _normal(facts.id_number):
            return self._hash("id", value)
        if phone := _phone(facts.phone):
            return self._hash("phone", phone)
        if value := _normal(facts.account):
            return self._hash("account", value)
        name, community = _normal(facts.name), _normal(facts.community)
        return self._hash("name", f"{name}|{community}") if name and community else None

    def _hash(self, kind: str, value: str) -> str:
        return hmac.new(self._key, f"{kind}:{value}".encode(), hashlib.sha256).hexdigest()


def _normal(text: str) -> str:
    """NFKC, upper case, no blanks; "" where masked or a word for nothing."""
    value = re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).upper()
    return "" if "*" in value or "〔" in value or _ABSENT.fullmatch(value) else value


def _phone(text: str) -> str:
    """The digits of a phone without the country's code; "" where there are too few."""
    digits = re.sub(r"\D", "", _normal(re.split(r"[,，;；、/ ]", text.strip())[0] if len(text) > 20 else text))
    digits = re.sub(r"^(?:00)?86(?=1\d{10}$)", "", digits)
    return digits if len(digits) >= 7 and len(set(digits)) > 1 else ""
