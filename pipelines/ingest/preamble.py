"""What the lines above a header, and a currency in a header, say for all rows of a file."""

from __future__ import annotations

import re
from datetime import date, datetime

from pipelines.contracts import Preamble, Table
from pipelines.errors import WanamakerError
from pipelines.ingest.recognise import Layout

_FORMS = (
    "%Y-%m-%d", "%Y/%m/%d", "%Y%m%d", "%Y.%m.%d", "%Y年%m月%d日", "%B %d, %Y", "%b %d, %Y",
    "%B %d %Y", "%b %d %Y", "%d %B %Y", "%d %b %Y",
    "%d.%m.%Y", "%d-%m-%Y",
)  # fmt: skip
_AMBIGUOUS = ("%m/%d/%Y", "%d/%m/%Y")
_CLOCKS = ("", " %H:%M:%S", " %H:%M", "T%H:%M:%S", ", %I:%M %p", " %I:%M %p")
_BRACKETS = re.compile(r"[（(\[]\s*([^（()\[\])）]+?)\s*[\])）]\s*$")
_CURRENCIES = {
    "元": "CNY", "人民币": "CNY", "rmb": "CNY", "￥": "CNY", "¥": "CNY",
    "us$": "USD", "hk$": "HKD", "€": "EUR", "£": "GBP",
}  # fmt: skip


def constants(table: Table, layout: Layout, columns: dict[str, int]) -> dict[str, str]:
    """The columns that the file feeds with one value for all rows, as text.

    Raises WanamakerError where a range above the header cannot date the rows.
    """
    found: dict[str, str] = {}
    lines = _matches(table, layout)
    spread = table.meta.spread
    if spread and spread.day not in columns and spread.since not in columns:
        found[spread.since], found[spread.until] = map(str, _range_of(lines, _forms(table)))
    for line, match in lines:
        if line.sets == "currency":
            found["currency"] = match.group(1).upper()
    if currency := _header_currency(table, layout, columns):
        found.setdefault("currency", currency)
    return {name: text for name, text in found.items() if name not in columns}


def stated_export(table: Table, layout: Layout) -> datetime | None:
    """When the file was made, as a line above the header says."""
    for line, match in _matches(table, layout):
        if line.sets == "exported_at":
            moments = {moment for form in _forms(table) for moment in _moments(match.group(1), form)}
            if len(moments) == 1:
                return moments.pop()
    return None


def _matches(table: Table, layout: Layout) -> list[tuple[Preamble, re.Match[str]]]:
    """The lines that the contract knows: each pattern with the first title that it is found in."""
    found = []
    for line in table.meta.preamble:
        matches = (re.search(line.pattern, title, re.IGNORECASE) for title in layout.titles)
        if match := next((each for each in matches if each), None):
            found.append((line, match))
    return found


def _forms(table: Table) -> tuple[str, ...]:
    """The forms of dates that the table's source may use."""
    return (*_FORMS, *(table.source_meta.locale.formats or _AMBIGUOUS))


def _range_of(lines: list[tuple[Preamble, re.Match[str]]], forms: tuple[str, ...]) -> tuple[date, date]:
    """The range of days that a line says; raises WanamakerError where none does, or one that has no days."""
    for line, match in lines:
        if line.refuse:
            raise WanamakerError(f"{match.string.strip()!r}: {line.refuse}")
        if line.sets == "range":
            since, until = match.group("since"), match.groupdict().get("until") or match.group("since")
            if days := _range(since, until, forms):
                return days
    raise WanamakerError(
        "no column says the day, and no line above the header a range of dates that can be read; "
        "export it segmented by day"
    )


def _range(since: str, until: str, forms: tuple[str, ...]) -> tuple[date, date] | None:
    """Two dates written in one form, None where none fits; raises WanamakerError where several do."""
    ranges = {
        (first[0].date(), last[0].date())
        for form in forms
        if (first := _moments(since, form)) and (last := _moments(until, form)) and first <= last
    }
    if len(ranges) > 1:
        both = " or ".join(f"{first} to {last}" for first, last in sorted(ranges))
        raise WanamakerError(
            f"the range above the header, {since.strip()!r} to {until.strip()!r}, can be read as {both}; "
            "export it segmented by day"
        )
    return ranges.pop() if ranges else None


def _moments(text: str, form: str) -> list[datetime]:
    for clock in _CLOCKS:
        try:
            return [datetime.strptime(" ".join(text.split()), form + clock)]  # noqa: DTZ007 (the report's own time)
        except ValueError:
            continue
    return []


def _header_currency(table: Table, layout: Layout, columns: dict[str, int]) -> str | None:
    """The currency in brackets at the end of an amount's header: `Amount spent (USD)`, `花费(元)`."""
    for column in table.columns:
        if column.meta.currency_from_header and column.name in columns:
            brackets = _BRACKETS.search(layout.headers[columns[column.name]])
            word = brackets.group(1) if brackets else ""
            if code := _CURRENCIES.get(word.casefold(), word if re.fullmatch("[A-Z]{3}", word) else None):
                return code
    return None
