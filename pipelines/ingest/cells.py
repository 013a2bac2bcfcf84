"""SQL that turns a cell's text into a typed value, and the choice of a column's format.

A column is first read plainly (ISO dates, `1234.56`); only where that fails for some cell is the
whole column looked at and one format chosen for it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

import duckdb

from pipelines.contracts import Column
from pipelines.errors import WanamakerError

MISSING = ("", "--", " --", "-", "N/A", "n/a", "#N/A", "NULL", "null", "无", "Select")

_TRUE = ("true", "t", "yes", "y", "1", "是", "√", "x")
_FALSE = ("false", "f", "no", "n", "0", "否", "×")

_DAY_FORMATS = (
    "%Y%m%d", "%Y.%m.%d", "%Y年%m月%d日",
    "%m/%d/%Y", "%d/%m/%Y", "%d.%m.%Y", "%m.%d.%Y", "%d-%m-%Y", "%m-%d-%Y",
    "%m/%d/%y", "%d/%m/%y", "%d-%m-%y", "%m-%d-%y", "%d.%m.%y", "%y-%m-%d", "%y/%m/%d",
    "%a, %d %b %Y", "%d %b %Y", "%d-%b-%Y", "%d-%b-%y", "%d/%b/%Y", "%b %d, %Y", "%B %d, %Y", "%d %B %Y", "%b %d %Y",
)  # fmt: skip
_TIME_SUFFIXES = ("", " %H:%M", " %H:%M:%S", " %I:%M %p", " %I:%M:%S %p", "T%H:%M:%S", ", %I:%M %p", ", %H:%M:%S")
EXCEL_SERIAL = "excel"

_CURRENCY = r"US\$|HK\$|NT\$|R\$|A\$|C\$|[￥¥$€£₹₩]|\b(?:CNY|RMB|USD|EUR|GBP|HKD|TWD|JPY|BRL|INR|SGD)\b|人民币|元"
_SPACES = r"\s\x{00a0}\x{202f}\x{2009}'’"


@dataclass(frozen=True)
class Style:
    """How the cells of one column are written.

    `decimal` is empty for plain numbers; `dates` are strptime formats, empty for ISO.
    """

    decimal: str = ""
    thousands: str = ""
    dates: tuple[str, ...] = ()
    iso_too: bool = True

    def words(self, column: Column) -> str:
        """The style as a reason names it."""
        if self.dates:
            return "in the column's format " + " or ".join(
                "of an Excel serial number" if form == EXCEL_SERIAL else form for form in self.dates
            )
        return "such as 2026-01-31" if column.type == "date" else "such as 2026-01-31 14:05:00"


PLAIN = Style()


def quoted(text: str) -> str:
    """A SQL string literal."""
    return "'" + text.replace("'", "''") + "'"


def identifier(name: str) -> str:
    """A SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def typed(column: Column, cell: str, style: Style, timezone: str) -> str:
    """SQL for the typed value of `cell`; null where it is missing or cannot be read."""
    kind = column.type
    if kind == "varchar":
        if column.meta.values:
            cases = " ".join(f"when {quoted(value.lower())} then {quoted(value)}" for value in column.meta.values)
            return f"case lower({cell}) {cases} end"
        return cell
    if kind == "boolean":
        truth = " ".join(f"when {quoted(word)} then true" for word in _TRUE)
        lie = " ".join(f"when {quoted(word)} then false" for word in _FALSE)
        return f"case lower({cell}) {truth} {lie} end"
    if kind == "date":
        return _date(cell, style, timezone)
    if kind == "timestamp":
        return _timestamp(cell, style, timezone)
    if kind == "bigint":
        if style.decimal:
            number = _number(cell, style)
            return f"case when {number} = trunc({number}) then try_cast({number} as bigint) end"
        exact = f"try_cast({cell} as decimal(38, 12))"
        return (
            f"case when strpos({cell}, '.') = 0 then try_cast({cell} as bigint) "
            f"when {exact} = trunc({exact}) then try_cast({exact} as bigint) end"
        )
    if style.decimal:
        number = _number(cell, style, percent=column.type == "decimal(18,6)")
        return f"try_cast({number} as {kind})"
    return f"try_cast({cell} as {kind})"


def rounded(column: Column, cell: str, style: Style, value: str) -> str | None:
    """SQL that is true where the cell has more digits than the column keeps; None for other types."""
    if not column.type.startswith("decimal"):
        return None
    if style.decimal:
        return f"coalesce({_number(cell, style, percent=column.type == 'decimal(18,6)')} <> {value}, false)"
    places = int(column.type.rstrip(")").rsplit(",", 1)[1])
    return (
        f"(strpos({cell}, '.') > 0 and length({cell}) - strpos({cell}, '.') > {places} "
        f"and coalesce(try_cast({cell} as decimal(38, 18)) <> {value}, false))"
    )


