"""Overview: whether we are on course this quarter."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar

import pandas as pd
import streamlit as st

from dashboards import parts, queries, words
from dashboards.app_pages import campaign_roi, forecast
from dashboards.app_pages.forecast import SHOWN_HISTORY
from dashboards.definitions import define
from dashboards.parts import Page, Tile
from dashboards.periods import current_quarter
from dashboards.queries import commissions
from dashboards.words import _, markdown

FORECAST, RECEIVABLES, ROI, DATA = (
    f"app_pages/{name}.py" for name in ("forecast", "receivables", "campaign_roi", "data")
)
WEEK = timedelta(days=7)

T = TypeVar("T")


def show() -> None:
    """Lay out the page; a figure whose mart is missing stays a dash and says why."""
    page = parts.open_page(_("Overview"))
    quarter = figure(lambda: this_quarter(page))
    page.answer(sentence(page, quarter))
    shown = [
        figure(lambda: landing(page, quarter)) or missing(_("Commit forecast")),
        figure(lambda: campaigns(page)) or missing(_("Return per unit spent")),
        figure(lambda: leads(page)) or missing(_("Leads won to date")),
        figure(lambda: overdue(page)) or missing(_("Overdue share")),
        figure(lambda: owed(page)) or missing(_("Commissions")),
    ]
    parts.tiles(shown)
    pictures(page, quarter)
    left, right = st.columns(2)
    with (
        left,
        parts.card(
            "news",
            _("What changed in the last week"),
            _("Compared with {day}.").format(day=words.day(page.run.as_of_date - WEEK)),
        ),
    ):
        news(page, quarter)
    with right, parts.card("doors", _("Where to look next")):
        doors()


def figure(make: Callable[[], T | None]) -> T | None:
    """Give what ``make`` gives, or None where the published file lacks its mart."""
    try:
        return make()
    except queries.MissingMartError:
        return None


def missing(label: str) -> Tile:
    """Give the tile of a figure that is not there."""
    return Tile(
        label,
        words.NOTHING,
        _("no data yet"),
        markdown(
            _("Nothing that was exported so far gives this figure. The page of that name says which exports would.")
        ),
    )


def this_quarter(page: Page) -> tuple[str, pd.Series] | None:
    """Give the running quarter and the company's forecast of it."""
    periods = queries.forecast_periods(page.run.as_of_date)
    if periods.empty or not (periods["deals"].sum() or periods["quota_amount"].notna().any()):
        return None
    period = current_quarter(periods, page.run.as_of_date)
    rows = queries.forecast(page.run.as_of_date, period)
    return None if rows.empty else (period, rows.iloc[0])


def sentence(page: Page, quarter: tuple[str, pd.Series] | None) -> str:
    """Answer the page's question from the figures."""
    if quarter is None:
        return _("No deals were exported yet, so nothing can be said about this quarter.")
    period, row = quarter
    values = {
        "period": words.period(period),
        "won": page.money(row["won_amount"]),
        "commit": page.money(row["commit_amount"]),
        "quota": page.money(row["quota_amount"]),
        "share": words.percent(row["commit_share"]),
    }
    if words.is_missing(row["quota_amount"]):
        return _("{period}: {won} is won and commitment lands it at {commit}; no quota is set.").format(**values)
    if row["commit_amount"] >= row["quota_amount"]:
        return _("{period} is on course: commitment lands it at {commit}, {share} of the quota of {quota}.").format(
            **values
        )
    return _("{period} is not yet on course: commitment lands it at {commit}, {share} of the quota of {quota}.").format(
        **values
    )


