"""What whole journeys teach about channels, after METRICS §2: the absorbing chain of Markov, and Shapley by its definition."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Any

from tests.oracle.company import NONE
from tests.oracle.leads import Leads
from tests.oracle.marketing import LOOKBACK_DAYS, UNATTRIBUTED, Marketing
from tests.oracle.money import ZERO, rounded, six, split
from tests.oracle.opportunities import LOST, WON

START, CONVERSION, NULL = "(start)", "(conversion)", "(null)"


class Journeys:
    """Won and lost opportunities and disqualified leads, by the channels they passed, and exported paths."""

    def __init__(self, marketing: Marketing, leads: Leads) -> None:
        self.marketing = marketing
        self.leads = leads
        self.company = marketing.company

    @cached_property
    def paths(self) -> dict[str, dict[tuple[str, ...], list[Decimal]]]:
        """Conversions, their value and journeys that did not convert, by input and path."""
        found: dict[str, dict[tuple[str, ...], list[Decimal]]] = {}
        for source, rows in (("opportunities", self._decided()), ("paths", self._stated())):
            for path, *counts in rows:
                if path:
                    own = found.setdefault(source, {}).setdefault(path, [ZERO, ZERO, ZERO])
                    for place, count in enumerate(counts):
                        own[place] += count
        return found

    def _decided(self) -> list[tuple[Any, ...]]:
        rows: list[tuple[Any, ...]] = []
        opportunities = self.marketing.opportunities
        for deal in self.marketing.deals:
            state = opportunities.state(deal, self.company.as_of)
            touches = self.marketing.path(deal)
            if state is None or state.status not in (WON, LOST) or touches[0].channel == UNATTRIBUTED:
                continue
            path = tuple(touch.channel for touch in touches)
            won = state.status == WON
            rows.append((path, Decimal(won), (state.amount or ZERO) if won else ZERO, Decimal(not won)))
        for lead in self.leads.journeys:
            key = lead.row["lead_id"]
            same = self.leads.same(key)
            if "disqualified" in lead.steps and not any(self.leads.deals_of.get(other) for other in same):
                path = self._path_of(key, lead.created_on, lead.steps["disqualified"], lead.channel)
                rows.append((path, ZERO, ZERO, Decimal(1)))
        return rows

    def _path_of(self, lead: str, created_on: date, ends_on: date, channel: str) -> tuple[str, ...]:
        since = created_on - timedelta(days=LOOKBACK_DAYS)
        first: dict[tuple[str, str, date], tuple[Any, str, str]] = {}
        for contact in self.marketing._by_lead.get(lead, []):
            touch = contact.touch
            if since <= touch.at.date() <= ends_on:
                key = (contact.person, touch.channel, touch.at.date())
                first[key] = min(
                    first.get(key, (touch.at, touch.id, touch.channel)), (touch.at, touch.id, touch.channel)
                )
        if first:
            return tuple(name for _, _, name in sorted(first.values()))
        return (channel,) if channel != NONE or self.leads.records[lead]["campaign_id"] else ()

    def _stated(self) -> list[tuple[Any, ...]]:
        rows: list[tuple[Any, ...]] = []
        for row in self.company.rows("paths"):
            steps = [step.strip() for step in row["path"].split(">") if step.strip()]
            path = tuple(self.leads.channels.name(step) or NONE for step in steps)
            rate = self.company.rate(row["currency"], self.company.as_of)
            value = (row["total_conversion_value"] or ZERO) * (rate or ZERO)
            rows.append((path, row["total_conversions"] or ZERO, value, row["total_null"] or ZERO))
        return rows

    def removal_effects(self, source: str) -> dict[str, float]:
        """The share of conversions lost when a channel's journeys end where they reach it, the chain solved anew for each."""
        moves: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
        for path, (conversions, _, nulls) in self.paths[source].items():
            for before, after in zip((START, *path), path, strict=False):
                moves[before][after] += float(conversions + nulls)
            moves[path[-1]][CONVERSION] += float(conversions)
            moves[path[-1]][NULL] += float(nulls)
        channels = sorted(set(moves) - {START})
        whole = _chance(moves, channels, None)
        return {name: 0.0 if whole <= 0 else 1 - _chance(moves, channels, name) / whole for name in channels}

    def shares(self, source: str, model: str) -> tuple[dict[str, Decimal], dict[str, Decimal], dict[str, float]]:
        """Each channel's share of conversions and of value, at twelve places; Markov's removal effects beside."""
        if model == "markov":
            effects = self.removal_effects(source)
            total = sum(effects.values())
            share = {name: rounded(Fraction(effect / total), 12) if total else ZERO for name, effect in effects.items()}
            return share, share, effects
        return self._coalitions(source, 0), self._coalitions(source, 1), {}

    def _coalitions(self, source: str, measure: int) -> dict[str, Decimal]:
        """A path converts when all its channels are there: each has an equal part of it."""
        parts: dict[str, Fraction] = defaultdict(Fraction)
        for path, counts in self.paths[source].items():
            for name in set(path):
                parts[name] += Fraction(counts[measure]) / len(set(path))
        total = sum(parts.values())
        return {name: rounded(part / total, 12) if total else ZERO for name, part in parts.items()}

    def channels(self) -> dict[tuple[str, str, str], dict[str, Any]]:
        """`attribution_channels` of the learnt models by input, model and channel."""
        found = {}
        for source, paths in self.paths.items():
            conversions = sum((counts[0] for counts in paths.values()), ZERO)
            value = rounded(sum((counts[1] for counts in paths.values()), ZERO))
            names = sorted({name for path in paths for name in path})
            for model in ("markov", "shapley"):
                by_count, by_value, effects = self.shares(source, model)
                counted = _allocated(conversions, by_count, names, 6)
                valued = _allocated(value, by_value, names, 2)
                for name in names:
                    effect = effects.get(name, 0.0) if model == "markov" else None
                    found[source, model, name] = {
                        "conversions": counted[name],
                        "value_amount": valued[name],
                        "removal_effect": None if effect is None else six(effect),
                    }
        return found


