"""Invented people, so that redaction has something to find. No number here can belong to anyone.

Mobile numbers use prefixes given to no operator, ID numbers a county code that does not exist (440799) with a
right checksum, cards an issuer of zeros, mail the reserved domain example.com.
"""

import random
from dataclasses import dataclass

from signals.simulate.wording import read_words

PHONE_PREFIXES = ("154", "163", "164", "179")
ID_COUNTY = "440799"
CARD_ISSUER = "6200000000"
SERIAL_SHARE = 0.08  # of everyday calls, by those who call again and again
ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


@dataclass(frozen=True, slots=True)
class Person:
    """One invented citizen."""

    name: str
    phone: str
    idcard: str
    plate: str
    mail: str
    account: str
    card: str
    room: str


class Crowd:
    """Draws people: mostly new ones, some who report again and again."""

    def __init__(self, seed: int, n_serial: int) -> None:
        self._rng = random.Random(f"{seed}/people")
        self._words = read_words()
        self._serial = [self.new() for _ in range(n_serial)]

    def new(self) -> Person:
        """Somebody who has not reported yet."""
        rng = self._rng
        digits = "".join(rng.choice("0123456789") for _ in range(8))
        return Person(
            name=rng.choice(self._words["surname"]) + rng.choice(self._words["given"]),
            phone=rng.choice(PHONE_PREFIXES) + digits,
            idcard=_id_number(rng),
            plate="粤J" + "".join(rng.choice("ABCDEFGH0123456789") for _ in range(5)),
            mail=f"user{digits[:6]}@example.com",
            account=f"wx_{rng.choice('abcdefgh')}{digits[:7]}",
            card=_card_number(rng),
            room=f"{rng.randint(1, 28)}栋{rng.randint(2, 31)}0{rng.randint(1, 8)}室",
        )

    def caller(self) -> Person:
        """Somebody on the telephone: now and then a serial caller."""
        if self._serial and self._rng.random() < SERIAL_SHARE:
            return self._rng.choice(self._serial)
        return self.new()


def id_checksum(first17: str) -> str:
    """The last character of an ID number (GB 11643)."""
    total = sum(int(digit) * weight for digit, weight in zip(first17, ID_WEIGHTS, strict=True))
    return "10X98765432"[total % 11]


def _id_number(rng: random.Random) -> str:
    born = f"{rng.randint(1948, 2001)}{rng.randint(1, 12):02}{rng.randint(1, 28):02}"
    first17 = f"{ID_COUNTY}{born}{rng.randint(1, 999):03}"
    return first17 + id_checksum(first17)


def _card_number(rng: random.Random) -> str:
    digits = CARD_ISSUER + "".join(rng.choice("0123456789") for _ in range(8))
    doubled = [int(digit) * (2 - i % 2) for i, digit in enumerate(reversed(digits))]
    return digits + str(-sum(value // 10 + value % 10 for value in doubled) % 10)
