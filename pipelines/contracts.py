"""Contracts: what each table of each source looks like, read from the dbt source files.

`models/staging/<source>/_<source>.yml` declares every table once; dbt and the ingester read the
same file. Keys below `config.meta` are checked here, an unknown one is an error that names it.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from pipelines.errors import WanamakerError

ROOT = Path(__file__).resolve().parent.parent

_TYPE = re.compile(r"varchar|date|timestamp|boolean|bigint|decimal\(\d+,\d+\)")
_TYPE_WORDS = "varchar, date, timestamp, boolean, bigint and decimal(18,2)"

LoadMode = Literal["upsert", "full", "replace", "append"]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


def _checked(pattern: str) -> str:
    """The pattern, which must be a regular expression."""
    try:
        re.compile(pattern)
    except re.error as error:
        msg = f"{pattern!r} is not a pattern: {error}"
        raise ValueError(msg) from error
    return pattern


def _pairs(entries: Any) -> Any:
    """A mapping as pairs, which can be hashed."""
    return tuple(entries.items()) if isinstance(entries, dict) else entries


Pattern = Annotated[str, AfterValidator(_checked)]


class Locale(_Strict):
    """How a vendor writes numbers and dates by default."""

    decimal: str = "."
    thousands: str = ","
    formats: tuple[str, ...] = ()


class SourceMeta(_Strict):
    """`config.meta` of a source; its `total_rows` are those of every table.

    Without `own_names` a file calls no column by the contract's name, unless `headers` say so.
    """

    vendor: str
    locale: Locale = Locale()
    missing: tuple[str, ...] = ()
    total_rows: tuple[Pattern, ...] = ()
    own_names: bool = True


class ColumnMeta(_Strict):
    """`config.meta` of a column: how a file names it and which values it may hold.

    A file without an `expected` column is none of this table's, but its cells may be empty; a cell of a `required` one
    may not. `scale` gives for a header the power of ten by which its numbers count (micros: -6), `split` the mark
    between several ids in a cell, each of which becomes a row. An id that a file lacks is `made_of` the text of
    other columns.
    """

    headers: tuple[str, ...] = ()
    required: bool = False
    expected: bool = False
    minimum: float | None = None
    maximum: float | None = None
    values: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()
    scale: Annotated[tuple[tuple[str, int], ...], BeforeValidator(_pairs)] = ()
    split: str | None = None
    made_of: tuple[str, ...] = ()
    currency_from_header: bool = False


class Preamble(_Strict):
    """A line above the header: a pattern found in it, and what it sets.

    `range` takes the groups `since` and `until`, `exported_at` and `currency` the first group. A file with a
    line that has a `refuse` is loaded only where a column dates its rows; the text says why.
    """

    pattern: Pattern
    sets: Literal["range", "exported_at", "currency"] | None = None
    refuse: str | None = None


class Unpivot(_Strict):
    """Columns that become rows: those whose header fits the pattern `headers`.

    The first group that the pattern finds goes to the column `name`, the cell to the column `value`.
    """

    headers: Pattern
    name: str
    value: str


class Spread(_Strict):
    """Figures of a range, spread evenly over its days where no column says the `day`.

    The range stands in the columns `since` and `until`, or in a line above the header; `columns` are split
    exactly, by largest remainder; the column `mark` tells such rows.
    """

    day: str
    since: str
    until: str
    columns: tuple[str, ...]
    mark: str


class TableMeta(_Strict):
    """`config.meta` of a table: how its files are named and loaded.

    Within `scope` a full export or a restated range speaks for the values it holds. The last scope column
    is the account: a row without one, read through a mapping, belongs to the mapping's file pattern.
    `total_rows` are patterns of the first filled cell of a row that repeats money or of a footer, `total_when_empty`
    are columns that only such a row leaves all empty. `ignores` are headers that are known and not kept. A table
    `beside` another is fed by that one's files where it finds its headers.
    """

    files: tuple[str, ...] = ()
    load: LoadMode = "upsert"
    key: tuple[str, ...] = ()
    range: str | None = None
    scope: tuple[str, ...] = ()
    preamble: tuple[Preamble, ...] = ()
    total_rows: tuple[Pattern, ...] = ()
    total_when_empty: tuple[str, ...] = ()
    unpivot: Unpivot | None = None
    spread: Spread | None = None
    ignores: tuple[str, ...] = ()
    beside: str | None = None

    @property
    def named_columns(self) -> set[str]:
        """The columns that these keys name."""
        named = {*self.key, *self.scope, *self.total_when_empty, *([self.range] if self.range else [])}
        if self.unpivot:
            named |= {self.unpivot.name, self.unpivot.value}
        if self.spread:
            named |= {self.spread.day, self.spread.since, self.spread.until, self.spread.mark, *self.spread.columns}
        return named


class Column(_Strict):
    """One column of a contract."""

    name: str
    type: str
    meta: ColumnMeta = ColumnMeta()


class Table(_Strict):
    """One table of a source: its columns and how its files are loaded."""

    source: str
    name: str
    description: str
    meta: TableMeta
    columns: tuple[Column, ...]
    source_meta: SourceMeta = SourceMeta(vendor="")

    @model_validator(mode="after")
    def _keys_exist(self) -> Table:
        known = {column.name for column in self.columns}
        named = self.meta.named_columns.union(*(column.meta.made_of for column in self.columns))
        if unknown := named - known:
            msg = f"the table's keys name columns that it lacks: {', '.join(sorted(unknown))}"
            raise ValueError(msg)
        if any(column.meta.currency_from_header for column in self.columns) and "currency" not in known:
            msg = "currency_from_header needs a column currency"
            raise ValueError(msg)
        if self.meta.load in ("upsert", "full") and not self.meta.key:
            msg = f"load mode {self.meta.load} needs a key"
            raise ValueError(msg)
        if self.meta.load == "replace" and not self.meta.range:
            msg = "load mode replace needs a range"
            raise ValueError(msg)
        return self

    @model_validator(mode="after")
    def _types_are_known(self) -> Table:
        for column in self.columns:
            if not _TYPE.fullmatch(column.type):
                msg = f"{column.name} has the data_type {column.type}; the types are {_TYPE_WORDS}"
                raise ValueError(msg)
            if column.meta.scale and not column.type.startswith("decimal"):
                msg = f"{column.name} has a scale, which needs a decimal"
                raise ValueError(msg)
        return self

    @property
    def qualified(self) -> str:
        """`source.table`, as messages and SQL name it."""
        return f"{self.source}.{self.name}"

    @property
    def column_names(self) -> tuple[str, ...]:
        """Names of the contract's columns, in order."""
        return tuple(column.name for column in self.columns)

    @property
    def has_row_key(self) -> bool:
        """Whether rows are known by content, so that raw needs the column `_row_key`."""
        return self.meta.load in ("replace", "append")

    @property
    def row_identity(self) -> tuple[str, ...]:
        """The columns of raw that tell one row from another."""
        return ("_row_key",) if self.has_row_key else self.meta.key

    @cached_property
    def spellings(self) -> dict[str, tuple[str, ...]]:
        """For each column the names that a file may give it, as names are compared."""
        return {
            column.name: tuple(
                dict.fromkeys(map(normalise_name, (*own, *column.meta.headers, *dict(column.meta.scale))))
            )
            for column in self.columns
            for own in [(column.name,) if self.source_meta.own_names else ()]
        }

    @cached_property
    def demanded(self) -> tuple[frozenset[str], ...]:
        """The names of each required column that must stand in a header, those with the fewest names first."""
        spread = self.meta.spread.day if self.meta.spread else None
        names = [
            frozenset(self.spellings[column.name])
            for column in self.needed
            if not column.meta.made_of and column.name != spread
        ]
        return tuple(sorted(names, key=len))

    @cached_property
    def ignored_names(self) -> frozenset[str]:
        """Headers that are known and not kept, as names are compared."""
        return frozenset(map(normalise_name, self.meta.ignores))

    @cached_property
    def total_rows(self) -> tuple[str, ...]:
        """Patterns of rows that repeat money: the source's and the table's own."""
        return (*self.source_meta.total_rows, *self.meta.total_rows)

    @cached_property
    def needed(self) -> tuple[Column, ...]:
        """The columns without which a file is none of this table's."""
        return tuple(column for column in self.columns if column.meta.required or column.meta.expected)

    def column(self, name: str) -> Column:
        """The column of that name."""
        return next(column for column in self.columns if column.name == name)

    @property
    def signature(self) -> str:
        """Hash of all that decides how a file becomes rows of this table: not descriptions, nor file names."""
        content = self.model_dump(mode="json", exclude={"description"})
        del content["meta"]["files"], content["meta"]["ignores"], content["source_meta"]["vendor"]
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:16]


