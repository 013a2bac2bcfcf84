"""Campaign ROI and attribution after METRICS §1 and §2.

Readings where they leave room: a touch belongs to the account that it or its contact names, else to those of
contacts with its e-mail; and to its leads' (their own and their opportunities'). Without a lead named, its leads
are those with its e-mail.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal, localcontext
from fractions import Fraction
from functools import cached_property
from typing import Any

from tests.oracle.company import NONE, Company, month_end, month_of
from tests.oracle.delivery import Delivery
from tests.oracle.exports import Row
from tests.oracle.leads import Leads
from tests.oracle.money import ZERO, at_rate, money_sum, quantile, ratio, rounded, split, wilson
from tests.oracle.opportunities import OPEN, WON, Deal, Opportunities

UNASSIGNED, UNATTRIBUTED = "unassigned", "unattributed"
LEARNT = ("markov", "shapley")
MODELS = ("first", "last", "last_non_direct", "linear", "position", "time_decay", "w_shaped", *LEARNT)
DEPTHS = ("pipeline", "booked", "invoiced", "collected", "gross_margin", "uncosted")
LOOKBACK_DAYS = 180
HALF_LIFE_DAYS = 30
Weights = dict[str, Fraction]
_COUNTS = ("leads", "qualified_leads", "converted_leads", "won_leads", "lost_leads", "opportunities", "wins")


@dataclass(frozen=True)
class Cost:
    """Marketing cost of a day in company currency."""

    on: date
    campaign: str
    channel: str
    amount: Decimal
    conversions: Decimal | None


@dataclass(frozen=True)
class Touch:
    """One touch of a path."""

    id: str
    at: datetime
    channel: str
    campaign: str


@dataclass(frozen=True)
class Contact:
    """A dated contact with person, channel and campaign resolved."""

    touch: Touch
    person: str
    accounts: frozenset[str]
    leads: frozenset[str]


@dataclass(frozen=True)
class Credit:
    """What a touch gets of an opportunity under a model: a share, and movements of money by depth and day."""

    deal: Deal
    touch: Touch
    share: Decimal
    moved: dict[str, list[tuple[date, Decimal]]]

    def amount(self, depth: str) -> Decimal:
        """All of a depth."""
        return money_sum(amount for _, amount in self.moved.get(depth, []))


@dataclass
class Result:
    """What a campaign, channel or month cost and brought in."""

    cost: Decimal = ZERO
    claimed_conversions: Decimal | None = None
    leads: int = 0
    qualified_leads: int = 0
    converted_leads: int = 0
    won_leads: int = 0
    lost_leads: int = 0
    opportunities: Decimal = ZERO
    wins: Decimal = ZERO
    amounts: dict[str, Decimal] = field(default_factory=lambda: dict.fromkeys(DEPTHS, ZERO))
    has_margin: bool = False
    has_uncosted: bool = False
    spent: dict[date, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    collected: dict[date, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    last_month: date = date.min

    def payback_on(self) -> date | None:
        """The first day when the cumulated collected money is at least the cumulated cost ("Counts")."""
        cost = collected = ZERO
        for day in sorted({*self.spent, *self.collected}):
            cost += self.spent.get(day, ZERO)
            collected += self.collected.get(day, ZERO)
            if cost > 0 and collected >= cost:
                return day
        return None


Results = dict[tuple[str, date, str, str], Result]
"""By basis, month, campaign and channel."""


class Marketing:
    """Costs, paths and credits of one company; `learnt` gives each channel's share under a learnt model."""

    def __init__(
        self,
        company: Company,
        opportunities: Opportunities,
        leads: Leads,
        delivery: Delivery,
        learnt: Callable[[str], Mapping[str, Decimal]],
    ) -> None:
        self.company = company
        self.opportunities = opportunities
        self.leads = leads
        self.delivery = delivery
        self.learnt = learnt

    # cost

    @cached_property
    def costs(self) -> list[Cost]:
        """`spend_daily`: exported costs, and stated costs of campaigns without media rows ("Cost")."""
        return [cost for cost in [*self._spent(), *self._stated()] if cost.on <= self.company.as_of]

    def _spent(self) -> Iterator[Cost]:
        for row in self.company.rows("spend"):
            yield Cost(
                row["spent_on"],
                row["campaign_id"] or UNASSIGNED,
                self.leads.channels.name(row["channel"]) or UNASSIGNED,
                self.company.converted(row["cost"], row["currency"], row["spent_on"]) or ZERO,
                row["conversions"],
            )

    def _stated(self) -> Iterator[Cost]:
        """A campaign's own cost, spread evenly over its days so far; a parent's is what exceeds its parts'."""
        campaigns = self.leads.campaigns
        with_media = {row["campaign_id"] for row in self.company.rows("spend") if (row["kind"] or "media") == "media"}
        amounts = {key: amount for key, row in campaigns.items() if (amount := self._stated_amount(row)) is not None}
        parts: dict[str, Decimal] = defaultdict(Decimal)
        for key, amount in amounts.items():
            if (above := self._nearest_above(key, amounts)) is not None:
                parts[above] += amount
        for key, amount in amounts.items():
            own = max(ZERO, amount - parts[key])
            if key in with_media or own == 0:
                continue
            days = self._days(campaigns[key])
            channel = self.leads.channels.name(campaigns[key]["channel"]) or UNASSIGNED
            for day, part in split(own, dict.fromkeys(days, 1)).items():
                yield Cost(day, key, channel, part, None)

    def _stated_amount(self, row: Row) -> Decimal | None:
        if row["actual_cost"] is None:
            return None
        days = self._days(row)
        return self.company.converted(row["actual_cost"], row["currency"], days[-1]) if days else None

    def _days(self, row: Row) -> list[date]:
        last = min(row["ends_on"] or self.company.as_of, self.company.as_of)
        first = row["starts_on"] or last
        return [first + timedelta(days=number) for number in range((last - first).days + 1)]

    def _nearest_above(self, key: str, stated: dict[str, Decimal]) -> str | None:
        above, passed = self.leads.campaigns[key]["parent_campaign_id"], {key}
        while above in self.leads.campaigns and above not in passed:
            if above in stated:
                return above  # type: ignore[no-any-return]
            passed.add(above)
            above = self.leads.campaigns[above]["parent_campaign_id"]
        return None

    # touches

    @cached_property
    def contacts(self) -> list[Contact]:
        """Touches that count ("Touchpoint")."""
        kinds = {row["kind"]: row["is_touch"] == "true" for row in self.company.seed("touch_kinds")}
        counted = (
            self._contact(row)
            for row in self.company.rows("touchpoints")
            if kinds.get((row["kind"] or "").lower(), True)
        )
        return [contact for contact in counted if contact is not None]

    def _contact(self, row: Row) -> Contact | None:
        campaign = self.leads.campaigns.get(row["campaign_id"], {})
        channel = self.leads.channels.name(row["channel"]) or self.leads.channels.name(campaign.get("channel"))
        if channel is None and row["campaign_id"] is None:
            return None
        person = self._contacts_by_id.get(row["contact_id"], {})
        lead = self.leads.records.get(row["lead_id"], {})
        email = (row["email"] or person.get("email") or lead.get("email") or "").lower()
        who = email or row["contact_id"] or row["lead_id"] or row["account_id"]
        if not who:
            return None
        named = {row["lead_id"]} if row["lead_id"] else self._leads_by_email.get(email, set())
        leads = {other for lead_id in named for other in self.leads.same(lead_id)}
        own = row["account_id"] or person.get("account_id")
        accounts = {own} if own else set(self._accounts_by_email.get(email, set()))
        accounts |= {account for lead_id in leads for account in self._accounts_of_lead(lead_id)}
        identifier = row["touchpoint_id"] or f"{row['occurred_at']}"
        touch = Touch(identifier, row["occurred_at"], channel or NONE, row["campaign_id"] or NONE)
        return Contact(touch, who, frozenset(accounts), frozenset(leads))

    @cached_property
    def _contacts_by_id(self) -> dict[str, Row]:
        return self.company.by("contacts", "contact_id")

    @cached_property
    def _accounts_by_email(self) -> dict[str, set[str]]:
        found: dict[str, set[str]] = defaultdict(set)
        for row in self._contacts_by_id.values():
            if row["email"] and row["account_id"]:
                found[row["email"].lower()].add(row["account_id"])
        return found

    @cached_property
    def _leads_by_email(self) -> dict[str, set[str]]:
        found: dict[str, set[str]] = defaultdict(set)
        for key, row in self.leads.records.items():
            if row["email"]:
                found[row["email"].lower()].add(key)
        return found

    def _accounts_of_lead(self, lead: str) -> set[str]:
        own = self.leads.records.get(lead, {}).get("account_id")
        return ({own} | {deal.row["account_id"] for deal in self.leads.deals_of.get(lead, [])}) - {None}

    @cached_property
    def _by_account(self) -> dict[str, list[Contact]]:
        return _index((account, contact) for contact in self.contacts for account in contact.accounts)

    @cached_property
    def _by_lead(self) -> dict[str, list[Contact]]:
        return _index((lead, contact) for contact in self.contacts for lead in contact.leads)

    # paths

    @cached_property
    def leads_of(self) -> dict[str, list[Row]]:
        """The leads of each opportunity, of one person's the earliest, earliest first."""
        found: dict[str, list[Row]] = defaultdict(list)
        for lead, deals in self.leads.deals_of.items():
            for deal in deals:
                if lead in self.leads.records:
                    found[deal.id].append(self.leads.records[self.leads.same(lead)[0]])
        for rows in found.values():
            rows.sort(key=lambda row: (row["created_at"], row["lead_id"]))
        return found

    @cached_property
    def deals(self) -> list[Deal]:
        """Opportunities there are at the day shown."""
        return [deal for deal in self.opportunities.deals.values() if deal.starts_on <= self.company.as_of]

    def path(self, deal: Deal) -> list[Touch]:
        """The touches of an opportunity in order; a stand-in where none is known ("Path")."""
        since = deal.created_on - timedelta(days=LOOKBACK_DAYS)
        ended_at = self.ended_at(deal)
        account = deal.row["account_id"]
        contacts = list(self._by_account.get(account, [])) if account else []
        for lead in [] if account else self.leads_of.get(deal.id, []):
            contacts += self._by_lead.get(lead["lead_id"], [])
        inside = [contact for contact in contacts if since <= contact.touch.at.date() and contact.touch.at <= ended_at]
        first: dict[tuple[str, str, date], Touch] = {}
        for contact in inside:  # one person's touches of one channel on one day count once, the first of the path
            key = (contact.person, contact.touch.channel, contact.touch.at.date())
            known = first.get(key, contact.touch)
            first[key] = min(known, contact.touch, key=lambda touch: (touch.at, touch.id))
        return sorted(first.values(), key=lambda touch: (touch.at, touch.id)) or [self._stand_in(deal)]

    def ended_at(self, deal: Deal) -> datetime:
        """When it was won or lost, else the day shown; without a time of day the whole day belongs to it."""
        closed_on = deal.closed_on if deal.closed_on and deal.closed_on <= self.company.as_of else None
        at = deal.row["closed_at"]
        if closed_on and at is not None and at.date() == closed_on and at.time() != time.min:
            return at  # type: ignore[no-any-return]
        return datetime.combine(closed_on or self.company.as_of, time.max)

    def _stand_in(self, deal: Deal) -> Touch:
        lead = next(iter(self.leads_of.get(deal.id, [])), None)
        own = self.leads.campaigns.get(deal.row["campaign_id"], {}).get("channel")
        name = self.leads.channels.name
        channel = name(own) or name(deal.row["source"]) or (self.leads.channel(lead) if lead else None)
        campaign = deal.row["campaign_id"] or (lead["campaign_id"] if lead else None)
        if channel is None and campaign is None:
            return Touch(f"none:{deal.id}", deal.created_at, UNATTRIBUTED, UNATTRIBUTED)
        return Touch(f"opportunity:{deal.id}", deal.created_at, channel or NONE, campaign or NONE)

    # credit

    def weights(self, model: str, deal: Deal, path: list[Touch]) -> Weights:
        """Each touch's part of an opportunity under a model; they sum to 1."""
        lead = next(iter(self.leads_of.get(deal.id, [])), None)
        if model == "w_shaped":
            return w_shaped(path, lead["created_at"] if lead else None, deal.created_at)
        if model == "time_decay":
            return time_decay(path, self.ended_at(deal).date())
        if model in LEARNT:
            return by_channel(path, self._shares_of[model])
        return heuristic(model, path)

    @cached_property
    def _shares_of(self) -> dict[str, Mapping[str, Decimal]]:
        return {model: self.learnt(model) for model in LEARNT}

    # revenue

    @cached_property
    def revenue(self) -> dict[str | None, dict[str, list[tuple[date, date, Decimal]]]]:
        """Money by opportunity and depth: (day, day of what it stands for, amount); under None that of none ("Revenue")."""
        found: dict[str | None, dict[str, list[tuple[date, date, Decimal]]]] = defaultdict(lambda: defaultdict(list))
        for deal in self.deals:
            state = self.opportunities.state(deal, self.company.as_of)
            assert state is not None
            if state.status == OPEN:
                weighted = at_rate(state.amount, state.probability) or ZERO
                found[deal.id]["pipeline"].append((deal.created_on, deal.created_on, weighted))
            elif state.status == WON:
                found[deal.id]["booked"].append((state.status_since, deal.created_on, state.amount))
        for key, depth, on, since, amount in [*self._billed(), *self._margins()]:
            if on <= self.company.as_of:
                known = key if key in self._deal_ids else None
                found[known][depth].append((on, since, amount))
        return found

    @cached_property
    def _deal_ids(self) -> set[str]:
        return {deal.id for deal in self.deals}

    def _billed(self) -> Iterator[tuple[str | None, str, date, date, Decimal]]:
        ledger, delivery = self.delivery.receivables, self.delivery
        for invoice in ledger.invoices.values():
            contract = delivery.contracts.get(invoice.contract or "", {})
            key = delivery.opportunity_of_order(invoice.order) or contract.get("opportunity_id")
            yield key, "invoiced", invoice.issued_on, invoice.issued_on, invoice.net_amount
            for on, amount in ledger.net_collected.get(invoice.id, []):
                yield key, "collected", on, invoice.issued_on, amount

    def _margins(self) -> Iterator[tuple[str | None, str, date, date, Decimal]]:
        for line in self.delivery.lines.values():
            if line.cancelled_on and line.cancelled_on <= self.company.as_of:
                continue
            key = self.delivery.opportunity_of_order(line.order)
            if line.cost is None:
                yield key, "uncosted", line.ordered_on, line.ordered_on, line.amount
            else:
                yield key, "gross_margin", line.ordered_on, line.ordered_on, line.amount - line.cost

    @cached_property
    def credits(self) -> dict[str, list[Credit]]:
        """`attribution_credits` of each model: shares at six places, amounts from the unrounded weights.

        Weights have twelve places ("Splitting"), which decides where fractions are equal otherwise. What a touch is
        entitled to after a day is its part of all money by then; the movement is what exceeds that of the day before.
        """
        found: dict[str, list[Credit]] = {model: [] for model in MODELS}
        for deal in self.deals:
            path = self.path(deal)
            for model in MODELS:
                weights = {key: rounded(part, 12) for key, part in self.weights(model, deal, path).items() if part}
                shares = split(Decimal(1), weights, places=6)
                moved = {depth: _movements(events, weights) for depth, events in self.revenue[deal.id].items()}
                for touch in path:
                    if touch.id in weights:
                        mine = {depth: parts[touch.id] for depth, parts in moved.items()}
                        found[model].append(Credit(deal, touch, shares[touch.id], mine))
        return found

    def cohort_on(self, deal: Deal) -> date:
        """The day on which its earliest lead, else the deal itself, was created ("Bases")."""
        leads = self.leads_of.get(deal.id, [])
        return leads[0]["created_at"].date() if leads else deal.created_on

    # results

    @cached_property
    def results(self) -> dict[str, Results]:
        """What may be summed, by model: cost and leads are the same under each."""
        found = {}
        for model in MODELS:
            rows: Results = defaultdict(Result)
            for basis in ("period", "cohort"):
                self._add_costs(rows, basis)
                self._add_leads(rows, basis)
                self._add_credits(rows, basis, model)
                self._add_rest(rows, basis)
            found[model] = dict(rows)
        return found

    def _add_costs(self, rows: Results, basis: str) -> None:
        for cost in self.costs:
            row = rows[basis, month_of(cost.on), cost.campaign, cost.channel]
            row.cost += cost.amount
            row.spent[cost.on] += cost.amount
            if cost.conversions is not None:
                row.claimed_conversions = (row.claimed_conversions or ZERO) + cost.conversions

    def _add_leads(self, rows: Results, basis: str) -> None:
        for lead in self.leads.journeys:
            campaign = lead.row["campaign_id"] or NONE
            row = rows[basis, month_of(lead.created_on), campaign, lead.channel]
            row.leads += 1
            row.converted_leads += "converted" in lead.steps
            row.won_leads += "won" in lead.steps
            row.lost_leads += "lost" in lead.steps
            if "qualified" in lead.steps:
                on = lead.steps["qualified"] if basis == "period" else lead.created_on
                rows[basis, month_of(on), campaign, lead.channel].qualified_leads += 1

    def _add_credits(self, rows: Results, basis: str, model: str) -> None:
        for credit in self.credits[model]:
            deal, place = credit.deal, (credit.touch.campaign, credit.touch.channel)
            cohort = month_of(self.cohort_on(deal))
            created = month_of(deal.created_on) if basis == "period" else cohort
            rows[basis, created, *place].opportunities += credit.share
            state = self.opportunities.state(deal, self.company.as_of)
            if state is not None and state.status == WON:
                won = month_of(state.status_since) if basis == "period" else cohort
                rows[basis, won, *place].wins += credit.share
            for depth, movements in credit.moved.items():
                for on, amount in movements:
                    month = month_of(on) if basis == "period" else cohort
                    _add_money(rows[basis, month, *place], depth, on, amount)

    def _add_rest(self, rows: Results, basis: str) -> None:
        """Money of no opportunity stands for itself."""
        for depth, movements in self.revenue[None].items():
            for on, since, amount in movements:
                month = month_of(on if basis == "period" else since)
                _add_money(rows[basis, month, UNATTRIBUTED, UNATTRIBUTED], depth, on, amount)

    @cached_property
    def _days_to_win(self) -> dict[str | None, Fraction | None]:
        """The 90th percentile of days from lead to won by channel, all channels' where it has under 20 wins."""
        days: dict[str | None, list[int]] = defaultdict(list)
        for lead in self.leads.journeys:
            if (taken := lead.days_to("won")) is not None:
                days[lead.channel].append(taken)
                days[None].append(taken)
        return {
            channel: quantile(taken, Fraction(9, 10))
            for channel, taken in days.items()
            if channel is None or len(taken) >= 20
        }

    def is_mature(self, channel: str, month: date) -> bool | None:
        """Month-end + that many days ≤ the day shown ("Bases")."""
        days = self._days_to_win.get(channel, self._days_to_win.get(None))
        return None if days is None else (self.company.as_of - month_end(month)).days >= days

    # marts

    def attribution_credits(self) -> dict[tuple[str, str, str], dict[str, Any]]:
        """`attribution_credits` by opportunity, touch and model."""
        return {
            (credit.deal.id, credit.touch.id, model): {
                "channel": credit.touch.channel,
                "campaign_id": credit.touch.campaign,
                "credit_share": credit.share,
                **{f"{depth}_amount": credit.amount(depth) for depth in DEPTHS[:4]},
            }
            for model, given in self.credits.items()
            for credit in given
        }

    def campaign_roi_monthly(self) -> dict[tuple[Any, ...], dict[str, Any]]:
        """`campaign_roi_monthly` by campaign, channel, month, basis and model."""
        return {
            (campaign, channel, month, basis, model): _figures(row)
            for model, rows in self.results.items()
            for (basis, month, campaign, channel), row in rows.items()
        }

    def channel_roi(self) -> dict[tuple[Any, ...], dict[str, Any]]:
        """`channel_roi` by channel, month, basis and model."""
        found = {}
        for model, rows in self.results.items():
            together = _together(rows, lambda key: (key[3], key[1], key[0]))
            for (channel, month, basis), row in together.items():
                figures = _figures(row) | {"is_mature": self.is_mature(channel, month)}
                found[channel, month, basis, model] = figures
        return found

    def campaign_roi(self) -> dict[tuple[Any, ...], dict[str, Any]]:
        """`campaign_roi` by campaign, channel and model; each campaign has a row of its own channel, with its plan."""
        found = {}
        for model, rows in self.results.items():
            of_period = {key: row for key, row in rows.items() if key[0] == "period"}
            together = _together(of_period, lambda key: (key[2], key[3]))
            own = {(key, self.leads.channels.name(row["channel"]) or NONE) for key, row in self.leads.campaigns.items()}
            for campaign, channel in {*together, *own}:
                row = together.get((campaign, channel), Result())
                plan = self.leads.campaigns[campaign] if (campaign, channel) in own else {}
                figures = _figures(row) | self._plan(plan)
                is_dated = row.last_month != date.min
                figures["is_mature"] = self.is_mature(channel, row.last_month) if is_dated else False
                found[campaign, channel, model] = figures
        return found

    def _plan(self, row: Row) -> dict[str, Decimal | None]:
        names = ("budget", "committed_amount", "expected_revenue_amount")
        if not row:
            return dict.fromkeys(names)
        day = min(row["starts_on"] or self.company.as_of, self.company.as_of)
        return {name: self.company.converted(row[name], row["currency"], day) for name in names}


