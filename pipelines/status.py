"""What the last runs left: read from `data/runs` and the published file's `meta`, never from raw."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb

from pipelines.errors import WanamakerError
from pipelines.publish import POINTER
from pipelines.runs import read_records
from pipelines.spreadsheet import safe


def published_file(data: Path) -> Path:
    """The published file that the pointer names; raises WanamakerError where there is none."""
    pointer = data / POINTER
    if not pointer.exists():
        raise WanamakerError(f"{data}: nothing is published there yet; start with: wanamaker run EXPORTS")
    return pointer.resolve()


def _records(data: Path, sql: str, values: list[Any] | None = None) -> list[dict[str, Any]]:
    with duckdb.connect(str(published_file(data)), read_only=True) as connection:
        cursor = connection.execute(sql, values or [])
        names = [column[0] for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def published_settings(data: Path) -> dict[str, Any]:
    """The variables with which the published figures were made; nothing where none are."""
    if not (data / POINTER).exists():
        return {}
    return _records(data, "select * from core.run_settings")[0]


def read_status(data: Path) -> dict[str, Any]:
    """The last ten runs, each source's newest export and counts, and what failed last.

    Raises WanamakerError where no run was made.
    """
    runs = read_records(data)
    if not runs:
        raise WanamakerError(f"{data}: no run was made there yet; start with: wanamaker run EXPORTS")
    sources: list[dict[str, Any]] = []
    published = None
    if (data / POINTER).exists():
        published = published_file(data).name
        sources = _records(
            data,
            """
            select source, table_name as "table", max(exported_at) as newest, count(*) as files,
                sum(rows_read)::bigint as rows_read, sum(rejected)::bigint as rejected
            from meta.files group by all order by all
            """,
        )
    return {"runs": runs, "published": published, "sources": sources, "failed_tests": runs[0].get("failed_tests", [])}


def read_rejects(data: Path, file: str | None = None) -> list[dict[str, Any]]:
    """Rejects of the published run, at most 1,000 a file, with the file's name."""
    return _records(
        data,
        """
        select
            files.name, files.table_name, rejects.record, rejects.line,
            rejects.column_name, rejects.value, rejects.reason
        from meta.rejects as rejects inner join meta.files as files using (file_id)
        where ? is null or contains(lower(files.name), lower(?))
        order by files.exported_at, files.name, rejects.record, rejects.column_name
        """,
        [file, file],
    )


def reject_rows(data: Path, file: str | None) -> tuple[list[str], list[list[str]]]:
    """Header and rejected records of one file in its own columns; raises WanamakerError where several files fit."""
    files = _records(
        data,
        """
        select distinct on (name) name, headers from meta.files
        where rejected > 0 and (? is null or contains(lower(name), lower(?))) order by name, exported_at desc
        """,
        [file, file],
    )
    if not files:
        raise WanamakerError("no row was rejected" + (f" in a file named like {file}" if file else ""))
    if len(files) > 1:
        raise WanamakerError(f"name one file with --file: {', '.join(entry['name'] for entry in files)}")
    rows = _records(
        data,
        """
        select distinct on (rejects.file_id, rejects.record) rejects.raw_row
        from meta.rejects as rejects inner join meta.files as files using (file_id)
        where files.name = ? order by files.exported_at, rejects.file_id, rejects.record
        """,
        [files[0]["name"]],
    )
    return [safe(header or "") for header in files[0]["headers"]], [
        [safe(cell or "") for cell in row["raw_row"]] for row in rows
    ]
