"""Bytes to clean UTF-8 CSV: encodings, line ends, workbooks, JSON Lines and Parquet.

A clean UTF-8 file is read where it is; everything else becomes a work copy that DuckDB's reader
takes without a surprise.
"""

from __future__ import annotations

import codecs
import csv
import io
import json
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal
from xml.etree import ElementTree as ET

import duckdb
import numpy as np
from numpy.typing import NDArray

from pipelines.errors import WanamakerError
from pipelines.ingest.scan import Scan, encoding_of, normalise, scan

Kind = Literal["csv", "xlsx", "json", "parquet"]

LONGEST_RECORD = 2**24
csv.field_size_limit(LONGEST_RECORD)

PADDING = " \t\u00a0\u3000"
_WEB_PAGE = re.compile(rb"<(!doctype|!--|html|head|body|meta|\?xml|table|div|script)", re.IGNORECASE)
_NOISE = r"^-?\d+\.\d{9}$"  # a workbook's number in all the places that calamine writes: float noise


@dataclass(frozen=True)
class Text:
    """A file as DuckDB will read it.

    `path` is UTF-8 CSV made from `original`; `records` counts its records, the header among them, by the
    quotes in it, and `span_lines` says that some are longer than a line; `padding` holds the kinds of
    spaces that cells may begin or end with, `notes` what a reader should know about what was changed on the
    way; `rows` are a sheet's row numbers of the records.
    """

    path: Path
    original: Path
    kind: Kind
    encoding: str
    records: int
    padding: str
    notes: tuple[str, ...] = ()
    span_lines: bool = False
    rows: NDArray[np.int64] | None = field(default=None, compare=False)


