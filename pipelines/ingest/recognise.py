"""Which table a file feeds: by its headers first, then by its name; a mapping always wins."""

from __future__ import annotations

import difflib
import fnmatch
from dataclasses import dataclass

from pipelines.contracts import Contracts, Table, normalise_name
from pipelines.errors import WanamakerError
from pipelines.ingest.decode import Text, head_of, records_of
from pipelines.ingest.mapping import TableMapping

DELIMITERS = (",", "\t", ";", "|")
_HEADER_WITHIN = 30  # records from the top among which a header is looked for
_LEAST_SHARE = 0.5  # share of known headers below which only a file's name makes it a table's


@dataclass(frozen=True)
class Layout:
    """Where the data of a text begins and what its columns are called.

    `skip` counts the lines up to and with the header, `titles` the non-empty records above it.
    """

    delimiter: str
    headers: tuple[str, ...]
    skip: int
    titles: tuple[str, ...] = ()


@dataclass(frozen=True)
class Match:
    """A table that a file feeds, and which header feeds which of its columns."""

    table: Table
    layout: Layout
    columns: dict[str, int]
    unknown: tuple[str, ...]


def header_index(table: Table, headers: tuple[str, ...]) -> dict[str, int]:
    """For each column of the contract that the headers name, the position of its header."""
    positions: dict[str, int] = {}
    for position, header in enumerate(headers):
        positions.setdefault(normalise_name(header), position)
    index: dict[str, int] = {}
    taken: set[int] = set()
    for column in table.columns:
        for alias in (column.name, *column.meta.headers):
            position = positions.get(normalise_name(alias))
            if position is not None and position not in taken:
                index[column.name] = position
                taken.add(position)
                break
    return index


def named_like(table: Table, name: str) -> bool:
    """Whether a file's name (or the folder it is in) fits one of the table's patterns."""
    parts = [part.casefold() for part in name.replace("[", "/").replace("]", "").split("/")]
    return any(fnmatch.fnmatch(part, pattern.casefold()) for part in parts for pattern in table.meta.files)


def _name_fit(table: Table, name: str) -> int:
    """Length of the longest pattern that the file's name fits: `commission_payments*` before `payments*`."""
    base = name.rsplit("/", 1)[-1].casefold()
    return max((len(pattern) for pattern in table.meta.files if fnmatch.fnmatch(base, pattern.casefold())), default=0)


def candidate_layouts(text: Text, delimiter: str | None = None) -> list[tuple[Layout, int]]:
    """Every record near the top as a header, for every delimiter that yields more than one cell."""
    sample = head_of(text)
    layouts: list[tuple[Layout, int]] = []
    for mark in [delimiter] if delimiter else DELIMITERS:
        titles: list[str] = []
        for cells, lines in records_of(sample, mark, _HEADER_WITHIN):
            if not any(cell.strip() for cell in cells):
                continue
            layouts.append((Layout(mark, tuple(cell.strip() for cell in cells), lines, tuple(titles)), len(cells)))
            titles.append(" ".join(cell for cell in cells if cell.strip()))
    return layouts


def recognise(text: Text, name: str, contracts: Contracts) -> Match:
    """The table whose contract fits best; raises WanamakerError with the nearest match where none fits."""
    layouts = candidate_layouts(text)
    if not layouts:
        raise WanamakerError("the file is empty; export it again")
    best: list[tuple[tuple[float, int], Match]] = []
    for layout, _ in layouts:
        named = [header for header in layout.headers if header]
        for table in contracts.tables:
            index = header_index(table, layout.headers)
            if any(column.meta.required and column.name not in index for column in table.columns):
                continue
            share = len(index) / max(len(named), 1)
            fit = _name_fit(table, name)
            if share < _LEAST_SHARE and not fit:
                continue
            used = set(index.values())
            unknown = tuple(header for position, header in enumerate(layout.headers) if position not in used and header)
            best.append(((share, fit), Match(table, layout, index, unknown)))
    if not best:
        raise WanamakerError(_nearest(layouts, name, contracts))
    top = max(score for score, _ in best)
    winners = {match.table.qualified: match for score, match in reversed(best) if score == top}
    if len(winners) > 1:
        raise WanamakerError(
            f"it fits {' and '.join(sorted(winners))} equally well; name the file like one of them, or map it in mapping.yml"
        )
    return next(iter(winners.values()))


