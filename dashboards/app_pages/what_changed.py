"""What changed: why the open pipeline moved between two days."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd
import streamlit as st

from dashboards import charts, parts, words
from dashboards.definitions import define
from dashboards.downloads import Column
from dashboards.labels import plain_name
from dashboards.labels_sales import step_name
from dashboards.parts import Page, Tile
from dashboards.periods import arranged, current_quarter
from dashboards.queries import sales
from dashboards.words import _, markdown, ngettext

KEYS = ("period", "since", "until", "owner")
SHOWN_WEEKS = 53
SHOWN_HISTORY = timedelta(weeks=26)
WEEK = timedelta(weeks=1)
START = "start"


def show() -> None:
    """Lay out the page."""
    page = parts.open_page(_("What changed"))
    known, days = sales.change_periods(), sales.change_days()
    if known.empty or not days:
        parts.empty(_("No deals yet, so nothing has changed"), ["opportunities", "opportunity_history"])
        return
    period, owner, since, until = choose(page, known, days)
    steps = sales.waterfall(period, owner, since, until)
    amounts = dict(zip(steps["step"].astype(str), steps["amount"].astype(float), strict=True))
    page.answer(sentence(page, period, since, until, amounts))
    figures(page, amounts)
    tie(page, period, owner, until, amounts["closing"])
    left, right = st.columns([3, 2])
    with left, parts.card("waterfall", _("From opening to closing"), _("Pick a bar to see the deals behind it.")):
        clicked = picture(page, steps)
    with right, parts.card("weeks", _("Open pipeline week by week"), words.period(period)):
        by_week(page, period, owner, until)
    picked = listed(page, steps, since, until)
    step = newest(clicked, picked)
    if step:
        deals(page, (period, owner, since, until), step)


def choose(page: Page, known: pd.DataFrame, days: list[date]) -> tuple[str, str, date, date]:
    """Lay out the filters and give period, owner, and the days between which to compare."""
    codes = [day.isoformat() for day in days[:SHOWN_WEEKS]]
    with page.filters("what_changed", KEYS):
        periods, default = arranged(known), current_quarter(known, page.run.as_of_date)
        period = parts.choice(st.selectbox, _("Period"), periods, "period", default, words.period, width=200)
        start = first_day(known, period)
        since = parts.choice(
            st.selectbox,
            _("Changes since the end of"),
            [*codes[1:], START] if len(codes) > 1 else [START],
            "since",
            week_before(days[:SHOWN_WEEKS]),
            lambda code: start_name(start) if code == START else words.day(date.fromisoformat(code)),
            width=230,
        )
        until = parts.choice(
            st.selectbox,
            _("Up to"),
            codes,
            "until",
            codes[0],
            lambda code: words.day(date.fromisoformat(code)),
            width=150,
        )
        owners = sales.change_owners(period)
        owner = parts.choice(
            st.selectbox,
            _("Owner"),
            ["", *owners],
            "owner",
            "",
            lambda code: plain_name(owners[code]) if code else _("All owners"),
            width=170,
        )
    opens = (start - timedelta(days=1) if start else date.min) if since == START else date.fromisoformat(since)
    return period, owner, opens, date.fromisoformat(until)


def week_before(days: list[date]) -> str:
    """Give the newest day at least a week before the newest, else the oldest; with fewer than two, the start."""
    if not days[1:]:
        return START
    return next((day for day in days if days[0] - day >= WEEK), days[-1]).isoformat()


def first_day(known: pd.DataFrame, period: str) -> date | None:
    """Give the first day of a period; None where it has none."""
    found = known.loc[known["period"] == period, "period_starts_on"]
    return None if found.empty or words.is_missing(found.iloc[0]) else pd.Timestamp(found.iloc[0]).date()


def start_name(start: date | None) -> str:
    """Name the longest span: since the period began, or since the first deal."""
    return _("The period's start") if start else _("The first deal")


def sentence(page: Page, period: str, since: date, until: date, amounts: dict[str, float]) -> str:
    """Answer the page's question from the figures."""
    moved = {step: amount for step, amount in amounts.items() if step not in {"opening", "closing"} and amount}
    values = {
        "period": words.period(period),
        "opening": page.money(amounts["opening"]),
        "closing": page.money(amounts["closing"]),
        "since": words.day(since) if since > date.min else start_name(None).lower(),
        "until": words.day(until),
    }
    if not moved:
        return _("{period}: nothing moved between {since} and {until}; {closing} is open.").format(**values)
    largest = max(moved, key=lambda step: abs(moved[step]))
    values |= {"step": step_name(largest).lower(), "amount": words.change(moved[largest], page.currency)}
    if round(amounts["closing"] - amounts["opening"], 2) > 0:
        return _(
            "{period}: the open pipeline rose from {opening} to {closing} since {since}; the largest step is {step} "
            "({amount})."
        ).format(**values)
    if round(amounts["closing"] - amounts["opening"], 2) < 0:
        return _(
            "{period}: the open pipeline fell from {opening} to {closing} since {since}; the largest step is {step} "
            "({amount})."
        ).format(**values)
    return _("{period}: the open pipeline is {closing} as it was on {since}, though deals moved.").format(**values)


