"""Customers after METRICS §8: segments, what others like them buy, follow-up, and what went with a change of owner.

Readings where §8 leaves room: a purchase is an order that was not cancelled as a whole, and an invoice only for an account
without any order; who is equal shares a fifth; the days of the changes of owner are dealt out in turn to all accounts, and
count for those without a change within the same days before or after.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from math import sqrt
from typing import Any

from tests.oracle.company import NONE, Company
from tests.oracle.delivery import Delivery
from tests.oracle.leads import Leads
from tests.oracle.money import ZERO, quantile, ratio, rounded, six, wilson
from tests.oracle.opportunities import LOST, WON, Opportunities

YEAR = timedelta(days=365)
FOLLOWUP = timedelta(days=90)
AROUND = timedelta(days=180)
COMMON = Fraction(3, 10)
_Z = 1.959963984540054
_Change = tuple[str, date, str, str]


@dataclass(frozen=True)
class Around:
    """What an account did in the days before and after one, of which the first belongs to those before."""

    is_observed: bool
    orders: tuple[int, int]
    revenue: tuple[Decimal, Decimal]
    won_after: int
    lost_after: int
    lost_amount: Decimal


class Customers:
    """The customers of one company."""

    def __init__(self, company: Company, opportunities: Opportunities, leads: Leads, delivery: Delivery) -> None:
        self.company = company
        self.opportunities = opportunities
        self.leads = leads
        self.delivery = delivery

    # what they bought

    @cached_property
    def sales(self) -> dict[str, list[tuple[date, Decimal]]]:
        """Invoices less credit notes, net, by account."""
        found: dict[str, list[tuple[date, Decimal]]] = defaultdict(list)
        for table, sign in (("invoices", 1), ("credit_notes", -1)):
            for row in self.company.rows(table):
                gross, tax = (
                    self.company.converted(row[name] or ZERO, row["currency"], row["issued_on"]) or ZERO
                    for name in ("amount", "tax_amount")
                )
                found[row["account_id"]].append((row["issued_on"], sign * (gross - tax)))
        return found

    @cached_property
    def purchases(self) -> dict[str, list[date]]:
        """Days of purchases by the day shown, by account."""
        cancelled: dict[str, list[bool]] = defaultdict(list)
        for line in self.delivery.lines.values():
            cancelled[line.order].append(line.cancelled_on is not None and line.cancelled_on <= self.company.as_of)
        found: dict[str, list[date]] = defaultdict(list)
        ordering = {order["account_id"] for order in self.delivery.orders.values()}
        for key, order in self.delivery.orders.items():
            if order["account_id"] and not (cancelled[key] and all(cancelled[key])):
                found[order["account_id"]].append(order["ordered_on"])
        for row in self.company.rows("invoices"):
            if row["account_id"] not in ordering:
                found[row["account_id"]].append(row["issued_on"])
        past = {account: [day for day in days if day <= self.company.as_of] for account, days in found.items()}
        return {account: days for account, days in past.items() if days}

    @cached_property
    def accounts(self) -> list[str]:
        """Every account, known or named by a document only, in order."""
        past = {key for key, rows in self.sales.items() if any(day <= self.company.as_of for day, _ in rows)}
        return sorted({*self.company.accounts, *past, *self.purchases})

    def revenue(self, account: str, since: date, until: date) -> Decimal:
        """Net revenue of the days after one and up to another."""
        return sum((amount for day, amount in self.sales.get(account, []) if since < day <= until), ZERO)

    @cached_property
    def revenue_12m(self) -> dict[str, Decimal]:
        """Net revenue of the last 365 days."""
        return {key: self.revenue(key, self.company.as_of - YEAR, self.company.as_of) for key in self.accounts}

    @cached_property
    def lines_bought(self) -> dict[str, dict[str, Decimal | None]]:
        """What each account has ordered of each product line; of accounts without orders only what was invoiced."""
        found: dict[str, dict[str, Decimal | None]] = defaultdict(dict)
        names = self.company.product_lines
        ordering = {self.delivery.orders[line.order]["account_id"] for line in self.delivery.lines.values()}
        for line in self.delivery.lines.values():
            name = names.get(line.product or "")
            is_off = line.cancelled_on is not None and line.cancelled_on <= self.company.as_of
            if name and not is_off and line.ordered_on <= self.company.as_of:
                mine = found[self.delivery.orders[line.order]["account_id"]]
                mine[name] = (mine.get(name) or ZERO) + line.amount
        invoices = self.company.by("invoices", "invoice_id")
        amounts: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
        for row in self.company.rows("invoice_lines"):
            invoice = invoices.get(row["invoice_id"])
            name = names.get(row["product_id"] or "")
            if (
                invoice
                and name
                and invoice["account_id"] not in ordering
                and invoice["issued_on"] <= self.company.as_of
            ):
                amounts[row["invoice_id"], name] += row["amount"]
        for (key, name), amount in amounts.items():
            if amount > 0:
                found[invoices[key]["account_id"]].setdefault(name, None)
        return found

    # segments

    def size(self, account: str) -> str:
        """The class of a number of employees; a size in words as it is."""
        size = self.company.accounts.get(account, {}).get("size")
        if size is None:
            return NONE
        plain = size.replace(",", "")
        return self._segment("size", Decimal(plain)) if plain.isdigit() else str(size)

    def _segment(self, kind: str, value: Decimal | Fraction | int | None) -> str:
        for row in self.company.seed("segments"):
            low, high = row["from_value"], row["to_value"]
            if row["kind"] != kind:
                continue
            if value is None:
                if not low and not high:
                    return row["name"]
            elif (low or high) and (not low or Fraction(low) <= value) and (not high or value < Fraction(high)):
                return row["name"]
        raise ValueError(f"no segment of {kind} for {value}")

    @cached_property
    def abc(self) -> dict[str, str]:
        """The class of each account with revenue by what larger ones make up."""
        paying = [key for key in self.accounts if self.revenue_12m[key] > 0]
        paying.sort(key=lambda key: (-self.revenue_12m[key], key))
        total = sum((self.revenue_12m[key] for key in paying), ZERO)
        found, larger = {}, ZERO
        for key in paying:
            found[key] = self._segment("abc", Fraction(larger) / Fraction(total))
            larger += self.revenue_12m[key]
        return found

    @cached_property
    def fifths(self) -> dict[str, str]:
        """Recency, frequency and monetary fifth of each buyer as three digits."""
        buyers = list(self.purchases)
        measures: list[dict[str, Any]] = [
            {key: max(self.purchases[key]) for key in buyers},
            {key: len(self.purchases[key]) for key in buyers},
            {key: self.revenue(key, date.min, self.company.as_of) for key in buyers},
        ]
        return {
            key: "".join(
                str(1 + 5 * sum(other < values[key] for other in values.values()) // len(buyers)) for values in measures
            )
            for key in buyers
        }

    @cached_property
    def followed_up_on(self) -> dict[str, date]:
        """The last day on which a person turned to each account, its deals or leads."""
        deals, leads = self.opportunities.deals, self.leads.records
        found: dict[str, date] = {}
        for row in self.company.rows("activities"):
            deal = deals[row["opportunity_id"]].row if row["opportunity_id"] in deals else {}
            account = row["account_id"] or deal.get("account_id") or leads.get(row["lead_id"], {}).get("account_id")
            day = row["occurred_at"].date()
            if account and row["direction"] == "out" and not row["is_automatic"] and day <= self.company.as_of:
                found[account] = max(day, found.get(account, day))
        return found

    def segments(self) -> dict[str, dict[str, Any]]:
        """`account_segments` by account."""
        lacking: dict[str, int] = defaultdict(int)
        for account, _ in self.whitespace():
            lacking[account] += 1
        return {key: self._account(key, lacking[key]) for key in self.accounts}

    def _account(self, key: str, lacking: int) -> dict[str, Any]:
        days = self.purchases.get(key, [])
        last = max(days, default=None)
        since = (self.company.as_of - last).days if last else None
        status = self._segment("status", since)
        sold = [day for day, amount in self.sales.get(key, []) if amount > 0 and day <= self.company.as_of]
        dormant = ZERO
        if status in ("dormant", "lost") and sold:
            dormant = self.revenue(key, max(sold) - YEAR, self.company.as_of)
        row = self.company.accounts.get(key, {})
        created = row["created_at"].date() if row.get("created_at") else None
        followed = self.followed_up_on.get(key)
        counted_from = followed or created
        return {
            "account_type": row.get("account_type") or NONE,
            "industry": row.get("industry") or NONE,
            "size": self.size(key),
            "owner_id": self.company.owner_of_account(key, self.company.as_of) or NONE,
            "status": status,
            "abc": self.abc.get(key, NONE),
            "rfm": self.fifths.get(key, NONE),
            "orders": len(days),
            "is_one_time_buyer": len(days) == 1,
            "first_order_on": min(days, default=None),
            "last_order_on": last,
            "revenue_amount": self.revenue(key, date.min, self.company.as_of),
            "revenue_12m_amount": self.revenue_12m[key],
            "dormant_amount": dormant,
            "whitespace_lines": lacking,
            "last_followup_on": followed,
            "is_without_followup": counted_from is None or counted_from + FOLLOWUP <= self.company.as_of,
        }

    def whitespace(self) -> dict[tuple[str, str], dict[str, Any]]:
        """`account_whitespace` by account and product line."""
        groups: dict[tuple[str, str], list[str]] = defaultdict(list)
        for key in self.purchases:
            groups[self.company.accounts.get(key, {}).get("industry") or NONE, self.size(key)].append(key)
        found = {}
        for (industry, size), peers in groups.items():
            for name in sorted({name for peer in peers for name in self.lines_bought.get(peer, {})}):
                buying = [peer for peer in peers if name in self.lines_bought.get(peer, {})]
                if Fraction(len(buying), len(peers)) < COMMON:
                    continue
                amounts = [amount for peer in buying if (amount := self.lines_bought[peer][name]) is not None]
                typical = quantile(amounts, Fraction(1, 2))
                low, high = wilson(len(buying), len(peers))
                for key in set(peers) - set(buying):
                    found[key, name] = {
                        "industry": industry,
                        "size": size,
                        "peers": len(peers),
                        "peers_buying": len(buying),
                        "peer_median_amount": None if typical is None else rounded(typical),
                        "peer_share": ratio(len(buying), len(peers)),
                        "peer_share_low": low,
                        "peer_share_high": high,
                    }
        return found

    # owners

    @cached_property
    def changes(self) -> list[_Change]:
        """Account, day, owner until then and owner since, in order of day and account."""
        days: dict[str, set[date]] = defaultdict(set)
        for row in self.company.rows("account_history"):
            if row["field"].lower() == "owner_id":
                days[row["account_id"]].add(row["changed_at"].date())
        found = []
        for account, changed in days.items():
            for day in sorted(changed):
                before = self.company.owner_of_account(account, day - timedelta(days=1))
                after = self.company.owner_of_account(account, day)
                if before and before != after and day <= self.company.as_of:
                    found.append((account, day, before, after or NONE))
        return sorted(found, key=lambda change: (change[1], change[0]))

    @cached_property
    def _closed(self) -> dict[str, list[tuple[date, str, Decimal]]]:
        found: dict[str, list[tuple[date, str, Decimal]]] = defaultdict(list)
        for deal in self.opportunities.deals.values():
            state = self.opportunities.state(deal, self.company.as_of)
            if state is not None and state.status in (WON, LOST) and deal.row["account_id"]:
                found[deal.row["account_id"]].append((state.status_since, state.status, state.amount or ZERO))
        return found

    def around(self, account: str, day: date) -> Around:
        """What an account did in the days before and after one."""
        last = min(day + AROUND, self.company.as_of)
        bought = self.purchases.get(account, [])
        closed = [deal for deal in self._closed.get(account, []) if day < deal[0] <= last]
        lost = [amount for _, status, amount in closed if status == LOST]
        return Around(
            day + AROUND <= self.company.as_of,
            (sum(day - AROUND < on <= day for on in bought), sum(day < on <= last for on in bought)),
            (self.revenue(account, day - AROUND, day), self.revenue(account, day, last)),
            len(closed) - len(lost),
            len(lost),
            sum(lost, ZERO),
        )

    def owner_changes(self) -> dict[tuple[str, date], dict[str, Any]]:
        """`account_owner_changes` by account and day."""
        found = {}
        for account, day, before, after in self.changes:
            seen = self.around(account, day)
            was_buying = seen.orders[0] > 0
            less = max(seen.revenue[0] - seen.revenue[1], ZERO)
            found[account, day] = {
                "old_owner_id": before,
                "owner_id": after,
                "is_observed": seen.is_observed,
                "orders_before": seen.orders[0],
                "orders_after": seen.orders[1],
                "was_buying": was_buying,
                "has_stopped": seen.orders[1] == 0 if seen.is_observed and was_buying else None,
                "revenue_before_amount": seen.revenue[0],
                "revenue_after_amount": seen.revenue[1],
                "lost_revenue_amount": less if seen.is_observed else None,
                "lost_opportunities": seen.lost_after,
                "lost_opportunity_amount": seen.lost_amount,
            }
        return found

    @cached_property
    def _cohorts(self) -> dict[str, list[Around]]:
        over = [change for change in self.changes if change[1] + AROUND <= self.company.as_of]
        found = {"changed": [self.around(account, day) for account, day, _, _ in over]}
        if over:
            dealt = [(account, over[place % len(over)][1]) for place, account in enumerate(self.accounts)]
            changed: dict[str, list[date]] = defaultdict(list)
            for account, day, _, _ in self.changes:
                changed[account].append(day)
            found["stayed"] = [
                self.around(account, day)
                for account, day in dealt
                if not any(day - AROUND < on <= day + AROUND for on in changed[account])
            ]
        return {cohort: rows for cohort, rows in found.items() if rows}

    def owner_effect(self) -> dict[str, dict[str, Any]]:
        """`owner_change_effect` by cohort."""
        found = {cohort: _effect(rows) for cohort, rows in self._cohorts.items()}
        errors = {cohort: _kept_error(rows) for cohort, rows in self._cohorts.items()}
        if "changed" in found and "stayed" in found:
            found["difference"] = _difference(found["changed"], found["stayed"])
            both = errors["changed"], errors["stayed"]
            errors["difference"] = None if None in both else sqrt(sum(error * error for error in both if error))
        for cohort, row in found.items():
            kept, error = row["revenue_kept_rate"], errors[cohort]
            known = kept is not None and error is not None
            row["revenue_kept_low"] = six(float(kept) - _Z * error) if known else None
            row["revenue_kept_high"] = six(float(kept) + _Z * error) if known else None
        return found


def _effect(rows: list[Around]) -> dict[str, Any]:
    customers = [row for row in rows if row.orders[0] > 0]
    stopped = sum(row.orders[1] == 0 for row in customers)
    lost = sum(row.lost_after for row in rows)
    decided = lost + sum(row.won_after for row in rows)
    before, after = (sum((row.revenue[place] for row in customers), ZERO) for place in (0, 1))
    found: dict[str, Any] = {
        "changes": len(rows),
        "customers": len(customers),
        "stopped": stopped,
        "decided": decided,
        "lost": lost,
        "revenue_before_amount": before,
        "revenue_after_amount": after,
        "stopped_rate": ratio(stopped, len(customers)),
        "lost_rate": ratio(lost, decided),
        "revenue_kept_rate": ratio(after, before),
    }
    found["stopped_low"], found["stopped_high"] = wilson(stopped, len(customers))
    found["lost_low"], found["lost_high"] = wilson(lost, decided)
    return found


def _kept_error(rows: list[Around]) -> float | None:
    """The error of a ratio of sums: residuals of each customer around the common ratio."""
    pairs = [(float(row.revenue[0]), float(row.revenue[1])) for row in rows if row.orders[0] > 0]
    before, after, n = sum(pair[0] for pair in pairs), sum(pair[1] for pair in pairs), len(pairs)
    if n < 2 or before == 0:
        return None
    squares = sum((late - early * after / before) ** 2 for early, late in pairs)
    return sqrt(squares * n / (n - 1)) / before


def _difference(changed: dict[str, Any], stayed: dict[str, Any]) -> dict[str, Any]:
    """Changed less stayed, with Newcombe's interval for two shares."""
    found: dict[str, Any] = dict.fromkeys(changed)
    for name in ("stopped", "lost"):
        sides = [[row[f"{name}_{end}"] for end in ("rate", "low", "high")] for row in (changed, stayed)]
        if any(value is None for side in sides for value in side):
            continue
        (first, first_low, first_high), (second, second_low, second_high) = [[float(v) for v in side] for side in sides]
        difference = first - second
        found[f"{name}_rate"] = six(difference)
        found[f"{name}_low"] = six(difference - sqrt((first - first_low) ** 2 + (second_high - second) ** 2))
        found[f"{name}_high"] = six(difference + sqrt((first_high - first) ** 2 + (second - second_low) ** 2))
    if changed["revenue_kept_rate"] is not None and stayed["revenue_kept_rate"] is not None:
        found["revenue_kept_rate"] = changed["revenue_kept_rate"] - stayed["revenue_kept_rate"]
    return found