def _movements(
    events: list[tuple[date, date, Decimal]], weights: dict[str, Decimal]
) -> dict[str, list[tuple[date, Decimal]]]:
    """What each touch is entitled to after each day, less what it was before."""
    by_day: dict[date, Decimal] = defaultdict(Decimal)
    for on, _, amount in events:
        by_day[on] += amount
    found: dict[str, list[tuple[date, Decimal]]] = {key: [] for key in weights}
    total, before = ZERO, dict.fromkeys(weights, ZERO)
    for day in sorted(by_day):
        total += by_day[day]
        entitled = split(total, weights)
        for key, amount in entitled.items():
            found[key].append((day, amount - before[key]))
        before = entitled
    return found


def _add_money(row: Result, depth: str, on: date, amount: Decimal) -> None:
    row.amounts[depth] += amount
    row.has_margin |= depth == "gross_margin"
    row.has_uncosted |= depth == "uncosted"
    if depth == "collected":
        row.collected[on] += amount


def _together(rows: Results, key_of: Callable[[tuple[str, date, str, str]], Any]) -> dict[Any, Result]:
    """Results summed over what the key leaves out."""
    found: dict[Any, Result] = defaultdict(Result)
    for key, row in rows.items():
        sums = found[key_of(key)]
        for name in ("cost", *_COUNTS):
            setattr(sums, name, getattr(sums, name) + getattr(row, name))
        if row.claimed_conversions is not None:
            sums.claimed_conversions = (sums.claimed_conversions or ZERO) + row.claimed_conversions
        for depth, amount in row.amounts.items():
            sums.amounts[depth] += amount
        sums.has_margin |= row.has_margin
        sums.has_uncosted |= row.has_uncosted
        for mine, theirs in ((sums.spent, row.spent), (sums.collected, row.collected)):
            for day, amount in theirs.items():
                mine[day] += amount
        sums.last_month = max(sums.last_month, key[1])
    return dict(found)


