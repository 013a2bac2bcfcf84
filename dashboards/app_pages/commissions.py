"""Commissions: what we owe whom, and why."""

from __future__ import annotations

from datetime import date

import pandas as pd
import streamlit as st

from dashboards import charts, parts, words
from dashboards import statements as statements_files
from dashboards.definitions import define
from dashboards.downloads import Column
from dashboards.labels import plain_name
from dashboards.labels_commissions import commission_kind, commission_rule
from dashboards.parts import Page, Tile
from dashboards.queries import commissions
from dashboards.words import _, markdown

KEYS = ("month", "owner", "plan")
MONTHS = 24
YEAR = 12
STATEMENT = ("opening", *commissions.KINDS, "closing")


def show() -> None:
    """Lay out the page."""
    page = parts.open_page(_("Commissions"))
    months = commissions.commission_months()
    if not months:
        parts.empty(_("No commissions yet"), ["commission_plans", "commission_assignments", "orders", "shipments"])
        return
    month, owner, name = choose(page, months)
    amounts = commissions.commission_bridge(month, owner)
    history = commissions.commission_history(month, owner, MONTHS)
    page.answer(sentence(page, month, name, amounts))
    figures(page, amounts, history)
    tie(page, month, owner, amounts["closing"])
    if owner:
        files(page, month, owner, name, amounts)
    left, right = st.columns([3, 2])
    with left, parts.card("bridge", _("From opening to closing"), _("Pick a bar to see its lines.")):
        kind = picture(page, amounts)
    with right, parts.card("owed", _("Balance at each month's end"), balance_caption(name)):
        by_month(page, history)
    if owner:
        statements(page, history, name)
    else:
        people(page, month, amounts)
    lines(page, month, owner, kind or "")
    comparison(page, month, owner)
    outlook(page, owner)


def choose(page: Page, months: list[date]) -> tuple[date, str, str]:
    """Lay out the filters and give the month, the person's id and the person's name."""
    codes = [month.isoformat() for month in months]
    owners = commissions.commission_owners()
    with page.filters("commissions", KEYS):
        month = parts.choice(
            st.selectbox,
            _("Month"),
            codes,
            "month",
            codes[0],
            lambda code: words.month(date.fromisoformat(code)),
            width=170,
        )
        owner = parts.choice(
            st.selectbox,
            _("Owner"),
            ["", *owners],
            "owner",
            "",
            lambda code: plain_name(owners[code]) if code else _("All owners"),
            width=190,
        )
    return date.fromisoformat(month), owner, plain_name(owners[owner]) if owner else ""


def sentence(page: Page, month: date, name: str, amounts: dict[str, float]) -> str:
    """Answer the page's question from the figures."""
    values = {
        "month": words.month(month),
        "name": name,
        "owed": page.money(amounts["closing"]),
        "back": page.money(abs(amounts["closing"])),
        "earned": page.money(amounts["accrued"]),
        "paid": page.money(abs(amounts["paid"])),
        "people": words.count(amounts["people"]),
    }
    if name and amounts["closing"] < 0:
        return _(
            "{name} has had {back} more than was earned by the end of {month}; {earned} was earned in it and "
            "{paid} paid."
        ).format(**values)
    if name:
        return _("We owe {name} {owed} at the end of {month}; {earned} was earned in it and {paid} paid.").format(
            **values
        )
    if amounts["closing"] < 0:
        return _(
            "Over all, {back} more has been paid than was earned by the end of {month}; {earned} was earned in it and "
            "{paid} paid."
        ).format(**values)
    return _(
        "We owe {owed} at the end of {month}, to {people} people; {earned} was earned in it and {paid} paid."
    ).format(**values)


def figures(page: Page, amounts: dict[str, float], history: pd.DataFrame) -> None:
    """Show the tiles."""

    def past(name: str) -> list[float]:
        return [float(value) for value in history[name]]

    interest = amounts["bonus_interest"] + amounts["penalty_interest"]
    parts.tiles(
        [
            Tile(
                _("Paid ahead") if amounts["closing"] < 0 else _("Owed"),
                page.money(abs(amounts["closing"])),
                _("at the month's end"),
                define("commission_owed"),
                history=[-closing for closing in past("closing")] if amounts["closing"] < 0 else past("closing"),
            ),
            Tile(
                _("Earned"),
                page.money(amounts["accrued"]),
                _("{amount} became payable").format(amount=page.money(amounts["payable"])),
                define("commission_earned"),
                history=past("accrued"),
            ),
            Tile(
                _("Interest"),
                words.change(interest, page.currency),
                _("{bonus} early, {penalty} late").format(
                    bonus=words.change(amounts["bonus_interest"], page.currency),
                    penalty=words.change(amounts["penalty_interest"], page.currency),
                ),
                define("commission_interest"),
            ),
            Tile(
                _("Taken back"),
                page.money(amounts["clawback"]),
                _("returns, credits, refunds"),
                define("commission_clawback"),
            ),
            Tile(
                _("Paid out"),
                page.money(abs(amounts["paid"])),
                _("in the month"),
                history=[-paid for paid in past("paid")],
            ),
        ]
    )


