"""Demand against stock after METRICS §5: what is ordered and expected, what is there, and how good the forecast was.

Readings where §5 leaves room: products and quantities of a deal are those known today; a supply expected by the
last count has been counted; without a product a line asks for `(none)`. A stock simulated for a policy starts with
the first count at a month-end that has three months of shipments behind it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from itertools import pairwise
from typing import Any

from tests.oracle.company import NONE, Company, Period, Steps, month_end, month_of, months
from tests.oracle.delivery import Delivery, Line
from tests.oracle.exports import COMPANY_CURRENCY, Row
from tests.oracle.money import ZERO, money_sum, ratio, rounded
from tests.oracle.opportunities import OPEN, WON, Deal, Opportunities, State

_PRIOR = 20
_DAY = timedelta(days=1)
Quantities = dict[tuple[str, date], Decimal]


class Demand:
    """Demand and stock of one company."""

    def __init__(self, company: Company, opportunities: Opportunities, delivery: Delivery) -> None:
        self.company = company
        self.opportunities = opportunities
        self.delivery = delivery

    # calendar

    @cached_property
    def _month_ends(self) -> list[date]:
        return [
            month_end(month)
            for month in months(self.company.first_movement, self.company.as_of)
            if month_end(month) <= self.company.as_of
        ]

    @cached_property
    def _ended_months(self) -> list[Period]:
        first = date(self.company.first_movement.year, 1, 1)
        return [period for period in self.company.periods(first, self.company.as_of) if period.kind == "month"]

    # calibration ("Stage forecast")

    @cached_property
    def _weeks(self) -> dict[date, dict[tuple[str, int], list[int]]]:
        """Open and won deals by end of the month in which they were to close, by stage and whole weeks before that end."""
        found: dict[date, dict[tuple[str, int], list[int]]] = defaultdict(lambda: defaultdict(lambda: [0, 0]))
        ends = {period.starts_on: period for period in self._ended_months}
        for deal in self.opportunities.deals.values():
            for since, until, state in self._spans(deal):
                period = ends.get(month_of(state.close_on)) if state.close_on else None
                if period is None or not _is_forecast(state):
                    continue
                end = period.ends_on
                assert end is not None
                result = self.opportunities.state(deal, end)
                is_won = result is not None and result.status == WON and period.holds(result.status_since)
                newest = (end - min(until, end)).days
                for week in range(-(-newest // 7), (end - since).days // 7 + 1):
                    counts = found[end][state.stage or NONE, week]
                    counts[0] += 1
                    counts[1] += is_won
        return found

    def _spans(self, deal: Deal) -> Iterator[tuple[date, date, State]]:
        """Days on which a deal stayed as it was, first and last included, up to the day shown."""
        days = {deal.starts_on, *deal.statuses.days}
        for steps in deal.fields.values():
            days |= set(steps.days)
        starts = sorted(day for day in {max(day, deal.starts_on) for day in days} if day <= self.company.as_of)
        for since, after in pairwise([*starts, self.company.as_of + _DAY]):
            state = self.opportunities.state(deal, since)
            if state is not None and state.status == OPEN:
                yield since, after - _DAY, state

    def _pooled(self, day: date) -> tuple[dict[tuple[str, int], list[int]], dict[str, list[int]]]:
        """Counts over all months ended by a day: by stage and week, and by stage."""
        if day not in self._pools:
            weekly: dict[tuple[str, int], list[int]] = defaultdict(lambda: [0, 0])
            overall: dict[str, list[int]] = defaultdict(lambda: [0, 0])
            for end, counts in self._weeks.items():
                if end <= day:
                    for (stage, week), (deals, won) in counts.items():
                        for sums in (weekly[stage, week], overall[stage]):
                            sums[0] += deals
                            sums[1] += won
            self._pools[day] = weekly, overall
        return self._pools[day]

    @cached_property
    def _pools(self) -> dict[date, tuple[dict[tuple[str, int], list[int]], dict[str, list[int]]]]:
        return {}

    def probability(self, state: State, day: date) -> Decimal:
        """The calibrated probability that an open deal is won in the month of its close date."""
        assert state.close_on is not None
        weekly, overall = self._pooled(day)
        stage = state.stage or NONE
        week = (month_end(state.close_on) - day).days // 7
        all_deals, all_won = overall.get(stage, [0, 0])
        if not all_deals:
            return state.probability or ZERO
        mean = Fraction(all_won, all_deals)
        deals, won = weekly.get((stage, week), [0, 0])
        if not deals:
            return rounded(mean, 6)
        return rounded((won + _PRIOR * mean) / (deals + _PRIOR), 6)

    # what is wanted

    @cached_property
    def _quantities(self) -> dict[str, dict[str, Decimal]]:
        """What each deal asks for, by product: its lines, else its own product and quantity."""
        found: dict[str, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
        for row in self.company.rows("opportunity_lines"):
            found[row["opportunity_id"]][row["product_id"]] += row["quantity"]
        for key, deal in self.opportunities.deals.items():
            if key not in found and deal.row["product_id"] and deal.row["quantity"] is not None:
                found[key][deal.row["product_id"]] = deal.row["quantity"]
        return found

    def expected(self, day: date) -> Quantities:
        """Quantity of open deals × calibrated probability, by product and month of the expected close."""
        last = self.company.year_end(day, 1)
        found: Quantities = defaultdict(Decimal)
        for state in self.opportunities.states(day):
            if state.status == OPEN and _is_forecast(state) and state.close_on and day.replace(day=1) <= state.close_on:
                if state.close_on > last:
                    continue
                chance = self.probability(state, day)
                for product, quantity in self._quantities.get(state.deal, {}).items():
                    found[product, month_of(state.close_on)] += rounded(quantity * chance, 3)
        return found

    def _is_repeat(self, line: Line) -> bool:
        """Whether the line's order comes from no opportunity."""
        return self.delivery.opportunity_of_order(line.order) is None

    def backlog(self, day: date, *, repeats: bool | None = None) -> Quantities:
        """Ordered and not shipped on a day, by product and month of the promised day; of all orders, or of repeats or not."""
        found: Quantities = defaultdict(Decimal)
        for line in self.delivery.lines.values():
            if repeats is not None and self._is_repeat(line) is not repeats:
                continue
            if line.ordered_on <= day and (line.cancelled_on is None or line.cancelled_on > day):
                missing = line.quantity - self.delivery.moved(line, "shipped_on", day)
                if missing > 0:
                    found[line.product or NONE, month_of(line.promised_on or day)] += missing
        return found

    @cached_property
    def shipped(self) -> Quantities:
        """What was shipped, by product and month."""
        return self._shipped_of(self.delivery.lines.values())

    @cached_property
    def _repeats_shipped(self) -> Quantities:
        return self._shipped_of(line for line in self.delivery.lines.values() if self._is_repeat(line))

    def _shipped_of(self, lines: Iterable[Line]) -> Quantities:
        found: Quantities = defaultdict(Decimal)
        for line in lines:
            for row in self.delivery.shipments_of.get(line.id, []):
                if row["shipped_on"] <= self.company.as_of:
                    found[line.product or NONE, month_of(row["shipped_on"])] += row["quantity"]
        return found

    # what is there

    @cached_property
    def _counts(self) -> dict[str, Steps]:
        found: dict[str, list[tuple[date, Row]]] = defaultdict(list)
        for row in self.company.rows("inventory"):
            if row["counted_on"] <= self.company.as_of:
                found[row["product_id"]].append((row["counted_on"], row))
        return {product: Steps(rows) for product, rows in found.items()}

    def _incoming(self) -> Quantities:
        """Supplies expected after the last count, overdue ones now; without any, what the count says is on its way."""
        now = self.company.as_of
        found: Quantities = defaultdict(Decimal)
        for row in self.company.rows("incoming_supply"):
            counts = self._counts.get(row["product_id"])
            if counts is None or row["expected_on"] > counts.days[-1]:
                found[row["product_id"], month_of(max(row["expected_on"], now))] += row["quantity"]
        announced = {product for product, _ in found}
        for product, counts in self._counts.items():
            if product not in announced:
                found[product, month_of(now)] += counts.values[-1]["incoming_quantity"] or ZERO
        return found

    @cached_property
    def _costs(self) -> dict[str, Fraction | None]:
        """Cost of one unit on the day shown, in company currency, exactly."""
        day, found = self.company.as_of, {}
        history: dict[str, list[tuple[date, Row]]] = defaultdict(list)
        for row in self.company.rows("product_costs"):
            history[row["product_id"]].append((row["valid_from_on"], row))
        for product in self.company.rows("products"):
            source = Steps(history[product["product_id"]]).on(day) or product
            rate = self.company.rate(source["currency"] or COMPANY_CURRENCY, day)
            known = source["unit_cost"] is not None and rate is not None
            found[product["product_id"]] = Fraction(source["unit_cost"]) * Fraction(rate) if known and rate else None
        return found

    def _value(self, product: str, quantity: Decimal) -> Decimal | None:
        cost = self._costs.get(product)
        return None if cost is None else rounded(Fraction(max(quantity, ZERO)) * cost)

    # marts

    def against_stock(self) -> dict[tuple[str, date], dict[str, Any]]:
        """`demand_vs_inventory` by product and month."""
        now = month_of(self.company.as_of)
        backlog: Quantities = defaultdict(Decimal)
        for (product, month), quantity in self.backlog(self.company.as_of).items():
            backlog[product, max(month, now)] += quantity
        forecast, incoming = self.expected(self.company.as_of), self._incoming()
        falling = {*backlog, *forecast, *incoming}
        products = {product for product, _ in falling} | set(self._counts)
        grid = list(months(now, self.company.year_end(self.company.as_of, 1)))
        found = {}
        for product in products:
            counts = self._counts.get(product)
            on_hand = counts.values[-1]["on_hand_quantity"] if counts else ZERO
            available = projected = on_hand
            for month in sorted({*grid, *(month for key, month in falling if key == product)}):
                key = product, month
                demand = backlog.get(key, ZERO) + forecast.get(key, ZERO)
                arriving = incoming.get(key, ZERO)
                supply = max(projected, ZERO) + arriving
                available += arriving
                projected += arriving - demand
                found[key] = {
                    "counted_on": counts.days[-1] if counts else None,
                    "on_hand_quantity": on_hand,
                    "backlog_quantity": backlog.get(key, ZERO),
                    "forecast_quantity": forecast.get(key, ZERO),
                    "incoming_quantity": arriving,
                    "available_quantity": available,
                    "projected_quantity": projected,
                    "days_of_cover": ratio(supply * month_end(month).day, demand),
                    "shortage_quantity": max(-projected, ZERO),
                    "excess_amount": self._value(product, projected),
                }
        return found

    def accuracy(self) -> dict[tuple[str, str, str, str], dict[str, Any]]:
        """`demand_accuracy` by period, method, level and level id."""
        first = min((month for _, month in self.shipped), default=date.max)
        pairs: dict[tuple[str, str, str, str], list[tuple[Decimal, Decimal]]] = defaultdict(list)
        for quarter in self.company.periods(first, self.company.as_of):
            if quarter.kind != "quarter" or quarter.starts_on is None or quarter.ends_on is None:
                continue
            before = month_of(month_of(quarter.starts_on - _DAY) - timedelta(days=32))
            if before < first:
                continue
            actual = self._shipped_between(quarter.starts_on, quarter.ends_on)
            methods = {
                "forecast": self._known_before(quarter),
                "last_quarter": self._shipped_between(before, quarter.starts_on - _DAY),
            }
            for product in set(actual).union(*methods.values()):
                line = self.company.product_lines.get(product) or NONE
                levels = (("company", "company"), ("product_line", line), ("product", product))
                for method, quantities in methods.items():
                    pair = quantities.get(product, ZERO), actual.get(product, ZERO)
                    for period in (quarter.name, "all"):
                        for level in levels:
                            pairs[period, method, *level].append(pair)
        return {key: _errors(found) for key, found in pairs.items()}

    def _shipped_between(self, since: date, until: date) -> dict[str, Decimal]:
        found: dict[str, Decimal] = defaultdict(Decimal)
        for (product, month), quantity in self.shipped.items():
            if since <= month <= until:
                found[product] += quantity
        return found

    def _known_before(self, quarter: Period) -> dict[str, Decimal]:
        """Backlog promised and deals expected by the quarter's end, as known on the day before it."""
        assert quarter.starts_on is not None
        assert quarter.ends_on is not None
        found: dict[str, Decimal] = defaultdict(Decimal)
        for known in (self.backlog(quarter.starts_on - _DAY), self.expected(quarter.starts_on - _DAY)):
            for (product, month), quantity in known.items():
                if month <= quarter.ends_on:
                    found[product] += quantity
        return found

    def stock_by_policy(self) -> dict[tuple[date, str, str], dict[str, Any]]:
        """`stock_by_policy` by month, policy and product: month after month, filled up and emptied."""
        first = min((month for _, month in self.shipped), default=date.max)
        found: dict[tuple[date, str, str], dict[str, Any]] = {}
        stocks: dict[tuple[str, str], Decimal] = {}
        for end in self._month_ends:
            month = month_of(end)
            for product, counts in self._counts.items():
                counted = counts.on(end)
                if counted is None or (month - first).days < 59:
                    continue
                if (product, "orders") not in stocks:
                    stocks |= {(product, policy): counted["on_hand_quantity"] for policy in _POLICIES}
                    continue
                out = self.shipped.get((product, month), ZERO)
                found[month, "counted", product] = self._stock(product, None, out, counted["on_hand_quantity"])
                for policy, target_of in _POLICIES.items():
                    target = rounded(Fraction(target_of(self, product, month)), 3)
                    left = max(stocks[product, policy], target) - out
                    stocks[product, policy] = left
                    found[month, policy, product] = self._stock(product, target, out, left)
        return found

    def _stock(self, product: str, target: Decimal | None, shipped: Decimal, left: Decimal) -> dict[str, Any]:
        return {
            "target_quantity": target,
            "shipped_quantity": shipped,
            "stock_quantity": max(left, ZERO),
            "shortage_quantity": max(-left, ZERO),
            "stock_amount": self._value(product, left),
        }

    @cached_property
    def _evenings(self) -> dict[tuple[str, date], Quantities]:
        return {}

    def _known(self, kind: str, day: date) -> Quantities:
        if (kind, day) not in self._evenings:
            if kind == "deals":
                self._evenings[kind, day] = self.expected(day)
            else:
                self._evenings[kind, day] = self.backlog(day, repeats={"repeats": True, "from_deals": False}.get(kind))
        return self._evenings[kind, day]

    def _wanted(self, kind: str, product: str, month: date) -> Decimal:
        """What was known the evening before a month for it and the next."""
        next_month = month_of(month + timedelta(days=31))
        known = self._known(kind, month - _DAY)
        return money_sum(amount for (key, on), amount in known.items() if key == product and on <= next_month)

    def ordered_before(self, product: str, month: date) -> Decimal:
        """Backlog promised by the end of the next month."""
        return self._wanted("all", product, month)

    def forecast_before(self, product: str, month: date) -> Fraction:
        """Deals expected to close by then, the backlog that deals brought, and what comes anyhow or is ordered of it."""
        announced = self._wanted("deals", product, month) + self._wanted("from_deals", product, month)
        usual = self._two_thirds(self._repeats_shipped, product, month)
        return Fraction(announced) + max(Fraction(self._wanted("repeats", product, month)), usual)

    def usual(self, product: str, month: date) -> Fraction:
        """Two thirds of what shipped in the three months before."""
        return self._two_thirds(self.shipped, product, month)

    def _two_thirds(self, shipped: Quantities, product: str, month: date) -> Fraction:
        total, before = ZERO, month
        for _ in range(3):
            before = month_of(before - _DAY)
            total += shipped.get((product, before), ZERO)
        return Fraction(total) * 2 / 3


