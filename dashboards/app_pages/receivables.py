"""Receivables: who owes us, since when, and whether it ties."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pandas as pd
import streamlit as st

from dashboards import charts, parts, queries, words
from dashboards.definitions import define
from dashboards.downloads import Column
from dashboards.labels import bucket_name, bucket_sentence, document_name, plain_name
from dashboards.labels_finance import movement_name, rule_name
from dashboards.parts import Page, Tile
from dashboards.queries import finance
from dashboards.words import _, markdown, ngettext

SHOWN_ACCOUNTS = 500
MONTHS = 24
KEYS = ("on", "basis", "region", "product_line", "currency", "owner")
WIDTHS = {"region": 135, "product_line": 155, "currency": 135}
OLD_DAYS = 90
CLAIMS = (0.1, 0.6)
SHORTEST_TREND = 3


def show() -> None:
    """Lay out the page."""
    page = parts.open_page(_("Receivables"))
    days = [pd.Timestamp(value).date() for value in queries.aging_dates()["reporting_date"]]
    if not days:
        parts.empty(_("No receivables yet"), ["invoices", "payments", "credit_notes", "accounts"])
        return
    on, chosen = choose(page, days)
    order = queries.buckets(chosen.basis)
    amounts = queries.aging(on, chosen)
    if not amounts and chosen.is_narrowed:
        parts.nothing_found(described(chosen))
        return
    figures(page, on, chosen, amounts)
    tie(page, on)
    with parts.card("aging", _("Open receivables by age at each month-end"), aging_caption(page, chosen)):
        by_month(page, on, chosen, order)
    if not chosen.is_narrowed:
        trends(page, on)
    drill(page, on, chosen, order, amounts)


def choose(page: Page, days: list[date]) -> tuple[date, queries.AgingFilter]:
    """Lay out the filters and give what was chosen."""
    as_of = page.run.as_of_date
    codes = [day.isoformat() for day in days]
    newest = as_of.isoformat() if as_of in days else codes[0]
    owners = queries.aging_owners()
    with page.filters("receivables", KEYS):
        on = parts.choice(
            st.selectbox, _("As of"), codes, "on", newest, lambda code: words.day(date.fromisoformat(code)), width=135
        )
        basis = parts.one_of(_("Age by"), ["due", "invoice"], "basis", "due", basis_name, help=define("basis"))
        region = dimension(_("Region"), "region", _("All regions"))
        product_line = dimension(_("Product line"), "product_line", _("All product lines"))
        currency = dimension(_("Currency"), "currency", _("All currencies"))
        owner = (
            parts.choice(
                st.selectbox,
                _("Owner"),
                ["", *owners],
                "owner",
                "",
                lambda code: plain_name(owners[code]) if code else _("All owners"),
                width=150,
            )
            if len(owners) > 1
            else ""
        )
    return date.fromisoformat(on), queries.AgingFilter(basis, region, product_line, currency, owner)


def basis_name(code: str) -> str:
    """Give the name of a basis of the ages."""
    return _("Due date") if code == "due" else _("Invoice date")


def dimension(label: str, name: str, everything: str) -> str:
    """Offer the values of a dimension where there is more than one."""
    values = queries.aging_choices(name)
    if not values[1:]:
        return ""
    return parts.choice(
        st.selectbox,
        label,
        ["", *values],
        name,
        "",
        lambda code: plain_name(code) if code else everything,
        width=WIDTHS[name],
    )


def described(chosen: queries.AgingFilter) -> list[str]:
    """Give the filters in words."""
    pairs = [
        (_("Region"), chosen.region),
        (_("Product line"), chosen.product_line),
        (_("Currency"), chosen.currency),
        (_("Owner"), queries.aging_owners().get(chosen.owner_id, chosen.owner_id)),
    ]
    return [f"{name}: {plain_name(value)}" for name, value in pairs if value]


def late(amounts: dict[str, float], buckets: list[queries.Bucket], after: int = 0) -> float:
    """Give what is in buckets that begin after so many days."""
    return sum(amounts.get(bucket.name, 0.0) for bucket in buckets if bucket.from_day > after)


def sentence(
    page: Page, amounts: dict[str, float], chosen: queries.AgingFilter, overdue_figures: tuple[float, float | None]
) -> str:
    """Answer the page's question from the figures."""
    buckets = queries.buckets(chosen.basis)
    first_old = min((bucket.from_day for bucket in buckets if bucket.from_day > OLD_DAYS), default=OLD_DAYS + 1)
    values = {
        "balance": page.money(sum(amounts.values())),
        "late": page.money(overdue_figures[0]),
        "share": words.percent(overdue_figures[1]),
        "old": page.money(late(amounts, buckets, OLD_DAYS)),
        "days": first_old - 1,
    }
    if chosen.basis == "invoice":
        return _("Customers owe {balance}; {old} of it was invoiced more than {days} days ago.").format(**values)
    if not overdue_figures[0]:
        return _("Customers owe {balance}, and nothing of it is overdue.").format(**values)
    if not late(amounts, buckets, OLD_DAYS):
        return _("Customers owe {balance}; {late} of it is overdue, {share} of the open items.").format(**values)
    return _(
        "Customers owe {balance}; {late} of it is overdue, {share} of the open items, and {old} for more than {days} "
        "days."
    ).format(**values)


