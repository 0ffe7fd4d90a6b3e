"""Reports and people of cells, against what DuckDB counts of the same table."""

import duckdb
import numpy as np
import pyarrow as pa
import pytest

from signals.store.tallies import Labels, labels, quantiles, tally

N = 400
SETS = ((), ("source",), ("source", "area"))
Found = dict[tuple[str, ...], tuple[object, ...]]


def reports(seed: int) -> pa.Table:
    """Some reports: a tenth without an area, a third not answered yet, those answered soonest first."""
    chance = np.random.default_rng(seed)
    took = np.sort(np.where(chance.random(N) < 1 / 3, np.nan, chance.integers(0, 10**6, N) / 86_400))
    return pa.table({
        "source": chance.choice(["petition", "hotline"], N), "area": chance.choice(["", "江海", "新会", "台山"], N),
        "who": chance.choice([f"p{i}" for i in range(40)], N), "is_hit": chance.random(N) < 0.3,
        "took": pa.array(took, from_pandas=True),
    })  # fmt: skip


def counted(table: pa.Table, names: tuple[str, ...]) -> Found:
    """By the names of each cell: reports, people, hits, hit people, and two quantiles of the days taken."""
    by, took = {name: labels(table[name]) for name in names}, table["took"].to_numpy()
    cells = tally(by, labels(table["who"]).numbers, table["is_hit"].to_numpy())
    numbers = (cells.n_reports, cells.n_people, cells.n_hits, cells.n_hit_people)
    late = [quantiles(by, took, cells, share).to_pylist() for share in (0.5, 0.9)]
    keys = [tuple(cells.name(name)[i].as_py() for name in names) for i in range(len(cells.numbers))]
    return dict(zip(keys, zip(*(column.tolist() for column in numbers), *late, strict=True), strict=True))


def expected(table: pa.Table, names: tuple[str, ...]) -> Found:
    """The same by DuckDB."""
    said = " AND ".join(["true", *(f"{name} <> ''" for name in names)])
    rows = duckdb.sql(
        f"""SELECT {"".join(f"{name}, " for name in names)} count(*), count(DISTINCT who), count(*) FILTER (is_hit),
              count(DISTINCT who) FILTER (is_hit), quantile_cont(took, 0.5), quantile_cont(took, 0.9)
            FROM "table" WHERE {said} GROUP BY {", ".join(["()", *names])}"""
    ).fetchall()
    return {tuple(row[: len(names)]): row[len(names) :] for row in rows}


@pytest.mark.parametrize("names", SETS)
@pytest.mark.parametrize("seed", range(5))
def test_cells_are_those_that_a_database_finds(names: tuple[str, ...], seed: int) -> None:
    table = reports(seed)
    assert counted(table, names) == expected(table, names)


def test_a_cell_in_which_nothing_has_ended_has_no_quantile() -> None:
    table = pa.table({"source": ["grid"], "who": ["a"], "is_hit": [False], "took": pa.array([None], pa.float64())})
    assert counted(table, ("source",)) == {("grid",): (1, 1, 0, 0, None, None)}


def test_no_reports_are_no_cells() -> None:
    nothing = np.empty(0, np.int64)
    cells = tally({"area": Labels(nothing, pa.array([], pa.string()))}, nothing)
    assert (len(cells.numbers), cells.n_people.tolist(), cells.name("source").to_pylist()) == (0, [], [])


def test_one_person_who_is_a_hit_once_is_a_hit_person() -> None:
    table = pa.table({"who": ["a", "a", "b"], "is_hit": [True, False, False], "took": [1.0, 2.0, 3.0]})
    assert counted(table, ())[()][:4] == (3, 2, 1, 1)


def test_more_cells_than_a_number_holds_beside_a_person_are_counted_too() -> None:
    """Issues by town, say, of a country: four labels of 1,300 names each are 2.9 million million cells."""
    chance, names = np.random.default_rng(3), pa.array([f"n{i}" for i in range(1_300)])
    told = chance.integers(1_290, 1_300, (4, N))
    person = chance.integers(0, 40, N)
    cells = tally({str(i): Labels(told[i], names) for i in range(4)}, person)
    columns = [*(cells.name(str(i)).to_pylist() for i in range(4)), cells.n_reports.tolist(), cells.n_people.tolist()]
    people: dict[tuple[str, ...], list[int]] = {}
    for row, who in zip(told.T.tolist(), person.tolist(), strict=True):
        people.setdefault(tuple(f"n{i}" for i in row), []).append(who)
    expected_cells = {(*key, len(who), len(set(who))) for key, who in people.items()}
    assert set(zip(*columns, strict=True)) == expected_cells
