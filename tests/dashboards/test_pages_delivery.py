"""The page about orders in both languages."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from dashboards.queries import delivery
from tests.dashboards import published
from tests.dashboards.published import AS_OF, Row
from tests.dashboards.test_pages import opened, text


def add(rows: dict[str, list[Row]]) -> None:
    """Ten lines due a month in each of two product lines, six whole; one late line; one contract."""
    rows["marts.order_delivery"] = [
        {
            "month": date(2026, month, 1),
            "product_line": line,
            "lines_due": 10 if month < 12 else 0,
            "on_time_in_full_lines": 6 if month < 12 else 0,
            "orders_due": 5,
            "otif_orders": 2,
            "backlog_amount": 1_000 if month > 10 else 0,
        }
        for month in range(1, 13)
        for line in ("pumps", "valves")
    ]
    rows["marts.late_order_lines"] = [
        {
            "order_line_id": "custom:l1",
            "order_id": "custom:o1",
            "account_name": "Cobalt Energy",
            "product_name": "Pump",
            "product_line": "pumps",
            "promised_on": date(2026, 11, 1),
            "days_late": 14,
            "quantity": 250_002,
            "promised_quantity": 250_000,
            "backlog_quantity": 2,
            "backlog_amount": 20,
        }
    ]
    rows["marts.contract_execution"] = [
        {"contract_id": "custom:c1", "account_name": "Cobalt Energy", "contract_amount": 100, "to_bill_amount": 10}
    ]


@pytest.fixture
def delivering(folder: Path) -> Path:
    """The made-up company with its marts of delivery."""
    published.build(folder, changed=add)
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
