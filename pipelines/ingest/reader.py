"""Read one text into a typed temporary table; what cannot be read becomes rejects, never a stop."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

import duckdb

from pipelines.contracts import Column, Contracts, Table, normalise_name
from pipelines.errors import WanamakerError
from pipelines.ingest import cells as cell_sql
from pipelines.ingest.cells import PLAIN, Style, identifier, quoted
from pipelines.ingest.decode import Text
from pipelines.ingest.mapping import TableMapping, headers_in
from pipelines.ingest.recognise import Layout

_LONGEST_LINE = 2**24
_MOST_BROKEN_QUOTES = 200
_MARK = "\x01"


@dataclass(frozen=True)
class Recipe:
    """How the columns of a table come out of a layout: by position, or by a mapping's expressions."""

    table: Table
    layout: Layout
    columns: dict[str, int]
    entry: TableMapping | None
    file_name: str


@dataclass
class Reading:
    """What reading one text gave.

    `relation` gives the good rows: the contract's columns and `_row_number`; the temporary table
    `<name>_rejects` holds the rest. The counts tie: read = good + excluded + rejected.
    """

    name: str
    relation: str = ""
    read: int = 0
    excluded: int = 0
    rejected: int = 0
    skipped: int = 0
    rounded: int = 0
    notes: list[str] = field(default_factory=list)
    text: Text | None = None


@dataclass(frozen=True)
class _Broken:
    """A record whose shape is wrong: its number, its text and why."""

    record: int
    text: str
    reason: str


def read(
    connection: duckdb.DuckDBPyConnection, text: Text, recipe: Recipe, contracts: Contracts, timezone: str, name: str, work: Path
) -> Reading:
    """Read `text` into the temporary tables `name` (good rows) and `name_rejects`.

    Raises WanamakerError where no row can be trusted: an expression over a header that the file
    lacks, or a date column that two formats fit equally well.
    """
    source = contracts.source(recipe.table.source)
    missing = (*cell_sql.MISSING, *source.meta.missing)
    locale = _locale(recipe, Style(source.meta.locale.decimal, source.meta.locale.thousands))
    rows = _rows_sql(text, recipe.layout, missing)
    cells, expressions = _cells_sql(recipe, rows, connection, text.is_padded, missing)
    styles = {column.name: _stated_style(column, recipe, source.meta.locale.formats) for column in recipe.table.columns}
    reading = Reading(name)

    text, broken = _load(connection, text, recipe, cells, expressions, styles, timezone, name, missing, work)
    failing = _failing_columns(connection, name, recipe, expressions, styles, timezone)
    chosen = dict(styles)
    for column in failing:
        if styles[column.name] != PLAIN:
            continue
        rows = _rows_sql(text, recipe.layout, missing)
        cells, _ = _cells_sql(recipe, rows, connection, text.is_padded, missing)
        connection.execute(
            f"create or replace temp table {name}_cells as select {expressions[column.name]} as cell from ({cells})"  # noqa: S608
        )
        header = _header_of(column, recipe)
        chosen[column.name] = cell_sql.choose_style(connection, column, f"{name}_cells", header, locale, timezone)
        connection.execute(f"drop table {name}_cells")
    if chosen != styles:
        text, broken = _load(connection, text, recipe, cells, expressions, chosen, timezone, name, missing, work)
    for column_name, style in chosen.items():
        if style != PLAIN and style.dates:
            reading.notes.append(f"{column_name} read as {' or '.join(style.dates)}")
        elif style != PLAIN and style.decimal != ".":
            reading.notes.append(f"{column_name} read with decimal mark {style.decimal}")
    _separate(connection, recipe, expressions, chosen, timezone, broken, reading)
    reading.text = text
    return reading


def _locale(recipe: Recipe, locale: Style) -> Style:
    entry = recipe.entry
    if entry is None:
        return locale
    decimal = entry.decimal or locale.decimal
    default = "," if decimal == "." else "."
    return Style(decimal, entry.thousands if entry.thousands is not None else default)


def _stated_style(column: Column, recipe: Recipe, locale_formats: tuple[str, ...]) -> Style:
    """The style that mapping or contract state; PLAIN where they are silent."""
    entry = recipe.entry
    if column.type in ("date", "timestamp"):
        stated = (entry.dates if entry else ()) or column.meta.formats or locale_formats
        return Style(dates=tuple(stated), iso_too=not (entry and entry.dates)) if stated else PLAIN
    if entry and (entry.decimal or entry.thousands) and column.type.startswith(("decimal", "bigint")):
        return _locale(recipe, Style(".", ","))
    return PLAIN


