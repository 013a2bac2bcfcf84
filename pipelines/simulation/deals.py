"""Opportunities: their stages with known odds and durations, amounts, close dates and owners over time."""

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
    Versions,
    expand,
    lognormal,
    office_time,
    pick,
    stream,
    working_day,
)
from pipelines.simulation.market import PEOPLE_PER_COMPANY, TOUCH_KINDS, Companies, Leads, Touches
from pipelines.simulation.people import People
from pipelines.simulation.setting import Plan, Products, Rates, Wanted

N_OPEN = 5
_PUSHES = 7
_UNDECIDED = np.int64(NEVER * DAY)


@dataclass(frozen=True)
class Deals:
    """One entry per opportunity in order of creation, the future included; moments in seconds.

    `entered[:, k]` is when open stage k was entered, `ended` when the deal was won or lost for good.
    `chance` is the known probability of winning at creation. Amounts are cents of the deal's currency.
    """

    companies: Ints
    leads: Ints
    seats: Ints
    partners: Ints
    channels: Ints
    nodes: Ints
    lines: Ints
    is_dollar: Bools
    created: Ints
    entered: Ints
    ended: Ints
    is_won: Bools
    chance: Floats
    shift: Floats
    amounts: Ints
    reasons: Ints
    competitors: Ints
    stages: Versions
    amount_versions: Versions
    closes: Versions
    owners: Versions
    line_deals: Ints
    line_products: Ints
    line_quantities: Ints
    line_prices: Ints
    line_lists: Ints
    line_costs: Ints

    @property
    def n(self) -> int:
        """How many there are."""
        return len(self.created)

    @property
    def line_amounts(self) -> Ints:
        """Quantity × price."""
        return self.line_quantities * self.line_prices


def logit(x: Floats) -> Floats:
    """Log-odds."""
    found: Floats = np.log(x / (1 - x))
    return found


def _origins(
    wanted: Wanted, rng: np.random.Generator, scale: float, companies: Companies, leads: Leads
) -> tuple[Ints, Ints, Ints]:
    """Company, lead (or NONE) and moment of creation of every deal: from leads, from before, and by reps themselves."""
    from_leads = np.flatnonzero(leads.converts < (wanted.last + 1) * DAY)
    old = np.flatnonzero(companies.is_old_customer)
    months = wanted.months / p.DEFAULT_MONTHS
    opening, own = max(10, round(p.OPENING_DEALS * scale)), max(12, round(p.OWN_DEALS * scale * months))
    company = np.concatenate([leads.companies[from_leads], old[rng.integers(0, len(old), opening + own)]])
    lead = np.concatenate([from_leads, np.full(opening + own, NONE)])
    day = np.concatenate(
        [
            wanted.first - 1 - np.floor(rng.random(opening) ** 1.3 * 110).astype(np.int64),
            wanted.first + np.floor(rng.random(own) * (wanted.last - wanted.first + 1)).astype(np.int64),
        ]
    )
    created = np.concatenate([leads.converts[from_leads], office_time(rng, day)])
    order = np.argsort(created, kind="stable")
    return company[order], lead[order], created[order]


