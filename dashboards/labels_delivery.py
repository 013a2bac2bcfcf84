"""Names of codes of delivery in the language in use."""

from __future__ import annotations

from dashboards import words
from dashboards.words import _


def policy_name(code: str) -> str:
    """Give a way of planning stock as a person would say it."""
    known = {
        "counted": _("As counted"),
        "forecast": _("By forecast"),
        "orders": _("By orders"),
        "last_quarter": _("As last quarter"),
    }
    return known.get(code) or code


def change_name(code: str) -> str:
    """Give the name of a dated change of a contract."""
    known = {
        "signed": _("Signed"),
        "amended": _("Amended"),
        "suspended": _("Suspended"),
        "resumed": _("Resumed"),
        "terminated": _("Terminated"),
    }
    return known.get(code) or code


def decision_name(code: object) -> str:
    """Give a decision about an approval; a decision that is not known as it was exported."""
    known = {"approved": _("Approved"), "rejected": _("Rejected")}
    return known.get(str(code).lower()) or ("" if words.is_missing(code) else str(code))
