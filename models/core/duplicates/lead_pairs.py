"""Pairs of leads that are one person's with at least the probability of `duplicate_probability`."""

from pipelines.estimates.duplicates import lead_pairs


def model(dbt, session):
    """Read what is compared and by which weights, give one row per pair with its probability and reasons."""
    dbt.config(materialized="table", schema="work")
    records = dbt.ref("lead_match_records").order("lead_id").to_arrow_table()
    levels = dbt.ref("match_levels").to_arrow_table()
    settings = dbt.ref("run_settings").to_arrow_table()
    return lead_pairs(records, levels, float(settings["duplicate_probability"][0].as_py()))
