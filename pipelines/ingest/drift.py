"""Drift: what a file's headers say differently than the contract, and than the delivery before it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb

from pipelines.contracts import Table, normalise_name
from pipelines.ingest.cells import identifier, shortened
from pipelines.ingest.recognise import CLOSE, closest, contract_file, header_index, to_accept, unused_headers
from pipelines.ingest.words import named_like

Key = tuple[str, str]

_MOST_SHOWN = 5
_MOST_COMPARED = 500
_MOST_LOOKED_AT = 100_000  # rows of a file among which shortened ids are looked for
_CHANGED_FROM = 0.5  # share of a column's cells that cannot be read, from which on its type has changed


@dataclass(frozen=True)
class Before:
    """How a table was read last: the file's name and its headers."""

    name: str
    headers: tuple[str, ...]


def read_before(path: Path, schema: str) -> dict[Key, list[Before]]:
    """The last day's deliveries of each table that were read by their own headers; none where the file is not there."""
    if not path.exists():
        return {}
    with duckdb.connect(str(path), read_only=True) as connection:
        return before(connection, schema)


def before(
    connection: duckdb.DuckDBPyConnection, schema: str, until: datetime | None = None
) -> dict[Key, list[Before]]:
    """The deliveries of each table's last day in `files` of a schema, or its last before a moment, newest first."""
    rows = connection.execute(
        f"""
        select source, table_name, name, headers
        from {schema}.files
        where
            pattern is null and status <> 'unreadable' and len(headers) > 0
            and exported_at < coalesce(?, timestamp 'infinity')
        qualify cast(exported_at as date) = max(cast(exported_at as date)) over (partition by source, table_name)
        order by exported_at desc, file_id
        """,
        [until],
    ).fetchall()
    found: dict[Key, list[Before]] = {}
    for source, table, name, headers in rows:
        found.setdefault((source, table), []).append(Before(name, tuple(headers)))
    return found


def drift(table: Table, headers: Sequence[str], known: Mapping[Key, Sequence[Before]]) -> list[str]:
    """What has changed in a file's headers, in sentences: renamed, dropped and added columns.

    It is compared with the delivery whose headers are most alike, since a vendor may have several reports of one table.
    A header that feeds nothing is compared with the columns that no header feeds; where nothing was
    delivered before, only such a likeness is worth saying. Of a table beside another that other one's drift tells.
    """
    if table.meta.beside:
        return []
    index = header_index(table, tuple(headers))
    unknown = unused_headers(table, tuple(headers))
    last = max(
        known.get((table.source, table.name), ()), key=lambda each: _likeness(each.headers, headers), default=None
    )
    old = header_index(table, last.headers) if last else {}
    said = list(_renamed(headers, index, last, old))
    gone = [name for name in old if name not in index]
    asked: set[str] = set()
    for name in gone:
        before_it = last.headers[old[name]] if last else name
        if guess := closest(unknown, table, name):
            asked.add(guess)
            said.append(f"{before_it!r} ({name}) is gone and {guess!r} is new: {_if_same(table, name, guess)}")
        else:
            said.append(f"{before_it!r} ({name}) is gone: its cells count as empty from now on")
    seen_before = {normalise_name(header) for header in last.headers} if last else set()
    rest = [header for header in unknown if header not in asked and normalise_name(header) not in seen_before]
    return said + list(_unknown(table, rest, index, is_first=last is None))


def _likeness(one: Sequence[str], other: Sequence[str]) -> float:
    """Share of the headers of two files that both have."""
    return len(set(one) & set(other)) / len(set(one) | set(other))


def _renamed(
    headers: Sequence[str], index: Mapping[str, int], last: Before | None, old: Mapping[str, int]
) -> Iterable[str]:
    """Columns that another known header feeds now."""
    for name, position in index.items():
        if last is not None and name in old and not _is_same(headers[position], last.headers[old[name]]):
            yield f"{name} is now called {headers[position]!r} (before: {last.headers[old[name]]!r}): recognised"


def _is_same(one: str, other: str) -> bool:
    return normalise_name(one) == normalise_name(other)


def _unknown(table: Table, unknown: Sequence[str], index: Mapping[str, int], *, is_first: bool) -> Iterable[str]:
    """Headers that feed nothing: what they may be, or how to keep them."""
    free = [column.name for column in table.columns if column.name not in index]
    others = []
    for header in unknown[:_MOST_COMPARED]:
        likeness, name = max(((named_like(header, table, name), name) for name in free), default=(0.0, ""))
        if likeness >= CLOSE:
            yield f"{header!r} feeds nothing and looks like {name}: {_if_same(table, name, header)}"
        else:
            others.append(header)
    if others and not is_first:
        shown = ", ".join(map(repr, others[:_MOST_SHOWN])) + (" …" if len(others) > _MOST_SHOWN else "")
        yield f"new and not read: {shown}; to keep one, add to {contract_file(table)}: {_column_line(others[0])}"


def _if_same(table: Table, name: str, header: str) -> str:
    return f"if it is the same, {to_accept(table, name, header)}"


def _column_line(header: str) -> str:
    name = "_".join("".join(char if char.isalnum() else " " for char in header.casefold()).split())
    quoted = json.dumps(header, ensure_ascii=False)
    return f"- {{name: {name}, data_type: varchar, description: …, config: {{meta: {{headers: [{quoted}]}}}}}}"


def retyped(connection: duckdb.DuckDBPyConnection, file_id: str, rows_read: int) -> list[str]:
    """What the rows of a file say: that there are none, that a column's type has changed, that ids were shortened."""
    if rows_read == 0:
        return ["it holds its header and no row: if rows were expected, export it again"]
    found = connection.execute(
        """
        select column_name, count(distinct record), any_value(value order by record), any_value(reason order by record)
        from registry.rejects
        where file_id = ? and column_name is not null and value is not null
        group by column_name
        having count(distinct record) > ? * ?
        order by column_name
        """,
        [file_id, _CHANGED_FROM, rows_read],
    ).fetchall()
    return [
        f"{column!r}: {count:,} of {rows_read:,} cells cannot be read ({value!r} {reason}): its type has changed; "
        "export it as before, or change its data_type in the contract"
        for column, count, value, reason in found
    ] + _shortened_ids(connection, file_id)


def _shortened_ids(connection: duckdb.DuckDBPyConnection, file_id: str) -> list[str]:
    """Ids of other records that a spreadsheet has written as numbers with an exponent, so that several became one."""
    found = connection.execute(
        """
        select files.source, files.table_name, column_name
        from registry.files as files
        inner join information_schema.columns
            on table_schema = files.source and columns.table_name = files.table_name
        where files.file_id = ? and column_name like '%\\_id' escape '\\' and column_name <> '_file_id'
        order by ordinal_position
        """,
        [file_id],
    ).fetchall()
    words = []
    for source, table, column in found:
        row = connection.execute(
            f"""
            select min({identifier(column)})
            from (select * from {identifier(source)}.{identifier(table)} where _file_id = ? limit {_MOST_LOOKED_AT})
            where {shortened(identifier(column))}
            """,
            [file_id],
        ).fetchone()
        if row and row[0] is not None:
            words.append(
                f"{column} holds ids such as {row[0]!r}, which a spreadsheet has cut short: different rows may have "
                "become one; export the file again, and do not open and save it in between"
            )
    return words