class Source(_Strict):
    """One source of exports and its tables."""

    name: str
    meta: SourceMeta
    tables: tuple[Table, ...]

    def table(self, name: str) -> Table | None:
        """The table of that name, or None."""
        return next((table for table in self.tables if table.name == name), None)


class Contracts(_Strict):
    """All contracts of the project."""

    sources: tuple[Source, ...] = Field(default=())

    @cached_property
    def tables(self) -> tuple[Table, ...]:
        """Every table of every source."""
        return tuple(table for source in self.sources for table in source.tables)

    @cached_property
    def by_demanded_name(self) -> dict[str, list[int]]:
        """The places of the tables that a name may belong to, by the required column with the fewest names.

        Most lines of most files name none of these, so that recognition need not ask every table.
        """
        places: dict[str, list[int]] = {}
        for place, table in enumerate(self.tables):
            for name in table.demanded[0] if table.demanded else ("",):
                places.setdefault(name, []).append(place)
        return places

    def fitting(self, names: set[str]) -> list[Table]:
        """The tables all of whose demanded columns stand among these names, in the order of the contracts."""
        places = {place for name in (*names, "") for place in self.by_demanded_name.get(name, ())}
        tables = (self.tables[place] for place in sorted(places))
        return [table for table in tables if not any(names.isdisjoint(each) for each in table.demanded)]

    def source(self, name: str) -> Source:
        """The source of that name."""
        return next(source for source in self.sources if source.name == name)

    def table(self, source: str, name: str) -> Table:
        """The table `source.name`; raises WanamakerError where there is none."""
        for table in self.tables:
            if (table.source, table.name) == (source, name):
                return table
        msg = f"there is no table {source}.{name}; the tables of {source} are: " + ", ".join(
            table.name for table in self.tables if table.source == source
        )
        raise WanamakerError(msg)


