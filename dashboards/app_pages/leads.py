"""Leads: how many become wins, and how fast."""

from __future__ import annotations

from datetime import date

import pandas as pd
import streamlit as st

from dashboards import charts_leads, parts, words
from dashboards.app_pages.team import first_month
from dashboards.definitions import define
from dashboards.downloads import Column
from dashboards.labels import plain_name
from dashboards.labels_leads import response_name
from dashboards.parts import Page, Tile
from dashboards.queries import leads
from dashboards.queries.leads import LeadFilter
from dashboards.words import _

KEYS = ("source", "line", "months", "event")
SPANS = ("12", "6", "24")
YEAR_DAYS = 365
EFFECT_DAYS = 90
TO_DATE = 0


def show() -> None:
    """Lay out the page."""
    page = parts.open_page(_("Leads"))
    sources, lines = leads.lead_choices()
    if not sources:
        parts.empty(_("No leads yet"), ["leads", "lead_events", "opportunities"])
        return
    with page.filters("leads", KEYS):
        source = _pick(_("Source"), sources, "source", _("All sources"))
        line = _pick(_("Product line"), lines, "line", _("All product lines"))
        span = parts.one_of(
            _("Created in the last"),
            list(SPANS),
            "months",
            SPANS[0],
            lambda code: _("{months} months").format(months=code),
        )
        event = parts.one_of(_("Counted as"), ["converted", "won"], "event", "converted", event_name)
    chosen = LeadFilter(source, line)
    since = first_month(page.run.as_of_date, int(span))
    funnel = leads.funnel(chosen, since)
    if not funnel["created"]:
        parts.nothing_found([plain_name(source) or _("All sources"), plain_name(line) or _("All product lines")])
        return
    curve = leads.incidence(chosen)
    figures(page, funnel, curve, event)
    left, right = st.columns(2)
    with left, parts.card("funnel", _("From lead to win"), funnel_caption(span)):
        steps(page, funnel)
    with right, parts.card("curve", curve_title(event), curve_caption()):
        growth(page, curve, event)
    cohorts(page, leads.cohorts(chosen, since.isoformat()[:7], event), event)
    listed(page)
    response(page)


def _pick(label: str, codes: list[str], key: str, every: str) -> str:
    return parts.choice(
        st.selectbox, label, ["", *codes], key, "", lambda code: plain_name(code) if code else every, width=190
    )


def event_name(code: str) -> str:
    """Give the name of what a lead may come to."""
    return {"converted": _("Opportunity"), "won": _("Win")}[code]


def final(curve: pd.DataFrame, event: str) -> pd.Series | None:
    """Give the longest horizon whose incidence is known."""
    known = curve[curve[_rate(event)].notna()]
    return None if known.empty else known.iloc[-1]


def _rate(event: str, part: str = "rate") -> str:
    return f"{'conversion' if event == 'converted' else 'win'}_{part}"


def figures(page: Page, funnel: pd.Series, curve: pd.DataFrame, event: str) -> None:
    """Write the answer and show the tiles."""
    created, reached = float(funnel["created"]), float(funnel[event])
    last = final(curve, event)
    values = {"count": words.count(created), "rate": words.percent(reached / created), "event": event_name(event)}
    if last is None:
        page.answer(
            _("Of {count} leads {rate} have come to: {event}; none is old enough to say more.").format(**values)
        )
    else:
        values |= {
            "expected": words.percent(last[_rate(event)]),
            "low": words.percent(last[_rate(event, "low")]),
            "high": words.percent(last[_rate(event, "high")]),
            "days": words.count(last["horizon_days"]),
        }
        page.answer(
            _(
                "Of {count} leads {rate} have become an opportunity so far; within {days} days it will be {expected} "
                "({low} to {high})."
            ).format(**values)
            if event == "converted"
            else _(
                "Of {count} leads {rate} have been won so far; within {days} days it will be {expected} ({low} to "
                "{high})."
            ).format(**values)
        )
    answered = leads.response()
    parts.tiles(
        [
            Tile(_("Leads"), words.count(created), _("created")),
            Tile(
                _("Opportunities so far"),
                words.percent(float(funnel["converted"]) / created),
                words.count(funnel["converted"]),
                define("to_date"),
            ),
            Tile(_("Won so far"), words.percent(float(funnel["won"]) / created), words.count(funnel["won"])),
            Tile(
                _("Will come to"),
                words.percent(None if last is None else last[_rate(event)]),
                None if last is None else _("within {days} days").format(days=words.count(last["horizon_days"])),
                define("incidence"),
            ),
            Tile(
                _("First answer"),
                _("{hours} h").format(hours=words.count(answered["median_hours"], 1)),
                _("{rate} within an hour; claimed elsewhere: 42 h, 37%").format(
                    rate=words.percent(answered["within_hour_rate"])
                ),
                define("first_response"),
            ),
        ]
    )


