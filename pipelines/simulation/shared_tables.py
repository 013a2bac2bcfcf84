"""Tables of the whole company: catalogue, campaigns and their spend, exchange rates, stock, and counted paths."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import polars as pl

from pipelines.simulation import arrays as a
from pipelines.simulation import parameters as p
from pipelines.simulation.arrays import DAY, NEVER, NONE, Floats, Ints, chance_of, stream, working_day
from pipelines.simulation.custom import node_ids, product_ids
from pipelines.simulation.setting import KINDS, Wanted
from pipelines.simulation.world import Setting, World

_LEVELS = ("plan", "campaign", "activity")
_LONGEST_PATH = 6


def products(setting: Setting) -> pl.DataFrame:
    """The catalogue, with today's costs."""
    found = setting.products
    index = np.arange(len(found.names))
    return pl.DataFrame(
        {
            "product_id": product_ids(index),
            "name": list(found.names),
            "product_line": a.words(p.PRODUCT_LINES, found.lines),
            "list_price": a.money(found.prices),
            "unit_cost": a.money(found.cost_on(index, np.full(len(index), setting.wanted.last))),
            "currency": ["CNY"] * len(index),
        }
    )


def product_costs(setting: Setting) -> pl.DataFrame:
    """Costs with the day from which each held."""
    found = setting.products
    day, index = np.divmod(np.arange(found.costs.size), len(found.names))
    return pl.DataFrame(
        {
            "product_id": product_ids(index),
            "valid_from_on": a.days(found.cost_days[day]),
            "unit_cost": a.money(found.costs[day, index]),
            "currency": ["CNY"] * len(index),
        }
    ).filter(pl.Series(found.cost_days[day] <= setting.wanted.last))


def fx_rates(setting: Setting) -> pl.DataFrame:
    """CNY for a dollar on every working day."""
    wanted, rates = setting.wanted, setting.rates
    day = np.arange(rates.first, wanted.last + 1)
    day = day[a.weekday(day) < 5]
    return pl.DataFrame(
        {
            "rate_on": a.days(day),
            "from_currency": ["USD"] * len(day),
            "to_currency": ["CNY"] * len(day),
            "rate": a.places(rates.on(day), 6),
        }
    )


def campaigns(setting: Setting) -> pl.DataFrame:
    """The tree of the marketing plan, as it stands on the last day."""
    plan, wanted = setting.plan, setting.wanted
    n = len(plan.levels)
    node = np.arange(n)
    rng = stream(wanted.seed, "budgets")
    budget = np.round(plan.expected_cost * rng.uniform(1.0, 1.12, n) / 100_000).astype(np.int64) * 100_000
    for level in (2, 1):
        inner = plan.levels == level - 1
        sums = a.totals(budget[plan.levels == level], plan.parents[plan.levels == level], n)
        budget = np.where(inner, sums, budget)
    over, begun = plan.ends < wanted.last, plan.starts <= wanted.last
    committed = np.where(begun, np.round(budget * rng.uniform(0.7, 0.98, n) / 100_000).astype(np.int64) * 100_000, 0)
    revenue = np.round(budget * rng.uniform(3.0, 6.0, n) / 1_000_000).astype(np.int64) * 1_000_000
    in_crm = np.array([c.is_booked_in_crm for c in p.CHANNELS] + [False])[plan.channels] & (plan.levels == 1)
    noted = in_crm | ((chance_of(node, "noted") < 0.15) & (plan.levels == 1))
    elapsed = np.clip((np.minimum(wanted.last, plan.ends) - plan.starts + 1) / (plan.ends - plan.starts + 1), 0, 1)
    actual = np.round(plan.expected_cost * elapsed / 100).astype(np.int64) * 100
    return pl.DataFrame(
        {
            "campaign_id": node_ids(node),
            "name": list(plan.names),
            "level": a.words(_LEVELS, plan.levels),
            "channel": a.words([c.name for c in p.CHANNELS], plan.channels),
            "parent_campaign_id": node_ids(plan.parents),
            "starts_on": a.days(plan.starts),
            "ends_on": a.days(plan.ends),
            "budget": a.money(budget, budget > 0),
            "committed_amount": a.money(committed, budget > 0),
            "expected_revenue_amount": a.money(revenue, budget > 0),
            "expected_leads": a.numbers(np.round(plan.expected_leads * rng.uniform(0.9, 1.2, n)).astype(np.int64)),
            "actual_cost": a.money(actual, noted & begun),
            "status": a.words(("planned", "active", "completed"), begun.astype(np.int64) + over),
            "currency": ["CNY"] * n,
        }
    )


