"""Plan: whether marketing is within its plan, by branch of the plan tree."""

from __future__ import annotations

from datetime import date

import pandas as pd
import streamlit as st

from dashboards import charts, parts, words
from dashboards.definitions import define
from dashboards.downloads import Column
from dashboards.labels import channel_name
from dashboards.parts import Page, Tile
from dashboards.queries import marketing
from dashboards.words import _

KEYS = ("branch",)
MOST_BARS = 12
OUTSIDE = {"unassigned", "unattributed", "(none)"}


def show() -> None:
    """Lay out the page."""
    page = parts.open_page(_("Marketing plan"))
    nodes = marketing.plan_nodes()
    planned = nodes[nodes["budget"].notna() | nodes["expected_revenue_amount"].notna()]
    if planned.empty:
        parts.empty(_("No plan yet"), ["campaigns", "spend"])
        return
    inner = set(nodes["parent_campaign_id"].dropna())
    branches = [code for code in planned["campaign_id"].astype(str) if code in inner]
    roots = planned[planned["parent_campaign_id"].isna()]
    offered = branches or list(roots["campaign_id"].astype(str))
    names = dict(zip(nodes["campaign_id"].astype(str), nodes["campaign_name"].astype(str), strict=True))
    with page.filters("plan", KEYS):
        branch = parts.choice(
            st.selectbox,
            _("Branch of the plan"),
            offered,
            "branch",
            current(roots, offered, page.run.as_of_date),
            names.__getitem__,
            width=360,
        )
    node = nodes[nodes["campaign_id"] == branch].iloc[0]
    below = nodes[nodes["parent_campaign_id"] == branch]
    shown = below if len(below) else nodes[nodes["campaign_id"] == branch]
    page.answer(sentence(page, node))
    figures(page, node)
    with parts.card(
        "bullets",
        _("Spent and expected to the end, against the plan"),
        _("The line is the budget; red is expected to pass it. The {count} largest of {all}.").format(
            count=min(MOST_BARS, len(shown)), all=len(shown)
        ),
    ):
        picture(page, shown.head(MOST_BARS))
    picked = listed(page, shown, node)
    if picked is not None:
        inside = nodes[nodes["parent_campaign_id"] == picked]
        if len(inside):
            variance(page, "inside", names[picked], inside)
    outside(page, nodes)


def current(roots: pd.DataFrame, offered: list[str], on: date) -> str:
    """Give the plan that runs on a day, else the first one offered."""
    for code, since, until in zip(roots["campaign_id"], roots["starts_on"], roots["ends_on"], strict=True):
        runs = not words.is_missing(since) and not words.is_missing(until)
        if code in offered and runs and pd.Timestamp(since).date() <= on <= pd.Timestamp(until).date():
            return str(code)
    return offered[0]


def sentence(page: Page, node: pd.Series) -> str:
    """Answer the page's question from the figures."""
    values = {
        "name": node["campaign_name"],
        "spent": page.money(node["spent"]),
        "budget": page.money(node["budget"]),
        "forecast": page.money(node["forecast_cost"]),
        "variance": page.money(abs(node["variance_amount"])) if not words.is_missing(node["variance_amount"]) else "",
    }
    if words.is_missing(node["budget"]):
        return _("{name}: {spent} spent, {forecast} expected to the end; it states no budget.").format(**values)
    if node["variance_amount"] > 0:
        return _(
            "{name}: {spent} of {budget} spent; {forecast} is expected to the end, {variance} more than planned."
        ).format(**values)
    return _(
        "{name}: {spent} of {budget} spent; {forecast} is expected to the end, {variance} within the plan."
    ).format(**values)


def share(part: float, whole: float) -> str | None:
    """Give a part of a whole in words; nothing where there is no whole."""
    if words.is_missing(part) or words.is_missing(whole) or not whole:
        return None
    return _("{share} of plan").format(share=words.percent(float(part) / float(whole)))