def landing(page: Page, quarter: tuple[str, pd.Series] | None) -> Tile | None:
    """Give the commit forecast against the quota."""
    if quarter is None:
        return None
    period, row = quarter
    past = queries.forecast_history(period, page.run.as_of_date - SHOWN_HISTORY, page.run.as_of_date)[
        "commit_amount"
    ].dropna()
    remark = (
        words.period(period)
        if words.is_missing(row["commit_share"])
        else _("{share} of quota").format(share=words.percent(row["commit_share"]))
    )
    return Tile(
        _("Commit forecast"),
        page.money(row["commit_amount"]),
        remark,
        define("commit"),
        history=list(past.astype(float)),
    )


def campaigns(page: Page) -> Tile | None:
    """Give the return on spend of the last twelve months."""
    models, months = queries.roi_models(), queries.roi_months()
    if not models or not months:
        return None
    since, until = campaign_roi.span(months, page.run.as_of_date, "12")
    model = "linear" if "linear" in models else models[0]
    total = queries.roi_total(model, since, until).iloc[0]
    past = queries.roi_by_month(model, since, until)["roas_booked"].dropna()
    label = _("Return per {unit}1").format(unit=words.symbol(page.currency))
    return Tile(
        label,
        words.times(total["roas_booked"]),
        campaign_roi.span_name(since, until),
        define("roas"),
        history=list(past.astype(float)),
    )


def leads(page: Page) -> Tile | None:
    """Give the share of the last twelve months' leads that are won to date."""
    until = page.run.as_of_date
    rows = queries.leads_won(until)
    rows = rows[pd.to_datetime(rows["month"]).dt.date >= campaign_roi.back(until.replace(day=1), 11)]
    created = float(rows["created"].sum())
    if not created:
        return None
    remark = _("{won} of {created} leads").format(
        won=words.count(float(rows["won"].sum())), created=words.count(created)
    )
    return Tile(
        _("Leads won to date"),
        words.percent(float(rows["won"].sum()) / created),
        remark,
        define("lead_to_win"),
        history=list((rows["won"] / rows["created"]).dropna().astype(float)),
    )


def overdue(page: Page) -> Tile | None:
    """Give the overdue share of receivables."""
    rows = queries.receivables_kpis(page.run.as_of_date)
    if not rows["balance_amount"].abs().sum():
        return None
    month_ends = rows[pd.to_datetime(rows["reporting_date"]).dt.is_month_end]
    now = rows.iloc[-1]
    return Tile(
        _("Overdue share"),
        words.percent(now["overdue_rate"]),
        _("{amount} overdue").format(amount=page.money(now["overdue_amount"])),
        define("overdue_rate"),
        history=list(month_ends["overdue_rate"].dropna().astype(float).tail(24)),
    )


def owed(page: Page) -> Tile | None:
    """Give what is owed in commissions at the end of the newest month."""
    months = commissions.commission_months()
    if not months:
        return None
    closing = commissions.commission_bridge(months[0], "")["closing"]
    history = commissions.commission_history(months[0], "", 24)["closing"]
    return Tile(
        _("Commissions"),
        page.money(abs(closing)),
        _("Paid ahead") if closing < 0 else _("Owed"),
        define("commission_owed"),
        history=list(history.astype(float)),
    )


def pictures(page: Page, quarter: tuple[str, pd.Series] | None) -> None:
    """Draw the quarter against its quota, and spend against what it brought in."""
    months = figure(lambda: campaign_months(page))
    if quarter is None and months is None:
        return
    left, right = st.columns(2)
    if quarter is not None:
        with (
            left,
            parts.card(
                "quarter",
                quarter_title(*quarter),
                forecast.layers_caption(quarter[1]),
            ),
        ):
            forecast.by_layer(page, quarter[1])
    if months is not None:
        with (
            right,
            parts.card("spend", _("Spend and booked revenue by month"), campaign_roi.months_caption(page, "period")),
        ):
            campaign_roi.by_month(page, months, "booked", height=300)


def quarter_title(period: str, row: pd.Series) -> str:
    """Give the title of the picture of the quarter."""
    template = _("{period} so far") if words.is_missing(row["quota_amount"]) else _("{period} against quota")
    return template.format(period=words.period(period))


