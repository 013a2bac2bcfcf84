"""The aging of a large company: 1 million invoices with 1.5 million payments, at some 40 reporting dates.

dbt builds everything that `receivables_aging` needs from raw tables, its own start included; beside it the same statements
run by hand in one DuckDB connection, and the plainest query for the same totals. All in the same run, on the same rows.
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
       case when i % 2 = 0 then (100 + i % 9973 + (i % 100) / 100)::decimal(18, 2) else 60 end as amount,
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
done = dbtRunner().invoke(['build', '--select', '+receivables_aging', '--exclude-resource-type', 'test',
                           '--exclude-resource-type', 'unit_test', '--profiles-dir', '.', '--quiet', '--vars',
                           '{as_of_date: AS_OF}'])
assert done.success, [node.message for node in done.result.results if node.status != 'success']
""".replace("AS_OF", AS_OF)

BY_HAND = """
for statement in statements:
    connection.execute(statement)
connection.close()
"""

PLAINEST = """
connection.execute('''
    create table plain as
    select d.day, i.account_id, least(greatest(date_diff('day', i.due_on, d.day), 0) // 30, 7) as bucket,
           sum(i.amount - coalesce(p.amount, 0)) as amount
    from (select distinct reporting_date as day from core.reporting_dates) as d
    inner join raw.custom.invoices as i on i.issued_on <= d.day
    left join (
        select d.day, p.invoice_id, sum(p.amount) as amount
        from (select distinct reporting_date as day from core.reporting_dates) as d
        inner join raw.custom.payments as p on p.paid_on <= d.day
        inner join raw.custom.invoices as i on i.invoice_id = p.invoice_id and i.issued_on <= d.day
        group by all
    ) as p on p.day = d.day and p.invoice_id = i.invoice_id
    where i.amount <> coalesce(p.amount, 0)
    group by all
''')
connection.close()
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
        if node["resource_type"] != "model":
            continue
        kind = "view" if node["config"]["materialized"] == "view" else "table"
        name = f"{node['schema']}.{node['alias']}"
        found += [f"create schema if not exists {node['schema']}", f"create {kind} {name} as {result['compiled_code']}"]
    return found


def main() -> None:
    """Print seconds and peak memory of dbt, of the same statements by hand, and of the plainest query."""
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
        by_dbt = once(BUILD)
        (base / "statements.json").write_text(json.dumps(statements(base / "target")), encoding="utf-8")
        seeds = "\n".join(
            f"connection.execute('''create schema if not exists seeds; create table seeds.{name} as "
            f"from read_csv('{ROOT}/seeds/{name}.csv')''')"
            for name in ("aging_buckets",)
        )

        def setup(file: Path) -> str:
            places = {"RAW": raw, "BUILT": file, "STATEMENTS": base / "statements.json"}
            return "\n".join(f"{name} = {str(path)!r}" for name, path in places.items()) + CONNECT

        print(f"\naging of {INVOICES:,} invoices with 1,500,000 payments")
        same = once(BY_HAND, setup(hand) + seeds)
        report("dbt, everything receivables_aging needs", by_dbt, same)
        report("the same statements by hand", same, same)
        report("the plainest query, without dimensions", once(PLAINEST, setup(built)), same)


def report(title: str, measured: Measured, base: Measured) -> None:
    """Print one line."""
    ratio = measured.seconds / base.seconds
    print(
        f"  {title:<42} {measured.seconds:7.1f} s   {ratio:5.2f}×   {measured.mebibytes / 1024:5.2f} GiB at most",
        flush=True,
    )


if __name__ == "__main__":
    main()
