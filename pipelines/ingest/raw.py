"""Raw: a change log of every row ever exported, derived from what landed.

Raw depends on the set of deliveries and the contracts alone: not on the order of arrival, not on
repetition, not on a crash half-way. Rows are never updated; a table's rows from a day on are deleted
and derived again where something older arrives late.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import duckdb

from pipelines.contracts import Contracts, Table
from pipelines.ingest.cells import identifier, quoted
from pipelines.ingest.landing import Delivery
from pipelines.ingest.mapping import load_mode
from pipelines.ingest.reader import Reading

READER_VERSION = "5"
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
    "pattern": "varchar",
}
_REJECTS = {
    "file_id": "varchar",
    "record": "bigint",
    "line": "bigint",
    "column_name": "varchar",
    "value": "varchar",
    "reason": "varchar",
    "raw_row": "varchar[]",
}
_TABLES = {"source": "varchar", "table_name": "varchar", "signature": "varchar"}
_REGISTRY = {"files": FILES_COLUMNS, "rejects": _REJECTS, "tables": _TABLES}
_META = "_exported_at, _file_id, _row_number, _is_deleted"


@dataclass
class Loaded:
    """What deriving one delivery gave, as the registry keeps it: a reading for each mapping entry.

    Without a reading it could not be read any more, and `notes` say why.
    """

    delivery: Delivery
    readings: list[Reading]
    encoding: str = ""
    headers: tuple[str, ...] = ()
    notes: list[str] = field(default_factory=list)
    status: str = "loaded"
    loaded: int = 0
    unchanged: int = 0
    duplicate: int = 0
    deleted: int = 0

    def total(self, count: str) -> int:
        """Sum of one count of the readings."""
        return sum(getattr(reading, count) for reading in self.readings)

    @property
    def pattern(self) -> str | None:
        """The mapping's file pattern."""
        return self.delivery.entries[0].file if self.delivery.entries else None

    def ids(self, number: int, table: Table) -> tuple[str, ...]:
        """The key by which rows of the reading of that number are known, where raw knows rows by `_row_key`."""
        entries = self.delivery.entries
        return (entries[number].key if entries else ()) or table.meta.key


def signature(table: Table, timezone: str) -> str:
    """What a table's rows depend on beside its deliveries."""
    return f"{table.signature}-{timezone}-{READER_VERSION}-{duckdb.__version__}"


def create_tables(connection: duckdb.DuckDBPyConnection, contracts: Contracts, timezone: str = "") -> None:
    """Every table of every contract, empty where nobody exported it or its contract changed, and the registry."""
    with transaction(connection):
        _create_registry(connection)
    known = {(source, table): sign for source, table, sign in connection.execute("from registry.tables").fetchall()}
    wanted = {(table.source, table.name): signature(table, timezone) for table in contracts.tables}
    with transaction(connection):
        for source, name in known.keys() - wanted.keys():
            _forget_table(connection, source, name)
        changed = [table for table in contracts.tables if known.get(of := (table.source, table.name)) != wanted[of]]
        for table in changed:
            _create_table(connection, table)
            if (table.source, table.name) in known:
                _forget_table(connection, table.source, table.name)
        if changed:
            rows = ", ".join("(?, ?, ?)" for _ in changed)
            values = [
                each for table in changed for each in (table.source, table.name, wanted[table.source, table.name])
            ]
            connection.execute(f"insert into registry.tables values {rows}", values)


def _create_registry(connection: duckdb.DuckDBPyConnection) -> None:
    """The registry's tables; one of an older form is made anew, since all of it derives from landing."""
    connection.execute("create schema if not exists registry")
    columns = (
        "select table_name, column_name from duckdb_columns() where schema_name = 'registry' order by column_index"
    )
    found: dict[str, list[str]] = {}
    for table, column in connection.execute(columns).fetchall():
        found.setdefault(table, []).append(column)
    if found == {name: list(columns) for name, columns in _REGISTRY.items()}:
        return
    for name, columns_of in _REGISTRY.items():
        listed = ", ".join(f"{column} {kind}" for column, kind in columns_of.items())
        connection.execute(f"create or replace table registry.{name} ({listed})")


