"""Expressions of a mapping: DuckDB's own parser reads them, and only scalar ones over the headers pass."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import duckdb

from pipelines.errors import WanamakerError

OWN_NAMES = ("_row_number", "_file_name", "_titles", "_exported_on")
"""Names that an expression may use beside the headers: a row's number, its file's name, the lines above the header and
the day of the export."""

_REFUSED_CLASSES = {
    "SUBQUERY": "a subquery",
    "WINDOW": "a window function",
    "STAR": "a star",
    "PARAMETER": "a parameter",
    "LAMBDA": "a lambda",
    "DEFAULT": "a default",
    "POSITIONAL_REFERENCE": "a column by position",
}
_REFUSED_FUNCTIONS = {  # scalar, but they read the clock, the system or text as SQL
    "add_parquet_key", "age", "current_localtime", "current_localtimestamp", "getenv", "parse_duckdb_log_message",
    "query", "query_table", "read_blob", "read_text", "version",
}  # fmt: skip
_MACROS = {"date_add", "days_in_month", "fdiv", "fmod", "if", "nullif", "split_part"}
_CLOCK_WORDS = {
    "current_date", "current_time", "current_timestamp", "localtime", "localtimestamp",
    "current_user", "session_user", "user", "current_role", "current_schema", "current_catalog",
}  # fmt: skip
_OPERATORS_AS_FUNCTIONS = {"coalesce", "ifnull"}
_LIKE_A_HEADER = re.compile(r"[^;,'\"|=<>]*")


@dataclass(frozen=True)
class Expression:
    """A parsed expression: the headers it reads; `is_bare` where its text may be one header as it is."""

    text: str
    headers: tuple[str, ...]
    is_bare: bool


@lru_cache(maxsize=1)
def _parser() -> duckdb.DuckDBPyConnection:
    return duckdb.connect()


@lru_cache(maxsize=1)
def _functions() -> tuple[frozenset[str], frozenset[str]]:
    """All functions that DuckDB knows, and those that give the same answer for the same cell every time."""
    rows = _parser().execute(
        """
        select
            lower(function_name),
            bool_and(
                case function_type
                    when 'scalar' then coalesce(stability, 'CONSISTENT') = 'CONSISTENT'
                    when 'macro' then regexp_matches(function_name, '^(list|array)_') or list_contains(?, function_name)
                    else false
                end
            )
        from duckdb_functions()
        group by all
        """,
        [sorted(_MACROS)],
    )
    known = dict(rows.fetchall())
    allowed = {name for name, is_scalar in known.items() if is_scalar} - _REFUSED_FUNCTIONS
    return frozenset(known), frozenset(allowed | _OPERATORS_AS_FUNCTIONS)


@lru_cache(maxsize=512)
def parse(text: str) -> Expression:
    """The expression in `text`; raises WanamakerError with what is refused in it, by name."""
    bare = text.strip()
    row = _parser().execute("select json_serialize_sql(?)", [f"select {text}"]).fetchone()
    tree = json.loads(row[0]) if row else {"error": True}
    node = None if tree["error"] else _only_node(tree["statements"])
    if node is None or node.get("alias"):
        if _LIKE_A_HEADER.fullmatch(bare) and not re.match(r"\(*\s*(select|from|with)\b", bare, re.IGNORECASE):
            return Expression(bare, (bare,), is_bare=True)
        reason = tree.get("error_message") or "it is not one scalar expression"
        raise WanamakerError(f"{bare!r} is neither a header nor an expression: {reason}")
    known, allowed = _functions()
    is_unknown = node.get("class") == "FUNCTION" and str(node["function_name"]).lower() not in known
    if is_unknown and _LIKE_A_HEADER.fullmatch(bare):
        return Expression(bare, (bare,), is_bare=True)  # such as Amount (USD)
    headers = []
    for part in _parts(node):
        _refuse(part, bare, allowed)
        if part.get("class") == "COLUMN_REF":
            headers.append(".".join(part["column_names"]))
    return Expression(text, tuple(dict.fromkeys(headers)), is_bare=bool(_LIKE_A_HEADER.fullmatch(bare)))


def _only_node(statements: list[dict[str, Any]]) -> dict[str, Any] | None:
    """The one expression of `select …` without any clause; None where there is more."""
    node = statements[0]["node"] if len(statements) == 1 else {}
    clauses = ("where_clause", "group_expressions", "having", "qualify", "sample", "modifiers")
    is_plain = (
        node.get("type") == "SELECT_NODE"
        and len(node["select_list"]) == 1
        and (node.get("from_table") or {}).get("type") == "EMPTY"
        and not any(node.get(clause) for clause in clauses)
        and not (node.get("cte_map") or {}).get("map")
    )
    return node["select_list"][0] if is_plain else None


def _parts(node: Any) -> Iterator[dict[str, Any]]:
    """Every node of a parsed expression."""
    if isinstance(node, list):
        for item in node:
            yield from _parts(item)
    elif isinstance(node, dict):
        yield node
        for value in node.values():
            yield from _parts(value)


def _refuse(part: dict[str, Any], text: str, allowed: frozenset[str]) -> None:
    kind = part.get("class")
    if kind in _REFUSED_CLASSES:
        raise WanamakerError(
            f"{_REFUSED_CLASSES[kind]} is refused in {text!r}: an expression is scalar, over the headers of the file"
        )
    if kind == "FUNCTION" and not part.get("is_operator"):
        name = str(part.get("function_name", "")).lower()
        if name not in allowed:
            raise WanamakerError(
                f"the function {name} is refused in {text!r}: only scalar functions that give the same answer "
                "every time are allowed; a header is written in double quotes"
            )


def refuse_clock(name: str, text: str) -> None:
    """Refuse a word that SQL would take for the clock or the user, where no header has that name."""
    if name.lower() in _CLOCK_WORDS:
        raise WanamakerError(f"{name} is refused in {text!r}: figures do not depend on the clock or on who runs them")
