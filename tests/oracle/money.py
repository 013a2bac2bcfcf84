"""Exact money: rounding, splitting and cumulative posting as METRICS §0 states them."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from math import lcm
from typing import TypeVar

CENT = Decimal("0.01")
ZERO = Decimal(0)
_WIDE = Context(prec=60)
_Part = TypeVar("_Part", bound=Hashable)


def rounded(value: Decimal | Fraction | int, places: int = 2) -> Decimal:
    """A number at `places` decimals, half away from zero ("Rounding")."""
    units = abs(Fraction(value)) * 10**places
    whole, rest = divmod(units.numerator, units.denominator)
    if 2 * rest >= units.denominator:
        whole += 1
    return Decimal(-whole if value < 0 else whole).scaleb(-places, _WIDE)


def ratio(
    numerator: Decimal | Fraction | int, denominator: Decimal | Fraction | int, places: int = 6
) -> Decimal | None:
    """A ratio of sums, null where the denominator is 0 ("Ratios")."""
    return None if denominator == 0 else rounded(Fraction(numerator) / Fraction(denominator), places)


def at_rate(amount: Decimal | None, rate: Decimal | None) -> Decimal | None:
    """An amount converted once and rounded; unknown where either is ("Currency", "Rounding")."""
    return None if amount is None or rate is None else rounded(Fraction(amount) * Fraction(rate))


def inverse(rate: Decimal) -> Decimal:
    """1 ÷ rate with the 12 places of an exchange rate ("Currency")."""
    return rounded(1 / Fraction(rate), 12)


def split(amount: Decimal, weights: Mapping[_Part, Decimal | Fraction | int], places: int = 2) -> dict[_Part, Decimal]:
    """An amount split by largest remainder, ties by the part's id as text ("Splitting").

    The absolute value is split and the sign put back, so parts of −x are the negatives of the parts of x.
    """
    whole = _whole_numbers(weights)
    total = sum(whole.values())
    units = int(abs(amount).scaleb(places))
    floors, fractions = {}, {}
    for part, weight in whole.items():
        floors[part], fractions[part] = divmod(units * weight, total)
    left = units - sum(floors.values())
    for part in sorted(whole, key=lambda part: (-fractions[part], str(part)))[:left]:
        floors[part] += 1
    sign = -1 if amount < 0 else 1
    return {part: Decimal(sign * count).scaleb(-places, _WIDE) for part, count in floors.items()}


def _whole_numbers(weights: Mapping[_Part, Decimal | Fraction | int]) -> dict[_Part, int]:
    """Weights of the same proportions that are whole numbers."""
    exact = {part: Fraction(weight) for part, weight in weights.items()}
    common = lcm(*(weight.denominator for weight in exact.values()))
    return {part: weight.numerator * (common // weight.denominator) for part, weight in exact.items()}


def posted(whole: Decimal, part: Decimal, of: Decimal) -> Decimal:
    """What has been posted in all once `part` of `of` has happened ("Cumulative posting").

    A movement is the difference between two of these, so any split of the events gives the same total.
    """
    return ZERO if of == 0 else rounded(Fraction(whole) * Fraction(part) / Fraction(of))


def post(whole: Decimal, events: Iterable[Decimal], of: Decimal) -> list[Decimal]:
    """The movements of a run of events: entitlement after each less what is posted already."""
    movements, done, already = [], ZERO, ZERO
    for event in events:
        done += event
        entitled = posted(whole, done, of)
        movements.append(entitled - already)
        already = entitled
    return movements


def money_sum(amounts: Iterable[Decimal | None]) -> Decimal:
    """A sum of rounded rows; unknown amounts count nothing."""
    return sum((amount for amount in amounts if amount is not None), ZERO)


def wilson(successes: int, trials: int) -> tuple[Decimal | None, Decimal | None]:
    """The 95 % Wilson interval of a rate, at six places ("Ratios")."""
    if trials == 0:
        return None, None
    z = 1.959963984540054
    rate = successes / trials
    scale = 1 + z * z / trials
    centre = (rate + z * z / (2 * trials)) / scale
    margin = z / scale * (rate * (1 - rate) / trials + z * z / (4 * trials * trials)) ** 0.5
    return six(max(0.0, centre - margin)), six(min(1.0, centre + margin))


def six(value: float) -> Decimal:
    """A rate that is no ratio of whole numbers, at six places."""
    return Decimal(repr(value)).quantize(Decimal("0.000001"), ROUND_HALF_UP)


def quantile(values: Iterable[Decimal | int | float], share: Fraction) -> Fraction | None:
    """The quantile that interpolates linearly between neighbours ("Ratios")."""
    ordered = sorted(Fraction(value) for value in values)
    if not ordered:
        return None
    place = share * (len(ordered) - 1)
    below = place.numerator // place.denominator
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)