def _create_table(connection: duckdb.DuckDBPyConnection, table: Table) -> None:
    columns = [f"{identifier(column.name)} {column.type}" for column in table.columns]
    if table.has_row_key:
        columns.append("_row_key uhugeint")
    columns += ["_exported_at timestamp", "_file_id varchar", "_row_number bigint", "_is_deleted boolean"]
    connection.execute(
        f"create schema if not exists {identifier(table.source)}; "
        f"create or replace table {table.qualified} ({', '.join(columns)})"
    )


@contextmanager
def transaction(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """All or nothing."""
    connection.begin()
    try:
        yield
    except BaseException:
        connection.rollback()
        raise
    connection.commit()


def forget(connection: duckdb.DuckDBPyConnection, table: Table, since: datetime) -> None:
    """Delete a table's rows, files and rejects of every snapshot from `since` on."""
    _forget_files(connection, "source = ? and table_name = ? and exported_at >= ?", [table.source, table.name, since])
    connection.execute(f"delete from {table.qualified} where _exported_at >= ?", [since])


def _forget_table(connection: duckdb.DuckDBPyConnection, source: str, name: str) -> None:
    """Delete all that the registry knows of a table."""
    of_table = "source = ? and table_name = ?"
    _forget_files(connection, of_table, [source, name])
    connection.execute(f"delete from registry.tables where {of_table}", [source, name])


def _forget_files(connection: duckdb.DuckDBPyConnection, condition: str, values: list[Any]) -> None:
    files = f"select file_id from registry.files where {condition}"
    connection.execute(f"delete from registry.rejects where file_id in ({files})", values)
    connection.execute(f"delete from registry.files where {condition}", values)


def add_snapshot(
    connection: duckdb.DuckDBPyConnection, table: Table, exported_at: datetime, entries: Sequence[Loaded]
) -> None:
    """Append what one snapshot changed, and its tombstones; `entries` come in the order of their sha256.

    The table must hold nothing from `exported_at` on. Runs inside the caller's transaction.
    """
    readable = [entry for entry in entries if entry.readings]
    if readable:
        snapshot = _Snapshot(connection, table, exported_at, readable)
        snapshot.append()
        if len(readable) == len(entries):  # what an unreadable file held is not gone
            snapshot.bury()
    for entry in entries:
        _register(connection, entry)


class _Snapshot:
    """All deliveries of one table with the same `exported_at`, against the rows that were live before."""

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, table: Table, exported_at: datetime, entries: list[Loaded]
    ) -> None:
        self.connection, self.table, self.entries = connection, table, entries
        self.at = f"timestamp '{exported_at.isoformat(sep=' ')}'"
        self.columns = [*table.column_names, *(["_row_key"] if table.has_row_key else [])]
        self.differ: dict[str, bool] = {}
        self.named: dict[str, bool] = {}
        self.is_first = not _scalar(connection, f"select exists (from {table.qualified})")
        connection.execute(f"create or replace temp view live_before as {self._live()}")
        self._gather()

    # the rows that were live before, and those that come in

    def _live(self) -> str:
        """Newest version of every row before, deleted ones too; quick where most rows have one version."""
        log = f"select * from {self.table.qualified} where _exported_at < {self.at}"
        bounds = (
            f"select min(_exported_at), max(_exported_at) from {self.table.qualified} where _exported_at < {self.at}"
        )
        first, last = self.connection.execute(bounds).fetchone() or (None, None)
        if first == last:
            return log
        later = f"{log} and _exported_at > timestamp '{first.isoformat(sep=' ')}'"
        same = self._same_row("later", "log", self.table.row_identity)
        return f"""
            select log.* from ({log}) as log
            where not exists (
                select 1 from ({later}) as later where {same} and later._exported_at > log._exported_at
            )
            """

    def _same_row(self, left: str, right: str, names: Iterable[str]) -> str:
        """Equality of rows; null-safe where a part of the key may be empty."""
        required = {column.name for column in self.table.columns if column.meta.required} | {"_row_key"}
        equals = {name: "=" if name in required else "is not distinct from" for name in names}
        return " and ".join(
            f"{left}.{identifier(name)} {equal} {right}.{identifier(name)}" for name, equal in equals.items()
        )

    def _gather(self) -> None:
        """The snapshot's rows as `incoming`: one row a key, the last of its files; others are duplicates."""
        parts = [
            self._part(place, entry, number)
            for place, entry in enumerate(self.entries)
            for number in range(len(entry.readings))
        ]
        rows = "incoming_view"
        self.connection.execute(f"create or replace temp view {rows} as {' union all '.join(parts)}")
        differ = len(parts) == 1 and self._all_differ(self.entries[0], 0)
        is_quick = len(parts) == 1 and (differ or self._all_named(self.entries[0], 0))
        if len(parts) > 1 or (self.table.has_row_key and not (is_quick and self.is_first)):
            rows = "incoming_rows"
            self.connection.execute(f"create or replace temp table {rows} as from incoming_view")
        if differ:
            self.connection.execute(f"create or replace temp view incoming as from {rows}")
            return
        keys = ", ".join(identifier(name) for name in self.table.row_identity)
        if not self._is_unique(keys, rows):
            self.connection.execute(
                f"""
                create or replace temp table incoming_last as
                select * from {rows}
                qualify row_number() over (partition by {keys} order by _place desc, _part desc, _row_number desc) = 1
                """
            )
            rows = "incoming_last"
        self.connection.execute(f"create or replace temp view incoming as from {rows}")

    def _is_unique(self, keys: str, rows: str) -> bool:
        """Whether no two rows have the same key; where even its hashes differ, it is quickly seen."""
        return any(
            _scalar(self.connection, f"select count(*) = count(distinct {known_by}) from {rows}")
            for known_by in (f"hash({keys})", f"row({keys})")
        )

    def _part(self, place: int, entry: Loaded, number: int) -> str:
        """The rows of one reading."""
        columns = [identifier(name) for name in self.table.column_names]
        if self.table.has_row_key:
            repeats = not (self._all_differ(entry, number) or self._all_named(entry, number))
            columns.append(f"{_row_key(self.table, entry.ids(number, self.table), repeats=repeats)} as _row_key")
        file_id = quoted(entry.delivery.file_id)
        return (
            f"select {', '.join(columns)}, {file_id} as _file_id, _row_number, {place} as _place, {number} as _part "
            f"from {entry.readings[number].relation}"
        )

    def _all_differ(self, entry: Loaded, number: int) -> bool:
        """Whether rows of a reading are known by their content, and no two are the same."""
        if not self.table.has_row_key or entry.ids(number, self.table):
            return False
        reading = entry.readings[number]
        if reading.name not in self.differ:
            rows = f"select count(*) = count(distinct {_content(self.table)}) from {reading.relation}"
            self.differ[reading.name] = bool(_scalar(self.connection, rows))
        return self.differ[reading.name]

    def _all_named(self, entry: Loaded, number: int) -> bool:
        """Whether every row of a reading is known by its id."""
        ids, reading = entry.ids(number, self.table), entry.readings[number]
        if not self.table.has_row_key or not ids:
            return False
        if reading.name not in self.named:
            given = " and ".join(f"{identifier(name)} is not null" for name in ids)
            self.named[reading.name] = bool(
                _scalar(self.connection, f"select coalesce(bool_and({given}), true) from {reading.relation}")
            )
        return self.named[reading.name]

    # what changed

    def append(self) -> None:
        """Add new, changed and revived rows, and count."""
        picked = ", ".join(f"incoming.{identifier(name)}" for name in self.columns)
        changed = "from incoming"
        if not self.is_first:
            contents = [name for name in self.table.column_names if name not in self.table.row_identity]
            differs = " or ".join(
                f"incoming.{identifier(name)} is distinct from live.{identifier(name)}" for name in contents
            )
            changed = f"""
                from incoming
                left join live_before as live on {self._same_row("incoming", "live", self.table.row_identity)}
                where live._is_deleted is null or live._is_deleted or {differs or "false"}
                """
        with _any_order(self.connection):
            self.connection.execute(
                f"""
                insert into {self._target()}
                select {picked}, {self.at}, incoming._file_id, incoming._row_number, false {changed}
                """
            )
        added = f"from {self.table.qualified} where _exported_at = {self.at} and not _is_deleted"
        loaded, kept = self._by_file(added), self._by_file("from incoming")
        for entry in self.entries:
            mine = kept.get(entry.delivery.file_id, 0)
            entry.loaded = loaded.get(entry.delivery.file_id, 0)
            entry.unchanged = mine - entry.loaded
            entry.duplicate = entry.total("good") - mine

    def _target(self) -> str:
        return f"{self.table.qualified} ({', '.join(map(identifier, self.columns))}, {_META})"

    def _by_file(self, rows: str) -> dict[str, int]:
        if len(self.entries) == 1:
            return {self.entries[0].delivery.file_id: int(_scalar(self.connection, f"select count(*) {rows}"))}
        return dict(self.connection.execute(f"select _file_id, count(*) {rows} group by _file_id").fetchall())

    # what is gone

    def bury(self) -> None:
        """Tombstones for live rows that the snapshot lacks, within its scope and range.

        A full export that would delete more than half of them deletes nothing, unless that was accepted.
        """
        mode = load_mode(self.table, [entry.delivery.entries for entry in self.entries])
        if self.is_first or mode not in ("full", "replace"):
            return
        self._scope()
        live = f"from live_scoped as live where not live._is_deleted and {self._within(restates=mode == 'replace')}"
        matches = self._same_row("incoming", "live", self.table.row_identity)
        missing = f"{live} and not exists (select 1 from incoming where {matches}) {self._unless_rejected()}"
        gone = int(_scalar(self.connection, f"select count(*) {missing}"))
        if not gone:
            return
        if mode == "full" and not any(entry.delivery.accept_shrink for entry in self.entries):
            before = int(_scalar(self.connection, f"select count(*) {live}"))
            if gone * 2 > before:
                self._leave(gone, before)
                return
        last = self.entries[-1]
        picked = ", ".join(f"live.{identifier(name)}" for name in self.columns)
        file_id = quoted(last.delivery.file_id)
        self.connection.execute(
            f"insert into {self._target()} select {picked}, {self.at}, {file_id}, null, true {missing}"
        )
        last.deleted = gone

    def _scope(self) -> None:
        """Live and incoming rows, each with the file pattern of the mapping that it was read with."""
        connection = self.connection
        connection.execute("create or replace temp table patterns as select file_id, pattern from registry.files")
        for entry in self.entries:
            connection.execute("insert into patterns values (?, ?)", [entry.delivery.file_id, entry.pattern])
        pattern, join = "cast(null as varchar)", ""
        if self.table.meta.scope:
            pattern, join = "'file: ' || pattern", "left join patterns on rows._file_id = patterns.file_id"
        for view, rows in (("live_scoped", "live_before"), ("incoming_scoped", "incoming")):
            connection.execute(
                f"create or replace temp view {view} as select rows.*, {pattern} as _pattern from {rows} as rows {join}"
            )

    def _within(self, *, restates: bool) -> str:
        """Whether a live row is of a scope, and in a restated range, of which the snapshot speaks."""
        scope = [identifier(name) for name in self.table.meta.scope]
        if not scope and not restates:
            return "true"
        span = identifier(self.table.meta.range or "")
        bounds = [f"min({span}) as range_from", f"max({span}) as range_to"] if restates else []
        values = [f"{self._scope_value(name)} as {name}" for name in scope]
        groups = f"group by {', '.join(self._scope_value(name) for name in scope)}" if scope else ""
        spans = f"select {', '.join([*values, *bounds])} from incoming_scoped {groups}"
        self.connection.execute(f"create or replace temp table spans as {spans}")
        same = [f"{self._scope_value(name, 'live.')} is not distinct from spans.{name}" for name in scope]
        same += [f"live.{span} between spans.range_from and spans.range_to"] if restates else []
        return f"exists (select 1 from spans where {' and '.join(same)})"

    def _scope_value(self, name: str, alias: str = "") -> str:
        """A scope column's value; the account (the last one) is else the mapping's file pattern."""
        is_account = name == identifier(self.table.meta.scope[-1])
        return f"coalesce({alias}{name}, {alias}_pattern)" if is_account else f"{alias}{name}"

    def _unless_rejected(self) -> str:
        """A row that was rejected today is not gone: its last good version stands."""
        if self.table.has_row_key:
            return ""
        names = [f"{reading.name}_spared" for entry in self.entries for reading in entry.readings if reading.rejected]
        spared = " union all ".join(f"from {name}" for name in names)
        same = self._same_row("spared", "live", self.table.meta.key)
        return f"and not exists (select 1 from ({spared}) as spared where {same})" if names else ""

    def _leave(self, gone: int, before: int) -> None:
        for entry in self.entries:
            entry.status = "shrunk"
            entry.notes.append(
                f"the full export lacks {gone:,} of {before:,} live rows, so nothing was deleted; "
                "if that is right, run again with --accept-shrink"
            )


