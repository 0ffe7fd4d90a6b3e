"""Broken exports by the thousand: small files of every kind, and chance that spoils them, each from its seed.

`spoiled` breaks a file anywhere; `one_row_spoiled` breaks one row of a text file, so that all others have to go in.
"""

import csv
import io
import json
import random
import zipfile
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter
import xlwt

HEADER = ["工单号", "来电时间", "类型", "标题", "内容", "区", "街道"]
N_ROWS = 24
Rows = list[list[str]]


def orders(chance: random.Random) -> Rows:
    """Rows of an invented hotline, some with what separators and quotes trip over."""
    odd = ("路灯不亮", "他说“明天修”，没修", '井盖"响"', "第一行\n第二行", "a,b;c\td", "=1+1", "", "长" * 300)
    return [
        [f"H{number}", f"2025-03-{number % 28 + 1:02d} 09:{number % 60:02d}", "投诉", f"路灯{number}",
         chance.choice(odd), "蓬江区", "白沙街道"]
        for number in range(N_ROWS)
    ]  # fmt: skip


def as_csv(rows: Rows, encoding: str = "utf-8", **given: object) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, **given).writerows([HEADER, *rows])  # type: ignore[arg-type]
    return text.getvalue().encode(encoding)


def as_json_lines(rows: Rows) -> bytes:
    lines = [json.dumps(dict(zip(HEADER, row, strict=True)), ensure_ascii=False) for row in rows]
    return "\n".join(lines).encode()


def as_xlsx(rows: Rows) -> bytes:
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True}) as book:
        sheet = book.add_worksheet("三月")
        sheet.merge_range("A1:G1", "三月明细")
        for number, row in enumerate([HEADER, *rows], 1):
            for column, text in enumerate(row):
                sheet.write_string(number, column, text)
    return made.getvalue()


def as_xls(rows: Rows) -> bytes:
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("三月")
    for number, row in enumerate([HEADER, *rows]):
        for column, text in enumerate(row):
            sheet.write(number, column, text)
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def as_parquet(rows: Rows) -> bytes:
    made = io.BytesIO()
    pq.write_table(pa.table({name: [row[i] for row in rows] for i, name in enumerate(HEADER)}), made)
    return made.getvalue()


KINDS: dict[str, Callable[[Rows], bytes]] = {
    "a.csv": as_csv,
    "gb.csv": lambda rows: as_csv(rows, "gb18030"),
    "all.csv": lambda rows: as_csv(rows, quoting=csv.QUOTE_ALL),
    "a.tsv": lambda rows: as_csv(rows, delimiter="\t"),
    "a.jsonl": as_json_lines,
    "a.xlsx": as_xlsx,
    "a.xls": as_xls,
    "a.parquet": as_parquet,
}
TEXT_KINDS = ("a.csv", "gb.csv", "all.csv", "a.tsv", "a.jsonl")
_BAD = (b"\0", b'"', b"\n", b"\r", b"\xff", b"\xef\xbb\xbf", b",", b"\t", b"\x81", b"=", b"<!DOCTYPE", b"&", b"'", b"{")


def spoiled(name: str, seed: int) -> bytes:
    """A file of a kind, broken in some places."""
    chance = random.Random(seed)
    data = bytearray(KINDS[name](orders(chance)))
    if name.endswith("xlsx") and chance.random() < 0.6:
        return _parts_spoiled(bytes(data), chance)
    for _ in range(chance.choice((1, 1, 2, 5, 20))):
        _break(data, chance)
    return bytes(data)


def one_row_spoiled(name: str, seed: int) -> tuple[bytes, str]:
    """(a text file of which one row is broken, the number of that row's report)."""
    chance = random.Random(seed)
    rows = orders(chance)
    where = chance.randrange(N_ROWS)
    lines = [KINDS[name]([row]) for row in rows]
    header = b"" if name.endswith("jsonl") else KINDS[name]([])
    parts = [line.removeprefix(header).rstrip(b"\r\n") for line in lines]
    broken = bytearray(parts[where])
    for _ in range(chance.choice((1, 1, 2, 4))):
        _break(broken, chance)
    parts[where] = bytes(broken)
    return header + b"\r\n".join(parts), rows[where][0]


def _break(data: bytearray, chance: random.Random) -> None:
    if not data:
        return
    at = chance.randrange(len(data))
    length = chance.choice((1, 1, 2, 8, 64, 512))
    how = chance.randrange(6)
    if how == 0:
        data[at] ^= 1 << chance.randrange(8)
    elif how == 1:
        del data[at : at + length]
    elif how == 2:
        data[at:at] = chance.choice(_BAD) * chance.choice((1, 1, 2, 300))
    elif how == 3:
        data[at:at] = data[at : at + length]
    elif how == 4:
        data[at : at + length] = chance.randbytes(length)
    else:
        del data[at:]


def _parts_spoiled(data: bytes, chance: random.Random) -> bytes:
    """A workbook of which one part is broken inside and packed again: the container stays whole."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        victim = chance.choice(old.namelist())
        for name in old.namelist():
            part = bytearray(old.read(name))
            for _ in range(chance.choice((1, 2, 6)) if name == victim else 0):
                _break(part, chance)
            if name != victim or chance.random() > 0.05:
                new.writestr(name, bytes(part))
    return made.getvalue()


def write(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.write_bytes(data)
    return path
