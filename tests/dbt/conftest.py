"""A warehouse of empty, typed tables: enough for every model to compile and every unit test to run."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from pipelines.contracts import load_contracts
from pipelines.ingest.raw import create_tables

ROOT = Path(__file__).resolve().parents[2]

Dbt = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session")
def dbt(tmp_path_factory: pytest.TempPathFactory) -> Dbt:
    """Run dbt as a person would, on raw tables that nobody exported to."""
    folder = tmp_path_factory.mktemp("empty")
    with duckdb.connect(str(folder / "raw.duckdb")) as connection:
        create_tables(connection, load_contracts())
    environment = os.environ | {
        "WANAMAKER_RAW": str(folder / "raw.duckdb"),
        "WANAMAKER_BUILD": str(folder / "wanamaker.duckdb"),
        "DBT_TARGET_PATH": str(folder / "target"),
        "DBT_LOG_PATH": str(folder / "logs"),
    }

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(Path(sys.executable).with_name("dbt")), "--no-use-colors", *arguments, "--profiles-dir", "."],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )

    return run
