"""Team: who does well, and at what."""

from __future__ import annotations

from datetime import date

import pandas as pd
import streamlit as st

from dashboards import charts, parts, words
from dashboards.definitions import define
from dashboards.downloads import Column
from dashboards.labels import level_name, plain_name
from dashboards.parts import Page, Tile
from dashboards.queries import sales
from dashboards.words import _

KEYS = ("months", "by")
SPANS = ("12", "6", "3", "24")
SHOWN_BARS = 16
SHOWN_LOSSES = 3
COLUMNS = {"rep": "owner_name", "team": "team", "region": "region", "product_line": "product_line"}


def show() -> None:
    """Lay out the page."""
    page = parts.open_page(_("Team"))
    months = sales.performance_months()
    if not months:
        parts.empty(_("No deals closed yet"), ["opportunities", "activities", "users"])
        return
    with page.filters("team", KEYS):
        span = parts.one_of(
            _("Closed in the last"),
            list(SPANS),
            "months",
            SPANS[0],
            lambda code: _("{months} months").format(months=code),
        )
        by = parts.one_of(_("By"), list(COLUMNS), "by", "rep", level_name)
    since = first_month(page.run.as_of_date, int(span))
    rows = sales.performance(since, COLUMNS[by])
    if by == "rep":
        rows = rows.merge(sales.team_shares(since), on="name", how="left")
    whole = sales.performance(since, "")
    total = whole.iloc[0] if len(whole) else pd.Series(dtype=object)
    if not len(whole) or not (total["won"] + total["lost"]):
        parts.nothing_found([_("{months} months").format(months=span)])
        return
    rows["name"] = rows["name"].map(plain_name)
    page.answer(sentence(page, rows, total))
    figures(page, total)
    left, right = st.columns(2)
    with left, parts.card("rates", _("Win rate"), rates_caption(rows)):
        by_rate(page, rows)
    with (
        right,
        parts.card(
            "followups",
            _("Follow-ups to win"),
            _("Share of all won deals by number of follow-ups, beside what the white paper claims."),
        ),
    ):
        by_followups(page)
    listed(page, rows, total, by)
    by_followup_group(page)
    by_stage(page)
    lost_over_time(page)
    reasons(page)
    quotes(page, since)
    registrations(page, since)


