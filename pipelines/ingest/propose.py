"""A mapping proposed for an unknown export: by its headers in both languages, then by its values.

Nothing is learned: words and patterns are counted, and every guess says how sure it is and why.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path

import duckdb
import yaml

from pipelines.contracts import Column, Contracts, Table
from pipelines.errors import WanamakerError
from pipelines.ingest import expressions
from pipelines.ingest.cells import EXCEL_SERIAL, identifier
from pipelines.ingest.decode import sheet_names, sniff_kind, to_text
from pipelines.ingest.profiles import FileProfile, Profile, profile
from pipelines.ingest.recognise import Layout, candidate_layouts, recognise, vendors_table
from pipelines.ingest.words import by_name, ideas, likeness

SURE = 0.75
"""Confidence from which on a guess needs no second look."""
LEAST = 0.5
"""Confidence below which a column is left unmapped."""

_LINKED = 0.8  # share of a column's values that must stand among another file's keys
_ALMOST_ALL = 0.9
_FEW = 5  # keys below which a match of values may be chance
_LONG_TEXT = 80
_DIGITS = re.compile(r"(?<!\d)\d{4}[-_.]?\d{2}([-_.]?\d{2})?(?!\d)")


@dataclass(frozen=True)
class Guess:
    """A column of a table that a header may feed: how sure, and why. `text` is the mapping's expression."""

    column: str
    text: str
    confidence: float
    reason: str
    position: int | None = None


@dataclass(frozen=True)
class Entry:
    """One table that a file is proposed to feed."""

    table: Table
    guesses: tuple[Guess, ...]
    where: str | None = None

    @property
    def missing(self) -> list[str]:
        """Required columns for which nothing was found."""
        found = {guess.column for guess in self.guesses}
        return [column.name for column in self.table.columns if column.meta.required and column.name not in found]

    @property
    def positions(self) -> set[int]:
        """Positions of the headers it uses."""
        return {guess.position for guess in self.guesses if guess.position is not None}


@dataclass(frozen=True)
class Proposal:
    """What is proposed for one file, or one sheet of it."""

    name: str
    profile: FileProfile
    entries: tuple[Entry, ...]
    sheet: str | None = None
    recognised: str | None = None
    notes: tuple[str, ...] = field(default=())

    def targets(self, position: int) -> list[tuple[str, Guess]]:
        """Where the header at a position goes: each table with its guess."""
        return [
            (entry.table.name, guess) for entry in self.entries for guess in entry.guesses if guess.position == position
        ]


def propose(paths: Sequence[Path], contracts: Contracts, timezone: str, work: Path) -> list[Proposal]:
    """A proposal for every file and sheet; raises WanamakerError where one holds no table."""
    table_list = contracts.source("custom").tables
    with duckdb.connect() as connection:
        files = [part for path in paths for part in _open(connection, path, contracts, timezone, work)]
        keys: list[_Keys] = []
        entries: list[Entry] = []
        for _ in range(2):  # once by itself, once knowing the keys of the others
            entries = [_best(file, (file.lacking,) if file.lacking else table_list, keys) for file in files]
            keys = [found for file, entry in zip(files, entries, strict=True) for found in _keys_of(file, entry)]
        return [_finish(connection, file, entry, table_list, keys) for file, entry in zip(files, entries, strict=True)]


# reading


@dataclass(frozen=True)
class _File:
    """One file or sheet, counted; `recognised` names the table that it feeds without any mapping.

    `lacking` is the vendor's table that it is by its name, but for a column that it lacks: of the template's
    tables it would be another record, with another id.
    """

    name: str
    sheet: str | None
    profile: FileProfile
    recognised: str | None
    lacking: Table | None = None


