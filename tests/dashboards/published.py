"""Builds a published file with the marts' own columns, filled with a small made-up company.

Tables are created from the contracts in ``models/marts/*/_*.yml``, so a page that reads what no mart has fails here.
"""

from __future__ import annotations

import calendar
import copy
import json
import random
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa  # type: ignore[import-untyped]
import yaml

from tests.dashboards import leads_rows, marketing_rows, published_sales

ROOT = Path(__file__).resolve().parents[2]
AS_OF = date(2026, 11, 15)
CURRENCY = "CNY"

Row = dict[str, Any]
Columns = dict[str, str]

ACCOUNTS = [
    "Cobalt Energy",
    "Ridgeway Auto",
    "Granite Bank",
    "Quartz Mining",
    "Orchard Retail",
    "Everline Foods",
    "Meridian Steel",
    "Helios Solar",
    "Zephyr Logistics",
    "Delta Freight",
    "Acme Robotics",
    "Birchwood Health",
    "=Formula & Sons",
    "Lumen <Optics>",
    "华辰机电有限公司",
    "东海精密仪器",
    "北岭重工集团",
    "盛源电子科技",
    "江南自动化设备",
    "宏图包装机械",
    "明阳传感技术",
    "天衡检测设备",
]
OWNERS = {
    "custom:u1": "Grace Kim",
    "custom:u2": "Dev Patel",
    "custom:u3": "陈小雨",
    "custom:u4": "Ana Sousa",
    "custom:u5": "李志强",
    "custom:u6": "Elif Kaya",
}
TEAMS = {"North": ["custom:u1", "custom:u2"], "East": ["custom:u3", "custom:u5"], "Export": ["custom:u4", "custom:u6"]}
CHANNELS = {
    "paid_search": 1.7,
    "paid_social": 0.8,
    "email": 6.4,
    "events": 3.1,
    "webinar": 2.2,
    "partner": 4.5,
    "display": 0.5,
    "wechat": 2.7,
}
BUCKETS = [
    ("not_due", None, 0),
    ("1-30", 1, 30),
    ("31-60", 31, 60),
    ("61-90", 61, 90),
    ("91-180", 91, 180),
    ("181-365", 181, 365),
    ("365+", 366, None),
]

META: Mapping[str, Columns] = {
    "runs": {
        "run_id": "varchar",
        "started_at": "timestamp",
        "finished_at": "timestamp",
        "as_of_date": "date",
        "company_currency": "varchar",
        "timezone": "varchar",
        "tests_passed": "bigint",
        "tests_failed": "bigint",
        "tests_warned": "bigint",
        "files": "bigint",
        "rows": "bigint",
    },
    "tests": {"name": "varchar", "status": "varchar", "failures": "bigint", "model": "varchar"},
}


def mart_contracts(folder: Path = ROOT / "models" / "marts") -> dict[str, Columns]:
    """Give the columns and types of every mart that has a contract."""
    contracts: dict[str, Columns] = {}
    for path in sorted(folder.glob("*/_*.yml")):
        for model in (yaml.safe_load(path.read_text(encoding="utf-8")) or {}).get("models", []):
            columns = {
                column["name"]: column["data_type"] for column in model.get("columns", []) if "data_type" in column
            }
            if columns:
                contracts[model["name"]] = columns
    return contracts


def registry_contracts() -> dict[str, Columns]:
    """Give the columns and types of the registry's tables, which publish copies into ``meta``."""
    text = (ROOT / "models" / "staging" / "_registry.yml").read_text(encoding="utf-8")
    tables = yaml.safe_load(text)["sources"][0]["tables"]
    return {table["name"]: {column["name"]: column["data_type"] for column in table["columns"]} for table in tables}


