"""The marketing plan as a tree after METRICS §1: what a branch states stands for what is below it; the rest is summed."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Any

from tests.oracle.company import NONE
from tests.oracle.marketing import Marketing
from tests.oracle.money import ZERO, rounded

STATED = ("budget", "committed_amount", "expected_revenue_amount", "expected_leads")


class Plan:
    """The plan of one company against what was spent and came of it, under the linear model by month."""

    def __init__(self, marketing: Marketing) -> None:
        self.marketing = marketing
        self.company = marketing.company
        self.campaigns = marketing.leads.campaigns

    @cached_property
    def _facts(self) -> dict[str, list[Any]]:
        found: dict[str, list[Any]] = defaultdict(lambda: [ZERO, ZERO, 0])
        for (basis, _, campaign, _), row in self.marketing.results["linear"].items():
            if basis == "period":
                own = found[campaign]
                own[0] += row.cost
                own[1] += row.amounts["booked"]
                own[2] += row.leads
        return found

    @cached_property
    def _parents(self) -> dict[str, str | None]:
        """The node above each; none where it is unknown, or where the chain comes back."""
        found: dict[str, str | None] = {}
        for key in {*self.campaigns, *self._facts}:
            above = self.campaigns.get(key, {}).get("parent_campaign_id")
            found[key] = above if above in self.campaigns else None
        return found

    @cached_property
    def _children(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for key, above in self._parents.items():
            if above is not None:
                found[above].append(key)
        return found

    def _stated(self, key: str, name: str) -> Any:
        row = self.campaigns.get(key, {})
        if name == "expected_leads":
            return row.get(name)
        day = min(row.get("starts_on") or self.company.as_of, self.company.as_of)
        return self.company.converted(row.get(name), row.get("currency"), day)

    def _total(self, key: str, name: str) -> Any:
        """What a branch states, else the sum of what its parts do; none where nothing is stated."""
        own = self._stated(key, name)
        if own is not None:
            return own
        parts = [total for child in self._children[key] if (total := self._total(child, name)) is not None]
        return sum(parts) if parts else None

    def _left(self, key: str) -> Decimal:
        """The budget of the days still to come."""
        budget = self._stated(key, "budget")
        if budget is None:
            return sum((self._left(child) for child in self._children[key]), ZERO)
        row, today = self.campaigns[key], self.company.as_of
        starts, ends = row["starts_on"], row["ends_on"]
        if ends is None and starts is not None and starts <= today:
            return ZERO
        if ends is None or (starts is not None and starts > today):
            return Decimal(budget)
        left, planned = max((ends - today).days, 0), max((ends - (starts or today)).days + 1, 1)
        return rounded(Fraction(budget) * left / planned)

    def _sum(self, key: str, place: int) -> Any:
        return self._facts[key][place] + sum(self._sum(child, place) for child in self._children[key])

    def nodes(self) -> dict[str, dict[str, Any]]:
        """`campaign_plan` by node."""
        found = {}
        for key in self._parents:
            row = self.campaigns.get(key, {})
            stated = {name: self._total(key, name) for name in STATED}
            spent = self._sum(key, 0)
            forecast = max(spent + self._left(key), stated["committed_amount"] or ZERO)
            budget = stated["budget"]
            found[key] = {
                "parent_campaign_id": self._parents[key],
                "level": row.get("level") or NONE,
                **stated,
                "spent": spent,
                "forecast_cost": forecast,
                "variance_amount": None if budget is None else forecast - budget,
                "booked_amount": self._sum(key, 1),
                "leads": self._sum(key, 2),
            }
        return found