def _open(
    connection: duckdb.DuckDBPyConnection, path: Path, contracts: Contracts, timezone: str, work: Path
) -> list[_File]:
    """A file's sheets, or itself, each read and counted."""
    try:
        kind = sniff_kind(path)
    except OSError as error:
        raise WanamakerError(f"{path}: it cannot be read: {error.strerror}") from error
    except WanamakerError as error:
        raise WanamakerError(f"{path.name}: {error}") from error
    sheets: list[str | None] = [*sheet_names(path)] if kind == "xlsx" else [None]
    files: list[_File] = []
    for number, sheet in enumerate(sheets):
        name = f"{path.stem}_{number}_{abs(hash(path))}"
        text = to_text(path, kind, work / f"{name}.csv", sheet=sheet)
        layouts = candidate_layouts(text)
        if not layouts:
            if sheet is None:
                raise WanamakerError(f"{path.name}: the file is empty")
            continue
        lacking = None
        try:
            known = recognise(text, path.name, contracts).table.qualified
        except WanamakerError:
            known, lacking = None, vendors_table(text, f"{path.absolute().parent.name}/{path.name}", contracts)
        relation = identifier(f"file_{len(files)}_{name}")
        counted = profile(connection, text, _header(layouts), timezone, relation)
        files.append(_File(path.name, sheet, counted, known, lacking))
    return files


def _header(layouts: list[Layout]) -> Layout:
    """The most likely header: the first of the widest records with the delimiter that splits most."""
    width = max(sum(map(bool, layout.headers)) for layout in layouts)
    return next(layout for layout in layouts if sum(map(bool, layout.headers)) * 10 >= width * 9)


# one header against one column


def _by_values(column: Column, seen: Profile, table: Table, keys: list[_Keys]) -> tuple[float, str]:
    """How well values fit a column, 0 to 1, and what they look like."""
    if not seen.filled:
        return 0.8, "empty"
    if column.type != "varchar":
        return _as_measure(column.type, seen)
    name, share = column.name, seen.share
    by_pattern = {
        **{name: seen.patterns[kind] for name, kind in _PATTERN_OF.items()},
        **dict.fromkeys(("currency", "from_currency", "to_currency"), seen.currencies),
    }
    if column.meta.values:
        return share(sum(value.lower() in column.meta.values for value in seen.values)), "its values"
    if name in by_pattern:
        return share(by_pattern[name]) ** 2, f"{name.replace('_', ' ')}s"
    if seen.dates > seen.filled / 2 and seen.numbers < seen.filled / 2:
        return 0.1, "dates"
    return _as_id(name, seen, table, keys) if name.endswith("_id") else _as_text(name, seen)


_PATTERN_OF = {"email": "emails", "phone": "phones", "tax_id": "tax_ids"}


def _as_measure(kind: str, seen: Profile) -> tuple[float, str]:
    """A date, a truth or a number; 0 and 1 alone are hardly an amount."""
    share = seen.share
    if kind in ("date", "timestamp"):
        may_be = seen.numbers < seen.filled or "date" in ideas(seen.header)
        return (share(seen.dates) ** 2 if may_be else 0.0), "dates"
    if kind == "boolean":
        return share(seen.booleans) ** 2, "yes and no"
    if kind == "bigint":
        return share(seen.wholes) ** 2, "whole numbers"
    return (0.5 if seen.is_flag else share(seen.numbers)) * share(seen.numbers), "numbers"


def _as_id(name: str, seen: Profile, table: Table, keys: list[_Keys]) -> tuple[float, str]:
    """A key has a value of its own in every row; another id points to many, and best to a key that is known."""
    has_fractions = seen.numbers == seen.filled and seen.wholes < seen.filled
    if has_fractions or seen.longest > _LONG_TEXT or seen.patterns["steps"] or seen.is_flag:
        return 0.1, "no ids"
    if table.meta.key == (name,) and not seen.is_unique:
        return (0.5 if seen.distinct * 10 > seen.filled * 9 else 0.3), "ids that repeat"
    if name in table.meta.key:
        return 1.0, "an id in every row" if seen.is_unique else "ids"
    if any(each.column == name and each.holds(seen) for each in keys):
        return 1.0, "ids of another file"
    people = name in ("owner_id", "manager_id", "approver_id")
    if people and seen.is_unique and seen.rows > _FEW * 2:
        return 0.5, "a different one in every row"
    return 0.95, "ids"


