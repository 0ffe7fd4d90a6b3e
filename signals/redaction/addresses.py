"""Flat-level addresses: masked from the unit or floor on, so that building and estate stay readable."""

import re

from signals.redaction.marks import ROOM, Draft

_N = r"[0-9A-Za-z一二三四五六七八九十]{1,5}"
_STEP = rf"{_N}(?:单元|门栋|梯|层|楼)[ \-,,、]?"
_FLAT = r"(?:[A-Za-z]?\d{1,5}[A-Za-z]?(?:[\-/~至到]\d{1,5})?|[一二三四五六七八九十]{1,4})"
_END = r"(?:号?室|号?房(?![价产租地屋子贷东源间改管])|号?户(?![主型外籍数内口])|号)"
# After a building: any of unit, floor, flat. 5栋2单元301室, 5栋301, 8幢三单元, G2栋12楼.
_IN_BUILDING = re.compile(
    rf"(?:(?<=[栋幢座棟])|(?<=号楼))(?:之[一二三四五六七八九十\d]{{1,2}})?[ \-,,]?"
    rf"(?:(?:{_STEP})+(?:[A-Za-z]座(?![位椅谈])|{_FLAT}{_END}|[A-Za-z]?\d{{2,4}}[A-Za-z]?(?![\d米元人户年月日万平%]))?"
    r"|\d{1,2}[Ff](?:\d{1,2}|[A-Za-z](?![A-Za-z]))?(?![\dA-Za-z])"
    rf"|{_FLAT}(?:室|号?房(?![价产租地屋])|号(?!楼|线))"
    r"|[A-Za-z]?\d{3,4}[A-Za-z]?(?![\dA-Za-z米元人户年月日万平%多余个栋幢座号]))"
)
# Units and rooms without a building before them: 二单元301, 1203室, 12楼1203房.
_UNIT = re.compile(
    rf"(?<![0-9A-Za-z一二三四五六七八九十]){_N}单元[ \-]?(?:{_STEP})*"
    rf"(?:[A-Za-z]?\d{{2,4}}[A-Za-z]?(?:{_END})?)?"
)
_ROOM = re.compile(
    rf"(?<![0-9A-Za-z])(?:{_STEP})?[A-Za-z]?\d{{3,5}}[A-Za-z]?(?:[\-至~]\d{{1,5}})?"
    r"(?:号?室|号?房(?![价产租地屋子贷东源间改管]))"
)
# 5-2-301 after an estate's name: the building stays.
_DASHED = re.compile(
    r"(?<=[\u4e00-\u9fff])(\d{1,2}(?:号楼|栋|幢|座)?)([\-–—]\d{1,2})?[\-–—]\d{3,4}(?![\d\-年月日号米路])"
)


def cut_rooms(draft: Draft) -> None:
    for pattern in (_IN_BUILDING, _UNIT, _ROOM):
        for match in pattern.finditer(draft.folded):
            if match.start() < match.end():
                draft.cut(match.start(), match.end(), ROOM)
    for match in _DASHED.finditer(draft.folded):
        draft.cut(match.end(1), match.end(), ROOM)