def _outcomes(rng: np.random.Generator, shift: Floats, created: Ints) -> tuple[Ints, Ints, Bools, Floats]:
    """Entry into each open stage, the end, whether it was won, and the known chance of winning."""
    n = len(created)
    odds = logit(np.array(p.STAGE_ADVANCE))[None, :] + shift[:, None]
    advance = 1 / (1 + np.exp(-odds))
    passes = rng.random((n, N_OPEN)) < advance
    skips = rng.random(n) < p.SKIPS_ANALYSIS
    passes[skips, 2], advance[skips, 2] = True, 1.0
    days = lognormal(rng, np.array(p.STAGE_DAYS)[None, :], p.STAGE_SIGMA, (n, N_OPEN)) * np.where(
        passes, 1.0, p.LOSS_SLOWNESS
    )
    days[skips, 2] = 0.0
    stuck = np.flatnonzero(rng.random(n) < p.NEVER_DECIDED)
    days[stuck, rng.integers(0, 4, len(stuck))] = NEVER
    seconds = np.minimum(days, NEVER).astype(np.int64) * DAY + rng.integers(0, 4 * 3600, (n, N_OPEN)) * (days > 0)
    entered = created[:, None] + np.concatenate([np.zeros((n, 1), dtype=np.int64), np.cumsum(seconds, axis=1)], axis=1)
    alive = np.cumprod(np.concatenate([np.ones((n, 1), dtype=bool), passes], axis=1), axis=1).astype(bool)
    lost_in = np.where(alive[:, -1], N_OPEN, np.argmin(alive, axis=1) - 1)
    ended = np.where(alive[:, -1], entered[:, -1], entered[np.arange(n), np.minimum(lost_in + 1, N_OPEN)])
    entered = np.where(alive[:, :N_OPEN], entered[:, :N_OPEN], _UNDECIDED)
    entered = np.where(entered < _UNDECIDED, entered, _UNDECIDED)
    ended = np.where(ended < _UNDECIDED, ended, _UNDECIDED)
    chance = advance.prod(axis=1)
    chance[stuck] = 0.0
    return entered, ended, alive[:, -1] & (ended < _UNDECIDED), chance


def _history_of_stages(
    rng: np.random.Generator, entered: Ints, ended: Ints, is_won: Bools
) -> tuple[Versions, Ints, Bools]:
    """Stages over time, some falling back, some lost ones opened again; with the final end and outcome."""
    n = len(ended)
    owners, moments, values = [np.arange(n).repeat(N_OPEN)], [entered.ravel()], [np.tile(np.arange(N_OPEN), n)]
    skipped = entered[:, 2] == entered[:, 3]
    keep = (entered < _UNDECIDED).ravel()
    keep[np.flatnonzero(skipped) * N_OPEN + 2] = False
    owners[0], moments[0], values[0] = owners[0][keep], moments[0][keep], values[0][keep]
    room = ended - entered[:, 4]
    falls = np.flatnonzero(
        (rng.random(n) < p.FALLS_BACK) & (entered[:, 4] < _UNDECIDED) & (ended < _UNDECIDED) & (room > 4 * DAY)
    )
    for stage, part in ((3, 0.25), (4, 0.7)):
        owners.append(falls)
        moments.append(entered[falls, 4] + (room[falls] * part).astype(np.int64))
        values.append(np.full(len(falls), stage))
    owners.append(np.flatnonzero(ended < _UNDECIDED))
    moments.append(ended[owners[-1]])
    values.append(np.where(is_won, p.WON, p.LOST)[owners[-1]])
    again = np.flatnonzero((rng.random(n) < p.REOPENED) & ~is_won & (ended < _UNDECIDED))
    reopened = ended[again] + rng.integers(25, 60, len(again)) * DAY
    final = reopened + rng.integers(12, 40, len(again)) * DAY
    wins = rng.random(len(again)) < p.REOPENED_WON
    owners += [again, again]
    moments += [reopened, final]
    values += [np.full(len(again), 4), np.where(wins, p.WON, p.LOST)]
    ended, is_won = ended.copy(), is_won.copy()
    ended[again], is_won[again] = final, wins
    return Versions.of(np.concatenate(owners), np.concatenate(moments), np.concatenate(values)), ended, is_won


