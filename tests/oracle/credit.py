"""Exposure, payment behaviour, promises and grades after METRICS §6, "Credit".

Readings where §6 leaves room: deliveries and invoices meet by contract, else by order, and by customer; goods count as
delivered on the day they arrived, else the day they left; a settlement is a payment applied, at its invoice's rate, and a
refund does not undo it; a limit is worth what it is at the rate of the day shown; the best payers of all are those with the
first grade, the most valuable ones those in the first class by net revenue of 365 days.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Any

from tests.oracle.company import NONE, Company, Steps, day_of
from tests.oracle.delivery import Delivery, Line
from tests.oracle.exports import COMPANY_CURRENCY, Row
from tests.oracle.money import ZERO, at_rate, money_sum, posted, ratio, rounded
from tests.oracle.receivables import Application, Item, Receivables
from tests.oracle.rolls import Rolls

LEAST_INVOICES = 3
_YEAR = timedelta(days=365)


@dataclass(frozen=True)
class Settlement:
    """A payment that met a part of an invoice: when, how many days after its due day, how much at the invoice's rate."""

    account: str
    invoice: str
    item: str
    on: date
    due_on: date
    amount: Decimal

    @property
    def delay(self) -> int:
        """Days after the due day, below 0 before it."""
        return (self.on - self.due_on).days


@dataclass(frozen=True)
class Promise:
    """What a customer promised to pay by a day, and what came by then, in company currency."""

    id: str
    account: str
    invoice: str | None
    due_on: date
    promised: Decimal
    applied: Decimal
    is_short: bool


@dataclass(frozen=True)
class Grade:
    """A grade and what it asks for; None where it asks for nothing."""

    name: str
    rank: int
    most_days: Decimal | None
    least_on_time: Decimal | None
    most_overdue: Decimal | None


@dataclass(frozen=True)
class Rating:
    """A customer's grade on a day, the next better one, and what he lacks for it."""

    grade: Grade | None
    better: Grade | None
    lacking_days: Decimal | None
    lacking_on_time: Decimal | None
    lacking_overdue: Decimal | None
    reason: str


