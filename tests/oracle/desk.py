"""How leads are handled after METRICS §3: first response, the public pool replayed by its rules, and the score judged later.

Readings where §3 leaves room: an answer is credited to the first owner a lead was given to, else its own; two hand-outs on a
day are one claim, the later owner's; a lead that is decided leaves its owner's hands; fifths are ordered by id where equal.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from itertools import pairwise
from math import ceil, log
from typing import Any

from tests.oracle.company import NONE, Company, month_end, month_of
from tests.oracle.exports import Row
from tests.oracle.leads import HORIZONS, Journey, Leads
from tests.oracle.money import ZERO, quantile, ratio, rounded, wilson
from tests.oracle.opportunities import WON, Opportunities

HOUR = 3600
PRIOR_LEADS = 20
ATTRIBUTES = ("source", "channel", "region", "industry", "size", "grade", "product_line", "business_unit")
DECIDING = ("converted", "won", "lost", "disqualified")
_Key = tuple[str, str, str, date]


class WorkingTime:
    """Seconds worked up to a moment, by working_hours.csv and holidays.csv; a make-up day has Monday's hours."""

    def __init__(self, company: Company) -> None:
        hours: dict[int, list[tuple[time, time]]] = defaultdict(list)
        for row in company.seed("working_hours"):
            hours[int(row["weekday"])].append(
                (time.fromisoformat(row["from_time"]), time.fromisoformat(row["to_time"]))
            )
        special = {date.fromisoformat(row["day"]): row["is_working_day"] == "true" for row in company.seed("holidays")}
        self.opens: list[datetime] = []
        self.closes: list[datetime] = []
        self.before: list[int] = []
        day, worked = company.first_movement, 0
        while day <= company.as_of:
            weekday = day.isoweekday()
            if day in special:
                weekday = 0 if not special[day] else weekday if weekday in hours else 1
            for opens, closes in sorted(hours.get(weekday, [])):
                self.opens.append(datetime.combine(day, opens))
                self.closes.append(datetime.combine(day, closes))
                self.before.append(worked)
                worked += int((self.closes[-1] - self.opens[-1]).total_seconds())
            day += timedelta(days=1)

    def until(self, moment: datetime) -> int:
        """Seconds worked from the first day to a moment."""
        place = bisect_right(self.opens, moment) - 1
        if place < 0:
            return 0
        return self.before[place] + int((min(moment, self.closes[place]) - self.opens[place]).total_seconds())


@dataclass(frozen=True)
class Answer:
    """How long a lead waited for its first answer, or has waited so far."""

    month: date
    hour: int
    owner: str
    source: str
    is_answered: bool
    is_waiting: bool
    seconds: int
    working_seconds: int
    days_observed: int
    days_to_converted: int | None

    def bucket(self, buckets: list[tuple[str, str]]) -> str:
        """The first bucket whose last hour, inclusive, has not passed at the answer; `never` without one."""
        hours = (name for name, last in buckets if not last or self.seconds <= int(last) * HOUR)
        return next(hours) if self.is_answered else "never"


@dataclass(frozen=True)
class Stay:
    """A claim of a lead or account: whose, until when, and how it ended."""

    kind: str
    entity: str
    unit: str
    rule: str
    cap: int | None
    owner: str
    claimed_on: date
    last_active_on: date | None
    ends_on: date
    latest_end_on: date
    outcome: str
    claimed_again_on: date | None
    held_until: date
    is_won_after: bool


