"""Crashes: whatever stops a run, wherever, the next one ends where an undisturbed one would have."""

from __future__ import annotations

import ctypes
import errno
import os
import resource
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines import cli
from pipelines.ingest import discover, load, raw, reader
from pipelines.ingest.landing import Landing
from tests.pipeline.conftest import CONTRACT, contracts_of
from tests.pipeline.project import Project

ROOT = Path(__file__).resolve().parents[2]

FIRST = {
    "people_2026-01-05.csv": "person_id,visits\nP1,1\nP2,x\nP3,3\n",
    "stock_2026-01-05.csv": "item_id,on_hand\nI1,1\nI2,2\nI3,3\n",
}
SECOND = {
    "people_2026-01-06.csv": "person_id,visits\nP1,1\nP2,2\n",
    "people_2026-01-04.csv": "person_id,visits\nP0,1\nP3,x\n",
    "stock_2026-01-06.csv": "item_id,on_hand\nI1,1\nI3,4\n".encode("utf-16"),
}

STEPS: dict[str, tuple[Any, str]] = {
    "finding files": (discover._Unwrapper, "__call__"),
    "keeping bytes": (Landing, "_keep_bytes"),
    "copying bytes": (shutil, "copyfile"),
    "writing the record": (Landing, "write"),
    "making tables": (raw, "_create_table"),
    "reading": (reader._Reader, "load"),
    "choosing formats": (reader._Reader, "choose_styles"),
    "separating rejects": (reader._Reader, "separate"),
    "forgetting": (raw, "forget"),
    "appending": (raw._Snapshot, "append"),
    "burying": (raw._Snapshot, "bury"),
    "registering": (raw, "_register"),
    "registering rejects": (raw, "_register_rejects"),
    "reporting": (load._Session, "_report_files"),
}


def project(folder: Path) -> Project:
    folder.mkdir()
    return Project(folder, contracts_of(CONTRACT, folder))


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Raw after two runs that nothing disturbed."""
    shop = project(tmp_path_factory.mktemp("undisturbed") / "shop")
    shop.deliver(FIRST)
    shop.deliver(SECOND)
    return shop.state()


def tripped(
    monkeypatch: pytest.MonkeyPatch, step: str, call: int, error: Callable[[], BaseException], *, after: bool
) -> None:
    """Let a step fail at a call, before or after its work."""
    owner, name = STEPS[step]
    original = getattr(owner, name)
    calls = 0

    def wrapper(*arguments: Any, **options: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == call and not after:
            raise error()
        result = original(*arguments, **options)
        if calls == call and after:
            raise error()
        return result

    monkeypatch.setattr(owner, name, wrapper)


@pytest.mark.parametrize("step", STEPS)
def test_after_ctrl_c_the_next_run_ends_where_an_undisturbed_one_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, undisturbed: dict[str, Any], step: str
) -> None:
    shop = project(tmp_path / "shop")
    shop.deliver(FIRST)
    call = 1 if step in ("making tables", "reporting", "registering rejects", "choosing formats") else 2
    with monkeypatch.context() as patch:
        tripped(patch, step, call, KeyboardInterrupt, after=True)
        if step == "making tables":
            (shop.data / "raw.duckdb").unlink()
        with pytest.raises(KeyboardInterrupt):
            shop.deliver(SECOND)
    assert not list(shop.data.glob("landing/*/*.partial"))
    assert not (shop.data / "work").exists()
    shop.deliver(SECOND)
    assert not shop.report.problems
    assert shop.state() == undisturbed


def test_what_landed_before_the_crash_needs_no_exports_any_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, undisturbed: dict[str, Any]
) -> None:
    shop = project(tmp_path / "shop")
    shop.deliver(FIRST)
    with monkeypatch.context() as patch:
        tripped(patch, "appending", 1, KeyboardInterrupt, after=True)
        with pytest.raises(KeyboardInterrupt):
            shop.deliver(SECOND)
    shop.derive()
    assert shop.state() == undisturbed


def said(error: BaseException, capsys: pytest.CaptureFixture[str]) -> tuple[str, Any]:
    """What the command says of an error, and its exit code."""
    tell = cli._fail_for_system if isinstance(error, OSError) else cli._fail_for_database
    with pytest.raises(SystemExit) as end:
        tell(error)  # type: ignore[arg-type]
    return capsys.readouterr().err, end.value.code


def full_disk() -> OSError:
    return OSError(errno.ENOSPC, "No space left on device", "landing/ab/abcd")


def full_disk_of_duckdb() -> duckdb.IOException:
    return duckdb.IOException('Could not write to file "raw.duckdb": No space left on device')


@pytest.mark.parametrize(
    ("step", "error"),
    [
        ("copying bytes", full_disk),
        ("writing the record", full_disk),
        ("reading", full_disk_of_duckdb),
        ("appending", full_disk_of_duckdb),
        ("burying", full_disk_of_duckdb),
    ],
)
def test_a_full_disk_says_so_and_loses_nothing(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    undisturbed: dict[str, Any],
    step: str,
    error: Callable[[], Exception],
) -> None:
    shop = project(tmp_path / "shop")
    shop.deliver(FIRST)
    before = shop.state()
    with monkeypatch.context() as patch:
        tripped(patch, step, 1, error, after=False)
        with pytest.raises((OSError, duckdb.Error)) as raised:
            shop.deliver(SECOND)
    words, code = said(raised.value, capsys)
    assert "the disk is full; nothing is lost, make room and run again" in words
    assert code == 2
    assert shop.state() == before
    assert not list(shop.data.glob("landing/*/*.partial"))
    shop.deliver(SECOND)
    assert shop.state() == undisturbed


CHILD = """
import os, signal, sys
from pathlib import Path
from tests.pipeline.test_crash import CONTRACT, STEPS, Project, contracts_of

