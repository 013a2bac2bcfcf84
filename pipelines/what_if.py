"""A mart under other rules, row by row beside today's; nothing that is published changes."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

from pipelines.contracts import ROOT, Contracts, load_contracts
from pipelines.errors import WanamakerError
from pipelines.explain import load_keys
from pipelines.figures import plain
from pipelines.ingest.load import Options, ingest
from pipelines.runs import only_run
from pipelines.settings import Settings
from pipelines.transform import build, check_rules, require_built

_NUMBERS = ("DECIMAL", "BIGINT", "INTEGER", "DOUBLE", "HUGEINT")


@dataclass
class Comparison:
    """A mart under two sets of rules.

    `totals` holds, for each additive amount or count, its sum today and under the other rules; `rows` those that
    differ, each with its key, which side it stands on, and the values that changed as (today, other).
    """

    mart: str
    key: list[str]
    rules: list[str]
    rows_today: int
    rows_other: int
    changed: int
    only_today: int
    only_other: int
    totals: dict[str, tuple[Any, Any]] = field(default_factory=dict)
    rows: list[dict[str, Any]] = field(default_factory=list)


def what_if(settings: Settings, mart: str, rules: Path, most: int | None = 200) -> Comparison:
    """Build a mart twice from what landed, by today's rules and by those of a folder, and compare.

    A CSV named like a seed replaces that seed; one named like a table of the template (say
    `commission_tiers.csv`) replaces what was exported to that table. Raises WanamakerError for an unknown mart, a
    folder without rules, or a rule that does not fit.
    """
    data = settings.data
    if not (data / "raw.duckdb").is_file():
        raise WanamakerError(f"{data}: nothing has landed there yet; start with: wanamaker run EXPORTS")
    keys = load_keys()
    if mart not in keys:
        raise WanamakerError(f"there is no mart {mart}; they are: {', '.join(sorted(keys))}")
    work = data / "work" / "what_if"
    with only_run(data):
        shutil.rmtree(work, ignore_errors=True)
        try:
            seeds, tables = _sort_out(rules, work)
            raw = _with_tables(settings, tables, work) if tables else None
            if seeds is not None:
                check_rules(ROOT / "seeds", seeds)
            today = build(data, settings.variables, folder=work / "today", select=f"+{mart}")
            require_built(today)
            other = build(data, settings.variables, seeds, folder=work / "other", raw=raw, select=f"+{mart}")
            require_built(other)
            names = sorted(path.name for path in rules.glob("*.csv"))
            return _compare(today.path, other.path, mart, keys[mart], names, most)
        finally:
            shutil.rmtree(work, ignore_errors=True)


def _sort_out(rules: Path, work: Path) -> tuple[Path | None, Path | None]:
    """The folder's files as a folder of seeds and a folder of exports."""
    if not rules.is_dir():
        raise WanamakerError(f"{rules}: there is no such folder of rules")
    seeds, tables = work / "seeds", work / "exports"
    for path in sorted(rules.glob("*.csv")):
        target = seeds if (ROOT / "seeds" / path.name).is_file() else tables
        target.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target / path.name)
    if not seeds.is_dir() and not tables.is_dir():
        raise WanamakerError(
            f"{rules}: there is no CSV file in it; name it like a seed or like a table of the template"
        )
    return seeds if seeds.is_dir() else None, tables if tables.is_dir() else None


def _with_tables(settings: Settings, exports: Path, work: Path) -> Path:
    """A copy of raw in which these exports stand in the place of what was exported to their tables."""
    contracts = load_contracts()
    options = Options(settings.timezone, memory_limit=settings.memory_limit)
    report = ingest(exports, work / "given", contracts, None, options)
    if report.problems:
        first = report.problems[0]
        raise WanamakerError(f"{first.name}: {first.message}")
    if rejected := [file for file in report.files if file.rejected]:
        first_file = rejected[0]
        raise WanamakerError(
            f"{first_file.name}: {first_file.rejected} of its rows cannot be read; see wanamaker check"
        )
    raw = work / "raw.duckdb"
    shutil.copyfile(settings.data / "raw.duckdb", raw)
    with duckdb.connect(str(raw)) as connection:
        connection.execute(f"attach '{work / 'given' / 'raw.duckdb'}' as given (read_only)")
        for source, table in _tables(report.files, contracts):
            connection.execute(f"delete from {source}.{table}")
            connection.execute(f"insert into {source}.{table} by name from given.{source}.{table}")
        connection.execute("detach given")
    return raw


def _tables(files: Any, contracts: Contracts) -> list[tuple[str, str]]:
    fed = {file.table for file in files}
    return [(table.source, table.name) for table in contracts.tables if table.source == "custom" and table.name in fed]


