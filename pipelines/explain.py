"""One figure of a mart, down to the rows that make it up and the file and line each came from.

What is behind a figure stands beside the mart, in `config.meta.explain` of its YAML; the rule in words is the
column's own description, which the published file carries.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import duckdb
import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from pipelines.contracts import ROOT, load_contracts
from pipelines.errors import WanamakerError
from pipelines.figures import plain
from pipelines.ingest.load import lines_in_files

SHOWN_ROWS = 20
_MOST_KEYS = 8


class Behind(BaseModel):
    """Where one additive figure of a mart comes from.

    `source` is a relation of the published file, `rows` in conditions, and `called` what a reader calls its rows; the
    figure is Σ `amount` of the rows that `where` finds for the mart's row, `mart` in conditions. `show` names the
    columns that a reader sees, in a `sentence` where one is given.
    """

    model_config = ConfigDict(extra="forbid")

    figure: str
    called: str
    source: str
    where: str
    amount: str
    show: list[str]
    sentence: str = ""


class Explanations(BaseModel):
    """What `config.meta.explain` of a mart holds: its key, in the order in which it is named, and what is behind."""

    model_config = ConfigDict(extra="forbid")

    key: list[str]
    figures: list[Behind]


@dataclass(frozen=True)
class Origin:
    """The file and place of one row; `line` is None where a file has no lines."""

    file: str
    record: int
    line: int | None


@dataclass(frozen=True)
class Part:
    """One row behind a figure: what it adds, what it says, and where it came from."""

    amount: Decimal
    values: dict[str, Any]
    origin: Origin | None


@dataclass
class Figure:
    """One figure: its rule in words, its value, the sum of all rows behind it, and the largest of these."""

    name: str
    rule: str
    value: Decimal
    behind: Decimal
    rows: int
    called: str
    parts: list[Part] = field(default_factory=list)
    sentence: str = ""

    @property
    def ties(self) -> bool:
        """Whether the rows behind make up the figure exactly."""
        return self.value == self.behind


@dataclass
class Explanation:
    """A row of a mart, or several of one kind: its key, its plain values with their rules, and its figures."""

    mart: str
    description: str
    matched: int
    key: dict[str, Any]
    values: list[tuple[str, Any, str]]
    figures: list[Figure]


def explain(data: Path, published: Path, mart: str, key: str, most: int = SHOWN_ROWS) -> Explanation:
    """Open the figures of one row of a mart, or of all rows that `key` names, as published.

    `key` is `column=value`, several joined by commas, or the bare value where the mart has one key column; a date
    that is not named is the day of the run. Raises WanamakerError for a mart, column or key that does not exist.
    """
    known = load_explanations()
    with duckdb.connect(str(published), read_only=True) as connection:
        marts = {row[0] for row in connection.execute(_MARTS).fetchall()}
        if mart not in marts:
            near = get_close_matches(mart, sorted(marts), 3)
            hint = f"; did you mean {' or '.join(near)}?" if near else f"; they are: {', '.join(sorted(marts))}"
            raise WanamakerError(f"there is no mart {mart}{hint}")
        if mart not in known:
            raise WanamakerError(f"{mart} says nothing of what is behind it; those that do: {', '.join(sorted(known))}")
        return _explain(connection, data, mart, known[mart], key, most)


_MARTS = "select table_name from duckdb_tables() where schema_name = 'marts'"
_COLUMNS = """
    select column_name, data_type, comment from duckdb_columns()
    where schema_name = 'marts' and table_name = ? order by column_index
"""


def load_explanations() -> dict[str, Explanations]:
    """What every mart says of what is behind it; raises WanamakerError naming the entry that is wrong."""
    found = {}
    for path, model in mart_models():
        entry = model.get("config", {}).get("meta", {}).get("explain")
        if entry is None:
            continue
        try:
            found[model["name"]] = Explanations.model_validate(entry)
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(map(str, first["loc"]))
            raise WanamakerError(f"{path.name}: {model['name']}: explain.{where}: {first['msg']}") from error
    return found


def mart_models() -> Iterator[tuple[Path, dict[str, Any]]]:
    """Every mart's entry in its YAML, with that file."""
    for path in sorted((ROOT / "models" / "marts").rglob("*.yml")):
        for model in (yaml.safe_load(path.read_text(encoding="utf-8")) or {}).get("models", []):
            yield path, model


