"""The pages of marketing in both languages, and what a click on them opens."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from dashboards import queries
from dashboards.app_pages import attribution
from dashboards.queries import marketing
from tests.dashboards import published
from tests.dashboards.test_pages import APP, opened, text

TITLES = {"attribution": ("Attribution", "归因分析"), "plan": ("Marketing plan", "营销计划")}
SPAN = marketing.Span("linear", "period", date(2025, 11, 1), date(2026, 10, 1))


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("page", TITLES)
def test_a_page_of_marketing_shows_its_figures(company: Path, page: str, language: str) -> None:
    app = opened(page, language)
    assert app.title[0].value == TITLES[page][language == "zh"]
    assert len(app.metric) >= 4
    said = text(app)
    for wrong in ("NaN", "None ", "nan", "{", "could not be shown", "无法显示"):
        assert wrong not in said.replace("\nNone", "")


@pytest.mark.parametrize(("page", "export"), [("attribution", "touchpoints.csv"), ("plan", "campaigns.csv")])
def test_an_empty_page_of_marketing_names_the_exports_that_fill_it(folder: Path, page: str, export: str) -> None:
    published.build(folder, is_empty=True)
    assert export in text(opened(page))


def test_models_stand_side_by_side_and_dispute_is_flagged(company: Path) -> None:
    app = opened("attribution", marked="markov")
    assert "Every model puts E-mail first; most depends on counting for Events" in text(app)
    table = app.dataframe[0].value.set_index("name")
    assert set(table["flag"]) == {"", "disagree ▲"}
    assert table.loc["Events", "flag"]
    for model in ("first", "last", "linear", "markov"):
        assert table[model].sum() == pytest.approx(100, abs=0.001)
    assert app.dataframe[1].value["path"].iloc[0] == "E-mail → Events → E-mail"


def test_a_plan_that_will_be_passed_says_by_how_much(company: Path) -> None:
    said = text(opened("plan"))
    assert "Year plan: ¥60.0" in said
    assert "¥4.00" in said
    assert "more than planned" in said
    assert "Outside every plan" in said


def test_a_picked_branch_shows_what_it_is_made_of(company: Path) -> None:
    app = AppTest.from_file(APP, default_timeout=60)
    app.run()
    app.switch_page("app_pages/plan.py")
    app.session_state["table_branches"] = {"selection": {"rows": [], "columns": [], "cells": [[1, "budget"]]}}
    app.run()
    assert not app.exception
    assert list(app.dataframe[-1].value["campaign_name"]) == ["Fair"]


@pytest.mark.parametrize("depth", ["booked", "invoiced", "collected"])
def test_deals_and_cost_lines_add_up_to_their_campaign(company: Path, depth: str) -> None:
    rows = marketing.campaigns(SPAN, "email")
    assert len(rows) == 1
    campaign = str(rows["campaign_id"].iloc[0])
    deals = marketing.campaign_deals(SPAN, "email", campaign, depth).frame
    costs = marketing.campaign_costs(SPAN, "email", campaign).frame
    assert round(float(deals["amount"].sum()), 2) == round(float(rows[f"{depth}_amount"].iloc[0]), 2)
    assert round(float(costs["cost"].sum()), 2) == round(float(rows["cost"].iloc[0]), 2)
    assert set(costs["file"]) == {"spend_2026-11-15.csv"}


def test_campaigns_add_up_to_their_channel(company: Path) -> None:
    channels = queries.roi_by_channel("linear", SPAN.since, SPAN.until).set_index("channel")
    for channel in ("email", "unassigned", "unattributed"):
        rows = marketing.campaigns(SPAN, channel)
        for name in ("cost", "booked_amount", "collected_amount"):
            assert float(rows[name].sum()) == pytest.approx(float(channels.loc[channel, name]), abs=0.005)


def test_another_depth_or_basis_changes_the_answer(company: Path) -> None:
    booked, cash = text(opened("campaign_roi")), text(opened("campaign_roi", depth="collected"))
    assert "In cash: " in cash
    assert "In cash: " not in booked
    cohort = opened("campaign_roi", basis="cohort", months="all")
    assert "is_mature" in cohort.dataframe[0].value.columns


def test_a_click_leads_from_channel_to_campaign_to_deals_and_cost_lines(company: Path) -> None:
    app = AppTest.from_file(APP, default_timeout=60)
    app.run()
    app.switch_page("app_pages/campaign_roi.py")
    app.session_state["table_channel_roi"] = {"selection": {"rows": [], "columns": [], "cells": [[1, "cost"]]}}
    app.session_state["table_campaigns"] = {"selection": {"rows": [], "columns": [], "cells": [[0, "cost"]]}}
    app.run()
    assert not app.exception
    campaigns, deals, costs = (frame.value for frame in app.dataframe[1:4])
    assert list(deals["opportunity_name"]) == ["Press <line>"]
    assert deals["amount"].sum() == pytest.approx(campaigns["booked_amount"].iloc[0], abs=0.01)
    assert costs["cost"].sum() == pytest.approx(campaigns["cost"].iloc[0], abs=0.01)


def test_revenue_without_a_campaign_is_named(folder: Path) -> None:
    def only_outside(rows: dict[str, list[published.Row]]) -> None:
        for row in rows["marts.campaign_plan"]:
            if row["campaign_id"] == "unassigned":
                row["spent"] = Decimal(0)
                row["booked_amount"] = Decimal(77)

    published.build(folder, changed=only_outside)
    assert "¥0 spent without a campaign, ¥77 booked without one" in text(opened("plan"))


def test_a_channel_without_a_share_in_any_model_is_not_in_dispute() -> None:
    shares = pd.DataFrame(
        {"first_touch": [0.8, 0.2, 0.0], "last_touch": [0.6, 0.4, 0.0]}, index=pd.Index(["a", "b", "c"], name="channel")
    )
    assert list(attribution.compared(shares, "first_touch")["disagree"]) == [False, True, False]
