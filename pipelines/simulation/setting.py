"""What the whole company shares: its calendar, products, exchange rates, and the plan of its campaigns."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np

from pipelines.simulation import parameters as p
from pipelines.simulation.arrays import (
    NONE,
    Floats,
    Ints,
    date_of,
    day_of,
    expand,
    lognormal,
    month_start,
    months_of,
    pick,
    stream,
    weekday,
    working_day,
)


@dataclass(frozen=True)
class Wanted:
    """What to simulate."""

    seed: int = 1
    months: int = p.DEFAULT_MONTHS
    scale: float = 1.0
    until: date = p.DEFAULT_UNTIL
    noise: float = 1.0
    vendors: bool = False

    @property
    def last(self) -> int:
        """The number of the last day."""
        return day_of(self.until)

    @cached_property
    def first(self) -> int:
        """The number of the first day: the first of the month, `months` months with that of `until`."""
        month = months_of(np.array([self.last]))
        return int(month_start(month - self.months + 1)[0])

    @cached_property
    def months_seen(self) -> Ints:
        """Months since 1970-01, oldest first."""
        return np.arange(months_of(np.array([self.first]))[0], months_of(np.array([self.last]))[0] + 1)

    @property
    def size(self) -> float:
        """Scale, and how much of 24 months is asked for."""
        return self.scale * self.months / p.DEFAULT_MONTHS

    def chunks(self) -> list[float]:
        """The scales of the independent parts that a large company is made of."""
        parts = max(1, int(np.ceil(self.scale / p.CHUNK_SCALE)))
        return [self.scale / parts] * parts


@dataclass(frozen=True)
class Products:
    """One entry per product; prices and costs in cents, costs from three days on."""

    names: tuple[str, ...]
    lines: Ints
    prices: Ints
    cost_rates: Floats
    cost_days: Ints
    costs: Ints
    lead_days: Ints

    def of_line(self, rng: np.random.Generator, lines: Ints) -> Ints:
        """A product of each line, cheaper ones more often."""
        firsts = np.searchsorted(self.lines, lines, side="left")
        counts = np.searchsorted(self.lines, lines, side="right") - firsts
        return (firsts + np.floor(rng.random(len(lines)) ** 1.4 * counts)).astype(np.int64)

    def cost_on(self, products: Ints, days: Ints) -> Ints:
        """Unit cost on a day, in cents."""
        version = np.searchsorted(self.cost_days, days, side="right") - 1
        return self.costs[np.maximum(version, 0), products]


_MODELS = (
    ("LC-3015 光纤激光切割机", "LC-4020 大幅面激光切割机", "LC-6025 高功率激光切割机", "LC-T220 激光切管机"),
    ("WR-06 协作焊接机器人", "WR-12 弧焊工作站", "WR-20 双工位焊接站"),
    ("BF-80 数控折弯机", "BF-160 电液折弯机", "BF-R 折弯单元"),
    ("AL-M 物料塔", "AL-G 桁架上下料", "AL-C 分拣线"),
    ("SP-N 喷嘴套件", "SP-L 保护镜片", "SP-F 滤芯组", "SP-K 维保包"),
)
_PRICES = (
    (78_000, 126_000, 215_000, 98_000),
    (42_000, 69_000, 118_000),
    (48_000, 86_000, 132_000),
    (38_000, 74_000, 145_000),
    (860, 240, 1_250, 4_800),
)
_LEAD_DAYS = (38, 32, 28, 45, 7)


def make_products(wanted: Wanted) -> Products:
    """The catalogue, with two rises of cost."""
    rng = stream(wanted.seed, "products")
    lines, _ = expand(np.array([len(models) for models in _MODELS]))
    prices = np.array([price for line in _PRICES for price in line], dtype=np.int64) * 100
    rates = rng.uniform(0.52, 0.64, len(prices))
    base = np.round(prices * rates / 100).astype(np.int64) * 100
    days = np.array([wanted.first - 400, wanted.first + 270, wanted.first + 520])
    costs = np.stack(
        [base, np.round(base * 1.03 / 100).astype(np.int64) * 100, np.round(base * 1.045 / 100).astype(np.int64) * 100]
    )
    names = tuple(name for models in _MODELS for name in models)
    return Products(names, lines, prices, rates, days, costs, np.array(_LEAD_DAYS)[lines])


@dataclass(frozen=True)
class Rates:
    """CNY for a US dollar on every day from `first` on, and as exported with six places."""

    first: int
    dollar: Floats

    def on(self, days: Ints) -> Floats:
        """CNY per dollar on days."""
        return self.dollar[np.clip(days - self.first, 0, len(self.dollar) - 1)]


def make_rates(wanted: Wanted) -> Rates:
    """A slow random walk that returns to 7.15."""
    rng = stream(wanted.seed, "rates")
    first = wanted.first - 420
    steps = rng.normal(0, 0.008, wanted.last + 420 - first)
    decay = 0.985
    level = np.convolve(steps, decay ** np.arange(400))[: len(steps)]
    return Rates(first, np.round(7.15 + level, 6))


@dataclass(frozen=True)
class Plan:
    """The tree of plans, campaigns and activities, one entry per node; money in cents.

    `table[channel, quarter]` lists the activities of a channel in a quarter, padded with -1. `spend_*` are
    the rows of spend: node (−1 for none), channel, day, kind and cost in cents (fen of the account's currency).
    """

    levels: Ints
    channels: Ints
    parents: Ints
    starts: Ints
    ends: Ints
    names: tuple[str, ...]
    lines: Ints
    event_days: Ints
    expected_leads: Floats
    expected_cost: Ints
    table: Ints
    quarters: Ints
    weights: Floats

    def quarter_of(self, days: Ints) -> Ints:
        """The index of the calendar quarter of days."""
        return np.searchsorted(self.quarters, days, side="right") - 1

    def draw(self, rng: np.random.Generator, channels: Ints, days: Ints) -> Ints:
        """An activity of the channel in the day's quarter; -1 where there is none, or nobody noted it."""
        quarter = np.clip(self.quarter_of(days), 0, len(self.quarters) - 1)
        options = self.table[channels, quarter]
        counts = (options >= 0).sum(axis=1)
        slot = np.floor(rng.random(len(days)) ** 1.4 * counts).astype(np.int64)
        known = (counts > 0) & (days >= self.quarters[0])
        return np.where(known, options[np.arange(len(days)), slot], NONE)


def day_weights(wanted: Wanted) -> Floats:
    """How much of a year's demand falls on each day: month, weekday, and slow growth."""
    span = np.arange(wanted.first, wanted.last + 1)
    month = months_of(span) % 12
    growth = 1 + 0.25 * (span - wanted.first) / 730
    weights: Floats = np.array(p.MONTH_SEASON)[month] * np.array(p.WEEKDAY_SEASON)[weekday(span)] * growth
    shares: Floats = weights / weights.sum()
    return shares


_PLAN, _CAMPAIGN, _ACTIVITY = 0, 1, 2
_SLOTS = 3
_THEMES = (
    "品牌词 Brand",
    "行业方案 Solutions",
    "竞品词 Alternatives",
    "案例 Case studies",
    "选型指南 Buyer guide",
    "年度促销 Promotion",
)
_SHOWS = ("华东装备展", "南方智造展", "国际金属加工展", "北方工业周", "Smart Forming Expo", "激光应用论坛")
_WEBINARS = ("激光切割成本拆解", "焊接自动化入门", "折弯精度实战", "Laser uptime in practice", "柔性上下料案例")


def make_plan(wanted: Wanted) -> Plan:
    """Yearly plans, a campaign for each channel and quarter, and its activities."""
    rng = stream(wanted.seed, "plan")
    weights = day_weights(wanted)
    months = wanted.months_seen
    quarters = month_start(np.unique(np.concatenate([months[:1] // 3 * 3, months // 3 * 3])))
    ends = np.append(quarters[1:] - 1, month_start(months[-1:] // 3 * 3 + 3) - 1)
    years = np.unique(quarters.astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64))
    marketed = [i for i, channel in enumerate(p.CHANNELS) if channel.activities]
    counts = np.array([p.CHANNELS[i].activities for i in marketed])

    campaign_channel = np.repeat(marketed, len(quarters))
    campaign_quarter = np.tile(np.arange(len(quarters)), len(marketed))
    campaign_year = quarters[campaign_quarter].astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64)
    owners, slots = expand(np.repeat(counts, len(quarters)))
    n_plans, n_campaigns, n_activities = len(years), len(campaign_channel), len(owners)

    channel = np.concatenate([np.full(n_plans, NONE), campaign_channel, campaign_channel[owners]])
    quarter = np.concatenate([np.zeros(n_plans, dtype=np.int64), campaign_quarter, campaign_quarter[owners]])
    parents = np.concatenate([np.full(n_plans, NONE), np.searchsorted(years, campaign_year), n_plans + owners])
    levels = np.repeat([_PLAN, _CAMPAIGN, _ACTIVITY], [n_plans, n_campaigns, n_activities])
    starts, finish = quarters[quarter], ends[quarter]
    year_start = years.astype("datetime64[Y]").astype("datetime64[D]").astype(np.int64)
    starts[:n_plans], finish[:n_plans] = (
        year_start,
        np.append(year_start[1:], (years[-1:] + 1).astype("datetime64[Y]").astype("datetime64[D]").astype(np.int64))
        - 1,
    )
    is_event = np.array([c.is_event for c in p.CHANNELS] + [False])[channel] & (levels == _ACTIVITY)
    event_days = np.where(is_event, working_day(starts + rng.integers(20, 65, len(starts))), NONE)
    finish = np.where(is_event, event_days + 2, finish)

    table = np.full((len(p.CHANNELS), len(quarters), _SLOTS), NONE)
    table[campaign_channel[owners], campaign_quarter[owners], slots] = n_plans + n_campaigns + np.arange(n_activities)
    lead_share = np.array([c.leads for c in p.CHANNELS]) / sum(c.leads for c in p.CHANNELS)
    inside = np.searchsorted(quarters, np.arange(wanted.first, wanted.last + 1), side="right") - 1
    by_quarter = np.bincount(inside, weights, len(quarters))
    slot_counts = np.repeat(counts, len(quarters))[owners]
    slot_share = ((slots + 1) / slot_counts) ** (1 / 1.4) - (slots / slot_counts) ** (1 / 1.4)
    leads = np.zeros(len(levels))
    leads[n_plans + n_campaigns :] = (
        p.LEADS * wanted.size * lead_share[campaign_channel[owners]] * by_quarter[campaign_quarter[owners]] * slot_share
    )
    cost = np.array([c.cost for c in p.CHANNELS] + [0.0])[channel] * leads * lognormal(rng, 1.0, 0.08, len(levels))
    for level in (_ACTIVITY, _CAMPAIGN):
        np.add.at(leads, parents[levels == level], leads[levels == level])
        np.add.at(cost, parents[levels == level], cost[levels == level])
    names = _names(rng, levels, channel, starts, slots, event_days)
    lines = np.where(levels == _ACTIVITY, pick(rng, len(levels), p.LINE_SHARES), NONE)
    return Plan(
        levels,
        channel,
        parents,
        starts,
        finish,
        names,
        lines,
        event_days,
        leads,
        np.round(cost).astype(np.int64) * 100,
        table,
        quarters,
        weights,
    )


def _names(
    rng: np.random.Generator, levels: Ints, channels: Ints, starts: Ints, slots: Ints, event_days: Ints
) -> tuple[str, ...]:
    """Names of the nodes: a few hundred at every scale."""
    label = [channel.label for channel in p.CHANNELS]
    theme = rng.integers(0, 1_000, len(levels))
    first_activity = len(levels) - len(slots)
    names = []
    for i, (level, channel, start) in enumerate(zip(levels, channels, starts, strict=True)):
        day = date_of(start)
        quarter = f"{day.year} Q{(day.month + 2) // 3}"
        if level == _PLAN:
            names.append(f"{day.year}年度市场计划 Marketing plan {day.year}")
        elif level == _CAMPAIGN:
            names.append(f"{label[channel]} {quarter}")
        else:
            held = date_of(event_days[i]) if event_days[i] >= 0 else day
            slot = int(slots[i - first_activity])
            shown = {"展会": _SHOWS, "Webinar": _WEBINARS}.get(p.CHANNELS[channel].name, _THEMES)
            name = shown[(int(theme[i]) + slot) % len(shown)]
            names.append(
                f"{name} {held:%Y-%m}"
                if event_days[i] >= 0
                else f"{label[channel].split(' ')[0]} {name} {quarter} {'ABC'[slot]}"
            )
    return tuple(names)


@dataclass(frozen=True)
class Spend:
    """Rows of spend: the node charged (−1 for none), channel (−1 for none), day, kind, and cents in CNY."""

    nodes: Ints
    channels: Ints
    days: Ints
    kinds: Ints
    costs: Ints
    leads: Floats


KINDS = ("media", "agency_fee", "event", "other")


def make_spend(wanted: Wanted, plan: Plan) -> Spend:
    """Media by day, fees and other costs at month-ends, events half as a deposit and half on the day."""
    rng = stream(wanted.seed, "spend")
    parts = [_daily_media(wanted, plan, rng), _monthly(wanted, plan, rng), _events(plan, rng)]
    joined = [np.concatenate(columns) for columns in zip(*parts, strict=True)]
    inside = (joined[2] <= wanted.last) & (joined[4] > 0)
    nodes, channels, days, kinds, costs, leads = (column[inside] for column in joined)
    order = np.lexsort((nodes, channels, days))
    return Spend(nodes[order], channels[order], days[order], kinds[order], costs[order], leads[order])


def _share(kind: str) -> Floats:
    return np.array([dict(channel.kinds).get(kind, 0.0) * (not channel.is_booked_in_crm) for channel in p.CHANNELS])


_Columns = tuple[Ints, Ints, Ints, Ints, Ints, Floats]


def _daily_media(wanted: Wanted, plan: Plan, rng: np.random.Generator) -> _Columns:
    activities = np.flatnonzero((plan.levels == _ACTIVITY) & (_share("media")[plan.channels] > 0))
    begins = np.where(
        plan.event_days[activities] >= 0,
        np.maximum(plan.starts[activities], plan.event_days[activities] - 30),
        plan.starts[activities],
    )
    begins = np.maximum(begins, wanted.first)
    lasts = np.minimum(plan.ends[activities], wanted.last)
    owners, position = expand(np.maximum(lasts - begins + 1, 0))
    days = begins[owners] + position
    weight = plan.weights[days - wanted.first] * lognormal(rng, 1.0, 0.2, len(days))
    sums = np.bincount(owners, weight, len(activities))
    nodes = activities[owners]
    part = weight / sums[owners]
    cost = plan.expected_cost[nodes] * _share("media")[plan.channels[nodes]] * part
    return (
        nodes,
        plan.channels[nodes],
        days,
        np.zeros(len(days), dtype=np.int64),
        np.round(cost).astype(np.int64),
        plan.expected_leads[nodes] * part,
    )


def _monthly(wanted: Wanted, plan: Plan, rng: np.random.Generator) -> _Columns:
    campaigns = np.flatnonzero(plan.levels == _CAMPAIGN)
    found: list[_Columns] = []
    for kind in ("agency_fee", "other"):
        share = _share(kind)[plan.channels[campaigns]]
        charged = campaigns[share > 0]
        owners, position = expand(np.full(len(charged), 3))
        nodes = charged[owners]
        month = months_of(plan.starts[nodes]) + position
        days = month_start(month + 1) - 1 - rng.integers(0, 3, len(nodes))
        cost = plan.expected_cost[nodes] * share[share > 0][owners] / 3 * lognormal(rng, 1.0, 0.1, len(nodes))
        kinds = np.full(len(nodes), KINDS.index(kind))
        inside = days >= wanted.first
        columns = (
            nodes,
            plan.channels[nodes],
            days,
            kinds,
            np.round(cost / 100).astype(np.int64) * 100,
            np.zeros(len(nodes)),
        )
        found.append(tuple(column[inside] for column in columns))  # type: ignore[arg-type]
    return tuple(np.concatenate(columns) for columns in zip(*found, strict=True))  # type: ignore[return-value]


def _events(plan: Plan, rng: np.random.Generator) -> _Columns:
    held = np.flatnonzero((plan.event_days >= 0) & (_share("event")[plan.channels] > 0))
    nodes = np.repeat(held, 2)
    days = plan.event_days[nodes] - np.tile([30, 0], len(held))
    cost = plan.expected_cost[nodes] * _share("event")[plan.channels[nodes]] / 2 * lognormal(rng, 1.0, 0.05, len(nodes))
    days = np.maximum(days, plan.quarters[0])
    return (
        nodes,
        plan.channels[nodes],
        days,
        np.full(len(nodes), 2),
        np.round(cost / 100).astype(np.int64) * 100,
        np.zeros(len(nodes)),
    )
