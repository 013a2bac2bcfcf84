"""How the open pipeline moved, after METRICS §4 "Movements": what was open before, what changed each day, what is left.

Readings where §4 leaves room: of what changes on one day the amount changes first, then the close date, then the
owner; a deal that leaves the pipeline goes with the amount, period and owner at the end of that day. Changes of a
day count at that day's rate, so fx is what the amount of the day before gains by the new rate.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any

from tests.oracle.company import NONE, Company
from tests.oracle.exports import COMPANY_CURRENCY
from tests.oracle.money import ZERO, at_rate
from tests.oracle.opportunities import LOST, OPEN, WON, Deal, Opportunities, State

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Movement:
    """What a change of a deal adds to the pipeline of an owner and of the periods that hold a close date."""

    deal: str
    on: date
    step: str
    owner: str
    close_on: date | None
    other_close_on: date | None
    amount: Decimal


class Waterfall:
    """The movements of one company's pipeline."""

    def __init__(self, company: Company, opportunities: Opportunities) -> None:
        self.company = company
        self.opportunities = opportunities

    def _is_counted(self, state: State | None) -> bool:
        return state is not None and state.status == OPEN and state.category not in ("omitted", "closed")

    def _at(self, deal: Deal, state: State, day: date) -> Decimal:
        """The deal's amount at the rate of a day."""
        return at_rate(state.document_amount, self.company.rate(self._currency(deal, state, day), day)) or ZERO

    def _currency(self, deal: Deal, _: State, day: date) -> str:
        return deal.fields["currency"].on(day) or COMPANY_CURRENCY

    @cached_property
    def movements(self) -> list[Movement]:
        """Every movement up to the day shown."""
        found: list[Movement] = []
        for deal in self.opportunities.deals.values():
            days = {day for steps in deal.fields.values() for day in steps.days}
            days |= {deal.starts_on, *self._rate_days(deal)}
            for day in sorted(day for day in days if deal.starts_on <= day <= self.company.as_of):
                found += self._on(deal, day)
        return found

    def _rate_days(self, deal: Deal) -> set[date]:
        currencies = set(deal.fields["currency"].values) - {None, COMPANY_CURRENCY}
        return {
            day
            for row in self.company.rows("fx_rates")
            if {row["from_currency"], row["to_currency"]} & currencies
            for day in [row["rate_on"]]
        }

    def _on(self, deal: Deal, day: date) -> Iterator[Movement]:
        before = self.opportunities.state(deal, day - _DAY)
        after = self.opportunities.state(deal, day)
        assert after is not None
        if before is not None and self._is_counted(before):
            yield from self._fx(deal, before, day)
            yield from self._changes(deal, before, after, day)
            if not self._is_counted(after):
                yield self._moved(deal, day, _leaving(after), after, -self._at(deal, after, day))
        elif self._is_counted(after):
            step = "created" if day == deal.starts_on else "reopened"
            yield self._moved(deal, day, step, after, self._at(deal, after, day))
        elif day == deal.starts_on and after.status in (WON, LOST):
            amount = self._at(deal, after, day)
            yield self._moved(deal, day, "created", after, amount)
            yield self._moved(deal, day, after.status, after, -amount)

    def _moved(
        self, deal: Deal, day: date, step: str, state: State, amount: Decimal, other: date | None = None
    ) -> Movement:
        return Movement(deal.id, day, step, state.owner or NONE, state.close_on, other, amount)

    def _fx(self, deal: Deal, before: State, day: date) -> Iterator[Movement]:
        currency = self._currency(deal, before, day - _DAY)
        new = at_rate(before.document_amount, self.company.rate(currency, day)) or ZERO
        if difference := new - (at_rate(before.document_amount, self.company.rate(currency, day - _DAY)) or ZERO):
            yield self._moved(deal, day, "fx", before, difference)

    def _changes(self, deal: Deal, before: State, after: State, day: date) -> Iterator[Movement]:
        was = at_rate(before.document_amount, self.company.rate(self._currency(deal, before, day - _DAY), day)) or ZERO
        now = self._at(deal, after, day)
        if now != was:
            yield self._moved(deal, day, "increased" if now > was else "decreased", before, now - was)
        if after.close_on != before.close_on:
            yield self._moved(deal, day, "pushed_out", before, -now, after.close_on)
            yield Movement(deal.id, day, "pulled_in", before.owner or NONE, after.close_on, before.close_on, now)
        if after.owner != before.owner:
            yield Movement(deal.id, day, "transferred_out", before.owner or NONE, after.close_on, None, -now)
            yield Movement(deal.id, day, "transferred_in", after.owner or NONE, after.close_on, None, now)

    # marts

    def _periods_of(self, movement: Movement) -> list[str]:
        """The periods that it moves: not those that hold both close dates of a pull or push."""
        names = _holding(movement.close_on)
        if movement.step in ("pulled_in", "pushed_out"):
            names -= _holding(movement.other_close_on)
        return sorted(names & self._known_periods)

    @cached_property
    def _known_periods(self) -> set[str]:
        last = self.company.year_end(self.company.as_of, 1)
        return {period.name for period in self.company.periods(self.company.first_movement, last)} | {"all", "undated"}

    def changes(self) -> dict[tuple[str, date, str, str, str], dict[str, Any]]:
        """`pipeline_changes`, summed by period, day, deal, step and owner."""
        found: dict[tuple[str, date, str, str, str], Decimal] = defaultdict(Decimal)
        for movement in self.movements:
            for period in self._periods_of(movement):
                found[period, movement.on, movement.deal, movement.step, movement.owner] += movement.amount
        return {key: {"amount": amount} for key, amount in found.items() if amount}

    def spans(self) -> list[tuple[str, str | None, date | None, date]]:
        """Grain, the period that alone is told (None: every one), the day before and the last day of each stretch."""
        ends = sorted({*self.company.week_ends, self.company.as_of})
        found: list[tuple[str, str | None, date | None, date]] = [
            ("week", None, before, end) for before, end in zip([None, *ends], ends, strict=False)
        ]
        for period in self.company.periods(self.company.first_movement, self.company.year_end(self.company.as_of)):
            assert period.starts_on is not None
            assert period.ends_on is not None
            if period.starts_on <= self.company.as_of:
                before = period.starts_on - _DAY if period.starts_on > self.company.first_movement else None
                found.append(("period", period.name, before, min(period.ends_on, self.company.as_of)))
        return [*found, *(("period", name, None, self.company.as_of) for name in ("undated", "all"))]

    def steps(self) -> dict[tuple[str, str, date, str, str], dict[str, Any]]:
        """`pipeline_waterfall` by grain, period, last day, step and owner."""
        spans = self.spans()
        days = {day for _, _, before, end in spans for day in (before, end) if day is not None}
        standings = {day: self._standing(day) for day in days}
        found: dict[tuple[str, str, date, str, str], dict[str, Any]] = {}
        for grain, only, before, end in spans:
            for step, standing in (("opening", standings[before] if before else {}), ("closing", standings[end])):
                for (period, owner), (amount, deals) in standing.items():
                    if only in (None, period):
                        found[grain, period, end, step, owner] = {"amount": amount, "opportunities": deals}
            moved: dict[tuple[str, str, str], dict[str, Any]] = {}
            for movement in self._between(before, end):
                for period in self._periods_of(movement):
                    if only in (None, period):
                        sums = moved.setdefault(
                            (period, movement.step, movement.owner), {"amount": ZERO, "deals": set()}
                        )
                        sums["amount"] += movement.amount
                        sums["deals"].add(movement.deal)
            for (period, step, owner), sums in moved.items():
                found[grain, period, end, step, owner] = {
                    "amount": sums["amount"],
                    "opportunities": len(sums["deals"]),
                }
        return found

    def _between(self, before: date | None, end: date) -> list[Movement]:
        """The movements after one day, to another."""
        ordered = self._by_day
        first = 0 if before is None else bisect_right(ordered, before, key=lambda movement: movement.on)
        return ordered[first : bisect_right(ordered, end, key=lambda movement: movement.on)]

    @cached_property
    def _by_day(self) -> list[Movement]:
        return sorted(self.movements, key=lambda movement: movement.on)

    def _standing(self, day: date) -> dict[tuple[str, str], tuple[Decimal, int]]:
        found: dict[tuple[str, str], list[Any]] = defaultdict(lambda: [ZERO, 0])
        for state in self.opportunities.states(day):
            if self._is_counted(state):
                for period in _holding(state.close_on) & self._known_periods:
                    sums = found[period, state.owner or NONE]
                    sums[0] += state.amount
                    sums[1] += 1
        return {key: (sums[0], sums[1]) for key, sums in found.items()}


def _leaving(state: State) -> str:
    return state.status if state.status in (WON, LOST) else "omitted"


def _holding(day: date | None) -> set[str]:
    """The periods that hold a close date."""
    if day is None:
        return {"undated", "all"}
    return {f"{day:%Y-%m}", f"{day.year}-Q{(day.month + 2) // 3}", str(day.year), "all"}
