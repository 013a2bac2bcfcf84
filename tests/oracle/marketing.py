"""Campaign ROI and attribution after METRICS §1 and §2.

Readings where they leave room: a touch belongs to the account that it or its contact names, else to those of
contacts with its e-mail; and to its leads' (their own and their opportunities'). Without a lead named, its leads
are those with its e-mail.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal, localcontext
from fractions import Fraction
from functools import cached_property
from typing import Any

from tests.oracle.company import NONE, Company, month_of
from tests.oracle.exports import Row
from tests.oracle.leads import Journey, Leads
from tests.oracle.money import ZERO, at_rate, money_sum, ratio, rounded, split, wilson
from tests.oracle.opportunities import OPEN, WON, Deal, Opportunities

UNASSIGNED, UNATTRIBUTED = "unassigned", "unattributed"
MODELS = ("first", "last", "last_non_direct", "linear", "position", "time_decay", "w_shaped")
LOOKBACK_DAYS = 180
HALF_LIFE_DAYS = 30
Weights = dict[str, Fraction]


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
    """What a touch gets of an opportunity under a model."""

    deal: str
    touch: Touch
    share: Decimal
    pipeline: Decimal
    booked: Decimal


class Marketing:
    """Costs, paths and credits of one company."""

    def __init__(self, company: Company, opportunities: Opportunities, leads: Leads) -> None:
        self.company = company
        self.opportunities = opportunities
        self.leads = leads

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
        """Touches that count, one person's of one channel on one day once ("Touchpoint", "Path")."""
        kinds = {row["kind"]: row["is_touch"] == "true" for row in self.company.seed("touch_kinds")}
        found: dict[tuple[str, str, date], Contact] = {}
        for row in self.company.rows("touchpoints"):
            if not kinds.get((row["kind"] or "").lower(), True):
                continue
            contact = self._contact(row)
            if contact is None:
                continue
            key = (contact.person, contact.touch.channel, contact.touch.at.date())
            known = found.get(key)
            if known is None or (contact.touch.at, contact.touch.id) < (known.touch.at, known.touch.id):
                found[key] = contact
        return list(found.values())

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
        leads = {row["lead_id"]} if row["lead_id"] else self._leads_by_email.get(email, set())
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
        """The leads of each opportunity, earliest first."""
        found: dict[str, list[Row]] = defaultdict(list)
        for lead, deals in self.leads.deals_of.items():
            for deal in deals:
                if lead in self.leads.records:
                    found[deal.id].append(self.leads.records[lead])
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
        touches = {
            contact.touch for contact in contacts if since <= contact.touch.at.date() and contact.touch.at <= ended_at
        }
        return sorted(touches, key=lambda touch: (touch.at, touch.id)) or [self._stand_in(deal)]

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
        return heuristic(model, path)

    @cached_property
    def credits(self) -> dict[str, list[Credit]]:
        """`attribution_credits` of each model: shares at six places, amounts from the unrounded weights.

        Weights have twelve places ("Splitting"), which decides where fractions are equal otherwise.
        """
        found: dict[str, list[Credit]] = {model: [] for model in MODELS}
        for deal in self.deals:
            path = self.path(deal)
            pipeline, booked = self.depths(deal)
            for model in MODELS:
                weights = {key: rounded(part, 12) for key, part in self.weights(model, deal, path).items() if part}
                shares = split(Decimal(1), weights, places=6)
                pipelines, bookings = split(pipeline, weights), split(booked, weights)
                for touch in path:
                    if touch.id in weights:
                        key = touch.id
                        found[model].append(Credit(deal.id, touch, shares[key], pipelines[key], bookings[key]))
        return found

    def depths(self, deal: Deal) -> tuple[Decimal, Decimal]:
        """Pipeline (open amount × probability) and booked amount of an opportunity ("Revenue")."""
        state = self.opportunities.state(deal, self.company.as_of)
        assert state is not None
        pipeline = at_rate(state.amount, state.probability) if state.status == OPEN else ZERO
        return pipeline or ZERO, state.amount if state.status == WON else ZERO

    # marts

    def channel_roi(self) -> dict[tuple[Any, ...], dict[str, Any]]:
        """`channel_roi`, basis period, by channel, month, basis and model."""
        facts: dict[tuple[str, date], dict[str, Any]] = defaultdict(_nothing)
        for cost in self.costs:
            row = facts[cost.channel, month_of(cost.on)]
            row["cost"] += cost.amount
            if cost.conversions is not None:
                row["claimed_conversions"] = (row["claimed_conversions"] or ZERO) + cost.conversions
        for lead in self.leads.journeys:
            _count_lead(facts, lead)
        found: dict[tuple[Any, ...], dict[str, Any]] = {}
        for model in MODELS:
            rows: dict[tuple[str, date], dict[str, Any]] = defaultdict(_nothing)
            rows.update({key: dict(row) for key, row in facts.items()})
            for credit in self.credits[model]:
                self._count_credit(rows, credit)
            for (channel, month), row in rows.items():
                found[channel, month, "period", model] = _rates(row)
        return found

    def _count_credit(self, rows: dict[tuple[str, date], dict[str, Any]], credit: Credit) -> None:
        deal = self.opportunities.deals[credit.deal]
        created = rows[credit.touch.channel, month_of(deal.created_on)]
        created["opportunities"] += credit.share
        created["pipeline_amount"] += credit.pipeline
        if deal.final_status == WON and deal.closed_on and deal.closed_on <= self.company.as_of:
            won = rows[credit.touch.channel, month_of(deal.closed_on)]
            won["wins"] += credit.share
            won["booked_amount"] += credit.booked


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


def _nothing() -> dict[str, Any]:
    counts = dict.fromkeys(("leads", "qualified_leads", "converted_leads", "won_leads", "lost_leads"), 0)
    sums = dict.fromkeys(("cost", "opportunities", "wins", "pipeline_amount", "booked_amount"), ZERO)
    return counts | sums | {"claimed_conversions": None}


def _count_lead(rows: dict[tuple[str, date], dict[str, Any]], lead: Journey) -> None:
    created = rows[lead.channel, month_of(lead.created_on)]
    created["leads"] += 1
    created["converted_leads"] += "converted" in lead.steps
    created["won_leads"] += "won" in lead.steps
    created["lost_leads"] += "lost" in lead.steps
    if "qualified" in lead.steps:
        rows[lead.channel, month_of(lead.steps["qualified"])]["qualified_leads"] += 1


def _rates(row: dict[str, Any]) -> dict[str, Any]:
    cost, booked = row["cost"], row["booked_amount"]
    conversion = wilson(row["converted_leads"], row["leads"])
    return row | {
        "roi_booked": ratio(booked - cost, cost),
        "roas_booked": ratio(booked, cost),
        "cost_per_lead": ratio(cost, row["leads"], 2),
        "cost_per_qualified_lead": ratio(cost, row["qualified_leads"], 2),
        "cost_per_opportunity": ratio(cost, row["opportunities"], 2),
        "cost_per_win": ratio(cost, row["wins"], 2),
        "lead_conversion_rate": ratio(row["converted_leads"], row["leads"]),
        "lead_conversion_low": conversion[0],
        "lead_conversion_high": conversion[1],
        "opportunity_conversion_rate": ratio(row["won_leads"], row["converted_leads"]),
        "win_rate": ratio(row["won_leads"], row["won_leads"] + row["lost_leads"]),
    }


def total(amounts: Iterable[Decimal]) -> Decimal:
    """A sum, for the tie-outs of cost and revenue."""
    return money_sum(amounts)