def _as_text(name: str, seen: Profile) -> tuple[float, str]:
    share = seen.share
    if name == "path":
        return (1.0 if seen.patterns["steps"] else 0.2), "paths"
    if name == "country":
        return (1.0 if share(seen.countries) > _LINKED else 0.85), "countries"
    if share(seen.numbers) > _LINKED and name not in ("size", "step", "grade", "new_value", "old_value"):
        return 0.5, "numbers"
    if seen.is_flag:
        return 0.3, "yes and no"
    return 0.95, "text"


def _from_values_alone(column: Column, seen: Profile) -> tuple[float, str]:
    """What values tell where the header says nothing."""
    share = seen.share
    if column.name == "currency" and share(seen.currencies) > _ALMOST_ALL:
        return 0.6, "holds currency codes"
    if column.name == "email" and share(seen.patterns["emails"]) > _LINKED:
        return 0.7, "holds e-mail addresses"
    if column.name == "country" and share(seen.countries) > _ALMOST_ALL and seen.longest > len("CN"):
        return 0.6, "holds names of countries"
    if column.name == "path" and share(seen.patterns["steps"]) > LEAST:
        return 0.7, "holds paths such as a > b > c"
    return 0.0, ""


def _guess(table: Table, column: Column, seen: Profile, keys: list[_Keys]) -> Guess:
    """How likely a header feeds a column."""
    named, how = by_name(seen.header, table, column.name)
    by_values, what = _by_values(column, seen, table, keys)
    confidence, reason = named * by_values, f"{how}; holds {what}"
    alone, why = _from_values_alone(column, seen)
    if alone > confidence:
        confidence, reason = alone, why
    return Guess(column.name, seen.header, round(confidence, 2), reason, seen.position)


# one file against all tables


@dataclass(frozen=True)
class _Keys:
    """The keys of a table that some file holds: values that ids elsewhere point to."""

    file: str
    header: str
    column: str
    values: frozenset[str]

    def found(self, seen: Profile) -> int:
        """How many of a column's distinct values stand among them."""
        return len(seen.values & self.values)

    def holds(self, seen: Profile) -> bool:
        """Whether a column points to these keys."""
        return self.found(seen) >= max(_FEW, _LINKED * len(seen.values))


def _keys_of(file: _File, entry: Entry) -> list[_Keys]:
    """The key values that a file holds, under every name by which other tables point to them."""
    pointers = {"user_id": ("user_id", "owner_id", "manager_id"), "account_id": ("account_id", "parent_account_id")}
    found = []
    for guess in entry.guesses:
        if entry.table.meta.key == (guess.column,) and guess.position is not None:
            seen = file.profile.columns[guess.position]
            if seen.is_unique:
                names = pointers.get(guess.column, (guess.column,))
                found += [_Keys(file.name, seen.header, name, seen.values) for name in names]
    return found


def _best(file: _File, tables: Sequence[Table], keys: list[_Keys]) -> Entry:
    """The table that explains most of a file."""
    entries = [_assign(file, table, keys) for table in tables]
    return max(entries, key=lambda entry: _explains(file, entry))


def _assign(file: _File, table: Table, keys: list[_Keys], taken: set[int] | None = None) -> Entry:
    """Each column of a table with its best header, the surest first; no header twice."""
    taken = set(taken or ())
    guesses = [
        _guess(table, column, seen, keys)
        for column in table.columns
        for seen in file.profile.columns
        if seen.header and seen.position not in taken
    ]
    chosen: dict[str, Guess] = {}
    used: set[int] = set()
    for guess in sorted(guesses, key=lambda each: (-each.confidence, each.position or 0)):
        if guess.confidence < LEAST or guess.column in chosen or guess.position in used:
            continue
        chosen[guess.column] = guess
        used.add(guess.position or 0)
    return Entry(table, _in_order(table, chosen.values()))


def _in_order(table: Table, guesses: Iterable[Guess]) -> tuple[Guess, ...]:
    order = {name: place for place, name in enumerate(table.column_names)}
    return tuple(sorted(guesses, key=lambda guess: order[guess.column]))


