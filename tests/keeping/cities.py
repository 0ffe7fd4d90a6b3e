"""A small city that has run, for tests of what keeps a warehouse: reports, answers, alerts, digests, quarantine."""

import shutil
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pipelines.digest import digest_command
from signals.ingest import How, ingest_file
from signals.runner import days_due, run_days
from signals.settings import Settings
from signals.store.warehouse import kept_open, reading
from tests.exports import Export, write_petitions

KEY = b"a key for tests, nothing else...."
Rows = list[tuple[object, ...]]


@dataclass(frozen=True, slots=True)
class City:
    """A folder that has run through the export's last day, and whose last two days have digests."""

    export: Export
    settings: Settings

    def copied_to(self, folder: Path) -> "City":
        """The same city in a folder of its own."""
        shutil.copytree(self.settings.folder, folder)
        return City(self.export, self.settings.model_copy(update={"folder": folder}))

    def rows(self, query: str, *parameters: object) -> Rows:
        """What the warehouse answers."""
        with reading(self.settings.warehouse_path) as connection:
            return connection.execute(query, list(parameters)).fetchall()


def make_city(folder: Path) -> City:
    """Take in, run, and write digests."""
    export = write_petitions(folder / "petitions.xlsx", n_days=12)
    city = City(export, Settings(folder=folder / "var", demo=True))
    ingest_file(export.path, How(city.settings, KEY, history=True))
    run_through(city, export.last_on)
    for (day,) in city.rows("SELECT day FROM runs ORDER BY day DESC LIMIT 2"):
        assert isinstance(day, date)
        digest_command(city.settings, day)
    return city


def run_through(city: City, last: date) -> None:
    """Run what is due."""
    path = city.settings.warehouse_path
    with kept_open(path):
        list(run_days(path, days_due(path, last), city.settings))


def files_with(folder: Path, text: str) -> list[Path]:
    """Every file under a folder that has the text in its bytes."""
    return [path for path in folder.rglob("*") if path.is_file() and text.encode() in path.read_bytes()]
