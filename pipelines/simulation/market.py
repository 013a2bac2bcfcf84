"""The market: companies with their people, the leads that campaigns bring, and what became of each."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pipelines.simulation import names
from pipelines.simulation import parameters as p
from pipelines.simulation.arrays import (
    DAY,
    NEVER,
    NONE,
    Bools,
    Floats,
    Ints,
    expand,
    lognormal,
    pick,
    stream,
    working_day,
)
from pipelines.simulation.people import People
from pipelines.simulation.setting import Plan, Wanted

PEOPLE_PER_COMPANY = 4


@dataclass(frozen=True)
class Companies:
    """Every company of the market, known to the seller or not. Partners come last.

    `groups` numbers groups of companies that share a brand and are not the same; NONE for the others.
    """

    brands: Ints
    cities: Ints
    trades: Ints
    forms: Ints
    industries: Ints
    sizes: Ints
    groups: Ints
    seats: Ints
    partners: Ints
    habits: Ints
    terms: Ints
    is_abroad: Bools
    is_partner: Bools
    is_old_customer: Bools

    @property
    def n(self) -> int:
        """How many there are."""
        return len(self.brands)

    @property
    def teams(self) -> Ints:
        """The team whose territory each is in."""
        return np.array(names.CITY_TEAMS)[self.cities]


def make_companies(wanted: Wanted, chunk: int, scale: float, people: People) -> Companies:
    """The market of one part of the company."""
    rng = stream(wanted.seed, "companies", chunk)
    others = max(420, round(p.COMPANIES * scale))
    partners = max(12, round(p.PARTNERS * scale))
    n = others + partners
    abroad = rng.random(n) < p.TEAMS[p.OVERSEAS_TEAM][2] * 1.1
    by_team = np.array([share for *_, share in p.TEAMS])
    city_teams = np.array(names.CITY_TEAMS)
    weight = by_team[city_teams] / np.bincount(city_teams)[city_teams]
    home = pick(rng, n, weight[: names.HOME_CITIES])
    cities = np.where(abroad, names.HOME_CITIES + rng.integers(0, len(names.CITIES) - names.HOME_CITIES, n), home)
    brands = chunk * (p.COMPANIES + 10_000) * 3 + np.arange(n)
    groups = np.full(n, NONE)
    first = np.flatnonzero((rng.random(n) < 0.03) & (np.arange(n) < others - 3) & (np.arange(n) % 4 == 0))
    for sister in (1, 2):
        also = first[rng.random(len(first)) < (1.0 if sister == 1 else 0.4)]
        groups[first], groups[also + sister] = first, first[np.isin(first, also)]
        brands[also + sister] = brands[also]
        abroad[also + sister] = abroad[also]
        cities[also + sister] = np.where(
            abroad[also],
            names.HOME_CITIES + (cities[also] + sister) % 14,
            (cities[also] + 5 * sister) % names.HOME_CITIES,
        )
    sizes = np.where(groups >= 0, pick(rng, n, (0, 0.2, 0.5, 0.3)), pick(rng, n, p.SIZE_SHARES))
    is_partner = np.arange(n) >= others
    teams = city_teams[cities]
    seats = people.seat_for(rng, teams)
    through = rng.random(n) < np.where(abroad, 0.45, 0.2)
    partner_options = _of_team(rng, teams, np.arange(others, n), city_teams[cities[others:]])
    old = rng.permutation(others) < max(60, round(p.INSTALLED_BASE * scale))
    return Companies(
        brands,
        cities,
        rng.integers(0, len(names.TRADES), n),
        pick(rng, n, names.FORM_SHARES),
        pick(rng, n, p.INDUSTRY_SHARES),
        sizes,
        groups,
        seats,
        np.where(through & ~is_partner, partner_options, NONE),
        pick(rng, n, [habit.share for habit in p.HABITS]),
        np.array(p.TERMS)[pick(rng, n, p.TERM_SHARES)],
        abroad,
        is_partner,
        np.append(old, np.zeros(partners, dtype=bool)),
    )


def _of_team(rng: np.random.Generator, teams: Ints, members: Ints, member_teams: Ints) -> Ints:
    """A member of each team; any member where the team has none."""
    order = np.argsort(member_teams, kind="stable")
    counts = np.bincount(member_teams, minlength=len(p.TEAMS))
    firsts = np.cumsum(counts) - counts
    within = firsts[teams] + np.floor(rng.random(len(teams)) * counts[teams]).astype(np.int64)
    anyone = rng.integers(0, len(members), len(teams))
    found: Ints = members[order[np.where(counts[teams] > 0, within.clip(0, len(members) - 1), anyone)]]
    return found


@dataclass(frozen=True)
class Leads:
    """One entry per inquiry, in order of creation. Moments are seconds, NEVER × DAY where it never comes.

    `chance` is the known probability of ever converting; `converts` when it does.
    """

    companies: Ints
    persons: Ints
    channels: Ints
    nodes: Ints
    grades: Ints
    lines: Ints
    created: Ints
    assigned: Ints
    responded: Ints
    qualified: Ints
    converts: Ints
    disqualified: Ints
    recycled: Ints
    claimed: Ints
    seats: Ints
    claim_seats: Ints
    chance: Floats

    @property
    def n(self) -> int:
        """How many there are."""
        return len(self.created)

    def seat_at(self, moments: Ints) -> Ints:
        """The seat that works each lead at a moment."""
        return np.where(moments >= self.claimed, self.claim_seats, self.seats)


def _conversion(
    rng: np.random.Generator, channels: Ints, grades: Ints, sizes: Ints, *, is_fast: Bools
) -> tuple[Floats, Floats]:
    """The known chance of each lead ever to convert, and the days it takes those that do."""
    base = np.array([c.conversion for c in p.CHANNELS])[channels]
    grade = np.array(p.GRADE_CONVERSION) / np.dot(p.GRADE_CONVERSION, p.GRADE_SHARES)
    size = np.array(p.SIZE_CONVERSION) / np.dot(p.SIZE_CONVERSION, p.SIZE_SHARES)
    fast, slow = p.FAST_RESPONSE_CONVERSION
    speed = np.where(is_fast, fast, slow) / (fast * p.FAST_RESPONSE_SHARE + slow * (1 - p.FAST_RESPONSE_SHARE))
    chance = np.minimum(base * grade[grades] * size[sizes] * speed, 0.95)
    return chance, lognormal(rng, np.array([c.median_days for c in p.CHANNELS])[channels], p.CONVERSION_SIGMA)


def _days_of_leads(wanted: Wanted, rng: np.random.Generator, plan: Plan, channels: Ints) -> tuple[Ints, Ints]:
    """The day of each lead, and the activity that brought it: after an event, most within a week."""
    day = wanted.first + pick(rng, len(channels), plan.weights)
    nodes = plan.draw(rng, channels, day)
    held = np.where(nodes >= 0, plan.event_days[np.maximum(nodes, 0)], NONE)
    after = np.floor(rng.exponential(5.0, len(day)) * (rng.random(len(day)) < 0.75)).astype(np.int64)
    day = np.where((held >= 0) & (held + after <= wanted.last) & (held >= wanted.first), held + after, day)
    return day, np.where(rng.random(len(day)) < 0.04, NONE, nodes)


def _in_turn(companies: Ints, drawn: Ints) -> Ints:
    """Who of each company asks: one after another from whom its first lead drew, so that few people come again."""
    order = np.argsort(companies, kind="stable")
    _, firsts, counts = np.unique(companies[order], return_index=True, return_counts=True)
    turn = np.arange(len(order)) - np.repeat(firsts, counts)
    places = np.empty_like(drawn)
    places[order] = (np.repeat(drawn[order][firsts], counts) + turn) % PEOPLE_PER_COMPANY
    return places


def make_leads(wanted: Wanted, chunk: int, scale: float, companies: Companies, people: People, plan: Plan) -> Leads:
    """The leads of one part, with all that happens to them, after `until` too."""
    rng = stream(wanted.seed, "leads", chunk)
    n = max(420, round(p.LEADS * scale * wanted.months / p.DEFAULT_MONTHS))
    channels = pick(rng, n, [c.leads for c in p.CHANNELS])
    day, nodes = _days_of_leads(wanted, rng, plan, channels)
    created = day * DAY + np.clip(rng.normal(14 * 3600, 3.4 * 3600, n), 0, DAY - 1).astype(np.int64)
    order = np.argsort(created, kind="stable")
    created, channels, nodes = created[order], channels[order], nodes[order]

    company = np.floor(rng.random(n) ** 1.15 * (companies.n - companies.is_partner.sum())).astype(np.int64)
    person = company * PEOPLE_PER_COMPANY + _in_turn(company, pick(rng, n, (0.5, 0.27, 0.15, 0.08)))
    grades = pick(rng, n, p.GRADE_SHARES)
    is_fast = rng.random(n) < p.FAST_RESPONSE_SHARE
    wait = np.where(is_fast, rng.uniform(0.05, 0.98, n), np.minimum(1.0 + lognormal(rng, 15.0, 1.25, n), 500.0))
    responded = created + (wait * 3600).astype(np.int64)
    assigned = created + np.minimum(rng.integers(60, 1500, n), (wait * 1800).astype(np.int64))
    no_answer = rng.random(n) < 0.06

    chance, delay = _conversion(rng, channels, grades, companies.sizes[company], is_fast=is_fast)
    never = np.int64(NEVER * DAY)
    does = rng.random(n) < chance
    converts = np.where(does, np.maximum(created + (delay * DAY).astype(np.int64), responded + 3600), never)
    responded = np.where(no_answer & ~does, never, responded)
    early = created + ((converts - created) * rng.uniform(0.1, 0.7, n)).astype(np.int64)
    by_itself = np.where(
        (rng.random(n) < p.QUALIFIED_WITHOUT_CONVERSION) & (responded < never),
        responded + rng.integers(DAY, 20 * DAY, n),
        never,
    )
    qualified = np.where(does, np.maximum(early, responded), by_itself)
    out = ~does & (rng.random(n) < p.DISQUALIFIED)
    disqualified = np.where(out, created + DAY + (lognormal(rng, 16.0, 0.8, n) * DAY).astype(np.int64), never)
    recycled, claimed = _pool(rng, created, converts, disqualified)
    seats = np.where(rng.random(n) < 0.9, companies.seats[company], people.seat_for(rng, companies.teams[company]))
    lines = pick(rng, n, p.LINE_SHARES)
    return Leads(
        company,
        person,
        channels,
        nodes,
        grades,
        lines,
        created,
        assigned,
        responded,
        qualified,
        converts,
        disqualified,
        recycled,
        claimed,
        seats,
        people.seat_for(rng, companies.teams[company]),
        chance,
    )


def _pool(rng: np.random.Generator, created: Ints, converts: Ints, disqualified: Ints) -> tuple[Ints, Ints]:
    """When idle leads went to the public pool at the close of a day, and when another claimed them."""
    n, never = len(created), NEVER * DAY
    idle_day = created // DAY + rng.integers(30, 61, n)
    idle = idle_day * DAY + DAY - 60
    goes = (rng.random(n) < p.RECYCLED) & (idle < np.minimum(converts, disqualified) - 6 * DAY)
    recycled = np.where(goes, idle, never)
    wait = (rng.exponential(22.0, n) * DAY).astype(np.int64)
    latest = np.minimum(converts, disqualified) - 2 * DAY
    must = goes & (converts < never)
    claim = np.where(must, np.minimum(idle + wait, latest), idle + wait)
    claim_day = working_day(claim // DAY)
    claim = np.where(must, claim, claim_day * DAY + rng.integers(30_600, 64_800, n))
    claims = goes & (must | (rng.random(n) < p.CLAIMED)) & (claim < np.minimum(converts, disqualified))
    return recycled, np.where(claims, claim, never)


@dataclass(frozen=True)
class Touches:
    """Contacts with a channel: the lead's person, or for deals without a lead a contact of the account."""

    moments: Ints
    channels: Ints
    nodes: Ints
    kinds: Ints
    leads: Ints
    persons: Ints
    deals: Ints