def _rows_sql(text: Text, layout: Layout, missing: tuple[str, ...]) -> str:
    columns = ", ".join(f"'c{position}': 'varchar'" for position in range(len(layout.headers)))
    return (
        f"read_csv({quoted(str(text.path))}, auto_detect = false, header = false, skip = {layout.skip}, "
        f"delim = {quoted(layout.delimiter)}, quote = '\"', escape = '\"', columns = {{{columns}}}, "
        f"nullstr = [{', '.join(quoted(word) for word in missing)}], "
        f"store_rejects = true, rejects_limit = 0, max_line_size = {_LONGEST_LINE}, buffer_size = {_LONGEST_LINE * 2})"
    )


def _cells_sql(
    recipe: Recipe, rows: str, connection: duckdb.DuckDBPyConnection, is_padded: bool, missing: tuple[str, ...]
) -> tuple[str, dict[str, str]]:
    """A relation of the file's cells, trimmed, and for each column of the table its cell expression."""
    width = len(recipe.layout.headers)
    trimmed = [_trimmed(f"c{position}", missing) if is_padded else f"c{position}" for position in range(width)]
    if recipe.entry is None:
        select = ", ".join(f"{cell} as c{position}" for position, cell in enumerate(trimmed))
        expressions = {name: f"c{position}" for name, position in recipe.columns.items()}
        return f"select {select} from {rows}", expressions  # noqa: S608
    names = _unique(recipe.layout.headers)
    select = ", ".join(f"{cell} as c{position}" for position, cell in enumerate(trimmed))
    aliases = ", ".join(f"c{position} as {identifier(name)}" for position, name in enumerate(names) if not re.fullmatch(r"c\d+", name))
    inner = f"select {select} from {rows}"  # noqa: S608
    all_expressions = {**recipe.entry.columns, **({"where": recipe.entry.where} if recipe.entry.where else {})}
    needs_number = any("_row_number" in headers_in(expression) for expression in all_expressions.values())
    number = ", row_number() over () as _row_number" if needs_number else ""
    file_name = f", {quoted(recipe.file_name.rsplit('/', 1)[-1])} as _file_name"
    base = f"select *{', ' + aliases if aliases else ''}{number}{file_name} from ({inner})"  # noqa: S608
    resolved = {name: _resolve(expression, names, f"{recipe.table.name}.{name}") for name, expression in all_expressions.items()}
    outputs = ", ".join(
        f"cast(({expression}) as {'boolean' if name == 'where' else 'varchar'}) as m_{name}" for name, expression in resolved.items()
    )
    raw = ", ".join(f"c{position}" for position in range(width))
    cells = f"select {raw}, {outputs} from ({base})"  # noqa: S608
    try:
        connection.execute(f"describe {cells}")
    except duckdb.Error as error:
        message = str(error).splitlines()[0]
        raise WanamakerError(f"the mapping of {recipe.table.name} cannot be computed on this file: {message}") from error
    return cells, {name: f"m_{name}" for name in resolved}


def _resolve(expression: str, headers: list[str], where: str) -> str:
    """The expression as SQL over the headers; a bare header may be written as it is."""
    by_name = {normalise_name(header): header for header in reversed(headers)}
    exact = {header: header for header in headers}
    bare = expression.strip()
    if bare in exact:
        return identifier(bare)
    if (known := by_name.get(normalise_name(bare))) and not bare.startswith("'"):
        return identifier(known)
    names = headers_in(expression)
    lower = {header.casefold() for header in headers}
    for name in names:
        if name.casefold() not in lower and name not in ("_row_number", "_file_name"):
            import difflib

            close = difflib.get_close_matches(name, headers, 1, 0.6)
            hint = f"; did you mean {close[0]!r}?" if close else f"; its headers are: {', '.join(headers[:12])}"
            raise WanamakerError(f"the mapping of {where} names the header {name!r}, which the file lacks{hint}")
    return expression


def _unique(headers: Iterable[str]) -> list[str]:
    """Header names, repeated ones numbered: `Amount`, `Amount_2`; empty ones named by place."""
    seen: dict[str, int] = {}
    names = []
    for position, header in enumerate(headers, 1):
        name = header or f"column_{position}"
        seen[name.casefold()] = seen.get(name.casefold(), 0) + 1
        names.append(name if seen[name.casefold()] == 1 else f"{name}_{seen[name.casefold()]}")
    return names


