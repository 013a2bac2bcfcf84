"""Which table a file feeds: by its headers first, then by its name; a mapping always wins."""

from __future__ import annotations

import fnmatch
import itertools
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from pipelines.contracts import Contracts, Table, normalise_name
from pipelines.errors import WanamakerError
from pipelines.ingest import expressions
from pipelines.ingest.decode import Text, first_records, head_of
from pipelines.ingest.lines import record_lines
from pipelines.ingest.mapping import TableMapping
from pipelines.ingest.words import named_like

DELIMITERS = (",", "\t", ";", "|")
_HEADER_WITHIN = 30  # records from the top among which a header is looked for
_LEAST_SHARE = 0.5  # share of known headers below which only a file's name makes it a table's
_MOST_COMPARED = 500
CLOSE = 0.72
"""How much a header must resemble a column, 0 to 1, for one to be asked whether it is that."""
TEMPLATE = "custom"  # of equal fits, the one that needs no vendor
_EMPTY = "the file is empty; export it again"
_TO_MAP = "map it: wanamaker map FILE --out mapping.yml"
_MOST_HINTS = 3  # usual names of a missing column, and headers without a use, that a message shows
_BINARY_FROM = 0.05  # share of control characters from which on a file is no text
_QUOTED_CELLS = 3  # delimiters in a lone cell from which on it is a whole line in quotes
_GARBLED = (("cp1252", "utf-8"), ("latin-1", "utf-8"), ("latin-1", "gb18030"))
"""How text is garbled most often: read in the first encoding, while it was written in the second."""


@dataclass(frozen=True)
class Layout:
    """Where the data of a text begins and what its columns are called.

    `skip` counts the records up to and with the header, `titles` are the non-empty ones above it.
    """

    delimiter: str
    headers: tuple[str, ...]
    skip: int
    titles: tuple[str, ...] = ()

    @cached_property
    def names(self) -> set[str]:
        """The headers as names are compared."""
        return {normalise_name(header) for header in self.headers if header}


@dataclass(frozen=True)
class Match:
    """A table that a file feeds, and the position of the header that feeds each of its columns."""

    table: Table
    layout: Layout
    columns: dict[str, int]


def header_index(table: Table, headers: tuple[str, ...]) -> dict[str, int]:
    """For each column of the contract that the headers name, the position of its header."""
    positions: dict[str, int] = {}
    for position, header in enumerate(headers):
        positions.setdefault(normalise_name(header), position)
    index: dict[str, int] = {}
    taken: set[int] = set()
    for name, spellings in table.spellings.items():
        free = [positions[each] for each in spellings if each in positions and positions[each] not in taken]
        if free:
            index[name] = free[0]
            taken.add(free[0])
    return index


def name_fit(table: Table, name: str) -> int:
    """Length of what the longest fitting pattern says of the name: `commission_payments*` before `*payments*`."""
    base = name.rsplit("/", 1)[-1].casefold()
    fitting = (each for each in table.meta.files if fnmatch.fnmatch(base, each.casefold()))
    return max((len(each.replace("*", "")) for each in fitting), default=0)


def _named_like(table: Table, name: str) -> bool:
    """Whether a file's name, its sheet or the folder it is in fits one of the table's patterns."""
    parts = name.casefold().replace("[", "/").replace("]", "").split("/")
    return any(fnmatch.fnmatch(part, pattern.casefold()) for part in parts for pattern in table.meta.files)


def candidate_layouts(text: Text, delimiter: str | None = None) -> list[Layout]:
    """Every record near the top as a header, for every delimiter."""
    sample = head_of(text)
    layouts: list[Layout] = []
    for mark in [delimiter] if delimiter else DELIMITERS:
        titles: list[str] = []
        for number, cells in enumerate(first_records(sample, mark, _HEADER_WITHIN), 1):
            if any(cell.strip() for cell in cells):
                layouts.append(Layout(mark, tuple(cell.strip() for cell in cells), number, tuple(titles)))
                titles.append(" ".join(cell for cell in cells if cell.strip()))
    return layouts


def recognise(text: Text, name: str, contracts: Contracts) -> Match:
    """The table whose contract fits best; raises WanamakerError with the nearest match where none fits."""
    layouts = candidate_layouts(text)
    if not layouts:
        raise WanamakerError(_EMPTY)
    matches = [
        (score, Match(table, layout, index))
        for layout in layouts
        for table in contracts.fitting(layout.names)
        if not table.meta.beside
        if (index := header_index(table, layout.headers)) and (score := _score(table, layout, index, name))
    ]
    if not matches:
        raise WanamakerError(_no_table(text, layouts) or _nearest(layouts, name, contracts))
    top = max(score for score, _ in matches)
    winners = {match.table.qualified: match for score, match in reversed(matches) if score == top}
    if len(winners) > 1:
        raise WanamakerError(
            f"it fits {' and '.join(sorted(winners))} equally well; "
            "name the file like one of them, put it in a folder named like its source, or map it in mapping.yml"
        )
    winner = next(iter(winners.values()))
    if top[0] < 1 and (expected := _expected(winner, name, contracts)):
        raise WanamakerError(
            f"by its name it is {expected.qualified}, which also needs {_lacks(expected, winner.layout)}; "
            f"without that it would pass for {winner.table.qualified}, which it is not"
        )
    return winner


