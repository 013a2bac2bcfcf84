"""Lead desk: which leads need someone today."""

from __future__ import annotations

from datetime import timedelta

import pandas as pd
import streamlit as st

from dashboards import charts, charts_leads, parts, words
from dashboards.definitions import define
from dashboards.downloads import Column
from dashboards.labels import plain_name
from dashboards.labels_duplicates import match_reasons
from dashboards.labels_leads import entity_name, reasons_in_words, rule_name, waiting_name
from dashboards.parts import Page, Tile
from dashboards.queries import leads
from dashboards.words import _, ngettext

KEYS = ("owner",)
WEEK = 7
MONTHS = 18
AGES = (1, 24, 72, 168, 720, 0)
DAY_HOURS = 24


def show() -> None:
    """Lay out the page."""
    page = parts.open_page(_("Lead desk"))
    owners = leads.desk_owners()
    if not owners:
        parts.empty(_("No open leads"), ["leads", "lead_events", "activities"])
        return
    with page.filters("desk", KEYS):
        owner = parts.choice(
            st.selectbox,
            _("Owner"),
            ["", *owners],
            "owner",
            "",
            lambda code: plain_name(owners[code]) if code else _("Everyone"),
            width=220,
        )
    waiting = leads.waiting(owner)
    due = leads.pool_due(owner, WEEK)
    figures(page, owner, waiting.frame, waiting.total, due.total)
    left, right = st.columns(2)
    with left, parts.card("waiting", _("Without an answer, by waiting time"), _("Red has waited for over a day.")):
        ages(page, owner)
    with right, parts.card("pool", _("Into the public pool and out of it"), _("Leads by month, as the rules have it.")):
        pool(page)
    waiting_table(page, owner)
    due_table(page, owner)
    priority_table(page, owner)
    duplicates_table(page, owner)
    rules_table(page)


def figures(page: Page, owner: str, waiting: pd.DataFrame, waits: int, due: int) -> None:
    """Write the answer and show the tiles."""
    opened, answered = leads.open_leads(owner), leads.response(owner)
    values = {
        "waiting": ngettext("{count} lead waits", "{count} leads wait", waits).format(count=words.count(waits)),
        "oldest": words.count(float(waiting["hours"].max()) / DAY_HOURS if len(waiting) else 0),
        "due": words.count(due),
    }
    page.answer(
        _("{waiting} for a first answer, the longest for {oldest} days; {due} fall to the pool within a week.").format(
            **values
        )
        if waits
        else _("No lead waits for a first answer; {due} fall to the pool within a week.").format(**values)
    )
    twins = leads.duplicate_counts(owner)
    parts.tiles(
        [
            Tile(_("Wait for an answer"), words.count(waits), _("of all time"), define("waiting")),
            Tile(
                _("Within an hour"),
                words.percent(answered["within_hour_rate"]),
                _("{rate} in working hours").format(rate=words.percent(answered["within_working_hour_rate"])),
                define("within_hour"),
            ),
            Tile(_("Back to the pool"), words.count(due), _("within 7 days"), define("pool_due")),
            Tile(
                _("Priority 1"),
                words.count(opened["first_leads"]),
                _("of {count} open leads").format(count=words.count(opened["leads"])),
                define("priority"),
            ),
            Tile(
                _("Repeated leads"),
                words.count(twins["repeated"]),
                ngettext("of {count} person", "of {count} persons", int(twins["clusters"])).format(
                    count=words.count(twins["clusters"])
                ),
                define("repeated"),
            ),
        ]
    )


def ages(page: Page, owner: str) -> None:
    """Draw how many leads wait for how long."""
    rows = leads.waiting_ages(owner).set_index("until_hours")["leads"]
    values = [float(rows.get(age, 0)) for age in AGES]
    names = [waiting_name(age) for age in AGES]
    if not sum(values):
        st.caption(_("Every lead has been answered."))
        return
    late = [age == 0 or age > DAY_HOURS for age in AGES]
    parts.chart(
        charts_leads.counts(names, values, [words.count(value) for value in values], late, mode=page.mode),
        "waiting",
        ", ".join(f"{name} {words.count(value)}" for name, value in zip(names, values, strict=True)),
    )


