"""Which of the forecast's periods is shown first, and in which order they are offered."""

from __future__ import annotations

from datetime import date
from typing import Final

import pandas as pd

_KINDS: Final = ("quarter", "month", "year")


def arranged(periods: pd.DataFrame) -> list[str]:
    """Give the codes: quarters, then months, then years, each from the earliest on, then all and undated."""
    order = {kind: place for place, kind in enumerate(_KINDS)}
    kinds = periods["period_kind"].map(lambda kind: order.get(kind, len(order)))
    return [str(code) for code in periods.assign(place=kinds).sort_values("place", kind="stable")["period"]]


def current_quarter(periods: pd.DataFrame, on: date) -> str:
    """Give the quarter that holds a day, else the first code that is offered."""
    starts, ends = (pd.to_datetime(periods[name]).dt.date for name in ("period_starts_on", "period_ends_on"))
    held = periods[(periods["period_kind"] == "quarter") & (starts <= on) & (ends >= on)]
    return str(held["period"].iloc[0]) if len(held) else arranged(periods)[0]
