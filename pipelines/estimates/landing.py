"""Where a period will land: quantiles of what is won, what may still be won of the open deals, and new business."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

STEPS: Final = 2_048
QUANTILES: Final = (0.1, 0.5, 0.9)
KEY: Final = ("reporting_date", "period", "level", "level_id")
_CLOSE: Final = 1e-12

Floats = npt.NDArray[np.float64]


def landing_quantiles(
    won: float,
    amounts: Sequence[float] | Floats,
    probabilities: Sequence[float] | Floats,
    new_business: Sequence[float] | Floats = (),
    quantiles: Sequence[float] = QUANTILES,
    steps: int = STEPS,
) -> tuple[float, ...]:
    """Give the smallest x with F(x) >= q for each q, where F is the distribution of what the period lands at.

    That is ``won``, plus each amount with its probability, all independent, plus one of the past periods' new business,
    each as likely. Amounts lie between two points of a grid of ``steps`` steps and are shared between them so that the
    mean is kept; the result is exact to one step. An amount below zero lowers the sum with its probability.
    """
    amount, probability = np.asarray(amounts, float), np.asarray(probabilities, float)
    past = np.asarray(new_business, float)
    base = float(won) + float(amount[amount < 0].sum()) + float(min(past.min(initial=0.0), 0.0))
    chance = np.where(amount < 0, 1.0 - probability, probability)
    size = np.abs(amount)
    past = past - float(min(past.min(initial=0.0), 0.0))
    top = float(size.sum()) + float(past.max(initial=0.0))
    if top <= 0.0:
        return tuple(base for _ in quantiles)
    step = top / steps
    mass = np.zeros(steps + 2)
    mass[0] = 1.0
    for place, share in zip(size / step, chance, strict=True):
        mass = (1.0 - share) * mass + share * _moved(mass, float(place))
    if len(past):
        mass = np.mean([_moved(mass, float(place)) for place in past / step], axis=0)
    reached = np.cumsum(mass)
    return tuple(base + step * int(np.searchsorted(reached, q - _CLOSE)) for q in quantiles)


def _moved(mass: Floats, place: float) -> Floats:
    """Move a distribution up by a number of steps that need not be whole."""
    whole = int(place)
    part = place - whole
    moved = np.zeros_like(mass)
    moved[whole:] = (1.0 - part) * mass[: len(mass) - whole]
    if part > 0.0:
        moved[whole + 1 :] += part * mass[: len(mass) - whole - 1]
    return moved


def landings(parts: pa.Table) -> pa.Table:
    """Give one row per date, period and level row with its quantiles in cents, from rows of what makes it up.

    ``parts`` has the key's columns, ``kind`` (won, open, new), ``amount`` and ``probability``, ordered by all of them.
    """
    kinds = parts["kind"].to_numpy(zero_copy_only=False)
    amounts = parts["amount"].cast(pa.float64()).to_numpy()
    chances = parts["probability"].cast(pa.float64()).to_numpy()
    columns = [parts[name].to_numpy(zero_copy_only=False) for name in KEY]
    is_first = np.ones(parts.num_rows, bool)
    if parts.num_rows:
        is_first[1:] = np.any([column[1:] != column[:-1] for column in columns], axis=0)
    starts = np.flatnonzero(is_first)
    found: list[tuple[float, ...]] = []
    for since, until in zip(starts, np.append(starts, parts.num_rows)[1:], strict=True):
        kind, amount, chance = kinds[since:until], amounts[since:until], chances[since:until]
        is_open = kind == "open"
        found.append(
            landing_quantiles(
                float(amount[kind == "won"].sum()), amount[is_open], chance[is_open], amount[kind == "new"]
            )
        )
    table = parts.select(list(KEY)).take(pa.array(starts))
    for place, quantile in enumerate(QUANTILES):
        cents = np.array([round(row[place] * 100) for row in found], np.int64)
        table = table.append_column(f"landing_p{round(quantile * 100)}_cents", pa.array(cents))
    return table