def pool(page: Page) -> None:
    """Draw what fell to the pool and what was claimed out of it."""
    months = leads.pool_months().tail(MONTHS)
    if months.empty:
        st.caption(_("No lead has fallen to the pool yet."))
        return
    palette = charts.colours(page.mode)
    ends = (float(months["recycled"].iloc[-1]), float(months["claimed"].iloc[-1]))
    series = [
        charts.Line(_("Into the pool"), [float(value) for value in months["recycled"]], palette.accent),
        charts.Line(_("Claimed"), [float(value) for value in months["claimed"]], palette.neutral),
    ]
    parts.chart(
        charts.lines(
            [pd.Timestamp(value).date() for value in months["month"]],
            series,
            money=words.count,
            axis_money=words.count,
            mode=page.mode,
        ),
        "pool",
        ", ".join(f"{line.name} {words.count(last)}" for line, last in zip(series, ends, strict=True)),
    )


def _named(frame: pd.DataFrame, *, with_reasons: bool = True) -> pd.DataFrame:
    dimensions = [name for name in ("source", "product_line", "owner_name", "grade") if name in frame.columns]
    named = frame.assign(**{name: frame[name].map(plain_name) for name in dimensions})
    return (
        named.assign(reasons=named["reasons"].map(reasons_in_words)) if with_reasons and "reasons" in named else named
    )


def _origin() -> list[Column]:
    return [Column("file", _("File")), Column("row_number", _("Line"), "count")]


def waiting_table(page: Page, owner: str) -> None:
    """List leads without an answer, longest first."""
    found = leads.waiting(owner)
    frame = _named(found.frame).assign(days=found.frame["hours"].astype(float) / DAY_HOURS)
    parts.table(
        page,
        "leads_waiting",
        _("Leads without an answer"),
        frame,
        [
            Column("company_name", _("Company name"), width=220),
            Column("person_name", _("Person"), leads=1),
            Column("owner_name", _("Owner")),
            Column("created_at", _("Created"), "moment"),
            Column("days", _("Days waiting"), "number", leads=1),
            Column("working_hours", _("Working hours"), "number", define("within_hour")),
            Column("priority", _("Priority"), "count", define("priority")),
            Column("conversion_probability", _("Chance"), "percent", define("chance")),
            Column("source", _("Source")),
            Column("product_line", _("Product line")),
            *_origin(),
        ],
        caption=_("No person has called or written yet; automatic answers do not count. Longest first."),
        row_total=found.total,
        everything=lambda: _named(leads.waiting(owner, None).frame).assign(
            days=lambda rows: rows["hours"].astype(float) / DAY_HOURS
        ),
    )


def due_table(page: Page, owner: str) -> None:
    """List the leads that fall to the pool within a week."""
    found = leads.pool_due(owner, WEEK)
    parts.table(
        page,
        "lead_pool_due",
        _("Back to the pool within a week"),
        _named(found.frame).assign(rule=found.frame["rule"].map(rule_name)),
        [
            Column("company_name", _("Company name"), width=220),
            Column("person_name", _("Person")),
            Column("owner_name", _("Owner")),
            Column("ends_on", _("Last protected day"), "date", define("pool_due")),
            Column("days_left", _("Days left"), "count", leads=1),
            Column("is_final", _("No activity can extend it"), "flag"),
            Column("last_active_on", _("Last activity"), "date"),
            Column("claimed_on", _("Claimed"), "date"),
            Column("conversion_probability", _("Chance"), "percent", define("chance")),
            Column("grade", _("Grade")),
            Column("rule", _("Rule")),
            *_origin(),
        ],
        caption=_("Until {day}, soonest first.").format(day=words.day(page.run.as_of_date + timedelta(days=WEEK))),
        row_total=found.total,
        everything=lambda: _named(leads.pool_due(owner, WEEK, None).frame),
    )


