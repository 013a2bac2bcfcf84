"""Workbooks of whole domains: every mart has its sheet, and what is a number in the warehouse is a number in a cell."""

from __future__ import annotations

from pathlib import Path

import duckdb
import polars as pl
import pytest

from pipelines.report import packs, report
from tests.dashboards import published


@pytest.mark.parametrize("pack", ["marketing"])
def test_amounts_and_counts_of_a_pack_are_numbers(tmp_path: Path, pack: str) -> None:
    file = published.build(tmp_path)
    target = tmp_path / f"{pack}.xlsx"
    written = report(file, pack, "xlsx", target)
    assert set(written.rows) == set(packs()[pack])
    book = pl.read_excel(target, sheet_id=0, engine="calamine", infer_schema_length=None)
    with duckdb.connect(str(file), read_only=True) as connection:
        kinds = connection.execute(
            "select table_name, column_name, data_type from duckdb_columns() where schema_name = 'marts'"
        ).fetchall()
    compared = 0
    for mart, column, kind in kinds:
        if mart not in written.rows or not written.rows[mart]:
            continue
        cells = book[mart[:31]][column]
        assert len(cells) == written.rows[mart]
        if kind.startswith(("DECIMAL", "BIGINT", "DOUBLE")) and cells.null_count() < len(cells):
            assert cells.dtype.is_numeric(), f"{mart}.{column} is {cells.dtype}"
            compared += 1
    assert compared > 50


def test_the_marketing_pack_holds_leads_and_customers() -> None:
    assert {
        "account_segments",
        "account_whitespace",
        "account_owner_changes",
        "owner_change_effect",
        "lead_duplicates",
        "lead_pool",
        "lead_scores",
    } <= set(packs()["marketing"])