_POLICIES: dict[str, Callable[[Demand, str, date], Decimal | Fraction]] = {
    "orders": Demand.ordered_before,
    "forecast": Demand.forecast_before,
    "last_quarter": Demand.usual,
}


def _is_forecast(state: State) -> bool:
    return state.category not in ("omitted", "closed")


def _errors(pairs: list[tuple[Decimal, Decimal]]) -> dict[str, Any]:
    """Forecast and actual of products, added up; the sizes of errors do not cancel."""
    actual = money_sum(pair[1] for pair in pairs)
    error = money_sum(pair[0] - pair[1] for pair in pairs)
    size = money_sum(abs(pair[0] - pair[1]) for pair in pairs)
    return {
        "forecast_quantity": money_sum(pair[0] for pair in pairs),
        "actual_quantity": actual,
        "error": error,
        "absolute_error": size,
        "wape": ratio(size, actual),
        "bias": ratio(error, actual),
    }


def order_delivery(delivery: Delivery, company: Company) -> dict[tuple[date, str], dict[str, Any]]:
    """`order_delivery` by month and product line ("On time in full")."""
    day = company.as_of
    kept = {line.id: _Kept(delivery, line, day) for line in delivery.lines.values() if _stands(line, day)}
    whole: dict[str, bool] = {}
    for item in kept.values():
        if item.is_due:
            whole[item.line.order] = whole.get(item.line.order, True) and item.is_whole
    groups: dict[tuple[date, str], list[_Kept]] = defaultdict(list)
    for item in kept.values():
        line = company.product_lines.get(item.line.product or "") or NONE
        groups[month_of(item.line.promised_on or day), line].append(item)
    found = {}
    for key, items in groups.items():
        due = [item for item in items if item.is_due]
        in_full = [item for item in due if item.is_whole]
        orders = {item.line.order for item in due}
        found[key] = {
            "lines_due": len(due),
            "on_time_in_full_lines": len(in_full),
            "otif_rate": ratio(len(in_full), len(due)),
            "orders_due": len(orders),
            "otif_orders": sum(whole[order] for order in orders),
            "median_lead_days": _median([item.lead_days for item in due if item.lead_days is not None]),
            "backlog_amount": money_sum(item.backlog_amount for item in items),
        }
    return found


