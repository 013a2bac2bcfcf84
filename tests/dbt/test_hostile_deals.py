"""What CRMs export that no one would think of: each case is a deal of one small company, built once from its files."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.settings import Settings
from pipelines.transform import build
from tests.pipeline.project import Project

ROOT = Path(__file__).resolve().parents[2]
pytestmark = [pytest.mark.dbt, pytest.mark.slow]

Ask = Callable[..., list[tuple[Any, ...]]]

COLUMNS = (
    "opportunity_id", "stage", "owner_id", "amount", "currency", "created_at", "close_on", "closed_at", "forecast_category",
)  # fmt: skip
DEALS = """
BEFORE    Closed Won  U4 100 CNY 2026-02-10 2026-02-05 2026-02-05 _
REOPENED  Negotiation U4 200 CNY 2026-01-05 2026-05-31 _ _
EMPTY     Proposal    U4 _   CNY 2026-01-05 2026-05-31 _ _
ZERO      Proposal    U4 0   CNY 2026-01-05 2026-05-31 _ _
NEGATIVE  Proposal    U4 -50 CNY 2026-01-05 2026-05-31 _ _
FAR       Proposal    U4 70  CNY 2026-01-05 2202-01-31 _ _
LEFT      Proposal    U3 30  CNY 2026-01-05 2026-05-31 _ _
CIRCLE    Proposal    U1 40  CNY 2026-01-05 2026-05-31 _ _
TWICE     Proposal    U4 10  CNY 2026-01-05 2026-05-31 _ _
SHUFFLED  Proposal    U4 5   CNY 2026-01-05 2026-05-31 _ _
DOLLARS   Proposal    U4 100 USD 2026-01-05 2026-05-31 _ _
UNKNOWN   Mystery     U4 15  CNY 2026-01-05 2026-05-31 _ _
GONE      Proposal    U4 25  CNY 2026-01-05 2026-05-31 _ _
"""
HISTORY = """
SHUFFLED  2026-02-15T09:00:00 stage    Qualification Proposal
REOPENED  2026-02-20T09:00:00 stage    Closed+Won    Negotiation
SHUFFLED  2026-02-01T09:00:00 stage    Prospecting   Qualification
SHUFFLED  2026-02-15T09:00:00 stage    Qualification Proposal
REOPENED  2026-02-01T09:00:00 stage    Negotiation   Closed+Won
SHUFFLED  2026-02-01T09:00:00 stage    Prospecting   Qualification
DOLLARS   2026-02-15T09:00:00 currency CNY           USD
"""
OTHERS = {
    "users": "user_id name manager_id team left_on\nU1 Ada U2 North _\nU2 Bo U1 North _\nU3 Cy U4 South 2026-02-28\nU4 Di _ South _",
    "fx_rates": "rate_on from_currency to_currency rate\n2026-01-01 USD CNY 7",
    "quotas": "owner_id period_start_on period_end_on amount\nU3 2026-01-01 2026-02-14 450",
}
MAPPING = [
    {"file": "crm_*", "table": "opportunities", "load": "full", "columns": {column: column for column in COLUMNS}},
    {
        "file": "force_*",
        "source": "salesforce",
        "table": "opportunities",
        "columns": {
            "opportunity_id": "id",
            "name": "id",
            "stage": "stage",
            "amount": "amount",
            "created_at": "created",
            "close_on": "close",
        },
    },
]


def csv(text: str, header: str = "") -> str:
    lines = ([header] if header else []) + [line for line in text.strip().splitlines() if line]
    return "\n".join(
        ",".join("" if cell == "_" else cell.replace("+", " ") for cell in cells(line, bool(header))) for line in lines
    )


def cells(line: str, has_stage: bool) -> list[str]:
    """Cells parted by blanks; `Closed Won` is one."""
    return (line.replace("Closed Won", "Closed+Won") if has_stage else line).split()


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three exports of the CRM, the last of which lacks a deal, and one of another CRM that uses the same id."""
    base = tmp_path_factory.mktemp("hostile")
    project = Project(base)
    rows = csv(DEALS, " ".join(COLUMNS)).splitlines()
    january = [line.replace("SHUFFLED,Proposal", "SHUFFLED,Prospecting").replace("USD", "CNY") for line in rows]
    project.write("crm_2026-01-31.csv", "\n".join(line for line in january if not line.startswith("BEFORE")))
    project.write("crm_2026-02-28.csv", "\n".join(rows))
    project.write("crm_2026-03-31.csv", "\n".join(line for line in rows if not line.startswith("GONE")))
    project.write("force_2026-03-31.csv", "id,stage,amount,created,close\nTWICE,Prospecting,20,2026-01-05,2026-05-31")
    history = csv(HISTORY, "opportunity_id changed_at field old_value new_value")
    project.write("opportunity_history_2026-03-31.csv", history)
    for table, text in OTHERS.items():
        project.write(f"{table}_2026-03-31.csv", csv(text))
    report = project.load(mapping=MAPPING)
    assert not report.problems, report.problems
    assert [(file.name, file.rejected) for file in report.files if file.rejected] == []
    select = "+path:models/marts/sales +pipeline_findings +opportunity_findings +pipeline_movements"
    result = build(project.data, Settings(data=project.data).variables, select=select)
    assert not result.failed, result.failed
    return result.path


