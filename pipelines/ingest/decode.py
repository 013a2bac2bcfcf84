"""Bytes to clean UTF-8 CSV: encodings, line ends, workbooks, JSON Lines and Parquet.

A clean UTF-8 file is read where it is; everything else becomes a work copy that DuckDB's reader
takes without a surprise.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import duckdb
import numpy

from pipelines.errors import WanamakerError

_CHUNK = 4 * 2**20
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_BLANK_LINES = re.compile(r"\n{2,}")


@dataclass(frozen=True)
class Text:
    """A file as DuckDB will read it.

    `path` is UTF-8 CSV; `is_padded` says that cells may begin or end with a space, `notes` what a
    reader should know about what was changed on the way.
    """

    path: Path
    encoding: str
    is_padded: bool
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Scan:
    utf8_ok: bool
    is_ascii: bool
    has_nul: bool
    odd_line_ends: bool
    blank_lines: bool
    inner_bom: bool
    padded: bool


def sniff_kind(path: Path, name: str) -> str:
    """csv, xlsx, jsonl or parquet, by content; raises WanamakerError for what is none of them."""
    with path.open("rb") as stream:
        head = stream.read(4096)
    text = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head[:4] == b"PK\x03\x04":
        return "xlsx"
    if head[:4] == b"PAR1":
        return "parquet"
    if head[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        raise WanamakerError(f"{name}: it is an old Excel file (.xls) or locked by a password; save it as .xlsx")
    if head[:5] == b"%PDF-":
        raise WanamakerError(f"{name}: it is a PDF; export the table as CSV or XLSX")
    if text.startswith((b"<!doctype html", b"<html", b"<?xml", b"<table")):
        raise WanamakerError(
            f"{name}: it is a web page, not a table (often a log-in page saved by a script); download it again as CSV"
        )
    if text.startswith(b"{"):
        return "jsonl"
    if text.startswith(b"[") and name.lower().endswith((".json", ".jsonl")):
        return "jsonl"
    return "csv"


def sheet_names(path: Path) -> list[str]:
    """Names of a workbook's visible sheets, in order."""
    import fastexcel

    try:
        book = fastexcel.read_excel(path)
        return [name for name in book.sheet_names if book.load_sheet(name, n_rows=0, eager=False).visible == "visible"]
    except fastexcel.FastExcelError as error:
        raise WanamakerError(f"the workbook cannot be opened ({error}); save it again as .xlsx") from error


def to_text(path: Path, kind: str, target: Path, *, encoding: str | None = None, sheet: str | None = None) -> Text:
    """The file as UTF-8 CSV: itself where it is clean, else a copy at `target`."""
    if kind == "xlsx":
        return _from_sheet(path, target, sheet)
    if kind in ("jsonl", "parquet"):
        return _from_records(path, kind, target)
    found, notes, scan = _encoding_of(path, encoding)
    if found == "utf-8" and scan is None:
        scan = _scan(path)
    if scan is not None and not (scan.has_nul or scan.odd_line_ends or scan.blank_lines or scan.inner_bom):
        return Text(path, found, scan.padded, notes)
    return replace(_normalise(path, found, target), notes=notes)


def _encoding_of(path: Path, wanted: str | None) -> tuple[str, tuple[str, ...], _Scan | None]:
    """The encoding, what to say of it, and the scan of the bytes where one was made on the way."""
    with path.open("rb") as stream:
        head = stream.read(8192)
    if wanted:
        try:
            name = codecs.lookup(wanted).name
        except LookupError as error:
            raise WanamakerError(f"there is no encoding named {wanted}") from error
        name = {"utf-8-sig": "utf-8", "utf-16": "utf-16-le", "gbk": "gb18030", "gb2312": "gb18030"}.get(name, name)
        return next((bom_name for bom, bom_name in _BOMS if head.startswith(bom)), name), (), None
    for bom, name in _BOMS:
        if head.startswith(bom):
            return name, (), None
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if max(even, odd) > len(head) / 8 and min(even, odd) * 4 < max(even, odd):
        return ("utf-16-le" if odd > even else "utf-16-be"), (), None
    scan = _scan(path)
    if scan.utf8_ok:
        return "utf-8", (), scan
    return *_legacy_encoding(path), scan


