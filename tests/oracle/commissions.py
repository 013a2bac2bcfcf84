"""What owners earned after METRICS §7, in modes shipment and attainment, before anything is clawed back.

Readings where §7 leaves room: events of a period count in the order of day, document and line; what a line earns
under a rate of its own or under a cliff is its base in the period × the rate, rounded once; under marginal tiers an
event earns what the period's entitlement gains. A line cancelled by the period's end books nothing. A version recorded later corrects what was posted before, so that in
all a line has what the newest version gives.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Any

from tests.oracle.company import Company, Period
from tests.oracle.delivery import Delivery, Line
from tests.oracle.exports import Row
from tests.oracle.money import ZERO, money_sum, posted, rounded, split
from tests.oracle.opportunities import Opportunities


@dataclass(frozen=True)
class Gain:
    """Base that an event brings to an owner under the version of his plan that holds on its day."""

    owner: str
    plan: Row
    period: Period
    line: Line
    document: str
    on: date
    base: Decimal


@dataclass(frozen=True)
class Tier:
    """A band of base from its threshold on."""

    starts_at: Fraction
    rate: Decimal


class Commissions:
    """The commissions of one company."""

    def __init__(self, company: Company, opportunities: Opportunities, delivery: Delivery) -> None:
        self.company = company
        self.opportunities = opportunities
        self.delivery = delivery

    # who, and under which plan

    @cached_property
    def _splits(self) -> dict[tuple[str, str | None], dict[str, Decimal]]:
        found: dict[tuple[str, str | None], dict[str, Decimal]] = defaultdict(dict)
        for row in self.company.rows("commission_splits"):
            found[row["order_id"], row["order_line_id"]][row["owner_id"]] = row["share"]
        return found

    def shares(self, line: Line) -> dict[str, Decimal]:
        """Shares of the line, else of the order, else all to its owner; nothing unless they sum to 1 ("Splits")."""
        order = self.delivery.orders[line.order]
        contract = self.delivery.contracts.get(order["contract_id"] or "", {})
        owner = order["owner_id"] or contract.get("owner_id")
        found = self._splits.get((line.order, line.id)) or self._splits.get((line.order, None))
        if found is None:
            return {owner: Decimal(1)} if owner else {}
        return found if sum(found.values()) == 1 else {}

    def plan_of(self, owner: str, day: date) -> Row | None:
        """The version of the owner's plan that holds on a day, as it is known now."""
        assigned = [
            row for row in self.company.rows("commission_assignments") if row["owner_id"] == owner and _holds(row, day)
        ]
        if not assigned:
            return None
        plan = max(assigned, key=lambda row: row["valid_from_on"] or date.min)["plan_id"]
        versions = [row for row in self.company.rows("commission_plans") if row["plan_id"] == plan and _holds(row, day)]
        return max(versions, key=lambda row: row["version"] or 1, default=None)

    def _period(self, plan: Row, day: date) -> Period:
        kind = plan["period"] or "month"
        last = date(day.year, 12, 31)
        return next(p for p in self.company.periods(date(day.year, 1, 1), last) if p.kind == kind and p.holds(day))

    # what brings base

    @cached_property
    def gains(self) -> list[Gain]:
        """Goods that reached the end customer under mode shipment, orders under mode attainment ("Events and modes")."""
        found: list[Gain] = []
        for line in self.delivery.lines.values():
            if line.is_commissionable:
                found += self._shipped(line)
                found += self._booked(line)
        return sorted(found, key=lambda gain: (gain.on, gain.document, gain.line.id))

    def _shipped(self, line: Line) -> Iterator[Gain]:
        has_partner = self.delivery.orders[line.order]["partner_id"] is not None
        column = "end_customer_on" if has_partner else "delivered_on"
        arrived = [row for row in self.delivery.shipments_of.get(line.id, []) if row[column]]
        quantity, shares = ZERO, self.shares(line)
        before = dict.fromkeys(shares, ZERO)
        for row in sorted(arrived, key=lambda row: (row[column], row["shipment_line_id"])):
            quantity += row["quantity"]
            entitled = split(posted(line.amount, quantity, line.quantity), shares) if shares else {}
            for owner, base in entitled.items():
                plan = self.plan_of(owner, row[column])
                if plan and plan["mode"] == "shipment" and row[column] <= self.company.as_of:
                    period = self._period(plan, row[column])
                    yield Gain(owner, plan, period, line, row["shipment_line_id"], row[column], base - before[owner])
            before = entitled

    def _booked(self, line: Line) -> Iterator[Gain]:
        shares = self.shares(line)
        for owner, base in (split(line.amount, shares) if shares else {}).items():
            plan = self.plan_of(owner, line.ordered_on)
            if plan and plan["mode"] == "attainment":
                period = self._period(plan, line.ordered_on)
                end = period.ends_on
                is_cancelled = line.cancelled_on is not None and end is not None and line.cancelled_on <= end
                if end is not None and end <= self.company.as_of and not is_cancelled:
                    yield Gain(owner, plan, period, line, line.order, line.ordered_on, base)

    # what it earns

    def tiers(self, gain: Gain) -> list[Tier]:
        """The plan's tiers by amount, or by share of the owner's quota; without a quota the lowest alone ("Tiers")."""
        rows = [
            row
            for row in self.company.rows("commission_tiers")
            if row["plan_id"] == gain.plan["plan_id"] and (row["version"] or 1) == (gain.plan["version"] or 1)
        ]
        if gain.plan["tier_measure"] != "quota":
            return sorted((Tier(Fraction(row["from_amount"] or 0), row["rate"]) for row in rows), key=_start)
        ordered = sorted(rows, key=lambda row: row["from_attainment"] or ZERO)
        quota = self.opportunities.quota(gain.owner, gain.period)
        if not quota:
            return [Tier(Fraction(0), ordered[0]["rate"])]
        return [Tier(Fraction(row["from_attainment"] or 0) * Fraction(quota), row["rate"]) for row in ordered]

    def own_rate(self, gain: Gain) -> Decimal | None:
        """A rate of the plan for account and product, account, product or product line, which beats tiers."""
        account = self.delivery.orders[gain.line.order]["account_id"]
        line = self.company.product_lines.get(gain.line.product or "")
        best: tuple[int, Decimal] | None = None
        for row in self.company.rows("commission_rates"):
            same = row["plan_id"] == gain.plan["plan_id"] and (row["version"] or 1) == (gain.plan["version"] or 1)
            asked = (
                (row["account_id"], account, 4),
                (row["product_id"], gain.line.product, 2),
                (row["product_line"], line, 1),
            )
            if same and _holds(row, gain.on) and all(want is None or want == have for want, have, _ in asked):
                rank = sum(weight for want, _, weight in asked if want is not None)
                if best is None or rank > best[0]:
                    best = (rank, row["rate"])
        return best[1] if best else None

    def accrued(self) -> dict[tuple[str, str, str], dict[str, Any]]:
        """What each owner accrued in all, by order line and plan."""
        scopes: dict[tuple[str, str, int, str], list[Gain]] = defaultdict(list)
        for gain in self.gains:
            scopes[gain.owner, gain.plan["plan_id"], gain.plan["version"] or 1, gain.period.name].append(gain)
        found: dict[tuple[str, str, str], Decimal] = defaultdict(Decimal)
        for gains in scopes.values():
            for line, amount in self._of_scope(gains):
                found[gains[0].owner, line, gains[0].plan["plan_id"]] += amount
        return {key: {"amount": amount} for key, amount in found.items() if amount}

    def _of_scope(self, gains: list[Gain]) -> Iterator[tuple[str, Decimal]]:
        tiers = self.tiers(gains[0])
        total = money_sum(gain.base for gain in gains)
        reached = next(tier.rate for tier in reversed(tiers) if Fraction(total) >= tier.starts_at or tier is tiers[0])
        is_cliff = gains[0].plan["tier_kind"] == "cliff"
        position, by_rate = ZERO, defaultdict(Decimal)
        for gain in gains:
            before, position = position, position + gain.base
            own = self.own_rate(gain)
            if own is not None or is_cliff:
                by_rate[gain.line.id, own if own is not None else reached] += gain.base
            else:
                yield gain.line.id, marginal(tiers, position) - marginal(tiers, before)
        for (line, rate), base in by_rate.items():
            yield line, rounded(base * rate)


def _start(tier: Tier) -> Fraction:
    return tier.starts_at


def marginal(tiers: list[Tier], base: Decimal) -> Decimal:
    """What the bands below a position give, each at its rate."""
    earned = Fraction(0)
    for tier, above in zip(tiers, [*tiers[1:], None], strict=True):
        top = min(Fraction(base), above.starts_at) if above else Fraction(base)
        earned += max(Fraction(0), top - tier.starts_at) * Fraction(tier.rate)
    return rounded(earned)


def _holds(row: Row, day: date) -> bool:
    """Whether a row is valid on a day, both ends included."""
    return (row["valid_from_on"] or date.min) <= day <= (row["valid_to_on"] or date.max)
