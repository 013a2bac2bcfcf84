"""Files for download: typed numbers, text that no spreadsheet takes for a formula, and the number of rows said."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final

import pandas as pd
import xlsxwriter  # type: ignore[import-untyped]

from dashboards import words

_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r", "\n")
_NUMBER_FORMATS: Final = {
    "money": "#,##0.00",
    "count": "#,##0",
    "number": "#,##0.0",
    "percent": "0.0%",
    "times": '0.00"×"',
    "date": "yyyy-mm-dd",
    "moment": "yyyy-mm-dd hh:mm",
}
_PLACES: Final = {"money": "0.01", "count": "1", "number": "0.000001", "percent": "0.000001", "times": "0.000001"}


@dataclass(frozen=True)
class Column:
    """A column of a table: its name in the frame, what the reader sees, and how to write it.

    ``kind`` is text, money, count, number, percent, times, date, moment or flag.
    """

    name: str
    label: str
    kind: str = "text"
    help: str | None = None
    width: int | None = None


def safe(text: str) -> str:
    """Give text that a spreadsheet does not run: an apostrophe before a leading = + - @, tab or line end."""
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


def _value(value: Any, kind: str) -> Any:
    if words.is_missing(value):
        return None
    if kind in _PLACES:
        return Decimal(repr(float(value))).quantize(Decimal(_PLACES[kind]), ROUND_HALF_UP)
    if kind == "date":
        return pd.Timestamp(value).date()
    if kind == "moment":
        stamp = pd.Timestamp(value)
        return stamp.tz_localize(None).to_pydatetime() if stamp.tzinfo else stamp.to_pydatetime()
    if kind == "flag":
        return bool(value)
    return safe(str(value))


def _rows(frame: pd.DataFrame, columns: Sequence[Column]) -> Iterable[list[Any]]:
    kinds = [column.kind for column in columns]
    picked = frame[[column.name for column in columns]]
    for row in picked.itertuples(index=False, name=None):
        yield [_value(value, kind) for value, kind in zip(row, kinds, strict=True)]


def as_csv(frame: pd.DataFrame, columns: Sequence[Column]) -> bytes:
    """Give a CSV in UTF-8 with a byte order mark, money with two decimals, days as 2026-09-30."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([safe(column.label) for column in columns])
    for row in _rows(frame, columns):
        writer.writerow(
            [
                "" if value is None else str(value) if isinstance(value, datetime | date | Decimal) else value
                for value in row
            ]
        )
    return text.getvalue().encode("utf-8-sig")


def as_xlsx(frame: pd.DataFrame, columns: Sequence[Column], about: Sequence[tuple[str, str]]) -> bytes:
    """Give a workbook: a sheet of typed rows under a frozen header, and a sheet that says what they are."""
    stream = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(stream, options) as book:
        sheet = book.add_worksheet("data")
        header = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        formats = {kind: book.add_format({"num_format": code}) for kind, code in _NUMBER_FORMATS.items()}
        for place, column in enumerate(columns):
            sheet.write_string(0, place, safe(column.label), header)
            sheet.set_column(place, place, 28 if place == 0 else 16)
        for line, row in enumerate(_rows(frame, columns), start=1):
            for place, (value, column) in enumerate(zip(row, columns, strict=True)):
                _write(sheet, line, place, value, formats.get(column.kind))
        sheet.freeze_panes(1, 1)
        if len(frame):
            sheet.autofilter(0, 0, len(frame), len(columns) - 1)
        notes = book.add_worksheet("about")
        notes.set_column(0, 0, 24)
        notes.set_column(1, 1, 60)
        for line, (name, text) in enumerate(about):
            notes.write_string(line, 0, safe(name), header)
            notes.write_string(line, 1, safe(text))
    return stream.getvalue()


def _write(sheet: Any, line: int, place: int, value: Any, cell_format: Any) -> None:
    if value is None:
        return
    if isinstance(value, bool):
        sheet.write_boolean(line, place, value)
    elif isinstance(value, Decimal):
        sheet.write_number(line, place, float(value), cell_format)
    elif isinstance(value, datetime | date):
        sheet.write_datetime(line, place, value, cell_format)
    else:
        sheet.write_string(line, place, value)
