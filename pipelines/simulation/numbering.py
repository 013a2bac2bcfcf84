"""How entities are numbered across the parts of a large company: each part goes on where the last one ended."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from pipelines.simulation.arrays import Ints, ids
from pipelines.simulation.world import World

_ROOM_FOR_DUPLICATES = 2  # numbers kept for each lead: itself, and one more time at most


@dataclass(frozen=True)
class Numbering:
    """The first number of each kind in one part."""

    users: int = 0
    companies: int = 0
    leads: int = 0
    touches: int = 0
    activities: int = 0
    deals: int = 0
    deal_lines: int = 0
    quotes: int = 0
    registrations: int = 0
    contracts: int = 0
    orders: int = 0
    order_lines: int = 0
    deliveries: int = 0
    invoices: int = 0
    invoice_lines: int = 0
    credits: int = 0
    parts: int = 0
    payments: int = 0
    approvals: int = 0

    def after(self, world: World) -> Numbering:
        """The numbers of the next part."""
        return Numbering(
            self.users + len(world.people.roles),
            self.companies + world.companies.n,
            self.leads + _ROOM_FOR_DUPLICATES * world.leads.n,
            self.touches + sum(len(touches.moments) for touches in world.touches),
            self.activities + len(world.activities.moments),
            self.deals + world.deals.n,
            self.deal_lines + len(world.deals.line_deals),
            self.quotes + len(world.quotes.deals),
            self.registrations + len(world.registrations.deals),
            self.contracts + world.contracts.n,
            self.orders + world.orders.n,
            self.order_lines + len(world.orders.line_orders),
            self.deliveries + len(world.deliveries.lines),
            self.invoices + world.book.invoices.n,
            self.invoice_lines + len(world.book.invoices.line_invoices),
            self.credits + len(world.book.credits.invoices),
            self.parts + len(world.book.parts.invoices),
            self.payments + len(world.book.payments.days),
            self.approvals + len(world.approvals.kinds),
        )

    def user(self, local: Ints) -> pl.Series:
        """Ids of users."""
        return _shifted("U-", local, self.users, 4)

    def account(self, local: Ints) -> pl.Series:
        """Ids of accounts; partners are accounts too."""
        return _shifted("A-", local, self.companies)

    def contact(self, local: Ints) -> pl.Series:
        """Ids of contacts, by person."""
        return _shifted("P-", local, self.companies * 4)

    def lead(self, local: Ints) -> pl.Series:
        """Ids of leads."""
        return _shifted("L-", local, self.leads)

    def deal(self, local: Ints) -> pl.Series:
        """Ids of opportunities."""
        return _shifted("O-", local, self.deals)

    def quote(self, local: Ints) -> pl.Series:
        """Ids of quotes."""
        return _shifted("Q-", local, self.quotes)

    def contract(self, local: Ints) -> pl.Series:
        """Ids of contracts."""
        return _shifted("HT-", local, self.contracts)

    def order(self, local: Ints) -> pl.Series:
        """Ids of orders."""
        return _shifted("SO-", local, self.orders)

    def order_line(self, local: Ints) -> pl.Series:
        """Ids of order lines."""
        return _shifted("SOL-", local, self.order_lines)

    def delivery(self, local: Ints) -> pl.Series:
        """Ids of shipped lines."""
        return _shifted("SHL-", local, self.deliveries)

    def shipment(self, local: Ints) -> pl.Series:
        """Ids of shipments."""
        return _shifted("SH-", local, self.orders * 3)

    def invoice(self, local: Ints) -> pl.Series:
        """Ids of invoices."""
        return _shifted("INV-", local, self.invoices)

    def instalment(self, local: Ints) -> pl.Series:
        """Ids of instalments of invoices."""
        return _shifted("INS-", local, self.parts)

    def payment(self, local: Ints) -> pl.Series:
        """Ids of payments."""
        return _shifted("PAY-", local, self.payments)

    def credit(self, local: Ints) -> pl.Series:
        """Ids of credit notes."""
        return _shifted("CN-", local, self.credits)


def _shifted(prefix: str, local: Ints, first: int, width: int = 6) -> pl.Series:
    from numpy import where

    return ids(prefix, where(local >= 0, local + first, -1), width)
