"""How people say it: petitions, calls with recognition noise, grid notes. All from slot grammars."""

import random
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

import opencc

from signals.simulate.city import Spot
from signals.simulate.drafts import Subject, Turn
from signals.simulate.people import Person
from signals.simulate.wording import (
    Script,
    Wording,
    expand,
    half,
    read_blocks,
    read_paraphrases,
    read_pools,
    read_words,
    sample,
)

COMPOUNDS = {"shop": ("shopper", "keeper", "trade")}
# How people say where: by its name, by something beside it, or not at all (我们小区), by source.
FRAMES: Mapping[str, tuple[float, float, float]] = {
    "petition": (0.88, 0.07, 0.05),
    "call": (0.80, 0.10, 0.10),
    "note": (0.85, 0.15, 0.0),
}
MISTYPED_SHARE, MISHEARD_SHARE = 0.05, 0.15  # of reports with a character of the name written as another of its sound
WORKS = {"城乡建设", "住房物业", "公共安全", "交通运输", "生态环境", "公用事业", "农业农村"}  # a place to look at
DAYS_SINCE = 10  # mean days between what happened and its report


@dataclass(frozen=True, slots=True)
class Telling:
    """Who tells what about where, on which day."""

    subject: Subject
    script: Script
    spot: Spot
    person: Person
    on: date
    other_words: float = 0.12  # chance that only general words are used: the same cause, told otherwise


