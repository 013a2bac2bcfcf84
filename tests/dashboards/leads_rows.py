"""Rows of the marts about leads and customers, for the made-up company of `published`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

Row = dict[str, Any]

AS_OF = date(2026, 11, 15)
TABLES: dict[str, dict[str, str]] = {
    "core.leads": {
        "lead_id": "varchar", "company_name": "varchar", "person_name": "varchar", "source": "varchar",
        "product_line": "varchar", "created_at": "timestamp", "file_id": "varchar", "row_number": "bigint",
    },
    "core.lead_responses": {
        "lead_id": "varchar", "owner_id": "varchar", "source": "varchar", "is_waiting": "boolean", "hours": "double",
        "working_hours": "double",
    },
    "core.reps": {"owner_id": "varchar", "owner_name": "varchar"},
}  # fmt: skip
HORIZONS = (7, 30, 60, 90, 180, 365)
SOURCES = ("paid_search", "events")
LINES = ("Drives", "(none)")


def add(rows: dict[str, list[Row]], owners: dict[str, str]) -> None:
    """Leads of two sources and product lines, three that wait, four accounts, and one change of owner."""
    rows["core.reps"] = [{"owner_id": code, "owner_name": name} for code, name in owners.items()]
    rows["marts.lead_conversion"] = list(_conversion())
    rows["marts.lead_response"] = [
        {"grain": grain, "owner_id": owner, "source": "all", "leads": 400, "responded": 300, "waiting": 3,
         "median_hours": Decimal("5.5"), "p90_hours": Decimal(60), "within_hour_rate": Decimal("0.25"),
         "within_working_hour_rate": Decimal("0.35")}
        for grain, owner in (("all", "all"), *(("owner_id", code) for code in owners))
    ]  # fmt: skip
    rows["marts.lead_response_effect"] = [
        {"bucket": bucket, "sort_order": place, "horizon_days": 90, "leads": 200, "converted": hits,
         "conversion_rate": Decimal(hits) / 200, "conversion_low": Decimal(hits - 8) / 200,
         "conversion_high": Decimal(hits + 9) / 200}
        for place, (bucket, hits) in enumerate((("within_1h", 40), ("over_3d", 20), ("never", 10)), 1)
    ]  # fmt: skip
    _waiting(rows, owners)
    _pool(rows, owners)
    _scores(rows, owners)
    _customers(rows, owners)
    _twins(rows, owners)


def _conversion() -> Iterable[Row]:
    months = [f"2026-{month:02d}" for month in range(1, 12)]
    for place, month in enumerate(months):
        age = (AS_OF - date(2026, place + 1, 1)).days
        for source in SOURCES:
            for line in LINES:
                yield _counted("full", month, source, line, "to_date", 0, 20, 3 if age > 60 else 1)
                for days in HORIZONS:
                    if days <= age:
                        seen = 20 if days + 31 <= age else 7
                        yield _counted("full", month, source, line, "observed", days, seen, min(3, days // 30))
    for grain, sources, lines in (
        ("all", ("all",), ("all",)), ("source", SOURCES, ("all",)), ("product_line", ("all",), LINES),
        ("source × product_line", SOURCES, LINES),
    ):  # fmt: skip
        for source in sources:
            for line in lines:
                yield _counted(grain, "all", source, line, "to_date", 0, 880, 99)
                for days in HORIZONS:
                    row = _counted(grain, "all", source, line, "incidence", days, 880, 99)
                    rate = Decimal(days) / 2_000
                    yield {
                        **row, "conversion_rate": rate, "conversion_low": rate * Decimal("0.9"),
                        "conversion_high": rate * Decimal("1.1"), "win_rate": rate / 4, "win_low": rate / 5,
                        "win_high": rate / 3,
                    }  # fmt: skip


def _counted(grain: str, month: str, source: str, line: str, method: str, days: int, seen: int, hits: int) -> Row:
    return {
        "grain": grain, "cohort_month": month, "source": source, "product_line": line, "owner_id": "all",
        "team": "all", "method": method, "horizon_days": days, "observed": seen, "converted": hits,
        "won": hits // 3, "lost": hits // 3, "conversion_rate": Decimal(hits) / seen,
        "decided_win_rate": Decimal("0.5"),
    }  # fmt: skip


def _waiting(rows: dict[str, list[Row]], owners: dict[str, str]) -> None:
    created = datetime(2026, 11, 15, 23, 59, 59)
    hours = (0.5, 30.0, 1_000.0)
    rows["core.leads"] = [
        {"lead_id": f"custom:L{place}", "company_name": ("Acme <Robotics>", "东海精密", "Delta")[place],
         "person_name": "Kim", "source": "Website", "product_line": None, "created_at": created - timedelta(hours=wait),
         "file_id": "f-leads", "row_number": place + 1}
        for place, wait in enumerate(hours)
    ]  # fmt: skip
    rows["core.lead_responses"] = [
        {"lead_id": f"custom:L{place}", "owner_id": list(owners)[place], "source": "Website", "is_waiting": True,
         "hours": wait, "working_hours": wait / 3}
        for place, wait in enumerate(hours)
    ]  # fmt: skip


def _pool(rows: dict[str, list[Row]], owners: dict[str, str]) -> None:
    rows["marts.lead_pool"] = [
        {"entity_kind": "lead", "business_unit": "(none)", "rule": "* · * · A", "month": date(2026, month, 1),
         "recycled": month, "claimed": month // 2, "won_after": 1, "due_next_7_days": 2 if month == 11 else 0,
         "over_cap": 0, "exported_recycled": month - 1}
        for month in range(1, 12)
    ]  # fmt: skip
    rows["marts.lead_pool_due"] = [
        {"lead_id": f"custom:L{place}", "company_name": "Delta", "person_name": "Kim", "business_unit": "(none)",
         "grade": "A", "owner_id": code, "owner_name": owners[code], "rule": "* · * · A",
         "claimed_on": date(2026, 10, 1), "ends_on": AS_OF + timedelta(days=days), "days_left": days,
         "is_final": days < 3, "file_id": "f-leads", "row_number": place + 1}
        for place, (code, days) in enumerate(zip(owners, (1, 6, 20), strict=False))
    ]  # fmt: skip


def _scores(rows: dict[str, list[Row]], owners: dict[str, str]) -> None:
    rows["marts.lead_scores"] = [
        {"lead_id": f"custom:L{place}", "company_name": "Delta", "person_name": "Kim", "created_on": AS_OF,
         "source": "Website", "product_line": "(none)", "owner_id": code, "owner_name": name,
         "score": Decimal(1 - place) / 2, "conversion_probability": Decimal("0.2"), "priority": 1 + place % 5,
         "reasons": "grade A +0.50; source Website -0.10", "file_id": "f-leads", "row_number": place + 1}
        for place, (code, name) in enumerate(owners.items())
    ]  # fmt: skip
    rows["marts.lead_score_quality"] = [
        {"cut_on": date(2026, 8, 15), "leads": 300, "converted": 40, "auc": Decimal("0.712"), "top_fifth_leads": 60,
         "top_fifth_converted": 18, "top_fifth_lift": Decimal("2.25")}
    ]  # fmt: skip


def _customers(rows: dict[str, list[Row]], owners: dict[str, str]) -> None:
    first, second, *_ = owners
    shared = {
        "account_type": "customer",
        "industry": "Cars",
        "size": "1-49",
        "region": "North",
        "file_id": "f-accounts",
    }
    rows["marts.account_segments"] = [
        {**shared, "account_id": code, "account_name": name, "owner_id": owner, "owner_name": owners[owner],
         "status": status, "abc": abc, "rfm": rfm, "orders": orders, "is_one_time_buyer": orders == 1,
         "last_order_on": None if not orders else AS_OF - timedelta(days=30), "revenue_amount": Decimal(2 * revenue),
         "revenue_12m_amount": Decimal(revenue), "dormant_amount": Decimal(dormant), "whitespace_lines": lacks,
         "is_without_followup": silent, "row_number": place}
        for place, (code, name, owner, status, abc, rfm, orders, revenue, dormant, lacks, silent) in enumerate((
            ("custom:a0", "Cobalt Energy", first, "active", "A", "555", 4, 800_000, 0, 1, False),
            ("custom:a1", "Ridgeway <Auto>", first, "dormant", "B", "333", 1, 150_000, 400_000, 0, True),
            ("custom:a2", "华辰机电有限公司", second, "lost", "(none)", "111", 2, 0, 90_000, 0, True),
            ("custom:a3", "Quartz Mining", second, "prospect", "(none)", "(none)", 0, 0, 0, 0, True),
        ), 1)
    ]  # fmt: skip
    rows["marts.account_whitespace"] = [
        {"account_id": "custom:a0", "account_name": "Cobalt Energy", "owner_id": first, "owner_name": owners[first],
         "industry": "Cars", "size": "1-49", "product_line": "Sensors", "peers": 10, "peers_buying": 6,
         "peer_share": Decimal("0.6"), "peer_share_low": Decimal("0.31"), "peer_share_high": Decimal("0.83"),
         "peer_median_amount": Decimal(50_000)}
    ]  # fmt: skip
    rows["marts.account_owner_changes"] = [
        {"account_id": "custom:a1", "account_name": "Ridgeway <Auto>", "changed_on": date(2026, 2, 1),
         "old_owner_id": second, "old_owner_name": owners[second], "owner_id": first, "owner_name": owners[first],
         "is_observed": True, "orders_before": 2, "orders_after": 0, "was_buying": True, "has_stopped": True,
         "revenue_before_amount": Decimal(500), "revenue_after_amount": Decimal(100),
         "lost_revenue_amount": Decimal(400), "lost_opportunities": 1, "lost_opportunity_amount": Decimal(70)}
    ]  # fmt: skip
    rows["marts.owner_change_effect"] = [
        {"cohort": cohort, "changes": changes, "customers": changes, "stopped": stopped, "stopped_rate": rate,
         "stopped_low": rate - Decimal("0.1"), "stopped_high": rate + Decimal("0.1"), "decided": changes,
         "lost": stopped, "lost_rate": rate, "lost_low": rate - Decimal("0.1"), "lost_high": rate + Decimal("0.1"),
         "revenue_kept_rate": Decimal("0.8"), "revenue_kept_low": Decimal("0.6"), "revenue_kept_high": Decimal(1)}
        for cohort, changes, stopped, rate in (
            ("changed", 40, 20, Decimal("0.5")), ("stayed", 80, 24, Decimal("0.3")),
            ("difference", None, None, Decimal("0.2")),
        )
    ]  # fmt: skip


def _twins(rows: dict[str, list[Row]], owners: dict[str, str]) -> None:
    first, second, *_ = owners
    rows["marts.lead_duplicates"] = [
        {"cluster_id": "custom:L1", "lead_id": f"custom:L{place}", "survivor_lead_id": "custom:L1",
         "is_survivor": place == 1, "leads": 2, "match_probability": Decimal("0.98"),
         "reasons": "same e-mail; company alike", "company_name": ("Acme", "Acme <Robotics>")[place - 1],
         "person_name": "Kim", "created_on": AS_OF, "owner_id": code, "owner_name": owners[code],
         "source": "Website", "file_id": "f-leads", "row_number": place}
        for place, code in ((1, first), (2, second))
    ]  # fmt: skip
    rows["marts.account_conflicts"] = [
        {"customer_id": "custom:a0", "account_id": "custom:a0", "account_name": "Cobalt Energy", "kind": kind,
         "first_owner_id": first, "first_owner_name": owners[first], "second_owner_id": second,
         "second_owner_name": owners[second], "first_claim": "lead", "first_claim_id": f"custom:L{place}",
         "second_claim": "opportunity", "second_claim_id": "custom:O1", "first_at": datetime(2026, 1, 1, 9),
         "second_at": datetime(2026, 2, 1, 9), "overlaps_from_on": date(2026, 2, 1), "is_standing": is_standing,
         "amount": Decimal(1_000 * place)}
        for place, (kind, is_standing) in enumerate((("owners", False), ("direct_and_partner", True)), 1)
    ]  # fmt: skip
