"""A folder of exports and a data folder, for tests that load files and look at raw."""

from __future__ import annotations

import os
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import yaml

from pipelines.contracts import Contracts, load_contracts
from pipelines.ingest.load import FileReport, Options, Report, ingest
from pipelines.ingest.mapping import Mapping, read_mapping


@dataclass
class Project:
    """Writes exports, loads them, and reads what raw holds."""

    base: Path
    contracts: Contracts | None = None
    report: Report = field(default_factory=Report)

    @property
    def exports(self) -> Path:
        folder = self.base / "exports"
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    @property
    def data(self) -> Path:
        return self.base / "data"

    @property
    def known(self) -> Contracts:
        return self.contracts or load_contracts()

    def write(self, name: str, content: str | bytes, written_at: str | None = None) -> Path:
        """An export; one without a date in its name was written at `written_at`, UTC."""
        path = self.exports / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        if written_at is not None:
            moment = datetime.fromisoformat(written_at).replace(tzinfo=UTC).timestamp()
            os.utime(path, (moment, moment))
        return path

    def mapping(self, entries: list[dict[str, Any]] | None) -> Mapping | None:
        """A mapping file of these entries, for the source of the contracts."""
        if entries is None:
            return None
        path = self.base / "mapping.yml"
        names = [source.name for source in self.known.sources]
        entries = [{"source": "custom" if "custom" in names else names[0]} | entry for entry in entries]
        path.write_text(yaml.safe_dump({"tables": entries}, allow_unicode=True, sort_keys=False), encoding="utf-8")
        return read_mapping(path, self.known)

    def load(
        self, *, mapping: list[dict[str, Any]] | None = None, exported_at: str | None = None, **options: Any
    ) -> Report:
        """Load what stands in the exports folder."""
        when = datetime.fromisoformat(exported_at) if exported_at else None
        chosen = Options(exported_at=when, **options)
        self.report = ingest(self.exports, self.data, self.known, self.mapping(mapping), chosen)
        return self.report

    def deliver(self, files: dict[str, str | bytes], written_at: str | None = None, **options: Any) -> Report:
        """Load these exports and no others."""
        for old in sorted(self.exports.rglob("*"), reverse=True):
            if old.is_dir():
                old.rmdir()
            else:
                old.unlink()
        for name, content in files.items():
            self.write(name, content, written_at)
        return self.load(**options)

    def derive(self, **options: Any) -> Report:
        """Bring raw in line with what landed."""
        self.report = ingest(None, self.data, self.known, None, Options(**options))
        return self.report

    def load_one(self, name: str, content: str | bytes, **options: Any) -> FileReport:
        """Load a single file that is expected to be taken."""
        self.write(name, content)
        self.load(**options)
        return self.only_file()

    def only_file(self) -> FileReport:
        """The one file of the last run, which had no problem."""
        assert not self.report.problems, self.report.problems
        (file,) = self.report.files
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

    def column(self, name: str, table: str) -> list[Any]:
        """One column of raw, in order of the records."""
        order = "_exported_at, _is_deleted, _row_number"
        return [row[0] for row in self.rows(f"select {name} from {table} order by {order}")]

    def live(self, table: str, columns: str) -> list[tuple[Any, ...]]:
        """What is current, as staging sees it."""
        source, name = table.split(".")
        keys = ", ".join(self.known.table(source, name).row_identity)
        return self.rows(
            f"""
            select {columns} from {table}
            qualify row_number() over (partition by {keys} order by _exported_at desc) = 1 and not _is_deleted
            order by all
            """
        )

    def rejects(self) -> list[tuple[Any, ...]]:
        return self.rows("select line, column_name, value, reason from registry.rejects order by record, column_name")

    def state(self) -> dict[str, list[tuple[Any, ...]]]:
        """All of raw, and all of the registry that does not tell when it was written."""
        queries = {table.qualified: f"from {table.qualified} order by all" for table in self.known.tables}
        queries["files"] = "select * exclude (loaded_at) from registry.files order by all"
        queries["rejects"] = "from registry.rejects order by all"
        with closing(duckdb.connect(str(self.data / "raw.duckdb"), read_only=True)) as connection:
            return {name: connection.execute(sql).fetchall() for name, sql in queries.items()}


def ties(file: FileReport) -> bool:
    """Whether every record read is accounted for."""
    return file.rows_read == file.loaded + file.unchanged + file.duplicate + file.rejected + file.excluded
