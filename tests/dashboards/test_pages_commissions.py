"""The page about commissions in both languages, and that an owner sees his own rows."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import polars as pl
import pytest

from dashboards import parts, statements, words
from dashboards.app_pages import commissions as page_of_commissions
from dashboards.queries import commissions
from tests.dashboards import commission_rows, published
from tests.dashboards.test_pages import opened, text

NOVEMBER = date(2026, 11, 1)


@pytest.fixture
def earning(folder: Path) -> Path:
    """The made-up company with its marts of commissions."""
    published.build(folder, changed=commission_rows.add)
    return folder


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_page_shows_its_figures(earning: Path, language: str) -> None:
    app = opened("commissions", language)
    assert app.title[0].value == {"en": "Commissions", "zh": "提成"}[language]
    assert len(app.metric) == 5
    said = text(app)
    assert {"en": "Ties: all lines", "zh": "相符"}[language] in said
    for wrong in ("NaN", "nan", "{", "could not be shown", "无法显示"):
        assert wrong not in said


def test_a_page_without_commissions_names_the_exports_that_fill_it(folder: Path) -> None:
    published.build(folder, is_empty=True)
    assert "commission_plans" in text(opened("commissions"))


def test_a_missing_mart_is_named(folder: Path) -> None:
    published.build(folder, without=["commission_statements"], changed=commission_rows.add)
    assert "commission_statements" in text(opened("commissions"))


def test_an_owner_sees_only_his_own_rows(earning: Path) -> None:
    lines = commissions.commission_lines(NOVEMBER, "custom:u2", "")
    assert set(lines.frame["owner_name"]) == {"Dev Patel"}
    assert set(lines.frame["kind"]) == set(commissions.KINDS)
    assert len(commissions.commission_people(NOVEMBER, "custom:u2")) == 1


def test_the_bridge_of_all_is_the_sum_of_everybody(earning: Path) -> None:
    bridge = commissions.commission_bridge(NOVEMBER, "")
    assert bridge["closing"] == pytest.approx(sum(bridge[name] for name in ("opening", *commissions.KINDS)), abs=0.001)
    assert bridge["closing"] == pytest.approx(
        commissions.commission_people(NOVEMBER, "")["closing"].astype(float).sum()
    )
    assert commissions.commission_difference(NOVEMBER, "") == 0


def test_lines_that_do_not_make_the_statement_are_said(folder: Path) -> None:
    def lose_a_line(rows: dict[str, list[published.Row]]) -> None:
        commission_rows.add(rows)
        rows["marts.commission_lines"].pop(0)

    published.build(folder, changed=lose_a_line)
    assert "Does not tie" in text(opened("commissions"))


@pytest.mark.parametrize(("closing", "label"), [(20.0, "Owed"), (-20.0, "Paid ahead")])
def test_more_paid_than_earned_is_not_called_owed(monkeypatch: pytest.MonkeyPatch, closing: float, label: str) -> None:
    shown: list[parts.Tile] = []
    monkeypatch.setattr(parts, "tiles", shown.extend)
    words.use("en")
    page = SimpleNamespace(currency="USD", money=lambda value: words.money(value, "USD"))
    history = pd.DataFrame({"closing": [closing], "accrued": [0.0], "paid": [0.0]})
    amounts = dict.fromkeys((*commissions.KINDS, "payable"), 0.0) | {"closing": closing}
    page_of_commissions.figures(page, amounts, history)  # type: ignore[arg-type]
    assert (shown[0].label, shown[0].value, shown[0].history) == (label, "$20", [20.0])


def statement_of(owner: str) -> statements.Statement:
    """The statement of November, as the page makes it."""
    amounts = commissions.commission_bridge(NOVEMBER, owner)
    found = page_of_commissions.named(commissions.commission_lines(NOVEMBER, owner, "", None).frame)
    positions = statements.positions(amounts, page_of_commissions.STATEMENT)
    return statements.Statement("Dev Patel", NOVEMBER, "CNY", "r1", positions, found)


@pytest.mark.parametrize(("language", "names"), [("en", ["Statement", "Lines"]), ("zh", ["对账单", "明细"])])
def test_a_statement_adds_up_in_its_workbook(earning: Path, language: str, names: list[str]) -> None:
    words.use(language)
    book = io.BytesIO(statements.workbook(statement_of("custom:u2"))())
    positions, lines = (pl.read_excel(book, sheet_name=name, engine="calamine") for name in names)
    amounts = positions.get_column(positions.columns[1]).to_list()
    assert amounts == [102.27, 100, 2.5, -0.41, -8, -60, 136.36]
    assert round(sum(amounts[:-1]), 2) == amounts[-1]
    assert "2,000.00 × 3.5% + 500.00 × 6% = 100.00" in lines.get_column(lines.columns[3]).to_list()
    assert round(sum(lines.get_column(lines.columns[4]).to_list()), 2) == 34.09


def test_a_statement_leaves_open_what_a_line_does_not_name(earning: Path) -> None:
    words.use("en")
    whole = statement_of("custom:u2")
    versions = whole.lines["plan_version"].astype("Int64").where(whole.lines["kind"] != "paid")
    statement = replace(whole, lines=whole.lines.assign(plan_version=versions))
    lines = pl.read_excel(io.BytesIO(statements.workbook(statement)()), sheet_name="Lines", engine="calamine")
    assert lines.get_column("Version").null_count() == 1
    assert statements.paper(statement)().startswith(b"%PDF")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_statement_is_printed(earning: Path, language: str) -> None:
    words.use(language)
    write = statements.paper(statement_of("custom:u2"))
    words.use("en")
    assert write().startswith(b"%PDF")


def test_the_page_of_one_person_offers_his_statement(earning: Path) -> None:
    app = opened("commissions", owner="custom:u2")
    labels = [button.proto.label for button in app.get("download_button")]
    month = words.month(NOVEMBER)
    assert {f"Statement of {month} (XLSX)", f"Statement of {month} (PDF)"} <= set(labels)


def test_another_plan_is_compared_in_all_and_by_person(earning: Path) -> None:
    plans = commissions.commission_comparison(NOVEMBER, "custom:u2", 12)
    assert dict(zip(plans["plan_id"], plans["difference"].astype(float).round(2), strict=True)) == {
        "custom:p": 0,
        "custom:q": 103.64,
    }
    people = commissions.commission_comparison_people(NOVEMBER, "custom:q", 12)
    assert float(people["difference"].sum()) == pytest.approx(103.64 * len(people))


def test_the_outlook_adds_what_is_owed_and_what_may_come(earning: Path) -> None:
    outlook = commissions.commission_outlook("custom:u2")
    assert float(outlook["everything"].iloc[0]) == pytest.approx(191.36)
