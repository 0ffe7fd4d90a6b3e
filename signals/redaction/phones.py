"""Telephone numbers in every spelling: mobile, landline with extension, Hong Kong and Macau.

Service numbers (110, 12345, 400-…) reach no person and stay.
"""

import re

from signals.redaction.marks import MOBILE, PHONE, Draft, spoken_digits

_TIGHT = r"[ \-–—·.\t\v\f\u2028]?"  # between any two digits
_LOOSE = (
    r"[ \-–—·.,、/_()\[\]\t\v\f\u2028]{1,3}"  # between groups of digits only, or a list of house numbers would match
)
_BEFORE = r"(?<![0-9A-Za-z])(?:\(?\+?(?:00)?86\)?[ \-–—]{0,3})?"
_GROUPS = ("3 4 4", "3 8", "7 4", "5 3 3", "3 3 5", "4 3 4", "4 4 3", "5 6", "6 5")
_GROUPED = "|".join(
    _LOOSE.join(rf"1[3-9]\d{{{int(n) - 2}}}" if i == 0 else rf"\d{{{n}}}" for i, n in enumerate(sizes.split()))
    for sizes in _GROUPS
)
MOBILE_NUMBER = re.compile(
    rf"{_BEFORE}\(?(?:1[3-9]\d(?:{_TIGHT}\d){{8}}|1{_TIGHT}[3-9](?:{_TIGHT}\d){{9}}|{_GROUPED})(?![0-9])"
)
_MOBILE_STARRED = re.compile(r"(?<![0-9A-Za-z])1[3-9]\d[*xX]{3,8}\d{0,4}(?![0-9*])")
_EXTENSION = r"(?: ?(?:-|–|—|转|转接|分机|ext\.?) ?(?:分机)? ?\d{1,6}(?:分机)?)?"
_LOCAL = r"(?:[2-8]\d{3}[ \-–—]?\d{4}|[2-8]\d{2}[ \-–—]?\d{4,5})"
PHONE_NUMBER = re.compile(
    r"(?<![\d\-A-Za-z])(?:\(?\+?(?:00)?86\)?[ \-–—]{0,2}\(?0?\d{2,3}\)?[ \-–—]{0,2}|\(0\d{2,3}\)[ \-–—]?"
    rf"|0\d{{2,3}}[ \-–—]{{1,3}}|0(?:10|2\d|[3-9]\d{{2}})){_LOCAL}(?!\d){_EXTENSION}(?!\d)",
    re.IGNORECASE,
)
_PHONE_SAID = re.compile(
    r"(?:电话|座机|固话|致电|传真|手机|联系方式|办公室|家里)(?:号码?)?(?:是|为)?[ :：]{0,3}"
    rf"([2-8]\d{{2,3}}[ \-]?\d{{4}}(?!\d){_EXTENSION})(?!\d)"
)
_ABROAD = r"[4-9]\d{3}[ \-–—]?\d{4}(?!\d)"
_ABROAD_CODED = re.compile(rf"(?<![0-9A-Za-z])(?:(?:\+|00) ?\(?|\()85[23]\)?[ \-–—]{{0,2}}{_ABROAD}")
_ABROAD_SAID = re.compile(rf"(?:香港|澳门|港澳|港)[^\d。;\n]{{0,10}}((?:\(?85[23]\)?[ \-]{{0,2}})?{_ABROAD})")


def cut_phones(draft: Draft) -> None:
    """Cut all telephone numbers; digits may be Chinese ones."""
    for match in MOBILE_NUMBER.finditer(spoken_digits(draft.folded)):
        draft.cut(match.start(), match.end(), MOBILE)
    if not re.search(r"\d{3}", draft.folded):
        return
    for pattern, mark, group in (
        (_MOBILE_STARRED, MOBILE, 0), (_ABROAD_CODED, MOBILE, 0), (_ABROAD_SAID, MOBILE, 1), (PHONE_NUMBER, PHONE, 0),
        (_PHONE_SAID, PHONE, 1),
    ):  # fmt: skip
        for match in pattern.finditer(draft.folded):
            draft.cut(match.start(group), match.end(group), mark)
