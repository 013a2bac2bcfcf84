"""What people do beside the deals themselves: calls, quotes, registrations, quotas, forecasts, splits."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pipelines.simulation import parameters as p
from pipelines.simulation.arrays import (
    DAY,
    NEVER,
    NONE,
    Bools,
    Floats,
    Ints,
    expand,
    month_start,
    months_of,
    pick,
    stream,
    weekday,
    working_day,
)
from pipelines.simulation.deals import Deals
from pipelines.simulation.market import Companies, Leads
from pipelines.simulation.orders import Contracts, Orders
from pipelines.simulation.people import MANAGER, REP, People
from pipelines.simulation.setting import Rates, Wanted

_LONG_AGO = NEVER * DAY


@dataclass(frozen=True)
class Activities:
    """Calls, visits, messages: of a lead or of a deal, in order of time."""

    moments: Ints
    kinds: Ints
    is_out: Bools
    is_automatic: Bools
    owners: Ints
    leads: Ints
    deals: Ints
    companies: Ints


ACTIVITY_KINDS = ("call", "email", "wechat", "visit", "meeting")


def make_activities(wanted: Wanted, chunk: int, leads: Leads, deals: Deals, people: People) -> Activities:
    """Follow-ups until `until`: first answers, automatic mails, work on leads and on deals."""
    rng = stream(wanted.seed, "activities", chunk)
    now = (wanted.last + 1) * DAY - 1
    automatic = np.flatnonzero(rng.random(leads.n) < 0.8)
    answered = np.flatnonzero(leads.responded < _LONG_AGO)
    stops = np.minimum(
        np.minimum(leads.converts, leads.disqualified), np.minimum(leads.recycled, leads.created + 75 * DAY)
    )
    begins = np.minimum(leads.responded, stops)
    more = np.where(leads.responded < stops, rng.poisson(np.where(leads.converts < _LONG_AGO, 2.6, 1.1)), 0)
    worked = expand(np.minimum(more, 12))[0]
    claimed = np.flatnonzero(leads.claimed < _LONG_AGO)
    lead = np.concatenate([automatic, answered, worked, claimed])
    moments = np.concatenate(
        [
            leads.created[automatic] + rng.integers(20, 120, len(automatic)),
            leads.responded[answered],
            begins[worked] + (rng.random(len(worked)) ** 1.3 * (stops - begins)[worked]).astype(np.int64) + 600,
            leads.claimed[claimed] + rng.integers(3600, 2 * DAY, len(claimed)),
        ]
    )
    is_automatic = np.arange(len(lead)) < len(automatic)
    is_out = rng.random(len(lead)) < 0.72
    is_out[: len(automatic) + len(answered)] = True
    is_out[len(lead) - len(claimed) :] = True

    last_entry = np.where(deals.entered < _LONG_AGO, deals.entered, 0).max(axis=1)
    until = np.minimum(np.minimum(deals.ended, now), last_entry + 70 * DAY)
    skill = people.skill[people.holder(deals.seats, deals.created // DAY)]
    weeks = np.maximum(until - deals.created, 0) / (7 * DAY)
    deal = expand(np.minimum(rng.poisson(0.75 * weeks * np.exp(0.3 * skill)), 60))[0]
    moments_of_deals = deals.created[deal] + (rng.random(len(deal)) * (until - deals.created)[deal]).astype(np.int64)
    deal_out, deal_auto = rng.random(len(deal)) < 0.66, rng.random(len(deal)) < 0.08

    by_lead = np.where(moments >= leads.claimed[lead], leads.claim_seats[lead], leads.seats[lead])
    moments = np.concatenate([moments, moments_of_deals])
    seats = np.concatenate([by_lead, deals.seats[deal]])
    nobody = np.full(len(deal), NONE)
    order = np.argsort(moments, kind="stable")
    order = order[moments[order] <= now]
    kinds = pick(rng, len(moments), (0.42, 0.25, 0.18, 0.08, 0.07))
    automatic_too = np.concatenate([is_automatic, deal_auto])
    return Activities(
        moments[order],
        np.where(automatic_too, 1, kinds)[order],
        np.concatenate([is_out, deal_out | deal_auto])[order],
        automatic_too[order],
        people.holder(seats, moments // DAY)[order],
        np.concatenate([lead, nobody])[order],
        np.concatenate([np.full(len(lead), NONE), deal])[order],
        np.concatenate([np.full(len(lead), NONE), deals.companies[deal]])[order],
    )


@dataclass(frozen=True)
class Quotes:
    """Quotes of deal lines; prices in cents."""

    deals: Ints
    products: Ints
    quantities: Ints
    listed: Ints
    quoted: Ints
    floors: Ints
    submitted: Ints
    decided: Ints
    is_rejected: Bools


def make_quotes(wanted: Wanted, chunk: int, deals: Deals) -> Quotes:
    """One quote for each line when a proposal is made, some again in negotiation."""
    rng = stream(wanted.seed, "quotes", chunk)
    proposed = deals.entered[deals.line_deals, 3]
    negotiated = deals.entered[deals.line_deals, 4]
    first = np.flatnonzero(proposed < _LONG_AGO)
    second = np.flatnonzero((negotiated < _LONG_AGO) & (rng.random(len(negotiated)) < 0.4))
    line = np.concatenate([first, second])
    is_first = np.arange(len(line)) < len(first)
    submitted = np.where(
        is_first,
        proposed[line] + rng.integers(3600, 3 * DAY, len(line)),
        negotiated[line] + rng.integers(3600, 4 * DAY, len(line)),
    )
    step = np.where(deals.line_lists[line] >= 1_000_000, 1_000, 10)
    raised = np.round(deals.line_prices[line] * rng.uniform(1.0, 1.06, len(line)) / step).astype(np.int64) * step
    quoted = np.where(is_first, np.minimum(raised, deals.line_lists[line]), deals.line_prices[line])
    floor = np.round(deals.line_lists[line] * 0.78 / 10).astype(np.int64) * 10
    hours = np.where(quoted < floor, rng.exponential(60.0, len(line)), rng.exponential(11.0, len(line)))
    decided = submitted + (hours * 3600).astype(np.int64) + 600
    rejected = rng.random(len(line)) < np.where(quoted < floor, 0.3, 0.03)
    order = np.argsort(submitted, kind="stable")
    line = line[order]
    return Quotes(
        deals.line_deals[line],
        deals.line_products[line],
        deals.line_quantities[line],
        deals.line_lists[line],
        quoted[order],
        floor[order],
        submitted[order],
        decided[order],
        rejected[order],
    )


@dataclass(frozen=True)
class Registrations:
    """Projects registered by partners (or by reps), decided by the channel desk."""

    companies: Ints
    deals: Ints
    partners: Ints
    owners: Ints
    lines: Ints
    submitted: Ints
    decided: Ints
    is_approved: Bools


def make_registrations(wanted: Wanted, chunk: int, companies: Companies, deals: Deals, people: People) -> Registrations:
    """Registrations of most partner deals and of some of the company's own, with rivals for one in fifteen."""
    rng = stream(wanted.seed, "registrations", chunk)
    has_partner = deals.partners >= 0
    some = np.flatnonzero(rng.random(deals.n) < np.where(has_partner, 0.85, 0.1))
    rivals = some[rng.random(len(some)) < 0.07]
    deal = np.concatenate([some, rivals])
    is_rival = np.arange(len(deal)) >= len(some)
    everyone = np.flatnonzero(companies.is_partner)
    other = everyone[rng.integers(0, len(everyone), len(deal))]
    partner = np.where(is_rival, np.where(other == deals.partners[deal], NONE, other), deals.partners[deal])
    submitted = deals.created[deal] + np.where(
        is_rival, rng.integers(DAY, 25 * DAY, len(deal)), rng.integers(-2 * DAY, 2 * DAY, len(deal))
    )
    waits = rng.random(len(deal)) < 0.03
    decided = np.where(waits, _LONG_AGO, submitted + (rng.exponential(20.0, len(deal)) * 3600).astype(np.int64) + 900)
    approved = rng.random(len(deal)) < np.where(is_rival, 0.3, 0.92)
    order = np.argsort(submitted, kind="stable")
    deal = deal[order]
    owners = people.holder(deals.seats[deal], submitted[order] // DAY)
    return Registrations(
        deals.companies[deal],
        deal,
        partner[order],
        owners,
        deals.lines[deal],
        submitted[order],
        decided[order],
        approved[order],
    )


@dataclass(frozen=True)
class Targets:
    """Quotas: user, first and last day, cents of CNY; and submissions: user, moment, period, category, cents."""

    quota_users: Ints
    quota_starts: Ints
    quota_ends: Ints
    quota_amounts: Ints
    users: Ints
    moments: Ints
    periods: Ints
    is_best_case: Bools
    amounts: Ints


def in_yuan(amounts: Ints, rates: Rates, days: Ints, *, is_dollar: Bools) -> Ints:
    """Cents of CNY."""
    return np.where(is_dollar, np.round(amounts * rates.on(days)).astype(np.int64), amounts)


def make_targets(wanted: Wanted, chunk: int, deals: Deals, people: People, rates: Rates) -> Targets:
    """Quotas that a usual quarter nearly reaches, and what reps and managers submitted every Friday."""
    rng = stream(wanted.seed, "targets", chunk)
    months = wanted.months_seen
    quarters = month_start(np.unique(months // 3 * 3))
    ends = month_start(np.unique(months // 3 * 3) + 3) - 1
    won = deals.is_won & (deals.ended < (wanted.last + 1) * DAY) & (deals.ended >= wanted.first * DAY)
    value = in_yuan(deals.amounts, rates, np.minimum(deals.ended // DAY, wanted.last), is_dollar=deals.is_dollar)
    by_team = np.bincount(people.seat_teams[deals.seats[won]], value[won], len(p.TEAMS))
    seats_in = np.bincount(people.seat_teams, minlength=len(p.TEAMS))
    usual = (
        (0.6 * by_team / seats_in + 0.4 * by_team.sum() / seats_in.sum()) / max(len(months) / 3, 1) / QUOTA_ATTAINMENT
    )
    seat, quarter = (
        np.arange(len(people.seat_teams)).repeat(len(quarters)),
        np.tile(np.arange(len(quarters)), len(people.seat_teams)),
    )
    growth = np.linspace(0.9, 1.12, len(quarters)) if len(quarters) > 2 else np.ones(len(quarters))
    growth[:2] *= (0.62, 0.84)[: len(quarters)]  # the company had only begun to sell this way
    own = rng.uniform(0.88, 1.12, len(people.seat_teams))
    amounts = (
        np.round(usual[people.seat_teams[seat]] * growth[quarter] * own[seat] / 1_000_000).astype(np.int64) * 1_000_000
    )
    holders = people.holder(seat, quarters[quarter])
    managed = np.flatnonzero(people.roles == MANAGER)
    managed = managed[: len(p.TEAMS)][:-2]
    team_sums = np.zeros((len(p.TEAMS), len(quarters)))
    np.add.at(team_sums, (people.seat_teams[seat], quarter), amounts)
    manager, its_quarter = managed.repeat(len(quarters)), np.tile(np.arange(len(quarters)), len(managed))
    manager_amounts = (
        np.round(team_sums[people.teams[manager], its_quarter] * 0.96 / 1_000_000).astype(np.int64) * 1_000_000
    )
    stays = people.left[manager] >= quarters[its_quarter]
    submissions = _submissions(wanted, rng, deals, people, value, rates)
    return Targets(
        np.concatenate([holders, manager[stays]]),
        np.concatenate([quarters[quarter], quarters[its_quarter][stays]]),
        np.concatenate([ends[quarter], ends[its_quarter][stays]]),
        np.concatenate([np.maximum(amounts, 1_000_000), manager_amounts[stays]]),
        *submissions,
    )


QUOTA_ATTAINMENT = 0.92
_FRIDAY = 4


def _submissions(
    wanted: Wanted, rng: np.random.Generator, deals: Deals, people: People, value: Ints, rates: Rates
) -> tuple[Ints, Ints, Ints, Bools, Ints]:
    """Won so far plus what the rep thinks will close, by Friday; managers submit their team's sum with caution."""
    fridays = np.arange(wanted.first, wanted.last + 1)
    fridays = fridays[weekday(fridays) == _FRIDAY]
    n = len(people.roles)
    optimism = rng.normal(1.0, 0.12, n)
    everyone = np.arange(deals.n)
    found: list[tuple[Ints, Ints, Ints, Bools, Ints]] = []
    for friday in fridays:
        now = int(friday) * DAY + 63_000
        start = int(month_start(months_of(np.array([friday])) // 3 * 3)[0])
        end = int(month_start(months_of(np.array([friday])) // 3 * 3 + 3)[0])
        alive = everyone[(deals.created <= now) & (deals.ended >= start * DAY)]
        stage = deals.stages.at(alive, now)
        owner = deals.owners.at(alive, now)
        close = deals.closes.at(alive, now)
        amount = in_yuan(
            np.maximum(deals.amount_versions.at(alive, now), 0),
            rates,
            np.full(len(alive), friday),
            is_dollar=deals.is_dollar[alive],
        )
        due = (close >= start) & (close < end)
        won = np.bincount(owner, np.where((stage == p.WON) & (deals.ended[alive] >= start * DAY), value[alive], 0), n)
        sure = np.bincount(owner, np.where((stage == 4) & due, amount, 0), n)
        best = np.bincount(owner, np.where((stage == 3) & due, amount, 0), n)
        commit, best_case = won + sure * optimism, won + (sure + best) * optimism
        reps = np.flatnonzero((people.roles == REP) & (people.hired <= friday) & (people.left >= friday))
        managers = np.flatnonzero((people.roles == MANAGER) & (people.hired <= friday) & (people.left >= friday))
        team_commit = np.bincount(people.teams[reps], commit[reps], len(p.TEAMS)) * 0.93
        team_best = np.bincount(people.teams[reps], best_case[reps], len(p.TEAMS)) * 0.93
        who = np.concatenate([reps, managers])
        sums = np.concatenate(
            [commit[reps], team_commit[people.teams[managers]], best_case[reps], team_best[people.teams[managers]]]
        )
        found.append(
            (
                np.tile(who, 2),
                np.full(2 * len(who), now),
                np.full(2 * len(who), start),
                np.arange(2 * len(who)) >= len(who),
                np.round(sums / 100_000).astype(np.int64) * 100_000,
            )
        )
    users, moments, periods, is_best, amounts = (np.concatenate(columns) for columns in zip(*found, strict=True))
    return users, moments, periods, is_best.astype(bool), amounts


@dataclass(frozen=True)
class Splits:
    """Orders whose commission is shared: order, user, share."""

    orders: Ints
    users: Ints
    shares: Floats


def make_splits(wanted: Wanted, chunk: int, orders: Orders, people: People) -> Splits:
    """One order in twelve is shared with a colleague of the team."""
    rng = stream(wanted.seed, "splits", chunk)
    some = np.flatnonzero((rng.random(orders.n) < 0.08) & (orders.deals >= 0))
    seat = people.seat_for(rng, people.seat_teams[orders.seats[some]])
    other = people.holder(seat, orders.days[some])
    some, other = some[other != orders.owners[some]], other[other != orders.owners[some]]
    share = rng.choice([0.5, 0.6, 0.7, 0.8], len(some))
    return Splits(
        some.repeat(2),
        np.stack([orders.owners[some], other], axis=1).ravel(),
        np.round(np.stack([share, 1 - share], axis=1).ravel(), 6),
    )


@dataclass(frozen=True)
class Approvals:
    """Steps of approval of contracts (0) and quotes (1)."""

    kinds: Ints
    documents: Ints
    steps: Ints
    approvers: Ints
    requested: Ints
    due: Ints
    decided: Ints
    is_approved: Bools


def make_approvals(
    wanted: Wanted, chunk: int, deals: Deals, contracts: Contracts, quotes: Quotes, people: People
) -> Approvals:
    """Two steps for a contract, one for a quote below its floor."""
    rng = stream(wanted.seed, "approvals", chunk)
    contract = np.arange(contracts.n).repeat(2)
    step = np.tile([1, 2], contracts.n)
    half = contracts.submitted + (contracts.approved - contracts.submitted) // 2
    requested = np.where(step == 1, contracts.submitted[contract], half[contract])
    decided = np.where(step == 1, half[contract], contracts.approved[contract])
    holder = people.holder(deals.seats[contracts.deals[contract]], requested // DAY)
    manager = people.managers[holder]
    approver = np.where(step == 1, manager, people.managers[manager])
    low = np.flatnonzero(quotes.quoted < quotes.floors)
    lone = people.managers[people.holder(deals.seats[quotes.deals[low]], quotes.submitted[low] // DAY)]
    requested = np.concatenate([requested, quotes.submitted[low]])
    return Approvals(
        np.repeat([0, 1], [len(contract), len(low)]),
        np.concatenate([contract, low]),
        np.concatenate([step, np.ones(len(low), dtype=np.int64)]),
        np.concatenate([approver, lone]),
        requested,
        requested + rng.choice([1, 2, 3], len(requested)) * DAY,
        np.concatenate([decided, quotes.decided[low]]),
        np.concatenate([np.ones(len(contract), dtype=bool), ~quotes.is_rejected[low]]),
    )


def next_fifteenth(days: Ints) -> Ints:
    """The 15th of the month after each day, or the Monday after it."""
    return working_day(month_start(months_of(days) + 1) + 14)
