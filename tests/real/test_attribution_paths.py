"""Ten thousand aggregated paths over twelve channels: heuristics and Markov as an independent calculation has them."""

from __future__ import annotations

import csv
from decimal import Decimal

import pytest

FILES = ["PathData.csv"]
COLUMNS = [
    "first_conv",
    "first_val",
    "last_conv",
    "last_val",
    "linear_conv",
    "linear_val",
    "removal_effect",
    "markov_conv",
]


@pytest.fixture(scope="module")
def warehouse(run_project):
    return run_project("attribution_paths", "attribution_paths", FILES, "--as-of", "2018-01-01")


@pytest.fixture(scope="module")
def published(expected):
    lines = expected("attribution_paths").splitlines()
    start = next(place for place, line in enumerate(lines) if line.startswith("channel "))
    assert lines[start].split()[1:] == COLUMNS
    return {
        name: dict(zip(COLUMNS, map(float, figures), strict=True))
        for name, *figures in (line.split() for line in lines[start + 1 :])
    }


def _ours(warehouse, model, measure):
    return dict(
        warehouse.execute(
            f"select channel, {measure} from marts.attribution_channels where path_source = 'paths' and model = ?",
            [model],
        ).fetchall()
    )


def test_nothing_is_lost_on_the_way_in(warehouse):
    sums = "select sum(conversions), sum(value_amount), sum(nulls) from core.journeys where path_source = 'paths'"
    conversions, value, nulls = warehouse.execute(sums).fetchone()
    assert (conversions, nulls) == (19785, 68602)
    assert float(value) == pytest.approx(74802.9716, abs=1e-4)
    assert warehouse.execute("select rows_read, loaded from meta.files").fetchone() == (10_000, 10_000)


def test_repeats_of_a_channel_are_kept_and_equal_paths_stand_once(warehouse, real_data):
    with (real_data / "attribution_paths" / FILES[0]).open(encoding="utf-8", newline="") as stream:
        rows = [
            (len(row["path"].split(">")), row["path"], int(Decimal(row["total_null"])))
            for row in csv.DictReader(stream)
        ]
    assert sum(steps for steps, _, _ in rows) == 59454
    paths = warehouse.execute("select count(*) from core.journeys where path_source = 'paths'").fetchone()
    assert paths == (len({path for _, path, _ in rows}),)
    nulls = warehouse.execute("select sum(nulls) from core.journey_steps where path_source = 'paths'").fetchone()
    assert nulls == (sum(steps * null for steps, _, null in rows),)


@pytest.mark.parametrize("model", ["first", "last", "linear"])
def test_heuristics_over_paths(warehouse, published, model):
    conversions, value = _ours(warehouse, model, "conversions"), _ours(warehouse, model, "value_amount")
    assert {name: round(float(figure), 4) for name, figure in conversions.items()} == pytest.approx(
        {name: figures[f"{model}_conv"] for name, figures in published.items()}, abs=1e-4
    )
    assert {name: float(figure) for name, figure in value.items()} == pytest.approx(
        {name: figures[f"{model}_val"] for name, figures in published.items()}, abs=0.011
    )


def test_markov_over_paths(warehouse, published):
    effects, conversions = _ours(warehouse, "markov", "removal_effect"), _ours(warehouse, "markov", "conversions")
    assert {name: float(figure) for name, figure in effects.items()} == pytest.approx(
        {name: figures["removal_effect"] for name, figures in published.items()}, abs=1e-6
    )
    assert {name: float(figure) for name, figure in conversions.items()} == pytest.approx(
        {name: figures["markov_conv"] for name, figures in published.items()}, abs=1e-3
    )


def test_every_model_gives_all_conversions_and_all_value(warehouse):
    sums = "select sum(conversions), sum(value_amount) from marts.attribution_channels where path_source = 'paths' group by model"
    assert {(float(conversions), float(value)) for conversions, value in warehouse.execute(sums).fetchall()} == {
        (19785.0, 74802.97)
    }
