"""Leads that are one person's, found in simulated companies whose truth is known."""

from __future__ import annotations

from pathlib import Path

import duckdb
import polars as pl
import pytest

from pipelines.simulation import simulate
from pipelines.simulation.setting import Wanted
from tests.linkage import found, pairwise, read_leads


def figures(out: Path, **wanted: float) -> dict[str, float]:
    """Precision, recall and F1 over the pairs of a company's leads."""
    simulate(out, Wanted(**wanted))
    with duckdb.connect() as connection:
        read_leads(connection, out)
        return pairwise(connection, found(connection), out / "truth" / "leads.csv")


def test_truth_names_one_cluster_for_each_person_and_every_later_lead_repeats_its_first(tables):
    leads = tables("truth/leads")
    by_person = leads.group_by("person").agg(pl.col("cluster").n_unique(), pl.len())
    assert set(by_person["cluster"]) == {1}
    assert leads["cluster"].n_unique() == by_person.height
    assert by_person["len"].max() > 1
    first = leads.filter(pl.col("lead_id") == pl.col("cluster"))
    assert first.height == by_person.height
    assert first["duplicate_of"].null_count() == first.height
    again = leads.filter(pl.col("lead_id") != pl.col("cluster"))
    assert (again["duplicate_of"] == again["cluster"]).all()


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2, 3, 4, 5])
@pytest.mark.parametrize("noise", [0.3, 1, 3, 10])
def test_leads_of_one_person_are_found_and_no_others(tmp_path, seed, noise):
    figure = figures(tmp_path, seed=seed, scale=0.2, noise=noise)
    assert figure["precision"] >= 0.98, figure
    assert figure["f1"] >= 0.95, figure


def test_a_small_company_without_noise_has_only_people_who_come_again(tmp_path):
    figure = figures(tmp_path, seed=6, scale=0.05, noise=0)
    assert figure["real"] > 0
    assert (figure["precision"], figure["recall"]) == (1, 1)
