"""Receivables after METRICS §6: how money meets invoices, the ledger, its ages and its ratios.

Readings where §6 leaves room: money is applied in steps, each taking what the ones before left (a named
instalment, a named invoice, the invoices of the order, of the contract); within a step the earlier document
comes first, then the smaller id. A balance in company currency is what is left of the document's amount at
its own rate, posted cumulatively, so that it is 0 exactly when the document's balance is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Any

from tests.oracle.company import NONE, Company
from tests.oracle.exports import COMPANY_CURRENCY, Row
from tests.oracle.money import ZERO, at_rate, money_sum, posted, ratio, rounded, split

UNAPPLIED = "unapplied"
_OPEN_END = 10**9


@dataclass(frozen=True)
class Invoice:
    """An invoice in its own and in company currency, gross of tax."""

    id: str
    account: str
    order: str | None
    contract: str | None
    owner: str | None
    issued_on: date
    due_on: date
    currency: str
    document_amount: Decimal
    amount: Decimal
    net_amount: Decimal
    document_tax_amount: Decimal
    is_disputed: bool

    def net_of(self, amount: Decimal) -> Decimal:
        """An amount of it without its tax ("Net and gross")."""
        return posted(amount, self.document_amount - self.document_tax_amount, self.document_amount)


@dataclass(frozen=True)
class Money:
    """A payment, credit note or write-off; a refund is a payment below 0."""

    kind: str
    id: str
    account: str | None
    invoice: str | None
    order: str | None
    contract: str | None
    on: date
    currency: str
    document_amount: Decimal
    amount: Decimal


@dataclass(frozen=True)
class Part:
    """A part of an invoice with a due day of its own."""

    item: str
    invoice: Invoice
    instalment: str | None
    due_on: date
    document_amount: Decimal
    amount: Decimal


@dataclass
class Claim:
    """What a document may settle: an amount in the currency of the invoices, and what it is in its own."""

    money: Money
    invoice: str | None
    instalment: str | None
    order: str | None
    contract: str | None
    amount: Decimal
    money_amount: Decimal
    currency: str = COMPANY_CURRENCY
    used: Decimal = ZERO

    @property
    def left(self) -> Decimal:
        """What may still settle something."""
        return self.amount - self.used


@dataclass(frozen=True)
class Application:
    """Money that met a part of an invoice on the later of their days; `undoes` is the day of what a refund takes back."""

    money: Money
    part: Part
    on: date
    amount: Decimal
    money_amount: Decimal
    undoes: date | None = None


@dataclass(frozen=True)
class Item:
    """Something open on a day: a part of an invoice, or money not applied yet."""

    item: str
    kind: str
    document: str
    invoice: Invoice | None
    instalment: str | None
    account: str | None
    owner: str | None
    region: str | None
    issued_on: date
    due_on: date | None
    currency: str
    began_with: Decimal
    document_balance: Decimal
    balance: Decimal
    is_disputed: bool


@dataclass
class _Use:
    """Amounts that fell on days, in order."""

    days: list[tuple[date, Decimal]] = field(default_factory=list)

    def add(self, day: date, amount: Decimal) -> None:
        self.days.append((day, amount))

    def by(self, day: date) -> Decimal:
        return sum((amount for on, amount in self.days if on <= day), ZERO)


class Receivables:
    """The ledger of one company."""

    def __init__(self, company: Company) -> None:
        self.company = company

    # documents

    @cached_property
    def invoices(self) -> dict[str, Invoice]:
        """Invoices by id; the contract is its own, else its order's."""
        orders = self.company.by("orders", "order_id")
        found = {}
        for row in self.company.rows("invoices"):
            order = orders.get(row["order_id"], {})
            rate = self.company.rate(row["currency"], row["issued_on"])
            tax = row["tax_amount"] or ZERO
            found[row["invoice_id"]] = Invoice(
                id=row["invoice_id"],
                account=row["account_id"],
                order=row["order_id"],
                contract=row["contract_id"] or order.get("contract_id"),
                owner=row["owner_id"],
                issued_on=row["issued_on"],
                due_on=row["due_on"],
                currency=row["currency"] or COMPANY_CURRENCY,
                document_amount=row["amount"],
                amount=at_rate(row["amount"], rate) or ZERO,
                net_amount=(at_rate(row["amount"], rate) or ZERO) - (at_rate(tax, rate) or ZERO),
                document_tax_amount=tax,
                is_disputed=bool(row["is_disputed"]),
            )
        return found

    @cached_property
    def money(self) -> list[Money]:
        """Payments, credit notes and write-offs."""
        return [*self._payments(), *self._credit_notes(), *self._write_offs()]

    def _payments(self) -> Iterator[Money]:
        for row in self.company.rows("payments"):
            yield Money(
                "payment",
                row["payment_id"],
                row["account_id"],
                row["invoice_id"],
                row["order_id"],
                row["contract_id"],
                row["paid_on"],
                row["currency"] or COMPANY_CURRENCY,
                row["amount"],
                self.company.converted(row["amount"], row["currency"], row["paid_on"]) or ZERO,
            )

    def _credit_notes(self) -> Iterator[Money]:
        lines = self.company.by("order_lines", "order_line_id")
        returns = self.company.by("returns", "return_id")
        for row in self.company.rows("credit_notes"):
            line = row["order_line_id"] or returns.get(row["return_id"], {}).get("order_line_id")
            yield Money(
                "credit_note",
                row["credit_note_id"],
                row["account_id"],
                row["invoice_id"],
                lines.get(line, {}).get("order_id"),
                None,
                row["issued_on"],
                row["currency"] or COMPANY_CURRENCY,
                row["amount"],
                self.company.converted(row["amount"], row["currency"], row["issued_on"]) or ZERO,
            )

    def _write_offs(self) -> Iterator[Money]:
        """Write-offs are stated in their invoice's currency and count at its rate, so they realise no difference."""
        for row in self.company.rows("write_offs"):
            invoice = self.invoices.get(row["invoice_id"])
            if invoice is None:
                continue
            rate = self.company.rate(invoice.currency, invoice.issued_on)
            yield Money(
                "write_off",
                row["write_off_id"],
                invoice.account,
                invoice.id,
                None,
                None,
                row["written_off_on"],
                invoice.currency,
                row["amount"],
                at_rate(row["amount"], rate) or ZERO,
            )

    # parts

    @cached_property
    def parts(self) -> dict[str, list[Part]]:
        """The parts of each invoice, earliest due first: instalments up to its amount, and what they do not cover."""
        plans: dict[str, list[Row]] = defaultdict(list)
        for row in self.company.rows("collection_plans"):
            if row["invoice_id"] in self.invoices and row["amount"] > 0:
                plans[row["invoice_id"]].append(row)
        return {invoice.id: self._parts_of(invoice, plans.get(invoice.id, [])) for invoice in self.invoices.values()}

    def _parts_of(self, invoice: Invoice, plan: list[Row]) -> list[Part]:
        left = invoice.document_amount
        asked: dict[str, tuple[str | None, date, Decimal]] = {}
        for row in sorted(plan, key=lambda row: (row["due_on"], row["instalment_id"])):
            taken = min(self._in_invoice_currency(row, invoice), left)
            if taken > 0:
                asked[f"instalment {row['instalment_id']}"] = (row["instalment_id"], row["due_on"], taken)
                left -= taken
        if left != 0 or not asked:
            asked[f"invoice {invoice.id}"] = (None, invoice.due_on, left)
        amounts = (
            split(invoice.amount, {item: amount for item, (_, _, amount) in asked.items()})
            if len(asked) > 1
            else dict.fromkeys(asked, invoice.amount)
        )
        parts = [
            Part(item, invoice, instalment, due_on, amount, amounts[item])
            for item, (instalment, due_on, amount) in asked.items()
        ]
        return sorted(parts, key=lambda part: (part.due_on, part.item))

    def _in_invoice_currency(self, row: Row, invoice: Invoice) -> Decimal:
        currency = row["currency"] or invoice.currency
        return self.exchanged(row["amount"], currency, invoice.currency, invoice.issued_on)

    def exchanged(self, amount: Decimal, currency: str, into: str, day: date) -> Decimal:
        """An amount in another currency, by the rates of one day."""
        if currency == into:
            return amount
        top, bottom = self.company.rate(currency, day), self.company.rate(into, day)
        return rounded(Fraction(amount) * Fraction(top) / Fraction(bottom)) if top and bottom else ZERO

    # applications

    @cached_property
    def applications(self) -> list[Application]:
        """How money met invoices ("Application"), refunds taking applications back at the end."""
        return _Applying(self).run()

    @cached_property
    def applied_to(self) -> dict[str, _Use]:
        """What was applied to each part of an invoice, in the invoice's currency."""
        found: dict[str, _Use] = defaultdict(_Use)
        for application in self.applications:
            found[application.part.item].add(application.on, application.amount)
        return found

    @cached_property
    def used_of(self) -> dict[tuple[str, str], _Use]:
        """What of each document was applied, in its own currency."""
        found: dict[tuple[str, str], _Use] = defaultdict(_Use)
        for application in self.applications:
            found[application.money.kind, application.money.id].add(application.on, application.money_amount)
        return found

    @cached_property
    def net_collected(self) -> dict[str, list[tuple[date, Decimal]]]:
        """Payments applied to each invoice, net, at the payment's rate, by day: posted cumulatively ("Net and gross")."""
        values: dict[str, dict[date, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
        done: dict[str, Decimal] = defaultdict(Decimal)
        order = sorted(self.applications, key=lambda a: (a.on, a.part.invoice.id, a.part.item))
        for application in order:
            money = application.money
            if money.kind == "payment":
                before = posted(money.amount, done[money.id], money.document_amount)
                done[money.id] += application.money_amount
                value = posted(money.amount, done[money.id], money.document_amount) - before
                values[application.part.invoice.id][application.on] += value
        found = {}
        for key, by_day in values.items():
            total, movements = ZERO, []
            for day in sorted(by_day):
                before, total = self.invoices[key].net_of(total), total + by_day[day]
                movements.append((day, self.invoices[key].net_of(total) - before))
            found[key] = movements
        return found

    # balances

    def items_of_invoice(self, invoice: str, day: date) -> list[Item]:
        """The parts of an invoice with their balances at the end of the day."""
        return [self._part_item(part, day) for part in self.parts[invoice]]

    def open_items(self, day: date) -> list[Item]:
        """Everything with a balance at the end of the day."""
        return [item for item in self._all_items(day) if item.balance != 0 or item.document_balance != 0]

    def _all_items(self, day: date) -> Iterator[Item]:
        for parts in self.parts.values():
            for part in parts:
                if part.invoice.issued_on <= day:
                    yield self._part_item(part, day)
        for money in self.money:
            if money.kind != "write_off" and money.on <= day:
                yield self._money_item(money, day)

    def _part_item(self, part: Part, day: date) -> Item:
        invoice = part.invoice
        applied = self.applied_to[part.item].by(day) if part.item in self.applied_to else ZERO
        owner, region = self._owner_and_region(invoice.owner, invoice.account, day)
        return Item(
            item=part.item,
            kind="invoice",
            document=invoice.id,
            invoice=invoice,
            instalment=part.instalment,
            account=invoice.account,
            owner=owner,
            region=region,
            issued_on=invoice.issued_on,
            due_on=part.due_on,
            currency=invoice.currency,
            began_with=part.document_amount,
            document_balance=part.document_amount - applied,
            balance=part.amount - posted(part.amount, applied, part.document_amount),
            is_disputed=invoice.is_disputed or self._in_dispute(invoice.id, day),
        )

    def _money_item(self, money: Money, day: date) -> Item:
        key = (money.kind, money.id)
        used = self.used_of[key].by(day) if key in self.used_of else ZERO
        at_first = self.used_of[key].by(money.on) if key in self.used_of else ZERO
        owner, region = self._owner_and_region(None, money.account, day)
        return Item(
            item=f"{money.kind} {money.id}",
            kind=money.kind,
            document=money.id,
            invoice=None,
            instalment=None,
            account=money.account,
            owner=owner,
            region=region,
            issued_on=money.on,
            due_on=None,
            currency=money.currency,
            began_with=-(money.document_amount - at_first),
            document_balance=-(money.document_amount - used),
            balance=-(money.amount - posted(money.amount, used, money.document_amount)),
            is_disputed=False,
        )

    def _owner_and_region(self, owner: str | None, account: str | None, day: date) -> tuple[str | None, str | None]:
        """Owner of the document, else of the account on that day; his region then, else the account's."""
        owner = owner or self.company.owner_of_account(account, day)
        region = self.company.place(owner, day).region if owner else None
        return owner, region or self.company.accounts.get(account or "", {}).get("region")

    def _in_dispute(self, invoice: str, day: date) -> bool:
        return any(
            row["opened_on"] <= day and (row["resolved_on"] is None or row["resolved_on"] > day)
            for row in self._disputes.get(invoice, [])
        )

    @cached_property
    def _disputes(self) -> dict[str, list[Row]]:
        found: dict[str, list[Row]] = defaultdict(list)
        for row in self.company.rows("disputes"):
            found[row["invoice_id"]].append(row)
        return found

    def balance(self, day: date) -> Decimal:
        """The ledger's balance at the end of the day."""
        return money_sum(item.balance for item in self._all_items(day))

    def credit_sales(self, day: date, days: int) -> Decimal:
        """Invoices less credit notes issued in (day − days, day], gross of tax ("DSO")."""
        since = day - timedelta(days=days)
        return sum((amount for on, amount in self._sales if since < on <= day), ZERO)

    @cached_property
    def _sales(self) -> list[tuple[date, Decimal]]:
        invoiced = [(invoice.issued_on, invoice.amount) for invoice in self.invoices.values()]
        return invoiced + [(money.on, -money.amount) for money in self.money if money.kind == "credit_note"]

    # marts

    @cached_property
    def _buckets(self) -> dict[str, list[tuple[str, int, int]]]:
        found: dict[str, list[tuple[str, int, int]]] = defaultdict(list)
        for row in self.company.seed("aging_buckets"):
            found[row["basis"]].append(
                (row["bucket"], int(row["from_day"] or -_OPEN_END), int(row["to_day"] or _OPEN_END))
            )
        return found

    def bucket(self, basis: str, since: date | None, day: date) -> str:
        """The bucket of what is so many days past due, or old ("Aging")."""
        if since is None:
            return UNAPPLIED
        days = (day - since).days
        return next(name for name, low, high in self._buckets[basis] if low <= days <= high)

    @cached_property
    def line_weights(self) -> dict[str, dict[str, Decimal]]:
        """The amounts of an invoice's lines by product line; product lines at or below 0 are left out."""
        order_lines = self.company.by("order_lines", "order_line_id")
        found: dict[str, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
        for row in self.company.rows("invoice_lines"):
            product = row["product_id"] or order_lines.get(row["order_line_id"], {}).get("product_id")
            line = self.company.product_lines.get(product) or NONE
            found[row["invoice_id"]][line] += row["amount"]
        return {invoice: {line: w for line, w in lines.items() if w > 0} for invoice, lines in found.items()}

    def aging(self) -> dict[tuple[Any, ...], tuple[Decimal, Decimal, Decimal]]:
        """`receivables_aging`: amount, document amount and disputed amount by its key."""
        found: dict[tuple[Any, ...], list[Decimal]] = defaultdict(lambda: [ZERO, ZERO, ZERO])
        for day in self.company.reporting_dates:
            for item in self.open_items(day):
                for line, amount, document_amount in self._by_line(item):
                    for basis, since in (("due", item.due_on), ("invoice", item.due_on and item.issued_on)):
                        bucket = self.bucket(basis, since, day)
                        owner, region = item.owner or NONE, item.region or NONE
                        sums = found[day, basis, item.account, owner, region, line, item.currency, bucket]
                        sums[0] += amount
                        sums[1] += document_amount
                        sums[2] += amount if item.is_disputed else ZERO
        return {key: (sums[0], sums[1], sums[2]) for key, sums in found.items()}

    def _by_line(self, item: Item) -> list[tuple[str, Decimal, Decimal]]:
        weights = self.line_weights.get(item.invoice.id, {}) if item.invoice else {}
        if len(weights) < 2:
            return [(next(iter(weights), NONE), item.balance, item.document_balance)]
        amounts, document_amounts = split(item.balance, weights), split(item.document_balance, weights)
        return [(line, amounts[line], document_amounts[line]) for line in weights]

    def open_items_mart(self) -> dict[str, tuple[Any, ...]]:
        """`receivables_open_items`: one row per open item at the day shown."""
        day = self.company.as_of
        return {
            item.item: (
                item.kind,
                item.document,
                item.instalment,
                item.account,
                item.owner or NONE,
                item.region or NONE,
                item.issued_on,
                item.due_on,
                (day - item.due_on).days if item.due_on else None,
                item.currency,
                item.began_with,
                item.document_balance,
                item.balance,
                self.bucket("due", item.due_on, day),
                item.is_disputed,
            )
            for item in self.open_items(day)
        }

    def kpis(self) -> dict[date, dict[str, Decimal | None]]:
        """`receivables_kpis`: one row per reporting date."""
        return {day: self._kpis_on(day) for day in self.company.reporting_dates}

    def _kpis_on(self, day: date) -> dict[str, Decimal | None]:
        items = self.open_items(day)
        dated = [item for item in items if item.due_on is not None]
        balance = money_sum(item.balance for item in items)
        not_due = money_sum(item.balance for item in dated if item.due_on and item.due_on >= day)
        overdue = money_sum(item.balance for item in dated if item.due_on and item.due_on < day)
        positive = money_sum(item.balance for item in dated if item.balance > 0)
        opening = self.balance(day - timedelta(days=90))
        sales, year_sales = self.credit_sales(day, 90), self.credit_sales(day, 365)
        year_ago = day - timedelta(days=365)
        mean = (self.balance(year_ago) + balance) / 2
        dso, best = ratio(balance * 90, sales), ratio(not_due * 90, sales)
        return {
            "balance_amount": balance,
            "unapplied_amount": money_sum(item.balance for item in items if item.due_on is None),
            "open_amount": positive,
            "not_due_amount": not_due,
            "overdue_amount": overdue,
            "overdue_rate": ratio(overdue, positive),
            "disputed_amount": money_sum(item.balance for item in items if item.is_disputed),
            "opening_amount": opening,
            "credit_sales_amount": sales,
            "dso": dso,
            "dso_countback": self.countback(balance, day),
            "dso_best_possible": best,
            "average_days_delinquent": ratio((balance - not_due) * 90, sales),
            "cei": ratio(opening + sales - balance, opening + sales - not_due),
            "year_sales_amount": year_sales,
            "turnover": ratio(year_sales, mean) if self._first_day <= year_ago else None,
        }

    @cached_property
    def _first_day(self) -> date:
        days = [invoice.issued_on for invoice in self.invoices.values()] + [money.on for money in self.money]
        return min(days, default=date.max)

    def countback(self, balance: Decimal, day: date) -> Decimal | None:
        """Blocks of 30 days back, pro rata in the last; null when sales run out ("Count-back")."""
        if balance <= 0:
            return ZERO
        first = min((on for on, _ in self._sales), default=day)
        end, left, days = day, balance, 0
        while end >= first:
            sales = self.credit_sales(end, 30)
            if sales >= left:
                return rounded(days + Fraction(left) / Fraction(sales) * 30, 6)
            left, days, end = left - sales, days + 30, end - timedelta(days=30)
        return None


class _Applying:
    """One pass over all claims, in the order of METRICS §6, "Application"."""

    def __init__(self, ledger: Receivables) -> None:
        self.ledger = ledger
        self.open = {part.item: part.document_amount for parts in ledger.parts.values() for part in parts}
        self.found: list[Application] = []
        self.taken_back: dict[Application, Decimal] = defaultdict(Decimal)
        self.opened: dict[str, list[list[Any]]] = defaultdict(list)
        self.by_order: dict[str, list[Part]] = defaultdict(list)
        self.by_contract: dict[str, list[Part]] = defaultdict(list)
        parts = [part for parts in ledger.parts.values() for part in parts]
        for part in sorted(parts, key=lambda part: (part.due_on, part.invoice.issued_on, part.invoice.id, part.item)):
            self.by_order[part.invoice.order or ""].append(part)
            self.by_contract[part.invoice.contract or ""].append(part)

    def run(self) -> list[Application]:
        money = sorted(self.ledger.money, key=lambda money: (money.on, money.kind, money.id))
        forward = [document for document in money if document.document_amount > 0]
        claims = self._claims(forward)
        for named in (self._of_instalment, self._of_invoice, self._of_order, self._of_contract):
            for claim in claims:
                self._settle(claim, named(claim))
        for refund in (document for document in money if document.document_amount < 0):
            self._reverse(refund)
        for claim in claims:
            self._settle_opened(claim)
        return self.found

    def _of_instalment(self, claim: Claim) -> list[Part]:
        return [
            part for part in self._parts_of(claim.invoice) if claim.instalment and part.instalment == claim.instalment
        ]

    def _of_invoice(self, claim: Claim) -> list[Part]:
        return self._parts_of(claim.invoice)

    def _of_order(self, claim: Claim) -> list[Part]:
        return self.by_order.get(claim.order or "", []) if not claim.invoice and claim.order else []

    def _of_contract(self, claim: Claim) -> list[Part]:
        alone = claim.contract and not claim.invoice and not claim.order
        return self.by_contract.get(claim.contract or "", []) if alone else []

    def _claims(self, money: list[Money]) -> list[Claim]:
        stated: dict[str, list[Row]] = defaultdict(list)
        for row in self.ledger.company.rows("payment_allocations"):
            stated[row["payment_id"]].append(row)
        claims = []
        for document in money:
            if document.kind == "payment" and document.id in stated:
                claims += self._stated_claims(document, stated[document.id])
            else:
                claims.append(self._document_claim(document))
        return claims

    def _stated_claims(self, money: Money, rows: list[Row]) -> Iterator[Claim]:
        """Allocations of a payment up to its amount, earliest due invoice first."""
        together: dict[tuple[str, str | None], list[Decimal]] = defaultdict(lambda: [ZERO, ZERO])
        for row in rows:
            invoice = self.ledger.invoices.get(row["invoice_id"])
            if invoice is None:
                continue
            amount = row["amount"]
            in_money = row["payment_amount"]
            if in_money is None:
                in_money = self.ledger.exchanged(amount, invoice.currency, money.currency, money.on)
            sums = together[invoice.id, row["instalment_id"]]
            sums[0] += amount
            sums[1] += in_money
        left = money.document_amount
        due = {key: self.ledger.invoices[key[0]].due_on for key in together}
        for key in sorted(together, key=lambda key: (due[key], key[0], key[1] or "")):
            amount, in_money = together[key]
            if amount <= 0 or left <= 0:
                continue
            taken = min(in_money, left)
            claimed = amount if taken == in_money else posted(amount, taken, in_money)
            left -= taken
            currency = self.ledger.invoices[key[0]].currency
            yield Claim(money, key[0], key[1], None, None, claimed, taken, currency)

    def _document_claim(self, money: Money) -> Claim:
        invoice = money.invoice if money.invoice in self.ledger.invoices else None
        currency = money.currency
        if invoice:
            currency = self.ledger.invoices[invoice].currency
        elif money.order or money.contract:
            named = self.by_order[money.order] if money.order else self.by_contract[money.contract or ""]
            targets = {part.invoice.currency for part in named}
            currency = targets.pop() if len(targets) == 1 else currency
        amount = self.ledger.exchanged(money.document_amount, money.currency, currency, money.on)
        return Claim(money, invoice, None, money.order, money.contract, amount, money.document_amount, currency)

    def _parts_of(self, invoice: str | None) -> list[Part]:
        return self.ledger.parts.get(invoice or "", [])

    def _settle(self, claim: Claim, parts: Iterable[Part]) -> None:
        for part in parts:
            taken = min(claim.left, self.open[part.item]) if part.invoice.currency == claim.currency else ZERO
            if taken > 0:
                self._apply(claim, part, max(claim.money.on, part.invoice.issued_on), taken)

    def _apply(
        self, claim: Claim, part: Part, on: date, taken: Decimal, sign: int = 1, undoes: date | None = None
    ) -> None:
        """Use so much of a claim; what that is in the money's currency is posted cumulatively."""
        before = posted(claim.money_amount, claim.used, claim.amount)
        claim.used += taken
        in_money = posted(claim.money_amount, claim.used, claim.amount) - before
        self.open[part.item] -= sign * taken
        self.found.append(Application(claim.money, part, on, sign * taken, in_money, undoes))

    def _reverse(self, refund: Money) -> None:
        """A refund that names its invoice takes applications back, newest first, on its own day ("Application")."""
        invoice = self.ledger.invoices.get(refund.invoice or "")
        if invoice is None:
            return
        amount = self.ledger.exchanged(-refund.document_amount, refund.currency, invoice.currency, refund.on)
        claim = Claim(refund, invoice.id, None, None, None, amount, refund.document_amount, invoice.currency)
        mine = [a for a in self.found if a.part.invoice.id == invoice.id and a.money.kind == "payment" and a.amount > 0]
        for application in sorted(mine, key=lambda a: (a.on, a.money.id, a.part.item), reverse=True):
            taken = min(claim.left, application.amount - self.taken_back[application])
            if taken > 0:
                self.taken_back[application] += taken
                on = max(refund.on, application.on)
                self.opened[application.part.item].append([on, taken])
                self._apply(claim, application.part, on, taken, sign=-1, undoes=application.on)

    def _settle_opened(self, claim: Claim) -> None:
        """Money left over that names the invoice fills what a refund opened again, from the refund's day on."""
        for part in self._parts_of(claim.invoice):
            for opening in sorted(self.opened[part.item], key=lambda opening: opening[0]):
                taken = min(claim.left, opening[1], self.open[part.item])
                if taken > 0:
                    opening[1] -= taken
                    self._apply(claim, part, max(claim.money.on, opening[0]), taken)
