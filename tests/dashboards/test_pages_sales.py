"""The pages of sales in both languages, and what a click on them opens."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from dashboards.app_pages.deals import told
from dashboards.app_pages.what_changed import START, week_before
from dashboards.queries import sales
from tests.dashboards import published
from tests.dashboards.published import AS_OF
from tests.dashboards.test_pages import opened, text

TITLES = {
    "what_changed": ("What changed", "变动原因"),
    "accuracy": ("Accuracy", "预测准确度"),
    "deals": ("Deals to look at", "需关注的商机"),
    "team": ("Team", "团队"),
}


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


def test_the_errors_of_the_company_are_those_of_its_periods(company: Path) -> None:
    methods = sales.accuracy_by_method("quarter", 6).set_index("method")
    periods = sales.accuracy_by_period("quarter", 6, "commit")
    expected = periods["error"].abs().sum() / periods["actual_amount"].sum()
    assert float(methods.loc["commit", "wape"]) == pytest.approx(float(expected))


def test_what_was_committed_by_owner_adds_up_to_the_week(company: Path) -> None:
    week = sales.commit_by_week("quarter").set_index("weeks").loc[6]
    owners = sales.commit_by_owner("quarter", 6).frame
    for column in ("committed", "won", "lost", "missed"):
        assert owners[column].sum() == week[column]
    assert week["committed"] == week["won"] + week["lost"] + week["missed"]
    assert float(week["hit_rate"]) == pytest.approx(week["won"] / week["committed"])


def test_waiting_registrations_stand_longest_first_and_say_what_is_odd(company: Path) -> None:
    found = told(sales.registrations_waiting("").frame)
    assert list(found["days_waiting"]) == [5, 4, 3, 2, 1]
    assert list(found["remark"].str.count(";")) == [0, 0, 0, 0, 1]
    assert list(found["remark"] == "") == [True, True, True, False, False]
    assert sales.registrations_waiting("South").total == 0


def test_velocity_is_that_of_an_average_month(company: Path) -> None:
    since = date(AS_OF.year, 1, 1)
    (row,) = sales.performance(since, "").to_dict("records")
    months = len(sales.performance_months())
    expected = float(row["won_amount"]) * float(row["won"]) / (float(row["won"]) * float(row["cycle_days"])) / months
    assert float(row["velocity"]) == pytest.approx(expected)


@pytest.mark.parametrize("by", ["region", "product_line"])
def test_the_team_is_shown_by_each_level(company: Path, by: str) -> None:
    app = opened("team", "en", by=by)
    assert {"region": "Results by region", "product_line": "Results by product line"}[by] in text(app)


def test_the_people_of_a_team_share_what_it_won(company: Path) -> None:
    since = date(AS_OF.year, 1, 1)
    shares = sales.team_shares(since).set_index("name")["team_share"].astype(float)
    won = sales.performance(since, "owner_name").set_index("name")["won_amount"].astype(float)
    teams = sales.performance(since, "team").set_index("name")["won_amount"].astype(float)
    assert (won / shares).round(2).isin(set(teams.round(2))).all()


def test_quotes_and_registrations_add_up_to_the_company(company: Path) -> None:
    since = date(AS_OF.year, 1, 1)
    assert sales.quotes(since, "owner_name")["quotes"].sum() == sales.quotes(since, "")["quotes"].iloc[0]
    whole = sales.registrations(since, "").iloc[0]
    assert sales.registrations(since, "team")["lost_while_waiting"].sum() == whole["lost_while_waiting"]
    assert float(whole["hours"]) == pytest.approx(12.5)
    with pytest.raises(ValueError, match="drop"):
        sales.quotes(since, "drop")


def test_a_deal_with_three_reasons_is_listed_and_counted_once(company: Path) -> None:
    total = sales.stalled_total("", "").iloc[0]
    found = sales.stalled_deals("", "")
    assert found.total == total["deals"] == 40
    assert float(found.frame["amount"].sum()) == pytest.approx(float(total["amount"]))
    narrowed = sales.stalled_deals("North", "missing_decision_maker").frame
    assert set(narrowed["reasons"].map(lambda codes: "missing_decision_maker" in codes.split(","))) == {True}


def test_results_of_the_people_add_up_to_the_company(company: Path) -> None:
    since = AS_OF.replace(month=1, day=1)
    whole = sales.performance(since, "").iloc[0]
    for by in ("owner_name", "team"):
        assert sales.performance(since, by)["won"].sum() == whole["won"]
    with pytest.raises(ValueError, match="amount"):
        sales.performance(since, "amount")


def test_an_interval_is_wilsons() -> None:
    low, high = sales.wilson(20, 60)
    assert (round(low, 6), round(high, 6)) == (0.227293, 0.459431)
    assert sales.wilson(1, 1)[1] == 1.0


def test_changes_are_shown_over_a_week_even_where_a_snapshot_is_a_day_old() -> None:
    days = [date(2026, 8, day) for day in (31, 30, 23, 16)]
    assert week_before(days) == "2026-08-23"
    assert week_before(days[:2]) == "2026-08-30"
    assert week_before(days[:1]) == START
