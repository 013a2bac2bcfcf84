"""Figures. Each function takes ready numbers and words and gives a plotly figure.

Colours of shapes come with the mode; text takes the page's own colour through ``style.css``, so it stays legible when
the mode is switched while a page is open.
"""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

import plotly.graph_objects as go
import plotly.io as pio

from dashboards import words

FONT: Final = "'Source Sans', 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', sans-serif"
_GRID: Final = "rgba(128, 142, 164, 0.22)"
_AXIS: Final = "rgba(128, 142, 164, 0.75)"
_STANDOFF: Final[dict[str, Any]] = {"ticks": "outside", "ticklen": 7, "tickcolor": "rgba(0,0,0,0)"}
_FEW: Final = 4
_BAR: Final = 0.65
_EDGE: Final = 0.06
_LINE_HEIGHT: Final = 17
_FIRST_WIDE_LETTER: Final = 0x2E80


@dataclass(frozen=True)
class Colours:
    """Colours of one mode.

    An accent, its soft form for areas and its second for lines; neutral for context, bad for what needs action; the
    aging scale; and the steps of the heat table.
    """

    accent: str
    soft: str
    second: str
    neutral: str
    bad: str
    ages: tuple[str, ...]
    heat: tuple[str, ...]


LIGHT: Final = Colours(
    accent="#2F6FDE",
    soft="#A9C5F5",
    second="#86ADF0",
    neutral="#9AA5B5",
    bad="#D0594A",
    ages=("#F8CDBD", "#F0A287", "#E17A61", "#C95445", "#A33A33", "#742824"),
    heat=tuple(f"rgba(208, 89, 74, {share})" for share in (0.12, 0.26, 0.42, 0.58)),
)
DARK: Final = Colours(
    accent="#6AA1FF",
    soft="#2F4F86",
    second="#4F7FD0",
    neutral="#7C889B",
    bad="#F0766A",
    ages=("#4A2A2B", "#713534", "#97433D", "#BD5348", "#E26A5B", "#FF9A8A"),
    heat=tuple(f"rgba(240, 118, 106, {share})" for share in (0.12, 0.24, 0.36, 0.48)),
)


@dataclass(frozen=True)
class Line:
    """One line of a chart over time; only the first of a chart should have the accent."""

    name: str
    values: Sequence[float | None]
    colour: str
    dash: str = "solid"


def colours(mode: str | None) -> Colours:
    """Give the colours of a mode, ``dark`` or any other."""
    return DARK if mode == "dark" else LIGHT


def _template(mode: str | None) -> str:
    name = "wanamaker_dark" if mode == "dark" else "wanamaker_light"
    if name not in pio.templates:
        axis = {
            "showgrid": False,
            "zeroline": False,
            "fixedrange": True,
            "automargin": True,
            "ticks": "",
            "tickfont": {"size": 12.5},
        }
        pio.templates[name] = go.layout.Template(
            layout={
                "font": {"family": FONT, "size": 13},
                "paper_bgcolor": "rgba(0,0,0,0)",
                "plot_bgcolor": "rgba(0,0,0,0)",
                "margin": {"l": 4, "r": 4, "t": 14, "b": 4},
                "xaxis": axis,
                "yaxis": {**axis, "gridcolor": _GRID},
                "showlegend": False,
                "bargap": 0.35,
                "barcornerradius": 3,
                "dragmode": False,
                "hovermode": "closest",
                "hoverlabel": {
                    "bgcolor": "#16202E",
                    "bordercolor": "#16202E",
                    "font": {"family": FONT, "size": 13, "color": "#FFFFFF"},
                    "align": "left",
                },
                "legend": {"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom", "traceorder": "normal"},
            }
        )
    return name


def _figure(mode: str | None, height: int) -> go.Figure:
    return go.Figure(layout={"template": _template(mode), "height": height})


def _label(name: str, value: str, *, two_lines: bool = False) -> str:
    gap = "<br>" if two_lines else "   "
    return f"{html.escape(name)}{gap}<b>{html.escape(value)}</b>"


def bars_height(rows: int) -> int:
    """Give the height of a chart with so many bars."""
    return max(300, 30 + 34 * rows)


