"""Errors that a user can cause and mend."""

from __future__ import annotations

import re

_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


def shown(text: str) -> str:
    """Text from a file as a terminal may show it: what would steer the terminal or turn the line is written out."""
    return _CONTROLS.sub(lambda found: f"\\x{ord(found[0]):02x}", text)


class WanamakerError(Exception):
    """Something a user can mend: the message says what, where and what to do. Exit code 2."""

    exit_code = 2


class FiguresFailedError(WanamakerError):
    """A test of a figure failed, so nothing was published. Exit code 1."""

    exit_code = 1


class RunActiveError(WanamakerError):
    """Another run holds the data folder. Exit code 3."""

    exit_code = 3


def rows_in_words(count: int) -> str:
    """A count of rows as a message says it."""
    return "1 row" if count == 1 else f"{count:,} rows"
