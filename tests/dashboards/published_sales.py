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
    return {
        "marts.pipeline_changes": changes,
        "marts.pipeline_waterfall": list(_waterfall(changes, as_of, owners)),
        "marts.forecast_accuracy": list(_accuracy(chance, owners)),
        "marts.stalled_opportunities": list(_stalled(chance, as_of, owners)),
        "marts.sales_performance": list(_performance(chance, as_of, owners)),
        "marts.followups_to_win": [
            {
                "bucket": name,
                "sort_order": place,
                "won": 5,
                "lost": 3,
                "open": 2,
                "share_of_wins": Decimal("0.25"),
                "win_rate": Decimal("0.5"),
            }
            | {"paper_share": claim}
            for place, (name, claim) in enumerate(
                [("0", Decimal("0.02")), ("1", Decimal("0.03")), ("4-11", Decimal("0.8")), ("12+", None)]
            )
        ],
        "marts.commit_hits": list(_commits(owners)),
        "marts.stage_conversion_reps": list(_stages(owners)),
        "marts.discount_win_rates": [
            {
                "band": band,
                "sort_order": place,
                "product_line": line,
                "deals": 10,
                "won": won,
                "lost": 8 - won,
                "open": 2,
                "discount_rate": Decimal("0.08"),
                "win_rate": Decimal(won) / 8,
                "win_low": Decimal("0.1"),
                "win_high": Decimal("0.9"),
            }
            for place, (band, won) in enumerate([("0-5", 3), ("5-10", 4), ("30+", 6)])
            for line in ("Drives", "all")
        ],
        "marts.quote_discipline": list(_quotes(as_of, owners)),
        "marts.registration_response": [
            {
                "month": date(as_of.year, month, 1),
                "team": team,
                "submitted": 5,
                "decided": 4,
                "approved": 3,
                "waiting": 1,
                "hours_sum": Decimal("50.00"),
                "median_hours": Decimal("9.00"),
                "conflicts": 1,
                "lost_while_waiting": month % 2,
            }
            for month in range(1, as_of.month + 1)
            for team in ("North", "(none)")
        ],
        "marts.registrations_waiting": [
            {
                "registration_id": f"custom:R{number}",
                "submitted_at": as_of - timedelta(days=number),
                "days_waiting": number,
                "account_name": "=Acme & <Co>",
                "project_name": "Line 4",
                "product_line": "(none)",
                "partner_name": "Partner",
                "owner_name": "(none)",
                "team": "North",
                "is_in_conflict": number == 1,
                "is_lost_while_waiting": number < 3,
                "tell_user_name": "Mona",
                "file_id": "f-registrations",
                "row_number": number,
            }
            for number in range(1, 6)
        ],
        "marts.win_loss_reasons": [
            {
                "quarter": "2026-Q3",
                "reason": reason,
                "competitor": "Acme",
                "opportunities": count,
                "share": Decimal("0.5"),
            }
            | {"amount": Decimal("1000.00") * count}
            for reason, count in (("=price", 4), ("(none)", 2), ("timing", 2))
        ],
    }


def _accuracy(chance: random.Random, owners: Mapping[str, str]) -> Iterable[Row]:
    ends = {"2026-Q1": date(2026, 3, 31), "2026-Q2": date(2026, 6, 30), "2026-Q3": date(2026, 9, 30)}
    for period, end in ends.items():
        for week in range(13):
            for method in ("stage", "calibrated", "commit", "last_period"):
                for owner, name in owners.items():
                    actual = Decimal(chance.randrange(50_000, 90_000))
                    yield _forecast(period, end, week, method, ("rep", owner, name), actual, chance)
                yield _forecast(period, end, week, method, ("company", "company", "company"), Decimal(400_000), chance)