def problem(column: Column, cell: str, value: str, style: Style) -> list[tuple[str, str]]:
    """Conditions under which the cell rejects its row, each with the reason in words, first match first."""
    meta, kind = column.meta, column.type
    found: list[tuple[str, str]] = []
    if meta.required:
        found.append((f"{cell} is null", "is required and empty"))
    if kind == "varchar" and meta.values:
        found.append((f"{cell} is not null and {value} is null", f"is not one of {', '.join(meta.values)}"))
    elif kind == "boolean":
        found.append((f"{cell} is not null and {value} is null", "is neither yes nor no"))
    elif kind in ("date", "timestamp"):
        name = "date" if kind == "date" else "date and time"
        found.append((f"{cell} is not null and {value} is null", f"is not a {name} {style.words(column)}"))
    elif kind == "bigint":
        number = _number(cell, style if style.decimal else Style(".", ","))
        found.append((f"{cell} is not null and {value} is null and {number} is not null", "is not a whole number, or too large"))
        found.append((f"{cell} is not null and {value} is null", "is not a number"))
    elif kind.startswith("decimal"):
        number = _number(cell, style if style.decimal else Style(".", ","), percent=kind == "decimal(18,6)")
        width, places = (int(part) for part in kind[8:-1].split(","))
        found.append((
            f"{cell} is not null and {value} is null and ({number} is not null or regexp_matches({cell}, '^[-+(]?[0-9,.]+[)]?$'))",
            f"is not a number of at most {width - places} digits before the decimal mark"
            + (f" {style.decimal}" if style.decimal else ""),
        ))
        found.append((f"{cell} is not null and {value} is null", "is not a number"))
    if meta.minimum is not None:
        found.append((f"{value} < {meta.minimum!r}", f"is below {meta.minimum:g}"))
    if meta.maximum is not None:
        found.append((f"{value} > {meta.maximum!r}", f"is above {meta.maximum:g}"))
    return found


def _date(cell: str, style: Style, timezone: str) -> str:
    if not style.dates:
        return _finite(
            f"case when length({cell}) > 10 then cast({_iso_timestamp(cell, timezone)} as date) "
            f"when {_year_first(cell)} then try_cast({cell} as date) end"
        )
    return f"cast({_by_format(cell, style, timezone)} as date)"


def _timestamp(cell: str, style: Style, timezone: str) -> str:
    return _by_format(cell, style, timezone) if style.dates else _finite(_iso_timestamp(cell, timezone))


def _year_first(cell: str) -> str:
    """Four digits, then a separator: otherwise 05-06-26 would be a day of the year 5."""
    return f"(substr({cell}, 5, 1) = '-' or substr({cell}, 5, 1) = '/')"


def _finite(value: str) -> str:
    return f"case when isfinite({value}) then {value} end"


def _iso_timestamp(cell: str, timezone: str) -> str:
    """Local time; a time with an offset is converted to the company's zone."""
    return (
        f"case when not {_year_first(cell)} then null when length({cell}) <= 16 or (length({cell}) <= 23 and right({cell}, 1) between '0' and '9' "
        f"and strpos(substr({cell}, 11), '+') = 0 and strpos(substr({cell}, 11), '-') = 0) "
        f"then try_cast({cell} as timestamp) "
        f"when regexp_matches({cell}, '([Zz]|[+-][0-9]{{2}}(:?[0-9]{{2}})?| ?UTC)$') "
        f"then timezone({quoted(timezone)}, try_cast({cell} as timestamptz)) "
        f"else try_cast({cell} as timestamp) end"
    )


def _by_format(cell: str, style: Style, timezone: str) -> str:
    forms = [form for form in style.dates if form != EXCEL_SERIAL]
    options = []
    if style.iso_too:
        options.append(_finite(_iso_timestamp(cell, timezone)))
    if forms:
        options.append(f"try_strptime({cell}, [{', '.join(quoted(form) for form in forms)}])")
    if EXCEL_SERIAL in style.dates:
        options.append(_excel(cell))
    return f"coalesce({', '.join(options)})" if len(options) > 1 else options[0]


def _excel(cell: str) -> str:
    return (
        f"case when regexp_full_match({cell}, '[2-7][0-9]{{4}}(\\.[0-9]+)?') "
        f"then timestamp '1899-12-30' + to_microseconds(cast(round(try_cast({cell} as double) * 86400) * 1000000 as bigint)) end"
    )


