"""The record of every run, and the lock that lets only one work in a data folder at a time."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from pipelines.errors import RunActiveError


def now() -> datetime:
    """The present moment in UTC, without a zone, to the second: for records of runs, never for figures."""
    return datetime.now(UTC).replace(tzinfo=None, microsecond=0)


@dataclass
class RunRecord:
    """What one run did. `status` is published, failed (a test of a figure), or error (it did not get that far)."""

    run_id: str
    started_at: str
    status: Literal["running", "published", "failed", "error"] = "running"
    finished_at: str | None = None
    as_of_date: str | None = None
    message: str = ""
    published: str | None = None
    files: list[dict[str, Any]] = field(default_factory=list)
    problems: list[dict[str, str]] = field(default_factory=list)
    tests_passed: int = 0
    tests_warned: int = 0
    failed_tests: list[dict[str, Any]] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)

    def write(self, data: Path) -> None:
        """Keep the record as `data/runs/<run_id>.json`."""
        folder = data / "runs"
        folder.mkdir(parents=True, exist_ok=True)
        partial = folder / f"{self.run_id}.partial"
        partial.write_text(json.dumps(asdict(self), ensure_ascii=False, indent=1, default=str), encoding="utf-8")
        partial.replace(folder / f"{self.run_id}.json")


def new_run_id(data: Path) -> str:
    """A name for a run that no earlier one has: its start in UTC."""
    base = now().strftime("%Y%m%dT%H%M%SZ")
    taken = {path.stem for folder in ("runs", "published") for path in (data / folder).glob("*")}
    return next(name for name in (base, *(f"{base}-{number}" for number in range(2, 10_000))) if name not in taken)


def read_records(data: Path, most: int = 10) -> list[dict[str, Any]]:
    """The newest run records, newest first; a damaged one is left out."""
    records = []
    for path in sorted((data / "runs").glob("*.json"), reverse=True):
        try:
            records.append(json.loads(path.read_text(encoding="utf-8")))
        except (OSError, ValueError):
            continue
        if len(records) == most:
            break
    return records


@contextmanager
def only_run(data: Path) -> Iterator[None]:
    """Hold the data folder; raises RunActiveError naming the other run's pid and start."""
    data.mkdir(parents=True, exist_ok=True)
    with (data / ".lock").open("a+", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            lock.seek(0)
            try:
                other = json.loads(lock.read())
                who = f"pid {other['pid']}, started {other['started_at']} UTC"
            except (ValueError, KeyError):
                who = "just started"
            raise RunActiveError(f"{data}: another run is active ({who}); wait until it is done, or stop it") from error
        lock.seek(0)
        lock.truncate()
        lock.write(json.dumps({"pid": os.getpid(), "started_at": now().isoformat(sep=" ")}))
        lock.flush()
        yield