class Desk:
    """The handling of the leads of one company."""

    def __init__(self, company: Company, opportunities: Opportunities, leads: Leads) -> None:
        self.company = company
        self.opportunities = opportunities
        self.leads = leads

    # first response

    @cached_property
    def given(self) -> dict[str, list[tuple[datetime, str, str | None]]]:
        """When each lead was given to whom, in order; of one moment the assignment comes before the claim."""
        found: dict[str, list[tuple[datetime, str, str | None]]] = defaultdict(list)
        for row in self.company.rows("lead_events"):
            if row["kind"] in ("assigned", "claimed"):
                found[row["lead_id"]].append((row["occurred_at"], row["kind"], row["owner_id"]))
        for lead, row in self.leads.records.items():
            if row["assigned_at"] and not any(kind == "assigned" for _, kind, _ in found[lead]):
                found[lead].append((row["assigned_at"], "assigned", row["owner_id"]))
        return {lead: sorted(rows, key=lambda given: given[:2]) for lead, rows in found.items()}

    @cached_property
    def answers(self) -> list[Answer]:
        """How every lead created by the day shown was answered."""
        ends = datetime.combine(self.company.as_of + timedelta(days=1), time.min)
        clock = WorkingTime(self.company)
        found = []
        for lead, row in self.leads.records.items():
            if row["created_at"] >= ends:
                continue
            said = [self.leads.first_answers.get(lead), *([] if lead in self.leads.first_answers else self._said(lead))]
            moments = [moment for moment in said if moment is not None and moment < ends]
            answered = min(moments, default=None)
            until = max(answered or ends, row["created_at"])
            owners = [owner for at, _, owner in self.given.get(lead, []) if owner and at < ends]
            journey = self.leads.journey(row)
            found.append(
                Answer(
                    month_of(row["created_at"].date()),
                    row["created_at"].hour,
                    (owners[0] if owners else row["owner_id"]) or NONE,
                    row["source"] or NONE,
                    answered is not None,
                    answered is None and not any(step in journey.steps for step in DECIDING),
                    int((until - row["created_at"]).total_seconds()),
                    clock.until(until) - clock.until(row["created_at"]),
                    (self.company.as_of - journey.created_on).days,
                    journey.days_to("converted"),
                )
            )
        return found

    def _said(self, lead: str) -> list[datetime]:
        return self.leads.events.get((lead, "responded"), [])

    def response(self) -> dict[tuple[Any, ...], dict[str, Any]]:
        """`lead_response` by grain, month, owner and source."""
        groups: dict[tuple[Any, ...], list[Answer]] = defaultdict(list)
        for answer in self.answers:
            for key in (
                ("full", answer.month, answer.owner, answer.source),
                ("month", answer.month, "all", "all"),
                ("owner_id", None, answer.owner, "all"),
                ("source", None, "all", answer.source),
                ("all", None, "all", "all"),
            ):
                groups[key].append(answer)
        return {key: _answered(answers) for key, answers in groups.items()}

    def response_hours(self) -> dict[tuple[int, str], dict[str, Any]]:
        """`lead_response_hours` by the hour of the day in which a lead came, and source."""
        groups: dict[tuple[int, str], list[Answer]] = defaultdict(list)
        for answer in self.answers:
            groups[answer.hour, answer.source].append(answer)
            groups[answer.hour, "all"].append(answer)
        return {key: _answered(answers) for key, answers in groups.items()}

    def response_effect(self) -> dict[tuple[str, int], dict[str, Any]]:
        """`lead_response_effect` by how soon a lead was answered and horizon, of leads seen so long."""
        groups: dict[tuple[str, int], list[Answer]] = defaultdict(list)
        buckets = [(row["bucket"], row["to_hours"]) for row in self.company.seed("response_buckets")]
        for answer in self.answers:
            for horizon in HORIZONS:
                if answer.days_observed >= horizon:
                    groups[answer.bucket(buckets), horizon].append(answer)
        return {key: _converted(answers, key[1]) for key, answers in groups.items()}

    # pool

    @cached_property
    def stays(self) -> list[Stay]:
        """Every claim with its end by pool_rules.csv."""
        claims: dict[tuple[str, str], dict[date, tuple[datetime, str | None]]] = defaultdict(dict)
        for kind, entity, at, owner in self._handed_out():
            if at.date() <= self.company.as_of:
                days = claims[kind, entity]
                known = days.get(at.date())
                if known is None or at > known[0]:
                    days[at.date()] = (at, owner)
        found = []
        for (kind, entity), days in claims.items():
            ordered = sorted(days)
            for claimed_on, following in pairwise([*ordered, None]):
                assert claimed_on is not None
                found.append(self._stay(kind, entity, claimed_on, days[claimed_on][1], following))
        return found

    def _handed_out(self) -> list[tuple[str, str, datetime, str | None]]:
        rows: list[tuple[str, str, datetime, str | None]] = []
        for lead, row in self.leads.records.items():
            given = self.given.get(lead, [])
            rows += [("lead", lead, at, owner) for at, _, owner in given]
            if not given and row["owner_id"]:
                rows.append(("lead", lead, row["created_at"], row["owner_id"]))
        for row in self.company.rows("account_events"):
            if row["kind"] in ("assigned", "claimed"):
                rows.append(("account", row["account_id"], row["occurred_at"], row["owner_id"]))
        return rows

    def _rule(self, row: Row) -> dict[str, str]:
        """The rule that names most of unit, product line and grade; then one that names the unit, then the line."""
        names = ("business_unit", "product_line", "grade")
        fitting = [
            rule
            for rule in self.company.seed("pool_rules")
            if all(not rule[name] or rule[name] == row.get(name) for name in names)
        ]
        return max(fitting, key=lambda rule: (sum(bool(rule[name]) for name in names), *(bool(rule[n]) for n in names)))

    @cached_property
    def _active_days(self) -> dict[tuple[str, str], list[date]]:
        days: dict[tuple[str, str], set[date]] = defaultdict(set)
        for row in self.company.rows("activities"):
            if row["direction"] == "out" and row["occurred_at"].date() <= self.company.as_of:
                for kind, column in (("lead", "lead_id"), ("account", "account_id")):
                    if row[column]:
                        days[kind, row[column]].add(row["occurred_at"].date())
        return {key: sorted(found) for key, found in days.items()}

    @cached_property
    def _decided(self) -> dict[tuple[str, str], tuple[date, date | None]]:
        """When each lead and account was decided, and when it was won."""
        found: dict[tuple[str, str], tuple[date, date | None]] = {}
        alone = Leads(self.company, self.opportunities, {})  # records are claimed, not people
        for lead in alone.journeys:
            days = [lead.steps[step] for step in DECIDING if step in lead.steps]
            if days:
                found["lead", lead.row["lead_id"]] = (min(days), lead.steps.get(WON))
        for deal in self.opportunities.deals.values():
            state = self.opportunities.state(deal, self.company.as_of)
            if state is not None and state.status == WON and deal.row["account_id"]:
                key = ("account", deal.row["account_id"])
                first = min(state.status_since, found.get(key, (state.status_since, None))[0])
                found[key] = (first, first)
        return found

    def _stay(self, kind: str, entity: str, claimed_on: date, owner: str | None, following: date | None) -> Stay:
        row = self.leads.records[entity] if kind == "lead" else {}
        rule = self._rule(row)
        latest = claimed_on + timedelta(days=int(rule["maximum_days"]))
        end = claimed_on + timedelta(days=int(rule["protection_days"]))
        last_active_on = None
        for day in self._active_days.get((kind, entity), []):
            if claimed_on <= day <= min(latest, end):
                last_active_on = day
                end = max(end, day + timedelta(days=int(rule["extension_days"])))
        end = min(end, latest)
        decided, won = self._decided.get((kind, entity), (None, None))
        if decided is not None and decided < claimed_on:
            outcome, held = "decided before", claimed_on
        elif decided is not None and decided <= min(end, following or end):
            outcome, held = "decided", decided
        elif following is not None and following <= end:
            outcome, held = "handed on", following
        else:
            outcome, held = ("recycled" if end <= self.company.as_of else "protected"), end + timedelta(days=1)
        return Stay(
            kind,
            entity,
            row.get("business_unit") or NONE,
            " · ".join(rule[name] or "*" for name in ("business_unit", "product_line", "grade")),
            int(rule["claim_cap"]) if rule["claim_cap"] else None,
            owner or NONE,
            claimed_on,
            last_active_on,
            end,
            latest,
            outcome,
            following if outcome == "recycled" else None,
            held,
            outcome == "recycled" and won is not None and won > end,
        )

    def _over_cap(self) -> list[Stay]:
        """Claims made by an owner who then held more than the cap of the rule."""
        changes: dict[str, list[tuple[date, int, str, Stay]]] = defaultdict(list)
        for stay in self.stays:
            if stay.kind == "lead" and stay.held_until > stay.claimed_on:
                name = f"lead {stay.entity} {stay.claimed_on}"
                changes[stay.owner] += [(stay.claimed_on, 1, name, stay), (stay.held_until, -1, name, stay)]
        found = []
        for own in changes.values():
            held = 0
            for _, change, _, stay in sorted(own, key=lambda row: row[:3]):
                held += change
                if change == 1 and stay.cap is not None and held > stay.cap:
                    found.append(stay)
        return found

    def pool(self) -> dict[_Key, dict[str, Any]]:
        """`lead_pool` by kind, business unit, rule and month."""
        names = ("recycled", "claimed", "won_after", "due_next_7_days", "over_cap", "exported_recycled")
        rows: dict[_Key, dict[str, Any]] = defaultdict(lambda: dict.fromkeys(names, 0) | {"waits": []})
        for stay in self.stays:
            place = (stay.kind, stay.unit, stay.rule)
            if stay.outcome == "recycled":
                row = rows[*place, month_of(stay.ends_on)]
                row["recycled"] += 1
                row["won_after"] += stay.is_won_after
                if stay.claimed_again_on:
                    row["waits"].append((stay.claimed_again_on - stay.ends_on).days)
                    rows[*place, month_of(stay.claimed_again_on)]["claimed"] += 1
            if stay.outcome == "protected" and stay.ends_on <= self.company.as_of + timedelta(days=7):
                rows[*place, month_of(self.company.as_of)]["due_next_7_days"] += 1
        for stay in self._over_cap():
            rows[stay.kind, stay.unit, stay.rule, month_of(stay.claimed_on)]["over_cap"] += 1
        for (kind, entity), days in self._exported().items():
            for day in days:
                before = [s for s in self._stays_of.get((kind, entity), []) if s.claimed_on <= day]
                last = max(before, key=lambda stay: stay.claimed_on, default=None)
                unit, rule = (last.unit, last.rule) if last else (NONE, NONE)
                rows[kind, unit, rule, month_of(day)]["exported_recycled"] += 1
        for row in rows.values():
            wait = quantile(row.pop("waits"), Fraction(1, 2))
            row["median_days_in_pool"] = None if wait is None else rounded(wait, 1)
        return dict(rows)

    def pool_due(self) -> dict[str, dict[str, Any]]:
        """`lead_pool_due` by lead that is protected at the day shown."""
        return {
            stay.entity: {
                "business_unit": stay.unit,
                "grade": self.leads.records[stay.entity]["grade"] or NONE,
                "owner_id": stay.owner,
                "rule": stay.rule,
                "claimed_on": stay.claimed_on,
                "last_active_on": stay.last_active_on,
                "ends_on": stay.ends_on,
                "days_left": (stay.ends_on - self.company.as_of).days,
                "latest_end_on": stay.latest_end_on,
                "is_final": stay.ends_on == stay.latest_end_on,
            }
            for stay in self.stays
            if stay.kind == "lead" and stay.outcome == "protected"
        }

    @cached_property
    def _stays_of(self) -> dict[tuple[str, str], list[Stay]]:
        found: dict[tuple[str, str], list[Stay]] = defaultdict(list)
        for stay in self.stays:
            found[stay.kind, stay.entity].append(stay)
        return found

    def _exported(self) -> dict[tuple[str, str], set[date]]:
        found: dict[tuple[str, str], set[date]] = defaultdict(set)
        for table, kind, column in (("lead_events", "lead", "lead_id"), ("account_events", "account", "account_id")):
            for row in self.company.rows(table):
                if row["kind"] == "recycled" and row["occurred_at"].date() <= self.company.as_of:
                    found[kind, row[column]].add(row["occurred_at"].date())
        return found

    # score

    @cached_property
    def _decisions(self) -> list[tuple[Journey, date | None, bool]]:
        """Every person's lead, the day on which it was decided, and whether it came to something on that day."""
        found = []
        for lead in self.leads.journeys:
            decided_on = min((lead.steps[step] for step in DECIDING if step in lead.steps), default=None)
            found.append((lead, decided_on, decided_on is not None and lead.steps.get("converted") == decided_on))
        return found

    def _odds(self, cut: date) -> dict[tuple[str, str], Decimal]:
        """What was learnt on the leads decided before a day."""
        return _log_odds([(self._attributes(lead), won) for lead, day, won in self._decisions if day and day < cut])

    def _trials(self, quarters: int) -> list[tuple[Decimal, str, bool]]:
        """Score and outcome of decided leads created since a cut, by what was learnt before it."""
        cut = _months_before(self.company.as_of, 3 * quarters)
        odds = self._odds(cut)
        return [
            (sum((odds.get(pair, ZERO) for pair in self._attributes(lead)), ZERO), lead.row["lead_id"], won)
            for lead, day, won in self._decisions
            if day and lead.created_on >= cut
        ]

    def score_quality(self) -> dict[date, dict[str, Any]]:
        """`lead_score_quality` by cut: learnt on what was decided before it, judged on leads created since."""
        found = {}
        for quarters in range(1, 5):
            if scores := self._trials(quarters):
                found[_months_before(self.company.as_of, 3 * quarters)] = _judged(scores)
        return found

    def scores(self) -> dict[str, dict[str, Any]]:
        """`lead_scores` by undecided lead: what speaks for and against it, and how many alike came to something."""
        odds = self._odds(self.company.as_of + timedelta(days=1))
        points = {
            (row["attribute"], row["value"].lower()): Decimal(row["points"])
            for row in self.company.seed("lead_priority_rules")
        }
        tenths = bands(self._trials(2))
        found = {}
        for lead, day, _ in self._decisions:
            if day is None:
                pairs = self._attributes(lead)
                weights = {pair: odds.get(pair, ZERO) for pair in pairs}
                added = {pair: points.get((pair[0], pair[1].lower()), ZERO) for pair in pairs}
                learnt, ruled = sum(weights.values(), ZERO), sum(added.values(), ZERO)
                alike = [chance for since, chance in tenths if since is None or since <= learnt]
                found[lead.row["lead_id"]] = {
                    "created_on": lead.created_on,
                    "source": lead.row["source"] or NONE,
                    "product_line": lead.row["product_line"] or NONE,
                    "owner_id": lead.row["owner_id"] or NONE,
                    "score": learnt + ruled,
                    "learnt_score": learnt,
                    "rule_points": ruled,
                    "conversion_probability": alike[-1] if alike else None,
                    "reasons": _reasons({pair: weights[pair] + added[pair] for pair in pairs}),
                }
        ordered = sorted(found, key=lambda key: (-found[key]["score"], key))
        for number, fifth in enumerate(parts(ordered, 5), 1):
            for key in fifth:
                found[key]["priority"] = number
        return found

    def _attributes(self, lead: Journey) -> list[tuple[str, str]]:
        values = {**lead.row, "channel": self.leads.channel(lead.row)}
        return [(name, values.get(name) or NONE) for name in ATTRIBUTES]


