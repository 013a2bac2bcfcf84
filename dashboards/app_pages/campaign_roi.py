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
from dashboards.queries import marketing
from dashboards.words import _

WINDOWS = ("3", "6", "12", "24", "all")
OUTSIDE = ("unassigned", "unattributed")
BASES = ("period", "cohort")
DEPTHS = ("booked", "invoiced", "collected")
KEYS = ("model", "basis", "depth", "months")


def show() -> None:
    """Lay out the page."""
    page = parts.open_page(_("Campaign ROI"))
    models, months = queries.roi_models(), queries.roi_months()
    if not models or not months:
        parts.empty(_("No spend and no won deals yet"), ["spend", "campaigns", "leads", "touchpoints", "opportunities"])
        return
    with page.filters("roi", KEYS):
        default = "linear" if "linear" in models else models[0]
        model = parts.one_of(_("Attribution model"), models, "model", default, model_name, help=define("model"))
        basis = parts.one_of(_("Compare by"), BASES, "basis", "period", basis_name, help=define("basis_roi"))
        depth = parts.one_of(_("Return in"), DEPTHS, "depth", "booked", depth_word, help=define("depth"))
        window = parts.one_of(_("Months"), WINDOWS, "months", "12", window_name)
    since, until = span(months, page.run.as_of_date, window)
    looked_at = marketing.Span(model, basis, since, until)
    channels = queries.roi_by_channel(model, since, until, basis)
    if channels.empty:
        parts.nothing_found([f"{_('Months')}: {window_name(window)}"])
        return
    total = queries.roi_total(model, since, until, basis).iloc[0]
    ranked = channels[channels[f"roi_{depth}"].notna() & ~channels["channel"].isin(OUTSIDE)].sort_values(
        f"roi_{depth}", ascending=False
    )
    page.answer(sentence(page, ranked, total, depth))
    figures(page, total, before(looked_at, months), depth)
    left, right = st.columns(2)
    with left, parts.card("channels", _("ROI by channel"), channels_caption(depth)):
        by_channel(page, ranked, depth)
    with right, parts.card("months", months_title(depth), months_caption(page, basis)):
        months_shown = queries.roi_by_month(model, since, complete(until, page.run.as_of_date), basis)
        by_month(page, months_shown, depth, height=charts.bars_height(len(ranked)))
    channel = listed(page, looked_at, channels, total)
    campaign = listed_campaigns(page, looked_at, channel) if channel else None
    if channel and campaign:
        behind(page, looked_at, channel, campaign, depth)


def listed(page: Page, looked_at: marketing.Span, channels: pd.DataFrame, total: pd.Series) -> str | None:
    """List the channels; give the one that was picked."""
    codes = list(channels["channel"].astype(str))
    mature = [Column("is_mature", _("Mature"), "flag", define("mature"))] if looked_at.basis == "cohort" else []
    picked = parts.table(
        page,
        "channel_roi",
        _("Channels"),
        channels.assign(channel=[channel_name(code) for code in codes]),
        [Column("channel", _("Channel"), width=190), *measures(), *mature],
        caption=_("{span}, largest gain first. Pick a row to see its campaigns. Amounts in {currency}.").format(
            span=span_name(looked_at.since, looked_at.until), currency=page.currency
        ),
        total={**parts.named(total), "channel": _("Total")},
        selectable=True,
    )
    return codes[picked[0]] if picked and 0 <= picked[0] < len(codes) else None


def measures() -> list[Column]:
    """Give the columns that channels and campaigns share."""
    return [
        Column("cost", _("Spend"), "money", define("cost"), leads=1),
        Column("booked_amount", _("Booked revenue"), "money", define("booked")),
        Column("invoiced_amount", _("Invoiced"), "money", define("invoiced")),
        Column("collected_amount", _("Cash collected"), "money", define("collected")),
        Column("gross_margin_amount", _("Gross margin"), "money", define("gross_margin")),
        Column("roi_booked", _("ROI"), "percent", define("roi"), leads=1),
        Column("roi_collected", _("ROI in cash"), "percent", define("roi_cash")),
        Column("roas_booked", _("Return per unit spent"), "times", define("roas")),
        Column("leads", _("Leads"), "count"),
        Column("opportunities", _("Opportunities"), "number"),
        Column("wins", _("Won deals"), "number"),
        Column("cost_per_win", _("Cost per won deal"), "money", define("cost_per_win")),
    ]