def heuristic(model: str, path: list[Touch]) -> Weights:
    """first, last, last_non_direct, linear and position (40/20/40; two touches 50/50; one 100)."""
    last = len(path) - 1
    if model == "last_non_direct":
        last = max((number for number, touch in enumerate(path) if touch.channel != "direct"), default=last)
    if model == "first":
        return {path[0].id: Fraction(1)}
    if model in ("last", "last_non_direct"):
        return {path[last].id: Fraction(1)}
    if model == "linear":
        return {touch.id: Fraction(1, len(path)) for touch in path}
    assert model == "position"
    roles = {0: Fraction(4, 10)}
    roles[last] = roles.get(last, Fraction(0)) + Fraction(4, 10)
    return _with_rest(path, roles, Fraction(2, 10))


def time_decay(path: list[Touch], ended_on: date) -> Weights:
    """2^(−d/30), d local days from the touch to the end."""
    with localcontext() as context:
        context.prec = 40
        halves = {
            touch.id: Fraction(Decimal(2) ** (Decimal(-(ended_on - touch.at.date()).days) / HALF_LIFE_DAYS))
            for touch in path
        }
    total = sum(halves.values())
    return {key: half / total for key, half in halves.items()}


def w_shaped(path: list[Touch], lead_at: datetime | None, created_at: datetime) -> Weights:
    """First, last at or before lead creation, last at or before opportunity creation: 30 each; 10 over the rest."""
    roles: dict[int, Fraction] = defaultdict(Fraction)
    roles[0] += Fraction(3, 10)
    for moment in (lead_at, created_at):
        before = [number for number, touch in enumerate(path) if moment is not None and _by(touch.at, moment)]
        if before:
            roles[before[-1]] += Fraction(3, 10)
    return _with_rest(path, roles, Fraction(1, 10))


