"""The template's tables as the company would export them on a day: what had happened, as it stood then."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl

from pipelines.simulation import arrays as a
from pipelines.simulation import identities, names
from pipelines.simulation import parameters as p
from pipelines.simulation.arrays import DAY, NEVER, NONE, Bools, Ints, chance_of, expand, mixed
from pipelines.simulation.market import PEOPLE_PER_COMPANY, TOUCH_KINDS
from pipelines.simulation.numbering import Numbering
from pipelines.simulation.orders import CHANGES
from pipelines.simulation.people import ROLES
from pipelines.simulation.receivables import (
    ALLOCATED,
    BY_CONTRACT,
    BY_ORDER,
    CREDIT_REASONS,
    DISPUTE_REASONS,
    METHODS,
    NAMED,
    ON_ACCOUNT,
)
from pipelines.simulation.routines import ACTIVITY_KINDS
from pipelines.simulation.world import World

Frame = dict[str, pl.Series]
HISTORY_DAYS = 548


@dataclass(frozen=True)
class View:
    """One part of the world as it looks at the end of a day."""

    world: World
    number: Numbering
    day: int

    @property
    def now(self) -> int:
        """The day's last second."""
        return (self.day + 1) * DAY - 1

    @property
    def is_last(self) -> bool:
        """Whether this is the last export."""
        return self.day == self.world.wanted.last

    @cached_property
    def owners_of_accounts(self) -> Ints:
        """The user who owns each company that day."""
        return self.world.accounts.owner_on(self.world.companies, self.world.people, self.day)

    def table(self, columns: Frame, keep: Bools | None = None) -> pl.DataFrame:
        """The columns, of the rows that exist."""
        frame = pl.DataFrame(columns)
        return frame if keep is None else frame.filter(pl.Series(keep))


def currencies(is_dollar: Bools) -> pl.Series:
    """CNY or USD."""
    return a.words(("CNY", "USD"), is_dollar.astype(np.int64))


# people


def users(v: View) -> pl.DataFrame:
    """Everybody hired so far."""
    people = v.world.people
    n = len(people.roles)
    team, manager = people.teams.copy(), people.managers.copy()
    mover, moved_on, new_team, new_manager = people.moves
    done = moved_on <= v.day
    team[mover[done]], manager[mover[done]] = new_team[done], new_manager[done]
    number = np.arange(n)
    latin = chance_of(people.names, "latin") < np.where(people.teams == p.OVERSEAS_TEAM, 0.5, 0.0)
    shown = identities.person_names(people.names, latin)
    mail = (
        names.slug(identities.person_names(people.names, latin, pinyin=True))
        + a.numbers(number + v.number.users).cast(pl.String)
        + "@wanamaker.example"
    )
    return v.table(
        {
            "user_id": v.number.user(number),
            "name": shown,
            "email": mail,
            "team": team_names(v.world.chunk, team),
            "region": a.words([region for _, region, _ in p.TEAMS], team),
            "manager_id": v.number.user(manager),
            "role": a.words(ROLES, people.roles),
            "hired_on": a.days(people.hired),
            "left_on": a.days(people.left, people.left <= v.day),
        },
        people.hired <= v.day,
    )


def team_names(chunk: int, teams: Ints) -> pl.Series:
    """Names of teams; those of the second division and later carry its number."""
    return a.words([team + (f" ({chunk + 1})" if chunk else "") for team, *_ in p.TEAMS], teams)


def user_history(v: View) -> pl.DataFrame:
    """Team and manager at hiring, and each move."""
    people = v.world.people
    mover, moved_on, new_team, new_manager = people.moves
    user = np.concatenate([np.arange(len(people.roles)), mover])
    day = np.concatenate([people.hired, moved_on])
    team, manager = np.concatenate([people.teams, new_team]), np.concatenate([people.managers, new_manager])
    return v.table(
        {
            "user_id": v.number.user(user),
            "valid_from_on": a.days(day),
            "team": team_names(v.world.chunk, team),
            "region": a.words([region for _, region, _ in p.TEAMS], team),
            "manager_id": v.number.user(manager),
            "role": a.words(ROLES, people.roles[user]),
        },
        day <= v.day,
    )


# accounts


def accounts(v: View) -> pl.DataFrame:
    """Accounts known so far."""
    companies, known = v.world.companies, v.world.accounts
    which = np.arange(companies.n)
    parent = np.where((companies.groups >= 0) & (companies.groups != which), companies.groups, NONE)
    parent = np.where((parent >= 0) & (known.created[np.maximum(parent, 0)] <= v.now), parent, NONE)
    has_order = np.zeros(companies.n, dtype=bool)
    has_order[v.world.orders.companies[v.world.orders.days <= v.day]] = True
    kind = np.where(companies.is_partner, 2, np.where(has_order | companies.is_old_customer, 0, 1))
    limit = known.limit_on(v.day)
    return v.table(
        {
            "account_id": v.number.account(which),
            "name": identities.company_names(companies, which),
            "industry": a.words(p.INDUSTRIES, companies.industries),
            "size": a.words(p.SIZES, companies.sizes),
            "region": a.words([region for _, region, _ in p.TEAMS], companies.teams),
            "city": a.words(names.CITIES, companies.cities),
            "country": a.words(names.COUNTRIES, companies.cities),
            "account_type": a.words(("customer", "prospect", "partner"), kind),
            "parent_account_id": v.number.account(parent),
            "owner_id": v.number.user(v.owners_of_accounts),
            "tax_id": "TEST" + a.numbers(which + v.number.companies).cast(pl.String).str.zfill(14),
            "credit_limit_amount": a.money(limit, limit > 0),
            "payment_terms_days": a.numbers(companies.terms),
            "created_at": a.moments(known.created),
            "partner_id": v.number.account(companies.partners),
            "currency": currencies(companies.is_abroad),
        },
        known.created <= v.now,
    )