def build(
    data: Path,
    *,
    finished_at: datetime | None = None,
    is_empty: bool = False,
    without: Iterable[str] = (),
    changed: Callable[[dict[str, list[Row]]], None] | None = None,
) -> Path:
    """Write ``published/<run>.duckdb`` and the pointer below ``data``; give the path of the file.

    ``is_empty`` leaves the marts without rows, ``without`` leaves out whole marts, ``changed`` may change rows.
    """
    finished = finished_at or datetime.now(UTC) - timedelta(hours=2)
    rows = company(finished)
    if is_empty:
        rows = {name: found if name in {"meta.runs", "meta.tests"} else [] for name, found in rows.items()}
    if changed:
        rows = copy.deepcopy(rows)
        changed(rows)
    run_id = str(rows["meta.runs"][0]["run_id"])
    path = data / "published" / f"{run_id}.duckdb"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    registry = registry_contracts()
    tables = {
        **{f"marts.{name}": columns for name, columns in mart_contracts().items() if name not in set(without)},
        **{f"meta.{name}": columns for name, columns in META.items()},
        **{f"meta.{name}": registry[name] for name in ("files", "rejects")},
        "core.receivable_movements": {
            "account_id": "varchar",
            "moved_on": "date",
            "amount": "decimal(18,2)",
            "kind": "varchar",
            "item_id": "varchar",
            "source_id": "varchar",
            "rule": "varchar",
            "document_amount": "decimal(18,2)",
            "file_id": "varchar",
            "row_number": "bigint",
        },
        **marketing_rows.TABLES,
        **leads_rows.TABLES,
        "seeds.aging_buckets": {
            "basis": "varchar",
            "bucket": "varchar",
            "from_day": "bigint",
            "to_day": "bigint",
            "sort_order": "bigint",
        },
    }
    with duckdb.connect(path) as connection:
        for name, columns in tables.items():
            _fill(connection, name, columns, rows.get(name, []))
    pointer = data / "wanamaker.duckdb"
    fresh = data / "wanamaker.duckdb.new"
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(path.relative_to(data))
    fresh.replace(pointer)
    return path


def write_failed_run(data: Path) -> None:
    """Leave the record of a later run that published nothing because a check failed."""
    now = datetime.now(UTC)
    record = {
        "run_id": "20261116T080000",
        "status": "failed",
        "started_at": (now - timedelta(minutes=40)).isoformat(),
        "finished_at": (now - timedelta(minutes=38)).isoformat(),
        "message": "1 check of a figure failed",
        "failed_tests": ["aging_adds_up_to_the_ledger"],
    }
    folder = data / "runs"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "20261116T080000.json").write_text(json.dumps(record), encoding="utf-8")


def _fill(connection: duckdb.DuckDBPyConnection, name: str, columns: Columns, rows: list[Row]) -> None:
    connection.execute(f"create schema if not exists {name.split('.', maxsplit=1)[0]}")
    typed = ", ".join(f'"{column}" {kind}' for column, kind in columns.items())
    connection.execute(f"create table {name} ({typed})")
    if not rows:
        return
    present = [column for column in columns if any(column in row for row in rows)]
    batch = pa.table({column: [row.get(column) for row in rows] for column in present})
    connection.register("batch", batch)
    listed = ", ".join(f'"{column}"' for column in present)
    connection.execute(f"insert into {name} ({listed}) select {listed} from batch")
    connection.unregister("batch")


@lru_cache(maxsize=1)
def _timeless() -> dict[str, list[Row]]:
    chance = random.Random(7)
    invoices = list(_invoices(chance))
    rows: dict[str, list[Row]] = {
        "seeds.aging_buckets": [
            {
                "basis": basis,
                "bucket": "0" if basis == "invoice" and name == "not_due" else name,
                "from_day": low,
                "to_day": high,
                "sort_order": place,
            }
            for basis in ("due", "invoice")
            for place, (name, low, high) in enumerate(BUCKETS)
        ],
        "marts.receivables_aging": list(_aging(invoices)),
        "marts.receivables_kpis": list(_kpis(invoices)),
        "marts.receivables_open_items": list(_open_items(invoices)),
        "core.receivable_movements": list(_movements(invoices)),
        "marts.pipeline_forecast": list(_forecast(chance)),
        "marts.channel_roi": list(_channel_roi(chance)),
        "marts.lead_funnel": list(_lead_funnel(chance)),
        "marts.data_findings": [
            {"finding": "null_currency", "entity_kind": "opportunities", "value": "(none)", "rows": 12},
            {"finding": "undeclared_channel", "entity_kind": "spend", "value": "podcast", "rows": 40},
        ],
    }
    rows.update(published_sales.rows(chance, AS_OF, OWNERS))
    rows["marts.channel_roi"] += [{**row, "basis": "cohort"} for row in rows["marts.channel_roi"]]
    rows.update(marketing_rows.rows(rows["marts.channel_roi"]))
    leads_rows.add(rows, OWNERS)
    _files(rows)
    return rows


def company(finished: datetime) -> dict[str, list[Row]]:
    """Give the rows of every table, by table."""
    rows = dict(_timeless())
    read = sum(row["rows_read"] for row in rows["marts.data_health"])
    rows["meta.runs"] = [
        {
            "run_id": "20261115T221500",
            "started_at": finished.replace(tzinfo=None) - timedelta(seconds=44),
            "finished_at": finished.replace(tzinfo=None),
            "as_of_date": AS_OF,
            "company_currency": CURRENCY,
            "timezone": "Asia/Shanghai",
            "tests_passed": 214,
            "tests_failed": 0,
            "tests_warned": 1,
            "files": len(rows["marts.data_health"]),
            "rows": read,
        }
    ]
    rows["meta.tests"] = [
        {"name": "aging_adds_up_to_the_ledger", "status": "pass", "failures": 0, "model": "receivables_aging"},
        {"name": "every_split_adds_up_to_one", "status": "warn", "failures": 3, "model": "commission_splits"},
    ]
    return rows


