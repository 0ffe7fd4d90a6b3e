"""Finding the encoding of a text file: BOM, then strict UTF-8, then GB18030; in one pass, with its hash.

Bytes that fit nowhere become U+FFFD, and rows with one go to quarantine. Big5 decodes without a fault as GB18030,
into words nobody uses: a file of which Big5 makes far commoner characters is refused.
"""

import codecs
import hashlib
from dataclasses import dataclass
from pathlib import Path

from signals.errors import InputError

LOST = "\ufffd"
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CHUNK = 1 << 20
_SAMPLE = 1 << 18  # bytes from the first wide character on, by which GB18030 and Big5 are told apart
_LOST_SHARE = 4  # of a UTF-8 file at most every fourth line is broken; one in GB18030 loses nearly all as UTF-8
_SAYS_SOMETHING = 6  # Chinese characters
_COMMON_AS_GB = 0.8  # share of GB2312 characters under which a text read as GB18030 is doubtful
_COMMON_AS_BIG5 = 0.9  # share of Big5's common level from which it is that


@dataclass(frozen=True, slots=True)
class Scanned:
    """One pass over a text file."""

    sha256: str
    encoding: str  # a codec to read it with, errors replaced


def scan(path: Path) -> Scanned:
    """Hash a text file and find its encoding, holding one chunk at a time.

    Raises InputError where the bytes are Big5 rather than GB18030.
    """
    digest = hashlib.sha256()
    utf8 = codecs.getincrementaldecoder("utf-8")(errors="replace")
    head, sample, n_lost, n_wide = b"", b"", 0, 0  # lines with a lost character, lines with a wide one
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
            head = head or chunk[:4]
            if chunk.isascii():
                utf8.decode(chunk)  # closes a character that the chunk before left open
                continue
            lines = utf8.decode(chunk).split("\n")
            n_lost += sum(LOST in line for line in lines)
            n_wide += sum(not line.isascii() for line in lines)
            if not sample:
                first = next(i for i, byte in enumerate(chunk) if byte > 0x7F)
                sample = chunk[first : first + _SAMPLE]
    n_lost += LOST in utf8.decode(b"", final=True)
    return Scanned(digest.hexdigest(), _encoding(path, head, sample, n_lost, n_wide))


def encoding_of(data: bytes) -> str:
    """The codec of bytes that hold no BOM and are not UTF-8: gb18030, or big5 where that makes commoner words.

    >>> encoding_of("市民來電反映路燈不亮".encode("big5")), encoding_of("市民来电反映路灯不亮".encode("gb18030"))
    ('big5', 'gb18030')
    """
    wide = [character for character in data.decode("gb18030", errors="replace") if character > "\x7f"]
    if _share(wide, "gb2312", 0xB0, 0xF7) >= _COMMON_AS_GB:
        return "gb18030"
    wide = [character for character in data.decode("big5", errors="replace") if character > "\x7f"]
    return "big5" if _share(wide, "big5", 0xA4, 0xC6) >= _COMMON_AS_BIG5 else "gb18030"


def _encoding(path: Path, head: bytes, sample: bytes, n_lost: int, n_wide: int) -> str:
    for bom, name in _BOMS:
        if head.startswith(bom):
            return name
    if n_lost * _LOST_SHARE <= n_wide or _begins_as_utf8(sample):
        return "utf-8"
    if encoding_of(sample) == "big5":
        raise InputError(
            f"{path.name}: 文件看来是 Big5（繁体）编码，当作 GB18030 读会变成乱字；得到 Big5；应为 UTF-8 或 GB18030。"
            "请在表格软件里另存为“CSV UTF-8”后再导入。"
        )
    return "gb18030"


def _begins_as_utf8(sample: bytes) -> bool:
    """Whether the first line with wide characters, most likely the header, is UTF-8 and says something."""
    try:
        line = sample.split(b"\n", 1)[0].decode("utf-8")
    except UnicodeDecodeError:
        return False
    return sum("\u4e00" <= character <= "\u9fff" for character in line) >= _SAYS_SOMETHING


def _share(wide: list[str], codec: str, first: int, last: int) -> float:
    """The share of characters that a codec writes with a lead byte of first … last, or as punctuation before it."""
    fits = 0
    for character in wide:
        try:
            lead = character.encode(codec)[0]
        except UnicodeEncodeError:
            continue
        fits += 0xA1 <= lead < 0xAA or first <= lead <= last
    return fits / len(wide) if wide else 1.0
