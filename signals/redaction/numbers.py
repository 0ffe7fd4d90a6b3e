"""Numbers that lead to a person: ID numbers, bank cards, phones, plates, mail and messenger accounts.

A number is masked when its checksum holds, or when the words before it say what it is.
"""

import re
from datetime import date

from signals.redaction.marks import ACCOUNT, CARD, ID_NUMBER, MAIL, MOBILE, PHONE, PLATE, Draft, spoken_digits

_GAP = r"[ \-–—·.]?"
_ID18 = re.compile(rf"(?<![0-9A-Za-z])\d(?:{_GAP}\d){{16}}{_GAP}[\dXx](?![0-9A-Za-z])")
_ID15 = re.compile(r"(?<![0-9A-Za-z])\d{15}(?![0-9A-Za-z])")
_ID_SAID = re.compile(r"身份证(?:件)?(?:号码?|编号)?(?:是|为)?[ :：]{0,3}(\d[\d*Xx \-]{5,22}[\dXx*])")
_ID_STARRED = re.compile(r"(?<![0-9A-Za-z])[1-8]\d{2,5}\*{4,14}[\dXx]{0,4}(?![0-9A-Za-z*])")
_CARD = re.compile(r"(?<![0-9A-Za-z])\d(?:[ \-]?\d){15,18}(?![0-9A-Za-z])")
_CARD_SAID = re.compile(
    r"(?:银行卡|银行账|银行帐|卡|账户|账|帐)号码?(?:是|为)?[ :：]{0,3}(\d(?:[ \-]?\d){8,24})(?!\d)"
)
_ORDER = re.compile(r"(?:单号|单编号|编号|案号|文号|合同号?)(?:是|为)?[ :：]{0,3}$")
_MOBILE = re.compile(rf"(?<![0-9A-Za-z])(?:\+?(?:00)?86{_GAP})?1[3-9]\d(?:{_GAP}\d){{8}}(?![0-9])")
_MOBILE_STARRED = re.compile(r"(?<![0-9A-Za-z])1[3-9]\d\*{3,8}\d{0,4}(?![0-9*])")
_PHONE = re.compile(
    r"(?<!\d)(?:\(0\d{2,3}\) ?|0\d{2,3}[ \-–—]{1,2}|0(?:10|2\d|[3-9]\d{2}))[2-9]\d{6,7}(?!\d)"
)
_PHONE_SAID = re.compile(
    r"(?:电话|座机|固话|致电|传真|手机|联系方式)(?:号码?)?(?:是|为)?[ :：]{0,3}"
    r"([2-9]\d{2,3}[ \-]?\d{4})(?!\d)"
)
_PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_PLATE = re.compile(
    rf"[{_PROVINCES}][ ]?[A-Za-z][ ·•・.\-]?"
    r"(?=[A-Za-z0-9]{0,5}\d)(?:[A-HJ-NP-Za-hj-np-z0-9]{5,6}|[A-HJ-NP-Za-hj-np-z0-9]{4}[挂学警港澳])(?![A-Za-z0-9])"
)
_MAIL = re.compile(r"[A-Za-z0-9._%+\-]+ ?@ ?[A-Za-z0-9\-]+(?:\.[A-Za-z0-9\-]+)+", re.ASCII)
_ACCOUNT = re.compile(
    r"(?:微信|薇信|威信|微x|v信|vx|wx|wechat|q ?q|扣扣|企鹅|抖音|快手|微博|户)"
    r"(?:号码?|账号|帐号|id|群号?)?(?:是|为)?[ :：]{0,3}"
    r"([A-Za-z][A-Za-z0-9_\-]{5,19}|\d{5,12})(?![A-Za-z0-9_])",
    re.IGNORECASE | re.ASCII,
)
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def cut_numbers(draft: Draft) -> None:
    """Cut everything of this file, the most certain first."""
    if not re.search(r"[\d@]", draft.folded) and not re.search(r"[A-Za-z]{2}", draft.folded):
        _cut_mobiles(draft)
        return
    _cut_all(draft, _MAIL, MAIL)
    for match in _ID18.finditer(draft.folded):
        if is_id_number(re.sub(r"[^\dXx]", "", match.group())):
            draft.cut(match.start(), match.end(), ID_NUMBER)
    for match in _ID15.finditer(draft.folded):
        if is_id_number(match.group()):
            draft.cut(match.start(), match.end(), ID_NUMBER)
    _cut_said(draft, _ID_SAID, ID_NUMBER)
    _cut_said(draft, _CARD_SAID, CARD)
    for match in _CARD.finditer(draft.folded):
        if is_card(match.group()) and not _ORDER.search(draft.folded, 0, match.start()):
            draft.cut(match.start(), match.end(), CARD)
    _cut_mobiles(draft)
    _cut_all(draft, _MOBILE_STARRED, MOBILE)
    _cut_all(draft, _ID_STARRED, ID_NUMBER)
    _cut_all(draft, _PHONE, PHONE)
    _cut_said(draft, _PHONE_SAID, PHONE)
    _cut_all(draft, _PLATE, PLATE)
    _cut_said(draft, _ACCOUNT, ACCOUNT)


def is_id_number(digits: str) -> bool:
    """Whether 18 characters end in the right check character, or 15 hold a real birthday.

    >>> is_id_number("11010519491231002X"), is_id_number("110105194912310021")
    (True, False)
    """
    if not "11" <= digits[:2] <= "82":
        return False
    birthday = digits[6:14] if len(digits) == 18 else "19" + digits[6:12]
    try:
        date(int(birthday[:4]), int(birthday[4:6]), int(birthday[6:]))
    except ValueError:
        return False
    if len(digits) == 15:
        return True
    total = sum(int(digit) * weight for digit, weight in zip(digits, _WEIGHTS, strict=False))
    return "10X98765432"[total % 11] == digits[17].upper()


def is_card(text: str) -> bool:
    """Luhn's check over the digits of `text`, of which all equal is no card."""
    digits = [int(character) for character in text if character.isdigit()]
    doubled = (d * 2 - 9 * (d > 4) if i % 2 else d for i, d in enumerate(reversed(digits)))
    return len(set(digits)) > 1 and sum(doubled) % 10 == 0


def _cut_mobiles(draft: Draft) -> None:
    for match in _MOBILE.finditer(spoken_digits(draft.folded)):
        draft.cut(match.start(), match.end(), MOBILE)


def _cut_all(draft: Draft, pattern: re.Pattern[str], mark: str) -> None:
    for match in pattern.finditer(draft.folded):
        draft.cut(match.start(), match.end(), mark)


def _cut_said(draft: Draft, pattern: re.Pattern[str], mark: str) -> None:
    for match in pattern.finditer(draft.folded):
        draft.cut(match.start(1), match.end(1), mark)