def _answered(answers: list[Answer]) -> dict[str, Any]:
    done = [answer for answer in answers if answer.is_answered]
    row: dict[str, Any] = {
        "leads": len(answers),
        "responded": len(done),
        "waiting": sum(answer.is_waiting for answer in answers),
    }
    for name, share in (("median_hours", Fraction(1, 2)), ("p90_hours", Fraction(9, 10))):
        hours = quantile([Fraction(answer.seconds, HOUR) for answer in done], share)  # type: ignore[misc]
        row[name] = None if hours is None else rounded(hours, 6)
    measures: dict[str, tuple[str, Callable[[Answer], int]]] = {
        "within_hour": ("counted", lambda answer: answer.seconds),
        "within_working_hour": ("counted_working", lambda answer: answer.working_seconds),
    }
    for name, (base, seconds) in measures.items():
        within = sum(seconds(answer) <= HOUR for answer in done)
        counted = len(done) + sum(answer.is_waiting and seconds(answer) > HOUR for answer in answers)
        row[name], row[base] = within, counted
        row[f"{name}_rate"] = ratio(within, counted)
        row[f"{name}_low"], row[f"{name}_high"] = wilson(within, counted)
    return row


def _converted(answers: list[Answer], horizon: int) -> dict[str, Any]:
    converted = sum(answer.days_to_converted is not None and answer.days_to_converted <= horizon for answer in answers)
    low, high = wilson(converted, len(answers))
    return {
        "leads": len(answers),
        "converted": converted,
        "conversion_rate": ratio(converted, len(answers)),
        "conversion_low": low,
        "conversion_high": high,
    }


