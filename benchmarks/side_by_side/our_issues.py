"""Jianwei's replay as a user runs it, and its issues day by day, for plain rules on the same issues and voices."""

from pathlib import Path

import duckdb
import numpy as np

from benchmarks import commands
from benchmarks.arrays import Bools
from benchmarks.real_streams import Stream
from benchmarks.side_by_side.rules import Move
from benchmarks.side_by_side.streams import Corpus


def replay(stream: Stream, out: Path) -> float:
    """Run `jianwei replay` with default settings; returns its seconds. Raises CalledProcessError where it fails."""
    return commands.seconds_of(commands.replay(stream.files, out))


def issues(path: Path, of: Corpus) -> tuple[list[Move], Bools]:
    """Which issue every report belonged to from when, merges included, and which reports counted as voices."""
    row = {key: place for place, key in enumerate(of.keys)}
    with duckdb.connect(str(path), read_only=True) as connection:
        links = connection.execute("SELECT from_on, report_key, issue_id FROM links ORDER BY from_on, rowid").fetchall()
        voices = connection.execute("SELECT report_key FROM report_days WHERE is_voice").fetchall()
    counts = np.zeros(len(of.keys), bool)
    counts[[row[key] for (key,) in voices]] = True
    return [Move(day.toordinal(), row[key], issue) for day, key, issue in links], counts
