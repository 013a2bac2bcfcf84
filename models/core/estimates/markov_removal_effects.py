"""Removal effect of each channel in the chain of each input's journeys."""

from pipelines.estimates.markov import removal_effect_table


def model(dbt, session):
    """Read the transitions, give a table of path_source, channel, removal_effect."""
    dbt.config(materialized="table", schema="work")
    transitions = dbt.ref("journey_transitions").order("path_source, from_state, to_state")
    return removal_effect_table(transitions.to_arrow_table())