def listed_campaigns(page: Page, looked_at: marketing.Span, channel: str) -> str | None:
    """List the campaigns of a channel; give the one that was picked."""
    rows = marketing.campaigns(looked_at, channel)
    codes = list(rows["campaign_id"].astype(str))
    picked = parts.table(
        page,
        "campaigns",
        _("Campaigns of {channel}").format(channel=channel_name(channel)),
        rows.assign(campaign_name=[campaign_name(name) for name in rows["campaign_name"]]),
        [
            Column("campaign_name", _("Campaign"), width=230),
            *measures(),
            Column("budget", _("Budget"), "money", define("budget")),
            Column("payback_on", _("Paid back on"), "date", define("payback")),
        ],
        caption=_("{span}, largest gain first. Pick a row to see its deals and costs.").format(
            span=span_name(looked_at.since, looked_at.until)
        ),
        selectable=True,
    )
    return codes[picked[0]] if picked and 0 <= picked[0] < len(codes) else None


def campaign_name(name: str) -> str:
    """Give a campaign's name; what names no campaign in words."""
    known = {
        "unassigned": _("Spend without a campaign"),
        "unattributed": _("Revenue without a touch"),
        "(none)": _("No campaign named"),
    }
    return known.get(name) or name


def behind(page: Page, looked_at: marketing.Span, channel: str, campaign: str, depth: str) -> None:
    """List the deals and the cost lines behind a campaign, down to file and record."""
    found = marketing.campaign_deals(looked_at, channel, campaign, depth)
    deals = found.frame
    deals["opportunity_name"] = deals["opportunity_name"].fillna(_("No deal"))
    file = Column("file", _("File"))
    record = Column("row_number", _("Record"), "count")
    parts.table(
        page,
        "campaign_deals",
        _("Deals behind it: {depth}").format(depth=depth_name(depth)),
        deals,
        [
            Column("opportunity_name", _("Deal"), width=220),
            Column("account_name", _("Customer")),
            Column("owner_name", _("Owner")),
            Column("moved_on", _("Last moved"), "date"),
            Column("amount", _("Credited amount"), "money"),
            Column("opportunity_id", _("Id"), "id"),
            file,
            record,
        ],
        caption=_("Their credited amounts add up to the figure above to the cent."),
        row_total=found.total,
        everything=lambda: marketing.campaign_deals(looked_at, channel, campaign, depth, None).frame,
    )
    costs = marketing.campaign_costs(looked_at, channel, campaign)
    parts.table(
        page,
        "campaign_costs",
        _("Cost lines"),
        costs.frame,
        [
            Column("spent_on", _("Day"), "date"),
            Column("kind", _("Kind")),
            Column("cost", _("Spend"), "money", define("cost")),
            Column("document_cost", _("As exported"), "money"),
            Column("currency", _("Currency")),
            file,
            record,
        ],
        caption=_("Newest first."),
        row_total=costs.total,
        everything=lambda: marketing.campaign_costs(looked_at, channel, campaign, None).frame,
    )


def basis_name(code: str) -> str:
    """Give the name of a basis."""
    return {"period": _("Month"), "cohort": _("Cohort")}[code]


def depth_name(code: str) -> str:
    """Give the name of a depth of revenue."""
    return {"booked": _("Booked revenue"), "invoiced": _("Invoiced"), "collected": _("Cash collected")}[code]


def depth_word(code: str) -> str:
    """Give a depth of revenue in one word."""
    return {"booked": _("Booked"), "invoiced": _("Invoiced"), "collected": _("Cash")}[code]


def channels_caption(depth: str) -> str:
    """Say how to read the picture of the channels."""
    return {
        "booked": _("Return on booked revenue; below 0 the spend was not earned back."),
        "invoiced": _("Return on what was invoiced; below 0 the spend was not earned back."),
        "collected": _("Return on cash collected; below 0 the spend was not earned back."),
    }[depth]


def months_title(depth: str) -> str:
    """Give the title of the picture of the months."""
    return {
        "booked": _("Spend and booked revenue by month"),
        "invoiced": _("Spend and invoices by month"),
        "collected": _("Spend and cash collected by month"),
    }[depth]


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


def before(looked_at: marketing.Span, months: list[date]) -> pd.Series | None:
    """Give the totals of the window before this one, if all of it has figures."""
    since, until = looked_at.since, looked_at.until
    length = (until.year - since.year) * 12 + until.month - since.month + 1
    first = back(since, length)
    if first < months[0]:
        return None
    return queries.roi_total(looked_at.model, first, back(since, 1), looked_at.basis).iloc[0]


