"""Downloads: typed numbers, escaped text."""

from __future__ import annotations

import csv
import io
from datetime import date

import pandas as pd
import polars as pl
import pytest

from dashboards import downloads
from dashboards.downloads import Column

COLUMNS = [
    Column("name", "Customer"),
    Column("amount", "Open", "money"),
    Column("share", "Share", "percent"),
    Column("deals", "Deals", "count"),
    Column("due_on", "Due", "date"),
    Column("is_disputed", "Disputed", "flag"),
]
FRAME = pd.DataFrame(
    {
        "name": ["=cmd|' /C calc'!A0", "-Minus & Co", "@at", "+plus", "华辰机电", None],
        "amount": [27107.760000000002, -1.005, 0.0, None, 12345678901.1, 3.0],
        "share": [0.43215, None, 0.1, 0.2, 0.3, 0.4],
        "deals": [1, 2, None, 4, 5, 6],
        "due_on": pd.to_datetime(["2026-09-30", "2026-09-29", "2026-10-01", "2026-10-02", "2026-10-03", "2026-10-04"]),
        "is_disputed": [True, False, None, False, False, False],
    }
)


@pytest.mark.parametrize("start", list("=+-@\t\r\n"))
def test_text_that_a_spreadsheet_would_run_is_escaped(start: str) -> None:
    assert downloads.safe(f"{start}1+1") == f"'{start}1+1"


def test_csv_keeps_cents_and_escapes_text() -> None:
    rows = list(csv.reader(io.StringIO(downloads.as_csv(FRAME, COLUMNS).decode("utf-8-sig"))))
    assert rows[0] == ["Customer", "Open", "Share", "Deals", "Due", "Disputed"]
    assert rows[1] == ["'=cmd|' /C calc'!A0", "27107.76", "0.432150", "1", "2026-09-30", "True"]
    assert [row[0] for row in rows[2:]] == ["'-Minus & Co", "'@at", "'+plus", "华辰机电", ""]
    assert [row[1] for row in rows[2:]] == ["-1.01", "0.00", "", "12345678901.10", "3.00"]
    assert len(rows) == len(FRAME) + 1


def test_workbook_has_typed_cells_and_says_what_it_is() -> None:
    book = downloads.as_xlsx(FRAME, COLUMNS, [("Rows", "6"), ("Filters", "=bad")])
    read = pl.read_excel(io.BytesIO(book), sheet_name="data", engine="calamine")
    assert read["Open"].dtype == pl.Float64
    assert read["Open"].to_list() == [27107.76, -1.01, 0.0, None, 12345678901.1, 3.0]
    assert read["Due"].to_list()[0] == date(2026, 9, 30)
    assert read["Customer"].to_list()[:2] == ["'=cmd|' /C calc'!A0", "'-Minus & Co"]
    about = pl.read_excel(io.BytesIO(book), sheet_name="about", engine="calamine", has_header=False)
    assert about.rows() == [("Rows", "6"), ("Filters", "'=bad")]


def test_an_empty_table_can_be_downloaded() -> None:
    empty = FRAME.iloc[:0]
    assert downloads.as_csv(empty, COLUMNS).decode("utf-8-sig").splitlines() == [
        "Customer,Open,Share,Deals,Due,Disputed"
    ]
    assert downloads.as_xlsx(empty, COLUMNS, []).startswith(b"PK")