def load_keys() -> dict[str, list[str]]:
    """The key columns of every mart, as its tests of uniqueness state them."""
    found = {}
    for _, model in mart_models():
        for test in model.get("data_tests", []):
            if isinstance(test, dict) and "unique_combination" in test:
                found[model["name"]] = list(test["unique_combination"]["arguments"]["columns"])
                break
        else:
            single = [column["name"] for column in model["columns"] if "unique" in column.get("data_tests", [])]
            found[model["name"]] = single[:1] or [column["name"] for column in model["columns"]]
    return found


def _explain(
    connection: duckdb.DuckDBPyConnection, data: Path, mart: str, known: Explanations, key: str, most: int
) -> Explanation:
    columns = {name: (kind, comment or "") for name, kind, comment in connection.execute(_COLUMNS, [mart]).fetchall()}
    wanted = _wanted(connection, mart, known, columns, key)
    condition = " and ".join(_condition(name, columns[name][0]) for name in wanted) or "true"
    parameters = [value for value in wanted.values() for _ in range(_condition("x", "VARCHAR").count("?"))]
    connection.execute(f"create or replace temp table mart as select * from marts.{mart} where {condition}", parameters)
    matched = int(_one(connection, "select count(*) from mart"))
    if not matched:
        raise WanamakerError(f"{mart} has no row with {_words(wanted)}{_near(connection, mart, wanted)}")
    description = _one(
        connection, f"select comment from duckdb_tables() where schema_name = 'marts' and table_name = '{mart}'"
    )
    values = []
    if matched == 1:
        cursor = connection.execute("select * from mart")
        row = dict(zip([column[0] for column in cursor.description or ()], cursor.fetchall()[0], strict=True))
        values = [(name, row[name], columns[name][1]) for name in row]
        wanted = {name: row[name] for name in known.key}
    figures = [_figure(connection, data, behind, columns[behind.figure][1], most) for behind in known.figures]
    return Explanation(mart, str(description or ""), matched, wanted, values, figures)


def _wanted(
    connection: duckdb.DuckDBPyConnection,
    mart: str,
    known: Explanations,
    columns: dict[str, tuple[str, str]],
    key: str,
) -> dict[str, Any]:
    """The columns that a key names, and the run's day for a date that it does not name."""
    wanted: dict[str, Any] = {}
    for part in filter(None, (part.strip() for part in key.split(","))):
        name, mark, value = part.partition("=")
        if not mark:
            open_keys = [column for column in known.key if not _is_day_of_run(column)] or known.key
            if len(open_keys) != 1:
                raise WanamakerError(
                    f"{part}: {mart} has several key columns; write it as "
                    + ",".join(f"{column}=…" for column in open_keys)
                )
            name, value = open_keys[0], part
        if name.strip() not in columns:
            near = get_close_matches(name, columns, 1)
            raise WanamakerError(f"{mart} has no column {name}" + (f"; did you mean {near[0]}?" if near else ""))
        wanted[name.strip()] = value.strip()
    for name in known.key:
        if _is_day_of_run(name) and name not in wanted:
            wanted[name] = str(_one(connection, "select as_of_date from meta.runs"))
    return wanted


def _is_day_of_run(column: str) -> bool:
    return column in {"reporting_date", "as_of_date"}


def _condition(name: str, kind: str) -> str:
    """Equal as text; an id may leave out its source."""
    text = f"cast({name} as varchar)" if kind != "VARCHAR" else name
    return f"({text} = ? or {text} like '%:' || ?)"


def _near(connection: duckdb.DuckDBPyConnection, mart: str, wanted: dict[str, Any]) -> str:
    """What the first named column holds, where its value is not among it."""
    for name, value in wanted.items():
        sql = f"select distinct cast({name} as varchar) from marts.{mart} where {name} is not null"
        held = sorted(row[0] for row in connection.execute(sql).fetchall())
        if str(value) not in held:
            near = get_close_matches(str(value), held, _MOST_KEYS, 0.4) or held[:_MOST_KEYS]
            return f"; {name} is one of: {', '.join(near)}{' …' if len(held) > len(near) else ''}"
    return ""


