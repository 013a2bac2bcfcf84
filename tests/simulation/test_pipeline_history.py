"""Any day's pipeline, rebuilt from its movements, is what the simulated company's deals truly were on that day.

Before its first export only a field's later change tells what a deal was (METRICS §4): an amount or close date that
nothing tells is not known then, so it is none of the true pipeline that can be rebuilt.
"""

from __future__ import annotations

import csv
from bisect import bisect_right
from collections import defaultdict
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.flows import Request, ingest_step
from pipelines.settings import Settings
from pipelines.simulation import simulate
from pipelines.simulation.setting import Wanted
from pipelines.transform import build
from tests.oracle.company import Company
from tests.oracle.exports import Exports

pytestmark = pytest.mark.slow

UNTIL = date(2026, 8, 31)
# field history reaches back 18 months; what no change since tells was shown by the next month-end's export
SINCE = date(2025, 3, 31)
OPEN = {"Prospecting", "Qualification", "Needs Analysis", "Proposal", "Negotiation"}
Standing = dict[str, tuple[str | None, str | None, Decimal]]


@dataclass
class World:
    """The truth beside what the pipeline makes of the exports."""

    company: Company
    built: Path
    truth: dict[tuple[str, str], tuple[list[datetime], list[str]]]
    currencies: dict[str, str]
    first_exports: dict[str, date]
    changed: set[tuple[str, str]]

    def _is_told(self, deal: str, field: str, day: date) -> bool:
        return day >= self.first_exports.get(deal, date.max) or (deal, field) in self.changed

    def _was(self, deal: str, field: str, day: date) -> str | None:
        moments, values = self.truth.get((deal, field), ([], []))
        place = bisect_right(moments, datetime.combine(day + timedelta(days=1), datetime.min.time()) - timedelta(0, 1))
        return (values[place - 1] or None) if place else None

    def true_pipeline(self, day: date) -> Standing:
        """Owner, month of the close date and amount of every open deal that has one."""
        found = {}
        for deal, currency in self.currencies.items():
            amount = self._was(deal, "amount", day)
            if self._was(deal, "stage", day) in OPEN and amount and self._is_told(deal, "amount", day):
                close_on = self._was(deal, "close_on", day) if self._is_told(deal, "close_on", day) else None
                converted = self.company.converted(Decimal(amount), currency, day)
                assert converted is not None
                month = f"{close_on[:7]}-01" if close_on else None
                found[f"custom:{deal}"] = (f"custom:{self._was(deal, 'owner_id', day)}", month, converted)
        return found

    def rebuilt(self, day: date) -> Standing:
        """The same as the sum of all movements up to the day."""
        rows = self.ask(
            "select opportunity_id, owner_id, month::varchar, sum(amount) from core.pipeline_movements "
            "where moved_on <= ? group by all having sum(amount) <> 0",
            day,
        )
        assert len({row[0] for row in rows}) == len(rows), "a deal stands in two places at once"
        return {deal: (owner, month, amount) for deal, owner, month, amount in rows}

    def teams(self, day: date) -> dict[str, str | None]:
        """The team of everybody on the day."""
        sql = "select owner_id, team from core.rep_spans where valid_from_on <= ? and valid_until_on > ?"
        return dict(self.ask(sql, day, day))

    def ask(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        """Rows of what was built."""
        with closing(duckdb.connect(str(self.built), read_only=True)) as connection:
            return connection.execute(sql, list(values)).fetchall()


def records(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    """A flawless company without lines of deals, whose amounts every third month alone would tell."""
    out = tmp_path_factory.mktemp("history")
    simulate(out, Wanted(seed=7, scale=0.1, noise=0, until=UNTIL))
    for path in (out / "exports").glob("opportunity_lines*"):
        path.unlink()
    data = out / "data"
    data.mkdir()
    request = Request(Settings(data=data), out / "exports")
    ingest_step(request, lambda _: None)
    result = build(data, request.settings.variables, select="+pipeline_movements +rep_spans")
    assert not result.failed, result.failed
    truth: dict[tuple[str, str], tuple[list[datetime], list[str]]] = defaultdict(lambda: ([], []))
    for row in records(out / "truth" / "opportunity_states.csv"):
        moments, values = truth[row["opportunity_id"], row["field"]]
        moments.append(datetime.fromisoformat(row["from_at"]))
        values.append(row["value"])
    currencies = {row["opportunity_id"]: row["currency"] for row in records(out / "truth" / "opportunities.csv")}
    first_exports: dict[str, date] = {}
    for path in sorted((out / "exports").glob("opportunities_*"), reverse=True):
        first_exports |= {row["opportunity_id"]: date.fromisoformat(path.stem[-10:]) for row in records(path)}
    (history,) = (out / "exports").glob("opportunity_history_*")
    changed = {(row["opportunity_id"], row["field"]) for row in records(history)}
    company = Company(Exports(out / "exports"))
    return World(company, result.path, dict(truth), currencies, first_exports, changed)


def test_any_day_rebuilt_from_movements_is_the_true_pipeline(world: World) -> None:
    @settings(max_examples=40, deadline=None, derandomize=True)
    @given(st.dates(SINCE, UNTIL))
    def holds(day: date) -> None:
        true, rebuilt = world.true_pipeline(day), world.rebuilt(day)
        assert len(true) > 10
        different = {deal for deal in true.keys() | rebuilt.keys() if true.get(deal) != rebuilt.get(deal)}
        assert {deal: (true.get(deal), rebuilt.get(deal)) for deal in different} == {}

    holds()


def test_the_team_is_that_of_the_day(world: World) -> None:
    history = world.company.rows("user_history")
    changed = {row["user_id"] for row in history if row["valid_from_on"] > SINCE}
    assert changed, "nobody changed teams, so nothing would be seen"

    @settings(max_examples=40, deadline=None, derandomize=True)
    @given(st.dates(SINCE, UNTIL))
    def holds(day: date) -> None:
        known = world.teams(day)
        for user in {row["user_id"] for row in history}:
            stood = [row for row in history if row["user_id"] == user and row["valid_from_on"] <= day]
            if stood:
                assert known[user] == max(stood, key=lambda row: row["valid_from_on"])["team"]

    holds()
