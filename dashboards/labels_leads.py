"""Names of codes about leads and customers in the language in use."""

from __future__ import annotations

from dashboards.labels import channel_name, plain_name
from dashboards.words import _


def status_name(code: str) -> str:
    """Give the name of a customer's status; another one of segments.csv keeps its own."""
    known = {"prospect": _("Prospect"), "active": _("Active"), "dormant": _("Dormant"), "lost": _("Left")}
    return known.get(code) or code.replace("_", " ").capitalize()


def class_name(code: str) -> str:
    """Give the name of an ABC class."""
    return _("No revenue") if code == "(none)" else _("Class {letter}").format(letter=code)


def cohort_name(code: str) -> str:
    """Give the name of a row about changes of owner."""
    known = {"changed": _("Owner changed"), "stayed": _("Owner stayed"), "difference": _("Difference")}
    return known[code]


def response_name(code: str) -> str:
    """Give the name of a span of hours to the first response."""
    known = {
        "within_1h": _("Within 1 hour"),
        "1h_to_4h": _("1 to 4 hours"),
        "4h_to_24h": _("4 to 24 hours"),
        "1d_to_3d": _("1 to 3 days"),
        "over_3d": _("Over 3 days"),
        "never": _("Never"),
    }
    return known.get(code) or code.replace("_", " ")


def waiting_name(until_hours: int) -> str:
    """Give the name of a span of hours that a lead has waited; 0 is without end."""
    known = {
        1: _("Up to 1 hour"),
        24: _("1 to 24 hours"),
        72: _("1 to 3 days"),
        168: _("3 to 7 days"),
        720: _("7 to 30 days"),
        0: _("Over 30 days"),
    }
    return known[until_hours]


def entity_name(code: str) -> str:
    """Give the name of what the pool holds."""
    return {"lead": _("Leads"), "account": _("Accounts")}.get(code) or code


def rule_name(code: str) -> str:
    """Give a rule of the pool as unit, product line and grade; any of them in words."""
    parts = [plain_name(part) for part in code.split(" · ") if part != "*"]
    return " · ".join(parts) or _("Any")


def reasons_in_words(reasons: str) -> str:
    """Give the reasons of a score with their attributes named: `grade A +0.50; source Website -0.10`."""
    names = {
        "source": _("source"),
        "channel": _("channel"),
        "region": _("region"),
        "industry": _("industry"),
        "size": _("size"),
        "grade": _("grade"),
        "product_line": _("product line"),
        "business_unit": _("business unit"),
    }
    said = []
    for part in filter(None, str(reasons).split("; ")):
        attribute, _space, rest = part.partition(" ")
        value, _space, weight = rest.rpartition(" ")
        shown = channel_name(value) if attribute == "channel" else plain_name(value)
        said.append(f"{names.get(attribute, attribute)} {shown} {weight}")
    return "; ".join(said)