def _content(table: Table) -> str:
    return f"hash({', '.join(map(identifier, table.column_names))})"


def _row_key(table: Table, ids: tuple[str, ...], *, repeats: bool) -> str:
    """What tells rows apart: an id where there is one, else their content and its occurrence in the file.

    A number of 128 bits, since texts that all differ are slow to store: two hashes of the id, or one of the content
    and the occurrence.
    """
    content = _content(table)
    occurrence = f"row_number() over (partition by {content} order by _row_number)" if repeats else "1"
    by_content = _two_words(content, occurrence)
    if not ids:
        return by_content
    given = " and ".join(f"{identifier(name)} is not null" for name in ids)
    parts = [f"cast({identifier(name)} as varchar)" for name in ids]
    key = parts[0] if len(parts) == 1 else f"cast(to_json([{', '.join(parts)}]) as varchar)"
    by_id = _two_words(f"hash({key} || '#')", f"hash('#' || {key})")
    return f"case when {given} then {by_id} else {by_content} end"


def _two_words(high: str, low: str) -> str:
    """A number of 128 bits from two of 64."""
    return f"(cast({high} as uhugeint) << 64) + cast({low} as uhugeint)"


@contextmanager
def _any_order(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Let an insert fill whole row groups, or the checkpoint writes them again."""
    connection.execute("set preserve_insertion_order = false")
    try:
        yield
    finally:
        connection.execute("set preserve_insertion_order = true")


def _register(connection: duckdb.DuckDBPyConnection, entry: Loaded) -> None:
    """Write a file and its rejects to the registry, each reject with its line."""
    delivery = entry.delivery
    notes = dict.fromkeys([*entry.notes, *(note for reading in entry.readings for note in reading.notes)])
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
        "rows_read": entry.total("read"),
        "loaded": entry.loaded,
        "unchanged": entry.unchanged,
        "duplicate": entry.duplicate,
        "rejected": entry.total("rejected"),
        "excluded": entry.total("excluded"),
        "skipped": entry.total("skipped"),
        "rounded": entry.total("rounded"),
        "deleted": entry.deleted,
        "encoding": entry.encoding,
        "headers": list(entry.headers),
        "notes": "\n".join(notes),
        "pattern": entry.pattern,
    }
    marks = ", ".join("?" for _ in FILES_COLUMNS)
    connection.execute(f"insert into registry.files values ({marks})", [values[name] for name in FILES_COLUMNS])
    for reading in entry.readings:
        if reading.rejected:
            _register_rejects(connection, delivery.file_id, reading)


def _register_rejects(connection: duckdb.DuckDBPyConnection, file_id: str, reading: Reading) -> None:
    rejects = f"{reading.name}_rejects"
    found = connection.execute(f"select distinct record from {rejects} order by record").fetchall()
    records = [int(row[0]) for row in found]
    lines = reading.lines_of(records)
    pairs = "select unnest(?::bigint[]) as record, unnest(?::bigint[]) as line"
    connection.execute(
        f"create or replace temp table reject_lines as {pairs}", [records, [lines.get(record) for record in records]]
    )
    connection.execute(
        f"""
        insert into registry.rejects
        select ?, rejects.record, reject_lines.line, rejects.column_name, rejects.value, rejects.reason, rejects.raw_row
        from {rejects} as rejects left join reject_lines on rejects.record = reject_lines.record
        order by rejects.record, rejects.column_name
        """,
        [file_id],
    )


def _scalar(connection: duckdb.DuckDBPyConnection, sql: str) -> Any:
    row = connection.execute(sql).fetchone()
    assert row is not None
    return row[0]
