"""Cells to values: every form of number, date and truth that files write, and words for what is none."""

from __future__ import annotations

from decimal import Decimal

import duckdb
import pytest

from pipelines.contracts import Column
from pipelines.errors import WanamakerError
from pipelines.ingest.cells import PLAIN, Style, choose_style, rounded, typed

ZONE = "Asia/Shanghai"
AMOUNT, RATE, COUNT = "decimal(18,2)", "decimal(18,6)", "bigint"


def values(kind: str, cells: list[str], locale: Style = Style(".", ",")) -> list[str | None]:  # noqa: B008
    """A column of cells, read in the style chosen for it where one cannot be read plainly."""
    column = Column(name="value", type=kind)
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        connection.execute("create table cells as select unnest(?::varchar[]) as cell", [cells])

        def read(style: Style) -> list[str | None]:
            found = connection.execute(f"select cast({typed(column, 'cell', style, ZONE)} as varchar) from cells")
            return [row[0] for row in found.fetchall()]

        if None not in (plain := read(PLAIN)):
            return plain
        return read(choose_style(connection, column, "cells", "Value", locale, ZONE))


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("1234.5", "1234.50"),
        ("-7", "-7.00"),
        ("+7", "7.00"),
        (".5", "0.50"),
        ("5.", "5.00"),
        ("1.5E+03", "1500.00"),
        ("1,234.50", "1234.50"),
        ("12,34,567.5", "1234567.50"),
        ("￥1,234.50", "1234.50"),
        ("¥ 1,234.50", "1234.50"),
        ("US$50.00", "50.00"),
        ("R$ 50", "50.00"),
        ("50 USD", "50.00"),
        ("1234元", "1234.00"),
        ("(500)", "-500.00"),
        ("($1,500.25)", "-1500.25"),
        ("-￥5", "-5.00"),
        ("￥-5", "-5.00"),
        ("−5", "-5.00"),
        ("5-", "-5.00"),
        ("12.3万", "123000.00"),
        ("-1.5亿", "-150000000.00"),
        ("1 234 567.89", "1234567.89"),
        ("1\u00a0234.5", "1234.50"),
        ("1'234.50", "1234.50"),
        ("9999999999999999.99", "9999999999999999.99"),
        ("12%", None),
        ("< 10%", None),
        ("1,23", "1.23"),
        ("1.234.5", None),
        ("1_000", None),
        ("0x10", None),
        ("10000000000000000", None),
        ("abc", None),
        ("1e99", None),
        ("--5", "-5.00"),
        ("inf", None),
    ],
)
def test_amounts(cell: str, value: str | None) -> None:
    assert values(AMOUNT, [cell]) == [value]


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["1.234,56", "1.234", "12"], ["1234.56", "1234.00", "12.00"]),
        (["1.234,56", "5,5"], ["1234.56", "5.50"]),
        (["1 234,56"], ["1234.56"]),
        (["1,234", "1.5"], ["1234.00", "1.50"]),
        (["1.234,56", "12.5", "13.5"], [None, "12.50", "13.50"]),
        (["1,234"], ["1234.00"]),
    ],
)
def test_the_decimal_mark_is_the_columns(cells: list[str], expected: list[str | None]) -> None:
    assert values(AMOUNT, cells) == expected


def test_the_locale_decides_where_the_column_does_not() -> None:
    assert values(AMOUNT, ["1.234,5", "x"], Style(",", ".")) == ["1234.50", None]
    assert values(AMOUNT, ["1,234"], Style(",", ".")) == ["1.23"]


@pytest.mark.parametrize(
    ("cell", "value"),
    [("0.125", "0.125000"), ("12%", "0.120000"), ("12.5 %", "0.125000"), ("(3%)", "-0.030000"), ("150%", "1.500000")],
)
def test_rates_take_percent(cell: str, value: str) -> None:
    assert values(RATE, [cell]) == [value]


@pytest.mark.parametrize(
    ("cell", "value", "is_rounded"),
    [
        ("1.005", "1.01", True),
        ("-1.005", "-1.01", True),
        ("1.00499999999999999999", "1.00", True),
        ("1.10000", "1.10", False),
        ("1.1", "1.10", False),
        ("0.004", "0.00", True),
    ],
)
@pytest.mark.parametrize("style", [PLAIN, Style(".", ",")])
def test_an_amount_is_rounded_once_half_away_from_zero(cell: str, value: str, style: Style, is_rounded: bool) -> None:
    column = Column(name="value", type=AMOUNT)
    read = typed(column, "cell", style, ZONE)
    may_be, exactly = rounded(column, "cell", style, read) or ("", "")
    with duckdb.connect() as connection:
        found = connection.execute(f"select {read}, {may_be} and {exactly} from (select ? as cell)", [cell]).fetchone()
    assert found == (Decimal(value), is_rounded)


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("42", "42"),
        ("-42", "-42"),
        ("0042", "42"),
        ("42.0", "42"),
        ("1e3", "1000"),
        ("1.5e3", "1500"),
        ("1,234", "1234"),
        ("3万", "30000"),
        ("9223372036854775807", "9223372036854775807"),
        ("9223372036854775808", None),
        ("1.5", None),
        ("1e-1", None),
        ("1_000", None),
        ("0x10", None),
        ("many", None),
    ],
)
def test_whole_numbers(cell: str, value: str | None) -> None:
    assert values(COUNT, [cell]) == [value]


