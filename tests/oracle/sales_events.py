"""What happens to order lines that a commission may count (METRICS §7, "Events and modes", "Clawback"), net of tax.

Readings where §7 leaves room: an invoice's money belongs to the order lines that its lines name, else to those of its
shipment by quantity, else to those of its order that were not cancelled when it was issued; a credit note without a
return lowers the line that it names, else those of its invoice. Money counts as revenue at the rate of the order's
day where currencies agree, as margin by the line's share of it, and as collected at its own rate.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property

from tests.oracle.company import Company
from tests.oracle.delivery import Delivery, Line
from tests.oracle.exports import COMPANY_CURRENCY, Row
from tests.oracle.money import ZERO, at_rate, posted, split
from tests.oracle.receivables import Application, Invoice, Receivables

GOODS, BOOKINGS, SALES, MONEY = "goods", "bookings", "sales", "money"


@dataclass(frozen=True)
class Event:
    """Something that brings base to an order line, or takes some of it away; amounts are never below 0 for a loss."""

    basis: str
    id: str
    line: str
    on: date
    is_loss: bool
    bases: dict[str, Decimal]
    shipment: str | None = None
    invoice: str | None = None
    due_on: date | None = None
    interest_on: date | None = None
    reached: Decimal = ZERO


class SalesEvents:
    """The events of one company's order lines."""

    def __init__(self, company: Company, receivables: Receivables, delivery: Delivery) -> None:
        self.company = company
        self.receivables = receivables
        self.delivery = delivery

    @cached_property
    def of_line(self) -> dict[str, list[Event]]:
        """Events of each order line, in the order of day and document."""
        found: dict[str, list[Event]] = defaultdict(list)
        for line in self.delivery.lines.values():
            found[line.id] += [*self._arrivals(line), *self._booked(line), *self._returned(line)]
        for event in [*self._credits(), *self._written_off(), *self._collected()]:
            if event.line in self.delivery.lines:
                found[event.line].append(event)
        return {line: sorted(events, key=lambda event: (event.on, event.id)) for line, events in found.items()}

    # goods and orders

    def _arrivals(self, line: Line) -> Iterator[Event]:
        has_partner = self.delivery.orders[line.order]["partner_id"] is not None
        column = "end_customer_on" if has_partner else "delivered_on"
        rows = [row for row in self.delivery.shipments_of.get(line.id, []) if row[column]]
        margin, reached = margin_of(line), ZERO
        for row in sorted(rows, key=lambda row: (row[column], row["shipment_line_id"])):
            before, reached = reached, reached + row["quantity"]
            bases = {
                "revenue": posted(line.amount, reached, line.quantity) - posted(line.amount, before, line.quantity),
                "margin": posted(margin, reached, line.quantity) - posted(margin, before, line.quantity),
            }
            shipment = row["shipment_id"]
            document = f"shipment {row['shipment_line_id']}"
            yield Event(GOODS, document, line.id, row[column], False, bases, shipment, reached=reached)

    def _booked(self, line: Line) -> Iterator[Event]:
        bases = {"revenue": line.amount, "margin": margin_of(line), "collected": ZERO}
        yield Event(BOOKINGS, f"order {line.order}", line.id, line.ordered_on, False, bases)
        if line.cancelled_on is not None:
            yield Event(BOOKINGS, f"cancelled {line.id}", line.id, line.cancelled_on, True, bases)

    def _returned(self, line: Line) -> Iterator[Event]:
        quantity, margin = ZERO, margin_of(line)
        rows = self.delivery.returns_of.get(line.id, [])
        for row, (on, amount) in zip(rows, self.delivery.returned_amounts(line), strict=True):
            before, quantity = quantity, quantity + row["quantity"]
            lost = posted(margin, quantity, line.quantity) - posted(margin, before, line.quantity)
            yield Event(SALES, f"return {row['return_id']}", line.id, on, True, {"revenue": amount, "margin": lost})

    # invoices

    @cached_property
    def weights(self) -> dict[str, dict[str, tuple[Decimal, str | None]]]:
        """What each invoice asks for, by order line (`` where a line of it names none), with the shipment."""
        lines: dict[str, list[Row]] = defaultdict(list)
        for row in self.company.rows("invoice_lines"):
            lines[row["invoice_id"]].append(row)
        shipped = self.company.by("shipments", "shipment_line_id")
        batches: dict[str, list[Row]] = defaultdict(list)
        for row in shipped.values():
            batches[row["shipment_id"]].append(row)
        of_order: dict[str, list[Line]] = defaultdict(list)
        for line in self.delivery.lines.values():
            of_order[line.order].append(line)
        found = {}
        for row in self.company.rows("invoices"):
            named = self._named(row, lines[row["invoice_id"]], shipped)
            asked = named or self._of_batch(row, batches) or self._of_order(row, of_order)
            sums: dict[str, tuple[Decimal, str | None]] = {}
            for line_id, weight, shipment in asked:
                if weight > 0:
                    before, known = sums.get(line_id, (ZERO, None))
                    sums[line_id] = before + weight, max(filter(None, (known, shipment)), default=None)
            found[row["invoice_id"]] = sums
        return found

    def _named(self, invoice: Row, lines: list[Row], shipped: dict[str, Row]) -> list[tuple[str, Decimal, str | None]]:
        found = []
        for row in lines:
            source = shipped.get(row["shipment_line_id"], {})
            line = row["order_line_id"] or source.get("order_line_id")
            weight = row["amount"] - (row["tax_amount"] or ZERO)
            found.append((line or "", weight, invoice["shipment_id"] or source.get("shipment_id")))
        return found if any(line for line, _, _ in found) else []

    def _of_batch(self, invoice: Row, batches: dict[str, list[Row]]) -> list[tuple[str, Decimal, str | None]]:
        rows = batches.get(invoice["shipment_id"] or "", [])
        lines = self.delivery.lines
        return [
            (line.id, posted(line.amount, row["quantity"], line.quantity), invoice["shipment_id"])
            for row in rows
            if (line := lines.get(row["order_line_id"])) is not None
        ]

    def _of_order(self, invoice: Row, of_order: dict[str, list[Line]]) -> list[tuple[str, Decimal, str | None]]:
        return [
            (line.id, line.amount, invoice["shipment_id"])
            for line in of_order.get(invoice["order_id"] or "", [])
            if line.cancelled_on is None or line.cancelled_on > invoice["issued_on"]
        ]

    def _spread(self, invoice: str | None, amount: Decimal) -> dict[str, Decimal]:
        weights = {line: weight for line, (weight, _) in self.weights.get(invoice or "", {}).items()}
        # parts without an order line are called (none), which decides between equal fractions
        named = {line or "(none)": weight for line, weight in weights.items()}
        return split(amount, named) if named else {}

    # credit notes and write-offs

    def _credits(self) -> Iterator[Event]:
        for row in self.company.rows("credit_notes"):
            if row["return_id"] is not None:
                continue
            rate = self.company.rate(row["currency"], row["issued_on"])
            net = (at_rate(row["amount"], rate) or ZERO) - (at_rate(row["tax_amount"] or ZERO, rate) or ZERO)
            parts = {row["order_line_id"]: net} if row["order_line_id"] else self._spread(row["invoice_id"], net)
            for line, amount in parts.items():
                bases = {"revenue": amount, "margin": amount}
                yield Event(SALES, f"credit_note {row['credit_note_id']}", line, row["issued_on"], True, bases)

    def _written_off(self) -> Iterator[Event]:
        """Write-offs net of tax, in company currency, posted cumulatively per invoice."""
        totals: dict[str, Decimal] = defaultdict(Decimal)
        for application, amount in self._at_invoice_rate():
            invoice = application.part.invoice
            if application.money.kind != "write_off":
                continue
            before = posted(invoice.net_amount, totals[invoice.id], invoice.amount)
            totals[invoice.id] += amount
            net = posted(invoice.net_amount, totals[invoice.id], invoice.amount) - before
            for line, part in self._spread(invoice.id, net).items():
                bases = {"revenue": part, "margin": part}
                yield Event(SALES, f"write_off {key_of(application)}", line, application.on, True, bases)

    def _at_invoice_rate(self) -> Iterator[tuple[Application, Decimal]]:
        """Applications with their amount in company currency at the invoice's rate, posted cumulatively per part."""
        done: dict[str, Decimal] = defaultdict(Decimal)
        for application in self._in_order:
            part = application.part
            before = posted(part.amount, done[part.item], part.document_amount)
            done[part.item] += application.amount
            yield application, posted(part.amount, done[part.item], part.document_amount) - before

    @cached_property
    def _in_order(self) -> list[Application]:
        return sorted(self.receivables.applications, key=lambda found: (found.on, key_of(found)))

    # money

    def _collected(self) -> Iterator[Event]:
        """Payments applied to an invoice: what its order lines have had of them after each, less what they had before."""
        used: dict[str, Decimal] = defaultdict(Decimal)
        documents: dict[str, Decimal] = defaultdict(Decimal)
        values: dict[str, Decimal] = defaultdict(Decimal)
        had: dict[tuple[str, str], dict[str, Decimal]] = defaultdict(dict)
        for application in self._in_order:
            money, invoice = application.money, application.part.invoice
            if money.kind != "payment":
                continue
            before = posted(money.amount, used[money.id], money.document_amount)
            used[money.id] += application.money_amount
            values[invoice.id] += posted(money.amount, used[money.id], money.document_amount) - before
            documents[invoice.id] += application.amount
            has = self._held(invoice, documents[invoice.id], values[invoice.id])
            for line, bases in has.items():
                gained = {base: amount - had[invoice.id, line].get(base, ZERO) for base, amount in bases.items()}
                had[invoice.id, line] = bases
                yield Event(
                    MONEY,
                    key_of(application),
                    line,
                    application.on,
                    gained["collected"] < 0,
                    {base: abs(amount) for base, amount in gained.items()},
                    self.weights[invoice.id][line][1],
                    invoice.id,
                    application.part.due_on,
                    application.undoes or application.on,
                )

    def _held(self, invoice: Invoice, document: Decimal, value: Decimal) -> dict[str, dict[str, Decimal]]:
        """What each order line has of an invoice of which so much has been paid, in each base."""
        documents = self._spread(invoice.id, invoice.net_of(document))
        values = self._spread(invoice.id, invoice.net_of(value))
        found = {}
        for line_id, amount in documents.items():
            line = self.delivery.lines.get(line_id)
            if line is not None:
                day = line.ordered_on if self._currencies[line_id] == invoice.currency else invoice.issued_on
                revenue = self.company.converted(amount, invoice.currency, day) or ZERO
                margin = posted(revenue, margin_of(line), line.amount)
                found[line_id] = {"revenue": revenue, "margin": margin, "collected": values[line_id]}
        return found

    @cached_property
    def _currencies(self) -> dict[str, str]:
        """The currency of each order line."""
        orders = self.delivery.orders
        return {
            row["order_line_id"]: row["currency"] or orders[row["order_id"]]["currency"] or COMPANY_CURRENCY
            for row in self.company.rows("order_lines")
            if row["order_id"] in orders
        }


def key_of(application: Application) -> str:
    """What orders applications of a day: the document, then the invoice and the part of it."""
    part = application.part
    return f"{application.money.kind} {application.money.id} > {part.invoice.id} > {part.item}"


def margin_of(line: Line) -> Decimal:
    """Amount less cost; nothing where no cost is known."""
    return ZERO if line.cost is None else line.amount - line.cost
