"""The mapping file: which export feeds which table, with scalar expressions over its headers."""

from __future__ import annotations

import fnmatch
import hashlib
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb
import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from pipelines.contracts import Contracts, LoadMode, Table
from pipelines.errors import WanamakerError
from pipelines.ingest import expressions

_MOST_CAREFUL_FIRST: tuple[LoadMode, ...] = ("append", "upsert", "replace", "full")


def _written(value: Any) -> str:
    if isinstance(value, date):
        return f"'{value}'"
    return value if isinstance(value, str) else str(value).lower()


class TableMapping(BaseModel):
    """One entry: the files it takes, the table they feed, and how they are read."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    file: str
    table: str
    source: str = "custom"
    columns: dict[str, str]
    where: str | None = None
    dates: tuple[str, ...] = ()
    decimal: str | None = Field(default=None, min_length=1, max_length=1)
    thousands: str | None = Field(default=None, max_length=1)
    encoding: str | None = None
    delimiter: str | None = Field(default=None, min_length=1, max_length=1)
    sheet: str | None = None
    header_row: int | None = Field(default=None, ge=1)
    header: tuple[str, ...] = ()
    load: LoadMode | None = None
    key: tuple[str, ...] = ()
    exported_at: str | None = None

    @field_validator("dates", "key", "header", mode="before")
    @classmethod
    def _one_or_many(cls, value: Any) -> Any:
        return [value] if isinstance(value, str) else value

    @field_validator("columns", mode="before")
    @classmethod
    def _as_text(cls, value: Any) -> Any:
        """YAML reads `amount: 5` as a number and `is_paid: yes` as a truth: both are expressions here."""
        if not isinstance(value, dict):
            return value
        if empty := [key for key, text in value.items() if text is None]:
            msg = f"{empty[0]} has no header and no expression"
            raise ValueError(msg)
        return {key: _written(text) for key, text in value.items()}

    @field_validator("exported_at", mode="before")
    @classmethod
    def _day_as_text(cls, value: Any) -> Any:
        return None if value is None else str(value)

    @field_validator("exported_at")
    @classmethod
    def _is_a_day(cls, value: str | None) -> str | None:
        try:
            return value and str(datetime.fromisoformat(value).replace(tzinfo=None))
        except ValueError as error:
            msg = f"{value!r} is not a date such as 2026-01-31"
            raise ValueError(msg) from error

    @field_validator("dates")
    @classmethod
    def _formats_exist(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for form in value:
            try:
                duckdb.execute("select try_strptime('', ?)", [form])
            except duckdb.Error as error:
                msg = f"{form!r} is not a date format such as %m/%d/%Y"
                raise ValueError(msg) from error
        return value

    @model_validator(mode="after")
    def _fits_together(self) -> TableMapping:
        if self.decimal and self.decimal == self.thousands:
            msg = f"decimal and thousands are both {self.decimal!r}"
            raise ValueError(msg)
        if self.header and self.header_row:
            msg = "header and header_row exclude each other: header is for a file that has none"
            raise ValueError(msg)
        return self

    @property
    def digest(self) -> str:
        """Hash of the entry: another mapping makes another reading of the same bytes."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()[:12]

    @property
    def expressions(self) -> dict[str, str]:
        """All expressions by the name of what they give: columns, and `where`."""
        return {**self.columns, **({"where": self.where} if self.where else {})}

    @property
    def uses_file_name(self) -> bool:
        """Whether the rows depend on the file's name."""
        return any("_file_name" in expressions.parse(text).headers for text in self.expressions.values())


class Mapping(BaseModel):
    """A mapping file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    tables: tuple[TableMapping, ...]

    def entries_for(self, name: str) -> list[TableMapping]:
        """The entries whose pattern fits the file's name or its path below the exports folder."""
        names = (name.casefold(), name.rsplit("/", 1)[-1].casefold())
        return [entry for entry in self.tables if any(fnmatch.fnmatch(n, entry.file.casefold()) for n in names)]


def read_mapping(path: Path, contracts: Contracts) -> Mapping:
    """The mapping at `path`; raises WanamakerError naming the entry and key that is wrong."""
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise WanamakerError(f"{path}: the mapping cannot be read: {error.strerror}") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise WanamakerError(f"{path}: it is not valid YAML: {str(error).splitlines()[0]}; {_where(error)}") from error
    try:
        mapping = Mapping.model_validate(content or {})
    except ValidationError as error:
        problem = error.errors()[0]
        key = ".".join(str(part + 1) if isinstance(part, int) else part for part in problem["loc"])
        reason = problem["msg"].removeprefix("Value error, ")
        if problem["type"] == "extra_forbidden":
            reason = "is not a mapping key; the keys are: " + ", ".join(TableMapping.model_fields)
        raise WanamakerError(f"{path}: {key or 'the file'}: {reason}") from error
    for entry in mapping.tables:
        _check_entry(entry, contracts.table(entry.source, entry.table), f"{path}: {entry.file} → {entry.table}")
    return mapping


def _where(error: Exception) -> str:
    mark = getattr(error, "problem_mark", None)
    return f"line {mark.line + 1}, column {mark.column + 1}" if mark else "save it as UTF-8"


def _check_entry(entry: TableMapping, table: Table, where: str) -> None:
    """Refuse an entry that could not work on any file."""
    for name in (*entry.columns, *entry.key):
        if name not in table.column_names:
            columns = ", ".join(table.column_names)
            raise WanamakerError(f"{where}: {table.name} has no column {name}; it has: {columns}")
    for column in table.columns:
        if column.meta.required and column.name not in entry.columns:
            raise WanamakerError(f"{where}: the column {column.name} is required and not mapped")
    for name, text in entry.expressions.items():
        try:
            expressions.parse(text)
        except WanamakerError as error:
            raise WanamakerError(f"{where}: {name}: {error}") from error
    _check_load(entry, table, where)


def _check_load(entry: TableMapping, table: Table, where: str) -> None:
    """Refuse a load mode or key under which today's rows and yesterday's could not be told apart."""
    mode = entry.load or table.meta.load
    if table.has_row_key:
        if mode == "replace" and not table.meta.range:
            raise WanamakerError(f"{where}: load: replace needs a range, and {table.name} has none")
        if mode == "upsert" and not (entry.key or table.meta.key):
            raise WanamakerError(f"{where}: load: upsert needs a key: add key: [column, …]")
        return
    if mode not in ("upsert", "full"):
        raise WanamakerError(f"{where}: load: {mode} is refused: {table.name} has a key; choose upsert or full")
    if entry.key and set(entry.key) != set(table.meta.key):
        raise WanamakerError(f"{where}: the key of {table.name} is {', '.join(table.meta.key)}: leave key out")


def load_mode(table: Table, deliveries: Sequence[Sequence[TableMapping]]) -> LoadMode:
    """How a snapshot is loaded: as its deliveries' entries say, the mode that deletes least where they differ."""
    stated = {entry.load for entries in deliveries for entry in entries}
    modes = {mode or table.meta.load for mode in stated}
    if not all(deliveries):
        modes.add(table.meta.load)
    return next(mode for mode in _MOST_CAREFUL_FIRST if mode in modes)