def by_channel(path: list[Touch], shares: Mapping[str, Decimal]) -> Weights:
    """The channels' shares renormalised over the path's, each spread evenly over its touches; all alike without any."""
    touches = Counter(touch.channel for touch in path)
    total = sum(Fraction(shares.get(channel, ZERO)) for channel in touches)
    if not total:
        return {touch.id: Fraction(1, len(path)) for touch in path}
    return {touch.id: Fraction(shares.get(touch.channel, ZERO)) / touches[touch.channel] / total for touch in path}


def _by(at: datetime, moment: datetime) -> bool:
    """At or before a moment; one without a time of day includes its day."""
    return at <= moment or (moment.time() == time.min and at.date() == moment.date())


def _with_rest(path: list[Touch], roles: dict[int, Fraction], rest: Fraction) -> Weights:
    """Roles of touches, and the rest over those without; renormalised to 1 where something is missing."""
    others = [number for number in range(len(path)) if number not in roles]
    parts = dict(roles) | {number: rest / len(others) for number in others}
    total = sum(parts.values())
    return {path[number].id: part / total for number, part in parts.items()}


def _index(pairs: Iterable[tuple[str, Contact]]) -> dict[str, list[Contact]]:
    found: dict[str, list[Contact]] = defaultdict(list)
    for key, contact in pairs:
        found[key].append(contact)
    return found


