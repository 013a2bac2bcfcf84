"""Real exports: read where they are, never copied into the repository; tests skip where they are absent."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

ROOT = Path(__file__).resolve().parents[2]
REAL = Path(os.environ.get("WANAMAKER_REAL_DATA", ROOT.parent / "shared" / "data"))
CASES = REAL.parent / "cases"
PROJECTS = Path(__file__).resolve().parent

Run = Callable[..., duckdb.DuckDBPyConnection]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if PROJECTS in Path(item.path).parents:
            item.add_marker(pytest.mark.real)
            item.add_marker(pytest.mark.dbt)


def wanamaker(server: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The command as a user runs it, where a Prefect server runs."""
    return subprocess.run(
        [sys.executable, "-m", "pipelines.cli", *arguments],
        cwd=ROOT,
        env=os.environ | {"PREFECT_API_URL": server},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="session")
def real_data() -> Path:
    if not REAL.is_dir() or not CASES.is_dir():
        pytest.skip(f"the real exports are not at {REAL}; set WANAMAKER_REAL_DATA")
    return REAL


@pytest.fixture(scope="session")
def expected(real_data: Path) -> Callable[[str], str]:
    """The published answers of one project, as text."""
    assert real_data
    return lambda name: (CASES / f"real-{name}.txt").read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def run_project(real_data: Path, prefect_server: str, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Run `wanamaker run` on some files of a project; gives the published warehouse, read-only.

    Runs of one project share a data folder, so that a second one loads nothing again.
    """
    folders: dict[str, Path] = {}

    def run(project: str, folder: str, files: list[str], *options: str) -> duckdb.DuckDBPyConnection:
        if project not in folders:
            folders[project] = tmp_path_factory.mktemp(project)
            (folders[project] / "exports").mkdir()
            for file in files:
                shutil.copy(real_data / folder / file, folders[project] / "exports")
        base = folders[project]
        mapping = PROJECTS / project / "mapping.yml"
        done = wanamaker(
            prefect_server,
            "run",
            str(base / "exports"),
            "--mapping",
            str(mapping),
            "--data",
            str(base / "data"),
            *options,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        published = (base / "data" / "wanamaker.duckdb").resolve()
        return duckdb.connect(str(published), read_only=True)

    return run
