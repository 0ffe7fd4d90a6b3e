"""How people say it: petitions, calls with recognition noise, grid notes. All from slot grammars."""

import random
from dataclasses import dataclass
from datetime import date, timedelta

import opencc

from signals.simulate.city import Spot
from signals.simulate.drafts import Subject, Turn
from signals.simulate.people import Person
from signals.simulate.wording import Script, Wording, expand, half, read_pools, read_words, sample

COMPOUNDS = {"shop": ("shopper", "keeper", "trade"), "thing": ("look", "object")}
DAYS_SINCE = 10  # mean days between what happened and its report


@dataclass(frozen=True, slots=True)
class Telling:
    """Who tells what about where, on which day."""

    subject: Subject
    script: Script
    spot: Spot
    person: Person
    on: date


class Voice:
    """Writes texts; the same seed and the same order of calls give the same texts."""

    def __init__(self, seed: int, wording: Wording) -> None:
        self._rng = random.Random(f"{seed}/voice")
        self._words = read_words() | read_words("details")
        pools = read_pools("common") | {"detail": read_pools("details")["detail"]}
        self._pools = {name: half(lines, wording) for name, lines in pools.items()}
        self._paraphrases = [
            (word, words.split("|")) for word, words in (line.split("=") for line in read_pools("paraphrase")["words"])
        ]
        self._traditional = opencc.OpenCC("s2hk")
        self._cantonese = [pair.split("=") for pair in self._words["cantonese"]]
        self._misheard = [pair.split("=") for pair in self._words["asr"]]

    def petition(self, telling: Telling) -> tuple[str, str]:
        """Title and body of a written petition."""
        say = self._rng
        parts = self._phrases(telling, long=True)
        for _ in range(say.choice((2, 3, 3, 4, 5))):
            parts.insert(say.randint(0, len(parts)), self._pool("detail", telling))
        if say.random() < 0.5:
            parts.insert(say.randint(0, len(parts)), self._pool("aside", telling))
        start = self._pool("petition_opening", telling)
        place = self._pool("place_phrase", telling)
        end = "".join(self._pool("petition_closing", telling) for _ in range(say.choice((0, 1, 1, 2))))
        body = start + place + self._join(parts) + end
        return self._dialect(self.title(telling), body)

    def call(self, telling: Telling) -> tuple[str, tuple[Turn, ...]]:
        """Title by the operator, and the turns of the call."""
        say = self._rng
        enquiry = telling.subject.kind == "enquiry"
        parts = self._phrases(telling, long=False)
        if not enquiry:
            for _ in range(say.choice((1, 2, 2, 3))):
                part = self._pool("detail" if say.random() < 0.8 else "aside", telling)
                at = say.randrange(len(parts))
                parts[at] += "，" + part
        opening = self._pool("call_opening", telling)
        if telling.spot.names and not (enquiry and say.random() < 0.8):
            opening += self._pool("place_phrase", telling)
        turns = [Turn("坐席", self._pool("agent_opening", telling)), Turn("市民", opening + parts[0])]
        for part in parts[1:]:
            turns.append(Turn("坐席", self._pool("agent_probe" if enquiry else "agent_question", telling)))
            turns.append(Turn("市民", part))
        if enquiry:
            turns.append(Turn("坐席", self._pool("agent_answer", telling)))
        turns.append(Turn("市民", self._pool("call_closing", telling)))
        if say.random() < 0.5:
            turns.append(Turn("坐席", self._pool("agent_closing", telling)))
        cantonese = say.random() < 0.05
        return self.title(telling), tuple(self._hear(turn, cantonese) for turn in turns)

    def note(self, telling: Telling) -> tuple[str, str]:
        """Title (the small class) and description of a grid note."""
        say = self._rng
        text = self._expand(say.choice(telling.script.notes), telling)
        if say.random() < 0.3:
            text += "，" + self._expand(say.choice(telling.script.facts), telling)
        tails = "".join(self._pool("grid_tail", telling) for _ in range(2))
        detail = "。" + self._pool("detail", telling) if say.random() < 0.4 else ""
        return telling.subject.level2, self._pool("grid_lead", telling) + text + tails + detail + "。"

    def title(self, telling: Telling) -> str:
        """Place and matter, as people and operators put it."""
        subject, say = telling.subject, self._rng
        if subject.kind == "enquiry":
            return expand(f"[咨询|问|了解|关于]{subject.name}[|问题|事宜|的咨询]", say, str)
        return self._pool("title", telling)

    def answer(self, telling: Telling) -> str:
        """What the unit wrote back."""
        pools = {"enquiry": "enquiry_answer", "thanks": "thanks_answer"}
        return self._pool(pools.get(telling.subject.kind, "answer"), telling)

    def _phrases(self, telling: Telling, *, long: bool) -> list[str]:
        say, script = self._rng, telling.script
        wanted = say.choices((1, 2, 3, 4, 5), (2, 4, 3, 2, 1) if long else (3, 4, 2, 0, 0))[0]
        if not script.titles and not script.effects:  # a family of matters: every line names the thing again
            wanted = min(wanted, 2)
        parts = [self._expand(line, telling) for line in sample(script.facts, wanted, say)]
        if script.effects and say.random() < 0.6:
            parts += [self._expand(say.choice(script.effects), telling)]
        if long and say.random() < 0.3:
            say.shuffle(parts)
        return parts

    def _join(self, parts: list[str]) -> str:
        say = self._rng
        text = parts[0]
        for part in parts[1:]:
            text = (
                text.removesuffix("，")
                + say.choice(("，", "。", "；", "，而且", "，还有", "。另外", "，", "。"))
                + part
            )
        return text.removesuffix("，") + say.choice(("。", "！", "。", "…"))

    def _pool(self, name: str, telling: Telling) -> str:
        return self._expand(self._rng.choice(self._pools[name]), telling)

    def _expand(self, template: str, telling: Telling) -> str:
        text = self._vary(expand(template, self._rng, lambda name: self._slot(name, telling)))
        return text.replace("，，", "，")

    def _vary(self, text: str) -> str:
        for word, others in self._paraphrases:
            if word in text and self._rng.random() < 0.75:
                text = text.replace(word, self._rng.choice(others), 1)
        return text

    def _slot(self, name: str, telling: Telling) -> str:
        spot, person = telling.spot, telling.person
        if name == "p":
            return self._rng.choice(spot.names) if spot.names else ""
        if name == "t":
            titles = telling.script.titles or telling.script.facts
            return self._expand(self._rng.choice(titles), telling)
        if name == "fact":
            return self._expand(self._rng.choice(telling.script.facts), telling).split("，")[0][:16]
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
