"""Accuracy: how right earlier forecasts were, method by method."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboards import charts, parts, words
from dashboards.definitions import define
from dashboards.downloads import Column
from dashboards.labels import level_name, plain_name
from dashboards.labels_sales import kind_name, method_name
from dashboards.parts import Page, Tile
from dashboards.queries import sales
from dashboards.words import _, ngettext

KEYS = ("kind", "weeks", "method", "level")
SHOWN_TILES = 4
SHOWN_WEEKS = 12


def show() -> None:
    """Lay out the page."""
    page = parts.open_page(_("Accuracy"))
    known = sales.accuracy_choices()
    if known.empty:
        parts.empty(_("No period has ended yet that was forecast before"), ["opportunities", "opportunity_history"])
        return
    kinds = [kind for kind in ("quarter", "month", "year") if kind in set(known["period_kind"])]
    with page.filters("accuracy", KEYS):
        kind = parts.one_of(_("Periods"), kinds, "kind", kinds[0], kind_name)
        of_kind = known[known["period_kind"] == kind]
        weeks = sorted({int(value) for value in of_kind["weeks_before_end"]})
        middle = str(weeks[len(weeks) // 2])
        chosen = parts.choice(
            st.selectbox, _("Weeks before the end"), [str(week) for week in weeks], "weeks", middle, width=170
        )
        methods = sales.accuracy_by_method(kind, int(chosen))
        codes = list(methods["method"].astype(str))
        default = "calibrated" if "calibrated" in codes else codes[0]
        method = parts.choice(st.selectbox, _("Method"), codes, "method", default, method_name, width=220)
        levels = [
            level for level in ("team", "rep", "manager", "region", "product_line") if level in set(known["level"])
        ]
        level = parts.one_of(_("Level"), levels, "level", levels[0], level_name) if levels else ""
    page.answer(sentence(kind, chosen, methods))
    figures(methods)
    left, right = st.columns(2)
    with left, parts.card("methods", _("How far off each method was"), _("Sum of errors ÷ sum of what came.")):
        by_method(page, methods)
    with right, parts.card("periods", _("Forecast and what came"), method_name(method)):
        by_period(page, kind, int(chosen), method)
    if level:
        by_member(page, kind, int(chosen), method, level)
    commit(page, kind, int(chosen))


def sentence(kind: str, weeks: str, methods: pd.DataFrame) -> str:
    """Answer the page's question from the figures."""
    rated = methods[methods["wape"].notna()]
    if rated.empty:
        return _("Nothing was won in the periods that have ended, so no forecast can be rated.")
    best, worst = rated.iloc[0], rated.iloc[-1]
    return _(
        "{kind}, {weeks} weeks before the end: closest was “{best}”, {best_error} off; furthest “{worst}”, "
        "{worst_error} off."
    ).format(
        kind=kind_name(kind),
        weeks=weeks,
        best=method_name(str(best["method"])),
        best_error=words.percent(best["wape"]),
        worst=method_name(str(worst["method"])),
        worst_error=words.percent(worst["wape"]),
    )


def figures(methods: pd.DataFrame) -> None:
    """Show error and bias of the closest methods."""
    parts.tiles(
        [
            Tile(
                method_name(str(row["method"])),
                words.percent(row["wape"]),
                _("bias {bias}").format(bias=words.percent(row["bias"], signed=True)),
                define("wape"),
            )
            for row in methods.head(SHOWN_TILES).to_dict("records")
        ]
    )


def by_method(page: Page, methods: pd.DataFrame) -> None:
    """Draw the error of each method."""
    rated = methods[methods["wape"].notna()]
    names = [method_name(str(code)) for code in rated["method"]]
    shown = [words.percent(value) for value in rated["wape"]]
    parts.chart(
        charts.bars(names, list(rated["wape"].astype(float)), shown, mode=page.mode),
        "methods",
        ", ".join(f"{name} {text}" for name, text in zip(names, shown, strict=True)),
    )


def by_period(page: Page, kind: str, weeks: int, method: str) -> None:
    """Draw forecast and actual over the ended periods."""
    rows = sales.accuracy_by_period(kind, weeks, method)
    days = [pd.Timestamp(value).date() for value in rows["period_ends_on"]]
    palette = charts.colours(page.mode)
    parts.chart(
        charts.lines(
            days,
            [
                charts.Line(_("Forecast"), list(rows["forecast_amount"].astype(float)), palette.accent),
                charts.Line(_("What came"), list(rows["actual_amount"].astype(float)), palette.neutral),
            ],
            money=page.money,
            axis_money=page.axis_money,
            mode=page.mode,
        ),
        "periods",
        _("Forecast {forecast}, what came {actual}").format(
            forecast=page.money(float(rows["forecast_amount"].iloc[-1])),
            actual=page.money(float(rows["actual_amount"].iloc[-1])),
        ),
    )


