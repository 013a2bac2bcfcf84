"""What all domains share: exchange rates, calendars, and who stood where on a day (METRICS §0)."""

from __future__ import annotations

from bisect import bisect_right
from calendar import monthrange
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any

from tests.oracle.exports import COMPANY_CURRENCY, Exports, Row, seed
from tests.oracle.money import at_rate, inverse

SEEDS = Path(__file__).resolve().parents[2] / "seeds"
NONE = "(none)"
COMPANY = "company"


@dataclass(frozen=True)
class Place:
    """Where a user stands on a day; `is_estimated` where no history tells it."""

    team: str | None
    region: str | None
    manager_id: str | None
    is_estimated: bool


@dataclass(frozen=True)
class Period:
    """A month, quarter or year, both days included; `undated` and `all` have none."""

    name: str
    kind: str
    starts_on: date | None = None
    ends_on: date | None = None

    def holds(self, day: date | None) -> bool:
        """Whether the day lies in it."""
        if self.starts_on is None or self.ends_on is None:
            return self.name == "all" or day is None
        return day is not None and self.starts_on <= day <= self.ends_on


def month_of(day: date) -> date:
    """First day of the month."""
    return day.replace(day=1)


def month_end(day: date) -> date:
    """Last day of the month."""
    return day.replace(day=monthrange(day.year, day.month)[1])


def months(first: date, last: date) -> Iterator[date]:
    """First days of the months from one day to another."""
    month = month_of(first)
    while month <= last:
        yield month
        month = month_of(month + timedelta(days=31))


def days_between(since: date, until: date) -> int:
    """Whole days; a negative duration counts as 0 ("Days")."""
    return max(0, (until - since).days)


class Steps:
    """Values that hold from a day on."""

    def __init__(self, values: Iterable[tuple[date, Any]]) -> None:
        ordered = sorted(values, key=lambda pair: pair[0])
        self.days = [day for day, _ in ordered]
        self.values = [value for _, value in ordered]

    def on(self, day: date) -> Any:
        """The latest value of a day on or before this one, or None."""
        place = bisect_right(self.days, day)
        return self.values[place - 1] if place else None