def month_ends(first: date, last: date) -> list[date]:
    """Give the month-ends between two days."""
    found, year, month = [], first.year, first.month
    while (end := date(year, month, calendar.monthrange(year, month)[1])) <= last:
        found.append(end)
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    return found


def reporting_dates() -> list[date]:
    """Give month-ends, the last 13 Sundays and the as-of day."""
    sundays = [AS_OF - timedelta(days=7 * week) for week in range(13)]
    return sorted({*month_ends(date(2024, 12, 1), AS_OF), *sundays, AS_OF})


def _invoices(chance: random.Random) -> Iterable[Row]:
    for number in range(700):
        account = min(int(chance.expovariate(0.14)), len(ACCOUNTS) - 1)
        issued = AS_OF - timedelta(days=chance.randrange(0, 720))
        due = issued + timedelta(days=chance.choice([30, 45, 60]))
        delay = int(chance.gauss(12 + 6 * (account % 4), 25))
        paid = due + timedelta(days=max(delay, -25)) if chance.random() < 0.94 else None
        yield {
            "document_id": f"custom:INV-{10_000 + number}",
            "account_id": f"custom:a{account}",
            "account_name": ACCOUNTS[account],
            "owner_id": list(OWNERS)[account % len(OWNERS)],
            "region": ["North", "East", "(none)"][account % 3],
            "product_line": ["Drives", "Sensors"][number % 2],
            "currency": "USD" if account % 5 == 0 else CURRENCY,
            "issued_on": issued,
            "due_on": due,
            "paid_on": paid,
            "amount": Decimal(chance.randrange(400_000, 24_000_000)) / 100,
            "is_disputed": chance.random() < 0.05,
            "row_number": number + 1,
        }


def _unapplied() -> list[tuple[date, str, Decimal]]:
    return [
        (AS_OF - timedelta(days=20), "custom:a1", Decimal("-18450.20")),
        (AS_OF - timedelta(days=75), "custom:a4", Decimal("-7200.00")),
    ]


def _bucket(days: int, basis: str) -> str:
    for name, low, high in BUCKETS:
        if (low is None or days >= low) and (high is None or days <= high):
            return "0" if basis == "invoice" and name == "not_due" else name
    raise ValueError(days)


def _open(invoices: list[Row], on: date) -> list[Row]:
    return [row for row in invoices if row["issued_on"] <= on and (row["paid_on"] is None or row["paid_on"] > on)]


def _aging(invoices: list[Row]) -> Iterable[Row]:
    named = {row["account_id"]: row for row in invoices}
    for on in reporting_dates():
        for basis, start in (("due", "due_on"), ("invoice", "issued_on")):
            sums: dict[tuple[str, str, str], list[Decimal]] = defaultdict(lambda: [Decimal(0), Decimal(0)])
            for row in _open(invoices, on):
                cell = sums[row["account_id"], row["product_line"], _bucket((on - row[start]).days, basis)]
                cell[0] += row["amount"]
                cell[1] += row["amount"] if row["is_disputed"] else Decimal(0)
            for moved_on, account_id, amount in _unapplied():
                if moved_on <= on:
                    sums[account_id, "(none)", "unapplied"][0] += amount
            for (account_id, product_line, bucket), (amount, disputed) in sums.items():
                known = named[account_id]
                yield {
                    "reporting_date": on,
                    "basis": basis,
                    "account_id": account_id,
                    "account_name": known["account_name"],
                    "owner_id": known["owner_id"],
                    "owner_name": OWNERS[known["owner_id"]],
                    "region": known["region"],
                    "product_line": product_line,
                    "currency": known["currency"],
                    "bucket": bucket,
                    "amount": amount,
                    "document_amount": amount,
                    "disputed_amount": disputed,
                }


