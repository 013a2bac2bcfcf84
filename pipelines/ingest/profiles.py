"""What the values of a file's columns look like: counted, not guessed."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import duckdb

from pipelines.contracts import Column
from pipelines.errors import WanamakerError
from pipelines.ingest import cells as cell_sql
from pipelines.ingest.cells import EXCEL_SERIAL, MISSING, PLAIN, Style, quoted
from pipelines.ingest.decode import Text
from pipelines.ingest.recognise import Layout

_MOST_ROWS = 50_000
_MOST_VALUES = 20_000
_PATTERNS = {
    "emails": r"[^@\s]+@[^@\s]+\.[^@\s]+",
    "phones": r"(\+|00)?[0-9][0-9 ()./-]{6,17}[0-9]",
    "tax_ids": r"[0-9A-Z]{2}[0-9A-Z]{13}|[0-9A-HJ-NPQRTUWXY]{18}|[A-Z]{2}[0-9A-Z]{8,12}",
    "paths": r"[^>]+( *> *[^>]+)*",
    "steps": r"[^>]+( *> *[^>]+)+",
}
_LIKE_A_DATE = (
    r"(?i).*([0-9]{1,4} ?[-/.年] ?([0-9]{1,2}|[a-z]{3,9}) ?[-/.月] ?[0-9]{1,4}|[0-9]{1,2},? [a-z]{3,9},? [0-9]{4}"
    r"|[a-z]{3,9} [0-9]{1,2},? [0-9]{4}|(19|20)[0-9]{6}).*"
)
_TOTAL = r"(grand )?totals?\b.*|gesamt\b.*|合计.*|总计.*|小计.*|汇总.*"


@dataclass(frozen=True)
class Profile:
    """One column of a file: its header, how many cells are filled, and how many of these are of each kind."""

    position: int
    header: str
    rows: int
    filled: int
    distinct: int
    numbers: int
    wholes: int
    booleans: int
    dates: int
    patterns: dict[str, int]
    currencies: int
    countries: int
    longest: int
    samples: tuple[str, ...]
    values: frozenset[str]
    style: Style = PLAIN
    is_ambiguous: bool = False

    def share(self, count: int) -> float:
        """A count as a share of the filled cells."""
        return count / self.filled if self.filled else 0.0

    @property
    def is_unique(self) -> bool:
        """Whether every row has a value of its own."""
        return self.rows > 0 and self.filled == self.rows == self.distinct

    @property
    def is_flag(self) -> bool:
        """Whether it holds nothing but one yes and one no."""
        return self.booleans == self.filled and self.distinct <= len(("yes", "no"))


@dataclass(frozen=True)
class FileProfile:
    """A file's columns, its titles, and the rows that look like totals: the header under which they say so."""

    layout: Layout
    columns: tuple[Profile, ...]
    totals_in: str | None = None
    relation: str = ""


@lru_cache(maxsize=1)
def _names() -> tuple[frozenset[str], frozenset[str]]:
    """Currency codes, and names and codes of countries in English and Chinese."""
    from babel import Locale

    locales = [Locale.parse(name) for name in ("en", "zh_Hans")]
    currencies = frozenset(str(code) for locale in locales for code in locale.currencies) | {"RMB"}
    names = [(str(code), str(name)) for locale in locales for code, name in locale.territories.items()]
    countries = {name.casefold() for _, name in names}
    countries |= {code.casefold() for code, _ in names if len(code) == len("CN")}
    return currencies, frozenset(countries | {"usa", "uk", "korea", "south korea", "russia", "台湾", "香港"})


def profile(connection: duckdb.DuckDBPyConnection, text: Text, layout: Layout, timezone: str, name: str) -> FileProfile:
    """Count what the first rows of a text hold; the rows stay in the temporary table `name`."""
    width = len(layout.headers)
    columns = ", ".join(f"'c{position}': 'varchar'" for position in range(width))
    missing = ", ".join(map(quoted, MISSING))
    cells = ", ".join(
        f"case when trim(c{n}, ' \t\u00a0\u3000') not in ({missing}) then trim(c{n}, ' \t\u00a0\u3000') end as c{n}"
        for n in range(width)
    )
    connection.execute(
        f"""
        create or replace temp table {name} as
        select {cells} from read_csv({quoted(str(text.path))}, auto_detect = false, header = false,
            skip = {layout.skip}, delim = {quoted(layout.delimiter)}, quote = '"', escape = '"',
            columns = {{{columns}}}, null_padding = true, ignore_errors = true)
        limit {_MOST_ROWS}
        """
    )
    totals_in = _drop_totals(connection, name, layout)
    return FileProfile(
        layout,
        tuple(_column(connection, name, position, header, timezone) for position, header in enumerate(layout.headers)),
        totals_in,
        name,
    )


