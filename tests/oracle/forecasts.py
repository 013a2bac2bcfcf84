"""Forecasts after METRICS §4: calibrated probabilities, submissions, and how right earlier forecasts were.

Readings where §4 leaves room: "closing in that period" is the close date that stood on the day of the forecast, and
a deal counts as won in it by what stood at the period's end. A week before the end lies within the period and not
before the first movement. Whoever won something that nobody forecast for him was forecast 0.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Any

from tests.oracle.company import NONE, Company, Period, month_end
from tests.oracle.money import ZERO, at_rate, money_sum, ratio, rounded, wilson
from tests.oracle.opportunities import LOST, OPEN, WON, Opportunities, State

PRIOR = 20
WEEKS = 53
PAST_PERIODS = 8
STEPS = 2_048
_FINER = 8
Level = tuple[str, str]


@dataclass(frozen=True)
class Submission:
    """What somebody committed himself to, from a day on."""

    owner: str
    period: str
    since: date
    amount: Decimal


@dataclass(frozen=True)
class Week:
    """A period with a day that lies whole weeks before its end."""

    period: Period
    weeks: int
    day: date


class Forecasts:
    """The forecasts of one company and what came of them."""

    def __init__(self, company: Company, opportunities: Opportunities) -> None:
        self.company = company
        self.opportunities = opportunities

    # deals on a day

    def standing(self, day: date) -> list[State]:
        """Every deal at the end of a day."""
        if day not in self._standing:
            self._standing[day] = self.opportunities.states(day)
        return self._standing[day]

    @cached_property
    def _standing(self) -> dict[date, list[State]]:
        return {}

    def pipeline(self, day: date) -> list[State]:
        """The open deals that count."""
        return [
            state
            for state in self.standing(day)
            if state.status == OPEN and state.category not in ("omitted", "closed")
        ]

    def line(self, deal: str) -> str:
        """Product line of a deal."""
        row = self.opportunities.deals[deal].row
        return row["product_line"] or self.company.product_lines.get(row["product_id"]) or NONE

    def levels(self, state: State, day: date) -> list[Level]:
        """The level rows in which a deal counts on a day."""
        return [*self.opportunities.levels(state.owner, day), ("product_line", self.line(state.deal))]

    # calibration

    @cached_property
    def ended(self) -> list[Period]:
        """Months, quarters and years that ended after the first movement, by the day shown."""
        periods = self.company.periods(self.company.first_movement, self.company.as_of)
        return sorted(periods, key=lambda period: (period.kind, _end(period)))

    @cached_property
    def _counts(self) -> dict[tuple[str, date], dict[tuple[str, int], tuple[int, int]]]:
        """For each kind and end: of each stage and week before it the deals that stood to close then, and those won."""
        found: dict[tuple[str, date], dict[tuple[str, int], tuple[int, int]]] = {}
        for period in self.ended:
            end = _end(period)
            won = {state.deal for state in self.standing(end) if _is_won_in(state, period)}
            counts: dict[tuple[str, int], list[int]] = defaultdict(lambda: [0, 0])
            weeks = 0
            while (day := end - timedelta(weeks=weeks)) >= self._first_start:
                for state in self.pipeline(day):
                    if period.holds(state.close_on):
                        count = counts[state.stage or NONE, weeks]
                        count[0] += 1
                        count[1] += state.deal in won
                weeks += 1
            found[period.kind, end] = {key: (deals, hits) for key, (deals, hits) in counts.items()}
        return found

    @cached_property
    def _first_start(self) -> date:
        return min(deal.starts_on for deal in self.opportunities.deals.values())

    def calibration(self, kind: str, day: date) -> dict[tuple[str, int | None], Decimal]:
        """Calibrated probability by stage and week, and by stage alone, from the periods ended by a day."""
        ends = tuple(end for known, end in self._counts if known == kind and end <= day)
        if (kind, ends) not in self._calibrations:
            self._calibrations[kind, ends] = self._calibrated(kind, ends)
        return self._calibrations[kind, ends]

    @cached_property
    def _calibrations(self) -> dict[tuple[str, tuple[date, ...]], dict[tuple[str, int | None], Decimal]]:
        return {}

    def _calibrated(self, kind: str, ends: tuple[date, ...]) -> dict[tuple[str, int | None], Decimal]:
        weekly: dict[tuple[str, int], list[int]] = defaultdict(lambda: [0, 0])
        overall: dict[str, list[int]] = defaultdict(lambda: [0, 0])
        for end in ends:
            for (stage, weeks), counts in self._counts[kind, end].items():
                for sums in (weekly[stage, weeks], overall[stage]):
                    sums[0] += counts[0]
                    sums[1] += counts[1]
        means = {stage: Fraction(won, deals) for stage, (deals, won) in overall.items()}
        found: dict[tuple[str, int | None], Decimal] = {
            (stage, None): rounded(mean, 6) for stage, mean in means.items()
        }
        for (stage, weeks), (deals, won) in weekly.items():
            found[stage, weeks] = rounded((won + PRIOR * means[stage]) / (deals + PRIOR), 6)
        return found

    def probability(self, state: State, period: Period, day: date) -> Decimal:
        """The calibrated chance of a deal to be won in the period of its close date."""
        known = self.calibration(period.kind, day)
        stage, weeks = state.stage or NONE, (_end(period) - day).days // 7
        own = state.probability if state.probability is not None else Decimal(0)
        return known.get((stage, weeks), known.get((stage, None), own))

    def calibrated(self, day: date, periods: list[Period]) -> dict[tuple[str, str, str], Decimal]:
        """What open deals add to the calibrated forecast, by period and level row."""
        found: dict[tuple[str, str, str], Decimal] = defaultdict(Decimal)
        for state in self.pipeline(day):
            for period in periods:
                if period.ends_on is not None and period.holds(state.close_on):
                    expected = at_rate(state.amount, self.probability(state, period, day)) or ZERO
                    for level in self.levels(state, day):
                        found[period.name, *level] += expected
        return found

    # submissions

    @cached_property
    def submissions(self) -> dict[tuple[str, str], list[Submission]]:
        """Committed amounts by owner and period, in the order in which they were submitted."""
        found: dict[tuple[str, str], list[Submission]] = defaultdict(list)
        for row in sorted(self.company.rows("forecast_submissions"), key=lambda row: row["submitted_at"]):
            if row["category"].strip().lower() != "commit":
                continue
            start, day = row["period_start_on"], row["submitted_at"].date()
            if start.day != 1:
                continue
            name = f"{start.year}-Q{start.month // 3 + 1}" if start.month % 3 == 1 else f"{start:%Y-%m}"
            amount = self.company.converted(row["amount"], row["currency"], day)
            found[row["owner_id"], name].append(Submission(row["owner_id"], name, day, amount or ZERO))
        return found

    def submitted(self, day: date, period: str) -> dict[Level, Decimal]:
        """What stands submitted for a period: a manager's amount in place of those below him, in sums alone."""
        own = {
            owner: stood[-1].amount
            for (owner, name), known in self.submissions.items()
            if name == period and (stood := [one for one in known if one.since <= day])
        }
        members: dict[Level, set[str]] = defaultdict(set)
        for owner in own:
            for level in self.opportunities.levels(owner, day):
                members[level].add(owner)
        return {
            level: money_sum(
                own[owner]
                for owner in owners
                if level[0] == "rep" or not set(self.company.managers(owner, day)[1:]) & owners
            )
            for level, owners in members.items()
        }

    # pipeline_forecast

    def forecast(self) -> dict[tuple[date, str, str, str], dict[str, Any]]:
        """`pipeline_forecast` with its calibrated and its submitted amounts."""
        rows = self.opportunities.forecast()
        days = sorted({key[0] for key in rows})
        for day in days:
            periods = self.company.periods(day, self.company.year_end(day, 1))
            open_amounts = self.calibrated(day, periods)
            for period in periods:
                for level, amount in self.submitted(day, period.name).items():
                    rows.setdefault((day, period.name, *level), self.opportunities.no_forecast())
                    rows[day, period.name, *level]["submitted_commit_amount"] = amount
            for key in [key for key in rows if key[0] == day]:
                is_dated = key[1] not in ("undated", "all")
                won = rows[key]["won_amount"]
                rows[key]["calibrated_amount"] = won + open_amounts.get(key[1:], ZERO) if is_dated else None
                rows[key].setdefault("submitted_commit_amount", None)
        return rows

    # landing

    def landings(self, day: date, period: Period) -> dict[Level, tuple[tuple[float, ...], float]]:
        """P10, P50 and P90 of where a period lands, and one step of the grid, for company, teams and reps."""
        won: dict[Level, Decimal] = defaultdict(Decimal)
        chances: dict[Level, list[tuple[float, float]]] = defaultdict(list)
        for state in self.standing(day):
            if _is_won_in(state, period):
                for level in self._landing_levels(state, day):
                    won[level] += state.amount
            elif self._counts_open(state) and period.holds(state.close_on):
                chance = (float(state.amount), float(self.probability(state, period, day)))
                for level in self._landing_levels(state, day):
                    chances[level].append(chance)
        weeks = (_end(period) - day).days // 7
        past = [known for known in self.ended if known.kind == period.kind and _end(known) <= day][-PAST_PERIODS:]
        fresh = [self._new_business(known, weeks) for known in past]
        return {
            level: _quantiles(float(won[level]), chances[level], [float(sums.get(level, ZERO)) for sums in fresh])
            for level in won.keys() | chances.keys()
        }

    def _landing_levels(self, state: State, day: date) -> list[Level]:
        return [level for level in self.levels(state, day) if level[0] in ("company", "team", "rep")]

    def _new_business(self, period: Period, weeks: int) -> dict[Level, Decimal]:
        """What a past period brought of deals created after so many weeks before its end."""
        end = _end(period)
        found: dict[Level, Decimal] = defaultdict(Decimal)
        for state in self.standing(end):
            created_on = self.opportunities.deals[state.deal].created_on
            if _is_won_in(state, period) and created_on > end - timedelta(weeks=weeks):
                for level in self._landing_levels(state, end):
                    found[level] += state.amount
        return found

    # accuracy

    @cached_property
    def weeks(self) -> list[Week]:
        """Each ended period with its days of whole weeks before the end."""
        found = []
        for period in self.ended:
            for weeks in range(WEEKS):
                day = _end(period) - timedelta(weeks=weeks)
                if day >= max(_start(period), self.company.first_movement):
                    found.append(Week(period, weeks, day))
        return found

    @cached_property
    def actuals(self) -> dict[str, dict[Level, Decimal]]:
        """What each ended period brought, by level row, as it stood at its end."""
        found: dict[str, dict[Level, Decimal]] = {}
        for period in self.ended:
            end = _end(period)
            sums: dict[Level, Decimal] = defaultdict(Decimal)
            for state in self.standing(end):
                if _is_won_in(state, period):
                    for level in self.levels(state, end):
                        sums[level] += state.amount
            found[period.name] = dict(sums)
        return found

    def _forecasts(self, week: Week) -> Iterator[tuple[str, dict[Level, Decimal]]]:
        """Each method with what it said on the day, by level row."""
        sums: dict[str, dict[Level, Decimal]] = {
            method: defaultdict(Decimal) for method in ("stage", "calibrated", "commit", "best_case")
        }
        for state in self.standing(week.day):
            if _is_won_in(state, week.period):
                amounts = dict.fromkeys(sums, state.amount)
            elif self._counts_open(state) and week.period.holds(state.close_on):
                amounts = self._expected(state, week)
            else:
                continue
            for level in self.levels(state, week.day):
                for method, amount in amounts.items():
                    sums[method][level] += amount
        yield from sums.items()
        yield "submitted", self.submitted(week.day, week.period.name)
        yield "last_period", self._brought(_start(week.period) - timedelta(days=1), week.period)
        yield "last_year", self._brought(_year_before(_end(week.period)), week.period)

    def _counts_open(self, state: State) -> bool:
        return state.status == OPEN and state.category not in ("omitted", "closed")

    def _expected(self, state: State, week: Week) -> dict[str, Decimal]:
        chance = self.probability(state, week.period, week.day)
        return {
            "stage": at_rate(state.amount, state.probability) or ZERO,
            "calibrated": at_rate(state.amount, chance) or ZERO,
            "commit": state.amount if state.category == "commit" else ZERO,
            "best_case": state.amount if state.category in ("commit", "best_case") else ZERO,
        }

    def _brought(self, end: date, period: Period) -> dict[Level, Decimal]:
        for earlier in self.ended:
            if (earlier.kind, earlier.ends_on) == (period.kind, end):
                return self.actuals[earlier.name]
        return {}

    def accuracy(self) -> dict[tuple[str, int, str, str, str], dict[str, Any]]:
        """`forecast_accuracy` by period, weeks before its end, method, level and level id."""
        found: dict[tuple[str, int, str, str, str], dict[str, Any]] = {}
        groups: dict[tuple[str, int, str, str, str], list[dict[str, Any]]] = defaultdict(list)
        for week in self.weeks:
            actuals = self.actuals[week.period.name]
            for method, said in self._forecasts(week):
                kinds = {level for level, _ in said}
                for level in {*said, *(level for level in actuals if level[0] in kinds)}:
                    row = _compared(said.get(level, ZERO), actuals.get(level, ZERO))
                    found[week.period.name, week.weeks, method, *level] = row
                    groups[week.period.kind, week.weeks, method, *level].append(row)
        for rows in groups.values():
            actual = money_sum(row["actual_amount"] for row in rows)
            errors = [row["error"] for row in rows]
            for row in rows:
                row["wape"] = ratio(money_sum(abs(error) for error in errors), actual)
                row["bias"] = ratio(money_sum(errors), actual)
        return found

    def commit_hits(self) -> dict[tuple[str, int, str], dict[str, Any]]:
        """`commit_hits` by period, weeks before its end and owner."""
        found: dict[tuple[str, int, str], dict[str, Any]] = {}
        for week in self.weeks:
            ends = {state.deal: state for state in self.standing(_end(week.period))}
            for state in self.pipeline(week.day) if week.weeks else []:
                if state.category != "commit" or not week.period.holds(state.close_on):
                    continue
                key = (week.period.name, week.weeks, state.owner or NONE)
                row = found.setdefault(key, {"committed": 0, "won": 0, "lost": 0, "missed": 0} | _NO_HITS)
                outcome = _outcome(ends[state.deal], week.period)
                row["committed"] += 1
                row[outcome] += 1
                row["committed_amount"] += state.amount
                row["hit_amount"] += state.amount if outcome == WON else ZERO
        for row in found.values():
            row["hit_rate"] = ratio(row["won"], row["committed"])
            row["hit_low"], row["hit_high"] = wilson(row["won"], row["committed"])
            row["hit_rate_amount"] = ratio(row["hit_amount"], row["committed_amount"])
        return found

    # demand

    def demand(self) -> dict[tuple[date, date, str], dict[str, Any]]:
        """`expected_demand` by day, month of closing and product; products and quantities are those known today."""
        lines: dict[str, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
        for row in self.company.rows("opportunity_lines"):
            lines[row["opportunity_id"]][row["product_id"]] += row["quantity"]
        days = {day for day in self.company.reporting_dates if day in (month_end(day), self.company.as_of)}
        return {(day, *key): row for day in sorted(days) for key, row in self._demand_on(day, lines).items()}

    def _demand_on(self, day: date, lines: dict[str, dict[str, Decimal]]) -> dict[tuple[date, str], dict[str, Any]]:
        months = [one for one in self.company.periods(day, self.company.year_end(day, 1)) if one.kind == "month"]
        found: dict[tuple[date, str], list[Any]] = defaultdict(lambda: [Decimal(0), set()])
        for state in self.pipeline(day):
            for month in months:
                if month.holds(state.close_on):
                    chance = self.probability(state, month, day)
                    for product, quantity in self._wanted(state.deal, lines).items():
                        sums = found[_start(month), product]
                        sums[0] += rounded(Fraction(quantity) * Fraction(chance), 3)
                        sums[1].add(state.deal)
        return {key: {"expected_quantity": sums[0], "opportunities": len(sums[1])} for key, sums in found.items()}

    def _wanted(self, deal: str, lines: dict[str, dict[str, Decimal]]) -> dict[str, Decimal]:
        if deal in lines:
            return lines[deal]
        row = self.opportunities.deals[deal].row
        if row["product_id"] is None or row["quantity"] is None:
            return {}
        return {row["product_id"]: row["quantity"]}


_SHARES = (0.1, 0.5, 0.9)
_NO_HITS = {"committed_amount": ZERO, "hit_amount": ZERO}


def _quantiles(won: float, chances: list[tuple[float, float]], fresh: list[float]) -> tuple[tuple[float, ...], float]:
    """Smallest sums that are reached with 10, 50 and 90 % chance, on a grid finer than the stated one, and its step."""
    low = won + sum(amount for amount, _ in chances if amount < 0) + min([0.0, *fresh])
    high = won + sum(amount for amount, _ in chances if amount > 0) + max([0.0, *fresh])
    if high == low:
        return (low, low, low), 0.0
    unit = (high - low) / (STEPS * _FINER)
    mass = {0: 1.0}
    for amount, chance in sorted(chances):
        moved: dict[int, float] = defaultdict(float)
        jump = round(abs(amount) / unit)
        for place, share in mass.items():
            moved[place] += share * (chance if amount < 0 else 1 - chance)
            moved[place + jump] += share * (1 - chance if amount < 0 else chance)
        mass = moved
    if fresh:
        mass = _spread(mass, [round((amount - min([0.0, *fresh])) / unit) for amount in fresh])
    reached, found = 0.0, []
    for place in sorted(mass):
        reached += mass[place]
        while len(found) < len(_SHARES) and reached >= _SHARES[len(found)] - 1e-9:
            found.append(low + place * unit)
    return tuple(found), (high - low) / STEPS


def _spread(mass: dict[int, float], jumps: list[int]) -> dict[int, float]:
    moved: dict[int, float] = defaultdict(float)
    for place, share in mass.items():
        for jump in jumps:
            moved[place + jump] += share / len(jumps)
    return moved


def _start(period: Period) -> date:
    assert period.starts_on is not None
    return period.starts_on


def _end(period: Period) -> date:
    assert period.ends_on is not None
    return period.ends_on


def _year_before(end: date) -> date:
    return month_end(date(end.year - 1, end.month, 1))


def _is_won_in(state: State, period: Period) -> bool:
    return state.status == WON and period.holds(state.status_since)


def _outcome(end: State, period: Period) -> str:
    if _is_won_in(end, period):
        return WON
    return LOST if end.status == LOST else "missed"


def _compared(said: Decimal, came: Decimal) -> dict[str, Any]:
    error = said - came
    wrong = ratio(abs(error), abs(came))
    return {
        "forecast_amount": said,
        "actual_amount": came,
        "error": error,
        "accuracy": None if wrong is None else max(Decimal(0), 1 - wrong),
    }
