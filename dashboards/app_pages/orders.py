"""Orders: whether we deliver what we promised."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboards import charts, parts, words
from dashboards.definitions import define
from dashboards.downloads import Column
from dashboards.labels import plain_name
from dashboards.labels_delivery import change_name, decision_name, policy_name
from dashboards.parts import Page, Tile
from dashboards.queries import delivery
from dashboards.words import _

KEYS = ("line",)
MONTHS = 24
YEAR = 12
AHEAD = 6
QUARTERS = 4


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
    returns_table(page, line)
    wanted(page, line)
    left, right = st.columns(2)
    with left, parts.card("policies", _("Stock, and what it would have been"), policy_caption()):
        policies(page, line)
    with right, parts.card("demand_accuracy", _("How good the demand forecast was"), accuracy_caption()):
        accuracy(page, line)
    contract_table(page)
    approval_table(page)


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
            Column("order_line_id", _("Order line"), "id", width=150),
            Column("account_name", _("Customer"), width=200, leads=1),
            Column("product_name", _("Product")),
            Column("promised_on", _("Promised"), "date"),
            Column("completed_on", _("Complete"), "date"),
            Column("days_late", _("Days late"), "count", leads=1),
            Column("quantity", _("Ordered"), "number"),
            Column("promised_quantity", _("There in time"), "number"),
            Column("backlog_quantity", _("To ship"), "number"),
            Column("backlog_amount", _("Still to ship"), "money", leads=1),
            Column("delay_reason", _("Reason")),
        ],
        caption=_("Not in full on the promised day, most to ship first. Amounts in {currency}.").format(
            currency=page.currency
        ),
        row_total=found.total,
        everything=lambda: delivery.late_lines(line, None).frame,
    )


def returns_table(page: Page, line: str) -> None:
    """Say what came back, and why."""
    frame = delivery.returns_by_reason(line, YEAR)
    if frame.empty:
        return
    frame["reason_name"] = frame["reason"].map(plain_name)
    parts.table(
        page,
        "order_returns",
        _("Returns by reason"),
        frame,
        [
            Column("reason_name", _("Reason"), width=240),
            Column("returns", _("Times returned"), "count"),
            Column("quantity", _("Pieces"), "number"),
            Column("amount", _("Amount"), "money", leads=1),
        ],
        caption=_("The last 12 months with returns, net of tax. Amounts in {currency}.").format(currency=page.currency),
    )


def wanted(page: Page, line: str) -> None:
    """Set what is wanted in the next months against what is in the house and on its way."""
    months = delivery.demand_months(line, AHEAD)
    if months.empty:
        return
    days = [pd.Timestamp(value).date() for value in months["month"]]
    names = {"backlog_quantity": _("Ordered, to ship"), "forecast_quantity": _("Expected from open deals")}
    colours = charts.colours(page.mode)
    with parts.card(
        "demand",
        _("Wanted in the next {months} months").format(months=words.count(AHEAD)),
        _("Pieces by promised month, and by expected close × calibrated probability."),
    ):
        parts.chart(
            charts.stacked(
                days,
                {name: list(months[column].astype(float)) for column, name in names.items()},
                dict(zip(names.values(), (colours.accent, colours.neutral), strict=True)),
                money=words.count,
                axis_money=words.count,
                mode=page.mode,
            ),
            "demand",
            _("{count} pieces wanted").format(
                count=words.count(float(months["backlog_quantity"].sum() + months["forecast_quantity"].sum()))
            ),
        )
    products = delivery.demand_products(line, AHEAD)
    products["shortage_quantity"] = products["shortage_quantity"].where(products["shortage_quantity"] > 0)
    products["short_name"] = [
        "" if words.is_missing(value) else words.month(pd.Timestamp(value).date()) for value in products["short_from"]
    ]
    parts.table(
        page,
        "demand_vs_inventory",
        _("Demand against stock"),
        products,
        [
            Column("product_name", _("Product"), width=200),
            Column("on_hand_quantity", _("In stock"), "number"),
            Column("incoming_quantity", _("On its way"), "number"),
            Column("backlog_quantity", _("Ordered, to ship"), "number"),
            Column("forecast_quantity", _("Expected from open deals"), "number"),
            Column("projected_quantity", _("Left then"), "number", help=define("projected"), leads=1),
            Column("days_of_cover", _("Days of cover"), "count", help=define("days_of_cover")),
            Column("short_name", _("Short from"), leads=1),
            Column("shortage_quantity", _("Missing at most"), "number", leads=1),
            Column("excess_amount", _("Too much, at cost"), "money", help=define("excess")),
        ],
        caption=_("The next {months} months, what runs short first. Amounts in {currency}.").format(
            months=words.count(AHEAD), currency=page.currency
        ),
    )


def policy_caption() -> str:
    """Say what the simulation of stock assumes."""
    return _(
        "By simulation: filled up at each month's start to what each way of planning wants for that month and the "
        "next, then given out what was really shipped. At today's cost. The white paper claims −17% with stage "
        "forecasts and −24% with orders tied to production."
    )


def policies(page: Page, line: str) -> None:
    """Draw stock as counted and by each way of planning, and say the difference with its price in late pieces."""
    frame = delivery.stock_policies(line)
    if frame.empty:
        st.caption(_("It takes stock counts at month-ends, and three months of shipments before them."))
        return
    frame["stock_amount"] = frame["stock_amount"].astype(float)
    table = frame.pivot_table(index="month", columns="policy", values="stock_amount", aggfunc="sum")
    days = [pd.Timestamp(value).date() for value in table.index]
    colours = charts.colours(page.mode)
    looks = {
        "counted": (colours.accent, "solid"),
        "forecast": (colours.second, "solid"),
        "orders": (colours.second, "dot"),
        "last_quarter": (colours.neutral, "dash"),
    }
    parts.chart(
        charts.lines(
            days,
            [charts.Line(policy_name(code), list(table[code]), *look) for code, look in looks.items()],
            money=page.money,
            axis_money=page.axis_money,
            mode=page.mode,
        ),
        "policies",
        _("Stock by month, as counted and by three ways of planning"),
    )
    last = frame[frame["month"].isin(table.index[-YEAR:])].groupby("policy")
    means = last["stock_amount"].sum() / min(len(table), YEAR)
    owed = last["shortage_quantity"].sum().astype(float) / last["shipped_quantity"].sum().astype(float)
    for code in ("forecast", "orders", "last_quarter"):
        st.markdown(
            words.markdown(
                _(
                    "{policy}: {change} stock on average in the last 12 months; {owed} of the pieces a month late."
                ).format(
                    policy=policy_name(code),
                    change=words.percent(means[code] / means["counted"] - 1 if means["counted"] else None, signed=True),
                    owed=words.percent(owed[code]),
                )
            )
        )


def accuracy_caption() -> str:
    """Say what is held against what."""
    return _(
        "Known on the day before each quarter, against what it shipped: size of the errors over pieces shipped "
        "(WAPE), beside simply expecting the quarter before again."
    )


def accuracy(page: Page, line: str) -> None:
    """Draw the forecast's error by quarter beside that of repeating the last one."""
    frame = delivery.demand_accuracy(line)
    quarters = frame[frame["period"] != "all"]
    if quarters.empty:
        st.caption(_("It takes two whole quarters with shipments."))
        return
    judged = quarters[quarters["wape"].notna()].tail(2 * QUARTERS)
    rates = [float(value) for value in judged["wape"]]
    names = [
        f"{words.period(period)} · {policy_name(method)}"
        for period, method in zip(judged["period"], judged["method"], strict=True)
    ]
    parts.chart(
        charts.bars(names, rates, [words.percent(rate) for rate in rates], mode=page.mode),
        "demand_accuracy",
        _("Error of the demand forecast by quarter"),
    )
    for row in frame[frame["period"] == "all"].itertuples():
        st.markdown(
            words.markdown(
                _("{method}: error {wape}, bias {bias} over all quarters.").format(
                    method=policy_name(str(row.method)),
                    wape=words.percent(row.wape),
                    bias=words.percent(row.bias, signed=True),
                )
            )
        )