def _drop_totals(connection: duckdb.DuckDBPyConnection, name: str, layout: Layout) -> str | None:
    """Leave rows out that repeat money; gives the header that tells them."""
    is_total = f"regexp_full_match(lower(c0), {quoted(_TOTAL)})"
    row = connection.execute(f"select count(*) filter ({is_total}), count(*) from {name}").fetchone()
    totals, rows = row or (0, 0)
    if not totals or totals * 2 > rows + 1:
        return None
    connection.execute(f"delete from {name} where {is_total}")
    return layout.headers[0]


def _column(connection: duckdb.DuckDBPyConnection, name: str, position: int, header: str, timezone: str) -> Profile:
    cell = f"c{position}"
    number = Column(name="n", type="decimal(38,12)")
    options = [PLAIN, Style(".", ","), Style(",", ".")]
    counted = ", ".join(f"count({cell_sql.typed(number, cell, style, timezone)})" for style in options)
    matched = ", ".join(
        f"count(*) filter (regexp_full_match({cell}, {quoted(pattern)}))" for pattern in _PATTERNS.values()
    )
    flag = cell_sql.typed(Column(name="b", type="boolean"), cell, PLAIN, timezone)
    integer = Column(name="i", type="bigint")
    wholes_in = ", ".join(f"count({cell_sql.typed(integer, cell, style, timezone)})" for style in options)
    row = connection.execute(
        f"""
        select count(*), count({cell}), count(distinct {cell}), max(length({cell})), count({flag}),
            {counted}, {wholes_in}, {matched}
        from {name}
        """
    ).fetchone()
    rows, filled, distinct, longest, booleans, *rest = (int(value or 0) for value in row or ())
    many = len(options)
    numbers, wholes, matches = rest[:many], rest[many : 2 * many], rest[2 * many :]
    filled_cells = f"select {cell}, count(*) from {name} where {cell} is not null"
    values = connection.execute(f"{filled_cells} group by 1 order by 2 desc, 1 limit {_MOST_VALUES}").fetchall()
    currencies, countries = _names()
    style, dates, is_ambiguous = _dates(connection, name, cell, header, timezone, max(numbers) == filled)
    return Profile(
        position=position,
        header=header,
        rows=rows,
        filled=filled,
        distinct=distinct,
        numbers=max(numbers),
        wholes=max(wholes),
        booleans=booleans,
        dates=dates,
        patterns=dict(zip(_PATTERNS, matches, strict=True)),
        currencies=sum(count for value, count in values if value.upper() in currencies),
        countries=sum(count for value, count in values if value.casefold() in countries),
        longest=longest,
        samples=tuple(value for value, _ in values[:3]),
        values=frozenset(value for value, _ in values),
        style=style,
        is_ambiguous=is_ambiguous,
    )


def _dates(
    connection: duckdb.DuckDBPyConnection, name: str, cell: str, header: str, timezone: str, is_number: bool
) -> tuple[Style, int, bool]:
    """How the dates of a column are written, how many there are, and whether two forms fit equally well."""
    moment = Column(name="d", type="timestamp")
    relation = f"(select {cell} as cell from {name})"
    plain = cell_sql.typed(moment, cell, PLAIN, timezone)
    like = f"regexp_full_match({cell}, {quoted(_LIKE_A_DATE)})"
    row = connection.execute(f"select count({plain}), count(*) filter ({like}), count({cell}) from {name}").fetchone()
    iso, alike, filled = row or (0, 0, 0)
    if iso == filled or alike * 2 < filled:
        return PLAIN, int(iso), False
    is_ambiguous = False
    try:
        style = cell_sql.choose_style(connection, moment, relation, header, PLAIN, timezone)
    except WanamakerError:
        style, is_ambiguous = Style(dates=("%m/%d/%Y", "%d/%m/%Y", "%d-%m-%y", "%m-%d-%y")), True
    if is_number and EXCEL_SERIAL in style.dates:
        return PLAIN, 0, False
    row = connection.execute(f"select count({cell_sql.typed(moment, cell, style, timezone)}) from {name}").fetchone()
    return style, int(row[0]) if row else 0, is_ambiguous
