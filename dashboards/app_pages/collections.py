"""Collections: whom we call today, and what comes in."""

from __future__ import annotations

from typing import Final

import pandas as pd
import streamlit as st

from dashboards import charts, charts_finance, parts, words
from dashboards.definitions import define
from dashboards.downloads import Column
from dashboards.labels import plain_name
from dashboards.labels_finance import alert_name, dunning_name, phase_name, status_name
from dashboards.parts import Page, Tile
from dashboards.queries import finance
from dashboards.words import _, ngettext

KEYS: Final = ("told", "instalments")
STATUSES: Final = ("met", "late", "partly", "missed", "open")
PHASES: Final = ("before_delivery", "until_due", "after_due")
MONTHS: Final = 18


def show() -> None:
    """Lay out the page."""
    page = parts.open_page(_("Collections"))
    weeks = finance.cash_weeks()
    plans = finance.instalment_phases()
    if weeks.empty and plans.empty:
        parts.empty(_("Nothing to collect yet"), ["invoices", "payments", "collection_plans", "promises"])
        return
    people = finance.people_told()
    with page.filters("collections", KEYS):
        told = parts.choice(
            st.selectbox,
            _("Whom to tell"),
            ["", *people],
            "told",
            "",
            lambda code: plain_name(people[code]) if code else _("Everyone"),
            width=200,
        )
    figures(page, weeks, plans, finance.calls_total(told))
    calls(page, told)
    with parts.card("cash", _("Cash of the next 13 weeks"), cash_caption()):
        cash(page, weeks)
    if not plans.empty:
        instalments(page, plans)


def figures(page: Page, weeks: pd.DataFrame, plans: pd.DataFrame, total: pd.Series) -> None:
    """Write the answer and show the tiles."""
    accounts = int(total["accounts"])
    due, expected = float(total["amount"]), float(weeks["expected_amount"].astype(float).sum())
    customers = ngettext("{count} customer to call", "{count} customers to call", accounts).format(
        count=words.count(accounts)
    )
    values = {"customers": customers, "due": page.money(due), "expected": page.money(expected)}
    if not accounts:
        page.answer(_("Nobody has to be called today; {expected} should come in within 13 weeks.").format(**values))
    else:
        page.answer(_("{customers} today about {due}; {expected} should come in within 13 weeks.").format(**values))
    first = weeks.iloc[0] if len(weeks) else None
    late = plans[plans["phase"] == "after_due"]
    missed = float(late["open_amount"].astype(float).sum())
    parts.tiles(
        [
            Tile(_("Overdue or due today"), page.money(due), customers, define("call")),
            Tile(
                _("Expected in 7 days"),
                page.money(None if first is None else float(first["expected_amount"])),
                None
                if first is None
                else _("{low} to {high}").format(
                    low=page.money(float(first["p10"])), high=page.money(float(first["p90"]))
                ),
                define("cash"),
            ),
            Tile(
                _("Expected in 13 weeks"),
                page.money(expected),
                _("{amount} of it overdue now").format(
                    amount=page.money(float(weeks["expected_overdue_amount"].astype(float).sum()))
                ),
                define("cash"),
            ),
            Tile(
                _("Missed instalments"),
                page.money(missed),
                ngettext("{count} instalment", "{count} instalments", int(late["instalments"].sum())).format(
                    count=words.count(int(late["instalments"].sum()))
                ),
                define("instalment"),
            ),
            Tile(
                _("Broken promises"),
                words.count(int(total["promises"])),
                _("{amount} not come").format(amount=page.money(float(total["promise_amount"]))),
                define("promise"),
            ),
        ]
    )


