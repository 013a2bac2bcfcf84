"""Exports in, raw out: find files, recognise them, land what is new, derive what it changes."""

from __future__ import annotations

import hashlib
import itertools
import re
import tempfile
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import duckdb

from pipelines.contracts import Contracts, Table
from pipelines.errors import WanamakerError
from pipelines.ingest import raw
from pipelines.ingest.decode import Kind, Text, hidden_sheets, sheet_names, sniff_kind, to_text
from pipelines.ingest.discover import Found, Problem, clear, discover
from pipelines.ingest.drift import Before, Key, before, drift, retyped
from pipelines.ingest.landing import Delivery, Landing, digest_of
from pipelines.ingest.lines import lines_of
from pipelines.ingest.mapping import Mapping, TableMapping
from pipelines.ingest.preamble import constants, stated_export
from pipelines.ingest.reader import Reading, check_recipe, read
from pipelines.ingest.recipe import Recipe
from pipelines.ingest.recognise import Match, beside, layout_for, mapped_layout, recognise
from pipelines.ingest.shipped import find_shipped

_DAY = r"(20\d\d)(?:[-_.]?(0[1-9]|1[0-2])[-_.]?(0[1-9]|[12]\d|3[01])|年(1[0-2]|0?[1-9])月([12]\d|3[01]|0?[1-9])日)"
_CLOCK = r"[T _-]?([01]\d|2[0-3])[-:_.]?([0-5]\d)(?:[-:_.]?([0-5]\d))?(?![-_.]?\d)"
_NAME_DATE = re.compile(rf"(?<!\d){_DAY}(?:{_CLOCK}|(?!\d))")

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Options:
    """What a run says about all its files."""

    timezone: str = "Asia/Shanghai"
    exported_at: datetime | None = None
    accept_shrink: bool = False
    memory_limit: str = "1200MB"
    before: dict[Key, list[Before]] = field(default_factory=dict)
    """How each table was read last, where that stands in another data folder."""


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
    """What a run of ingest did: every file, every file that could not be taken, and headers that have changed."""

    files: list[FileReport] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    drift: list[Problem] = field(default_factory=list)


def connect_raw(data: Path, memory_limit: str) -> duckdb.DuckDBPyConnection:
    """Open `raw.duckdb` for writing; only ingest does so, and closes it before dbt starts."""
    data.mkdir(parents=True, exist_ok=True)
    connection = duckdb.connect(str(data / "raw.duckdb"))
    connection.execute("set TimeZone = 'UTC'")
    connection.execute("set enable_progress_bar = false")
    connection.execute("set memory_limit = ?", [memory_limit])
    connection.execute("set temp_directory = ?", [str(data / "work" / "spill")])
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
    work = data / "work"
    clear(work)
    work.mkdir(parents=True)
    try:
        session = _Session(data, contracts, mapping, options or Options(), progress)
        return session.run(exports)
    finally:
        clear(work)