def _compare(today: Path, other: Path, mart: str, key: list[str], rules: list[str], most: int | None) -> Comparison:
    with duckdb.connect() as connection:
        connection.execute(f"attach '{today}' as today (read_only)")
        connection.execute(f"attach '{other}' as other (read_only)")
        columns = connection.execute(
            "select column_name, data_type from duckdb_columns() "
            "where database_name = 'today' and schema_name = 'marts' and table_name = ? order by column_index",
            [mart],
        ).fetchall()
        joined = f"today.marts.{mart} as t full outer join other.marts.{mart} as o on " + " and ".join(
            f"t.{name} is not distinct from o.{name}" for name in key
        )
        values = [name for name, _ in columns if name not in key and name not in ("file_id", "row_number")]
        differs = " or ".join(f"t.{name} is distinct from o.{name}" for name in values) or "false"
        one_sided = f"t.{key[0]} is null or o.{key[0]} is null"
        counts = connection.execute(
            f"""
            select count(t.{key[0]}), count(o.{key[0]}),
                count(case when not ({one_sided}) and ({differs}) then 1 end),
                count(case when o.{key[0]} is null then 1 end), count(case when t.{key[0]} is null then 1 end)
            from {joined}
            """
        ).fetchall()[0]
        today_rows, other_rows, changed, only_today, only_other = (int(number) for number in counts)
        found = Comparison(mart, key, rules, today_rows, other_rows, changed, only_today, only_other)
        sums = [name for name, kind in columns if name in values and _is_additive(name, kind)]
        if sums:
            for side, place in (("today", 0), ("other", 1)):
                row = connection.execute(
                    f"select {', '.join(f'sum({name})' for name in sums)} from {side}.marts.{mart}"
                ).fetchall()[0]
                for name, value in zip(sums, row, strict=True):
                    before = found.totals.get(name, (None, None))
                    found.totals[name] = (value, None) if place == 0 else (before[0], value)
        shown = ", ".join(f"t.{name} as today_{name}, o.{name} as other_{name}" for name in values)
        limit = "" if most is None else f" limit {most:d}"
        cursor = connection.execute(
            f"select {', '.join(f'coalesce(t.{name}, o.{name}) as {name}' for name in key)}, "
            f"o.{key[0]} is null as only_today, t.{key[0]} is null as only_other, {shown} from {joined} "
            f"where ({one_sided}) or ({differs}) order by {', '.join(map(str, range(1, len(key) + 1)))}{limit}"
        )
        names = [column[0] for column in cursor.description or ()]
        found.rows = [_difference(dict(zip(names, row, strict=True)), key, values) for row in cursor.fetchall()]
    return found


def _is_additive(name: str, kind: str) -> bool:
    """Whether a column may be summed: amounts and counts, not rates, days or orders."""
    rates = ("rate", "roi", "roas", "low", "high", "median", "p80", "p90", "probability", "days", "score", "order")
    return kind.startswith(_NUMBERS) and not any(part in rates for part in name.split("_"))


def _difference(row: dict[str, Any], key: list[str], values: list[str]) -> dict[str, Any]:
    """One row of the comparison: its key, its side, and what changed."""
    side = "only_today" if row["only_today"] else "only_other" if row["only_other"] else "changed"
    changes = {
        name: (row[f"today_{name}"], row[f"other_{name}"])
        for name in values
        if row[f"today_{name}"] != row[f"other_{name}"]
    }
    return {**{name: row[name] for name in key}, "side": side, "changes": changes}


def as_lines(comparison: Comparison) -> Iterator[str]:
    """The comparison as a person reads it."""
    found = comparison
    yield f"{found.mart}: {found.rows_today:,} rows by today's rules, {found.rows_other:,} by {', '.join(found.rules)}"
    if not (found.changed or found.only_today or found.only_other):
        yield "  nothing differs"
        return
    yield f"  {found.changed:,} rows differ, {found.only_today:,} stand only today, {found.only_other:,} only then"
    for name, (today, other) in found.totals.items():
        if today != other:
            yield f"  {name}: {plain(today)} → {plain(other)} ({plain((other or 0) - (today or 0), sign=True)})"
    for row in found.rows:
        key = ", ".join(plain(row[name]) for name in found.key)
        changes = row["changes"].items()
        said = "; ".join(f"{name} {plain(before)} → {plain(after)}" for name, (before, after) in changes)
        side = "" if row["side"] == "changed" else row["side"].replace("_", " ") + ": "
        yield f"    {key}: {side}{said}"
