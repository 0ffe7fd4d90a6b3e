"""Which cells of a table of people and reports may be printed. No number that must stay hidden leaves this file."""

from collections.abc import Mapping
from dataclasses import dataclass

from signals.records import Source
from signals.smallcells import Cell, Mark, cell_totals, mark_cells

SOURCES = ("", *Source)  # cells are counted for all sources together, and for each
WORDS = {Mark.FEW: "少于{k}", Mark.PARTNER: "隐"}
FEW_AND_PARTNER = "“少于{k}”：不足 {k} 位不同的反映人（含没有）；“隐”：为免由合计推出这样的格而一并隐去。"


@dataclass(frozen=True, slots=True)
class Shown:
    """A number that may be seen, or the word that stands in its place."""

    n: int | None
    word: str

    @property
    def is_hidden(self) -> bool:
        return self.n is None

    @property
    def people(self) -> str:
        """12 人, or the word."""
        return self.word if self.is_hidden else f"{self.word} 人"


@dataclass(frozen=True, slots=True)
class Change:
    """A number in the period before and now."""

    name: str
    before: Shown
    now: Shown

    @property
    def rise(self) -> int:
        """0 where either is hidden."""
        return 0 if self.before.n is None or self.now.n is None else self.now.n - self.before.n


def shown_people(people: Mapping[Cell, int], *, k: int) -> dict[Cell, Shown]:
    """Distinct complainants of cells, all that will ever be published of them together; zeros included."""
    marks = mark_cells(people, k=k)
    return {cell: seen(people[cell], marks[cell], k=k) for cell in people}


def seen(n: int, mark: Mark, *, k: int) -> Shown:
    """A number under its mark."""
    return Shown(n, f"{n:,}") if mark is Mark.SHOWN else Shown(None, WORDS[mark].format(k=k))


def report_marks(people: Mapping[Cell, int], *, k: int) -> dict[Cell, Mark]:
    """Marks under which numbers of *reports* may be printed.

    Reports of the parts add up to those of the whole, people need not: so no sum may lack exactly one of its members.
    """
    marks = mark_cells(people, k=k)
    totals = cell_totals(people.keys())
    while lone := [total for total in totals if _lacking(total.whole, total.parts, marks) == 1]:
        members = [cell for cell in (*lone[0].parts, lone[0].whole) if marks[cell] is Mark.SHOWN]
        if not members:  # a whole of one part, both the same number
            break
        marks[min(members, key=lambda cell: (cell == lone[0].whole, people[cell], cell))] = Mark.PARTNER
    return marks


def _lacking(whole: Cell, parts: tuple[Cell, ...], marks: Mapping[Cell, Mark]) -> int:
    return sum(marks[cell] is not Mark.SHOWN for cell in (whole, *parts))
