"""Exports in, raw out: find files, recognise them, land what is new, derive what it changes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import duckdb

from pipelines.contracts import Contracts, Table
from pipelines.errors import WanamakerError
from pipelines.ingest import raw
from pipelines.ingest.decode import Text, sheet_names, sniff_kind, to_text
from pipelines.ingest.discover import Found, Problem, clear, discover
from pipelines.ingest.landing import Delivery, Landing, digest_of
from pipelines.ingest.mapping import Mapping, TableMapping, table_with_options
from pipelines.ingest.reader import Reading, Recipe, lines_of, read
from pipelines.ingest.recognise import Layout, candidate_layouts, header_index, mapped_layout, recognise

_NAME_DATE = re.compile(
    r"(?<!\d)(20\d\d)[-_.年]?(0[1-9]|1[0-2])[-_.月]?(0[1-9]|[12]\d|3[01])日?"
    r"(?:[T _-]?([01]\d|2[0-3])[-:_.]?([0-5]\d)(?:[-:_.]?([0-5]\d))?(?!\d)|(?!\d))"
)

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Options:
    """What a run says about all its files."""

    timezone: str = "Asia/Shanghai"
    exported_at: datetime | None = None
    accept_shrink: bool = False
    memory_limit: str = "1200MB"


@dataclass(frozen=True)
class FileReport:
    """What became of one file for one table; counts as the registry keeps them."""

    name: str
    table: str
    status: str
    rows_read: int = 0
    loaded: int = 0
    unchanged: int = 0
    duplicate: int = 0
    rejected: int = 0
    excluded: int = 0
    skipped: int = 0
    rounded: int = 0
    deleted: int = 0
    notes: str = ""
    exported_at: datetime | None = None


@dataclass
class Report:
    """What a run of ingest did: every file, and every file that could not be taken."""

    files: list[FileReport] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


@dataclass(frozen=True)
class _Prepared:
    """A delivery made ready to be read: its text, where its data begin and what feeds which column."""

    text: Text
    recipe: Recipe
    original: Path


def connect_raw(data: Path, memory_limit: str) -> duckdb.DuckDBPyConnection:
    """Open `raw.duckdb` for writing; only ingest does so, and closes it before dbt starts."""
    data.mkdir(parents=True, exist_ok=True)
    connection = duckdb.connect(str(data / "raw.duckdb"))
    connection.execute("set TimeZone = 'UTC'")
    connection.execute(f"set memory_limit = '{memory_limit}'")
    connection.execute(f"set temp_directory = '{data / 'work' / 'spill'}'")
    return connection


def ingest(
    exports: Path | None,
    data: Path,
    contracts: Contracts,
    mapping: Mapping | None = None,
    options: Options | None = None,
    progress: Progress = lambda _: None,
) -> Report:
    """Load every file below `exports` into `data/raw.duckdb`; without `exports`, derive what landed before.

    Bad rows and bad files are reported and never stop the others. Raises WanamakerError where the
    folder holds nothing to read.
    """
    options = options or Options()
    work = data / "work"
    clear(work)
    work.mkdir(parents=True)
    try:
        session = _Session(data, work, contracts, mapping, options, progress)
        return session.run(exports)
    finally:
        clear(work)


class _Session:
    """One run of ingest: the landing folder, the raw database and what was made ready."""

    def __init__(
        self, data: Path, work: Path, contracts: Contracts, mapping: Mapping | None, options: Options, progress: Progress
    ) -> None:
        self.data, self.work, self.contracts, self.mapping = data, work, contracts, mapping
        self.options, self.progress = options, progress
        self.landing = Landing(data / "landing")
        self.prepared: dict[str, _Prepared] = {}
        self.report = Report()
        self.seen: list[tuple[str, str]] = []

    def run(self, exports: Path | None) -> Report:
        found: list[Found] = []
        if exports is not None:
            found, self.report.problems = discover(exports, self.work)
        with connect_raw(self.data, self.options.memory_limit) as connection:
            raw.create_tables(connection, self.contracts)
            known = self._known_files(connection)
            for file in found:
                self.progress(file.name)
                try:
                    self._take(file, known)
                except WanamakerError as error:
                    self.report.problems.append(Problem(file.name, str(error)))
            self._derive(connection)
            self._report_files(connection)
        return self.report

    def _known_files(self, connection: duckdb.DuckDBPyConnection) -> dict[str, list[tuple[str, str, datetime, str]]]:
        """For each hash in the registry: file_id, reading_id, exported_at and how that was found."""
        known: dict[str, list[tuple[str, str, datetime, str]]] = {}
        rows = connection.execute("select sha256, file_id, reading_id, exported_at, exported_at_from from registry.files").fetchall()
        for sha256, *rest in rows:
            known.setdefault(sha256, []).append(tuple(rest))
        return known

    def _take(self, file: Found, known: dict[str, list[tuple[str, str, datetime, str]]]) -> None:
        """Recognise one file and land it for every table that it feeds; a known one is not read again."""
        sha256 = digest_of(file.path)
        entries = self.mapping.entries_for(file.name) if self.mapping else []
        exported_at, found_by = self._exported_at(file, None)
        if not entries and not self.options.accept_shrink:
            same = [entry for entry in known.get(sha256, []) if self._is_same(entry, exported_at, found_by)]
            if same:
                self.seen += [(file.name, entry[0]) for entry in same]
                return
        kind = sniff_kind(file.path, file.name)
        for sheet in sheet_names(file.path) if kind == "xlsx" else [None]:
            self._take_sheet(file, kind, sheet, sha256, entries)

    @staticmethod
    def _is_same(entry: tuple[str, str, datetime, str], exported_at: datetime, found_by: str) -> bool:
        _, _, known_at, known_by = entry
        return known_at == exported_at or (found_by == "time" == known_by and known_at <= exported_at)

    def _take_sheet(self, file: Found, kind: str, sheet: str | None, sha256: str, entries: list[TableMapping]) -> None:
        name = f"{file.name}[{sheet}]" if sheet else file.name
        chosen: list[TableMapping | None] = [entry for entry in entries if entry.sheet in (None, sheet)]
        if entries and not chosen:
            return
        problems = []
        for entry in chosen or [None]:
            try:
                self._take_table(replace(file, name=name), kind, sheet, sha256, entry)
            except WanamakerError as error:
                problems.append(error)
        if problems and sheet and len(problems) == len(chosen or [None]) and "is empty" in str(problems[0]):
            return
        for error in problems:
            self.report.problems.append(Problem(name, str(error)))

    def _take_table(self, file: Found, kind: str, sheet: str | None, sha256: str, entry: TableMapping | None) -> None:
        text = self._text(file.path, kind, sheet, entry, sha256)
        if entry is None:
            match = recognise(text, file.name, self.contracts)
            table, recipe = match.table, Recipe(match.table, match.layout, match.columns, None, file.name)
        else:
            table = table_with_options(self.contracts.table(entry.source, entry.table), entry)
            recipe = Recipe(table, mapped_layout(text, entry), {}, entry, file.name)
        exported_at, found_by = self._exported_at(file, entry)
        delivery = Delivery(
            sha256, file.name, sheet, table.source, table.name, exported_at, found_by,
            entry.model_dump(mode="json") if entry else None, self.options.accept_shrink,
        )  # fmt: skip
        earlier = self._earlier(delivery)
        if earlier is not None:
            self.seen.append((file.name, earlier))
            return
        self.landing.add(delivery, file.path)
        self.prepared[delivery.file_id] = _Prepared(text, recipe, file.path)
        self.seen.append((file.name, delivery.file_id))

    def _earlier(self, delivery: Delivery) -> str | None:
        """Of the same bytes known only by the file's time the earliest counts: its file_id, where it landed already.

        A later one that landed before gives way.
        """
        if delivery.exported_at_from != "time":
            return None
        folder = self.landing.bytes_of(delivery.sha256).parent
        for path in folder.glob(f"{delivery.sha256}.*.json") if folder.exists() else []:
            other = self.landing.read(path)
            same = (other.source, other.table, other.sheet) == (delivery.source, delivery.table, delivery.sheet)
            if not same or other.exported_at_from != "time" or other.exported_at == delivery.exported_at:
                continue
            if other.exported_at < delivery.exported_at:
                if other.reading_id == delivery.reading_id:
                    return other.file_id
                delivery = replace(delivery, exported_at=other.exported_at)
            else:
                path.unlink()
        return None

    def _exported_at(self, file: Found, entry: TableMapping | None) -> tuple[datetime, str]:
        """When the file was exported, and how that is known: mapping, name, option or time."""
        if entry is not None and entry.exported_at:
            try:
                return datetime.fromisoformat(entry.exported_at).replace(tzinfo=None), "mapping"
            except ValueError as error:
                raise WanamakerError(f"exported_at: {entry.exported_at!r} of the mapping is not a date such as 2026-01-31") from error
        found = [match for part in reversed(file.name.split("/")) for match in _NAME_DATE.finditer(part)]
        for match in reversed(found):
            year, month, day, *clock = (int(part) if part else 0 for part in match.groups())
            try:
                return datetime(year, month, day, *clock), "name"  # noqa: DTZ001 (the company's own time)
            except ValueError:
                continue
        if self.options.exported_at is not None:
            return self.options.exported_at, "option"
        local = file.modified_at.replace(tzinfo=ZoneInfo("UTC")).astimezone(ZoneInfo(self.options.timezone))
        return local.replace(tzinfo=None), "time"

    def _text(self, path: Path, kind: str, sheet: str | None, entry: TableMapping | None, sha256: str) -> Text:
        target = self.work / f"{sha256[:16]}{'-' + str(abs(hash(sheet))) if sheet else ''}.csv"
        return to_text(path, kind, target, encoding=entry.encoding if entry else None, sheet=sheet)

    def _derive(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Bring every table in line with what landed: from the earliest snapshot that differs on."""
        landed = self.landing.known()
        derived = {
            str(file_id): (str(reading_id), str(source), str(table), at)
            for file_id, reading_id, source, table, at in connection.execute(
                "select file_id, reading_id, source, table_name, exported_at from registry.files"
            ).fetchall()
        }
        changed = {file_id for file_id, (reading_id, _) in landed.items() if derived.get(file_id, ("",))[0] != reading_id}
        gone = set(derived) - set(landed)
        since: dict[tuple[str, str], datetime] = {}
        for file_id in gone:
            _, source, table, at = derived[file_id]
            since[source, table] = min(at, since.get((source, table), at))
        deliveries = {file_id: self.landing.read(landed[file_id][1]) for file_id in changed}
        for delivery in deliveries.values():
            key = delivery.source, delivery.table
            since[key] = min(delivery.exported_at, since.get(key, delivery.exported_at))
        for (source, table_name), at in sorted(since.items()):
            table = next((t for t in self.contracts.tables if (t.source, t.name) == (source, table_name)), None)
            if table is None:
                continue
            later = {
                file_id
                for file_id, (_, of_source, of_table, exported_at) in derived.items()
                if (of_source, of_table) == (source, table_name) and exported_at >= at and file_id in landed
            }
            mine = [delivery for delivery in deliveries.values() if (delivery.source, delivery.table) == (source, table_name)]
            mine += [self.landing.read(landed[file_id][1]) for file_id in later - set(deliveries)]
            self._replay(connection, table, at, mine)

    def _replay(self, connection: duckdb.DuckDBPyConnection, table: Table, since: datetime, deliveries: Iterable[Delivery]) -> None:
        """Delete a table's rows from `since` on and append every snapshot again, in order."""
        snapshots: dict[datetime, list[Delivery]] = {}
        for delivery in deliveries:
            snapshots.setdefault(delivery.exported_at, []).append(delivery)
        pending = True
        for exported_at in sorted(snapshots) or [since]:
            ordered = sorted(snapshots.get(exported_at, []), key=lambda delivery: (delivery.sha256, delivery.sheet or ""))
            entries = [entry for delivery in ordered if (entry := self._read(connection, delivery))]
            connection.begin()
            try:
                if pending:
                    raw.forget(connection, table, since)
                if entries:
                    with_options = table_with_options(table, next((e.delivery.entry for e in reversed(entries) if e.delivery.entry), None))
                    raw.add_snapshot(connection, with_options, exported_at, entries)
                connection.commit()
            except BaseException:
                connection.rollback()
                raise
            pending = False
            for entry in entries:
                connection.execute(f"drop table if exists {entry.reading.name}; drop table if exists {entry.reading.name}_rejects")

    def _read(self, connection: duckdb.DuckDBPyConnection, delivery: Delivery) -> raw.Loaded | None:
        """Read one delivery into temporary tables; one that cannot be read any more is a problem of its file."""
        is_new = delivery.file_id in self.prepared
        try:
            ready = self.prepared.pop(delivery.file_id, None) or self._prepare(delivery)
            name = f"read_{delivery.file_id}"
            self.progress(delivery.name)
            reading = read(connection, ready.text, ready.recipe, self.contracts, self.options.timezone, name, self.work)
        except WanamakerError as error:
            self.report.problems.append(Problem(delivery.name, str(error)))
            if is_new:
                self.landing.remove(delivery)
            return None
        layout, original = ready.recipe.layout, ready.original

        def lines(records: list[int]) -> dict[int, int]:
            return lines_of(reading.text or ready.text, original, layout, records, reading.read + reading.skipped)

        if layout.titles:
            reading.skipped += len(layout.titles)
            reading.notes.append("above the header: " + " | ".join(layout.titles))
        reading.notes += [note for note in ready.text.notes if note]
        return raw.Loaded(delivery, reading, ready.text.encoding, layout.headers, lines=lines)

    def _prepare(self, delivery: Delivery) -> _Prepared:
        """A delivery that landed before, made ready from its kept bytes by today's contract."""
        path = self.landing.bytes_of(delivery.sha256)
        if not path.exists():
            raise WanamakerError(f"its bytes are missing from landing ({path.name}); load the file again")
        kind = sniff_kind(path, delivery.name)
        entry = delivery.entry
        text = self._text(path, kind, delivery.sheet, entry, delivery.sha256)
        table = table_with_options(self.contracts.table(delivery.source, delivery.table), entry)
        if entry is not None:
            return _Prepared(text, Recipe(table, mapped_layout(text, entry), {}, entry, delivery.name), path)
        layout, columns = layout_for(text, table)
        return _Prepared(text, Recipe(table, layout, columns, None, delivery.name), path)

    def _report_files(self, connection: duckdb.DuckDBPyConnection) -> None:
        """One line for every file seen in this run, in the order seen."""
        names = "table_name, status, rows_read, loaded, unchanged, duplicate, rejected, excluded, skipped, rounded, deleted, notes, exported_at"
        rows = {row[0]: row[1:] for row in connection.execute(f"select file_id, {names} from registry.files").fetchall()}  # noqa: S608
        for name, file_id in dict.fromkeys(self.seen):
            if file_id in rows:
                self.report.files.append(FileReport(name, *rows[file_id]))


