"""Which companies the CRM knows as accounts, since when, whose they are, and what credit they have."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pipelines.simulation.arrays import DAY, NEVER, Bools, Ints, stream, working_day
from pipelines.simulation.deals import Deals
from pipelines.simulation.market import Companies, Leads
from pipelines.simulation.people import People
from pipelines.simulation.setting import Wanted

_GRADE_WORTH_AN_ACCOUNT = 1
_LIMITS = (20_000_000, 45_000_000, 110_000_000, 260_000_000)


@dataclass(frozen=True)
class Accounts:
    """One entry per company; `created` is NEVER × DAY for those the CRM does not know. Days, cents."""

    created: Ints
    recycled: Ints
    claimed: Ints
    claim_seats: Ints
    limits: Ints
    raised_on: Ints
    raised_limits: Ints

    @property
    def is_known(self) -> Bools:
        """Whether the company ever becomes an account."""
        found: Bools = self.created < NEVER * DAY
        return found

    def owner_on(self, companies: Companies, people: People, day: int | Ints) -> Ints:
        """The user who owns each account on a day."""
        seat = np.where(self.claimed <= day, self.claim_seats, companies.seats)
        return people.holder(seat, np.broadcast_to(np.asarray(day), seat.shape))

    def limit_on(self, day: int) -> Ints:
        """The credit limit on a day, in cents; 0 for none."""
        return np.where(self.raised_on <= day, self.raised_limits, self.limits)


def make_accounts(
    wanted: Wanted, chunk: int, companies: Companies, leads: Leads, deals: Deals, people: People
) -> Accounts:
    """Old customers and partners from before, others from their first deal or first good lead on."""
    rng = stream(wanted.seed, "accounts", chunk)
    n = companies.n
    created = np.full(n, NEVER * DAY)
    good = np.flatnonzero((leads.grades <= _GRADE_WORTH_AN_ACCOUNT) & (leads.qualified < NEVER * DAY))
    np.minimum.at(created, leads.companies[good], leads.qualified[good])
    np.minimum.at(created, deals.companies, deals.created - 60)
    before = companies.is_old_customer | companies.is_partner
    long_ago = (wanted.first - rng.integers(60, 2200, n)) * DAY + rng.integers(30_600, 64_800, n)
    created = np.where(before, np.minimum(long_ago, created), created)
    has_deal = np.zeros(n, dtype=bool)
    has_deal[deals.companies] = True
    lingers = ~before & ~has_deal & (created < NEVER * DAY) & (rng.random(n) < 0.5)
    recycled = np.where(lingers, created // DAY + rng.integers(80, 150, n), NEVER)
    claimed = np.where(lingers & (rng.random(n) < 0.4), working_day(recycled + rng.integers(5, 70, n)), NEVER)
    buys = before | has_deal
    limit = np.where(
        buys,
        np.round(np.array(_LIMITS)[companies.sizes] * rng.uniform(0.6, 1.5, n) / 1_000_000).astype(np.int64)
        * 1_000_000,
        0,
    )
    limit = np.where(companies.is_partner, limit * 6, limit)
    raised = np.where(
        (limit > 0) & (rng.random(n) < 0.2),
        wanted.first + rng.integers(60, max(61, wanted.last - wanted.first), n),
        NEVER,
    )
    raised = np.where(raised > created // DAY, raised, NEVER)
    more = np.round(limit * rng.choice([0.7, 1.3, 1.5], n) / 1_000_000).astype(np.int64) * 1_000_000
    return Accounts(created, recycled, claimed, people.seat_for(rng, companies.teams), limit, raised, more)
