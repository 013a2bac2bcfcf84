"""SQL that turns a cell's text into a typed value, and the choice of a column's format.

A column is first read plainly (ISO dates, `1234.56`); only where that fails for some cell is the
whole column looked at and one format chosen for it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import duckdb

from pipelines.contracts import Column
from pipelines.errors import WanamakerError

MISSING = ("", "--", " --", "-", "N/A", "n/a", "#N/A", "NULL", "null", "无", "Select")

_TRUE = ("true", "t", "yes", "y", "1", "是", "√", "x")
_FALSE = ("false", "f", "no", "n", "0", "否", "×")

_DAY_FORMATS = (
    "%Y%m%d", "%Y.%m.%d", "%Y年%m月%d日",
    "%m/%d/%Y", "%d/%m/%Y", "%d.%m.%Y", "%m.%d.%Y", "%d-%m-%Y", "%m-%d-%Y",
    "%m/%d/%y", "%d/%m/%y", "%d-%m-%y", "%m-%d-%y", "%d.%m.%y",
    "%a, %d %b %Y", "%d %b %Y", "%d-%b-%Y", "%d-%b-%y", "%d/%b/%Y", "%b %d, %Y", "%B %d, %Y", "%d %B %Y", "%b %d %Y",
)  # fmt: skip
_TIME_SUFFIXES = ("", " %H:%M", " %H:%M:%S", " %I:%M %p", " %I:%M:%S %p", "T%H:%M:%S", ", %I:%M %p", ", %H:%M:%S")
EXCEL_SERIAL = "excel"
_SAMPLE = 200

_CURRENCY = r"US\$|HK\$|NT\$|R\$|A\$|C\$|[￥¥$€£₹₩]|\b(?:CNY|RMB|USD|EUR|GBP|HKD|TWD|JPY|BRL|INR|SGD)\b|人民币|元"
_SPACES = r"\s\x{00a0}\x{202f}\x{2009}'’"
_EXPONENT = "[eE][-+]?[0-9]{1,2}"
_SHORTEST_ROUNDED = 3  # 1e-7 is the shortest cell that loses a digit
_OF_WORDS = "timestamp '1900-01-01'"
_FIRST_MOMENT, _LAST_MOMENT = "timestamp '1000-01-01'", "timestamp '9999-12-31 23:59:59.999999'"


@dataclass(frozen=True)
class Style:
    """How the cells of one column are written.

    `decimal` is empty for plain numbers; `dates` are strptime formats, empty for ISO, which `iso_too`
    takes beside them.
    """

    decimal: str = ""
    thousands: str = ""
    dates: tuple[str, ...] = ()
    iso_too: bool = True

    @property
    def words(self) -> str:
        """The dates' formats as notes and reasons name them."""
        return " or ".join("Excel serial number" if form == EXCEL_SERIAL else form for form in self.dates)


PLAIN = Style()


def quoted(text: str) -> str:
    """A SQL string literal."""
    return "'" + text.replace("'", "''") + "'"


def identifier(name: str) -> str:
    """A SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def moment(column: Column, cell: str, style: Style, timezone: str) -> str | None:
    """SQL for what a date's cell says, worth computing once and handing to `typed`; None for other types."""
    if column.type not in ("date", "timestamp"):
        return None
    if forms := _strptime_forms(style):
        return _strptime(cell, *forms)
    return None if style.dates else _iso(column.type, cell, timezone)


def typed(column: Column, cell: str, style: Style, timezone: str, parsed: str | None = None) -> str:
    """SQL for the typed value of `cell`; null where it is missing or cannot be read.

    `parsed` is the name of a column that holds its `moment`.
    """
    kind = column.type
    if kind == "varchar":
        return _one_of(cell, column.meta.values) if column.meta.values else cell
    if kind == "boolean":
        truth = " ".join(f"when {quoted(word)} then true" for word in _TRUE)
        lie = " ".join(f"when {quoted(word)} then false" for word in _FALSE)
        return f"case lower({cell}) {truth} {lie} end"
    if kind in ("date", "timestamp"):
        return _moment_of(kind, cell, style, timezone, parsed)
    return _whole(cell, style) if kind == "bigint" else _amount(column, cell, style)


