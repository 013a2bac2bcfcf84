"""Whole marts beside the oracle, row by row; the first keys that differ are named with both values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

Figures = Mapping[str, Any]
Rows = Mapping[tuple[Any, ...], Figures]
RATE_TOLERANCE = Decimal("0.000002")
_SHOWN = 8


@dataclass(frozen=True)
class About:
    """A figure that a mart may miss by so much, because it says that it counts on a grid."""

    value: Decimal
    margin: Decimal

    def holds(self, other: Any) -> bool:
        """Whether the mart's figure is near enough."""
        return other is not None and abs(other - self.value) <= self.margin


@dataclass(frozen=True)
class Mart:
    """A mart, its key, the figures compared, and those of them that are rates: equal to six places.

    With `sums` several rows of a key are added up; those that come to nothing are left out.
    """

    name: str
    key: tuple[str, ...]
    figures: tuple[str, ...]
    rates: tuple[str, ...] = ()
    where: str = "true"
    sums: bool = False
    schema: str = "marts"

    @property
    def columns(self) -> tuple[str, ...]:
        """Everything to read from the mart."""
        return (*self.key, *self.figures, *self.rates)

    def rows(self, records: Iterable[tuple[Any, ...]]) -> dict[tuple[Any, ...], dict[str, Any]]:
        """Records of the mart's columns by key; two of one key are a fault of the mart."""
        width = len(self.key)
        if self.sums:
            found: dict[tuple[Any, ...], dict[str, Any]] = {}
            for record in records:
                row = found.setdefault(record[:width], dict.fromkeys(self.figures, Decimal(0)))
                for name, value in zip(self.figures, record[width:], strict=True):
                    row[name] += value
            return {key: row for key, row in found.items() if any(row.values())}
        single: dict[tuple[Any, ...], dict[str, Any]] = {}
        for record in records:
            if record[:width] in single:
                raise ValueError(f"{self.name} has more than one row of {_words(record[:width])}")
            single[record[:width]] = dict(zip(self.columns[width:], record[width:], strict=True))
        return single

    def differences(self, oracle: Rows, published: Rows) -> list[str]:
        """Every row that is missing, too many or different, in words."""
        found = [f"only in the oracle: {_words(key)}: {_brief(oracle[key])}" for key in _sorted(oracle, published)]
        found += [f"only in the mart: {_words(key)}: {_brief(published[key])}" for key in _sorted(published, oracle)]
        for key in sorted(set(oracle) & set(published), key=str):
            unequal = [
                f"{name}: oracle {oracle[key][name]} mart {published[key][name]}"
                for name in (*self.figures, *self.rates)
                if not self._equal(name, oracle[key][name], published[key][name])
            ]
            if unequal:
                found.append(f"{_words(key)}: " + "; ".join(unequal))
        return found

    def _equal(self, name: str, first: Any, second: Any) -> bool:
        if isinstance(first, About):
            return first.holds(second)
        if name in self.rates and first is not None and second is not None:
            return abs(first - second) <= RATE_TOLERANCE
        return bool(first == second)

    def report(self, oracle: Rows, published: Rows) -> str:
        """The differences as a test shows them; empty where there are none."""
        found = self.differences(oracle, published)
        if not found:
            return ""
        more = f"\n  and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
        head = f"{self.name}: {len(found)} of {len(oracle)} rows differ\n  "
        return head + "\n  ".join(found[:_SHOWN]) + more


def _sorted(these: Rows, others: Rows) -> list[tuple[Any, ...]]:
    return sorted(set(these) - set(others), key=str)


def _words(key: tuple[Any, ...]) -> str:
    return " · ".join(str(part) for part in key)


def _brief(figures: Figures) -> str:
    return ", ".join(f"{name} {value}" for name, value in figures.items() if value)
