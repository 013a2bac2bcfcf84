"""The distribution of a sum of items that are paid in a week or not."""

from __future__ import annotations

from datetime import date
from itertools import product

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.estimates.cash import STEPS, cash_quantile_table, sum_quantiles


def test_two_coins_of_100_give_0_100_or_200():
    quantiles = sum_quantiles(np.array([100.0, 100.0]), np.array([[0.5], [0.5]]))
    step = 200 / (STEPS - 1)
    assert quantiles[0].tolist() == pytest.approx([0, 100, 200], abs=2 * step)


def test_what_is_certain_has_no_range():
    quantiles = sum_quantiles(np.array([30.0, 70.0]), np.array([[1.0, 0.0], [1.0, 0.0]]))
    step = 100 / (STEPS - 1)
    assert quantiles[0].tolist() == pytest.approx([100, 100, 100], abs=2 * step)
    assert quantiles[1].tolist() == [0, 0, 0]


def test_ten_thousand_small_items_have_the_spread_of_the_normal_distribution():
    """Mean 5,000, standard deviation 50: P10 and P90 are 1.2816 of them away."""
    quantiles = sum_quantiles(np.ones(10_000), np.full((10_000, 1), 0.5))
    step = 10_000 / (STEPS - 1)
    assert quantiles[0].tolist() == pytest.approx([5_000 - 64.1, 5_000, 5_000 + 64.1], abs=2 * step)


def test_nothing_open_is_nothing_expected():
    assert sum_quantiles(np.array([]), np.zeros((0, 2))).tolist() == [[0, 0, 0], [0, 0, 0]]


@settings(deadline=None, max_examples=40)
@given(st.lists(st.tuples(st.integers(1, 1_000), st.integers(0, 10)), min_size=1, max_size=8))
def test_few_items_agree_with_every_case_counted_out(items):
    amounts = np.array([float(amount) for amount, _tenths in items])
    chances = np.array([[tenths / 10] for _amount, tenths in items])
    cases = []
    for paid in product([False, True], repeat=len(items)):
        weight = float(np.prod([c[0] if is_paid else 1 - c[0] for c, is_paid in zip(chances, paid, strict=True)]))
        cases.append((float(amounts[list(paid)].sum()), weight))
    near = (len(items) + 2) * amounts.sum() / (STEPS - 1)
    for share, found in zip((0.1, 0.5, 0.9), sum_quantiles(amounts, chances)[0], strict=True):
        below = sum(weight for amount, weight in cases if amount < found - near)
        upto = sum(weight for amount, weight in cases if amount <= found + near)
        assert below <= share + 1e-9
        assert upto >= share - 1e-9


def test_a_table_has_a_row_for_every_day_and_week_in_whatever_order_it_came():
    rows = [
        {"cash_date": date(2026, 6, 28), "item_id": "b", "balance": 100.0, "week_number": 2, "chance": 1.0},
        {"cash_date": date(2026, 6, 28), "item_id": "a", "balance": 100.0, "week_number": 1, "chance": 1.0},
        {"cash_date": date(2026, 6, 21), "item_id": "a", "balance": 50.0, "week_number": 1, "chance": 1.0},
    ]
    found = cash_quantile_table(pa.Table.from_pylist(rows))
    assert found.equals(cash_quantile_table(pa.Table.from_pylist(rows[::-1])))
    assert [(row["cash_date"].day, row["week_number"], round(row["p50"])) for row in found.to_pylist()] == [
        (21, 1, 50),
        (21, 2, 0),
        (28, 1, 100),
        (28, 2, 100),
    ]


def test_an_empty_table_gives_an_empty_one():
    schema = pa.schema(
        [
            ("cash_date", pa.date32()),
            ("item_id", pa.string()),
            ("balance", pa.float64()),
            ("week_number", pa.int64()),
            ("chance", pa.float64()),
        ]
    )
    assert cash_quantile_table(schema.empty_table()).num_rows == 0