def _trimmed(cell: str, missing: tuple[str, ...]) -> str:
    bare = f"trim({cell}, ' \t\u00a0\u3000')"
    return f"case when {bare} not in ({', '.join(quoted(word) for word in missing)}) then {bare} end"


def _load(
    connection: duckdb.DuckDBPyConnection,
    text: Text,
    recipe: Recipe,
    cells: str,
    expressions: dict[str, str],
    styles: dict[str, Style],
    timezone: str,
    name: str,
    missing: tuple[str, ...],
    work: Path,
) -> tuple[Text, list[_Broken]]:
    """Fill the temporary table `name`, every record with its cells where something is wrong with it."""
    select, bad, rounding = [], [], []
    for column in recipe.table.columns:
        cell = expressions.get(column.name)
        if cell is None:
            select.append(f"cast(null as {column.type}) as {identifier(column.name)}")
            if column.meta.required:
                bad.append("true")
            continue
        value = cell_sql.typed(column, cell, styles[column.name], timezone)
        select.append(f"{value} as {identifier(column.name)}")
        bad += _bad(column, cell, value)
        if check := cell_sql.rounded(column, cell, styles[column.name], value):
            rounding.append(f"cast({check} as utinyint)")
    where = "not coalesce(m_where, false)" if "where" in expressions else "false"
    raw = ", ".join(f"c{position}" for position in range(len(recipe.layout.headers)))
    any_bad = " or ".join(bad) or "false"
    cell_list = ", ".join(cell for name, cell in expressions.items() if name != "where")
    broken_by_mark: dict[str, str] = {}
    while True:
        connection.execute("drop table if exists reject_errors; drop table if exists reject_scans")
        try:
            connection.execute(
                f"create or replace temp table {name} as select {', '.join(select)}, "  # noqa: S608
                f"{' + '.join(rounding) or '0'} as _rounded, {where} as _excluded, "
                f"case when {any_bad} then [{raw}] end as _raw, case when {any_bad} then [{cell_list}]::varchar[] end as _cells from ({cells})"
            )
        except duckdb.Error as error:
            message = str(error).splitlines()[0]
            if "Conversion Error" in message or "out of range" in message.lower():
                raise WanamakerError(f"an expression of the mapping fails on some row: {message}") from error
            raise
        errors = _structural_errors(connection)
        swallowed = next((entry for entry in errors if entry[2] == "UNQUOTED VALUE" and "\n" in entry[3].rstrip("\n")), None)
        if swallowed is None:
            break
        if len(broken_by_mark) == _MOST_BROKEN_QUOTES:
            raise WanamakerError(f"more than {_MOST_BROKEN_QUOTES} quotes never close: the file is damaged, export it again")
        mark = f"{_MARK}{len(broken_by_mark)}"
        text, line = _neutralise(text, swallowed[1], mark, len(recipe.layout.headers), recipe.layout.delimiter, work)
        broken_by_mark[mark] = line
        old = cells
        cells = re.sub(r"read_csv\('(?:[^']|'')*'", lambda _: f"read_csv({quoted(str(text.path))}", old, count=1)
    broken = []
    for line, _, kind, content in errors:
        mark = content.rstrip("\r\n").split(recipe.layout.delimiter)[0]
        record = line - recipe.layout.skip if recipe.layout.skip else line
        if mark in broken_by_mark:
            broken.append(_Broken(record, broken_by_mark[mark], "a quote in it never closes"))
        else:
            broken.append(_Broken(record, content.rstrip("\r\n"), _shape_reason(kind, content, recipe.layout)))
    return text, sorted(broken, key=lambda entry: entry.record)


def _bad(column: Column, cell: str, value: str) -> list[str]:
    """Conditions under which the row is bad, cheap enough to run on every row."""
    conditions = []
    if column.meta.required:
        conditions.append(f"{cell} is null")
    if column.type != "varchar" or column.meta.values:
        conditions.append(f"({cell} is not null and {value} is null)")
    if column.meta.minimum is not None:
        conditions.append(f"coalesce({value} < {column.meta.minimum!r}, false)")
    if column.meta.maximum is not None:
        conditions.append(f"coalesce({value} > {column.meta.maximum!r}, false)")
    return conditions


