"""Rows of the marts of delivery, for the made-up company of `published`."""

from __future__ import annotations

from datetime import date

from tests.dashboards.published import Row


def add(rows: dict[str, list[Row]]) -> None:
    """Ten lines due a month in each of two product lines, six whole; one late line; one contract; pumps run short."""
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
    rows["marts.demand_vs_inventory"] = [
        {
            "product_id": f"custom:{line}",
            "product_name": line.title(),
            "product_line": line,
            "month": date(2026, month, 1),
            "counted_on": date(2026, 10, 31),
            "on_hand_quantity": 10,
            "backlog_quantity": 8,
            "forecast_quantity": 4.5,
            "incoming_quantity": 5,
            "available_quantity": 15,
            "projected_quantity": 10 - 7.5 * place if line == "pumps" else 50,
            "days_of_cover": 36,
            "shortage_quantity": max(0, 7.5 * place - 10) if line == "pumps" else 0,
            "excess_amount": 700,
        }
        for line in ("pumps", "valves")
        for place, month in enumerate((11, 12), start=1)
    ]
    rows["marts.demand_accuracy"] = [
        {
            "period": period,
            "method": method,
            "level": level,
            "level_id": level_id,
            "forecast_quantity": 90,
            "actual_quantity": 100,
            "error": -10,
            "absolute_error": 10 if method == "forecast" else 30,
            "wape": 0.1 if method == "forecast" else 0.3,
            "bias": -0.1,
        }
        for period in ("2026-Q2", "2026-Q3", "all")
        for method in ("forecast", "last_quarter")
        for level, level_id in (("company", "company"), ("product_line", "pumps"))
    ]
    rows["marts.stock_by_policy"] = [
        {
            "month": date(2026, month, 1),
            "policy": policy,
            "product_id": "custom:pumps",
            "product_name": "Pumps",
            "product_line": "pumps",
            "shipped_quantity": 20,
            "stock_quantity": 10,
            "shortage_quantity": owed,
            "stock_amount": amount,
        }
        for month in (8, 9, 10)
        for policy, amount, owed in (
            ("counted", 1_000, 0),
            ("forecast", 830, 1),
            ("orders", 760, 2),
            ("last_quarter", 900, 0),
        )
    ]
    rows["marts.order_returns"] = [
        {
            "month": date(2026, month, 1),
            "product_line": "pumps",
            "reason": "broken",
            "returns": 1,
            "quantity": 2,
            "amount": 5,
        }
        for month in (9, 10)
    ]
    rows["marts.contract_approvals"] = [
        {
            "approval_id": f"custom:ap{step}",
            "contract_id": "custom:c1",
            "account_name": "Cobalt Energy",
            "step": step,
            "approver_name": "Ann",
            "decision": decision,
            "is_waiting": decision is None,
            "is_late": False,
            "hours_waited": 26.5,
        }
        for step, decision in ((1, "approved"), (2, None))
    ]
    rows["marts.contract_batches"] = [
        {"contract_id": "custom:c1", "shipment_id": "custom:s1", "shipped_amount": 60, "invoiced_amount": 40}
    ]
    rows["marts.contract_changes"] = [
        {
            "contract_id": "custom:c1",
            "moved_on": date(2026, 1, 5),
            "kind": "signed",
            "amount": 100,
            "amount_to_here": 100,
        }
    ]
    rows["marts.contract_execution"] = [
        {"contract_id": "custom:c1", "account_name": "Cobalt Energy", "contract_amount": 100, "to_bill_amount": 10}
    ]
