"""Figures of collections and credit."""

from __future__ import annotations

import html
from collections.abc import Callable, Sequence

from plotly import graph_objects as go

from dashboards import words
from dashboards.charts import _figure, _value_axis, colours


def ranges(
    names: Sequence[str],
    values: Sequence[float],
    lows: Sequence[float],
    highs: Sequence[float],
    others: Sequence[float],
    shown: Sequence[str],
    *,
    legend: tuple[str, str, str],
    axis_money: Callable[[float], str],
    mode: str | None,
) -> go.Figure:
    """Columns over time with a range each, and a mark where another way of counting puts them."""
    palette = colours(mode)
    figure = _figure(mode, 320)
    places = list(range(len(names)))
    hover = [html.escape(text).replace("\n", "<br>") for text in shown]
    figure.add_bar(
        x=places,
        y=list(values),
        name=legend[0],
        marker_color=palette.accent,
        customdata=hover,
        hovertemplate="%{customdata}<extra></extra>",
    )
    figure.add_scatter(
        x=places,
        y=[(low + high) / 2 for low, high in zip(lows, highs, strict=True)],
        name=legend[1],
        mode="markers",
        marker={"symbol": "line-ns", "size": 12, "line": {"width": 2, "color": palette.neutral}},
        error_y={
            "type": "data",
            "array": [(high - low) / 2 for low, high in zip(lows, highs, strict=True)],
            "color": palette.neutral,
            "thickness": 2,
            "width": 5,
        },
        hoverinfo="skip",
    )
    figure.add_scatter(
        x=places,
        y=list(others),
        name=legend[2],
        mode="markers",
        marker={"symbol": "line-ew", "size": 18, "line": {"width": 2.5, "color": palette.bad}},
        hoverinfo="skip",
    )
    top = max([*highs, *others, *values, 0.0])
    _value_axis(figure, 0.0, top, words.tick_step(max(top, 1.0)), axis_money)
    figure.update_xaxes(tickvals=places[::3], ticktext=[html.escape(name) for name in names][::3])
    figure.update_layout(showlegend=True)
    return figure