def _closes(rng: np.random.Generator, created: Ints, entered: Ints, ended: Ints, is_won: Bools) -> Versions:
    """Expected close days over time: hopeful, pushed when they pass, set anew in negotiation, real when closed."""
    n = len(created)
    close = working_day(created // DAY + np.round(rng.uniform(0.6, 1.25, n) * 92).astype(np.int64))
    owners, moments, values = [np.arange(n)], [created], [close]
    stays = rng.random(n) < p.CLOSE_NEVER_MOVED
    negotiation = entered[:, 4]
    for until, starts in ((np.minimum(negotiation, ended), None), (ended, negotiation)):
        if starts is not None:
            some = np.flatnonzero(starts < _UNDECIDED)
            close = close.copy()
            close[some] = working_day(starts[some] // DAY + rng.integers(12, 40, len(some)))
            owners.append(some)
            moments.append(starts[some] + 120)
            values.append(close[some])
        for _ in range(_PUSHES):
            pushed_at = (close + rng.integers(-2, 6, n)) * DAY + rng.integers(32_400, 61_200, n)
            some = np.flatnonzero((pushed_at < until) & (pushed_at > created) & ~stays & (rng.random(n) < 0.93))
            close = close.copy()
            close[some] = working_day(
                close[some] + np.array([21, 30, 45, 60])[pick(rng, len(some), (0.3, 0.35, 0.2, 0.15))]
            )
            owners.append(some)
            moments.append(pushed_at[some])
            values.append(close[some])
    real = np.flatnonzero(ended < _UNDECIDED)
    real = real[is_won[real] | (rng.random(len(real)) < 0.8)]
    owners.append(real)
    moments.append(ended[real])
    values.append(ended[real] // DAY)
    return Versions.of(np.concatenate(owners), np.concatenate(moments), np.concatenate(values))


def _lines(rng: np.random.Generator, products: Products, lines: Ints, level: Floats, rate: Floats) -> tuple[Ints, ...]:
    """One to three products of each deal: quantities, final and list prices and costs in the deal's currency."""
    n = len(lines)
    counts = 1 + pick(rng, n, (0.62, 0.26, 0.12))
    deal, position = expand(counts)
    extra = np.where(rng.random(len(deal)) < 0.6, p.SPARE_PARTS, 3)
    line = np.where(position == 0, lines[deal], extra)
    product = products.of_line(rng, line)
    small = line == p.SPARE_PARTS
    quantity = np.where(small, 5 + rng.poisson(18, len(deal)), 1 + rng.poisson(0.45, len(deal)))
    options = level[deal] * np.where(small, 1.0, lognormal(rng, 1.0, 0.22, len(deal)))
    step = np.where(small, 100, 10_000)
    listed = np.maximum(np.round(products.prices[product] * options / rate[deal] / step).astype(np.int64), 1) * step
    discount = np.clip(rng.beta(2.2, 16.0, n)[deal] + rng.normal(0, 0.01, len(deal)), 0, 0.35)
    price = np.maximum(np.round(listed * (1 - discount) / (step // 10)).astype(np.int64), 1) * (step // 10)
    cost = np.round(listed * products.cost_rates[product] / 100).astype(np.int64) * 100
    return deal, product, quantity, price, listed, np.maximum(cost, 1)


def make_deals(
    wanted: Wanted,
    chunk: int,
    scale: float,
    companies: Companies,
    leads: Leads,
    people: People,
    products: Products,
    rates: Rates,
) -> Deals:
    """The opportunities of one part of the company."""
    rng = stream(wanted.seed, "deals", chunk)
    company, lead, created = _origins(wanted, rng, scale, companies, leads)
    n = len(company)
    has_lead, known = lead >= 0, np.maximum(lead, 0)
    by_lead = np.where(created >= leads.claimed[known], leads.claim_seats[known], leads.seats[known])
    seats = np.where(has_lead, by_lead, companies.seats[company])
    channels = np.where(has_lead, leads.channels[known], NONE)
    line = np.where(has_lead, leads.lines[known], pick(rng, n, p.LINE_SHARES))

    win = np.array([c.win for c in p.CHANNELS] + [1.3])[channels]
    skill = people.skill[people.holder(seats, created // DAY)]
    shift = p.ODDS_PER_STAGE * np.log(win) + p.ODDS_PER_STAGE * skill
    entered, ended, is_won, chance = _outcomes(rng, shift, created)
    stages, ended, is_won = _history_of_stages(rng, entered, ended, is_won)

    is_dollar = companies.is_abroad[company] & (rng.random(n) < 0.75)
    rate = np.where(is_dollar, rates.on(created // DAY), 1.0)
    size = np.array([c.size for c in p.CHANNELS] + [1.0])[channels]
    level = size * np.array(p.SIZE_AMOUNT)[companies.sizes[company]] * lognormal(rng, 0.87, 0.28, n)
    deal, product, quantity, price, listed, cost = _lines(rng, products, line, level, rate)
    amounts = np.bincount(deal, quantity * price, n).astype(np.int64)

    owners = _owners(people, seats, created, ended)
    return Deals(
        company,
        lead,
        seats,
        np.where(rng.random(n) < 0.9, companies.partners[company], NONE),
        channels,
        np.where(has_lead, leads.nodes[known], NONE),
        line,
        is_dollar,
        created,
        entered,
        ended,
        is_won,
        chance,
        shift,
        amounts,
        pick(rng, n, p.LOSS_SHARES),
        np.where(rng.random(n) < 0.6, rng.integers(0, len(p.COMPETITORS), n), NONE),
        stages,
        _amounts(rng, entered, ended, is_won, created, amounts),
        _closes(rng, created, entered, ended, is_won),
        owners,
        deal,
        product,
        quantity,
        price,
        listed,
        cost,
    )


def _owners(people: People, seats: Ints, created: Ints, ended: Ints) -> Versions:
    """Who owned each deal: its seat's holder, and his successor if it was open when he left."""
    n = len(seats)
    change = people.seat_change[seats] * DAY + 9 * 3600
    passed_on = np.flatnonzero((created < change) & (ended > change))
    first = people.holder(seats, created // DAY)
    return Versions.of(
        np.concatenate([np.arange(n), passed_on]),
        np.concatenate([created, change[passed_on]]),
        np.concatenate([first, people.seat_second[seats[passed_on]]]),
    )


def _amounts(
    rng: np.random.Generator, entered: Ints, ended: Ints, is_won: Bools, created: Ints, amounts: Ints
) -> Versions:
    """Amounts over time: estimates that change on the way and end at what is agreed; NONE while nobody dared to say."""
    n = len(amounts)
    changes = rng.random((n, N_OPEN)) < p.AMOUNT_CHANGES
    changes[:, N_OPEN - 1] &= is_won
    factor = np.where(changes, np.exp(rng.normal(0.03, 0.16, (n, N_OPEN))), 1.0)
    factor = np.cumprod(factor[:, ::-1], axis=1)[:, ::-1]
    hundred = 10_000
    earlier = np.maximum(np.round(amounts[:, None] * factor / hundred).astype(np.int64), 1) * hundred
    earlier = np.where(factor == 1.0, amounts[:, None], earlier)
    owners, moments, values = (
        [np.arange(n)],
        [created],
        [np.where(rng.random(n) < p.AMOUNT_UNKNOWN_AT_FIRST, NONE, earlier[:, 0])],
    )
    for stage in range(1, N_OPEN):
        some = np.flatnonzero(entered[:, stage] < _UNDECIDED)
        owners.append(some)
        moments.append(entered[some, stage] + 60)
        values.append(earlier[some, stage])
    some = np.flatnonzero(is_won)
    owners.append(some)
    moments.append(ended[some])
    values.append(amounts[some])
    return Versions.of(np.concatenate(owners), np.concatenate(moments), np.concatenate(values))


def deal_touches(wanted: Wanted, chunk: int, deals: Deals, plan: Plan) -> Touches:
    """What people of accounts without a lead did before most of their deals."""
    rng = stream(wanted.seed, "deal touches", chunk)
    touched = np.flatnonzero((deals.leads < 0) & (rng.random(deals.n) < 0.6) & (deals.created >= wanted.first * DAY))
    owner = touched[expand(1 + rng.poisson(1.6, len(touched)))[0]]
    channels = pick(rng, len(owner), [c.assists * (not c.is_event) for c in p.CHANNELS])
    moments = deals.created[owner] - (rng.exponential(30.0, len(owner)) * DAY).astype(np.int64) - 60
    kinds = np.array([TOUCH_KINDS.index(c.touch) for c in p.CHANNELS])[channels]
    persons = deals.companies[owner] * PEOPLE_PER_COMPANY + rng.integers(0, 2, len(owner))
    return Touches(
        moments, channels, plan.draw(rng, channels, moments // DAY), kinds, np.full(len(owner), NONE), persons, owner
    )
