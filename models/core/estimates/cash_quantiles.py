"""P10, P50 and P90 of the cash of every forecast date and week."""

from pipelines.estimates.cash import cash_quantile_table


def model(dbt, session):
    """Read the chances of open items, give a table of cash_date, week_number, p10, p50, p90."""
    dbt.config(materialized="table", schema="work")
    chances = dbt.ref("cash_chances").order("cash_date, item_id, week_number")
    return cash_quantile_table(chances.to_arrow_table())
