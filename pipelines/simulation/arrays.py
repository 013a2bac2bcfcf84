"""Draws, calendars and columns over whole arrays: nothing here, or above it, loops over rows.

Days count from 1970-01-01, moments are local seconds since then, money is whole cents. What never
happens lies at `NEVER`, after every horizon.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

DAY = 86_400
NEVER = 10**7
NONE = -1
_EPOCH = date(1970, 1, 1)
_SATURDAY = 5


def stream(seed: int, *key: object) -> np.random.Generator:
    """A generator of its own for each part of the world: drawing more in one part moves no other."""
    return np.random.Generator(
        np.random.PCG64(np.random.SeedSequence([seed, *(zlib.crc32(repr(k).encode()) for k in key)]))
    )


def day_of(day: date) -> int:
    """The number of a day."""
    return (day - _EPOCH).days


def date_of(day: int) -> date:
    """The day of that number."""
    return date.fromordinal(int(day) + _EPOCH.toordinal())


def months_of(days: Ints) -> Ints:
    """Months since 1970-01 of days."""
    return days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)


def month_start(months: Ints) -> Ints:
    """First days of months since 1970-01."""
    return months.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)


def weekday(days: Ints) -> Ints:
    """0 for Monday to 6 for Sunday."""
    found: Ints = (days + 3) % 7
    return found


def working_day(days: Ints) -> Ints:
    """The day itself, or the Monday after a weekend."""
    return np.where(weekday(days) >= _SATURDAY, days + 7 - weekday(days), days)


def office_time(rng: np.random.Generator, days: Ints) -> Ints:
    """A moment between 8:30 and 18:00 of each day."""
    return days * DAY + rng.integers(30_600, 64_800, len(days))


def pick(rng: np.random.Generator, n: int, weights: Sequence[float] | Floats) -> Ints:
    """`n` indices drawn by weight."""
    bounds = np.cumsum(np.asarray(weights, dtype=np.float64))
    return np.searchsorted(bounds / bounds[-1], rng.random(n), side="right").clip(0, len(bounds) - 1).astype(np.int64)


def lognormal(rng: np.random.Generator, median: Any, sigma: Any, size: Any = None) -> Floats:
    """Draws around a median."""
    drawn: Floats = np.exp(rng.normal(np.log(median), sigma, size))
    return drawn


def expand(counts: Ints) -> tuple[Ints, Ints]:
    """For each child its parent's index and its position among the parent's children."""
    parents = np.repeat(np.arange(len(counts)), counts)
    firsts = np.cumsum(counts) - counts
    return parents.astype(np.int64), (np.arange(len(parents)) - firsts[parents]).astype(np.int64)


def totals(values: Ints, groups: Ints, n: int) -> Ints:
    """Sums of whole numbers by group."""
    sums = np.zeros(n, dtype=np.int64)
    np.add.at(sums, groups, values)
    return sums


def shared(amounts: Ints, weights: Floats, parents: Ints) -> Ints:
    """`amounts` of parents split over children by weight; the first child takes what rounding leaves."""
    sums = np.zeros(len(amounts))
    np.add.at(sums, parents, weights)
    parts = np.floor(amounts[parents] * (weights / sums[parents])).astype(np.int64)
    rest = amounts - totals(parts, parents, len(amounts))
    first = np.unique(parents, return_index=True)[1]
    parts[first] += rest[parents[first]]
    return parts


def shares_of(amounts: Ints, rate: Floats) -> Ints:
    """Cents of a rate, half away from zero."""
    return (np.sign(amounts) * np.floor(np.abs(amounts) * rate + 0.5)).astype(np.int64)


@dataclass(frozen=True)
class Versions:
    """Values of something over time: the last one at or before a moment holds."""

    owners: Ints
    moments: Ints
    values: Ints

    @classmethod
    def of(cls, owners: Ints, moments: Ints, values: Ints) -> Versions:
        """In order of owner and moment, without repetitions of the same value."""
        order = np.lexsort((np.arange(len(owners)), moments, owners))
        owners, moments, values = owners[order], moments[order], values[order]
        last = np.ones(len(owners), dtype=bool)
        last[:-1] = (owners[1:] != owners[:-1]) | (moments[1:] != moments[:-1])
        owners, moments, values = owners[last], moments[last], values[last]
        fresh = np.ones(len(owners), dtype=bool)
        fresh[1:] = (owners[1:] != owners[:-1]) | (values[1:] != values[:-1])
        return cls(owners[fresh], moments[fresh], values[fresh])

    @property
    def is_first(self) -> Bools:
        """Whether a version is its owner's first."""
        first = np.ones(len(self.owners), dtype=bool)
        first[1:] = self.owners[1:] != self.owners[:-1]
        return first

    @property
    def before(self) -> Ints:
        """The value before each version; the value itself for a first one."""
        return np.where(self.is_first, self.values, np.roll(self.values, 1))

    def at(self, owners: Ints, moments: Ints | int) -> Ints:
        """The values that held; an owner's first where the moment is before it."""
        keys = (self.owners << 33) + self.moments
        found = np.searchsorted(keys, (owners << 33) + moments, side="right") - 1
        firsts = np.searchsorted(self.owners, owners, side="left")
        return self.values[np.maximum(found, firsts)]