class Voice:
    """Writes texts; the same seed and the same order of calls give the same texts."""

    def __init__(self, seed: int, wording: Wording) -> None:
        self._rng = random.Random(f"{seed}/voice")
        self._words = read_words() | read_words("details", wording)
        self._pools = read_pools("common", wording)
        self._paraphrases = read_paraphrases(wording)
        self._vague = {
            block.fields[0]: Script(*(half(block.marked(mark), wording) for mark in "TFEG"))
            for block in read_blocks("vague", wording)
        }
        self._sounds = dict(pair.split("=") for pair in self._words["homophones"])
        self._ours = {kind: tuple(words.split("、")) for kind, words in (w.split("=") for w in self._words["ours"])}
        self._names: tuple[str, ...] = ()
        self._is_ours = self._is_vague = False
        self._traditional = opencc.OpenCC("s2hk")
        self._cantonese = [pair.split("=") for pair in self._words["cantonese"]]
        self._misheard = [pair.split("=") for pair in self._words["asr"]]

    def petition(self, telling: Telling) -> tuple[str, str]:
        """Title and body of a written petition."""
        say = self._rng
        telling = self._settle(telling, "petition")
        parts = self._phrases(telling, long=True)
        for detail in self._details(telling, say.choice((2, 3, 3, 4, 5))):
            parts.insert(say.randint(0, len(parts)), detail)
        if say.random() < 0.5:
            parts.insert(say.randint(0, len(parts)), self._pool("aside", telling))
        start = self._pool("petition_opening", telling)
        place = self._place_phrase(telling)
        closings = sample(self._pools["petition_closing"], say.choice((0, 1, 1, 2)), say)
        end = "".join(self._expand(line, telling) for line in closings)
        body = start + place + self._join(parts) + end
        return self._dialect(self.title(telling), body)

    def call(self, telling: Telling) -> tuple[str, tuple[Turn, ...]]:
        """Title by the operator, and the turns of the call."""
        say = self._rng
        enquiry = telling.subject.kind == "enquiry"
        telling = self._settle(telling, "call")
        parts = self._phrases(telling, long=False)
        if not enquiry:
            told = self._details(telling, say.choice((1, 1, 2, 3)))
            for part in [*told, *([self._pool("aside", telling)] if say.random() < 0.3 else [])]:
                at = say.randrange(len(parts))
                parts[at] += "，" + part
        opening = self._pool("call_opening", telling)
        if telling.spot.names and not (enquiry and say.random() < 0.8):
            opening += self._place_phrase(telling)
        turns = [Turn("坐席", self._pool("agent_opening", telling)), Turn("市民", opening + parts[0])]
        for part in parts[1:]:
            turns.append(Turn("坐席", self._pool("agent_probe" if enquiry else "agent_question", telling)))
            turns.append(Turn("市民", part))
        if enquiry:
            turns.append(Turn("坐席", self._pool("agent_answer", telling)))
        closing = {"enquiry": "enquiry_closing", "thanks": "thanks_closing"}.get(telling.subject.kind, "call_closing")
        turns.append(Turn("市民", self._pool(closing, telling)))
        if say.random() < 0.5:
            turns.append(Turn("坐席", self._pool("agent_closing", telling)))
        cantonese = say.random() < 0.05
        if self._is_ours:  # the operator writes the town
            self._names = (telling.spot.town.removesuffix("街道").removesuffix("镇"),)
        return self.title(telling), tuple(self._hear(turn, cantonese) for turn in turns)

    def note(self, telling: Telling) -> tuple[str, str]:
        """Title (the small class) and description of a grid note."""
        say = self._rng
        telling = self._settle(telling, "note")
        text = self._expand(say.choice(telling.script.notes), telling)
        tail = self._pool("grid_tail", telling)
        detail = "。" + self._pool("grid_detail", telling) if say.random() < 0.6 else ""
        return telling.subject.level2, self._pool("grid_lead", telling) + text + tail + detail + "。"

    def title(self, telling: Telling) -> str:
        """Place and matter, as people and operators put it."""
        subject, say = telling.subject, self._rng
        if subject.kind == "enquiry":
            return expand(f"[咨询|了解|关于|]{subject.name}[|问题|事宜]", say, str)
        if self._is_vague or subject.kind == "thanks":
            return self._expand(say.choice(telling.script.titles or telling.script.facts), telling)
        return self._pool("title", telling)

    def answer(self, telling: Telling) -> str:
        """What the unit wrote back."""
        pools = {"enquiry": "enquiry_answer", "thanks": "thanks_answer"}
        return self._pool(pools.get(telling.subject.kind, "answer"), telling)

    def _settle(self, telling: Telling, manner: str) -> Telling:
        """Decide for one text how the place is called and whether only general words are used, never both."""
        say, spot = self._rng, telling.spot
        self._is_ours = self._is_vague = False
        frame = say.choices(("name", "beside", "ours"), FRAMES[manner])[0]
        if frame == "ours" and spot.kind in self._ours and telling.subject.kind != "thanks":
            self._names, self._is_ours = self._ours[spot.kind], True
        elif frame == "beside" and spot.around:
            self._names = (say.choice(spot.around),)
        else:
            self._names = tuple(say.sample(spot.names, min(2, len(spot.names))))
        wrong = {"petition": MISTYPED_SHARE, "call": MISHEARD_SHARE, "note": 0.0}[manner]
        if say.random() < wrong:
            self._names = tuple(self._misspelt(name) for name in self._names)
        vague = self._vague.get(telling.subject.level1)
        spoken = manner != "note" and telling.subject.kind not in {"enquiry", "thanks"}
        if vague is None or not spoken or frame != "name" or say.random() >= telling.other_words:
            return telling
        self._is_vague = True
        script = Script(vague.titles, vague.facts, vague.effects, telling.script.notes)
        return replace(telling, script=script)

    def _details(self, telling: Telling, count: int) -> list[str]:
        """What has nothing to do with anybody else's report: who was asked, who is ill at home, what it cost."""
        if telling.subject.kind == "thanks":
            return []
        lines = self._pools["detail"]
        if telling.subject.level1 in WORKS:
            lines += self._pools["works"]
        return [self._expand(line, telling) for line in sample(lines, count, self._rng)]

    def _place_phrase(self, telling: Telling) -> str:
        return self._pool("place_ours" if self._is_ours else "place_phrase", telling)

    def _misspelt(self, name: str) -> str:
        at = [i for i, character in enumerate(name) if character in self._sounds]
        if not at:
            return name
        i = self._rng.choice(at)
        return name[:i] + self._sounds[name[i]] + name[i + 1 :]

    def _phrases(self, telling: Telling, *, long: bool) -> list[str]:
        say, script = self._rng, telling.script
        wanted = say.choices((1, 2, 3), (5, 4, 2) if long else (6, 3, 0))[0]
        if not script.effects:  # a family of matters: every line names the thing again
            wanted = min(wanted, 2)
        parts = [self._expand(line, telling) for line in sample(script.facts, wanted, say)]
        if script.effects and say.random() < 0.6:
            parts += [self._expand(say.choice(script.effects), telling)]
        if long and say.random() < 0.3:
            say.shuffle(parts)
        return parts

    def _join(self, parts: list[str]) -> str:
        say = self._rng
        text = parts[0].rstrip("。")
        for part in parts[1:]:
            text = text.rstrip("，。") + say.choice(("，", "。", "；", "。", "。", "。另外，", "，", "。")) + part
        return text.rstrip("，。") + say.choice(("。", "！", "。", "。"))

    def _pool(self, name: str, telling: Telling) -> str:
        return self._expand(self._rng.choice(self._pools[name]), telling)

    def _expand(self, template: str, telling: Telling) -> str:
        text = self._vary(expand(template, self._rng, lambda name: self._slot(name, telling)))
        return text.replace("，，", "，").replace("：，", "：")

    def _vary(self, text: str) -> str:
        for word, others in self._paraphrases:
            if word in text and self._rng.random() < 0.75:
                text = text.replace(word, self._rng.choice(others), 1)
        return text

    def _slot(self, name: str, telling: Telling) -> str:
        spot, person = telling.spot, telling.person
        if name == "p":
            return self._rng.choice(self._names or spot.names) if spot.names else ""
        if name == "t":
            titles = telling.script.titles or telling.script.facts
            return self._expand(self._rng.choice(titles), telling)
        if name == "fact":
            script = telling.script
            facts = script.facts if script.effects else script.titles or script.facts
            return self._expand(self._rng.choice(facts), telling).split("，")[0][:16]
        if name == "date":
            day = telling.on - timedelta(days=int(self._rng.expovariate(1 / DAYS_SINCE)))
            return f"{day.month}月{day.day}"
        if name in COMPOUNDS:
            return "".join(self._rng.choice(self._words[part]) for part in COMPOUNDS[name])
        known = {
            "town": spot.town, "area": spot.area_name, "w": spot.town.removesuffix("街道").removesuffix("镇"),
            "unit": telling.subject.unit, "name": person.name, "phone": person.phone, "idcard": person.idcard,
            "plate": person.plate, "mail": person.mail, "account": person.account, "card": person.card,
            "room": person.room,
        }  # fmt: skip
        return known[name] if name in known else self._rng.choice(self._words[name])

    def _dialect(self, title: str, body: str) -> tuple[str, str]:
        draw = self._rng.random()
        if draw < 0.03:
            return self._speak(title), self._speak(body)
        if draw < 0.05:
            return self._traditional.convert(title), self._traditional.convert(body)
        return title, body

    def _speak(self, text: str) -> str:
        for written, spoken in self._cantonese:
            if self._rng.random() < 0.75:
                text = text.replace(written, spoken)
        return text

    def _hear(self, turn: Turn, cantonese: bool) -> Turn:
        if turn.role != "市民":
            return turn
        say = self._rng
        text = self._speak(turn.text) if cantonese else turn.text
        for right, wrong in self._misheard:
            if right in text and say.random() < 0.1:
                text = text.replace(right, wrong, 1)
        pieces = text.split("，")
        for i in range(len(pieces)):
            if say.random() < 0.18:
                pieces[i] = say.choice(self._words["filler"]) + pieces[i]
        text = say.choice(("，", "，", "，", " ", "")).join(pieces)
        return Turn(turn.role, text)