def account_history(v: View) -> pl.DataFrame:
    """Owners who changed, and limits that were raised or lowered."""
    world = v.world
    known, people, companies = world.accounts, world.people, world.companies
    change = people.seat_change[companies.seats]
    left = np.flatnonzero((change <= v.day) & (known.created < change * DAY) & (known.claimed > change))
    taken = np.flatnonzero((known.claimed <= v.day) & (known.created <= v.now))
    raised = np.flatnonzero((known.raised_on <= v.day) & (known.created <= v.now))
    which = np.concatenate([left, taken, raised])
    moment = np.concatenate(
        [
            change[left] * DAY + 9 * 3600,
            known.claimed[taken] * DAY + 10 * 3600,
            known.raised_on[raised] * DAY + 15 * 3600,
        ]
    )
    seat = companies.seats
    before = people.holder(seat[taken], known.claimed[taken] - 1)
    after = people.holder(known.claim_seats[taken], known.claimed[taken])
    old = pl.concat(
        [
            v.number.user(people.seat_first[seat[left]]),
            v.number.user(before),
            a.money(known.limits[raised]).cast(pl.String),
        ]
    )
    new = pl.concat(
        [
            v.number.user(people.seat_second[seat[left]]),
            v.number.user(after),
            a.money(known.raised_limits[raised]).cast(pl.String),
        ]
    )
    field = np.repeat([0, 0, 1], [len(left), len(taken), len(raised)])
    return v.table(
        {
            "account_id": v.number.account(which),
            "changed_at": a.moments(moment),
            "field": a.words(("owner_id", "credit_limit_amount"), field),
            "old_value": old,
            "new_value": new,
        }
    ).sort("changed_at", "account_id", maintain_order=True)