def _structural_errors(connection: duckdb.DuckDBPyConnection) -> list[tuple[int, int, str, str]]:
    """The reader's own rejects: record from the file's top, byte position, kind and text, one a record."""
    rows = connection.execute(
        "select line, any_value(line_byte_position), min(error_type::varchar), any_value(csv_line) "
        "from reject_errors group by line order by line"
    ).fetchall()
    return [(int(line), int(position), str(kind), str(content)) for line, position, kind, content in rows]


def _shape_reason(kind: str, content: str, layout: Layout) -> str:
    if kind in ("MISSING COLUMNS", "TOO MANY COLUMNS"):
        try:
            found = len(next(csv.reader(io.StringIO(content), delimiter=layout.delimiter), []))
        except csv.Error:
            found = 0
        return f"has {found} cells, the header has {len(layout.headers)}"
    if kind == "INVALID ENCODING":
        return "holds bytes that are not valid UTF-8"
    if kind == "LINE SIZE OVER MAXIMUM":
        return f"is longer than {_LONGEST_LINE // 2**20} MiB"
    return "has a quote inside a cell that is not doubled, or never closes"


def _neutralise(text: Text, position: int, mark: str, width: int, delimiter: str, work: Path) -> tuple[Text, str]:
    """A copy of the text in which the line at a byte position is a mark of the wrong width; and that line."""
    target = work / f"{text.path.name}.mended"
    with text.path.open("rb") as source:
        content = source.read()
    start = position
    while content[start : start + 1] in (b"\n", b"\r"):
        start += 1
    end = content.find(b"\n", start)
    end = len(content) if end < 0 else end
    line = content[start:end].decode("utf-8", "replace").rstrip("\r")
    wrong = mark if width > 1 else mark + delimiter * 2
    target_path = target if target != text.path else work / f"{text.path.name}.again"
    target_path.write_bytes(content[:start] + wrong.encode() + content[end:])
    return replace(text, path=target_path), line


def _header_of(column: Column, recipe: Recipe) -> str:
    """What the file calls the column."""
    if recipe.entry is not None:
        return recipe.entry.columns.get(column.name, column.name)
    position = recipe.columns.get(column.name)
    return recipe.layout.headers[position] if position is not None else column.name


def _failing_columns(
    connection: duckdb.DuckDBPyConnection,
    name: str,
    recipe: Recipe,
    expressions: dict[str, str],
    styles: dict[str, Style],
    timezone: str,
) -> list[Column]:
    """Columns with a cell that their style cannot read (other than text with stated values, and booleans)."""
    candidates = [
        column
        for column in recipe.table.columns
        if column.name in expressions and (column.type in ("date", "timestamp", "bigint") or column.type.startswith("decimal"))
    ]
    if not candidates:
        return []
    checks = []
    for column in candidates:
        cell = _bad_cell(column, expressions)
        checks.append(f"bool_or({cell} is not null and {cell_sql.typed(column, cell, styles[column.name], timezone)} is null)")
    row = connection.execute(f"select {', '.join(checks)} from {name} where _raw is not null and not _excluded").fetchone()  # noqa: S608
    assert row is not None
    return [column for column, fails in zip(candidates, row, strict=True) if fails]


def _bad_cell(column: Column, expressions: dict[str, str]) -> str:
    """A column's cell in a bad row, where cells are kept in the order of the expressions."""
    return f"_cells[{list(expressions).index(column.name) + 1}]"