def approval_table(page: Page) -> None:
    """List approval steps with the hours that each waited."""
    found = delivery.approvals()
    if found.frame.empty:
        return

    def named(frame: pd.DataFrame) -> pd.DataFrame:
        return frame.assign(decision_name=frame["decision"].map(decision_name))

    parts.table(
        page,
        "contract_approvals",
        _("Approval steps"),
        named(found.frame),
        [
            Column("contract_id", _("Contract"), "id", width=150),
            Column("account_name", _("Customer"), width=200),
            Column("step", _("Step"), "count"),
            Column("approver_name", _("Approver"), leads=1),
            Column("requested_at", _("Requested"), "moment"),
            Column("decided_at", _("Decided"), "moment"),
            Column("decision_name", _("Decision")),
            Column("hours_waited", _("Hours waited"), "number", help=define("hours_waited"), leads=1),
            Column("is_waiting", _("Waits"), "flag"),
            Column("is_late", _("Late"), "flag"),
        ],
        caption=_("Those that wait first, then the longest."),
        row_total=found.total,
        everything=lambda: named(delivery.approvals(None).frame),
    )


def contract_parts(page: Page, contract: str) -> None:
    """Open a contract into its batches and dated changes."""
    batches, changes = delivery.contract_parts(contract)
    changes["kind_name"] = changes["kind"].map(change_name)
    parts.table(
        page,
        "contract_batches",
        _("Batches of {contract}").format(contract=contract),
        batches,
        [
            Column("shipment_id", _("Shipment"), "id", width=150),
            Column("shipped_on", _("Shipped"), "date"),
            Column("delivered_on", _("Delivered"), "date"),
            Column("invoiced_on", _("Invoiced"), "date"),
            Column("shipped_amount", _("Shipped, amount"), "money"),
            Column("delivered_amount", _("Delivered, amount"), "money", leads=1),
            Column("invoiced_amount", _("Invoiced, amount"), "money", leads=1),
            Column("collected_amount", _("Collected"), "money"),
            Column("overdue_amount", _("Overdue"), "money"),
        ],
        caption=_("Net of tax; invoices without a shipment are (none). Amounts in {currency}.").format(
            currency=page.currency
        ),
    )
    parts.table(
        page,
        "contract_changes",
        _("Changes of {contract}").format(contract=contract),
        changes,
        [
            Column("moved_on", _("Day"), "date", width=140),
            Column("kind_name", _("Change")),
            Column("amount", _("Amount"), "money"),
            Column("amount_to_here", _("Contract amount after it"), "money"),
        ],
        caption=_("Amounts in {currency}.").format(currency=page.currency),
    )