def sentence(page: Page, ranked: pd.DataFrame, total: pd.Series, depth: str) -> str:
    """Answer the page's question from the figures."""
    unit = words.symbol(page.currency)
    roas = f"roas_{depth}"
    whole = words.times(total[roas]).rstrip("×")
    if ranked.empty:
        if words.is_missing(total[roas]):
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
        "most": words.times(best[roas]).rstrip("×"),
        "worst": channel_name(worst["channel"]),
        "least": words.times(worst[roas]).rstrip("×"),
        "whole": whole,
    }
    if len(ranked) == 1:
        said = _("{best} returned {unit}{most} per {unit}1 spent; everything together {unit}{whole}.")
    else:
        said = _(
            "{best} returned {unit}{most} per {unit}1 spent, {worst} {unit}{least}; everything together {unit}{whole}."
        )
    inside = {"booked": "", "invoiced": _("In invoices: "), "collected": _("In cash: ")}[depth]
    return inside + said.format(**values)


def figures(page: Page, total: pd.Series, earlier: pd.Series | None, depth: str) -> None:
    """Show the tiles, each beside the window before."""

    def beside(name: str) -> str | None:
        return _("vs before") if relative(name) else None

    def relative(name: str) -> str | None:
        if earlier is None or words.is_missing(total[name]) or words.is_missing(earlier[name]) or not earlier[name]:
            return None
        return words.percent((total[name] - earlier[name]) / abs(earlier[name]), signed=True)

    unit = words.symbol(page.currency)
    parts.tiles(
        [
            Tile(_("Spend"), page.money(total["cost"]), beside("cost"), define("cost"), relative("cost")),
            *(
                Tile(
                    depth_name(step),
                    page.money(total[name]),
                    beside(name),
                    define(step),
                    relative(name),
                    is_rise_good=True,
                )
                for step, name in ((step, f"{step}_amount") for step in ("booked", "collected"))
            ),
            Tile(
                _("Return per {unit}1").format(unit=unit),
                words.times(total[f"roas_{depth}"]),
                beside(f"roas_{depth}"),
                define("roas"),
                relative(f"roas_{depth}"),
                is_rise_good=True,
            ),
            Tile(
                _("Cost per won deal"),
                page.money(total["cost_per_win"]),
                beside("cost_per_win"),
                define("cost_per_win"),
                relative("cost_per_win"),
                is_rise_good=False,
            ),
        ]
    )


def by_channel(page: Page, ranked: pd.DataFrame, depth: str) -> None:
    """Draw the return of each channel."""
    if ranked.empty:
        st.caption(_("No channel has spend in these months."))
        return
    names = [channel_name(name) for name in ranked["channel"]]
    shown = [words.percent(value, signed=True) for value in ranked[f"roi_{depth}"]]
    parts.chart(
        charts.bars(names, list(ranked[f"roi_{depth}"]), shown, mode=page.mode, bad_below=0),
        "roi",
        _("ROI by channel: {values}").format(
            values=", ".join(f"{name} {text}" for name, text in zip(names, shown, strict=True))
        ),
    )


def months_caption(page: Page, basis: str) -> str:
    """Say how to read the picture of the months."""
    if basis == "cohort":
        return _(
            "What each month's spend, leads and deals had brought in so far; the last months still grow. Amounts in "
            "{currency}."
        ).format(currency=page.currency)
    return _("Complete months only. Amounts in {currency}.").format(currency=page.currency)


def by_month(page: Page, months: pd.DataFrame, depth: str, *, height: int) -> None:
    """Draw spend and revenue over time."""
    if months.empty:
        st.caption(_("No complete month yet."))
        return
    palette = charts.colours(page.mode)
    revenue, cost = (list(months[name].astype(float)) for name in (f"{depth}_amount", "cost"))
    parts.chart(
        charts.lines(
            [pd.Timestamp(value).date() for value in months["month"]],
            [charts.Line(depth_name(depth), revenue, palette.accent), charts.Line(_("Spend"), cost, palette.neutral)],
            money=page.money,
            axis_money=page.axis_money,
            mode=page.mode,
            height=height,
        ),
        "roi_months",
        _("{depth} {revenue} against spend {cost} in the last month").format(
            depth=depth_name(depth), revenue=page.money(revenue[-1]), cost=page.money(cost[-1])
        ),
    )


if __name__ == "__main__":
    show()
