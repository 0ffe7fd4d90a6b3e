"""Finding the encoding of a text file: BOM, then strict UTF-8, then GB18030.

Big5 decodes silently as GB18030 and is not told apart. Bytes that fit nowhere become U+FFFD, and rows
with one go to quarantine.
"""

import codecs

LOST = "\ufffd"
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def decode(data: bytes) -> str:
    """The text of a file.

    >>> decode("来电".encode("gb18030"))
    '来电'
    """
    for bom, name in _BOMS:
        if data.startswith(bom):
            return data.decode(name, errors="replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    utf8 = data.decode("utf-8", errors="replace")
    n_lost, n_wide = utf8.count(LOST), sum(character > "\x7f" for character in utf8)
    if n_lost * 20 < n_wide:  # a UTF-8 file with a few broken bytes; a GB18030 file loses nearly everything
        return utf8
    return data.decode("gb18030", errors="replace")