def late_order_lines(delivery: Delivery, company: Company) -> dict[str, dict[str, Any]]:
    """`late_order_lines` by line that was due and not there in full on its promised day."""
    day = company.as_of
    kept = (_Kept(delivery, line, day) for line in delivery.lines.values() if _stands(line, day))
    return {item.line.id: _late(delivery, company, item) for item in kept if item.is_due and not item.is_whole}


def _late(delivery: Delivery, company: Company, item: _Kept) -> dict[str, Any]:
    line = item.line
    delays = [row for row in delivery.shipments_of.get(line.id, []) if row["delay_reason"]]
    known = [row for row in delays if row["shipped_on"] <= company.as_of]
    last = max(known, key=lambda row: (row["shipped_on"], row["shipment_line_id"]), default=None)
    assert line.promised_on is not None
    return {
        "order_id": line.order,
        "account_id": delivery.orders[line.order]["account_id"],
        "product_id": line.product,
        "product_line": company.product_lines.get(line.product or "") or NONE,
        "ordered_on": line.ordered_on,
        "promised_on": line.promised_on,
        "completed_on": item.completed_on,
        "days_late": ((item.completed_on or company.as_of) - line.promised_on).days,
        "quantity": line.quantity,
        "promised_quantity": item.promised_quantity,
        "backlog_quantity": item.backlog_quantity,
        "backlog_amount": item.backlog_amount,
        "delay_reason": last["delay_reason"] if last else None,
    }


