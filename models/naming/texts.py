"""Texts with known names, made to train the name model: phrases, dictionary words, and the simulated city.

Labels hold by construction: what was put in as a name is one, everything else is none.
"""

import random
from collections.abc import Iterator

import jieba

from models.naming.city import simulated_sentences
from models.naming.estates import Estates
from models.naming.examples import Example, joined
from models.naming.names import Names, draw, weighted
from models.naming.phrases import characters, phrases
from models.naming.words import ordinary_words, plain_words, read_dictionary
from signals.redaction.candidates import brands


class Writer:
    """Writes examples with one seed's chance."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(f"naming/{seed}")
        words = read_dictionary()
        self._names = Names(self._chance)
        self._estates = Estates(self._chance, self._names)
        plain = plain_words()
        named = ordinary_words()  # tagged as names, so their part of speech is not known
        self._words = weighted({word: count**0.6 for word, count in plain.items()})
        self._by_tag = {
            tag: weighted(
                {w: c**0.7 for w, c in plain.items() if words[w][1][0] == tag or (tag in "nav" and w in named)}
            )
            for tag in "nvadrtmbfcpil"
        }
        self._tags = {word: tag for word, (_, tag) in words.items()}
        self._verbs = sorted(w for w in plain if words[w][1][0] in "vd" and words[w][0] > 30)
        self._nouns = sorted(w for w in plain if words[w][1] in ("n", "v", "p", "c") and words[w][0] > 30)
        self._frequent = weighted({word: float(count) for word, count in plain.items()})
        self._districts = [w for w, (_, tag) in words.items() if tag == "ns" and len(w) > 2 and w[-1] in "区县市镇乡村"]
        gate = {w for w in plain if len(w) > 1 and self._names.begins(w)}
        self._lookalikes = sorted(gate)
        self._ordinary = weighted({w: plain[w] ** 0.45 for w in self._lookalikes if len(w) < 4})
        self._begun = {s: [w for w in self._lookalikes if w[0] == s] for s in sorted({w[0] for w in self._lookalikes})}
        self._ending = weighted({w: c**0.5 for w, c in plain.items() if w[1:] and self._names.begins(w[-1] + "斯")})
        self._pairs = weighted({w: c**0.5 for w, c in plain.items() if len(w) == 2 and not self._names.is_meant(w)})
        self._letters = weighted(
            {w: c**0.4 for w, c in plain.items() if len(w) == 1 and c > 30 and words[w][1][0] in "nvaq"}
        )
        self._dictionary_places = sorted(w for w, (c, tag) in words.items() if tag in ("ns", "nt", "nz") and c > 2)
        self._towns = sorted(w for w, (c, tag) in words.items() if tag == "ns" and len(w) == 2 and c > 2)
        self._brands = brands()
        self._sentences = simulated_sentences(seed)

    def examples(self, n: int) -> Iterator[Example]:
        """n examples of all sorts."""
        sorts = (*[self._framed] * 8, *[self._person] * 8, *[self._clause] * 7, *[self._prose] * 2,
                 *[self._located] * 5, *[self._estates.located] * 4, *[self._estates.branded] * 3,
                 *[self._cut_through] * 5, *[self._city] * 2, *[self._city_with_name] * 5,
                 *[self._nothing] * 4, *[self._titled] * 4)  # fmt: skip
        for _ in range(n):
            parts: list[tuple[str, bool]] = []
            for _ in range(self._chance.choice((1, 1, 2))):
                parts += self._chance.choice(sorts)()
                parts.append((self._chance.choice(("。", "，", "", " ", "\n", "；")), False))
            yield joined(parts, self._chance)

    def _framed(self) -> list[tuple[str, bool]]:
        chance = self._chance
        before, after = chance.choice(phrases()["before"]), chance.choice(phrases()["after"])
        if chance.random() < 0.35:
            after = chance.choice(self._verbs)
        if chance.random() < 0.2:
            before = chance.choice(self._nouns)
        found = [*self._lead(), (before, False), (self._names.full(), True), (after, False)]
        if chance.random() < 0.2:
            found += [(chance.choice(("、", "和", "与", "，", "跟")), False), (self._names.full(), True)]
            found.append((chance.choice(phrases()["after"]), False))
        return found + self._lead()

    def _lead(self) -> list[tuple[str, bool]]:
        return [(self._thing(), False)] if self._chance.random() < 0.5 else []

    def _thing(self) -> str:
        """A place, firm, office or ordinary word."""
        chance, drawn = self._chance, self._chance.random()
        if drawn < 0.12:
            return chance.choice(self._dictionary_places)
        if drawn < 0.2:
            district = (
                chance.choice(self._districts) if chance.random() < 0.6 else chance.choice("ABC东西南北城") + "区"
            )
            return district + self._thing()
        if drawn < 0.34:
            return self._ordinary_word()
        if drawn < 0.43:
            return self._loose()
        if drawn < 0.5:
            return chance.choice(phrases()["office_words"])
        if drawn < 0.75:
            return self._place()
        if drawn < 0.79:
            return chance.choice(self._brands)
        if drawn < 0.92:
            return self._firm()
        return draw(chance, self._words)

    def _ordinary_word(self) -> str:
        """A word that begins with a surname, or one that 小 or 老 makes."""
        chance = self._chance
        if chance.random() < 0.1:
            return chance.choice("小老") + draw(chance, self._ordinary)
        if chance.random() < 0.05:
            return chance.choice(self._districts)[:-1] + "区" + chance.choice("内里")
        return draw(chance, self._ordinary)

    def _loose(self) -> str:
        """What no dictionary holds, yet everybody says: words cut short (商贷), single characters side by side."""
        chance, drawn = self._chance, self._chance.random()
        surname = self._names.wordy()
        if drawn < 0.35:
            return surname + self._no_given(draw(chance, self._letters))
        if drawn < 0.65:
            word = chance.choice(self._begun.get(surname, self._lookalikes))
            return word[0] + self._no_given(draw(chance, self._words)[0])
        if drawn < 0.75:
            return surname + "一" + draw(chance, self._letters)
        if drawn < 0.9:
            return draw(chance, self._ordinary) + surname + self._no_given(draw(chance, self._letters))
        return self._word("n") + surname + chance.choice(("的", "了", "一", "里", "上", "不", "，"))

    def _no_given(self, character: str) -> str:
        """The character, or another that given names do not hold."""
        while self._names.is_given(character):
            character = draw(self._chance, self._letters)
        return character

    def _person(self) -> list[tuple[str, bool]]:
        """A name beside verbs of speaking, doing and contact, a time or a place before it."""
        chance = self._chance
        found = self._lead()
        if chance.random() < 0.2:
            found.append((self._word("t"), False))
        elif chance.random() < 0.2:
            found.append((self._place() + chance.choice(("的", "", "")) + chance.choice(("", self._word("n"))), False))
        else:
            found.append((chance.choice(phrases()["persons_before"]), False))
        found.append((self._names.full(), True))
        found.append((chance.choice(phrases()["persons_after"]), False))
        if chance.random() < 0.5:
            found.append((self._word(chance.choice("vnd")), False))
        return found

    def _located(self) -> list[tuple[str, bool]]:
        """A place where places stand; some are spelt like a person."""
        chance = self._chance
        place = self._place()
        drawn = chance.random()
        if drawn < 0.3:
            place = self._names.surname() + chance.choice(self._towns)
        elif drawn < 0.6:
            place = self._names.surname() + draw(chance, self._words)[:1] + chance.choice("山洋湖江海林岗岭桥河岛泉")
        elif drawn < 0.85:
            place = self._names.full()[:-1] + chance.choice("山江海林峰泉云龙川岛岩湖")
        before, after = chance.choice(phrases()["place_before"]), chance.choice(phrases()["place_after"])
        if not before and not after:
            before = "位于"
        if chance.random() < 0.12:
            before, after = chance.choice((before, "地址：", "")), f"{chance.randint(1, 399)}{chance.choice('号栋座')}"
        return [*self._lead(), (before, False), (place, False), (after, False), *self._lead()]

    def _place(self) -> str:
        chance = self._chance
        middle = self._names.surname() + chance.choice("家屋氏村边坑塘岗庄寨")
        drawn = chance.random()
        if drawn < 0.25:
            middle = draw(chance, self._ordinary)[:2]
            if chance.random() < 0.15:
                return middle + chance.choice("东西南北")
        elif drawn < 0.7:
            middle = self._names.surname() + draw(chance, self._words)[:1]
        elif drawn < 0.85:
            middle = self._names.full()
        return middle + chance.choice(phrases()["place_ends"])

    def _firm(self) -> str:
        chance = self._chance
        if chance.random() < 0.35:
            ends = phrases()["foods"] + phrases()["firm_ends"]
            return self._names.surname() + chance.choice("记氏家") + chance.choice(ends)
        if chance.random() < 0.3:  # a shop that does not say what it is: 万家福
            return draw(chance, self._ordinary)[:2] + chance.choice(characters("shop_ends"))
        middle = chance.choice(self._lookalikes)[:3] if chance.random() < 0.4 else self._names.full()
        return middle + chance.choice(phrases()["firm_ends"])

    def _clause(self) -> list[tuple[str, bool]]:
        """Dictionary words in the order of a plain sentence, people among its subjects and objects."""
        chance = self._chance
        found: list[tuple[str, bool]] = []
        for _ in range(chance.choice((1, 1, 2))):
            found += self._when() + self._who()
            if chance.random() < 0.5:
                found.append((self._word("d"), False))
            if chance.random() < 0.3:
                found += [(chance.choice("把被给向跟对让替为和"), False), *self._who()]
            found.append((self._word("v"), False))
            if chance.random() < 0.1:
                found.append((self._word(chance.choice("pcil")), False))
            if chance.random() < 0.3:
                found.append((chance.choice("了过着的"), False))
            if chance.random() < 0.6:
                found += self._who()
            found.append((chance.choice("，，、 。"), False))
        return found[:-1]

    def _cut_through(self) -> list[tuple[str, bool]]:
        """What looks like a name and cuts through words: 学[车缴纳], 成[绩差], 和[正义], 胡作非为."""
        chance, drawn = self._chance, self._chance.random()
        before = self._word(chance.choice("nvda")) if chance.random() < 0.7 else ""
        after = self._word(chance.choice("nvaf")) if chance.random() < 0.7 else chance.choice("，。的了")
        if drawn < 0.4:
            middle = draw(chance, self._ending) + draw(chance, self._pairs)
        elif drawn < 0.6:
            middle = draw(chance, self._ordinary)[:2] + chance.choice(phrases()["words_after"])
        elif drawn < 0.8:
            middle = self._names.wordy() + draw(chance, self._pairs)
        else:
            middle = self._word("i" if drawn < 0.9 else "l")
        return [(before, False), (middle, False), (after, False)]

    def _when(self) -> list[tuple[str, bool]]:
        return [(self._word("t"), False)] if self._chance.random() < 0.2 else []

    def _who(self) -> list[tuple[str, bool]]:
        chance, drawn = self._chance, self._chance.random()
        if drawn < 0.35:
            before = [(self._word("n"), False)] if chance.random() < 0.4 else []
            after = [(chance.choice("的 家 等人 处 一家 夫妇 本人".split()), False)] if chance.random() < 0.2 else []
            return [*before, (self._names.full(), True), *after]
        if drawn < 0.5:
            return [(self._thing(), False)]
        if drawn < 0.6:
            return [(self._word("r"), False)]
        before = [(self._word(chance.choice("anmb")), False)] if chance.random() < 0.4 else []
        after = [(self._word("f"), False)] if chance.random() < 0.15 else []
        return [*before, (self._word("n"), False), *after]

    def _word(self, tag: str) -> str:
        return draw(self._chance, self._by_tag[tag])

    def _prose(self) -> list[tuple[str, bool]]:
        """Dictionary words as frequent as in prose, particles among them."""
        chance = self._chance
        return [(draw(chance, self._frequent), False) for _ in range(chance.randint(6, 20))]

    def _nothing(self) -> list[tuple[str, bool]]:
        """The same surroundings as a name has, without one."""
        chance = self._chance
        drawn = chance.random()
        middle, lead = (self._thing() if drawn < 0.7 else chance.choice(self._lookalikes)), self._lead()
        before, after = chance.choice(phrases()["before"]), chance.choice(phrases()["after"])
        return [*lead, (before, False), (middle, False), (after, False)]

    def _city(self) -> list[tuple[str, bool]]:
        return [(part, False) if part is not None else (self._names.full(), True) for part in self._sentence()]

    def _city_with_name(self) -> list[tuple[str, bool]]:
        """A sentence of the city with a name put where one could stand: at its start, or before a verb."""
        words = [word for part in self._sentence() if part for word in jieba.cut(part)]
        places = [i for i, word in enumerate(words) if i == 0 or self._tags.get(word, "x")[0] in "vdp"]
        found = [(word, False) for word in words]
        if places:
            place = self._chance.choice(places)
            kept = found[place + self._chance.choice((0, 0, 1)) :]  # now and then it takes a word's place
            found = [*found[:place], (self._names.full(), True), *kept]
        return found

    def _sentence(self) -> list[str | None]:
        return self._chance.choice(self._sentences)

    def _titled(self) -> list[tuple[str, bool]]:
        """陈先生, 王姨, 阿强, 老李, 刘某; and what looks like them."""
        chance, drawn = self._chance, self._chance.random()
        before, after = chance.choice(phrases()["before"]), chance.choice(phrases()["after"])
        surname = self._names.surname()
        if drawn < 0.4:
            ends = "伯姨叔婶公婆姐哥总工" if chance.random() < 0.4 else phrases()["title_after"]
            middle = [(surname, True), (chance.choice(ends), False)]
        elif drawn < 0.5:
            middle = [("阿" + chance.choice(characters("nicks")), True)]
        elif drawn < 0.6:
            middle = [(chance.choice("老小"), False), (surname[:1] if len(surname) == 1 else "陈", True)]
        elif drawn < 0.7:
            middle = [(surname + chance.choice(("某", "某", "某某")), True)]
        elif drawn < 0.9:
            middle = [(self._thing(), False), (chance.choice(phrases()["title_after"]), False)]
        else:
            middle = [(chance.choice(phrases()["before"]), False), (chance.choice(phrases()["title_after"]), False)]
        return [*self._lead(), (before, False), *middle, (after, False)]