def calls(page: Page, told: str) -> None:
    """List the customers to call, and what each is to be called about."""
    found = finance.calls(told)
    found.frame["level"] = found.frame["level"].map(dunning_name)
    columns = [
        Column("account_name", _("Customer"), width=210),
        Column("overdue_amount", _("Overdue"), "money"),
        Column("oldest_days", _("Oldest, days late"), "count"),
        Column("overdue_items", _("Documents"), "count"),
        Column("due_today_amount", _("Due today"), "money"),
        Column("promises", _("Broken promises"), "count"),
        Column("instalments", _("Instalments missed"), "count"),
        Column("level", _("Dunning level")),
        Column("told", _("Whom to tell")),
    ]
    picked = parts.table(
        page,
        "calls",
        _("Today's list"),
        found.frame,
        columns,
        caption=_("Largest overdue amount first. Pick a row to see why. Amounts in {currency}.").format(
            currency=page.currency
        ),
        row_total=found.total,
        everything=lambda: finance.calls(told, None).frame,
        selectable=True,
        blank=" ",
    )
    if picked is None or not 0 <= picked[0] < len(found.frame):
        return
    row = found.frame.iloc[picked[0]]
    reasons = finance.calls_of(str(row["account_id"]))
    reasons.frame["kind"] = reasons.frame["kind"].map(alert_name)
    reasons.frame["level"] = reasons.frame["level"].fillna("").map(dunning_name)
    parts.table(
        page,
        "calls_of",
        str(row["account_name"]),
        reasons.frame,
        [
            Column("kind", _("Why")),
            Column("level", _("Dunning level"), leads=1),
            Column("document_id", _("Document"), "id"),
            Column("raised_on", _("Since"), "date"),
            Column("amount", _("Amount"), "money", leads=1),
            Column("value", _("Found"), "number", help=define("alert_value")),
            Column("threshold", _("Threshold"), "number", help=define("alert_value")),
            Column("told", _("Whom to tell")),
        ],
        row_total=reasons.total,
    )


def cash_caption() -> str:
    """Say how to read the cash of the weeks, and how right such forecasts were."""
    text = _(
        "From what is open now, as each payer is used to pay. The mark is the week's sum if everyone paid on the due "
        "day."
    )
    past = finance.cash_accuracy()
    if not int(past["weeks"]) or words.is_missing(past["error_share"]):
        return text
    return f"{text} " + _(
        "Past forecasts missed by {error} of the cash of a week, the due day by {due_day}; {within} of the weeks were "
        "within the range."
    ).format(
        error=words.percent(past["error_share"]),
        due_day=words.percent(past["due_day_error_share"]),
        within=words.percent(past["within_share"]),
    )


def cash(page: Page, weeks: pd.DataFrame) -> None:
    """Draw the 13 weeks with their range."""
    if weeks.empty:
        st.caption(_("Nothing is open."))
        return
    numbers = {
        name: list(weeks[name].astype(float))
        for name in ("expected_amount", "p10", "p90", "due_amount", "overdue_amount")
    }
    days = [words.day_of_year(pd.Timestamp(value).date()) for value in weeks["week"]]
    due = [a + b for a, b in zip(numbers["due_amount"], numbers["overdue_amount"], strict=True)]
    shown = [
        _("Week from {day}\nexpected {expected}, {low} to {high}\ndue {due}").format(
            day=day, expected=page.money(expected), low=page.money(low), high=page.money(high), due=page.money(owed)
        )
        for day, expected, low, high, owed in zip(
            days, numbers["expected_amount"], numbers["p10"], numbers["p90"], due, strict=True
        )
    ]
    parts.chart(
        charts_finance.ranges(
            days,
            numbers["expected_amount"],
            numbers["p10"],
            numbers["p90"],
            due,
            shown,
            legend=(_("Expected"), _("Range, 8 of 10 cases"), _("If all paid on the due day")),
            axis_money=page.axis_money,
            mode=page.mode,
        ),
        "cash",
        _("{amount} expected in 13 weeks").format(amount=page.money(sum(numbers["expected_amount"]))),
    )


