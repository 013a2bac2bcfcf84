"""A folder of exports and a data folder, for tests that load files and look at raw."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import yaml

from pipelines.contracts import Contracts, load_contracts
from pipelines.ingest.load import FileReport, Options, Report, ingest
from pipelines.ingest.mapping import read_mapping


@dataclass
class Project:
    """Writes exports, loads them, and reads what raw holds."""

    base: Path
    contracts: Contracts | None = None

    @property
    def exports(self) -> Path:
        folder = self.base / "exports"
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    @property
    def data(self) -> Path:
        return self.base / "data"

    def write(self, name: str, content: str | bytes) -> Path:
        path = self.exports / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def load(self, *, mapping: list[dict[str, Any]] | None = None, exported_at: str | None = None, **options: Any) -> Report:
        contracts = self.contracts or load_contracts()
        known = None
        if mapping is not None:
            path = self.base / "mapping.yml"
            path.write_text(yaml.safe_dump({"tables": mapping}, allow_unicode=True), encoding="utf-8")
            known = read_mapping(path, contracts)
        when = datetime.fromisoformat(exported_at) if exported_at else None
        return ingest(self.exports, self.data, contracts, known, Options(exported_at=when, **options))

    def load_one(self, name: str, content: str | bytes, **options: Any) -> FileReport:
        """Load a single file that is expected to be taken."""
        self.write(name, content)
        report = self.load(**options)
        assert not report.problems, report.problems
        (file,) = report.files
        return file

    def problem(self, name: str, content: str | bytes, **options: Any) -> str:
        """What is said of a single file that cannot be taken."""
        self.write(name, content)
        report = self.load(**options)
        assert not report.files, report.files
        (problem,) = report.problems
        assert problem.name.startswith(name)
        return problem.message

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        with closing(duckdb.connect(str(self.data / "raw.duckdb"), read_only=True)) as connection:
            return connection.execute(sql).fetchall()

    def rejects(self) -> list[tuple[Any, ...]]:
        return self.rows("select line, column_name, value, reason from registry.rejects order by record, column_name")


def ties(file: FileReport) -> bool:
    """Whether every record read is accounted for."""
    return file.rows_read == file.loaded + file.unchanged + file.duplicate + file.rejected + file.excluded
