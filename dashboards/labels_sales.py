"""Names of codes of sales in the language in use."""

from __future__ import annotations

from dashboards.words import _


def step_name(code: str) -> str:
    """Give the name of a step of the pipeline's waterfall."""
    known = {
        "opening": _("Opening"),
        "created": _("Created"),
        "reopened": _("Reopened"),
        "increased": _("Increased"),
        "decreased": _("Decreased"),
        "pulled_in": _("Date moved in"),
        "pushed_out": _("Date moved out"),
        "transferred_in": _("Taken over"),
        "transferred_out": _("Handed over"),
        "fx": _("Exchange rates"),
        "omitted": _("Left out of the forecast"),
        "deleted": _("Deleted"),
        "won": _("Closed as won"),
        "lost": _("Closed as lost"),
        "closing": _("Closing"),
    }
    return known.get(code) or code.replace("_", " ").capitalize()


def method_name(code: str) -> str:
    """Give the name of a way to forecast."""
    known = {
        "stage": _("By stage"),
        "calibrated": _("By stage, calibrated"),
        "commit": _("Commit"),
        "best_case": _("Best case"),
        "submitted": _("Submitted forecast"),
        "last_period": _("Same as last period"),
        "last_year": _("Same as last year"),
    }
    return known.get(code) or code.replace("_", " ").capitalize()


def kind_name(code: str) -> str:
    """Give the name of a length of period."""
    return {"month": _("Months"), "quarter": _("Quarters"), "year": _("Years")}.get(code, code)


def reason_name(code: str) -> str:
    """Give in words why a deal should be looked at."""
    known = {
        "over_expected_days": _("Over the stage's days"),
        "over_won_deals_days": _("Slower than won deals"),
        "no_activity": _("No recent activity"),
        "close_date_past": _("Close date past"),
        "missing_amount": _("No amount"),
        "missing_close_on": _("No close date"),
        "missing_next_step": _("No next step"),
        "missing_decision_maker": _("No contact who decides"),
        "missing_product_id": _("No product"),
        "missing_product_line": _("No product line"),
        "missing_quantity": _("No quantity"),
        "missing_account_id": _("No customer"),
        "missing_owner_id": _("No owner"),
        "missing_source": _("No source"),
        "missing_competitor": _("No competitor"),
        "missing_partner_id": _("No partner"),
    }
    return known.get(code) or code.replace("_", " ").capitalize()
