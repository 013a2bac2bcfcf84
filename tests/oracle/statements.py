"""An ERP's own aging report beside the ledger, by document and by customer, on the day it states.

A document of one currency on both sides differs by its own amount at the day's rate, so that the rates at which the ledger
keeps it are no difference. A row without a document states the customer's total.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from tests.oracle.company import Company
from tests.oracle.exports import COMPANY_CURRENCY
from tests.oracle.money import ZERO, at_rate, money_sum
from tests.oracle.receivables import Item, Receivables

_Key = tuple[date, str | None, str | None, str]


class Statements:
    """Aging statements of one company."""

    def __init__(self, company: Company, receivables: Receivables) -> None:
        self.company = company
        self.receivables = receivables

    @cached_property
    def _stated(self) -> dict[date, dict[str, dict[str | None, dict[str, Decimal]]]]:
        """What is stated of each customer's documents by currency, on each day; None is the customer's total."""
        found: dict[date, Any] = defaultdict(lambda: defaultdict(lambda: defaultdict(lambda: defaultdict(Decimal))))
        for row in self.company.rows("aging_statements"):
            currency = row["currency"] or COMPANY_CURRENCY
            found[row["stated_on"]][row["account_id"]][row["document_id"]][currency] += row["amount"]
        return found

    def differences(self) -> dict[_Key, dict[str, Any]]:
        """`aging_differences` by day, customer, document and level."""
        found: dict[_Key, dict[str, Any]] = {}
        for day, stated in self._stated.items():
            ours: dict[str | None, dict[str | None, list[Item]]] = defaultdict(lambda: defaultdict(list))
            for item in self.receivables.open_items(day):
                ours[item.account][item.document].append(item)
            for account in {*stated, *ours}:
                of_account = stated.get(account or "", {})
                documents = {document for document in of_account if document}
                if documents or not of_account:
                    for document in documents | set(ours[account]):
                        figures = self._document(day, of_account.get(document, {}), ours[account][document])
                        found[day, account, document, "document"] = figures
                if None in of_account:
                    found |= self._total(day, account, of_account, ours[account])
        return found

    def _document(self, day: date, stated: dict[str, Decimal], items: list[Item]) -> dict[str, Any]:
        balance = money_sum(item.balance for item in items)
        if stated and items and {*stated} == {item.currency for item in items}:
            ((currency, amount),) = stated.items()
            apart = amount - money_sum(item.document_balance for item in items)
            worth = balance + (self.company.converted(apart, currency, day) or ZERO)
        else:
            worth = self._worth(day, stated)
        return _compared(worth, balance, is_stated=bool(stated), is_ours=bool(items))

    def _total(
        self,
        day: date,
        account: str | None,
        stated: dict[str | None, dict[str, Decimal]],
        ours: dict[str | None, list[Item]],
    ) -> dict[_Key, dict[str, Any]]:
        items = [item for of_document in ours.values() for item in of_document]
        balance = money_sum(item.balance for item in items)
        rows = [self._worth(day, amounts) for document, amounts in stated.items() if document]
        figures = _compared(self._worth(day, stated[None]), balance, is_stated=True, is_ours=bool(items))
        figures["rows_amount"] = money_sum(rows) if rows else None
        return {(day, account, None, "total" if rows else "account"): figures}

    def _worth(self, day: date, amounts: dict[str, Decimal]) -> Decimal:
        return money_sum(at_rate(amount, self.company.rate(currency, day)) for currency, amount in amounts.items())


def _compared(stated: Decimal, ours: Decimal, *, is_stated: bool, is_ours: bool) -> dict[str, Any]:
    if not is_ours and stated != 0:
        finding = "not_in_ledger"
    elif not is_stated:
        finding = "not_in_statement"
    else:
        finding = "equal" if stated == ours else "amount_differs"
    return {
        "finding": finding,
        "stated_amount": stated,
        "our_amount": ours,
        "difference": stated - ours,
        "rows_amount": None,
    }
