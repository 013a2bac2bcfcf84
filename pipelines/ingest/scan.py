"""The bytes of a CSV: their encoding, what in them would trip DuckDB's reader, and a copy without it."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pipelines.errors import WanamakerError

_CHUNK = 2**20  # small enough to stay in the processor's cache between one look and the next
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SAME_ENCODING = {
    "utf-8-sig": "utf-8",
    "utf-16": "utf-16-le",
    "utf-32": "utf-32-le",
    "gbk": "gb18030",
    "gb2312": "gb18030",
}
_BLANK_LINES = re.compile(r"\n{2,}")
_TAB, _LF, _CR, _SPACE, _QUOTE = b'\t\n\r "'
_UTF8_LEADS = (0xC2, 0xF4)
_ENOUGH_LETTERS = 200_000  # beyond ASCII, to know an encoding by
_GB2312_FROM = 0xA1  # the second byte of a character of GB2312; GBK's own characters have lower ones too
_WIDE_SPACES = "\u00a0\u3000"
_IS_EDGE = np.isin(np.arange(256), np.frombuffer(b',;|\t"\r\n', np.uint8))
_IS_BEHIND_TAB = np.isin(np.arange(256), np.frombuffer(b',;"\r\n', np.uint8))

_MARK = "wanamaker-mark"
codecs.register_error(_MARK, lambda error: ("\udcff", getattr(error, "end", 0)))  # becomes a byte that is not UTF-8


def encoding_of(path: Path, wanted: str | None) -> tuple[str, tuple[str, ...], Scan | None]:
    """The encoding, what to say of it, and the scan of the bytes where one was made on the way."""
    with path.open("rb") as stream:
        head = stream.read(2**16)
    by_mark = next((name for mark, name in _BOMS if head.startswith(mark)), None)
    if wanted:
        try:
            name = codecs.lookup(wanted).name
        except LookupError as error:
            raise WanamakerError(f"there is no encoding named {wanted}") from error
        return by_mark or _SAME_ENCODING.get(name, name), (), None
    if by_mark or (by_mark := _utf16_without_mark(head)):
        return by_mark, (), None
    scanned = scan(path)
    if scanned.utf8_ok:
        return "utf-8", (), scanned
    return *_legacy_encoding(path), scanned


def _utf16_without_mark(head: bytes) -> str | None:
    """UTF-16 by its line ends: two bytes, one of them zero; and in UTF-8's own letters by many zeros on one side."""
    pairs = np.frombuffer(head[: len(head) // 2 * 2], np.uint8).reshape(-1, 2)
    best = None
    for name, low in (("utf-16-le", 0), ("utf-16-be", 1)):
        ends = int(((pairs[:, low] == _LF) & (pairs[:, 1 - low] == 0)).sum())
        is_text = _decodes(codecs.getincrementaldecoder(name)("strict"), head)
        if is_text and ends and ends * 2 >= head.count(b"\n"):
            best = max(best or (0, ""), (ends, name))
    if best is None:
        return None
    even, odd = head[0::2].count(0), head[1::2].count(0)
    one_sided = min(even, odd) * 4 < max(even, odd) and max(even, odd) * 5 > len(head)
    is_utf8 = _decodes(codecs.getincrementaldecoder("utf-8")("strict"), head)
    return best[1] if one_sided or not is_utf8 else None


def _legacy_encoding(path: Path) -> tuple[str, tuple[str, ...]]:
    """What a file that is not UTF-8 is: UTF-8 with some broken bytes, GB18030, or a western code page.

    The letters of its beginning decide.
    """
    utf8, gb18030 = (codecs.getincrementaldecoder(name)(_MARK) for name in ("utf-8", "gb18030"))
    letters = broken = pairs = low = broken_pairs = 0
    for chunk in (*_chunks(path), b""):
        broken += utf8.decode(chunk, final=not chunk).count("\udcff")
        broken_pairs += gb18030.decode(chunk, final=not chunk).count("\udcff")
        bytes_ = np.frombuffer(chunk, np.uint8)
        letters += int(((bytes_ >= _UTF8_LEADS[0]) & (bytes_ <= _UTF8_LEADS[1])).sum())
        found = re.findall(rb"[\x81-\xfe][\x40-\xfe]", chunk)
        pairs += len(found)
        low += sum(1 for pair in found if pair[1] < _GB2312_FROM)
        if letters + pairs >= _ENOUGH_LETTERS:
            break
    if letters > 10 * broken:
        return "utf-8", ("some bytes are not valid UTF-8: the rows that hold them are rejected",)
    if low * 2 <= pairs and broken_pairs * 20 <= pairs:
        return "gb18030", ()
    return "cp1252", (
        "the encoding is unknown and was read as Windows-1252: name it in the mapping if letters look wrong",
    )


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            yield chunk


@dataclass
class _Records:
    """Counts records chunk by chunk: line ends that no quote holds."""

    count: int = 0
    lines: int = 0
    quotes: int = 0
    ends_open: bool = False

    def add(self, chunk: bytes, lines: NDArray[np.int64]) -> None:
        self.lines += lines.size
        if b'"' in chunk:
            quotes = np.flatnonzero(np.frombuffer(chunk, np.uint8) == _QUOTE)
            before = np.searchsorted(quotes, lines) + self.quotes
            self.count += int(((before & 1) == 0).sum())
            self.quotes += quotes.size
        elif not self.quotes & 1:
            self.count += lines.size
        self.ends_open = not chunk.endswith(b"\n")

    @property
    def total(self) -> int:
        return self.count + int(self.ends_open or bool(self.quotes & 1))

    @property
    def span_lines(self) -> bool:
        """Whether some record is longer than a line."""
        return self.total < self.lines + int(self.ends_open)


@dataclass(frozen=True)
class Scan:
    """What of a file's bytes would trip the reader: `needs_mending` where a copy must be made.

    `padding` holds the kinds of spaces that cells may begin or end with; a tab may always stand beside another.
    """

    utf8_ok: bool
    needs_mending: bool
    padding: str
    records: int
    span_lines: bool


def scan(path: Path) -> Scan:
    """One pass over the bytes: what of it would trip the reader, and how many records there are."""
    letters = _Letters()
    nul = blank = False
    padding: set[str] = set()
    crlf = lf = cr = 0
    records = _Records()
    tail = b""
    for number, chunk in enumerate(_chunks(path)):
        seen = tail + chunk
        bytes_ = np.frombuffer(seen, np.uint8)
        padding |= letters.add(chunk, is_first=number == 0)
        nul = nul or b"\0" in chunk
        for space, is_edge in ((_SPACE, _IS_EDGE), (_TAB, _IS_BEHIND_TAB)):
            if chr(space) not in padding and bytes([space]) in seen and _has_padding(bytes_, space, is_edge):
                padding.add(chr(space))
        lines = np.flatnonzero(bytes_ == _LF)
        blank = blank or bool((np.diff(lines) == 1).any())
        blank = blank or (number == 0 and seen.removeprefix(codecs.BOM_UTF8)[:1] in (b"\n", b"\r"))
        mine = lines[lines >= len(tail)]
        if b"\r" in seen:
            cr += int(np.count_nonzero(bytes_[len(tail) :] == _CR))
            crlf += int(np.count_nonzero(bytes_[mine[mine > 0] - 1] == _CR))
            blank = blank or b"\n\r\n" in seen
        records.add(chunk, mine - len(tail))
        lf += mine.size
        tail = seen[-3:]
    padding |= set(tail[-1:].decode("latin-1")) & {" ", "\t"}
    padding |= {"\t"} if padding else set()
    odd_line_ends = cr > 0 and not cr == crlf == lf
    needs_mending = nul or blank or letters.bom_inside or odd_line_ends
    return Scan(letters.end(), needs_mending, "".join(sorted(padding)), records.total, records.span_lines)


class _Letters:
    """Reads chunk by chunk what is beyond ASCII: whether it is UTF-8, wide spaces, and marks of byte order."""

    def __init__(self) -> None:
        self._decoder: codecs.IncrementalDecoder | None = None
        self._is_utf8 = True
        self.bom_inside = False

    def add(self, chunk: bytes, *, is_first: bool) -> set[str]:
        """The wide spaces in a chunk."""
        if self._decoder is None:
            if chunk.isascii():
                return set()
            self._decoder = codecs.getincrementaldecoder("utf-8")("strict")
        text = self._decode(self._decoder, chunk)
        self.bom_inside = self.bom_inside or "\ufeff" in (text[1:] if is_first else text)
        return {space for space in _WIDE_SPACES if space in text}

    def _decode(self, decoder: codecs.IncrementalDecoder, chunk: bytes, *, final: bool = False) -> str:
        try:
            return decoder.decode(chunk, final=final)
        except UnicodeDecodeError:
            self._is_utf8 = False
            begun, _ = decoder.getstate()
            self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
            return self._decoder.decode(begun + chunk, final=final)

    def end(self) -> bool:
        """Whether all of it was UTF-8."""
        if self._decoder is not None:
            self._decode(self._decoder, b"", final=True)
        return self._is_utf8


def _decodes(decoder: codecs.IncrementalDecoder, chunk: bytes, *, final: bool = False) -> bool:
    try:
        decoder.decode(chunk, final=final)
    except UnicodeDecodeError:
        return False
    return True


def _has_padding(bytes_: NDArray[np.uint8], space: int, is_edge: NDArray[np.bool_]) -> bool:
    """Whether a space stands beside a byte at which a cell may begin or end; of a tab only the one behind counts."""
    spaces = np.flatnonzero(bytes_ == space)
    after = bytes_[spaces[spaces < bytes_.size - 1] + 1]
    before = bytes_[spaces[spaces > 0] - 1] if space == _SPACE else after[:0]
    return bool(is_edge[after].any() or is_edge[before].any())


def normalise(path: Path, encoding: str, target: Path) -> None:
    """Copy in UTF-8 with line feeds as line ends, without blank lines, NUL bytes and byte-order marks.

    A byte that the encoding does not know becomes one that UTF-8 does not know: its row is rejected.
    """
    decoder = codecs.getincrementaldecoder(encoding)("surrogateescape" if encoding == "utf-8" else _MARK)
    quoted = False
    held = ""
    at_start = True
    with target.open("wb") as out:
        for chunk in (*_chunks(path), b""):
            text = held + decoder.decode(chunk, final=not chunk).replace("\0", "").replace("\ufeff", "")
            if chunk:
                cut = len(text.rstrip("\r\n"))
                text, held = text[:cut], text[cut:]
            text, quoted = _clean_lines(text, quoted=quoted)
            if at_start:
                text = text.lstrip("\n")
                at_start = not text
            out.write(text.encode("utf-8", "surrogateescape"))


def _clean_lines(text: str, *, quoted: bool) -> tuple[str, bool]:
    """Lines that end in a line feed, none blank outside quotes; and whether the text ends inside quotes."""
    parts = text.replace("\r\n", "\n").replace("\r", "\n").split('"')
    for number, part in enumerate(parts):
        if not quoted ^ bool(number % 2):
            parts[number] = _BLANK_LINES.sub("\n", part)
    return '"'.join(parts), quoted ^ (len(parts) % 2 == 0)