class Company:
    """The exports and seeds, with the figures that every domain needs."""

    def __init__(self, exports: Exports, seeds: Path = SEEDS) -> None:
        self.exports = exports
        self.seeds = seeds

    @property
    def as_of(self) -> date:
        """The day for which figures are shown."""
        return self.exports.as_of_date

    def rows(self, table: str) -> list[Row]:
        """The rows of a table that stand."""
        return self.exports.rows(table)

    def by(self, table: str, column: str) -> dict[Any, Row]:
        """The rows of a table by one column."""
        return {row[column]: row for row in self.rows(table)}

    def seed(self, name: str) -> list[dict[str, str]]:
        """A rules file."""
        return seed(name, self.seeds)

    # currency

    @cached_property
    def _rates(self) -> dict[tuple[str, str], Steps]:
        found: dict[tuple[str, str], list[tuple[date, Decimal]]] = defaultdict(list)
        for row in self.rows("fx_rates"):
            found[row["from_currency"], row["to_currency"]].append((row["rate_on"], row["rate"]))
        return {pair: Steps(values) for pair, values in found.items()}

    def rate(self, currency: str | None, day: date) -> Decimal | None:
        """Direct, else 1 ÷ inverse, never crossed; of the latest day on or before ("Currency")."""
        if currency is None or currency == COMPANY_CURRENCY:
            return Decimal(1)
        direct = self._rates.get((currency, COMPANY_CURRENCY))
        if direct and (rate := direct.on(day)) is not None:
            return Decimal(rate)
        back = self._rates.get((COMPANY_CURRENCY, currency))
        if back and (rate := back.on(day)) is not None:
            return inverse(rate)
        return None

    def converted(self, amount: Decimal | None, currency: str | None, day: date) -> Decimal | None:
        """An amount in company currency, rounded once ("Rounding")."""
        return at_rate(amount, self.rate(currency, day))

    # people

    @cached_property
    def users(self) -> dict[str, Row]:
        """Users by id."""
        return self.by("users", "user_id")

    @cached_property
    def _user_history(self) -> dict[str, Steps]:
        found: dict[str, list[tuple[date, Row]]] = defaultdict(list)
        for row in self.rows("user_history"):
            found[row["user_id"]].append((row["valid_from_on"], row))
        return {user: Steps(values) for user, values in found.items()}

    def place(self, user: str | None, day: date) -> Place:
        """Team, region and manager on a day where history says so, else today's ("As of")."""
        history = self._user_history.get(user or "")
        row = history.on(day) if history else None
        if row is not None:
            return Place(row["team"], row["region"], row["manager_id"], is_estimated=False)
        today = self.users.get(user or "", {})
        return Place(today.get("team"), today.get("region"), today.get("manager_id"), is_estimated=True)

    def managers(self, user: str, day: date) -> list[str]:
        """The user and everybody above him on that day; a cycle ends where it closes."""
        chain = [user]
        while (above := self.place(chain[-1], day).manager_id) is not None and above not in chain:
            chain.append(above)
        return chain

    @cached_property
    def accounts(self) -> dict[str, Row]:
        """Accounts by id."""
        return self.by("accounts", "account_id")

    @cached_property
    def _account_owners(self) -> dict[str, Steps]:
        changes: dict[str, list[Row]] = defaultdict(list)
        for row in self.rows("account_history"):
            if row["field"].lower() in ("owner_id", "owner"):
                changes[row["account_id"]].append(row)
        owners = {}
        for account, rows in changes.items():
            ordered = sorted(rows, key=lambda row: row["changed_at"])
            first = (date.min, ordered[0]["old_value"])
            owners[account] = Steps([first, *((row["changed_at"].date(), row["new_value"]) for row in ordered)])
        return owners

    def owner_of_account(self, account: str | None, day: date) -> str | None:
        """The account's owner on a day where history says so, else today's ("As of")."""
        history = self._account_owners.get(account or "")
        if history is not None:
            owner = history.on(day)
            return f"custom:{owner}" if owner else None
        return self.accounts.get(account or "", {}).get("owner_id")

    @cached_property
    def product_lines(self) -> dict[str, str | None]:
        """The product line of each product."""
        return {row["product_id"]: row["product_line"] for row in self.rows("products")}

    # calendars

    @cached_property
    def first_movement(self) -> date:
        """The first day of a lead, a cost, an opportunity, an order, an invoice or a payment, within 20 years."""
        columns = {
            "leads": ("created_at",),
            "spend": ("spent_on",),
            "opportunities": ("created_at", "closed_at", "close_on"),
            "orders": ("ordered_on",),
            "invoices": ("issued_on",),
            "payments": ("paid_on",),
        }
        days = [_day(row[column]) for table, names in columns.items() for row in self.rows(table) for column in names]
        since = self.as_of.replace(year=self.as_of.year - 20)
        return min(day for day in days if day is not None and since <= day)

    @cached_property
    def reporting_dates(self) -> list[date]:
        """Every month-end since the first movement, the last 13 week-ends, and the day shown."""
        ends = {end for month in months(self.first_movement, self.as_of) if (end := month_end(month)) <= self.as_of}
        return sorted({*ends, *self.week_ends[-13:], self.as_of})

    @cached_property
    def week_ends(self) -> list[date]:
        """Sundays from the first movement to the day shown (`forecast_dates`)."""
        first = self.first_movement + timedelta(days=6 - self.first_movement.weekday())
        return [first + timedelta(weeks=week) for week in range(max(0, (self.as_of - first).days // 7 + 1))]

    def year_end(self, day: date, years: int = 0) -> date:
        """Last day of the calendar year, which is the fiscal year unless a variable says otherwise."""
        return date(day.year + years, 12, 31)

    def periods(self, since: date, until: date) -> list[Period]:
        """Months, quarters and years that end from one day to another."""
        found = []
        for month in months(date(since.year, 1, 1), until):
            number = month.month
            found.append(Period(f"{month:%Y-%m}", "month", month, month_end(month)))
            if number % 3 == 0:
                start = month.replace(month=number - 2)
                found.append(Period(f"{month.year}-Q{number // 3}", "quarter", start, month_end(month)))
            if number == 12:
                found.append(Period(str(month.year), "year", month.replace(month=1), month_end(month)))
        return [period for period in found if period.ends_on and since <= period.ends_on <= until]


def _day(moment: Any) -> date | None:
    return moment.date() if hasattr(moment, "date") else moment


def day_of(moment: Any) -> date:
    """The day of a date or time."""
    day = _day(moment)
    assert day is not None
    return day