def _expected(match: Match, name: str, contracts: Contracts) -> Table | None:
    """The table that a file's name and folder say it is, where a lost header makes it pass for another."""
    is_of_source = _is_of_source(match.table, name)
    if is_of_source and name_fit(match.table, name):
        return None
    layout = match.layout
    least = len(match.columns) / (1 if is_of_source else 2)
    found = [
        (len(index), table)
        for table in contracts.tables
        if not table.meta.beside
        and _is_of_source(table, name)
        and name_fit(table, name)
        and _required_in(table, index := header_index(table, layout.headers))
        and len(index) >= least
        and _missing(table, layout, index)
    ]
    return max(found, key=lambda pair: pair[0], default=(0, None))[1]


def beside(match: Match, contracts: Contracts) -> list[Match]:
    """The tables that a file feeds beside the one it was recognised for, because it has their headers too."""
    source = contracts.source(match.table.source)
    found = []
    for table in source.tables:
        if table.meta.beside == match.table.name:
            index = header_index(table, match.layout.headers)
            if not _missing(table, match.layout, index):
                found.append(Match(table, match.layout, index))
    return found


def unpivoted(table: Table, headers: tuple[str, ...]) -> dict[int, str]:
    """For each header that becomes rows, its position and what its rows are named."""
    if table.meta.unpivot is None:
        return {}
    found = {
        place: re.fullmatch(table.meta.unpivot.headers, header, re.IGNORECASE) for place, header in enumerate(headers)
    }
    return {
        place: next((group for group in match.groups() if group), match.group()).strip()
        for place, match in found.items()
        if match
    }