def figures(page: Page, on: date, chosen: queries.AgingFilter, amounts: dict[str, float]) -> None:
    """Write the answer and show the tiles; the days are the whole company's whatever the filters say."""
    kpis = queries.receivables_kpis(on)
    days = pd.to_datetime(kpis["reporting_date"])
    row = next((found for _place, found in kpis[days.dt.date == on].iterrows()), None)
    month_ends = kpis[days.dt.is_month_end]
    earlier = kpis[days.dt.is_month_end & (days.dt.date < on)]
    previous = earlier.iloc[-1] if len(earlier) else None
    whole = _("whole company") if chosen.is_narrowed else None

    def past(name: str) -> list[float]:
        return [] if chosen.is_narrowed else list(month_ends[name].dropna().astype(float).tail(MONTHS))

    def moved(name: str) -> str | None:
        if row is None or previous is None or words.is_missing(row[name]) or words.is_missing(previous[name]):
            return None
        difference = float(row[name]) - float(previous[name])
        return ("+" if difference > 0 else "") + words.count(difference, 1) if difference else None

    since = _("vs {day}").format(day=words.day_of_year(previous["reporting_date"])) if previous is not None else None
    late_amount, late_share = overdue(on, chosen, amounts, row)
    page.answer(sentence(page, amounts, chosen, (late_amount, late_share)))
    parts.tiles(
        [
            Tile(
                _("Open receivables"),
                page.money(sum(amounts.values())),
                help=define("balance"),
                history=past("balance_amount"),
            ),
            Tile(
                _("Overdue share"),
                words.percent(late_share),
                _("{amount} overdue").format(amount=page.money(late_amount)),
                define("overdue_rate"),
                history=past("overdue_rate"),
            ),
            Tile(
                _("Days sales outstanding"),
                words.count(None if row is None else row["dso"], 1),
                whole or (since if moved("dso") else None),
                define("dso"),
                moved("dso"),
                is_rise_good=False,
                history=past("dso"),
            ),
            Tile(
                _("Best possible"),
                words.count(None if row is None else row["dso_best_possible"], 1),
                whole or _("days, if all paid in time"),
                define("dso_best"),
                history=past("dso_best_possible"),
            ),
            Tile(
                _("Unapplied money"),
                page.money(amounts.get(queries.UNAPPLIED, 0.0)),
                help=define("unapplied"),
                history=past("unapplied_amount"),
            ),
        ]
    )


