"""Raw: a change log of every row ever exported, derived from what landed.

Raw depends on the set of deliveries and the contracts alone: not on the order of arrival, not on
repetition, not on a crash half-way. Rows are never updated; a table's rows from a day on are deleted
and derived again where something older arrives late.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import duckdb

from pipelines.contracts import Contracts, Table
from pipelines.ingest.cells import identifier, quoted
from pipelines.ingest.landing import Delivery
from pipelines.ingest.reader import Reading

READER_VERSION = "1"
"""Part of every table's signature: raise it when the same bytes and contract would give other rows."""

FILES_COLUMNS = {
    "file_id": "varchar",
    "reading_id": "varchar",
    "sha256": "varchar",
    "source": "varchar",
    "table_name": "varchar",
    "name": "varchar",
    "exported_at": "timestamp",
    "exported_at_from": "varchar",
    "loaded_at": "timestamp",
    "status": "varchar",
    "rows_read": "bigint",
    "loaded": "bigint",
    "unchanged": "bigint",
    "duplicate": "bigint",
    "rejected": "bigint",
    "excluded": "bigint",
    "skipped": "bigint",
    "rounded": "bigint",
    "deleted": "bigint",
    "encoding": "varchar",
    "headers": "varchar[]",
    "notes": "varchar",
}
_REJECTS = "file_id varchar, record bigint, line bigint, column_name varchar, value varchar, reason varchar, raw_row varchar[]"


@dataclass
class Loaded:
    """What deriving one delivery gave, as the registry keeps it."""

    delivery: Delivery
    reading: Reading
    encoding: str
    headers: tuple[str, ...] = ()
    loaded: int = 0
    unchanged: int = 0
    duplicate: int = 0
    deleted: int = 0
    status: str = "loaded"
    lines: Callable[[list[int]], dict[int, int]] = field(default=lambda _: {})


def signature(table: Table) -> str:
    """What a table's rows depend on beside its deliveries."""
    return f"{table.signature}-{READER_VERSION}-{duckdb.__version__}"


def create_tables(connection: duckdb.DuckDBPyConnection, contracts: Contracts) -> None:
    """Every table of every contract, empty where nobody exported it, and the registry."""
    connection.execute("create schema if not exists registry")
    columns = ", ".join(f"{name} {kind}" for name, kind in FILES_COLUMNS.items())
    connection.execute(f"create table if not exists registry.files ({columns})")
    connection.execute(f"create table if not exists registry.rejects ({_REJECTS})")
    connection.execute("create table if not exists registry.tables (source varchar, table_name varchar, signature varchar)")
    known = {(str(s), str(t)): str(v) for s, t, v in connection.execute("from registry.tables").fetchall()}
    for table in contracts.tables:
        now = signature(table)
        if known.get((table.source, table.name)) == now:
            continue
        connection.begin()
        columns = ", ".join(f"{identifier(column.name)} {column.type}" for column in table.columns)
        row_key = "_row_key varchar, " if table.has_row_key else ""
        connection.execute(f"create schema if not exists {identifier(table.source)}")
        connection.execute(
            f"create or replace table {table.qualified} ({columns}, {row_key}"
            "_exported_at timestamp, _file_id varchar, _row_number bigint, _is_deleted boolean)"
        )
        forget(connection, table, datetime.min)
        connection.execute("delete from registry.tables where source = ? and table_name = ?", [table.source, table.name])
        connection.execute("insert into registry.tables values (?, ?, ?)", [table.source, table.name, now])
        connection.commit()


def forget(connection: duckdb.DuckDBPyConnection, table: Table, since: datetime) -> None:
    """Delete a table's rows, files and rejects of every snapshot from `since` on."""
    of_table = "source = ? and table_name = ? and exported_at >= ?"
    values = [table.source, table.name, since]
    connection.execute(f"delete from registry.rejects where file_id in (select file_id from registry.files where {of_table})", values)  # noqa: S608
    connection.execute(f"delete from registry.files where {of_table}", values)  # noqa: S608
    connection.execute(f"delete from {table.qualified} where _exported_at >= ?", [since])  # noqa: S608


