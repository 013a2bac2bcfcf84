"""Deals to look at: which open deals are stuck, why, and whom to tell."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboards import charts, parts, words
from dashboards.definitions import define
from dashboards.downloads import Column
from dashboards.labels import plain_name
from dashboards.labels_sales import reason_name
from dashboards.parts import Page, Tile
from dashboards.queries import sales
from dashboards.words import _

KEYS = ("team", "reason")
SHOWN_REASONS = 3


def show() -> None:
    """Lay out the page."""
    page = parts.open_page(_("Deals to look at"))
    standing = sales.open_pipeline(page.run.as_of_date)
    if standing.empty or not standing["open_deals"].iloc[0]:
        parts.empty(_("No open deals"), ["opportunities", "opportunity_history", "activities"])
        return
    teams = sales.stalled_teams()
    with page.filters("deals", KEYS):
        team = parts.choice(
            st.selectbox,
            _("Team"),
            ["", *teams],
            "team",
            "",
            lambda code: plain_name(code) if code else _("All teams"),
            width=190,
        )
        reasons = sales.stalled_reasons(team)
        codes = list(reasons["reason"].astype(str))
        reason = parts.choice(
            st.selectbox,
            _("Reason"),
            ["", *codes],
            "reason",
            "",
            lambda code: reason_name(code) if code else _("All reasons"),
            width=300,
        )
    total = sales.stalled_total(team, reason).iloc[0]
    page.answer(
        _(
            "{deals} open deals with {amount} need a look; {open} deals with {open_amount} count in the forecast."
        ).format(
            deals=words.count(total["deals"]),
            amount=page.money(total["amount"]),
            open=words.count(standing["open_deals"].iloc[0]),
            open_amount=page.money(standing["open_amount"].iloc[0]),
        )
    )
    figures(page, total, reasons)
    if not reasons.empty:
        with parts.card("reasons", _("Why, by amount"), _("A deal with several reasons stands in each of them.")):
            by_reason(page, reasons)
        listed(page, team, reason)
    waiting(page, team)


def figures(page: Page, total: pd.Series, reasons: pd.DataFrame) -> None:
    """Show the tiles."""
    parts.tiles(
        [
            Tile(_("To look at"), words.count(total["deals"]), page.money(total["amount"]), define("to_look_at")),
            *(
                Tile(reason_name(str(row["reason"])), words.count(row["deals"]), page.money(row["amount"]))
                for row in reasons.head(SHOWN_REASONS).to_dict("records")
            ),
        ]
    )


def by_reason(page: Page, reasons: pd.DataFrame) -> None:
    """Draw amounts by reason."""
    names = [reason_name(str(code)) for code in reasons["reason"]]
    shown = [page.money(value) for value in reasons["amount"]]
    parts.chart(
        charts.bars(names, list(reasons["amount"].astype(float)), shown, mode=page.mode),
        "reasons",
        ", ".join(f"{name} {text}" for name, text in zip(names, shown, strict=True)),
    )


def named(frame: pd.DataFrame) -> pd.DataFrame:
    """Put the reasons of each deal into words."""
    return frame.assign(
        why=["; ".join(reason_name(code) for code in str(codes).split(",")) for codes in frame["reasons"]],
        opportunity_name=frame["opportunity_name"].fillna(frame["opportunity_id"]),
    )


def listed(page: Page, team: str, reason: str) -> None:
    """List the deals."""
    found = sales.stalled_deals(team, reason)
    parts.table(
        page,
        "stalled",
        _("Deals and whom to ask"),
        named(found.frame),
        [
            Column("opportunity_name", _("Deal"), width=260),
            Column("amount", _("Amount"), "money"),
            Column("why", _("Why"), width=440),
            Column("owner_name", _("Owner")),
            Column("tell_user_name", _("Whom to tell")),
            Column("stage", _("Stage")),
            Column("days_in_stage", _("Days in stage"), "count"),
            Column("pushes", _("Pushed"), "count", help=_("How often its close date moved to a later month.")),
            Column("close_on", _("Close date"), "date"),
            Column("last_activity_on", _("Last activity"), "date"),
            Column("account_name", _("Customer")),
            Column("file", _("File"), help=_("The exported file that the deal was read from last.")),
            Column(
                "row_number", _("Record"), "count", help=_("Number of the record in that file, the header not counted.")
            ),
        ],
        caption=_("Largest first. Amounts in {currency}.").format(currency=page.currency),
        row_total=found.total,
        everything=lambda: named(sales.stalled_deals(team, reason, None).frame),
    )


def waiting(page: Page, team: str) -> None:
    """List the deal registrations that nobody has decided."""
    found = sales.registrations_waiting(team)
    if not found.total:
        return
    parts.table(
        page,
        "waiting",
        _("Deal registrations waiting for a decision"),
        told(found.frame),
        [
            Column("account_name", _("Customer"), width=200),
            Column("project_name", _("Project")),
            Column("days_waiting", _("Days waiting"), "count", leads=1),
            Column("submitted_at", _("Submitted on"), "date"),
            Column("partner_name", _("Partner")),
            Column("owner_name", _("Owner")),
            Column("tell_user_name", _("Whom to tell")),
            Column("remark", _("Remark"), width=340, leads=1),
            Column("product_line", _("Product line")),
            Column("file", _("File"), help=_("The exported file that the registration was read from last.")),
            Column(
                "row_number", _("Record"), "count", help=_("Number of the record in that file, the header not counted.")
            ),
        ],
        caption=_("Longest first."),
        row_total=found.total,
        everything=lambda: told(sales.registrations_waiting(team, None).frame),
    )


def told(frame: pd.DataFrame) -> pd.DataFrame:
    """Put into words what is odd about a registration."""
    remarks = [
        "; ".join(
            text
            for is_so, text in (
                (conflict, _("Another one of this customer stands")),
                (lost, _("Its deal was lost meanwhile")),
            )
            if is_so
        )
        for conflict, lost in zip(frame["is_in_conflict"], frame["is_lost_while_waiting"], strict=True)
    ]
    return frame.assign(
        remark=remarks,
        owner_name=frame["owner_name"].map(plain_name),
        product_line=frame["product_line"].map(plain_name),
    )


if __name__ == "__main__":
    show()