# columns


def _known(series: pl.Series, known: Bools | None) -> pl.Series:
    return (
        series
        if known is None
        else series.to_frame("x").select(pl.when(pl.lit(pl.Series(known))).then(pl.col("x"))).to_series()
    )


def money(cents: Ints, known: Bools | None = None) -> pl.Series:
    """Cents as amounts with two places."""
    whole = pl.Series(cents, dtype=pl.Int64).cast(pl.Decimal(38, 0)).to_frame("x")
    return _known(whole.select(pl.col("x") * Decimal("0.01")).to_series(), known)


def places(values: Floats, digits: int, known: Bools | None = None) -> pl.Series:
    """Numbers with that many places."""
    whole = pl.Series(np.round(values * 10**digits).astype(np.int64)).cast(pl.Decimal(38, 0)).to_frame("x")
    return _known(whole.select(pl.col("x") * Decimal(1).scaleb(-digits)).to_series(), known)


def numbers(values: Ints, known: Bools | None = None) -> pl.Series:
    """Whole numbers."""
    return _known(pl.Series(values, dtype=pl.Int64), known)


def truths(values: Bools, known: Bools | None = None) -> pl.Series:
    """Truth values."""
    return _known(pl.Series(values), known)


def days(values: Ints, known: Bools | None = None) -> pl.Series:
    """Dates."""
    return _known(pl.Series(np.minimum(values, NEVER // 100).astype(np.int32)).cast(pl.Date), known)


def moments(values: Ints, known: Bools | None = None) -> pl.Series:
    """Dates with times, as text: `2026-01-31 14:05:00`."""
    stamps = pl.Series(np.minimum(values, NEVER // 100 * DAY) * 1000).cast(pl.Datetime("ms"))
    return _known(stamps.dt.strftime("%Y-%m-%d %H:%M:%S"), known)


def ids(prefix: str, values: Ints, width: int = 6) -> pl.Series:
    """Ids such as `L-000123`; below zero is none."""
    found = pl.Series(values, dtype=pl.Int64).to_frame("x")
    return found.select(
        pl.when(pl.col("x") >= 0).then(prefix + pl.col("x").cast(pl.String).str.zfill(width))
    ).to_series()


def words(options: Sequence[str], index: Ints, known: Bools | None = None) -> pl.Series:
    """Options by index; below zero is none."""
    inside = index >= 0 if known is None else (index >= 0) & known
    if not options:
        return pl.Series([None] * len(index), dtype=pl.String)
    return _known(pl.Series(options, dtype=pl.String).gather(np.where(index >= 0, index, 0)), inside)


def mixed(values: Ints, salt: object) -> Ints:
    """Numbers spread over 0 … 2⁴⁰ by their value alone: the same number is the same draw wherever it stands."""
    key = np.uint64(zlib.crc32(repr(salt).encode()) * 0x9E3779B97F4A7C15 % 2**64)
    with np.errstate(over="ignore"):
        x = values.astype(np.uint64) * np.uint64(0xBF58476D1CE4E5B9) + key
        x ^= x >> np.uint64(31)
        x *= np.uint64(0x94D049BB133111EB)
        x ^= x >> np.uint64(29)
        x *= np.uint64(0xBF58476D1CE4E5B9)
        x ^= x >> np.uint64(32)
    return (x >> np.uint64(24)).astype(np.int64)


def chance_of(values: Ints, salt: object) -> Floats:
    """The same, between 0 and 1."""
    found: Floats = mixed(values, salt) / 2**40
    return found
