"""Ingest of a large export beside the simplest thing that could work: a bare `read_csv` into a table."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

import duckdb

from benchmarks.measure import Measured, median, once

ROWS = 3_000_000
REPEAT = int(os.environ.get("WANAMAKER_BENCH_REPEAT", "3"))


def write_export(path: Path, changed_every: int = 0, rows: int | None = None) -> None:
    """Invoices as an ERP writes them, `ROWS` of them or so many; with `changed_every`, every n-th has another amount."""
    change = f"case when i % {changed_every} = 0 then 1 else 0 end" if changed_every else "0"
    duckdb.execute(f"""
        copy (
            select
                'INV-' || lpad(i::varchar, 9, '0') as invoice_id, 'CUST-' || (hash(i) % 20000)::varchar as account_id,
                'SO-' || lpad((i // 2)::varchar, 9, '0') as order_id, 'C-' || (i // 7)::varchar as contract_id,
                'SH-' || lpad((i // 3)::varchar, 8, '0') as shipment_id, 'user-' || (hash(i + 1) % 300)::varchar as owner_id,
                date '2020-01-01' + (i % 1500)::int as issued_on, date '2020-01-31' + (i % 1500)::int as due_on,
                ((hash(i + 2) % 100000000) / 100.0)::decimal(18, 2) + {change} as amount,
                ((hash(i + 2) % 10000000) / 100.0)::decimal(18, 2) as tax_amount,
                case when hash(i + 3) % 20 = 0 then 'true' else 'false' end as is_disputed, 'CNY' as currency
            from range({rows or ROWS}) as numbers(i)
        ) to '{path}' (header)
    """)


_SETUP = """
from pathlib import Path
from pipelines.contracts import load_contracts
from pipelines.ingest.load import ingest
from pipelines.ingest.mapping import read_mapping
contracts = load_contracts()
mapping = read_mapping(Path({mapping!r}), contracts) if {mapping!r} else None
"""


def _bare(export: Path, base: Path) -> Measured:
    target = base / "bare.duckdb"
    target.unlink(missing_ok=True)
    work = f"""
connection = duckdb.connect({str(target)!r}, config={{'memory_limit': '1200MB'}})
connection.execute("set enable_progress_bar = false")
connection.execute("create table invoices as select * from read_csv('{export}')")
connection.close()
"""
    return once(work, "import duckdb")


def _ingest(export: Path, data: Path, mapping: Path | None = None, rows: int | None = None) -> Measured:
    work = f"""
report = ingest(Path({str(export)!r}), Path({str(data)!r}), contracts, mapping)
assert not report.problems, report.problems
assert sum(file.rows_read for file in report.files) == {rows or ROWS}, report.files
"""
    return once(work, _SETUP.format(mapping=str(mapping or "")))


def memory() -> None:
    """Print the peak of a first load of files of a third, once and three times the size."""
    print("\npeak memory of a first load, by the size of the file")
    for rows in (ROWS // 3, ROWS, ROWS * 3):
        with tempfile.TemporaryDirectory() as folder:
            export = Path(folder) / "invoices_2026-10-30.csv"
            write_export(export, rows=rows)
            peak = _ingest(export, Path(folder) / "data", rows=rows).mebibytes
            print(f"  {rows:>12,} rows  {export.stat().st_size / 2**20:6.0f} MiB of CSV   {peak:6.0f} MiB")


def main() -> None:
    """Print each figure beside its yardstick, as ratios of medians over alternating runs."""
    with tempfile.TemporaryDirectory() as folder:
        base = Path(folder)
        today, tomorrow = base / "invoices_2026-10-30.csv", base / "invoices_2026-10-31.csv"
        write_export(today)
        write_export(tomorrow, changed_every=100)
        size = today.stat().st_size / 2**20
        mapping = base / "mapping.yml"
        columns = ", ".join(
            f"{name}: {name}"
            for name in [
                "invoice_id",
                "account_id",
                "order_id",
                "contract_id",
                "shipment_id",
                "owner_id",
                "issued_on",
                "due_on",
                "amount",
                "tax_amount",
                "is_disputed",
                "currency",
            ]
        )
        mapping.write_text(f'tables:\n  - {{file: "invoices*", table: invoices, load: full, columns: {{{columns}}}}}\n')
        runs: dict[str, list[Measured]] = {}
        for _ in range(REPEAT):
            data, full = base / "data", base / "full"
            for stale in (data, full):
                shutil.rmtree(stale, ignore_errors=True)
            runs.setdefault("bare", []).append(_bare(today, base))
            runs.setdefault("first", []).append(_ingest(today, data))
            runs.setdefault("again", []).append(_ingest(today, data))
            runs.setdefault("next", []).append(_ingest(tomorrow, data))
            _ingest(today, full, mapping)
            runs.setdefault("next_full", []).append(_ingest(tomorrow, full, mapping))
        bare = median(runs["bare"])
        print(
            f"\ningest of {ROWS:,} rows, {size:.0f} MiB of CSV; medians of {REPEAT} alternating runs; by the clock (by processor)"
        )
        print(f"  {'bare read_csv into a table':<52} {bare.seconds:6.2f} s   1.00x   {bare.mebibytes:6.0f} MiB")
        for name, label, aim in (
            ("first", "first load: types, rejects, change log", "1.5x"),
            ("next", "next day, 1 % changed (upsert)", "2.2x"),
            ("next_full", "next day, 1 % changed (full, tombstones)", "2.2x"),
            ("again", "the same bytes again", "0.2x"),
        ):
            run = median(runs[name])
            print(
                f"  {label:<52} {run.seconds:6.2f} s  {run.ratios(bare)}   {run.mebibytes:6.0f} MiB   (aim {aim}, 2048 MiB)"
            )
    memory()


if __name__ == "__main__":
    main()
