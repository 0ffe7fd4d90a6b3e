"""What other processors would compute: kernels of linear algebra and functions made for older ones change no result."""

import json
import os
import subprocess
import sys

import pytest

from tests.engine.stream import make_stream
from tests.engine.worlds import stream_days, world_of

pytestmark = pytest.mark.slow

N_DAYS = 9
OLDER = {  # without fused multiply-add; where other libraries are used, the same again
    "OPENBLAS_CORETYPE": "Prescott", "GLIBC_TUNABLES": "glibc.cpu.hwcaps=-AVX2,-FMA,-FMA4",
}  # fmt: skip
LAST_DIGITS = {"series_state", "evidence"}  # of which the last digits are the processor's (decision 19)


def tables_of_a_run() -> dict[str, str]:
    """All that days write, by table, where texts are enough for what they mean to be learnt."""
    with world_of(make_stream(N_DAYS, seed=8, reports_per_day=40)) as world:
        days = [world.run(day) for day in stream_days(N_DAYS)]
        assert world.memory.latent is not None
        assert sum(len(day.alerts) for day in days) > 5
        return {table: repr(rows) for table, rows in world.results().items() if table not in LAST_DIGITS}


def test_an_older_processor_gives_every_table_but_the_last_digits_of_evidence() -> None:
    said = f"import json; from {__name__} import tables_of_a_run; print(json.dumps(tables_of_a_run()))"
    done = subprocess.run([sys.executable, "-c", said], env={**os.environ, **OLDER}, check=True, capture_output=True)
    there, here = json.loads(done.stdout), tables_of_a_run()
    assert [table for table in here if there[table] != here[table]] == []