def _legacy_encoding(path: Path) -> tuple[str, tuple[str, ...]]:
    """What a file that is not UTF-8 is: UTF-8 with some broken bytes, GB18030, or a western code page."""
    valid = broken = 0
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    for chunk in _chunks(path):
        text = decoder.decode(chunk)
        broken += text.count("�")
        valid += sum(1 for char in text if char > "\x7f") if broken < 10_000 else 0
    if valid - broken > 10 * broken:
        return "utf-8", ("some bytes are not valid UTF-8: the rows that hold them are rejected",)
    try:
        decoder = codecs.getincrementaldecoder("gb18030")("strict")
        pairs = low = 0
        for chunk in _chunks(path):
            decoder.decode(chunk)
            pairs += len(found := re.findall(rb"[\x81-\xfe][\x40-\xfe]", chunk))
            low += sum(1 for pair in found if pair[1] < 0xA1)
        decoder.decode(b"", final=True)
        if low * 2 <= pairs:
            return "gb18030", ()
    except UnicodeDecodeError:
        pass
    return "cp1252", ("the encoding is unknown and was read as Windows-1252: name it in the mapping if letters look wrong",)


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            yield chunk


def _scan(path: Path) -> _Scan:
    """One pass over the bytes: what of it would trip the reader."""
    decoder = codecs.getincrementaldecoder("utf-8")("strict")
    utf8_ok = is_ascii = True
    nul = blank = bom = padded = False
    crlf = lf = cr = 0
    tail = b""
    for number, chunk in enumerate(_chunks(path)):
        seen = tail + chunk
        if not (is_ascii and chunk.isascii()):
            is_ascii = False
            bom = bom or codecs.BOM_UTF8 in (seen[3:] if number == 0 else seen)
            padded = padded or any(space in seen for space in _WIDE_SPACES)
            try:
                if utf8_ok:
                    decoder.decode(chunk)
            except UnicodeDecodeError:
                utf8_ok = False
        nul = nul or b"\0" in chunk
        padded = padded or (b" " in chunk and _has_padding(seen))
        lines = numpy.flatnonzero(numpy.frombuffer(seen, numpy.uint8) == _LF)
        gaps = numpy.diff(lines)
        blank = blank or bool((gaps == 1).any()) or (number == 0 and seen.lstrip(b"\xef\xbb\xbf")[:1] in (b"\n", b"\r"))
        lf += lines.size - int((lines < len(tail)).sum())
        if b"\r" in chunk:
            cr += chunk.count(b"\r")
            crlf += seen.count(b"\r\n") - tail.count(b"\r\n")
            blank = blank or b"\n\r\n" in seen
        tail = seen[-3:]
    if utf8_ok and not is_ascii:
        try:
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            utf8_ok = False
    return _Scan(utf8_ok, is_ascii, nul, cr > 0 and not (cr == crlf == lf), blank, bom, padded)


def _has_padding(seen: bytes) -> bool:
    """Whether a space stands beside a delimiter, a quote or a line end."""
    bytes_ = numpy.frombuffer(seen, numpy.uint8)
    spaces = numpy.flatnonzero(bytes_ == _SPACE)
    edges = numpy.isin(bytes_, _EDGES) if spaces.size * 4 > bytes_.size else None
    before, after = spaces[spaces > 0] - 1, spaces[spaces < bytes_.size - 1] + 1
    if edges is not None:
        return bool(edges[before].any() or edges[after].any())
    return bool(numpy.isin(bytes_[before], _EDGES).any() or numpy.isin(bytes_[after], _EDGES).any())


_LF, _SPACE = 10, 32
_EDGES = numpy.frombuffer(b',;|\t"\r\n', numpy.uint8)
_WIDE_SPACES = (b"\xc2\xa0", b"\xe3\x80\x80")