def figures(page: Page, node: pd.Series) -> None:
    """Show the tiles."""
    parts.tiles(
        [
            Tile(_("Budget"), page.money(node["budget"]), None, define("budget")),
            Tile(_("Spent"), page.money(node["spent"]), share(node["spent"], node["budget"]), define("cost")),
            Tile(
                _("Expected to the end"),
                page.money(node["forecast_cost"]),
                share(node["forecast_cost"], node["budget"]),
                define("forecast_cost"),
            ),
            Tile(
                _("Booked revenue"),
                page.money(node["booked_amount"]),
                share(node["booked_amount"], node["expected_revenue_amount"]),
                define("plan_booked"),
            ),
            Tile(_("Leads"), words.count(node["leads"]), share(node["leads"], node["expected_leads"])),
        ]
    )


def picture(page: Page, rows: pd.DataFrame) -> None:
    """Draw a bullet for each branch."""
    names = [str(name) for name in rows["campaign_name"]]
    plans = [None if words.is_missing(value) else float(value) for value in rows["budget"]]
    shown = [f"{page.money(spent)} / {page.money(plan)}" for spent, plan in zip(rows["spent"], plans, strict=True)]
    parts.chart(
        charts.bullets(
            names,
            list(zip(rows["spent"].astype(float), rows["forecast_cost"].astype(float), plans, strict=True)),
            shown,
            legend=(_("Spent"), _("Expected to the end"), _("Budget")),
            mode=page.mode,
        ),
        "bullets",
        ", ".join(f"{name} {text}" for name, text in zip(names, shown, strict=True)),
    )


def columns() -> list[Column]:
    """Give the columns of a table of branches."""
    return [
        Column("campaign_name", _("Branch"), width=230),
        Column("channel", _("Channel")),
        Column("ends_on", _("Ends"), "date"),
        Column("budget", _("Budget"), "money", define("budget"), leads=1),
        Column("committed_amount", _("Committed"), "money", define("committed")),
        Column("spent", _("Spent"), "money", define("cost")),
        Column("forecast_cost", _("Expected to the end"), "money", define("forecast_cost")),
        Column("variance_amount", _("Over (+) or under (−)"), "money", define("variance"), leads=1),
        Column("expected_revenue_amount", _("Planned revenue"), "money"),
        Column("booked_amount", _("Booked revenue"), "money", define("plan_booked")),
        Column("expected_leads", _("Planned leads"), "count"),
        Column("leads", _("Leads"), "count"),
    ]


def listed(page: Page, rows: pd.DataFrame, node: pd.Series) -> str | None:
    """List the branches below with their total; give the one that was picked."""
    total = {**parts.named(node), "campaign_name": _("Whole branch"), "channel": None, "ends_on": None}
    picked = variance(page, "branches", str(node["campaign_name"]), rows, total=total, selectable=True)
    return None if picked is None or not 0 <= picked < len(rows) else str(rows.iloc[picked]["campaign_id"])


def variance(
    page: Page,
    key: str,
    title: str,
    rows: pd.DataFrame,
    *,
    total: dict[str, object] | None = None,
    selectable: bool = False,
) -> int | None:
    """Show branches against their plan; give the place of the picked one."""
    caption = _("Amounts in {currency}.").format(currency=page.currency)
    if selectable:
        caption = _("Pick a row to see what it is made of.") + " " + caption
    cell = parts.table(
        page,
        key,
        title,
        rows.assign(channel=[None if code == "(none)" else channel_name(code) for code in rows["channel"]]),
        columns(),
        caption=caption,
        total=total,
        selectable=selectable,
    )
    return None if cell is None else cell[0]


def outside(page: Page, nodes: pd.DataFrame) -> None:
    """Say what stands outside every plan."""
    rows = nodes[nodes["campaign_id"].isin(OUTSIDE)]
    spent, booked = float(rows["spent"].sum()), float(rows["booked_amount"].sum())
    if spent or booked:
        st.caption(
            words.markdown(
                _("Outside every plan: {spent} spent without a campaign, {booked} booked without one.").format(
                    spent=page.money(spent), booked=page.money(booked)
                )
            )
        )


if __name__ == "__main__":
    show()
