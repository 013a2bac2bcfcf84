"""The aging of a large company: 1 million invoices with 1.5 million payments, at some 40 reporting dates.

dbt builds everything that `receivables_aging` needs from raw tables; its start (import, connection, parse) is measured apart,
on the same project with nothing selected. Beside it, on the same rows and in the same run: the same statements by hand in one
DuckDB connection, and the aging as a person would write it for this company alone, by customer and bucket on both bases. Its
every total is compared with the mart's before a figure is printed.
"""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path

from benchmarks.measure import ROOT, Measured, once

INVOICES = 1_000_000
ACCOUNTS = 5_000
AS_OF = "2026-09-30"
FIRST = "2024-07-01"
MEMORY = "3GB"

FILL = f"""
insert into custom.invoices by name
select 'I' || i as invoice_id, 'A' || i % {ACCOUNTS} as account_id, date '{FIRST}' + (i % 820)::int as issued_on,
       date '{FIRST}' + (i % 820)::int + 30 as due_on, (100 + i % 9973 + (i % 100) / 100)::decimal(18, 2) as amount,
       'CNY' as currency, timestamp '{AS_OF}' as _exported_at, 'f' as _file_id, i as _row_number, false as _is_deleted
from range({INVOICES}) as numbers (i);
insert into custom.payments by name
select 'P' || i || '-' || part as payment_id, 'A' || i % {ACCOUNTS} as account_id,
       date '{FIRST}' + (i % 820)::int + 5 + (i * 7 % 60)::int + 20 * part::int as paid_on,
       case when i % 2 = 0 then (100 + i % 9973 + (i % 100) / 100)::decimal(18, 2) else 45 end as amount,
       'I' || i as invoice_id, 'CNY' as currency, timestamp '{AS_OF}' as _exported_at, 'g' as _file_id,
       2 * i + part as _row_number, false as _is_deleted
from range({INVOICES}) as numbers (i), range(2) as parts (part)
where i % 2 = 1 or part = 0;
"""

MAKE = f"""
import duckdb
from pathlib import Path
from pipelines.contracts import load_contracts
from pipelines.ingest.raw import create_tables
Path(PATH).unlink(missing_ok=True)
with duckdb.connect(PATH) as connection:
    create_tables(connection, load_contracts())
    connection.execute('''{FILL}''')
"""

BUILD = """
from dbt.cli.main import dbtRunner
done = dbtRunner().invoke(['build', '--select', *SELECT, '--exclude-resource-type', 'test',
                           '--exclude-resource-type', 'unit_test', '--profiles-dir', '.', '--quiet', '--vars',
                           '{as_of_date: AS_OF}'])
assert done.success, [node.message for node in done.result.results if node.status != 'success']
""".replace("AS_OF", AS_OF)

BY_HAND = """
for statement in statements:
    connection.execute(statement)
connection.close()
"""

# what a person writes who knows that each payment names its invoice and all is in one currency
PLAIN = """
connection.execute('''
    create table plain as
    with days as (select distinct reporting_date as day from core.reporting_dates),
    paid as (
        select days.day, payments.invoice_id, sum(payments.amount) as amount
        from days
        inner join raw.custom.payments as payments on payments.paid_on <= days.day
        group by all
    ),
    balances as (
        select days.day, invoices.account_id, invoices.due_on, invoices.issued_on,
               invoices.amount - coalesce(paid.amount, 0) as amount
        from days
        inner join raw.custom.invoices as invoices on invoices.issued_on <= days.day
        left join paid on paid.day = days.day and paid.invoice_id = invoices.invoice_id
        where invoices.amount <> coalesce(paid.amount, 0)
    ),
    aged as (
        select balances.day, 'custom:' || balances.account_id as account_id, due.bucket as due_bucket,
               issued.bucket as invoice_bucket, sum(balances.amount) as amount
        from balances
        inner join seeds.aging_buckets as due on due.basis = 'due'
            and day - balances.due_on between coalesce(due.from_day, -99999) and coalesce(due.to_day, 99999)
        inner join seeds.aging_buckets as issued on issued.basis = 'invoice'
            and day - balances.issued_on between coalesce(issued.from_day, -99999) and coalesce(issued.to_day, 99999)
        group by all
    )
    select day, 'due' as basis, account_id, due_bucket as bucket, sum(amount) as amount from aged group by all
    union all
    select day, 'invoice', account_id, invoice_bucket, sum(amount) from aged group by all
''')
connection.close()
"""

