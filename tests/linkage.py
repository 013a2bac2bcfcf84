"""Leads of a simulated company, compared and joined as a run does it, and how right that is."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pyarrow as pa

from benchmarks.models import ROOT, model_sql
from pipelines.estimates.duplicates import clusters, lead_pairs

THRESHOLD = 0.95


def read_leads(connection: duckdb.DuckDBPyConnection, out: Path) -> None:
    """Make the table `leads`: the newest row of each lead that a simulated company exported."""
    connection.execute(f"""
        create or replace table leads as
        select * exclude (filename, created_at), cast(created_at as date) as created_on
        from read_csv('{out}/exports/leads_*.csv', all_varchar = true, filename = true)
        where try_cast(created_at as timestamp) is not null
        qualify row_number() over (partition by lead_id order by filename desc) = 1
    """)


def records(connection: duckdb.DuckDBPyConnection) -> pa.Table:
    """What is compared of the table `leads`."""
    connection.execute(f"""
        create or replace view legal_forms as select * from '{ROOT}/seeds/legal_forms.csv';
        create or replace view shared_mailboxes as select * from '{ROOT}/seeds/shared_mailboxes.csv';
        create or replace view run_settings as select date '9999-12-31' as as_of_date;
    """)
    for name in ("lead_company_names", "lead_match_records"):
        query = model_sql(name)
        connection.execute(f"create or replace table {name} as {query}")
    return connection.sql("select * from lead_match_records order by lead_id").to_arrow_table()


def levels() -> pa.Table:
    """The weights that the repository ships."""
    with duckdb.connect() as connection:
        return connection.sql(f"select * from '{ROOT}/seeds/match_levels.csv'").to_arrow_table()


def found(connection: duckdb.DuckDBPyConnection) -> pa.Table:
    """The clusters of the table `leads`."""
    return clusters(lead_pairs(records(connection), levels(), THRESHOLD), [], [])


def pairwise(connection: duckdb.DuckDBPyConnection, groups: pa.Table, truth: Path) -> dict[str, float]:
    """Precision, recall and F1 over pairs of leads of the table `leads`, against the clusters of truth/leads.csv."""
    connection.register("groups", groups)
    row = connection.execute(f"""
        with truth as (
            select truth.lead_id, truth.cluster
            from read_csv('{truth}', all_varchar = true) as truth
            inner join leads on truth.lead_id = leads.lead_id
        ),
        real as (
            select one.lead_id as one, other.lead_id as other
            from truth as one inner join truth as other on one.cluster = other.cluster and one.lead_id < other.lead_id
        ),
        claimed as (
            select one.lead_id as one, other.lead_id as other
            from groups as one inner join groups as other on one.cluster_id = other.cluster_id and one.lead_id < other.lead_id
        )
        select
            (select count(*) from real), (select count(*) from claimed),
            (select count(*) from real inner join claimed using (one, other))
    """).fetchall()[0]
    real, claimed, right = row
    precision, recall = right / max(claimed, 1), right / max(real, 1)
    return {
        "real": real,
        "claimed": claimed,
        "precision": precision,
        "recall": recall,
        "f1": 2 * right / max(real + claimed, 1),
    }
