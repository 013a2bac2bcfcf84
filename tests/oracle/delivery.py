"""Orders, deliveries and contracts after METRICS §5, net of tax in company currency at the document's day.

Readings where §5 leaves room: an order belongs to its own opportunity, else its contract's; an amendment counts
at the rate of its contract's day; goods shipped or delivered are the line's amount by quantity, rounded once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Any

from tests.oracle.company import NONE, Company, Steps, month_of
from tests.oracle.exports import COMPANY_CURRENCY, Row
from tests.oracle.money import ZERO, at_rate, money_sum, post, posted, rounded
from tests.oracle.receivables import Receivables

BATCH_DAYS = ("shipped_on", "delivered_on", "invoiced_on", "collected_on")
BATCH_AMOUNTS = ("shipped_amount", "delivered_amount", "invoiced_amount", "collected_amount", "overdue_amount")


@dataclass(frozen=True)
class Line:
    """A line of an order; its cost is unknown where neither line nor product tells it."""

    id: str
    order: str
    product: str | None
    ordered_on: date
    promised_on: date | None
    cancelled_on: date | None
    quantity: Decimal
    amount: Decimal
    cost: Decimal | None
    is_commissionable: bool


class Delivery:
    """Orders and contracts of one company."""

    def __init__(self, company: Company, receivables: Receivables) -> None:
        self.company = company
        self.receivables = receivables

    @cached_property
    def orders(self) -> dict[str, Row]:
        """Orders by id."""
        return self.company.by("orders", "order_id")

    @cached_property
    def contracts(self) -> dict[str, Row]:
        """Contracts by id."""
        return self.company.by("contracts", "contract_id")

    def opportunity_of_order(self, order: str | None) -> str | None:
        """The order's opportunity, else its contract's ("Revenue")."""
        row = self.orders.get(order or "", {})
        contract = self.contracts.get(row.get("contract_id") or "", {})
        return row.get("opportunity_id") or contract.get("opportunity_id")

    @cached_property
    def _product_costs(self) -> dict[str, Steps]:
        found: dict[str, list[tuple[date, Row]]] = defaultdict(list)
        for row in self.company.rows("product_costs"):
            found[row["product_id"]].append((row["valid_from_on"], row))
        return {product: Steps(values) for product, values in found.items()}

    @cached_property
    def _products(self) -> dict[str, Row]:
        return self.company.by("products", "product_id")

    @cached_property
    def lines(self) -> dict[str, Line]:
        """Lines of orders that exist."""
        rows = self.company.rows("order_lines")
        return {row["order_line_id"]: self._line(row) for row in rows if row["order_id"] in self.orders}

    def _line(self, row: Row) -> Line:
        order = self.orders[row["order_id"]]
        day = order["ordered_on"]
        currency = row["currency"] or order["currency"] or COMPANY_CURRENCY
        return Line(
            id=row["order_line_id"],
            order=row["order_id"],
            product=row["product_id"],
            ordered_on=day,
            promised_on=row["promised_on"],
            cancelled_on=row["cancelled_on"],
            quantity=row["quantity"],
            amount=self._amount(row, currency, day),
            cost=self._cost(row, currency, day),
            is_commissionable=row["is_commissionable"] is not False,
        )

    def _amount(self, row: Row, currency: str, day: date) -> Decimal:
        """The line's amount, else quantity × price of one unit; multiplied and converted before it is rounded once."""
        if row["amount"] is not None:
            return self.company.converted(row["amount"], currency, day) or ZERO
        rate = self.company.rate(currency, day)
        if row["unit_price"] is None or rate is None:
            return ZERO
        return rounded(Fraction(row["quantity"]) * Fraction(row["unit_price"]) * Fraction(rate))

    def _cost(self, row: Row, currency: str, day: date) -> Decimal | None:
        """Quantity × cost of one unit: the line's, else the product's valid on the day, else the product's."""
        unit_cost = row["unit_cost"]
        if unit_cost is None:
            history = self._product_costs.get(row["product_id"])
            source = (history.on(day) if history else None) or self._products.get(row["product_id"], {})
            unit_cost, currency = source.get("unit_cost"), source.get("currency") or COMPANY_CURRENCY
        rate = self.company.rate(currency, day)
        if unit_cost is None or rate is None:
            return None
        return rounded(Fraction(row["quantity"]) * Fraction(unit_cost) * Fraction(rate))

    # what became of lines

    @cached_property
    def shipments_of(self) -> dict[str, list[Row]]:
        """Shipment lines of each order line."""
        return _by(self.company.rows("shipments"), "order_line_id")

    @cached_property
    def returns_of(self) -> dict[str, list[Row]]:
        """Returns of each order line, in order."""
        rows = sorted(self.company.rows("returns"), key=lambda row: (row["returned_on"], row["return_id"]))
        return _by(rows, "order_line_id")

    def moved(self, line: Line, column: str, day: date) -> Decimal:
        """The quantity of a line whose shipments have this date by a day."""
        return money_sum(
            row["quantity"] for row in self.shipments_of.get(line.id, []) if row[column] and row[column] <= day
        )

    def returned_amounts(self, line: Line) -> list[tuple[date, Decimal]]:
        """Net amounts of returned goods: as stated, else the line's by quantity, posted cumulatively."""
        order = self.orders[line.order]
        found, quantity = [], ZERO
        for row in self.returns_of.get(line.id, []):
            before, quantity = quantity, quantity + row["quantity"]
            if row["amount"] is not None:
                currency = row["currency"] or order["currency"]
                amount = self.company.converted(row["amount"], currency, line.ordered_on) or ZERO
            else:
                amount = posted(line.amount, quantity, line.quantity) - posted(line.amount, before, line.quantity)
            found.append((row["returned_on"], amount))
        return found

    # marts

    def order_returns(self) -> dict[tuple[date, str, str], dict[str, Any]]:
        """`order_returns` by month, product line and reason, of goods that came back by the day shown."""
        found: dict[tuple[date, str, str], dict[str, Any]] = {}
        for line in self.lines.values():
            product_line = self.company.product_lines.get(line.product or "") or NONE
            rows = self.returns_of.get(line.id, [])
            for row, (on, amount) in zip(rows, self.returned_amounts(line), strict=True):
                if on <= self.company.as_of:
                    key = month_of(on), product_line, row["reason"] or NONE
                    sums = found.setdefault(key, {"returns": 0, "quantity": ZERO, "amount": ZERO})
                    sums["returns"] += 1
                    sums["quantity"] += row["quantity"]
                    sums["amount"] += amount
        return found

    def contract_execution(self) -> dict[str, dict[str, Any]]:
        """`contract_execution`: what became of each contract that there was by the day shown."""
        day = self.company.as_of
        lines = defaultdict(list)
        for line in self.lines.values():
            contract = self.orders[line.order]["contract_id"]
            if contract and line.ordered_on <= day:
                lines[contract].append(line)
        return {
            contract: self._execution(row, lines[contract], day)
            for contract, row in self.contracts.items()
            if self.rate_day(row) <= day
        }

    def contract_batches(self) -> dict[tuple[str, str], dict[str, Any]]:
        """`contract_batches` by contract and shipment: a line's amount is laid out along what moved of it, batch by batch."""
        day = self.company.as_of
        found: dict[tuple[str, str], dict[str, Any]] = {}
        for line in self.lines.values():
            contract = self.orders[line.order]["contract_id"]
            if contract in self.contracts and line.ordered_on <= day:
                for kind in ("shipped", "delivered"):
                    self._lay_out(found, contract, line, kind)
        for contract in self.contracts:
            for invoice in self._invoices_of.get(contract, []):
                self._bill(found, contract, invoice)
        return found

    def _bill(self, found: dict[Any, dict[str, Any]], contract: str, invoice_id: str) -> None:
        ledger, day = self.receivables, self.company.as_of
        invoice, key = ledger.invoices[invoice_id], (contract, self._batch_of[invoice_id])
        if invoice.issued_on <= day:
            _into(found, key, "invoiced", invoice.issued_on, invoice.net_amount)
        for on, amount in ledger.net_collected.get(invoice_id, []):
            if on <= day:
                _into(found, key, "collected", on, amount)
        for item in ledger.items_of_invoice(invoice_id, day):
            if item.balance and item.due_on and item.due_on < day:
                _into(found, key, "overdue", None, invoice.net_of(item.balance))

    @cached_property
    def _batch_of(self) -> dict[str, str]:
        return {row["invoice_id"]: row["shipment_id"] or NONE for row in self.company.rows("invoices")}

    def _lay_out(self, found: dict[Any, dict[str, Any]], contract: str, line: Line, kind: str) -> None:
        rows = [
            row
            for row in self.shipments_of.get(line.id, [])
            if row[f"{kind}_on"] and row[f"{kind}_on"] <= self.company.as_of
        ]
        rows.sort(key=lambda row: (row[f"{kind}_on"], row["shipment_line_id"]))
        amounts = post(line.amount, [row["quantity"] for row in rows], line.quantity)
        for row, amount in zip(rows, amounts, strict=True):
            _into(found, (contract, row["shipment_id"]), kind, row[f"{kind}_on"], amount)

    def _execution(self, row: Row, lines: list[Line], day: date) -> dict[str, Any]:
        contract = row["contract_id"]
        amount, suspended_on, terminated_on = self._changed(row, day)
        approved_on = self._approved_on(row)
        billing = self._billing(contract, day)
        delivered = _share_of(lines, lambda line: self.moved(line, "delivered_on", day))
        returned = money_sum(part for line in lines for on, part in self.returned_amounts(line) if on <= day)
        return {
            "account_id": row["account_id"],
            "signed_on": row["signed_on"],
            "approved_on": approved_on if approved_on and approved_on <= day else None,
            "suspended_on": suspended_on,
            "terminated_on": terminated_on,
            "contract_amount": amount,
            "approved_amount": amount if approved_on and approved_on <= day else ZERO,
            "ordered_amount": money_sum(
                line.amount for line in lines if line.cancelled_on is None or line.cancelled_on > day
            ),
            "shipped_amount": _share_of(lines, lambda line: self.moved(line, "shipped_on", day)),
            "delivered_amount": delivered,
            "returned_amount": returned,
            "invoiced_amount": billing["invoiced"],
            "collected_amount": billing["collected"],
            "overdue_amount": billing["overdue"],
            "credited_amount": billing["credited"],
            "to_bill_amount": delivered - returned - (billing["invoiced"] - billing["for_returns"]),
        }

    def _changed(self, row: Row, day: date) -> tuple[Decimal, date | None, date | None]:
        """Amount ± amendments, and the days of a suspension that lasts and of the termination."""
        amount = self.signed_amount(row)
        suspended_on = terminated_on = None
        changes = [change for change in self.changes_of[row["contract_id"]] if change["changed_on"] <= day]
        for change in sorted(changes, key=lambda change: change["changed_on"]):
            amount += self.changed_amount(row, change)
            if change["kind"] == "suspended":
                suspended_on = change["changed_on"]
            elif change["kind"] == "resumed":
                suspended_on = None
            elif change["kind"] == "terminated":
                terminated_on = change["changed_on"]
        return amount, suspended_on, terminated_on

    def rate_day(self, row: Row) -> date:
        """The day of a contract's rate: it was signed, else starts, else was submitted, else is shown."""
        submitted_on = row["submitted_at"].date() if row["submitted_at"] else None
        return row["signed_on"] or row["starts_on"] or submitted_on or self.company.as_of

    def signed_amount(self, row: Row) -> Decimal:
        """A contract's amount before any change."""
        return self.company.converted(row["amount"], row["currency"], self.rate_day(row)) or ZERO

    def changed_amount(self, row: Row, change: Row) -> Decimal:
        """By how much a change moved it, at the rate of its own day; 0 where the change names no amount."""
        currency = change["currency"] or row["currency"]
        return self.company.converted(change["amount"], currency, self.rate_day(row)) or ZERO

    @cached_property
    def changes_of(self) -> dict[str, list[Row]]:
        """Dated changes of each contract."""
        return _by(self.company.rows("contract_changes"), "contract_id")

    def _approved_on(self, row: Row) -> date | None:
        """The contract's own approval, else that of its last step where all were approved."""
        if row["approved_at"] is not None:
            return row["approved_at"].date()  # type: ignore[no-any-return]
        steps = [
            step
            for step in self.company.rows("approvals")
            if step["document_kind"] == "contract" and step["document_id"] == row["contract_id"]
        ]
        if not steps or any(step["decision"] != "approved" or step["decided_at"] is None for step in steps):
            return None
        return max(step["decided_at"] for step in steps).date()  # type: ignore[no-any-return]

    @cached_property
    def _invoices_of(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for invoice in self.receivables.invoices.values():
            found[invoice.contract or ""].append(invoice.id)
        return found

    def _billing(self, contract: str, day: date) -> dict[str, Decimal]:
        """What was invoiced, collected, overdue and credited, net."""
        ledger = self.receivables
        invoices = [
            ledger.invoices[key] for key in self._invoices_of[contract] if ledger.invoices[key].issued_on <= day
        ]
        sums = {"invoiced": money_sum(invoice.net_amount for invoice in invoices)}
        sums["collected"] = money_sum(
            amount for invoice in invoices for on, amount in ledger.net_collected.get(invoice.id, []) if on <= day
        )
        sums["overdue"] = money_sum(
            invoice.net_of(item.balance)
            for invoice in invoices
            for item in ledger.items_of_invoice(invoice.id, day)
            if item.due_on and item.due_on < day
        )
        sums["credited"] = sums["for_returns"] = ZERO
        for row in self._credit_notes_of.get(contract, []):
            if row["issued_on"] <= day:
                rate = self.company.rate(row["currency"], row["issued_on"])
                net = (at_rate(row["amount"], rate) or ZERO) - (at_rate(row["tax_amount"] or ZERO, rate) or ZERO)
                sums["credited"] += net
                sums["for_returns"] += net if row["return_id"] else ZERO
        return sums

    @cached_property
    def _credit_notes_of(self) -> dict[str, list[Row]]:
        """Credit notes by the contract of their invoice, else of their order."""
        lines = self.company.by("order_lines", "order_line_id")
        returns = self.company.by("returns", "return_id")
        found: dict[str, list[Row]] = defaultdict(list)
        for row in self.company.rows("credit_notes"):
            invoice = self.receivables.invoices.get(row["invoice_id"])
            line = row["order_line_id"] or returns.get(row["return_id"], {}).get("order_line_id")
            order = self.orders.get(lines.get(line, {}).get("order_id"), {})
            contract = (invoice.contract if invoice else None) or order.get("contract_id")
            if contract:
                found[contract].append(row)
        return found


def _share_of(lines: Iterable[Line], quantity: Any) -> Decimal:
    """The lines' amounts by the quantity that moved."""
    return money_sum(posted(line.amount, quantity(line), line.quantity) for line in lines)


def _into(found: dict[Any, dict[str, Any]], key: tuple[str, str], kind: str, on: date | None, amount: Decimal) -> None:
    """Add an amount, and keep the last day, to a batch."""
    row = found.setdefault(key, dict.fromkeys(BATCH_DAYS) | dict.fromkeys(BATCH_AMOUNTS, ZERO))
    row[f"{kind}_amount"] += amount
    if on is not None:
        row[f"{kind}_on"] = max(on, row[f"{kind}_on"] or on)


def _by(rows: Iterable[Row], column: str) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        found[row[column]].append(row)
    return found
