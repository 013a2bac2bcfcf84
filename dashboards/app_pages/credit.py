"""Credit: whom we trust, and why."""

from __future__ import annotations

from datetime import date
from typing import Final

import pandas as pd
import streamlit as st

from dashboards import charts, parts, words
from dashboards.definitions import define
from dashboards.downloads import Column
from dashboards.labels import document_name
from dashboards.labels_finance import grade_name
from dashboards.parts import Page, Tile
from dashboards.queries import finance
from dashboards.words import _, ngettext

KEYS: Final = ("on", "shown", "grade")
MONTHS: Final = 24
WORST: Final = 2
PARTS: Final = ("open_order_amount", "delivered_not_invoiced_amount", "invoiced_amount", "unapplied_amount")


def show() -> None:
    """Lay out the page."""
    page = parts.open_page(_("Credit"))
    days = finance.credit_dates()
    if not days:
        parts.empty(_("No customers to rate yet"), ["orders", "shipments", "invoices", "payments", "account_limits"])
        return
    newest = page.run.as_of_date if page.run.as_of_date in days else days[0]
    with page.filters("credit", KEYS):
        code = parts.choice(
            st.selectbox,
            _("As of"),
            [day.isoformat() for day in days],
            "on",
            newest.isoformat(),
            lambda value: words.day(date.fromisoformat(value)),
            width=135,
        )
        on = date.fromisoformat(code)
        grades = finance.credit_by_grade(on)
        grades["grade"] = grades["grade"].fillna("none").astype(str)
        shown = parts.choice(
            st.selectbox,
            _("Customers"),
            ["", "over_limit", "fell", "high_value", "high_credit"],
            "shown",
            "",
            shown_name,
            width=190,
        )
        grade = parts.choice(
            st.selectbox,
            _("Grade"),
            ["", *grades["grade"]],
            "grade",
            "",
            lambda value: grade_name(value) if value else _("All grades"),
            width=140,
        )
    figures(page, on, grades)
    has_limits = bool(grades["limit_amount"].fillna(0).astype(float).sum())
    title = _("Exposure against limit by grade") if has_limits else _("Exposure by grade")
    caption = _("Share used of the limits of all customers of the grade.") if has_limits else None
    with parts.card("grades", title, caption):
        by_grade(page, grades, has_limits=has_limits)
    customers(page, on, shown, grade)


def shown_name(code: str) -> str:
    """Give the name of a choice of customers."""
    known = {
        "over_limit": _("Over their limit"),
        "fell": _("Grade fell"),
        "high_value": _("High value"),
        "high_credit": _("Best grade"),
    }
    return known.get(code) or _("All customers")


def figures(page: Page, on: date, grades: pd.DataFrame) -> None:
    """Write the answer and show the tiles."""
    total = finance.credit_total(on)
    history = finance.credit_history(on, MONTHS)
    exposure = float(total["exposure_amount"])
    rated = grades[grades["grade"] != "none"]
    worst = rated.tail(WORST if len(rated) > WORST else 1)
    risky = float(worst["exposure_amount"].astype(float).sum())
    over = int(total["over_limit"])
    values = {
        "exposure": page.money(exposure),
        "over": words.count(over),
        "excess": page.money(float(total["over_limit_amount"])),
        "grades": _(" and ").join(worst["grade"]),
        "risky": page.money(risky),
    }
    if not len(worst):
        page.answer(_("{exposure} is at stake; no customer has settled enough invoices for a grade.").format(**values))
    elif over:
        page.answer(
            ngettext(
                "{exposure} is at stake; {over} customer is over the limit, by {excess}, and {risky} is with grade "
                "{grades}.",
                "{exposure} is at stake; {over} customers are over their limit, by {excess}, and {risky} is with grade "
                "{grades}.",
                over,
            ).format(**values)
        )
    else:
        page.answer(
            _("{exposure} is at stake, all within limits; {risky} of it is with grade {grades}.").format(**values)
        )
    limit = None if words.is_missing(total["limit_amount"]) else float(total["limit_amount"])
    parts.tiles(
        [
            Tile(
                _("Exposure"),
                page.money(exposure),
                _("of {limit} in limits").format(limit=page.money(limit)) if limit else _("no limit given"),
                define("exposure"),
                history=list(history["exposure_amount"].astype(float)),
            ),
            Tile(
                _("Over their limit"),
                words.count(over),
                _("{amount} above").format(amount=page.money(float(total["over_limit_amount"]))),
                define("limit"),
            ),
            Tile(
                _("Days beyond terms"),
                words.count(None if words.is_missing(total["days_beyond_terms"]) else total["days_beyond_terms"], 1),
                None,
                define("days_beyond_terms"),
                history=list(history["days_beyond_terms"].dropna().astype(float)),
            ),
            Tile(
                _("Paid on time"),
                words.percent(None if words.is_missing(total["on_time_rate"]) else total["on_time_rate"]),
                _("by amount, 365 days"),
                define("on_time"),
            ),
            Tile(
                _("Grades fallen"),
                words.count(int(total["fell"])),
                _("{count} risen").format(count=words.count(int(total["rose"]))),
                define("grade"),
            ),
        ]
    )


