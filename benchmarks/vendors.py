"""First load of a large export of each vendor beside a bare `read_csv` of the same rows, without titles and in UTF-8."""

from __future__ import annotations

import csv
import io
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.measure import Measured, median, once
from pipelines.contracts import Contracts, Table, load_contracts
from pipelines.ingest.decode import sniff_kind, to_text
from pipelines.ingest.recognise import Match, recognise
from pipelines.simulation import simulate
from pipelines.simulation.setting import Wanted

ROWS = int(os.environ.get("WANAMAKER_BENCH_ROWS", "500000"))
REPEAT = int(os.environ.get("WANAMAKER_BENCH_REPEAT", "3"))
SCALE = 0.05
_BYTE_ORDER = {"utf-16-le": "utf-16"}

_BARE = """
connection = duckdb.connect({target!r}, config={{'memory_limit': '1200MB'}})
connection.execute("set enable_progress_bar = false")
connection.execute("create table exported as select * from read_csv({export!r})")
connection.close()
"""
_OURS = """
report = ingest(Path({export!r}), Path({data!r}), contracts)
assert not report.problems, report.problems
file = report.files[0]
assert file.rows_read == {rows} and file.loaded > 0.9 * {rows}, report.files
"""
_SETUP = """
from pathlib import Path
from pipelines.contracts import load_contracts
from pipelines.ingest.load import ingest
contracts = load_contracts()
"""


def vendor_exports(base: Path) -> Iterator[Path]:
    """The largest CSV that a simulated company has of each vendor."""
    simulate(base, Wanted(scale=SCALE, vendors=True))
    for folder in sorted(path for path in (base / "exports").iterdir() if path.is_dir()):
        yield max(folder.glob("*.csv"), key=lambda path: path.stat().st_size)


def enlarge(export: Path, contracts: Contracts, folder: Path) -> tuple[Path, Path, str, str]:
    """The export with its rows many times over, each time with other ids, and the same as plain UTF-8 without titles.

    Gives both paths, the name of its table and its encoding.
    """
    text = to_text(export, sniff_kind(export), folder / "text.csv")
    match = recognise(text, f"{export.parent.name}/{export.name}", contracts)
    mark = match.layout.delimiter
    records = list(csv.reader(io.StringIO(text.path.read_text("utf-8"), newline=""), delimiter=mark))
    titles, header, rows = records[: match.layout.skip - 1], match.layout.headers, _rows(records, match)
    place = _id_of(match)
    plain, large = folder / "plain.csv", folder / export.parent.name / export.name
    large.parent.mkdir(exist_ok=True)
    encoding = _BYTE_ORDER.get(text.encoding, text.encoding)
    with plain.open("w", encoding="utf-8", newline="") as one, large.open("w", encoding=encoding, newline="") as other:
        writers = csv.writer(one, delimiter=mark), csv.writer(other, delimiter=mark)
        writers[1].writerows(titles)
        for writer in writers:
            writer.writerow(header)
        for number in range(ROWS):
            row = [*rows[number % len(rows)]]
            row[place] = f"{row[place]}-{number // len(rows)}"
            for writer in writers:
                writer.writerow(row)
    return large, plain, match.table.qualified, text.encoding


def _rows(records: list[list[str]], match: Match) -> list[list[str]]:
    """The rows of data: those as wide as the header that have an id and are no total."""
    rows = records[match.layout.skip :]
    return [row for row in rows if len(row) == len(match.layout.headers) and row[_id_of(match)] and row[0]]


def _id_of(match: Match) -> int:
    """The place of the cell that tells rows apart."""
    names = [*match.table.meta.key, *_texts(match.table)]
    return next(match.columns[name] for name in names if name in match.columns and name in _texts(match.table))


def _texts(table: Table) -> list[str]:
    texts = [column for column in table.columns if column.type == "varchar" and not column.meta.values]
    return [column.name for column in sorted(texts, key=lambda column: not column.name.endswith("_id"))]


def main() -> None:
    """Print each vendor's load beside the bare read, and the sum."""
    contracts = load_contracts()
    print(f"\nfirst load of {ROWS:,} rows of each vendor; by the clock (by processor); medians of {REPEAT}")
    sums: dict[str, list[Measured]] = {"bare": [], "ours": []}
    with tempfile.TemporaryDirectory() as company, tempfile.TemporaryDirectory() as folder:
        for export in vendor_exports(Path(company)):
            base = Path(folder) / export.parent.name
            base.mkdir()
            large, plain, table, encoding = enlarge(export, contracts, base)
            bare, ours, decode = [], [], []
            for number in range(REPEAT):
                work = _BARE.format(export=str(plain), target=str(base / f"{number}.duckdb"))
                bare.append(once(work, "import duckdb"))
                work = _OURS.format(export=str(large.parent), data=str(base / f"data-{number}"), rows=ROWS)
                ours.append(once(work, _SETUP))
                if encoding != "utf-8":
                    decode.append(_decoding(large, base / "decoded.csv"))
            took = median(ours)
            if decode:
                took = took.less(median(decode))
            sums["bare"].append(median(bare))
            sums["ours"].append(took)
            apart = f", {encoding} decoded apart in {median(decode).seconds:.2f} s" if decode else ""
            print(
                f"  {table:<36} {median(bare).seconds:6.2f} s  {took.seconds:6.2f} s  "
                f"{took.ratios(median(bare))}  {took.mebibytes:6.0f} MiB{apart}",
                flush=True,
            )
    bare_sum, ours_sum = (_sum(runs) for runs in sums.values())
    print(
        f"  {'all vendors':<36} {bare_sum.seconds:6.2f} s  {ours_sum.seconds:6.2f} s  {ours_sum.ratios(bare_sum)}   (aim 1.5x)"
    )


def _decoding(export: Path, target: Path) -> Measured:
    """What decoding alone takes: from bytes to UTF-8 on disk."""
    work = f"to_text(Path({str(export)!r}), 'csv', Path({str(target)!r}))"
    return once(work, "from pathlib import Path\nfrom pipelines.ingest.decode import to_text")


def _sum(runs: list[Measured]) -> Measured:
    return Measured(
        sum(run.seconds for run in runs), sum(run.processor for run in runs), max(run.mebibytes for run in runs)
    )


if __name__ == "__main__":
    main()
