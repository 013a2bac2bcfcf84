"""Records that are several rows, lines that are none, and what a header says beside its name."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.contracts import Contracts
from tests.pipeline.conftest import contracts_of
from tests.pipeline.project import Project, ties

CONTRACT = r"""
sources:
  - name: press
    config: {meta: {vendor: Press, total_rows: ["sum( of .*)?"]}}
    tables:
      - name: adverts
        config:
          meta:
            files: ["adverts*"]
            load: replace
            range: seen_on
            preamble:
              - {pattern: "^from (?P<since>.*) to (?P<until>.*)$", sets: range}
              - {pattern: "^in ([A-Z]{3})$", sets: currency}
              - {pattern: "^made on (.*)$", sets: exported_at}
              - {pattern: "^for ever$", refuse: it has no days}
            spread: {day: seen_on, since: since_on, until: until_on, columns: [cost, views], mark: is_spread}
        columns:
          - {name: seen_on, data_type: date, config: {meta: {required: true}}}
          - {name: since_on, data_type: date, config: {meta: {headers: [Since]}}}
          - {name: until_on, data_type: date, config: {meta: {headers: [Until]}}}
          - {name: is_spread, data_type: boolean}
          - {name: paper, data_type: varchar, config: {meta: {required: true}}}
          - {name: cost, data_type: "decimal(18,6)", config: {meta: {required: true, currency_from_header: true, scale: {cost_micros: -6}}}}
          - {name: views, data_type: bigint}
          - {name: currency, data_type: varchar}
      - name: readers
        config: {meta: {files: ["readers*"], key: [reader_id]}}
        columns:
          - {name: name, data_type: varchar, config: {meta: {expected: true}}}
          - {name: town, data_type: varchar}
          - {name: reader_id, data_type: varchar, config: {meta: {required: true, made_of: [town, name]}}}
      - name: reader_papers
        config: {meta: {key: [reader_id, paper], beside: readers}}
        columns:
          - {name: reader_id, data_type: varchar, config: {meta: {required: true}}}
          - {name: paper, data_type: varchar, config: {meta: {headers: [Papers], required: true, split: ";"}}}
      - name: reader_years
        config:
          meta:
            key: [reader_id, year]
            beside: readers
            unpivot: {headers: "copies in (\\d+)", name: year, value: copies}
        columns:
          - {name: reader_id, data_type: varchar, config: {meta: {required: true}}}
          - {name: year, data_type: varchar, config: {meta: {required: true}}}
          - {name: copies, data_type: bigint, config: {meta: {required: true, minimum: 0}}}
