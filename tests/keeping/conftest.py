"""The city that has run is made once; each test gets a copy of its folder."""

from pathlib import Path

import pytest

from tests.keeping.cities import City, make_city


@pytest.fixture(scope="session")
def original(tmp_path_factory: pytest.TempPathFactory) -> City:
    return make_city(tmp_path_factory.mktemp("city"))


@pytest.fixture
def city(original: City, tmp_path: Path) -> City:
    return original.copied_to(tmp_path / "var")