def _kpis(invoices: list[Row]) -> Iterable[Row]:
    for on in reporting_dates():
        items = _open(invoices, on)
        overdue = sum((row["amount"] for row in items if row["due_on"] < on), Decimal(0))
        gross = sum((row["amount"] for row in items), Decimal(0))
        balance = gross + sum((amount for moved_on, _account, amount in _unapplied() if moved_on <= on), Decimal(0))
        sales = sum((row["amount"] for row in invoices if on - timedelta(days=90) < row["issued_on"] <= on), Decimal(0))
        yield {
            "reporting_date": on,
            "balance_amount": balance,
            "unapplied_amount": balance - gross,
            "overdue_amount": overdue,
            "overdue_rate": round(overdue / gross, 6) if gross else None,
            "dso": round(balance / sales * 90, 6) if sales else None,
            "dso_countback": round(balance / sales * 88, 6) if sales else None,
            "dso_best_possible": round((gross - overdue) / sales * 90, 6) if sales else None,
            "average_days_delinquent": round(overdue / sales * 90, 6) if sales else None,
        }


def _open_items(invoices: list[Row]) -> Iterable[Row]:
    for row in _open(invoices, AS_OF):
        late = (AS_OF - row["due_on"]).days
        yield {
            **row,
            "item_id": row["document_id"],
            "document_kind": "invoice",
            "document_amount": row["amount"],
            "owner_name": OWNERS[row["owner_id"]],
            "days_past_due": late,
            "balance_amount": row["amount"],
            "document_balance_amount": row["amount"],
            "bucket": _bucket(late, "due"),
            "instalment_id": None,
            "file_id": "f-invoices",
        }


def _movements(invoices: list[Row]) -> Iterable[Row]:
    for row in invoices:
        yield {
            "account_id": row["account_id"],
            "moved_on": row["issued_on"],
            "amount": row["amount"],
            "kind": "invoice",
        }
        if row["paid_on"] is not None:
            yield {
                "account_id": row["account_id"],
                "moved_on": row["paid_on"],
                "amount": -row["amount"],
                "kind": "payment",
            }
    for moved_on, account_id, amount in _unapplied():
        yield {"account_id": account_id, "moved_on": moved_on, "amount": amount, "kind": "unapplied"}


def _forecast(chance: random.Random) -> Iterable[Row]:
    periods = {
        "2026-Q4": (8_150_000, date(2026, 10, 1), date(2026, 12, 31)),
        "2027-Q1": (None, date(2027, 1, 1), date(2027, 3, 31)),
        "2026-11": (2_700_000, date(2026, 11, 1), date(2026, 11, 30)),
        "2026": (29_000_000, date(2026, 1, 1), date(2026, 12, 31)),
        "all": (None, None, None),
    }
    skill = {owner: 0.6 + 0.8 * chance.random() for owner in OWNERS}
    for week in range(26):
        on = AS_OF - timedelta(days=7 * week)
        for period, (quota, start, end) in periods.items():
            kind = "all" if period == "all" else "quarter" if "Q" in period else "month" if "-" in period else "year"
            if start and on < start - timedelta(days=120):
                continue
            done = max(0.05, min(1.0, 0.55 - 0.08 * week)) if quota else 0.0
            reps: dict[str, Row] = {}
            for owner in OWNERS:
                own = Decimal(quota or 6_000_000) / len(OWNERS)
                won = own * Decimal(str(round(done * skill[owner] * 0.9, 4)))
                rest = own * Decimal(str(round(0.75 - 0.012 * week, 4)))
                reps[owner] = _figures(won, rest, own if quota else None)
            levels: list[tuple[str, str, str, list[Row]]] = [
                ("rep", owner, OWNERS[owner], [row]) for owner, row in reps.items()
            ]
            levels += [("team", team, team, [reps[owner] for owner in owners]) for team, owners in TEAMS.items()]
            levels += [("company", "company", "company", list(reps.values()))]
            for level, level_id, name, members in levels:
                total = _figures(
                    sum((row["won_amount"] for row in members), Decimal(0)),
                    sum((row["open_amount"] for row in members), Decimal(0)),
                    sum((row["quota_amount"] for row in members), Decimal(0)) if quota else None,
                )
                yield {
                    "reporting_date": on,
                    "period": period,
                    "period_kind": kind,
                    "period_starts_on": start,
                    "period_ends_on": end,
                    "level": level,
                    "level_id": level_id,
                    "level_name": name,
                    "is_estimated": False,
                    **total,
                }


def _figures(won: Decimal, rest: Decimal, quota: Decimal | None) -> Row:
    cent = Decimal("0.01")
    return {
        "won_deals": 3,
        "open_deals": 9,
        "won_amount": won.quantize(cent),
        "open_amount": rest.quantize(cent),
        "stage_weighted_amount": (won + rest * Decimal("0.41")).quantize(cent),
        "commit_amount": (won + rest * Decimal("0.34")).quantize(cent),
        "best_case_amount": (won + rest * Decimal("0.55")).quantize(cent),
        "quota_amount": None if quota is None else quota.quantize(cent),
        "gap_amount": None if quota is None else (quota - won).quantize(cent),
        "coverage": None if quota is None or quota <= won else round(rest / (quota - won), 6),
    }


