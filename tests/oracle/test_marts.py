"""Every mart of the simulated company, to the cent, against a second calculation that shares nothing with the models."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.flows import Request, build_step, failure_words, ingest_step
from pipelines.settings import Settings
from tests.oracle.compare import Mart
from tests.oracle.marts import CALCULATIONS, Oracle

MARTS = pytest.mark.parametrize("mart", CALCULATIONS, ids=lambda mart: mart.name)
EMPTY = {"registrations_waiting"}  # in so small a company nobody waits


@dataclass
class Built:
    """A simulated company, its marts and the oracle over its exports."""

    exports: Path
    data: Path
    as_of: date | None = None

    @cached_property
    def oracle(self) -> Oracle:
        """The oracle over its exports, told which leads are one person's (tests/simulation proves that)."""
        with closing(duckdb.connect(str(self.data / "build" / "wanamaker.duckdb"), read_only=True)) as connection:
            clusters = connection.execute("select lead_id, cluster_id from marts.lead_duplicates").fetchall()
        return Oracle(self.exports, dict(clusters), self.as_of)

    def rows(self, mart: Mart) -> dict[tuple[Any, ...], dict[str, Any]]:
        """What the pipeline published."""
        columns = ", ".join(f'"{name}"' for name in mart.columns)
        with closing(duckdb.connect(str(self.data / "build" / "wanamaker.duckdb"), read_only=True)) as connection:
            return mart.rows(
                connection.execute(f"select {columns} from {mart.schema}.{mart.name} where {mart.where}").fetchall()
            )

    def landings(self, day: date, period: str) -> dict[tuple[str, str], tuple[Any, ...]]:
        """P10, P50 and P90 of each level row of a period that has them."""
        sql = (
            "select level, level_id, landing_p10, landing_p50, landing_p90 from marts.pipeline_forecast "
            "where reporting_date = ? and period = ? and landing_p50 is not null"
        )
        with closing(duckdb.connect(str(self.data / "build" / "wanamaker.duckdb"), read_only=True)) as connection:
            return {
                (level, name): tuple(rest) for level, name, *rest in connection.execute(sql, [day, period]).fetchall()
            }

    def check(self, mart: Mart, *, may_be_empty: bool = False) -> None:
        """Compare a whole mart."""
        published = self.rows(mart)
        assert published or may_be_empty, f"{mart.name} is empty"
        report = mart.report(CALCULATIONS[mart](self.oracle), published)
        assert not report, report


Company = Callable[..., Built]


@pytest.fixture(scope="module")
def simulated(tmp_path_factory: pytest.TempPathFactory) -> Company:
    """Simulate a company and run the pipeline on it, once for the same arguments."""
    built: dict[tuple[Any, ...], Built] = {}

    def build(*arguments: str, as_of: date | None = None) -> Built:
        key = (*arguments, as_of)
        if key not in built:
            folder = tmp_path_factory.mktemp("company")
            exports, data = folder / "exports", folder / "data"
            command = [str(Path(sys.executable).with_name("wanamaker")), "simulate", str(folder), *arguments]
            subprocess.run(command, check=True, capture_output=True)
            data.mkdir()
            request = Request(Settings(data=data, as_of_date=as_of), exports)
            report = ingest_step(request, lambda _: None)
            assert not report.problems, report.problems
            result = build_step(request)
            assert not result.failed, failure_words(result)
            built[key] = Built(exports, data, as_of)
        return built[key]

    return build


@pytest.mark.slow
@MARTS
def test_a_small_company_ties_to_the_cent(simulated, mart):
    simulated("--seed", "1", "--scale", "0.05").check(mart, may_be_empty=mart.name in EMPTY)


@pytest.mark.slow
@MARTS
def test_what_came_later_does_not_show_on_an_earlier_day(simulated, mart):
    simulated("--seed", "1", "--scale", "0.05", as_of=date(2026, 3, 17)).check(mart, may_be_empty=mart.name in EMPTY)


@pytest.mark.slow
@pytest.mark.parametrize("weeks_ago", [0, 10, 40])
def test_landings_lie_within_a_step_of_a_finer_grid(simulated, weeks_ago):
    company = simulated("--seed", "1", "--scale", "0.05")
    forecasts = company.oracle.forecasts
    days = [*company.oracle.company.week_ends, company.oracle.company.as_of]
    day = days[-1 - weeks_ago]
    (period,) = [one for one in company.oracle.company.periods(day, day + timedelta(days=92)) if one.kind == "quarter"][
        :1
    ]
    expected = forecasts.landings(day, period)
    stated = company.landings(day, period.name)
    assert ("company", "company") in stated
    assert len(stated) > 5
    for level, quantiles in stated.items():
        known, step = expected[level]
        for ours, theirs in zip(quantiles, known, strict=True):
            assert abs(float(ours) - theirs) <= 2 * step + 0.01, (level, quantiles, known, step)


@pytest.mark.slow
@MARTS
@pytest.mark.parametrize("seed", ["1", "2", "3"])
def test_a_whole_company_ties_to_the_cent(simulated, seed, mart):
    simulated("--seed", seed).check(mart)


@pytest.mark.slow
@MARTS
def test_ten_times_the_noise_changes_nothing_about_it(simulated, mart):
    simulated("--seed", "1", "--noise", "10").check(mart)
