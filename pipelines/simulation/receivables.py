"""Invoices and what customers do about them: pay early, late, in parts, on account, twice, or never."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pipelines.simulation import parameters as p
from pipelines.simulation.arrays import (
    NEVER,
    NONE,
    Bools,
    Floats,
    Ints,
    expand,
    pick,
    shared,
    shares_of,
    stream,
    totals,
    working_day,
)
from pipelines.simulation.market import Companies
from pipelines.simulation.orders import Deliveries, Orders
from pipelines.simulation.setting import Rates, Wanted

INSTALMENT_SHARES = (0.3, 0.6, 0.1)
INSTALMENT_DAYS = (15, 60, 365)
CREDIT_REASONS = ("退货 Return", "价格调整 Price adjustment")
DISPUTE_REASONS = ("质量 Quality", "数量 Quantity", "价格 Price", "验收未完成 Acceptance pending")
METHODS = ("银行转账 Bank transfer", "银行承兑汇票 Bank bill", "电汇 Wire", "支票 Cheque")


@dataclass(frozen=True)
class Invoices:
    """One entry per invoice in order of issue; amounts in cents, gross with the tax in them."""

    orders: Ints
    shipments: Ints
    issued: Ints
    due: Ints
    amounts: Ints
    taxes: Ints
    line_invoices: Ints
    line_deliveries: Ints
    line_net: Ints
    line_taxes: Ints
    dispute_opened: Ints
    dispute_resolved: Ints
    dispute_share: Floats
    dispute_reasons: Ints

    @property
    def n(self) -> int:
        """How many there are."""
        return len(self.orders)


@dataclass(frozen=True)
class Credits:
    """Credit notes: for a returned delivery, or an adjustment of price (delivery NONE)."""

    invoices: Ints
    deliveries: Ints
    issued: Ints
    amounts: Ints
    taxes: Ints


@dataclass(frozen=True)
class Parts:
    """What is due on a day: a whole invoice, or one instalment of it; `written_off` the day it was given up."""

    invoices: Ints
    instalments: Ints
    amounts: Ints
    due: Ints
    is_planned: Bools
    paid: Ints
    written_off: Ints
    promised: Ints
    promise_due: Ints


NAMED, BY_ORDER, BY_CONTRACT, ALLOCATED, ON_ACCOUNT, MATCHED_LATER = range(6)


@dataclass(frozen=True)
class Payments:
    """Payments, and how each is spread over invoices; amounts in cents of the payment's currency.

    `piece_*` say what a payment was meant for: the truth, of which the exports tell `ways`.
    """

    buyers: Ints
    days: Ints
    amounts: Ints
    is_dollar: Bools
    ways: Ints
    invoices: Ints
    methods: Ints
    piece_payments: Ints
    piece_invoices: Ints
    piece_parts: Ints
    piece_amounts: Ints
    piece_paid_amounts: Ints
    piece_matched: Ints


@dataclass(frozen=True)
class Book:
    """Everything about receivables."""

    invoices: Invoices
    credits: Credits
    parts: Parts
    payments: Payments
    shifts: Floats
    spreads: Floats
    last: int

    def open_on(self, day: int, is_booked: Bools) -> Ints:
        """What each invoice still asks at the end of a day, for what exports tell of the payments that are booked."""
        invoices, n = self.invoices, self.invoices.n
        asked = np.where(invoices.issued <= day, invoices.amounts, 0)
        credited = totals(np.where(self.credits.issued <= day, self.credits.amounts, 0), self.credits.invoices, n)
        given_up = totals(np.where(self.parts.written_off <= day, self.parts.amounts, 0), self.parts.invoices, n)
        pay = self.payments
        told = self._is_applied(day, is_booked)
        applied = totals(np.where(told, pay.piece_amounts, 0), pay.piece_invoices, n)
        return np.where(invoices.issued <= day, asked - credited - given_up - applied, 0)

    def unapplied_on(self, day: int, is_booked: Bools) -> Ints:
        """What of each payment stands on account at the end of a day."""
        pay = self.payments
        told = self._is_applied(day, is_booked)
        applied = totals(np.where(told, pay.piece_paid_amounts, 0), pay.piece_payments, len(pay.days))
        return np.where(is_booked & (pay.days <= day), pay.amounts - applied, 0)

    def _is_applied(self, day: int, is_booked: Bools) -> Bools:
        """Whether each piece of a payment is known to be for its invoice, and both are there."""
        pay = self.payments
        way = pay.ways[pay.piece_payments]
        matched = (way != MATCHED_LATER) | (pay.piece_matched <= self.last)
        there = (pay.days[pay.piece_payments] <= day) & (self.invoices.issued[pay.piece_invoices] <= day)
        found: Bools = is_booked[pay.piece_payments] & there & matched & (way != ON_ACCOUNT)
        return found


def _make_invoices(rng: np.random.Generator, orders: Orders, deliveries: Deliveries, companies: Companies) -> Invoices:
    whole = (rng.random(orders.n) < 0.22)[deliveries.orders]
    key = np.where(whole, deliveries.orders * 4 + 3, deliveries.shipments // 3 * 4 + deliveries.batches)
    keys, invoice = np.unique(key, return_inverse=True)
    invoice = invoice.astype(np.int64)
    last = np.zeros(len(keys), dtype=np.int64)
    np.maximum.at(last, invoice, deliveries.shipped)
    issued = working_day(last + rng.integers(0, 7, len(keys)))
    rank = np.empty(len(keys), dtype=np.int64)
    order = np.argsort(issued, kind="stable")
    rank[order] = np.arange(len(order))
    issued, keys, invoice = issued[order], keys[order], rank[invoice]
    of_order = keys // 4
    shipments = np.where(keys % 4 == 3, NONE, of_order * 3 + keys % 4)
    by_invoice = np.argsort(invoice, kind="stable")
    delivery = by_invoice
    invoice = invoice[by_invoice]
    line = deliveries.lines[delivery]
    net = deliveries.quantities[delivery] * orders.line_prices[line]
    vat = np.where(companies.is_abroad[orders.companies], 0.0, p.VAT)[orders.line_orders[line]]
    tax = shares_of(net, vat)
    n = len(keys)
    buyer = orders.buyers[of_order]
    opened = np.where((rng.random(n) < 0.028) | np.isin(np.arange(n), (5, 9)), issued + rng.integers(5, 26, n), NEVER)
    resolved = np.where((opened < NEVER) & (rng.random(n) < 0.92), opened + rng.integers(12, 60, n), NEVER)
    return Invoices(
        of_order,
        shipments,
        issued,
        issued + companies.terms[buyer],
        totals(net + tax, invoice, n),
        totals(tax, invoice, n),
        invoice,
        delivery,
        net,
        tax,
        opened,
        resolved,
        rng.choice([0.1, 0.25, 0.5, 1.0], n),
        rng.integers(0, len(DISPUTE_REASONS), n),
    )


def _make_credits(
    rng: np.random.Generator, orders: Orders, deliveries: Deliveries, invoices: Invoices, companies: Companies
) -> Credits:
    invoice_of = np.full(len(deliveries.lines), NONE)
    invoice_of[invoices.line_deliveries] = invoices.line_invoices
    back = np.flatnonzero((deliveries.returned < NEVER) & (rng.random(len(deliveries.lines)) < 0.92))
    vat = np.where(companies.is_abroad[orders.companies], 0.0, p.VAT)
    net = deliveries.returned_quantities[back] * orders.line_prices[deliveries.lines[back]]
    tax = shares_of(net, vat[deliveries.orders[back]])
    day = working_day(
        np.maximum(deliveries.returned[back], invoices.issued[invoice_of[back]]) + rng.integers(2, 14, len(back))
    )
    less = np.flatnonzero((rng.random(invoices.n) < 0.012) & ~np.isin(np.arange(invoices.n), invoice_of[back]))
    less_net = shares_of(invoices.amounts[less] - invoices.taxes[less], rng.uniform(0.02, 0.08, len(less)))
    less_tax = shares_of(less_net, vat[invoices.orders[less]])
    return Credits(
        np.concatenate([invoice_of[back], less]),
        np.concatenate([back, np.full(len(less), NONE)]),
        np.concatenate([day, working_day(invoices.issued[less] + rng.integers(8, 30, len(less)))]),
        np.concatenate([net + tax, less_net + less_tax]),
        np.concatenate([tax, less_tax]),
    )


def make_book(
    wanted: Wanted, chunk: int, orders: Orders, deliveries: Deliveries, companies: Companies, rates: Rates
) -> Book:
    """The receivables of one part of the company, after `until` too."""
    rng = stream(wanted.seed, "receivables", chunk)
    invoices = _make_invoices(rng, orders, deliveries, companies)
    credits_ = _make_credits(rng, orders, deliveries, invoices, companies)
    habits = companies.habits
    spreads = np.array([habit.spread for habit in p.HABITS])[habits]
    shifts = np.array([habit.shift for habit in p.HABITS])[habits] + rng.normal(0, 0.4, companies.n) * spreads
    parts, down = _make_parts(rng, orders, invoices, credits_, companies, shifts, spreads)
    payments = _make_payments(rng, orders, invoices, parts, down, companies, rates)
    return Book(invoices, credits_, parts, payments, shifts, spreads, wanted.last)


def _make_parts(
    rng: np.random.Generator,
    orders: Orders,
    invoices: Invoices,
    credits_: Credits,
    companies: Companies,
    shifts: Floats,
    spreads: Floats,
) -> tuple[Parts, Ints]:
    """What is due when and when it is paid; and the down payment, in cents, that each invoice's order began with."""
    n = invoices.n
    credited = totals(credits_.amounts, credits_.invoices, n)
    latest_credit = np.zeros(n, dtype=np.int64)
    np.maximum.at(latest_credit, credits_.invoices, credits_.issued)
    large = invoices.amounts > np.where(orders.is_dollar[invoices.orders], 1_800_000, 12_000_000)
    planned = large & (credited == 0) & (rng.random(n) < 0.2)
    only = (np.bincount(invoices.orders, minlength=orders.n) == 1)[invoices.orders]
    down = np.where(
        only & ~planned & (credited == 0) & (rng.random(n) < 0.12), shares_of(invoices.amounts, np.full(n, 0.3)), 0
    )
    counts = np.where(planned, len(INSTALMENT_SHARES), 1)
    invoice, number = expand(counts)
    weight = np.where(planned[invoice], np.array(INSTALMENT_SHARES)[number], 1.0)
    amount = shared(invoices.amounts - credited - down, weight, invoice)
    due = np.where(
        planned[invoice], invoices.issued[invoice] + np.array(INSTALMENT_DAYS)[number], invoices.due[invoice]
    )
    buyer = orders.buyers[invoices.orders[invoice]]
    paid = due + np.round(shifts[buyer] + rng.standard_t(4, len(due)) * spreads[buyer] * 0.8).astype(np.int64)
    paid = np.maximum(paid, invoices.issued[invoice] + 2)
    paid = np.maximum(paid, latest_credit[invoice])
    opened, resolved = invoices.dispute_opened[invoice], invoices.dispute_resolved[invoice]
    paid = np.where(
        (opened < paid) & (opened < NEVER), np.maximum(paid, resolved + rng.integers(2, 15, len(paid))), paid
    )
    fixed_day = _is_settling_monthly(companies, buyer)
    month = paid.astype("datetime64[D]").astype("datetime64[M]")
    settles = month.astype("datetime64[D]").astype(np.int64) + 24
    paid = np.where(fixed_day & (paid < NEVER), np.where(settles >= paid, settles, settles + 31), paid)
    paid = np.where(paid < NEVER, working_day(np.minimum(paid, NEVER)), NEVER)
    never = rng.random(len(paid)) < np.array([habit.never for habit in p.HABITS])[companies.habits[buyer]]
    oldest = np.argsort(np.where(planned[invoice] | (amount <= 0), NEVER, due), kind="stable")[:2]
    never[oldest] = True  # however small the company, some never pay
    paid = np.where(never, NEVER, paid)
    gives_up = never & (rng.random(len(paid)) < 0.85)
    gives_up[oldest] = True
    written = np.where(gives_up, working_day(due + rng.integers(200, 330, len(due))), NEVER)
    late = (paid - due > 25) & (rng.random(len(paid)) < 0.35) & (amount > 0)
    promised = np.where(late, due + rng.integers(8, 20, len(due)), NEVER)
    kept = rng.random(len(due)) < 0.55
    promise_due = np.where(
        kept & (paid < NEVER),
        np.maximum(paid + rng.integers(0, 4, len(due)), promised + 1),
        promised + rng.integers(5, 15, len(due)),
    )
    return Parts(
        invoice, number, amount, due, planned[invoice], paid, written, promised, np.where(late, promise_due, NEVER)
    ), down


