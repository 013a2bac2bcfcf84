"""A model as dbt builds it, beside the same statements by hand and beside what a person would write for its totals."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks.measure import ROOT, Measured, once

AS_OF = "2026-09-30"
MEMORY = "3GB"

MAKE = """
import duckdb
from pathlib import Path
from pipelines.contracts import load_contracts
from pipelines.ingest.raw import create_tables
Path(PATH).unlink(missing_ok=True)
with duckdb.connect(PATH) as connection:
    create_tables(connection, load_contracts())
    connection.execute('''FILL''')
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

CONNECT = f"""
import duckdb, json
from pathlib import Path
connection = duckdb.connect(BUILT, config={{'memory_limit': '{MEMORY}', 'threads': 2, 'preserve_insertion_order': False}})
connection.execute(f"attach '{{RAW}}' as raw (read_only)")
statements = json.loads(Path(STATEMENTS).read_text(encoding='utf-8'))
"""


def compare(fill: str, model: str, plain: str, check: str, headline: str, beside: Sequence[str] = ()) -> None:
    """Print seconds and peak memory of dbt, of the same statements by hand, and of the plain query for the same totals.

    `fill` makes the raw rows that `model` is built from; `check` raises unless the table of `plain` and the model agree.
    The models of `beside` are built and printed last.
    """
    with tempfile.TemporaryDirectory() as folder:
        base = Path(folder)
        raw, built, hand = base / "raw.duckdb", base / "wanamaker.duckdb", base / "hand" / "wanamaker.duckdb"
        hand.parent.mkdir()
        once(MAKE.replace("PATH", repr(str(raw))).replace("FILL", fill))
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
        by_dbt = once(BUILD.replace("SELECT", f"['+{model}']"))
        (base / "statements.json").write_text(json.dumps(statements(base / "target")), encoding="utf-8")

        def setup(file: Path) -> str:
            places = {"RAW": raw, "BUILT": file, "STATEMENTS": base / "statements.json"}
            return "\n".join(f"{name} = {str(path)!r}" for name, path in places.items()) + CONNECT

        same = once(BY_HAND, setup(hand))
        by_plain = once(plain, setup(built))
        once(check, setup(built))
        print(f"\n{headline}")
        report("dbt's start, one seed of 14 rows", start, same)
        report(f"dbt, everything {model} needs", by_dbt, same)
        report("  without its start", by_dbt.less(start), same)
        report("the same statements by hand", same, same)
        report("the plain query, checked for equal totals", by_plain, same)
        for other in beside:
            kept = once(BUILD.replace("SELECT", f"['{other}']"))
            report(f"dbt, {other} kept for other marts", kept.less(start), same)


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


def report(title: str, measured: Measured, base: Measured) -> None:
    """Print one line: wall clock and processor seconds, their ratios to the base, peak memory."""
    print(
        f"  {title:<43} {measured.seconds:7.1f} s {measured.seconds / base.seconds:5.2f}×   "
        f"{measured.processor:6.1f} s of processor {measured.processor / base.processor:5.2f}×   "
        f"{measured.mebibytes / 1024:5.2f} GiB at most",
        flush=True,
    )
