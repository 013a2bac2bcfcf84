"""Names of codes of commissions in the language in use."""

from __future__ import annotations

from dashboards import words
from dashboards.words import _


def commission_kind(code: str) -> str:
    """Give the name of a kind of movement, and of both ends of a statement."""
    known = {
        "opening": _("Opening"),
        "accrued": _("Earned"),
        "payable": _("Became payable"),
        "bonus_interest": _("Interest for early payment"),
        "penalty_interest": _("Interest for late payment"),
        "clawback": _("Taken back"),
        "paid": _("Paid out"),
        "closing": _("Closing"),
    }
    return known.get(code) or code.replace("_", " ").capitalize()


def commission_rule(code: str) -> str:
    """Give a rule as a person would say it."""
    known = {
        "tier_marginal": _("Tiers, each band at its rate"),
        "tier_cliff": _("Tier reached, on the whole"),
        "true_up": _("Earlier line at the tier now reached"),
        "rate_account_product": _("Rate for this customer and product"),
        "rate_account_product_line": _("Rate for this customer and product line"),
        "rate_account": _("Rate for this customer"),
        "rate_product": _("Rate for this product"),
        "rate_product_line": _("Rate for this product line"),
        "rate_plan": _("Rate of the plan"),
        "override": _("Override of the manager"),
        "minimum": _("Up to the minimum of the period"),
        "minimum_recovered": _("Earlier minimum recovered"),
        "at_end_customer": _("Arrived at the end customer"),
        "return": _("Goods returned"),
        "credit_note": _("Credit note without a return"),
        "write_off": _("Written off"),
        "refund": _("Money refunded"),
        "cancelled": _("Order line cancelled"),
        "correction": _("Plan changed for the past"),
        "paid": _("Paid out"),
    }
    for start, sentence in (("days_early_", _("{days} days early")), ("days_late_", _("{days} days late"))):
        if code.startswith(start):
            return sentence.format(days=words.count(int(code.removeprefix(start))))
    return known.get(code) or code.replace("_", " ").capitalize()
