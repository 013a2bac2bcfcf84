"""Rows of the marts of delivery, for the made-up company of `published`."""

from __future__ import annotations

from datetime import date

from tests.dashboards.published import Row


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
