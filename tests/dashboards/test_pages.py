"""Every page in both languages and every state, without a browser."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from dashboards import charts, parts
from dashboards.downloads import Column
from tests.dashboards import published

ROOT = Path(__file__).resolve().parents[2]
APP = str(ROOT / "dashboards" / "app.py")
TITLES = {
    "overview": ("Overview", "总览"),
    "campaign_roi": ("Campaign ROI", "营销回报"),
    "forecast": ("Forecast", "销售预测"),
    "receivables": ("Receivables", "应收账款"),
    "data": ("Data", "数据"),
}
PAGES = list(TITLES)


def opened(page: str, language: str = "en", **filters: str) -> AppTest:
    """Run the app, go to a page and give what it shows."""
    app = AppTest.from_file(APP, default_timeout=60)
    app.query_params["lang"] = language
    app.run()
    for name, value in filters.items():
        app.query_params[name] = value
    if page != "overview":
        app.switch_page(f"app_pages/{page}.py")
    app.run()
    assert not app.exception
    return app


def text(app: AppTest) -> str:
    """Give everything that the page says in words."""
    blocks = [*app.title, *app.subheader, *app.markdown, *app.caption]
    metrics = [f"{metric.label} {metric.value} {metric.delta}" for metric in app.metric]
    return "\n".join([*(str(block.value) for block in blocks), *metrics]).replace("\\", "")


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("page", PAGES)
def test_a_page_shows_its_figures(company: Path, page: str, language: str) -> None:
    app = opened(page, language)
    assert app.title[0].value == TITLES[page][language == "zh"]
    assert len(app.metric) >= 4
    said = text(app)
    assert "state_" not in said
    for wrong in ("NaN", "None ", "nan", "{", "could not be shown", "无法显示"):
        assert wrong not in said.replace("\nNone", "")


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("page", PAGES)
def test_a_page_without_any_data_says_what_to_export(folder: Path, page: str, language: str) -> None:
    said = text(opened(page, language))
    assert ("No figures yet" if language == "en" else "还没有数字") in said
    assert "wanamaker run exports" in said


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("page", [page for page in PAGES if page != "overview"])
def test_a_page_whose_mart_is_empty_names_the_exports_that_fill_it(folder: Path, page: str, language: str) -> None:
    published.build(folder, is_empty=True)
    app = opened(page, language)
    assert ".csv" in text(app)


def test_an_overview_without_rows_has_dashes(folder: Path) -> None:
    published.build(folder, is_empty=True)
    assert [metric.value for metric in opened("overview").metric] == ["–"] * 5


def test_where_only_invoices_were_exported_nothing_is_said_about_returns(folder: Path) -> None:
    def only_invoiced(rows: dict[str, list[published.Row]]) -> None:
        for row in rows["marts.channel_roi"]:
            row |= {"cost": Decimal(0), "booked_amount": Decimal(0)}

    published.build(folder, changed=only_invoiced)
    assert "spend.csv" in text(opened("campaign_roi"))
    overview = opened("overview")
    assert overview.metric[1].value == "–"
    assert "Spend and booked revenue by month" not in text(overview)


@pytest.mark.parametrize(
    ("page", "mart"),
    [
        ("campaign_roi", "channel_roi"),
        ("forecast", "pipeline_forecast"),
        ("receivables", "receivables_aging"),
        ("data", "data_health"),
    ],
)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_missing_mart_is_named(folder: Path, page: str, mart: str, language: str) -> None:
    published.build(folder, without=[mart])
    said = text(opened(page, language))
    assert mart in said
    assert ("another version" if language == "en" else "另一个版本") in said


@pytest.mark.parametrize("mart", ["channel_roi", "pipeline_forecast", "receivables_kpis", "lead_funnel", "data_health"])
def test_the_overview_survives_a_missing_mart(folder: Path, mart: str) -> None:
    published.build(folder, without=[mart])
    app = opened("overview")
    assert len(app.metric) == 5


@pytest.mark.parametrize("page", PAGES)
def test_a_failed_run_names_the_check_on_every_page(folder: Path, page: str) -> None:
    published.build(folder)
    published.write_failed_run(folder)
    said = text(opened(page))
    assert "aging_adds_up_to_the_ledger" in said
    assert "published nothing" in said
    assert "figures as of Nov 15, 2026" in said


def test_a_first_run_that_failed_is_told_beside_the_way_to_begin(folder: Path) -> None:
    published.write_failed_run(folder)
    said = text(opened("receivables"))
    assert "published nothing" in said
    assert "No figures yet" in said


def test_late_figures_say_since_when(folder: Path) -> None:
    late = datetime.now(UTC) - timedelta(days=3)
    published.build(folder, finished_at=late)
    said = text(opened("forecast"))
    assert ":orange-badge" in said
    assert "nothing was published since" in said


def test_a_fresh_badge_says_day_age_and_checks(company: Path) -> None:
    assert "As of Nov 15, 2026 · loaded 2 hours ago · 214 checks passed" in text(opened("forecast"))


def test_the_aging_ties_to_the_ledger_and_says_when_it_does_not(folder: Path) -> None:
    published.build(folder)
    assert "Ties to the ledger" in text(opened("receivables"))

    def lose_a_cent(rows: dict[str, list[published.Row]]) -> None:
        rows["core.receivable_movements"].append(
            {"moved_on": published.AS_OF, "amount": Decimal("0.01"), "account_id": "custom:a1"}
        )

    published.build(folder, changed=lose_a_cent)
    said = text(opened("receivables"))
    assert "Does not tie" in said
    assert "−\N{WORD JOINER}¥0.01" in said


def test_filters_come_from_the_address(company: Path) -> None:
    app = opened("receivables", region="North", basis="invoice")
    assert app.selectbox(key="region").value == "North"
    assert "more than 90 days ago" in text(app)
    assert "whole company" in text(app)


def test_an_unknown_value_in_the_address_falls_back(company: Path) -> None:
    app = opened("receivables", region="Atlantis", on="yesterday")
    assert app.selectbox(key="region").value == ""
    assert app.selectbox(key="on").value == "2026-11-15"


def test_reset_forgets_the_filters(company: Path) -> None:
    app = opened("receivables", region="North")
    app.button(key="reset_receivables").click().run()
    assert app.selectbox(key="region").value == ""
    assert "region" not in app.query_params


def test_a_filter_that_leaves_nothing_is_named(company: Path) -> None:
    said = text(opened("receivables", region="North", product_line="Drives", owner="custom:u3", currency="USD"))
    assert "Nothing matches these filters" in said
    assert "Region: North" in said


def test_another_model_changes_the_answer(company: Path) -> None:
    first, last = text(opened("campaign_roi", model="first")), text(opened("campaign_roi", model="last"))
    assert first != last


def test_a_picked_cell_lists_its_documents_with_file_and_record(company: Path) -> None:
    app = AppTest.from_file(APP, default_timeout=60)
    app.run()
    app.switch_page("app_pages/receivables.py")
    app.session_state["table_receivables_aging"] = {"selection": {"rows": [], "columns": [], "cells": [[1, "1-30"]]}}
    app.run()
    assert not app.exception
    documents = app.dataframe[-1].value
    assert set(documents["file"]) == {"invoices_2026-11-15.csv"}
    table = app.dataframe[0].value
    assert documents["balance_amount"].sum() == pytest.approx(table["1-30"].iloc[1], abs=0.01)


def test_tables_begin_with_their_total(company: Path) -> None:
    table = opened("campaign_roi").dataframe[0].value
    assert table["channel"].iloc[0] == "Total"
    assert table["cost"].iloc[0] == pytest.approx(table["cost"].iloc[1:].sum())


def test_a_long_table_says_how_many_rows_are_shown(company: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert parts._counted(5_000, 12_345) == "Showing 5,000 of 12,345 rows; the downloads hold them all."


def test_a_long_total_among_blanks_gets_its_width() -> None:
    amount = Column("amount", "Not due", "money")
    among_blanks = pd.Series([2_891_364.0, None, None, 20_645.0, None, None])
    assert (parts._least_width(amount, among_blanks) or 0) > 9 * 6
    assert parts._least_width(amount, pd.Series([2_891_364.0, 1_201_680.0, 1_990_345.0])) is None
    assert parts._least_width(amount, pd.Series([None, None], dtype=float)) is None


def test_days_and_names_below_blanks_get_their_width() -> None:
    days = pd.Series([*([None] * 6), pd.Timestamp("2026-12-30")], dtype=object)
    assert (parts._least_width(Column("day", "Day", "date"), days) or 0) > len("Dec 30, 2026") * 6
    names = pd.Series([*(["–"] * 8), "Norlosan Manufacturing"])
    assert (parts._least_width(Column("name", "Partner"), names) or 0) > len("Norlosan Manufacturing") * 6
    assert parts._least_width(Column("name", "Owner"), pd.Series(["Laura Schmid", "Omar Mendez"])) is None


def test_on_a_narrow_screen_the_total_and_what_is_late_stand_next_to_the_name(company: Path) -> None:
    app = opened("receivables")
    assert list(app.dataframe[0].value)[:3] == ["account_name", "not_due", "1-30"]
    app.session_state["screen"] = {"narrow": True}
    app.run()
    shown = list(app.dataframe[0].value)
    assert shown[:4] == ["account_name", "balance", "1-30", "31-60"]
    assert shown[-2:] == ["not_due", "unapplied"]


def test_leading_columns_are_figures_first(monkeypatch: pytest.MonkeyPatch) -> None:
    columns = [
        Column("name", "Name"),
        Column("owner", "Owner"),
        Column("partner", "Partner", leads=1),
        Column("amount", "Amount", "money", leads=1),
    ]
    monkeypatch.setattr(parts, "is_narrow", lambda: False)
    assert [column.name for column in parts._placed(columns)] == ["name", "owner", "partner", "amount"]
    monkeypatch.setattr(parts, "is_narrow", lambda: True)
    assert [column.name for column in parts._placed(columns)] == ["name", "amount", "partner", "owner"]


def test_an_axis_ends_with_its_values_and_its_ticks_below() -> None:
    figure = charts.columns(["a"], {"part": [21.0]}, {"part": "#000000"}, said=str, axis=str, mode=None)
    assert list(figure.layout.yaxis.tickvals) == [0.0, 10.0, 20.0]
    assert 21.0 < figure.layout.yaxis.range[1] < 23.0


def test_the_overview_counts_the_same_months_as_the_pages_that_it_leads_to(company: Path) -> None:
    def shown(page: str, label: str) -> str:
        return next(str(metric.value) for metric in opened(page).metric if metric.label.startswith(label))

    assert shown("overview", "Return per") == shown("campaign_roi", "Return per")


def test_trouble_shows_a_reference_and_no_traceback(company: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_args: object, **_settings: object) -> None:
        message = "secret detail"
        raise RuntimeError(message)

    monkeypatch.setattr(charts, "layers", broken)
    said = text(opened("forecast"))
    assert "This page could not be shown" in said
    assert "secret detail" not in said


def test_account_names_cannot_bring_markup_into_the_page(folder: Path) -> None:
    def rename(rows: dict[str, list[published.Row]]) -> None:
        for row in [*rows["marts.receivables_aging"], *rows["marts.receivables_open_items"]]:
            row["account_name"] = "<img src=x> $a$ [b](http://c) :red[d]"

    published.build(folder, changed=rename)
    app = AppTest.from_file(APP, default_timeout=60)
    app.run()
    app.switch_page("app_pages/receivables.py")
    app.session_state["table_receivables_aging"] = {"selection": {"rows": [], "columns": [], "cells": [[1, "1-30"]]}}
    app.run()
    assert not app.exception
    titles = [str(block.value) for block in app.subheader]
    assert any(r"\<img src=x\> \$a\$ \[b\](http\://c) \:red\[d\]" in title for title in titles)