def overdue(
    on: date, chosen: queries.AgingFilter, amounts: dict[str, float], row: pd.Series | None
) -> tuple[float, float | None]:
    """Give what is overdue and its share by due date: of the company, or of the rows chosen."""
    if row is not None and not chosen.is_narrowed:
        return (
            0.0 if words.is_missing(row["overdue_amount"]) else float(row["overdue_amount"]),
            None if words.is_missing(row["overdue_rate"]) else float(row["overdue_rate"]),
        )
    by_due = amounts if chosen.basis == "due" else queries.aging(on, replace(chosen, basis="due"))
    items = sum(by_due.values()) - by_due.get(queries.UNAPPLIED, 0.0)
    past_due = late(by_due, queries.buckets("due"))
    return past_due, past_due / items if items > 0 else None


def tie(page: Page, on: date) -> None:
    """Print whether the aging and the ledger agree, to the cent."""
    aged, ledger = queries.tie_out(on)
    values = {
        "day": words.day(on),
        "aged": words.money(aged, page.currency, cents=True),
        "ledger": words.money(ledger, page.currency, cents=True),
        "difference": words.money(aged - ledger, page.currency, cents=True),
    }
    if round(aged - ledger, 2) == 0:
        text = _(
            "Ties to the ledger: on {day} all age groups of the company add up to {aged}, the ledger's balance is "
            "{ledger}."
        ).format(**values)
        st.caption(f":material/check_circle: {markdown(text)}")
    else:
        text = _(
            "Does not tie: on {day} all age groups of the company add up to {aged}, the ledger's balance is "
            "{ledger}; they differ by {difference}."
        ).format(**values)
        st.markdown(f":red[:material/error: **{markdown(text)}**]")


def aging_caption(page: Page, chosen: queries.AgingFilter) -> str:
    """Say how to read the picture of the ages."""
    counted = _("Days since the due date.") if chosen.basis == "due" else _("Days since the invoice date.")
    shade = _("Brighter is older.") if page.mode == "dark" else _("Darker is older.")
    return " ".join([counted, shade, _("Money received without an invoice stands below zero.")])


def by_month(page: Page, on: date, chosen: queries.AgingFilter, order: list[queries.Bucket]) -> None:
    """Draw the age groups over the month-ends."""
    rows = queries.aging_history(on, MONTHS, chosen)
    if rows.empty:
        st.caption(_("No month-end yet."))
        return
    grid = rows.pivot_table(index="reporting_date", columns="bucket", values="amount", aggfunc="sum").fillna(0.0)
    names = [bucket.name for bucket in order]
    shades = charts.age_colours([bucket.from_day > 0 for bucket in order], page.mode)
    colour = dict(zip(names, shades, strict=True)) | {queries.UNAPPLIED: charts.colours(page.mode).soft}
    shown = [name for name in colour if name in grid]
    parts.chart(
        charts.stacked(
            [pd.Timestamp(value).date() for value in grid.index],
            {bucket_name(name): list(grid[name].astype(float)) for name in shown},
            {bucket_name(name): colour[name] for name in shown},
            money=page.money,
            axis_money=page.axis_money,
            mode=page.mode,
        ),
        "aging",
        _("Open receivables {balance} on {day}").format(
            balance=page.money(float(grid.iloc[-1].sum())), day=words.day(on)
        ),
    )


