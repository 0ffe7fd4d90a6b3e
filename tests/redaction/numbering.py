"""Invented numbers as people write them: nothing here reaches anyone.

Mobile numbers begin with digits given to no operator (154, 163, 164, 179), ID numbers with a county that does not
exist, cards with an issuer of no bank, mail ends in example.com or example.org.
"""

import random

PREFIXES = ("154", "163", "164", "179")
CHINESE = str.maketrans("0123456789", "零一二三四五六七八九")
SPOKEN = str.maketrans("0123456789", "零幺二三四五六七八九")
WIDE = {ord(c): chr(ord(c) + 0xFEE0) for c in "0123456789-+.@XABCDEFGHJK"}
_NARROW = {ord(wide): chr(narrow) for narrow, wide in WIDE.items()}
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def digits(chance: random.Random, n: int) -> str:
    return "".join(chance.choice("0123456789") for _ in range(n))


def mobile(chance: random.Random) -> str:
    plain = chance.choice(PREFIXES) + digits(chance, 8)
    a, b, c = plain[:3], plain[3:7], plain[7:]
    spellings = (
        plain, plain, plain, f"{a} {b} {c}", f"{a}-{b}-{c}", f"{a}.{b}.{c}", f"{a}－{b}－{c}", f"+86{plain}",
        f"+86 {plain}",
        f"86-{plain}", f"0086{plain}", f"（{a}）{b}{c}", f"({a}){b}-{c}", plain.translate(WIDE), f"{a}　{b}　{c}",
        plain.translate(CHINESE), plain.translate(SPOKEN), plain[:7] + plain[7:].translate(CHINESE),
        plain[:6] + "\u200b" + plain[6:], f"{a}\u200b{b}\ufeff{c}", f"{plain[:5]} {plain[5:8]} {plain[8:]}",
        f"{a}—{b}—{c}", f"{a}/{b}/{c}", f"{a} - {b} - {c}", " ".join(plain), f"{a}·{b}·{c}", f"{a}_{b}_{c}",
        f"{a}，{b}，{c}", f"{a}、{b}、{c}", f"[{plain}]", f"(+86){plain}", f"{a}{b[:2]}  {b[2:]}{c}",
    )  # fmt: skip
    return chance.choice(spellings)


def landline(chance: random.Random) -> str:
    area, local = chance.choice(("0750", "020", "0755", "0757")), chance.choice("23568") + digits(chance, 6)
    local += chance.choice("0123456789") if area in ("020", "0755", "0757") else ""
    spellings = (
        f"{area}-{local}", f"{area}{local}", f"({area}){local}", f"（{area}）{local}", f"{area} {local}",
        f"{area}－{local}",
        f"{area}-{local}转8001", f"{area}-{local}-802", f"{area}-{local[:3]} {local[3:]}", f"+86-{area[1:]}-{local}",
        f"{area}-{local}".translate(WIDE), f"{area}—{local}", f"{area}-{local}转{chance.randint(100, 899)}分机",
    )  # fmt: skip
    return chance.choice(spellings)


def id_number(chance: random.Random) -> str:
    born = f"{chance.randint(1945, 2005)}{chance.randint(1, 12):02}{chance.randint(1, 28):02}"
    if chance.random() < 0.12:
        return f"440799{born[2:]}{digits(chance, 3)}"
    first = f"440799{born}{digits(chance, 3)}"
    whole = first + "10X98765432"[sum(int(d) * w for d, w in zip(first, _WEIGHTS, strict=True)) % 11]
    spellings = (whole, whole, whole.lower(), f"{whole[:6]} {whole[6:14]} {whole[14:]}", whole.translate(WIDE),
                 f"{whole[:6]}-{whole[6:14]}-{whole[14:]}", f"{whole[:10]}\u200b{whole[10:]}",
                 f"{whole[:6]} {whole[6:10]} {whole[10:14]} {whole[14:]}")  # fmt: skip
    return chance.choice(spellings)


