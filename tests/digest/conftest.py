from collections.abc import Iterator
from importlib.resources import files

import duckdb
import pytest

from signals.digest.content import collect_digest
from signals.digest.record import Digest
from signals.gazetteer import Gazetteer, load_gazetteer
from signals.settings import Settings
from tests.digest.city import DAY, City


@pytest.fixture
def city() -> Iterator[City]:
    """An empty warehouse in memory."""
    connection = duckdb.connect()
    connection.execute("SET TimeZone = 'Asia/Shanghai'")
    connection.execute(files("signals.store").joinpath("schema.sql").read_text("utf-8"))
    yield City(connection)
    connection.close()


@pytest.fixture(scope="session")
def gazetteer() -> Gazetteer:
    return load_gazetteer()


@pytest.fixture
def collect(city: City, gazetteer: Gazetteer):
    """Collect the digest of DAY from the city."""

    def run(settings: Settings | None = None) -> Digest:
        return collect_digest(city.connection, DAY, settings or Settings(), gazetteer)

    return run
