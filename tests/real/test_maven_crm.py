"""Maven CRM: won, lost, revenue and cycle by agent, manager, office, product, sector and month; what is open."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest

from pipelines.contracts import load_contracts
from pipelines.ingest.load import ingest
from pipelines.ingest.mapping import read_mapping
from tests.real.conftest import PROJECTS

FILES = ["accounts.csv", "products.csv", "sales_pipeline.csv", "sales_teams.csv"]
DIMENSIONS = {
    "manager": "manager_name",
    "office": "region",
    "product": "product_name",
    "agent": "owner_name",
    "sector": "industry",
}


@pytest.fixture(scope="module")
def warehouse(run_project):
    return run_project("maven_crm", "maven_crm", FILES, "--set", "company_currency=USD")


@pytest.fixture(scope="module")
def answers(expected):
    """By dimension and value: won, lost, open, revenue and mean cycle as the independent calculation printed them."""
    text = expected("maven")
    found: dict[str, dict[str, tuple]] = {}
    for name in DIMENSIONS:
        block = re.search(rf"^-- {name} .*\n((?:  .*\n)+)", text, re.MULTILINE)[1]
        for line in block.splitlines():
            label, numbers = line[:25].strip(), line[25:].split()
            won, lost, still_open, _, revenue, _, cycle = numbers
            found.setdefault(name, {})[label] = (int(won), int(lost), int(still_open), Decimal(revenue), cycle)
    return found


def test_the_file_as_a_whole(warehouse):
    won, lost, revenue, cycle, lost_cycle = warehouse.execute(
        "select sum(won), sum(lost), sum(won_amount), sum(won_cycle_days_sum), sum(lost_cycle_days_sum) from marts.sales_performance"
    ).fetchone()
    assert (won, lost, revenue) == (4238, 2473, Decimal("10005534.00"))
    assert f"{cycle / won:.4f}" == "51.7820"
    assert f"{lost_cycle / lost:.4f}" == "41.4792"
    assert f"{won / (won + lost):.4f}" == "0.6315"


@pytest.mark.parametrize("dimension", DIMENSIONS)
def test_wins_losses_revenue_and_cycle_by(dimension, warehouse, answers):
    rows = warehouse.execute(
        f"select {DIMENSIONS[dimension]}, sum(won), sum(lost), sum(won_amount), sum(won_cycle_days_sum) from marts.sales_performance group by 1"
    ).fetchall()
    ours = {name: (won, lost, amount, f"{days / won:.2f}") for name, won, lost, amount, days in rows}
    theirs = {
        name: (won, lost, revenue, cycle)
        for name, (won, lost, _, revenue, cycle) in answers[dimension].items()
        if won + lost
    }
    assert ours == theirs


def test_wins_and_revenue_by_month(warehouse, expected):
    text = expected("maven").split("-- month")[1].splitlines()[1:11]
    theirs = {line.split()[0]: (int(line.split()[1]), Decimal(line.split()[2]), int(line.split()[3])) for line in text}
    rows = warehouse.execute(
        "select month, sum(won), sum(won_amount), sum(lost) from marts.sales_performance where won + lost > 0 group by 1"
    ).fetchall()
    assert {f"{month:%Y-%m}": (won, amount, lost) for month, won, amount, lost in rows} == theirs


@pytest.mark.parametrize(("level", "dimension"), [("rep", "agent"), ("manager", "manager"), ("team", "office")])
def test_the_win_rate_of_levels_is_won_of_decided(level, dimension, warehouse, answers):
    rows = warehouse.execute(
        "select level_name, sum(won), sum(lost) from marts.sales_performance_levels where level = ? group by 1", [level]
    ).fetchall()
    ours = {name: (won, lost) for name, won, lost in rows if won + lost}
    assert ours == {name: values[:2] for name, values in answers[dimension].items() if values[0] + values[1]}


def test_open_deals_have_no_amount_and_are_listed(warehouse):
    deals, amount = warehouse.execute(
        "select open_deals, open_amount from marts.pipeline_forecast where level = 'company' and period = 'all' and reporting_date = '2017-12-31'"
    ).fetchone()
    assert (deals, amount) == (2089, Decimal(0))
    listed = warehouse.execute(
        "select count(*) from core.opportunity_findings where finding = 'open_without_amount'"
    ).fetchone()[0]
    assert listed == 2089


@pytest.mark.slow
def test_open_deals_at_list_price_when_asked_for(run_project, expected):
    warehouse = run_project(
        "maven_crm", "maven_crm", FILES, "--set", "company_currency=USD", "--set", "amount_fallback=list_price"
    )
    by_stage = re.search(r"at list price ([\d.]+)", expected("maven"))[1]
    amount = warehouse.execute(
        "select open_amount from marts.pipeline_forecast where level = 'company' and period = 'all' and reporting_date = '2017-12-31'"
    ).fetchone()[0]
    assert amount == Decimal(by_stage) == Decimal(4966215)


def test_won_in_the_quarter_by_the_forecast_is_the_quarters_revenue(warehouse):
    won = warehouse.execute(
        "select won_amount from marts.pipeline_forecast where level = 'company' and period = '2017-Q4' and reporting_date = '2017-12-31'"
    ).fetchone()[0]
    assert won == Decimal(731980) + Decimal(938943) + Decimal(1131573)


def test_american_dates_give_the_same_deals(real_data, tmp_path):
    contracts = load_contracts()
    mapping = read_mapping(PROJECTS / "maven_crm" / "mapping.yml", contracts)
    rows = {}
    for file in ("sales_pipeline.csv", "sales_pipeline_mdy.csv"):
        folder = tmp_path / file.removesuffix(".csv")
        report = ingest(real_data / "maven_crm" / file, folder, contracts, mapping)
        assert [(entry.rows_read, entry.rejected) for entry in report.files] == [(8800, 0)], report.problems
        import duckdb

        with duckdb.connect(str(folder / "raw.duckdb"), read_only=True) as connection:
            rows[file] = connection.execute(
                "select * exclude (_file_id, _row_number) from custom.opportunities order by all"
            ).fetchall()
    assert rows["sales_pipeline.csv"] == rows["sales_pipeline_mdy.csv"]
    assert len(rows["sales_pipeline.csv"]) == 8800
