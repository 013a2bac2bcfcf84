"""The same company from its vendors' exports and from the template's: every figure is the same, but for what a vendor's form cannot tell."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.contracts import load_contracts
from pipelines.flows import Request, build_step, failure_words, ingest_step
from pipelines.settings import Settings
from pipelines.simulation.vendor_headers import NEOCRM_STAGES
from tests.oracle.compare import Mart, Rows
from tests.oracle.marts import CALCULATIONS, Oracle

pytestmark = pytest.mark.slow

SOURCES = "|".join(source.name for source in load_contracts().sources)
SOURCE = re.compile(rf"\b({SOURCES}):")


@dataclass
class Company:
    """The marts of one simulated company, by its vendors' exports (`vendors`) and by the template's (`template`)."""

    folder: Path

    @cached_property
    def connection(self) -> duckdb.DuckDBPyConnection:
        """Both builds."""
        connection = duckdb.connect()
        for form in ("template", "vendors"):
            connection.execute(f"attach '{self.folder / form / 'data' / 'build' / 'wanamaker.duckdb'}' as {form} (read_only)")
        return connection

    @cached_property
    def oracle(self) -> Oracle:
        """The second calculation, over the template's exports."""
        return Oracle(self.folder / "template" / "exports")

    @cached_property
    def marts(self) -> dict[str, dict[str, str]]:
        """Each mart's columns with their types."""
        rows = self.connection.execute(
            "select table_name, column_name, data_type from information_schema.columns "
            "where table_catalog = 'template' and table_schema = 'marts' order by table_name, ordinal_position"
        ).fetchall()
        found: dict[str, dict[str, str]] = {}
        for mart, column, kind in rows:
            found.setdefault(mart, {})[column] = kind
        return found

    def bare(self, mart: str, column: str) -> str:
        """A column without what tells only whose export it is: the source of an id, the language of a stage."""
        if self.marts[mart][column] != "VARCHAR":
            return f'"{column}"'
        text = rf"""regexp_replace("{column}", '\b({SOURCES}):', '', 'g')"""
        if column == "stage":
            stages = " ".join(f"when '{theirs}' then '{ours}'" for ours, theirs in NEOCRM_STAGES.items())
            text = f"case {text} {stages} else {text} end"
        return f'{text} as "{column}"'

    def sql(self, form: str, mart: str, columns: tuple[str, ...], rows: str) -> str:
        """Rows of a mart as they are compared."""
        named = ", ".join(self.bare(mart, column) for column in self.marts[mart])
        compared = ", ".join(f'"{column}"' for column in columns)
        return f"select {compared} from (select {named} from {form}.marts.{mart}) where {rows}"

    def differences(self, mart: str, columns: tuple[str, ...], rows: str) -> list[str]:
        """Rows of either form that the other has not, each as often."""
        theirs, ours = (self.sql(form, mart, columns, rows) for form in ("vendors", "template"))
        found: list[str] = []
        for who, these, others in (("vendors", theirs, ours), ("template", ours, theirs)):
            self.connection.execute(f"select * from ({these} except all {others}) order by all limit 4")
            found += [f"only {who}: {row}" for row in self.connection.fetchall()]
        return found

    def published(self, mart: Mart) -> Rows:
        """What the vendors' exports gave of a mart that the oracle calculates."""
        columns = ", ".join(self.bare(mart.name, column) for column in mart.columns)
        rows = self.connection.execute(f"select {columns} from vendors.marts.{mart.name} where {mart.where}").fetchall()
        return mart.rows(rows)


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    """A small company, twice through the pipeline."""
    folder = tmp_path_factory.mktemp("company")
    for form, more in (("template", ()), ("vendors", ("--vendors",))):
        arguments = ("--scale", "0.1", "--months", "12", "--noise", "0", *more)
        command = [str(Path(sys.executable).with_name("wanamaker")), "simulate", str(folder / form), *arguments]
        subprocess.run(command, check=True, capture_output=True)
        (folder / form / "data").mkdir()
        request = Request(Settings(data=folder / form / "data"), folder / form / "exports")
        report = ingest_step(request, lambda _: None)
        assert not report.problems, report.problems
        result = build_step(request)
        assert not result.failed, failure_words(result)
    made = Company(folder)
    with closing(made.connection):
        yield made


@pytest.mark.parametrize("mart", sorted(path.stem for path in (ROOT / "models" / "marts").rglob("*.sql")))
def test_a_mart_is_that_of_the_templates_exports(company: Company, mart: str) -> None:
    lost = LOST.get(mart, Lost(""))
    columns = tuple(column for column in company.marts[mart] if column not in (*FILES, *lost.columns))
    assert columns
    assert company.connection.execute(
        f"select count(*) from ({company.sql('vendors', mart, columns, lost.rows)})"
    ).fetchall() != [(0,)]
    found = company.differences(mart, columns, lost.rows)
    assert not found, "\n".join(found)