def layout_for(text: Text, table: Table) -> tuple[Layout, dict[str, int]]:
    """The header of a text as today's contract of a table reads it."""
    best = max(
        ((header_index(table, layout.headers), layout) for layout, _ in candidate_layouts(text)),
        key=lambda pair: (sum(table.column(name).meta.required for name in pair[0]), len(pair[0])),
        default=None,
    )
    if best is None:
        raise WanamakerError("the file is empty; export it again")
    return best[1], best[0]


def check(
    exports: Path,
    contracts: Contracts,
    mapping: Mapping | None,
    options: Options,
    folder: Path,
    progress: Progress = lambda _: None,
) -> tuple[Report, list[dict[str, Any]]]:
    """What would be recognised, and every problem and reject, read into `folder`, which the caller throws away."""
    report = ingest(exports, folder, contracts, mapping, options, progress)
    with duckdb.connect(str(folder / "raw.duckdb"), read_only=True) as connection:
        cursor = connection.execute(
            "select name, table_name, record, line, column_name, value, reason "
            "from registry.rejects inner join registry.files using (file_id) order by name, record, column_name"
        )
        names = [column[0] for column in cursor.description or ()]
        return report, [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


__all__ = ["FileReport", "Options", "Problem", "Reading", "Report", "check", "connect_raw", "ingest"]