class Credit:
    """The credit file of one company's customers."""

    def __init__(self, company: Company, receivables: Receivables, delivery: Delivery, rolls: Rolls) -> None:
        self.company = company
        self.receivables = receivables
        self.delivery = delivery
        self.rolls = rolls

    # settlements and promises

    @cached_property
    def settlements(self) -> list[Settlement]:
        """Payments applied to parts of invoices."""
        parts = {part.item: part for parts in self.receivables.parts.values() for part in parts}
        return [
            Settlement(parts[item].invoice.account, parts[item].invoice.id, item, on, parts[item].due_on, amount)
            for item, taken in self.rolls.taken.items()
            for on, how, amount in taken
            if how == "paid" and amount > 0
        ]

    @cached_property
    def promises(self) -> list[Promise]:
        """Promises made by the day shown and what was applied between them and their day ("promises broken")."""
        made = [row for row in self.company.rows("promises") if day_of(row["promised_at"]) <= self.company.as_of]
        return [self._promise(row) for row in made]

    def _promise(self, row: Row) -> Promise:
        invoice = self.receivables.invoices.get(row["invoice_id"])
        currency = row["currency"] or (invoice.currency if invoice else COMPANY_CURRENCY)
        since, until = day_of(row["promised_at"]), min(row["due_on"], self.company.as_of)
        if row["invoice_id"]:
            valued = [entry for entry in self._valued if entry[0].part.invoice.id == row["invoice_id"]]
        else:
            valued = [entry for entry in self._valued if entry[0].part.invoice.account == row["account_id"]]
        within = [entry for entry in valued if since <= entry[0].on <= until]
        if invoice and invoice.currency == currency:
            promised = at_rate(row["amount"], self.company.rate(currency, invoice.issued_on)) or ZERO
            applied = money_sum(at_invoice for _, at_invoice, _ in within)
            is_short = money_sum(application.amount for application, _, _ in within) < row["amount"]
        else:
            promised = self.company.converted(row["amount"], currency, since) or ZERO
            applied = money_sum(at_payment for _, _, at_payment in within)
            is_short = applied < promised
        return Promise(
            row["promise_id"], row["account_id"], row["invoice_id"], row["due_on"], promised, applied, is_short
        )

    @cached_property
    def _valued(self) -> list[tuple[Application, Decimal, Decimal]]:
        """Payments applied, at the invoice's rate and at their own, each posted cumulatively."""
        at_invoice = [
            (application, amount)
            for item, applications in self.rolls.applied.items()
            for application, (_, _, amount) in zip(applications, self.rolls.taken[item], strict=True)
            if application.money.kind == "payment"
        ]
        done: dict[str, Decimal] = defaultdict(Decimal)
        found = []
        for application, amount in sorted(
            at_invoice, key=lambda entry: (entry[0].on, entry[0].part.invoice.id, entry[0].part.item)
        ):
            money = application.money
            before = posted(money.amount, done[money.id], money.document_amount)
            done[money.id] += application.money_amount
            found.append((application, amount, posted(money.amount, done[money.id], money.document_amount) - before))
        return found

    # exposure

    @cached_property
    def _groups(self) -> dict[tuple[str, str], _Group]:
        """What deliveries and invoices of a customer meet in: a contract, else an order."""
        found: dict[tuple[str, str], _Group] = defaultdict(_Group)
        for line in self.delivery.lines.values():
            order = self.delivery.orders[line.order]
            group = found[order["account_id"], order["contract_id"] or order["order_id"]]
            group.lines.append(self._line_states(line))
            group.returned += self.delivery.returned_amounts(line)
        for invoice in self.receivables.invoices.values():
            if invoice.contract or invoice.order:
                group = found[invoice.account, invoice.contract or invoice.order or ""]
                group.invoiced.append((invoice.issued_on, invoice.net_amount))
        return found

    def _line_states(self, line: Line) -> Steps:
        """What of a line is still open and what is delivered, from each day on which that changes."""
        shipments = self.delivery.shipments_of.get(line.id, [])
        moves = [(max(row["delivered_on"] or row["shipped_on"], line.ordered_on), row["quantity"]) for row in shipments]
        days = {line.ordered_on, *(on for on, _ in moves)}
        if line.cancelled_on:
            days.add(max(line.cancelled_on, line.ordered_on))
        states = []
        for day in days:
            quantity = money_sum(amount for on, amount in moves if on <= day)
            delivered = posted(line.amount, quantity, line.quantity)
            still = line.amount - posted(line.amount, min(quantity, line.quantity), line.quantity)
            is_cancelled = line.cancelled_on is not None and line.cancelled_on <= day
            states.append((day, (ZERO if is_cancelled else still, delivered)))
        return Steps(states)

    def ordered(self, day: date) -> dict[str, tuple[Decimal, Decimal]]:
        """Open orders and goods delivered but not invoiced of each customer, a delivery once."""
        found: dict[str, list[Decimal]] = defaultdict(lambda: [ZERO, ZERO])
        for (account, _), group in self._groups.items():
            if account:
                still, not_invoiced = group.on(day)
                found[account][0] += still
                found[account][1] += not_invoiced
        return {account: (still, not_invoiced) for account, (still, not_invoiced) in found.items()}

    # the customers' days

    @cached_property
    def first_days(self) -> dict[str, date]:
        """The day each customer was first seen: something moved on his account, or he ordered."""
        seen: dict[str, list[date]] = defaultdict(list)
        for invoice in self.receivables.invoices.values():
            seen[invoice.account].append(invoice.issued_on)
        for money in self.receivables.money:
            key = (money.kind, money.id)
            used = self.receivables.used_of[key].by(money.on) if key in self.receivables.used_of else ZERO
            if money.kind != "write_off" and money.account and used != money.document_amount:
                seen[money.account].append(money.on)
        for order in self.delivery.orders.values():
            seen[order["account_id"] or ""].append(order["ordered_on"])
        return {account: min(days) for account, days in seen.items() if account}

    def revenues(self, day: date) -> dict[str, Decimal]:
        """Net invoices less net credit notes of the 365 days to a day, by customer."""
        found: dict[str, Decimal] = defaultdict(Decimal)
        for account, on, amount in self._net_sales:
            if day - _YEAR < on <= day:
                found[account] += amount
        return found

    @cached_property
    def _net_sales(self) -> list[tuple[str, date, Decimal]]:
        sales = [
            (invoice.account, invoice.issued_on, invoice.net_amount) for invoice in self.receivables.invoices.values()
        ]
        for row in self.company.rows("credit_notes"):
            rate = self.company.rate(row["currency"], row["issued_on"])
            net = (at_rate(row["amount"], rate) or ZERO) - (at_rate(row["tax_amount"] or ZERO, rate) or ZERO)
            sales.append((row["account_id"], row["issued_on"], -net))
        return sales

    def most_valuable(self, revenues: dict[str, Decimal]) -> set[str]:
        """The customers of the first class: the fewest that bring its share of the revenue, the greatest first."""
        classes = [row for row in self.company.seed("segments") if row["kind"] == "abc"]
        share = next(Fraction(row["to_value"] or 1) for row in classes if Fraction(row["from_value"] or 0) == 0)
        total = money_sum(max(amount, ZERO) for amount in revenues.values())
        found, before = set(), ZERO
        for account in sorted(revenues, key=lambda account: (-revenues[account], account)):
            if revenues[account] > 0 and before < share * Fraction(total):
                found.add(account)
            before += max(revenues[account], ZERO)
        return found

    @cached_property
    def _limits(self) -> dict[str, Steps]:
        rows: dict[str, list[tuple[date, Row]]] = defaultdict(list)
        for row in self.company.rows("account_limits"):
            rows[row["account_id"]].append((row["valid_from_on"], row))
        return {account: Steps(values) for account, values in rows.items()}

    def limit(self, account: str, day: date) -> tuple[Decimal | None, bool]:
        """The limit valid on a day, else today's, which is an estimate."""
        history = self._limits.get(account)
        row = history.on(day) if history else None
        if row is not None:
            return self.company.converted(row["amount"], row["currency"], self.company.as_of), False
        today = self.company.accounts.get(account, {})
        limit = self.company.converted(today.get("credit_limit_amount"), today.get("currency"), self.company.as_of)
        return limit, True

    # grades

    @cached_property
    def grades(self) -> list[Grade]:
        """Grades, best first."""
        rows = sorted(self.company.seed("credit_grades"), key=lambda row: row["grade"])
        names = ("max_days_beyond_terms", "min_on_time_rate", "max_overdue_rate")
        return [
            Grade(row["grade"], rank, *(Decimal(row[name]) if row[name] else None for name in names))
            for rank, row in enumerate(rows, start=1)
        ]

    def rating(self, invoices: int, days: Decimal | None, on_time: Decimal | None, overdue: Decimal) -> Rating:
        """The best grade whose every threshold holds; none under 3 settled invoices."""
        if invoices < LEAST_INVOICES or days is None or on_time is None:
            words = f"Not graded: {invoices} invoices settled in 365 days, {LEAST_INVOICES} are needed"
            return Rating(None, None, None, None, None, words)
        held = [grade for grade in self.grades if not any(_lacks(grade, days, on_time, overdue))]
        grade = held[0] if held else None
        better = self.grades[grade.rank - 2] if grade and grade.rank > 1 else None
        lacking = _lacks(better, days, on_time, overdue) if better else (None, None, None)
        reason = (
            f"{_place(days)} days beyond terms, {_place(100 * on_time)} % paid on time, "
            f"{_place(100 * overdue)} % of the open items overdue"
        )
        wanted = [
            words
            for value, words in (
                (lacking[0], f"at most {_place(lacking[0])} days beyond terms"),
                (lacking[1], f"at least {_place(lacking[1] and 100 * lacking[1])} % on time"),
                (lacking[2], f"at most {_place(lacking[2] and 100 * lacking[2])} % overdue"),
            )
            if value is not None
        ]
        reason += f"; for {better.name}: {', '.join(wanted)}" if better else ""
        return Rating(grade, better, *lacking, reason)

    # mart

    @cached_property
    def customers(self) -> dict[tuple[date, str], dict[str, Any]]:
        """`customer_credit` by reporting date and customer."""
        found: dict[tuple[date, str], dict[str, Any]] = {}
        previous: dict[str, str | None] = {}
        for day in self.company.reporting_dates:
            for account, row in self._on(day):
                row["previous_grade"] = previous.get(account)
                previous[account] = row["grade"]
                found[day, account] = row
        return found

    def _on(self, day: date) -> Iterator[tuple[str, dict[str, Any]]]:
        items: dict[str, list[Item]] = defaultdict(list)
        for item in self.receivables.open_items(day):
            items[item.account or ""].append(item)
        paid: dict[str, list[Settlement]] = defaultdict(list)
        for settlement in self.settlements:
            if day - _YEAR < settlement.on <= day:
                paid[settlement.account].append(settlement)
        broken: dict[str, int] = defaultdict(int)
        for promise in self.promises:
            known_on = promise.due_on + timedelta(days=1)
            broken[promise.account] += promise.is_short and day - _YEAR < known_on <= day
        ordered, revenues = self.ordered(day), self.revenues(day)
        valuable = self.most_valuable(revenues)
        for account, first_on in self.first_days.items():
            if first_on <= day:
                row = self._exposure(account, day, items[account], ordered.get(account, (ZERO, ZERO)))
                row |= self._behaviour(items[account], paid[account], row["overdue_amount"])
                row |= {
                    "owner_id": self.company.owner_of_account(account, day) or NONE,
                    "broken_promises": broken[account],
                    "revenue_12m_amount": revenues.get(account, ZERO),
                    "is_high_value": account in valuable,
                }
                yield account, row

    def _exposure(self, account: str, day: date, items: list[Item], ordered: tuple[Decimal, Decimal]) -> dict[str, Any]:
        invoiced = money_sum(item.balance for item in items if item.due_on)
        unapplied = -money_sum(item.balance for item in items if not item.due_on)
        exposure = sum(ordered, ZERO) + invoiced - unapplied
        limit, is_estimated = self.limit(account, day)
        return {
            "open_order_amount": ordered[0],
            "delivered_not_invoiced_amount": ordered[1],
            "invoiced_amount": invoiced,
            "overdue_amount": money_sum(item.balance for item in items if item.due_on and item.due_on < day),
            "unapplied_amount": unapplied,
            "exposure_amount": exposure,
            "limit_amount": limit,
            "is_limit_estimated": None if limit is None else is_estimated,
            "free_amount": None if limit is None else limit - exposure,
            "disputed_amount": money_sum(item.balance for item in items if item.is_disputed),
        }

    def _behaviour(self, items: list[Item], paid: list[Settlement], overdue_amount: Decimal) -> dict[str, Any]:
        settled = money_sum(one.amount for one in paid)
        days = ratio(sum((one.amount * max(0, one.delay) for one in paid), ZERO), settled)
        on_time = ratio(money_sum(one.amount for one in paid if one.delay <= 0), settled)
        positive = money_sum(item.balance for item in items if item.due_on and item.balance > 0)
        overdue = ratio(overdue_amount, positive) or ZERO
        invoices = len({one.invoice for one in paid})
        rating = self.rating(invoices, days, on_time, overdue)
        return {
            "settled_invoices": invoices,
            "settled_amount": settled,
            "days_beyond_terms": days,
            "on_time_rate": on_time,
            "overdue_rate": overdue,
            "grade": rating.grade.name if rating.grade else None,
            "better_grade": rating.better.name if rating.better else None,
            "lacking_days": rating.lacking_days,
            "lacking_on_time_rate": rating.lacking_on_time,
            "lacking_overdue_rate": rating.lacking_overdue,
            "is_high_credit": rating.grade is not None and rating.grade.rank == 1,
            "reason": rating.reason,
        }