def contract_table(page: Page) -> None:
    """List what became of each contract; one that is picked opens into its batches and changes."""
    found = delivery.contracts()
    picked = parts.table(
        page,
        "contract_execution",
        _("Contracts"),
        found.frame,
        [
            Column("contract_id", _("Contract"), "id", width=150),
            Column("account_name", _("Customer"), width=200, leads=1),
            Column("owner_name", _("Owner")),
            Column("signed_on", _("Signed"), "date"),
            Column("contract_amount", _("Contract amount"), "money", leads=1),
            Column("ordered_amount", _("Ordered"), "money"),
            Column("delivered_amount", _("Delivered"), "money"),
            Column("returned_amount", _("Returned"), "money"),
            Column("invoiced_amount", _("Invoiced"), "money"),
            Column("collected_amount", _("Collected"), "money"),
            Column("overdue_amount", _("Overdue"), "money"),
            Column("to_bill_amount", _("To bill"), "money", help=define("to_bill"), leads=1),
            Column("suspended_on", _("Suspended"), "date"),
            Column("terminated_on", _("Terminated"), "date"),
        ],
        caption=_(
            "Net of tax, most to bill first; pick a row to see its batches and changes. Amounts in {currency}."
        ).format(currency=page.currency),
        row_total=found.total,
        everything=lambda: delivery.contracts(None).frame,
        selectable=True,
    )
    if picked is not None and 0 <= picked[0] < len(found.frame):
        contract_parts(page, str(found.frame["contract_id"].iloc[picked[0]]))


if __name__ == "__main__":
    show()
