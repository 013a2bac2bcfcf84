"""Nothing known later enters a forecast: exports cut at a day, and a snapshot of that day, say what accuracy says.

Quarters of a fiscal year that begins in May end on 31 July 2026, a Friday; two weeks before it lies one of those on
which the simulated company exports its deals. Submissions are for quarters of the calendar, so none is for such a quarter.
"""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.flows import Request, ingest_step
from pipelines.settings import Settings
from pipelines.simulation import simulate
from pipelines.simulation.setting import Wanted
from pipelines.transform import build

pytestmark = pytest.mark.slow

DAY = date(2026, 7, 17)
WEEKS = 2
PERIODS = ("2026-07", "2027-Q1")
METHODS = {
    "stage": "stage_weighted_amount",
    "calibrated": "calibrated_amount",
    "commit": "commit_amount",
    "best_case": "best_case_amount",
    "submitted": "submitted_commit_amount",
}
# exported on the last day alone: what had happened by the day, as an export of that day would have told it
CUT = {
    "opportunity_history": "changed_at",
    "forecast_submissions": "submitted_at",
    "user_history": "valid_from_on",
    "fx_rates": "rate_on",
    "products": None,
    "users": None,
}
READ = (*CUT, "opportunities", "opportunity_lines", "accounts", "销售目标")
MARTS = {
    "pipeline_forecast": "marts",
    "forecast_accuracy": "marts",
    "commit_hits": "marts",
    "pipeline_movements": "core",
    "expected_demand": "core",
}

Rows = dict[str, set[tuple[Any, ...]]]
Ask = Callable[..., list[tuple[Any, ...]]]


def cut(source: Path, target: Path, column: str | None) -> None:
    """Copy the records of an export that had happened by the day."""
    with source.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    with target.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]))
        writer.writeheader()
        writer.writerows(row for row in rows if column is None or row[column][:10] <= DAY.isoformat())


def exported_on(path: Path) -> date:
    return date.fromisoformat(path.stem[-10:])


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """All exports up to the end of August, with those of the last day told on the day too; and what of them was there then."""
    base = tmp_path_factory.mktemp("then")
    simulate(base, Wanted(seed=3, scale=0.1))
    whole, then = base / "exports", base / "then"
    then.mkdir()
    for path in list(whole.iterdir()):
        table = path.stem[:-11]
        if table not in READ:
            path.unlink()
        elif table in CUT and exported_on(path) > DAY:
            cut(path, whole / f"{table}_{DAY}.csv", CUT[table])
        elif table == "销售目标":
            shutil.copy(path, whole / f"{table}_{DAY}.xlsx")
    for path in whole.iterdir():
        if exported_on(path) <= DAY:
            shutil.copy(path, then)
    assert len(list(whole.glob("opportunities_*"))) > len(list(then.glob("opportunities_*"))) > 5
    return {"whole": whole, "then": then}


@pytest.fixture(scope="module")
def asked(folders: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Ask]:
    """The marts of everything, of what was exported by the day, and of everything as of the day and known on it."""
    found: dict[str, Ask] = {}
    snapshots = {"now": {}, "as_of": {"as_of_date": str(DAY)}}
    snapshots["known"] = snapshots["as_of"] | {"known_at": f"{DAY}T23:59:59"}
    for name, (folder, variables) in {
        **{name: ("whole", variables) for name, variables in snapshots.items()},
        "cut": ("then", snapshots["as_of"]),
    }.items():
        data = folders[folder].parent / f"data_{folder}"
        data.mkdir(exist_ok=True)
        request = Request(Settings(data=data, fiscal_year_start_month=5), folders[folder])
        if not (data / "raw.duckdb").exists():
            ingest_step(request, lambda _: None)
        select = " ".join(f"+{mart}" for mart in MARTS)
        target = tmp_path_factory.mktemp(name)
        result = build(data, request.settings.variables | variables, select=select, folder=target)
        assert not result.failed, result.failed
        found[name] = asking(result.path)
    return found


def asking(path: Path) -> Ask:
    def ask(sql: str, *values: Any) -> list[tuple[Any, ...]]:
        with closing(duckdb.connect(str(path), read_only=True)) as connection:
            return connection.execute(sql, list(values)).fetchall()

    return ask


def rows_of(ask: Ask) -> Rows:
    """Every mart, without the place in a file that a row was read from."""
    left_out = "exclude (file_id, row_number)"
    return {
        mart: set(ask(f"select * {left_out if mart == 'pipeline_movements' else ''} from {schema}.{mart}"))
        for mart, schema in MARTS.items()
    }


@pytest.mark.parametrize("mart", MARTS)
def test_what_was_known_on_a_day_is_a_run_on_the_exports_cut_at_that_day(asked: dict[str, Ask], mart: str) -> None:
    then, known = rows_of(asked["cut"])[mart], rows_of(asked["known"])[mart]
    assert then
    assert then ^ known == set()


ON_THE_DAY = {
    "forecasts": f"select * from marts.pipeline_forecast where reporting_date = '{DAY}'",
    "accuracy": "select * from marts.forecast_accuracy",
    "commit": "select * from marts.commit_hits",
    "pipeline": (
        "select opportunity_id, owner_id, month, sum(amount) from core.pipeline_movements "
        "group by all having sum(amount) <> 0"
    ),
}


@pytest.mark.parametrize("query", ON_THE_DAY.values(), ids=ON_THE_DAY)
def test_what_is_told_after_a_day_changes_nothing_of_how_that_day_stood(asked: dict[str, Ask], query: str) -> None:
    """Days before it may gain: a later change tells what held before it (METRICS §4)."""
    then, later = set(asked["cut"](query)), set(asked["as_of"](query))
    assert then
    assert then ^ later == set()


@pytest.mark.parametrize(
    ("period", "method"),
    [(period, method) for period in PERIODS for method in METHODS if (period, method) != ("2027-Q1", "submitted")],
)
def test_accuracy_holds_the_forecast_that_a_run_of_that_day_made(
    asked: dict[str, Ask], period: str, method: str
) -> None:
    column = METHODS[method]
    made = asked["cut"](
        f"select level, level_id, {column} from marts.pipeline_forecast "
        f"where reporting_date = ? and period = ? and {column} <> 0",
        DAY,
        period,
    )
    held = asked["now"](
        "select level, level_id, forecast_amount from marts.forecast_accuracy "
        "where reporting_date = ? and weeks_before_end = ? and period = ? and method = ? and forecast_amount <> 0",
        DAY,
        WEEKS,
        period,
        method,
    )
    assert made
    assert set(made) ^ set(held) == set()
    came = asked["now"](
        "select max(actual_amount) from marts.forecast_accuracy where period = ? and level = 'company'", period
    )
    assert came[0][0] != max(amount for level, _, amount in held if level == "company")