def made(table: Table, index: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """The ids that no header feeds and that can be made of other columns, which are given."""
    known = set(index)
    return {
        column.name: column.meta.made_of
        for column in table.columns
        if column.meta.made_of and column.name not in known and known.issuperset(column.meta.made_of)
    }


def _missing(table: Table, layout: Layout, index: dict[str, int]) -> list[str]:
    """The required columns that no header feeds, and that no range or unpivoted header stands for."""
    fed = {*index, *made(table, index)}
    missing = [column.name for column in table.needed if column.name not in fed]
    if (spread := table.meta.spread) and spread.day in missing:
        in_columns = spread.since in index
        above = any(
            re.search(line.pattern, title, re.IGNORECASE) for line in table.meta.preamble for title in layout.titles
        )
        missing = [name for name in missing if name != spread.day or not (in_columns or above)]
    if unpivot := table.meta.unpivot:
        feeds = unpivoted(table, layout.headers)
        missing = [name for name in missing if name not in (unpivot.name, unpivot.value)]
        missing += [] if feeds else [unpivot.value]
    return missing


def _score(table: Table, layout: Layout, index: dict[str, int], name: str) -> tuple[float, bool, bool, int] | None:
    """How well a table fits: the share of headers it knows, its folder, the template first, then its name.

    None where it does not fit.
    """
    if _missing(table, layout, index):
        return None
    known = set(index.values()) | set(unpivoted(table, layout.headers))
    known |= {place for place, header in enumerate(layout.headers) if normalise_name(header) in table.ignored_names}
    share = len(known) / sum(map(bool, layout.headers))
    fit = name_fit(table, name)
    score = (share, _is_of_source(table, name), table.source == TEMPLATE, fit)
    return score if share >= _LEAST_SHARE or fit else None


def _is_of_source(table: Table, name: str) -> bool:
    """Whether a file's name, or a folder it is in, names the table's source or vendor."""
    words = normalise_name(name.replace("/", " "))
    return any(normalise_name(word) in words for word in (table.source, *table.source_meta.vendor.split(" / ")))


def layout_for(text: Text, table: Table) -> Match:
    """The header of a text as today's contract of a table reads it; raises WanamakerError where it cannot."""
    indexed = [(header_index(table, layout.headers), layout) for layout in candidate_layouts(text)]
    if not indexed:
        raise WanamakerError(_EMPTY)
    index, layout = max(indexed, key=lambda pair: (_required_in(table, pair[0]), len(pair[0])))
    if _missing(table, layout, index):
        raise WanamakerError(f"{table.qualified} also needs {_lacks(table, layout)}")
    return Match(table, layout, index)


def _required_in(table: Table, index: Iterable[str]) -> int:
    return sum(table.column(name).meta.required for name in index)


def _no_table(text: Text, layouts: list[Layout]) -> str | None:
    """What to say of a file whose text is damaged, or is none; None where it is a table by its looks."""
    sample = head_of(text)
    controls = sum(char < " " and char not in "\t\r\n" for char in sample)
    if controls > _BINARY_FROM * len(sample):
        return "it is no text (an image, a program or a damaged file?); export the table as CSV or XLSX"
    first = layouts[0].headers
    if all(len(layout.headers) == 1 for layout in layouts) and any(
        first[0].count(mark) >= _QUOTED_CELLS for mark in DELIMITERS
    ):
        return (
            f"each line stands in quotes as one cell, {_shown(first)}: the file was saved as CSV twice; "
            "export it again, and do not save it in between"
        )
    return None


def _nearest(layouts: list[Layout], name: str, contracts: Contracts) -> str:
    """What to say of a file that matches no table: the nearest one and what it lacks."""
    table, layout = _closest_table(layouts, name, contracts)
    index = header_index(table, layout.headers)
    if not (_named_like(table, name) or 2 * _required_in(table, index) >= len(table.needed) or len(index) > 1):
        index = {}
    if len(index) <= 1 and (garbled := _garbled(layouts, contracts)):
        return garbled
    if not index:
        widest = max(layouts, key=lambda each: len(each.headers))
        if len(widest.headers) == 1 and len({each.skip for each in layouts}) == 1:
            return f"it holds one cell, {_shown(widest.headers)}, and no data; export it again"
        by_name = next((each for each in contracts.tables if _named_like(each, name)), None)
        if by_name is None:
            return f"its headers match no table ({_shown(widest.headers)}); if it is to be read, {_TO_MAP}"
        table, layout = by_name, widest
    return f"it matches no table; the nearest is {table.qualified}, which also needs {_lacks(table, layout)}"


def vendors_table(text: Text, name: str, contracts: Contracts) -> Table | None:
    """The vendor's table that a file is by its name and folder, where it lacks at most half of what that needs."""
    layouts = candidate_layouts(text)
    table, layout = _closest_table(layouts, name, contracts)
    missing = len(_missing(table, layout, header_index(table, layout.headers)))
    is_vendors = table.source != TEMPLATE and _is_of_source(table, name) and name_fit(table, name)
    return table if is_vendors and 2 * missing <= len(table.needed) else None


def _closest_table(layouts: list[Layout], name: str, contracts: Contracts) -> tuple[Table, Layout]:
    """The table that lacks least of what it needs, and the header by which it does."""

    def nearness(table: Table, layout: Layout) -> tuple[bool, float, int, int]:
        index = header_index(table, layout.headers)
        required = sum(column.meta.required for column in table.columns)
        found = _required_in(table, index) / max(required, 1)
        return bool(index) and _named_like(table, name), found, len(index), -layout.skip

    tables = [table for table in contracts.tables if not table.meta.beside]
    return max(((table, layout) for layout in layouts for table in tables), key=lambda pair: nearness(*pair))


def _garbled(layouts: list[Layout], contracts: Contracts) -> str | None:
    """What to say of headers that were read in one encoding and are another's."""
    for layout in layouts:
        for wrong, right in _GARBLED:
            repaired = tuple(_repaired(header, wrong, right) for header in layout.headers)
            names = {normalise_name(new) for new, old in zip(repaired, layout.headers, strict=True) if new != old}
            if len(names) > 1 and any(
                len(names.intersection(itertools.chain.from_iterable(table.spellings.values()))) > 1
                for table in contracts.tables
            ):
                old, new = next(pair for pair in zip(layout.headers, repaired, strict=True) if pair[0] != pair[1])
                return (
                    f"its text was garbled when it was saved ({old[:40]!r} was {new[:40]!r}); "
                    "export it again, as UTF-8 where there is a choice"
                )
    return None


def _repaired(header: str, wrong: str, right: str) -> str:
    """A header as it was before it was read in the wrong encoding; itself where that cannot be."""
    try:
        return header.encode(wrong).decode(right)
    except UnicodeError:
        return header


def _lacks(table: Table, layout: Layout) -> str:
    """The columns that a file lacks, what they are called in files, and what to do."""
    missing = _missing(table, layout, header_index(table, layout.headers))
    return f"{_hints(table, missing, layout)}; {_remedies(table, missing, layout)}"


def _hints(table: Table, missing: list[str], layout: Layout) -> str:
    """The missing columns, each with the header that looks most like it, or with its usual names."""
    guesses = _guesses(table, missing, layout)
    hints = [
        f"{name} (is it {guesses[name]!r}?)" if name in guesses else name + _usually(table, name) for name in missing
    ]
    return ", ".join(hints) or "a header of its own"


def _usually(table: Table, name: str) -> str:
    """How files call a column, where that is not its own name."""
    names = [header for header in table.column(name).meta.headers if header != name][:_MOST_HINTS]
    return f" (usually {' or '.join(map(repr, names))})" if names else ""


def _remedies(table: Table, missing: list[str], layout: Layout) -> str:
    """What makes a file readable that lacks columns."""
    unused = unused_headers(table, layout.headers)
    if not unused:
        return "export it again with that column"
    lines = [to_accept(table, name, header) for name, header in _guesses(table, missing, layout).items()]
    contract = f", or {lines[0]}" if len(lines) == 1 else ""
    shown = ", ".join(f"{header[:40]!r}" for header in unused[:_MOST_HINTS]) + " …" * (len(unused) > _MOST_HINTS)
    return (
        f"headers without a use so far: {shown}; if it is among these, rename it, or {_TO_MAP}{contract}; "
        "else export the file again with that column"
    )


def unused_headers(table: Table, headers: tuple[str, ...]) -> list[str]:
    """The headers that feed no column of a table and are not known to be of no use."""
    used = set(header_index(table, headers).values()) | set(unpivoted(table, headers))
    return [
        header
        for position, header in enumerate(headers)
        if header and position not in used and normalise_name(header) not in table.ignored_names
    ]


def _guesses(table: Table, missing: list[str], layout: Layout) -> dict[str, str]:
    """For missing columns the header that looks most like each, among those that feed nothing."""
    used = set(header_index(table, layout.headers).values())
    free = [header for position, header in enumerate(layout.headers) if header and position not in used]
    return {name: guess for name in missing if (guess := closest(free, table, name))}


def closest(headers: Iterable[str], table: Table, column: str) -> str | None:
    """The header that looks most like a column, where one does."""
    some = itertools.islice(headers, _MOST_COMPARED)
    likeness, guess = max(((named_like(header, table, column), header) for header in some), default=(0.0, ""))
    return guess if likeness >= CLOSE else None


def contract_file(table: Table) -> str:
    """Where a table's contract stands."""
    return f"models/staging/{table.source}/_{table.source}.yml"


def to_accept(table: Table, name: str, header: str) -> str:
    """The contract's line under which a header would be recognised."""
    headers = ", ".join(json.dumps(each, ensure_ascii=False) for each in (*table.column(name).meta.headers, header))
    return f"write in {contract_file(table)} under {table.name}.{name}: headers: [{headers}]"


def _shown(headers: tuple[str, ...]) -> str:
    """Some headers as a message shows them, without control characters."""
    cells = [repr(header[:40]) for header in headers[:8] if header]
    return ", ".join(cells) + (" …" if len(headers) > len(cells) else "")


def mapped_layout(text: Text, entry: TableMapping) -> Layout:
    """The layout that a mapping says: its delimiter, header row or list of names; raises WanamakerError."""
    layouts = candidate_layouts(text, entry.delimiter)
    if not layouts:
        raise WanamakerError(_EMPTY)
    wanted = {normalise_name(name) for name in _wanted(entry)}
    best = max(layouts, key=lambda each: (len(wanted & each.names), len(each.headers), -layouts.index(each)))
    if entry.header:
        width = len(next(each for each in layouts if each.delimiter == best.delimiter).headers)
        if width != len(entry.header):
            raise WanamakerError(f"the mapping's header has {len(entry.header)} names, the file {width} columns")
        return Layout(best.delimiter, entry.header, 0)
    if entry.header_row:
        return _layout_on(text, best.delimiter, entry.header_row)
    return best


def _layout_on(text: Text, delimiter: str, row: int) -> Layout:
    """The layout whose header stands on a line of the file, or a row of the sheet."""
    titles: list[str] = []
    records = first_records(head_of(text), delimiter, row + 1)
    lines = list(itertools.islice(record_lines(text, delimiter), len(records)))
    for number, (cells, line) in enumerate(zip(records, lines, strict=False), 1):
        following = lines[number] if number < len(lines) else line + 1 + sum(cell.count("\n") for cell in cells)
        if line <= row < following:
            return Layout(delimiter, tuple(cell.strip() for cell in cells), number, tuple(titles))
        titles.append(" ".join(cell for cell in cells if cell.strip()))
    raise WanamakerError(f"the mapping says header_row: {row}, but there is nothing on that line")


def _wanted(entry: TableMapping) -> Iterator[str]:
    """The headers that an entry reads, and its expressions as they stand."""
    for text in entry.expressions.values():
        yield text
        yield from expressions.parse(text).headers
