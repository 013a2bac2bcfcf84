"""Rows of the marts of commissions, for the made-up company of `published`."""

from __future__ import annotations

from datetime import date

from tests.dashboards.published import ACCOUNTS, AS_OF, OWNERS, Row

MONTHS = [date(2026, month, 1) for month in (8, 9, 10, 11)]


def add(rows: dict[str, list[Row]]) -> None:
    """Add them to the rows of a published file: each month everybody earns 100, loses 8, gets interest and is paid."""
    rows["marts.commission_lines"] = [line for month in MONTHS for owner in OWNERS for line in _lines(month, owner)]
    rows["marts.commission_statements"] = [
        _statement(place, month, owner) for place, month in enumerate(MONTHS) for owner in OWNERS
    ]
    rows["marts.commission_shadow"] = [
        {
            "owner_id": owner,
            "owner_name": OWNERS[owner],
            "month": month,
            "plan_id": plan,
            "amount": amount,
            "actual_amount": 94.09,
            "difference": round(amount - 94.09, 2),
        }
        for month in MONTHS
        for owner in OWNERS
        for plan, amount in (("custom:p", 94.09), ("custom:q", 120))
    ]
    rows["marts.commission_liability"] = [
        {
            "reporting_date": AS_OF,
            "owner_id": owner,
            "owner_name": OWNERS[owner],
            "not_yet_payable": 10,
            "payable": 126.36,
            "open_orders": 30,
            "receivables": 20,
            "pipeline": 5,
        }
        for owner in OWNERS
    ]


def _lines(month: date, owner: str) -> list[Row]:
    moved = [
        ("accrued", "tier_marginal", 100.0),
        ("payable", "tier_marginal", 100.0),
        ("bonus_interest", "days_early_12", 2.5),
        ("penalty_interest", "days_late_7", -0.41),
        ("clawback", "return", -8.0),
        ("paid", "paid", -60.0),
    ]
    return [
        {
            "movement_id": f"{kind} {owner} {month}",
            "owner_id": owner,
            "owner_name": OWNERS[owner],
            "moved_on": month.replace(day=10),
            "kind": kind,
            "rule": rule,
            "amount": amount,
            "base_amount": 2_500,
            "rate": 0.04,
            "calculation": "2,000.00 × 3.5% + 500.00 × 6% = 100.00" if kind == "accrued" else None,
            "split_share": 1,
            "plan_id": "custom:p",
            "plan_version": 1,
            "account_id": "custom:a0",
            "account_name": ACCOUNTS[0],
            "order_id": "custom:o1",
            "order_line_id": "custom:o1.1",
            "shipment_id": "custom:s1",
            "row_number": 1,
        }
        for kind, rule, amount in moved
    ]


def _statement(place: int, month: date, owner: str) -> Row:
    return {
        "owner_id": owner,
        "owner_name": OWNERS[owner],
        "month": month,
        "opening": round(34.09 * place, 2),
        "accrued": 100,
        "payable": 100,
        "bonus_interest": 2.5,
        "penalty_interest": -0.41,
        "clawback": -8,
        "paid": -60,
        "closing": round(34.09 * (place + 1), 2),
    }