def _make_payments(
    rng: np.random.Generator,
    orders: Orders,
    invoices: Invoices,
    parts: Parts,
    down: Ints,
    companies: Companies,
    rates: Rates,
) -> Payments:
    """Payments of all parts: whole or in pieces, named, by order, consolidated, on account, bounced, doubled."""
    piece = _pieces(rng, orders, invoices, parts, down)
    part, invoice, amount, day, way = piece
    buyer = orders.buyers[invoices.orders[np.maximum(invoice, 0)]]
    is_dollar = orders.is_dollar[invoices.orders[np.maximum(invoice, 0)]]
    monthly = _is_settling_monthly(companies, buyer)
    way = np.where(monthly & (way == NAMED) & (amount > 0), ALLOCATED, way)
    in_yuan = is_dollar & (way == NAMED) & (amount > 0) & (rng.random(len(way)) < 0.025)
    way = np.where(in_yuan, ALLOCATED, way)

    alone = np.where((way == ALLOCATED) & ~in_yuan, NONE, np.arange(len(way)))
    order = np.lexsort((np.arange(len(way)), alone, is_dollar, buyer, day))
    part, invoice, amount, day, way, buyer, alone = (
        values[order] for values in (part, invoice, amount, day, way, buyer, alone)
    )
    is_dollar, in_yuan = is_dollar[order], in_yuan[order]
    fresh = np.ones(len(day), dtype=bool)
    fresh[1:] = (
        (day[1:] != day[:-1])
        | (buyer[1:] != buyer[:-1])
        | (is_dollar[1:] != is_dollar[:-1])
        | (alone[1:] != alone[:-1])
        | (alone[1:] >= 0)
    )
    payment = np.cumsum(fresh) - 1
    paid_amount = np.where(in_yuan, np.round(amount * rates.on(day)).astype(np.int64), amount)
    first = np.flatnonzero(fresh)
    matched = np.where(way == MATCHED_LATER, day + rng.integers(8, 70, len(day)), day)
    return Payments(
        buyer[first],
        day[first],
        totals(paid_amount, payment, len(first)),
        is_dollar[first] & ~in_yuan[first],
        way[first],
        invoice[first],
        pick(rng, len(first), (0.6, 0.22, 0.14, 0.04)),
        payment,
        invoice,
        part,
        amount,
        paid_amount,
        matched,
    )


