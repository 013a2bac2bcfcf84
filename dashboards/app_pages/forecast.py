"""Forecast: what the quarter will land at, against quota."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd
import streamlit as st

from dashboards import charts, parts, queries, words
from dashboards.definitions import define
from dashboards.downloads import Column
from dashboards.labels import level_name, plain_name
from dashboards.parts import Page, Tile
from dashboards.periods import arranged, current_quarter
from dashboards.words import _

SHOWN_HISTORY = timedelta(weeks=26)


def show() -> None:
    """Lay out the page."""
    page = parts.open_page(_("Forecast"))
    as_of = page.run.as_of_date
    known = queries.forecast_periods(as_of)
    if known.empty or not (known["deals"].sum() or known["quota_amount"].notna().any()):
        parts.empty(_("No deals in the periods that run now or later"), ["opportunities", "users", "quotas"])
        return
    periods, default = arranged(known), current_quarter(known, as_of)
    with page.filters("forecast", ["period", "level"]):
        period = parts.choice(st.selectbox, _("Period"), periods, "period", default, words.period, width=220)
        levels = queries.forecast_levels(as_of, period)
        level = parts.one_of(_("Level"), levels, "level", levels[0], level_name) if levels else ""
    rows = queries.forecast(as_of, period)
    if rows.empty:
        parts.nothing_found([f"{_('Period')}: {words.period(period)}"])
        return
    row = rows.iloc[0]
    page.answer(sentence(page, period, row))
    history = queries.forecast_history(period, as_of - SHOWN_HISTORY, as_of)
    figures(page, row, history)
    left, right = st.columns(2)
    with (
        left,
        parts.card(
            "layers",
            layers_title(row),
            layers_caption(row),
        ),
    ):
        by_layer(page, row)
    with (
        right,
        parts.card(
            "weeks",
            _("How the forecast moved"),
            _("{period}, as it stood on each date.").format(period=words.period(period)),
        ),
    ):
        by_week(page, history)
    if level:
        by_member(page, period, level, row)


def sentence(page: Page, period: str, row: pd.Series) -> str:
    """Answer the page's question from the figures."""
    values = {
        "period": words.period(period),
        "won": page.money(row["won_amount"]),
        "commit": page.money(row["commit_amount"]),
        "quota": page.money(row["quota_amount"]),
        "share": words.percent(row["commit_share"]),
        "weighted": page.money(row["stage_weighted_amount"]),
    }
    if not row["open_amount"] and words.is_missing(row["quota_amount"]):
        return _("{period}: {won} is won and nothing is open. No quota is set.").format(**values)
    if words.is_missing(row["quota_amount"]):
        return _(
            "{period} lands at {commit} by commitment and {weighted} by stage; {won} of it is won. No quota is set."
        ).format(**values)
    if row["won_amount"] >= row["quota_amount"]:
        return _("{period} has passed its quota of {quota}: {won} is won, and commitment lands it at {commit}.").format(
            **values
        )
    return _("{period} lands at {commit} by commitment, {share} of the quota of {quota}; {won} of it is won.").format(
        **values
    )


def figures(page: Page, row: pd.Series, history: pd.DataFrame) -> None:
    """Show the tiles."""
    has_quota = not words.is_missing(row["quota_amount"])

    def share(value: float) -> str | None:
        return (
            _("{share} of quota").format(share=words.percent(value / row["quota_amount"]))
            if has_quota and row["quota_amount"]
            else None
        )

    def past(name: str) -> list[float]:
        return list(history[name].dropna().astype(float))

    quota = _("quota {quota}").format(quota=page.money(row["quota_amount"])) if has_quota else _("no quota set")
    parts.tiles(
        [
            Tile(
                _("Won"),
                page.money(row["won_amount"]),
                share(row["won_amount"]),
                define("won"),
                history=past("won_amount"),
            ),
            Tile(
                _("Commit forecast"),
                page.money(row["commit_amount"]),
                share(row["commit_amount"]),
                define("commit"),
                history=past("commit_amount"),
            ),
            Tile(
                _("Stage-weighted forecast"),
                page.money(row["stage_weighted_amount"]),
                share(row["stage_weighted_amount"]),
                define("stage_weighted"),
                history=past("stage_weighted_amount"),
            ),
            landing(page, row)
            or Tile(_("Gap to quota"), page.money(row["gap_amount"]), quota, define("gap"), history=past("gap_amount")),
            Tile(
                _("Coverage of the gap"),
                words.times(row["coverage"]),
                _("{amount} open").format(amount=page.money(row["open_amount"])),
                define("coverage"),
                history=past("coverage"),
            ),
        ]
    )


