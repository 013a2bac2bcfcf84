"""How commands and reports write a figure as text; pages write theirs in the language of the reader (`words.py`)."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any, Final

NOTHING: Final = "–"
_CENTS = 2
_UNITS: Final = ((1e9, " B"), (1e6, " M"), (1e3, " K"))
_PLACES: Final = ((10, 2), (100, 1))


def plain(value: Any, *, sign: bool = False) -> str:
    """A value as it is: numbers with thousands, without zeros after the cents; ``sign`` writes a plus."""
    if value is None:
        return NOTHING
    if isinstance(value, bool) or not isinstance(value, Decimal | int | float):
        return str(value)
    text = f"{value:{'+' if sign else ''},{'f' if isinstance(value, Decimal) else ''}}"
    return text.rstrip("0").rstrip(".") if len(text.partition(".")[2]) > _CENTS and "e" not in text else text


def cell(value: Any, kind: str) -> str:
    """A cell of a table: money with cents and thousands, shares as percent, nothing as a dash."""
    if value is None:
        return NOTHING
    if isinstance(value, bool):
        return "yes" if value else "no"
    if kind == "percent":
        return f"{value * 100:,.1f}%"
    if isinstance(value, Decimal | float):
        return f"{value:,.2f}"
    if isinstance(value, int):
        return f"{value:,}"
    return value.isoformat(sep=" ") if isinstance(value, datetime) else str(value)


def brief(value: Any, currency: str) -> str:
    """An amount with three significant digits: CNY 12.3 M."""
    if value is None:
        return NOTHING
    for limit, unit in _UNITS:
        if abs(float(value)) >= limit:
            scaled = float(value) / limit
            places = next((places for below, places in _PLACES if abs(scaled) < below), 0)
            return f"{currency} {scaled:,.{places}f}{unit}"
    return f"{currency} {float(value):,.0f}"


def percent(value: Any) -> str:
    """A fraction as percent with one decimal."""
    return NOTHING if value is None else f"{float(value) * 100:.1f} %"
