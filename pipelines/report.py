"""One mart, or all marts of one domain, as a workbook, a page, a document or a CSV: typed, whole, rows counted."""

from __future__ import annotations

import html
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import duckdb

from pipelines.contracts import ROOT
from pipelines.errors import WanamakerError
from pipelines.explain import load_keys, mart_models
from pipelines.figures import cell
from pipelines.spreadsheet import MOST_ROWS, Field, Sheet, write_book, write_csv

Format = Literal["xlsx", "html", "pdf", "csv"]

_PRINTED_ROWS = 500
_SHARES = ("rate", "share", "roi", "low", "high", "accuracy", "wape", "bias", "coverage", "attainment", "probability")


@dataclass(frozen=True)
class Table:
    """One mart as a report shows it: its question, its columns with their rules, and its rows."""

    mart: str
    description: str
    fields: list[Field]
    rules: list[str]
    rows: list[tuple[Any, ...]]


@dataclass(frozen=True)
class Written:
    """What a report holds: its file and the rows of each mart in it."""

    path: Path
    rows: dict[str, int]


def packs() -> dict[str, list[str]]:
    """The marts of each domain: the folders of `models/marts`."""
    found: dict[str, list[str]] = {}
    for path, model in mart_models():
        found.setdefault(path.parent.relative_to(ROOT / "models" / "marts").parts[0], []).append(model["name"])
    return found


def report(published: Path, name: str, form: Format, out: Path | None = None, owner: str | None = None) -> Written:
    """Write a mart, or a domain's marts, to a file; `owner` keeps only the rows of one owner where a mart has owners.

    A workbook and a CSV hold every row; a page and a document show the first 500 of each mart and say of how many.
    Raises WanamakerError for an unknown name, a pack as CSV, or a mart that is too long for a sheet.
    """
    known = packs()
    marts = known.get(name) or ([name] if name in load_keys() else [])
    if not marts:
        domains, singles = ", ".join(sorted(known)), ", ".join(sorted(load_keys()))
        raise WanamakerError(f"there is no report {name}; a pack is one of {domains}; a mart one of {singles}")
    if form == "csv" and len(marts) > 1:
        raise WanamakerError(f"{name} holds {len(marts)} marts; a CSV holds one: name it, or choose xlsx, html or pdf")
    with duckdb.connect(str(published), read_only=True) as connection:
        tables = [_table(connection, mart, owner) for mart in marts]
        row = connection.execute("select as_of_date, company_currency, run_id from meta.runs").fetchall()[0]
    about = [
        ("report", name),
        ("as of", str(row[0])),
        ("currency", str(row[1])),
        ("run", str(row[2])),
        *(("rows of " + table.mart, f"{len(table.rows):,}") for table in tables),
        *((f"{t.mart}.{f.label}", rule) for t in tables for f, rule in zip(t.fields, t.rules, strict=True) if rule),
    ]
    target = out or Path(f"{name}_{row[0]}.{form}")
    _WRITERS[form](target, tables, about)
    return Written(target, {table.mart: len(table.rows) for table in tables})


def _table(connection: duckdb.DuckDBPyConnection, mart: str, owner: str | None) -> Table:
    columns = connection.execute(
        "select column_name, data_type, coalesce(comment, '') from duckdb_columns() "
        "where schema_name = 'marts' and table_name = ? order by column_index",
        [mart],
    ).fetchall()
    if not columns:
        raise WanamakerError(f"the published file has no mart {mart}: it was made by an earlier version; run again")
    names = [name for name, _, _ in columns]
    keys = [name for name in load_keys()[mart] if name in names]
    where, values = "", []
    if owner is not None and "owner_id" in names:
        where, values = "where owner_id = ? or owner_id like '%:' || ?", [owner, owner]
    order = ", ".join(keys) or "all"
    rows = connection.execute(f"select * from marts.{mart} {where} order by {order}", values).fetchall()
    description = connection.execute(
        "select coalesce(comment, '') from duckdb_tables() where schema_name = 'marts' and table_name = ?", [mart]
    ).fetchall()[0][0]
    fields = [Field(name, _kind(name, kind)) for name, kind, _ in columns]
    return Table(mart, description, fields, [rule for _, _, rule in columns], rows)