def bars(
    names: Sequence[str],
    values: Sequence[float],
    shown: Sequence[str],
    *,
    mode: str | None,
    bad_below: float | None = None,
    bad_above: float | None = None,
    two_lines: bool = False,
) -> go.Figure:
    """Horizontal bars from zero, each with its value beside or below the name; red where beyond what is good."""
    palette = colours(mode)
    figure = _figure(mode, bars_height(len(names)))
    bad = [
        (bad_below is not None and value < bad_below) or (bad_above is not None and value > bad_above)
        for value in values
    ]
    figure.add_bar(
        orientation="h",
        x=list(values),
        y=list(range(len(names))),
        width=_BAR if len(names) > 1 else _BAR / 2,
        marker_color=[palette.bad if is_bad else palette.accent for is_bad in bad],
        customdata=[_label(name, text) for name, text in zip(names, shown, strict=True)],
        hovertemplate="%{customdata}<extra></extra>",
    )
    figure.update_yaxes(
        tickvals=list(range(len(names))),
        ticktext=[_label(name, text, two_lines=two_lines) for name, text in zip(names, shown, strict=True)],
        autorange="reversed",
        **_STANDOFF,
    )
    figure.update_xaxes(showticklabels=False, zeroline=True, zerolinecolor=_AXIS, zerolinewidth=1, rangemode="tozero")
    return figure


def spreads(
    names: Sequence[str],
    values: Sequence[Sequence[float]],
    marked: Sequence[float],
    shown: Sequence[str],
    spoken: Sequence[Sequence[str]],
    *,
    legend: tuple[str, str],
    percent: Callable[[float], str],
    mode: str | None,
) -> go.Figure:
    """For each name a line from its least to its largest value, grey dots on it and an accent one for ``marked``."""
    palette = colours(mode)
    figure = _figure(mode, max(300, 70 + 44 * len(names)))
    rows = list(range(len(names)))
    ends = [(min(found), max(found)) for found in values]
    figure.add_scatter(
        x=[end for low, high in ends for end in (low, high, None)],
        y=[place for row in rows for place in (row, row, None)],
        mode="lines",
        line={"color": palette.soft, "width": 5},
        hoverinfo="skip",
        showlegend=False,
    )
    for legend_name, points, colour, size in (
        (
            legend[1],
            [(row, value, text) for row in rows for value, text in zip(values[row], spoken[row], strict=True)],
            palette.neutral,
            8,
        ),
        (
            legend[0],
            [(row, value, name) for row, value, name in zip(rows, marked, names, strict=True)],
            palette.accent,
            13,
        ),
    ):
        figure.add_scatter(
            x=[value for _row, value, _text in points],
            y=[row for row, _value, _text in points],
            mode="markers",
            name=legend_name,
            marker={"color": colour, "size": size},
            customdata=[_label(text, percent(value)) for _row, value, text in points],
            hovertemplate="%{customdata}<extra></extra>",
        )
    figure.update_layout(showlegend=True, legend={"y": -0.02, "yanchor": "top"})
    figure.update_yaxes(
        tickvals=rows,
        ticktext=[_label(name, text, two_lines=True) for name, text in zip(names, shown, strict=True)],
        range=[len(names) - 0.5, -0.5],
        showgrid=False,
        **_STANDOFF,
    )
    figure.update_xaxes(showticklabels=False, zeroline=True, zerolinecolor=_AXIS, zerolinewidth=1, rangemode="tozero")
    return figure


def bullets(
    names: Sequence[str],
    parts: Sequence[tuple[float, float, float | None]],
    shown: Sequence[str],
    *,
    legend: tuple[str, str, str],
    mode: str | None,
) -> go.Figure:
    """For each name what is spent, behind it what is expected, and a line at the plan; red where beyond the plan."""
    palette = colours(mode)
    figure = _figure(mode, 60 + 44 * max(len(names), 3))
    rows = list(range(len(names)))
    labels = [_label(name, text, two_lines=True) for name, text in zip(names, shown, strict=True)]
    hover = [_label(name, text) for name, text in zip(names, shown, strict=True)]
    over = [plan is not None and forecast > plan for _spent, forecast, plan in parts]
    for name, values, colour, width in (
        (legend[1], [forecast for _spent, forecast, _plan in parts], palette.soft, 0.62),
        (
            legend[0],
            [spent for spent, _forecast, _plan in parts],
            [palette.bad if is_over else palette.accent for is_over in over],
            0.3,
        ),
    ):
        figure.add_bar(
            orientation="h",
            name=name,
            x=values,
            y=rows,
            width=width,
            marker_color=colour,
            customdata=hover,
            hovertemplate="%{customdata}<extra></extra>",
        )
    figure.add_scatter(
        x=[plan for _spent, _forecast, plan in parts],
        y=rows,
        mode="markers",
        name=legend[2],
        marker={"symbol": "line-ns", "size": 24, "line": {"width": 2.5, "color": palette.neutral}},
        customdata=hover,
        hovertemplate="%{customdata}<extra></extra>",
    )
    figure.update_layout(barmode="overlay", showlegend=True, legend={"y": -0.02, "yanchor": "top"})
    figure.update_yaxes(tickvals=rows, ticktext=labels, range=[len(names) - 0.5, -0.5], showgrid=False, **_STANDOFF)
    figure.update_xaxes(showticklabels=False, zeroline=True, zerolinecolor=_AXIS, zerolinewidth=1, rangemode="tozero")
    return figure