def rounded(column: Column, cell: str, style: Style, value: str) -> tuple[str, str] | None:
    """SQL for whether the cell may have more digits than the column keeps, and whether it has; None for others.

    The first is cheap: only a cell that is long behind its decimal mark needs the second.
    """
    if not column.type.startswith("decimal"):
        return None
    mark = style.decimal or "."
    digits = _digits(cell, style, percent=_takes_percent(column)) if style.decimal else cell
    may_be = f"strlen({cell}) - strpos({cell}, {quoted(mark)}) > {min(_places(column.type)[1], _SHORTEST_ROUNDED)}"
    return may_be, f"coalesce(try_cast({digits} as decimal(38, 18)) <> {value}, false)"


def problem(column: Column, cell: str, value: str, style: Style) -> list[tuple[str, str]]:
    """Conditions under which the cell rejects its row, each with the reason in words, first match first."""
    meta = column.meta
    found: list[tuple[str, str]] = []
    if meta.required:
        found.append((f"{cell} is null", "is required and empty"))
    if _names_a_row(column):
        advice = "export the file again, and do not open and save it in between"
        found.append((shortened(cell), f"is an id that a spreadsheet has cut short: {advice}"))
    unread = f"{cell} is not null and {value} is null"
    found += [(f"{unread} and {condition}", reason) for condition, reason in _unread_reasons(column, cell, style)]
    if meta.minimum is not None:
        found.append((f"{value} < {meta.minimum!r}", f"is below {meta.minimum:g}"))
    if meta.maximum is not None:
        found.append((f"{value} > {meta.maximum!r}", f"is above {meta.maximum:g}"))
    return found


def is_bad(column: Column, cell: str, value: str) -> list[str]:
    """The same conditions without reasons, cheap enough to run on every row."""
    meta = column.meta
    conditions = []
    if meta.required:
        conditions.append(f"{cell} is null")
    if _names_a_row(column):
        conditions.append(f"coalesce({shortened(cell)}, false)")
    if column.type != "varchar" or meta.values:
        conditions.append(f"({cell} is not null and {value} is null)")
    if meta.minimum is not None:
        conditions.append(f"coalesce({value} < {meta.minimum!r}, false)")
    if meta.maximum is not None:
        conditions.append(f"coalesce({value} > {meta.maximum!r}, false)")
    return conditions


def shortened(cell: str) -> str:
    """SQL for whether an id stands there as `1.23457E+11`, so that several have become one."""
    return f"(contains({cell}, 'E+') and regexp_full_match({cell}, '[0-9]([.][0-9]+)?E[+][0-9]+'))"


def _names_a_row(column: Column) -> bool:
    return column.meta.required and column.type == "varchar" and column.name.endswith("_id")


def _unread_reasons(column: Column, cell: str, style: Style) -> list[tuple[str, str]]:
    """Why a cell that holds something gave no value."""
    kind = column.type
    if kind == "varchar":
        return [("true", f"is not one of {', '.join(column.meta.values)}")]
    if kind == "boolean":
        return [("true", "is neither yes nor no")]
    if kind in ("date", "timestamp"):
        name, example = ("date", "2026-01-31") if kind == "date" else ("date and time", "2026-01-31 14:05:00")
        form = f"in the column's format {style.words}" if style.dates else f"such as {example}"
        return [("true", f"is not a {name} {form}")]
    digits = _digits(cell, style if style.decimal else Style(".", ","), percent=_takes_percent(column))
    if kind == "bigint":
        return [(f"{digits} is not null", "is not a whole number, or too large"), ("true", "is not a number")]
    width, places = _places(kind)
    mark = f" {style.decimal}" if style.decimal else ""
    too_long = f"is not a number of at most {width - places} digits before the decimal mark{mark}"
    like_number = f"({digits} is not null or regexp_matches({cell}, '^[-+(]?[0-9,.]+[)]?$'))"
    return [(like_number, too_long), ("true", "is not a number")]