def first_month(as_of: date, months: int) -> date:
    """Give the first of so many months that end with the as-of day's."""
    place = as_of.year * 12 + as_of.month - months
    return date(place // 12, place % 12 + 1, 1)


def sentence(page: Page, rows: pd.DataFrame, total: pd.Series) -> str:
    """Answer the page's question from the figures."""
    values = {
        "rate": words.percent(total["win_rate"]),
        "won": words.count(total["won"]),
        "amount": page.money(total["won_amount"]),
    }
    sellers = rows[rows["won"] > 0].sort_values("won_amount", ascending=False)
    if sellers.empty:
        return _("No deal was won; all decided ones were lost.")
    values |= {"name": str(sellers["name"].iloc[0]), "most": page.money(sellers["won_amount"].iloc[0])}
    return _("{rate} of decided deals were won: {won} with {amount}. {name} brought in most, {most}.").format(**values)


def figures(page: Page, total: pd.Series) -> None:
    """Show the tiles."""
    parts.tiles(
        [
            Tile(
                _("Win rate"),
                words.percent(total["win_rate"]),
                _("{rate} by amount").format(rate=words.percent(total["win_rate_amount"])),
                define("win_rate"),
            ),
            Tile(_("Won deals"), words.count(total["won"]), page.money(total["won_amount"])),
            Tile(_("Average won deal"), page.money(total["average_amount"])),
            Tile(_("Days to win"), words.count(total["cycle_days"]), _("from creation, on average")),
            Tile(_("Velocity"), page.money(total["velocity"]), _("a day"), define("velocity")),
        ]
    )


def rates_caption(rows: pd.DataFrame) -> str:
    """Say what the picture shows, and how many where it does not show all."""
    decided = int(((rows["won"] + rows["lost"]) > 0).sum())
    whole = _("Won of decided deals; the line is the 95 % interval.")
    if decided <= SHOWN_BARS:
        return whole
    return whole + " " + _("The {shown} highest of {all}.").format(shown=SHOWN_BARS, all=words.count(decided))


def by_rate(page: Page, rows: pd.DataFrame) -> None:
    """Draw win rates with their intervals."""
    decided = rows[(rows["won"] + rows["lost"]) > 0].head(SHOWN_BARS)
    names = list(decided["name"].astype(str))
    won, all_decided = list(decided["won"].astype(float)), list((decided["won"] + decided["lost"]).astype(float))
    rates = [part / whole for part, whole in zip(won, all_decided, strict=True)]
    ends = [sales.wilson(part, whole) for part, whole in zip(won, all_decided, strict=True)]
    shown = [f"{words.percent(rate)} · {words.count(whole)}" for rate, whole in zip(rates, all_decided, strict=True)]
    parts.chart(
        charts.intervals(names, rates, ends, shown, mode=page.mode),
        "rates",
        ", ".join(f"{name} {text}" for name, text in zip(names, shown, strict=True)),
    )


def by_followups(page: Page) -> None:
    """Draw the share of won deals by follow-ups beside the claim."""
    rows = sales.followups()
    names = [str(bucket).replace("-", "–") for bucket in rows["bucket"]]
    shown = [
        _("{share}, claimed {claim}").format(share=words.percent(share), claim=words.percent(claim))
        if not words.is_missing(claim)
        else words.percent(share)
        for share, claim in zip(rows["share_of_wins"], rows["paper_share"], strict=True)
    ]
    parts.chart(
        charts.bars(names, list(rows["share_of_wins"].fillna(0).astype(float)), shown, mode=page.mode),
        "followups",
        ", ".join(f"{name}: {text}" for name, text in zip(names, shown, strict=True)),
    )


def by_followup_group(page: Page) -> None:
    """List deals by follow-ups, with lost and open ones in the denominator."""
    rows = sales.followups()
    parts.table(
        page,
        "followup_groups",
        _("Deals by number of follow-ups"),
        rows.assign(bucket=[str(bucket).replace("-", "–") for bucket in rows["bucket"]]),
        [
            Column("bucket", _("Follow-ups"), width=120),
            Column("won", _("Won deals"), "count"),
            Column("lost", _("Lost deals"), "count"),
            Column("open", _("Open deals"), "count"),
            Column("win_rate", _("Won of all"), "percent", leads=1),
            Column("share_of_wins", _("Share of won deals"), "percent"),
            Column("paper_share", _("Claimed by the white paper"), "percent"),
        ],
        caption=_("Human contacts after the first one; lost and open deals count in “won of all”."),
    )


def listed(page: Page, rows: pd.DataFrame, total: pd.Series, by: str) -> None:
    """List results by rep or team under all together."""
    parts.table(
        page,
        "team",
        _("Results by {level}").format(level=level_name(by).lower()),
        rows,
        [
            Column("name", level_name(by), width=170),
            Column("won", _("Won deals"), "count"),
            Column("lost", _("Lost deals"), "count"),
            Column("win_rate", _("Win rate"), "percent", define("win_rate"), leads=1),
            Column("win_rate_amount", _("Win rate by amount"), "percent"),
            Column("won_amount", _("Won"), "money", leads=1),
            *([Column("team_share", _("Share of the team's"), "percent")] if by == "rep" else []),
            Column("average_amount", _("Average won deal"), "money"),
            Column("cycle_days", _("Days to win"), "number"),
            Column("velocity", _("Velocity a day"), "money", define("velocity")),
            Column("activities", _("Activities"), "count"),
        ],
        caption=_("Owners on the closing day. Amounts in {currency}.").format(currency=page.currency),
        total={**parts.named(total), "name": _("Company")},
    )


def by_stage(page: Page) -> None:
    """List for each rep the share of deals that he loses in each stage, beside the company's."""
    rows = sales.stage_losses()
    if rows.empty:
        return
    stages = list(dict.fromkeys(rows["stage"].astype(str)))
    company = rows.groupby("stage")["company_loss_rate"].first().to_dict()
    shares = rows.pivot_table(index="owner_id", columns="stage", values="loss_rate", aggfunc="first")
    people = rows.groupby("owner_id").agg(name=("owner_name", "first"), lost=("lost", "sum"))
    table = people.join(shares).sort_values(["lost", "name"], ascending=[False, True]).reset_index(drop=True)
    parts.table(
        page,
        "stage_losses",
        _("Where deals are lost, by rep"),
        table.assign(name=table["name"].map(plain_name)),
        [
            Column("name", _("Rep"), width=170),
            Column("lost", _("Lost deals"), "count"),
            *(Column(stage, plain_name(stage), "percent") for stage in stages),
        ],
        caption=_("Of the deals that came into the stage, the share that was lost from it. Deals of all time."),
        total={"name": _("Company"), "lost": people["lost"].sum(), **company},
    )


def lost_over_time(page: Page) -> None:
    """Draw lost deals by quarter and reason, and by quarter and competitor."""
    rows = sales.losses_by_quarter()
    if rows.empty:
        return
    left, right = st.columns(2)
    with (
        left,
        parts.card("losses_reason", _("Reasons over time"), _("Lost deals by quarter of closing, where one is named.")),
    ):
        by_quarter(page, rows, "reason")
    with (
        right,
        parts.card(
            "losses_competitor", _("Competitors over time"), _("Lost deals by quarter of closing, where one is named.")
        ),
    ):
        by_quarter(page, rows, "competitor")


def by_quarter(page: Page, rows: pd.DataFrame, what: str) -> None:
    """Draw the most frequent values by quarter, the others together."""
    rows = rows[rows[what] != "(none)"]
    if rows.empty:
        return
    most = list(rows.groupby(what)["deals"].sum().sort_values(ascending=False, kind="stable").index[:SHOWN_LOSSES])
    named = rows.assign(part=[str(value) if value in most else _("Others") for value in rows[what]])
    counts = named.pivot_table(index="quarter", columns="part", values="deals", aggfunc="sum", fill_value=0)
    order = [*map(str, most), *([_("Others")] if _("Others") in counts else [])]
    palette = charts.colours(page.mode)
    shades = [*(palette.accent, palette.second, palette.soft)[: len(most)], palette.neutral]
    quarters = [words.period(str(quarter)) for quarter in counts.index]
    every = max(1, round(len(quarters) / 6))
    parts.chart(
        charts.columns(
            quarters,
            {part: list(counts[part].astype(float)) for part in order},
            dict(zip(order, shades, strict=False)),
            said=words.count,
            axis=words.count,
            mode=page.mode,
            shown=[
                words.quarter_tick(str(code)) if (len(quarters) - 1 - place) % every == 0 else ""
                for place, code in enumerate(counts.index)
            ],
        ),
        f"losses_{what}",
        ", ".join(f"{part}: {words.count(counts[part].sum())}" for part in order),
    )


def quotes(page: Page, since: date) -> None:
    """Show what is given away in quotes, and what was won at which discount."""
    whole = sales.quotes(since, "")
    if whole.empty or not whole["quotes"].iloc[0]:
        return
    bands = sales.discounts()
    decided = bands[(bands["won"] + bands["lost"]) > 0]
    if len(decided):
        with parts.card(
            "discounts",
            _("Win rate by discount"),
            _("Deals by the discount last quoted; the line is the 95 % interval. That it causes the wins is not said."),
        ):
            names = [_("{band} % off list").format(band=str(band).replace("-", "–")) for band in decided["band"]]
            rates = list(decided["win_rate"].astype(float))
            shown = [
                f"{words.percent(rate)} · {words.count(won + lost)}"
                for rate, won, lost in zip(rates, decided["won"], decided["lost"], strict=True)
            ]
            ends = list(zip(decided["win_low"].astype(float), decided["win_high"].astype(float), strict=True))
            parts.chart(
                charts.intervals(names, rates, ends, shown, mode=page.mode),
                "discounts",
                ", ".join(f"{name} {text}" for name, text in zip(names, shown, strict=True)),
            )
    for by, title in (("owner_name", _("Quotes by rep")), ("product_line", _("Quotes by product line"))):
        rows = sales.quotes(since, by)
        parts.table(
            page,
            f"quotes_{by}",
            title,
            rows.assign(name=rows["name"].map(plain_name)),
            [
                Column("name", _("Rep") if by == "owner_name" else level_name(by), width=190),
                Column("quotes", _("Quotes"), "count"),
                Column("discount_rate", _("Discount"), "percent", define("discount")),
                Column("below_floor", _("Below the floor price"), "count"),
                Column("approval_rate", _("Approved of decided"), "percent"),
                Column("hours", _("Hours to decide"), "number", help=_("From submission to decision, on average.")),
                Column("ordered", _("Ordered"), "count"),
                Column("order_rate", _("Ordered of all"), "percent"),
            ],
            caption=_("Quotes submitted in the span."),
            total={**parts.named(whole.iloc[0]), "name": _("Company")},
        )


def registrations(page: Page, since: date) -> None:
    """List how deal registrations were answered, by team."""
    whole = sales.registrations(since, "")
    if whole.empty or not whole["submitted"].iloc[0]:
        return
    rows = sales.registrations(since, "team")
    parts.table(
        page,
        "registrations",
        _("Deal registrations by team"),
        rows.assign(name=rows["name"].map(plain_name)),
        [
            Column("name", level_name("team"), width=190),
            Column("submitted", _("Submitted"), "count"),
            Column("hours", _("Hours to decide"), "number", help=_("From submission to decision, on average.")),
            Column("approval_rate", _("Approved of decided"), "percent"),
            Column("waiting", _("Waiting"), "count"),
            Column("conflicts", _("In conflict"), "count", help=_("Another partner or owner had the same customer.")),
            Column("lost_while_waiting", _("Lost while waiting"), "count"),
        ],
        caption=_("Registrations submitted in the span."),
        total={**parts.named(whole.iloc[0]), "name": _("Company")},
    )


def reasons(page: Page) -> None:
    """List why deals were lost and to whom."""
    found = sales.loss_reasons()
    if not found.total:
        return
    found.frame["reason"] = found.frame["reason"].map(plain_name)
    found.frame["competitor"] = found.frame["competitor"].map(plain_name)
    parts.table(
        page,
        "losses",
        _("Why deals were lost"),
        found.frame,
        [
            Column("reason", _("Reason"), width=220),
            Column("competitor", _("Competitor")),
            Column("deals", _("Lost deals"), "count", leads=1),
            Column("share", _("Share"), "percent", leads=1),
            Column("amount", _("Amount"), "money"),
        ],
        caption=_("All quarters. Amounts in {currency}.").format(currency=page.currency),
        row_total=found.total,
        everything=lambda: sales.loss_reasons(None).frame,
    )


if __name__ == "__main__":
    show()
