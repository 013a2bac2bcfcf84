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
