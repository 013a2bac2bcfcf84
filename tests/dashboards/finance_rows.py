"""Rows of the marts of collections and credit, for the made-up company of `published`."""

from __future__ import annotations

from datetime import date, timedelta

from tests.dashboards.published import ACCOUNTS, AS_OF, OWNERS, Row

KINDS = ("dunning", "due_today", "promise_broken", "instalment_missed", "limit_exceeded", "grade_fell", "due_soon")
LEVELS = ("reminder", "first_dunning", "second_dunning", "final_dunning")
GRADES = ("A", "B", "C", "D", "E", None)
STATUSES = ("met", "late", "partly", "missed", "open")


def add(rows: dict[str, list[Row]]) -> None:
    """Add them to the rows of a published file."""
    rows["marts.alerts"] = [_alert(place) for place in range(60)]
    rows["marts.cash_forecast"] = [_week(number) for number in range(13)]
    rows["marts.cash_forecast_accuracy"] = [
        {"actual_amount": 1_000, "error": 100, "due_day_error": 400, "is_within_range": number < 8}
        for number in range(10)
    ]
    rows["marts.collection_plan_status"] = [_instalment(place) for place in range(80)]
    rows["marts.customer_credit"] = [
        _credit(place, on) for on in (date(2026, 9, 30), date(2026, 10, 31), AS_OF) for place in range(len(ACCOUNTS))
    ]


def _account(place: int) -> Row:
    owner = list(OWNERS)[place % len(OWNERS)]
    number = place % len(ACCOUNTS)
    return {
        "account_id": f"custom:a{number}",
        "account_name": ACCOUNTS[number],
        "owner_id": owner,
        "owner_name": OWNERS[owner],
    }


def _alert(place: int) -> Row:
    kind = KINDS[place % len(KINDS)]
    return {
        **_account(place),
        "alert_id": f"{kind} {place}",
        "kind": kind,
        "level": LEVELS[place % len(LEVELS)] if kind == "dunning" else None,
        "severity": "warning",
        "raised_on": AS_OF - timedelta(days=place),
        "entity_id": f"invoice custom:i{place}",
        "document_id": f"custom:i{place}",
        "amount": 1_000 + place,
        "value": place,
        "threshold": (3, 14, 30, 60)[place % len(LEVELS)],
        "is_highest_level": True,
        "message_key": f"alert.{kind}",
        "reason": f"{place} days past due",
    }


def _week(number: int) -> Row:
    first = AS_OF + timedelta(days=7 * number + 1)
    return {
        "week": first,
        "week_ends_on": first + timedelta(days=6),
        "week_number": number + 1,
        "due_amount": 90_000 - 5_000 * number,
        "overdue_amount": 40_000 if number == 0 else 0,
        "expected_amount": 80_000 - 4_000 * number,
        "expected_overdue_amount": 10_000 if number == 0 else 0,
        "p10": 40_000 - 3_000 * number,
        "p50": 78_000 - 4_000 * number,
        "p90": 130_000 - 5_000 * number,
    }


def _instalment(place: int) -> Row:
    status = STATUSES[place % len(STATUSES)]
    is_paid = status in {"met", "late"}
    late = {"met": 0, "late": 9, "partly": 20, "missed": 40, "open": 0}[status]
    return {
        **_account(place),
        "instalment_id": f"custom:p{place}",
        "contract_id": f"custom:c{place % 20}",
        "due_on": AS_OF + timedelta(days=30 if status == "open" else -7 * (place % 40) - 1),
        "method": ("bank transfer", "acceptance bill")[place % 2],
        "planned_amount": 10_000,
        "collected_amount": 10_000 if is_paid else 4_000 if status == "partly" else 0,
        "credited_amount": 0,
        "open_amount": 0 if is_paid else 6_000 if status == "partly" else 10_000,
        "status": status,
        "days_late": late,
        "phase": ("until_due" if place % 2 else "before_delivery") if status == "open" else "after_due",
        "file_id": "f-invoices",
        "row_number": place,
    }


def _credit(place: int, on: date) -> Row:
    grade = GRADES[place % len(GRADES)]
    is_last = on == AS_OF
    exposure = 100_000 + 7_000 * place
    return {
        **_account(place),
        "reporting_date": on,
        "open_order_amount": 30_000,
        "delivered_not_invoiced_amount": 20_000,
        "invoiced_amount": exposure - 45_000,
        "overdue_amount": 5_000 * (place % 4),
        "unapplied_amount": 5_000,
        "exposure_amount": exposure,
        "limit_amount": None if place % 7 == 0 else 200_000,
        "free_amount": None if place % 7 == 0 else 200_000 - exposure,
        "settled_invoices": 1 if grade is None else 9,
        "settled_amount": 400_000,
        "days_beyond_terms": 2.5 * (place % 6),
        "on_time_rate": 0.95 - 0.1 * (place % 6),
        "overdue_rate": 0.05 * (place % 4),
        "disputed_amount": 0,
        "broken_promises": place % 3,
        "grade": grade,
        "previous_grade": "A" if is_last and grade in {"B", "C"} else grade,
        "better_grade": None if grade in {"A", None} else "ABCDE"["ABCDE".index(grade) - 1],
        "lacking_days": None if grade in {"A", None} else 3,
        "lacking_on_time_rate": None if grade in {"A", None} else 0.9,
        "lacking_overdue_rate": None,
        "revenue_12m_amount": 900_000 - 10_000 * place,
        "is_high_value": place < 8,
        "is_high_credit": grade == "A",
    }