def _log_odds(learnt: list[tuple[list[tuple[str, str]], bool]]) -> dict[tuple[str, str], Decimal]:
    """How much likelier leads with a value came to something, with 20 pseudo-leads at the base rate."""
    won: dict[tuple[str, str], int] = defaultdict(int)
    seen: dict[tuple[str, str], int] = defaultdict(int)
    for pairs, is_won in learnt:
        for pair in pairs:
            seen[pair] += 1
            won[pair] += is_won
    base = sum(is_won for _, is_won in learnt) / len(learnt) if learnt else 0
    if not 0 < base < 1:
        return {}
    return {
        pair: Decimal(
            repr(
                round(
                    log((won[pair] + PRIOR_LEADS * base) / (count - won[pair] + PRIOR_LEADS * (1 - base)))
                    - log(base / (1 - base)),
                    6,
                )
            )
        )
        for pair, count in seen.items()
    }


def parts(ordered: list[Any], number: int) -> list[list[Any]]:
    """A list cut into so many, the first of which are one longer where it does not come out even."""
    size, longer = divmod(len(ordered), number)
    ends = [size * place + min(place, longer) for place in range(number + 1)]
    return [ordered[since:until] for since, until in pairwise(ends)]


def bands(scores: list[tuple[Decimal, str, bool]]) -> list[tuple[Decimal | None, Decimal]]:
    """From which score on what share came to something, by tenths of those judged; None where a band has no beginning."""
    if not scores:
        return []
    base = Fraction(sum(won for _, _, won in scores), len(scores))
    found: list[tuple[Decimal | None, Decimal]] = []
    for tenth in parts(sorted(scores), 10):
        if tenth:
            won = sum(is_won for _, _, is_won in tenth)
            share = (won + PRIOR_LEADS * base) / (len(tenth) + PRIOR_LEADS)
            found.append((tenth[0][0] if found else None, rounded(share, 6)))
    return found