CHECK = """
rows, unequal = connection.execute('''
    with mart as (
        select reporting_date as day, basis, account_id, bucket, sum(amount) as amount
        from marts.receivables_aging group by all having sum(amount) <> 0
    )
    select count(*), count(*) filter (plain.amount is distinct from mart.amount)
    from (from plain where amount <> 0) as plain full join mart using (day, basis, account_id, bucket)
''').fetchone()
assert rows and not unequal, f'{unequal} of {rows} totals differ'
"""

CONNECT = f"""
import duckdb, json
from pathlib import Path
connection = duckdb.connect(BUILT, config={{'memory_limit': '{MEMORY}', 'threads': 2, 'preserve_insertion_order': False}})
connection.execute(f"attach '{{RAW}}' as raw (read_only)")
statements = json.loads(Path(STATEMENTS).read_text(encoding='utf-8'))
"""


def statements(target: Path) -> list[str]:
    """Give what dbt ran for each model, in its order, as plain statements."""
    manifest = json.loads((target / "manifest.json").read_text(encoding="utf-8"))
    results = json.loads((target / "run_results.json").read_text(encoding="utf-8"))["results"]
    found = []
    for result in results:
        node = manifest["nodes"][result["unique_id"]]
        name = f"{node['schema']}.{node['alias']}"
        if node["resource_type"] == "seed":
            file = ROOT / node["original_file_path"]
            made = f"create table {name} as from read_csv('{file}')"
        else:
            kind = "view" if node["config"]["materialized"] == "view" else "table"
            made = f"create {kind} {name} as {result['compiled_code']}"
        found += [f"create schema if not exists {node['schema']}", made]
    return found


def main() -> None:
    """Print seconds and peak memory of dbt, of the same statements by hand, and of the plain query for the same totals."""
    with tempfile.TemporaryDirectory() as folder:
        base = Path(folder)
        raw, built, hand = base / "raw.duckdb", base / "wanamaker.duckdb", base / "hand" / "wanamaker.duckdb"
        hand.parent.mkdir()
        once(MAKE.replace("PATH", repr(str(raw))))
        os.environ |= {
            "WANAMAKER_RAW": str(raw),
            "WANAMAKER_BUILD": str(built),
            "WANAMAKER_BUILD_MEMORY": MEMORY,
            "DBT_TARGET_PATH": str(base / "target"),
            "DBT_LOG_PATH": str(base / "logs"),
            "DBT_PROJECT_DIR": str(ROOT),
        }
        once(BUILD.replace("SELECT", "['aging_buckets']"))
        start = once(BUILD.replace("SELECT", "['aging_buckets']"))
        built.unlink()
        by_dbt = once(BUILD.replace("SELECT", "['+receivables_aging']"))
        (base / "statements.json").write_text(json.dumps(statements(base / "target")), encoding="utf-8")

        def setup(file: Path) -> str:
            places = {"RAW": raw, "BUILT": file, "STATEMENTS": base / "statements.json"}
            return "\n".join(f"{name} = {str(path)!r}" for name, path in places.items()) + CONNECT

        same = once(BY_HAND, setup(hand))
        plain = once(PLAIN, setup(built))
        once(CHECK, setup(built))
        print(
            f"\naging of {INVOICES:,} invoices with 1,500,000 payments; every total of the plain query equals the mart's"
        )
        report("dbt's start, one seed of 14 rows", start, same)
        report("dbt, everything receivables_aging needs", by_dbt, same)
        report("  without its start", by_dbt.less(start), same)
        report("the same statements by hand", same, same)
        report("the plain query, checked for equal totals", plain, same)
        kept = once(BUILD.replace("SELECT", "['open_receivables']"))
        report("dbt, open_receivables kept for other marts", kept.less(start), same)


def report(title: str, measured: Measured, base: Measured) -> None:
    """Print one line: wall clock and processor seconds, their ratios to the base, peak memory."""
    print(
        f"  {title:<43} {measured.seconds:7.1f} s {measured.seconds / base.seconds:5.2f}×   "
        f"{measured.processor:6.1f} s of processor {measured.processor / base.processor:5.2f}×   "
        f"{measured.mebibytes / 1024:5.2f} GiB at most",
        flush=True,
    )


if __name__ == "__main__":
    main()