def intervals(
    names: Sequence[str],
    values: Sequence[float],
    ends: Sequence[tuple[float, float]],
    shown: Sequence[str],
    *,
    mode: str | None,
) -> go.Figure:
    """Dots between 0 and 1, each on the line of its interval, with its value beside the name."""
    palette = colours(mode)
    figure = _figure(mode, bars_height(len(names)))
    labels = [_label(name, text) for name, text in zip(names, shown, strict=True)]
    figure.add_scatter(
        x=list(values),
        y=list(range(len(names))),
        mode="markers",
        marker={"color": palette.accent, "size": 9},
        error_x={
            "type": "data",
            "symmetric": False,
            "array": [high - value for value, (_low, high) in zip(values, ends, strict=True)],
            "arrayminus": [value - low for value, (low, _high) in zip(values, ends, strict=True)],
            "color": palette.neutral,
            "thickness": 2,
            "width": 0,
        },
        customdata=labels,
        hovertemplate="%{customdata}<extra></extra>",
    )
    figure.update_yaxes(
        tickvals=list(range(len(names))),
        ticktext=labels,
        autorange="reversed",
        **_STANDOFF,
    )
    figure.update_xaxes(tickvals=[0, 0.5, 1], ticktext=["0%", "50%", "100%"], range=[-0.02, 1.05], zeroline=True)
    figure.update_layout(margin={"r": 24})
    return figure


def waterfall(
    names: Sequence[str],
    values: Sequence[float],
    shown: Sequence[str],
    codes: Sequence[str],
    *,
    ends: Sequence[bool],
    mode: str | None,
) -> go.Figure:
    """Horizontal bars that run on from each other, whole ones at both ends; each bar carries its code for a click."""
    palette = colours(mode)
    figure = _figure(mode, bars_height(len(names)))
    starts, level = [], 0.0
    for value, is_end in zip(values, ends, strict=True):
        starts.append(0.0 if is_end else level)
        level = value if is_end else level + value
    figure.add_bar(
        orientation="h",
        base=starts,
        x=list(values),
        y=list(range(len(names))),
        marker_color=[
            palette.neutral if is_end else palette.accent if value >= 0 else palette.second
            for value, is_end in zip(values, ends, strict=True)
        ],
        customdata=[[code, _label(name, text)] for code, name, text in zip(codes, names, shown, strict=True)],
        hovertemplate="%{customdata[1]}<extra></extra>",
    )
    figure.update_yaxes(
        tickvals=list(range(len(names))),
        ticktext=[_label(name, text) for name, text in zip(names, shown, strict=True)],
        autorange="reversed",
        **_STANDOFF,
    )
    figure.update_xaxes(showticklabels=False, zeroline=True, zerolinecolor=_AXIS, zerolinewidth=1, rangemode="tozero")
    figure.update_layout(clickmode="event+select")
    return figure