def instalments(page: Page, plans: pd.DataFrame) -> None:
    """Show instalments met and missed by due month, what is at risk in each phase, and by whom and how."""
    left, right = st.columns([3, 2])
    with left, parts.card("plan", _("Instalments by due month and what became of them"), _("Planned amounts.")):
        since = (pd.Timestamp(page.run.as_of_date) - pd.DateOffset(months=MONTHS)).date()
        rows = finance.instalment_months(since)
        grid = rows.pivot_table(index="month", columns="status", values="amount", aggfunc="sum").fillna(0.0)
        palette = charts.colours(page.mode)
        colours = dict(
            zip(STATUSES, (palette.accent, palette.second, palette.ages[1], palette.bad, palette.neutral), strict=True)
        )
        known = [status for status in STATUSES if status in grid]
        if known:
            parts.chart(
                charts.stacked(
                    [pd.Timestamp(value).date() for value in grid.index],
                    {status_name(status): list(grid[status].astype(float)) for status in known},
                    {status_name(status): colours[status] for status in known},
                    money=page.money,
                    axis_money=page.axis_money,
                    mode=page.mode,
                ),
                "plan",
                _("Instalments by due month"),
            )
        else:
            st.caption(_("No instalment in these months."))
    with (
        right,
        parts.card("phases", _("Open instalments by phase"), _("The earlier it is collected, the less is lost.")),
    ):
        amounts = dict(zip(plans["phase"], plans["open_amount"].astype(float), strict=True))
        parts.chart(
            charts.bars(
                [phase_name(phase) for phase in PHASES],
                [amounts.get(phase, 0.0) for phase in PHASES],
                [page.money(amounts.get(phase, 0.0)) for phase in PHASES],
                mode=page.mode,
            ),
            "phases",
            _("Open instalments by phase"),
        )
    collectors(page)
    listed(page)


def collectors(page: Page) -> None:
    """Show how instalments came due by owner and by method."""
    for place, (column, name, title) in enumerate(
        zip(
            st.columns(2),
            ("owner_name", "method"),
            (_("Collection by owner"), _("Collection by method")),
            strict=True,
        )
    ):
        with column:
            parts.table(
                page,
                f"collected_{name}",
                title,
                finance.instalments_by(name),
                [
                    Column("name", _("Owner") if place == 0 else _("Method"), width=150),
                    Column("planned_amount", _("Due amount"), "money"),
                    Column("collected_amount", _("Collected"), "money"),
                    Column("open_amount", _("Open"), "money", leads=1),
                    Column("met_share", _("Met in time"), "percent", leads=1),
                    Column("days_late", _("Days late"), "number"),
                ],
                caption=_("Amounts in {currency}.").format(currency=page.currency),
            )


def listed(page: Page) -> None:
    """List instalments by what became of them."""
    status = parts.one_of(
        _("Instalments"),
        ["", *STATUSES[:-1]],
        "instalments",
        "",
        lambda code: status_name(code) if code else _("Not covered"),
    )
    found = finance.instalments(status)
    found.frame["status"] = found.frame["status"].map(status_name)
    found.frame["phase"] = found.frame["phase"].map(phase_name)
    parts.table(
        page,
        "instalments",
        _("Instalments"),
        found.frame,
        [
            Column("instalment_id", _("Instalment"), "id"),
            Column("account_name", _("Customer"), width=180, leads=1),
            Column("document_id", _("Document"), "id"),
            Column("due_on", _("Due"), "date"),
            Column("planned_amount", _("Planned"), "money"),
            Column("collected_amount", _("Collected"), "money"),
            Column("open_amount", _("Open"), "money", leads=1),
            Column("status", _("Status")),
            Column("days_late", _("Days late"), "count", leads=1),
            Column("phase", _("Phase")),
            Column("method", _("Method")),
            Column("owner_name", _("Owner")),
            Column("file", _("File"), help=_("The exported file that the document was read from.")),
            Column(
                "row_number", _("Record"), "count", help=_("Number of the record in that file, the header not counted.")
            ),
        ],
        caption=_("Amounts in {currency}.").format(currency=page.currency),
        row_total=found.total,
        everything=lambda: finance.instalments(status, None).frame,
    )


if __name__ == "__main__":
    show()
