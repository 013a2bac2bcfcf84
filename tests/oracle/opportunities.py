"""Opportunities after METRICS §4: what each deal was on a day, the forecast, and what was won and lost.

Readings where §4 leaves room: a field's old value in the CRM's history tells what held from creation on. A
value that only exports tell holds from the first export that shows it; owner and currency are taken back to
creation, and what a deal showed when it was first seen closed is taken back to its closing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Any

from tests.oracle.company import COMPANY, NONE, Company, Period, Steps, days_between, month_end, month_of
from tests.oracle.exports import Row, UnreadableError, cell_of, read_date, read_decimal
from tests.oracle.money import ZERO, at_rate, money_sum, posted, quantile, ratio, rounded, wilson

OPEN, WON, LOST = "open", "won", "lost"
FIELDS = ("stage", "amount", "close_on", "owner_id", "forecast_category", "currency")
_COUNTED = ("pipeline", "best_case", "commit")


@dataclass(frozen=True)
class Stage:
    """What stages.csv declares."""

    status: str
    probability: Decimal
    category: str


@dataclass(frozen=True)
class State:
    """A deal at the end of a day."""

    deal: str
    owner: str | None
    status: str
    stage: str | None
    probability: Decimal | None
    category: str | None
    document_amount: Decimal | None
    amount: Decimal
    close_on: date | None
    status_since: date


@dataclass(frozen=True)
class Deal:
    """A deal with the values of its followed fields from a day on."""

    id: str
    row: Row
    created_at: datetime
    starts_on: date
    closed_on: date | None
    final_status: str
    fields: dict[str, Steps]
    statuses: Steps

    @property
    def created_on(self) -> date:
        """Its day of creation."""
        return self.created_at.date()

    @property
    def cycle_days(self) -> int:
        """Days from creation to closing."""
        assert self.closed_on is not None
        return days_between(self.created_on, self.closed_on)


class Opportunities:
    """The deals of one company."""

    def __init__(self, company: Company) -> None:
        self.company = company

    @cached_property
    def stages(self) -> dict[str, Stage]:
        """Declared stages; the source's own row before `*`."""
        found = {}
        for row in sorted(self.company.seed("stages"), key=lambda row: row["source"] != "*"):
            if row["source"] in ("*", "custom"):
                found[row["stage"]] = Stage(row["status"], Decimal(row["probability"]), row["forecast_category"])
        return found

    # history

    @cached_property
    def _history(self) -> dict[tuple[str, str], list[Row]]:
        found: dict[tuple[str, str], list[Row]] = defaultdict(list)
        for row in self.company.rows("opportunity_history"):
            if row["field"].lower() in FIELDS:
                found[row["opportunity_id"], row["field"].lower()].append(row)
        return {key: sorted(rows, key=lambda row: row["changed_at"]) for key, rows in found.items()}

    @cached_property
    def _line_sums(self) -> dict[str, list[tuple[date, Decimal]]]:
        """For each deal the sum of its lines after each export that changed them."""
        changes: dict[str, dict[date, dict[Any, Decimal | None]]] = defaultdict(lambda: defaultdict(dict))
        for key, versions in self.company.exports.versions("opportunity_lines").items():
            for day, row in versions:
                assert row is not None
                changes[row["opportunity_id"]][day][key] = row["amount"]
        sums = {}
        for deal, days in changes.items():
            lines: dict[Any, Decimal | None] = {}
            sums[deal] = []
            for day in sorted(days):
                lines |= days[day]
                sums[deal].append((day, money_sum(lines.values())))
        return sums

    def _exported(self, deal: str, versions: list[tuple[date, Row | None]], field: str) -> list[tuple[date, Any]]:
        """A field's value after each export that showed the deal or its lines anew."""
        own = Steps([(day, row) for day, row in versions if row is not None])
        lines = Steps(self._line_sums.get(deal, [])) if field == "amount" else Steps([])
        values = []
        for day in sorted({*own.days, *(day for day in lines.days if day >= own.days[0])}):
            total = lines.on(day)
            values.append((day, own.on(day)[field] if total is None else total))
        return values

    def _steps(self, deal: str, field: str) -> list[tuple[date, Any, Any]]:
        """Readable changes of the CRM's history; once a deal has lines, its amount and currency come from them."""
        lines = self._line_sums.get(deal, []) if field in ("amount", "currency") else []
        since = lines[0][0] if lines else date.max
        rows = self._history.get((deal, field), [])
        return [step for row in rows if (step := _step(field, row)) is not None and step[0] < since]

    def _told(self, deal: str, field: str, versions: list[tuple[date, Row | None]]) -> list[tuple[date, Any, str]]:
        """What is known of a field: (day, value, by whom), history and differences between exports together.

        The value before the first change held since creation, unless an export before it shows another: then
        the history does not reach back so far, and the exports tell. An empty cell of the first export tells nothing.
        """
        steps = self._steps(deal, field)
        shown = _differences(self._exported(deal, versions, field))
        reaches_back = steps and all(value == steps[0][1] for day, value in shown if day < steps[0][0])
        told: list[tuple[date, Any, str]] = [(date.min, steps[0][1], "history")] if reaches_back else []
        told += [(day, new, "history") for day, _, new in steps]
        for day, value in shown:
            known = [known for on, known, _ in told if on < day][-1:] + [known for on, known, _ in told if on == day]
            if known and value in known:
                continue
            told.append((day, value, "first_export" if not known and day == versions[0][0] else "export"))
            told.sort(key=lambda entry: entry[0])
        return told

    @cached_property
    def deals(self) -> dict[str, Deal]:
        """Every deal ever exported."""
        found = {}
        for versions in self.company.exports.versions("opportunities").values():
            row = versions[-1][1]
            if row is not None:
                found[row["opportunity_id"]] = self._deal(row, versions)
        return found

    def _deal(self, row: Row, versions: list[tuple[date, Row | None]]) -> Deal:
        deal = row["opportunity_id"]
        first_export = versions[0][0]
        told = {field: self._told(deal, field, versions) for field in FIELDS}
        changes = [known["changed_at"] for field in FIELDS for known in self._history.get((deal, field), [])]
        created_at = row["created_at"] or min([*changes, datetime.combine(first_export, datetime.min.time())])
        status = self._status(told["stage"][-1][1]) if told["stage"] else OPEN
        closed_on = None
        if status != OPEN:
            closed_on = self._closed_on(row, told["stage"], first_export)
        starts_on = min(created_at.date(), closed_on) if closed_on else created_at.date()
        fields = {field: Steps(self._placed(field, told[field], starts_on, closed_on)) for field in FIELDS}
        if closed_on:
            fields["stage"] = self._closed_stages(fields["stage"], closed_on)
        return Deal(
            deal, row, created_at, starts_on, closed_on, status, fields, self._statuses(fields["stage"], starts_on)
        )

    def _closed_stages(self, stages: Steps, closed_on: date) -> Steps:
        """Stages of which the last run of the final status begins on the closing day.

        What stood before it stands: the deal was reopened, or an export told that it was lost before it was won.
        """
        steps = list(zip(stages.days, stages.values, strict=True))
        start, final = len(steps), self._status(steps[-1][1])
        while start and self._status(steps[start - 1][1]) == final:
            start -= 1
        before = [(day, stage) for day, stage in steps[:start] if day < closed_on]
        first, *rest = steps[start:]
        return Steps([*before, (closed_on, first[1]), *((max(day, closed_on), stage) for day, stage in rest)])

    def _statuses(self, stages: Steps, starts_on: date) -> Steps:
        """The status from a day on, each with the day since which it holds."""
        found: list[tuple[date, tuple[str, date]]] = [(date.min, (OPEN, starts_on))]
        for day, stage in zip(stages.days, stages.values, strict=True):
            status, since = self._status(stage), max(day, starts_on)
            found.append((day, found[-1][1] if status == found[-1][1][0] else (status, since)))
        return Steps(found)

    def _status(self, stage: str | None) -> str:
        return self.stages[stage].status if stage in self.stages else OPEN

    def _closed_on(self, row: Row, stages: list[tuple[date, Any, str]], first_export: date) -> date:
        """`closed_at`, else the first day the stage was closed, else the close date if it lies before its export."""
        if row["closed_at"] is not None:
            return row["closed_at"].date()  # type: ignore[no-any-return]
        closed_since, by = stages[-1][0], stages[-1][2]
        final = self._status(stages[-1][1])
        for day, stage, teller in reversed(stages):
            if self._status(stage) != final:
                break
            closed_since, by = day, teller
        if by == "first_export" and row["close_on"] is not None and row["close_on"] < first_export:
            return row["close_on"]  # type: ignore[no-any-return]
        return max(closed_since, row["created_at"].date()) if closed_since == date.min else closed_since

    def _placed(
        self, field: str, told: list[tuple[date, Any, str]], starts_on: date, closed_on: date | None
    ) -> Iterator[tuple[date, Any]]:
        for day, value, by in told:
            if by != "first_export":
                yield day, value
            elif field in ("owner_id", "currency"):
                yield min(day, starts_on), value
            else:
                yield (min(day, closed_on) if closed_on else day), value

    # states

    def state(self, deal: Deal, day: date) -> State | None:
        """The deal at the end of a day; None before it exists ("State on a day")."""
        if day < deal.starts_on:
            return None
        values = {field: deal.fields[field].on(day) for field in FIELDS}
        stage = self.stages.get(values["stage"])
        status, since = deal.statuses.on(day)
        rate = self.company.rate(values["currency"], day if status == OPEN else since)
        amount = at_rate(values["amount"], rate) or ZERO
        probability = stage.probability if stage else self.win_rate(day)
        return State(
            deal.id,
            values["owner_id"],
            status,
            values["stage"],
            probability,
            values["forecast_category"] or (stage.category if stage else None),
            values["amount"],
            amount,
            values["close_on"],
            since,
        )

    def states(self, day: date) -> list[State]:
        """Every deal there is at the end of a day."""
        return [state for deal in self.deals.values() if (state := self.state(deal, day)) is not None]

    def win_rate(self, day: date) -> Decimal | None:
        """Won ÷ (won + lost) by count of the deals closed by then."""
        if day not in self._win_rates:
            known = [deal.statuses.on(day)[0] for deal in self.deals.values() if deal.starts_on <= day]
            self._win_rates[day] = ratio(known.count(WON), known.count(WON) + known.count(LOST))
        return self._win_rates[day]

    @cached_property
    def _win_rates(self) -> dict[date, Decimal | None]:
        return {}

    # levels

    def bosses(self, day: date) -> set[str]:
        """Everybody who is somebody's manager on a day."""
        if day not in self._bosses:
            self._bosses[day] = {
                manager for user in self.company.users if (manager := self.company.place(user, day).manager_id)
            }
        return self._bosses[day]

    @cached_property
    def _bosses(self) -> dict[date, set[str]]:
        return {}

    def levels(self, owner: str | None, day: date) -> list[tuple[str, str]]:
        """The level rows in which an owner's deals count on a day, product line apart."""
        if (owner, day) not in self._levels:
            self._levels[owner, day] = self._find_levels(owner, day)
        return self._levels[owner, day]

    @cached_property
    def _levels(self) -> dict[tuple[str | None, date], list[tuple[str, str]]]:
        return {}

    def _find_levels(self, owner: str | None, day: date) -> list[tuple[str, str]]:
        place = self.company.place(owner, day)
        chain = self.company.managers(owner, day) if owner else []
        managers = [("manager", boss) for boss in chain if boss in self.bosses(day)] or [("manager", NONE)]
        return [
            ("rep", owner or NONE),
            ("team", place.team or NONE),
            ("region", place.region or NONE),
            *managers,
            ("company", COMPANY),
        ]

    # quotas

    @cached_property
    def _quotas(self) -> dict[str, list[tuple[date, date, Decimal]]]:
        found: dict[str, list[tuple[date, date, Decimal]]] = defaultdict(list)
        for row in self.company.rows("quotas"):
            if row["period_end_on"] >= row["period_start_on"]:
                amount = self.company.converted(row["amount"], row["currency"], row["period_start_on"])
                found[row["owner_id"]].append((row["period_start_on"], row["period_end_on"], amount or ZERO))
        return found

    def quota(self, owner: str, period: Period) -> Decimal | None:
        """An owner's own quota of a period: as stated, else the days' share of what is stated ("Quota")."""
        if (owner, period.name) not in self._known_quotas:
            self._known_quotas[owner, period.name] = self._find_quota(owner, period)
        return self._known_quotas[owner, period.name]

    @cached_property
    def _known_quotas(self) -> dict[tuple[str, str], Decimal | None]:
        return {}

    def _find_quota(self, owner: str, period: Period) -> Decimal | None:
        starts_on, ends_on = period.starts_on, period.ends_on
        stated = self._quotas.get(owner, [])
        if starts_on is None or ends_on is None:
            return None
        for since, until, amount in stated:
            if (since, until) == (starts_on, ends_on):
                return amount
        shares = []
        for since, until, amount in _finest(stated):
            first, last = max(since, starts_on), min(until, ends_on)
            if first <= last:
                whole = Decimal((until - since).days + 1)
                before, after = Decimal((first - since).days), Decimal((last - since).days + 1)
                shares.append(posted(amount, after, whole) - posted(amount, before, whole))
        return money_sum(shares) if shares else None

    def quota_rows(self, day: date, period: Period) -> dict[tuple[str, str], Decimal]:
        """Quota of every level row that has one: the topmost quotas in it.

        A manager's quota is his subtree's, so it is not one of his row of level `rep`: only those may be summed.
        """
        own = {owner: amount for owner in self._quotas if (amount := self.quota(owner, period)) is not None}
        members: dict[tuple[str, str], set[str]] = defaultdict(set)
        for owner in own:
            for level in self.levels(owner, day):
                if level[0] != "rep" or owner not in self.bosses(day):
                    members[level].add(owner)
        return {
            level: money_sum(own[owner] for owner in owners if not self._covered(owner, owners, day))
            for level, owners in members.items()
        }

    def _covered(self, owner: str, owners: set[str], day: date) -> bool:
        return any(above in owners for above in self.company.managers(owner, day)[1:])

    # marts

    def forecast(self) -> dict[tuple[date, str, str, str], dict[str, Any]]:
        """`pipeline_forecast` by reporting date, period, level and level id."""
        found = {}
        for day in sorted({*self.company.reporting_dates, *self.company.week_ends}):
            found.update(self._forecast_on(day))
        return found

    def _forecast_on(self, day: date) -> dict[tuple[date, str, str, str], dict[str, Any]]:
        periods = self.company.periods(day, self.company.year_end(day, 1))
        everything = [*periods, Period("undated", "undated"), Period("all", "all")]
        rows: dict[tuple[str, str, str], dict[str, Any]] = defaultdict(_no_deals)
        quotas = {period.name: self.quota_rows(day, period) for period in everything}
        for period in everything:
            rows[period.name, "company", COMPANY] = _no_deals()
            for level in quotas[period.name]:
                rows[period.name, *level] = _no_deals()
        for state in self.states(day):
            deal = self.deals[state.deal]
            line = deal.row["product_line"] or self.company.product_lines.get(deal.row["product_id"]) or NONE
            if state.status == LOST:
                continue
            levels = [*self.levels(state.owner, day), ("product_line", line)]
            for period in everything:
                if not _falls_in(state, period):
                    continue
                for level in levels:
                    _count(rows[period.name, *level], state)
        for (name, level, level_id), row in rows.items():
            row["quota_amount"] = quotas[name].get((level, level_id))
            _finish(row)
        return {(day, *key): row for key, row in rows.items()}

    def no_forecast(self) -> dict[str, Any]:
        """A row of `pipeline_forecast` without deals and without quota."""
        row = _no_deals() | {"quota_amount": None}
        _finish(row)
        return row

    def closures(self) -> list[Deal]:
        """Deals won or lost by the day shown."""
        return [deal for deal in self.deals.values() if deal.closed_on and deal.closed_on <= self.company.as_of]

    def performance(self) -> dict[tuple[Any, ...], dict[str, Any]]:
        """`sales_performance` by month, owner, product, product line, industry and source."""
        found: dict[tuple[Any, ...], dict[str, Any]] = defaultdict(_no_closings)
        for deal in self.closures():
            assert deal.closed_on is not None
            state = self.state(deal, deal.closed_on)
            now = self.state(deal, self.company.as_of)
            assert state is not None
            assert now is not None
            row = found[month_of(deal.closed_on), state.owner or NONE, *self._kind(deal)]
            row[now.status] += 1
            row[f"{now.status}_amount"] += now.amount
            row[f"{now.status}_cycle_days_sum"] += deal.cycle_days
        for activity in self.company.rows("activities"):
            day = activity["occurred_at"].date()
            deal = self.deals.get(activity["opportunity_id"])
            if deal is not None and day <= self.company.as_of:
                owner = deal.fields["owner_id"].on(day if day >= deal.starts_on else self.company.as_of)
                found[month_of(day), owner or NONE, *self._kind(deal)]["activities"] += 1
        return dict(found)

    def _kind(self, deal: Deal) -> tuple[str, str, str, str]:
        """Product, product line, industry and source of a deal."""
        row = deal.row
        line = row["product_line"] or self.company.product_lines.get(row["product_id"])
        industry = self.company.accounts.get(row["account_id"], {}).get("industry")
        return (row["product_id"] or NONE, line or NONE, industry or NONE, row["source"] or NONE)

    def performance_levels(self) -> dict[tuple[date, str, str], dict[str, Any]]:
        """`sales_performance_levels` by month, level and level id."""
        deals: dict[tuple[date, str, str], list[tuple[Deal, Decimal]]] = defaultdict(list)
        for deal in self.closures():
            assert deal.closed_on is not None
            at_close, now = self.state(deal, deal.closed_on), self.state(deal, self.company.as_of)
            assert at_close is not None
            assert now is not None
            month = month_of(deal.closed_on)
            levels = self.levels(at_close.owner, min(month_end(month), self.company.as_of))
            for level in [*levels, ("product_line", self._kind(deal)[1])]:
                deals[month, *level].append((deal, now.amount))
        quotas = {
            month: self.quota_rows(
                min(month_end(month), self.company.as_of), Period(f"{month:%Y-%m}", "month", month, month_end(month))
            )
            for month in {key[0] for key in deals}
        }
        return {key: _performance(closed, quotas[key[0]].get((key[1], key[2]))) for key, closed in deals.items()}