def _months(count: int) -> list[date]:
    last = AS_OF.year * 12 + AS_OF.month - 1
    return [date(place // 12, place % 12 + 1, 1) for place in range(last - count + 1, last + 1)]


def _channel_roi(chance: random.Random) -> Iterable[Row]:
    for month in _months(26):
        for channel, worth in CHANNELS.items():
            cost = Decimal(chance.randrange(2_000_000, 9_000_000)) / 100
            for model, bias in (("first", 1.15), ("last", 0.9), ("linear", 1.0)):
                booked = (cost * Decimal(str(round(worth * bias * chance.uniform(0.7, 1.3), 4)))).quantize(
                    Decimal("0.01")
                )
                wins = round(booked / 60_000, 6)
                yield _channel_row(month, channel, model, cost, booked, 40 + int(worth * 10), wins)
        for model in ("first", "last", "linear"):
            yield _channel_row(month, "unassigned", model, Decimal("4200.00"), Decimal(0), 0, Decimal(0))
            yield _channel_row(month, "unattributed", model, Decimal(0), Decimal("21500.00"), 0, Decimal("0.4"))


def _channel_row(
    month: date, channel: str, model: str, cost: Decimal, booked: Decimal, leads: int, wins: Decimal
) -> Row:
    return {
        "as_of_date": AS_OF,
        "channel": channel,
        "month": month,
        "basis": "period",
        "model": model,
        "cost": cost,
        "booked_amount": booked,
        "invoiced_amount": (booked * 4 / 5).quantize(Decimal("0.01")),
        "collected_amount": (booked * 3 / 5).quantize(Decimal("0.01")),
        "gross_margin_amount": (booked * 2 / 5).quantize(Decimal("0.01")),
        "is_mature": month < date(2026, 3, 1),
        "leads": leads,
        "qualified_leads": leads // 2,
        "opportunities": wins * 4,
        "wins": wins,
        "pipeline_amount": booked * 2,
    }


def _lead_funnel(chance: random.Random) -> Iterable[Row]:
    for place, month in enumerate(_months(26)):
        for channel, worth in CHANNELS.items():
            created = chance.randrange(30, 90)
            ripe = min(1.0, (26 - place) / 8)
            won = int(created * min(0.3, 0.05 * worth) * ripe)
            yield {
                "month": month,
                "source": channel,
                "channel": channel,
                "product_line": "(none)",
                "team": "North",
                "created": created,
                "assigned": created,
                "responded": created - 5,
                "qualified": created // 2,
                "converted": max(won, created // 5),
                "won": won,
                "lost": created // 10,
            }


def _files(rows: dict[str, list[Row]]) -> None:
    exported = datetime(2026, 11, 15, 18, 0)
    counts = {
        "invoices": (700, 2),
        "payments": (660, 0),
        "opportunities": (420, 1),
        "spend": (2_080, 0),
        "leads": (3_100, 4),
    }
    health: list[Row] = []
    files: list[Row] = []
    for table, (read, rejected) in counts.items():
        common = {
            "file_id": f"f-{table}",
            "source": "custom" if table != "spend" else "google_ads",
            "status": "loaded",
            "rows_read": read,
            "loaded": read - rejected,
            "unchanged": 0,
            "duplicate": 0,
            "rejected": rejected,
            "excluded": 0,
            "skipped": 1 if table == "spend" else 0,
            "rounded": 0,
            "deleted": 0,
            "exported_at": exported,
            "exported_at_from": "name",
            "loaded_at": exported + timedelta(hours=4),
            "encoding": "utf-8",
            "notes": "",
        }
        name = f"{table}_2026-11-15.csv"
        health.append(
            {
                **common,
                "file": name,
                "table": table,
                "is_newest": True,
                "source_newest_exported_at": exported,
                "source_days_old": 0,
            }
        )
        files.append({**common, "sha256": "0" * 64, "table_name": table, "name": name})
    rows["marts.data_health"] = health
    rows["meta.files"] = files
    rows["meta.rejects"] = [
        {
            "file_id": f"f-{table}",
            "record": 17 + place,
            "line": 18 + place,
            "column_name": "amount",
            "value": "=1+1" if place else "12,3x",
            "reason": "is not a number",
            "raw_row": ["INV-1", "12,3x"],
        }
        for table, (_read, rejected) in counts.items()
        for place in range(rejected)
    ]
