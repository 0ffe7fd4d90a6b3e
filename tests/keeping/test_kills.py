"""Killed at random moments, nothing acknowledged is lost, nothing is half there, and running again completes.

`make soak` does the same two hundred times and writes down what it saw.
"""

import random
from collections.abc import Iterator
from dataclasses import replace

import pytest

from benchmarks.kills import City, Killed, commands_in, kill_once, make_city, trials, undisturbed

pytestmark = pytest.mark.slow

N_KILLS = {"ingest": 2, "run": 2, "erase": 2, "purge": 1, "migrate": 1, "backup": 1, "restore": 1, "redact": 1}


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    with commands_in(tmp_path_factory.mktemp("kills")) as commands:
        yield make_city(commands, n_days=2)


@pytest.mark.parametrize("command", N_KILLS)
def test_a_command_killed_at_a_random_moment_can_be_run_again(city: City, command: str) -> None:
    chance = random.Random(f"{command} 5")
    for _ in range(N_KILLS[command]):
        kill_once(city, trials(city)[command], chance)


def test_a_lost_file_a_half_day_and_a_half_erasure_would_be_seen(city: City) -> None:
    ingest, run, erase = (trials(city)[name] for name in ("ingest", "run", "erase"))
    end = undisturbed(city, run)
    whole = Killed(city.here, "", {}, end, end)
    for trial in (ingest, run, erase):
        trial.holds(whole)
    acknowledged = f"{end['files'][0][1]}（信访）: 9 行，新增 9\n"
    lost = replace(whole, after=end | {"files": end["files"][1:]}, printed=acknowledged)
    half = replace(whole, after=end | {"report_days": end["report_days"][:-1]})
    gone = replace(whole, after=end | {"runs": end["runs"][1:]}, printed=f"{end['runs'][0][0]}  9\n\n")
    for trial, killed in ((ingest, lost), (run, half), (run, gone), (erase, half)):
        with pytest.raises(AssertionError):
            trial.holds(killed)
