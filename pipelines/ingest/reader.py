"""Read one text into a typed temporary table; what cannot be read becomes rejects, never a stop."""

from __future__ import annotations

import csv
import difflib
import io
import itertools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from pipelines.contracts import Column, normalise_name
from pipelines.errors import WanamakerError
from pipelines.ingest import cells as cell_sql
from pipelines.ingest import expressions
from pipelines.ingest.cells import PLAIN, Style, identifier, quoted
from pipelines.ingest.decode import LONGEST_RECORD, PADDING, Text
from pipelines.ingest.lines import lines_of
from pipelines.ingest.quotes import mend, swallows_rows
from pipelines.ingest.recipe import Feed, Recipe
from pipelines.ingest.recognise import Layout
from pipelines.ingest.rows import expanded, range_problem

_LONGEST_VALUE = 2000
_MOST_TOTALS = 20
_INVALID = "INVALID ENCODING"
_SAMPLE = 5000
_SAMPLE_PAYS_FROM = 20_000


@dataclass
class Reading:
    """What reading one text gave.

    The temporary table `<name>` holds the good rows among others, `relation` selects them: the contract's
    columns and `_row_number`; `<name>_rejects` holds the rest, `<name>_spared` the keys of rejected rows.
    The counts tie: read = good + excluded + rejected. Where a record becomes several rows, each is counted.
    """

    name: str
    text: Text
    layout: Layout
    relation: str = ""
    read: int = 0
    excluded: int = 0
    rejected: int = 0
    skipped: int = 0
    rounded: int = 0
    notes: list[str] = field(default_factory=list)

    @property
    def good(self) -> int:
        """Rows that can be loaded."""
        return self.read - self.excluded - self.rejected

    def lines_of(self, records: list[int]) -> dict[int, int]:
        """The line of the file on which each of these records begins."""
        return lines_of(self.text, self.layout.delimiter, self.layout.skip, records)

    def drop(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Remove the temporary tables."""
        for suffix in ("", "_rejects", "_spared", "_gaps"):
            connection.execute(f"drop table if exists {self.name}{suffix}")


@dataclass(frozen=True)
class _Broken:
    """A record whose shape is wrong: its number, its text and why."""

    record: int
    text: str
    reason: str
    cells: list[str]


def read(
    connection: duckdb.DuckDBPyConnection, text: Text, recipe: Recipe, timezone: str, name: str, work: Path
) -> Reading:
    """Read `text` into temporary tables whose names begin with `name`; work copies go to `work`.

    Raises WanamakerError where no row can be trusted: an expression over a header that the file lacks, a
    date column that two formats fit equally well, or quotes so damaged that rows cannot be told apart.
    """
    reader = _Reader(connection, text, recipe, timezone, name, work)
    reader.guess_styles()
    reader.load()
    if reader.choose_styles():
        reader.load()
    return reader.separate()


def check_recipe(recipe: Recipe) -> dict[str, str]:
    """For each column that a mapping feeds, and `where`, SQL over the headers.

    Raises WanamakerError where the file lacks a header that an expression names.
    """
    if recipe.entry is None:
        return {}
    headers = _unique(recipe.layout.headers)
    return {
        name: _resolve(text, headers, f"{recipe.table.name}.{name}") for name, text in recipe.entry.expressions.items()
    }


class _Reader:
    """One reading: the text, how its cells become columns, and the styles chosen so far."""

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        text: Text,
        recipe: Recipe,
        timezone: str,
        name: str,
        work: Path,
    ) -> None:
        self.connection, self.text, self.recipe = connection, text, recipe
        self.timezone, self.name, self.work = timezone, name, work
        self.width = len(recipe.layout.headers)
        self.missing = (*cell_sql.MISSING, *recipe.table.source_meta.missing)
        self.cell = _free_prefix(recipe.layout.headers)
        self.expressions = check_recipe(recipe)
        self.feeds = list(recipe.feeds(self.cell))
        self.styles = {feed.target: _stated_style(feed.column, recipe) for feed in self.feeds}
        self.stated = dict(self.styles)
        self.broken: list[_Broken] = []
        self.overwritten: dict[int, tuple[str, str]] | None = None
        connection.execute(
            f"create or replace temp table {name}_rejects "
            "(record bigint, column_name varchar, value varchar, reason varchar, raw_row varchar[])"
        )

    # the text as a relation

    def _rows(self, most: int | None = None) -> str:
        """The text as columns of text, by position; the first rows only where `most` is given."""
        columns = ", ".join(f"'{self.cell}{position}': 'varchar'" for position in range(self.width))
        missing = ", ".join(quoted(word) for word in self.missing)
        read_csv = (
            f"read_csv({quoted(str(self.text.path))}, auto_detect = false, header = false, "
            f"skip = {self.recipe.layout.skip}, delim = {quoted(self.recipe.layout.delimiter)}, "
            f"quote = '\"', escape = '\"', columns = {{{columns}}}, nullstr = [{missing}], "
            "store_rejects = true, rejects_limit = 0, "
            f"max_line_size = {LONGEST_RECORD}, buffer_size = {LONGEST_RECORD * 2})"
        )
        return read_csv if most is None else f"(from {read_csv} limit {most})"

    def _cells(self, most: int | None = None) -> str:
        """The file's cells, trimmed where they may be padded, and `m_<column>` for what a mapping computes."""
        names = [f"{self.cell}{position}" for position in range(self.width)]
        trimmed = [f"{self._trimmed(name)} as {name}" for name in names] if self.text.padding else names
        rows = f"select {', '.join(trimmed)} from {self._rows(most)}"
        if self.recipe.entry is None:
            return rows
        headers = _unique(self.recipe.layout.headers)
        aliases = [f"{name} as {identifier(header)}" for name, header in zip(names, headers, strict=True)]
        file_name = quoted(self.recipe.file_name.rsplit("/", 1)[-1])
        own = [f"{self._record_number()} as _row_number"] if self._uses("_row_number") else []
        own += [f"{file_name} as _file_name", f"{quoted(' | '.join(self.recipe.layout.titles))} as _titles"]
        own.append(f"{quoted(self.recipe.exported_on)} as _exported_on")
        base = f"select {', '.join([*names, *aliases, *own])} from ({rows})"
        computed = [
            f"cast(({text}\n) as {'boolean' if name == 'where' else 'varchar'}) as m_{name}"
            for name, text in self.expressions.items()
        ]
        return f"select {', '.join([*names, *computed])} from ({base})"

    def _trimmed(self, cell: str) -> str:
        """A cell without the spaces around it; most have none, which is quickly seen."""
        bare = f"trim({cell}, {quoted(PADDING)})"
        words = quoted("|".join(re.escape(word) for word in self.missing))  # as a list they would cost every row
        trimmed = f"case when not regexp_full_match({bare}, {words}) then {bare} end"
        sides = [f"{side}({cell}, {quoted(space)})" for space in self.text.padding for side in ("prefix", "suffix")]
        return f"case when {' or '.join(sides)} then {trimmed} else {cell} end"

    def _record_number(self) -> str:
        """A row's record number while it is read: its place, and the broken records before it."""
        gaps = [broken.record for broken in self.broken]
        place = "row_number() over ()"
        # the n-th gap shifts every row from place (gap - n) on
        shifts = [gap - number for number, gap in enumerate(gaps)]
        return f"{place} + len(list_filter({shifts}::bigint[], lambda shift: shift <= {place}))" if gaps else place

    def _uses(self, name: str) -> bool:
        stated = self.recipe.entry.expressions if self.recipe.entry is not None else {}
        return any(name in expressions.parse(text).headers for text in stated.values())

    @property
    def _total(self) -> str:
        """Whether a row repeats money, or is a footer: its first filled cell says so, or what it leaves empty."""
        conditions = []
        if self.recipe.table.total_rows:
            first = f"coalesce({', '.join(f'{self.cell}{position}' for position in range(self.width))}, '')"
            conditions.append(f"regexp_full_match({first}, {quoted(self._total_pattern)})")
        filled = [feed.cell for feed in self.feeds if feed.target in self.recipe.table.meta.total_when_empty]
        if filled:
            conditions.append(f"coalesce({', '.join(filled)}) is null")
        return f"({' or '.join(conditions) or 'false'})"

    @property
    def _total_pattern(self) -> str:
        return f"(?i)({'|'.join(self.recipe.table.total_rows)})"

    @property
    def _excluded(self) -> str:
        return "not coalesce(m_where, false)" if "where" in self.expressions else "false"

    # loading

    def load(self) -> None:
        """Fill the temporary table, and be sure that no record was lost on the way."""
        rows = self._load_once()
        if self.overwritten is None and (not self._ties(rows) or self._looks_swallowed()):
            target = self.work / f"{self.name}.mended"
            self.text, self.overwritten = mend(self.text, self.recipe.layout.delimiter, self.width, target)
            rows = self._load_once() if self.text.path == target else rows
        if not self._ties(rows):
            found = rows + len(self.broken)
            raise WanamakerError(
                f"of {self.text.records - self.recipe.layout.skip:,} rows only {found:,} can be told apart: "
                "the quotes in the file are damaged; export it again"
            )
        if self.broken and self._uses("_row_number"):
            self._fill()

    def _load_once(self) -> int:
        """Fill the table and find the broken records; gives the number of rows."""
        self.broken = []
        self._fill()
        self.broken = self._find_broken()
        row = self.connection.execute(f"select count(*) from {self.name}").fetchone()
        return int(row[0]) if row else 0

    def _ties(self, rows: int) -> bool:
        return rows + len(self.broken) == self.text.records - self.recipe.layout.skip

    def _fill(self, most: int | None = None) -> None:
        """Typed columns of every row, or of the first, and its cells where something is wrong with it."""
        self.connection.execute("drop table if exists reject_errors; drop table if exists reject_scans")
        try:
            self.connection.execute(f"create or replace temp table {self.name} as {self._typed_rows(most)}")
        except duckdb.InvalidInputException as error:
            raise WanamakerError(f"it cannot be read ({_first_line(error)}); export it again") from error
        except (duckdb.BinderException, duckdb.ConversionException, duckdb.OutOfRangeException) as error:
            if self.recipe.entry is None:
                raise
            table = self.recipe.table.name
            raise WanamakerError(
                f"the mapping of {table} cannot be computed on this file: {_first_line(error)}"
            ) from error

    def _typed_rows(self, most: int | None) -> str:
        """Cells, then dates as strptime reads them, then values, then what is wrong: each is computed once a row."""
        moments, values, bad, rounding = [], {}, [], []
        for number, feed in enumerate(self.feeds):
            cell, style, parsed = feed.scaled, self.styles[feed.target], None
            if moment := cell_sql.moment(feed.column, cell, style, self.timezone):
                parsed = f"_moment_{number}"
                moments.append(f"{moment} as {parsed}")
            value = f"_value_{number}"
            values[feed.target] = value, cell_sql.typed(feed.column, cell, style, self.timezone, parsed)
            bad += cell_sql.is_bad(feed.column, cell, value)
            if check := cell_sql.rounded(feed.column, cell, style, value):
                rounding.append(check)
        if (spread := self.recipe.spread) and self.recipe.until:
            problems = range_problem(values[spread.since][0], values[spread.until][0])
            bad += [f"coalesce({condition}, false)" for condition, _ in problems]
        select = [f"{value} as {identifier(target)}" for target, (value, _) in values.items()]
        select += [
            f"cast(null as {column.type}) as {identifier(column.name)}"
            for column in self.recipe.table.columns
            if column.name not in values
        ]
        is_bad = " or ".join(bad) or "false"
        raw = ", ".join(f"{self.cell}{position}" for position in range(self.width))
        computed = [feed.cell for feed in self.feeds if feed.cell.startswith("m_")] if self.recipe.entry else []
        kept = f"case when {is_bad} then [{', '.join(computed)}] end" if computed else "null"
        may_round = " or ".join(may_be for may_be, _ in rounding) or "false"
        is_rounded = " + ".join(f"cast({exact} as utinyint)" for _, exact in rounding) or "0"
        typed = [f"{sql} as {value}" for value, sql in values.values()]
        typed += [f"{self._excluded} as _excluded", f"{self._total} as _is_total"]
        return f"""
            select
                {", ".join(select)},
                case when {may_round} then {is_rounded} else 0 end as _rounded,
                _excluded,
                _is_total,
                case when {is_bad} or _is_total then [{raw}] end as _raw,
                {kept} as _computed
            from (
                select *, {", ".join(typed)}
                from (select {", ".join(["*", *moments])} from ({self._cells(most)}))
            )
            """

    # records whose shape is wrong

    def _errors(self) -> list[tuple[int, int, str, str]]:
        """The reader's own rejects: record from the top, byte it begins on, kind and text, one a record."""
        return self.connection.execute(
            """
            select line, any_value(line_byte_position) - 1, min(error_type::varchar), any_value(csv_line)
            from reject_errors
            group by line
            order by line
            """
        ).fetchall()

    def _looks_swallowed(self) -> bool:
        """Whether some rejected record spans lines, as a quote that never closes makes it, or a cell holds rows."""
        errors = [content for _, _, _, content in self._errors()]
        if "" in errors:  # beyond what the reader holds
            return True
        if self.text.kind != "csv" or not self.text.span_lines:
            return False
        spans = any("\n" in content.strip("\r\n") for content in errors)
        return spans or swallows_rows(self.text, self.recipe.layout.delimiter, self.width)

    def _find_broken(self) -> list[_Broken]:
        skip = self.recipe.layout.skip
        found = []
        for line, position, kind, content in self._errors():
            text, reason = content.strip("\r\n"), ""
            if kind == _INVALID:
                start, text = self._line_at(position)
                text, reason = (self.overwritten or {}).get(start, (text, reason))
            cells = self._split(text)
            if self.text.kind == "json":
                text = cells[0]
            found.append(_Broken(line - skip, text, reason or self._reason(kind, text), cells))
        return found

    def _line_at(self, position: int) -> tuple[int, str]:
        """The line at a byte position of the text, and where it really begins."""
        with self.text.path.open("rb") as stream:
            stream.seek(position)
            line = stream.readline(LONGEST_RECORD)
            while line and not line.strip(b"\r\n"):
                position += len(line)
                line = stream.readline(LONGEST_RECORD)
        return position, line.decode("utf-8", "replace").rstrip("\r\n")

    def _reason(self, kind: str, text: str) -> str:
        if kind == _INVALID:
            return f"holds bytes that are not valid {self.text.encoding.upper()}"
        if kind == "LINE SIZE OVER MAXIMUM":
            return f"is longer than {LONGEST_RECORD // 2**20} MiB"
        if self.text.kind == "json":
            return "is not a JSON object"
        if kind in ("MISSING COLUMNS", "TOO MANY COLUMNS"):
            return f"has {len(self._split(text))} cells, the header has {self.width}"
        return "has a quote that never closes" if text.count('"') % 2 else "has a quote in a cell that is not doubled"

    def _split(self, text: str) -> list[str]:
        """The cells of a broken record, as far as they can be told apart."""
        try:
            return next(csv.reader(io.StringIO(text, newline=""), delimiter=self.recipe.layout.delimiter), [])
        except csv.Error:
            return [text]

    # the style of columns that cannot be read plainly

    def guess_styles(self) -> None:
        """Choose styles by the first rows of a long text, so that it need not be read twice.

        Only a style that no other equals is taken: if every cell of the column then fits it, the whole column
        would have chosen the same, and where one does not, the whole column chooses.
        """
        if self.text.records >= _SAMPLE_PAYS_FROM:
            self._fill(_SAMPLE)
            self._choose_styles(_SAMPLE)

    def choose_styles(self) -> bool:
        """Choose a style for each column that has a cell that it cannot read so far; whether any is another now."""
        before = dict(self.styles)
        self._choose_styles()
        return self.styles != before

    def _choose_styles(self, most: int | None = None) -> None:
        """Choose by all cells; by those of the first rows only where that is sure."""
        failing = self._failing_feeds()
        if most is None:
            failing = [feed for feed in failing if not self._settled(feed)]
        if not failing:
            return
        cells = f"{self.name}_cells"
        picked = ", ".join(f"{feed.scaled} as {identifier(feed.target)}" for feed in failing)
        self.connection.execute(
            f"create or replace temp table {cells} as "
            f"select {picked} from ({self._cells(most)}) where not {self._excluded} and not {self._total}"
        )
        for feed in failing:
            self.styles[feed.target] = cell_sql.choose_style(
                self.connection,
                feed.column,
                f"(select {identifier(feed.target)} as cell from {cells})",
                feed.header,
                self.recipe.locale,
                self.timezone,
                only_if_sure=most is not None,
            )
        self.connection.execute(f"drop table {cells}")

    def _settled(self, feed: Feed) -> bool:
        """Whether the cells that cannot be read settle the style without a look at all the others.

        Dates that are read plainly have no say in a choice. Otherwise the style stands where no other reads any of
        those cells: the others then read no more of the column than it does.
        """
        style, cell = self.styles[feed.target], feed.of_bad_row.scaled
        value = cell_sql.typed(feed.column, cell, style, self.timezone)
        cells = (
            f"(select {cell} as cell from {self.name} where _raw is not null and not _excluded and not _is_total "
            f"and {cell} is not null and {value} is null)"
        )
        if style == PLAIN and feed.column.type in ("date", "timestamp"):
            self.styles[feed.target] = cell_sql.choose_style(
                self.connection, feed.column, cells, feed.header, self.recipe.locale, self.timezone
            )
            return True
        return not cell_sql.any_readable(self.connection, feed.column, cells, self.recipe.locale, self.timezone)

    def _failing_feeds(self) -> list[Feed]:
        """Dates and numbers of no stated style with a cell that cannot be read in the style so far."""
        candidates = [
            feed
            for feed in self.feeds
            if self.stated[feed.target] == PLAIN
            and (feed.column.type in ("date", "timestamp", "bigint") or feed.column.type.startswith("decimal"))
        ]
        if not candidates:
            return []
        checks = []
        for feed in candidates:
            cell = feed.of_bad_row.scaled
            value = cell_sql.typed(feed.column, cell, self.styles[feed.target], self.timezone)
            checks.append(f"bool_or({cell} is not null and {value} is null)")
        row = self.connection.execute(
            f"select {', '.join(checks)} from {self.name} where _raw is not null and not _excluded and not _is_total"
        ).fetchone()
        return [feed for feed, fails in zip(candidates, row or (), strict=True) if fails]

    # good rows and rejects

    def separate(self) -> Reading:
        """Number the records, write the rejects, count, and drop nothing unseen."""
        reading = Reading(self.name, self.text, self.recipe.layout)
        place = self._place()
        header = "[" + ", ".join(quoted(cell) for cell in self.recipe.layout.headers) + "]"
        is_blank = f"_raw is not null and (list_aggregate(_raw, 'count') = 0 or _raw = {header})"
        counts = self.connection.execute(
            f"""
            select
                count(*) filter (not ({is_blank}) and not _is_total),
                count(*) filter (_excluded and not ({is_blank}) and not _is_total),
                count(*) filter ({is_blank}),
                count(*) filter (_is_total and not ({is_blank})),
                sum(_rounded) filter (_raw is null and not _excluded)
            from {self.name}
            """
        ).fetchone()
        rows, excluded, blank, totals, rounded = (int(count or 0) for count in counts or ())
        filled = [broken for broken in self.broken if broken.text.strip()]
        blank += len(self.broken) - len(filled)
        footers = [broken for broken in filled if self._is_footer(broken)]
        filled = [broken for broken in filled if broken not in footers]
        bad = self._reject_rows(f"_raw is not null and not _excluded and not _is_total and not ({is_blank})", place)
        self._reject_broken(filled)
        reading.relation = self._numbered("_raw is null and not _excluded", place, "_row_number")
        good = rows - excluded - bad
        if self.recipe.makes_rows:
            reading.relation = expanded(self.recipe, reading.relation)
            reading.notes += self._rows_note(good, good := self._count(reading.relation))
        reading.read, reading.excluded, reading.rejected = (
            good + excluded + bad + len(filled),
            excluded,
            bad + len(filled),
        )
        reading.skipped, reading.rounded = blank + totals + len(footers), rounded
        reading.notes += [f"{name} made of {', '.join(parts)}" for name, parts in self.recipe.made.items()]
        reading.notes += self._style_notes()
        if totals or footers:
            reading.notes.append("total rows left out: " + self._texts_of_totals(footers))
        if blank:
            reading.notes.append(f"{blank} empty rows or repeated headers left out")
        return reading

    def _count(self, relation: str) -> int:
        row = self.connection.execute(f"select count(*) from {relation}").fetchone()
        return int(row[0]) if row else 0

    def _rows_note(self, records: int, rows: int) -> list[str]:
        """What became of records that are several rows, or none."""
        if records == rows:
            return []
        if spread := self.recipe.spread:
            days = f"min({identifier(spread.since)}), max({identifier(self.recipe.until or spread.since)})"
            first, last = self.connection.execute(f"select {days} from {self.name} where _raw is null").fetchone() or ()
            return [f"{records:,} records for {first} to {last} spread evenly over their days: {rows:,} rows"]
        return [f"{records:,} records hold {rows:,} rows"]

    def _is_footer(self, broken: _Broken) -> bool:
        """Whether a record of another shape is a total or a vendor's footer."""
        first = next((cell.strip() for cell in broken.cells if cell.strip()), "")
        return bool(self.recipe.table.total_rows) and re.fullmatch(self._total_pattern, first) is not None

    def _texts_of_totals(self, footers: list[_Broken]) -> str:
        """The totals and footers as they stand in the file, the first few of them."""
        rows = (
            f"select array_to_string(_raw, ' ') from {self.name} where _is_total and list_aggregate(_raw, 'count') > 0"
        )
        texts = [row[0] for row in self.connection.execute(f"{rows} limit {_MOST_TOTALS + 1}").fetchall()]
        texts += [" ".join(broken.cells) for broken in footers]
        return " | ".join(texts[:_MOST_TOTALS]) + (" | …" if len(texts) > _MOST_TOTALS else "")

    def _style_notes(self) -> list[str]:
        """What a person should know of the styles that were chosen here."""
        chosen = {name: style for name, style in self.styles.items() if style != self.stated[name]}
        notes = [f"{name} read as {style.words}" for name, style in chosen.items() if style.dates]
        commas = [name for name, style in chosen.items() if style.decimal == ","]
        return notes + [f"{name} read with a decimal comma" for name in commas]

    def _place(self) -> str:
        """SQL for the record number of `rows`: its place, and as many as the broken records before it."""
        if not self.broken:
            return "rows.place"
        gaps = {broken.record - number: number for number, broken in enumerate(self.broken, 1)}
        self.connection.execute(
            f"create or replace temp table {self.name}_gaps as "
            "select unnest(?::bigint[]) as after_place, unnest(?::bigint[]) as gap",
            [list(gaps), list(gaps.values())],
        )
        return "rows.place + coalesce(gaps.gap, 0)"

    def _numbered(self, condition: str, place: str, name: str) -> str:
        """The rows under a condition, each with its record number."""
        rows = f"(select *, rowid + 1 as place from {self.name}) as rows"
        if self.broken:
            rows += f" asof left join {self.name}_gaps as gaps on rows.place > gaps.after_place"
        return f"(select rows.*, {place} as {name} from {rows} where {condition})"

    def _reject_rows(self, condition: str, place: str) -> int:
        """Write a reject for each cell that cannot be read; gives the number of rows."""
        bad = f"{self.name}_bad"
        self.connection.execute(
            f"create or replace temp table {bad} as from {self._numbered(condition, place, '_record')}"
        )
        count = self._count(bad)
        keys = ", ".join(identifier(name) for name in self.recipe.table.meta.key) or "_record"
        self.connection.execute(f"create or replace temp table {self.name}_spared as select {keys} from {bad}")
        for feed in self.feeds if count else ():
            self._reject_cells(feed.of_bad_row, bad)
        self.connection.execute(f"drop table {bad}")
        return count

    def _reject_cells(self, feed: Feed, bad: str) -> None:
        style = self.styles[feed.target]
        value = cell_sql.typed(feed.column, feed.scaled, style, self.timezone)
        reasons = cell_sql.problem(feed.column, feed.scaled, value, style)
        if self.recipe.spread and feed.target == self.recipe.until:
            reasons += range_problem(identifier(self.recipe.spread.since), value)
        if not reasons:
            return
        cases = " ".join(f"when {condition} then {quoted(reason)}" for condition, reason in reasons)
        header = quoted(feed.header)
        self.connection.execute(
            f"""
            insert into {self.name}_rejects
            select _record, {header}, {feed.cell}, case {cases} end as reason, _raw
            from {bad}
            where reason is not null
            """
        )

    def _reject_broken(self, broken: Sequence[_Broken]) -> None:
        if not broken:
            return
        columns = list(zip(*((each.record, each.text[:_LONGEST_VALUE], each.reason) for each in broken), strict=True))
        raw = [each.cells for each in broken]
        self.connection.execute(
            f"""
            insert into {self.name}_rejects
            select record, null, value, reason, raw_row from (
                select
                    unnest(?::bigint[]) as record,
                    unnest(?::varchar[]) as value,
                    unnest(?::varchar[]) as reason,
                    unnest(?::varchar[][]) as raw_row
            )
            """,
            [*map(list, columns), raw],
        )


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0]


