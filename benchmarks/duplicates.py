"""Leads that are one person's among 200,000: what a run takes to find them, beside equal e-mail addresses and numbers."""

from __future__ import annotations

import tempfile
from pathlib import Path

import duckdb
import pyarrow.parquet as pq

from benchmarks.measure import once
from pipelines.simulation import simulate
from pipelines.simulation.setting import Wanted
from tests.linkage import pairwise, read_leads

SCALE = 10.3
_SETUP = """
import duckdb, pyarrow.parquet as pq
from tests import linkage
connection = duckdb.connect(config={{"threads": 2}})
connection.execute("create table leads as from {leads!r}")
"""
_OURS = "pq.write_table(linkage.found(connection), {out!r})"
_EQUAL = """
linkage.records(connection)
connection.execute('''
    create table found as
    select lead_id, coalesce(min(lead_id) over (partition by email_key), lead_id) as by_email,
        coalesce(min(lead_id) over (partition by phone_key), lead_id) as by_phone, email_key, phone_key
    from lead_match_records
''')
connection.execute('''
    create table links as
    select lead_id, least(case when email_key is null then lead_id else by_email end,
        case when phone_key is null then lead_id else by_phone end) as cluster_id
    from found
''')
connection.execute("copy (select * from links where cluster_id in (select cluster_id from links group by 1 having count(*) > 1)) to {out!r}")
"""


def main() -> None:
    """Print seconds, memory and how right each is, on a simulated company whose truth is known."""
    with tempfile.TemporaryDirectory() as folder:
        base = Path(folder)
        simulate(base, Wanted(scale=SCALE))
        leads = base / "leads.parquet"
        with duckdb.connect() as connection:
            read_leads(connection, base)
            connection.execute(f"copy leads to '{leads}'")
            [(count,)] = connection.execute("select count(*) from leads").fetchall()
            print(f"\nDuplicates among {count:,} leads   (aim 60 s, 4,096 MiB)")
            seconds = 0.0
            for label, work in (("equal e-mail or phone", _EQUAL), ("splink, as a run has it", _OURS)):
                out = str(base / "found.parquet")
                run = once(work.format(out=out), _SETUP.format(leads=str(leads)))
                seconds = seconds or run.seconds
                right = pairwise(connection, pq.read_table(out), base / "truth" / "leads.csv")
                print(
                    f"  {label:<24} {run.seconds:6.1f} s {run.seconds / seconds:5.2f}x, {run.processor:6.1f} s of processors,"
                    f" {run.mebibytes:6,.0f} MiB"
                    f"   precision {right['precision']:.4f}  recall {right['recall']:.4f}  F1 {right['f1']:.4f}"
                )


if __name__ == "__main__":
    main()
