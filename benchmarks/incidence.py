"""Whether the incidence of conversion, estimated half-way, holds what truly happened: each channel, over 20 simulated companies.

A company of 24 months is looked at on the last day of its 12th: the models' own SQL estimates what share of a channel's leads
will have become an opportunity within so many days of their creation, from what is known on that day. The 12 months after it
show what share of these same leads really did.
"""

from __future__ import annotations

from dataclasses import dataclass

import duckdb
import numpy as np
import pyarrow as pa

from benchmarks.models import model_sql
from pipelines.simulation import parameters as p
from pipelines.simulation.arrays import DAY, month_start
from pipelines.simulation.market import Leads, make_companies, make_leads
from pipelines.simulation.people import make_people
from pipelines.simulation.setting import Wanted, make_plan

SEEDS = range(1, 21)
HORIZONS = (30, 90, 180)
AIM = 0.9
HALF_WAY = 12


@dataclass(frozen=True)
class Held:
    """Intervals of one seed and horizon: how many there are, how many hold the truth, how far the estimates were off."""

    seed: int
    horizon_days: int
    channels: int
    held: int
    error: float
    width: float


def simulated_leads(wanted: Wanted) -> Leads:
    """The leads of a company, with all that happens to them."""
    people = make_people(wanted, 0, wanted.scale)
    companies = make_companies(wanted, 0, wanted.scale, people)
    return make_leads(wanted, 0, wanted.scale, companies, people, make_plan(wanted))


def known_times(leads: Leads, cut_day: int) -> tuple[pa.Table, np.ndarray]:
    """What is known of each lead by the end of a day, as rows of lead_times; and which leads these are."""
    created = leads.created // DAY
    which = np.flatnonzero(created <= cut_day)
    days = leads.converts[which] // DAY - created[which]
    observed = cut_day - created[which]
    has_happened = leads.converts[which] // DAY <= cut_day
    same = pa.array(["all"] * len(which))
    table = pa.table(
        {
            "cohort_month": same,
            "source": [p.CHANNELS[channel].name for channel in leads.channels[which]],
            "product_line": same,
            "owner_id": same,
            "team": same,
            "event": pa.array(["converted"] * len(which)),
            "days": np.where(has_happened, days, observed),
            "has_happened": has_happened,
            "days_observed": observed,
        }
    )
    return table, which


def estimates(times: pa.Table) -> dict[tuple[str, int], tuple[float, float, float]]:
    """The models' estimate with its interval, by channel and horizon."""
    connection = duckdb.connect()
    connection.register("lead_times", times)
    horizons = ", ".join(f"('incidence', {days})" for days in HORIZONS)
    connection.execute(f"create table conversion_horizons as from (values {horizons}) as rows(method, horizon_days)")
    connection.execute(f"create table lead_risks as {model_sql('lead_risks')}")
    rows = connection.execute(f"""
        select source, horizon_days, conversion_rate, conversion_low, conversion_high
        from ({model_sql("lead_incidences")}) where grain = 'source'
    """).fetchall()
    return {
        (source, days): (
            float(rate),
            float(low if low is not None else rate),
            float(high if high is not None else rate),
        )
        for source, days, rate, low, high in rows
        if rate is not None
    }


def coverage(seed: int, scale: float) -> list[Held]:
    """How the intervals of one company do, by horizon."""
    wanted = Wanted(seed=seed, scale=scale)
    leads = simulated_leads(wanted)
    cut_day = int(month_start(np.array([wanted.months_seen[HALF_WAY]]))[0]) - 1
    times, which = known_times(leads, cut_day)
    found = estimates(times)
    names = np.array([channel.name for channel in p.CHANNELS])[leads.channels[which]]
    days = leads.converts[which] // DAY - leads.created[which] // DAY
    results = []
    for horizon in HORIZONS:
        marks = []
        for name in sorted(set(names)):
            if (name, horizon) not in found:
                continue
            truth = float(np.mean(days[names == name] <= horizon))
            rate, low, high = found[name, horizon]
            marks.append((low - 1e-9 <= truth <= high + 1e-9, abs(rate - truth), high - low))
        held, errors, widths = zip(*marks, strict=True)
        results.append(Held(seed, horizon, len(marks), sum(held), float(np.mean(errors)), float(np.mean(widths))))
    return results


def main() -> None:
    """Print the share of channels whose interval holds what truly happened, by scale and horizon."""
    print(f"\nincidence at month {HALF_WAY} against what happened by month 24; {len(SEEDS)} seeds, aim {AIM:.0%}")
    for scale in (0.1, 1.0):
        rows = [row for seed in SEEDS for row in coverage(seed, scale)]
        for horizon in HORIZONS:
            own = [row for row in rows if row.horizon_days == horizon]
            channels, held = sum(row.channels for row in own), sum(row.held for row in own)
            worst = min(row.held / row.channels for row in own)
            print(
                f"  scale {scale:>4}, within {horizon:>3} days: {held:>3} of {channels} channels hold it, {held / channels:.1%}"
                f" (worst seed {worst:.0%}); off by {100 * np.mean([row.error for row in own]):.2f} points,"
                f" intervals {100 * np.mean([row.width for row in own]):.2f} wide"
            )


if __name__ == "__main__":
    main()
