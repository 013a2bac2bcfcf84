"""kill -9 at 50 moments of loading and publishing: readers see a whole version, the next run ends where it should."""

from __future__ import annotations

import multiprocessing
import random
import shutil
import signal
import time
from pathlib import Path

import pytest

from pipelines.errors import RunActiveError
from tests.pipeline.killed import FIRST, SECOND, project, published, run

MOMENTS = 50

pytestmark = pytest.mark.slow


def start(folder: Path):
    """A child on its way, from a server that has everything imported."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.pipeline.killed"])
    started = context.Event()
    child = context.Process(target=run, args=(folder, started))
    child.start()
    assert started.wait(60)
    return child


def deliver(folder: Path, files: dict[str, str | bytes]) -> None:
    shop = project(folder)
    for old in shop.exports.iterdir():
        old.unlink()
    for name, content in files.items():
        shop.write(name, content)


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project after its first run, with the second delivery among its exports."""
    folder = tmp_path_factory.mktemp("before") / "shop"
    deliver(folder, FIRST)
    run(folder)
    deliver(folder, SECOND)
    return folder


def copy(before: Path, target: Path) -> Path:
    return Path(shutil.copytree(before, target, symlinks=True))


def test_after_kill_9_at_any_moment_the_next_run_ends_where_an_undisturbed_one_does(
    before: Path, tmp_path: Path, record_property
) -> None:
    undisturbed = copy(before, tmp_path / "undisturbed")
    old = published(undisturbed)
    child = start(undisturbed)
    clock = time.monotonic()
    child.join()
    seconds = time.monotonic() - clock
    assert child.exitcode == 0
    raw, new = project(undisturbed).state(), published(undisturbed)
    assert new != old
    chance = random.Random(1)
    seen = {"old": 0, "new": 0, "killed": 0}
    for number in range(MOMENTS):
        folder = copy(before, tmp_path / f"shop-{number}")
        child = start(folder)
        time.sleep(chance.uniform(0, seconds))
        child.kill()
        child.join()
        seen["killed"] += child.exitcode == -signal.SIGKILL
        shown = published(folder)
        assert shown in (old, new), number
        seen["new" if shown == new else "old"] += 1
        run(folder)
        assert project(folder).state() == raw, number
        assert published(folder) == new, number
        assert not list(folder.glob("data/landing/*/*.partial"))
        assert not (folder / "data" / "work").exists()
        shutil.rmtree(folder)
    record_property("moments", seen)
    assert seen["killed"] > MOMENTS / 2, seen
    assert seen["old"] > 0, seen


def test_a_second_run_leaves_with_a_clear_message_while_the_first_is_at_it(before: Path, tmp_path: Path) -> None:
    folder = copy(before, tmp_path / "shop")
    child = start(folder)
    with pytest.raises(RunActiveError, match=rf"another run is active \(pid {child.pid}, started "):
        run(folder)
    child.join()
    assert child.exitcode == 0
    undisturbed = copy(before, tmp_path / "undisturbed")
    run(undisturbed)
    assert project(folder).state() == project(undisturbed).state()
    assert published(folder) == published(undisturbed)
