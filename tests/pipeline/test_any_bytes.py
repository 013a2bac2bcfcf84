"""Whatever stands in a file, every record of it is loaded, rejected or left out, each once."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.pipeline.conftest import CONTRACT, contracts_of
from tests.pipeline.project import Project

HEADER = b"visited_on,page\n"
QUICK = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))

ROWS = [b"2026-01-05,home", b"2026-01-05,shop", b"1/25/2026,x", b"visited_on,page\n"]
MARKS = [b"\n", b"\n", b"\r\n", b"\r", b",", b'"', b'""', b'","', b'"\n', b"\t", b";"]
BYTES = [b" ", b"x", b"N/A", b"\0", b"\xff", b"\xef\xbb\xbf", "红星".encode(), "é".encode("cp1252")]

pieces = st.sampled_from([*ROWS, *MARKS, *BYTES])


@QUICK
@given(st.lists(pieces, max_size=25).map(b"".join))
@example(b'2026-01-05,"home\n2026-01-05,shop\n2026-01-06,"x"\n')
@example(b'"2026-01-05","home\n"\n\n"2026-01-05","ho"me"\n')
@example(b'2026-01-05,"a\n\n\n2026-01-05,b\n2026-01-05,c"\n')
@example(b'" \n\n2026-01-05,x\n')
@example(b'x"\r2026-01-05,"\r\n"')
def test_every_record_is_accounted_for(body: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        shop = Project(Path(folder), contracts_of(CONTRACT, Path(folder)))
        shop.write("visits_2026-01-05.csv", HEADER + body)
        report = shop.load()
        if report.problems:
            assert not report.files
            assert "columns" not in report.problems[0].message
            return
        file = report.files[0]
        loaded = [number for (number,) in shop.rows("select _row_number from shop.visits")]
        rejected = [number for (number,) in shop.rows("select distinct record from registry.rejects")]
        assert file.rows_read == file.loaded + file.rejected
        assert (len(loaded), len(rejected)) == (file.loaded, file.rejected)
        assert not set(loaded) & set(rejected)
        assert len(set(loaded)) == len(loaded)
        assert all(1 <= number <= file.rows_read + file.skipped for number in loaded + rejected)
        if b'"' not in body and b"\0" not in body and b"\xef" not in body and b"\xff" not in body and body.isascii():
            lines = [line for line in body.replace(b"\r", b"\n").split(b"\n") if line]
            assert file.rows_read + file.skipped == len(lines)