def spend(setting: Setting, until: int, since: int) -> pl.DataFrame:
    """Spend by day, campaign and kind, with what the platforms claim; LinkedIn bills in dollars."""
    found = setting.spend
    everything = np.arange(len(found.days))
    which = everything[(found.days <= until) & (found.days > since)]
    node, channel, day, kind = found.nodes[which], found.channels[which], found.days[which], found.kinds[which]
    in_dollars = np.array([c.account.startswith("linkedin") for c in p.CHANNELS])[channel] & (kind == 0)
    cost = np.where(
        in_dollars, np.round(found.costs[which] / setting.rates.on(day)).astype(np.int64), found.costs[which]
    )
    media = kind == 0
    click_cost = 6.5 + 6.0 * chance_of(which, "click")
    clicks = np.round(found.costs[which] / 100 / click_cost).astype(np.int64)
    shown = np.round(clicks / (0.008 + 0.02 * chance_of(which, "rate"))).astype(np.int64)
    claim = np.array([c.claim for c in p.CHANNELS])[channel]
    claimed = np.floor(found.leads[which] * claim + chance_of(which, "claimed")).astype(np.int64)
    value = claimed * 380_000
    # a little of it nobody assigned
    lost = chance_of(which, "unassigned")
    node = np.where(lost < 0.012, NONE, node)
    channel = np.where(lost < 0.005, NONE, channel)
    account = a.words([c.account or None for c in p.CHANNELS], np.where(media, found.channels[which], NONE))  # type: ignore[misc]
    return pl.DataFrame(
        {
            "spend_id": a.ids("SP-", which, 7),
            "spent_on": a.days(day),
            "campaign_id": node_ids(node),
            "channel": a.words([c.name for c in p.CHANNELS], channel),
            "ad_account": account,
            "kind": a.words(KINDS, kind),
            "cost": a.money(cost),
            "impressions": a.numbers(shown, media),
            "clicks": a.numbers(clicks, media),
            "conversions": a.numbers(claimed, media),
            "conversion_value_amount": a.money(np.where(in_dollars, value // 7, value), media),
            "currency": a.words(("CNY", "USD"), in_dollars.astype(np.int64)),
        }
    )


@dataclass
class Counted:
    """What is counted over all parts: pieces delivered and expected by product and month, and paths."""

    wanted: Wanted
    n_products: int
    delivered: Ints = field(init=False)
    ordered_open: Floats = field(init=False)
    paths: list[pl.DataFrame] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Start from nothing."""
        self.delivered = np.zeros((len(self.wanted.months_seen), self.n_products), dtype=np.int64)
        self.ordered_open = np.zeros(self.n_products)

    def add(self, world: World) -> None:
        """Count one part."""
        shipped, product = world.deliveries.shipped, world.orders.line_products[world.deliveries.lines]
        month = a.months_of(shipped) - self.wanted.months_seen[0]
        past = (shipped <= self.wanted.last) & (month >= 0)
        np.add.at(self.delivered, (month[past], product[past]), world.deliveries.quantities[past])
        ahead = (shipped > self.wanted.last) & (world.orders.days[world.deliveries.orders] <= self.wanted.last)
        np.add.at(self.ordered_open, product[ahead], world.deliveries.quantities[ahead])
        self.paths.append(_paths(world))
        if len(self.paths) > 1:
            self.paths = [pl.concat(self.paths).group_by("path", maintain_order=True).agg(pl.all().sum())]

    def path_table(self) -> pl.DataFrame:
        """Paths with conversions, their value, and how often they came to nothing."""
        found = self.paths[0].sort("path")
        return found.with_columns(
            total_conversion_value=a.money(found["total_conversion_value"].to_numpy()), currency=pl.lit("CNY")
        )

    def inventory(self) -> pl.DataFrame:
        """Counts at month-ends: about six weeks of demand, of some products far too much."""
        months, n = self.delivered.shape
        smooth = np.stack([self.delivered[max(0, i - 5) : i + 1].mean(axis=0) for i in range(months)])
        month, product = (index.ravel() for index in np.meshgrid(np.arange(months), np.arange(n), indexing="ij"))
        cover = 0.9 + 1.2 * chance_of(product, "cover") + 0.5 * chance_of(product * 1000 + month, "count")
        cover = np.where(product % 7 == 2, cover + 3.5, np.where(product % 7 == 5, cover * 0.3, cover))
        on_hand = np.round(smooth[month, product] * cover).astype(np.int64)
        day = a.month_start(self.wanted.months_seen[month] + 1) - 1
        return pl.DataFrame(
            {
                "counted_on": a.days(np.minimum(day, self.wanted.last)),
                "product_id": product_ids(product),
                "on_hand_quantity": a.numbers(on_hand),
                "incoming_quantity": a.numbers(np.round(smooth[month, product] * 1.1).astype(np.int64)),
            }
        )

    def incoming_supply(self) -> pl.DataFrame:
        """What is on order from suppliers for the next four months."""
        usual = self.delivered[-6:].mean(axis=0)
        step, product = (
            index.ravel() for index in np.meshgrid(np.arange(5), np.arange(self.n_products), indexing="ij")
        )
        day = working_day(self.wanted.last + 6 + step * 28 + product % 9)
        quantity = np.ceil(usual[product] * (0.7 + 0.5 * chance_of(product * 10 + step, "supply"))).astype(np.int64)
        return pl.DataFrame(
            {
                "supply_id": a.ids("PO-", step * self.n_products + product),
                "product_id": product_ids(product),
                "expected_on": a.days(day),
                "quantity": a.numbers(np.maximum(quantity, 1)),
            }
        )


def _paths(world: World) -> pl.DataFrame:
    """Channels on the way to each decided deal of a lead, or to a lead that was turned down."""
    touches, leads, deals = world.touches[0], world.leads, world.deals
    now = (world.wanted.last + 1) * DAY
    has_lead = deals.leads >= 0
    ended, won = np.full(leads.n, NEVER * DAY), np.zeros(leads.n, dtype=bool)
    value = np.zeros(leads.n, dtype=np.int64)
    ended[deals.leads[has_lead]] = deals.ended[has_lead]
    won[deals.leads[has_lead]] = deals.is_won[has_lead]
    rate = np.where(deals.is_dollar, world.setting.rates.on(np.minimum(deals.ended // DAY, world.wanted.last)), 1.0)
    value[deals.leads[has_lead]] = np.round(deals.amounts * rate).astype(np.int64)[has_lead]
    ended = np.minimum(ended, np.where(leads.converts < NEVER * DAY, NEVER * DAY, leads.disqualified))
    seen = (touches.kinds != 8) & (touches.moments <= ended[touches.leads]) & (ended[touches.leads] < now)
    lead, channel = touches.leads[seen], touches.channels[seen]
    order = np.argsort(lead, kind="stable")
    steps = pl.DataFrame({"lead": lead[order], "channel": a.words([c.name for c in p.CHANNELS], channel[order])})
    paths = steps.group_by("lead", maintain_order=True).agg(
        pl.col("channel").tail(_LONGEST_PATH).str.join(" > ").alias("path")
    )
    owner = paths["lead"].to_numpy()
    return (
        pl.DataFrame(
            {
                "path": paths["path"],
                "total_conversions": won[owner].astype(np.int64),
                "total_conversion_value": np.where(won[owner], value[owner], 0),
                "total_null": (~won[owner]).astype(np.int64),
            }
        )
        .group_by("path", maintain_order=True)
        .agg(pl.all().sum())
    )
