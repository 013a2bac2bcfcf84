"""Quotes that never close, and lines beyond all bounds: found before they swallow the rows after them."""

from __future__ import annotations

import mmap
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pipelines.ingest.decode import LONGEST_RECORD, Text

_CHUNK = 4 * 2**20
_LOOK_INSIDE = 50
_PROOF = 2  # lines within a cell that all look like rows, from which on they are taken for rows
_NO_UTF8 = b"\xff"
_SHOWN = 2000
_OPEN = "has a quote that never closes"
_LONG = f"is longer than {LONGEST_RECORD // 2**20} MiB"


def mend(text: Text, delimiter: str, width: int, target: Path) -> tuple[Text, dict[int, tuple[str, str]]]:
    """A copy of a text in which a quote that never closes, or an endless line, costs its own line only.

    Gives the copy, with its exact count of records, and the broken lines by their position in it, each with what
    is wrong: they are overwritten with bytes that are not UTF-8, so that the reader rejects them and nothing else.
    """
    with text.path.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as content:
        lines = _Lines(content)
        broken, spans = _sort_out(content, lines, _Grammar(delimiter, width))
        blank = _blank_lines(lines, spans)
        records = len(lines.starts) - sum(last - first for first, last in spans) - len(blank)
        if not broken and not len(blank):
            return replace(text, records=records), {}
        positions = _write(content, lines, broken, blank, target)
    return replace(text, path=target, records=records), positions


def swallows_rows(text: Text, delimiter: str, width: int) -> bool:
    """Whether a text that reads well has a cell of many lines that all look like rows."""
    with text.path.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as content:
        lines = _Lines(content)
        grammar = _Grammar(delimiter, width)
        pairs = np.array(lines.odd[: len(lines.odd) // 2 * 2], np.int64).reshape(-1, 2)
        long = pairs[pairs[:, 1] - pairs[:, 0] > _PROOF].tolist()
        return any(_looks_like_rows(content, lines, grammar, first, last) for first, last in long)


class _Lines:
    """Where the lines of a file begin and end, and which hold an odd number of quotes."""

    def __init__(self, content: mmap.mmap) -> None:
        ends, quotes = [], []
        for start in range(0, len(content), _CHUNK):
            chunk = np.frombuffer(content[start : start + _CHUNK], np.uint8)
            ends.append(np.flatnonzero(chunk == ord("\n")) + start)
            quotes.append(np.flatnonzero(chunk == ord('"')) + start)
        self.ends: NDArray[np.int64] = np.concatenate(ends)
        if not len(self.ends) or self.ends[-1] != len(content) - 1:
            self.ends = np.append(self.ends, len(content))
        self.starts: NDArray[np.int64] = np.concatenate([[0], self.ends[:-1] + 1])
        on_line = np.bincount(np.searchsorted(self.ends, np.concatenate(quotes)), minlength=len(self.ends))
        self.odd: list[int] = np.flatnonzero(on_line & 1).tolist()

    def is_long(self, line: int) -> bool:
        """Whether a line is longer than any record may be."""
        return bool(self.ends[line] - self.starts[line] > LONGEST_RECORD)

    def text(self, content: mmap.mmap, first: int, last: int | None = None) -> bytes:
        """The text of a line, or of several, without the last line end."""
        end = self.ends[first if last is None else last]
        return content[self.starts[first] : end].removesuffix(b"\r")


class _Grammar:
    """What a record looks like: a quote opens a cell only at its beginning, and closes it at its end."""

    def __init__(self, delimiter: str, width: int) -> None:
        self.width = width
        self._mark = delimiter.encode()
        outside = re.escape(self._mark) + rb"\n"
        self._cell = re.compile(rb' *"[^"]*(?:""[^"]*)*" *| *[^ "' + outside + rb"][^" + outside + rb"]*| *")

    def cells(self, record: bytes) -> int:
        """How many cells a record has; none where a quote in it is out of place."""
        count = position = 0
        while cell := self._cell.match(record, position):
            count += 1
            if cell.end() == len(record):
                return count
            if not record.startswith(self._mark, cell.end()):
                break
            position = cell.end() + len(self._mark)
        return 0


def _sort_out(content: mmap.mmap, lines: _Lines, grammar: _Grammar) -> tuple[list[int], list[tuple[int, int]]]:
    """Lines whose quote never closes, and records that span lines (first and last of each)."""
    broken: list[int] = []
    spans: list[tuple[int, int]] = []
    place = 0
    while place < len(lines.odd):
        first = lines.odd[place]
        place += 1
        if lines.is_long(first):
            broken.append(first)
            continue
        if grammar.cells(lines.text(content, first)):
            continue  # a quote within a cell stands for itself
        last = lines.odd[place] if place < len(lines.odd) else None
        if last is not None and _is_record(content, lines, grammar, first, last):
            spans.append((first, last))
            place += 1
        else:
            broken.append(first)
    long = np.flatnonzero(lines.ends - lines.starts > LONGEST_RECORD).tolist()
    return sorted({*broken, *long}), spans


def _is_record(content: mmap.mmap, lines: _Lines, grammar: _Grammar, first: int, last: int) -> bool:
    """Whether two lines and all between are one record, and not rows that a stray pair of quotes swallowed."""
    if lines.ends[last] - lines.starts[first] > LONGEST_RECORD:
        return False
    if grammar.cells(lines.text(content, first, last)) != grammar.width:
        return False
    return not _looks_like_rows(content, lines, grammar, first, last)


def _looks_like_rows(content: mmap.mmap, lines: _Lines, grammar: _Grammar, first: int, last: int) -> bool:
    """Whether the lines between two are rows themselves."""
    inside = range(first + 1, min(last, first + 1 + _LOOK_INSIDE))
    if len(inside) < _PROOF or grammar.width == 1:
        return False
    return all(grammar.cells(lines.text(content, line)) == grammar.width for line in inside)


def _blank_lines(lines: _Lines, spans: list[tuple[int, int]]) -> NDArray[np.int64]:
    """Blank lines between records: the reader would count them."""
    blank: NDArray[np.int64] = np.flatnonzero(lines.ends == lines.starts)
    if spans and len(blank):
        firsts, lasts = np.array(spans).T
        before = np.searchsorted(firsts, blank) - 1
        blank = blank[(before < 0) | (blank > lasts[before])]
    return blank


def _write(
    content: mmap.mmap, lines: _Lines, broken: list[int], blank: NDArray[np.int64], target: Path
) -> dict[int, tuple[str, str]]:
    """Copy all but the blank lines, the broken ones overwritten; gives these by position."""
    positions: dict[int, tuple[str, str]] = {}
    copied = 0
    with memoryview(content) as view, target.open("wb") as out:
        for line in sorted([*broken, *blank.tolist()]):
            start, end = int(lines.starts[line]), int(lines.ends[line])
            out.write(view[copied:start])
            if start == end:
                copied = end + 1
                continue
            if lines.is_long(line):
                positions[out.tell()] = content[start : start + _SHOWN].decode("utf-8", "replace"), _LONG
                out.write(_NO_UTF8)
                copied = end
                continue
            bad = lines.text(content, line)
            positions[out.tell()] = bad.decode("utf-8", "replace"), _OPEN
            out.write(_NO_UTF8 * len(bad))
            copied = start + len(bad)
        out.write(view[copied:])
    return positions
