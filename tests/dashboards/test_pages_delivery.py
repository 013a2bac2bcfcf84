"""The page about orders in both languages."""

from __future__ import annotations

from pathlib import Path

import pytest

from dashboards.queries import delivery
from tests.dashboards import delivery_rows, published
from tests.dashboards.published import AS_OF
from tests.dashboards.test_pages import opened, text


@pytest.fixture
def delivering(folder: Path) -> Path:
    """The made-up company with its marts of delivery."""
    published.build(folder, changed=delivery_rows.add)
    return folder


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_page_shows_its_figures(delivering: Path, language: str) -> None:
    app = opened("orders", language)
    assert app.title[0].value == {"en": "Orders", "zh": "订单"}[language]
    assert app.metric[0].value == "60.0%"
    assert len(app.metric) == 5
    said = text(app)
    for wrong in ("NaN", "nan", "{", "could not be shown", "无法显示"):
        assert wrong not in said


def test_a_page_without_orders_names_the_exports_that_fill_it(folder: Path) -> None:
    published.build(folder, is_empty=True)
    assert "order_lines" in text(opened("orders"))


def test_a_product_line_narrows_lines_and_backlog(delivering: Path) -> None:
    assert len(delivery.late_lines("pumps").frame) == 1
    assert len(delivery.late_lines("valves").frame) == 0
    assert delivery.late_backlog("valves", AS_OF) == {"open_lines": 0, "late_amount": 0, "backlog_amount": 2_000}
    assert delivery.late_backlog("", AS_OF)["backlog_amount"] == 4_000


def test_stock_is_compared_with_what_it_would_have_been(delivering: Path) -> None:
    said = text(opened("orders"))
    assert "By forecast: −17.0% stock on average in the last 12 months; 5.0% of the pieces a month late." in said
    assert "By orders: −24.0% stock" in said
    assert "By forecast: error 10.0%, bias −10.0% over all quarters." in said
    assert "As last quarter: error 30.0%" in said


def test_what_runs_short_first_stands_first(delivering: Path) -> None:
    products = delivery.demand_products("", 6)
    assert list(products["product_name"]) == ["Pumps", "Valves"]
    pumps = products.iloc[0]
    assert (pumps["backlog_quantity"], pumps["forecast_quantity"], pumps["shortage_quantity"]) == (16, 9, 5)
    assert str(pumps["short_from"])[:10] == "2026-12-01"


def test_a_contract_opens_into_batches_and_changes(delivering: Path) -> None:
    batches, changes = delivery.contract_parts("custom:c1")
    assert list(batches["shipment_id"]) == ["custom:s1"]
    assert list(changes["kind"]) == ["signed"]
    assert list(delivery.approvals().frame["is_waiting"]) == [True, False]


def test_returns_are_added_up_by_reason(delivering: Path) -> None:
    returns = delivery.returns_by_reason("", 12)
    assert list(returns.itertuples(index=False, name=None)) == [("broken", 2, 4, 10)]
    assert delivery.returns_by_reason("valves", 12).empty
