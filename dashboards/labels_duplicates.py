"""Why leads are one person's and how customers are in conflict, in the language in use."""

from __future__ import annotations

from dashboards.words import _


def match_reasons(reasons: str) -> str:
    """Give the reasons of `lead_duplicates` in words; they are joined by `; `."""
    known = {
        "decided by a person": _("decided by a person"),
        "its id stands in the other system": _("its id stands in the other system"),
        "same company": _("same company"),
        "same company, its characters in another order": _("same company, its characters in another order"),
        "company abbreviated": _("company abbreviated"),
        "company in pinyin": _("company in pinyin"),
        "similar company": _("similar company"),
        "another company": _("another company"),
        "same person": _("same person"),
        "same person in another spelling": _("same person in another spelling"),
        "same surname with a title": _("same surname with a title"),
        "similar person": _("similar person"),
        "another person": _("another person"),
        "same e-mail": _("same e-mail"),
        "same e-mail under another name": _("same e-mail under another name"),
        "similar e-mail": _("similar e-mail"),
        "another e-mail": _("another e-mail"),
        "same phone": _("same phone"),
        "same phone under another name": _("same phone under another name"),
        "similar phone": _("similar phone"),
        "another phone": _("another phone"),
        "same city": _("same city"),
        "another city": _("another city"),
        "same project": _("same project"),
        "another project": _("another project"),
    }
    return _("; ").join(known.get(reason, reason) for reason in reasons.split("; "))


def conflict_name(code: str) -> str:
    """Give the name of a kind of `account_conflicts`."""
    known = {
        "owners": _("Two owners"),
        "direct_and_partner": _("Direct sales and a partner"),
        "partners": _("Two partners"),
    }
    return known.get(code) or code.replace("_", " ").capitalize()


def claim_name(code: str) -> str:
    """Give the name of what a party had the customer by."""
    known = {"lead": _("Lead"), "registration": _("Registration"), "opportunity": _("Opportunity")}
    return known.get(code) or code.capitalize()
