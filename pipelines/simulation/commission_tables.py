"""The company's commission plans in all four modes, who is on which, and what was paid."""

from __future__ import annotations

import numpy as np
import polars as pl

from pipelines.simulation import arrays as a
from pipelines.simulation import parameters as p
from pipelines.simulation.arrays import NEVER, Ints, chance_of
from pipelines.simulation.custom import View
from pipelines.simulation.people import MANAGER, REP
from pipelines.simulation.routines import in_yuan, next_fifteenth
from pipelines.simulation.setting import Wanted

_PLANS = ("CP-SHIP", "CP-COLLECT", "CP-TERMINAL", "CP-ATTAIN")
_TEAM_PLANS = (0, 0, 1, 3, 1, 2)
_USUAL_RATE = (0.026, 0.026, 0.024, 0.023)
_TIERS = (
    ("CP-SHIP", 1, 0.0, None, 0.018),
    ("CP-SHIP", 1, 0.8, None, 0.026),
    ("CP-SHIP", 1, 1.0, None, 0.034),
    ("CP-SHIP", 1, 1.2, None, 0.042),
    ("CP-SHIP", 2, 0.0, None, 0.02),
    ("CP-SHIP", 2, 0.8, None, 0.028),
    ("CP-SHIP", 2, 1.0, None, 0.036),
    ("CP-SHIP", 2, 1.2, None, 0.045),
    ("CP-COLLECT", 1, None, 0.0, 0.022),
    ("CP-COLLECT", 1, None, 500_000.0, 0.028),
    ("CP-COLLECT", 1, None, 1_500_000.0, 0.034),
    ("CP-TERMINAL", 1, None, 0.0, 0.055),
    ("CP-TERMINAL", 1, None, 150_000.0, 0.065),
    ("CP-ATTAIN", 1, 0.0, None, 0.014),
    ("CP-ATTAIN", 1, 0.8, None, 0.022),
    ("CP-ATTAIN", 1, 1.0, None, 0.03),
)


def _year_start(wanted: Wanted) -> int:
    return int(
        np.array([wanted.last])
        .astype("datetime64[D]")
        .astype("datetime64[Y]")
        .astype("datetime64[D]")
        .astype(np.int64)[0]
    )


def commission_plans(wanted: Wanted) -> pl.DataFrame:
    """Four plans; that by shipment was changed in spring for the whole year, as a second version."""
    start, new = wanted.first - 2000, _year_start(wanted)
    changed = min(new + 128, wanted.last)
    valid = np.array([start, new, start, start, start])
    ends = np.array([new - 1, NEVER, NEVER, NEVER, NEVER])
    recorded = np.array([start, changed, start, start, start]) * a.DAY + 36_000
    return pl.DataFrame(
        {
            "plan_id": pl.Series([_PLANS[0], *_PLANS]),
            "version": pl.Series([1, 2, 1, 1, 1]),
            "mode": ["shipment", "shipment", "collection", "collection_then_terminal", "attainment"],
            "base": ["revenue", "revenue", "collected", "margin", "revenue"],
            "tier_kind": ["marginal", "marginal", "marginal", "marginal", "cliff"],
            "tier_measure": ["quota", "quota", "amount", "amount", "quota"],
            "cumulates": ["period", "period", "period", "line", "period"],
            "period": ["quarter", "quarter", "year", "year", "quarter"],
            "valid_from_on": a.days(valid),
            "valid_to_on": a.days(ends, ends < NEVER),
            "recorded_at": a.moments(recorded),
            "bonus_annual_rate": a.places(
                np.array([0, 0, 0.04, 0.04, 0]), 4, np.array([False, False, True, True, False])
            ),
            "penalty_annual_rate": a.places(
                np.array([0, 0, 0.06, 0.06, 0]), 4, np.array([False, False, True, True, False])
            ),
            "grace_days": a.numbers(np.array([0, 0, 10, 15, 0]), np.array([False, False, True, True, False])),
            "interest_cap_rate": a.places(
                np.array([0, 0, 0.5, 0.5, 0]), 4, np.array([False, False, True, True, False])
            ),
            "cap_amount": a.money(
                np.array([0, 0, 30_000_000, 0, 12_000_000]), np.array([False, False, True, False, True])
            ),
            "cap_scope": pl.Series([None, None, "period", None, "period"], dtype=pl.String),
            "minimum_amount": a.money(np.array([0, 0, 0, 0, 300_000]), np.array([False, False, False, False, True])),
            "is_minimum_recoverable": pl.Series([None, None, None, None, True], dtype=pl.Boolean),
            "currency": ["CNY"] * 5,
        }
    )