"""


@pytest.fixture
def press(tmp_path: Path) -> Project:
    return Project(tmp_path, contracts_of(CONTRACT, tmp_path))


def test_a_line_above_the_header_sets_range_currency_and_day_of_export(press: Project) -> None:
    text = "from 2026-01-01 to 2026-01-03\nin USD\nmade on 2026-02-05 10:00\n\npaper,cost,views\nDaily,1.00,2\n"
    file = press.load_one("adverts.csv", text)
    assert (file.rows_read, file.loaded, file.skipped) == (3, 3, 3)
    assert press.rows("select exported_at_from, exported_at::varchar from registry.files") == [
        ("content", "2026-02-05 10:00:00")
    ]
    assert press.live("press.adverts", "seen_on::varchar, cost, views, is_spread, currency") == [
        ("2026-01-01", Decimal("0.340000"), 1, True, "USD"),
        ("2026-01-02", Decimal("0.330000"), 1, True, "USD"),
        ("2026-01-03", Decimal("0.330000"), 0, True, "USD"),
    ]


def test_a_range_that_only_begins_is_one_day(press: Project) -> None:
    press.load_one("adverts.csv", "Since,paper,cost\n2026-01-01,Daily,1.00\n")
    assert press.live("press.adverts", "seen_on::varchar, cost, is_spread") == [
        ("2026-01-01", Decimal("1.000000"), False)
    ]


def test_a_day_in_a_column_needs_no_range_and_heeds_no_refusal(press: Project) -> None:
    press.load_one("adverts.csv", "for ever\nseen_on,paper,cost\n2026-01-01,Daily,1.00\n")
    assert press.live("press.adverts", "seen_on::varchar, cost, is_spread") == [
        ("2026-01-01", Decimal("1.000000"), None)
    ]


def test_what_cannot_be_dated_is_refused_with_the_reason(press: Project) -> None:
    assert press.problem("adverts.csv", "for ever\npaper,cost\nDaily,1.00\n") == "'for ever': it has no days"


def test_a_range_is_checked_row_by_row(press: Project) -> None:
    text = "Since,Until,paper,cost\n2026-01-01,2026-01-02,Daily,2\n2026-01-02,2026-01-01,Daily,2\n,2026-01-01,Daily,2\n1990-01-01,2026-01-01,Daily,2\n"
    file = press.load_one("adverts.csv", text)
    assert (file.rows_read, file.loaded, file.rejected) == (5, 2, 3)
    assert [(column, reason) for _, column, _, reason in press.rejects()] == [
        ("Until", "is before the range begins"),
        ("Since", "is required and empty"),
        ("Until", "ends a range of more than 3,660 days"),
    ]


@pytest.mark.parametrize(
    ("header", "cell", "cost", "currency"),
    [
        ("Cost (USD)", "1.5", "1.500000", "USD"),
        ("cost（元）", "1.5", "1.500000", "CNY"),
        ("Cost [€]", "1.5", "1.500000", "EUR"),
        ("Cost (net)", "1.5", "1.500000", None),
        ("cost_micros", "1500000", "1.500000", None),
    ],
)
def test_a_header_says_currency_and_scale(
    press: Project, header: str, cell: str, cost: str, currency: str | None
) -> None:
    press.load_one("adverts.csv", f"seen_on,paper,{header}\n2026-01-01,Daily,{cell}\n")
    assert press.live("press.adverts", "cost, currency") == [(Decimal(cost), currency)]


def test_a_column_for_the_currency_outweighs_the_header(press: Project) -> None:
    press.load_one("adverts.csv", "seen_on,paper,Cost (USD),currency\n2026-01-01,Daily,1.5,EUR\n")
    assert press.live("press.adverts", "cost, currency") == [(Decimal("1.500000"), "EUR")]


def test_totals_and_footers_are_skipped_wherever_they_stand_and_kept_as_text(press: Project) -> None:
    text = "seen_on,paper,cost\nSum,,3\n2026-01-01,Daily,1\n2026-01-02,Sum,2\nSUM of all,,3\nSum of a footer\n"
    file = press.load_one("adverts.csv", text)
    assert (file.rows_read, file.loaded, file.rejected, file.skipped) == (2, 2, 0, 3)
    assert "total rows left out: Sum 3 | SUM of all 3 | Sum of a footer" in file.notes


def test_one_file_feeds_the_tables_beside_its_own(press: Project) -> None:
    text = "reader_id,name,Papers,Copies in 2024,Copies in 2025\n1,Ann,Daily; Weekly;Daily,3,\n2,Bo,,4,5\n3,Cy,Daily,-1,many\n"
    press.write("readers.csv", text)
    press.load()
    assert all(ties(file) for file in press.report.files)
    assert {file.table: (file.rows_read, file.loaded, file.rejected) for file in press.report.files} == {
        "readers": (3, 3, 0),
        "reader_papers": (3, 3, 0),
        "reader_years": (4, 3, 1),
    }
    assert press.live("press.reader_papers", "reader_id, paper") == [("1", "Daily"), ("1", "Weekly"), ("3", "Daily")]
    assert press.live("press.reader_years", "reader_id, year, copies") == [
        ("1", "2024", 3),
        ("2", "2024", 4),
        ("2", "2025", 5),
    ]
    assert press.rejects() == [
        (4, "Copies in 2024", "-1", "is below 0"),
        (4, "Copies in 2025", "many", "is not a number"),
    ]


def test_the_tables_beside_follow_the_newer_file(press: Project) -> None:
    press.deliver({"readers_2026-01-01.csv": "reader_id,name,Copies in 2025\n1,Ann,3\n"})
    press.deliver({"readers_2026-01-02.csv": "reader_id,name,Copies in 2025\n1,Ann,4\n"})
    assert press.live("press.reader_years", "reader_id, year, copies") == [("1", "2025", 4)]
    assert press.column("copies", "press.reader_years") == [3, 4]


def test_an_id_that_is_missing_is_made_of_other_columns(press: Project) -> None:
    file = press.load_one("readers.csv", "name,town\nAnn,Ulm\nBo,\n,\n")
    assert "reader_id made of town, name" in file.notes
    assert press.live("press.readers", "reader_id") == [("Bo",), ("Ulm / Ann",)]
    assert (file.loaded, file.rejected, file.skipped) == (2, 0, 1)


PRESS: dict[str, Contracts] = {}


@settings(deadline=None, max_examples=30, suppress_health_check=[HealthCheck.too_slow])
@given(
    cents=st.integers(-(10**13), 10**13),
    rest=st.integers(0, 9999),
    views=st.integers(0, 10**9),
    days=st.integers(1, 400),
)
def test_the_days_of_a_range_sum_to_the_range_and_differ_by_a_cent(
    cents: int, rest: int, views: int, days: int
) -> None:
    import tempfile

    import duckdb

    from pipelines.ingest.recipe import Recipe
    from pipelines.ingest.recognise import Layout
    from pipelines.ingest.rows import expanded

    with tempfile.TemporaryDirectory() as folder:
        contracts = PRESS.setdefault("press", contracts_of(CONTRACT, Path(folder)))
    table = contracts.table("press", "adverts")
    columns = {"since_on": 0, "until_on": 1, "paper": 2, "cost": 3, "views": 4}
    recipe = Recipe(table, Layout(",", ("Since", "Until", "paper", "cost", "views"), 1), columns, None, "adverts.csv")
    sign = -1 if cents < 0 else 1
    cost = Decimal(cents) / 100 + sign * Decimal(rest) / 1_000_000
    last = date(2026, 1, 1) + timedelta(days=days - 1)
    record = (
        f"(select null::date as seen_on, date '2026-01-01' as since_on, date '{last}' as until_on, false as is_spread, "
        f"'Daily' as paper, {cost}::decimal(18, 6) as cost, {views}::bigint as views, 'USD' as currency)"
    )
    with duckdb.connect() as connection:
        sql = f"select cost, views, seen_on from {expanded(recipe, record)} order by seen_on"
        rows = connection.execute(sql).fetchall()
    assert len(rows) == days
    assert sum(row[0] for row in rows) == cost
    assert sum(row[1] for row in rows) == views
    whole = [row[0] for row in rows[1:]]
    assert not whole or max(whole) - min(whole) <= Decimal("0.01")
    assert max(row[1] for row in rows) - min(row[1] for row in rows) <= 1