def _forecast(
    period: str,
    end: date,
    week: int,
    method: str,
    level: tuple[str, str, str],
    actual: Decimal,
    chance: random.Random,
) -> Row:
    forecast = (actual * Decimal(str(round(chance.uniform(0.6, 1.5), 3)))).quantize(Decimal("0.01"))
    return {
        "period": period,
        "period_kind": "quarter",
        "period_ends_on": end,
        "weeks_before_end": week,
        "reporting_date": end - timedelta(days=7 * week),
        "method": method,
        "level": level[0],
        "level_id": level[1],
        "level_name": level[2],
        "forecast_amount": forecast,
        "actual_amount": actual,
        "error": forecast - actual,
    }


def _commits(owners: Mapping[str, str]) -> Iterable[Row]:
    for period, end in (("2026-Q2", date(2026, 6, 30)), ("2026-Q3", date(2026, 9, 30))):
        for week in range(1, 13):
            for place, (owner, name) in enumerate(owners.items()):
                won = (week + place) % 3
                yield {
                    "period": period,
                    "period_kind": "quarter",
                    "period_ends_on": end,
                    "weeks_before_end": week,
                    "owner_id": owner,
                    "owner_name": name,
                    "committed": 4,
                    "won": won,
                    "lost": 1,
                    "missed": 3 - won,
                    "committed_amount": Decimal(40_000),
                    "hit_amount": Decimal(10_000 * won),
                }


def _stages(owners: Mapping[str, str]) -> Iterable[Row]:
    for order, stage in enumerate(("(none)", "Pitch", "=Deal")):
        for place, (owner, name) in enumerate(owners.items()):
            if (order, place) != (2, 0):
                yield {
                    "stage": stage,
                    "stage_order": order or None,
                    "owner_id": owner,
                    "owner_name": name,
                    "entered": 10,
                    "lost": place % 5,
                    "loss_rate": Decimal(place % 5) / 10,
                    "company_loss_rate": Decimal("0.2"),
                }


def _quotes(as_of: date, owners: Mapping[str, str]) -> Iterable[Row]:
    for month in range(1, as_of.month + 1):
        for place, (owner, name) in enumerate(owners.items()):
            yield {
                "month": date(as_of.year, month, 1),
                "owner_id": owner,
                "owner_name": name,
                "product_line": "Drives",
                "quotes": 4,
                "list_amount": Decimal(10_000),
                "quoted_amount": Decimal(10_000 - 300 * place),
                "below_floor": place % 2,
                "decided": 3,
                "approved": 2,
                "hours_sum": Decimal("30.00"),
                "ordered": 1,
            }


def _stalled(chance: random.Random, as_of: date, owners: Mapping[str, str]) -> Iterable[Row]:
    for number in range(40):
        owner = list(owners)[number % len(owners)]
        amount = Decimal(chance.randrange(2_000_000, 40_000_000)) / 100
        for reason in ("close_date_past", "missing_decision_maker", "missing_partner_id")[: 1 + number % 3]:
            yield {
                "opportunity_id": f"custom:O{number}",
                "opportunity_name": f"Deal {number}",
                "account_name": "Acme",
                "owner_id": owner,
                "owner_name": owners[owner],
                "team": "North" if number % 2 else "East",
                "amount": amount,
                "stage": "Proposal",
                "days_in_stage": number,
                "pushes": number % 4,
                "close_on": as_of - timedelta(days=number + 1),
                "reason": reason,
                "tell_user_name": "Mona",
                "file_id": "f-opportunities",
                "row_number": number + 1,
            }


def _performance(chance: random.Random, as_of: date, owners: Mapping[str, str]) -> Iterable[Row]:
    for month in range(1, as_of.month + 1):
        for place, (owner, name) in enumerate(owners.items()):
            won, lost = chance.randrange(0, 5), chance.randrange(0, 6)
            yield {
                "month": date(as_of.year, month, 1),
                "owner_id": owner,
                "owner_name": name,
                "team": "North" if place % 2 else "(none)",
                "region": "Home",
                "product_line": "Drives" if month % 2 else "(none)",
                "won": won,
                "lost": lost,
                "won_amount": Decimal(won * 20_000),
                "lost_amount": Decimal(lost * 15_000),
                "won_cycle_days_sum": won * 50,
                "lost_cycle_days_sum": lost * 40,
                "activities": 12,
            }


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