def add_snapshot(
    connection: duckdb.DuckDBPyConnection, table: Table, exported_at: datetime, entries: list[Loaded]
) -> None:
    """Append what one snapshot changed, and its tombstones; `entries` come in the order of their sha256.

    The table must hold nothing from `exported_at` on. Runs inside the caller's transaction.
    """
    _gather(connection, table, entries)
    keys = [identifier(name) for name in table.row_identity]
    matches = " and ".join(f"incoming.{key} is not distinct from live.{key}" for key in keys)
    if table.row_identity == table.meta.key and all(table.column(name).meta.required for name in table.meta.key):
        matches = " and ".join(f"incoming.{key} = live.{key}" for key in keys)
    contents = [identifier(name) for name in table.column_names if name not in table.row_identity]
    differs = " or ".join(f"incoming.{name} is distinct from live.{name}" for name in contents) or "false"
    columns = ", ".join([*(identifier(name) for name in table.column_names), *(["_row_key"] if table.has_row_key else [])])
    live = _live_sql(connection, table, keys, exported_at)
    is_empty = not _scalar(connection, f"select exists (from {table.qualified})")
    meta = f"timestamp '{exported_at.isoformat(sep=' ')}', incoming._file_id, incoming._row_number, false"
    picked = ", ".join(f"incoming.{part}" for part in columns.split(", "))
    connection.execute("set preserve_insertion_order = false")  # full row groups, or the checkpoint writes them again
    if is_empty:
        connection.execute(f"insert into {table.qualified} ({columns}, _exported_at, _file_id, _row_number, _is_deleted) select {picked}, {meta} from incoming")  # noqa: S608
    else:
        connection.execute(f"create or replace temp view live_before as {live}")
        connection.execute(
            f"insert into {table.qualified} ({columns}, _exported_at, _file_id, _row_number, _is_deleted) "  # noqa: S608
            f"select {picked}, {meta} from incoming left join live_before as live on {matches} "
            f"where live._is_deleted is null or live._is_deleted or {differs}"
        )
    connection.execute("set preserve_insertion_order = true")
    by_file = dict(
        connection.execute(
            f"select _file_id, count(*) from {table.qualified} where _exported_at = ? and not _is_deleted group by _file_id",  # noqa: S608
            [exported_at],
        ).fetchall()
    )
    kept = dict(connection.execute("select _file_id, count(*) from incoming group by _file_id").fetchall()) if len(entries) > 1 else {
        entries[0].delivery.file_id: _scalar(connection, "select count(*) from incoming")
    }
    for entry in entries:
        good = entry.reading.read - entry.reading.excluded - entry.reading.rejected
        mine = int(kept.get(entry.delivery.file_id, 0))
        entry.loaded = int(by_file.get(entry.delivery.file_id, 0))
        entry.duplicate = good - mine
        entry.unchanged = mine - entry.loaded
    if table.meta.load in ("full", "replace") and not is_empty:
        _bury(connection, table, exported_at, entries, matches, columns)
    _register(connection, entries)


def _gather(connection: duckdb.DuckDBPyConnection, table: Table, entries: list[Loaded]) -> None:
    """The snapshot's rows as `incoming`: one row a key, the last of its files; others are duplicates."""
    parts = []
    for place, entry in enumerate(entries):
        relation = entry.reading.relation
        names = ", ".join(identifier(name) for name in table.column_names)
        row_key = f", {_row_key_sql(table)} as _row_key" if table.has_row_key else ""
        parts.append(
            f"select {names}{row_key}, {quoted(entry.delivery.file_id)} as _file_id, _row_number, {place} as _place from {relation}"  # noqa: S608
        )
    everything = " union all ".join(parts)
    keys = ", ".join(identifier(name) for name in table.row_identity)
    connection.execute("drop table if exists incoming_rows")
    if table.has_row_key or len(entries) > 1:
        connection.execute(f"create temp table incoming_rows as {everything}")
    else:
        connection.execute(f"create or replace temp view incoming_rows_view as {everything}")
    relation = "incoming_rows" if table.has_row_key or len(entries) > 1 else "incoming_rows_view"
    unique = connection.execute(
        f"select count(*), count(distinct {keys if len(table.row_identity) == 1 else f'row({keys})'}) from {relation}"  # noqa: S608
    ).fetchone()
    assert unique is not None
    if unique[0] == unique[1]:
        connection.execute(f"create or replace temp view incoming as select * from {relation}")  # noqa: S608
    else:
        connection.execute("drop table if exists incoming_last")
        connection.execute(
            f"create temp table incoming_last as select * from {relation} "  # noqa: S608
            f"qualify row_number() over (partition by {keys} order by _place desc, _row_number desc) = 1"
        )
        connection.execute("create or replace temp view incoming as select * from incoming_last")


def _row_key_sql(table: Table) -> str:
    """What tells rows without an id apart: their content and its occurrence in the file, or an id where there is one."""
    names = ", ".join(identifier(name) for name in table.column_names)
    content = f"hash({names})"
    occurrence = f"row_number() over (partition by {content} order by _row_number)"
    by_content = f"cast({content} as varchar) || '-' || cast({occurrence} as varchar)"
    if not table.meta.key:
        return by_content
    ids = " || '|' || ".join(identifier(name) for name in table.meta.key)
    return f"coalesce('id:' || {ids}, {by_content})"


