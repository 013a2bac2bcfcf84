"""Olist's marketing funnel: conversion by origin and month to date, and within a horizon over mature leads only."""

from __future__ import annotations

import re

import pytest

FILES = ["olist_marketing_qualified_leads_dataset.csv", "olist_closed_deals_dataset.csv"]


@pytest.fixture(scope="module")
def warehouse(run_project):
    return run_project(
        "olist_funnel", "olist_funnel", FILES,
        "--as-of", "2018-11-14", "--set", "timezone=America/Sao_Paulo", "--set", "company_currency=BRL",
    )  # fmt: skip


@pytest.fixture(scope="module")
def text(expected):
    return expected("olist_funnel")


def _block(text: str, title: str) -> dict[str, tuple[int, int, str]]:
    lines = re.search(rf"^-- {title} .*\n((?:  .*\n)+)", text, re.MULTILINE)[1].splitlines()
    rows = (line.split() for line in lines)
    return {cells[0]: (int(cells[1]), int(cells[2]), cells[3]) for cells in rows}


def test_all_leads_and_wins(warehouse):
    created, converted, won = warehouse.execute(
        "select sum(created), sum(converted), sum(won) from marts.lead_funnel"
    ).fetchone()
    assert (created, converted, won) == (8000, 842, 842)


def test_conversion_by_origin_keeps_blank_apart_from_unknown(warehouse, text):
    rows = warehouse.execute("select source, sum(created), sum(won) from marts.lead_funnel group by 1").fetchall()
    theirs = {("(none)" if name == "(blank)" else name): values[:2] for name, values in _block(text, "origin").items()}
    assert {name: (created, won) for name, created, won in rows} == theirs


def test_conversion_by_month_of_first_contact(warehouse, text):
    rows = warehouse.execute("select month, sum(created), sum(won) from marts.lead_funnel group by 1").fetchall()
    ours = {f"{month:%Y-%m}": (created, won, f"{won / created:.6f}") for month, created, won in rows}
    assert ours == _block(text, "first-contact month cohort")


def test_observed_conversion_counts_only_leads_old_enough(warehouse, text):
    theirs = re.findall(r"(\d+): (\d+)/(\d+)", text.split("won / observed:")[1])
    rows = warehouse.execute(
        """
        select horizon_days, sum(won), sum(observed) from marts.lead_conversion
        where method = 'observed' and grain = 'full' group by 1
        """
    ).fetchall()
    ours = {(str(days), str(won), str(observed)) for days, won, observed in rows}
    assert ours == set(theirs)


def test_the_rolled_up_row_is_the_sum_of_the_full_grain(warehouse):
    full, rolled = (
        warehouse.execute(
            "select sum(observed), sum(won) from marts.lead_conversion where method = 'to_date' and grain = ?", [grain]
        ).fetchone()
        for grain in ("full", "all")
    )
    assert full == rolled == (8000, 842)