def campaign_months(page: Page) -> pd.DataFrame | None:
    """Give the last twelve complete months of spend and booked revenue, if there are any."""
    models, months = queries.roi_models(), queries.roi_months()
    if not models or not months:
        return None
    since, until = campaign_roi.span(months, page.run.as_of_date, "12")
    rows = queries.roi_by_month("linear" if "linear" in models else models[0], since, until)
    return None if rows.empty else rows


def news(page: Page, quarter: tuple[str, pd.Series] | None) -> None:
    """Say in sentences what moved, each with a link to its page."""
    told = [
        figure(lambda: forecast_news(page, quarter)),
        figure(lambda: receivables_news(page)),
        figure(data_news),
    ]
    lines = [line for line in told if line]
    if not lines:
        st.caption(_("Nothing to compare with yet."))
    for place, (text, target) in enumerate(lines):
        with st.container(
            horizontal=True,
            vertical_alignment="center",
            horizontal_alignment="distribute",
            key=f"news_{place}",
            wrap=False,
        ):
            st.markdown(markdown(text))
            st.page_link(target, label=_("Show"), icon=":material/arrow_forward:", icon_position="right")


def forecast_news(page: Page, quarter: tuple[str, pd.Series] | None) -> tuple[str, str] | None:
    """Compare won and commit with a week ago."""
    if quarter is None:
        return None
    period, now = quarter
    rows = queries.forecast_history(period, page.run.as_of_date - SHOWN_HISTORY, page.run.as_of_date - WEEK)
    if rows.empty:
        return None
    then = rows.iloc[-1]
    won, commit = float(now["won_amount"] - then["won_amount"]), float(now["commit_amount"] - then["commit_amount"])
    if not won and not commit:
        return _("{period}: won and commit stand where they stood.").format(period=words.period(period)), FORECAST
    return _("{period}: won {won}, commit forecast {commit}.").format(
        period=words.period(period), won=words.change(won, page.currency), commit=words.change(commit, page.currency)
    ), FORECAST


def receivables_news(page: Page) -> tuple[str, str] | None:
    """Compare receivables with a week ago."""
    rows = queries.receivables_kpis(page.run.as_of_date)
    earlier = rows[pd.to_datetime(rows["reporting_date"]).dt.date <= page.run.as_of_date - WEEK]
    if not earlier["balance_amount"].abs().sum():
        return None
    now, then = rows.iloc[-1], earlier.iloc[-1]
    return _("Open receivables {balance}, overdue {overdue}.").format(
        balance=words.change(float(now["balance_amount"] - then["balance_amount"]), page.currency),
        overdue=words.change(float(now["overdue_amount"] - then["overdue_amount"]), page.currency),
    ), RECEIVABLES


def data_news() -> tuple[str, str] | None:
    """Say how many rows were rejected."""
    rows = queries.sources()
    if rows.empty:
        return None
    lost = int(rows["rejected"].sum())
    text = (
        _("{rejected} of {rows} rows could not be read; the Data page lists them.").format(
            rejected=words.count(lost), rows=words.count(int(rows["rows_read"].sum()))
        )
        if lost
        else _("All {rows} rows could be read.").format(rows=words.count(int(rows["rows_read"].sum())))
    )
    return text, DATA


def doors() -> None:
    """Link to the pages, each with the question it answers."""
    for target, icon, name, question in (
        (ROI, "campaign", _("Campaign ROI"), _("Which activity earned its money, which did not?")),
        (FORECAST, "query_stats", _("Forecast"), _("What will the quarter land at, against quota?")),
        (RECEIVABLES, "receipt_long", _("Receivables"), _("Who owes us, since when, and does it tie?")),
        (DATA, "database", _("Data"), _("Can I trust this, how fresh is it?")),
    ):
        st.page_link(target, label=f"**{name}** · {question}", icon=f":material/{icon}:")


if __name__ == "__main__":
    show()