def sniff_kind(path: Path) -> Kind:
    """What a file is, by content; raises WanamakerError for what is no table."""
    with path.open("rb") as stream:
        head = stream.read(4096)
    text = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if head[:4] == b"PK\x03\x04":
        return "xlsx"
    if head[:4] == b"PAR1":
        return "parquet"
    if head[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        raise WanamakerError("it is an old Excel file (.xls) or locked by a password; save it as .xlsx")
    if head[:5] == b"%PDF-":
        raise WanamakerError("it is a PDF; export the table as CSV or XLSX")
    if _WEB_PAGE.match(text):
        raise WanamakerError(
            "it is a web page, not a table (often a log-in page saved by a script); download it again as CSV"
        )
    if re.match(rb'\{\s*["}]|\[\s*[{\]]', text):
        return "json"
    return "csv"


def sheet_names(path: Path) -> list[str]:
    """Names of a workbook's visible sheets, in order; raises WanamakerError where it cannot be opened."""
    return [name for name, is_visible in _sheets(path).items() if is_visible]


def hidden_sheets(path: Path) -> list[str]:
    """Names of a workbook's hidden sheets."""
    return [name for name, is_visible in _sheets(path).items() if not is_visible]


def _sheets(path: Path) -> dict[str, bool]:
    """Each sheet of a workbook in order, and whether it is visible."""
    import fastexcel

    try:
        book = fastexcel.read_excel(path)
        names, states = book.sheet_names, _states(path)
        if not states.keys() >= set(names):  # another kind of workbook: slower, since every sheet is read
            states = {name: book.load_sheet(name, n_rows=0).visible for name in names}
    except fastexcel.FastExcelError as error:
        raise WanamakerError(f"the workbook cannot be opened ({_first_line(error)}); save it again as .xlsx") from error
    return {name: states[name] == "visible" for name in names}


def _states(path: Path) -> dict[str, str]:
    """What the workbook's own list says of each sheet; none where it has no such list."""
    try:
        with zipfile.ZipFile(path) as archive, archive.open("xl/workbook.xml") as stream:
            listed = stream.read(LONGEST_RECORD)
        tree = ET.fromstring(b"" if b"<!" in listed else listed)  # noqa: S314 (without a DOCTYPE nothing expands)
    except (KeyError, zipfile.BadZipFile, zlib.error, ET.ParseError, NotImplementedError):
        return {}
    return {
        sheet.attrib["name"]: sheet.get("state", "visible")
        for sheet in tree.iter()
        if sheet.tag.endswith("}sheet") and "name" in sheet.attrib
    }


def to_text(path: Path, kind: Kind, target: Path, *, encoding: str | None = None, sheet: str | None = None) -> Text:
    """The file as UTF-8 CSV: itself where it is clean, else a copy at `target`; raises WanamakerError."""
    if kind == "xlsx":
        return _from_sheet(path, target, sheet)
    if kind == "json":
        return _from_json(path, target)
    if kind == "parquet":
        return _from_parquet(path, target)
    found, notes, scanned = encoding_of(path, encoding)
    if found == "utf-8":
        scanned = scanned or scan(path)
        if not scanned.needs_mending:
            return _scanned(path, path, found, notes, scanned)
    normalise(path, found, target)
    return _scanned(target, path, found, notes, scan(target))


def _scanned(path: Path, original: Path, encoding: str, notes: tuple[str, ...], seen: Scan) -> Text:
    return Text(path, original, "csv", encoding, seen.records, seen.padding, notes, span_lines=seen.span_lines)


def _from_sheet(path: Path, target: Path, sheet: str | None) -> Text:
    """A sheet of a workbook as CSV; every cell is text, dates are ISO."""
    import fastexcel
    import polars as pl

    try:
        book = fastexcel.read_excel(path)
        frame = book.load_sheet(sheet or book.sheet_names[0], header_row=None, skip_rows=0, dtypes="string").to_polars()
    except fastexcel.FastExcelError as error:
        raise WanamakerError(
            f"the sheet {sheet or 'of the workbook'} cannot be read ({_first_line(error)}); save it again as .xlsx"
        ) from error
    text = pl.all().str.replace_all("\r\n?", "\n").str.replace_all("\0", "", literal=True)
    text = text.str.replace(r"^(\d{4}-\d\d-\d\d) 00:00:00$", "${1}")
    frame = frame.with_columns(text).with_columns(
        pl.when(pl.all().str.contains(_NOISE))
        .then(pl.all().map_batches(_without_noise, return_dtype=pl.String))
        .otherwise(pl.all())
    )
    empty = frame.select(pl.all_horizontal(pl.all().is_null())).to_series() if frame.width else None
    rows = np.flatnonzero(~empty.to_numpy()) + 1 if empty is not None else np.array([], np.int64)
    frame = frame.filter(~empty) if empty is not None else frame
    frame.write_csv(target, include_header=False, quote_style="necessary", null_value="")
    records = frame.height if frame.width else 0
    hidden = ", ".join(hidden_sheets(path))
    notes = (f"hidden sheets are not read: {hidden}",) if hidden else ()
    return Text(target, path, "xlsx", "utf-8", records, padding=PADDING, notes=notes, rows=rows)


def _without_noise(cells: Any) -> Any:
    """`12345678901234.560546875` back to the 12345678901234.56 that the sheet shows."""
    import polars as pl

    def shortest(cell: str | None) -> str | None:
        return f"{Decimal(repr(float(cell))):f}" if cell is not None and re.fullmatch(_NOISE, cell) else cell

    return pl.Series(cells.name, [shortest(cell) for cell in cells], dtype=pl.String)


def _from_json(path: Path, target: Path) -> Text:
    """JSON Lines, or one array of objects, as CSV with a header; numbers keep every digit.

    A line that is no object becomes a record of one cell, which the reader rejects.
    """
    headers: dict[str, None] = {}
    objects = broken = 0
    for entry in _json_objects(path):
        if isinstance(entry, dict):
            headers.update(dict.fromkeys(entry))
            objects += 1
        else:
            broken += 1
    if not objects or (objects == 1 and broken):
        raise WanamakerError("it is not JSON Lines (one object a line) nor an array of objects; export it again as CSV")
    with target.open("w", encoding="utf-8", errors="replace", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(headers)
        for entry in _json_objects(path):
            cells = [_json_cell(entry.get(header)) for header in headers] if isinstance(entry, dict) else [entry]
            writer.writerow(cells)
    return Text(target, path, "json", "utf-8", 1 + objects + broken, padding=PADDING)


def _json_objects(path: Path) -> Iterator[dict[str, Any] | str]:
    """Each object, or the text of what is none."""
    with path.open(encoding="utf-8-sig", errors="replace") as stream:
        first = stream.read(1)
        while first.isspace():
            first = stream.read(1)
        stream.seek(0)
        try:
            pieces: Iterable[Any] = json.load(stream, **_AS_TEXT) if first == "[" else stream
        except (ValueError, RecursionError) as error:
            raise WanamakerError(f"the JSON is damaged ({error}); export it again") from error
        for piece in pieces:
            if isinstance(piece, str) and not piece.strip():
                continue
            try:
                entry = json.loads(piece, **_AS_TEXT) if isinstance(piece, str) else piece
            except (ValueError, RecursionError):
                entry = None
            yield entry if isinstance(entry, dict) else str(piece).strip().replace("\0", "")


_AS_TEXT: dict[str, Any] = {"parse_float": str, "parse_int": str}


def _json_cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")


def _from_parquet(path: Path, target: Path) -> Text:
    """Parquet as CSV with a header; an empty text and a missing one are both missing."""
    lines = "replace(replace(replace(value, chr(13) || chr(10), chr(10)), chr(13), chr(10)), chr(0), '')"
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        connection.execute(f"create macro clean(value) as {lines}")
        try:
            relation = connection.from_parquet(str(path))
            names = [f'clean("{name.replace(chr(34), chr(34) * 2)}"::varchar) as "{name}"' for name in relation.columns]
            relation.project(", ".join(names)).write_csv(str(target), header=True)
            rows = len(relation)
        except duckdb.Error as error:
            raise WanamakerError(f"the Parquet file is damaged ({_first_line(error)}); export it again") from error
    return Text(target, path, "parquet", "utf-8", 1 + rows, padding=PADDING)


def _first_line(error: Exception) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0]


def head_of(text: Text, characters: int = 1 << 18) -> str:
    """The first characters of a text, for finding its header."""
    with text.path.open("rb") as stream:
        raw = stream.read(characters * 4)
    decoded = codecs.getincrementaldecoder("utf-8")("replace").decode(raw)
    return decoded.removeprefix("\ufeff")[:characters]


def first_records(sample: str, delimiter: str, most: int) -> list[list[str]]:
    """The first records of a sample."""
    records: list[list[str]] = []
    try:
        for record in csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter, skipinitialspace=True):
            records.append(record)
            if len(records) == most:
                break
    except csv.Error:
        pass
    return records
