"""Customers: who they are, who works them, who drifts away."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboards import charts_leads, parts, words
from dashboards.definitions import define
from dashboards.downloads import Column
from dashboards.labels import plain_name
from dashboards.labels_duplicates import claim_name, conflict_name
from dashboards.labels_leads import class_name, cohort_name, status_name
from dashboards.parts import Page, Tile
from dashboards.queries import customers
from dashboards.queries.customers import CustomerFilter
from dashboards.words import _, ngettext

KEYS = ("region", "owner", "list")
SHOWN = ("customers", "dormant", "once", "silent", "prospects")
STATUSES = ("active", "dormant", "lost", "prospect")


def show() -> None:
    """Lay out the page."""
    page = parts.open_page(_("Customers"))
    regions, owners = customers.customer_choices()
    if not regions:
        parts.empty(_("No customers yet"), ["accounts", "orders", "invoices"])
        return
    with page.filters("customers", KEYS):
        region = parts.choice(
            st.selectbox,
            _("Region"),
            ["", *regions],
            "region",
            "",
            lambda code: plain_name(code) if code else _("All regions"),
            width=190,
        )
        owner = parts.choice(
            st.selectbox,
            _("Owner"),
            ["", *owners],
            "owner",
            "",
            lambda code: plain_name(owners[code]) if code else _("Everyone"),
            width=190,
        )
    chosen = CustomerFilter(region, owner)
    rows = customers.segments(chosen)
    if rows.empty:
        parts.nothing_found(
            [plain_name(region) or _("All regions"), plain_name(owners.get(owner, "")) or _("Everyone")]
        )
        return
    figures(page, rows, customers.standing_conflicts(chosen))
    left, right = st.columns(2)
    with left, parts.card("classes", _("Revenue of the last 12 months, by class"), classes_caption()):
        classes(page, rows)
    with right, parts.card("effect", _("What went with a change of owner"), effect_caption()):
        effect(page)
    segments_table(page, rows)
    customers_table(page, chosen)
    conflicts_table(page, chosen)
    whitespace_table(page, chosen)
    effect_table(page)
    changes_table(page, chosen)


def figures(page: Page, rows: pd.DataFrame, contested: int) -> None:
    """Write the answer and show the tiles."""
    bought = rows[rows["status"] != "prospect"]
    sleeping = rows[rows["dormant_amount"].astype(float) != 0]
    values = {
        "active": words.count(rows.loc[rows["status"] == "active", "accounts"].sum()),
        "customers": ngettext("{count} customer", "{count} customers", int(bought["accounts"].sum())).format(
            count=words.count(bought["accounts"].sum())
        ),
        "asleep": words.count(bought.loc[bought["status"] != "active", "accounts"].sum()),
        "amount": page.money(sleeping["dormant_amount"].astype(float).sum()),
        "silent": words.count(bought["without_followup"].sum()),
    }
    page.answer(
        _(
            "{active} of {customers} are active; {asleep} sleep or have left, worth {amount} in their last year; "
            "{silent} have not been followed up for 90 days."
        ).format(**values)
        if len(bought)
        else _("Nobody here has bought yet.")
    )
    parts.tiles(
        [
            Tile(
                _("Active customers"),
                values["active"],
                _("of {count}").format(count=values["customers"]),
                define("status"),
            ),
            Tile(_("Dormant value"), values["amount"], _("dormant and left"), define("dormant")),
            Tile(
                _("Bought once"),
                words.count(bought["one_time_buyers"].sum()),
                _("customers"),
                define("one_time"),
            ),
            Tile(_("Without follow-up"), values["silent"], _("customers, 90 days"), define("without_followup")),
            Tile(_("In conflict"), words.count(contested), _("customers, today"), define("conflict")),
        ]
    )


def classes_caption() -> str:
    """Say what the classes are."""
    return _("A: the largest customers who together make up 80 % of it; B the next 15 %; C the rest.")


def classes(page: Page, rows: pd.DataFrame) -> None:
    """Draw revenue and number of customers by class."""
    found = rows[rows["abc"] != "(none)"].groupby("abc")[["accounts", "revenue_12m_amount"]].sum().astype(float)
    if found.empty:
        st.caption(_("Nobody was invoiced in the last 12 months."))
        return
    whole = found["revenue_12m_amount"].sum()
    names = [class_name(str(code)) for code in found.index]
    shown = [
        ngettext(
            "{amount} ({share}) from {count} customer", "{amount} ({share}) from {count} customers", int(count)
        ).format(
            amount=page.money(amount), share=words.percent(amount / whole if whole else None), count=words.count(count)
        )
        for amount, count in zip(found["revenue_12m_amount"], found["accounts"], strict=True)
    ]
    parts.chart(
        charts_leads.funnel(names, list(found["revenue_12m_amount"]), shown, mode=page.mode),
        "classes",
        ", ".join(f"{name} {text}" for name, text in zip(names, shown, strict=True)),
    )


def effect_caption() -> str:
    """Say what the comparison counts."""
    return _(
        "Customers who did not order in the 180 days after, and deals lost in them, beside accounts whose owner "
        "stayed, seen on the same days. Lines: 95 % interval. It went with the change; it need not come of it."
    )


def effect(page: Page) -> None:
    """Draw the shares of those whose owner changed and stayed, with their intervals."""
    rows = customers.owner_effect()
    marks = [
        (
            _("{what}, {cohort}").format(what=what, cohort=cohort_name(str(row["cohort"])).lower()),
            float(row[f"{code}_rate"]),
            (float(row[f"{code}_low"]), float(row[f"{code}_high"])),
            _("{rate} of {count}").format(rate=words.percent(row[f"{code}_rate"]), count=words.count(row[base])),
        )
        for code, base, what in (("stopped", "customers", _("Stopped buying")), ("lost", "decided", _("Deals lost")))
        for _place, row in rows[rows["cohort"] != "difference"].iterrows()
        if not words.is_missing(row[f"{code}_rate"])
    ]
    if not marks:
        st.caption(_("No account has changed hands long enough ago."))
        return
    names, values, ends, shown = zip(*marks, strict=True)
    parts.chart(
        charts_leads.rates(names, values, ends, shown, mode=page.mode),
        "effect",
        ", ".join(f"{name} {text}" for name, text in zip(names, shown, strict=True)),
    )


def segments_table(page: Page, rows: pd.DataFrame) -> None:
    """List the segments under all accounts together."""
    amounts = ["revenue_12m_amount", "revenue_amount", "dormant_amount"]
    counts = ["accounts", "one_time_buyers", "without_followup", "with_whitespace"]
    frame = rows.astype(dict.fromkeys([*amounts, *counts], float))
    total = {name: float(frame[name].sum()) for name in [*amounts, *counts]}
    order = {code: place for place, code in enumerate(STATUSES)}
    frame = frame.assign(
        place=[order.get(str(code), len(order)) for code in frame["status"]],
        status=[status_name(str(code)) for code in frame["status"]],
        abc=[class_name(str(code)) for code in frame["abc"]],
    ).sort_values(["place", "abc"])
    parts.table(
        page,
        "account_segments",
        _("Segments"),
        frame.reset_index(drop=True),
        [
            Column("status", _("Status"), width=130, help=define("status")),
            Column("abc", _("Class"), help=define("abc")),
            Column("accounts", _("Accounts"), "count"),
            Column("revenue_12m_amount", _("Revenue, 12 months"), "money", define("revenue_12m")),
            Column("revenue_amount", _("Revenue, all"), "money"),
            Column("dormant_amount", _("Dormant value"), "money", define("dormant")),
            Column("one_time_buyers", _("Bought once"), "count", define("one_time")),
            Column("without_followup", _("Without follow-up"), "count", define("without_followup")),
            Column("with_whitespace", _("Lack what others buy"), "count", define("whitespace")),
        ],
        caption=_("Every account is in one row. Amounts in {currency}.").format(currency=page.currency),
        total={**total, "status": _("All")},
    )


def list_name(code: str) -> str:
    """Give the name of a list of accounts."""
    known = {
        "customers": _("Customers"),
        "dormant": _("Dormant and left"),
        "once": _("Bought once"),
        "silent": _("Without follow-up"),
        "prospects": _("Prospects"),
    }
    return known[code]


def account_type_name(code: str) -> str:
    """Give the name of a kind of account; one that no list knows keeps its own."""
    known = {"customer": _("Customer"), "partner": _("Partner"), "prospect": _("Prospect")}
    return known.get(code.lower()) or plain_name(code)


def _named(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.assign(
        status=[status_name(str(code)) for code in frame["status"]],
        abc=["" if code == "(none)" else str(code) for code in frame["abc"]],
        rfm=["" if code == "(none)" else str(code) for code in frame["rfm"]],
        owner_name=frame["owner_name"].map(plain_name),
        account_type=frame["account_type"].map(account_type_name),
        industry=frame["industry"].map(plain_name),
        size=frame["size"].map(plain_name),
    )


def customers_table(page: Page, chosen: CustomerFilter) -> None:
    """List accounts with their segments and last contact."""
    shown = parts.one_of(_("List"), list(SHOWN), "list", SHOWN[0], list_name)
    found = customers.customer_list(chosen, shown)
    parts.table(
        page,
        "accounts",
        list_name(shown),
        _named(found.frame),
        [
            Column("account_name", _("Customer"), width=220),
            Column("owner_name", _("Owner")),
            Column("status", _("Status"), help=define("status"), leads=1),
            Column("abc", _("Class"), help=define("abc")),
            Column("rfm", "RFM", help=define("rfm")),
            Column("revenue_12m_amount", _("Revenue, 12 months"), "money", define("revenue_12m"), leads=1),
            Column("dormant_amount", _("Dormant value"), "money", define("dormant"), leads=1),
            Column("orders", _("Orders"), "count"),
            Column("last_order_on", _("Last order"), "date"),
            Column("last_followup_on", _("Last follow-up"), "date", define("without_followup")),
            Column("days_since_followup", _("Days since"), "count"),
            Column("whitespace_lines", _("Lines it lacks"), "count", define("whitespace")),
            Column("account_type", _("Type")),
            Column("industry", _("Industry")),
            Column("size", _("Size")),
            Column("file", _("File")),
            Column("row_number", _("Line"), "count"),
        ],
        caption=_("Amounts in {currency}, net.").format(currency=page.currency),
        row_total=found.total,
        everything=lambda: _named(customers.customer_list(chosen, shown, None).frame),
    )


def conflicts_table(page: Page, chosen: CustomerFilter) -> None:
    """List customers that two parties had at one time, with both claims."""
    found = customers.conflicts(chosen)
    if not found.total:
        return

    def named(frame: pd.DataFrame) -> pd.DataFrame:
        return frame.assign(
            kind=[conflict_name(str(code)) for code in frame["kind"]],
            first_claim=[claim_name(str(code)) for code in frame["first_claim"]],
            second_claim=[claim_name(str(code)) for code in frame["second_claim"]],
        )

    parts.table(
        page,
        "account_conflicts",
        _("Conflicts"),
        named(found.frame),
        [
            Column("account_name", _("Customer"), width=220),
            Column("kind", _("Between"), help=define("conflict"), leads=1),
            Column("is_standing", _("Still stands"), "flag"),
            Column("amount", _("At stake"), "money", leads=1),
            Column("first_owner_name", _("First owner")),
            Column("first_partner_name", _("Their partner")),
            Column("first_claim", _("By")),
            Column("first_at", _("Since"), "moment"),
            Column("second_owner_name", _("Second owner")),
            Column("second_partner_name", _("Their partner")),
            Column("second_claim", _("By")),
            Column("second_at", _("Since"), "moment"),
            Column("first_registration_id", _("First registration")),
            Column("second_registration_id", _("Second registration")),
            Column("overlaps_from_on", _("Both from"), "date"),
            Column("overlaps_until_on", _("until"), "date"),
        ],
        caption=_(
            "Customers that two owners, or direct sales and a partner, had at one time. Amounts in {currency}."
        ).format(currency=page.currency),
        row_total=found.total,
        everything=lambda: named(customers.conflicts(chosen, None).frame),
    )


def whitespace_table(page: Page, chosen: CustomerFilter) -> None:
    """List what customers lack though others like them have it."""
    found = customers.whitespace(chosen)
    if not found.total:
        return

    def named(frame: pd.DataFrame) -> pd.DataFrame:
        return frame.assign(
            owner_name=frame["owner_name"].map(plain_name),
            industry=frame["industry"].map(plain_name),
            size=frame["size"].map(plain_name),
        )

    parts.table(
        page,
        "account_whitespace",
        _("What customers lack though others like them buy it"),
        named(found.frame),
        [
            Column("account_name", _("Customer"), width=220),
            Column("product_line", _("Product line"), width=160, leads=1),
            Column("owner_name", _("Owner")),
            Column("peer_share", _("Others who buy it"), "percent", define("whitespace"), leads=1),
            Column("peer_share_low", _("At least"), "percent", define("surely")),
            Column("peers_buying", _("Buyers"), "count"),
            Column("peers", _("Of"), "count"),
            Column("peer_median_amount", _("Typically ordered"), "money"),
            Column("revenue_12m_amount", _("Revenue, 12 months"), "money"),
            Column("industry", _("Industry")),
            Column("size", _("Size")),
        ],
        caption=_("Customers of the same industry and size; surest first. Amounts in {currency}.").format(
            currency=page.currency
        ),
        row_total=found.total,
        everything=lambda: named(customers.whitespace(chosen, None).frame),
    )


def effect_table(page: Page) -> None:
    """List the comparison behind the picture, with its difference."""
    rows = customers.owner_effect()
    if rows.empty:
        return

    def interval(code: str) -> list[str]:
        return [
            words.NOTHING if words.is_missing(low) else f"{words.percent(low)} – {words.percent(high)}"
            for low, high in zip(rows[f"{code}_low"], rows[f"{code}_high"], strict=True)
        ]

    parts.table(
        page,
        "owner_change_effect",
        _("Owner changed, beside owner stayed"),
        rows.assign(
            cohort=[cohort_name(str(code)) for code in rows["cohort"]],
            stopped_interval=interval("stopped"),
            lost_interval=interval("lost"),
            kept_interval=interval("revenue_kept"),
        ),
        [
            Column("cohort", _("Accounts"), width=150),
            Column("customers", _("Customers"), "count", define("effect")),
            Column("stopped", _("Stopped"), "count"),
            Column("stopped_rate", _("Stopped, share"), "percent"),
            Column("stopped_interval", _("95 % interval")),
            Column("decided", _("Decided deals"), "count"),
            Column("lost_rate", _("Deals lost"), "percent"),
            Column("lost_interval", _("95 % interval")),
            Column("revenue_kept_rate", _("Revenue kept"), "percent", define("revenue_kept")),
            Column("kept_interval", _("95 % interval")),
        ],
        caption=_("An interval of the difference that holds 0 says that chance alone could have made it."),
    )


def changes_table(page: Page, chosen: CustomerFilter) -> None:
    """List changes of owner with what was lost after them."""
    found = customers.owner_changes(chosen)
    if not found.total:
        return
    parts.table(
        page,
        "account_owner_changes",
        _("Changes of owner"),
        found.frame,
        [
            Column("account_name", _("Customer"), width=220),
            Column("changed_on", _("Changed"), "date", leads=1),
            Column("old_owner_name", _("From")),
            Column("owner_name", _("To")),
            Column("orders_before", _("Orders before"), "count"),
            Column("orders_after", _("Orders after"), "count"),
            Column("revenue_before_amount", _("Revenue before"), "money"),
            Column("revenue_after_amount", _("Revenue after"), "money"),
            Column("lost_revenue_amount", _("Less than before"), "money", define("lost_revenue"), leads=1),
            Column("lost_opportunities", _("Deals lost"), "count"),
            Column("lost_opportunity_amount", _("Their amount"), "money"),
            Column("is_observed", _("180 days over"), "flag"),
        ],
        caption=_("180 days before and after. Amounts in {currency}, net.").format(currency=page.currency),
        row_total=found.total,
        everything=lambda: customers.owner_changes(chosen, None).frame,
    )


if __name__ == "__main__":
    show()