def landing(page: Page, row: pd.Series) -> Tile | None:
    """Give where the period will land and how sure that is, where it is estimated."""
    if words.is_missing(row["landing_p50"]):
        return None
    return Tile(
        _("Landing"),
        page.money(row["landing_p50"]),
        _("8 in 10: {low} – {high}").format(low=page.money(row["landing_p10"]), high=page.money(row["landing_p90"])),
        define("landing"),
    )


def layers_title(row: pd.Series) -> str:
    """Give the title of the picture of the layers."""
    return _("Ways of counting") if words.is_missing(row["quota_amount"]) else _("Ways of counting against quota")


def layers_caption(row: pd.Series) -> str:
    """Say how to read the picture of the layers."""
    return _("No quota is set.") if words.is_missing(row["quota_amount"]) else _("The dotted line is the quota.")


def by_layer(page: Page, row: pd.Series) -> None:
    """Draw won, commit, best case and stage-weighted against the quota."""
    names = [_("Won"), _("Commit"), _("Best case"), _("Stage-weighted")]
    totals = [
        float(row[name] or 0) for name in ("won_amount", "commit_amount", "best_case_amount", "stage_weighted_amount")
    ]
    quota = None if words.is_missing(row["quota_amount"]) else float(row["quota_amount"])
    shown = [f"{page.money(value)}  {words.percent(value / quota)}" if quota else page.money(value) for value in totals]
    parts.chart(
        charts.layers(
            names,
            totals[0],
            totals,
            shown,
            quota=quota,
            quota_shown=_("Quota {quota}").format(quota=page.money(quota)),
            legend=(_("Won"), _("Still to close")),
            mode=page.mode,
        ),
        "layers",
        ", ".join(f"{name} {text}" for name, text in zip(names, shown, strict=True)),
    )


def by_week(page: Page, history: pd.DataFrame) -> None:
    """Draw the same over the dates at which it was asked."""
    days: list[date] = [pd.Timestamp(value).date() for value in history["reporting_date"]]
    palette = charts.colours(page.mode)

    def values(name: str) -> list[float | None]:
        return [None if words.is_missing(value) else float(value) for value in history[name]]

    series = [
        charts.Line(_("Commit"), values("commit_amount"), palette.accent),
        charts.Line(_("Won"), values("won_amount"), palette.second),
        charts.Line(_("Stage-weighted"), values("stage_weighted_amount"), palette.neutral, "dash"),
    ]
    if history["quota_amount"].notna().any():
        series.append(charts.Line(_("Quota"), values("quota_amount"), palette.neutral, "dot"))
    parts.chart(
        charts.lines(days, series, money=page.money, axis_money=page.axis_money, mode=page.mode, monthly=False),
        "weeks",
        _("Commit forecast {commit} on {day}").format(
            commit=page.money(history["commit_amount"].iloc[-1]), day=words.day(days[-1])
        ),
    )


def by_member(page: Page, period: str, level: str, company: pd.Series) -> None:
    """List the members of a level under the company's own row."""
    found = queries.forecast_by(page.run.as_of_date, period, level)
    found.frame["level_name"] = found.frame["level_name"].map(plain_name)
    has_quota = bool(found.frame["quota_amount"].notna().any()) or not words.is_missing(company["quota_amount"])
    against = [
        Column("quota_amount", _("Quota"), "money"),
        Column("commit_share", _("Commit, share of quota"), "percent", leads=1),
        Column("gap_amount", _("Gap to quota"), "money", define("gap")),
        Column("coverage", _("Coverage of the gap"), "times", define("coverage")),
    ]
    columns = [
        Column("level_name", level_name(level), width=150),
        Column("won_amount", _("Won"), "money", define("won")),
        Column("commit_amount", _("Commit forecast"), "money", define("commit"), leads=1),
        Column("best_case_amount", _("Best case"), "money", define("best_case")),
        Column("stage_weighted_amount", _("Stage-weighted forecast"), "money", define("stage_weighted")),
        *(against if has_quota else [Column("open_amount", _("Open deals"), "money")]),
    ]
    order = (
        _("{period}, furthest from quota first. Amounts in {currency}.")
        if has_quota
        else _("{period}, most won first. Amounts in {currency}.")
    )
    remarks = [
        order.format(period=words.period(period), currency=page.currency),
        _("Each row stands for itself; the company's comes first."),
    ]
    if found.frame["is_estimated"].fillna(value=False).astype(bool).any():
        remarks.append(_("Owners and teams are today's where no history was exported."))
    parts.table(
        page,
        "forecast",
        _("Forecast by {level}").format(level=level_name(level).lower()),
        found.frame,
        columns,
        caption=" ".join(remarks),
        total={**parts.named(company), "level_name": _("Company")},
        row_total=found.total,
        everything=lambda: queries.forecast_by(page.run.as_of_date, period, level, None).frame,
    )


if __name__ == "__main__":
    show()
