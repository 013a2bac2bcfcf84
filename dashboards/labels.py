"""Names of codes in the language in use; codes stay as they are in addresses and SQL."""

from __future__ import annotations

from dashboards.words import _, name_of


def channel_name(code: str) -> str:
    """Give the name of a channel; one that no list knows keeps its own, with spaces for underscores."""
    known = {
        "paid_search": _("Paid search"),
        "organic_search": _("Organic search"),
        "paid_social": _("Paid social"),
        "social": _("Social media"),
        "wechat": _("WeChat"),
        "email": _("E-mail"),
        "events": _("Events"),
        "webinar": _("Webinars"),
        "display": _("Display"),
        "referral": _("Referrals"),
        "partner": _("Partners"),
        "direct": _("Direct"),
        "radio": _("Radio"),
        "tv": _("Television"),
        "print": _("Print"),
        "phone": _("Phone"),
        "unassigned": _("Spend without a channel"),
        "unattributed": _("Revenue without a touch"),
        "(none)": _("(none)"),
    }
    return known.get(code) or code.replace("_", " ").capitalize()


def model_name(code: str) -> str:
    """Give the name of an attribution model."""
    known = {
        "first": _("First touch"),
        "last": _("Last touch"),
        "last_non_direct": _("Last touch but direct"),
        "linear": _("Linear"),
        "position": _("By position"),
        "time_decay": _("Time decay"),
        "w_shaped": _("W-shaped"),
        "markov": _("Markov chain"),
        "shapley": _("Shapley value"),
    }
    return known.get(code) or code.replace("_", " ").capitalize()


def level_name(code: str) -> str:
    """Give the name of a level of the forecast."""
    known = {
        "team": _("Team"),
        "rep": _("Rep"),
        "manager": _("Manager"),
        "region": _("Region"),
        "product_line": _("Product line"),
    }
    return known.get(code) or code.replace("_", " ").capitalize()


def bucket_name(code: str) -> str:
    """Give the name of an aging bucket."""
    known = {"not_due": _("Not due"), "0": _("Today"), "365+": _("Over 365"), "unapplied": _("Unapplied")}
    return known.get(code) or code.replace("-", "–")


def bucket_sentence(code: str) -> str:
    """Give an aging bucket as it reads in a heading."""
    if code in {"not_due", "0", "unapplied"}:
        return bucket_name(code)
    return _("{bucket} days").format(bucket=bucket_name(code))


def plain_name(code: str) -> str:
    """Give a value of a dimension, with the missing one in words and an id without its source."""
    return _("(none)") if code == "(none)" else name_of(code)


def document_name(code: str) -> str:
    """Give the name of a kind of receivable document."""
    known = {"invoice": _("Invoice"), "payment": _("Payment"), "credit_note": _("Credit note")}
    return known.get(code) or code.replace("_", " ").capitalize()


def finding_name(code: str) -> str:
    """Give a finding about the data in words."""
    known = {
        "document_of_an_unknown_account": _("Document of a customer that no export holds"),
        "account_without_its_leading_zeros": _("Customer number that lost its leading zeros"),
        "day_more_than_ten_years_ahead": _("Day more than ten years ahead"),
        "due_before_issued": _("Invoice due before it was issued"),
        "applied_to_another_account": _("Money applied to another customer's invoice"),
        "payment_like_another": _("Payment like another: same customer, day, amount and document"),
        "names_an_unknown_invoice": _("Names an invoice that no export holds"),
        "allocation_of_an_unknown_payment": _("Allocation of a payment that no export holds"),
        "write_off_of_more_than_was_open": _("Write-off of more than was open: the rest is without effect"),
        "promise_due_before_it_was_made": _("Promise due before it was made"),
        "plan_of_more_than_its_invoice": _("Plan of more than its invoice: what exceeds it is no receivable"),
        "plan_does_not_sum_to_its_contract": _("Plan that does not sum to its contract"),
        "instalment_of_nothing": _("Instalment that names no invoice and no contract"),
        "statement_total_is_not_the_sum_of_its_rows": _("Statement whose total is not the sum of its rows"),
        "null_currency": _("No currency given: the company's was taken"),
        "missing_exchange_rate": _("No exchange rate for the day"),
        "undeclared_channel": _("Channel that no rule names: it keeps its own name"),
        "unknown_campaign": _("Campaign that no export describes"),
        "event_before_creation": _("Event before its lead was created: its duration counts 0"),
        "event_of_an_unknown_lead": _("Event of a lead that no export holds"),
        "decision_about_an_unknown_lead": _("Rule about a lead that no export holds: it is without effect"),
        "no_touchpoint": _("Contact that does not count as a touch"),
        "touch_of_nobody": _("Touch that belongs to no known person"),
        "cycle_in_the_campaign_tree": _("Campaigns above each other in a circle: the first counts as a root"),
        "open_deal_of_an_owner_who_left": _("Open deal of an owner who left"),
        "won_deal_opened_again": _("Won deal that was opened again"),
        "cycle_of_managers": _("Managers above each other in a circle: each counts once for all in it"),
        "close_date_past": _("Open deal whose close date has passed"),
        "open_without_amount": _("Open deal without an amount"),
        "closed_before_created": _("Deal closed before it was created"),
        "closed_without_date": _("Closed deal without a closing day: it was estimated"),
        "closes_after_date": _("Deal closed on a day to come: it counts as open"),
        "created_after_date": _("Deal created on a day to come"),
        "created_without_date": _("Deal without a day of creation: it was estimated"),
        "negative_amount": _("Deal of less than nothing"),
        "unreadable_change": _("Change of a deal that cannot be read"),
        "change_of_unknown_opportunity": _("Change of a deal that no export holds"),
        "unlinked": _("Name that no other system's record was found for"),
        "ambiguous_link": _("Name that fits several records of another system"),
        "order_line_without_cost": _("Order line whose cost is not known: its margin counts nowhere"),
    }
    return known.get(code) or code.replace("_", " ").capitalize()