def _allocated(amount: Decimal, shares: dict[str, Decimal], names: list[str], places: int) -> dict[str, Decimal]:
    weights = {name: shares.get(name, ZERO) for name in names}
    return split(amount, weights, places=places) if any(weights.values()) else dict.fromkeys(names, ZERO)


def _chance(moves: dict[str, dict[str, float]], channels: list[str], removed: str | None) -> float:
    """The chance that a journey converts, by elimination; what reaches `removed` is lost."""
    kept = [name for name in channels if name != removed]
    places = {name: place for place, name in enumerate(kept)}
    rows = []
    for name in kept:
        total = sum(moves[name].values())
        row = [0.0] * len(kept) + [moves[name].get(CONVERSION, 0.0) / total if total else 0.0]
        row[places[name]] = 1.0
        for after, count in moves[name].items():
            if after in places and total:
                row[places[after]] -= count / total
        rows.append(row)
    solved = _solve(rows)
    total = sum(moves[START].values())
    starts = [(solved[places[name]], count) for name, count in moves[START].items() if name in places]
    return sum(chance * count for chance, count in starts) / total if total else 0.0


def _solve(rows: list[list[float]]) -> list[float]:
    """Gaussian elimination with pivots; each row is a line of the matrix and its right side."""
    n = len(rows)
    for place in range(n):
        best = max(range(place, n), key=lambda row: abs(rows[row][place]))
        rows[place], rows[best] = rows[best], rows[place]
        for other in range(n):
            if other != place and (factor := rows[other][place] / rows[place][place]):
                rows[other] = [mine - factor * theirs for mine, theirs in zip(rows[other], rows[place], strict=True)]
    return [row[n] / row[place] for place, row in enumerate(rows)]
