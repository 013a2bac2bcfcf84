"""How right forecasts were, over the past quarters of 20 simulated companies: error by method, and the range's honesty."""

from __future__ import annotations

import os
import shutil
import statistics
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import duckdb

from benchmarks.measure import once

SEEDS = int(os.environ.get("WANAMAKER_BENCH_SEEDS", "20"))
SCALE = 0.5
MONTHS = 36
MIDDLE = 6
PAST = 4
READ = (
    "users", "user_history", "accounts", "products", "opportunities", "opportunity_lines", "opportunity_history", "quotas",
    "销售目标", "forecast_submissions", "fx_rates",
)  # fmt: skip
METHODS = ("calibrated", "stage", "commit", "last_period", "last_year")
_WORK = """
out, data = Path({folder!r}) / "company", Path({folder!r}) / "data"
simulate(out, Wanted(seed={seed}, scale={scale}, months={months}))
for path in (out / "exports").iterdir():
    if path.stem[:-11] not in {read!r}:
        path.unlink()
data.mkdir()
request = Request(Settings(data=data), out / "exports")
ingest_step(request, lambda _: None)
result = build(data, request.settings.variables, select="+forecast_accuracy +pipeline_forecast", folder=Path({build!r}))
assert not result.failed, result.failed
"""
_SETUP = """
from pathlib import Path
from pipelines.flows import Request, ingest_step
from pipelines.settings import Settings
from pipelines.simulation import simulate
from pipelines.simulation.setting import Wanted
from pipelines.transform import build
"""


@dataclass(frozen=True)
class Landing:
    """A range stated for a quarter, and what came: weeks before the end, quarters of history, P10, P50, P90, outcome."""

    weeks: int
    history: int
    low: float
    middle: float
    high: float
    came: float

    @property
    def holds(self) -> bool:
        """Whether what came lies within the range."""
        return self.low <= self.came <= self.high


@dataclass(frozen=True)
class Company:
    """Errors and actuals by method in the middle of each quarter, and the ranges of every week."""

    errors: dict[str, dict[str, tuple[float, float]]]
    landings: list[Landing]


def measured(seed: int, folder: Path, build: Path) -> Company:
    """Simulate a company, forecast every week of its past and read how it went."""
    once(_WORK.format(folder=str(folder), seed=seed, scale=SCALE, months=MONTHS, read=READ, build=str(build)), _SETUP)
    with closing(duckdb.connect(str(build / "wanamaker.duckdb"), read_only=True)) as connection:
        return Company(_errors(connection), _landings(connection))


def _errors(connection: Any) -> dict[str, dict[str, tuple[float, float]]]:
    found: dict[str, dict[str, tuple[float, float]]] = defaultdict(dict)
    rows = connection.execute(
        "select method, period, error, actual_amount from marts.forecast_accuracy "
        "where period_kind = 'quarter' and level = 'company' and weeks_before_end = ?",
        [MIDDLE],
    ).fetchall()
    for method, period, error, actual in rows:
        found[method][period] = (float(error), float(actual))
    return dict(found)


def _landings(connection: Any) -> list[Landing]:
    rows = connection.execute("""
        with
        actuals as (
            select period, any_value(actual_amount) as came, dense_rank() over (order by any_value(period_ends_on)) - 1 as history
            from marts.forecast_accuracy
            where period_kind = 'quarter' and level = 'company'
            group by period
        )
        select date_diff('day', reporting_date, period_ends_on) // 7, history, landing_p10, landing_p50, landing_p90, came
        from marts.pipeline_forecast
        inner join actuals using (period)
        where level = 'company' and landing_p50 is not null and reporting_date < period_ends_on
    """).fetchall()
    return [Landing(int(week), int(history), *map(float, amounts)) for week, history, *amounts in rows]


def wape(errors: dict[str, tuple[float, float]], periods: Iterable[str]) -> float:
    """Sum of absolute errors ÷ sum of what came."""
    pairs = [errors[period] for period in periods]
    return sum(abs(error) for error, _ in pairs) / sum(actual for _, actual in pairs)


def compared(company: Company) -> dict[str, float]:
    """WAPE of each method over the quarters that all of them forecast."""
    common = set.intersection(*(set(company.errors[method]) for method in METHODS))
    return {method: wape(company.errors[method], sorted(common)) for method in METHODS}


def share(landings: list[Landing]) -> str:
    """How many outcomes lie within their range."""
    within = sum(landing.holds for landing in landings)
    below, above = sum(item.came < item.low for item in landings), sum(item.came > item.high for item in landings)
    rate = Fraction(within, len(landings)) if landings else Fraction(0)
    return f"{float(rate):6.1%} of {len(landings):>5}   (below P10 {below}, above P90 {above})"


def main() -> None:
    """Print the error of each method in the middle of a quarter, and how many outcomes lie between P10 and P90."""
    companies = []
    with tempfile.TemporaryDirectory() as base:
        for seed in range(1, SEEDS + 1):
            folder = Path(base) / "one"
            companies.append(measured(seed, folder, Path(base) / "build"))
            shutil.rmtree(folder)
            print(".", end="", file=sys.stderr, flush=True)
    errors = [compared(company) for company in companies]
    print(
        f"\nforecasts of {SEEDS} companies of scale {SCALE:g}, {MONTHS} months, {MIDDLE} weeks before a quarter's end"
    )
    for method in METHODS:
        rates = [error[method] for error in errors]
        closer = sum(error["calibrated"] < error[method] for error in errors)
        beside = "" if method == "calibrated" else f"; calibrated is closer in {closer} of {SEEDS}"
        print(
            f"  {method:<12} WAPE {statistics.mean(rates):6.1%}   (from {min(rates):.1%} to {max(rates):.1%}{beside})"
        )
    everything = [landing for company in companies for landing in company.landings]
    known = [landing for landing in everything if landing.history >= PAST]
    print(f"outcomes between P10 and P90 (aim 80 %, accepted 70 to 90 %), at least {PAST} quarters of history")
    print(f"  each whole week before the end {share([item for item in known if item.weeks > 0])}")
    for week in (12, 9, MIDDLE, 3, 1):
        print(f"  {week:>2} weeks before the end         {share([item for item in known if item.weeks == week])}")
    print(f"  in the last six days           {share([item for item in known if item.weeks == 0])}")
    print(f"  with less history              {share([item for item in everything if item.history < PAST])}")


if __name__ == "__main__":
    main()