def _number(cell: str, style: Style, *, percent: bool = False) -> str:
    """SQL for a number written with signs, currencies, brackets, thousands marks, 万 or (where it makes sense) %."""
    bare = f"regexp_replace({cell}, '[{_SPACES.replace(chr(39), chr(39) * 2)}]|{_CURRENCY}', '', 'g')"
    digits = f"regexp_replace({bare}, '^[-+−(]+|[-)]$|[万亿{'%' if percent else ''}][-)]?$', '', 'g')"
    mark, group = re.escape(style.decimal), re.escape(style.thousands) if style.thousands else ""
    grouped = f"[0-9]{{1,3}}({group}[0-9]{{2,3}})*{group}[0-9]{{3}}|" if group else ""
    pattern = f"({grouped}[0-9]+)({mark}[0-9]*)?|{mark}[0-9]+"
    clean = f"replace({digits}, {quoted(style.thousands)}, '')" if style.thousands else digits
    plain = f"replace({clean}, {quoted(style.decimal)}, '.')" if style.decimal != "." else clean
    sign = f"case when regexp_matches({bare}, '^[-−(]|-$') then -1 else 1 end"
    factor = f"case when regexp_matches({bare}, '万[-)]?$') then 10000 when regexp_matches({bare}, '亿[-)]?$') then 100000000 else 1 end"
    share = f" * case when regexp_matches({bare}, '%[-)]?$') then 0.01 else 1.00 end" if percent else ""
    value = f"try_cast({plain} as decimal(30, 12))"
    parsed = (
        f"case when regexp_full_match({digits}, {quoted(pattern)}) and length({digits}) <= 24 "
        f"then cast({value} as decimal(38, 12)) * {sign} * {factor}{share} end"
    )
    if style.decimal == ".":
        return f"coalesce({parsed}, case when regexp_full_match({cell}, '[-+]?[0-9.]+[eE][-+]?[0-9]{{1,2}}') then try_cast({cell} as decimal(30, 12)) end)"
    return parsed


def choose_style(
    connection: duckdb.DuckDBPyConnection, column: Column, cells: str, header: str, locale: Style, timezone: str
) -> Style:
    """The one format that fits most cells of a column.

    `cells` is a relation with one column `cell`. Raises WanamakerError where two formats fit equally
    well and read different dates.
    """
    if column.type in ("date", "timestamp"):
        return _choose_dates(connection, cells, header, timezone)
    options = [locale, Style(".", ","), Style(",", "."), Style(",", " ")]
    unique = list(dict.fromkeys(options))
    counts = ", ".join(f"count({typed(column, 'cell', style, timezone)})" for style in unique)
    row = connection.execute(f"select {counts} from {cells}").fetchone()  # noqa: S608
    assert row is not None
    return unique[row.index(max(row))]


def _choose_dates(connection: duckdb.DuckDBPyConnection, cells: str, header: str, timezone: str) -> Style:
    iso = _finite(_iso_timestamp("cell", timezone))
    failing = [
        str(row[0])
        for row in connection.execute(
            f"select distinct cell from {cells} where cell is not null and {iso} is null limit 500"  # noqa: S608
        ).fetchall()
    ]
    by_day = {day: [day + suffix for suffix in _TIME_SUFFIXES] for day in _DAY_FORMATS} | {EXCEL_SERIAL: [EXCEL_SERIAL]}
    styles: list[Style] = []
    for forms in by_day.values():
        fitting = tuple(form for form in forms if any(_fits(connection, value, form) for value in failing[:40]))
        if not fitting:
            continue
        styles.append(Style(dates=tuple(forms) if fitting != (EXCEL_SERIAL,) else fitting))
    if not styles:
        return PLAIN
    values = [_by_format("cell", style, timezone) for style in styles]
    counts = ", ".join(f"count({value})" for value in values)
    row = connection.execute(f"select {counts} from {cells}").fetchone()  # noqa: S608
    assert row is not None
    best = max(row)
    ranked = [index for index, count in enumerate(row) if count == best]
    for other in ranked[1:]:
        differ = connection.execute(
            f"select cell from {cells} where {values[ranked[0]]} <> {values[other]} limit 1"  # noqa: S608
        ).fetchone()
        if differ:
            first, second = styles[ranked[0]].dates[0], styles[other].dates[0]
            raise WanamakerError(
                f"column {header!r}: {differ[0]!r} can be read as {first} or as {second}, and every other date fits both; "
                f'say which in the mapping: dates: "{first}"'
            )
    chosen = styles[ranked[0]]
    used = tuple(form for form in chosen.dates if form == EXCEL_SERIAL or any(_fits(connection, value, form) for value in failing))
    return Style(dates=used or chosen.dates)


def _fits(connection: duckdb.DuckDBPyConnection, value: str, form: str) -> bool:
    sql = f"select {_excel('v')} from (select ? as v)" if form == EXCEL_SERIAL else f"select try_strptime(?, {quoted(form)})"  # noqa: S608
    row = connection.execute(sql, [value]).fetchone()
    return row is not None and isinstance(row[0], datetime)
