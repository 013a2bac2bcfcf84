"""Leads that are one person's, as far as the pairs, the ids that records state and the decisions of people say."""

from pipelines.estimates.duplicates import clusters


def model(dbt, session):
    """Read pairs, pins, forbidden and stated pairs, give a table of lead_id, cluster_id, match_probability, reasons."""
    dbt.config(materialized="table", schema="work")
    decisions = (
        dbt.ref("lead_match_decisions")
        .filter("is_in_force")
        .order("kind, lead_id, other_lead_id")
        .to_arrow_table()
        .to_pylist()
    )
    decided = {
        kind: [(row["lead_id"], row["other_lead_id"]) for row in decisions if row["kind"] == kind]
        for kind in ("pin", "forbid")
    }
    stated = dbt.ref("stated_lead_ids").order("lead_id, other_lead_id").to_arrow_table().to_pylist()
    same = [(row["lead_id"], row["other_lead_id"]) for row in stated]
    return clusters(dbt.ref("lead_pairs").to_arrow_table(), decided["pin"], decided["forbid"], same)