def _explains(file: _File, entry: Entry) -> tuple[float, float]:
    """How much of a file a table explains: what it is sure of, less what it needs and does not find."""
    table = entry.table
    needed = {column.name for column in table.columns if column.meta.required}
    found = sum(guess.confidence * (1.3 if guess.column in needed else 1.0) for guess in entry.guesses)
    lacking = sum(0.3 if name in table.meta.key and len(table.meta.key) == 1 else 0.7 for name in entry.missing)
    named = _named(f"{Path(file.name).stem} {file.sheet or ''}", table)
    has_key = any(guess.column in table.meta.key and guess.confidence >= SURE for guess in entry.guesses)
    return found - lacking + 1.5 * named + 0.5 * has_key, named


@lru_cache(maxsize=10_000)
def _named(name: str, table: Table) -> float:
    """How much a file's name is a table's, or fits one of its patterns."""
    said = ideas(name)
    patterns = (_FILES.get(table.name, ()), table.meta.files)
    return max(likeness(ideas(each.strip("*")), said) for each in (table.name, *patterns[0], *patterns[1]))


_FILES = {
    "spend": ("campaign report", "ads report"),
    "invoices": ("accounts receivable",),
    "opportunities": ("pipeline",),
}


# the last touches


def _finish(
    connection: duckdb.DuckDBPyConnection, file: _File, entry: Entry, tables: Sequence[Table], keys: list[_Keys]
) -> Proposal:
    """Fill what a table requires, find what else the file feeds, and say what is unsure."""
    entry = _with_closing(connection, file, entry)
    entry = _with_required(file, entry)
    if first := file.profile.totals_in:
        entry = replace(entry, where=f"not coalesce(regexp_matches(lower({identifier(first)}), {_TOTALS}), false)")
    others = [other for other in (_payments_of(file, entry, tables), _accounts_of(file, entry, tables)) if other]
    return Proposal(
        file.name, file.profile, (entry, *others), file.sheet, file.recognised, tuple(_notes(file, entry, keys))
    )


_TOTALS = "'^((grand )?totals?|gesamt|合计|总计|小计|汇总)'"


def _with_closing(connection: duckdb.DuckDBPyConnection, file: _File, entry: Entry) -> Entry:
    """A close date that only closed deals have is when they closed, not when they are expected to."""
    by_column = {guess.column: guess for guess in entry.guesses}
    stage, close = by_column.get("stage"), by_column.get("close_on")
    if entry.table.name != "opportunities" or not stage or not close or "closed_at" in by_column:
        return entry
    is_closed = f"regexp_matches(lower(c{stage.position}), 'won|lost|赢|输|closed|成交|丢')"
    row = connection.execute(
        f"""
        select
            avg(cast(c{close.position} is not null as integer)) filter ({is_closed}),
            avg(cast(c{close.position} is null as integer)) filter (not {is_closed})
        from {file.profile.relation}
        """
    ).fetchone()
    closed, open_ = row or (None, None)
    if closed is None or open_ is None or min(closed, open_) < _ALMOST_ALL:
        return entry
    moved = replace(close, column="closed_at", confidence=0.9, reason="filled where the deal is closed, and only there")
    return replace(entry, guesses=tuple(moved if guess is close else guess for guess in entry.guesses))


def _with_required(file: _File, entry: Entry) -> Entry:
    """Required columns that no header names: the key from a column of its own values, a name from the key."""
    guesses = list(entry.guesses)
    for name in entry.missing:
        if name in entry.table.meta.key and len(entry.table.meta.key) == 1:
            guesses += _key_guess(file, entry, name)
    by_column = {guess.column: guess for guess in guesses}
    if "name" in entry.table.column_names and "name" not in by_column and entry.table.name in _NAMED_BY_KEY:
        key = by_column.get(entry.table.meta.key[0])
        if key is not None and key.position is not None:
            guesses.append(
                replace(key, column="name", confidence=0.6, reason="no column has a name: the id stands for it")
            )
    if "stage" in entry.missing and (closed := by_column.get("closed_at")) and "won" in closed.text.casefold():
        guesses.append(Guess("stage", "'Won'", 0.6, f"no column has a stage, and {closed.text} is a day of winning"))
    return replace(entry, guesses=_in_order(entry.table, guesses))