def figures(page: Page, amounts: dict[str, float]) -> None:
    """Show the tiles."""

    def together(*steps: str) -> str:
        return words.change(sum(amounts.get(step, 0.0) for step in steps), page.currency)

    parts.tiles(
        [
            Tile(_("New"), together("created", "reopened"), _("created and reopened"), define("created")),
            Tile(
                _("Grown or shrunk"),
                together("increased", "decreased", "fx"),
                _("amounts and exchange rates"),
                define("resized"),
            ),
            Tile(_("Dates moved"), together("pulled_in", "pushed_out"), _("in and out of the period"), define("moved")),
            Tile(_("Won out of it"), together("won"), _("left the pipeline"), define("won_step")),
            Tile(
                _("Lost or dropped"),
                together("lost", "omitted", "deleted"),
                _("lost, omitted, deleted"),
                define("dropped"),
            ),
        ]
    )


def tie(page: Page, period: str, owner: str, until: date, closing: float) -> None:
    """Print whether opening and movements make the pipeline that was counted on that day, to the cent."""
    stated = sales.stated_closing(period, owner, until)
    values = {
        "closing": words.money(closing, page.currency, cents=True),
        "stated": words.money(stated, page.currency, cents=True),
        "day": words.day(until),
    }
    if round(closing - stated, 2) == 0:
        text = _("Ties: all movements up to {day} add up to {closing}, the open pipeline counted on that day.")
        st.caption(f":material/check_circle: {markdown(text.format(**values))}")
    else:
        text = _("Does not tie: all movements up to {day} add up to {closing}, but {stated} is open on that day.")
        st.markdown(f":red[:material/error: **{markdown(text.format(**values))}**]")


def picture(page: Page, steps: pd.DataFrame) -> str | None:
    """Draw the waterfall; give the step that was clicked."""
    codes = list(steps["step"].astype(str))
    values = list(steps["amount"].astype(float))
    names = [step_name(code) for code in codes]
    ends = {"opening", "closing"}
    shown = [
        page.money(value) if code in ends else words.change(value, page.currency)
        for code, value in zip(codes, values, strict=True)
    ]
    return parts.clickable(
        charts.waterfall(names, values, shown, codes, ends=[code in ends for code in codes], mode=page.mode),
        "waterfall",
        ", ".join(f"{name} {text}" for name, text in zip(names, shown, strict=True)),
    )


def by_week(page: Page, period: str, owner: str, until: date) -> None:
    """Draw the open pipeline over the weeks."""
    rows = sales.pipeline_by_week(period, owner, until - SHOWN_HISTORY, until)
    days = [pd.Timestamp(value).date() for value in rows["week"]]
    series = [charts.Line(_("Open pipeline"), list(rows["amount"].astype(float)), charts.colours(page.mode).accent)]
    parts.chart(
        charts.lines(days, series, money=page.money, axis_money=page.axis_money, mode=page.mode, monthly=False),
        "weeks",
        _("Open pipeline {amount} on {day}").format(
            amount=page.money(float(rows["amount"].iloc[-1])), day=words.day(days[-1])
        ),
    )


def listed(page: Page, steps: pd.DataFrame, since: date, until: date) -> str | None:
    """List the steps; give the one that was picked."""
    frame = steps.assign(name=steps["step"].map(step_name))
    opened = words.day(since) if since > date.min else start_name(None)
    picked = parts.table(
        page,
        "steps",
        _("Steps"),
        frame,
        [
            Column("name", _("Step"), width=190),
            Column("amount", _("Amount"), "money"),
            Column("deals", _("Deals"), "count"),
        ],
        caption=_("From {since} to {until}. Pick a row to see its deals. Amounts in {currency}.").format(
            since=opened, until=words.day(until), currency=page.currency
        ),
        selectable=True,
    )
    return None if picked is None or not 0 <= picked[0] < len(frame) else str(frame.iloc[picked[0]]["step"])


def newest(clicked: str | None, picked: str | None) -> str | None:
    """Give the step chosen last: in the picture or in the list."""
    before = st.session_state.get("_steps", (None, None))
    st.session_state["_steps"] = (clicked, picked)
    if clicked != before[0]:
        chosen = clicked or picked
    elif picked != before[1]:
        chosen = picked or clicked
    else:
        chosen = st.session_state.get("_step")
    chosen = chosen if chosen in {clicked, picked} else clicked or picked
    st.session_state["_step"] = chosen
    return chosen


def deals(page: Page, span: tuple[str, str, date, date], step: str) -> None:
    """List the deals behind a step, down to file and record."""
    found = sales.step_deals(*span, step)
    rows = found.frame
    rows["opportunity_name"] = rows["opportunity_name"].fillna(rows["opportunity_id"])
    rows["other"] = [
        None if words.is_missing(value) else words.month(pd.Timestamp(value).date()) for value in rows["other_month"]
    ]
    counted = ngettext("{count} row, {amount}.", "{count} rows, {amount}.", found.total).format(
        count=words.count(found.total), amount=words.money(float(rows["amount"].sum()), page.currency, cents=True)
    )
    other = _("To month") if step == "pushed_out" else _("From month")
    parts.table(
        page,
        "deals",
        f"{step_name(step)} · {words.period(span[0])}",
        rows,
        [
            Column("opportunity_name", _("Deal"), width=220),
            Column("owner_name", _("Owner")),
            Column("moved_on", _("Day") if step not in {"opening", "closing"} else _("Last moved"), "date"),
            Column("amount", _("Amount"), "money", leads=1),
            *([Column("other", other)] if step in {"pulled_in", "pushed_out"} else []),
            Column("opportunity_id", _("Id"), "id"),
            Column("file", _("File"), help=_("The exported file that the deal was read from last.")),
            Column(
                "row_number", _("Record"), "count", help=_("Number of the record in that file, the header not counted.")
            ),
        ],
        caption=counted,
        row_total=found.total,
        everything=lambda: sales.step_deals(*span, step, None).frame.assign(other=None),
    )


if __name__ == "__main__":
    show()
