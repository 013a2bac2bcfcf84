"""Coverage-guided bytes for the decoder: `python -m tests.pipeline.fuzz_decoder -max_total_time=60` (needs `atheris`)."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["pipelines.ingest.decode", "pipelines.ingest.scan"]):
    from pipelines.errors import WanamakerError
    from pipelines.ingest import scan as scanning
    from pipelines.ingest.decode import sniff_kind, to_text

FOLDER = Path(tempfile.mkdtemp())
SEEDS = ("a,b\n1,2\n", 'a,b\n"1\n\n2",2\r\n', "客户,金额\r\n红星机械,1\r\n", "a\tb\n1\t2\n", "a,b\n\n 1,2\0\n")
CHUNKS = (4 * 2**20, 8)


def decode(content: bytes) -> None:
    """Whatever the bytes are, they are refused in words, or become text without what trips the reader."""
    path = FOLDER / "export"
    path.write_bytes(content)
    found = []
    encoding = None
    for chunk in CHUNKS:  # where a chunk ends matters for a guess of the encoding at most
        scanning._CHUNK = chunk
        try:
            if sniff_kind(path) != "csv":
                return
            text = to_text(path, "csv", FOLDER / "copy", encoding=encoding)
            encoding = text.encoding
        except WanamakerError:
            return
        found.append((text.encoding, text.records, text.span_lines, text.path.read_bytes()))
    assert found[0] == found[1], found
    _, records, _, copy = found[0]
    assert copy == content or not any(mark in copy for mark in (b"\0", b"\r", b"\xef\xbb\xbf")), copy
    outside = copy.split(b'"')[::2]
    assert copy == content or not any(b"\n\n" in part for part in outside), copy
    ends = sum(part.count(b"\n") for part in outside)
    is_open = not copy.endswith(b"\n") or copy.count(b'"') % 2
    assert records == ends + bool(copy and is_open), (records, copy)
    if copy != content:
        scanning.normalise(FOLDER / "copy", "utf-8", FOLDER / "again")
        assert (FOLDER / "again").read_bytes() == copy, (encoding, copy)


def seeds(folder: Path) -> Path:
    """Small exports in every encoding to begin with."""
    folder.mkdir()
    for number, seed in enumerate(SEEDS):
        for encoding in ("utf-8-sig", "utf-16", "utf-16-be", "gb18030", "utf-32"):
            (folder / f"{number}-{encoding}").write_bytes(seed.encode(encoding))
    return folder


if __name__ == "__main__":
    atheris.Setup([*sys.argv, str(seeds(FOLDER / "corpus"))], decode)
    atheris.Fuzz()