@pytest.fixture
def ask(built: Path) -> Ask:
    def rows(sql: str, *values: Any) -> list[tuple[Any, ...]]:
        with closing(duckdb.connect(str(built), read_only=True)) as connection:
            return connection.execute(sql, list(values)).fetchall()

    return rows


@pytest.fixture
def steps(ask: Ask) -> Callable[[str], list[tuple[str, str, Decimal]]]:
    """The movements of a deal."""
    return lambda deal: ask(
        "select moved_on::varchar, step, amount from core.pipeline_movements where opportunity_id = ? order by 1, 2",
        deal,
    )


@pytest.fixture
def findings(ask: Ask) -> set[tuple[str, str]]:
    return {(deal, finding) for deal, finding in ask("select opportunity_id, finding from core.opportunity_findings")}


def forecast(ask: Ask, period: str, level: str, level_id: str) -> tuple[int, Decimal]:
    """Number and amount of the open deals of a level row on the last day."""
    ((deals, amount),) = ask(
        "select open_deals, open_amount from marts.pipeline_forecast "
        "where reporting_date = '2026-03-31' and period = ? and level = ? and level_id = ?",
        period,
        level,
        level_id,
    )
    return deals, amount


def test_an_unknown_stage_fails_by_its_name_and_source(built: Path) -> None:
    environment = os.environ | {
        "WANAMAKER_RAW": str(built.parents[1] / "raw.duckdb"),
        "WANAMAKER_BUILD": str(built),
        "DBT_TARGET_PATH": str(built.parent / "test_target"),
        "DBT_LOG_PATH": str(built.parent / "test_logs"),
    }
    dbt = str(Path(sys.executable).with_name("dbt"))
    command = [dbt, "--no-use-colors", "test", "--select", "sales_every_stage_is_declared", "--profiles-dir", "."]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "Got 1 result" in done.stdout


def test_the_unknown_stage_is_the_only_one_and_its_deal_still_counts(ask: Ask, findings: set[tuple[str, str]]) -> None:
    undeclared = ask("select source, stage from core.opportunity_stages where not is_declared")
    assert undeclared == [("custom", "Mystery")]
    assert ask("select status, amount from core.opportunities where opportunity_id = 'custom:UNKNOWN'") == [
        ("open", Decimal("15.00"))
    ]


def test_a_deal_won_before_it_was_created_exists_from_its_closing_and_is_listed(
    ask: Ask, steps: Callable[[str], Any], findings: set[tuple[str, str]]
) -> None:
    assert steps("custom:BEFORE") == [("2026-02-05", "created", 100), ("2026-02-05", "won", -100)]
    assert ("custom:BEFORE", "closed_before_created") in findings
    won = ask("select won, won_cycle_days_sum from marts.sales_performance where month = '2026-02-01' and won > 0")
    assert won == [(1, 0)]


def test_a_won_deal_that_is_opened_again_leaves_and_comes_back_and_is_listed(
    ask: Ask, steps: Callable[[str], Any]
) -> None:
    moved = [(day, step) for day, step, _ in steps("custom:REOPENED") if step in ("won", "reopened")]
    assert moved == [("2026-02-01", "won"), ("2026-02-20", "reopened")]
    assert sum(amount for _, _, amount in steps("custom:REOPENED")) == 200
    found = ask("select value from core.pipeline_findings where finding = 'won_deal_opened_again'")
    assert found == [("custom:REOPENED",)]