folder, step, call = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
owner, name = STEPS[step]
original = getattr(owner, name)
calls = 0

def wrapper(*arguments, **options):
    global calls
    calls += 1
    result = original(*arguments, **options)
    if calls == call:
        os.kill(os.getpid(), signal.SIGKILL)
    return result

setattr(owner, name, wrapper)
Project(folder, contracts_of(CONTRACT, folder)).load()
"""


def obey_permissions() -> None:
    """Take from a process of root the rights to write and read where it may not (others have no such rights)."""
    drop_from_bounding_set, override_permissions, override_for_reading = 24, 1, 2
    for right in (override_permissions, override_for_reading):
        ctypes.CDLL(None).prctl(drop_from_bounding_set, right, 0, 0, 0)


def child(
    folder: Path, *arguments: str, limit: int | None = None, code: str = CHILD
) -> subprocess.CompletedProcess[str]:
    """A run of ingest in a process of its own, which writes only where it may."""

    def bounded() -> None:
        obey_permissions()
        if limit is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    return subprocess.run(
        [sys.executable, "-c", code, str(folder), *arguments],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=bounded,
    )


@pytest.mark.parametrize(
    ("step", "call"),
    [("copying bytes", 2), ("writing the record", 2), ("appending", 1), ("registering", 3), ("reporting", 1)],
)
def test_after_kill_9_the_next_run_ends_where_an_undisturbed_one_does(
    tmp_path: Path, undisturbed: dict[str, Any], step: str, call: int
) -> None:
    shop = project(tmp_path / "shop")
    shop.deliver(FIRST)
    for old in shop.exports.iterdir():
        old.unlink()
    for name, content in SECOND.items():
        shop.write(name, content)
    assert child(shop.base, step, str(call)).returncode == -signal.SIGKILL
    shop.load()
    assert not shop.report.problems
    assert shop.state() == undisturbed
    assert not list(shop.data.glob("landing/*/*.partial"))


@pytest.mark.parametrize("limit", [200_000, 1_200_000])
def test_a_disk_that_really_ends_loses_nothing(tmp_path: Path, limit: int) -> None:
    shop = project(tmp_path / "shop")
    shop.write(
        "people_2026-01-05.csv",
        "person_id,name\n" + "".join(f"P{n},{n * 7919 % 99991:x}{n:o}\n" for n in range(50_000)),
    )
    run = child(shop.base, "reporting", "9", limit=limit)
    assert run.returncode == 1
    assert "File too large" in run.stderr
    shop.load()
    assert shop.only_file().loaded == 50_000
    assert len(list(shop.data.glob("landing/*/*"))) == 2


LOAD_AS_THE_COMMAND_DOES = """
import sys
from pathlib import Path
from pipelines import cli
from tests.pipeline.test_crash import CONTRACT, Project, contracts_of

try:
    Project(Path(sys.argv[1]), contracts_of(CONTRACT, Path(sys.argv[2]))).load()
except OSError as error:
    cli._fail_for_system(error)
except Exception as error:
    cli._fail_for_database(error)
"""


@pytest.mark.parametrize("closed", ["data", "data/landing", "data/raw.duckdb"])
def test_a_read_only_folder_says_so_and_loses_nothing(tmp_path: Path, undisturbed: dict[str, Any], closed: str) -> None:
    shop = project(tmp_path / "shop")
    shop.deliver(FIRST)
    before = shop.state()
    for old in shop.exports.iterdir():
        old.unlink()
    for name, content in SECOND.items():
        shop.write(name, content)
    place = shop.base / closed
    inside = [path for path in place.rglob("*") if path.is_dir()] if place.is_dir() else []
    for path in [place, *inside]:
        path.chmod(0o555 if path.is_dir() else 0o444)
    try:
        run = child(shop.base, str(tmp_path), code=LOAD_AS_THE_COMMAND_DOES)
    finally:
        for path in [place, *inside]:
            path.chmod(0o755 if path.is_dir() else 0o644)
    assert run.returncode == 2, run.stderr
    assert str(shop.data) in run.stderr
    assert "give permission or choose another --data" in run.stderr
    assert "Traceback" not in run.stderr
    assert shop.state() == before
    shop.load()
    assert not shop.report.problems
    assert shop.state() == undisturbed


def test_an_export_that_may_not_be_read_is_a_problem_of_its_own(tmp_path: Path) -> None:
    shop = project(tmp_path / "shop")
    for name, content in FIRST.items():
        shop.write(name, content)
    (shop.exports / "people_2026-01-05.csv").chmod(0)
    run = child(shop.base, str(tmp_path), code=LOAD_AS_THE_COMMAND_DOES)
    assert run.returncode == 0, run.stderr
    assert [name for (name,) in shop.rows("select name from registry.files")] == ["stock_2026-01-05.csv"]


def test_two_runs_at_once_do_not_write_together(shop: Project) -> None:
    shop.write("people_2026-01-05.csv", FIRST["people_2026-01-05.csv"])
    shop.data.mkdir()
    code = f"import duckdb, sys; c = duckdb.connect(r'{shop.data / 'raw.duckdb'}'); print('open', flush=True); sys.stdin.read()"
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        assert other.stdout.readline().strip() == b"open"
        with pytest.raises(duckdb.IOException, match="lock"):
            shop.load()
        other.communicate()
    shop.load()
    assert shop.only_file().loaded == 2


def test_who_only_reads_landing_leaves_the_copy_of_a_run_alone(tmp_path: Path) -> None:
    partial = tmp_path / "new.partial"
    partial.write_bytes(b"half")
    landing = Landing(tmp_path)
    assert partial.exists()
    landing.sweep()
    assert not partial.exists()