def _live_sql(connection: duckdb.DuckDBPyConnection, table: Table, keys: list[str], until: datetime) -> str:
    """Newest version of every row before `until`, deleted ones too; quick where most rows have one version."""
    before = f"_exported_at < timestamp '{until.isoformat(sep=' ')}'"
    first, last = connection.execute(f"select min(_exported_at), max(_exported_at) from {table.qualified} where {before}").fetchone() or (None, None)  # noqa: S608
    log = f"select * from {table.qualified} where {before}"  # noqa: S608
    if first == last:
        return log
    same = " and ".join(f"later.{key} is not distinct from log.{key}" for key in keys)
    return (
        f"select log.* from ({log}) as log where not exists ("  # noqa: S608
        f"select 1 from ({log} and _exported_at > timestamp '{first.isoformat(sep=' ')}') as later "
        f"where {same} and later._exported_at > log._exported_at)"
    )


def _bury(
    connection: duckdb.DuckDBPyConnection,
    table: Table,
    exported_at: datetime,
    entries: list[Loaded],
    matches: str,
    columns: str,
) -> None:
    """Tombstones for live rows that the snapshot lacks, within its scope and range; a shrunk full export deletes nothing."""
    scope = [identifier(name) for name in table.meta.scope]
    within = "true"
    if scope or table.meta.load == "replace":
        ranges = ""
        if table.meta.load == "replace" and table.meta.range:
            span = identifier(table.meta.range)
            ranges = f"{', ' if scope else ''}min({span}) as range_from, max({span}) as range_to"
            within = f"live.{span} between spans.range_from and spans.range_to"
        groups = ", ".join(scope)
        connection.execute(
            f"create or replace temp table spans as select {groups}{ranges} from incoming {'group by ' + groups if groups else ''}"  # noqa: S608
        )
        same = " and ".join(f"live.{name} is not distinct from spans.{name}" for name in scope) or "true"
        within = f"exists (select 1 from spans where {same} and {within})"
    missing = (
        f"from live_before as live where not live._is_deleted and {within} "
        f"and not exists (select 1 from incoming where {matches})"
    )
    gone = _scalar(connection, f"select count(*) {missing}")
    if not gone:
        return
    last = entries[-1]
    if table.meta.load == "full":
        live = _scalar(connection, "select count(*) from live_before where not _is_deleted")
        if gone * 2 > live and not any(entry.delivery.accept_shrink for entry in entries):
            for entry in entries:
                entry.status = "shrunk"
                entry.reading.notes.append(
                    f"the full export lacks {gone} of {live} live rows, so nothing was deleted; "
                    "if that is right, run again with --accept-shrink"
                )
            return
    picked = ", ".join(f"live.{part}" for part in columns.split(", "))
    connection.execute(
        f"insert into {table.qualified} ({columns}, _exported_at, _file_id, _row_number, _is_deleted) "  # noqa: S608
        f"select {picked}, ?, ?, null, true {missing}",
        [exported_at, last.delivery.file_id],
    )
    last.deleted = gone


def _register(connection: duckdb.DuckDBPyConnection, entries: Iterable[Loaded]) -> None:
    """Write the files and their rejects to the registry, each reject with its line."""
    for entry in entries:
        delivery, reading = entry.delivery, entry.reading
        values = {
            "file_id": delivery.file_id,
            "reading_id": delivery.reading_id,
            "sha256": delivery.sha256,
            "source": delivery.source,
            "table_name": delivery.table,
            "name": delivery.name,
            "exported_at": delivery.exported_at,
            "exported_at_from": delivery.exported_at_from,
            "loaded_at": datetime.now(UTC).replace(tzinfo=None),
            "status": entry.status,
            "rows_read": reading.read,
            "loaded": entry.loaded,
            "unchanged": entry.unchanged,
            "duplicate": entry.duplicate,
            "rejected": reading.rejected,
            "excluded": reading.excluded,
            "skipped": reading.skipped,
            "rounded": reading.rounded,
            "deleted": entry.deleted,
            "encoding": entry.encoding,
            "headers": list(entry.headers),
            "notes": "\n".join(reading.notes),
        }
        marks = ", ".join("?" for _ in values)
        connection.execute(f"insert into registry.files ({', '.join(values)}) values ({marks})", list(values.values()))  # noqa: S608
        if not reading.rejected:
            continue
        rejects = f"{reading.name}_rejects"
        records = [int(row[0]) for row in connection.execute(f"select distinct record from {rejects} order by 1").fetchall()]  # noqa: S608
        lines = entry.lines(records)
        connection.execute("create or replace temp table reject_lines as select unnest(?::bigint[]) as record, unnest(?::bigint[]) as line", [
            records, [lines.get(record) for record in records],
        ])
        connection.execute(
            f"insert into registry.rejects select ?, r.record, l.line, r.column_name, r.value, r.reason, r.raw_row "  # noqa: S608
            f"from {rejects} as r left join reject_lines as l on r.record = l.record order by r.record, r.column_name",
            [delivery.file_id],
        )


def _scalar(connection: duckdb.DuckDBPyConnection, sql: str) -> Any:
    row = connection.execute(sql).fetchone()
    assert row is not None
    return row[0]
