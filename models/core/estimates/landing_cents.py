"""P10, P50 and P90 of where each period lands, in whole cents."""

from pipelines.estimates.landing import landings


def model(dbt, session):
    """Read what makes up each landing, give one row per date, period and level row."""
    dbt.config(materialized="table", schema="work")
    parts = dbt.ref("landing_parts").order("reporting_date, period, level, level_id, kind, amount, probability")
    return landings(parts.to_arrow_table())
