"""Errors that a user can cause and mend."""

from __future__ import annotations


class WanamakerError(Exception):
    """Something a user can mend: the message says what, where and what to do. Exit code 2."""

    exit_code = 2


class FiguresFailedError(WanamakerError):
    """A test of a figure failed, so nothing was published. Exit code 1."""

    exit_code = 1


class RunActiveError(WanamakerError):
    """Another run holds the data folder. Exit code 3."""

    exit_code = 3