def commission_tiers(_: Wanted) -> pl.DataFrame:
    """Rates by attainment of quota, or by amount."""
    plan, version, attainment, amount, rate = zip(*_TIERS, strict=True)
    return pl.DataFrame(
        {
            "plan_id": plan,
            "version": version,
            "from_attainment": pl.Series(attainment, dtype=pl.Float64),
            "from_amount": pl.Series([None if x is None else int(x) for x in amount], dtype=pl.Int64),
            "rate": rate,
            "currency": ["CNY"] * len(plan),
        }
    )


def commission_rates(_: Wanted) -> pl.DataFrame:
    """Spare parts earn less; automation in the year of its launch earns more."""
    plans, versions = [_PLANS[0], *_PLANS], [1, 2, 1, 1, 1]
    return pl.DataFrame(
        {
            "plan_id": [*plans, "CP-COLLECT"],
            "version": [*versions, 1],
            "product_line": [p.PRODUCT_LINES[p.SPARE_PARTS]] * 5 + [p.PRODUCT_LINES[3]],
            "rate": [0.012, 0.012, 0.012, 0.03, 0.01, 0.035],
        }
    )


def commission_assignments(v: View) -> pl.DataFrame:
    """The plan of each rep, from the day he was hired."""
    people = v.world.people
    reps = np.flatnonzero((people.roles == REP) & (people.hired <= v.day))
    plan = np.array(_TEAM_PLANS)[people.teams[reps]]
    return v.table(
        {
            "owner_id": v.number.user(reps),
            "plan_id": a.words(_PLANS, plan),
            "valid_from_on": a.days(people.hired[reps]),
            "valid_to_on": a.days(people.left[reps], people.left[reps] <= v.day),
        }
    )


def manager_overrides(v: View) -> pl.DataFrame:
    """What managers get on their team's plan."""
    people = v.world.people
    managers = np.flatnonzero((people.roles == MANAGER) & (people.hired <= v.day))
    return v.table(
        {
            "manager_id": v.number.user(managers),
            "plan_id": a.words(_PLANS, np.array(_TEAM_PLANS)[people.teams[managers]]),
            "rate": a.places(np.full(len(managers), 0.003), 4),
            "valid_from_on": a.days(people.hired[managers]),
            "valid_to_on": a.days(people.left[managers], people.left[managers] <= v.day),
        }
    )


def commission_splits(v: View) -> pl.DataFrame:
    """Shared orders."""
    found = v.world.splits
    return v.table(
        {
            "order_id": v.number.order(found.orders),
            "owner_id": v.number.user(found.users),
            "share": a.places(found.shares, 2),
        },
        v.world.orders.days[found.orders] <= v.day,
    )


def commission_payments(v: View) -> pl.DataFrame:
    """Paid on the 15th for the month before: most of what was earned, the rest kept back, rounded to ten yuan."""
    world = v.world
    orders, deliveries, people = world.orders, world.deliveries, world.people
    net = deliveries.quantities * orders.line_prices[deliveries.lines]
    owner = orders.owners[deliveries.orders]
    value = in_yuan(net, world.setting.rates, deliveries.end_customer, is_dollar=orders.is_dollar[deliveries.orders])
    rate = np.array(_USUAL_RATE)[np.array(_TEAM_PLANS)[people.teams[owner]]]
    month = a.months_of(deliveries.end_customer)
    first = int(month.min())
    cells = owner * 100_000 + (month - first)
    keys, cell = np.unique(cells, return_inverse=True)
    earned: Ints = np.bincount(cell, value * rate).astype(np.int64)
    user, period = keys // 100_000, keys % 100_000 + first
    paid_on = next_fifteenth(a.month_start(period + 1) - 1)
    known = chance_of(keys + world.chunk * 10**9, "commission") * 0.14 + 0.72
    amount = np.round(earned * known / 1_000).astype(np.int64) * 1_000
    order = np.lexsort((user, paid_on))
    keep = (paid_on <= v.day) & (amount > 0)
    order = order[keep[order]]
    return v.table(
        {
            "payment_id": pl.concat([v.number.user(user[order]) + "-" + a.days(paid_on[order]).cast(pl.String)]),
            "owner_id": v.number.user(user[order]),
            "paid_on": a.days(paid_on[order]),
            "amount": a.money(amount[order]),
            "currency": a.words(("CNY",), np.zeros(len(order), dtype=np.int64)),
        }
    )
