"""What owners earned, were paid and lost after METRICS §7, movement by movement, in all four modes.

Readings where §7 leaves room: events of a period count in the order of day, document and line; what a line earns
under a rate of its own or under a cliff is its base so far × the rate, rounded once; under marginal tiers an event
earns what the period's entitlement gains. A line cancelled by the period's end books nothing. Each version of a plan
holds from the day on which it was recorded; a version recorded later corrects what was posted before, on that day.
A loss takes from what a line has earned so far the share that it is of the base so far.
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

from tests.oracle.company import Company, Period, month_of, months
from tests.oracle.delivery import Delivery, Line
from tests.oracle.exports import Row
from tests.oracle.money import ZERO, at_rate, money_sum, posted, ratio, rounded, split
from tests.oracle.opportunities import OPEN, Opportunities
from tests.oracle.receivables import Receivables
from tests.oracle.sales_events import BOOKINGS, GOODS, MONEY, SALES, Event, SalesEvents, margin_of

NEVER = date.max
_SETTLING = ("bonus_interest", "penalty_interest", "clawback", "paid")


@dataclass(frozen=True)
class Tier:
    """A band of base from its threshold on."""

    starts_at: Fraction
    rate: Decimal


@dataclass(frozen=True)
class Version:
    """A version of a plan, with its amounts in company currency; `until` is the first day without it."""

    plan: str
    number: int
    row: Row
    mode: str
    basis: str
    base: str
    period: str
    since: date
    until: date
    known_on: date
    rate: Decimal | None

    @property
    def by_quota(self) -> bool:
        """Whether tiers are shares of the quota."""
        return bool(self.row["tier_measure"] == "quota")

    @property
    def is_cliff(self) -> bool:
        """Whether the whole earns the rate reached."""
        return bool(self.row["tier_kind"] == "cliff")

    @property
    def by_period(self) -> bool:
        """Whether base adds up over the plan's period."""
        return self.mode == "attainment" or self.row["cumulates"] == "period"

    def money(self, column: str) -> Decimal | None:
        """An amount of the plan in company currency."""
        return at_rate(self.row[column], self.rate)


@dataclass(frozen=True)
class Run:
    """One calculation of an owner's history: his plans as known on a day, or one plan as if he had always had it."""

    owner: str
    known_on: date
    known_until: date = NEVER
    plan: str | None = None


@dataclass
class Gain:
    """Base that an event brings to an owner, with the position from which it starts and that it reaches."""

    event: Event
    line: Line
    version: Version
    period: Period
    base: Decimal
    posted_on: date
    scope: str
    place: int = 0
    before: Decimal = ZERO
    after: Decimal = ZERO
    at_end: Decimal = ZERO
    own_rate: Decimal | None = None
    so_far: Decimal = ZERO
    amount: Decimal = ZERO


@dataclass(frozen=True)
class Earning:
    """What a gain, or a tier crossed, earns somebody."""

    earner: str
    gain: Gain
    added_base: Decimal
    amount: Decimal
    line: Line
    is_true_up: bool = False


@dataclass(frozen=True)
class Movement:
    """A signed movement of a run or of the ledger; `through` is whose sale a manager earns on."""

    earner: str
    owner: str
    on: date
    kind: str
    amount: Decimal
    line: str | None = None
    order: str | None = None