def _figures(row: Result) -> dict[str, Any]:
    """A result with its rates: ratios of sums."""
    cost, booked, collected = row.cost, row.amounts["booked"], row.amounts["collected"]
    margin = None if row.has_uncosted and not row.has_margin else row.amounts["gross_margin"]
    conversion = wilson(row.converted_leads, row.leads)
    decided = row.won_leads + row.lost_leads
    win = wilson(row.won_leads, decided)
    opportunity = wilson(row.won_leads, row.converted_leads)
    figures: dict[str, Any] = {name: getattr(row, name) for name in ("cost", *_COUNTS, "claimed_conversions")}
    figures |= {f"{depth}_amount": amount for depth, amount in row.amounts.items()}
    return figures | {
        "gross_margin_amount": margin,
        "roi_booked": ratio(booked - cost, cost),
        "roas_booked": ratio(booked, cost),
        "roi_collected": ratio(collected - cost, cost),
        "roas_collected": ratio(collected, cost),
        "gross_margin_roi": None if margin is None else ratio(margin - cost, cost),
        "cost_per_lead": ratio(cost, row.leads, 2),
        "cost_per_qualified_lead": ratio(cost, row.qualified_leads, 2),
        "cost_per_opportunity": ratio(cost, row.opportunities, 2),
        "cost_per_win": ratio(cost, row.wins, 2),
        "lead_conversion_rate": ratio(row.converted_leads, row.leads),
        "lead_conversion_low": conversion[0],
        "lead_conversion_high": conversion[1],
        "opportunity_conversion_rate": ratio(row.won_leads, row.converted_leads),
        "opportunity_conversion_low": opportunity[0],
        "opportunity_conversion_high": opportunity[1],
        "win_rate": ratio(row.won_leads, decided),
        "win_low": win[0],
        "win_high": win[1],
        "payback_on": row.payback_on(),
    }