def test_amounts_that_are_missing_zero_or_negative_count_as_they_are(ask: Ask, findings: set[tuple[str, str]]) -> None:
    amounts = dict(
        ask(
            "select opportunity_id, amount from core.opportunities "
            "where opportunity_id in ('custom:EMPTY', 'custom:ZERO', 'custom:NEGATIVE')"
        )
    )
    assert amounts == {"custom:EMPTY": 0, "custom:ZERO": 0, "custom:NEGATIVE": -50}
    assert {("custom:EMPTY", "open_without_amount"), ("custom:NEGATIVE", "negative_amount")} <= findings
    assert ("custom:ZERO", "open_without_amount") not in findings


def test_a_close_date_in_the_year_2202_is_in_no_period_but_all_and_is_listed(ask: Ask) -> None:
    everything, dated = forecast(ask, "all", "company", "company"), forecast(ask, "2026-Q2", "company", "company")
    assert everything[0] - dated[0] == 1
    assert everything[1] - dated[1] == 70
    found = ask("select value from core.pipeline_findings where finding = 'day_more_than_ten_years_ahead'")
    assert found == [("2202-01-31",)]


def test_the_deal_of_an_owner_who_left_is_his_still_and_is_listed(ask: Ask) -> None:
    assert forecast(ask, "all", "rep", "custom:U3") == (1, Decimal("30.00"))
    found = ask("select value, records from core.pipeline_findings where finding = 'open_deal_of_an_owner_who_left'")
    assert found == [("Cy", 1)]


def test_managers_in_a_circle_each_see_all_of_it_once(ask: Ask) -> None:
    for manager in ("custom:U1", "custom:U2"):
        assert forecast(ask, "all", "manager", manager) == (1, Decimal("40.00"))
    assert forecast(ask, "all", "team", "North") == (1, Decimal("40.00"))
    found = ask("select value from core.pipeline_findings where finding = 'cycle_of_managers' order by 1")
    assert found == [("Ada",), ("Bo",)]


def test_one_id_in_two_crms_is_two_deals(ask: Ask) -> None:
    found = ask("select opportunity_id, amount from core.opportunities where opportunity_id like '%:TWICE' order by 1")
    assert found == [("custom:TWICE", 10), ("salesforce:TWICE", 20)]


def test_a_quota_for_half_a_period_is_shared_by_days(ask: Ask) -> None:
    found = dict(
        ask(
            "select period, quota_amount from marts.pipeline_forecast where reporting_date = "
            "(select min(reporting_date) from marts.pipeline_forecast where reporting_date >= '2026-01-11') "
            "and level = 'rep' and level_id = 'custom:U3' and quota_amount is not null"
        )
    )
    assert found == {"2026-01": 310, "2026-02": 140, "2026-Q1": 450, "2026": 450}


def test_history_out_of_order_and_repeated_is_each_change_once(ask: Ask) -> None:
    found = ask(
        "select stage, min(valid_from_on)::varchar from core.opportunity_spans "
        "where opportunity_id = 'custom:SHUFFLED' group by stage order by 2"
    )
    assert found == [("Prospecting", "2026-01-05"), ("Qualification", "2026-02-01"), ("Proposal", "2026-02-15")]


def test_a_currency_changed_midway_revalues_the_deal_from_that_day_on(ask: Ask) -> None:
    def standing(day: date) -> Decimal:
        ((amount,),) = ask(
            "select sum(amount) from core.pipeline_movements where opportunity_id = 'custom:DOLLARS' and moved_on <= ?",
            day,
        )
        return Decimal(amount)

    assert standing(date(2026, 2, 14)) == 100
    assert standing(date(2026, 2, 15)) == 700


def test_a_deal_deleted_in_the_crm_leaves_on_the_day_of_the_export_that_lacks_it(
    ask: Ask, steps: Callable[[str], Any]
) -> None:
    assert steps("custom:GONE")[-1] == ("2026-03-31", "deleted", -25)
    assert sum(amount for _, _, amount in steps("custom:GONE")) == 0
    assert ask("select count(*) from core.opportunities where opportunity_id = 'custom:GONE'") == [(0,)]