class _Session:
    """One run of ingest: the landing folder, the raw database and what was made ready."""

    def __init__(
        self, data: Path, contracts: Contracts, mapping: Mapping | None, options: Options, progress: Progress
    ) -> None:
        self.data, self.work = data, data / "work"
        self.contracts, self.mapping = contracts, mapping
        self.options, self.progress = options, progress
        self.landing = Landing(data / "landing")
        self.registered: dict[str, str] = {}
        self.texts: dict[tuple[str, str | None, str | None], Text] = {}
        self.numbers = itertools.count()
        self.previous: dict[str, Delivery | None] = {}
        self.again: set[str] = set()
        self.seen: list[tuple[str, Delivery]] = []
        self.report = Report()

    def run(self, exports: Path | None) -> Report:
        """Take every file, derive raw, and say what became of each."""
        self.landing.sweep()
        found: list[Found] = []
        if exports is not None:
            found, self.report.problems = discover(exports, self.work)
        with connect_raw(self.data, self.options.memory_limit) as connection:
            raw.create_tables(connection, self.contracts, self.options.timezone)
            self.registered = dict(connection.execute("select file_id, status from registry.files").fetchall())
            for file in found:
                self.progress(file.name)
                try:
                    self._take(file)
                except WanamakerError as error:
                    self._blame(file.name, error)
                except (FileNotFoundError, PermissionError) as error:
                    if self._is_ours(error):
                        raise
                    self._blame(file.name, error)
            self._derive(connection)
            self._report_files(connection)
            self._report_drift(connection)
        return self.report

    def _is_ours(self, error: OSError) -> bool:
        """Whether an error is about the data folder, and not about an export."""
        names = [name for name in (error.filename, error.filename2) if name is not None]
        return any(Path(name).is_relative_to(self.data) for name in names)

    def _blame(self, name: str, error: Exception) -> None:
        words = str(error) if isinstance(error, WanamakerError) else "it vanished or was locked while it was read"
        self.report.problems.append(Problem(name, words))

    # taking files

    def _take(self, file: Found) -> None:
        """Recognise one file and land it for every table that it feeds; a known one is not read again.

        One of a size that never landed is new, so it is hashed and copied while its text is made ready, where that
        needs no mapping and no sheet. Whether it changed meanwhile is asked when all of that is done.
        """
        before = _stamp(file.path)
        if self.landing.may_hold(file.path):
            self._take_hashed(file, digest_of(file.path), before)
            return
        with self.landing.copying(file.path) as copied, ThreadPoolExecutor(1) as thread:
            hashing = thread.submit(digest_of, file.path)
            text = None
            if not self._entries(file) and sniff_kind(file.path) == "csv":
                text = to_text(file.path, "csv", self.work / f"new-{next(self.numbers)}.csv")
            sha256 = hashing.result()
            wait([copied])
            if text is not None:
                self.texts.setdefault((sha256, None, None), text)
            self._take_hashed(file, sha256, before)

    def _entries(self, file: Found) -> list[TableMapping]:
        return self.mapping.entries_for(file.name) if self.mapping else []

    def _take_hashed(self, file: Found, sha256: str, before: tuple[int, int]) -> None:
        entries = self._entries(file)
        if not entries and (known := self._known(file, sha256)):
            for delivery in known:
                self._see(file.name, self._accepted(delivery, is_new=False))
            return
        kind = sniff_kind(file.path)
        wanted, is_whole = self._deliveries(file, sha256, kind, entries)
        if _stamp(file.path) != before:
            self.texts = {key: text for key, text in self.texts.items() if key[0] != sha256}
            raise WanamakerError("it changed while it was read; run again when it is whole")
        landed = [self._land(file, delivery) for delivery in wanted]
        if is_whole:
            self._take_back(file.name, landed)

    def _known(self, file: Found, sha256: str) -> list[Delivery]:
        """The deliveries that this very file made before, of which raw knows."""
        exported_at, found_by = self._exported_at(file, None)
        return [
            delivery
            for delivery in self.landing.of_bytes(sha256)
            if self.registered.get(delivery.file_id, "unreadable") != "unreadable"
            and (
                delivery.exported_at == exported_at
                or (found_by == "time" and (delivery.exported_at_from != "time" or delivery.exported_at < exported_at))
            )
        ]

    def _deliveries(
        self, file: Found, sha256: str, kind: Kind, entries: list[TableMapping]
    ) -> tuple[list[Delivery], bool]:
        """What a file delivers, and whether all of it could be told; what could not is a problem of its own."""
        found: list[Delivery] = []
        problems: list[Problem] = []
        sheets: list[str | None] = [*sheet_names(file.path)] if kind == "xlsx" else [None]
        for sheet in sheets:
            mine = [entry for entry in entries if sheet is None or entry.sheet in (None, sheet)]
            if not entries:
                with suppress(WanamakerError):
                    mine = [*find_shipped(self._text(file.path, sha256, kind, sheet, None), self.contracts)]
            for part in self._grouped(file, mine) if entries or mine else [()]:
                try:
                    found += self._delivery(file, sha256, kind, sheet, part)
                except WanamakerError as error:
                    problems.append(Problem(_named(file.name, sheet), str(error)))
        if kind == "xlsx" and not found and not problems:
            hidden = ", ".join(hidden_sheets(file.path))
            said = f"; hidden sheets are not read ({hidden}): show them if they are meant" if hidden else ""
            problems.append(Problem(file.name, f"no sheet of the workbook holds anything{said}"))
        self.report.problems += problems
        return found, not problems

    def _grouped(self, file: Found, entries: Iterable[TableMapping]) -> list[tuple[TableMapping, ...]]:
        """Entries by what they deliver: those of one table and day are read together."""
        groups: dict[tuple[str, str, datetime], list[TableMapping]] = {}
        for entry in entries:
            groups.setdefault((entry.source, entry.table, self._exported_at(file, entry)[0]), []).append(entry)
        return [tuple(group) for group in groups.values()]

    def _delivery(
        self, file: Found, sha256: str, kind: Kind, sheet: str | None, entries: tuple[TableMapping, ...]
    ) -> list[Delivery]:
        """The deliveries that a file, or a sheet of it, makes; none where the sheet is empty."""
        name = _named(file.name, sheet)
        if entries:
            if len({(entry.load, entry.key) for entry in entries}) > 1:
                raise WanamakerError(f"the mapping's entries for {entries[0].table} disagree on load or key")
            tables = [(entries[0].source, entries[0].table)]
            when, found_by = self._exported_at(file, entries[0])
        else:
            text = self._text(file.path, sha256, kind, sheet, None)
            if sheet is not None and not text.records:
                return []
            match = recognise(text, name, self.contracts)
            matches = [match, *beside(match, self.contracts)]
            tables = [(each.table.source, each.table.name) for each in matches]
            when, found_by = self._exported_at(file, None, match)
        mapping = tuple(entry.model_dump(mode="json") for entry in entries)
        deliveries = [Delivery(sha256, name, sheet, *table, when, found_by, mapping) for table in tables]
        for delivery in deliveries:
            settled = self.landing.settle(delivery)
            if self.landing.known(settled) != settled:
                for recipe, text in self.recipes(settled, file.path, kind):
                    if sheet is not None and not text.records:
                        return []
                    check_recipe(recipe)
        return deliveries

    def _land(self, file: Found, delivery: Delivery) -> Delivery:
        """Keep a delivery; the one whose place it takes is remembered until it has been read."""
        settled = self.landing.settle(delivery)
        if self.registered.get(settled.file_id) == "unreadable":
            self.landing.renew(settled, file.path)
            self.again.add(settled.file_id)
        previous = self.landing.known(settled)
        settled = self._accepted(self.landing.add(delivery, file.path), is_new=previous is None)
        if previous != settled:
            self.previous[settled.file_id] = previous
        self._see(file.name, settled)
        return settled

    def _accepted(self, delivery: Delivery, *, is_new: bool) -> Delivery:
        """The delivery, accepted as it is where this run says so and it matters."""
        if self.options.accept_shrink and (is_new or self.registered.get(delivery.file_id) == "shrunk"):
            return self.landing.accept(delivery)
        return delivery

    def _take_back(self, name: str, landed: list[Delivery]) -> None:
        """Take back what this very file was read as before and is no more, because mapping or contract changed.

        Another day given by `--exported-at` is another delivery, not a correction.
        """
        ids = {delivery.file_id for delivery in landed}
        for old in self.landing.of_bytes(landed[0].sha256) if landed else []:
            if old.file_id in ids or old.name != _named(name, old.sheet):
                continue
            by_option = any(
                new.is_same_part(old) and new.exported_at_from == old.exported_at_from == "option" for new in landed
            )
            if not by_option:
                self.landing.remove(old)

    def _see(self, name: str, delivery: Delivery) -> None:
        self.seen.append((_named(name, delivery.sheet), delivery))

    def _exported_at(self, file: Found, entry: TableMapping | None, match: Match | None = None) -> tuple[datetime, str]:
        """When the file was exported, and how that is known: mapping, name, content, option or time."""
        if entry is not None and entry.exported_at:
            return datetime.fromisoformat(entry.exported_at), "mapping"
        for part in reversed(file.name.split("/")):
            if dates := _dates_in(part):
                return dates[-1], "name"
        if match and (moment := stated_export(match.table, match.layout)):
            return moment, "content"
        if self.options.exported_at is not None:
            return self.options.exported_at, "option"
        moment = file.modified_at
        if moment.tzinfo is not None:
            moment = moment.astimezone(ZoneInfo(self.options.timezone)).replace(tzinfo=None)
        return moment, "time"

    # making ready

    def _text(self, path: Path, sha256: str, kind: Kind, sheet: str | None, encoding: str | None) -> Text:
        """A file or sheet as UTF-8 CSV, made once a run."""
        key = (sha256, sheet, encoding)
        if key not in self.texts:
            name = hashlib.sha256("|".join(map(str, key)).encode()).hexdigest()[:24]
            self.texts[key] = to_text(path, kind, self.work / f"{name}.csv", encoding=encoding, sheet=sheet)
        text = self.texts[key]
        return replace(text, path=path if text.path == text.original else text.path, original=path)

    def recipes(self, delivery: Delivery, path: Path, kind: Kind) -> list[tuple[Recipe, Text]]:
        """How a delivery is read by today's contract: once for each mapping entry, else by its headers."""
        table = self.contracts.table(delivery.source, delivery.table)
        recipes = []
        for entry in delivery.entries or [None]:
            text = self._text(path, delivery.sha256, kind, delivery.sheet, entry.encoding if entry else None)
            if entry is not None:
                layout, day = mapped_layout(text, entry), str(delivery.exported_at.date())
                recipes.append((Recipe(table, layout, {}, entry, delivery.name, exported_on=day), text))
            else:
                match = layout_for(text, table)
                fixed = constants(table, match.layout, match.columns)
                recipes.append((Recipe(table, match.layout, match.columns, None, delivery.name, fixed), text))
        return recipes

    # deriving raw

    def _derive(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Bring every table in line with what landed: from the earliest snapshot that differs on."""
        landed = self.landing.deliveries
        since: dict[tuple[str, str], datetime] = {}

        def differs(source: str, table: str, at: datetime) -> None:
            since[source, table] = min(at, since.get((source, table), at))

        columns = "file_id, reading_id, source, table_name, exported_at, name"
        derived = {row[0]: row[1:] for row in connection.execute(f"select {columns} from registry.files").fetchall()}
        for file_id, (_, source, table_name, at, _) in derived.items():
            if file_id not in landed or file_id in self.again:
                differs(source, table_name, at)
        for file_id, delivery in landed.items():
            if file_id not in derived or derived[file_id][0] != delivery.reading_id:
                differs(delivery.source, delivery.table, delivery.exported_at)
            elif derived[file_id][-1] != delivery.name:
                connection.execute("update registry.files set name = ? where file_id = ?", [delivery.name, file_id])
        for table in self.contracts.tables:
            if (at := since.get((table.source, table.name))) is not None:
                self._replay(connection, table, at)

    def _replay(self, connection: duckdb.DuckDBPyConnection, table: Table, since: datetime) -> None:
        """Delete a table's rows from `since` on and append every snapshot again, in order."""
        snapshots: dict[datetime, list[Delivery]] = {since: []}
        for delivery in self.landing.deliveries.values():
            if (delivery.source, delivery.table) == (table.source, table.name) and delivery.exported_at >= since:
                snapshots.setdefault(delivery.exported_at, []).append(delivery)
        for exported_at, deliveries in sorted(snapshots.items()):
            deliveries.sort(key=lambda delivery: (delivery.sha256, delivery.sheet or ""))
            entries = [entry for delivery in deliveries if (entry := self._read(connection, delivery))]
            with raw.transaction(connection):
                if exported_at == since:
                    raw.forget(connection, table, since)
                raw.add_snapshot(connection, table, exported_at, entries)
            for reading in (reading for entry in entries for reading in entry.readings):
                reading.drop(connection)

    def _read(self, connection: duckdb.DuckDBPyConnection, delivery: Delivery) -> raw.Loaded | None:
        """Read one delivery into temporary tables; what cannot be read is a problem of its file.

        A new delivery that cannot be read is taken back, and what it took the place of stands again; one
        that could be read before stays, without rows, until its bytes, contract or mapping are mended.
        """
        self.progress(delivery.name)
        try:
            return self._read_whole(connection, delivery)
        except WanamakerError as error:
            self.report.problems.append(Problem(delivery.name, str(error)))
            reason = str(error)
        if delivery.file_id not in self.previous:
            return raw.Loaded(delivery, [], notes=[reason], status="unreadable")
        previous = self.previous.pop(delivery.file_id)
        if previous is None:
            self.landing.remove(delivery)
            return None
        self.landing.write(previous)
        return self._read(connection, previous)

    def _read_whole(self, connection: duckdb.DuckDBPyConnection, delivery: Delivery) -> raw.Loaded:
        path = self.landing.bytes_of(delivery.sha256)
        is_new = delivery.file_id in self.previous
        if not is_new and not self.landing.is_sound(delivery):
            raise WanamakerError(f"its bytes in landing are missing or damaged ({path.name}); load the file again")
        notes: list[str] = []
        readings: list[Reading] = []
        recipes = self.recipes(delivery, path, sniff_kind(path))
        for number, (recipe, text) in enumerate(recipes):
            name = f"read_{delivery.file_id}_{number}"
            reading = read(connection, text, recipe, self.options.timezone, name, self.work)
            if recipe.layout.titles:
                reading.skipped += len(recipe.layout.titles)
                notes.append("above the header: " + " | ".join(recipe.layout.titles))
            readings.append(reading)
            notes += text.notes
        recipe, text = recipes[0]
        encoding = text.encoding if text.kind == "csv" else text.kind
        return raw.Loaded(delivery, readings, encoding, recipe.layout.headers, notes)

    def _report_files(self, connection: duckdb.DuckDBPyConnection) -> None:
        """One line for every file seen in this run, in the order seen."""
        names = (
            "table_name, status, rows_read, loaded, unchanged, duplicate, rejected, excluded, "
            "skipped, rounded, deleted, notes, exported_at"
        )
        found = connection.execute(f"select file_id, {names} from registry.files").fetchall()
        rows = {file_id: values for file_id, *values in found}
        blamed = {problem.name for problem in self.report.problems}
        stands = {
            (name, file_id): None for name, seen in self.seen for file_id in self._stand_for(seen) if file_id in rows
        }
        for name, file_id in stands:
            report = FileReport(name, *rows[file_id])
            if report.status != "unreadable":
                self.report.files.append(report)
            elif name not in blamed:
                self.report.problems.append(Problem(name, report.notes))

    def _stand_for(self, seen: Delivery) -> list[str]:
        """The ids of what stands for a delivery: its own, or where the same bytes came better dated, theirs."""
        same = [other.file_id for other in self.landing.of_bytes(seen.sha256) if other.is_same_part(seen)]
        return [seen.file_id] if seen.file_id in same else same

    def _report_drift(self, connection: duckdb.DuckDBPyConnection) -> None:
        """What has changed in the new files, each compared with the deliveries of its table before it."""
        rows = connection.execute(
            """
            select file_id, source, table_name, rows_read, headers, exported_at
            from registry.files
            where pattern is null and status <> 'unreadable' and len(headers) > 0
            order by exported_at, file_id
            """
        ).fetchall()
        names = {seen.file_id: name for name, seen in self.seen}
        earlier: dict[datetime, dict[Key, list[Before]]] = {}
        for file_id, source, table_name, rows_read, headers, exported_at in rows:
            if file_id not in names or file_id in self.registered:
                continue
            if exported_at not in earlier:
                earlier[exported_at] = self.options.before | before(connection, "registry", exported_at)
            words = drift(self.contracts.table(source, table_name), headers, earlier[exported_at])
            words += retyped(connection, file_id, rows_read)
            self.report.drift += [Problem(names[file_id], each) for each in words]


def _named(name: str, sheet: str | None) -> str:
    """A sheet is named after its file: `book.xlsx[Invoices]`."""
    return f"{name}[{sheet}]" if sheet else name


def _stamp(path: Path) -> tuple[int, int]:
    found = path.stat()
    return found.st_size, found.st_mtime_ns


def _dates_in(name: str) -> list[datetime]:
    """The days, with the time where it is given, in a file's name."""
    dates = []
    for match in _NAME_DATE.finditer(name):
        numbers = [int(part) if part else 0 for part in match.groups()]
        year, month, day, local_month, local_day, *clock = numbers
        hour, minute, second = clock
        try:
            moment = datetime(year, month or local_month, day or local_day, hour, minute, second)  # noqa: DTZ001
        except ValueError:
            continue
        dates.append(moment)
    return dates


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
            """
            select name, table_name, record, line, column_name, value, reason
            from registry.rejects inner join registry.files using (file_id)
            order by name, table_name, record, column_name
            """
        )
        names = [column[0] for column in cursor.description or ()]
        return report, [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


__all__ = ["FileReport", "Options", "Problem", "Reading", "Report", "check", "connect_raw", "ingest"]


def lines_in_files(data: Path, contracts: Contracts, records: dict[str, list[int]]) -> dict[tuple[str, int], int]:
    """The line, or the sheet's row, on which each record of a delivery begins, read from what landed.

    `records` holds the numbers of records by file_id; a place that cannot be told (Parquet, bytes that are gone) is
    left out.
    """
    found: dict[tuple[str, int], int] = {}
    with tempfile.TemporaryDirectory() as folder:
        session = _Session(data, contracts, None, Options(), lambda _: None)
        session.work = Path(folder)
        for file_id, wanted in records.items():
            delivery = session.landing.deliveries.get(file_id)
            if delivery is None or not session.landing.is_sound(delivery):
                continue
            path = session.landing.bytes_of(delivery.sha256)
            with suppress(WanamakerError):
                recipe, text = session.recipes(delivery, path, sniff_kind(path))[0]
                lines = lines_of(text, recipe.layout.delimiter, recipe.layout.skip, sorted(wanted))
                found |= {(file_id, record): line for record, line in lines.items()}
    return found
