"""Ingest of workbooks beside bare calamine, and of other encodings with the decoding counted apart."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import duckdb

from benchmarks import ingest
from benchmarks.measure import Measured, median, once

SHEET_ROWS = 300_000
TEXT_ROWS = 1_000_000
REPEAT = int(os.environ.get("WANAMAKER_BENCH_REPEAT", "3"))
ENCODINGS = ("utf-8", "gb18030", "utf-16")


def write_workbook(path: Path) -> None:
    """The same invoices as a sheet: text, dates and numbers as Excel keeps them."""
    import xlsxwriter

    rows = duckdb.execute(f"""
        select 'INV-' || i, 'CUST-' || i % 20000, 'SO-' || i // 2, date '2020-01-01' + (i % 1500)::int,
            date '2020-01-31' + (i % 1500)::int, (i % 100000) / 100.0, 'CNY'
        from range({SHEET_ROWS}) as numbers(i)
    """).fetchall()
    options = {"constant_memory": True, "default_date_format": "yyyy-mm-dd"}
    with xlsxwriter.Workbook(path, options) as book:
        sheet = book.add_worksheet("invoices")
        header = ["invoice_id", "account_id", "order_id", "issued_on", "due_on", "amount", "currency"]
        for number, row in enumerate([header, *rows]):
            sheet.write_row(number, 0, row)


_LIBRARIES = "import fastexcel, polars\n"
_TO_TEXT = "from pathlib import Path\nfrom pipelines.ingest.decode import to_text\n"


def _ingest(export: Path, data: Path, rows: int, setup: str = "") -> Measured:
    work = f"""
report = ingest(Path({str(export)!r}), Path({str(data)!r}), contracts)
assert not report.problems, report.problems
assert sum(file.loaded for file in report.files) == {rows}, report.files
"""
    return once(work, setup + ingest._SETUP.format(mapping=""))  # noqa: SLF001 (one benchmark beside another)


def _workbooks(base: Path) -> None:
    path = base / "invoices_2026-10-31.xlsx"
    write_workbook(path)
    text = base / "sheet.csv"
    bare_work = f"fastexcel.read_excel({str(path)!r}).load_sheet(0, header_row=None, dtypes='string').to_polars()"
    text_work = f"to_text(Path({str(path)!r}), 'xlsx', Path({str(text)!r}), sheet='invoices')"
    bare = median([once(bare_work, _LIBRARIES) for _ in range(REPEAT)])
    became = median([once(text_work, _LIBRARIES + _TO_TEXT) for _ in range(REPEAT)])
    read = median([ingest._bare(text, base) for _ in range(REPEAT)])  # noqa: SLF001
    ours = median([_ingest(path, base / f"sheet-{number}", SHEET_ROWS, _LIBRARIES) for number in range(REPEAT)])
    rest = ours.less(became)
    print(f"\ningest of a workbook, {SHEET_ROWS:,} rows of 7 columns; medians of {REPEAT}")
    for label, run, yardstick in (
        ("bare calamine into a frame", bare, bare),
        ("a sheet becomes text, beside calamine", became, bare),
        ("bare read_csv of that text", read, read),
        ("the rest of the first load, beside read_csv", rest, read),
    ):
        print(f"  {label:<52} {run.seconds:6.2f} s  {run.ratios(yardstick)}   {run.mebibytes:6.0f} MiB")


def _encodings(base: Path) -> None:
    ingest.ROWS, rows = TEXT_ROWS, ingest.ROWS
    source = base / "invoices_2026-10-30.csv"
    ingest.write_export(source)
    ingest.ROWS = rows
    text = source.read_text(encoding="utf-8")
    bare = median([ingest._bare(source, base) for _ in range(REPEAT)])  # noqa: SLF001
    print(f"\ningest of {TEXT_ROWS:,} rows in other encodings; bare read_csv of the UTF-8 file: {bare.seconds:.2f} s")
    for encoding in ENCODINGS:
        path = base / f"invoices_{encoding.replace('-', '_')}_2026-10-31.csv"
        path.write_text(text.replace("CNY", "人民币"), encoding=encoding)
        decode_work = f"to_text(Path({str(path)!r}), 'csv', Path({str(base / 'decoded.csv')!r}))"
        decode = median([once(decode_work, _TO_TEXT) for _ in range(REPEAT)])
        ours = median([_ingest(path, base / f"{encoding}-{number}", TEXT_ROWS) for number in range(REPEAT)])
        rest = ours.seconds - decode.seconds
        print(
            f"  {encoding:<10} decode {decode.seconds:5.2f} s, the rest {rest:5.2f} s = {rest / bare.seconds:.2f}x bare "
            f"(aim 1.5x)   {ours.mebibytes:6.0f} MiB"
        )


def main() -> None:
    """Print each format beside the simplest thing that reads it."""
    with tempfile.TemporaryDirectory() as folder:
        _workbooks(Path(folder))
        _encodings(Path(folder))


if __name__ == "__main__":
    main()