def _differences(shown: list[tuple[date, Any]]) -> list[tuple[date, Any]]:
    """Of what exports show only what differs from the export before; the first differs from nothing."""
    before = [None, *(value for _, value in shown)]
    return [(day, value) for (day, value), seen in zip(shown, before, strict=False) if value != seen]


def _finest(stated: list[tuple[date, date, Decimal]]) -> list[tuple[date, date, Decimal]]:
    """Quotas whose period holds no shorter one: a year beside its quarters is not counted twice."""
    return [
        quota
        for quota in stated
        if not any(quota[:2] != other[:2] and quota[0] <= other[0] and other[1] <= quota[1] for other in stated)
    ]


def _step(field: str, row: Row) -> tuple[date, Any, Any] | None:
    """A readable change: its day, the value before and after."""
    try:
        return row["changed_at"].date(), _value(field, row["old_value"]), _value(field, row["new_value"])
    except UnreadableError:
        return None


def _value(field: str, text: str | None) -> Any:
    cell = cell_of(text)
    if cell is None:
        return None
    if field == "amount":
        return read_decimal(cell, 2)
    if field == "close_on":
        return read_date(cell)
    return f"custom:{cell}" if field == "owner_id" else cell


def _falls_in(state: State, period: Period) -> bool:
    """Won by its closing day, open by its close date; `undated` holds open deals alone."""
    if state.status == WON:
        return period.name != "undated" and period.holds(state.status_since)
    return period.holds(state.close_on)