_NAMED_BY_KEY = {"accounts", "users", "products", "campaigns"}


def _key_guess(file: _File, entry: Entry, name: str) -> list[Guess]:
    """A key for rows without one: a column that has a value of its own in every row, else the row's number."""
    entity = ideas(entry.table.name)
    unique = [seen for seen in file.profile.columns if seen.header and seen.is_unique and seen.dates < seen.rows]
    unique = [seen for seen in unique if seen.wholes == seen.rows or seen.numbers < seen.rows]
    unique.sort(key=lambda seen: (not ideas(seen.header) & entity, seen.position))
    if unique:
        best = unique[0]
        return [Guess(name, best.header, 0.6, "has a value of its own in every row", best.position)]
    named = [seen for seen in file.profile.columns if seen.header and ideas(seen.header) == entity]
    if entry.table.name in _NAMED_BY_KEY and named:
        return [Guess(name, named[0].header, LEAST, "names it, though it repeats", named[0].position)]
    return [Guess(name, "_file_name || ':' || _row_number", 0.3, "no column tells rows apart: the row's number does")]


def _payments_of(file: _File, entry: Entry, tables: Sequence[Table]) -> Entry | None:
    """Invoices that say when they were paid feed payments too."""
    by_column = {guess.column: guess for guess in entry.guesses}
    if entry.table.name != "invoices" or not {"invoice_id", "account_id", "amount"} <= by_column.keys():
        return None
    table = next(each for each in tables if each.name == "payments")
    paid_on = table.column("paid_on")
    rest = [seen for seen in file.profile.columns if seen.header and seen.position not in entry.positions]
    guesses = sorted((_guess(table, paid_on, seen, []) for seen in rest), key=lambda guess: -guess.confidence)
    if not guesses or guesses[0].confidence < LEAST:
        return None
    paid = guesses[0]
    reason = "every invoice with a day of payment is one payment of its whole amount"
    invoice = by_column["invoice_id"]
    copied = [by_column[name] for name in ("account_id", "amount", "invoice_id", "currency") if name in by_column]
    key = Guess("payment_id", f"'P' || {_expression(invoice.text)}", 0.6, reason)
    rows = f"{_expression(paid.text)} is not null"
    return Entry(table, (key, paid, *(replace(guess, confidence=0.6, reason=reason) for guess in copied)), rows)


def _accounts_of(file: _File, entry: Entry, tables: Sequence[Table]) -> Entry | None:
    """Documents that also describe their customer feed accounts too."""
    by_column = {guess.column: guess for guess in entry.guesses}
    if entry.table.name not in ("invoices", "orders", "contracts", "payments") or "account_id" not in by_column:
        return None
    table = next(each for each in tables if each.name == "accounts")
    found = _assign(file, table, [], taken=entry.positions)
    telling = [guess for guess in found.guesses if guess.column in _DESCRIBES and guess.confidence >= LEAST]
    if not telling:
        return None
    key = replace(by_column["account_id"], confidence=0.6, reason="the file also describes its customers")
    names = [] if any(guess.column == "name" for guess in telling) else [replace(key, column="name")]
    return Entry(table, (key, *names, *telling))


_DESCRIBES = {"name", "country", "city", "region", "industry", "size", "tax_id", "account_type"}


def _notes(file: _File, entry: Entry, keys: list[_Keys]) -> list[str]:
    """What a person should look at."""
    notes = []
    if file.recognised:
        notes.append(f"it is already recognised as {file.recognised}: a mapping is needed only to read it otherwise")
    if file.profile.layout.titles:
        notes.append("above the header: " + " | ".join(file.profile.layout.titles))
    notes += [
        f"{entry.table.name} needs {name}, and nothing in the file looks like it: write a header or an expression"
        for name in entry.missing
    ]
    for guess in entry.guesses:
        if guess.confidence < SURE:
            notes.append(f"unsure: {guess.column} from {guess.text} ({guess.reason})")
        if guess.position is not None:
            notes += _about_column(file.profile.columns[guess.position], guess, entry, keys, file.name)
    columns = {guess.column for guess in entry.guesses}
    if "currency" not in columns and any(name.endswith(("amount", "cost", "price")) for name in columns):
        notes.append("no column has a currency: amounts count as company_currency, or add currency: \"'USD'\"")
    if file.profile.totals_in:
        notes.append(f"rows of totals are left out: {file.profile.totals_in} begins with such a word")
    if not _DIGITS.search(file.name):
        notes.append("its name has no date: add exported_at, or the file's time counts")
    return notes


