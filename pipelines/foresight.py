"""What would stop a run although every file can be read: asked of the rows themselves, before anything is built."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb

from pipelines.contracts import ROOT, Contracts
from pipelines.errors import rows_in_words
from pipelines.ingest.cells import identifier
from pipelines.ingest.discover import Problem
from pipelines.ingest.load import lines_in_files

STAGE_ADVICE = (
    "write it into stages.csv with its status (open, won or lost): copy seeds/stages.csv into a folder of your own, "
    "add a line, and run with --rules FOLDER"
)
RATE_ADVICE = (
    "put its rates among the exports (fx_rates: rate_on, from_currency, to_currency, rate), mend the currency, or "
    "state the company's own with --set company_currency=EUR"
)
_MOST = 20


@dataclass(frozen=True)
class _Stop:
    """A value that no rule knows: the file and record that has it first, and what is wrong."""

    file_id: str
    name: str
    record: int
    message: str


def stops(
    data: Path, contracts: Contracts, published: Path, rules: Path | None, company_currency: str
) -> list[Problem]:
    """Values in the files of a data folder for which a test of figures fails, each with its line.

    They are stages without a rule and currencies without a rate. `published` is the file of the last run, of which
    the exchange rates are known too; it need not exist.
    """
    with duckdb.connect(str(data / "raw.duckdb"), read_only=True) as connection:
        found = [*_stages(connection, rules), *_currencies(connection, published, company_currency)][:_MOST]
    records: dict[str, list[int]] = {}
    for stop in found:
        records.setdefault(stop.file_id, []).append(stop.record)
    lines = lines_in_files(data, contracts, records) if records else {}

    def place(stop: _Stop) -> str:
        line = lines.get((stop.file_id, stop.record))
        return f"line {line}" if line else f"record {stop.record}"

    return [Problem(stop.name, f"{place(stop)}: {stop.message}") for stop in found]


def _tables_with(connection: duckdb.DuckDBPyConnection, *columns: str) -> list[tuple[str, str]]:
    """Source and name of each table of raw that has these columns."""
    return connection.execute(
        """
        select table_schema, table_name
        from information_schema.columns
        where table_schema <> 'registry'
        group by all
        having count(*) filter (list_contains(?, column_name)) = ?
        order by all
        """,
        [[*columns, "_file_id"], len(columns) + 1],
    ).fetchall()


def _first_places(
    connection: duckdb.DuckDBPyConnection, source: str, table: str, value: str, condition: str = "true"
) -> list[tuple[str, str, str, int, str]]:
    """Each value of an expression over a table, the file and record that has it first, and in how many rows it is."""
    found = connection.execute(
        f"""
        select value, first(files.file_id order by exported_at, name, record),
            first(name order by exported_at, name, record), first(record order by exported_at, name, record), count(*)
        from (
            select _file_id, _row_number as record, {value} as value
            from {identifier(source)}.{identifier(table)} where {condition}
        ) as found
        inner join registry.files on found._file_id = files.file_id
        where value is not null
        group by value order by value
        """
    ).fetchall()
    return [(*row, rows_in_words(count)) for *row, count in found]


def _stages(connection: duckdb.DuckDBPyConnection, rules: Path | None) -> Iterator[_Stop]:
    """Stages that stages.csv does not have."""
    own = rules / "stages.csv" if rules is not None else None
    path = own if own is not None and own.is_file() else ROOT / "seeds" / "stages.csv"
    with path.open(encoding="utf-8-sig", newline="") as stream:
        declared = {(row["source"], row["stage"].strip().casefold()) for row in csv.DictReader(stream) if row["stage"]}
    with_pipeline = set(_tables_with(connection, "stage", "pipeline"))
    of_pipeline = "trim(replace(stage, ' (' || coalesce(pipeline, '') || ')', ''))"
    columns = [
        (*table, of_pipeline if table in with_pipeline else "trim(stage)", "true")
        for table in _tables_with(connection, "stage")
    ]
    is_stage = "lower(replace(field, ' ', '')) in ('stage', 'stagename')"
    columns += [(*table, "trim(new_value)", is_stage) for table in _tables_with(connection, "field", "new_value")]
    said: set[tuple[str, str]] = set()
    for source, table, stage, condition in columns:
        for value, file_id, name, record, rows in _first_places(connection, source, table, stage, condition):
            known = {("*", value.casefold()), (source, value.casefold())} & declared
            if value and not known and (source, value) not in said:
                said.add((source, value))
                yield _Stop(file_id, name, record, f"stage {value!r} is in no rule ({rows}): {STAGE_ADVICE}")


def _currencies(connection: duckdb.DuckDBPyConnection, published: Path, company_currency: str) -> Iterator[_Stop]:
    """Currencies of amounts that no exchange rate names."""
    known = {company_currency}
    for source, table in _tables_with(connection, "from_currency", "to_currency"):
        pairs = f"select unnest([from_currency, to_currency]) from {identifier(source)}.{identifier(table)}"
        known |= {row[0] for row in connection.execute(pairs).fetchall()}
    if published.exists():
        with duckdb.connect(str(published), read_only=True) as figures:
            has_rates = "select 1 from information_schema.tables where table_name = 'exchange_rates'"
            if figures.execute(has_rates).fetchone():
                rates = figures.execute("select distinct currency from core.exchange_rates").fetchall()
                known |= {row[0] for row in rates}
    said: set[str] = set()
    for source, table in _tables_with(connection, "currency"):
        for value, file_id, name, record, rows in _first_places(connection, source, table, "upper(trim(currency))"):
            if value and value not in known and value not in said:
                said.add(value)
                yield _Stop(file_id, name, record, f"currency {value!r} has no exchange rate ({rows}): {RATE_ADVICE}")