def funnel_caption(span: str) -> str:
    """Say which leads the funnel counts."""
    return _("Leads created in the last {months} months and what they have reached by today.").format(months=span)


def steps(page: Page, funnel: pd.Series) -> None:
    """Draw how many leads reached each step."""
    named = {
        "created": _("Created"),
        "responded": _("Answered"),
        "qualified": _("Qualified"),
        "converted": _("Opportunity"),
        "won": _("Won"),
    }
    values = [float(funnel[code]) for code in named]
    shown = [f"{words.count(value)} · {words.percent(value / values[0])}" for value in values]
    parts.chart(
        charts_leads.funnel(list(named.values()), values, shown, mode=page.mode),
        "funnel",
        ", ".join(f"{name} {text}" for name, text in zip(named.values(), shown, strict=True)),
    )


def curve_title(event: str) -> str:
    """Give the title of the curve."""
    return _("How many become an opportunity, by days") if event == "converted" else _("How many are won, by days")


def curve_caption() -> str:
    """Say what the curve counts."""
    return _("Over all leads of the filter, each for as long as it was observed; the band is the 95 % interval.")


def growth(page: Page, curve: pd.DataFrame, event: str) -> None:
    """Draw the incidence over days with its interval."""
    known = curve[curve[_rate(event)].notna()]
    if known.empty:
        st.caption(_("No lead is old enough yet."))
        return
    days = [float(value) for value in known["horizon_days"]]
    values = [float(value) for value in known[_rate(event)]]
    ends = [
        (float(low), float(high))
        for low, high in zip(
            known[_rate(event, "low")].fillna(known[_rate(event)]),
            known[_rate(event, "high")].fillna(known[_rate(event)]),
            strict=True,
        )
    ]
    shown = [
        _("{days} days: {rate} ({low} to {high})").format(
            days=words.count(day), rate=words.percent(value), low=words.percent(low), high=words.percent(high)
        )
        for day, value, (low, high) in zip(days, values, ends, strict=True)
    ]
    parts.chart(
        charts_leads.growth(
            [0.0, *days],
            [(day, _("{days} d").format(days=words.count(day))) for day in days if day not in {7.0, 60.0}],
            [0.0, *values],
            [(0.0, 0.0), *ends],
            [_("creation"), *shown],
            percent=lambda value: words.percent(value, trim=True),
            mode=page.mode,
        ),
        "curve",
        "; ".join(shown),
    )