def _figure(connection: duckdb.DuckDBPyConnection, data: Path, behind: Behind, rule: str, most: int) -> Figure:
    join = f"from {behind.source} as rows inner join mart on {behind.where}"
    value = Decimal(_one(connection, f"select coalesce(sum({behind.figure}), 0) from mart"))
    total, rows = connection.execute(
        f"select coalesce(sum({behind.amount}), 0), count(*) {join} where {behind.amount} <> 0"
    ).fetchall()[0]
    shown = ", ".join(f"rows.{name}" for name in behind.show)
    cursor = connection.execute(
        f"""
        select {behind.amount} as behind_amount, rows.file_id as behind_file, rows.row_number as behind_record, {shown}
        {join}
        where {behind.amount} <> 0
        order by abs({behind.amount}) desc, {", ".join(map(str, range(4, 4 + len(behind.show))))}
        limit {most}
        """
    )
    names = [column[0] for column in cursor.description or ()][3:]
    found = cursor.fetchall()
    origins = _origins(connection, data, [(row[1], row[2]) for row in found if row[1] is not None])
    parts = [
        Part(Decimal(row[0]), dict(zip(names, row[3:], strict=True)), origins.get((row[1], row[2]))) for row in found
    ]
    return Figure(behind.figure, rule, value, Decimal(total), int(rows), behind.called, parts, behind.sentence)


def _origins(
    connection: duckdb.DuckDBPyConnection, data: Path, places: list[tuple[str, int]]
) -> dict[tuple[str, int], Origin]:
    """The file and line of each place, looked up in what landed."""
    names = dict(connection.execute("select file_id, name from meta.files").fetchall())
    wanted: dict[str, list[int]] = {}
    for file_id, record in places:
        wanted.setdefault(file_id, []).append(int(record))
    lines = lines_in_files(data, load_contracts(), wanted)
    return {
        (file_id, record): Origin(names.get(file_id, file_id), int(record), lines.get((file_id, int(record))))
        for file_id, record in places
    }


def _one(connection: duckdb.DuckDBPyConnection, sql: str) -> Any:
    row = connection.execute(sql).fetchone()
    return row[0] if row else None


def _words(wanted: dict[str, Any]) -> str:
    return ", ".join(f"{name} = {value}" for name, value in wanted.items()) or "any key"


def as_lines(explanation: Explanation) -> Iterator[str]:
    """The explanation as a person reads it."""
    yield f"{explanation.mart}: {_words(explanation.key)}"
    yield f"  {explanation.description}"
    if explanation.matched > 1:
        yield f"  {explanation.matched:,} rows of the mart together"
    for name, value, rule in explanation.values:
        if name not in explanation.key and name not in {figure.name for figure in explanation.figures}:
            yield f"  {name} = {plain(value)}" + (f"   ({rule})" if rule else "")
    for figure in explanation.figures:
        yield ""
        yield f"{figure.name} = {plain(figure.value)}" + (f"   ({figure.rule})" if figure.rule else "")
        tie = "ties" if figure.ties else f"differs by {figure.value - figure.behind:,}"
        yield f"  the sum of {figure.rows:,} {figure.called}: {plain(figure.behind)}, {tie}"
        for part in figure.parts:
            yield f"    {plain(part.amount):>16}  {_part_words(part, figure.sentence)}"
            if part.origin:
                place = f"line {part.origin.line}" if part.origin.line else f"record {part.origin.record}"
                yield f"    {'':>16}  from {part.origin.file}, {place}"
        if figure.rows > len(figure.parts):
            yield f"    … and {figure.rows - len(figure.parts):,} smaller ones"


def _part_words(part: Part, sentence: str) -> str:
    shown = {name: plain(value) for name, value in part.values.items()}
    if sentence:
        return _without_nothings(sentence.format(**shown))
    return ", ".join(f"{name} {value}" for name, value in shown.items() if value != "–")


def _without_nothings(sentence: str) -> str:
    """A sentence without the parts between commas that name nothing, such as ", return –"."""
    return re.sub(r"(?<=[,;]) [^,;()]* –(?=[,;]|$)[,;]?", "", sentence).rstrip(",; ")
