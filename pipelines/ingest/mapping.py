"""The mapping file: which export feeds which table, with scalar expressions over its headers."""

from __future__ import annotations

import fnmatch
import hashlib
import json
from functools import lru_cache
from pathlib import Path
from typing import Any

import duckdb
import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from pipelines.contracts import Contracts, LoadMode, Table
from pipelines.errors import WanamakerError

_FORBIDDEN_CLASSES = {
    "SUBQUERY": "a subquery",
    "WINDOW": "a window function",
    "STAR": "a star",
    "PARAMETER": "a parameter",
    "LAMBDA": "a lambda",
    "DEFAULT": "a default",
    "POSITIONAL_REFERENCE": "a column by position",
}
# scalar, but they read files, settings or run text as SQL
_FORBIDDEN_FUNCTIONS = {"getenv", "query", "query_table", "read_blob", "read_text", "parse_path", "add_parquet_key"}
_OPERATORS_AS_FUNCTIONS = {"nullif", "coalesce", "ifnull", "if"}


class TableMapping(BaseModel):
    """One entry: the files it takes, the table they feed, and how they are read."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    file: str
    table: str
    source: str = "custom"
    columns: dict[str, str]
    where: str | None = None
    dates: tuple[str, ...] = ()
    decimal: str | None = None
    thousands: str | None = None
    encoding: str | None = None
    delimiter: str | None = None
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
        if isinstance(value, dict):
            return {key: text if isinstance(text, str) else json.dumps(text) for key, text in value.items()}
        return value

    @field_validator("exported_at", mode="before")
    @classmethod
    def _day_as_text(cls, value: Any) -> Any:
        return None if value is None else str(value)

    @property
    def digest(self) -> str:
        """Hash of the entry: another mapping makes another reading of the same bytes."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()[:12]


class Mapping(BaseModel):
    """A mapping file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    tables: tuple[TableMapping, ...]

    def entries_for(self, name: str) -> list[TableMapping]:
        """The entries whose pattern fits the file's name or its path below the exports folder."""
        base = name.rsplit("/", 1)[-1]
        return [entry for entry in self.tables if any(fnmatch.fnmatch(n.casefold(), entry.file.casefold()) for n in (name, base))]


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
        reason = "is not a mapping key" if problem["type"] == "extra_forbidden" else problem["msg"]
        raise WanamakerError(f"{path}: {key or 'the file'}: {reason}") from error
    for entry in mapping.tables:
        where = f"{path}: {entry.file} → {entry.table}"
        table = contracts.table(entry.source, entry.table)
        known = set(table.column_names)
        for name in (*entry.columns, *entry.key):
            if name not in known:
                raise WanamakerError(f"{where}: {entry.table} has no column {name}; it has: {', '.join(table.column_names)}")
        for column in table.columns:
            if column.meta.required and column.name not in entry.columns:
                raise WanamakerError(f"{where}: the column {column.name} is required and not mapped")
        for name, expression in [*entry.columns.items(), *([("where", entry.where)] if entry.where else [])]:
            check_expression(expression, f"{where}: {name}")
    return mapping


def _where(error: Exception) -> str:
    mark = getattr(error, "problem_mark", None)
    return f"line {mark.line + 1}, column {mark.column + 1}" if mark else "save it as UTF-8"


def table_with_options(table: Table, entry: TableMapping | None) -> Table:
    """The contract with the load mode and key that the mapping says instead."""
    if entry is None or not (entry.load or entry.key):
        return table
    meta = table.meta.model_copy(
        update={
            **({"load": entry.load} if entry.load else {}),
            **({"key": entry.key} if entry.key else {}),
        }
    )
    return table.model_copy(update={"meta": meta})


@lru_cache(maxsize=1)
def _scalar_functions() -> frozenset[str]:
    """Functions that give the same answer for the same cell, every time."""
    with duckdb.connect() as connection:
        rows = connection.execute(
            """
            select function_name from duckdb_functions()
            where function_type in ('scalar', 'macro')
            group by function_name
            having bool_and(coalesce(stability, 'CONSISTENT') = 'CONSISTENT')
            """
        ).fetchall()
    return frozenset(row[0].lower() for row in rows) - _FORBIDDEN_FUNCTIONS


@lru_cache(maxsize=256)
def _tree(expression: str) -> Any:
    with duckdb.connect() as connection:
        row = connection.execute("select json_serialize_sql(?)", ["select " + expression]).fetchone()
    assert row is not None
    return json.loads(row[0])


def check_expression(expression: str, where: str) -> None:
    """Refuse what is not a scalar expression over the headers, by name; a bare header with spaces passes."""
    tree = _tree(expression)
    if tree["error"]:
        if _may_be_header(expression):
            return
        raise WanamakerError(f"{where}: {expression!r} is neither a header nor an expression: {tree.get('error_message', '')}")
    statements = tree["statements"]
    node = statements[0]["node"] if len(statements) == 1 else None
    if (
        node is None
        or node.get("type") != "SELECT_NODE"
        or len(node["select_list"]) != 1
        or (node.get("from_table") or {}).get("type") != "EMPTY"
        or any(node.get(part) for part in ("where_clause", "group_expressions", "having", "qualify", "sample", "modifiers"))
        or (node.get("cte_map") or {}).get("map")
    ):
        if _may_be_header(expression):
            return
        raise WanamakerError(f"{where}: {expression!r} is not one scalar expression")
    _walk(node["select_list"][0], expression, where)


def _may_be_header(expression: str) -> bool:
    """Whether the text could be a header written as it is, such as `Created Date` or `Amount (net)`."""
    return ";" not in expression and "'" not in expression and not expression.lower().lstrip("( ").startswith(("select ", "from "))


def _walk(node: Any, expression: str, where: str) -> None:
    if isinstance(node, list):
        for item in node:
            _walk(item, expression, where)
        return
    if not isinstance(node, dict):
        return
    kind = node.get("class")
    if kind in _FORBIDDEN_CLASSES:
        raise WanamakerError(f"{where}: {_FORBIDDEN_CLASSES[kind]} is refused in {expression!r}: an expression is scalar, over the headers of the file")
    if kind == "FUNCTION":
        name = str(node.get("function_name", "")).lower()
        if not node.get("is_operator") and name not in _scalar_functions() | _OPERATORS_AS_FUNCTIONS:
            raise WanamakerError(
                f"{where}: the function {name} is refused in {expression!r}: "
                "only scalar functions that give the same answer every time are allowed"
            )
    for key, value in node.items():
        if key not in ("query_location", "query_location_length", "literal"):
            _walk(value, expression, where)


def headers_in(expression: str) -> list[str]:
    """The headers that an expression reads."""
    tree = _tree(expression)
    if tree["error"]:
        return [expression.strip()]
    names: list[str] = []

    def collect(node: Any) -> None:
        if isinstance(node, list):
            for item in node:
                collect(item)
        elif isinstance(node, dict):
            if node.get("class") == "COLUMN_REF":
                names.append(".".join(node["column_names"]))
            for value in node.values():
                collect(value)

    collect(tree["statements"])
    return names
