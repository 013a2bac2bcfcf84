"""The cash forecast of past weeks beside "everyone pays on the due date", on a simulated company and on real invoices.

For each reporting date of the year to the last day, and each of the 13 weeks after it that is over: what was expected then,
what would come if everyone paid on the due date (what is overdue: at once), and what came. The error is WAPE: the sum of
absolute errors over the sum of what came.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Any

import duckdb

from benchmarks.measure import ROOT
from pipelines.flows import Request, ingest_step
from pipelines.settings import load_settings
from pipelines.simulation import Wanted, simulate
from pipelines.transform import build

REAL = Path(os.environ.get("WANAMAKER_REAL_DATA", ROOT.parent / "shared" / "data")) / "ibm_ar"
LAST_DAY = "2013-11-30"
HORIZONS = """
    with weeks as (
        from marts.cash_forecast_accuracy
        select *, case when week_number = 1 then 'week 1' when week_number <= 4 then 'weeks 2–4' else 'weeks 5–13' end as weeks
    )
    select coalesce(weeks, 'all 13 weeks'),
           sum(abs(error)) / sum(actual_amount), sum(abs(due_day_error)) / sum(actual_amount),
           sum(error) / sum(actual_amount), sum(due_day_error) / sum(actual_amount),
           avg(is_within_range::int), count(*)
    from weeks group by rollup (weeks) order by grouping(weeks), weeks
"""


def main() -> None:
    """Print the errors of both by weeks ahead; the real invoices where they lie."""
    with tempfile.TemporaryDirectory() as folder:
        base = Path(folder)
        simulate(base / "company", Wanted(seed=2))
        show("a simulated company", accuracy(base / "simulated", base / "company" / "exports"))
        if REAL.is_dir():
            mapping = ROOT / "tests" / "real" / "ibm_receivables" / "mapping.yml"
            found = accuracy(base / "real", REAL, mapping, as_of_date=LAST_DAY, company_currency="USD")
            show(f"IBM's receivables, to {LAST_DAY}", found)
        else:
            print(f"\nno real invoices at {REAL}: set WANAMAKER_REAL_DATA")


def accuracy(data: Path, exports: Path, mapping: Path | None = None, **settings: str) -> list[tuple[Any, ...]]:
    """Build the forecast of a folder of exports and give its errors by weeks ahead."""
    data.mkdir()
    request = Request(load_settings(data=data, **settings), exports, mapping=mapping)
    ingest_step(request, lambda _: None)
    built = build(data, request.settings.variables, select="+cash_forecast_accuracy")
    assert not built.failed, built.failed
    with duckdb.connect(str(data / "build" / "wanamaker.duckdb"), read_only=True) as connection:
        return connection.execute(HORIZONS).fetchall()


def show(title: str, rows: list[tuple[Any, ...]]) -> None:
    """Print one table."""
    print(f"\n{title}: error of the forecast beside 'everyone pays on the due date'", flush=True)
    for weeks, error, due_day_error, bias, due_day_bias, within, count in rows:
        print(
            f"  {weeks:<13} {error:6.1%} beside {due_day_error:6.1%}   bias {bias:+6.1%} beside "
            f"{due_day_bias:+6.1%}   {within:4.0%} within P10 to P90   {count} forecasts",
            flush=True,
        )


if __name__ == "__main__":
    main()