def _separate(
    connection: duckdb.DuckDBPyConnection,
    recipe: Recipe,
    expressions: dict[str, str],
    styles: dict[str, Style],
    timezone: str,
    broken: list[_Broken],
    reading: Reading,
) -> None:
    """Number the records, write the rejects of bad rows to `<name>_rejects`, count, and drop nothing unseen."""
    name = reading.name
    connection.execute(
        f"create or replace temp table {name}_rejects (record bigint, column_name varchar, value varchar, reason varchar, raw_row varchar[])"
    )
    place = _numbering(connection, name, broken)
    header = "[" + ", ".join(quoted(cell) for cell in recipe.layout.headers) + "]"
    empty = "list_aggregate(_raw, 'count') = 0"
    counts = connection.execute(
        f"""
        select count(*), count(*) filter (_excluded), coalesce(sum(_rounded) filter (_raw is null and not _excluded), 0),
            count(*) filter (_raw is not null and ({empty} or _raw = {header}))
        from {name}
        """  # noqa: S608
    ).fetchone()
    assert counts is not None
    total, excluded, rounded, blank = (int(count) for count in counts)
    connection.execute(
        f"create or replace temp table {name}_bad as select *, {place} as _record from {name} "  # noqa: S608
        f"where _raw is not null and not _excluded and not ({empty} or _raw = {header})"
    )
    bad_row = connection.execute(f"select count(*) from {name}_bad").fetchone()  # noqa: S608
    assert bad_row is not None
    if bad_row[0]:
        for column in recipe.table.columns:
            _reject_column(connection, column, recipe, expressions, styles, timezone, name)
    for start in range(0, len(broken), 10_000):
        connection.executemany(
            f"insert into {name}_rejects values (?, null, ?, ?, ?)",  # noqa: S608
            [[entry.record, entry.text[:2000], entry.reason, [entry.text]] for entry in broken[start : start + 10_000]],
        )
    connection.execute(f"drop table {name}_bad")
    excluded_blank = connection.execute(
        f"select count(*) from {name} where _excluded and _raw is not null and ({empty} or _raw = {header})"  # noqa: S608
    ).fetchone()
    assert excluded_blank is not None
    reading.skipped += blank
    reading.read = total - blank + len(broken)
    reading.excluded = excluded - int(excluded_blank[0])
    reading.rejected = int(bad_row[0]) + len(broken)
    reading.rounded = rounded
    reading.relation = f"(select *, {place} as _row_number from {name} where _raw is null and not _excluded)"
    if blank:
        reading.notes.append(f"{blank} empty rows or repeated headers left out")


def _numbering(connection: duckdb.DuckDBPyConnection, name: str, broken: list[_Broken]) -> str:
    """SQL for a row's record number: its place, plus the broken records before it."""
    if not broken:
        return f"({name}.rowid + 1)"
    connection.execute(f"create or replace temp table {name}_gaps as select unnest(?::bigint[]) as after_place, unnest(?::bigint[]) as gap", [
        [entry.record - index for index, entry in enumerate(broken, 1)],
        list(range(1, len(broken) + 1)),
    ])
    connection.execute(
        f"create or replace temp table {name}_numbers as "  # noqa: S608
        f"select places.place, places.place + coalesce(gaps.gap, 0) as record "
        f"from (select rowid + 1 as place from {name}) as places "
        f"asof left join (select after_place, max(gap) as gap from {name}_gaps group by after_place) as gaps "
        f"on places.place > gaps.after_place"
    )
    return f"(select record from {name}_numbers where place = {name}.rowid + 1)"


def _reject_column(
    connection: duckdb.DuckDBPyConnection,
    column: Column,
    recipe: Recipe,
    expressions: dict[str, str],
    styles: dict[str, Style],
    timezone: str,
    name: str,
) -> None:
    if column.name not in expressions:
        return
    cell = _bad_cell(column, expressions)
    style = styles[column.name]
    value = cell_sql.typed(column, cell, style, timezone)
    reasons = cell_sql.problem(column, cell, value, style)
    if not reasons:
        return
    cases = " ".join(f"when {condition} then {quoted(reason)}" for condition, reason in reasons)
    connection.execute(
        f"insert into {name}_rejects select _record, {quoted(_header_of(column, recipe))}, cell, reason, _raw from "  # noqa: S608
        f"(select _record, {cell} as cell, case {cases} end as reason, _raw from {name}_bad) where reason is not null"
    )


def lines_of(text: Text, original: Path, layout: Layout, records: list[int], total: int) -> dict[int, int]:
    """The line of the file (or row of the sheet) on which each of these records begins.

    `total` is how many records there are: where lines and records are as many, no record spans two.
    """
    if text.path == original:
        with original.open("rb") as stream:
            newlines = ends = 0
            while chunk := stream.read(1 << 22):
                newlines += chunk.count(b"\n")
                ends = int(not chunk.endswith(b"\n"))
        if newlines + ends == layout.skip + total:
            return {record: record + layout.skip for record in records}
    wanted = set(records)
    found: dict[int, int] = {}
    encoding = text.encoding if text.encoding not in ("xlsx", "jsonl", "parquet") else "utf-8"
    path = original if encoding == text.encoding and not text.path.name.endswith((".mended", ".again")) else text.path
    with path.open(encoding=encoding, errors="replace", newline="") as stream:
        reader = csv.reader((line.replace("\0", "") for line in stream), delimiter=layout.delimiter)
        record, before = 0, 0
        try:
            for cells in reader:
                begins, before = before + 1, reader.line_num
                if before <= layout.skip or not cells:
                    continue
                record += 1
                if record in wanted:
                    found[record] = begins
        except csv.Error:
            pass
    return found