def layers(
    names: Sequence[str],
    won: float,
    totals: Sequence[float],
    shown: Sequence[str],
    *,
    quota: float | None,
    quota_shown: str,
    legend: tuple[str, str],
    mode: str | None,
) -> go.Figure:
    """Horizontal bars of what is won and what each way of counting adds to it, against a line at the quota."""
    palette = colours(mode)
    figure = _figure(mode, 300)
    rows = list(range(len(names)))
    labels = [_label(name, text, two_lines=True) for name, text in zip(names, shown, strict=True)]
    hover = [_label(name, text) for name, text in zip(names, shown, strict=True)]
    parts = (
        (legend[0], [min(won, total) for total in totals], palette.accent),
        (legend[1], [max(0.0, total - won) for total in totals], palette.soft),
    )
    for name, values, colour in parts:
        figure.add_bar(
            orientation="h",
            name=name,
            x=values,
            y=rows,
            marker_color=colour,
            customdata=hover,
            hovertemplate="%{customdata}<extra></extra>",
        )
    figure.update_layout(barmode="stack", showlegend=True, legend={"y": -0.04, "yanchor": "top"}, margin={"t": 30})
    figure.update_yaxes(tickvals=rows, ticktext=labels, autorange="reversed", **_STANDOFF)
    end = max([*totals, quota or 0.0, 0.0]) * 1.08 or 1.0
    figure.update_xaxes(showticklabels=False, range=[0, end])
    if quota:
        figure.add_shape(
            type="line",
            x0=quota,
            x1=quota,
            y0=0,
            y1=1,
            yref="paper",
            line={"color": palette.neutral, "width": 2, "dash": "dot"},
        )
        figure.add_annotation(
            x=quota,
            y=1,
            yref="paper",
            yanchor="bottom",
            xanchor="right" if quota > end * 0.5 else "left",
            text=html.escape(quota_shown),
            showarrow=False,
        )
    return figure


def lines(
    days: Sequence[date],
    series: Sequence[Line],
    *,
    money: Callable[[float], str],
    axis_money: Callable[[float], str],
    mode: str | None,
    monthly: bool = True,
    height: int = 300,
) -> go.Figure:
    """Lines over time from zero, at most four, each with name and value at its end."""
    figure = _figure(mode, height)
    known = [value for line in series for value in line.values if value is not None]
    top, bottom = max([*known, 0.0]), min([*known, 0.0])
    shown_days = [words.month(day) if monthly else words.day(day) for day in days]
    for line in series:
        figure.add_scatter(
            x=list(days),
            y=list(line.values),
            mode="lines" if len(days) > 1 else "markers",
            name=line.name,
            line={"color": line.colour, "width": 2.5, "dash": line.dash},
            customdata=[
                [when, html.escape(line.name), html.escape(money(value)) if value is not None else words.NOTHING]
                for when, value in zip(shown_days, line.values, strict=True)
            ],
            hovertemplate="%{customdata[0]}<br>%{customdata[1]} <b>%{customdata[2]}</b><extra></extra>",
        )
    _value_axis(figure, bottom, top, words.tick_step(max(top - bottom, 1.0)), axis_money)
    _day_axis(figure, days, monthly=monthly)
    _name_ends(figure, series, money, height)
    return figure


def _name_ends(figure: go.Figure, series: Sequence[Line], money: Callable[[float], str], height: int) -> None:
    """Write name and value of each line to the right of its end, apart from each other."""
    ends = sorted(((value, line) for line in series if (value := _last(line)) is not None), key=lambda end: end[0])
    low, high = figure.layout.yaxis.range
    inner, gap = height - 40, 2.1 * _LINE_HEIGHT
    places: list[float] = []
    for value, _line in ends:
        wanted = (value - low) / (high - low) * inner
        places.append(max(wanted, places[-1] + gap if places else gap / 2))
    excess = max(0.0, places[-1] + gap / 2 - inner) if places else 0.0
    notes = [
        {
            "text": f"<span style='color:{line.colour}'>●</span> {_label(line.name, money(value), two_lines=True)}",
            "x": 1,
            "xref": "paper",
            "xanchor": "left",
            "xshift": 4,
            "y": (place - excess) / inner,
            "yref": "paper",
            "yanchor": "middle",
            "align": "left",
            "showarrow": False,
        }
        for place, (value, line) in zip(places, ends, strict=True)
    ]
    widest = max((_width(line.name) for _value, line in ends), default=0.0)
    figure.update_layout(annotations=notes, margin={"r": 26 + widest})


def _last(line: Line) -> float | None:
    return line.values[-1] if line.values else None


def _width(text: str) -> float:
    return sum(13.0 if ord(letter) > _FIRST_WIDE_LETTER else 7.0 for letter in text)


def stacked(
    days: Sequence[date],
    parts: Mapping[str, Sequence[float]],
    part_colours: Mapping[str, str],
    *,
    money: Callable[[float], str],
    axis_money: Callable[[float], str],
    mode: str | None,
) -> go.Figure:
    """Stacked columns over time; amounts below zero go below the axis.

    No month is written so near the left edge that it would stand on the axis' zero.
    """
    figure = columns([words.day(day) for day in days], parts, part_colours, said=money, axis=axis_money, mode=mode)
    every = max(1, round(len(days) / 6))
    places = [place for place in range(len(days))[::-1][::every][::-1] if (place + 0.5) / len(days) > _EDGE]
    figure.update_xaxes(tickvals=places, ticktext=[_month_tick(days[place]) for place in places])
    return figure


