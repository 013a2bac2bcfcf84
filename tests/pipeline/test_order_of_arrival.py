"""A made-up company's exports in three orders of arrival: equal raw, and equal figures in every mart."""

from __future__ import annotations

import random
import shutil
from contextlib import closing
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.contracts import load_contracts
from pipelines.ingest.load import Options, ingest
from pipelines.settings import load_settings
from pipelines.simulation import simulate
from pipelines.simulation.setting import Wanted
from pipelines.transform import build
from tests.pipeline.project import Project

pytestmark = [pytest.mark.slow, pytest.mark.dbt]

ORDERS = ("all at once", "the newest first", "at random, some twice")


def parts(files: list[Path], order: str) -> list[list[Path]]:
    """The files of each run."""
    chance = random.Random(1)
    if order == "all at once":
        return [files]
    if order == "the newest first":
        days = sorted({file.stem.rsplit("_", 1)[-1] for file in files}, reverse=True)
        return [[file for file in files if file.stem.endswith(day)] for day in days]
    mixed = [*files, *chance.sample(files, len(files) // 4)]
    chance.shuffle(mixed)
    return [mixed[start : start + 40] for start in range(0, len(mixed), 40)]


def figures(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Every core table and mart, without the moment of loading."""
    with closing(duckdb.connect(str(path), read_only=True)) as connection:
        names = connection.execute(
            "select schema_name || '.' || table_name from duckdb_tables() where schema_name in ('core', 'marts')"
        ).fetchall()
        columns = "columns(lambda name: name <> 'loaded_at')"
        return {name: connection.execute(f"select {columns} from {name} order by all").fetchall() for (name,) in names}


@pytest.fixture(scope="module")
def projects(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Project]:
    """The company's exports, loaded in each order."""
    company = tmp_path_factory.mktemp("company")
    simulate(company, Wanted(scale=0.05, months=12, vendors=True))
    files = sorted(path for path in (company / "exports").rglob("*") if path.is_file())
    found = {}
    for order in ORDERS:
        project = Project(tmp_path_factory.mktemp("project"), load_contracts())
        for part in parts(files, order):
            for file in part:
                target = project.exports / file.relative_to(company / "exports")
                target.parent.mkdir(exist_ok=True)
                shutil.copy2(file, target)
            report = ingest(project.exports, project.data, project.known, None, Options())
            assert not report.problems, report.problems
            shutil.rmtree(project.exports)
        found[order] = project
    return found


def test_every_order_gives_the_same_raw(projects: dict[str, Project]) -> None:
    first, *others = [project.state() for project in projects.values()]
    for other in others:
        assert [name for name in first if first[name] != other[name]] == []


def test_every_order_gives_the_same_figures(projects: dict[str, Project]) -> None:
    found = {}
    for order, project in projects.items():
        settings = load_settings(data=project.data)
        result = build(project.data, settings.variables)
        assert not result.failed, result.failed
        found[order] = figures(result.path)
    first, *others = found.values()
    assert sum(map(len, first.values())) > 1000
    for other in others:
        assert [name for name in first if first[name] != other[name]] == []
