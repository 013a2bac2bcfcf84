"""How deals are worked, after METRICS §4 "Process", "Results", "Behaviour", "Registration" and "Quotes".

Readings where §4 leaves room: a deal is in a stage on each day that ends there, however often it came; it went further
if it was later won or stood in a stage of a higher place, and was lost from the last stage that it was open in. A rejected
registration stands until its rejection. Of a deal's quotes the last one of each product by its closing day counts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from itertools import pairwise
from typing import Any

from tests.oracle.company import NONE, Company, days_between, month_of
from tests.oracle.exports import Row
from tests.oracle.money import ZERO, at_rate, money_sum, quantile, ratio, rounded, wilson
from tests.oracle.opportunities import LOST, OPEN, WON, Deal, Opportunities, State

SILENT_DAYS = 14
_DAY = timedelta(days=1)
_FOREVER = date.max
_FIELDS = (
    "amount", "close_on", "next_step", "product_id", "product_line", "quantity", "account_id", "owner_id", "source",
    "competitor", "partner_id",
)  # fmt: skip


@dataclass(frozen=True)
class Span:
    """Days on which a deal stood the same, the last one not included."""

    since: date
    until: date
    state: State


@dataclass(frozen=True)
class Stay:
    """What a deal did in a stage altogether."""

    deal: Deal
    stage: str
    owner: str
    days: int
    is_won: bool
    is_left: bool
    is_advanced: bool
    is_lost: bool


class Process:
    """The deals, registrations and quotes of one company at work."""

    def __init__(self, company: Company, opportunities: Opportunities) -> None:
        self.company = company
        self.opportunities = opportunities

    @cached_property
    def now(self) -> dict[str, State]:
        """Each deal as it stands on the day shown."""
        return {state.deal: state for state in self.opportunities.states(self.company.as_of)}

    def line(self, deal: Deal) -> str:
        """Product line of a deal."""
        return deal.row["product_line"] or self.company.product_lines.get(deal.row["product_id"]) or NONE

    # stages

    @cached_property
    def order(self) -> dict[str | None, int]:
        """Place of each stage in the funnel."""
        rows = sorted(self.company.seed("stages"), key=lambda row: row["source"] != "*")
        return {row["stage"]: int(row["sort_order"]) for row in rows if row["source"] in ("*", "custom")}

    def spans(self, deal: Deal) -> list[Span]:
        """The deal from its first day to the day shown."""
        end = self.company.as_of + _DAY
        days = {deal.starts_on, *(day for steps in deal.fields.values() for day in steps.days)}
        starts = sorted(day for day in days if deal.starts_on <= day < end)
        found = []
        for since, until in pairwise([*starts, end]):
            state = self.opportunities.state(deal, since)
            assert state is not None
            found.append(Span(since, until, state))
        return found

    @cached_property
    def stays(self) -> list[Stay]:
        """Every deal in every stage that it was open in."""
        return [stay for deal in self.opportunities.deals.values() for stay in self._stays(deal)]

    def _stays(self, deal: Deal) -> Iterable[Stay]:
        spans = self.spans(deal)
        for stage in {span.state.stage for span in spans if span.state.status == OPEN}:
            own = [span for span in spans if span.state.status == OPEN and span.state.stage == stage]
            later = [span for span in spans if span.since > own[0].since]
            left = own[-1].until
            place = self.order.get(stage)
            advanced = any(
                span.state.status == WON or (span.state.status == OPEN and self._is_after(span.state.stage, place))
                for span in later
            )
            is_last = not any(span.state.status == OPEN and span.since >= left for span in later)
            is_lost = any(span.state.status == LOST and span.since >= left for span in later)
            now = self.now[deal.id]
            yield Stay(
                deal,
                stage or NONE,
                own[-1].state.owner or NONE,
                sum((span.until - span.since).days for span in own),
                now.status == WON,
                not (now.status == OPEN and now.stage == stage),
                advanced,
                not advanced and is_lost and is_last and now.status == LOST,
            )

    def _is_after(self, stage: str | None, place: int | None) -> bool:
        other = self.order.get(stage)
        return place is not None and other is not None and other > place

    def stage_conversion(self) -> dict[tuple[str, str], dict[str, Any]]:
        """`stage_conversion` by stage and product line."""
        return {key: _converted(stays) for key, stays in self._grouped(lambda stay: self.line(stay.deal)).items()}

    def stage_conversion_reps(self) -> dict[tuple[str, str], dict[str, Any]]:
        """`stage_conversion_reps` by stage and owner."""
        found = {}
        everybody = self._grouped(lambda _: NONE)
        for (stage, owner), stays in self._grouped(lambda stay: stay.owner).items():
            company = everybody[stage, NONE]
            lost = sum(stay.is_lost for stay in stays)
            low, high = wilson(lost, len(stays))
            found[stage, owner] = {
                "entered": len(stays),
                "advanced": sum(stay.is_advanced for stay in stays),
                "lost": lost,
                "conversion_rate": ratio(sum(stay.is_advanced for stay in stays), len(stays)),
                "loss_rate": ratio(lost, len(stays)),
                "loss_low": low,
                "loss_high": high,
                "company_loss_rate": ratio(sum(stay.is_lost for stay in company), len(company)),
                "share_of_losses": ratio(lost, sum(stay.is_lost for stay in self.stays if stay.owner == owner)),
            }
        return found

    def _grouped(self, by: Callable[[Stay], str]) -> dict[tuple[str, str], list[Stay]]:
        found: dict[tuple[str, str], list[Stay]] = defaultdict(list)
        for stay in self.stays:
            found[stay.stage, by(stay)].append(stay)
        return found

    # stalled

    @cached_property
    def _last_activity(self) -> dict[str, date]:
        found: dict[str, date] = {}
        for row in self.company.rows("activities"):
            day = row["occurred_at"].date()
            if row["opportunity_id"] and day <= self.company.as_of:
                found[row["opportunity_id"]] = max(day, found.get(row["opportunity_id"], day))
        return found

    @cached_property
    def _deciding_accounts(self) -> set[str | None]:
        return {row["account_id"] for row in self.company.rows("contacts") if row["is_decision_maker"]}

    def stalled(self) -> dict[tuple[str, str], dict[str, Any]]:
        """`stalled_opportunities` by deal and reason."""
        seeds = sorted(self.company.seed("stages"), key=lambda row: row["source"] != "*")
        rules = {row["stage"]: row for row in seeds if row["source"] in ("*", "custom")}
        usual: dict[str, list[int]] = defaultdict(list)
        for stay in self.stays:
            if stay.is_won:
                usual[stay.stage].append(stay.days)
        found = {}
        for state in self.now.values():
            if state.status != OPEN:
                continue
            deal = self.opportunities.deals[state.deal]
            days = self._days_in_stage(deal)
            place = self.company.place(state.owner, self.company.as_of)
            figures = {
                "owner_id": state.owner,
                "team": place.team or NONE,
                "amount": state.amount,
                "stage": state.stage,
                "close_on": state.close_on,
                "days_in_stage": days,
                "pushes": self._pushes(deal),
                "last_activity_on": self._last_activity.get(deal.id),
                "tell_user_id": place.manager_id or state.owner,
            }
            for reason in self._reasons(deal, state, days, rules.get(state.stage or ""), usual):
                found[deal.id, reason] = figures
        return found

    def _pushes(self, deal: Deal) -> int:
        """How often the close date moved to a later month while the deal counted in the pipeline before."""
        closes = [
            (before.state.close_on, after.state.close_on)
            for before, after in zip(self.spans(deal), self.spans(deal)[1:], strict=False)
            if before.state.status == OPEN and before.state.category not in ("omitted", "closed")
        ]
        return sum(month_of(was) < month_of(now) for was, now in closes if was and now)

    def _days_in_stage(self, deal: Deal) -> int:
        since, before = deal.created_on, None
        for span in self.spans(deal):
            if (span.state.stage or "") != (before or ""):
                since = span.since
            before = span.state.stage
        return days_between(since, self.company.as_of)

    def _reasons(
        self, deal: Deal, state: State, days: int, rule: dict[str, str] | None, usual: dict[str, list[int]]
    ) -> Iterable[str]:
        as_of = self.company.as_of
        if rule and rule["expected_days"] and days > int(rule["expected_days"]):
            yield "over_expected_days"
        most = quantile(usual.get(state.stage or NONE, []), Fraction(4, 5))
        if most is not None and state.stage and days > most:
            yield "over_won_deals_days"
        if days_between(self._last_activity.get(deal.id, deal.created_on), as_of) >= SILENT_DAYS:
            yield "no_activity"
        if state.close_on is not None and state.close_on < as_of:
            yield "close_date_past"
        known = {**deal.row, "amount": state.document_amount, "close_on": state.close_on, "owner_id": state.owner}
        known["product_line"] = None if self.line(deal) == NONE else self.line(deal)
        for field in (rule["required_fields"] if rule else "").replace(" ", "").split(";"):
            if field in _FIELDS and known[field] is None:
                yield f"missing_{field}"
            if field == "decision_maker" and self._deciding_accounts and not self._decides(deal):
                yield "missing_decision_maker"

    def _decides(self, deal: Deal) -> bool:
        return deal.row["account_id"] is not None and deal.row["account_id"] in self._deciding_accounts

    # results and behaviour

    def win_loss_reasons(self) -> dict[tuple[str, str, str], dict[str, Any]]:
        """`win_loss_reasons` by quarter, reason and competitor."""
        found: dict[tuple[str, str, str], list[Decimal]] = defaultdict(list)
        quarters: dict[str, int] = defaultdict(int)
        for deal in self.opportunities.closures():
            state = self.now[deal.id]
            if state.status != LOST:
                continue
            assert deal.closed_on is not None
            quarter = f"{deal.closed_on.year}-Q{(deal.closed_on.month + 2) // 3}"
            found[quarter, deal.row["loss_reason"] or NONE, deal.row["competitor"] or NONE].append(state.amount)
            quarters[quarter] += 1
        return {
            key: {
                "opportunities": len(amounts),
                "amount": money_sum(amounts),
                "share": ratio(len(amounts), quarters[key[0]]),
            }
            for key, amounts in found.items()
        }

    def _contacts(self) -> dict[str, set[int]]:
        """Human outgoing activities on each deal or its lead until it closed."""
        by_deal: dict[str, set[int]] = defaultdict(set)
        of_lead: dict[str, list[Deal]] = defaultdict(list)
        for deal in self.opportunities.deals.values():
            if deal.id in self.now and deal.row["lead_id"]:
                of_lead[deal.row["lead_id"]].append(deal)
        for number, row in enumerate(self.company.rows("activities")):
            if row["direction"] != "out" or row["is_automatic"]:
                continue
            touched = [self.opportunities.deals[row["opportunity_id"]]] if row["opportunity_id"] in self.now else []
            for deal in [*touched, *of_lead.get(row["lead_id"], [])]:
                is_closed = self.now[deal.id].status != OPEN
                last = deal.closed_on if is_closed and deal.closed_on else self.company.as_of
                if row["occurred_at"].date() <= last:
                    by_deal[deal.id].add(number)
        return by_deal

    def followups(self) -> dict[tuple[str], dict[str, Any]]:
        """`followups_to_win` by group."""
        contacts = self._contacts()
        counts: dict[str, dict[str, int]] = {}
        buckets = self.company.seed("followup_buckets")
        for bucket in buckets:
            counts[bucket["bucket"]] = {WON: 0, LOST: 0, OPEN: 0}
        for deal_id, state in self.now.items():
            followups = max(0, len(contacts[deal_id]) - 1)
            for bucket in buckets:
                if int(bucket["from_count"]) <= followups <= int(bucket["to_count"] or 10**9):
                    counts[bucket["bucket"]][state.status] += 1
        wins = sum(count[WON] for count in counts.values())
        found = {}
        for name, count in counts.items():
            low, high = wilson(count[WON], sum(count.values()))
            rates = {"share_of_wins": ratio(count[WON], wins), "win_rate": ratio(count[WON], sum(count.values()))}
            found[(name,)] = {**count, **rates, "win_low": low, "win_high": high}
        return found

    # registrations

    def registrations(self) -> dict[tuple[date, str], dict[str, Any]]:
        """`registration_response` by month of submission and team."""
        rows = [row for row in self.company.rows("registrations") if row["submitted_at"].date() <= self.company.as_of]
        found: dict[tuple[date, str], list[Row]] = defaultdict(list)
        for row in rows:
            day = row["submitted_at"].date()
            found[month_of(day), self.company.place(row["owner_id"], day).team or NONE].append(row)
        conflicts = self._conflicts(rows)
        return {key: self._answered(group, conflicts) for key, group in found.items()}

    def _decided_at(self, row: Row) -> datetime | None:
        decided = row["decided_at"]
        return decided if decided is not None and decided.date() <= self.company.as_of else None

    def stands(self, row: Row) -> tuple[date, date]:
        """From which day to which a registration stands."""
        decided = self._decided_at(row)
        if decided is not None and (row["decision"] or "").lower() == "rejected":
            return row["submitted_at"].date(), decided.date()
        return row["submitted_at"].date(), row["valid_until_on"] or _FOREVER

    def _conflicts(self, rows: list[Row]) -> set[str]:
        by_account: dict[str, list[Row]] = defaultdict(list)
        for row in rows:
            if row["account_id"]:
                by_account[row["account_id"]].append(row)
        found = set()
        for group in by_account.values():
            for row in group:
                since, until = self.stands(row)
                for other in group:
                    start, end = self.stands(other)
                    if (
                        other is not row
                        and (row["partner_id"], row["owner_id"]) != (other["partner_id"], other["owner_id"])
                        and since <= end
                        and start <= until
                    ):
                        found.add(row["registration_id"])
        return found

    def _answered(self, rows: list[Row], conflicts: set[str]) -> dict[str, Any]:
        decided = [row for row in rows if self._decided_at(row) is not None]
        approved = [row for row in decided if (row["decision"] or "").lower() == "approved"]
        low, high = wilson(len(approved), len(decided))
        return {
            "submitted": len(rows),
            "decided": len(decided),
            "approved": len(approved),
            "waiting": len(rows) - len(decided),
            "median_hours": _median_hours((row["submitted_at"], row["decided_at"]) for row in decided),
            "hours_sum": rounded(
                Fraction(sum(_seconds(row["submitted_at"], row["decided_at"]) for row in decided), 3600)
            ),
            "conflicts": sum(row["registration_id"] in conflicts for row in rows),
            "lost_while_waiting": sum(self._is_lost_while_waiting(row) for row in rows),
            "approval_rate": ratio(len(approved), len(decided)),
            "approval_low": low,
            "approval_high": high,
        }

    def _is_lost_while_waiting(self, row: Row) -> bool:
        deal = self.opportunities.deals.get(row["opportunity_id"])
        if deal is None or deal.id not in self.now or self.now[deal.id].status != LOST or deal.closed_on is None:
            return False
        decided = self._decided_at(row)
        return bool(row["submitted_at"].date() <= deal.closed_on <= (decided.date() if decided else self.company.as_of))

    def waiting(self) -> dict[tuple[str], dict[str, Any]]:
        """`registrations_waiting` by registration."""
        rows = [row for row in self.company.rows("registrations") if row["submitted_at"].date() <= self.company.as_of]
        conflicts = self._conflicts(rows)
        return {
            (row["registration_id"],): {
                "days_waiting": (self.company.as_of - row["submitted_at"].date()).days,
                "owner_id": row["owner_id"],
                "is_in_conflict": row["registration_id"] in conflicts,
                "is_lost_while_waiting": self._is_lost_while_waiting(row),
                "tell_user_id": self.company.place(row["owner_id"], self.company.as_of).manager_id or row["owner_id"],
            }
            for row in rows
            if self._decided_at(row) is None
        }

    # quotes

    @cached_property
    def _quotes(self) -> list[Row]:
        return [row for row in self.company.rows("quotes") if row["submitted_at"].date() <= self.company.as_of]

    def _quoted(self, row: Row, price: str) -> Decimal | None:
        """A price × quantity in company currency: rounded in the quote's own first."""
        if row[price] is None:
            return None
        quantity = row["quantity"] if row["quantity"] is not None else Decimal(1)
        amount = rounded(Fraction(row[price]) * Fraction(quantity))
        return at_rate(amount, self.company.rate(row["currency"], row["submitted_at"].date()))

    def quotes(self) -> dict[tuple[date, str, str], dict[str, Any]]:
        """`quote_discipline` by month of submission, owner and product line."""
        as_of = self.company.as_of
        ordered = {row["quote_id"] for row in self.company.rows("orders") if row["ordered_on"] <= as_of}
        found: dict[tuple[date, str, str], list[Row]] = defaultdict(list)
        for row in self._quotes:
            line = self.company.product_lines.get(row["product_id"]) or NONE
            found[month_of(row["submitted_at"].date()), row["owner_id"] or NONE, line].append(row)
        return {key: self._disciplined(rows, ordered) for key, rows in found.items()}

    def _disciplined(self, rows: list[Row], ordered: set[str]) -> dict[str, Any]:
        pairs = [(self._quoted(row, "list_price"), self._quoted(row, "quoted_price")) for row in rows]
        known = [(first, second) for first, second in pairs if first is not None and second is not None]
        listed, quoted = money_sum(first for first, _ in known), money_sum(second for _, second in known)
        below = [
            row
            for row in rows
            if None not in (row["quoted_price"], row["floor_price"]) and row["quoted_price"] < row["floor_price"]
        ]
        sold = sum(row["quote_id"] in ordered for row in rows)
        low, high = wilson(sold, len(rows))
        decided = [row for row in rows if self._decided_at(row) is not None]
        approved = [row for row in decided if (row["decision"] or "").lower() == "approved"]
        return {
            "quotes": len(rows),
            "list_amount": listed,
            "quoted_amount": quoted,
            "below_floor": len(below),
            "decided": len(decided),
            "approved": len(approved),
            "approval_rate": ratio(len(approved), len(decided)),
            "hours_sum": rounded(
                Fraction(sum(_seconds(row["submitted_at"], row["decided_at"]) for row in decided), 3600)
            ),
            "approval_hours": _median_hours((row["submitted_at"], row["decided_at"]) for row in decided),
            "ordered": sold,
            "discount_rate": ratio(listed - quoted, listed),
            "order_rate": ratio(sold, len(rows)),
            "order_low": low,
            "order_high": high,
        }

    def discounts(self) -> dict[tuple[str, str], dict[str, Any]]:
        """`discount_win_rates` by band and product line."""
        last: dict[tuple[str, str], tuple[Any, Decimal, Decimal]] = {}
        for row in self._quotes:
            listed, quoted = self._quoted(row, "list_price"), self._quoted(row, "quoted_price")
            state = self.now.get(row["opportunity_id"])
            if state is None or not listed or listed <= 0 or quoted is None:
                continue
            closed_on = self.opportunities.deals[state.deal].closed_on
            if state.status != OPEN and closed_on is not None and row["submitted_at"].date() > closed_on:
                continue
            order = (row["submitted_at"], row["quote_id"])
            key = (state.deal, row["product_id"] or "")
            if key not in last or order > last[key][0]:
                last[key] = (order, listed, quoted)
        sums: dict[str, list[Decimal]] = defaultdict(lambda: [ZERO, ZERO])
        for (deal, _), (_, listed, quoted) in last.items():
            sums[deal][0] += listed
            sums[deal][1] += quoted
        found: dict[tuple[str, str], list[tuple[str, Decimal, Decimal]]] = defaultdict(list)
        for deal, (listed, quoted) in sums.items():
            band = self._band(ratio(listed - quoted, listed))
            for line in (self.line(self.opportunities.deals[deal]), "all"):
                found[band, line].append((self.now[deal].status, listed, quoted))
        return {key: _won_of(deals) for key, deals in found.items()}

    def _band(self, rate: Decimal | None) -> str:
        assert rate is not None
        for row in self.company.seed("discount_bands"):
            least, most = row["from_rate"] or "-99999", row["to_rate"] or "99999"
            if Decimal(least) <= rate < Decimal(most):
                return row["band"]
        raise AssertionError(rate)