def trends(page: Page, on: date) -> None:
    """Draw the overdue share beside what is claimed of others, and the days of sales outstanding."""
    rows = finance.kpi_trend(on, MONTHS)
    if len(rows) < SHORTEST_TREND:
        return
    days = [pd.Timestamp(value).date() for value in rows["reporting_date"]]
    palette = charts.colours(page.mode)

    def values(name: str) -> list[float | None]:
        return [None if words.is_missing(value) else float(value) for value in rows[name]]

    def share(value: float) -> str:
        return words.percent(value)

    def share_on_axis(value: float) -> str:
        return words.percent(value, trim=True)

    def count(value: float) -> str:
        return words.count(value, 1)

    left, right = st.columns(2)
    caption = _("The dotted lines are what a white paper claims: 10% in developed markets, over 60% in China.")
    with left, parts.card("overdue_trend", _("Overdue share of the open items"), caption):
        claims = [
            charts.Line(name, [claim] * len(days), palette.neutral, "dot")
            for name, claim in zip((_("Claimed elsewhere"), _("Claimed for China")), CLAIMS, strict=True)
        ]
        parts.chart(
            charts.lines(
                days,
                [charts.Line(_("Overdue share"), values("overdue_rate"), palette.accent), *claims],
                money=share,
                axis_money=share_on_axis,
                mode=page.mode,
                height=260,
            ),
            "overdue_trend",
            _("Overdue share of the open items"),
        )
    last = rows.iloc[-1]
    caption = _(
        "In days; simple over 90 days of sales. Collection effectiveness {cei}; turnover {turnover} a year."
    ).format(
        cei=words.percent(None if words.is_missing(last["cei"]) else float(last["cei"])),
        turnover=words.times(None if words.is_missing(last["turnover"]) else float(last["turnover"])),
    )
    with right, parts.card("dso_trend", _("Days sales outstanding"), caption):
        parts.chart(
            charts.lines(
                days,
                [
                    charts.Line(_("Simple"), values("dso"), palette.accent),
                    charts.Line(_("Counted back"), values("dso_countback"), palette.second),
                    charts.Line(_("Best possible"), values("dso_best_possible"), palette.neutral),
                ],
                money=count,
                axis_money=words.count,
                mode=page.mode,
                height=260,
            ),
            "dso_trend",
            _("Days sales outstanding"),
        )


def spread(cells: pd.DataFrame, names: list[str]) -> pd.DataFrame:
    """Turn account × bucket rows into one row per account, a column per bucket and the total."""
    accounts = cells[["place", "account_id", "account_name"]].drop_duplicates("place").set_index("place")
    grid = cells.pivot_table(index="place", columns="bucket", values="amount", aggfunc="sum").reindex(columns=names)
    grid["balance"] = grid.sum(axis=1)
    return accounts.join(grid).sort_index().reset_index(drop=True)


def drill(
    page: Page, on: date, chosen: queries.AgingFilter, order: list[queries.Bucket], amounts: dict[str, float]
) -> None:
    """Show customers by age as a heat table, and the documents behind the cell that was picked."""
    names = [*(bucket.name for bucket in order), queries.UNAPPLIED]
    found = queries.aging_accounts(on, chosen, SHOWN_ACCOUNTS)
    grid = spread(found.frame, names)
    late = {bucket.name for bucket in order if bucket.from_day > 0}
    weights = [*charts.age_weights([bucket.name in late for bucket in order]), 0.0]
    largest = float((grid[names].fillna(0.0) * weights).to_numpy().max(initial=0.0))

    def heated(shown: pd.DataFrame) -> pd.DataFrame:
        looks = pd.DataFrame("", index=shown.index, columns=shown.columns)
        rows = shown[names].to_numpy(float).tolist()
        heat = [charts.heat_styles(row, weights, largest, page.mode) for row in rows]
        looks[names] = pd.DataFrame(heat, index=shown.index, columns=names)
        return looks

    is_now = on == page.run.as_of_date
    hint = _("Pick a cell to see its invoices.") if is_now else _("Single documents are listed for the as-of day only.")
    picked = parts.table(
        page,
        "receivables_aging",
        _("Customers by age of balance"),
        grid,
        [
            Column("account_name", _("Customer"), width=210),
            *(Column(name, bucket_name(name), "money", leads=2 if name in late else 0) for name in names),
            Column("balance", _("Total"), "money", leads=1),
        ],
        caption=_("{day}, most overdue first. {hint} Amounts in {currency}.").format(
            day=words.day(on), hint=hint, currency=page.currency
        ),
        total={**amounts, "account_name": _("Total"), "balance": sum(amounts.values())},
        row_total=found.total,
        everything=lambda: spread(queries.aging_accounts(on, chosen, None).frame, names),
        style=heated,
        blank=" ",
        selectable=is_now,
    )
    if picked is None or not is_now or picked[0] >= len(grid):
        return
    place, column = picked
    documents(page, chosen, None if place < 0 else grid.iloc[place], column if column in names else "")


