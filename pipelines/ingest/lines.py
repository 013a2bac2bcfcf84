"""On which line of the file that a person opens a record begins."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterator
from pathlib import Path

from pipelines.ingest.decode import Text

_CHUNK = 4 * 2**20


def record_lines(text: Text, delimiter: str) -> Iterator[int]:
    """For each record of a text, the header's first, the line of the file or row of the sheet where it begins.

    Stops early where that cannot be told, as in Parquet.
    """
    if text.rows is not None:
        yield from (int(row) for row in text.rows)
    elif text.kind == "json":
        yield 0
        yield from _json_lines(text.original)
    elif text.kind == "csv":
        yield from _csv_lines(text, delimiter)


def lines_of(text: Text, delimiter: str, skip: int, records: list[int]) -> dict[int, int]:
    """The line on which each of these records begins; `skip` counts the records up to the header."""
    if not records:
        return {}
    if text.kind == "csv" and _lines(text.original, text.encoding) == text.records:
        return {record: record + skip for record in records}
    wanted, last = set(records), max(records)
    found: dict[int, int] = {}
    for record, line in enumerate(record_lines(text, delimiter), 1 - skip):
        if record in wanted:
            found[record] = line
        if record == last:
            break
    return found


def _lines(path: Path, encoding: str) -> int:
    """Lines of a file, blank ones too; as many as its records where each is one line."""
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    lines, last = 0, ""
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            if encoding == "utf-8":
                lines, last = lines + chunk.count(b"\n"), chunk[-1:].decode("latin-1")
                continue
            text = decoder.decode(chunk)
            lines, last = lines + text.count("\n"), text[-1:] or last
    return lines + (last != "\n")


def _csv_lines(text: Text, delimiter: str) -> Iterator[int]:
    """Records begin on lines that are not blank, and those stand in the file and in its copy alike."""
    ordinals = _begins(text.path, delimiter)
    if text.path == text.original:
        yield from ordinals
        return
    lines = _filled_lines(text.original, text.encoding)
    passed = line = 0
    for ordinal in ordinals:
        while passed < ordinal:
            line = next(lines, 0)
            passed += 1
        if not line:
            return
        yield line


def _begins(path: Path, delimiter: str) -> Iterator[int]:
    """For each record the number, among the lines that are not blank, of the one where it begins."""
    passed = 0

    def counted(lines: Iterator[str]) -> Iterator[str]:
        nonlocal passed
        for line in lines:
            passed += bool(line.strip("\r\n"))
            yield line

    with path.open(encoding="utf-8", errors="replace", newline="") as stream:
        begins = 1
        try:
            for cells in csv.reader(counted(stream), delimiter=delimiter, skipinitialspace=True):
                if cells:
                    yield begins
                begins = passed + 1
        except csv.Error:  # a record beyond all bounds
            return


def _filled_lines(path: Path, encoding: str) -> Iterator[int]:
    """Numbers of the lines that are not blank."""
    with path.open(encoding=encoding, errors="replace") as stream:
        for number, line in enumerate(stream, 1):
            if line.replace("\0", "").strip("\ufeff\n"):
                yield number


def _json_lines(path: Path) -> Iterator[int]:
    """Lines of JSON Lines; the rows of one array have none of their own."""
    with path.open(encoding="utf-8-sig", errors="replace") as stream:
        filled = ((number, line) for number, line in enumerate(stream, 1) if line.strip())
        number, first = next(filled, (0, "["))
        if not first.lstrip().startswith("["):
            yield number
            yield from (number for number, _ in filled)