def _stands(line: Line, day: date) -> bool:
    return line.ordered_on <= day and (line.cancelled_on is None or line.cancelled_on > day)


class _Kept:
    """Whether the promise of a line was kept by a day."""

    def __init__(self, delivery: Delivery, line: Line, day: date) -> None:
        self.line = line
        arrived = sorted(
            (on, row["quantity"])
            for row in delivery.shipments_of.get(line.id, [])
            if (on := row["delivered_on"] or row["shipped_on"]) <= day
        )
        self.is_due = line.promised_on is not None and line.promised_on <= day
        self.promised_quantity = in_time = money_sum(
            quantity for on, quantity in arrived if line.promised_on and on <= line.promised_on
        )
        self.is_whole = self.is_due and in_time >= line.quantity
        self.completed_on: date | None = None
        total = ZERO
        for on, quantity in arrived:
            total += quantity
            if total >= line.quantity and self.completed_on is None:
                self.completed_on = on
        self.lead_days = max(0, (self.completed_on - line.ordered_on).days) if self.completed_on else None
        shipped = delivery.moved(line, "shipped_on", day)
        gone = rounded(Fraction(line.amount) * Fraction(shipped) / Fraction(line.quantity)) if line.quantity else ZERO
        self.backlog_quantity = max(line.quantity - shipped, ZERO)
        self.backlog_amount = max(line.amount - gone, ZERO)


def _median(values: list[int]) -> Decimal | None:
    if not values:
        return None
    ordered, middle = sorted(values), len(values) // 2
    both = ordered[middle] + ordered[middle - 1] if len(ordered) % 2 == 0 else 2 * ordered[middle]
    return rounded(Fraction(both, 2), 6)
