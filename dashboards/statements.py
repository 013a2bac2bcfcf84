"""A person's commission statement of a month as a workbook and on paper, in the language in use."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from dashboards import words
from dashboards.downloads import Column, rows_of
from dashboards.labels_commissions import commission_kind
from dashboards.words import _
from pipelines.printing import Block, write_pdf
from pipelines.spreadsheet import Field, Sheet, write_book


@dataclass(frozen=True)
class Statement:
    """What a statement holds: whose, of which month, its positions in the order in which they add up, and its lines."""

    name: str
    month: date
    currency: str
    run_id: str
    positions: Sequence[tuple[str, float]]
    lines: pd.DataFrame

    @property
    def title(self) -> str:
        """Give the heading."""
        return _("Commission statement of {name}, {month}").format(name=self.name, month=words.month(self.month))

    @property
    def file_name(self) -> str:
        """Give the name of its files, without the ending."""
        return f"commission_{self.name.replace(' ', '_')}_{self.month:%Y-%m}"


def columns() -> list[Column]:
    """Give the columns of a statement's lines."""
    return [
        Column("moved_on", _("Day"), "date"),
        Column("kind_name", _("Kind")),
        Column("rule_name", _("Rule")),
        Column("calculation", _("Calculation")),
        Column("amount", _("Amount"), "cents"),
        Column("split_share", _("Share"), "percent"),
        Column("account_name", _("Customer")),
        Column("order_line_id", _("Order line"), "id"),
        Column("document_id", _("Document"), "id"),
        Column("plan_id", _("Plan"), "id"),
        Column("plan_version", _("Version"), "count"),
    ]


def positions(amounts: Mapping[str, float], codes: Sequence[str]) -> list[tuple[str, float]]:
    """Give the names and amounts of a statement's positions."""
    return [(commission_kind(code), amounts[code]) for code in codes]


def workbook(statement: Statement) -> Callable[[], bytes]:
    """Give what writes a workbook: the statement, its lines, and what they are; its words are chosen now."""
    shown = columns()
    fields = [Field(_("Position")), Field(_("Amount"), "cents")]
    sheets = [
        Sheet(_("Statement"), fields, _amounts(statement)),
        Sheet(_("Lines"), [Field(column.label, column.kind) for column in shown], _lines(statement, shown)),
    ]
    about = [(statement.title, ""), (_("Amounts in"), statement.currency), (_("Run"), statement.run_id)]

    def write() -> bytes:
        stream = io.BytesIO()
        write_book(stream, sheets, about)
        return stream.getvalue()

    return write


def paper(statement: Statement) -> Callable[[], bytes]:
    """Give what writes the statement and its lines as PDF; its words are chosen now."""
    shown = columns()
    amounts = [[str(name), words.count(amount, 2)] for name, amount in _amounts(statement)]
    lines = [
        [_cell(value, column.kind) for value, column in zip(row, shown, strict=True)]
        for row in _lines(statement, shown)
    ]
    blocks = [
        Block(
            _("Statement"), _("The positions add up to closing."), [_("Position"), _("Amount")], amounts, [False, True]
        ),
        Block(
            _("Lines"),
            _("An arrow: a cap takes part, not all is payable yet, or cents fall so that parts add up to the whole."),
            [column.label for column in shown],
            lines,
            [column.kind in {"cents", "count", "percent"} for column in shown],
        ),
    ]
    title = statement.title
    subtitle = _("Amounts in {currency} · run {run}").format(currency=statement.currency, run=statement.run_id)

    def write() -> bytes:
        stream = io.BytesIO()
        write_pdf(stream, title, subtitle, blocks)
        return stream.getvalue()

    return write


def _amounts(statement: Statement) -> list[list[Any]]:
    frame = pd.DataFrame(statement.positions, columns=["name", "amount"])
    return list(rows_of(frame, [Column("name", ""), Column("amount", "", "cents")]))


def _lines(statement: Statement, shown: Sequence[Column]) -> list[list[Any]]:
    return list(rows_of(statement.lines, shown))


def _cell(value: Any, kind: str) -> str:
    if value is None:
        return words.NOTHING
    if kind == "cents":
        return words.count(value, 2)
    if kind == "percent":
        return words.percent(value)
    return words.count(value) if kind == "count" else str(value)
