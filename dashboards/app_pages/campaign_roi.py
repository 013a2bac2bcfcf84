"""Campaign ROI: which activity earned its money, and which did not."""

from __future__ import annotations

import calendar
from datetime import date

import pandas as pd
import streamlit as st

from dashboards import charts, parts, queries, words
from dashboards.definitions import define
from dashboards.downloads import Column
from dashboards.labels import channel_name, model_name
from dashboards.parts import Page, Tile
from dashboards.words import _

WINDOWS = ("3", "6", "12", "24", "all")
OUTSIDE = ("unassigned", "unattributed")


def show() -> None:
    """Lay out the page."""
    page = parts.open_page(_("Campaign ROI"))
    models, months = queries.roi_models(), queries.roi_months()
    if not models or not months:
        parts.empty(_("No spend and no won deals yet"), ["spend", "campaigns", "leads", "touchpoints", "opportunities"])
        return
    with page.filters("roi", ["model", "months"]):
        default = "linear" if "linear" in models else models[0]
        model = parts.one_of(_("Attribution model"), models, "model", default, model_name, help=define("model"))
        window = parts.one_of(_("Months"), WINDOWS, "months", "12", window_name)
    since, until = span(months, page.run.as_of_date, window)
    channels = queries.roi_by_channel(model, since, until)
    if channels.empty:
        parts.nothing_found([f"{_('Months')}: {window_name(window)}"])
        return
    total = queries.roi_total(model, since, until).iloc[0]
    ranked = channels[channels["roi_booked"].notna() & ~channels["channel"].isin(OUTSIDE)].sort_values(
        "roi_booked", ascending=False
    )
    page.answer(sentence(page, ranked, total))
    figures(page, total, before(model, months, since, until))
    left, right = st.columns(2)
    with (
        left,
        parts.card(
            "channels", _("ROI by channel"), _("Return on booked revenue; below 0 the spend was not earned back.")
        ),
    ):
        by_channel(page, ranked)
    with (
        right,
        parts.card(
            "months",
            _("Spend and booked revenue by month"),
            months_caption(page),
        ),
    ):
        months_shown = queries.roi_by_month(model, since, complete(until, page.run.as_of_date))
        by_month(page, months_shown, height=charts.bars_height(len(ranked)))
    columns = [
        Column("channel", _("Channel"), width=190),
        Column("cost", _("Spend"), "money", define("cost")),
        Column("booked_amount", _("Booked revenue"), "money", define("booked")),
        Column("roi_booked", _("ROI"), "percent", define("roi")),
        Column("roas_booked", _("Return per unit spent"), "times", define("roas")),
        Column("leads", _("Leads"), "count"),
        Column("opportunities", _("Opportunities"), "number"),
        Column("wins", _("Won deals"), "number"),
        Column("cost_per_win", _("Cost per won deal"), "money", define("cost_per_win")),
    ]
    channels["channel"] = channels["channel"].map(channel_name)
    parts.table(
        page,
        "channel_roi",
        _("Channels"),
        channels,
        columns,
        caption=_("{span}, largest gain first. Amounts in {currency}.").format(
            span=span_name(since, until), currency=page.currency
        ),
        total={**parts.named(total), "channel": _("Total")},
    )


def window_name(code: str) -> str:
    """Give the label of a number of months."""
    return _("All") if code == "all" else _("Last {months}").format(months=code)


def span_name(since: date, until: date) -> str:
    """Give first and last month in words."""
    return _("{first} to {last}").format(first=words.month(since), last=words.month(until))


def complete(until: date, as_of: date) -> date:
    """Give the last month up to ``until`` that has ended by the as-of day."""
    last_day = calendar.monthrange(as_of.year, as_of.month)[1]
    ended = as_of.replace(day=1) if as_of.day == last_day else back(as_of.replace(day=1), 1)
    return min(until, ended)