def _one_of(cell: str, values: tuple[str, ...]) -> str:
    cases = " ".join(f"when {quoted(value.lower())} then {quoted(value)}" for value in values)
    return f"case lower({cell}) {cases} end"


def _places(kind: str) -> tuple[int, int]:
    """Width and places of `decimal(18,2)`."""
    width, places = kind.removeprefix("decimal(").rstrip(")").split(",")
    return int(width), int(places)


# dates


def _moment_of(kind: str, cell: str, style: Style, timezone: str, parsed: str | None) -> str:
    """The first that reads the cell: formats, then ISO (no cell fits both), then Excel's number."""
    if not style.dates:
        return _of_four_digits(parsed or _iso(kind, cell, timezone))
    options = []
    if forms := _strptime_forms(style):
        options.append(_meant(cell, parsed or _strptime(cell, *forms)))
    if style.iso_too:
        options.append(_of_four_digits(_iso("timestamp", cell, timezone)))
    if EXCEL_SERIAL in style.dates:
        options.append(_excel(cell))
    return f"cast(coalesce({', '.join(options)}) as {kind})"


def _iso(kind: str, cell: str, timezone: str) -> str:
    """A day, or local time; a time with an offset is converted to the company's zone."""
    is_year_first = f"substr({cell}, 5, 1) in ('-', '/')"
    no_offset = (
        f"(length({cell}) <= 16 or (length({cell}) <= 23 and right({cell}, 1) between '0' and '9' "
        f"and strpos(substr({cell}, 11), '+') = 0 and strpos(substr({cell}, 11), '-') = 0))"
    )
    offset = f"regexp_matches({cell}, '([Zz]|[+-][0-9]{{2}}(:?[0-9]{{2}})?| ?UTC)$')"
    time = (
        f"case when not {is_year_first} or contains({cell}, 'BC') then null "
        f"when {no_offset} then try_cast({cell} as timestamp) "
        f"when {offset} then timezone({quoted(timezone)}, try_cast({cell} as timestamptz)) "
        f"else try_cast({cell} as timestamp) end"
    )
    if kind == "timestamp":
        return time
    day = f"case when {is_year_first} then try_cast({cell} as date) end"
    return f"case when strlen({cell}) <= 10 then {day} else cast({time} as date) end"


def _of_four_digits(found: str) -> str:
    """A moment of a year of four digits: 05-06-26 is no day of the year 5, nor 12/1/26 of the year 12."""
    return f"case when {found} >= {_FIRST_MOMENT} then {found} end"


def _strptime_forms(style: Style) -> list[str]:
    return [form for form in style.dates if form != EXCEL_SERIAL]


def _strptime(cell: str, *forms: str) -> str:
    return f"try_strptime({cell}, [{', '.join(quoted(form) for form in forms)}])"


def _meant(cell: str, found: str) -> str:
    """A moment that may be meant: `26` is no year, and `infinity`, which gives 1900, no date."""
    is_said = f"({found} <> {_OF_WORDS} or regexp_matches({cell}, '[0-9]'))"
    return f"case when {found} between {_FIRST_MOMENT} and {_LAST_MOMENT} and {is_said} then {found} end"


def _excel(cell: str) -> str:
    microseconds = f"cast(round(try_cast({cell} as double) * 86400) * 1000000 as bigint)"
    return (
        f"case when regexp_full_match({cell}, '[2-7][0-9]{{4}}(\\.[0-9]+)?') "
        f"then timestamp '1899-12-30' + to_microseconds({microseconds}) end"
    )


# numbers


def _takes_percent(column: Column) -> bool:
    """Rates are fractions with six places; 12 % of an amount is no amount."""
    return column.type == "decimal(18,6)"