@pytest.mark.parametrize("word", ["true", "T", "Yes", "y", "1", "是", "√", "X"])
def test_words_for_true(word: str) -> None:
    assert values("boolean", [word]) == ["true"]


@pytest.mark.parametrize("word", ["false", "F", "No", "n", "0", "否", "×"])
def test_words_for_false(word: str) -> None:
    assert values("boolean", [word]) == ["false"]


@pytest.mark.parametrize(
    "cell",
    [
        "2026-01-25", "2026/1/25", "2026-1-25", "20260125", "2026.01.25", "2026年1月25日", "1/25/2026", "01/25/2026", "25/1/2026",
        "25.01.2026", "25-01-2026", "01-25-2026", "1/25/26", "25/01/26", "25.1.26", "Sun, 25 Jan 2026", "25 Jan 2026", "25-Jan-2026",
        "25-Jan-26", "25/Jan/2026", "Jan 25, 2026", "January 25, 2026", "25 January 2026", "46047", "46047.6", "2026-01-25 14:05",
        "2026-01-25T14:05:00", "1/25/2026 3:25 PM", "25.01.2026 15:25", "Jan 25, 2026, 3:25 PM", "2026-01-24T20:00:00Z",
        "2026-01-25T14:05:00.123456", "2026-01-25 00:30:00+08:00",
    ],
)  # fmt: skip
def test_dates(cell: str) -> None:
    assert values("date", [cell]) == ["2026-01-25"]


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("2026-01-25", "2026-01-25 00:00:00"),
        ("2026-01-25 14:05", "2026-01-25 14:05:00"),
        ("2026-01-25T14:05:06.5", "2026-01-25 14:05:06.5"),
        ("2026-01-25T14:05:00Z", "2026-01-25 22:05:00"),
        ("2026-01-25T14:05:00+00:00", "2026-01-25 22:05:00"),
        ("2026-01-25T14:05:00-0500", "2026-01-26 03:05:00"),
        ("2026-01-25 14:05:00 UTC", "2026-01-25 22:05:00"),
        ("6/13/2022 3:25 PM", "2022-06-13 15:25:00"),
        ("2026年1月5日 14:05", "2026-01-05 14:05:00"),
        ("46047.5", "2026-01-25 12:00:00"),
    ],
)
def test_moments_are_in_the_companys_zone(cell: str, value: str) -> None:
    assert values("timestamp", [cell]) == [value]


@pytest.mark.parametrize(
    "cell",
    [
        "2026-02-30",
        "2026-13-01",
        "26",
        "1/25",
        "99999",
        "2026-01-05 (BC)",
        "soon",
        "2026-01-25 25:00",
        "0026-01-05x",
        "0026-01-05",
        "infinity",
    ],
)
def test_what_is_no_date(cell: str) -> None:
    assert values("date", ["2026-01-01", cell]) == ["2026-01-01", None]


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["1/2/2026", "13/2/2026"], ["2026-02-01", "2026-02-13"]),
        (["1/2/2026", "2/13/2026"], ["2026-01-02", "2026-02-13"]),
        (["2026-01-05", "1/25/2026", "1/26/2026", "25.01.2026"], ["2026-01-05", "2026-01-25", "2026-01-26", None]),
        (["5/5/2026", "6/6/2026"], ["2026-05-05", "2026-06-06"]),
        (["1/25/2026", "1/26/2026 3:25 PM"], ["2026-01-25", "2026-01-26"]),
        (["12/1/26", "1/25/26"], ["2026-12-01", "2026-01-25"]),
        (["05-13-26", "5-14-26"], ["2026-05-13", "2026-05-14"]),
    ],
)
def test_one_format_is_chosen_for_a_column_of_dates(cells: list[str], expected: list[str | None]) -> None:
    assert values("date", cells) == expected


def test_the_format_is_chosen_from_all_values_not_from_the_first() -> None:
    cells = [f"{day}/{day}/20{year}" for day in range(1, 10) for year in range(10, 99)]
    assert None not in values("date", [*cells, "1/2/2026", "2/13/2026"])
    assert values("date", [*cells, "1/2/2026", "13/2/2026"])[-2] == "2026-02-01"


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        (["1/2/2026", "3/4/2026"], "'1/2/2026' can be read as %m/%d/%Y or as %d/%m/%Y"),
        (["1/2/2026", "TBD"], "can be read as %m/%d/%Y or as %d/%m/%Y"),
        (["05-06-26"], "can be read as"),
        (["13/2/2026", "2/13/2026"], "can be read as %m/%d/%Y or as %d/%m/%Y"),
    ],
)
def test_a_column_that_two_formats_fit_is_refused(cells: list[str], words: str) -> None:
    with pytest.raises(WanamakerError) as error:
        values("date", cells)
    assert words in str(error.value)
    assert "column 'Value'" in str(error.value)
    assert 'say which in the mapping: dates: "%' in str(error.value)


@pytest.mark.parametrize(
    "cell", ["2026 01 05", "2026\\01\\05", "1234 5 6", "02026-1-5", "epoch", "epoch   ", "infinity"]
)
def test_what_only_a_database_takes_for_a_day_is_none(cell: str) -> None:
    assert values("date", [cell]) == [None]
