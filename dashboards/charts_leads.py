"""Figures of leads and customers."""

from __future__ import annotations

import html
from collections.abc import Callable, Sequence

from plotly import graph_objects as go

from dashboards import words
from dashboards.charts import _AXIS, _STANDOFF, _figure, _label, bars_height, colours, intervals

_TICKS = 4
_FEW_TICKS = 2


def funnel(names: Sequence[str], values: Sequence[float], shown: Sequence[str], *, mode: str | None) -> go.Figure:
    """Horizontal bars from zero, each step paler than the whole behind it, with its value below the name."""
    palette = colours(mode)
    figure = _figure(mode, max(300, 40 + 54 * len(names)))
    rows = list(range(len(names)))
    labels = [_label(name, text, two_lines=True) for name, text in zip(names, shown, strict=True)]
    for amounts, colour in (
        ([max([*values, 0.0])] * len(names), "rgba(128, 142, 164, 0.14)"),
        (values, palette.accent),
    ):
        figure.add_bar(
            orientation="h",
            x=list(amounts),
            y=rows,
            marker_color=colour,
            customdata=labels,
            hovertemplate="%{customdata}<extra></extra>",
        )
    figure.update_layout(barmode="overlay")
    figure.update_yaxes(tickvals=rows, ticktext=labels, autorange="reversed", **_STANDOFF)
    figure.update_xaxes(showticklabels=False, rangemode="tozero")
    return figure


def growth(
    places: Sequence[float],
    ticks: Sequence[tuple[float, str]],
    values: Sequence[float],
    ends: Sequence[tuple[float, float]],
    shown: Sequence[str],
    *,
    percent: Callable[[float], str],
    mode: str | None,
) -> go.Figure:
    """A rate that grows with time, with the band of its interval; the last value stands at its end."""
    palette = colours(mode)
    figure = _figure(mode, 300)
    figure.add_scatter(
        x=[*places, *reversed(places)],
        y=[*(high for _low, high in ends), *(low for low, _high in reversed(ends))],
        mode="lines",
        fill="toself",
        fillcolor="rgba(128, 142, 164, 0.28)",
        line={"width": 0},
        hoverinfo="skip",
    )
    figure.add_scatter(
        x=list(places),
        y=list(values),
        mode="lines+markers",
        line={"color": palette.accent, "width": 2.5},
        marker={"size": 7},
        customdata=[html.escape(text) for text in shown],
        hovertemplate="%{customdata}<extra></extra>",
    )
    top = max([high for _low, high in ends] + [0.01])
    step = _nice(top / _TICKS)
    marks = [step * place for place in range(int(top / step) + 2)]
    figure.update_yaxes(
        tickvals=marks,
        ticktext=[html.escape(percent(value)) for value in marks],
        range=[0, max(marks[-1], top)],
        showgrid=True,
        zeroline=True,
        zerolinecolor=_AXIS,
        zerolinewidth=1,
    )
    figure.update_xaxes(tickvals=[place for place, _text in ticks], ticktext=[text for _place, text in ticks])
    return figure


def _nice(step: float) -> float:
    power = 1.0
    while step < power:
        power /= 10
    return next((factor * power for factor in (1, 2, 2.5, 5) if factor * power >= step), 10 * power)


def rates(
    names: Sequence[str],
    values: Sequence[float],
    ends: Sequence[tuple[float, float]],
    shown: Sequence[str],
    *,
    mode: str | None,
) -> go.Figure:
    """Dots on the lines of their intervals, on an axis that ends where the last interval does."""
    figure = intervals(names, values, ends, shown, mode=mode)
    low = min([start for start, _end in ends] + [0.0])
    high = max([end for _start, end in ends] + [0.01])
    step = _nice((high - low) / _FEW_TICKS)
    marks = [step * place for place in range(int(low / step) - (low < 0), int(high / step) + 2)]
    figure.update_yaxes(ticktext=[_label(name, text, two_lines=True) for name, text in zip(names, shown, strict=True)])
    figure.update_xaxes(
        tickvals=marks,
        tickangle=0,
        ticktext=[html.escape(words.percent(mark, trim=True)) for mark in marks],
        range=[marks[0] - (high - low) * 0.03, max(high, marks[-1]) + (high - low) * 0.03],
        zeroline=True,
        zerolinecolor=_AXIS,
        zerolinewidth=1,
    )
    return figure


def tints(row: Sequence[float], largest: float, mode: str | None) -> list[str]:
    """Give the background of each cell of a heat table: four steps of the accent, heavier the larger."""
    red, green, blue = (106, 161, 255) if mode == "dark" else (47, 111, 222)
    return [
        f"background-color: rgba({red}, {green}, {blue}, {0.08 + 0.11 * min(3, int(4 * value / largest))})"
        if largest > 0 and value > 0
        else ""
        for value in row
    ]


def counts(
    names: Sequence[str], values: Sequence[float], shown: Sequence[str], late: Sequence[bool], *, mode: str | None
) -> go.Figure:
    """Horizontal bars from zero, red where late, each with its value beside the name."""
    palette = colours(mode)
    figure = _figure(mode, bars_height(len(names)))
    rows = list(range(len(names)))
    labels = [_label(name, text) for name, text in zip(names, shown, strict=True)]
    figure.add_bar(
        orientation="h",
        x=list(values),
        y=rows,
        marker_color=[palette.bad if is_late else palette.accent for is_late in late],
        customdata=labels,
        hovertemplate="%{customdata}<extra></extra>",
    )
    figure.update_yaxes(tickvals=rows, ticktext=labels, autorange="reversed", **_STANDOFF)
    figure.update_xaxes(showticklabels=False, zeroline=True, zerolinecolor=_AXIS, zerolinewidth=1, rangemode="tozero")
    return figure