def _whole(cell: str, style: Style) -> str:
    """A whole number; one with a fraction is none."""
    if style.decimal:
        exact = f"try_cast({_digits(cell, style)} as decimal(38, 12))"
        slowly = f"case when {exact} = trunc({exact}) then try_cast({exact} as bigint) end"
        return _quickest(cell, style, "bigint", _whole(cell, PLAIN), slowly)
    exact = f"try_cast({cell} as decimal(38, 12))"
    return (
        f"case when cast(try_cast({cell} as bigint) as varchar) = {cell} then try_cast({cell} as bigint) "
        f"when regexp_full_match({cell}, '[-+]?[0-9]+([.][0-9]*)?({_EXPONENT})?') and {exact} = trunc({exact}) "
        f"then try_cast({exact} as bigint) end"
    )


def _amount(column: Column, cell: str, style: Style) -> str:
    if style.decimal:
        slowly = f"try_cast({_digits(cell, style, percent=_takes_percent(column))} as {column.type})"
        return _quickest(cell, style, column.type, _amount(column, cell, PLAIN), slowly)
    return f"case when not contains({cell}, '_') then try_cast({cell} as {column.type}) end"


def _quickest(cell: str, style: Style, kind: str, plainly: str, slowly: str) -> str:
    """The same value as `slowly` gives, the common forms of numbers by cheaper ways."""
    mark, group = re.escape(style.decimal), re.escape(style.thousands)
    grouped = f"[0-9]{{1,3}}({group}[0-9]{{3}})+|" if style.thousands.strip() else ""
    fraction = f"({mark}[0-9]*)?" if kind != "bigint" else ""
    is_common = f"regexp_full_match({cell}, {quoted(f'-?({grouped}[0-9]+){fraction}')})"
    digits = f"replace({cell}, {quoted(style.thousands)}, '')" if grouped else cell
    digits = f"replace({digits}, {quoted(style.decimal)}, '.')" if style.decimal != "." else digits
    commonly = f"case when {is_common} then try_cast({digits} as {kind}) else {slowly} end"
    if style.decimal != ".":
        return commonly
    return f"coalesce({plainly}, {commonly if grouped else slowly})"


def _digits(cell: str, style: Style, *, percent: bool = False) -> str:
    """SQL for a number's plain form, `-1234.50` or `1.5e4`, or null where it is no number.

    Signs, currencies, brackets, thousands marks, 万, 亿 and (where it makes sense) % are understood. The
    powers of ten stay in the text, so that the number is rounded once.
    """
    factors = {"万": "e4", "亿": "e8", **({"%": "e-2"} if percent else {})}
    bare = f"regexp_replace({cell}, '[{_SPACES.replace(chr(39), chr(39) * 2)}]|{_CURRENCY}', '', 'g')"
    digits = f"regexp_replace({bare}, '^[-+−(]+|[-)]$|[{''.join(factors)}][-)]?$', '', 'g')"
    mark = re.escape(style.decimal)
    group = re.escape(style.thousands) if style.thousands.strip() else ""
    grouped = f"[0-9]{{1,3}}({group}[0-9]{{2,3}})*{group}[0-9]{{3}}|" if group else ""
    pattern = f"({grouped}[0-9]+)({mark}[0-9]*)?|{mark}[0-9]+"
    plain = f"replace({digits}, {quoted(style.thousands)}, '')" if group else digits
    plain = f"replace({plain}, {quoted(style.decimal)}, '.')" if style.decimal != "." else plain
    sign = f"case when regexp_matches({bare}, '^[-−(]|-$') then '-' else '' end"
    power = " ".join(f"when regexp_matches({bare}, '{word}[-)]?$') then '{power}'" for word, power in factors.items())
    number = f"{sign} || {plain} || case {power} else '' end"
    scientific = (
        f"when regexp_full_match({cell}, '[-+]?[0-9.]+{_EXPONENT}') then {cell} " if style.decimal == "." else ""
    )
    return f"case when regexp_full_match({digits}, {quoted(pattern)}) then {number} {scientific}end"


# the choice of a format