def account_events(v: View) -> pl.DataFrame:
    """Assignments, and what the public pool took and gave."""
    world = v.world
    known, people, companies = world.accounts, world.people, world.companies
    new = np.flatnonzero((known.created <= v.now) & (known.created >= world.wanted.first * DAY))
    idle = np.flatnonzero(known.recycled <= v.day)
    taken = np.flatnonzero(known.claimed <= v.day)
    which = np.concatenate([new, idle, taken])
    moment = np.concatenate(
        [known.created[new], known.recycled[idle] * DAY + DAY - 60, known.claimed[taken] * DAY + 10 * 3600]
    )
    owner = np.concatenate(
        [
            people.holder(companies.seats[new], known.created[new] // DAY),
            people.holder(companies.seats[idle], known.recycled[idle]),
            people.holder(known.claim_seats[taken], known.claimed[taken]),
        ]
    )
    kind = np.repeat([0, 1, 2], [len(new), len(idle), len(taken)])
    return v.table(
        {
            "account_id": v.number.account(which),
            "occurred_at": a.moments(moment),
            "kind": a.words(("assigned", "recycled", "claimed"), kind),
            "owner_id": v.number.user(owner),
        }
    ).sort("occurred_at", "account_id", maintain_order=True)


def account_limits(v: View) -> pl.DataFrame:
    """Credit limits with the day from which each held."""
    known = v.world.accounts
    some = np.flatnonzero((known.limits > 0) & (known.created <= v.now))
    raised = some[known.raised_on[some] <= v.day]
    which = np.concatenate([some, raised])
    amount = np.concatenate([known.limits[some], known.raised_limits[raised]])
    return v.table(
        {
            "account_id": v.number.account(which),
            "valid_from_on": a.days(np.concatenate([known.created[some] // DAY, known.raised_on[raised]])),
            "amount": a.money(amount),
            "currency": a.words(("CNY",), np.zeros(len(which), dtype=np.int64)),
        }
    )


def contacts(v: View) -> pl.DataFrame:
    """People at accounts."""
    companies = v.world.companies
    known = np.flatnonzero(v.world.accounts.created <= v.now)
    account, place = expand(1 + mixed(known + v.number.companies, "contacts") % 3)
    company = known[account]
    person = company * PEOPLE_PER_COMPANY + place
    everywhere = person + v.number.companies * PEOPLE_PER_COMPANY
    abroad = companies.is_abroad[company]
    titles = mixed(everywhere, "title") % len(names.TITLES)
    return v.table(
        {
            "contact_id": v.number.contact(person),
            "account_id": v.number.account(company),
            "name": identities.person_names(everywhere, abroad),
            "email": identities.person_emails(everywhere, companies, v.number.companies * PEOPLE_PER_COMPANY),
            "phone": identities.person_phones(everywhere, abroad),
            "title": identities.person_titles(everywhere, abroad),
            "is_decision_maker": a.truths(np.isin(titles, names.DECIDERS)),
        }
    )


# leads and marketing


@dataclass(frozen=True)
class LeadState:
    """What an export says of a lead on a day."""

    statuses: Ints
    owners: Ints
    changed: Ints


LEAD_STATUSES = ("New", "Working", "Qualified", "Converted", "Disqualified", "Recycled")


def lead_state(v: View) -> LeadState:
    """The state of each lead at the end of the day, and when it last changed."""
    leads, people = v.world.leads, v.world.people
    status = np.zeros(leads.n, dtype=np.int64)
    changed = leads.created.copy()
    steps = (
        (1, leads.responded),
        (2, leads.qualified),
        (5, leads.recycled),
        (1, leads.claimed),
        (4, leads.disqualified),
        (3, leads.converts),
    )
    for value, moment in steps:
        has = moment <= v.now
        status = np.where(has, value, status)
        changed = np.where(has, np.maximum(changed, moment), changed)
    seat = leads.seat_at(np.full(leads.n, v.now))
    until = np.minimum(np.minimum(leads.converts, leads.disqualified), v.now) // DAY
    left = people.seat_change[seat]
    changed = np.where((left <= until), np.maximum(changed, left * DAY), changed)
    return LeadState(status, people.holder(seat, until), changed)


def leads(v: View) -> pl.DataFrame:
    """All leads, those to come too, with the moment of their last change (before all time for those to come)."""
    world = v.world
    all_leads, companies = world.leads, world.companies
    state = lead_state(v)
    company = all_leads.companies
    everywhere = all_leads.persons + v.number.companies * PEOPLE_PER_COMPANY
    abroad = companies.is_abroad[company]
    deal_of = np.full(all_leads.n, NONE)
    has_lead = world.deals.leads >= 0
    deal_of[world.deals.leads[has_lead]] = np.flatnonzero(has_lead)
    converted = all_leads.converts <= v.now
    project = mixed(everywhere, "project") % 40
    return v.table(
        {
            "lead_id": v.number.lead(np.arange(all_leads.n)),
            "created_at": a.moments(all_leads.created),
            "source": a.words([c.source for c in p.CHANNELS], all_leads.channels),
            "channel": a.words([c.name for c in p.CHANNELS], all_leads.channels),
            "campaign_id": node_ids(all_leads.nodes),
            "company_name": identities.company_names(companies, company),
            "person_name": identities.person_names(everywhere, abroad),
            "email": identities.person_emails(everywhere, companies, v.number.companies * PEOPLE_PER_COMPANY),
            "phone": identities.person_phones(everywhere, abroad),
            "city": a.words(names.CITIES, companies.cities[company]),
            "region": a.words([region for _, region, _ in p.TEAMS], companies.teams[company]),
            "industry": a.words(p.INDUSTRIES, companies.industries[company]),
            "size": a.words(p.SIZES, companies.sizes[company]),
            "grade": a.words(p.GRADES, all_leads.grades),
            "product_line": a.words(p.PRODUCT_LINES, all_leads.lines),
            "project_name": a.words(
                [f"{i + 1}号线改造 Line {i + 1}" for i in range(40)],
                project,
                chance_of(everywhere, "has project") < 0.25,
            ),
            "business_unit": a.words(p.DIVISION, (companies.partners[company] >= 0).astype(np.int64)),
            "owner_id": v.number.user(state.owners),
            "assigned_at": a.moments(all_leads.assigned, all_leads.assigned <= v.now),
            "status": a.words(LEAD_STATUSES, state.statuses),
            "qualified_at": a.moments(all_leads.qualified, all_leads.qualified <= v.now),
            "converted_at": a.moments(all_leads.converts, converted),
            "opportunity_id": v.number.deal(np.where(converted, deal_of, NONE)),
            "account_id": v.number.account(np.where(converted, company, NONE)),
            "_changed": pl.Series(np.where(all_leads.created <= v.now, state.changed, NONE)),
        }
    )


def changed_leads(v: View, frame: pl.DataFrame) -> pl.DataFrame:
    """Of all leads those created or changed since the export before."""
    return frame.filter(pl.col("_changed") > _previous(v, lead_exports)).drop("_changed")


def _previous(v: View, schedule: Callable[[World], list[int]]) -> int:
    """The last second of the export before this one."""
    earlier = [day for day in schedule(v.world) if day < v.day]
    return (max(earlier) + 1) * DAY - 1 if earlier else 0


def node_ids(nodes: Ints) -> pl.Series:
    """Ids of plans, campaigns and activities."""
    return a.ids("MC-", nodes, 4)


def lead_events(v: View) -> pl.DataFrame:
    """The journey of each lead, with who did it."""
    leads, people = v.world.leads, v.world.people
    kinds = ("assigned", "responded", "qualified", "recycled", "claimed", "converted", "disqualified")
    moments = (
        leads.assigned,
        leads.responded,
        leads.qualified,
        leads.recycled,
        leads.claimed,
        leads.converts,
        leads.disqualified,
    )
    lead = np.tile(np.arange(leads.n), len(kinds))
    moment = np.concatenate(moments)
    kind = np.arange(len(kinds)).repeat(leads.n)
    done = moment <= v.now
    lead, moment, kind = lead[done], moment[done], kind[done]
    order = np.lexsort((kind, lead, moment))
    lead, moment, kind = lead[order], moment[order], kind[order]
    seat = np.where(moment >= leads.claimed[lead], leads.claim_seats[lead], leads.seats[lead])
    return v.table(
        {
            "lead_id": v.number.lead(lead),
            "occurred_at": a.moments(moment),
            "kind": a.words(kinds, kind),
            "owner_id": v.number.user(people.holder(seat, moment // DAY)),
        }
    )


def touchpoints(v: View) -> pl.DataFrame:
    """Contacts of leads, and of people at accounts whose deal had no lead."""
    world = v.world
    parts = world.touches
    moment, channel, node, kind, lead, person, deal = (
        np.concatenate([getattr(part, name) for part in parts])
        for name in ("moments", "channels", "nodes", "kinds", "leads", "persons", "deals")
    )
    has_lead = lead >= 0
    account = np.where(has_lead, NONE, world.deals.companies[np.maximum(deal, 0)])
    everywhere = person + v.number.companies * PEOPLE_PER_COMPANY
    mail = identities.person_emails(everywhere, world.companies, v.number.companies * PEOPLE_PER_COMPANY)
    return v.table(
        {
            "touchpoint_id": a.ids("T-", np.arange(len(moment)) + v.number.touches, 7),
            "occurred_at": a.moments(moment),
            "campaign_id": node_ids(node),
            "channel": a.words([c.name for c in p.CHANNELS], channel),
            "kind": a.words(TOUCH_KINDS, kind),
            "lead_id": v.number.lead(lead),
            "contact_id": v.number.contact(np.where(has_lead, NONE, person)),
            "account_id": v.number.account(account),
            "email": mail,
        },
        (moment <= v.now)
        & np.where(
            has_lead,
            world.leads.created[np.maximum(lead, 0)] <= v.now,
            world.deals.created[np.maximum(deal, 0)] <= v.now,
        ),
    )


# opportunities


def _alive(v: View) -> Bools:
    """Deals that an export holds: open ones, those closed in the three months before, at first all."""
    deals = v.world.deals
    first = v.day == opportunity_exports(v.world)[0]
    found: Bools = (deals.created <= v.now) & (first | (deals.ended > v.now - _STAYS_DAYS * DAY))
    return found


_STAYS_DAYS = 100


def opportunities(v: View) -> pl.DataFrame:
    """Opportunities as they stood."""
    world = v.world
    deals = world.deals
    which = np.flatnonzero(_alive(v))
    stage = deals.stages.at(which, v.now)
    amount = deals.amount_versions.at(which, v.now)
    closed = (deals.ended[which] <= v.now) & (stage >= p.WON)
    closed_at = np.where(closed, deals.ended[which], NEVER * DAY)
    override = chance_of(which + v.number.deals, "category")
    category = np.where((stage == 3) & (override < 0.1), 1, np.where((stage == 4) & (override > 0.92), 0, NONE))
    lost = stage == p.LOST
    lines = np.bincount(deals.line_deals, minlength=deals.n)[which]
    first_line = np.searchsorted(deals.line_deals, which, side="left")
    names_ = identities.company_names(world.companies, deals.companies[which])
    line_name = a.words([line.split(" ")[0] for line in p.PRODUCT_LINES], deals.lines[which])
    step = mixed(which + v.number.deals, v.day // 40) % len(_NEXT_STEPS)
    return v.table(
        {
            "opportunity_id": v.number.deal(which),
            "name": names_ + " " + line_name,
            "account_id": v.number.account(deals.companies[which]),
            "owner_id": v.number.user(deals.owners.at(which, v.now)),
            "stage": a.words(p.STAGES, stage),
            "amount": a.money(amount, amount >= 0),
            "product_id": product_ids(np.where(lines == 1, deals.line_products[first_line], NONE)),
            "product_line": a.words(p.PRODUCT_LINES, deals.lines[which]),
            "quantity": a.places(deals.line_quantities[first_line].astype(np.float64), 0, lines == 1),
            "source": a.words([c.source for c in p.CHANNELS], deals.channels[which]),
            "campaign_id": node_ids(deals.nodes[which]),
            "lead_id": v.number.lead(deals.leads[which]),
            "created_at": a.moments(deals.created[which]),
            "close_on": a.days(deals.closes.at(which, v.now)),
            "closed_at": a.moments(closed_at, closed),
            "forecast_category": a.words(("best_case", "commit"), category),
            "loss_reason": a.words(p.LOSS_REASONS, np.where(lost, deals.reasons[which], NONE)),
            "competitor": a.words(p.COMPETITORS, np.where(stage >= 2, deals.competitors[which], NONE)),
            "next_step": a.words(_NEXT_STEPS, np.where(stage < p.WON, step, NONE)),
            "partner_id": v.number.account(deals.partners[which]),
            "currency": currencies(deals.is_dollar[which]),
        }
    )


_NEXT_STEPS = (
    "电话跟进 Call",
    "安排样件测试 Sample test",
    "现场考察 Site visit",
    "提交方案 Send proposal",
    "商务谈判 Negotiate",
    "等待审批 Await approval",
)


def product_ids(products: Ints) -> pl.Series:
    """Ids of products."""
    return a.ids("PR-", products, 3)


def opportunity_lines(v: View) -> pl.DataFrame:
    """Lines of deals about more than one product, scaled to the amount then told."""
    deals = v.world.deals
    lines = np.bincount(deals.line_deals, minlength=deals.n)
    amount = deals.amount_versions.at(np.arange(deals.n), v.now)
    keep = (_alive(v) & (lines > 1) & (amount >= 0))[deals.line_deals]
    total = np.where(amount >= 0, amount, 0)
    part = a.shared(total, deals.line_amounts.astype(np.float64), deals.line_deals)
    return v.table(
        {
            "opportunity_line_id": a.ids("OL-", np.arange(len(keep)) + v.number.deal_lines),
            "opportunity_id": v.number.deal(deals.line_deals),
            "product_id": product_ids(deals.line_products),
            "quantity": a.numbers(deals.line_quantities),
            "amount": a.money(part),
            "currency": currencies(deals.is_dollar[deals.line_deals]),
        },
        keep,
    )


def opportunity_history(v: View) -> pl.DataFrame:
    """Changes of stage, amount, close date and owner of the last 18 months, as CRMs keep them."""
    deals = v.world.deals
    tracked = (
        ("stage", deals.stages),
        ("amount", deals.amount_versions),
        ("close_on", deals.closes),
        ("owner_id", deals.owners),
    )
    frames = []
    for order, (field, versions) in enumerate(tracked):
        moment = versions.moments
        some = ~versions.is_first & (moment <= v.now) & (moment > v.now - HISTORY_DAYS * DAY)
        frames.append(
            v.table(
                {
                    "opportunity_id": v.number.deal(versions.owners[some]),
                    "changed_at": a.moments(moment[some]),
                    "field": pl.Series([field] * int(some.sum()), dtype=pl.String),
                    "old_value": _shown(v, field, versions.before[some]),
                    "new_value": _shown(v, field, versions.values[some]),
                    "order": pl.Series(np.full(int(some.sum()), order)),
                }
            )
        )
    return pl.concat(frames).sort("changed_at", "opportunity_id", "order", maintain_order=True).drop("order")


def _shown(v: View, field: str, values: Ints) -> pl.Series:
    if field == "stage":
        return a.words(p.STAGES, values)
    if field == "amount":
        return a.money(values, values >= 0).cast(pl.String)
    if field == "close_on":
        return a.days(values).cast(pl.String)
    return v.number.user(values)


def activities(v: View) -> pl.DataFrame:
    """What was done, newest last."""
    acts = v.world.activities
    return v.table(
        {
            "activity_id": a.ids("AC-", np.arange(len(acts.moments)) + v.number.activities, 7),
            "occurred_at": a.moments(acts.moments),
            "kind": a.words(ACTIVITY_KINDS, acts.kinds),
            "direction": a.words(("in", "out"), acts.is_out.astype(np.int64)),
            "is_automatic": a.truths(acts.is_automatic),
            "owner_id": v.number.user(acts.owners),
            "lead_id": v.number.lead(acts.leads),
            "account_id": v.number.account(acts.companies),
            "opportunity_id": v.number.deal(acts.deals),
        },
        acts.moments <= v.now,
    )


def registrations(v: View) -> pl.DataFrame:
    """Registered projects."""
    regs, world = v.world.registrations, v.world
    decided = regs.decided <= v.now
    return v.table(
        {
            "registration_id": a.ids("RG-", np.arange(len(regs.deals)) + v.number.registrations),
            "account_id": v.number.account(regs.companies),
            "opportunity_id": v.number.deal(np.where(world.deals.created[regs.deals] <= v.now, regs.deals, NONE)),
            "partner_id": v.number.account(regs.partners),
            "owner_id": v.number.user(regs.owners),
            "company_name": identities.company_names(world.companies, regs.companies),
            "project_name": a.words([line.split(" ")[0] + "项目" for line in p.PRODUCT_LINES], regs.lines),
            "product_line": a.words(p.PRODUCT_LINES, regs.lines),
            "submitted_at": a.moments(regs.submitted),
            "decided_at": a.moments(regs.decided, decided),
            "decision": a.words(("rejected", "approved"), regs.is_approved.astype(np.int64), decided),
            "valid_until_on": a.days(regs.decided // DAY + 180, decided & regs.is_approved),
        },
        regs.submitted <= v.now,
    )


def quotes(v: View) -> pl.DataFrame:
    """Quotes with list, quoted and floor price."""
    found, deals = v.world.quotes, v.world.deals
    decided = found.decided <= v.now
    return v.table(
        {
            "quote_id": v.number.quote(np.arange(len(found.deals))),
            "opportunity_id": v.number.deal(found.deals),
            "product_id": product_ids(found.products),
            "quantity": a.numbers(found.quantities),
            "list_price": a.money(found.listed),
            "quoted_price": a.money(found.quoted),
            "floor_price": a.money(found.floors),
            "submitted_at": a.moments(found.submitted),
            "decided_at": a.moments(found.decided, decided),
            "decision": a.words(("approved", "rejected"), found.is_rejected.astype(np.int64), decided),
            "owner_id": v.number.user(deals.owners.at(found.deals, found.submitted)),
            "currency": currencies(deals.is_dollar[found.deals]),
        },
        found.submitted <= v.now,
    )


def quotas(v: View) -> pl.DataFrame:
    """Quarterly targets of reps and of some managers."""
    targets = v.world.targets
    return v.table(
        {
            "owner_id": v.number.user(targets.quota_users),
            "period_start_on": a.days(targets.quota_starts),
            "period_end_on": a.days(targets.quota_ends),
            "amount": a.money(targets.quota_amounts),
            "currency": a.words(("CNY",), np.zeros(len(targets.quota_users), dtype=np.int64)),
        }
    )


def forecast_submissions(v: View) -> pl.DataFrame:
    """What was submitted each Friday for the running quarter."""
    targets = v.world.targets
    return v.table(
        {
            "owner_id": v.number.user(targets.users),
            "submitted_at": a.moments(targets.moments),
            "period_start_on": a.days(targets.periods),
            "category": a.words(("commit", "best_case"), targets.is_best_case.astype(np.int64)),
            "amount": a.money(targets.amounts),
            "currency": a.words(("CNY",), np.zeros(len(targets.users), dtype=np.int64)),
        },
        targets.moments <= v.now,
    )


# contracts, orders, deliveries


def contracts(v: View) -> pl.DataFrame:
    """Contracts with their state."""
    found, deals = v.world.contracts, v.world.deals
    changed = found.changed <= v.day
    status = np.where(changed & (found.change_kinds == CHANGES.index("terminated")), 3, 1)
    status = np.where(changed & (found.change_kinds == CHANGES.index("suspended")) & (found.resumed > v.day), 2, status)
    approved = found.approved <= v.now
    status = np.where(approved, status, 0)
    return v.table(
        {
            "contract_id": v.number.contract(np.arange(found.n)),
            "account_id": v.number.account(buyers_of(v, found.deals)),
            "opportunity_id": v.number.deal(found.deals),
            "owner_id": v.number.user(deals.owners.at(found.deals, v.now)),
            "partner_id": v.number.account(deals.partners[found.deals]),
            "signed_on": a.days(found.signed, found.signed <= v.day),
            "amount": a.money(deals.amounts[found.deals]),
            "status": a.words(("submitted", "active", "suspended", "terminated"), status),
            "starts_on": a.days(found.signed, found.signed <= v.day),
            "ends_on": a.days(found.signed + 365, found.signed <= v.day),
            "submitted_at": a.moments(found.submitted),
            "approved_at": a.moments(found.approved, approved),
            "currency": currencies(deals.is_dollar[found.deals]),
        },
        found.submitted <= v.now,
    )


def buyers_of(v: View, deals: Ints) -> Ints:
    """Who signs and is billed: the partner, where there is one."""
    partner = v.world.deals.partners[deals]
    return np.where(partner >= 0, partner, v.world.deals.companies[deals])


def contract_changes(v: View) -> pl.DataFrame:
    """Amendments, suspensions, resumptions, terminations."""
    found = v.world.contracts
    changed, resumed = np.flatnonzero(found.changed <= v.day), np.flatnonzero(found.resumed <= v.day)
    which = np.concatenate([changed, resumed])
    kind = np.concatenate([found.change_kinds[changed], np.full(len(resumed), 3)])
    amount = np.concatenate([found.change_amounts[changed], np.zeros(len(resumed), dtype=np.int64)])
    return v.table(
        {
            "contract_id": v.number.contract(which),
            "changed_on": a.days(np.concatenate([found.changed[changed], found.resumed[resumed]])),
            "kind": a.words((*CHANGES, "resumed"), kind),
            "amount": a.money(amount, kind == 0),
            "currency": currencies(v.world.deals.is_dollar[found.deals[which]]),
        }
    )


def approvals(v: View) -> pl.DataFrame:
    """Steps of approval."""
    found = v.world.approvals
    documents = names.choose(found.kinds == 0, v.number.contract(found.documents), v.number.quote(found.documents))
    decided = found.decided <= v.now
    return v.table(
        {
            "approval_id": a.ids("AP-", np.arange(len(found.kinds)) + v.number.approvals),
            "document_kind": a.words(("contract", "quote"), found.kinds),
            "document_id": documents,
            "step": a.numbers(found.steps),
            "approver_id": v.number.user(found.approvers),
            "requested_at": a.moments(found.requested),
            "due_at": a.moments(found.due),
            "decided_at": a.moments(found.decided, decided),
            "decision": a.words(("rejected", "approved"), found.is_approved.astype(np.int64), decided),
        },
        found.requested <= v.now,
    )


def orders(v: View) -> pl.DataFrame:
    """Orders, those from before the first full month of an account too."""
    found = v.world.orders
    quote_of = np.full(v.world.deals.n, NONE)
    accepted = np.flatnonzero(~v.world.quotes.is_rejected & (v.world.quotes.decided <= v.now))
    quote_of[v.world.quotes.deals[accepted]] = accepted
    shipped = np.zeros(found.n, dtype=bool)
    shipped[v.world.deliveries.orders[v.world.deliveries.shipped <= v.day]] = True
    lasts = np.zeros(found.n, dtype=np.int64)
    np.maximum.at(lasts, v.world.deliveries.orders, v.world.deliveries.delivered)
    status = np.where((lasts > 0) & (lasts <= v.day), 2, np.where(shipped, 1, 0))
    status = np.where(lasts == 0, 3, status)
    has_deal = found.deals >= 0
    return v.table(
        {
            "order_id": v.number.order(np.arange(found.n)),
            "account_id": v.number.account(found.buyers),
            "contract_id": v.number.contract(found.contracts),
            "opportunity_id": v.number.deal(found.deals),
            "quote_id": v.number.quote(np.where(has_deal, quote_of[np.maximum(found.deals, 0)], NONE)),
            "owner_id": v.number.user(found.owners),
            "partner_id": v.number.account(found.partners),
            "end_customer_id": v.number.account(np.where(found.partners >= 0, found.companies, NONE)),
            "ordered_on": a.days(found.days),
            "status": a.words(("open", "partly shipped", "delivered", "cancelled"), status),
            "currency": currencies(found.is_dollar),
        },
        found.days <= v.day,
    )


def order_lines(v: View) -> pl.DataFrame:
    """Lines of orders."""
    found = v.world.orders
    known = chance_of(np.arange(len(found.line_orders)) + v.number.order_lines, "cost") < 0.8
    return v.table(
        {
            "order_line_id": v.number.order_line(np.arange(len(found.line_orders))),
            "order_id": v.number.order(found.line_orders),
            "product_id": product_ids(found.line_products),
            "quantity": a.numbers(found.line_quantities),
            "unit_price": a.money(found.line_prices),
            "unit_cost": a.money(found.line_costs, known | found.is_dollar[found.line_orders]),
            "amount": a.money(found.line_amounts),
            "promised_on": a.days(found.promised),
            "cancelled_on": a.days(found.cancelled, found.cancelled <= v.day),
            "is_commissionable": a.truths(found.is_commissionable),
            "currency": currencies(found.is_dollar[found.line_orders]),
        },
        found.days[found.line_orders] <= v.day,
    )


def shipments(v: View) -> pl.DataFrame:
    """Shipped lines; where they are now."""
    found = v.world.deliveries
    reason = mixed(found.orders + v.number.orders, "delay") % len(_DELAYS)
    return v.table(
        {
            "shipment_line_id": v.number.delivery(np.arange(len(found.lines))),
            "shipment_id": v.number.shipment(found.shipments),
            "order_line_id": v.number.order_line(found.lines),
            "shipped_on": a.days(found.shipped),
            "delivered_on": a.days(found.delivered, found.delivered <= v.day),
            "end_customer_on": a.days(found.end_customer, found.end_customer <= v.day),
            "quantity": a.numbers(found.quantities),
            "delay_reason": a.words(_DELAYS, np.where(found.is_late, reason, NONE)),
        },
        found.shipped <= v.day,
    )


_DELAYS = (
    "缺料 Material shortage",
    "产能 Capacity",
    "质检返工 Rework",
    "物流 Logistics",
    "客户推迟 Customer postponed",
)


def returns(v: View) -> pl.DataFrame:
    """Goods that came back."""
    found, lines = v.world.deliveries, v.world.orders
    back = np.flatnonzero(found.returned <= v.day)
    line = found.lines[back]
    quantity = found.returned_quantities[back]
    reason = mixed(back + v.number.deliveries, "return") % len(_RETURNS)
    return v.table(
        {
            "return_id": a.ids("RT-", back + v.number.deliveries),
            "order_line_id": v.number.order_line(line),
            "returned_on": a.days(found.returned[back]),
            "quantity": a.numbers(quantity),
            "amount": a.money(quantity * lines.line_prices[line]),
            "reason": a.words(_RETURNS, reason),
            "currency": currencies(lines.is_dollar[found.orders[back]]),
        }
    )


_RETURNS = ("损坏 Damaged", "规格不符 Wrong specification", "多发 Surplus", "性能不达标 Below specification")


# receivables


def invoices(v: View) -> pl.DataFrame:
    """Invoices issued so far."""
    found, lines = v.world.book.invoices, v.world.orders
    return v.table(
        {
            "invoice_id": v.number.invoice(np.arange(found.n)),
            "account_id": v.number.account(lines.buyers[found.orders]),
            "order_id": v.number.order(found.orders),
            "contract_id": v.number.contract(lines.contracts[found.orders]),
            "shipment_id": v.number.shipment(found.shipments),
            "owner_id": v.number.user(lines.owners[found.orders]),
            "issued_on": a.days(found.issued),
            "due_on": a.days(found.due),
            "amount": a.money(found.amounts),
            "tax_amount": a.money(found.taxes),
            "is_disputed": a.truths((found.dispute_opened <= v.day) & (found.dispute_resolved > v.day)),
            "currency": currencies(lines.is_dollar[found.orders]),
        },
        found.issued <= v.day,
    )


def invoice_lines(v: View) -> pl.DataFrame:
    """Lines of invoices, one for each shipped line."""
    found, deliveries, lines = v.world.book.invoices, v.world.deliveries, v.world.orders
    line = deliveries.lines[found.line_deliveries]
    return v.table(
        {
            "invoice_line_id": a.ids("INL-", np.arange(len(line)) + v.number.invoice_lines),
            "invoice_id": v.number.invoice(found.line_invoices),
            "order_line_id": v.number.order_line(line),
            "shipment_line_id": v.number.delivery(found.line_deliveries),
            "product_id": product_ids(lines.line_products[line]),
            "quantity": a.numbers(deliveries.quantities[found.line_deliveries]),
            "amount": a.money(found.line_net + found.line_taxes),
            "tax_amount": a.money(found.line_taxes),
            "currency": currencies(lines.is_dollar[lines.line_orders[line]]),
        },
        found.issued[found.line_invoices] <= v.day,
    )


def credit_notes(v: View) -> pl.DataFrame:
    """Credit notes, of returns and of prices."""
    book, lines = v.world.book, v.world.orders
    found = book.credits
    order = book.invoices.orders[found.invoices]
    returned = found.deliveries >= 0
    line = np.where(returned, v.world.deliveries.lines[np.maximum(found.deliveries, 0)], NONE)
    return v.table(
        {
            "credit_note_id": v.number.credit(np.arange(len(found.invoices))),
            "account_id": v.number.account(lines.buyers[order]),
            "invoice_id": v.number.invoice(found.invoices),
            "return_id": a.ids("RT-", np.where(returned, found.deliveries + v.number.deliveries, NONE)),
            "order_line_id": v.number.order_line(line),
            "issued_on": a.days(found.issued),
            "amount": a.money(found.amounts),
            "tax_amount": a.money(found.taxes),
            "reason": a.words(CREDIT_REASONS, (~returned).astype(np.int64)),
            "currency": currencies(lines.is_dollar[order]),
        },
        found.issued <= v.day,
    )


def payments(v: View) -> pl.DataFrame:
    """Payments, with what they say they are for."""
    found, lines = v.world.book.payments, v.world.orders
    order = v.world.book.invoices.orders[found.invoices]
    return v.table(
        {
            "payment_id": v.number.payment(np.arange(len(found.days))),
            "account_id": v.number.account(found.buyers),
            "paid_on": a.days(found.days),
            "amount": a.money(found.amounts),
            "invoice_id": v.number.invoice(np.where(found.ways == NAMED, found.invoices, NONE)),
            "order_id": v.number.order(np.where(found.ways == BY_ORDER, order, NONE)),
            "contract_id": v.number.contract(np.where(found.ways == BY_CONTRACT, lines.contracts[order], NONE)),
            "method": a.words(METHODS, found.methods),
            "currency": currencies(found.is_dollar),
        },
        found.days <= v.day,
    )


def payment_allocations(v: View) -> pl.DataFrame:
    """What consolidated and later matched payments were applied to."""
    found, parts = v.world.book.payments, v.world.book.parts
    way = found.ways[found.piece_payments]
    part = np.maximum(found.piece_parts, 0)
    named = (found.piece_parts >= 0) & parts.is_planned[part]
    order = v.world.book.invoices.orders[np.maximum(found.piece_invoices, 0)]
    same = v.world.orders.is_dollar[order] == found.is_dollar[found.piece_payments]
    return v.table(
        {
            "payment_id": v.number.payment(found.piece_payments),
            "invoice_id": v.number.invoice(found.piece_invoices),
            "amount": a.money(found.piece_amounts),
            "payment_amount": a.money(found.piece_paid_amounts, ~same),
            "instalment_id": v.number.instalment(np.where(named, part, NONE)),
            "allocated_on": a.days(found.piece_matched),
            "currency": currencies(v.world.orders.is_dollar[order]),
        },
        (way >= ALLOCATED)
        & (way != ON_ACCOUNT)
        & (found.piece_matched <= v.day)
        & (v.world.book.invoices.issued[found.piece_invoices] <= v.day),
    )


def write_offs(v: View) -> pl.DataFrame:
    """What was given up."""
    parts, lines = v.world.book.parts, v.world.orders
    gone = np.flatnonzero(parts.written_off <= v.day)
    return v.table(
        {
            "write_off_id": a.ids("WO-", gone + v.number.parts),
            "invoice_id": v.number.invoice(parts.invoices[gone]),
            "written_off_on": a.days(parts.written_off[gone]),
            "amount": a.money(parts.amounts[gone]),
            "currency": currencies(lines.is_dollar[v.world.book.invoices.orders[parts.invoices[gone]]]),
        }
    )


def collection_plans(v: View) -> pl.DataFrame:
    """Instalments of invoices, and plans that contracts came with."""
    world = v.world
    parts, found, lines = world.book.parts, world.contracts, world.orders
    planned = np.flatnonzero(parts.is_planned & (world.book.invoices.issued[parts.invoices] <= v.day))
    invoice = parts.invoices[planned]
    order = world.book.invoices.orders[invoice]
    is_planned = (chance_of(np.arange(found.n) + v.number.contracts, "plan") < 0.4) & (found.change_kinds != 0)
    some = np.flatnonzero(is_planned & (found.signed <= v.day))
    contract, number = expand(np.full(len(some), 3))
    contract = some[contract]
    amount = a.shared(
        world.deals.amounts[found.deals[some]], np.tile([0.3, 0.6, 0.1], len(some)), np.arange(len(some)).repeat(3)
    )
    deal = found.deals[contract]
    plan_ids = a.ids("CP-", (contract + v.number.contracts) * 3 + number)
    return v.table(
        {
            "instalment_id": pl.concat([v.number.instalment(planned), plan_ids]),
            "account_id": v.number.account(np.concatenate([lines.buyers[order], buyers_of(v, deal)])),
            "contract_id": v.number.contract(np.concatenate([lines.contracts[order], contract])),
            "invoice_id": v.number.invoice(np.concatenate([invoice, np.full(len(contract), NONE)])),
            "due_on": a.days(
                np.concatenate([parts.due[planned], found.signed[contract] + np.array([10, 75, 400])[number]])
            ),
            "amount": a.money(np.concatenate([parts.amounts[planned], amount])),
            "method": a.words(METHODS, np.concatenate([mixed(planned, "m") % 2, number % 2])),
            "owner_id": v.number.user(np.concatenate([lines.owners[order], world.deals.owners.at(deal, v.now)])),
            "currency": currencies(np.concatenate([lines.is_dollar[order], world.deals.is_dollar[deal]])),
        }
    )


def disputes(v: View) -> pl.DataFrame:
    """Disputed invoices."""
    found = v.world.book.invoices
    some = np.flatnonzero(found.dispute_opened <= v.day)
    resolved = found.dispute_resolved[some]
    return v.table(
        {
            "dispute_id": a.ids("DP-", some + v.number.invoices),
            "invoice_id": v.number.invoice(some),
            "opened_on": a.days(found.dispute_opened[some]),
            "resolved_on": a.days(resolved, resolved <= v.day),
            "amount": a.money(a.shares_of(found.amounts[some], found.dispute_share[some])),
            "reason": a.words(DISPUTE_REASONS, found.dispute_reasons[some]),
            "currency": currencies(v.world.orders.is_dollar[found.orders[some]]),
        }
    )


def promises(v: View) -> pl.DataFrame:
    """Promises of customers who were late."""
    parts, invoices_, lines = v.world.book.parts, v.world.book.invoices, v.world.orders
    some = np.flatnonzero(parts.promised <= v.day)
    invoice = parts.invoices[some]
    order = invoices_.orders[invoice]
    return v.table(
        {
            "promise_id": a.ids("PM-", some + v.number.parts),
            "account_id": v.number.account(lines.buyers[order]),
            "invoice_id": v.number.invoice(invoice),
            "promised_at": a.moments(parts.promised[some] * DAY + 36_000),
            "due_on": a.days(parts.promise_due[some]),
            "amount": a.money(parts.amounts[some]),
            "currency": currencies(lines.is_dollar[order]),
        }
    )


def aging_statements(v: View) -> pl.DataFrame:
    """The ERP's own aging: by document, by days past due, payments on account apart."""
    world = v.world
    book, lines = world.book, world.orders
    found = book.invoices
    pay = book.payments
    is_booked = ~_not_yet_booked(v)
    owed, on_account = book.open_on(v.day, is_booked), book.unapplied_on(v.day, is_booked)
    some = np.flatnonzero(owed != 0)
    late = v.day - found.due[some]
    edges = np.array([0, 30, 60, 90, 180, 365])
    bucket = np.searchsorted(edges, late, side="left")
    loose = np.flatnonzero(on_account != 0)
    return v.table(
        {
            "stated_on": a.days(np.full(len(some) + len(loose), v.day)),
            "account_id": v.number.account(np.concatenate([lines.buyers[found.orders[some]], pay.buyers[loose]])),
            "document_id": pl.concat([v.number.invoice(some), v.number.payment(loose)]),
            "bucket": a.words(
                ("not_due", "1-30", "31-60", "61-90", "91-180", "181-365", "365+", "unapplied"),
                np.concatenate([bucket, np.full(len(loose), 7)]),
            ),
            "amount": a.money(np.concatenate([owed[some], -on_account[loose]])),
            "currency": currencies(np.concatenate([lines.is_dollar[found.orders[some]], pay.is_dollar[loose]])),
        }
    )


def _not_yet_booked(v: View) -> Bools:
    """A few payments of the last days that the ERP booked only after its statement."""
    days = v.world.book.payments.days
    drawn = chance_of(np.arange(len(days)) + v.number.payments, ("unbooked", v.day))
    found: Bools = (days > v.day - 4) & (days <= v.day) & (drawn < min(0.12 * v.world.wanted.noise, 1.0))
    return found


# when what is exported


def last_only(world: World) -> list[int]:
    """One export, of the last day."""
    return [world.wanted.last]


def _month_ends(world: World) -> list[int]:
    ends = a.month_start(world.wanted.months_seen + 1) - 1
    return [int(day) for day in ends if day <= world.wanted.last]


def half_way(world: World) -> list[int]:
    """A year before the end (or half-way), and the last day."""
    ends = _month_ends(world)
    return sorted({ends[(len(ends) - 1) // 2] if ends else world.wanted.last, world.wanted.last})


def lead_exports(world: World) -> list[int]:
    """Every half year, and the last day."""
    return sorted({*_month_ends(world)[5::6], world.wanted.last})


def opportunity_exports(world: World) -> list[int]:
    """Every month-end, the last eight Fridays, and the last day."""
    last = world.wanted.last
    friday = last - (last - 1) % 7  # 1970-01-02 was a Friday
    weeks = [day for day in range(friday - 49, friday + 1, 7) if day >= world.wanted.first]
    return sorted({*_month_ends(world), *weeks, last})


def line_exports(world: World) -> list[int]:
    """Every third month-end, and the last day."""
    return sorted({*_month_ends(world)[2::3], world.wanted.last})


def statement_days(world: World) -> list[int]:
    """The last two month-ends."""
    return sorted({*_month_ends(world)[-2:]})


Schedule = Callable[[World], list[int]]

TABLES: dict[str, tuple[Callable[[View], pl.DataFrame], Schedule]] = {
    "users": (users, half_way),
    "user_history": (user_history, last_only),
    "accounts": (accounts, half_way),
    "account_history": (account_history, last_only),
    "account_limits": (account_limits, last_only),
    "account_events": (account_events, last_only),
    "contacts": (contacts, last_only),
    "leads": (leads, lead_exports),
    "lead_events": (lead_events, last_only),
    "touchpoints": (touchpoints, last_only),
    "opportunities": (opportunities, opportunity_exports),
    "opportunity_lines": (opportunity_lines, line_exports),
    "opportunity_history": (opportunity_history, last_only),
    "activities": (activities, last_only),
    "registrations": (registrations, last_only),
    "quotes": (quotes, last_only),
    "quotas": (quotas, last_only),
    "forecast_submissions": (forecast_submissions, last_only),
    "contracts": (contracts, last_only),
    "contract_changes": (contract_changes, last_only),
    "approvals": (approvals, last_only),
    "orders": (orders, half_way),
    "order_lines": (order_lines, last_only),
    "shipments": (shipments, half_way),
    "returns": (returns, last_only),
    "invoices": (invoices, half_way),
    "invoice_lines": (invoice_lines, last_only),
    "credit_notes": (credit_notes, last_only),
    "payments": (payments, half_way),
    "payment_allocations": (payment_allocations, last_only),
    "write_offs": (write_offs, last_only),
    "collection_plans": (collection_plans, last_only),
    "disputes": (disputes, last_only),
    "promises": (promises, last_only),
    "aging_statements": (aging_statements, statement_days),
}
