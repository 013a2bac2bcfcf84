"""What comes in after METRICS §6, "Cash forecast": the payer's own delays, in weeks after a day.

Readings where §6 leaves room: each payment applied to an item in the 365 days to that day counts once; only longer delays
than the item already has can still happen; where a payer has too few payments, or none that long, his segment's (the
account's size) count, then everybody's; without any payment in those days an item is expected on its due day. Only the year
to the day shown is looked back on.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Any

from tests.oracle.company import NONE, Company
from tests.oracle.compare import About
from tests.oracle.credit import Credit, Settlement
from tests.oracle.money import ZERO, money_sum, posted
from tests.oracle.receivables import Item, Receivables

WEEKS = range(1, 14)
LEAST_PAYMENTS = 5
QUANTILES = {"p10": 0.1, "p50": 0.5, "p90": 0.9}
STEPS = 2_048  # the grid on which the mart says it counts
_FINER = 2
_Chances = dict[int, tuple[int, int]]


class Cash:
    """The cash forecast of one company."""

    def __init__(self, company: Company, receivables: Receivables, credit: Credit) -> None:
        self.company = company
        self.receivables = receivables
        self.credit = credit

    @cached_property
    def _dates(self) -> list[date]:
        since = self.company.as_of - timedelta(days=365)
        return [day for day in self.company.reporting_dates if day > since and self._items(day)]

    def _items(self, day: date) -> list[Item]:
        return [item for item in self.receivables.open_items(day) if item.due_on and item.balance > 0]

    def _segment(self, account: str | None) -> str:
        return self.company.accounts.get(account or "", {}).get("size") or NONE

    def _delays(self, day: date) -> dict[tuple[str, str | None], Counter[int]]:
        """How often each delay happened in the 365 days to a day: of each payer, each segment, and all."""
        found: dict[tuple[str, str | None], Counter[int]] = defaultdict(Counter)
        for one in self.credit.settlements:
            if day - timedelta(days=365) < one.on <= day:
                for scope in (("payer", one.account), ("segment", self._segment(one.account)), ("all", None)):
                    found[scope][one.delay] += 1
        return found

    def _chances(self, item: Item, day: date, delays: dict[tuple[str, str | None], Counter[int]]) -> _Chances:
        """The payments, of those that may still come, that fall into each week after a day."""
        assert item.due_on is not None
        past = (day - item.due_on).days
        if not delays:
            return {1 if past >= 0 else (-past - 1) // 7 + 1: (1, 1)}
        for scope in (("payer", item.account), ("segment", self._segment(item.account)), ("all", None)):
            known = delays.get(scope, Counter())
            to_come = {delay: times for delay, times in known.items() if delay > past}
            if to_come and (scope[0] != "payer" or known.total() >= LEAST_PAYMENTS):
                weeks: Counter[int] = Counter()
                for delay, times in to_come.items():
                    weeks[(delay - past - 1) // 7 + 1] += times
                return {week: (times, sum(to_come.values())) for week, times in weeks.items()}
        return {}

    def _weeks(self, day: date) -> tuple[dict[int, dict[str, Any]], list[tuple[Decimal, _Chances]]]:
        """The deterministic figures of each week after a day; the items with their chances."""
        rows: dict[int, dict[str, Any]] = {
            week: dict.fromkeys(("due_amount", "overdue_amount", "expected_amount", "expected_overdue_amount"), ZERO)
            for week in WEEKS
        }
        delays, laid_out = self._delays(day), []
        for item in self._items(day):
            assert item.due_on is not None
            past, chances = (day - item.due_on).days, self._chances(item, day, delays)
            laid_out.append((item.balance, chances))
            due = 1 if past >= 0 else (-past - 1) // 7 + 1
            if due in rows:
                rows[due]["overdue_amount" if past > 0 else "due_amount"] += item.balance
            for week, (times, of) in chances.items():
                if week in rows:
                    expected = posted(item.balance, Decimal(times), Decimal(of))
                    rows[week]["expected_amount"] += expected
                    rows[week]["expected_overdue_amount"] += expected if past > 0 else ZERO
        return rows, laid_out

    # marts

    def forecast(self) -> dict[date, dict[str, Any]]:
        """`cash_forecast` by the first day of each week; percentiles as near as the mart's grid allows."""
        day = self.company.as_of
        rows, laid_out = self._weeks(day)
        for week in WEEKS:
            rows[week] |= quantiles([(amount, chances.get(week, (0, 1))) for amount, chances in laid_out])
            rows[week] |= {"week_number": week, "week_ends_on": day + timedelta(days=7 * week)}
        return {day + timedelta(days=7 * week - 6): row for week, row in rows.items()}

    def accuracy(self) -> dict[tuple[date, int], dict[str, Any]]:
        """`cash_forecast_accuracy`: weeks that are over, as they were expected on earlier days, beside what came."""
        came: dict[str, list[Settlement]] = defaultdict(list)
        for settlement in self.credit.settlements:
            came[settlement.item].append(settlement)
        found = {}
        for day in self._dates:
            rows, laid_out = self._weeks(day)
            actual: dict[int, Decimal] = defaultdict(Decimal)
            for item in self._items(day):
                for one in came.get(item.item, []):
                    if one.on > day:
                        actual[((one.on - day).days - 1) // 7 + 1] += one.amount
            for week, row in rows.items():
                if day + timedelta(days=7 * week) <= self.company.as_of:
                    due = row["due_amount"] + row["overdue_amount"]
                    found[day, week] = {
                        "week": day + timedelta(days=7 * week - 6),
                        "forecast_amount": row["expected_amount"],
                        "due_day_amount": due,
                        "actual_amount": actual[week],
                        "error": row["expected_amount"] - actual[week],
                        "due_day_error": due - actual[week],
                        **quantiles([(amount, chances.get(week, (0, 1))) for amount, chances in laid_out]),
                    }
        return found


def quantiles(items: list[tuple[Decimal, tuple[int, int]]]) -> dict[str, About]:
    """P10, P50 and P90 of the sum of independent items, each an amount and the chance that it counts.

    Counted on a grid finer than the mart's; near is one step of the mart's grid, and one more for what rounding an amount
    to a step adds.
    """
    total = money_sum(amount for amount, _ in items)
    steps = _FINER * STEPS
    width = Fraction(total) / (steps - 1)
    mass = [1.0]
    for amount, (times, of) in sorted(items):
        if times:
            mass = _with_item(mass, float(Fraction(amount) / width), times / of)
    found, reached = {}, 0.0
    wanted = dict(QUANTILES)
    for place, share in enumerate(mass):
        reached += share
        for name in [name for name, quantile in wanted.items() if reached >= quantile - 1e-9]:
            del wanted[name]
            found[name] = About(Decimal(repr(float(place * width))), Decimal(repr(float(2 * _FINER * width))))
    return found


def _with_item(mass: list[float], units: float, chance: float) -> list[float]:
    """The distribution with one more item, whose amount lies between two steps and is split over both."""
    whole = int(units)
    above = units - whole
    found = [value * (1 - chance) for value in mass] + [0.0] * (whole + 1)
    for place, value in enumerate(mass):
        moved = value * chance
        found[place + whole] += moved * (1 - above)
        found[place + whole + 1] += moved * above
    return found