def choose_style(
    connection: duckdb.DuckDBPyConnection,
    column: Column,
    cells: str,
    header: str,
    locale: Style,
    timezone: str,
    *,
    only_if_sure: bool = False,
) -> Style:
    """The one format that fits most cells of a column.

    `cells` is a relation with one column `cell`. Raises WanamakerError where two formats fit equally well and
    read different dates; with `only_if_sure`, when `cells` are only some, gives PLAIN where two fit equally well.
    """
    if column.type in ("date", "timestamp"):
        return _choose_dates(connection, cells, header, timezone, only_if_sure=only_if_sure)
    options = _number_styles(locale)
    counts = _numbers(connection, [f"count({typed(column, 'cell', style, timezone)})" for style in options], cells)
    return options[counts.index(max(counts))]


def any_readable(
    connection: duckdb.DuckDBPyConnection, column: Column, cells: str, locale: Style, timezone: str
) -> bool:
    """Whether any style that could be chosen reads any of the cells."""
    if column.type in ("date", "timestamp"):
        values = [_any_moment(forms) for forms in _forms_by_day().values()]
    else:
        values = [typed(column, "cell", style, timezone) for style in _number_styles(locale)]
    return any(_numbers(connection, [f"count({value})" for value in values], cells))


def _number_styles(locale: Style) -> list[Style]:
    """The styles of which a column of numbers has one; of equal fits, the first."""
    return list(dict.fromkeys([PLAIN, locale, Style(".", ","), Style(",", ".")]))


def _forms_by_day() -> dict[str, list[str]]:
    """Each form of a day with the forms of moments that begin with it."""
    forms = {day: [day + suffix for suffix in _TIME_SUFFIXES] for day in _DAY_FORMATS}
    return forms | {EXCEL_SERIAL: [EXCEL_SERIAL]}


def _numbers(connection: duckdb.DuckDBPyConnection, expressions: list[str], relation: str) -> list[int]:
    row = connection.execute(f"select {', '.join(expressions)} from {relation}").fetchone()
    return [int(value or 0) for value in row or ()]


def _choose_dates(
    connection: duckdb.DuckDBPyConnection, cells: str, header: str, timezone: str, *, only_if_sure: bool
) -> Style:
    connection.execute(
        f"""
        create or replace temp table odd_dates as
        select cell, count(*) as rows from {cells}
        where cell is not null and {_moment_of("timestamp", "cell", PLAIN, timezone, None)} is null
        group by cell
        """
    )
    by_day = _forms_by_day()
    sample = f"(from odd_dates order by hash(cell), cell limit {_SAMPLE})"
    fits = _numbers(connection, [f"count({_any_moment(forms)})" for forms in by_day.values()], sample)
    days = [day for day, count in zip(by_day, fits, strict=True) if count]
    if not days:
        return PLAIN
    moments = {day: _any_moment(by_day[day]) for day in days}
    sums = [f"sum(rows) filter ({moments[day]} is not null)" for day in days]
    counts = dict(zip(days, _numbers(connection, sums, "odd_dates"), strict=True))
    best, *rivals = [day for day in days if counts[day] == max(counts.values())]
    if rivals and only_if_sure:
        return PLAIN
    for rival in rivals:
        _refuse_ambiguity(connection, header, (best, moments[best]), (rival, moments[rival]))
    used = _numbers(connection, [f"count({_moment(form)})" for form in by_day[best]], "odd_dates")
    return Style(dates=tuple(form for form, count in zip(by_day[best], used, strict=True) if count))


def _any_moment(forms: list[str]) -> str:
    """A moment written in one of the forms of one day format: one expression, because each costs time to plan."""
    return _excel("cell") if forms == [EXCEL_SERIAL] else _meant("cell", _strptime("cell", *forms))


def _moment(form: str) -> str:
    return _any_moment([form])


def _refuse_ambiguity(
    connection: duckdb.DuckDBPyConnection, header: str, first: tuple[str, str], second: tuple[str, str]
) -> None:
    differs = connection.execute(
        f"select min(cell) from odd_dates where {first[1]} is distinct from {second[1]}"
    ).fetchone()
    if differs and differs[0] is not None:
        raise WanamakerError(
            f"column {header!r}: {differs[0]!r} can be read as {first[0]} or as {second[0]}, "
            f'and nothing else in the column decides; say which in the mapping: dates: "{first[0]}"'
        )
