"""Roll rates, losses and instalments after METRICS §6: where open items went from one month-end to the next.

Readings where §6 leaves room: what an application takes from an item counts at the invoice's rate, posted
cumulatively by day; an item stands in a bucket with its balance, whatever its sign; money of a contract that no instalment
of an invoice took fills the contract's plan, earliest instalment first.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from itertools import groupby
from typing import Any

from tests.oracle.company import NONE, Company, month_end, month_of
from tests.oracle.exports import COMPANY_CURRENCY, Row
from tests.oracle.money import ZERO, at_rate, money_sum, posted, ratio, rounded
from tests.oracle.receivables import Application, Invoice, Item, Receivables

_Entry = tuple[date, str, Decimal]
_GONE = {"payment": "paid", "credit_note": "credited", "write_off": "written_off"}


class Rolls:
    """What became of open items."""

    def __init__(self, company: Company, receivables: Receivables) -> None:
        self.company = company
        self.receivables = receivables

    @cached_property
    def applied(self) -> dict[str, list[Application]]:
        """What was applied to each item, in the order of its days."""
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
        for application in self.applied.get(item, []):
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
        """`collection_plan_status`: instalments of invoices, and of contracts alone ("Plan status")."""
        parts = {
            part.instalment: part for parts in self.receivables.parts.values() for part in parts if part.instalment
        }
        of_contracts = self._contract_entries()
        found = {}
        for row in self.company.rows("collection_plans"):
            invoice = self.receivables.invoices.get(row["invoice_id"])
            day = invoice.issued_on if invoice else row["due_on"]
            currency = row["currency"] or (invoice.currency if invoice else COMPANY_CURRENCY)
            planned = self.company.converted(row["amount"], currency, day) or ZERO
            entries: list[_Entry] = of_contracts.get(row["instalment_id"], [])
            if invoice:
                asked = self.receivables.exchanged(row["amount"], currency, invoice.currency, invoice.issued_on)
                part = parts.get(row["instalment_id"])
                entries = self._taken_of(part.item, planned, asked) if part else []
            found[row["instalment_id"]] = self._plan(row, planned, entries) | self._belongs(row, invoice)
        return found

    def _belongs(self, row: Row, invoice: Invoice | None) -> dict[str, Any]:
        day, delivered_on = self.company.as_of, self._delivered_on(row, invoice)
        account = row["account_id"] or (invoice.account if invoice else None)
        owner = row["owner_id"] or self.company.accounts.get(account or "", {}).get("owner_id")
        phase = "until_due" if delivered_on and delivered_on <= day else "before_delivery"
        return {
            "account_id": account,
            "owner_id": owner or NONE,
            "method": row["method"] or NONE,
            "phase": "after_due" if row["due_on"] < day else phase,
        }

    def _delivered_on(self, row: Row, invoice: Invoice | None) -> date | None:
        """The first delivery of the invoice's shipment, else of its order, else of the contract; its own day without any."""
        contract = (invoice.contract if invoice else None) or row["contract_id"]
        shipment = self._invoice_shipments.get(invoice.id) if invoice else None
        order = invoice.order if invoice else None
        if invoice and not (shipment or order or contract):
            return invoice.issued_on
        for scope in (("shipment", shipment), ("order", order), ("contract", contract)):
            if scope[1] and scope in self._deliveries:
                return self._deliveries[scope]
        return None

    @cached_property
    def _invoice_shipments(self) -> dict[str, str | None]:
        return {row["invoice_id"]: row["shipment_id"] for row in self.company.rows("invoices")}

    @cached_property
    def _deliveries(self) -> dict[tuple[str, str | None], date]:
        """The first day on which goods of a shipment, an order or a contract arrived, else left."""
        orders = self.company.by("orders", "order_id")
        lines = self.company.by("order_lines", "order_line_id")
        found: dict[tuple[str, str | None], date] = {}
        for row in self.company.rows("shipments"):
            order = orders.get(lines.get(row["order_line_id"], {}).get("order_id"))
            if order is None:
                continue
            day = row["delivered_on"] or row["shipped_on"]
            for scope in (
                ("shipment", row["shipment_id"]),
                ("order", order["order_id"]),
                ("contract", order["contract_id"]),
            ):
                found[scope] = min(day, found.get(scope, day))
        return found

    def _contract_entries(self) -> dict[str, list[_Entry]]:
        """What the money of each contract fills of its plan, earliest instalment first, in company currency."""
        plans: dict[tuple[str, str], list[Row]] = defaultdict(list)
        for row in self.company.rows("collection_plans"):
            if row["invoice_id"] not in self.receivables.invoices and row["contract_id"] and row["amount"] > 0:
                plans[row["contract_id"], row["currency"] or COMPANY_CURRENCY].append(row)
        found: dict[str, list[_Entry]] = defaultdict(list)
        for (contract, currency), rows in plans.items():
            rows.sort(key=lambda row: (row["due_on"], row["instalment_id"]))
            rates = [self.company.rate(currency, row["due_on"]) or ZERO for row in rows]
            received = self._received(contract, currency, max(rates))
            since = ZERO
            for row in rows:
                planned = self.company.converted(row["amount"], currency, row["due_on"]) or ZERO
                covered, total = ZERO, ZERO
                for day, amount in received:
                    total += amount
                    before, covered = covered, min(max(total - since, ZERO), row["amount"])
                    worth = posted(planned, covered, row["amount"]) - posted(planned, before, row["amount"])
                    if covered != before:
                        found[row["instalment_id"]].append((day, "paid", worth))
                since += row["amount"]
        return found

    def _received(self, contract: str, currency: str, rate: Decimal) -> list[tuple[date, Decimal]]:
        """Payments of a contract by day in the currency of its plan, without those on instalments of invoices."""
        days: dict[tuple[date, str], list[Decimal]] = defaultdict(lambda: [ZERO, ZERO])
        for day, own, document_amount, amount in self._contract_money.get(contract, []):
            days[day, own][0] += document_amount
            days[day, own][1] += amount
        found: dict[date, Decimal] = defaultdict(Decimal)
        for (day, own), (document_amount, amount) in days.items():
            found[day] += document_amount if own == currency else rounded(Fraction(amount) / Fraction(rate))
        return sorted(found.items())

    @cached_property
    def _contract_money(self) -> dict[str, list[tuple[date, str, Decimal, Decimal]]]:
        """Payments by contract: applied to its invoices, or not applied and naming it or its order."""
        orders = self.company.by("orders", "order_id")
        found: dict[str, list[tuple[date, str, Decimal, Decimal]]] = defaultdict(list)
        for money in self.receivables.money:
            if money.kind != "payment":
                continue
            own = money.contract or orders.get(money.order or "", {}).get("contract_id")
            own_moves = [(money.on, money.document_amount, money.amount)]
            done = ZERO
            for application in self._uses.get(money.id, []):
                before, done = posted(money.amount, done, money.document_amount), done + application.money_amount
                worth = posted(money.amount, done, money.document_amount) - before
                own_moves.append((application.on, -application.money_amount, -worth))
                contract = application.part.invoice.contract
                if contract and application.part.instalment is None:
                    found[contract].append(
                        (application.on, application.part.invoice.currency, application.amount, worth)
                    )
            if own:
                found[own] += [
                    (day, money.currency, document_amount, worth) for day, document_amount, worth in own_moves
                ]
        return found

    @cached_property
    def _uses(self) -> dict[str, list[Application]]:
        found: dict[str, list[Application]] = defaultdict(list)
        for application in sorted(self.receivables.applications, key=lambda a: (a.on, a.part.invoice.id, a.part.item)):
            if application.money.kind == "payment":
                found[application.money.id].append(application)
        return found

    def _plan(self, row: Row, planned: Decimal, entries: list[_Entry]) -> dict[str, Any]:
        day, due_on = self.company.as_of, row["due_on"]
        taken = [entry for entry in entries if entry[0] <= day]
        sums = {how: money_sum(amount for _, kind, amount in taken if kind == how) for how in _GONE.values()}
        settled_on, covered = None, ZERO
        for on, group in groupby(taken, key=lambda entry: entry[0]):
            covered += money_sum(amount for _, how, amount in group if how != "written_off")
            if covered < planned:
                settled_on = None
            elif settled_on is None:
                settled_on = on
        if settled_on:
            status = "met" if settled_on <= due_on else "late"
        elif due_on < day:
            status = "partly" if covered > 0 else "missed"
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