def _no_deals() -> dict[str, Any]:
    counts = {"won_deals": 0, "open_deals": 0}
    names = ("won_amount", "open_amount", "open_weighted_amount", "omitted_amount", "_commit", "_best_case")
    return counts | dict.fromkeys(names, ZERO)


def _count(row: dict[str, Any], state: State) -> None:
    if state.status == WON:
        row["won_deals"] += 1
        row["won_amount"] += state.amount
    elif state.category in ("omitted", "closed"):
        row["omitted_amount"] += state.amount
    else:
        row["open_deals"] += 1
        row["open_amount"] += state.amount
        row["open_weighted_amount"] += at_rate(state.amount, state.probability) or ZERO
        if state.category in ("commit", "best_case"):
            row[f"_{state.category}"] += state.amount


def _finish(row: dict[str, Any]) -> None:
    won = row["won_amount"]
    row["stage_weighted_amount"] = won + row["open_weighted_amount"]
    row["commit_amount"] = won + row.pop("_commit")
    row["best_case_amount"] = row["commit_amount"] + row.pop("_best_case")
    quota = row["quota_amount"]
    row["gap_amount"] = None if quota is None else quota - won
    row["coverage"] = None if quota is None else ratio(row["open_amount"], row["gap_amount"])


def _no_closings() -> dict[str, Any]:
    counts = {WON: 0, LOST: 0, "won_cycle_days_sum": 0, "lost_cycle_days_sum": 0, "activities": 0}
    return counts | {"won_amount": ZERO, "lost_amount": ZERO}


