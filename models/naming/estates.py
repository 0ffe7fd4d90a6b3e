"""Invented estates, lakes, roads and brands that begin with a surname, where such names stand: 林美水郡, 温斯顿.

No list of real ones: a surname, characters that builders like or that spell foreign sounds, and an ending or none.
"""

import random

from models.naming.names import Names
from models.naming.phrases import characters, phrases

Parts = list[tuple[str, bool]]  # (words, whether they are a name)


class Estates:
    """Draws estates and brands with one seed's chance."""

    def __init__(self, chance: random.Random, names: Names) -> None:
        self._chance, self._names = chance, names
        self._sounding = [sound for sound in phrases()["sounds"] if names.begins(sound + "斯")]

    def located(self) -> Parts:
        """An estate, a lake or a road where one is lived in, bought or complained of; now and then twice."""
        chance = self._chance
        estate = self.estate()
        found = [(self._one("estate_before") + self._coded(), False), (estate, False)]
        found.append((self._one("estate_after"), False))
        if chance.random() < 0.15:
            found += [(chance.choice("，。、"), False), (estate, False), (self._one("estate_after"), False)]
        return found

    def branded(self) -> Parts:
        """A shop or a brand that a report is about."""
        chance = self._chance
        brand = self.foreign() if chance.random() < 0.6 else self.shop()
        before = "estate_before" if chance.random() < 0.7 else "before"
        return [(self._one(before), False), (brand, False), (self._one("brand_after"), False)]

    def estate(self) -> str:
        chance, drawn = self._chance, self._chance.random()
        if drawn < 0.12:
            return self.foreign()
        if drawn < 0.3:
            return self._names.full() + self._one("estate_ends")
        name = self._names.surname()
        name += "".join(self._one("estate_themes") for _ in range(chance.choice((1, 1, 2, 2, 3))))
        if drawn < 0.45 and len(name) > 2:
            return name  # 云开, 林语: no ending says it; what stands around it does
        if drawn < 0.55:
            return self._one("estate_themes") + name + self._one("estate_ends")
        return name + self._one("estate_ends")

    def foreign(self) -> str:
        """A brand or estate that sounds foreign: 温斯顿, 林阿普."""
        chance = self._chance
        sounds = "".join(self._one("sounds") for _ in range(chance.choice((2, 2, 2, 3, 3, 4))))
        return chance.choice(self._sounding) + sounds + self._one("sound_ends")

    def shop(self) -> str:
        """A shop; some do not say what they sell: three characters, of which the last is lucky."""
        chance = self._chance
        drawn = chance.random()
        if drawn < 0.12:  # a character twice, as for children
            return self._names.surname()[0] * 2 + self._one("child_ends")
        if drawn < 0.5:  # a person's name, or a word, and a trade
            name = self._names.full() if drawn < 0.4 else self._names.wordy() + self._one("estate_themes")
            return name + self._one("trades")
        middle = self._one("estate_themes") if chance.random() < 0.6 else chance.choice("家家家客大小老美")
        return self._names.wordy() + middle + chance.choice(characters("shop_ends"))

    def _one(self, block: str) -> str:
        return self._chance.choice(phrases()[block])

    def _coded(self) -> str:
        """A district that stands as a letter and a figure, now and then."""
        if self._chance.random() > 0.12:
            return ""
        letter, figure = self._chance.choice("ABCDEFGHKLM"), self._chance.choice(("", "1", "2", "3", "4", "7"))
        return letter + figure + self._chance.choice("区市县")

