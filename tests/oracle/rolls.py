"""Roll rates, losses and instalments after METRICS §6: where open items went from one month-end to the next.

Readings where §6 leaves room: what an application takes from an item counts at the invoice's rate, posted
cumulatively by day; an item stands in a bucket with its balance, whatever its sign.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any

from tests.oracle.company import Company, month_end, month_of
from tests.oracle.exports import Row
from tests.oracle.money import ZERO, at_rate, money_sum, posted, ratio
from tests.oracle.receivables import Application, Item, Part, Receivables

_GONE = {"payment": "paid", "credit_note": "credited", "write_off": "written_off"}


class Rolls:
    """What became of open items."""

    def __init__(self, company: Company, receivables: Receivables) -> None:
        self.company = company
        self.receivables = receivables

    @cached_property
    def _applied(self) -> dict[str, list[Application]]:
        found: dict[str, list[Application]] = defaultdict(list)
        for application in sorted(self.receivables.applications, key=lambda a: (a.on, a.money.kind, a.money.id)):
            found[application.part.item].append(application)
        return found

    @cached_property
    def taken(self) -> dict[str, list[tuple[date, str, Decimal]]]:
        """What applications took from each item: day, paid, credited or written_off, amount at the invoice's rate."""
        parts = [part for parts in self.receivables.parts.values() for part in parts]
        return {part.item: self._taken_of(part.item, part.amount, part.document_amount) for part in parts}

    def _taken_of(self, item: str, whole: Decimal, of: Decimal) -> list[tuple[date, str, Decimal]]:
        """Applications to an item, which is worth so much in company currency, posted cumulatively."""
        found, done = [], ZERO
        for application in self._applied.get(item, []):
            before, done = posted(whole, done, of), done + application.amount
            found.append((application.on, _GONE[application.money.kind], posted(whole, done, of) - before))
        return found

    @cached_property
    def month_ends(self) -> list[date]:
        """Month-ends among the reporting dates."""
        return [day for day in self.company.reporting_dates if day == month_end(day)]

    def _stood(self, day: date) -> dict[str, tuple[str, Item]]:
        """The bucket of each open item on a day; money not applied is in none."""
        return {
            item.item: (self.receivables.bucket("due", item.due_on, day), item)
            for item in self.receivables.open_items(day)
            if item.due_on is not None
        }

    # marts

    def roll_rates(self) -> dict[tuple[date, str, str], dict[str, Any]]:
        """`receivables_roll_rates` by month, bucket before and where it went."""
        found: dict[tuple[date, str, str], dict[str, Any]] = {}
        stood = {day: self._stood(day) for day in self.month_ends}
        for before, after in zip(self.month_ends, self.month_ends[1:], strict=False):
            went: dict[tuple[str, str], dict[str, Decimal]] = defaultdict(dict)
            for name, (bucket, item) in stood[before].items():
                for target, amount in self._went(item, stood[after], before, after).items():
                    went[bucket, target][name] = amount
            base: dict[str, list[Item]] = defaultdict(list)
            for bucket, item in stood[before].values():
                base[bucket].append(item)
            for (bucket, target), amounts in went.items():
                amount = money_sum(amounts.values())
                from_amount = money_sum(item.balance for item in base[bucket])
                found[month_of(after), bucket, target] = {
                    "items": len(amounts),
                    "from_items": len(base[bucket]),
                    "amount": amount,
                    "from_amount": from_amount,
                    "rate": ratio(amount, from_amount),
                }
        return found

    def _went(self, item: Item, after: dict[str, tuple[str, Item]], since: date, until: date) -> dict[str, Decimal]:
        """How the balance of an item was divided by the end of the month."""
        found: dict[str, Decimal] = defaultdict(Decimal)
        for on, target, amount in self.taken.get(item.item, []):
            if since < on <= until:
                found[target] += amount
        if item.item in after:
            bucket, now = after[item.item]
            found[bucket] += now.balance
        return {target: amount for target, amount in found.items() if amount}

    def provision(self) -> dict[str, dict[str, Any]]:
        """`provision_matrix` by bucket ("Loss rate")."""
        base: dict[str, list[tuple[Item, Decimal]]] = defaultdict(list)
        first, last = _months_before(self.company.as_of, 36), _months_before(self.company.as_of, 12)
        for day in self.month_ends:
            if first <= day <= last:
                for name, (bucket, item) in self._stood(day).items():
                    base[bucket].append((item, self._written_off(name, day)))
        now = self._stood(self.company.as_of)
        found = {}
        for bucket in (row["bucket"] for row in self.company.seed("aging_buckets") if row["basis"] == "due"):
            amount = money_sum(item.balance for item, _ in base[bucket])
            lost = money_sum(loss for _, loss in base[bucket])
            open_now = [item for where, item in now.values() if where == bucket and item.balance > 0]
            balance = money_sum(item.balance for item in open_now)
            found[bucket] = {
                "base_items": len(base[bucket]),
                "base_amount": amount,
                "written_off_items": sum(loss != 0 for _, loss in base[bucket]),
                "written_off_amount": lost,
                "loss_rate": ratio(lost, amount),
                "items": len(open_now),
                "balance_amount": balance,
                "provision_amount": at_rate(balance, ratio(lost, amount)),
            }
        return found

    def _written_off(self, item: str, day: date) -> Decimal:
        until = day + timedelta(days=365)
        return money_sum(
            amount for on, how, amount in self.taken.get(item, []) if how == "written_off" and day < on <= until
        )

    def plans(self) -> dict[str, dict[str, Any]]:
        """`collection_plan_status` of the instalments of invoices ("Plan status")."""
        parts = {
            part.instalment: part for parts in self.receivables.parts.values() for part in parts if part.instalment
        }
        return {
            row["instalment_id"]: self._plan(row, parts.get(row["instalment_id"]))
            for row in self.company.rows("collection_plans")
            if row["invoice_id"] in self.receivables.invoices
        }

    def _plan(self, row: Row, part: Part | None) -> dict[str, Any]:
        day, due_on = self.company.as_of, row["due_on"]
        invoice = self.receivables.invoices[row["invoice_id"]]
        currency = row["currency"] or invoice.currency
        planned = at_rate(row["amount"], self.company.rate(currency, invoice.issued_on)) or ZERO
        asked = self.receivables.exchanged(row["amount"], currency, invoice.currency, invoice.issued_on)
        entries = self._taken_of(part.item, planned, asked) if part else []
        taken = [entry for entry in entries if entry[0] <= day]
        sums = {how: money_sum(amount for _, kind, amount in taken if kind == how) for how in _GONE.values()}
        settled_on, covered = None, ZERO
        for on, how, amount in taken:
            covered += amount if how != "written_off" else ZERO
            if covered < planned:
                settled_on = None
            elif settled_on is None:
                settled_on = on
        if settled_on:
            status = "met" if settled_on <= due_on else "late"
        elif due_on < day:
            status = "partly" if covered else "missed"
        else:
            status = "open"
        return {
            "due_on": due_on,
            "planned_amount": planned,
            "collected_amount": sums["paid"],
            "credited_amount": sums["credited"],
            "open_amount": planned - sum(sums.values(), ZERO),
            "status": status,
            "settled_on": settled_on,
            "days_late": max(0, ((settled_on or day) - due_on).days),
        }


def _months_before(day: date, months: int) -> date:
    """The same day so many months before, or the month's last one."""
    number = day.year * 12 + day.month - 1 - months
    last = month_end(date(number // 12, number % 12 + 1, 1))
    return last.replace(day=min(day.day, last.day))
