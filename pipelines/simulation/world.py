"""The world of one part of the company: everything that happened, and what will, from the parameters and a seed."""

from __future__ import annotations

from dataclasses import dataclass

from pipelines.simulation import routines
from pipelines.simulation.accounts import Accounts, make_accounts
from pipelines.simulation.deals import Deals, deal_touches, make_deals
from pipelines.simulation.market import Companies, Leads, Touches, lead_touches, make_companies, make_leads
from pipelines.simulation.orders import Contracts, Deliveries, Orders, make_contracts, make_deliveries, make_orders
from pipelines.simulation.people import People, make_people
from pipelines.simulation.receivables import Book, make_book
from pipelines.simulation.setting import (
    Plan,
    Products,
    Rates,
    Spend,
    Wanted,
    make_plan,
    make_products,
    make_rates,
    make_spend,
)


@dataclass(frozen=True)
class Setting:
    """What all parts share."""

    wanted: Wanted
    products: Products
    rates: Rates
    plan: Plan
    spend: Spend


@dataclass(frozen=True)
class World:
    """One part of the company. `chunk` numbers it; entities are numbered from 0 within it."""

    setting: Setting
    chunk: int
    people: People
    companies: Companies
    leads: Leads
    touches: tuple[Touches, Touches]
    deals: Deals
    accounts: Accounts
    contracts: Contracts
    orders: Orders
    deliveries: Deliveries
    book: Book
    activities: routines.Activities
    quotes: routines.Quotes
    registrations: routines.Registrations
    targets: routines.Targets
    splits: routines.Splits
    approvals: routines.Approvals

    @property
    def wanted(self) -> Wanted:
        """What was asked for."""
        return self.setting.wanted


def make_setting(wanted: Wanted) -> Setting:
    """Products, rates and campaigns."""
    plan = make_plan(wanted)
    return Setting(wanted, make_products(wanted), make_rates(wanted), plan, make_spend(wanted, plan))


def make_world(setting: Setting, chunk: int, scale: float) -> World:
    """One part, of the given scale."""
    wanted = setting.wanted
    people = make_people(wanted, chunk, scale)
    companies = make_companies(wanted, chunk, scale, people)
    leads = make_leads(wanted, chunk, scale, companies, people, setting.plan)
    deals = make_deals(wanted, chunk, scale, companies, leads, people, setting.products, setting.rates)
    contracts = make_contracts(wanted, chunk, deals)
    orders = make_orders(wanted, chunk, scale, companies, deals, contracts, people, setting.products, setting.rates)
    deliveries = make_deliveries(wanted, chunk, orders, companies)
    quotes = routines.make_quotes(wanted, chunk, deals)
    return World(
        setting,
        chunk,
        people,
        companies,
        leads,
        (lead_touches(wanted, chunk, leads, setting.plan), deal_touches(wanted, chunk, deals, setting.plan)),
        deals,
        make_accounts(wanted, chunk, companies, leads, deals, people),
        contracts,
        orders,
        deliveries,
        make_book(wanted, chunk, orders, deliveries, companies, setting.rates),
        routines.make_activities(wanted, chunk, leads, deals, people),
        quotes,
        routines.make_registrations(wanted, chunk, companies, deals, people),
        routines.make_targets(wanted, chunk, deals, people, setting.rates),
        routines.make_splits(wanted, chunk, orders, people),
        routines.make_approvals(wanted, chunk, deals, contracts, quotes, people),
    )
