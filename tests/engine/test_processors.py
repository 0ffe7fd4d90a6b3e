"""A run is the same on every processor: kernels of linear algebra that are made for another one change no digit."""

import hashlib
import os
import subprocess
import sys

import pytest

from tests.engine.stream import make_stream
from tests.engine.worlds import stream_days, world_of

pytestmark = pytest.mark.slow

N_DAYS = 9
OTHER = "Prescott"  # of 2004, without fused multiply-add; where another library than OpenBLAS is used, the same again


def digest_of_a_run() -> str:
    """Of all that days write, where texts are enough for what they mean to be learnt."""
    with world_of(make_stream(N_DAYS, seed=8, reports_per_day=40)) as world:
        for day in stream_days(N_DAYS):
            world.run(day)
        assert world.memory.latent is not None
        return hashlib.sha256(repr(world.results()).encode()).hexdigest()


def test_kernels_of_another_processor_give_every_table_to_the_last_digit() -> None:
    said = f"from {__name__} import digest_of_a_run; print(digest_of_a_run())"
    environment = {**os.environ, "OPENBLAS_CORETYPE": OTHER}
    done = subprocess.run([sys.executable, "-c", said], env=environment, check=True, capture_output=True, text=True)
    assert done.stdout.strip() == digest_of_a_run()
