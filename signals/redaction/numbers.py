"""Numbers that lead to a person: ID numbers, travel documents, bank cards, plates; phones and accounts have own files.

A number is masked when its checksum holds, or when the words before it say what it is.
"""

import re
from datetime import date

from signals.redaction.accounts import cut_accounts, cut_mail
from signals.redaction.marks import CARD, ID_NUMBER, PLATE, Draft
from signals.redaction.phones import cut_phones

_GAP = r"[ \-–—·.]{0,2}"
ID_OF_18 = re.compile(rf"(?<![0-9A-Za-z])\d(?:{_GAP}\d){{16}}{_GAP}[\dXx](?![0-9A-Za-z])")
_ID15 = re.compile(rf"(?<![0-9A-Za-z])\d(?:{_GAP}\d){{14}}(?![0-9A-Za-z])")
_ID_SAID = re.compile(
    r"(?:身份证|证件|公民身份|身份号)(?:件)?(?:号码?|编号)?(?:是|为)?[ :：]{0,3}(\d[\d*Xx \-]{5,22}[\dXx*])"
)
_ID_STARRED = re.compile(r"(?<![0-9A-Za-z])[1-8]\d{2,5}\*{4,14}[\dXx]{0,4}(?![0-9A-Za-z*])")
_TRAVEL = re.compile(
    r"(?:护照|通行证|回乡证|返乡证|台胞证|台湾证|军官证|士兵证|驾驶证|居住证|社保卡?)(?:号码?|编号)?(?:是|为)?"
    r"[ :：]{0,3}([A-Za-z]{0,3}\d{6,12})(?![0-9A-Za-z])"
)
CARD_NUMBER = re.compile(r"(?<![0-9A-Za-z])[3-69]\d(?:[ \-]{0,2}\d){14,17}(?![0-9A-Za-z])")
_CARD_SAID = re.compile(
    r"(?:银行卡|储蓄卡|信用卡|工资卡|存折|卡号|银行账|银行帐|账户|账号|帐号|帐户)(?:号码?)?(?:是|为)?[ :：]{0,3}"
    r"(\d(?:[ \-]{0,2}\d){8,24})(?!\d)"
)
_ORDER = re.compile(r"(?:单号|单编号|编号|案号|文号|合同号?|代码|证号|工单|订单|发票|流水号?)(?:是|为)?[ :：]{0,3}$")
_PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_DOT = "[ ·•・.\\-]?"
_PLATE = re.compile(
    rf"[{_PROVINCES}]{_DOT}[A-Za-z](?=(?:{_DOT}[A-Za-z0-9]){{0,5}}\d)"
    rf"(?:(?:{_DOT}[A-HJ-NP-Za-hj-np-z0-9]){{5,6}}|(?:{_DOT}[A-HJ-NP-Za-hj-np-z0-9]){{4}}[挂学警港澳领使])(?![A-Za-z0-9])"
)
_HOLDERS = frozenset(  # provinces, GB/T 2260
    "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82 83".split()
)
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def cut_numbers(draft: Draft) -> None:
    """Cut everything of this file and of the two it calls, the most certain first."""
    if not re.search(r"\d{3}|\d[^\d\n]{1,3}\d", draft.folded) and not re.search(r"[A-Za-z]{2}", draft.folded):
        cut_phones(draft)
        return
    cut_mail(draft)
    for pattern in (ID_OF_18, _ID15):
        for match in pattern.finditer(draft.folded):
            digits = re.sub(r"[^\dXx]", "", match.group())
            is_long = len(digits) == 18
            if (is_long and _has_holder(digits)) or (is_id_number(digits) and (is_long or not _is_order(draft, match))):
                draft.cut(match.start(), match.end(), ID_NUMBER)
    _cut_said(draft, _ID_SAID, ID_NUMBER)
    _cut_said(draft, _TRAVEL, ID_NUMBER)
    _cut_said(draft, _CARD_SAID, CARD)
    for match in CARD_NUMBER.finditer(draft.folded):
        if is_card(match.group()) and not _is_order(draft, match):
            draft.cut(match.start(), match.end(), CARD)
    cut_phones(draft)
    for match in _ID_STARRED.finditer(draft.folded):
        draft.cut(match.start(), match.end(), ID_NUMBER)
    for match in _PLATE.finditer(draft.folded):
        draft.cut(match.start(), match.end(), PLATE)
    cut_accounts(draft)


def _is_order(draft: Draft, match: re.Match[str]) -> bool:
    return _ORDER.search(draft.folded, max(0, match.start() - 12), match.start()) is not None


def is_holder(digits: str) -> bool:
    """Whether 18 characters are an ID number, a mistyped last digit allowed."""
    return len(digits) == 18 and (_has_holder(digits) or is_id_number(digits))


def _has_holder(digits: str) -> bool:
    """Whether 18 characters hold a province and a birthday: an ID number even where its last digit is mistyped."""
    return digits[:2] in _HOLDERS and "1920" <= digits[6:10] <= "2030" and _is_date(digits[6:14])


def _is_date(digits: str) -> bool:
    try:
        date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return False
    return True


def is_id_number(digits: str) -> bool:
    """Whether 18 characters end in the right check character, or 15 hold a real birthday.

    >>> is_id_number("11010519491231002X"), is_id_number("110105194912310021")
    (True, False)
    """
    birthday = digits[6:14] if len(digits) == 18 else "19" + digits[6:12]
    if digits[:2] not in _HOLDERS or not birthday.isdigit() or not _is_date(birthday):
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


def _cut_said(draft: Draft, pattern: re.Pattern[str], mark: str) -> None:
    for match in pattern.finditer(draft.folded):
        draft.cut(match.start(1), match.end(1), mark)
