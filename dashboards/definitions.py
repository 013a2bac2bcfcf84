"""What the terms on the pages mean, in the language in use: help beside a figure, and a list on the Data page."""

from __future__ import annotations

from dataclasses import dataclass

from dashboards.words import _, markdown


@dataclass(frozen=True)
class Definition:
    """A term, what it means, and the page that uses it."""

    term: str
    meaning: str
    page: str


def sales_definitions() -> dict[str, Definition]:
    """Give the terms of the pages about what changed, how right forecasts were, deals and people."""
    changed = _("What changed")
    return {
        "created": Definition(
            _("New"),
            _("Deals created in the span, with their amount at the end of the first day, and deals opened again."),
            changed,
        ),
        "resized": Definition(
            _("Grown or shrunk"),
            _("Changes of amount, and of the exchange rate for deals in another currency."),
            changed,
        ),
        "moved": Definition(
            _("Dates moved"),
            _("Deals whose expected close date came into the period, less those whose date left it."),
            changed,
        ),
        "won_step": Definition(
            _("Won out of it"), _("Deals of the period that were won, with what they stood at on that day."), changed
        ),
        "dropped": Definition(
            _("Lost or dropped"), _("Deals lost, left out of the forecast, or deleted in the source."), changed
        ),
    }


def definitions() -> dict[str, Definition]:
    """Give every term by its key, in the order in which the Data page lists them."""
    marketing, sales, finance = _("Campaign ROI"), _("Forecast"), _("Receivables")
    return {
        "cost": Definition(
            _("Spend"), _("Media, agency fees, events and other cost dated in the months shown, net of tax."), marketing
        ),
        "booked": Definition(
            _("Booked revenue"),
            _(
                "Net amount of the deals won in the months shown, credited to the channels that touched them by the "
                "model chosen."
            ),
            marketing,
        ),
        "roi": Definition(
            _("ROI"),
            _(
                "(booked revenue − spend) ÷ spend. 0 % means that the money came back once; below that it was not "
                "earned back."
            ),
            marketing,
        ),
        "roas": Definition(_("Return per unit spent"), _("Booked revenue ÷ spend."), marketing),
        "cost_per_win": Definition(
            _("Cost per won deal"),
            _("Spend ÷ won deals. A deal that several channels touched counts in parts, which add up to one."),
            marketing,
        ),
        "model": Definition(
            _("Attribution model"),
            _(
                "Who gets the credit for a won deal: its first touch, its last touch, or its touches in shares, "
                "equal ones with linear."
            ),
            marketing,
        ),
        "won": Definition(_("Won"), _("Net amount of the deals won in the period up to the as-of day."), sales),
        "commit": Definition(
            _("Commit forecast"), _("Won, and the open deals of the period that their owners have committed to."), sales
        ),
        "best_case": Definition(_("Best case"), _("The commit forecast and the open deals called best case."), sales),
        "stage_weighted": Definition(
            _("Stage-weighted forecast"),
            _("Won, and each open deal of the period times the probability of its stage."),
            sales,
        ),
        "gap": Definition(
            _("Gap to quota"),
            _("Quota − won: what is still to be closed. A minus sign means the quota is passed."),
            sales,
        ),
        "coverage": Definition(_("Coverage of the gap"), _("Open deals of the period ÷ (quota − won)."), sales),
        **sales_definitions(),
        "lead_to_win": Definition(
            _("Leads won to date"),
            _(
                "Leads won so far ÷ leads created in the same months. Young leads have not had their time yet, so "
                "this is not a final rate."
            ),
            _("Overview"),
        ),
        "balance": Definition(
            _("Open receivables"),
            _(
                "Everything invoiced, less what was credited, paid, written off or received without naming an "
                "invoice. Gross of tax."
            ),
            finance,
        ),
        "overdue_rate": Definition(
            _("Overdue share"), _("Overdue items ÷ all positive open items. An item due today is not overdue."), finance
        ),
        "dso": Definition(
            _("Days sales outstanding"),
            _(
                "Ledger balance ÷ credit sales of the last 90 days × 90. Credit sales are invoices less credit "
                "notes, gross of tax."
            ),
            finance,
        ),
        "dso_best": Definition(
            _("Best possible"),
            _("The same days if nothing were overdue: items not yet due ÷ credit sales of the last 90 days × 90."),
            finance,
        ),
        "unapplied": Definition(
            _("Unapplied money"),
            _(
                "Payments and credits received that name no open invoice. They lower the total, and stand apart from "
                "the age groups."
            ),
            finance,
        ),
        "basis": Definition(
            _("Age by"),
            _(
                "Due date counts the days since an item was due; invoice date counts the days since it was issued. "
                "The totals are equal."
            ),
            finance,
        ),
    }


def define(key: str) -> str:
    """Give the meaning of a term, escaped for use as help."""
    return markdown(definitions()[key].meaning)
