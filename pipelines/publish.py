"""Publish whole or not at all: a file of its own for every version, and one pointer that is swung last."""

from __future__ import annotations

import os
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path

import duckdb

from pipelines.errors import WanamakerError
from pipelines.ingest.discover import Problem
from pipelines.runs import RunRecord, now
from pipelines.transform import TestResult

POINTER = "wanamaker.duckdb"
KEEP_NEWEST = 3
KEEP_DAYS = 14
_MOST_REJECTS = 1000


def publish(
    built: Path, data: Path, record: RunRecord, tests: Iterable[TestResult], problems: Iterable[Problem]
) -> Path:
    """Finish the built file, move it to `data/published/<run>.duckdb` and swing the pointer to it.

    Who holds the version before open keeps it whole; who comes next sees the new one. Gives the
    new file's path.
    """
    finish(built, data, record, list(tests), list(problems))
    target = data / "published" / f"{record.run_id}.duckdb"
    target.parent.mkdir(parents=True, exist_ok=True)
    with built.open("rb") as stream:
        os.fsync(stream.fileno())
    built.replace(target)
    swing(data, target)
    prune(data)
    return target


def swing(data: Path, target: Path) -> None:
    """Let the pointer name `target`, in one step."""
    pointer = data / POINTER
    fresh = data / f".{POINTER}.{os.getpid()}"
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(target.relative_to(data))
    fresh.replace(pointer)


def prune(data: Path) -> list[Path]:
    """Remove old versions: kept are the newest three and the last of each day for 14 days. Gives what went."""
    versions = sorted((data / "published").glob("*.duckdb"), reverse=True)
    oldest_day = (now() - timedelta(days=KEEP_DAYS)).strftime("%Y%m%d")
    kept = set(versions[:KEEP_NEWEST])
    days: set[str] = set()
    for version in versions:
        day = version.stem[:8]
        if day >= oldest_day and day not in days:
            kept.add(version)
            days.add(day)
    pointed = (data / POINTER).resolve()
    gone = [version for version in versions if version not in kept and version.resolve() != pointed]
    for version in gone:
        version.unlink(missing_ok=True)
    return gone


def finish(built: Path, data: Path, record: RunRecord, tests: list[TestResult], problems: list[Problem]) -> None:
    """Write `meta`, drop the schemas nobody reads, and close the file without a log beside it."""
    with duckdb.connect(str(built)) as connection:
        connection.execute(f"attach '{data / 'raw.duckdb'}' as raw_files (read_only)")
        connection.execute("create schema if not exists meta")
        connection.execute("create or replace table meta.files as from raw_files.registry.files")
        connection.execute(
            "create or replace table meta.rejects as from raw_files.registry.rejects "
            f"qualify row_number() over (partition by file_id order by record, column_name) <= {_MOST_REJECTS}"
        )
        connection.execute("detach raw_files")
        _write_runs(connection, record, tests)
        connection.execute("create or replace table meta.problems (name varchar, message varchar)")
        for problem in problems:
            connection.execute("insert into meta.problems values (?, ?)", [problem.name, problem.message])
        for schema in ("staging", "work"):
            connection.execute(f"drop schema if exists {schema} cascade")
        for table, words in _COMMENTS.items():
            connection.execute(f"comment on table meta.{table} is '{words}'")
        connection.execute("checkpoint")
    if built.with_name(f"{built.name}.wal").exists():
        raise WanamakerError(f"{built}: its log could not be closed, so it was not published; run again")


_COMMENTS = {
    "files": "One row per delivery: how each file was read, and counts that tie.",
    "rejects": "Rejected records with column, value and reason; at most 1,000 rows a file.",
    "runs": "One row: the run that made this file.",
    "tests": "One row per test of a figure in that run.",
    "problems": "Files of that run that could not be taken, and why.",
}


def _write_runs(connection: duckdb.DuckDBPyConnection, record: RunRecord, tests: list[TestResult]) -> None:
    connection.execute(
        """
        create or replace table meta.runs as
        select
            ? as run_id, cast(? as timestamp) as started_at, cast(? as timestamp) as finished_at,
            settings.as_of_date, settings.company_currency, settings.timezone,
            cast(? as bigint) as tests_passed, cast(? as bigint) as tests_failed, cast(? as bigint) as tests_warned,
            (select count(*) from meta.files) as files,
            (select coalesce(sum(rows_read), 0)::bigint from meta.files) as rows
        from core.run_settings as settings
        """,
        [
            record.run_id,
            record.started_at,
            now().isoformat(),
            sum(test.status == "pass" for test in tests),
            sum(test.status in ("fail", "error") for test in tests),
            sum(test.status == "warn" for test in tests),
        ],
    )
    connection.execute(
        "create or replace table meta.tests "
        "(name varchar, status varchar, failures bigint, model varchar, message varchar, sample varchar[])"
    )
    for start in range(0, len(tests), 500):
        connection.executemany(
            "insert into meta.tests values (?, ?, ?, ?, ?, ?)",
            [
                [test.name, test.status, test.failures, test.model, test.message, list(test.sample)]
                for test in tests[start : start + 500]
            ],
        )
