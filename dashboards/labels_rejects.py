"""Why a row was rejected, in the language in use: ingest and its files say it in English."""

from __future__ import annotations

import re

from dashboards.words import _


def reject_reason(reason: str) -> str:
    """Give a reason in words; one that no pattern knows stays as it was written."""
    known = {
        r"is required and empty": _("is required and empty"),
        r"is an id that a spreadsheet has cut short: .*": _(
            "is an id that a spreadsheet has cut short: export the file again, and do not open and save it in between"
        ),
        r"is below (?P<limit>\S+)": _("is below {limit}"),
        r"is above (?P<limit>\S+)": _("is above {limit}"),
        r"is not one of (?P<values>.+)": _("is not one of {values}"),
        r"is neither yes nor no": _("is neither yes nor no"),
        r"is not a date in the column's format (?P<format>.+)": _("is not a date in the column's format {format}"),
        r"is not a date such as (?P<example>.+)": _("is not a date such as {example}"),
        r"is not a date and time in the column's format (?P<format>.+)": _(
            "is not a date and time in the column's format {format}"
        ),
        r"is not a date and time such as (?P<example>.+)": _("is not a date and time such as {example}"),
        r"is not a whole number, or too large": _("is not a whole number, or too large"),
        r"is not a number of at most (?P<digits>\d+) digits before the decimal mark(?P<mark>.*)": _(
            "is not a number of at most {digits} digits before the decimal mark{mark}"
        ),
        r"is not a number": _("is not a number"),
        r"is before the range begins": _("is before the range begins"),
        r"ends a range of more than (?P<days>\S+) days": _("ends a range of more than {days} days"),
        r"holds bytes that are not valid (?P<encoding>\S+)": _("holds bytes that are not valid {encoding}"),
        r"is longer than (?P<size>\d+) MiB": _("is longer than {size} MiB"),
        r"is not a JSON object": _("is not a JSON object"),
        r"has (?P<cells>\d+) cells, the header has (?P<width>\d+)": _("has {cells} cells, the header has {width}"),
        r"has a quote that never closes": _("has a quote that never closes"),
        r"has a quote in a cell that is not doubled": _("has a quote in a cell that is not doubled"),
    }
    for pattern, words in known.items():
        if match := re.fullmatch(pattern, reason):
            return words.format(**match.groupdict())
    return reason