def _kind(name: str, kind: str) -> str:
    """How a column's cells are written, from its type and its name."""
    if kind.startswith("DECIMAL"):
        if kind.endswith(",2)"):
            return "money"
        return "percent" if any(part in _SHARES for part in name.split("_")) else "number"
    plain = {"DATE": "date", "BOOLEAN": "flag", "BIGINT": "count", "INTEGER": "count", "DOUBLE": "number"}
    return "moment" if kind.startswith("TIMESTAMP") else plain.get(kind, "text")


def _write_xlsx(target: Path, tables: Sequence[Table], about: Sequence[tuple[str, str]]) -> None:
    if long := [table for table in tables if len(table.rows) > MOST_ROWS]:
        raise WanamakerError(
            f"{long[0].mart} has {len(long[0].rows):,} rows, a sheet holds {MOST_ROWS:,}: write it with --format csv"
        )
    write_book(str(target), [Sheet(table.mart, table.fields, table.rows) for table in tables], about)


def _write_csv(target: Path, tables: Sequence[Table], about: Sequence[tuple[str, str]]) -> None:  # noqa: ARG001
    write_csv(target, tables[0].fields, tables[0].rows)


def _said(table: Table) -> str:
    shown = min(len(table.rows), _PRINTED_ROWS)
    more = f"the first {shown:,} of {len(table.rows):,} rows" if shown < len(table.rows) else f"{shown:,} rows"
    return f"{table.description} ({more})"


def _write_html(target: Path, tables: Sequence[Table], about: Sequence[tuple[str, str]]) -> None:
    target.write_text("".join(_html(tables, about)), encoding="utf-8")


_STYLE = (
    "body{font:14px/1.5 system-ui,'Noto Sans CJK SC',sans-serif;margin:2rem;color:#16202e}h1{font-size:1.5rem}"
    "h2{font-size:1.15rem;margin-top:2rem}p{color:#5b6778;max-width:60rem}.t{overflow-x:auto}"
    "table{border-collapse:collapse;font-variant-numeric:tabular-nums}th,td{padding:.25rem .6rem;white-space:nowrap;"
    "border-bottom:1px solid #e9edf2;text-align:left}th{border-bottom:2px solid #9aa5b5}.n{text-align:right}"
)


def _html(tables: Sequence[Table], about: Sequence[tuple[str, str]]) -> Iterator[str]:
    facts = dict(about)
    title = f"{facts['report']}, as of {facts['as of']}"
    yield f"<!doctype html><meta charset=utf-8><title>{html.escape(title)}</title><style>{_STYLE}</style>"
    yield f"<h1>{html.escape(title)}</h1><p>Amounts in {facts['currency']} · run {facts['run']}</p>"
    for table in tables:
        yield f"<h2>{table.mart}</h2><p>{html.escape(_said(table))}</p><div class=t><table><tr>"
        for field, rule in zip(table.fields, table.rules, strict=True):
            yield f'<th{_class(field)} title="{html.escape(rule)}">{html.escape(field.label)}</th>'
        yield "</tr>"
        for row in table.rows[:_PRINTED_ROWS]:
            cells = zip(row, table.fields, strict=True)
            yield "<tr>" + "".join(f"<td{_class(f)}>{html.escape(cell(v, f.kind))}</td>" for v, f in cells) + "</tr>"
        yield "</table></div>"


def _class(field: Field) -> str:
    return " class=n" if field.kind in {"money", "count", "number", "percent", "times"} else ""


def _write_pdf(target: Path, tables: Sequence[Table], about: Sequence[tuple[str, str]]) -> None:
    from pipelines.printing import Block, write_pdf

    facts = dict(about)
    blocks = [
        Block(
            table.mart,
            _said(table),
            [field.label for field in table.fields],
            [
                [cell(value, field.kind) for value, field in zip(row, table.fields, strict=True)]
                for row in table.rows[:_PRINTED_ROWS]
            ],
            [bool(_class(field)) for field in table.fields],
        )
        for table in tables
    ]
    title = f"{facts['report']}, as of {facts['as of']}"
    write_pdf(target, title, f"Amounts in {facts['currency']} · run {facts['run']}", blocks)


_WRITERS = {"xlsx": _write_xlsx, "csv": _write_csv, "html": _write_html, "pdf": _write_pdf}