@lru_cache(maxsize=10_000)
def normalise_name(text: str) -> str:
    """A header or table name as it is compared: no case, spaces, width, `_`, `-`, `*` or brackets at the end.

    `Amount spent (USD)`, `amount_spent` and `ＡＭＯＵＮＴ ＳＰＥＮＴ*` are the same name.
    """
    text = unicodedata.normalize("NFKC", text).casefold().strip("\ufeff \t\r\n*")
    while text.endswith((")", "]")) and (cut := max(text.rfind("("), text.rfind("["))) > 0:
        text = text[:cut].rstrip()
    return "".join(char for char in text if not char.isspace() and char not in "_-*.:：/")


def _meta_of(entry: dict[str, Any]) -> dict[str, Any]:
    meta: dict[str, Any] = (entry.get("config") or {}).get("meta") or {}
    return meta


def _read_column(entry: dict[str, Any]) -> Column:
    return Column(name=entry["name"], type=entry["data_type"].lower(), meta=ColumnMeta.model_validate(_meta_of(entry)))


def _read_table(source: str, source_meta: SourceMeta, entry: dict[str, Any], path: Path) -> Table:
    where = f"{source}.{entry.get('name', '?')}"
    columns = []
    for column in entry.get("columns") or []:
        with _explained(path, f"{where}.{column.get('name', '?')}"):
            columns.append(_read_column(column))
    with _explained(path, where):
        return Table(
            source=source,
            name=entry["name"],
            description=entry.get("description", ""),
            meta=TableMeta.model_validate(_meta_of(entry)),
            columns=tuple(columns),
            source_meta=source_meta,
        )


@contextmanager
def _explained(path: Path, where: str) -> Iterator[None]:
    """Say which file, table, column and key is wrong."""
    try:
        yield
    except KeyError as error:
        raise WanamakerError(f"{path.name}: {where}: the key {error} is missing") from error
    except ValidationError as error:
        problem = error.errors()[0]
        key = ".".join(str(part) for part in problem["loc"])
        reason = problem["msg"].removeprefix("Value error, ")
        if problem["type"] == "extra_forbidden":
            reason = "is not a contract key"
        raise WanamakerError(f"{path.name}: {where}: {key + ' ' if key else ''}{reason}") from error


def read_source_file(path: Path) -> Source | None:
    """The contract in one dbt source file, or None where it declares none; raises WanamakerError."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=loader) or {}  # noqa: S506 (a safe loader)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise WanamakerError(f"{path.name}: it is not valid YAML: {' '.join(str(error).split())}") from error
    for entry in content.get("sources", []):
        if not (meta := _meta_of(entry)):
            continue
        name = entry["name"]
        with _explained(path, name):
            source_meta = SourceMeta.model_validate(meta)
        tables = tuple(_read_table(name, source_meta, table, path) for table in entry.get("tables") or [])
        return Source(name=name, meta=source_meta, tables=tables)
    return None


@lru_cache(maxsize=4)
def load_contracts(root: Path = ROOT) -> Contracts:
    """All contracts below `models/staging` of the project at `root`, in order of the source's name."""
    paths = sorted(root.glob("models/staging/*/_*.yml"))
    sources = [source for path in paths if (source := read_source_file(path))]
    return Contracts(sources=tuple(sorted(sources, key=lambda source: source.name)))