def card(chance: random.Random) -> str:
    first = "6200000000" + digits(chance, chance.choice((5, 8)))
    doubled = [int(d) * (2 - i % 2) for i, d in enumerate(reversed(first))]
    whole = first + str(-sum(v // 10 + v % 10 for v in doubled) % 10)
    groups = [whole[i : i + 4] for i in range(0, len(whole), 4)]
    return chance.choice((whole, " ".join(groups), "-".join(groups), whole.translate(WIDE), "  ".join(groups)))


def plate(chance: random.Random) -> str:
    letter, tail = chance.choice("ABCEJX"), "".join(chance.choice("ABDFK0123456789") for _ in range(4))
    last = chance.choice("0123456789")
    spellings = (
        f"粤{letter}{tail}{last}", f"粤{letter}·{tail}{last}", f"粤{letter} {tail}{last}", f"粤 {letter} {tail}{last}",
        f"粤{letter}D{tail}{last}", f"粤{letter}F·{tail}{last}", f"粤{letter}{tail}{last}".lower(),
        f"桂{letter}-{tail}{last}",
        f"粤{letter}{digits(chance, 4)}警", f"粤{letter}{digits(chance, 4)}学", f"粤{letter}{digits(chance, 4)}挂",
        f"粤Z{digits(chance, 4)}港", f"粤Z·{digits(chance, 4)}澳", f"粤{letter}{tail}{last}".translate(WIDE),
        f"湘{letter}{tail[:2]} {tail[2:]}{last}",
    )  # fmt: skip
    return chance.choice(spellings)


def mail(chance: random.Random) -> str:
    user = chance.choice(("sunny", "he.lp", "gz_user", "abc-1")) + digits(chance, 3)
    place = chance.choice(("example.com", "mail.example.org"))
    spellings = (f"{user}@{place}", f"{user}＠{place}", f"{user}[at]{place}", f"{user} @ {place}", f"{user}(at){place}",
                 f"{user}#{place}", f"{user}@{place}".upper(), f"{user} at {place}", f"{user}艾特{place}")  # fmt: skip
    return chance.choice(spellings[:5] + spellings[6:7])


def account(chance: random.Random) -> str:
    return chance.choice(("wxid_", "lucky", "abc-", "GD_", "hello")) + digits(chance, 4) + chance.choice("xyzk")


def account_said(chance: random.Random) -> tuple[str, str, str]:
    """(words before, the account, words after)."""
    named, number = account(chance), chance.choice("123456789") + digits(chance, chance.randint(5, 9))
    says = (
        ("加V：", named, "聊"), ("加v ", named, ""), ("薇信", named, "可以查记录"), ("wx:", named, ""),
        ("WX ", named, "，请加我"),
        ("微信号 ", named, "，谢谢"), ("我的微信是", named, ""), ("vx：", named, ""), ("威信号：", named, ""),
        ("QQ：", number, ""),
        ("QQ号", number, "也行"), ("业主QQ群", number, "里都在说"), ("扣扣", number, ""), ("qq：", number, "加我"),
        ("企鹅号", number, ""), ("Q Q：", number, ""), ("微信群号", number, ""), ("加微", named, "看照片"),
        ("抖音号：", named, ""), ("wechat: ", named, ""), ("QQ邮箱和QQ都是", number, ""), ("＋V：", named, "")
    )  # fmt: skip
    return chance.choice(says)


def abroad(chance: random.Random) -> tuple[str, str, str]:
    """A Hong Kong or Macau mobile number, announced."""
    hk, macau = chance.choice("569") + digits(chance, 7), "6" + digits(chance, 7)
    says = (
        ("我在香港，电话", hk, ""), ("香港手机", f"{hk[:4]} {hk[4:]}", "，白天可接"), ("请打+852", hk, ""),
        ("澳门电话：", macau, ""), ("打", f"+852 {hk}", "找我女儿"), ("", f"+853-{macau}", "是我在澳门的号码"),
        ("香港号码是", f"{hk[:4]}-{hk[4:]}", ""), ("港澳联系电话（852）", hk, ""), ("我的香港电话是", f"00852{hk}", ""),
    )  # fmt: skip
    return chance.choice(says)


def passport(chance: random.Random) -> tuple[str, str, str]:
    says = (
        ("护照号", "E" + digits(chance, 8), ""), ("护照：", "EA" + digits(chance, 7), "快到期"),
        ("港澳通行证", "C" + digits(chance, 8), ""), ("回乡证号码：", "H" + digits(chance, 8), ""),
        ("港澳居民来往内地通行证", "M" + digits(chance, 8), "过期"), ("台胞证号", digits(chance, 8), ""),
        ("本人护照号码为", "G" + digits(chance, 8), ""), ("通行证号是", "W" + digits(chance, 8), ""),
    )  # fmt: skip
    return chance.choice(says)


def building(chance: random.Random) -> str:
    return f"{chance.randint(1, 30)}" + chance.choice(("栋", "幢", "座", "号楼"))


def room(chance: random.Random) -> str:
    floor, flat, unit = chance.randint(1, 29), chance.randint(1, 8), chance.randint(1, 4)
    number = f"{floor}{flat:02}"
    spellings = (f"{unit}单元{number}", f"{unit}单元{number}室", number, f"{number}房", f"{number}室",
                 f"{floor}楼{number}",
                 f"{floor}层{flat}号", f"{'一二三四'[unit - 1]}单元{floor}楼", f"-{unit}-{number}", f" {number}",
                 f"{floor}楼",
                 f"{unit}梯{number}", f"{number}室".translate(WIDE), f"{number}A", f"{floor}楼{'ABCD'[unit - 1]}座",
                 f"{floor}F{flat}",
                 f"{number}号房", f"{'一二三四五六七八'[flat - 1]}楼{'二三'[unit % 2]}号房")  # fmt: skip
    return chance.choice(spellings)


def room_alone(chance: random.Random) -> tuple[str, str, str]:
    """(the building that stays, the room that goes, nothing)."""
    floor, flat = chance.randint(1, 29), chance.randint(1, 8)
    return chance.choice(
        (("", f"{floor}{flat:02}室", ""), ("7-2", f"-{floor}{flat:02}", ""), ("", f"{floor}楼{floor}{flat:02}房", ""))
    )


def house(chance: random.Random) -> str:
    return f"{chance.randint(1, 300)}号"


def _broken(chance: random.Random, plain: str, places: tuple[int, ...]) -> str:
    """A number that goes on in the next line."""
    at = chance.choice(places)
    return plain[:at] + chance.choice(("", "", "", "-", " ")) + chance.choice(("\n", "\n", "\r\n", "\n ")) + plain[at:]


def mobile_broken(chance: random.Random) -> str:
    plain = chance.choice(PREFIXES) + digits(chance, 8)
    if chance.random() < 0.2:
        return f"{plain[:3]}\n{plain[3:7]} {plain[7:]}"
    if chance.random() < 0.1:
        return plain[:3] + "\n" + plain[3:].translate(CHINESE)
    return _broken(chance, plain.translate(WIDE) if chance.random() < 0.15 else plain, (3, 3, 4, 5, 6, 7, 7, 8, 9))


def id_broken(chance: random.Random) -> str:
    first = f"440799{chance.randint(1945, 2005)}{chance.randint(1, 12):02}{chance.randint(1, 28):02}{digits(chance, 3)}"
    whole = first + "10X98765432"[sum(int(d) * w for d, w in zip(first, _WEIGHTS, strict=True)) % 11]
    return _broken(chance, whole, (3, 6, 6, 10, 12, 14, 14, 16))


def card_broken(chance: random.Random) -> str:
    whole = "".join(character for character in card(chance).translate(_NARROW) if character.isdigit())
    return _broken(chance, whole, (4, 8, 8, 10, 12))


def landline_broken(chance: random.Random) -> str:
    return chance.choice(("0750", "020", "0755")) + chance.choice(("-\n", "\n")) + "8" + digits(chance, 7)


def two_lines(chance: random.Random) -> str:
    """Two numbers below each other that are one to nobody."""
    return f"{chance.randint(200, 999)}\n{chance.randint(1000, 9999)}"


KINDS = {
    "mobile": mobile, "landline": landline, "id": id_number, "card": card, "plate": plate, "mail": mail,
    "account": account, "room": room,
}  # fmt: skip
SAID = {"account_said": (account_said, "account"), "hk": (abroad, "abroad"), "passport": (passport, "passport"),
        "room_alone": (room_alone, "room")}  # fmt: skip
BROKEN = {"mobile_broken": mobile_broken, "id_broken": id_broken, "card_broken": card_broken,
          "landline_broken": landline_broken}  # fmt: skip