def documents(page: Page, chosen: queries.AgingFilter, account: pd.Series | None, bucket: str) -> None:
    """List the open documents of a customer and bucket, down to file and record."""
    account_id = "" if account is None else str(account["account_id"])
    name = _("All customers") if account is None else words.name_of(str(account["account_name"]))
    found = queries.open_items(page.run.as_of_date, chosen, account_id, bucket)
    title = f"{name} · {bucket_sentence(bucket)}" if bucket else name
    found.frame["document_kind"] = found.frame["document_kind"].map(document_name)
    if not found.total:
        with parts.card("documents", title):
            st.caption(_("No open document here."))
        return
    listed = ngettext("{count} open document", "{count} open documents", found.total).format(
        count=words.count(found.total)
    )
    rows = found.frame
    amount = float(rows["amount_total"].iloc[0])
    remarks = [
        _("{documents}, {amount}. File and record say where each was read.").format(
            documents=listed, amount=words.money(amount, page.currency, cents=True)
        )
    ]
    if chosen.product_line:
        remarks.append(_("Documents of every product line are listed, since one may hold several."))
    remarks.append(_("Pick a row for its movements."))
    has_other_currency = bool((rows["currency"] != page.currency).any())
    columns = [
        Column("document_id", _("Document"), "id"),
        Column("document_kind", _("Kind")),
        *([Column("account_name", _("Customer"))] if account is None else []),
        Column("issued_on", _("Issued"), "date"),
        Column("due_on", _("Due"), "date"),
        Column("days_past_due", _("Days late"), "count"),
        Column("balance_amount", _("Open"), "money"),
        *([Column("document_balance_amount", _("Open in its currency"), "money")] if has_other_currency else []),
        *([Column("currency", _("Currency"))] if has_other_currency else []),
        *(
            [Column("is_disputed", _("Disputed"), "flag")]
            if rows["is_disputed"].fillna(value=False).astype(bool).any()
            else []
        ),
        Column("owner_name", _("Owner")),
        *([Column("instalment_id", _("Instalment"), "id")] if rows["instalment_id"].notna().any() else []),
        Column("file", _("File"), help=_("The exported file that the document was read from.")),
        Column(
            "row_number", _("Record"), "count", help=_("Number of the record in that file, the header not counted.")
        ),
    ]
    picked = parts.table(
        page,
        "receivables_open_items",
        title,
        found.frame,
        columns,
        caption=" ".join(remarks),
        row_total=found.total,
        everything=lambda: queries.open_items(page.run.as_of_date, chosen, account_id, bucket, None).frame,
        selectable=True,
    )
    if picked is not None and 0 <= picked[0] < len(found.frame):
        ledger(page, found.frame.iloc[picked[0]])


def ledger(page: Page, row: pd.Series) -> None:
    """Show how a document came to its balance: each movement with its rule, file and record."""
    found = finance.movements(str(row["item_id"]), page.run.as_of_date)
    found.frame["kind"] = found.frame["kind"].map(movement_name)
    found.frame["rule"] = found.frame["rule"].map(rule_name)
    parts.table(
        page,
        "receivable_movements",
        _("{document}: what moved it").format(document=words.number_of(str(row["document_id"]))),
        found.frame,
        [
            Column("moved_on", _("Day"), "date"),
            Column("kind", _("Movement"), leads=1),
            Column("amount", _("Amount"), "money", leads=1),
            Column("balance_amount", _("Balance"), "money", leads=1),
            Column("source_id", _("Payment or credit"), "id"),
            Column("rule", _("By which rule")),
            Column("document_amount", _("In its currency"), "money"),
            Column("file", _("File"), help=_("The exported file that the document was read from.")),
            Column(
                "row_number", _("Record"), "count", help=_("Number of the record in that file, the header not counted.")
            ),
        ],
        row_total=found.total,
    )


if __name__ == "__main__":
    show()