def columns(
    names: Sequence[str],
    parts: Mapping[str, Sequence[float]],
    part_colours: Mapping[str, str],
    *,
    said: Callable[[float], str],
    axis: Callable[[float], str],
    mode: str | None,
    shown: Sequence[str] | None = None,
) -> go.Figure:
    """Stacked columns by name, ``shown`` otherwise below them where given; values below zero go below the axis."""
    figure = _figure(mode, 320)
    positions = list(range(len(names)))
    for name, values in parts.items():
        figure.add_bar(
            x=positions,
            y=list(values),
            name=name,
            marker_color=part_colours[name],
            marker_cornerradius=0,
            customdata=[
                [html.escape(of), html.escape(name), html.escape(said(value))]
                for of, value in zip(names, values, strict=True)
            ],
            hovertemplate="%{customdata[0]}<br>%{customdata[1]} <b>%{customdata[2]}</b><extra></extra>",
        )
    sums = list(zip(*parts.values(), strict=True))
    top = max([sum(value for value in column if value > 0) for column in sums] + [0.0])
    bottom = min([sum(value for value in column if value < 0) for column in sums] + [0.0])
    figure.update_layout(barmode="relative", bargap=0.25, showlegend=len(parts) > 1)
    _value_axis(figure, bottom, top, words.tick_step(max(top - bottom, 1.0)), axis)
    figure.update_xaxes(tickvals=positions, ticktext=list(shown or names), tickangle=0)
    return figure


def _value_axis(figure: go.Figure, bottom: float, top: float, step: float, money: Callable[[float], str]) -> None:
    first = -(-abs(bottom) // step) if bottom < 0 else 0
    ticks = [step * place for place in range(-int(first), int(top * 1.001 // step) + 1)]
    figure.update_yaxes(
        tickvals=ticks,
        ticktext=[html.escape(money(value)) for value in ticks],
        range=[min(bottom * 1.05, 0.0), top * 1.04 or 1.0],
        showgrid=True,
        zeroline=True,
        zerolinecolor=_AXIS,
        zerolinewidth=1,
    )


def _month_tick(day: date) -> str:
    """Give month and year below each other, so that they stand side by side on a phone too."""
    return words.month(day).replace(" ", "<br>").replace("年", "年<br>")


def _day_axis(figure: go.Figure, days: Sequence[date], *, monthly: bool) -> None:
    if not days:
        return
    every = max(1, -(-len(days) // _FEW))
    picked = list(days)[::-1][::every][::-1]
    edge = max((days[-1] - days[0]) * 0.03, timedelta(days=1))
    figure.update_xaxes(
        tickvals=picked,
        ticktext=[_month_tick(day) if monthly else words.day_of_year(day) for day in picked],
        range=[days[0] - edge, days[-1] + edge],
        tickangle=0,
    )


def age_colours(late: Sequence[bool], mode: str | None) -> list[str]:
    """Give the colour of each bucket, youngest first: grey for what is not late, one hue by age for what is."""
    palette = colours(mode)
    aged = sum(late)
    found, place = [], 0
    for is_late in late:
        if is_late:
            found.append(palette.ages[round(place * (len(palette.ages) - 1) / max(aged - 1, 1))])
            place += 1
        else:
            found.append(palette.neutral)
    return found


def age_weights(late: Sequence[bool]) -> list[float]:
    """Give how heavy each bucket weighs in the heat table: 0 for what is not late, up to 1 for the oldest."""
    aged, place, found = sum(late), 0, []
    for is_late in late:
        place += is_late
        found.append(0.15 + 0.85 * place / aged if is_late else 0.0)
    return found


def heat_styles(row: Sequence[float], weights: Sequence[float], largest: float, mode: str | None) -> list[str]:
    """Give the background of each cell of a row: four steps on a square-root scale, heavier the later a bucket is."""
    palette = colours(mode)
    styles = []
    for value, weight in zip(row, weights, strict=True):
        share = value * weight / largest if largest > 0 else 0.0
        styles.append(f"background-color: {palette.heat[min(3, int(4 * share**0.5))]}" if share > 0 else "")
    return styles


CONFIG: Final[dict[str, Any]] = {"displayModeBar": False, "scrollZoom": False, "doubleClick": False}
