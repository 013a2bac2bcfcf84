"""Files for download: typed numbers, text that no spreadsheet takes for a formula, and the number of rows said."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final

import pandas as pd

from dashboards import words
from pipelines.spreadsheet import Field, Sheet, safe, write_book

_PLACES: Final = {"money": "0.01", "cents": "0.01", "count": "1"} | dict.fromkeys(
    ("number", "percent", "rate", "times"), "0.000001"
)


@dataclass(frozen=True)
class Column:
    """A column of a table: its name in the frame, what the reader sees, and how to write it.

    ``kind`` is text, money, cents, count, number, percent, rate, times, date, moment, flag or id: a page shows an id
    without its source, a file holds it whole. On a narrow screen columns that ``leads`` (1, then 2) stand
    next to the first, text after numbers.
    """

    name: str
    label: str
    kind: str = "text"
    help: str | None = None
    width: int | None = None
    leads: int = 0


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
    return str(value)


def rows_of(frame: pd.DataFrame, columns: Sequence[Column]) -> Iterable[list[Any]]:
    """Give the rows as files hold them: numbers exact to their places, days as days, text as text."""
    kinds = [column.kind for column in columns]
    picked = frame[[column.name for column in columns]]
    for row in picked.itertuples(index=False, name=None):
        yield [_value(value, kind) for value, kind in zip(row, kinds, strict=True)]


def as_csv(frame: pd.DataFrame, columns: Sequence[Column]) -> bytes:
    """Give a CSV in UTF-8 with a byte order mark, money with two decimals, days as 2026-09-30."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([safe(column.label) for column in columns])
    for row in rows_of(frame, columns):
        writer.writerow([safe(value) if isinstance(value, str) else value for value in row])
    return text.getvalue().encode("utf-8-sig")


def as_xlsx(frame: pd.DataFrame, columns: Sequence[Column], about: Sequence[tuple[str, str]]) -> bytes:
    """Give a workbook: a sheet of typed rows under a frozen header, and a sheet that says what they are."""
    stream = io.BytesIO()
    fields = [Field(column.label, column.kind) for column in columns]
    write_book(stream, [Sheet("data", fields, rows_of(frame, columns))], about)
    return stream.getvalue()
