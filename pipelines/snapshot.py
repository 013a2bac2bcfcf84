"""The same figures for another day, or as they were known at a moment, in a file of their own."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from pipelines.errors import WanamakerError
from pipelines.publish import finish
from pipelines.runs import RunRecord, now, only_run
from pipelines.settings import Settings
from pipelines.transform import BuildResult, build, require_built


@dataclass(frozen=True)
class Snapshot:
    """What was built: the file, and what the tests of its figures said."""

    path: Path
    result: BuildResult


def snapshot(settings: Settings, as_of: date, known_at: datetime | None = None, out: Path | None = None) -> Snapshot:
    """Build all figures as of a day, from what was exported by `known_at` where that is given, into `out`.

    What is published and the pointer stay as they are. The file is written even where a test of a figure fails,
    which the result tells: a past day may lack what later exports mended. Raises WanamakerError where nothing landed
    or a model cannot be built.
    """
    data = settings.data
    if not (data / "raw.duckdb").is_file():
        raise WanamakerError(f"{data}: nothing has landed there yet; start with: wanamaker run EXPORTS")
    target = out or data / "snapshots" / f"{_name(as_of, known_at)}.duckdb"
    target.parent.mkdir(parents=True, exist_ok=True)
    started = now()
    variables = settings.variables | {
        "as_of_date": as_of.isoformat(),
        "known_at": known_at.isoformat() if known_at else None,
    }
    with only_run(data):
        result = build(data, variables, folder=data / "build" / "snapshot")
        require_built(result)
        record = RunRecord(f"snapshot-{_name(as_of, known_at)}", started.isoformat(), as_of_date=as_of.isoformat())
        finish(result.path, data, record, result.tests, [])
        partial = target.with_name(f".{target.name}.{os.getpid()}")
        result.path.replace(partial)
        partial.replace(target)
    return Snapshot(target, result)


def _name(as_of: date, known_at: datetime | None) -> str:
    known = f"_known_{known_at:%Y-%m-%dT%H%M%S}" if known_at else ""
    return f"{as_of.isoformat()}{known}"