def _nearest(layouts: list[tuple[Layout, int]], name: str, contracts: Contracts) -> str:
    """What to say of a file that matches no table: the nearest one and what it lacks."""
    scored = []
    for layout, _ in layouts:
        for table in contracts.tables:
            index = header_index(table, layout.headers)
            required = [column.name for column in table.columns if column.meta.required]
            missing = [column for column in required if column not in index]
            found = len(required) - len(missing)
            scored.append(((bool(index) and named_like(table, name), found / len(required), len(index), -layout.skip), table, layout, missing))
    score, table, layout, missing = max(scored, key=lambda entry: entry[0])
    if not score[2]:
        by_name = [table for table in contracts.tables if named_like(table, name)]
        if not by_name:
            headers = ", ".join(layouts[0][0].headers[:8])
            return f"its headers match no table ({headers} …); map it in mapping.yml"
        table, layout = by_name[0], layouts[0][0]
        missing = [column.name for column in table.columns if column.meta.required]
    if len([cell for cell in layout.headers if cell]) == 1 and len(layouts) == 1:
        return f"it holds one cell, {layout.headers[0]!r}, and no data; export it again"
    free = [header for header in layout.headers if header]
    hints = []
    for column in missing:
        spellings = {normalise_name(header): header for header in free}
        aliases = [normalise_name(alias) for alias in (column, *table.column(column).meta.headers)]
        close = next((spellings[match] for alias in aliases for match in difflib.get_close_matches(alias, spellings, 1, 0.75)), None)
        hints.append(f"{column} (is it {close!r}?)" if close else column)
    return (
        f"it matches no table; the nearest is {table.qualified}, which also needs {', '.join(hints)}. "
        "Rename the header, or map the file in mapping.yml"
    )


def mapped_layout(text: Text, entry: TableMapping) -> Layout:
    """The layout that a mapping says: its delimiter, header row or list of names; raises WanamakerError."""
    layouts = candidate_layouts(text, entry.delimiter)
    if not layouts:
        raise WanamakerError("the file is empty; export it again")
    if entry.header:
        sample = head_of(text)
        mark = entry.delimiter or _likeliest(layouts, set())
        width = max((len(cells) for cells, _ in records_of(sample, mark, 1)), default=0)
        if width != len(entry.header):
            raise WanamakerError(f"the mapping's header has {len(entry.header)} names, the file {width} columns")
        return Layout(mark, entry.header, 0)
    if entry.header_row:
        for mark in [entry.delimiter] if entry.delimiter else [_likeliest(layouts, _wanted(entry)), *DELIMITERS]:
            for cells, lines in records_of(head_of(text), mark, _HEADER_WITHIN * 10):
                if lines == entry.header_row:
                    return Layout(mark, tuple(cell.strip() for cell in cells), lines)
        raise WanamakerError(f"the mapping says header_row: {entry.header_row}, but no record ends on that line")
    wanted = _wanted(entry)
    mark = entry.delimiter or _likeliest(layouts, wanted)
    ranked = [layout for layout, _ in layouts if layout.delimiter == mark]
    return max(ranked, key=lambda layout: len(wanted & {normalise_name(header) for header in layout.headers}))


def _wanted(entry: TableMapping) -> set[str]:
    from pipelines.ingest.mapping import headers_in

    expressions = [*entry.columns.values(), *([entry.where] if entry.where else [])]
    return {normalise_name(expression) for expression in expressions} | {
        normalise_name(header) for expression in expressions for header in headers_in(expression)
    }


def _likeliest(layouts: list[tuple[Layout, int]], wanted: set[str]) -> str:
    """The delimiter whose headers are wanted most, else the one that yields most cells."""
    return max(
        layouts,
        key=lambda entry: (len(wanted & {normalise_name(header) for header in entry[0].headers}), entry[1], -DELIMITERS.index(entry[0].delimiter) if entry[0].delimiter in DELIMITERS else 0),
    )[0].delimiter
