"""docs/benchmarks.md, made from results/*.json: `python -m benchmarks.tables` writes it, `--check` compares it."""

import argparse
import sys
from pathlib import Path

from benchmarks.recording import RESULTS, Cell, Result, Table, read

PAGE = Path(__file__).parent.parent / "docs" / "benchmarks.md"
HEAD = """# Benchmarks

Made from `benchmarks/results/` by `benchmarks/tables.py`; do not edit. Every section names the command that measures
it again. Seconds hold for the machine named; compare them only within one run.
"""


def page(results: list[Result]) -> str:
    """The whole page."""
    return "\n".join([HEAD, *(section(result) for result in results)])


def section(result: Result) -> str:
    """One benchmark: title, command, machine, tables, notes."""
    parts = [f"## {result.title}", f"Command: `{result.command}`  \nMachine: {result.machine}"]
    parts += [f"**{table.caption}**\n\n{markdown(table)}" for table in result.tables]
    if result.notes:
        parts.append("\n".join(f"- {note}" for note in result.notes))
    return "\n\n".join(parts) + "\n"


def markdown(table: Table) -> str:
    """A table as Markdown; columns whose cells are all numbers are right-aligned."""
    numeric = [all(not isinstance(row[k], str) for row in table.rows) for k in range(len(table.columns))]
    rules = ["--:" if right else "---" for right in numeric]
    rows = [[shown(cell) for cell in row] for row in table.rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in [list(table.columns), rules, *rows])


def shown(cell: Cell) -> str:
    """A cell: whole numbers with commas, others with three significant digits.

    >>> shown(12345), shown(0.12345), shown(12.345), shown(12345.6), shown("n | m")
    ('12,345', '0.123', '12.3', '12,346', 'n \\\\| m')
    """
    if isinstance(cell, str):
        return cell.replace("|", "\\|").replace("\n", " ")
    if isinstance(cell, int) or abs(cell) >= 1000:
        return f"{cell:,.0f}"
    return f"{cell:.3g}"


def results(folder: Path = RESULTS) -> list[Result]:
    """All results, by file name."""
    return [read(path) for path in sorted(folder.glob("*.json"))]


def main() -> int:
    """Write or check the page. Returns 1 where `--check` finds it different."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="only compare; exit 1 when the page differs")
    wanted = page(results())
    if parser.parse_args().check:
        if PAGE.is_file() and PAGE.read_text("utf-8") == wanted:
            return 0
        print(f"{PAGE.name} differs from the results; run: python -m benchmarks.tables")
        return 1
    PAGE.write_text(wanted, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
