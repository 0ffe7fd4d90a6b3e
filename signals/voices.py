"""Which of a day's reports are new voices in their issue. Counting voices honestly matters more than the chart.

One person counts once per issue in 90 days. The same text from another known person collapses only within two hours
(a re-import, a double click); later copies by other people are a joint petition and count. Where the complainant is
unknown, a near copy within 90 days is the same voice. Enquiries, praise, follow-ups and void reports are no voice.
"""

import numpy as np

from signals.memory import NOBODY, Memory

SAME_TEXT_SECONDS = 2 * 3600
COMPARED_REPORTS = 200  # newest of an issue that a report may nearly repeat; exact copies are found however old


def count_voices(memory: Memory, first_row: int, *, voice_days: int, near_copy_similarity: float) -> list[str]:
    """Set is_voice and is_first for the rows from first_row on, in their order; return what each row is a copy of.

    The returned list has one entry a new row: '' or the report key whose text it repeats (exactly, or nearly).
    """
    return [
        _count(memory, row, voice_days=voice_days, near_copy_similarity=near_copy_similarity)
        for row in range(first_row, memory.n)
    ]


def recount_voices(memory: Memory, issue: int, *, voice_days: int, near_copy_similarity: float) -> None:
    """Count the voices of an issue afresh, in the order known, after reports have left it or come to it.

    Whoever once founded an issue stays no evidence, wherever the report is now; so after a correction an issue may have
    several first voices, as after a merge, and it has one if it has a voice.
    """
    for row in memory.members.get(issue, ()):
        was_first = bool(memory.is_first[row])
        _count(memory, row, voice_days=voice_days, near_copy_similarity=near_copy_similarity)
        memory.is_first[row] |= was_first and memory.is_voice[row]


def _count(memory: Memory, row: int, *, voice_days: int, near_copy_similarity: float) -> str:
    """Set is_voice and is_first of a row by the rows before it; return the key of what it is a copy of, or ''."""
    earlier = memory.rows_of(int(memory.issue[row]))
    earlier = earlier[earlier < row]
    recent = earlier[memory.day[earlier] > memory.day[row] - voice_days]
    twin = _twin(memory, row, recent, near_copy_similarity)
    copy_of = memory.reports[twin].key if twin >= 0 else ""
    grievances = recent[memory.grievance[recent]]
    if twin >= 0 and not memory.grievance[twin]:  # an enquiry's words; a grievance may say them too
        twin = _twin(memory, row, grievances, near_copy_similarity)
    memory.is_voice[row] = _is_voice(memory, row, grievances, repeats=twin >= 0)
    voiced = memory.is_voice[earlier].any()
    memory.is_first[row] = bool(memory.is_voice[row] and not voiced)
    return copy_of


def _twin(memory: Memory, row: int, recent: "np.ndarray[tuple[int], np.dtype[np.int64]]", near: float) -> int:
    same = recent[memory.text[recent] == memory.text[row]]
    if len(same):
        return int(same[-1])
    if not len(recent):
        return -1
    share = memory.counts.lengths(recent) / max(1, int(memory.counts.lengths(np.array([row]))[0]))
    recent = recent[(share >= near**2 / 2) & (share <= 2 / near**2)][-COMPARED_REPORTS:]
    if not len(recent):
        return -1
    similarity = memory.text_similarities(row, recent)
    best = int(np.argmax(similarity))
    return int(recent[best]) if similarity[best] > near else -1


def _is_voice(memory: Memory, row: int, recent: "np.ndarray[tuple[int], np.dtype[np.int64]]", *, repeats: bool) -> bool:
    if not memory.grievance[row] or memory.void[row]:
        return False
    person = memory.complainant[row]
    if person == NOBODY:
        return not repeats
    if (memory.complainant[recent] == person).any():
        return False
    same = recent[memory.text[recent] == memory.text[row]]
    return not bool((np.abs(memory.received[same] - memory.received[row]) <= SAME_TEXT_SECONDS).any())
