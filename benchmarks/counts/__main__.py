"""Run the benchmarks on counts: `python -m benchmarks.counts` writes results/counts.json and results/noufaily.json.

`--short` runs two stress worlds and one city with few seeds and writes nothing.
"""

import argparse
import time
from collections.abc import Callable

import numpy as np

from benchmarks.counts import city, kept, noufaily, weekly
from benchmarks.counts.stresses import STRESSES
from benchmarks.recording import Result, Table, machine, write

COMMAND = "python -m benchmarks.counts"
SEEDS = range(20)
SEVERAL_SEEDS = range(5)  # for other budgets
OTHER_BUDGETS = (0.1, 1.0)
CITY_SEEDS = range(5)


def main() -> None:
    """Measure, print progress, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--short", action="store_true", help="two worlds, few seeds, nothing written")
    is_short = parser.parse_args().short
    started = time.perf_counter()

    def say(line: str) -> None:
        print(f"{time.perf_counter() - started:6.0f} s  {line}", flush=True)

    if is_short:
        for stress in STRESSES[:2]:
            _say(kept.realized(stress, range(1)), say)
        city.measure(range(1), say, budgets=(kept.BUDGET,))
        return
    tables = [*_stresses(say), *city.measure(CITY_SEEDS, say)]
    write(Result("counts", "Counts alone: the budget and what is caught", COMMAND, machine(), tuple(tables), NOTES))
    given = noufaily.scenarios(1)
    weeks = weekly.measure(given, say)
    notes = (*WEEKLY_NOTES, weekly.what_is_lost(weeks[1], float(np.median(given.counts))))
    write(Result("noufaily", "Weekly counts: Noufaily's 42 scenarios", COMMAND, machine(), weeks, notes))
    say("done")


def _stresses(say: Callable[[str], None]) -> list[Table]:
    main_rows = [_say(kept.realized(stress, SEEDS), say) for stress in STRESSES]
    tables = [kept.table(main_rows, f"Realized ÷ budget, B = {kept.BUDGET:g} a day, {len(SEEDS)} seeds of 120 days")]
    for budget in OTHER_BUDGETS:
        rows = [_say(kept.realized(stress, SEVERAL_SEEDS, budget=budget), say) for stress in STRESSES]
        caption = f"Realized ÷ budget, B = {budget:g} a day, {len(SEVERAL_SEEDS)} seeds of 120 days"
        tables.append(kept.table(rows, caption))
    return tables


def _say(row: kept.Kept, say: Callable[[str], None]) -> kept.Kept:
    say(f"B = {row.budget:g}, {row.name}: {row.mean:.2f} of the budget, {row.kept_share:.2f} of seeds within it")
    return row


NOTES = (
    "Both arms run with one budget through `signals/detector/`, in a loop of the benchmark's own that repeats the"
    " engine's on arrays of counts: one series an issue, no grades of firmness, no kinds of trouble, no city-wide"
    " matters; exposure is reckoned from the city's totals, and priors are refitted every Monday, as there.",
    "2,000 series whose daily means are gamma (shape .25, mean .1): half of them below one report in 100 days.",
    "One suppression rule holds for every method: again on a series only at twice its reports, or after 42 quiet days.",
    "A tuned threshold is the lowest that keeps .5 false alerts a day on the quiet worlds: hindsight no user has.",
    "EARS with a deviation of at least 1 is chosen with hindsight too: at .2 its scores jump and leave budget unused.",
    "Farrington-flexible needs five years of weeks and is measured on the weekly scenarios only.",
)
WEEKLY_NOTES = (
    "All series form one city with one budget of so many false alerts a series-week; windows are 1, 2, 4, 6 weeks, the"
    " baseline is 52 weeks without the last 2, exposure is 1. The engine learns no season and no trend of a single"
    " series, so seasons and trends count against it here.",
    "Where the paper leaves room: outbreaks have k drawn from 1 … 10, one lies in the last 49 weeks, and it counts as"
    " detected when any of its weeks alarms, so many weeks after its first as the delay says (0 = the same week)."
    " Published over 21 methods (Bédubourg and Le Strat 2017): false positives"
    " .7–59.9 %, detection 43–89 %.",
)

if __name__ == "__main__":
    main()
