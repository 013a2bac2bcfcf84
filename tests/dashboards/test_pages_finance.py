"""Collections and credit in both languages, and what their tables and filters say."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dashboards.queries import finance
from tests.dashboards import finance_rows, published
from tests.dashboards.test_pages import opened, text

TITLES = {"collections": ("Collections", "催收"), "credit": ("Credit", "信用")}


@pytest.fixture
def collecting(folder: Path) -> Path:
    """The made-up company with its marts of collections and credit."""
    published.build(folder, changed=finance_rows.add)
    return folder


def tables(app: AppTest) -> list[list[str]]:
    """Give the columns of each table."""
    return [list(frame.value.columns) for frame in app.dataframe]


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("page", list(TITLES))
def test_a_page_shows_its_figures(collecting: Path, page: str, language: str) -> None:
    app = opened(page, language)
    assert app.title[0].value == TITLES[page][language == "zh"]
    assert len(app.metric) == 5
    said = text(app)
    for wrong in ("NaN", "nan", "{", "could not be shown", "无法显示"):
        assert wrong not in said


@pytest.mark.parametrize("page", list(TITLES))
def test_a_page_whose_mart_is_empty_names_the_exports_that_fill_it(folder: Path, page: str) -> None:
    published.build(folder, is_empty=True)
    assert ".csv" in text(opened(page))


@pytest.mark.parametrize(("page", "mart"), [("collections", "cash_forecast"), ("credit", "customer_credit")])
def test_a_missing_mart_is_named(folder: Path, page: str, mart: str) -> None:
    published.build(folder, without=[mart], changed=finance_rows.add)
    assert mart in text(opened(page))


def test_the_list_holds_whom_to_call_once_each_worst_first(collecting: Path) -> None:
    rows = finance.calls("").frame
    assert rows["account_id"].is_unique
    assert rows["overdue_amount"].is_monotonic_decreasing
    assert int(finance.calls_total("")["accounts"]) == len(rows)
    one = rows.iloc[0]
    reasons = finance.calls_of(str(one["account_id"])).frame
    assert reasons[reasons["kind"] == "dunning"]["amount"].sum() == one["overdue_amount"]
    assert not set(reasons["kind"]) & {"limit_exceeded", "grade_fell", "due_soon"}


def test_the_list_of_one_person_holds_his_alone(collecting: Path) -> None:
    people = finance.people_told()
    assert sum(finance.calls(person).frame["overdue_amount"].sum() for person in people) == pytest.approx(
        finance.calls("").frame["overdue_amount"].sum()
    )


def test_grades_add_up_to_the_company(collecting: Path) -> None:
    on = published.AS_OF
    grades = finance.credit_by_grade(on)
    total = finance.credit_total(on)
    assert grades["exposure_amount"].sum() == total["exposure_amount"]
    assert grades["over_limit"].sum() == total["over_limit"]
    assert finance.credit_accounts(on, "over_limit", "").total == total["over_limit"]
    assert finance.credit_accounts(on, "fell", "").total == total["fell"]
    assert finance.credit_accounts(on, "", "none").total == int(grades[grades["grade"].isna()]["accounts"].sum())


def test_without_limits_the_exposure_itself_is_drawn(folder: Path) -> None:
    def unlimited(rows: dict[str, list[published.Row]]) -> None:
        finance_rows.add(rows)
        for row in rows["marts.customer_credit"]:
            row["limit_amount"] = None

    published.build(folder, changed=unlimited)
    said = text(opened("credit"))
    assert "Exposure by grade" in said
    assert "no limit given" in said


def test_a_filter_that_finds_nobody_says_so(collecting: Path) -> None:
    assert "Nothing matches" in text(opened("credit", shown="high_credit", grade="E"))


def test_a_customers_file_goes_back_as_far_as_it_is_rated(collecting: Path) -> None:
    rows = finance.credit_file("custom:a1", published.AS_OF)
    assert [day.date() for day in rows["reporting_date"]] == [date(2026, 9, 30), date(2026, 10, 31), published.AS_OF]


def test_instalments_not_covered_are_listed_most_overdue_first(collecting: Path) -> None:
    rows = finance.instalments("").frame
    assert set(rows["status"]) == {"partly", "missed", "open"}
    assert rows["days_late"].is_monotonic_decreasing
    assert tables(opened("collections"))[-1][0] == "instalment_id"
