"""Versions, the pointer and the lock."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from pipelines import publish as publishing
from pipelines.errors import RunActiveError
from pipelines.publish import prune, swing
from pipelines.runs import RunRecord, new_run_id, only_run, read_records


def version(data: Path, name: str, value: int = 0) -> Path:
    path = data / "published" / f"{name}.duckdb"
    path.parent.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(str(path)) as connection:
        connection.execute(f"create table t as select {value} as v")
    return path


def test_who_holds_a_version_open_keeps_it_and_who_comes_next_sees_the_new_one(tmp_path):
    swing(tmp_path, version(tmp_path, "20260101T000000Z", 1))
    pointer = tmp_path / "wanamaker.duckdb"
    old = duckdb.connect(str(pointer.resolve()), read_only=True)
    swing(tmp_path, version(tmp_path, "20260102T000000Z", 2))
    assert old.execute("select v from t").fetchone() == (1,)
    with duckdb.connect(str(pointer.resolve()), read_only=True) as fresh:
        assert fresh.execute("select v from t").fetchone() == (2,)
    assert str(pointer.readlink()) == "published/20260102T000000Z.duckdb"
    old.close()


def test_kept_are_the_newest_three_and_the_last_of_each_day_for_fourteen_days(tmp_path, monkeypatch):
    monkeypatch.setattr(publishing, "now", lambda: datetime(2026, 3, 31, 12))
    days = [datetime(2026, 3, 31) - timedelta(days=number) for number in range(20)]
    for day in days:
        for hour in (8, 20):
            (tmp_path / "published").mkdir(exist_ok=True)
            (tmp_path / "published" / f"{day:%Y%m%d}T{hour:02}0000Z.duckdb").touch()
    prune(tmp_path)
    left = sorted(path.stem for path in (tmp_path / "published").iterdir())
    assert left == sorted({f"{day:%Y%m%d}T200000Z" for day in days[:15]} | {"20260331T080000Z"})


def test_the_version_that_the_pointer_names_is_never_removed(tmp_path, monkeypatch):
    monkeypatch.setattr(publishing, "now", lambda: datetime(2026, 3, 31))
    old = version(tmp_path, "20250101T000000Z")
    swing(tmp_path, old)
    for number in range(5):
        version(tmp_path, f"2026033{number % 2}T00000{number}Z")
    prune(tmp_path)
    assert old.exists()


def test_one_run_at_a_time_and_the_other_is_named(tmp_path):
    code = (
        "import sys; from pathlib import Path; from pipelines.runs import only_run\n"
        f"with only_run(Path({str(tmp_path)!r})):\n    print('held', flush=True); sys.stdin.read()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout.readline() == "held\n"
        with pytest.raises(RunActiveError, match=rf"pid {other.pid}, started 2"), only_run(tmp_path):
            pass
        other.kill()
    with only_run(tmp_path):
        pass


def test_a_damaged_run_record_does_not_hide_the_others(tmp_path):
    RunRecord("20260101T000000Z", "2026-01-01T00:00:00", status="published").write(tmp_path)
    (tmp_path / "runs" / "20260102T000000Z.json").write_text("{half", encoding="utf-8")
    assert [record["run_id"] for record in read_records(tmp_path)] == ["20260101T000000Z"]


def test_two_runs_in_one_second_have_two_names(tmp_path):
    first = new_run_id(tmp_path)
    RunRecord(first, "x").write(tmp_path)
    second = new_run_id(tmp_path)
    assert second != first
    assert json.loads((tmp_path / "runs" / f"{first}.json").read_text(encoding="utf-8"))["run_id"] == first