TOUCH_KINDS = (
    "click",
    "utm_visit",
    "wechat_message",
    "email_click",
    "badge_scan",
    "attendance",
    "form",
    "call_in",
    "email_open",
)
_EMAIL = next(i for i, c in enumerate(p.CHANNELS) if c.name == "Email")


def _kinds(rng: np.random.Generator, channels: Ints) -> Ints:
    own = np.array([TOUCH_KINDS.index(c.touch) for c in p.CHANNELS])[channels]
    form = (rng.random(len(channels)) < 0.15) & np.isin(own, [0, 1, 2])
    opened = (channels == _EMAIL) & (rng.random(len(channels)) < 0.45)
    return np.where(form, TOUCH_KINDS.index("form"), np.where(opened, TOUCH_KINDS.index("email_open"), own))


def lead_touches(wanted: Wanted, chunk: int, leads: Leads, plan: Plan) -> Touches:
    """The touch that made each lead, those before it, and those while it was worked."""
    rng = stream(wanted.seed, "touches", chunk)
    before = np.minimum(rng.geometric(0.5, leads.n) - 1, 5)
    worked = np.minimum(leads.converts, np.minimum(leads.disqualified, leads.created + 120 * DAY))
    worked = np.where(leads.converts < NEVER * DAY, leads.converts + 90 * DAY, worked)
    after = np.minimum(rng.poisson(np.where(leads.converts < NEVER * DAY, 2.2, 0.55)), 8)
    own = np.arange(leads.n)
    early, late = expand(before)[0], expand(after)[0]
    owner = np.concatenate([own, early, late])
    assists = np.array([c.assists for c in p.CHANNELS])
    channels = np.concatenate(
        [leads.channels, pick(rng, len(early), assists), pick(rng, len(late), assists * _NURTURE)]
    )
    moments = np.concatenate(
        [
            leads.created - rng.integers(1, 600, leads.n),
            leads.created[early] - (rng.exponential(28.0, len(early)) * DAY).astype(np.int64) - 3600,
            leads.created[late] + (rng.random(len(late)) * (worked - leads.created)[late]).astype(np.int64),
        ]
    )
    days = moments // DAY
    nodes = np.concatenate([leads.nodes, plan.draw(rng, channels[leads.n :], days[leads.n :])])
    nodes[leads.n :][rng.random(len(nodes) - leads.n) < 0.1] = NONE
    moments, channels, nodes = _on_the_day(rng, plan, leads.created[owner], moments, channels, nodes, late=len(late))
    kinds = _kinds(rng, channels)
    kinds[: leads.n] = np.where(
        kinds[: leads.n] == TOUCH_KINDS.index("email_open"), TOUCH_KINDS.index("email_click"), kinds[: leads.n]
    )
    order = np.lexsort((owner, moments))
    owner = owner[order]
    return Touches(
        moments[order],
        channels[order],
        nodes[order],
        kinds[order],
        owner,
        leads.persons[owner],
        np.full(len(owner), NONE),
    )


def _on_the_day(
    rng: np.random.Generator, plan: Plan, created: Ints, moments: Ints, channels: Ints, nodes: Ints, *, late: int
) -> tuple[Ints, Ints, Ints]:
    """Touches at shows and webinars on the day they were held; who was not there that day came to the site instead.

    The last `late` touches come after the lead was created, the others before.
    """
    held = np.where(nodes >= 0, plan.event_days[np.maximum(nodes, 0)], NONE)
    is_event = np.array([c.is_event for c in p.CHANNELS])[channels]
    there = held * DAY + rng.integers(32_400, 61_200, len(moments))
    after = np.arange(len(moments)) >= len(moments) - late
    fits = np.where(after, (there > created) & (there < moments + 60 * DAY), there < created) & (held >= 0)
    own = created - moments < 600
    moments = np.where(is_event & fits, there, moments)
    missed = is_event & ~fits & ~(own & ~after)
    return moments, np.where(missed, p.DIRECT, channels), np.where(missed, NONE, nodes)


_NURTURE = np.array([0.5, 1, 0.6, 1.3, 2.2, 1.2, 1.8, 0.6, 0, 0, 1, 0.3, 0.2, 0.2, 1.2, 0.6])