def back(month: date, months: int) -> date:
    """Give the first of the month that many months earlier."""
    place = month.year * 12 + month.month - 1 - months
    return date(place // 12, place % 12 + 1, 1)


def span(months: list[date], as_of: date, window: str) -> tuple[date, date]:
    """Give the first and last month of a window of complete months; all months for ``all``."""
    if window == "all":
        return months[0], months[-1]
    until = complete(date.max, as_of)
    return back(until, int(window) - 1), until


def before(model: str, months: list[date], since: date, until: date) -> pd.Series | None:
    """Give the totals of the window before this one, if all of it has figures."""
    length = (until.year - since.year) * 12 + until.month - since.month + 1
    first = back(since, length)
    if first < months[0]:
        return None
    return queries.roi_total(model, first, back(since, 1)).iloc[0]


def sentence(page: Page, ranked: pd.DataFrame, total: pd.Series) -> str:
    """Answer the page's question from the figures."""
    unit = words.symbol(page.currency)
    whole = words.times(total["roas_booked"]).rstrip("×")
    if ranked.empty:
        if words.is_missing(total["roas_booked"]):
            return _(
                "No spend in these months, so nothing can be said about returns; won deals brought {booked}."
            ).format(booked=page.money(total["booked_amount"]))
        return _("No spend names a channel; all of it together returned {unit}{whole} per {unit}1 spent.").format(
            unit=unit, whole=whole
        )
    best, worst = ranked.iloc[0], ranked.iloc[-1]
    values = {
        "unit": unit,
        "best": channel_name(best["channel"]),
        "most": words.times(best["roas_booked"]).rstrip("×"),
        "worst": channel_name(worst["channel"]),
        "least": words.times(worst["roas_booked"]).rstrip("×"),
        "whole": whole,
    }
    if len(ranked) == 1:
        return _("{best} returned {unit}{most} per {unit}1 spent; everything together {unit}{whole}.").format(**values)
    return _(
        "{best} returned {unit}{most} per {unit}1 spent, {worst} {unit}{least}; everything together {unit}{whole}."
    ).format(**values)


def figures(page: Page, total: pd.Series, earlier: pd.Series | None) -> None:
    """Show the tiles, each beside the window before."""
    remark = _("vs before") if earlier is not None else None

    def relative(name: str) -> str | None:
        if earlier is None or words.is_missing(total[name]) or words.is_missing(earlier[name]) or not earlier[name]:
            return None
        return words.percent((total[name] - earlier[name]) / abs(earlier[name]), signed=True)

    unit = words.symbol(page.currency)
    parts.tiles(
        [
            Tile(_("Spend"), page.money(total["cost"]), remark, define("cost"), relative("cost")),
            Tile(
                _("Booked revenue"),
                page.money(total["booked_amount"]),
                remark,
                define("booked"),
                relative("booked_amount"),
                is_rise_good=True,
            ),
            Tile(
                _("Return per {unit}1").format(unit=unit),
                words.times(total["roas_booked"]),
                remark,
                define("roas"),
                relative("roas_booked"),
                is_rise_good=True,
            ),
            Tile(
                _("Cost per won deal"),
                page.money(total["cost_per_win"]),
                remark,
                define("cost_per_win"),
                relative("cost_per_win"),
                is_rise_good=False,
            ),
        ]
    )


def by_channel(page: Page, ranked: pd.DataFrame) -> None:
    """Draw the return of each channel."""
    if ranked.empty:
        st.caption(_("No channel has spend in these months."))
        return
    names = [channel_name(name) for name in ranked["channel"]]
    shown = [words.percent(value, signed=True) for value in ranked["roi_booked"]]
    parts.chart(
        charts.bars(names, list(ranked["roi_booked"]), shown, mode=page.mode, bad_below=0),
        "roi",
        _("ROI by channel: {values}").format(
            values=", ".join(f"{name} {text}" for name, text in zip(names, shown, strict=True))
        ),
    )


def months_caption(page: Page) -> str:
    """Say how to read the picture of the months."""
    return _("Complete months only. Amounts in {currency}.").format(currency=page.currency)


def by_month(page: Page, months: pd.DataFrame, *, height: int) -> None:
    """Draw spend and booked revenue over time."""
    if months.empty:
        st.caption(_("No complete month yet."))
        return
    palette = charts.colours(page.mode)
    booked, cost = (list(months[name].astype(float)) for name in ("booked_amount", "cost"))
    parts.chart(
        charts.lines(
            [pd.Timestamp(value).date() for value in months["month"]],
            [charts.Line(_("Booked revenue"), booked, palette.accent), charts.Line(_("Spend"), cost, palette.neutral)],
            money=page.money,
            axis_money=page.axis_money,
            mode=page.mode,
            height=height,
        ),
        "roi_months",
        _("Booked revenue {booked} against spend {cost} in the last month").format(
            booked=page.money(booked[-1]), cost=page.money(cost[-1])
        ),
    )


if __name__ == "__main__":
    show()