def _reasons(weights: dict[tuple[str, str], Decimal]) -> str:
    """The three attributes that weigh most, with what they add to the score."""
    heaviest = sorted(weights, key=lambda pair: (-abs(weights[pair]), pair[0]))[:3]
    return "; ".join(
        f"{name} {value} {'+' if weights[name, value] > 0 else ''}{rounded(weights[name, value])}"
        for name, value in heaviest
        if weights[name, value]
    )


def _judged(scores: list[tuple[Decimal, str, bool]]) -> dict[str, Any]:
    """Of all pairs of one that came to something and one that did not, how many are in order; and the first fifth."""
    won = sorted(score for score, _, is_won in scores if is_won)
    lost = sorted(score for score, _, is_won in scores if not is_won)
    in_order = Fraction(0)
    for score in won:
        below = bisect_right(lost, score)
        equal = below - sum(other < score for other in lost)
        in_order += below - Fraction(equal, 2)
    ordered = sorted(scores, key=lambda row: (-row[0], row[1]))
    first = ordered[: ceil(Fraction(len(scores), 5))]
    first_won = sum(is_won for _, _, is_won in first)
    return {
        "leads": len(scores),
        "converted": len(won),
        "top_fifth_leads": len(first),
        "top_fifth_converted": first_won,
        "auc": ratio(in_order, len(won) * len(lost)),
        "top_fifth_lift": ratio(first_won * len(scores), len(first) * len(won)),
    }


def _months_before(day: date, months: int) -> date:
    place = day.year * 12 + day.month - 1 - months
    first = date(place // 12, place % 12 + 1, 1)
    return first.replace(day=min(day.day, month_end(first).day))