def _is_settling_monthly(companies: Companies, buyers: Ints) -> Bools:
    """Customers that settle all that is due with one transfer."""
    found: Bools = (companies.brands[buyers] * 2_654_435_761 % 100) < 14
    return found


def _pieces(
    rng: np.random.Generator, orders: Orders, invoices: Invoices, parts: Parts, down: Ints
) -> tuple[Ints, Ints, Ints, Ints, Ints]:
    """Part, invoice, amount, day and way of everything that was transferred."""
    real = np.flatnonzero((parts.paid < NEVER) & (parts.amounts > 0))
    kind = pick(rng, len(real), (0.84, 0.13, 0.03))
    owner, number = expand(np.where(kind == 1, 2, 1))
    part = real[owner]
    first_share = rng.choice([0.3, 0.5, 0.6, 0.7], len(real))[owner]
    first = shares_of(parts.amounts[part], first_share)
    amount = np.where(kind[owner] == 1, np.where(number == 0, first, parts.amounts[part] - first), parts.amounts[part])
    short = shares_of(parts.amounts[part], rng.uniform(0.004, 0.03, len(real))[owner])
    amount = np.where(kind[owner] == 2, amount - short, amount)
    day = working_day(parts.paid[part] + np.where(number == 1, rng.integers(7, 28, len(real))[owner], 0))
    invoice = parts.invoices[part]
    single = (np.bincount(invoices.orders, minlength=orders.n) == 1)[invoices.orders[invoice]]
    order_of = invoices.orders[invoice]
    has_contract = orders.contracts[order_of] >= 0
    only_order = (np.bincount(orders.contracts[orders.contracts >= 0], minlength=orders.n + 1) == 1)[
        np.maximum(orders.contracts[order_of], 0)
    ]
    simple = ~parts.is_planned[part]
    drawn = rng.random(len(part))
    way = np.full(len(part), NAMED)
    way = np.where(simple & single & (drawn < 0.05), BY_ORDER, way)
    way = np.where(simple & single & has_contract & only_order & (drawn >= 0.05) & (drawn < 0.09), BY_CONTRACT, way)
    way = np.where(~simple & (drawn < 0.6), ALLOCATED, way)
    way = np.where((drawn > 0.975) & simple, MATCHED_LATER, way)
    way = np.where((drawn > 0.9935) & simple, ON_ACCOUNT, way)

    paid_down = np.flatnonzero(down > 0)
    down_day = working_day(orders.days[invoices.orders[paid_down]] + rng.integers(2, 12, len(paid_down)))
    part_of_invoice = np.full(invoices.n, NONE)
    part_of_invoice[parts.invoices] = np.arange(len(parts.invoices))
    bounced = np.flatnonzero((way == NAMED) & simple & (rng.random(len(way)) < 0.004))
    doubled = np.flatnonzero((way == NAMED) & (rng.random(len(way)) < 0.004))
    again = day[bounced] - rng.integers(12, 30, len(bounced))
    again = np.maximum(again, invoices.issued[invoice[bounced]] + 1)
    back = np.minimum(again + rng.integers(4, 10, len(bounced)), day[bounced])
    back_double = working_day(day[doubled] + rng.integers(8, 30, len(doubled)))
    return (
        np.concatenate(
            [part, part_of_invoice[paid_down], part[bounced], part[bounced], np.full(2 * len(doubled), NONE)]
        ),
        np.concatenate([invoice, paid_down, invoice[bounced], invoice[bounced], invoice[doubled], invoice[doubled]]),
        np.concatenate([amount, down[paid_down], amount[bounced], -amount[bounced], amount[doubled], -amount[doubled]]),
        np.concatenate([day, down_day, again, back, day[doubled] + 1, back_double]),
        np.concatenate(
            [
                way,
                np.full(len(paid_down), BY_ORDER),
                np.full(2 * len(bounced), NAMED),
                np.full(2 * len(doubled), ON_ACCOUNT),
            ]
        ),
    )
