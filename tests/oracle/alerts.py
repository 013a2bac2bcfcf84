"""Alerts after METRICS §6: each rule looked at for each document, instalment, promise and customer on the day shown.

Readings where §6 leaves room: an alert is raised on the first day on which its rule held without a break; that is told by
reporting dates for limits and grades, and by due days for the rest, never before the document's own day.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Any

from tests.oracle.company import NONE, Company
from tests.oracle.credit import Credit
from tests.oracle.money import ZERO, money_sum, rounded
from tests.oracle.receivables import Item, Receivables
from tests.oracle.rolls import Rolls

FINANCE = ("finance", "controller", "财务")


@dataclass(frozen=True)
class Rule:
    """What is asked, how grave it is, and whom to tell."""

    kind: str
    level: str | None
    threshold: int
    last: int | None
    severity: str
    tell: str


@dataclass(frozen=True)
class Check:
    """One rule looked at for one thing."""

    rule: Rule
    entity: str
    occurrence: str
    document: str | None
    account: str | None
    owner: str | None
    value: Decimal
    threshold: Decimal
    is_fired: bool
    raised_on: date | None
    amount: Decimal
    is_highest: bool = False

    @property
    def alert_id(self) -> str:
        """Kind, level and what it is about: the same as long as it lasts."""
        return " ".join(part for part in (self.rule.kind, self.rule.level, self.occurrence) if part)


class Alerts:
    """The alerts of one company on the day shown."""

    def __init__(self, company: Company, receivables: Receivables, rolls: Rolls, credit: Credit) -> None:
        self.company = company
        self.receivables = receivables
        self.rolls = rolls
        self.credit = credit

    @cached_property
    def _rules(self) -> dict[str, Rule]:
        return {
            row["kind"]: Rule(row["kind"], None, int(row["threshold"]), None, row["severity"], row["tell"])
            for row in self.company.seed("alert_rules")
        }

    @cached_property
    def _due_rules(self) -> list[Rule]:
        """Rules on days past due, negative before the due day, with the last day on which they hold."""
        soon, today = self._rules["due_soon"], self._rules["due_today"]
        levels = [
            Rule("dunning", row["level"], int(row["days_past_due"]), None, row["severity"], row["tell"])
            for row in self.company.seed("dunning_levels")
        ]
        return [
            replace(soon, threshold=-soon.threshold, last=-1),
            replace(today, threshold=-today.threshold, last=0),
            *levels,
        ]

    @cached_property
    def _open(self) -> list[Item]:
        return [item for item in self.receivables.open_items(self.company.as_of) if item.due_on and item.balance > 0]

    @cached_property
    def checks(self) -> list[Check]:
        """Everything looked at; the highest threshold among those that fired of a kind for a thing is marked."""
        found = [*self._due(), *self._limits(), *self._grades(), *self._instalments(), *self._promises()]
        highest: dict[tuple[str, str], Decimal] = {}
        for check in found:
            key = (check.rule.kind, check.entity)
            if check.is_fired:
                highest[key] = max(highest.get(key, check.threshold), check.threshold)
        return [
            replace(
                check,
                is_highest=check.is_fired and check.threshold == highest[check.rule.kind, check.entity],
            )
            for check in found
        ]

    def _due(self) -> Iterator[Check]:
        day = self.company.as_of
        for item in self._open:
            assert item.due_on is not None
            past = (day - item.due_on).days
            for rule in self._due_rules:
                yield Check(
                    rule,
                    item.item,
                    item.item,
                    item.document,
                    item.account,
                    item.owner,
                    Decimal(past),
                    Decimal(rule.threshold),
                    rule.threshold <= past and (rule.last is None or past <= rule.last),
                    max(item.due_on + timedelta(days=rule.threshold), item.issued_on),
                    item.balance,
                )

    @cached_property
    def _files(self) -> dict[str, dict[date, dict[str, Any]]]:
        found: dict[str, dict[date, dict[str, Any]]] = defaultdict(dict)
        for (day, account), row in self.credit.customers.items():
            found[account][day] = row
        return found

    def _limits(self) -> Iterator[Check]:
        rule, today = self._rules["limit_exceeded"], self.company.as_of
        for account, file in self._files.items():
            if file[today]["limit_amount"] is None:
                continue
            limits = {
                day: rounded(Fraction(row["limit_amount"] or 0) * (1 + rule.threshold)) for day, row in file.items()
            }
            since = None
            for day in sorted(day for day in file if file[day]["limit_amount"] is not None):
                over = file[day]["exposure_amount"] > limits[day]
                since = (since or day) if over else None
            exposure, limit = file[today]["exposure_amount"], file[today]["limit_amount"]
            owner = self.company.owner_of_account(account, today)
            yield Check(
                rule,
                account,
                account,
                None,
                account,
                owner,
                exposure,
                limits[today],
                since is not None,
                since,
                exposure - limit,
            )

    def _grades(self) -> Iterator[Check]:
        rule, today = self._rules["grade_fell"], self.company.as_of
        ranks = {grade.name: grade.rank for grade in self.credit.grades}
        for account, file in self._files.items():
            row = file[today]
            if row["grade"] is None or row["previous_grade"] is None:
                continue
            before = max(day for day in file if day < today)
            fell = Decimal(ranks[row["grade"]] - ranks[row["previous_grade"]])
            yield Check(
                rule,
                account,
                f"{account} {before} {row['grade']}",
                None,
                account,
                self.company.owner_of_account(account, today),
                fell,
                Decimal(rule.threshold),
                fell >= rule.threshold,
                before + timedelta(days=1),
                row["invoiced_amount"],
            )

    def _instalments(self) -> Iterator[Check]:
        rule, today = self._rules["instalment_missed"], self.company.as_of
        rows = self.company.by("collection_plans", "instalment_id")
        for instalment, plan in self.rolls.plans().items():
            if plan["settled_on"] is not None or plan["open_amount"] <= 0:
                continue
            row = rows[instalment]
            invoice = self.receivables.invoices.get(row["invoice_id"])
            account = row["account_id"] or (invoice.account if invoice else None)
            past = max(0, (today - plan["due_on"]).days)
            yield Check(
                rule,
                instalment,
                instalment,
                row["invoice_id"] or row["contract_id"],
                account,
                row["owner_id"] or self.company.owner_of_account(account, today),
                Decimal(past),
                Decimal(rule.threshold),
                past >= rule.threshold,
                plan["due_on"] + timedelta(days=rule.threshold),
                plan["open_amount"],
            )

    def _promises(self) -> Iterator[Check]:
        rule, today = self._rules["promise_broken"], self.company.as_of
        for promise in self.credit.promises:
            owed = [
                item.balance
                for item in self._open
                if (item.document == promise.invoice if promise.invoice else item.account == promise.account)
            ]
            if owed:
                yield Check(
                    rule,
                    promise.id,
                    promise.id,
                    promise.invoice,
                    promise.account,
                    self.company.owner_of_account(promise.account, today),
                    promise.applied,
                    promise.promised,
                    promise.is_short and (today - promise.due_on).days >= rule.threshold,
                    promise.due_on + timedelta(days=rule.threshold),
                    min(promise.promised - promise.applied, money_sum(owed) or ZERO),
                )

    def _told(self, check: Check) -> str | None:
        """The owner, his manager on that day, or the first of the finance people."""
        owner = check.owner if check.owner in self.company.users else None
        if check.rule.tell == "owner":
            return owner
        if check.rule.tell == "manager":
            return self.company.place(owner, self.company.as_of).manager_id if owner else None
        return min(
            (
                user
                for user, row in self.company.users.items()
                if row["left_on"] is None and any(word in (row["role"] or "").lower() for word in FINANCE)
            ),
            default=None,
        )

    # marts

    def evaluations(self) -> dict[str, dict[str, Any]]:
        """`alert_evaluations` by alert."""
        return {
            check.alert_id: {
                "kind": check.rule.kind,
                "level": check.rule.level,
                "entity_id": check.entity,
                "day": self.company.as_of,
                "value": check.value,
                "threshold": check.threshold,
                "is_fired": check.is_fired,
            }
            for check in self.checks
        }

    def alerts(self) -> dict[str, dict[str, Any]]:
        """`alerts` by alert: what fired."""
        return {
            check.alert_id: {
                "kind": check.rule.kind,
                "level": check.rule.level,
                "severity": check.rule.severity,
                "raised_on": check.raised_on,
                "owner_id": check.owner or NONE,
                "tell": check.rule.tell,
                "tell_user_id": self._told(check),
                "entity_id": check.entity,
                "document_id": check.document,
                "account_id": check.account,
                "amount": check.amount,
                "value": check.value,
                "threshold": check.threshold,
                "is_highest_level": check.is_highest,
            }
            for check in self.checks
            if check.is_fired
        }