def by_member(page: Page, kind: str, weeks: int, method: str, level: str) -> None:
    """List the members of a level with their errors."""
    found = sales.accuracy_by_member(kind, weeks, method, level)
    found.frame["level_name"] = found.frame["level_name"].map(plain_name)
    parts.table(
        page,
        "accuracy",
        _("Accuracy by {level}").format(level=level_name(level).lower()),
        found.frame,
        [
            Column("level_name", level_name(level), width=170),
            Column("periods", _("Periods"), "count"),
            Column("forecast_amount", _("Forecast"), "money"),
            Column("actual_amount", _("What came"), "money"),
            Column("error", _("Error"), "money"),
            Column("wape", _("Off by"), "percent", define("wape"), leads=1),
            Column("bias", _("Bias"), "percent", define("bias"), leads=1),
        ],
        caption=_("{method}, {weeks} weeks before the end, over all ended periods. Amounts in {currency}.").format(
            method=method_name(method), weeks=weeks, currency=page.currency
        ),
        row_total=found.total,
        everything=lambda: sales.accuracy_by_member(kind, weeks, method, level, None).frame,
    )


def commit(page: Page, kind: str, weeks: int) -> None:
    """Show how much of what was committed was won: by weeks before the end, and by owner so many weeks before it."""
    by_week = sales.commit_by_week(kind)
    if by_week.empty:
        return
    with parts.card("commit", _("How much of commit was kept"), _("Won in the period, of the deals committed to it.")):
        every = max(1, round(len(by_week) / SHOWN_WEEKS))
        shown_weeks = by_week.iloc[::-1].iloc[::every].iloc[::-1]
        names = [
            ngettext("{weeks} week before", "{weeks} weeks before", int(week)).format(weeks=int(week))
            for week in shown_weeks["weeks"]
        ]
        won, committed = list(shown_weeks["won"].astype(float)), list(shown_weeks["committed"].astype(float))
        rates = [part / whole for part, whole in zip(won, committed, strict=True)]
        shown = [f"{words.percent(rate)} · {words.count(whole)}" for rate, whole in zip(rates, committed, strict=True)]
        parts.chart(
            charts.intervals(
                names,
                rates,
                [sales.wilson(part, whole) for part, whole in zip(won, committed, strict=True)],
                shown,
                mode=page.mode,
            ),
            "commit",
            ", ".join(f"{name} {text}" for name, text in zip(names, shown, strict=True)),
        )
    found = sales.commit_by_owner(kind, weeks)
    if not found.total:
        return
    total = with_interval(by_week[by_week["weeks"] == weeks]).iloc[0]
    found.frame["owner_name"] = found.frame["owner_name"].map(plain_name)
    parts.table(
        page,
        "commit_owners",
        _("Commit kept, by rep"),
        with_interval(found.frame),
        [
            Column("owner_name", _("Rep"), width=170),
            Column("committed", _("Committed deals"), "count", leads=1),
            Column("won", _("Won deals"), "count"),
            Column("lost", _("Lost deals"), "count"),
            Column("missed", _("Neither"), "count", help=_("Still open when the period ended, or gone.")),
            Column("hit_rate", _("Kept"), "percent", define("commit_kept"), leads=1),
            Column("low", _("At least"), "percent", help=_("Lower end of the 95 % interval.")),
            Column("high", _("At most"), "percent", help=_("Upper end of the 95 % interval.")),
            Column("committed_amount", _("Committed"), "money"),
            Column("hit_rate_amount", _("Kept by amount"), "percent"),
        ],
        caption=_("{kind}, {weeks} weeks before the end, over all ended periods. Amounts in {currency}.").format(
            kind=kind_name(kind), weeks=weeks, currency=page.currency
        ),
        total={**parts.named(total), "owner_name": _("Company")},
        row_total=found.total,
        everything=lambda: with_interval(sales.commit_by_owner(kind, weeks, None).frame),
    )


def with_interval(rows: pd.DataFrame) -> pd.DataFrame:
    """Add the interval of the share that was kept."""
    ends = [sales.wilson(float(row["won"]), float(row["committed"])) for row in rows.to_dict("records")]
    return rows.assign(low=[low for low, _high in ends], high=[high for _low, high in ends])


if __name__ == "__main__":
    show()