def cohorts(page: Page, rows: pd.DataFrame, event: str) -> None:
    """List months of creation against days since, as a heat table; a month too young for a horizon stays blank."""
    whole = rows[rows["horizon_days"] == TO_DATE].set_index("cohort_month")
    horizons = sorted(int(value) for value in set(rows["horizon_days"]) - {TO_DATE})
    rates = rows.pivot_table(index="cohort_month", columns="horizon_days", values="rate", aggfunc="first")
    seen = rows.pivot_table(index="cohort_month", columns="horizon_days", values="observed", aggfunc="first")
    frame = pd.DataFrame(
        {
            "month": [words.month(date.fromisoformat(f"{code}-01")) for code in whole.index],
            "leads": whole["observed"].astype(float).to_numpy(),
            "to_date": whole["rate"].astype(float).to_numpy(),
        }
    )
    for days in horizons:
        is_whole = seen[days].reindex(whole.index).fillna(0).to_numpy() >= whole["observed"].to_numpy()
        known = rates[days].reindex(whole.index).astype(float).to_numpy() if days in rates else None
        frame[f"d{days}"] = [value if whole_month else None for value, whole_month in zip(known, is_whole, strict=True)]
    frame = frame.iloc[::-1].reset_index(drop=True)

    def heat(shown: pd.DataFrame) -> pd.DataFrame:
        names = [f"d{days}" for days in horizons]
        values = shown[names].astype(float).fillna(0.0)
        largest = float(values.to_numpy().max()) if len(values) else 0.0
        looks = pd.DataFrame("", index=shown.index, columns=shown.columns)
        for place, (_row, cells) in enumerate(values.iterrows()):
            looks.loc[shown.index[place], names] = charts_leads.tints(list(cells), largest, page.mode)
        return looks

    parts.table(
        page,
        "cohorts",
        _("Months of creation, by days since"),
        frame,
        [
            Column("month", _("Created"), width=110),
            Column("leads", _("Leads"), "count", leads=1),
            Column("to_date", _("So far"), "percent", define("to_date"), leads=1),
            *(
                Column(f"d{days}", _("{days} days").format(days=words.count(days)), "percent", define("observed"))
                for days in horizons
            ),
        ],
        caption=_("Share that became: {event}. Blank: not every lead of the month is that old.").format(
            event=event_name(event)
        ),
        style=heat,
        blank="",
    )


def listed(page: Page) -> None:
    """List sources and product lines: so far, and what it will come to."""
    frame = leads.by_source_and_line(YEAR_DAYS)
    frame = frame.assign(
        source=frame["source"].map(plain_name),
        product_line=frame["product_line"].map(plain_name),
        interval=[
            words.NOTHING if words.is_missing(low) else f"{words.percent(low)} – {words.percent(high)}"
            for low, high in zip(frame["low"], frame["high"], strict=True)
        ],
    )
    parts.table(
        page,
        "lead_conversion",
        _("By source and product line"),
        frame,
        [
            Column("source", _("Source"), width=140),
            Column("product_line", _("Product line"), width=170, leads=1),
            Column("leads", _("Leads"), "count", leads=1),
            Column("converted", _("Opportunities"), "count"),
            Column("rate_to_date", _("So far"), "percent", define("to_date")),
            Column("rate", _("Within a year"), "percent", define("incidence"), leads=1),
            Column("interval", _("95 % interval"), help=define("incidence")),
            Column("won", _("Won"), "count"),
            Column("win_rate", _("Won of decided"), "percent", define("win_rate")),
        ],
        caption=_("All months. Opportunities of leads still young are yet to come: compare by the year's share."),
    )


def response(page: Page) -> None:
    """Draw what share converted by hours to the first answer."""
    rows = leads.response_effect(EFFECT_DAYS)
    rows = rows[rows["conversion_rate"].notna()]
    if rows.empty:
        return
    names = [response_name(str(code)) for code in rows["bucket"]]
    rates = [float(value) for value in rows["conversion_rate"]]
    ends = list(zip(rows["conversion_low"].astype(float), rows["conversion_high"].astype(float), strict=True))
    shown = [
        _("{rate} of {count}").format(rate=words.percent(rate), count=words.count(count))
        for rate, count in zip(rates, rows["leads"], strict=True)
    ]
    with parts.card(
        "response",
        _("Became an opportunity within {days} days, by hours to the first answer").format(days=EFFECT_DAYS),
        _(
            "What goes with a fast answer, not what comes of it: good leads are answered sooner too. Lines: "
            "95 % interval."
        ),
    ):
        parts.chart(
            charts_leads.rates(names, rates, ends, shown, mode=page.mode),
            "response",
            ", ".join(f"{name} {text}" for name, text in zip(names, shown, strict=True)),
        )


if __name__ == "__main__":
    show()