def priority_table(page: Page, owner: str) -> None:
    """List open leads by priority, with the reasons of their score."""
    found = leads.priorities(owner)
    quality = leads.score_quality()
    parts.table(
        page,
        "lead_scores",
        _("Whom to call first"),
        _named(found.frame),
        [
            Column("company_name", _("Company name"), width=220),
            Column("person_name", _("Person"), leads=1),
            Column("owner_name", _("Owner")),
            Column("priority", _("Priority"), "count", define("priority"), leads=1),
            Column("conversion_probability", _("Chance"), "percent", define("chance"), leads=1),
            Column("reasons", _("Why"), width=360),
            Column("created_on", _("Created"), "date"),
            Column("source", _("Source")),
            Column("product_line", _("Product line")),
            *_origin(),
        ],
        caption=_judged(quality),
        row_total=found.total,
        everything=lambda: _named(leads.priorities(owner, None).frame),
    )


def _judged(quality: pd.DataFrame) -> str:
    if quality.empty or words.is_missing(quality["auc"].iloc[0]):
        return _("Not enough decided leads yet to say how right this order is.")
    newest = quality.iloc[0]
    return _(
        "On {count} leads since {day} that it had not seen: AUC {auc}; the first fifth came to an opportunity {lift} "
        "as often as all."
    ).format(
        count=words.count(newest["leads"]),
        day=words.day(newest["cut_on"]),
        auc=words.count(newest["auc"], 2),
        lift=words.times(newest["top_fifth_lift"]),
    )


def _twins(frame: pd.DataFrame) -> pd.DataFrame:
    return _named(frame, with_reasons=False).assign(reasons=frame["reasons"].map(match_reasons))


def duplicates_table(page: Page, owner: str) -> None:
    """List leads that are one person's, with the reasons in words."""
    found = leads.duplicates(owner)
    if not found.total:
        return
    parts.table(
        page,
        "lead_duplicates",
        _("The same person twice"),
        _twins(found.frame),
        [
            Column("company_name", _("Company name"), width=220),
            Column("person_name", _("Person"), leads=1),
            Column("cluster_id", _("Group"), "id", define("repeated")),
            Column("is_survivor", _("Stands for it"), "flag", define("survivor")),
            Column("match_probability", _("Sure to"), "percent", define("sure"), leads=1),
            Column("reasons", _("Why"), width=420),
            Column("owner_name", _("Owner")),
            Column("created_on", _("Created"), "date"),
            Column("source", _("Source")),
            Column("email", _("E-mail address")),
            Column("phone", _("Telephone")),
            *_origin(),
        ],
        caption=_("Each group counts once in funnel, scores and returns. Largest groups first."),
        row_total=found.total,
        everything=lambda: _twins(leads.duplicates(owner, None).frame),
    )


def rules_table(page: Page) -> None:
    """List what each rule of the pool took back and what became of it."""
    rows = leads.pool_rules()
    if rows.empty:
        return
    parts.table(
        page,
        "lead_pool",
        _("Rules of the pool"),
        rows.assign(
            rule=rows["rule"].map(rule_name),
            entity_kind=rows["entity_kind"].map(entity_name),
            business_unit=rows["business_unit"].map(plain_name),
        ),
        [
            Column("rule", _("Rule"), width=200),
            Column("entity_kind", _("Leads or accounts")),
            Column("business_unit", _("Business unit")),
            Column("recycled", _("Into the pool"), "count", define("pool_rules"), leads=1),
            Column("exported_recycled", _("By the CRM itself"), "count"),
            Column("claimed", _("Claimed"), "count"),
            Column("won_after", _("Won since"), "count"),
            Column("over_cap", _("Claims over the cap"), "count"),
            Column("due", _("Within 7 days"), "count"),
        ],
        caption=_("Replayed on all of history. Other rules beside these: wanamaker what-if lead_pool --rules DIR."),
    )


if __name__ == "__main__":
    show()
