"""IBM receivables: every invoice is paid, so each past day's aging must be rebuilt from the ledger."""

from __future__ import annotations

import ast
import re
from decimal import Decimal

import duckdb
import pytest

FILES = ["WA_Fn-UseC_-Accounts-Receivable.csv"]
LISTED = ["2012-06-30", "2012-12-31", "2013-06-22", "2013-06-30", "2013-11-30"]
SLOW = [pytest.param(day, marks=pytest.mark.slow) for day in LISTED if day != "2013-06-22"]
DAYS = ["2013-06-22", *SLOW]


@pytest.fixture(scope="module")
def answers(expected):
    """For each listed day: the numbers the independent calculation found."""
    found = {}
    for line, top in re.findall(r"^AS OF (.*)\n\s+top customers (.*)$", expected("ibm_ar"), re.MULTILINE):
        day = line[:10]
        found[day] = {
            "open": Decimal(re.search(r"amount ([\d.]+)", line)[1]),
            "count": int(re.search(r"open (\d+)", line)[1]),
            "buckets": ast.literal_eval(re.search(r"(\{.*?\})", line)[1]),
            "overdue": Decimal(re.search(r"overdue ([\d.]+)", line)[1]),
            "disputed": Decimal(re.search(r"disputed open ([\d.]+)", line)[1]),
            "dso": float(re.search(r"DSO90 ([\d.]+)", line)[1]),
            "sales": Decimal(re.search(r"sales ([\d.]+)", line)[1]),
            "top": ast.literal_eval(top),
        }
    assert sorted(found) == LISTED
    return found


@pytest.fixture(scope="module")
def warehouses(run_project):
    """The warehouse as of the last listed day, and as of the one that is no month-end."""

    def run(day):
        return run_project("ibm_receivables", "ibm_ar", FILES, "--as-of", day, "--set", "company_currency=USD")

    class Warehouses(dict):
        def __missing__(self, day):
            built = run(day if day == "2013-06-22" else "2013-11-30")
            self.update(
                {"2013-06-22": built}
                if day == "2013-06-22"
                else {each: built for each in LISTED if each != "2013-06-22"}
            )
            return built

    return Warehouses()


BUCKETS = {
    "current": ["not_due"],
    "1-30": ["1-30"],
    "31-60": ["31-60"],
    "61-90": ["61-90"],
    "90+": ["91-180", "181-365", "365+"],
}


@pytest.mark.parametrize("day", DAYS)
def test_the_aging_of_a_past_day_is_what_was_open_then(day, answers, warehouses):
    rows = dict(
        warehouses[day]
        .execute(
            "select bucket, sum(amount) from marts.receivables_aging where reporting_date = ? and basis = 'due' group by 1",
            [day],
        )
        .fetchall()
    )
    answer = answers[day]
    for theirs, ours in BUCKETS.items():
        amount = sum((rows.get(bucket, Decimal(0)) for bucket in ours), Decimal(0))
        assert amount == Decimal(str(answer["buckets"][theirs][1])), theirs
    assert sum(rows.values()) == answer["open"]


@pytest.mark.parametrize("day", DAYS)
def test_the_aging_by_invoice_date_has_the_same_total(day, answers, warehouses):
    total = (
        warehouses[day]
        .execute(
            "select sum(amount) from marts.receivables_aging where reporting_date = ? and basis = 'invoice'", [day]
        )
        .fetchone()[0]
    )
    assert total == answers[day]["open"]


@pytest.mark.parametrize("day", DAYS)
def test_days_sales_outstanding_and_overdue(day, answers, warehouses):
    dso, overdue, balance, disputed, sales = (
        warehouses[day]
        .execute(
            "select dso, overdue_amount, balance_amount, disputed_amount, credit_sales_amount from marts.receivables_kpis where reporting_date = ?",
            [day],
        )
        .fetchone()
    )
    answer = answers[day]
    assert round(float(dso), 4) == answer["dso"]
    assert (overdue, balance, disputed, sales) == (
        answer["overdue"],
        answer["open"],
        answer["disputed"],
        answer["sales"],
    )


@pytest.mark.parametrize("day", ["2013-06-22", SLOW[-1]])
def test_the_largest_debtors_and_the_number_of_open_items(day, answers, warehouses):
    connection: duckdb.DuckDBPyConnection = warehouses[day]
    top = connection.execute(
        "select account_name, sum(balance_amount) as b from marts.receivables_open_items group by 1 order by b desc, 1 limit 3"
    ).fetchall()
    assert [(name, float(amount)) for name, amount in top] == answers[day]["top"]
    count = connection.execute("select count(*) from marts.receivables_open_items").fetchone()[0]
    assert count == answers[day]["count"]
    by_bucket = dict(
        connection.execute("select bucket, count(*) from marts.receivables_open_items group by 1").fetchall()
    )
    for theirs, ours in BUCKETS.items():
        assert sum(by_bucket.get(bucket, 0) for bucket in ours) == answers[day]["buckets"][theirs][0], theirs


def test_every_open_item_leads_to_its_file_and_record(warehouses):
    names = (
        warehouses["2013-06-22"]
        .execute(
            "select distinct files.name from marts.receivables_open_items as items left join meta.files as files using (file_id)"
        )
        .fetchall()
    )
    assert names == [(FILES[0],)]
