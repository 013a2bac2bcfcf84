"""Workbooks and CSV with typed cells: numbers as numbers, days as days, and text that no spreadsheet runs."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import xlsxwriter

FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r", "\n")
_SIGNED: Final = re.compile(r"[+-][0-9][0-9., \u00a0\u202f]*%?")
NUMBER_FORMATS: Final = {
    "money": "#,##0.00",
    "cents": "#,##0.00",
    "count": "#,##0",
    "number": "#,##0.0",
    "percent": "0.0%",
    "rate": "0.00%",
    "times": '0.00"×"',
    "date": "yyyy-mm-dd",
    "moment": "yyyy-mm-dd hh:mm",
}
MOST_ROWS: Final = 1_048_575
_SHEET_NAME: Final = 31


@dataclass(frozen=True)
class Field:
    """A column of a sheet: what the reader sees above it, and how its cells are written.

    ``kind`` is text, money, cents, count, number, percent, rate, times, date, moment or flag.
    """

    label: str
    kind: str = "text"


@dataclass(frozen=True)
class Sheet:
    """A sheet: its name, its columns and its rows."""

    name: str
    fields: Sequence[Field]
    rows: Iterable[Sequence[Any]]


def safe(text: str) -> str:
    """Give text that a spreadsheet does not run: an apostrophe before a leading = + - @, tab or line end.

    A signed number is no formula and stays as it is.
    """
    return f"'{text}" if text.startswith(FORMULA_STARTS) and not _SIGNED.fullmatch(text) else text


def write_book(target: Any, sheets: Sequence[Sheet], about: Sequence[tuple[str, str]]) -> None:
    """Write a workbook of sheets of typed rows, each under a frozen header, and a last sheet that says what they are.

    ``target`` is a path or a binary stream.
    """
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(target, options | {"in_memory": not isinstance(target, str)}) as book:
        header = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        formats = {kind: book.add_format({"num_format": code}) for kind, code in NUMBER_FORMATS.items()}
        for sheet in sheets:
            _write_sheet(book.add_worksheet(sheet.name[:_SHEET_NAME]), sheet, header, formats)
        notes = book.add_worksheet("about")
        notes.set_column(0, 0, 28)
        notes.set_column(1, 1, 90)
        for line, (name, text) in enumerate(about):
            notes.write_string(line, 0, safe(name), header)
            notes.write_string(line, 1, safe(text))


def _write_sheet(page: Any, sheet: Sheet, header: Any, formats: dict[str, Any]) -> None:
    for place, field in enumerate(sheet.fields):
        page.write_string(0, place, safe(field.label), header)
        page.set_column(place, place, 28 if place == 0 else 16)
    lines = 0
    for lines, row in enumerate(sheet.rows, start=1):
        for place, (value, field) in enumerate(zip(row, sheet.fields, strict=True)):
            _write_cell(page, lines, place, value, formats.get(field.kind))
    page.freeze_panes(1, 1)
    if lines:
        page.autofilter(0, 0, lines, len(sheet.fields) - 1)


def _write_cell(page: Any, line: int, place: int, value: Any, cell_format: Any) -> None:
    if value is None:
        return
    if isinstance(value, bool):
        page.write_boolean(line, place, value)
    elif isinstance(value, Decimal | int | float):
        page.write_number(line, place, float(value), cell_format)
    elif isinstance(value, datetime | date):
        page.write_datetime(line, place, value, cell_format)
    else:
        page.write_string(line, place, safe(str(value)))


def write_csv(path: Path, fields: Sequence[Field], rows: Iterable[Sequence[Any]]) -> int:
    """Write a CSV in UTF-8 with a byte order mark, as spreadsheets expect; gives the number of rows."""
    count = 0
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow([safe(field.label) for field in fields])
        for row in rows:
            count += 1
            writer.writerow([safe(value) if isinstance(value, str) else value for value in row])
    return count
