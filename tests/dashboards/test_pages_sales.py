"""The pages of sales in both languages, and what a click on them opens."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from dashboards.queries import sales
from tests.dashboards import published
from tests.dashboards.published import AS_OF
from tests.dashboards.test_pages import opened, text

TITLES = {"what_changed": ("What changed", "变动原因")}


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("page", TITLES)
def test_a_page_of_sales_shows_its_figures(company: Path, page: str, language: str) -> None:
    app = opened(page, language)
    assert app.title[0].value == TITLES[page][language == "zh"]
    assert len(app.metric) >= 4
    said = text(app)
    for wrong in ("NaN", "None ", "nan", "{", "could not be shown", "无法显示"):
        assert wrong not in said.replace("\nNone", "")


@pytest.mark.parametrize("page", TITLES)
def test_an_empty_page_of_sales_names_the_exports_that_fill_it(folder: Path, page: str) -> None:
    published.build(folder, is_empty=True)
    assert "opportunities.csv" in text(opened(page))


def test_opening_and_steps_are_the_closing_between_any_two_days(company: Path) -> None:
    for since, until in ((7, 0), (63, 14), (400, 0)):
        steps = sales.waterfall("2026-Q4", "", AS_OF - timedelta(days=since), AS_OF - timedelta(days=until))
        moved = steps[steps["step"] != "closing"]["amount"].sum()
        assert float(moved) == pytest.approx(float(steps["amount"].iloc[-1]), abs=0.005)


def test_the_deals_of_a_step_add_up_to_it(company: Path) -> None:
    span = ("2026-Q4", "", AS_OF - timedelta(days=63), AS_OF)
    steps = sales.waterfall(*span)
    assert {"opening", "created", "won", "closing"} <= set(steps["step"])
    for row in steps.to_dict("records"):
        found = sales.step_deals(*span, str(row["step"]))
        assert float(found.frame["amount"].sum()) == pytest.approx(float(row["amount"]), abs=0.005)
        assert set(found.frame["file"]) == {"opportunities_2026-11-15.csv"}


def test_the_pipeline_ties_and_says_when_it_does_not(folder: Path) -> None:
    published.build(folder)
    assert "Ties: all movements" in text(opened("what_changed"))

    def broken(rows: dict[str, list[published.Row]]) -> None:
        rows["marts.pipeline_changes"][0]["amount"] += Decimal("0.01")

    published.build(folder, changed=broken)
    assert "Does not tie: all movements" in text(opened("what_changed"))


def test_a_picked_step_lists_its_deals_with_file_and_record(company: Path) -> None:
    app = opened("what_changed", since="start")
    app.session_state["table_steps"] = {"selection": {"rows": [], "columns": [], "cells": [(1, "name")]}}
    app.run()
    assert not app.exception
    assert "Created · Q4 2026" in text(app)
    assert "=Deal & <Co>" in set(app.dataframe[1].value["opportunity_name"])
