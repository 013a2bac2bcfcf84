"""Names of codes of collections and credit in the language in use."""

from __future__ import annotations

from dashboards.words import _


def alert_name(kind: str) -> str:
    """Give the name of a kind of alert."""
    known = {
        "due_soon": _("Due soon"),
        "due_today": _("Due today"),
        "dunning": _("Overdue"),
        "limit_exceeded": _("Limit exceeded"),
        "instalment_missed": _("Instalment missed"),
        "grade_fell": _("Grade fell"),
        "promise_broken": _("Promise broken"),
    }
    return known.get(kind) or kind.replace("_", " ").capitalize()


def dunning_name(level: str) -> str:
    """Give the name of a level of dunning; one of a company's own keeps its own name."""
    known = {
        "reminder": _("Reminder"),
        "first_dunning": _("First dunning"),
        "second_dunning": _("Second dunning"),
        "final_dunning": _("Final dunning"),
        "": "",
    }
    return known[level] if level in known else level.replace("_", " ").capitalize()


def status_name(status: str) -> str:
    """Give the name of what became of an instalment."""
    known = {
        "met": _("Met"),
        "late": _("Paid late"),
        "partly": _("Partly paid"),
        "missed": _("Missed"),
        "open": _("Not due yet"),
    }
    return known.get(status) or status


def phase_name(phase: str) -> str:
    """Give the name of a phase of collection."""
    known = {
        "before_delivery": _("Before delivery"),
        "until_due": _("Delivered, not due"),
        "after_due": _("After the due day"),
    }
    return known.get(phase) or phase


def movement_name(kind: str) -> str:
    """Give the name of a kind of movement of the ledger."""
    known = {
        "invoice": _("Invoice"),
        "payment_applied": _("Payment applied"),
        "credit_note_applied": _("Credit note applied"),
        "unapplied_payment": _("Payment not applied"),
        "unapplied_credit": _("Credit not applied"),
        "write_off": _("Written off"),
        "refund": _("Refund"),
        "fx_difference": _("Exchange difference"),
    }
    return known.get(kind) or kind.replace("_", " ").capitalize()


def rule_name(rule: str) -> str:
    """Give the name of the rule by which money met its document."""
    known = {
        "issued": _("as issued"),
        "allocation": _("as the source allocates it"),
        "invoice": _("the document names the invoice"),
        "order": _("oldest invoice of its order"),
        "contract": _("oldest invoice of its contract"),
        "oldest_due": _("oldest invoice of the customer"),
        "reversal": _("taken back by a refund"),
        "unapplied": _("names no open invoice"),
    }
    return known.get(rule) or rule


def grade_name(grade: str) -> str:
    """Give a grade, or say that there is none."""
    return _("Not graded") if grade in {"", "none", "None", "nan"} else grade
