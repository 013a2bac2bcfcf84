"""Orders: whether we deliver what we promised."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboards import charts, parts, words
from dashboards.definitions import define
from dashboards.downloads import Column
from dashboards.labels import plain_name
from dashboards.parts import Page, Tile
from dashboards.queries import delivery
from dashboards.words import _

KEYS = ("line",)
MONTHS = 24
YEAR = 12


def show() -> None:
    """Lay out the page."""
    page = parts.open_page(_("Orders"))
    lines = delivery.delivery_lines()
    if not lines:
        parts.empty(_("No orders yet"), ["orders", "order_lines", "shipments", "contracts"])
        return
    with page.filters("orders", KEYS):
        line = parts.choice(
            st.selectbox,
            _("Product line"),
            ["", *lines],
            "line",
            "",
            lambda code: plain_name(code) if code else _("All product lines"),
            width=190,
        )
    months = delivery.deliveries(line)
    months["day"] = [pd.Timestamp(value).date() for value in months["month"]]
    as_of = page.run.as_of_date
    past = months[(months["day"] < as_of.replace(day=1)) & (months["lines_due"] > 0)]
    late = delivery.late_backlog(line, as_of)
    figures(page, past, late)
    left, right = st.columns(2)
    with left, parts.card("otif", _("Lines on time and in full"), _("By month of the promised day.")):
        on_time(page, past.tail(MONTHS))
    with right, parts.card("backlog", _("Still to ship, by promised month"), _("Net amounts.")):
        backlog(page, months[months["backlog_amount"] > 0])
    late_table(page, line)
    contract_table(page)


def figures(page: Page, past: pd.DataFrame, late: dict[str, float]) -> None:
    """Write the answer and show the tiles."""
    year, before = past.tail(YEAR), past.iloc[:-YEAR].tail(YEAR)
    due, whole = float(year["lines_due"].sum()), float(year["whole_lines"].sum())
    rate = whole / due if due else None
    earlier = float(before["whole_lines"].sum()) / float(before["lines_due"].sum()) if len(before) else None
    values = {
        "rate": words.percent(rate),
        "lines": words.count(late["open_lines"]),
        "amount": page.money(late["late_amount"]),
    }
    page.answer(
        _(
            "{rate} of the lines of the last 12 months arrived on time and in full; late and open: {lines}, {amount}."
        ).format(**values)
        if due
        else _("No promised day has passed yet.")
    )
    parts.tiles(
        [
            Tile(
                _("On time and in full"),
                words.percent(rate),
                _("{rate} the year before").format(rate=words.percent(earlier)) if earlier is not None else None,
                define("otif"),
                history=[float(value) for value in past.tail(MONTHS)["otif_rate"]],
            ),
            Tile(
                _("Lines due"),
                words.count(due),
                _("{count} whole").format(count=words.count(whole)),
                define("lines_due"),
            ),
            Tile(_("Late and open"), words.count(late["open_lines"]), _("order lines"), define("late_lines")),
            Tile(_("Late, still to ship"), page.money(late["late_amount"]), help=define("late_lines")),
            Tile(_("Still to ship"), page.money(late["backlog_amount"]), _("promised or not"), define("backlog")),
        ]
    )


def on_time(page: Page, past: pd.DataFrame) -> None:
    """Draw the share of lines on time and in full over the months."""
    if past.empty:
        st.caption(_("No promised day has passed yet."))
        return
    rates = [float(value) for value in past["otif_rate"]]
    parts.chart(
        charts.lines(
            list(past["day"]),
            [charts.Line(_("On time and in full"), rates, charts.colours(page.mode).accent)],
            money=words.percent,
            axis_money=lambda value: words.percent(value, trim=True),
            mode=page.mode,
        ),
        "otif",
        _("{rate} in {month}").format(rate=words.percent(rates[-1]), month=words.month(past["day"].iloc[-1])),
    )


def backlog(page: Page, months: pd.DataFrame) -> None:
    """Draw what is still to ship by the month in which it was promised."""
    if months.empty:
        st.caption(_("Everything ordered has been shipped."))
        return
    amounts = list(months["backlog_amount"].astype(float))
    name = _("Still to ship")
    parts.chart(
        charts.stacked(
            list(months["day"]),
            {name: amounts},
            {name: charts.colours(page.mode).accent},
            money=page.money,
            axis_money=page.axis_money,
            mode=page.mode,
        ),
        "backlog",
        _("{amount} still to ship").format(amount=page.money(sum(amounts))),
    )


def late_table(page: Page, line: str) -> None:
    """List late lines with days and customer."""
    found = delivery.late_lines(line)
    parts.table(
        page,
        "late_order_lines",
        _("Late lines"),
        found.frame,
        [
            Column("order_line_id", _("Order line"), width=150),
            Column("account_name", _("Customer"), width=200),
            Column("product_name", _("Product")),
            Column("promised_on", _("Promised"), "date"),
            Column("completed_on", _("Complete"), "date"),
            Column("days_late", _("Days late"), "count"),
            Column("quantity", _("Ordered"), "number"),
            Column("promised_quantity", _("There in time"), "number"),
            Column("backlog_quantity", _("To ship"), "number"),
            Column("backlog_amount", _("Still to ship"), "money"),
            Column("delay_reason", _("Reason")),
        ],
        caption=_("Not in full on the promised day, most to ship first. Amounts in {currency}.").format(
            currency=page.currency
        ),
        row_total=found.total,
        everything=lambda: delivery.late_lines(line, None).frame,
    )


def contract_table(page: Page) -> None:
    """List what became of each contract."""
    found = delivery.contracts()
    parts.table(
        page,
        "contract_execution",
        _("Contracts"),
        found.frame,
        [
            Column("contract_id", _("Contract"), width=150),
            Column("account_name", _("Customer"), width=200),
            Column("owner_name", _("Owner")),
            Column("signed_on", _("Signed"), "date"),
            Column("contract_amount", _("Contract amount"), "money"),
            Column("ordered_amount", _("Ordered"), "money"),
            Column("delivered_amount", _("Delivered"), "money"),
            Column("returned_amount", _("Returned"), "money"),
            Column("invoiced_amount", _("Invoiced"), "money"),
            Column("collected_amount", _("Collected"), "money"),
            Column("overdue_amount", _("Overdue"), "money"),
            Column("to_bill_amount", _("To bill"), "money", help=define("to_bill")),
            Column("suspended_on", _("Suspended"), "date"),
            Column("terminated_on", _("Terminated"), "date"),
        ],
        caption=_("Net of tax, most to bill first. Amounts in {currency}.").format(currency=page.currency),
        row_total=found.total,
        everything=lambda: delivery.contracts(None).frame,
    )


if __name__ == "__main__":
    show()
