"""Rows of the sales marts of the small made-up company."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

Row = dict[str, Any]
PERIODS = ("2026-Q4", "2026-11", "all")


def rows(chance: random.Random, as_of: date, owners: Mapping[str, str]) -> dict[str, list[Row]]:
    """Give the rows of every sales mart but the forecast, by table."""
    changes = list(_changes(chance, as_of, owners))
    return {"marts.pipeline_changes": changes, "marts.pipeline_waterfall": list(_waterfall(changes, as_of, owners))}


def _week(day: date) -> date:
    return day + timedelta(days=6 - day.weekday())


def _changes(chance: random.Random, as_of: date, owners: Mapping[str, str]) -> Iterable[Row]:
    for number in range(90):
        owner = list(owners)[number % len(owners)]
        day = as_of - timedelta(days=chance.randrange(20, 200))
        amount = Decimal(chance.randrange(2_000_000, 40_000_000)) / 100
        steps = [("created", amount)]
        grown = (amount * Decimal(str(round(chance.uniform(-0.3, 0.4), 2)))).quantize(Decimal("0.01"))
        steps.append(("increased" if grown > 0 else "decreased", grown))
        if number % 3 == 0:
            steps.append(("won" if number % 2 else "lost", -amount - grown))
        for step, moved in steps:
            for period in PERIODS:
                yield {
                    "movement_id": f"custom:O{number} {day} {step}",
                    "period": period,
                    "moved_on": day,
                    "week": _week(day),
                    "opportunity_id": f"custom:O{number}",
                    "opportunity_name": "=Deal & <Co>" if number == 0 else f"Deal {number}",
                    "owner_id": owner,
                    "owner_name": owners[owner],
                    "product_line": "Drives",
                    "step": step,
                    "amount": moved,
                    "file_id": "f-opportunities",
                    "row_number": number + 1,
                }
            day = min(day + timedelta(days=chance.randrange(2, 12)), as_of)


def _waterfall(changes: list[Row], as_of: date, owners: Mapping[str, str]) -> Iterable[Row]:
    first = min(row["week"] for row in changes)
    for period in PERIODS:
        for week in range((as_of - first).days // 7 + 1):
            day = as_of - timedelta(days=7 * week)
            sums: dict[str, Decimal] = defaultdict(Decimal)
            for row in changes:
                if row["period"] == period and row["moved_on"] <= day:
                    sums[row["owner_id"]] += row["amount"]
            for owner, amount in sums.items():
                yield {
                    "grain": "week",
                    "period": period,
                    "week": day,
                    "starts_on": day - timedelta(days=6),
                    "ends_on": day,
                    "step": "closing",
                    "owner_id": owner,
                    "owner_name": owners[owner],
                    "amount": amount,
                    "opportunities": 1,
                }
