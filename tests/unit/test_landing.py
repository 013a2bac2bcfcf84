"""Where a period lands: the convolution against every outcome counted one by one."""

from __future__ import annotations

import itertools
from datetime import date
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.estimates.landing import QUANTILES, STEPS, landing_quantiles, landings

DEALS = st.lists(st.tuples(st.integers(-50_000, 900_000), st.integers(0, 100).map(lambda part: part / 100)), max_size=7)


def counted(won: float, deals: list[tuple[float, float]], past: list[float], q: float) -> float:
    """Give the smallest x with F(x) >= q, from every outcome."""
    outcomes: list[tuple[float, float]] = []
    for hits in itertools.product([0, 1], repeat=len(deals)):
        chance = float(np.prod([p if hit else 1 - p for hit, (_amount, p) in zip(hits, deals, strict=True)]))
        total = won + sum(amount for hit, (amount, _p) in zip(hits, deals, strict=True) if hit)
        outcomes += [(total + new, chance / max(len(past), 1)) for new in past or [0.0]]
    reached = 0.0
    for total, chance in sorted(outcomes):
        reached += chance
        if reached >= q - 1e-9:
            return total
    return max(outcomes)[0]


def reach(won: float, deals: list[tuple[float, float]], past: list[float], x: float) -> float:
    """Give F(x), from every outcome."""
    found = 0.0
    for hits in itertools.product([0, 1], repeat=len(deals)):
        chance = float(np.prod([p if hit else 1 - p for hit, (_amount, p) in zip(hits, deals, strict=True)]))
        total = won + sum(amount for hit, (amount, _p) in zip(hits, deals, strict=True) if hit)
        found += sum(chance / max(len(past), 1) for new in past or [0.0] if total + new <= x)
    return found


def test_one_deal_of_100_at_30_percent_lands_at_nothing_or_at_100() -> None:
    assert landing_quantiles(0, [100], [0.3]) == pytest.approx((0, 0, 100))
    assert landing_quantiles(50, [100], [0.6]) == pytest.approx((50, 150, 150))


def test_quantiles_do_not_add_up() -> None:
    alone = landing_quantiles(0, [100], [0.15])[2]
    assert alone == pytest.approx(100)
    assert landing_quantiles(0, [100, 100], [0.15, 0.15])[2] == pytest.approx(100)


def test_new_business_is_one_of_the_past_periods_each_as_likely() -> None:
    assert landing_quantiles(10, [], [], [0, 0, 0, 40]) == pytest.approx((10, 10, 50))


def test_a_period_with_nothing_open_lands_at_what_is_won() -> None:
    assert landing_quantiles(123.45, [], []) == (123.45, 123.45, 123.45)
    assert landing_quantiles(0, [0], [0.5], [0]) == (0, 0, 0)


def test_an_amount_below_zero_lowers_the_landing() -> None:
    assert landing_quantiles(100, [-30], [0.5]) == pytest.approx((70, 70, 100))


@settings(max_examples=60, deadline=None)
@given(won=st.integers(-1000, 10**6), deals=DEALS, past=st.lists(st.integers(0, 500_000).map(float), max_size=4))
def test_no_quantile_is_further_from_the_true_one_than_the_grid_allows(
    won: int, deals: list[tuple[int, float]], past: list[float]
) -> None:
    exact = [(float(amount), chance) for amount, chance in deals]
    step = (sum(abs(amount) for amount, _chance in exact) + max(past, default=0.0)) / STEPS
    slack = (len(exact) + 1) * step + 1e-6
    found = landing_quantiles(won, [a for a, _c in exact], [c for _a, c in exact], past)
    for q, x in zip(QUANTILES, found, strict=True):
        assert reach(won, exact, past, x + slack) >= q - 1e-9
        assert reach(won, exact, past, x - slack - 1e-6) <= q + 1e-9 or x <= counted(won, exact, past, q) + slack


def test_parts_become_one_row_per_date_period_and_level_row() -> None:
    day = date(2026, 4, 10)
    rows = [
        (day, "2026-Q2", "company", "company", "new", Decimal("0.00"), Decimal(1)),
        (day, "2026-Q2", "company", "company", "new", Decimal("40.00"), Decimal(1)),
        (day, "2026-Q2", "company", "company", "won", Decimal("10.10"), Decimal(1)),
        (day, "2026-Q2", "team", "North", "open", Decimal("100.00"), Decimal("0.300000")),
        (day, "2026-Q2", "team", "North", "won", Decimal("5.00"), Decimal(1)),
    ]
    names = ["reporting_date", "period", "level", "level_id", "kind", "amount", "probability"]
    found = landings(pa.table({name: [row[place] for row in rows] for place, name in enumerate(names)})).to_pylist()
    assert [row["level_id"] for row in found] == ["company", "North"]
    assert [found[0][f"landing_p{q}_cents"] for q in (10, 50, 90)] == [1010, 1010, 5010]
    assert [found[1][f"landing_p{q}_cents"] for q in (10, 50, 90)] == [500, 500, 10500]


def test_no_parts_give_no_rows() -> None:
    names = ["reporting_date", "period", "level", "level_id", "kind"]
    empty = pa.table(
        {
            **{name: pa.array([], pa.string()) for name in names},
            "amount": pa.array([], pa.float64()),
            "probability": pa.array([], pa.float64()),
        }
    )
    assert landings(empty).num_rows == 0