def _stated_style(column: Column, recipe: Recipe) -> Style:
    """The style that mapping or contract state; PLAIN where they are silent."""
    entry = recipe.entry
    if column.type in ("date", "timestamp"):
        if entry and entry.dates:
            return Style(dates=entry.dates, iso_too=False)
        stated = column.meta.formats or recipe.table.source_meta.locale.formats
        return Style(dates=stated) if stated else PLAIN
    is_number = column.type.startswith(("decimal", "bigint"))
    return recipe.locale if is_number and entry and (entry.decimal or entry.thousands) else PLAIN


def _resolve(text: str, headers: list[str], where: str) -> str:
    """An expression as SQL over the headers; a bare header may be written as it is."""
    bare = text.strip()
    by_name = {normalise_name(header): header for header in reversed(headers)}
    header = bare if bare in headers else None if bare.startswith("'") else by_name.get(normalise_name(bare))
    if header is not None:
        return identifier(header)
    known = {each.casefold() for each in headers}
    expression = expressions.parse(text)
    for name in expression.headers:
        if name.casefold() in known or name in expressions.OWN_NAMES:
            continue
        expressions.refuse_clock(name, text)
        close = difflib.get_close_matches(normalise_name(name), by_name, 1, 0.6)
        hint = f"did you mean {by_name[close[0]]!r}?" if close else f"its headers are: {', '.join(headers[:12])}"
        raise WanamakerError(f"the mapping of {where} names the header {name!r}, which the file lacks; {hint}")
    return text


def _unique(headers: Iterable[str]) -> list[str]:
    """Header names, repeated ones numbered: `Amount`, `Amount_2`; empty ones named by place."""
    taken: set[str] = set()
    names = []
    for position, header in enumerate(headers, 1):
        name = header or f"column_{position}"
        numbered = itertools.chain([name], (f"{name}_{number}" for number in itertools.count(2)))
        names.append(next(each for each in numbered if each.casefold() not in taken))
        taken.add(names[-1].casefold())
    return names


def _free_prefix(headers: Sequence[str]) -> str:
    """A prefix for the columns by position that names no header."""
    prefix = "c"
    while any(re.fullmatch(prefix + r"\d+", header.casefold()) for header in headers):
        prefix += "_"
    return prefix