def tie(page: Page, month: date, owner: str, closing: float) -> None:
    """Print whether the lines make what the statements close with, to the cent."""
    difference = commissions.commission_difference(month, owner)
    values = {
        "closing": words.money(closing, page.currency, cents=True),
        "difference": words.money(difference, page.currency, cents=True),
        "month": words.month(month),
    }
    if round(difference, 2) == 0:
        text = _(
            "Ties: all lines up to the end of {month} add up to {closing}, which is what the statements close with."
        )
        st.caption(f":material/check_circle: {markdown(text.format(**values))}")
    else:
        text = _("Does not tie: lines and statements differ by {difference} at the end of {month}.")
        st.markdown(f":red[:material/error: **{markdown(text.format(**values))}**]")


def files(page: Page, month: date, owner: str, name: str, amounts: dict[str, float]) -> None:
    """Offer the person's statement of the month as a workbook and on paper."""
    found = named(commissions.commission_lines(month, owner, "", None).frame)
    positions = statements_files.positions(amounts, STATEMENT)
    statement = statements_files.Statement(name, month, page.currency, page.run.run_id, positions, found)
    plain = {"type": "tertiary", "icon": ":material/download:", "on_click": "ignore"}
    kinds = {
        "xlsx": (statements_files.workbook, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        "pdf": (statements_files.paper, "application/pdf"),
    }
    with st.container(horizontal=True, vertical_alignment="center", key="statement_files"):
        for ending, (write, mime) in kinds.items():
            label = _("Statement of {month} ({kind})").format(month=words.month(month), kind=ending.upper())
            file_name = f"{statement.file_name}.{ending}"
            st.download_button(label, write(statement), file_name, mime, key=f"statement_{ending}", **plain)


def picture(page: Page, amounts: dict[str, float]) -> str | None:
    """Draw the bridge; give the kind that was clicked."""
    names = [commission_kind(code) for code in STATEMENT]
    values = [amounts[code] for code in STATEMENT]
    ends = [code in {"opening", "closing"} for code in STATEMENT]
    shown = [
        page.money(value) if is_end else words.change(value, page.currency)
        for value, is_end in zip(values, ends, strict=True)
    ]
    clicked = parts.clickable(
        charts.waterfall(names, values, shown, list(STATEMENT), ends=ends, mode=page.mode),
        "commission_bridge",
        ", ".join(f"{name} {text}" for name, text in zip(names, shown, strict=True)),
    )
    return clicked if clicked in commissions.KINDS else None


def balance_caption(name: str) -> str:
    """Say whose balance is drawn and what its sign means."""
    return _("{name}. Above zero we owe; below zero more was paid than earned.").format(name=name or _("Everybody"))


def by_month(page: Page, history: pd.DataFrame) -> None:
    """Draw what was owed, or paid ahead, at each month's end."""
    days = [pd.Timestamp(value).date() for value in history["month"]]
    owed = list(history["closing"].astype(float))
    series = [charts.Line(_("Balance"), owed, charts.colours(page.mode).accent)]
    parts.chart(
        charts.lines(days, series, money=page.money, axis_money=page.axis_money, mode=page.mode),
        "commission_owed",
        _("Balance {amount} in {month}").format(amount=page.money(owed[-1]), month=words.month(days[-1])),
    )


def amounts_of_statement() -> list[Column]:
    """Give the columns of a statement, in the order in which they add up."""
    return [
        *(Column(code, commission_kind(code), "cents", leads=code == "closing") for code in STATEMENT),
        Column("payable", commission_kind("payable"), "cents", help=define("commission_payable")),
    ]


def people(page: Page, month: date, amounts: dict[str, float]) -> None:
    """List everybody's statement of the month."""
    frame = commissions.commission_people(month, "")
    parts.table(
        page,
        "commission_people",
        _("Statements of {month}").format(month=words.month(month)),
        frame,
        [Column("owner_name", _("Owner"), width=190), *amounts_of_statement()],
        caption=_("Opening and movements add up to closing. Amounts in {currency}.").format(currency=page.currency),
        total={**amounts, "owner_name": _("Total")},
    )


def statements(page: Page, history: pd.DataFrame, name: str) -> None:
    """List one person's statements, month by month."""
    frame = history.iloc[::-1].reset_index(drop=True)
    frame["name"] = [words.month(pd.Timestamp(value).date()) for value in frame["month"]]
    parts.table(
        page,
        "commission_statements",
        _("Statements of {name}").format(name=name),
        frame,
        [Column("name", _("Month"), width=150), *amounts_of_statement()],
        caption=_("Opening and movements add up to closing. Amounts in {currency}.").format(currency=page.currency),
    )


def named(frame: pd.DataFrame) -> pd.DataFrame:
    """Put kinds and rules into words."""
    return frame.assign(kind_name=frame["kind"].map(commission_kind), rule_name=frame["rule"].map(commission_rule))


def lines(page: Page, month: date, owner: str, kind: str) -> None:
    """List the month's lines: rule, base, rate and documents, down to file and record."""
    found = commissions.commission_lines(month, owner, kind)
    parts.table(
        page,
        "commission_lines",
        f"{commission_kind(kind)} · {words.month(month)}"
        if kind
        else _("Lines of {month}").format(month=words.month(month)),
        named(found.frame),
        [
            *([] if owner else [Column("owner_name", _("Owner"), width=120)]),
            Column("moved_on", _("Day"), "date", width=115),
            Column("kind_name", _("Kind")),
            Column("rule_name", _("Rule")),
            Column("calculation", _("Calculation"), help=define("commission_base"), leads=1),
            Column("amount", _("Amount"), "cents", width=105, leads=1),
            Column("split_share", _("Share"), "percent", width=85),
            Column("account_name", _("Customer"), width=210),
            Column("order_line_id", _("Order line"), "id", width=150),
            Column("document_id", _("Document"), "id", width=150),
            Column("plan_id", _("Plan"), "id"),
            Column("plan_version", _("Version"), "count"),
            Column("file", _("File"), help=_("The exported file that the document was read from.")),
            Column(
                "row_number", _("Record"), "count", help=_("Number of the record in that file, the header not counted.")
            ),
        ],
        caption=_(
            "An arrow: a cap takes part, not all is payable yet, or cents fall so that parts add up to the whole."
        ),
        row_total=found.total,
        everything=lambda: named(commissions.commission_lines(month, owner, kind, None).frame),
    )


def comparison(page: Page, month: date, owner: str) -> None:
    """Say what every plan would have brought in the last twelve months, and one of them for each person."""
    plans = commissions.commission_comparison(month, owner, YEAR)
    if plans.empty:
        return
    plans["name"] = plans["plan_id"].map(words.number_of)
    amounts = [
        Column("actual_amount", _("Earned"), "money"),
        Column("amount", _("Under the plan"), "money"),
        Column("difference", _("Difference"), "money", leads=1),
    ]
    parts.table(
        page,
        "commission_plans",
        _("What another plan would have brought"),
        plans,
        [Column("name", _("Plan"), width=190), *amounts],
        caption=_(
            "Twelve months to {month}: each plan as if everybody had always had it, over the same sales, without what "
            "managers earn on their people. Amounts in {currency}."
        ).format(month=words.month(month), currency=page.currency),
    )
    if owner:
        return
    codes = list(plans["plan_id"])
    plan = parts.one_of(_("Plan by person"), codes, "plan", codes[0], words.number_of)
    people = commissions.commission_comparison_people(month, plan, YEAR)
    parts.table(
        page,
        "commission_plan_people",
        _("Under {plan}, by person").format(plan=words.number_of(plan)),
        people,
        [Column("owner_name", _("Owner"), width=190), *amounts],
        caption=_("Largest difference first. Amounts in {currency}.").format(currency=page.currency),
        total={
            "owner_name": _("Total"),
            **{column.name: float(people[column.name].sum()) for column in amounts},
        },
    )


def outlook(page: Page, owner: str) -> None:
    """Say what is owed now, and what open orders, receivables and pipeline would still bring."""
    frame = commissions.commission_outlook(owner)
    columns = [
        Column("payable", _("Payable"), "money"),
        Column("not_yet_payable", _("Earned, not payable yet"), "money"),
        Column("open_orders", _("From open orders"), "money"),
        Column("receivables", _("From receivables"), "money"),
        Column("pipeline", _("From the pipeline"), "money"),
        Column("everything", _("In all"), "money", leads=1),
    ]
    parts.table(
        page,
        "commission_outlook",
        _("Owed now, and what would still come"),
        frame,
        [Column("owner_name", _("Owner"), width=190), *columns],
        caption=_(
            "As of {day}. What would still come: amount still open × what the person's orders of the last 365 days "
            "earned per amount ordered. Amounts in {currency}."
        ).format(day=words.day(page.run.as_of_date), currency=page.currency),
        total={"owner_name": _("Total"), **{column.name: float(frame[column.name].sum()) for column in columns}},
    )


if __name__ == "__main__":
    show()
