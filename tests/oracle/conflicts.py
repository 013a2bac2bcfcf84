"""Customers whom two parties had at one time, after METRICS §3 "Conflict".

Readings where §3 leaves room: a lead in work, a registration that stands and an open opportunity are claims; a lead is
its owner's from the last time it was given to somebody until it is decided or recycled. What two claims tell of one
opportunity, and what is given on at a day, is no conflict. Parties are an owner and a partner.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cached_property
from itertools import combinations
from typing import Any

from tests.oracle.company import NONE, Company
from tests.oracle.compare import Rows
from tests.oracle.desk import DECIDING, Desk
from tests.oracle.money import ZERO, money_sum
from tests.oracle.opportunities import OPEN
from tests.oracle.process import Process

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Hold:
    """A claim of a customer by an owner, for a partner or not; up to `ends_on`, which it does not hold any more."""

    kind: str
    id: str
    customer: str
    account: str | None
    cluster: str | None
    owner: str
    partner: str | None
    registration: str | None
    deal: str | None
    starts_at: datetime
    ends_on: date

    @property
    def party(self) -> str:
        """The owner and partner."""
        return f"{self.owner} {self.partner or ''}"


class Conflicts:
    """Claims of one company's customers."""

    def __init__(self, company: Company, process: Process, desk: Desk) -> None:
        self.company = company
        self.process = process
        self.desk = desk
        self.leads = desk.leads

    @cached_property
    def holds(self) -> dict[str, list[Hold]]:
        """Claims by customer, the earlier first."""
        found: dict[str, list[Hold]] = defaultdict(list)
        for hold in (*self._of_leads(), *self._of_registrations(), *self._of_deals()):
            if hold.starts_at.date() < hold.ends_on and hold.owner:
                found[hold.customer].append(hold)
        for holds in found.values():
            holds.sort(key=lambda hold: (hold.starts_at, hold.kind + hold.id))
        return found

    def _of_leads(self) -> Iterator[Hold]:
        day = self.company.as_of
        for lead, row in self.leads.records.items():
            if row["created_at"].date() > day:
                continue
            given = [at for at, _, _ in self.desk.given.get(lead, []) if at.date() <= day]
            since = max([row["created_at"], *given])
            steps = self.leads.journey(row).steps
            ends = [steps[step] for step in DECIDING if step in steps]
            recycled = [at for at in self.leads.events.get((lead, "recycled"), []) if at.date() <= day]
            if recycled and max(recycled) >= max(given, default=row["created_at"]):
                ends.append(max(recycled).date())
            same = self.leads.same(lead)
            accounts = (self.leads.records[other]["account_id"] for other in same if self._exists(other))
            account = next((account for account in accounts if account), None)
            cluster = self.leads.clusters.get(lead, lead)
            until = min(ends, default=date.max)
            yield Hold(
                "lead", lead, account or cluster, account, cluster, row["owner_id"], None, None, None, since, until
            )

    def _exists(self, lead: str) -> bool:
        return bool(self.leads.records[lead]["created_at"].date() <= self.company.as_of)

    def _of_registrations(self) -> Iterator[Hold]:
        for row in self.company.rows("registrations"):
            if row["account_id"] and row["submitted_at"].date() <= self.company.as_of:
                _, until = self.process.stands(row)
                yield Hold(
                    "registration",
                    row["registration_id"],
                    row["account_id"],
                    row["account_id"],
                    None,
                    row["owner_id"],
                    row["partner_id"],
                    row["registration_id"],
                    row["opportunity_id"],
                    row["submitted_at"],
                    until + _DAY if until < date.max else until,
                )

    def _of_deals(self) -> Iterator[Hold]:
        registered: dict[tuple[str | None, str | None], list[tuple[datetime, str]]] = defaultdict(list)
        for row in self.company.rows("registrations"):
            if row["submitted_at"].date() <= self.company.as_of:
                key = row["opportunity_id"], row["partner_id"]
                registered[key].append((row["submitted_at"], row["registration_id"]))
        for key, state in self.process.now.items():
            deal = self.process.opportunities.deals[key]
            if deal.row["account_id"] and deal.created_on <= self.company.as_of:
                own = registered.get((key, deal.row["partner_id"]))
                yield Hold(
                    "opportunity",
                    key,
                    deal.row["account_id"],
                    deal.row["account_id"],
                    None,
                    state.owner or "",
                    deal.row["partner_id"],
                    min(own)[1] if own else None,
                    key,
                    deal.created_at,
                    date.max if state.status == OPEN else state.status_since,
                )

    def conflicts(self) -> Rows:
        """`account_conflicts` by customer, kind and the two claims that overlap first."""
        pairs: dict[tuple[str, ...], list[tuple[Hold, Hold]]] = defaultdict(list)
        for customer, holds in self.holds.items():
            for first, second in combinations(holds, 2):
                kind = _kind(first, second)
                if kind and first.ends_on > second.starts_at.date() and not _is_one(first, second):
                    pairs[customer, kind, *sorted((first.party, second.party))].append((first, second))
        return {
            (customer, kind, first.kind, first.id, second.kind, second.id): figures
            for (customer, kind, *_), found in pairs.items()
            for first, second, figures in [self._shown(found)]
        }

    def _shown(self, pairs: list[tuple[Hold, Hold]]) -> tuple[Hold, Hold, dict[str, Any]]:
        first, second = min(
            pairs, key=lambda pair: (pair[1].starts_at.date(), pair[0].starts_at, pair[0].id, pair[1].id)
        )
        until = max(min(one.ends_on, other.ends_on) for one, other in pairs)
        deals = {hold.deal for pair in pairs for hold in pair if hold.deal}
        return (
            first,
            second,
            {
                "account_id": first.account or second.account or NONE,
                "cluster_id": first.cluster or second.cluster,
                "first_owner_id": first.owner,
                "second_owner_id": second.owner,
                "first_partner_id": first.partner,
                "second_partner_id": second.partner,
                "first_registration_id": first.registration,
                "second_registration_id": second.registration,
                "first_at": first.starts_at,
                "second_at": second.starts_at,
                "overlaps_from_on": second.starts_at.date(),
                "overlaps_until_on": until if until <= self.company.as_of else None,
                "is_standing": until > self.company.as_of,
                "amount": money_sum(self._amount(deal) for deal in deals),
            },
        )

    def _amount(self, deal: str) -> Decimal:
        state = self.process.now.get(deal)
        return state.amount if state else ZERO


def _kind(first: Hold, second: Hold) -> str | None:
    """How the parties differ: two partners; one sells directly, one by a partner; two owners."""
    if first.partner and second.partner and first.partner != second.partner:
        return "partners"
    if "lead" not in (first.kind, second.kind) and first.partner != second.partner:
        return "direct_and_partner"
    return "owners" if first.owner != second.owner else None


def _is_one(first: Hold, second: Hold) -> bool:
    """A registration and the deal that it registers."""
    return first.kind != second.kind and first.deal is not None and first.deal == second.deal