def by_grade(page: Page, grades: pd.DataFrame, *, has_limits: bool) -> None:
    """Draw what share of their limits the customers of each grade use; where nobody has one, their exposure."""
    exposures = list(grades["exposure_amount"].astype(float))
    limits = list(grades["limit_amount"].fillna(0).astype(float))
    names = [
        f"{grade_name(grade)} · "
        + ngettext("{count} customer", "{count} customers", int(count)).format(count=words.count(int(count)))
        for grade, count in zip(grades["grade"], grades["accounts"], strict=True)
    ]
    shares = [exposure / limit if limit else 0.0 for exposure, limit in zip(exposures, limits, strict=True)]
    shown = [
        _("{exposure} of {limit} · {share}").format(
            exposure=page.money(exposure),
            limit=page.money(limit or None),
            share=words.percent(share if limit else None),
        )
        for exposure, limit, share in zip(exposures, limits, shares, strict=True)
    ]
    figure = (
        charts.bars(names, shares, shown, mode=page.mode, bad_above=1.0, two_lines=True)
        if has_limits
        else charts.bars(names, exposures, [page.money(amount) for amount in exposures], mode=page.mode, two_lines=True)
    )
    parts.chart(
        figure,
        "grades",
        _("Exposure {amount}").format(amount=page.money(sum(exposures))),
    )


def customers(page: Page, on: date, shown: str, grade: str) -> None:
    """List the customers; a picked one opens his file."""
    found = finance.credit_accounts(on, shown, grade)
    if not found.total:
        parts.nothing_found([text for text in (shown_name(shown) if shown else "", grade) if text])
        return
    picked = parts.table(
        page,
        "credit",
        _("Customers"),
        found.frame,
        [
            Column("account_name", _("Customer"), width=210),
            Column("grade", _("Grade"), leads=1),
            Column("previous_grade", _("Before"), help=_("Grade at the reporting date before.")),
            Column("exposure_amount", _("Exposure"), "money", help=define("exposure"), leads=1),
            Column("limit_amount", _("Limit"), "money"),
            Column("free_amount", _("Free"), "money", help=define("limit")),
            Column("overdue_amount", _("Overdue"), "money"),
            Column("days_beyond_terms", _("Days beyond terms"), "number", help=define("days_beyond_terms")),
            Column("on_time_rate", _("On time"), "percent", help=define("on_time"), leads=1),
            Column("broken_promises", _("Broken promises"), "count", help=define("promise")),
            Column("disputed_amount", _("Disputed"), "money"),
            Column("revenue_12m_amount", _("Revenue, 12 months"), "money"),
            Column("is_high_value", _("High value"), "flag", help=define("high_value")),
            Column("owner_name", _("Owner")),
        ],
        caption=_("{day}, largest exposure first. Pick a row for the customer's file. Amounts in {currency}.").format(
            day=words.day(on), currency=page.currency
        ),
        row_total=found.total,
        everything=lambda: finance.credit_accounts(on, shown, grade, None).frame,
        selectable=True,
    )
    if picked is not None and 0 <= picked[0] < len(found.frame):
        file_of(page, on, str(found.frame.iloc[picked[0]]["account_id"]))


def part_name(name: str) -> str:
    """Give the name of a part of the exposure."""
    return {
        "open_order_amount": _("Open orders"),
        "delivered_not_invoiced_amount": _("Delivered, not invoiced"),
        "invoiced_amount": _("Invoiced, open"),
        "unapplied_amount": _("Money not applied"),
    }[name]