def _normalise(path: Path, encoding: str, target: Path) -> Text:
    """A copy in UTF-8 with `\\n` line ends, without blank lines, NUL bytes and byte-order marks."""
    errors = "surrogateescape" if encoding == "utf-8" else "replace"
    decoder = codecs.getincrementaldecoder(encoding)(errors)
    quoted = False
    held = ""
    with target.open("wb") as out:
        at_start = True
        for chunk in (*_chunks(path), b""):
            text = held + decoder.decode(chunk, final=not chunk)
            if chunk:
                cut = len(text.rstrip("\r\n"))
                text, held = text[:cut], text[cut:]
            text = text.replace("\0", "").replace("﻿", "")
            parts = text.split('"')
            for number, part in enumerate(parts):
                inside = quoted ^ bool(number % 2)
                clean = part.replace("\r\n", "\n").replace("\r", "\n")
                parts[number] = clean if inside else _BLANK_LINES.sub("\n", clean)
            quoted ^= len(parts) % 2 == 0
            text = '"'.join(parts)
            if at_start:
                text = text.lstrip("\n")
                at_start = not text
            out.write(text.encode("utf-8", errors if errors == "surrogateescape" else "strict"))
    return Text(target, encoding, is_padded=True)


def _from_sheet(path: Path, target: Path, sheet: str | None) -> Text:
    """A sheet of a workbook as CSV; every cell is text, dates are ISO."""
    import fastexcel
    import polars

    try:
        book = fastexcel.read_excel(path)
        loaded = book.load_sheet(sheet or book.sheet_names[0], header_row=None, dtypes="string")
        frame = loaded.to_polars()
    except fastexcel.FastExcelError as error:
        raise WanamakerError(f"the sheet {sheet or 'of the workbook'} cannot be read ({error}); save it again as .xlsx") from error
    frame = frame.with_columns(polars.all().str.replace_all("\r\n?", "\n").str.replace_all("\0", "", literal=True))
    frame = frame.filter(~polars.all_horizontal(polars.all().is_null())) if frame.width else frame
    frame.write_csv(target, include_header=False, quote_style="necessary", null_value="")
    return Text(target, "xlsx", is_padded=True)


def _from_records(path: Path, kind: str, target: Path) -> Text:
    """JSON Lines or Parquet as CSV with a header."""
    reader = "read_parquet(?)" if kind == "parquet" else "read_json(?, union_by_name = true, sample_size = -1)"
    with duckdb.connect() as connection:
        try:
            relation = connection.execute(f"select columns(*)::varchar from {reader}", [str(path)])  # noqa: S608
            with target.open("w", encoding="utf-8", newline="") as out:
                writer = csv.writer(out, lineterminator="\n")
                writer.writerow([entry[0] for entry in relation.description or ()])
                while rows := relation.fetchmany(50_000):
                    writer.writerows(_without_newline_ends(rows))
        except duckdb.Error as error:
            raise WanamakerError(f"the file cannot be read as {kind} ({str(error).splitlines()[0]})") from error
    return Text(target, kind, is_padded=True)


def _without_newline_ends(rows: list[tuple[Any, ...]]) -> Iterator[list[Any]]:
    for row in rows:
        yield [value.replace("\r\n", "\n").replace("\r", "\n") if isinstance(value, str) else value for value in row]


def head_of(text: Text, characters: int = 1 << 18) -> str:
    """The first characters of a text, for finding its header."""
    with text.path.open("rb") as stream:
        raw = stream.read(characters * 4)
    decoded = codecs.getincrementaldecoder("utf-8")("replace").decode(raw)
    return decoded.removeprefix("﻿")[:characters]


def records_of(sample: str, delimiter: str, most: int) -> list[tuple[list[str], int]]:
    """The first records of a sample with the number of lines read after each."""
    reader = csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter)
    records: list[tuple[list[str], int]] = []
    try:
        for record in reader:
            records.append((record, reader.line_num))
            if len(records) == most:
                break
    except csv.Error:
        pass
    return records
