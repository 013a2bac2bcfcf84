"""The documents of contracts after METRICS §5: who approved them how fast, and what changed their amount when.

Readings where §5 leaves room: hours run by the clock and to the hundredth; a step undecided by the day shown waits to
its end. A contract begins with its whole amount on the day of its rate; changes of that day follow it, those of one day
in the order of their file.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from tests.oracle.company import Company
from tests.oracle.compare import Rows
from tests.oracle.delivery import Delivery
from tests.oracle.exports import Row
from tests.oracle.money import ZERO, rounded

_SECOND = timedelta(seconds=1)


class Contracts:
    """Approvals and changes of one company's contracts."""

    def __init__(self, company: Company, delivery: Delivery) -> None:
        self.company = company
        self.delivery = delivery

    def approvals(self) -> Rows:
        """`contract_approvals` by approval step, of those requested by the day shown."""
        day = self.company.as_of
        return {
            (row["approval_id"],): self._waited(row)
            for row in self.company.rows("approvals")
            if row["document_kind"] == "contract" and row["requested_at"].date() <= day
        }

    def _waited(self, row: Row) -> dict[str, Any]:
        day = self.company.as_of
        decided_at = row["decided_at"]
        if decided_at is not None and decided_at.date() > day:
            decided_at = None
        until = decided_at or datetime.combine(day + timedelta(days=1), time())
        return {
            "contract_id": row["document_id"],
            "account_id": self.delivery.contracts.get(row["document_id"], {}).get("account_id"),
            "step": row["step"],
            "approver_id": row["approver_id"],
            "requested_at": row["requested_at"],
            "due_at": row["due_at"],
            "decided_at": decided_at,
            "decision": row["decision"] if decided_at else None,
            "is_waiting": decided_at is None,
            "is_late": row["due_at"] is not None and until > row["due_at"],
            "hours_waited": max(ZERO, rounded(Fraction((until - row["requested_at"]) // _SECOND, 3600))),
        }

    def changes(self) -> Rows:
        """`contract_changes` by contract, day, kind and the amount that it left."""
        found: dict[tuple[Any, ...], dict[str, Any]] = {}
        for contract, row in self.delivery.contracts.items():
            amount = ZERO
            for on, kind, moved in self._movements(row):
                amount += moved
                found[contract, on, kind, amount] = {"account_id": row["account_id"], "amount": moved}
        return found

    def _movements(self, row: Row) -> list[tuple[date, str, Decimal]]:
        """The signing and the dated changes to the day shown, in their order."""
        changes = [
            (change["changed_on"], change["kind"], self.delivery.changed_amount(row, change))
            for change in self.delivery.changes_of[row["contract_id"]]
        ]
        movements = [(self.delivery.rate_day(row), "signed", self.delivery.signed_amount(row)), *changes]
        return sorted(
            (movement for movement in movements if movement[0] <= self.company.as_of), key=lambda movement: movement[0]
        )