def _about_column(seen: Profile, guess: Guess, entry: Entry, keys: list[_Keys], name: str) -> list[str]:
    column = entry.table.column(guess.column)
    notes = []
    if column.type in ("date", "timestamp") and seen.is_ambiguous:
        notes.append(f"{seen.header}: day and month cannot be told apart ({seen.samples[0]}); say which with dates")
    for each in keys:
        is_other = each.column == guess.column and (each.file, each.header) != (name, seen.header)
        if is_other and seen.filled and column.name not in entry.table.meta.key:
            lost = sorted(seen.values - each.values)
            if each.holds(seen) and lost:
                shown = ", ".join(lost[:3])
                notes.append(f"{seen.header}: {len(lost)} of {seen.distinct} values are not in {each.file} ({shown})")
    return notes


# as YAML


def as_yaml(proposals: Sequence[Proposal]) -> str:
    """The mapping file, with a remark beside every column that is unsure and every one that is missing."""
    lines = [
        "# Proposed by `wanamaker map`: check what is marked, then run with --mapping.",
        "tables:",
    ]
    for proposal in proposals:
        for entry in proposal.entries:
            lines += _entry_lines(proposal, entry)
    return "\n".join(lines) + "\n"


def _entry_lines(proposal: Proposal, entry: Entry) -> list[str]:
    lines = [f"  - file: {_scalar(_pattern(proposal.name))}", f"    table: {entry.table.name}"]
    if entry.table.source != "custom":
        lines.append(f"    source: {entry.table.source}")
    if proposal.sheet:
        lines.append(f"    sheet: {_scalar(proposal.sheet)}")
    lines.append("    columns:")
    for guess in entry.guesses:
        line = f"      {guess.column}: {_scalar(_bare(guess))}"
        doubt = f"  # {guess.confidence:.0%}: {guess.reason}" if guess.confidence < SURE else ""
        lines.append(line + doubt)
    lines += [f"      # {name}: required, and not found" for name in entry.missing]
    if entry.where:
        lines.append(f"    where: {_scalar(entry.where)}")
    if form := _common_dates(proposal.profile, entry):
        lines.append(f"    dates: {_scalar(form)}")
    lines += [f"    # not used: {header}" for header in _unused(proposal)] if entry is proposal.entries[-1] else []
    return lines


def _unused(proposal: Proposal) -> list[str]:
    used = set().union(*(entry.positions for entry in proposal.entries))
    return [seen.header for seen in proposal.profile.columns if seen.header and seen.position not in used]


def _bare(guess: Guess) -> str:
    return guess.text if guess.position is None else _expression(guess.text)


def _expression(header: str) -> str:
    """A header as an expression: as it stands where that reads as one header, else quoted."""
    try:
        found = expressions.parse(header)
    except WanamakerError:
        return identifier(header)
    return header if found.is_bare and found.headers == (header,) else identifier(header)


def _scalar(text: str) -> str:
    """Text as YAML writes it on one line."""
    style = '"' if "'" in text and '"' not in text else None
    written = yaml.safe_dump(text, allow_unicode=True, width=10_000, default_flow_style=True, default_style=style)
    return written.removesuffix("\n...\n").strip()


def _pattern(name: str) -> str:
    """The file's name for every day."""
    return _DIGITS.sub("*", name)


def _common_dates(found: FileProfile, entry: Entry) -> str | None:
    """The one form of all date columns, where they are not plain and agree."""
    forms = {
        found.columns[guess.position].style.dates
        for guess in entry.guesses
        if guess.position is not None and entry.table.column(guess.column).type in ("date", "timestamp")
    }
    if len(forms) != 1:
        return None
    (form,) = forms
    return form[0] if len(form) == 1 and form[0] != EXCEL_SERIAL else None
