"""Exports in the forms of vendors, made here after what their files look like; none is copied."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.pipeline.project import Project

REAL = Path(os.environ.get("WANAMAKER_REAL_DATA", Path(__file__).resolve().parents[3] / "shared" / "data"))


@pytest.fixture
def company(tmp_path: Path) -> Iterator[Project]:
    """A company that loads what its vendors give it; after the test the counts of every file must tie."""
    project = Project(tmp_path)
    yield project
    if (project.data / "raw.duckdb").exists():
        counts = "loaded + unchanged + duplicate + rejected + excluded"
        assert not project.rows(
            f"select name from registry.files where rows_read <> {counts} or least(loaded, unchanged, duplicate) < 0"
        )


@pytest.fixture
def real_exports() -> Path:
    """Genuine downloads, read where they are."""
    if not REAL.is_dir():
        pytest.skip(f"the real exports are not at {REAL}; set WANAMAKER_REAL_DATA")
    return REAL