class _Group:
    """Lines, returns and invoices of one contract or order of one customer."""

    def __init__(self) -> None:
        self.lines: list[Steps] = []
        self.returned: list[tuple[date, Decimal]] = []
        self.invoiced: list[tuple[date, Decimal]] = []

    def on(self, day: date) -> tuple[Decimal, Decimal]:
        """What is ordered and not delivered, less what was invoiced ahead; what is delivered and not invoiced."""
        states = [state for line in self.lines if (state := line.on(day)) is not None]
        still, delivered = money_sum(state[0] for state in states), money_sum(state[1] for state in states)
        returned, invoiced = _by(self.returned, day), _by(self.invoiced, day)
        ahead = max(invoiced - delivered, ZERO)
        return max(still - ahead, ZERO), max(delivered - returned - invoiced, ZERO)


def _by(entries: Iterable[tuple[date, Decimal]], day: date) -> Decimal:
    return money_sum(amount for on, amount in entries if on <= day)


def _lacks(
    grade: Grade, days: Decimal, on_time: Decimal, overdue: Decimal
) -> tuple[Decimal | None, Decimal | None, Decimal | None]:
    """The thresholds of a grade that do not hold."""
    return (
        grade.most_days if grade.most_days is not None and days > grade.most_days else None,
        grade.least_on_time if grade.least_on_time is not None and on_time < grade.least_on_time else None,
        grade.most_overdue if grade.most_overdue is not None and overdue > grade.most_overdue else None,
    )


def _place(value: Decimal | None) -> str:
    """A number with one decimal place."""
    return "" if value is None else str(rounded(value, 1))
