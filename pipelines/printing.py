"""Tables on paper: PDF with Chinese, by fonts that every reader of PDF brings along."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Final

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.platypus import LongTable, Paragraph, SimpleDocTemplate, Spacer, TableStyle

_FONT: Final = "STSong-Light"
_INK, _MUTE, _GRID = colors.HexColor("#16202E"), colors.HexColor("#5B6778"), colors.HexColor("#E9EDF2")
_MARGIN: Final = 14 * mm
_SMALLEST, _LARGEST = 4.5, 8.5
_WIDEST_CELL: Final = 28


@dataclass(frozen=True)
class Block:
    """A table of a document: its heading, what it is, its columns, its rows, and which columns are numbers."""

    heading: str
    caption: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    is_number: Sequence[bool]


def write_pdf(target: Path | BinaryIO, title: str, subtitle: str, blocks: Sequence[Block]) -> None:
    """Write a document of tables, landscape A4, with the title on its first page and numbers on all pages.

    `target` is a path or a binary stream.
    """
    pdfmetrics.registerFont(UnicodeCIDFont(_FONT))
    document = SimpleDocTemplate(
        str(target) if isinstance(target, Path) else target,
        pagesize=landscape(A4), title=title, leftMargin=_MARGIN, rightMargin=_MARGIN,
        topMargin=_MARGIN, bottomMargin=_MARGIN, invariant=1,
    )  # fmt: skip
    head = ParagraphStyle("head", fontName=_FONT, fontSize=16, leading=21, textColor=_INK)
    small = ParagraphStyle("small", fontName=_FONT, fontSize=8.5, leading=12, textColor=_MUTE)
    middle = ParagraphStyle("middle", fontName=_FONT, fontSize=11.5, leading=16, textColor=_INK, spaceBefore=10)
    flow: list[Any] = [Paragraph(_plain(title), head), Paragraph(_plain(subtitle), small)]
    for block in blocks:
        flow += [Paragraph(_plain(block.heading), middle), Paragraph(_plain(block.caption), small), Spacer(1, 4)]
        flow.append(_table(block, document.width))
    document.build(flow, onFirstPage=_number, onLaterPages=_number)


def _plain(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _number(canvas: Any, document: Any) -> None:
    canvas.setFont(_FONT, 8)
    canvas.setFillColor(_MUTE)
    canvas.drawRightString(document.pagesize[0] - _MARGIN, 7 * mm, str(document.page))


def _table(block: Block, width: float) -> Any:
    """The table at the largest size at which its columns fit the page; long words wrap."""
    lengths = [
        min(_WIDEST_CELL, max(map(_length, [column, *(row[place] for row in block.rows)]), default=1)) + 2
        for place, column in enumerate(block.columns)
    ]
    size = max(_SMALLEST, min(_LARGEST, width / (sum(lengths) * 0.56)))
    shares = [width * length / sum(lengths) for length in lengths]
    style = {
        flag: ParagraphStyle(f"cell{flag}", fontName=_FONT, fontSize=size, leading=size * 1.3, wordWrap="CJK",
                             textColor=_INK, alignment=2 if flag else 0)
        for flag in (False, True)
    }  # fmt: skip
    lines = [block.columns, *block.rows]
    cells = [
        [Paragraph(_plain(text), style[flag]) for text, flag in zip(line, block.is_number, strict=True)]
        for line in lines
    ]
    table = LongTable(cells, colWidths=shares, repeatRows=1)
    table.setStyle(
        TableStyle(
            [
                ("LINEBELOW", (0, 0), (-1, 0), 0.8, _MUTE),
                ("LINEBELOW", (0, 1), (-1, -1), 0.3, _GRID),
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("LEFTPADDING", (0, 0), (-1, -1), 2),
                ("RIGHTPADDING", (0, 0), (-1, -1), 2),
                ("TOPPADDING", (0, 0), (-1, -1), 1.5),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 1.5),
            ]
        )
    )
    return table


def _length(text: str) -> int:
    """Its width in Latin letters; a Chinese character takes two."""
    return sum(2 if ord(letter) > 0x2E80 else 1 for letter in text)  # noqa: PLR2004
