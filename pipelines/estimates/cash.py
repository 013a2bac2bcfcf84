"""How much cash comes in: the exact distribution of a sum of open items that are each paid in a week or not.

Items are independent of each other. The distribution lives on a grid of 2,048 steps up to the sum of all items; an item
between two steps is split over both, so that its expected amount stays what it is. Items smaller than a step are taken
together as a normal distribution with their mean and variance.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

STEPS: Final = 2_048
QUANTILES: Final = (0.1, 0.5, 0.9)
_ROUNDING: Final = 1e-12
_SPREAD: Final = 8.0

Floats = npt.NDArray[np.float64]


def sum_quantiles(amounts: Floats, chances: Floats) -> Floats:
    """Give P10, P50 and P90 of the sum of independent items, for each column of chances.

    Args:
        amounts: what each item is worth, above 0; shape (items,).
        chances: with which probability it counts; shape (items, columns), in columns such as weeks.

    Returns:
        Shape (columns, 3): the smallest sum that is reached with at least that probability, in whole steps.

    """
    columns = chances.shape[1]
    total = float(amounts.sum())
    if total <= 0:
        return np.zeros((columns, len(QUANTILES)))
    step = total / (STEPS - 1)
    units = amounts / step
    large = units >= 1
    masses = _large_items(units[large], chances[large])
    small = _small_items(units[~large], chances[~large])
    if small is not None:
        masses = np.stack([np.convolve(a, b)[:STEPS] for a, b in zip(masses, small, strict=True)])
    reached = np.cumsum(masses, axis=1)
    reached[:, -1] = 1.0
    return np.stack([step * (reached < share - _ROUNDING).sum(axis=1) for share in QUANTILES], axis=1)


def _large_items(units: Floats, chances: Floats) -> Floats:
    """Give the distribution of each column on the grid, item by item, smallest first."""
    masses = np.zeros((chances.shape[1], STEPS))
    masses[:, 0] = 1.0
    end = 1
    for place in np.argsort(units, kind="stable"):
        whole = int(units[place])
        rest = float(units[place]) - whole
        chance = chances[place][:, None]
        before = masses[:, :end].copy()
        masses[:, :end] *= 1 - chance
        for steps, share in ((whole, 1 - rest), (whole + 1, rest)):
            moved = before * (chance * share)
            fits = max(0, min(end, STEPS - steps))
            masses[:, steps : steps + fits] += moved[:, :fits]
            masses[:, -1] += moved[:, fits:].sum(axis=1)
        end = min(end + whole + 1, STEPS)
    return masses


def _small_items(units: Floats, chances: Floats) -> Floats | None:
    """Give the distribution of the items below one step together, for each column; nothing without items."""
    if not len(units):
        return None
    mean = (units[:, None] * chances).sum(axis=0)
    variance = (units[:, None] ** 2 * chances * (1 - chances)).sum(axis=0)
    masses = np.zeros((chances.shape[1], STEPS))
    grid = np.arange(STEPS)
    for column, (middle, width) in enumerate(zip(mean, np.sqrt(variance), strict=True)):
        if width < 1 / _SPREAD:
            whole = int(middle)
            masses[column, whole] += 1 - (middle - whole)
            masses[column, min(whole + 1, STEPS - 1)] += middle - whole
        else:
            density = np.exp(-0.5 * ((grid - middle) / width) ** 2)
            masses[column] = density / density.sum()
    return masses


def cash_quantile_table(chances: pa.Table) -> pa.Table:
    """Give P10, P50 and P90 of the cash of every forecast date and week: columns cash_date, week_number, p10, p50, p90.

    Args:
        chances: columns cash_date, item_id, balance (double), week_number (1 … n) and chance (double); one row per week
            in which an item may be paid.

    """
    frame = {name: chances.column(name).to_numpy(zero_copy_only=False) for name in chances.column_names}
    found: dict[str, list[object]] = {name: [] for name in ("cash_date", "week_number", "p10", "p50", "p90")}
    weeks = int(frame["week_number"].max()) if chances.num_rows else 0
    for day in np.unique(frame["cash_date"]):
        own = frame["cash_date"] == day
        _items, first, places = np.unique(frame["item_id"][own].astype(str), return_index=True, return_inverse=True)
        matrix = np.zeros((len(first), weeks))
        matrix[places, frame["week_number"][own].astype(int) - 1] = frame["chance"][own]
        quantiles = sum_quantiles(frame["balance"][own].astype(float)[first], matrix)
        found["cash_date"] += [day] * weeks
        found["week_number"] += list(range(1, weeks + 1))
        for place, name in enumerate(("p10", "p50", "p90")):
            found[name] += quantiles[:, place].tolist()
    schema = pa.schema(
        [
            ("cash_date", pa.date32()),
            ("week_number", pa.int64()),
            ("p10", pa.float64()),
            ("p50", pa.float64()),
            ("p90", pa.float64()),
        ]
    )
    found["cash_date"] = [np.datetime64(day, "D").item() for day in found["cash_date"]]  # type: ignore[call-overload]
    return pa.table(found, schema=schema)
