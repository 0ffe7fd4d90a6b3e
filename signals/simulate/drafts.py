"""A report on its way to a file: what was said, by whom, about where. Facts of handling are added later."""

from dataclasses import dataclass
from datetime import datetime

from signals.records import Source
from signals.simulate.city import Spot
from signals.simulate.people import Person


@dataclass(frozen=True, slots=True)
class Subject:
    """The office's own classification of a matter."""

    name: str
    level1: str
    level2: str
    unit: str
    kind: str  # complaint | request | enquiry | accusation | suggestion | thanks


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn of a call."""

    role: str  # 坐席 | 市民
    text: str


@dataclass(frozen=True, slots=True)
class Draft:
    """One report before it gets a number."""

    source: Source
    received_at: datetime  # local, no zone: as the office's system writes it
    subject: Subject
    spot: Spot
    person: Person
    title: str
    body: str = ""
    turns: tuple[Turn, ...] = ()
    event: str = ""  # the planted event or decoy it belongs to
    hazard: float = 0.2  # chance that handling goes wrong
    urgent: bool = False
    is_without_place: bool = False  # filed without district, town and address
    wrong_area: str = ""  # adcode of another district under which it is filed, without town and address
