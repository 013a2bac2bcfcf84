"""Contracts, orders and what was delivered and returned, from what was won and from what old customers order again."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pipelines.simulation import parameters as p
from pipelines.simulation.arrays import (
    DAY,
    NEVER,
    NONE,
    Bools,
    Ints,
    expand,
    lognormal,
    pick,
    stream,
    totals,
    working_day,
)
from pipelines.simulation.deals import Deals
from pipelines.simulation.market import Companies
from pipelines.simulation.people import People
from pipelines.simulation.setting import Products, Rates, Wanted

_BATCHES = 3


@dataclass(frozen=True)
class Contracts:
    """One entry per contract; amounts in cents of the deal's currency, days."""

    deals: Ints
    signed: Ints
    submitted: Ints
    approved: Ints
    changed: Ints
    change_kinds: Ints
    change_amounts: Ints
    resumed: Ints

    @property
    def n(self) -> int:
        """How many there are."""
        return len(self.deals)


CHANGES = ("amended", "suspended", "terminated")


@dataclass(frozen=True)
class Orders:
    """One entry per order. `buyers` is who is billed: the partner where the deal goes through one."""

    deals: Ints
    contracts: Ints
    companies: Ints
    buyers: Ints
    partners: Ints
    seats: Ints
    owners: Ints
    is_dollar: Bools
    days: Ints
    batches: Ints
    line_orders: Ints
    line_products: Ints
    line_quantities: Ints
    line_prices: Ints
    line_costs: Ints
    promised: Ints
    cancelled: Ints
    is_commissionable: Bools

    @property
    def n(self) -> int:
        """How many there are."""
        return len(self.days)

    @property
    def line_amounts(self) -> Ints:
        """Quantity × price."""
        return self.line_quantities * self.line_prices

    @property
    def amounts(self) -> Ints:
        """What was ordered and not cancelled."""
        return totals(np.where(self.cancelled < NEVER, 0, self.line_amounts), self.line_orders, self.n)


@dataclass(frozen=True)
class Deliveries:
    """One entry per order line and batch; a shipment is an order's batch."""

    lines: Ints
    orders: Ints
    batches: Ints
    quantities: Ints
    shipped: Ints
    delivered: Ints
    end_customer: Ints
    is_late: Bools
    returned: Ints
    returned_quantities: Ints

    @property
    def shipments(self) -> Ints:
        """A number for each order and batch."""
        return self.orders * _BATCHES + self.batches