class Commissions:
    """The commissions of one company."""

    def __init__(
        self, company: Company, opportunities: Opportunities, receivables: Receivables, delivery: Delivery
    ) -> None:
        self.company = company
        self.opportunities = opportunities
        self.delivery = delivery
        self.events = SalesEvents(company, receivables, delivery)

    # shares

    @cached_property
    def _splits(self) -> dict[tuple[str, str | None], dict[str, Decimal]]:
        found: dict[tuple[str, str | None], dict[str, Decimal]] = defaultdict(dict)
        for row in self.company.rows("commission_splits"):
            found[row["order_id"], row["order_line_id"]][row["owner_id"]] = row["share"]
        return found

    def shares(self, line: Line) -> dict[str, Decimal]:
        """Shares of the line, else of the order, else all to its owner; nothing unless they sum to 1 ("Splits")."""
        if not line.is_commissionable:
            return {}
        order = self.delivery.orders[line.order]
        contract = self.delivery.contracts.get(order["contract_id"] or "", {})
        owner = order["owner_id"] or contract.get("owner_id")
        found = self._splits.get((line.order, line.id)) or self._splits.get((line.order, None))
        if found is None:
            return {owner: Decimal(1)} if owner else {}
        return found if sum(found.values()) == 1 else {}

    @cached_property
    def _events_of(self) -> dict[tuple[str, str], dict[str, list[tuple[Event, Decimal]]]]:
        """For each basis and base, the events of every owner with his part of their base, split cumulatively."""
        found: dict[tuple[str, str], dict[str, list[tuple[Event, Decimal]]]] = {}
        for basis, bases in ((GOODS, ("revenue", "margin")), (BOOKINGS, ("revenue", "margin"))):
            for base in bases:
                found[basis, base] = self._split_events((basis, SALES), base)
        for base in ("revenue", "margin", "collected"):
            found[MONEY, base] = self._split_events((MONEY,), base)
        return found

    def _split_events(self, counted: tuple[str, ...], base: str) -> dict[str, list[tuple[Event, Decimal]]]:
        found: dict[str, list[tuple[Event, Decimal]]] = defaultdict(list)
        for line in self.delivery.lines.values():
            shares = self.shares(line)
            if not shares:
                continue
            to_here = {False: ZERO, True: ZERO}
            before = {False: dict.fromkeys(shares, ZERO), True: dict.fromkeys(shares, ZERO)}
            for event in self.events.of_line.get(line.id, []):
                if event.basis in counted:
                    to_here[event.is_loss] += event.bases[base]
                    parts = split(to_here[event.is_loss], shares)
                    for owner, part in parts.items():
                        found[owner].append((event, part - before[event.is_loss][owner]))
                    before[event.is_loss] = parts
        return found

    # plans

    @cached_property
    def versions(self) -> dict[str, list[Version]]:
        """The versions of each plan; the first recorded was always known."""
        found: dict[str, list[Version]] = defaultdict(list)
        for row in self.company.rows("commission_plans"):
            mode = row["mode"] or "shipment"
            base = row["base"] or ("collected" if mode.startswith("collection") else "revenue")
            if mode == "shipment" and base == "collected":
                base = "revenue"
            books = mode == "attainment" and base != "collected"
            recorded = row["recorded_at"].date() if row["recorded_at"] else row["valid_from_on"] or date.min
            found[row["plan_id"]].append(
                Version(
                    plan=row["plan_id"],
                    number=row["version"] or 1,
                    row=row,
                    mode=mode,
                    basis=GOODS if mode == "shipment" else BOOKINGS if books else MONEY,
                    base=base,
                    period=row["period"] or "month",
                    since=row["valid_from_on"] or date.min,
                    until=row["valid_to_on"] + timedelta(days=1) if row["valid_to_on"] else NEVER,
                    known_on=recorded,
                    rate=self.company.rate(row["currency"], row["valid_from_on"] or self.company.as_of),
                )
            )
        for plan, versions in found.items():
            first, *rest = sorted(versions, key=lambda version: (version.known_on, version.number))
            found[plan] = [replace(first, known_on=date.min), *rest]
        return found

    def version_on(self, plan: str, day: date, known_on: date) -> Version | None:
        """The newest version known then that covers the day; an end that a version not known yet sets does not count."""
        versions = self.versions.get(plan, [])
        covering = [
            version
            for version in versions
            if version.known_on <= known_on
            and version.since < version.until
            and version.since <= day
            and (
                day < version.until
                or any(other.since == version.until and other.known_on > known_on for other in versions)
            )
        ]
        return max(covering, key=lambda version: version.number, default=None)

    @cached_property
    def _assigned(self) -> dict[str, list[Row]]:
        found: dict[str, list[Row]] = defaultdict(list)
        for row in self.company.rows("commission_assignments"):
            found[row["owner_id"]].append(row)
        return found

    def terms(self, run: Run, day: date) -> Version | None:
        """What holds for the owner on a day: of two plans the one that began last."""
        rows = [row for row in self._assigned.get(run.owner, []) if _holds(row, day)]
        if not rows:
            return None
        latest = max(row["valid_from_on"] or date.min for row in rows)
        plan = min(row["plan_id"] for row in rows if (row["valid_from_on"] or date.min) == latest)
        return self.version_on(run.plan or plan, day, run.known_on)

    def runs(self, owner: str) -> list[Run]:
        """One run for each day on which a version of his plans became known."""
        plans = {row["plan_id"] for row in self._assigned.get(owner, [])}
        days = sorted({version.known_on for plan in plans for version in self.versions.get(plan, [])})
        return [Run(owner, day, until) for day, until in zip(days, [*days[1:], NEVER], strict=True)]

    def _period(self, kind: str, day: date) -> Period:
        key = kind, day.year, day.month
        if key not in self._periods:
            year = self.company.periods(date(day.year, 1, 1), date(day.year, 12, 31))
            self._periods[key] = next(period for period in year if period.kind == kind and period.holds(day))
        return self._periods[key]

    @cached_property
    def _periods(self) -> dict[tuple[str, int, int], Period]:
        return {}

    # what brings base

    def _gains(self, run: Run) -> list[Gain]:
        """The owner's gains of a run, each with its place and position in its period or line."""
        scopes: dict[tuple[str, str], list[Gain]] = defaultdict(list)
        for (basis, base), owners in self._events_of.items():
            for event, amount in owners.get(run.owner, []):
                version = None if event.is_loss else self.terms(run, event.on)
                if version is None or (version.basis, version.base) != (basis, base):
                    continue
                gain = self._gain(event, amount, version)
                if gain is not None:
                    scopes[version.plan, gain.scope].append(gain)
        for gains in scopes.values():
            gains.sort(key=lambda gain: (gain.posted_on, gain.event.on, gain.event.id, gain.line.id))
            position = ZERO
            for place, gain in enumerate(gains, 1):
                gain.place, gain.before = place, position
                position += gain.base
                gain.after = position
            for gain in gains:
                gain.at_end = position
        return [gain for gains in scopes.values() for gain in gains]

    def _gain(self, event: Event, base: Decimal, version: Version) -> Gain | None:
        line = self.delivery.lines[event.line]
        period = self._period(version.period, event.on)
        assert period.ends_on is not None
        if version.basis == BOOKINGS and line.cancelled_on is not None and line.cancelled_on <= period.ends_on:
            return None
        posted_on = period.ends_on if version.mode == "attainment" else event.on
        scope = f"period {period.name}" if version.by_period else f"line {line.id}"
        return Gain(event, line, version, period, base, posted_on, scope)

    # what it earns

    def tiers(self, owner: str, version: Version, period: Period) -> list[Tier]:
        """The version's tiers by amount, or by share of the owner's quota; without a quota the lowest alone ("Tiers")."""
        key = owner, version.plan, version.number, period.name
        if key not in self._tiers:
            self._tiers[key] = self._find_tiers(owner, version, period)
        return self._tiers[key]

    @cached_property
    def _tiers(self) -> dict[tuple[str, str, int, str], list[Tier]]:
        return {}

    def _find_tiers(self, owner: str, version: Version, period: Period) -> list[Tier]:
        rows = [
            row
            for row in self.company.rows("commission_tiers")
            if row["plan_id"] == version.plan and (row["version"] or 1) == version.number
        ]
        if not rows:
            return []
        if version.by_quota:
            quota = self.opportunities.quota(owner, period)
            starts = sorted((row["from_attainment"] or ZERO, row["rate"]) for row in rows)
            if not quota or quota <= 0:
                return [Tier(Fraction(0), starts[0][1])]
            found = [Tier(Fraction(start) * Fraction(quota), rate) for start, rate in starts]
        else:
            factor = Fraction(version.rate or 0)
            found = [Tier(Fraction(row["from_amount"] or 0) * factor, row["rate"]) for row in rows]
        found.sort(key=lambda tier: tier.starts_at)
        return found if found[0].starts_at <= 0 else [Tier(Fraction(0), ZERO), *found]

    @cached_property
    def _rates(self) -> dict[tuple[str, int], list[Row]]:
        found: dict[tuple[str, int], list[Row]] = defaultdict(list)
        for row in self.company.rows("commission_rates"):
            found[row["plan_id"], row["version"] or 1].append(row)
        return found

    def own_rate(self, gain: Gain) -> Decimal | None:
        """A rate of the plan for account and product, account, product or product line, which beats tiers."""
        account = self.delivery.orders[gain.line.order]["account_id"]
        line = self.company.product_lines.get(gain.line.product or "")
        best: tuple[tuple[Any, ...], Decimal] | None = None
        for row in self._rates.get((gain.version.plan, gain.version.number), []):
            asked = ((row["account_id"], account), (row["product_id"], gain.line.product), (row["product_line"], line))
            if _holds(row, gain.event.on) and all(want is None or want == have for want, have in asked):
                rank = (*(want is not None for want, _ in asked), row["valid_from_on"] or date.min)
                if best is None or rank > best[0]:
                    best = (rank, row["rate"])
        return best[1] if best else None

    def _earnings(self, run: Run) -> list[Earning]:
        gains = self._gains(run)
        scopes: dict[tuple[str, str], list[Gain]] = defaultdict(list)
        for gain in gains:
            scopes[gain.version.plan, gain.scope].append(gain)
        found: list[Earning] = []
        for members in scopes.values():
            self._rate(run.owner, members)
            found += [Earning(run.owner, gain, gain.base, gain.amount, gain.line) for gain in members]
            found += self._true_ups(run.owner, members)
        return [*_capped(found), *self._overrides(run.owner, gains)]

    def _rate(self, owner: str, gains: list[Gain]) -> None:
        """Give every gain of a period or line what it earns."""
        so_far: dict[tuple[int, str, Decimal | None], Decimal] = defaultdict(Decimal)
        for gain in gains:
            tiers = self.tiers(owner, gain.version, gain.period)
            gain.own_rate = self.own_rate(gain)
            key = gain.version.number, gain.line.id, gain.own_rate
            before = so_far[key]
            so_far[key] = gain.so_far = before + gain.base
            rate = gain.own_rate
            if rate is None and gain.version.is_cliff:
                rate = rate_at(tiers, gain.at_end if gain.version.mode == "attainment" else gain.after)
            if rate is None:
                gain.amount = marginal(tiers, gain.after) - marginal(tiers, gain.before)
            else:
                gain.amount = rounded(gain.so_far * rate) - rounded(before * rate)

    def _true_ups(self, owner: str, gains: list[Gain]) -> Iterator[Earning]:
        """Where an event crosses a cliff, each earlier line is brought to the new rate, on that event's day."""
        for place, crossing in enumerate(gains):
            if not crossing.version.is_cliff or crossing.version.mode == "attainment":
                continue
            latest: dict[tuple[int, str], Gain] = {}
            for gain in gains[:place]:
                if gain.own_rate is None and gain.version.is_cliff:
                    latest[gain.version.number, gain.line.id] = gain
            for gain in latest.values():
                tiers = self.tiers(owner, gain.version, crossing.period)
                before, after = rate_at(tiers, crossing.before), rate_at(tiers, crossing.after)
                if before != after:
                    amount = rounded(gain.so_far * after) - rounded(gain.so_far * before)
                    shifted = replace(gain, posted_on=crossing.posted_on, place=crossing.place, event=crossing.event)
                    yield Earning(owner, shifted, ZERO, amount, gain.line, is_true_up=True)

    def _overrides(self, owner: str, gains: list[Gain]) -> Iterator[Earning]:
        """What everybody above the owner earns on the same base at a rate of his own."""
        so_far: dict[tuple[Any, ...], Decimal] = defaultdict(Decimal)
        for gain in sorted(gains, key=lambda gain: (gain.posted_on, gain.place)):
            for manager, rate in self._rates_above(owner, gain):
                key = gain.version.plan, gain.version.number, gain.line.id, manager, rate
                before = so_far[key]
                so_far[key] += gain.base
                yield Earning(manager, gain, gain.base, rounded(so_far[key] * rate) - rounded(before * rate), gain.line)

    def _rates_above(self, owner: str, gain: Gain) -> Iterator[tuple[str, Decimal]]:
        for manager in self.company.managers(owner, gain.event.on)[1:]:
            rows = [
                row
                for row in self.company.rows("manager_overrides")
                if row["manager_id"] == manager and row["plan_id"] == gain.version.plan and _holds(row, gain.event.on)
            ]
            if rows:
                yield manager, max(rows, key=lambda row: row["valid_from_on"] or date.min)["rate"]

    # movements of one run

    def movements(self, run: Run) -> list[Movement]:
        """Everything that a run gives over the whole of history."""
        if run not in self._moved:
            earnings = self._earnings(run)
            found = [*self._of_lines(run, earnings), *self._interest(run, earnings), *self._minimums(run, earnings)]
            self._moved[run] = [movement for movement in found if movement.amount]
        return self._moved[run]

    @cached_property
    def _moved(self) -> dict[Run, list[Movement]]:
        return {}

    def _of_lines(self, run: Run, earnings: list[Earning]) -> Iterator[Movement]:
        seats: dict[tuple[str, str, str, str], list[Earning]] = defaultdict(list)
        for earning in earnings:
            version = earning.gain.version
            seats[earning.earner, version.basis, version.base, earning.line.id].append(earning)
        losses: dict[tuple[str, str, str], list[tuple[Event, Decimal]]] = defaultdict(list)
        for (basis, base), owners in self._events_of.items():
            for event, amount in owners.get(run.owner, []):
                if event.is_loss:
                    losses[basis, base, event.line].append((event, amount))
        for (earner, basis, base, line), found in seats.items():
            yield from self._of_seat(run, earner, found, losses[basis, base, line])

    def _of_seat(
        self, run: Run, earner: str, earnings: list[Earning], losses: list[tuple[Event, Decimal]]
    ) -> Iterator[Movement]:
        """What one earner has of one order line: earned, taken back and payable after each step."""
        line = earnings[0].line
        base = earnings[0].gain.version.base
        waits = max(earning.gain.version.mode for earning in earnings) == "collection_then_terminal"
        steps: list[tuple[tuple[Any, ...], Earning | Decimal | None, Decimal]] = []
        for earning in earnings:
            gain = earning.gain
            steps.append(((gain.posted_on, 1, gain.place, earning.is_true_up, gain.event.id), earning, ZERO))
        for event, amount in losses:
            steps.append(((event.on, 2, 0, False, event.id), amount, ZERO))
        if waits:
            arrivals = [event for event in self.events.of_line.get(line.id, []) if event.basis == GOODS]
            steps += [((event.on, 3, 0, False, event.id), None, event.reached) for event in arrivals]
        share = self.shares(line)[run.owner]
        whole = margin_of(line) if base == "margin" else line.amount
        earned = has_base = lost = reached = clawed = payable = ZERO
        for key, step, quantity in sorted(steps, key=lambda step: step[0]):
            on = key[0]
            if isinstance(step, Earning):
                earned += step.amount
                has_base += step.added_base
                yield Movement(earner, run.owner, on, "accrued", step.amount, line.id, line.order)
            elif step is not None:
                lost += step
            reached = max(reached, quantity)
            gone = max(min(lost, has_base), ZERO)
            clawed_now = posted(earned, gone, has_base) if has_base > 0 else ZERO
            payable_now = earned
            left, base_left = earned - clawed_now, has_base - gone
            if waits and reached < line.quantity and base_left > 0:
                arrived = posted(rounded(whole * share), reached, line.quantity)
                payable_now = clawed_now + posted(left, max(min(base_left, arrived), ZERO), base_left)
            yield Movement(earner, run.owner, on, "clawback", clawed - clawed_now, line.id, line.order)
            yield Movement(earner, run.owner, on, "payable", payable_now - payable, line.id, line.order)
            clawed, payable = clawed_now, payable_now

    def _interest(self, run: Run, earnings: list[Earning]) -> Iterator[Movement]:
        """Bonus for money applied before its due day, penalty for money after it, by batch ("Interest")."""
        mine = [earning for earning in earnings if earning.earner == run.owner]
        days: dict[tuple[str, int, str, str], int | Fraction] = defaultdict(Fraction)
        posted_so_far: dict[tuple[str, int, str, str], Decimal] = defaultdict(Decimal)
        events = self._events_of[MONEY, "collected"].get(run.owner, [])
        for event, base in sorted(events, key=lambda pair: (pair[0].on, pair[0].id, pair[0].line)):
            version = self.terms(run, event.on)
            if version is None or event.due_on is None or event.interest_on is None:
                continue
            late = (event.interest_on - event.due_on).days
            kind = "bonus_interest" if late < 0 else "penalty_interest"
            rate = version.row["bonus_annual_rate" if late < 0 else "penalty_annual_rate"] or ZERO
            if not rate or late == 0 or (late > 0 and late <= (version.row["grace_days"] or 0)):
                continue
            line = self.delivery.lines[event.line]
            key = version.plan, version.number, event.shipment or event.invoice or "", kind
            days[key] += Fraction(-base if event.is_loss else base) * abs(late)
            due = rounded(days[key] * Fraction(rate) / 365)
            if kind == "penalty_interest":
                cap_rate = version.row["interest_cap_rate"]
                if cap_rate is not None:
                    due = min(due, rounded(self._commission_of_batch(mine, event, line) * cap_rate))
                due = min(-max(due, ZERO), posted_so_far[key])
            yield Movement(run.owner, run.owner, event.on, kind, due - posted_so_far[key], event.line, line.order)
            posted_so_far[key] = due

    def _commission_of_batch(self, earnings: list[Earning], event: Event, line: Line) -> Decimal:
        """Earned by then on the same invoice or shipment; on the whole order where the plan pays by neither."""
        found = ZERO
        for earning in earnings:
            gain = earning.gain
            if earning.line.order != line.order or gain.posted_on > event.on:
                continue
            is_same = (
                (gain.version.basis == MONEY and gain.event.invoice == event.invoice)
                or (gain.version.basis == GOODS and event.shipment in (None, gain.event.shipment))
                or gain.version.mode == "attainment"
            )
            found += earning.amount if is_same else ZERO
        return found

    def _minimums(self, run: Run, earnings: list[Earning]) -> Iterator[Movement]:
        """What a period lacks to the minimum; a recoverable one is taken back from later periods ("Caps and minimums")."""
        user = self.company.users.get(run.owner, {})
        first = max(self.company.first_movement, user.get("hired_on") or date.min)
        last = min(self.company.as_of, user.get("left_on") or date.max)
        drawn: dict[tuple[str, bool], Decimal] = defaultdict(Decimal)
        for period in self.company.periods(date(self.company.first_movement.year, 1, 1), last):
            end = period.ends_on
            version = self.terms(run, end) if end and end >= first else None
            minimum = version.money("minimum_amount") if version and version.period == period.kind else None
            if version is None or end is None or not minimum or minimum <= 0:
                continue
            earned = money_sum(
                earning.amount
                for earning in earnings
                if earning.earner == run.owner
                and earning.gain.version.plan == version.plan
                and earning.gain.period.name == period.name
            )
            lacking = minimum - earned
            is_recoverable = bool(version.row["is_minimum_recoverable"])
            owed = max(drawn[version.plan, is_recoverable] + lacking, ZERO)
            amount = owed - drawn[version.plan, is_recoverable] if is_recoverable else max(lacking, ZERO)
            drawn[version.plan, is_recoverable] = owed
            for kind in ("accrued", "payable"):
                yield Movement(run.owner, run.owner, end, kind, amount)

    # the ledger

    @cached_property
    def ledger(self) -> list[Movement]:
        """Movements as the plans were known on their days, corrections, and what was paid, to the day shown."""
        found: list[Movement] = []
        for owner in self._assigned:
            before: Run | None = None
            for run in self.runs(owner):
                in_time = [found for found in self.movements(run) if run.known_on <= found.on < run.known_until]
                found += [_signed(movement) for movement in in_time]
                if before is not None:
                    found += [_signed(movement) for movement in self._corrections(run, before)]
                before = run
        for row in self.company.rows("commission_payments"):
            amount = self.company.converted(row["amount"], row["currency"], row["paid_on"]) or ZERO
            found.append(Movement(row["owner_id"], row["owner_id"], row["paid_on"], "paid", -amount))
        return [movement for movement in found if movement.on <= self.company.as_of]

    def _corrections(self, run: Run, before: Run) -> Iterator[Movement]:
        sums: dict[tuple[Any, ...], Decimal] = defaultdict(Decimal)
        for sign, known in ((1, run), (-1, before)):
            for movement in self.movements(known):
                if movement.on < run.known_on:
                    sums[movement.earner, movement.kind, movement.line, movement.order] += sign * movement.amount
        for (earner, kind, line, order), amount in sums.items():
            if amount:
                yield Movement(earner, run.owner, run.known_on, kind, amount, line, order)

    # marts

    def lines(self) -> dict[tuple[Any, ...], dict[str, Any]]:
        """`commission_lines`, added up by owner, day, kind and order line."""
        found: dict[tuple[Any, ...], Decimal] = defaultdict(Decimal)
        for movement in self.ledger:
            through = movement.owner if movement.owner != movement.earner else None
            found[movement.earner, through, movement.on, movement.kind, movement.line] += movement.amount
        return {key: {"amount": amount} for key, amount in found.items() if amount}

    def statements(self) -> dict[tuple[str, date], dict[str, Any]]:
        """`commission_statements` by owner and month."""
        kinds = ("accrued", "payable", *_SETTLING)
        sums: dict[tuple[str, date, str], Decimal] = defaultdict(Decimal)
        firsts: dict[str, date] = {}
        for movement in self.ledger:
            sums[movement.earner, month_of(movement.on), movement.kind] += movement.amount
            firsts[movement.earner] = min(movement.on, firsts.get(movement.earner, movement.on))
        found = {}
        for owner, first in firsts.items():
            balance = ZERO
            for month in months(first, self.company.as_of):
                row = {kind: sums[owner, month, kind] for kind in kinds}
                closing = balance + money_sum(amount for kind, amount in row.items() if kind != "payable")
                found[owner, month] = {"opening": balance, **row, "closing": closing}
                balance = closing
        return found

    def shadow(self) -> dict[tuple[str, date, str], dict[str, Any]]:
        """`commission_shadow` by owner, month and plan."""
        found: dict[tuple[str, date, str], list[Decimal]] = defaultdict(lambda: [ZERO, ZERO])
        newest = {plan: max(version.known_on for version in versions) for plan, versions in self.versions.items()}
        actual: dict[tuple[str, date], Decimal] = defaultdict(Decimal)
        for movement in self.ledger:
            if movement.owner == movement.earner and movement.kind not in ("payable", "paid"):
                actual[movement.owner, month_of(movement.on)] += movement.amount
        for owner in self._assigned:
            for plan, known_on in newest.items():
                for movement in self.movements(Run(owner, known_on, NEVER, plan)):
                    if movement.earner == owner and movement.kind != "payable" and movement.on <= self.company.as_of:
                        found[owner, month_of(movement.on), plan][0] += movement.amount
                for (who, month), amount in actual.items():
                    if who == owner:
                        found[owner, month, plan][1] += amount
        return {
            key: {"amount": shadow, "actual_amount": real, "difference": shadow - real}
            for key, (shadow, real) in found.items()
        }

    # liability

    def liability(self) -> dict[tuple[date, str], dict[str, Any]]:
        """`commission_liability` by reporting date and owner."""
        days = self._prospects()
        for movement in self.ledger:
            is_own_line = movement.owner == movement.earner and movement.line is not None
            amounts = {movement.kind if movement.kind in ("accrued", "payable") else "settled": movement.amount}
            if is_own_line and movement.kind == "accrued":
                amounts["earned"] = movement.amount
            days.append((movement.earner, movement.on, amounts))
        found = {}
        for day in self.company.reporting_dates:
            pipeline = self._pipeline(day)
            sums: dict[str, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
            for owner, on, amounts in days:
                if on <= day:
                    for name, amount in amounts.items():
                        if name not in ("earned", "ordered") or on > day - timedelta(days=365):
                            sums[owner][name] += amount
            for owner, row in sums.items():
                rate = max(ratio(row["earned"], row["ordered"]) or ZERO, ZERO)
                found[day, owner] = {
                    "not_yet_payable": row["accrued"] - row["payable"],
                    "payable": row["payable"] + row["settled"],
                    "open_orders": rounded(max(row["open_orders"], ZERO) * rate),
                    "receivables": rounded(max(row["receivables"], ZERO) * rate),
                    "pipeline": rounded(pipeline.get(owner, ZERO) * rate),
                }
        return found

    def _pipeline(self, day: date) -> dict[str, Decimal]:
        found: dict[str, Decimal] = defaultdict(Decimal)
        for state in self.opportunities.states(day):
            if state.status == OPEN and state.category not in ("omitted", "closed") and state.owner:
                found[state.owner] += at_rate(state.amount, state.probability or ZERO) or ZERO
        return found

    def _prospects(self) -> list[tuple[str, date, dict[str, Decimal]]]:
        """What was ordered and brought no commission yet, by owner and day: open orders, and money to collect."""
        found: list[tuple[str, date, dict[str, Decimal]]] = []
        for line in self.delivery.lines.values():
            for owner, share in self.shares(line).items():
                run = next(iter(self.runs(owner)[-1:]), None)
                version = self.terms(run, line.ordered_on) if run else None
                if version is not None:
                    found += self._prospects_of(line, owner, share, version)
        return found

    def _prospects_of(
        self, line: Line, owner: str, share: Decimal, version: Version
    ) -> Iterator[tuple[str, date, dict[str, Decimal]]]:
        whole = rounded(line.amount * share)
        yield owner, line.ordered_on, {"ordered": max(whole, ZERO), "open_orders": whole}
        if version.basis == BOOKINGS:
            end = self._period(version.period, line.ordered_on).ends_on
            assert end is not None
            yield owner, min(end, line.cancelled_on or end), {"open_orders": -whole}
            return
        if line.cancelled_on is not None:
            yield owner, line.cancelled_on, {"open_orders": -whole}
        name = "open_orders" if version.basis == GOODS else "receivables"
        for event in self.events.of_line.get(line.id, []):
            if event.basis == version.basis or (version.basis == MONEY and event.basis == SALES):
                is_refund = event.basis == MONEY and event.is_loss
                amount = rounded(event.bases["revenue"] * share)
                yield owner, event.on, {name: amount if is_refund else -amount}
        if version.basis == MONEY:
            yield from self._invoiced(line, owner, share)

    def _invoiced(self, line: Line, owner: str, share: Decimal) -> Iterator[tuple[str, date, dict[str, Decimal]]]:
        for invoice in self._invoices_of.get(line.id, []):
            weights = self.events.weights[invoice]
            document = self.events.receivables.invoices[invoice]
            total = money_sum(weight for weight, _ in weights.values())
            amount = rounded(posted(document.net_amount, weights[line.id][0], total) * share)
            yield owner, document.issued_on, {"open_orders": -amount, "receivables": amount}

    @cached_property
    def _invoices_of(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for invoice, weights in self.events.weights.items():
            for line in weights:
                found[line].append(invoice)
        return found


def marginal(tiers: list[Tier], base: Decimal) -> Decimal:
    """What the bands below a position give, each at its rate; below the first the first rate goes on."""
    earned = Fraction(0)
    for tier, above in zip(tiers, [*tiers[1:], None], strict=True):
        if above is None or base < above.starts_at:
            return rounded(earned + (Fraction(base) - tier.starts_at) * Fraction(tier.rate))
        earned += (above.starts_at - tier.starts_at) * Fraction(tier.rate)
    return ZERO


def rate_at(tiers: list[Tier], base: Decimal) -> Decimal:
    """The rate of the band that a position is in; exactly at a threshold the higher."""
    reached = [tier.rate for tier in tiers if tier.starts_at <= base]
    return reached[-1] if reached else tiers[0].rate if tiers else ZERO


def _capped(earnings: list[Earning]) -> Iterator[Earning]:
    """Earnings up to the plan's cap of a line or period, in their order ("Caps")."""
    groups: dict[tuple[str, str], list[Earning]] = defaultdict(list)
    for earning in earnings:
        version = earning.gain.version
        of_line = version.row["cap_scope"] == "line"
        groups[version.plan, earning.line.id if of_line else earning.gain.period.name].append(earning)
    for group in groups.values():
        total = ZERO
        for earning in sorted(group, key=lambda e: (e.gain.posted_on, e.gain.place, e.is_true_up, e.line.id)):
            before, total = total, total + earning.amount
            cap = earning.gain.version.money("cap_amount")
            yield earning if cap is None else replace(earning, amount=min(total, cap) - min(before, cap))


def _signed(movement: Movement) -> Movement:
    """What a correction gives back of a clawback or penalty is earned: these are never above 0."""
    if movement.kind in ("clawback", "penalty_interest") and movement.amount > 0:
        return replace(movement, kind="accrued")
    return movement


def _holds(row: Row, day: date) -> bool:
    """Whether a row is valid on a day, both ends included."""
    return (row["valid_from_on"] or date.min) <= day <= (row["valid_to_on"] or date.max)