def _converted(stays: list[Stay]) -> dict[str, Any]:
    left = [stay.days for stay in stays if stay.is_left]
    advanced = sum(stay.is_advanced for stay in stays)
    low, high = wilson(advanced, len(stays))
    median, most = quantile(left, Fraction(1, 2)), quantile(left, Fraction(4, 5))
    return {
        "entered": len(stays),
        "advanced": advanced,
        "lost": sum(stay.is_lost for stay in stays),
        "median_days": None if median is None else rounded(median, 1),
        "p80_days": None if most is None else rounded(most, 1),
        "conversion_rate": ratio(advanced, len(stays)),
        "conversion_low": low,
        "conversion_high": high,
    }


def _seconds(since: datetime, until: datetime) -> int:
    return max(0, int((until - since).total_seconds()))


def _median_hours(spans: Iterable[tuple[datetime, datetime]]) -> Decimal | None:
    median = quantile([_seconds(since, until) for since, until in spans], Fraction(1, 2))
    return None if median is None else rounded(median / 3600)


def _won_of(deals: list[tuple[str, Decimal, Decimal]]) -> dict[str, Any]:
    statuses = [status for status, _, _ in deals]
    won, lost = statuses.count(WON), statuses.count(LOST)
    listed, quoted = money_sum(first for _, first, _ in deals), money_sum(second for _, _, second in deals)
    low, high = wilson(won, won + lost)
    return {
        "deals": len(deals),
        "won": won,
        "lost": lost,
        "open": statuses.count(OPEN),
        "list_amount": listed,
        "quoted_amount": quoted,
        "discount_rate": ratio(listed - quoted, listed),
        "win_rate": ratio(won, won + lost),
        "win_low": low,
        "win_high": high,
    }