def _performance(closed: Iterable[tuple[Deal, Decimal]], quota: Decimal | None) -> dict[str, Any]:
    """ "Results" and "velocity" of one level row."""
    won = [(deal, amount) for deal, amount in closed if deal.final_status == WON]
    lost = [(deal, amount) for deal, amount in closed if deal.final_status == LOST]
    won_amount = money_sum(amount for _, amount in won)
    lost_amount = money_sum(amount for _, amount in lost)
    cycle = sum(deal.cycle_days for deal, _ in won)
    low, high = wilson(len(won), len(won) + len(lost))
    median = quantile([deal.cycle_days for deal, _ in won], Fraction(1, 2))
    return {
        "won": len(won),
        "lost": len(lost),
        "won_amount": won_amount,
        "lost_amount": lost_amount,
        "won_cycle_days_sum": cycle,
        "win_rate": ratio(len(won), len(won) + len(lost)),
        "win_low": low,
        "win_high": high,
        "win_rate_amount": ratio(won_amount, won_amount + lost_amount),
        "average_amount": ratio(won_amount, len(won), 2),
        "median_cycle_days": None if median is None else rounded(median, 1),
        "velocity": ratio(won_amount * len(won), cycle, 2),
        "quota_amount": quota,
        "quota_attainment": None if quota is None else ratio(won_amount, quota),
    }
