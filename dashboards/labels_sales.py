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