def make_contracts(wanted: Wanted, chunk: int, deals: Deals) -> Contracts:
    """A contract for nine won deals in ten."""
    rng = stream(wanted.seed, "contracts", chunk)
    won = np.flatnonzero(deals.is_won & (deals.ended < (wanted.last + 1) * DAY))
    some = won[rng.random(len(won)) < 0.9]
    n = len(some)
    signed = working_day(deals.ended[some] // DAY + rng.integers(0, 5, n))
    submitted = deals.ended[some] - rng.integers(2 * DAY, 9 * DAY, n)
    approved = np.minimum(submitted + lognormal(rng, 30_000, 0.8, n).astype(np.int64), signed * DAY - 3600)
    kind = pick(rng, n, (0.9, 0.05, 0.02, 0.03)) - 1
    kind[: len(CHANGES)] = np.arange(len(CHANGES))[:n]  # however small the company, each kind happens
    changed = np.where(kind >= 0, working_day(signed + rng.integers(15, 120, n)), NEVER)
    amount = np.where(
        kind == 0,
        np.round(deals.amounts[some] * rng.choice([-0.1, -0.05, 0.05, 0.1, 0.2], n) / 10_000).astype(np.int64) * 10_000,
        0,
    )
    resumed = np.where((kind == 1) & (rng.random(n) < 0.7), changed + rng.integers(20, 70, n), NEVER)
    return Contracts(some, signed, submitted, approved, changed, kind, amount, resumed)


def make_orders(
    wanted: Wanted,
    chunk: int,
    scale: float,
    companies: Companies,
    deals: Deals,
    contracts: Contracts,
    people: People,
    products: Products,
    rates: Rates,
) -> Orders:
    """Orders with their lines: called off from won deals at once or in parts, and repeated by old customers."""
    rng = stream(wanted.seed, "orders", chunk)
    called, called_lines = _called_off(rng, deals, contracts, wanted)
    repeated, repeated_lines = _repeated(rng, wanted, scale, companies, products, rates)
    shift = len(called["days"])
    repeated_lines["orders"] = repeated_lines["orders"] + shift
    orders = {key: np.concatenate([called[key], repeated[key]]) for key in called}
    lines = {key: np.concatenate([called_lines[key], repeated_lines[key]]) for key in called_lines}

    rank = np.empty(len(orders["days"]), dtype=np.int64)
    order = np.argsort(orders["days"], kind="stable")
    rank[order] = np.arange(len(order))
    orders = {key: values[order] for key, values in orders.items()}
    lines["orders"] = rank[lines["orders"]]
    by_order = np.argsort(lines["orders"], kind="stable")
    lines = {key: values[by_order] for key, values in lines.items()}

    company = orders["companies"]
    partner = orders["partners"]
    n_lines = len(lines["orders"])
    late_promise = rng.integers(0, 12, n_lines)
    promised = working_day(orders["days"][lines["orders"]] + products.lead_days[lines["products"]] + late_promise)
    cancelled = np.where(
        rng.random(n_lines) < 0.012, orders["days"][lines["orders"]] + rng.integers(2, 20, n_lines), NEVER
    )
    return Orders(
        orders["deals"],
        orders["contracts"],
        company,
        np.where(partner >= 0, partner, company),
        partner,
        orders["seats"],
        people.holder(orders["seats"], orders["days"]),
        orders["is_dollar"].astype(bool),
        orders["days"],
        1 + pick(rng, len(order), (0.68, 0.22, 0.1)),
        lines["orders"],
        lines["products"],
        lines["quantities"],
        lines["prices"],
        lines["costs"],
        promised,
        cancelled,
        ~((products.lines[lines["products"]] == p.SPARE_PARTS) & (rng.random(n_lines) < 0.3)),
    )


_Table = dict[str, Ints]


def _called_off(rng: np.random.Generator, deals: Deals, contracts: Contracts, wanted: Wanted) -> tuple[_Table, _Table]:
    """One to three orders for each won deal; only what is counted in pieces is called off in parts."""
    won = np.flatnonzero(deals.is_won & (deals.ended < (wanted.last + 1) * DAY))
    contract_of = np.full(deals.n, NONE)
    contract_of[contracts.deals] = np.arange(contracts.n)
    ended_by = np.full(deals.n, NEVER)
    terminated = contracts.change_kinds == CHANGES.index("terminated")
    ended_by[contracts.deals[terminated]] = contracts.changed[terminated]
    largest = np.zeros(deals.n, dtype=np.int64)
    np.maximum.at(largest, deals.line_deals, deals.line_quantities)
    parts = np.minimum(1 + pick(rng, len(won), (0.6, 0.27, 0.13)), np.maximum(largest[won], 1))
    first = working_day(deals.ended[won] // DAY + rng.integers(1, 9, len(won)))
    owner, position = expand(parts)
    day = working_day(first[owner] + position * rng.integers(25, 70, len(owner)))
    keep = (day <= wanted.last) & ((position == 0) | (day < ended_by[won[owner]]))
    order_no = np.cumsum(keep) - 1
    deal = won[owner]
    orders = {
        "deals": deal[keep],
        "contracts": contract_of[deal][keep],
        "companies": deals.companies[deal][keep],
        "partners": deals.partners[deal][keep],
        "seats": deals.seats[deal][keep],
        "is_dollar": deals.is_dollar[deal][keep].astype(np.int64),
        "days": day[keep],
    }
    lines_of = np.bincount(deals.line_deals, minlength=deals.n)
    starts = np.cumsum(lines_of) - lines_of
    source, within = expand(lines_of[deal])
    line = starts[deal[source]] + within
    quantity = _part_of(deals.line_quantities[line], position[source], parts[owner[source]])
    real = (quantity > 0) & keep[source]
    return orders, {
        "orders": order_no[source][real],
        "products": deals.line_products[line][real],
        "quantities": quantity[real],
        "prices": deals.line_prices[line][real],
        "costs": deals.line_costs[line][real],
    }


def _part_of(quantity: Ints, position: Ints, parts: Ints) -> Ints:
    """Pieces of the whole in each part: even, the first ones take the rest."""
    return quantity // parts + (position < quantity % parts)


def _repeated(
    rng: np.random.Generator,
    wanted: Wanted,
    scale: float,
    companies: Companies,
    products: Products,
    rates: Rates,
) -> tuple[_Table, _Table]:
    """Orders that old customers place without an opportunity: parts, sometimes one more machine."""
    n = max(60, round(p.REPEAT_ORDERS * scale * wanted.months / p.DEFAULT_MONTHS))
    old = np.flatnonzero(companies.is_old_customer)
    company = old[np.floor(rng.random(n) ** 1.6 * len(old)).astype(np.int64)]
    day = working_day(wanted.first + np.floor(rng.random(n) * (wanted.last - wanted.first - 2)).astype(np.int64))
    day = np.minimum(day, wanted.last)
    is_dollar = companies.is_abroad[company]
    orders = {
        "deals": np.full(n, NONE),
        "contracts": np.full(n, NONE),
        "companies": company,
        "partners": np.full(n, NONE),
        "seats": companies.seats[company],
        "is_dollar": is_dollar.astype(np.int64),
        "days": day,
    }
    owner, position = expand(1 + pick(rng, n, (0.5, 0.3, 0.2)))
    machine = (position == 0) & (rng.random(len(owner)) < 0.12)
    line = np.where(machine, pick(rng, len(owner), p.LINE_SHARES), p.SPARE_PARTS)
    product = products.of_line(rng, line)
    rate = np.where(is_dollar, rates.on(day), 1.0)[owner]
    small = line == p.SPARE_PARTS
    quantity = np.where(small, 4 + rng.poisson(14, len(owner)), 1)
    price = (
        np.maximum(
            np.round(products.prices[product] * (1 - rng.beta(2, 20, len(owner))) / rate / 100).astype(np.int64), 1
        )
        * 100
    )
    cost = (
        np.maximum(np.round(products.prices[product] * products.cost_rates[product] / rate / 100).astype(np.int64), 1)
        * 100
    )
    return orders, {"orders": owner, "products": product, "quantities": quantity, "prices": price, "costs": cost}


def make_deliveries(wanted: Wanted, chunk: int, orders: Orders, companies: Companies) -> Deliveries:
    """Batches of each order with their days, and what came back."""
    rng = stream(wanted.seed, "deliveries", chunk)
    line, batch = expand(orders.batches[orders.line_orders])
    order = orders.line_orders[line]
    quantity = _part_of(orders.line_quantities[line], batch, orders.batches[order])
    real = (quantity > 0) & (orders.cancelled[line] >= NEVER)
    line, batch, order, quantity = line[real], batch[real], order[real], quantity[real]

    promised = np.zeros(orders.n, dtype=np.int64)
    np.maximum.at(promised, orders.line_orders, orders.promised)
    delay = np.where(rng.random(orders.n) < 0.82, -rng.integers(6, 16, orders.n), rng.integers(0, 28, orders.n))
    gap = rng.integers(10, 32, orders.n)
    target = promised[order] + delay[order] + batch * gap[order] - (orders.batches[order] - 1) * gap[order] // 2
    shipped = working_day(np.maximum(target, orders.days[order] + 1))
    abroad = companies.is_abroad[orders.companies[order]]
    travel = np.where(abroad, 18 + order % 15, 2 + order % 5)
    delivered = shipped + travel
    through = orders.partners[order] >= 0
    installed = np.where(
        through, 6 + (rng.exponential(14.0, orders.n)[order]).astype(np.int64), rng.integers(0, 4, orders.n)[order]
    )
    end = delivered + installed
    comes_back = (rng.random(len(line)) < 0.016) | (np.arange(len(line)) < 3)
    returned = np.where(comes_back, delivered + rng.integers(4, 50, len(line)), NEVER)
    part = np.maximum(np.floor(quantity * rng.uniform(0.1, 0.7, len(line))).astype(np.int64), 1)
    return Deliveries(
        line,
        order,
        batch,
        quantity,
        shipped,
        delivered,
        end,
        shipped > promised[order],
        returned,
        np.where(returned < NEVER, part, 0),
    )