def file_of(page: Page, on: date, account_id: str) -> None:
    """Show one customer's file: parts of the exposure, record, grades over time, open documents."""
    rows = finance.credit_file(account_id, on)
    now = rows.iloc[-1]
    grade = "" if words.is_missing(now["grade"]) else str(now["grade"])
    title = f"{words.name_of(str(now['account_name']))} · {grade_name(grade)}"
    with parts.card("file", title, reason(now)):
        left, right = st.columns(2)
        signs = dict.fromkeys(PARTS, 1.0) | {"unapplied_amount": -1.0}
        amounts = [signs[name] * float(now[name]) for name in PARTS]
        with left:
            parts.chart(
                charts.bars(
                    [part_name(name) for name in PARTS],
                    amounts,
                    [page.money(amount) for amount in amounts],
                    mode=page.mode,
                ),
                "file_parts",
                _("Exposure {amount}").format(amount=page.money(float(now["exposure_amount"]))),
            )
        with right:
            over_time(page, rows)
    documents = finance.open_documents(account_id) if on == page.run.as_of_date else None
    if documents is not None and documents.total:
        documents.frame["document_kind"] = documents.frame["document_kind"].map(document_name)
        parts.table(
            page,
            "credit_documents",
            _("Open documents"),
            documents.frame,
            [
                Column("document_id", _("Document"), "id"),
                Column("document_kind", _("Kind")),
                Column("issued_on", _("Issued"), "date"),
                Column("due_on", _("Due"), "date"),
                Column("days_past_due", _("Days late"), "count", leads=1),
                Column("balance_amount", _("Open"), "money", leads=1),
                Column("is_disputed", _("Disputed"), "flag"),
                Column("file", _("File"), help=_("The exported file that the document was read from.")),
                Column(
                    "row_number",
                    _("Record"),
                    "count",
                    help=_("Number of the record in that file, the header not counted."),
                ),
            ],
            row_total=documents.total,
        )


def over_time(page: Page, rows: pd.DataFrame) -> None:
    """Draw exposure and limit at the month-ends, and say the grades."""
    days = pd.to_datetime(rows["reporting_date"])
    monthly = rows[days.dt.is_month_end | (days == days.max())].tail(MONTHS)
    palette = charts.colours(page.mode)
    limits = [None if words.is_missing(value) else float(value) for value in monthly["limit_amount"]]
    series = [charts.Line(_("Exposure"), list(monthly["exposure_amount"].astype(float)), palette.accent)]
    if any(value is not None for value in limits):
        series.append(charts.Line(_("Limit"), limits, palette.neutral, "dot"))
    parts.chart(
        charts.lines(
            [pd.Timestamp(value).date() for value in monthly["reporting_date"]],
            series,
            money=page.money,
            axis_money=page.axis_money,
            mode=page.mode,
        ),
        "file_history",
        _("Exposure over time"),
    )
    grades = monthly["grade"].fillna("")
    changed = monthly[grades.ne(grades.shift()) & grades.ne("")].tail(6)
    if len(changed):
        steps = [
            f"{words.month(pd.Timestamp(day).date(), short=True)} {grade}"
            for day, grade in zip(changed["reporting_date"], changed["grade"], strict=True)
        ]
        st.caption(words.markdown(_("Grades: {steps}").format(steps=" → ".join(steps))))


def reason(row: pd.Series) -> str:
    """Give a grade in words, and what the next better one asks."""
    if words.is_missing(row["grade"]):
        return _("Not graded: {count} invoices settled in 365 days, too few.").format(
            count=words.count(int(row["settled_invoices"]))
        )
    text = _("{days} days beyond terms, {on_time} paid on time, {overdue} of the open items overdue.").format(
        days=words.count(float(row["days_beyond_terms"]), 1),
        on_time=words.percent(float(row["on_time_rate"])),
        overdue=words.percent(float(row["overdue_rate"])),
    )
    lacks = []
    if not words.is_missing(row["lacking_days"]):
        lacks.append(_("at most {days} days beyond terms").format(days=words.count(float(row["lacking_days"]), 1)))
    if not words.is_missing(row["lacking_on_time_rate"]):
        lacks.append(_("at least {share} on time").format(share=words.percent(float(row["lacking_on_time_rate"]))))
    if not words.is_missing(row["lacking_overdue_rate"]):
        lacks.append(_("at most {share} overdue").format(share=words.percent(float(row["lacking_overdue_rate"]))))
    if not lacks:
        return text
    return f"{text} " + _("For {grade} it takes: {lacks}.").format(grade=row["better_grade"], lacks=_(", ").join(lacks))


if __name__ == "__main__":
    show()
