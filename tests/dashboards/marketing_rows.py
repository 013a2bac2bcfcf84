"""Rows of the marketing marts of the small made-up company: campaigns, credits, models, paths and the plan."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

Row = dict[str, Any]
Columns = Mapping[str, str]

TABLES: Mapping[str, Columns] = {
    "core.revenue_credits": {
        "depth": "varchar", "opportunity_id": "varchar", "model": "varchar", "channel": "varchar",
        "campaign_id": "varchar", "moved_on": "date", "cohort_on": "date", "amount": "decimal(18,2)",
    },
    "core.opportunities": {
        "opportunity_id": "varchar", "opportunity_name": "varchar", "account_name": "varchar",
        "owner_name": "varchar", "status": "varchar", "file_id": "varchar", "row_number": "bigint",
    },
    "core.spend_daily": {
        "spent_on": "date", "origin": "varchar", "kind": "varchar", "channel": "varchar", "campaign_id": "varchar",
        "cost": "decimal(18,2)", "document_cost": "decimal(18,6)", "currency": "varchar", "file_id": "varchar",
        "row_number": "bigint",
    },
    "core.journeys": {
        "path_source": "varchar", "path": "varchar", "conversions": "decimal(18,6)",
        "value_amount": "decimal(28,12)", "nulls": "decimal(18,6)",
    },
}  # fmt: skip
MODELS = {"first": 1.4, "last": 0.7, "linear": 1.0, "markov": 1.1}


def rows(channel_rows: list[Row]) -> dict[str, list[Row]]:
    """Give the rows of every marketing table beside channel_roi, consistent with it."""
    campaigns = [_campaign_row(row) for row in channel_rows]
    newest = max(row["month"] for row in channel_rows)
    return {
        "marts.campaign_roi_monthly": campaigns,
        "marts.campaign_roi": [
            {"campaign_id": row["campaign_id"], "channel": row["channel"], "model": row["model"],
             "budget": Decimal("900000.00"), "payback_on": newest}
            for row in campaigns if row["month"] == newest and row["basis"] == "period"
        ],
        "core.revenue_credits": list(_credits(campaigns)),
        "core.opportunities": [
            {"opportunity_id": "custom:O1", "opportunity_name": "Press <line>", "account_name": "Acme",
             "owner_name": "Ann", "status": "won", "file_id": "f-opportunities", "row_number": 7}
        ],
        "core.spend_daily": [
            {"spent_on": row["month"], "origin": "spend", "kind": "media", "channel": row["channel"],
             "campaign_id": row["campaign_id"], "cost": row["cost"], "document_cost": row["cost"], "currency": "CNY",
             "file_id": "f-spend", "row_number": place}
            for place, row in enumerate(campaigns) if row["model"] == "linear" and row["basis"] == "period"
        ],
        "core.journeys": [
            {"path_source": "opportunities", "path": "email > events > email", "conversions": 9,
             "value_amount": Decimal(900_000), "nulls": 3},
            {"path_source": "opportunities", "path": "paid_search", "conversions": 4, "value_amount": Decimal(100_000),
             "nulls": 0},
        ],
        "marts.attribution_channels": list(_shares()),
        "marts.campaign_plan": list(_plan()),
    }  # fmt: skip


def _campaign_row(row: Row) -> Row:
    outside = row["channel"] in {"unassigned", "unattributed"}
    code = row["channel"] if outside else f"custom:C-{row['channel']}"
    return {**row, "campaign_id": code, "campaign_name": code if outside else f"{row['channel'].title()} <always on>"}


def _credits(campaigns: list[Row]) -> Iterable[Row]:
    for row in campaigns:
        if row["basis"] == "period":
            for depth in ("booked", "invoiced", "collected"):
                yield {
                    "depth": depth,
                    "opportunity_id": "custom:O1",
                    "amount": row[f"{depth}_amount"],
                    "moved_on": row["month"],
                    "cohort_on": row["month"],
                    **{name: row[name] for name in ("model", "channel", "campaign_id")},
                }


def _shares() -> Iterable[Row]:
    worth = {"email": 0.5, "events": 0.3, "paid_search": 0.2}
    for model, bias in MODELS.items():
        weights = {name: share * (bias if name == "events" else 1) for name, share in worth.items()}
        whole = sum(weights.values())
        for place, (name, weight) in enumerate(weights.items(), 1):
            yield {
                "path_source": "opportunities",
                "channel": name,
                "model": model,
                "conversions": Decimal(str(round(13 * weight / whole, 6))),
                "value_amount": Decimal(1_000_000),
                "share": Decimal(str(round(weight / whole, 6))),
                "removal_effect": Decimal("0.4") if model == "markov" else None,
                "rank": place,
            }
        yield {
            "path_source": "opportunities",
            "channel": "unattributed",
            "model": model,
            "conversions": Decimal(2),
            "value_amount": Decimal(70_000),
        }


def _plan() -> Iterable[Row]:
    def node(code: str, parent: str | None, level: str, budget: int | None, spent: int, forecast: int) -> Row:
        return {
            "campaign_id": code,
            "campaign_name": code.removeprefix("custom:"),
            "parent_campaign_id": parent,
            "level": level,
            "channel": "(none)",
            "budget": None if budget is None else Decimal(budget),
            "spent": Decimal(spent),
            "forecast_cost": Decimal(forecast),
            "variance_amount": None if budget is None else Decimal(forecast - budget),
            "booked_amount": Decimal(5 * spent),
            "expected_revenue_amount": None if budget is None else Decimal(6 * budget),
            "leads": spent // 100,
            "expected_leads": None if budget is None else budget // 90,
        }

    yield node("custom:Year plan", None, "plan", 100_000, 60_000, 104_000)
    yield node("custom:Events", "custom:Year plan", "campaign", 70_000, 50_000, 80_000)
    yield node("custom:Search", "custom:Year plan", "campaign", 30_000, 10_000, 24_000)
    yield node("custom:Fair", "custom:Events", "activity", 70_000, 50_000, 80_000)
    yield node("unassigned", None, "(none)", None, 4_200, 4_200)
