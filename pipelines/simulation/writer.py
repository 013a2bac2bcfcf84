"""Files of an export: CSV in UTF-8 or GB18030, in English or Chinese headers, and workbooks; always the same bytes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import IO

import polars as pl
import xlsxwriter

from pipelines.simulation.arrays import date_of

_EPOCH_OF_ZIP = (1980, 1, 1, 0, 0, 0)
_CREATED = datetime(2000, 1, 1)  # noqa: DTZ001 (a fixed stamp in the workbook)


@dataclass(frozen=True)
class Style:
    """How a table's files look."""

    name: str
    encoding: str = "utf-8"
    headers: Mapping[str, str] = field(default_factory=dict)
    is_workbook: bool = False
    preamble: str = ""
    separator: str = ","


STYLES: dict[str, Style] = {
    "accounts": Style("accounts", "utf-8-sig"),
    "payments": Style(
        "回款记录",
        "gb18030",
        {
            "payment_id": "回款编号",
            "account_id": "客户编号",
            "paid_on": "回款日期",
            "amount": "回款金额",
            "invoice_id": "发票号",
            "order_id": "订单号",
            "contract_id": "合同号",
            "method": "回款方式",
            "currency": "币种",
        },
    ),
    "contracts": Style(
        "合同",
        "gb18030",
        {
            "contract_id": "合同编号",
            "account_id": "客户编号",
            "opportunity_id": "商机编号",
            "owner_id": "负责人",
            "partner_id": "代理商",
            "signed_on": "签订日期",
            "amount": "合同金额",
            "status": "状态",
            "starts_on": "开始日期",
            "ends_on": "结束日期",
            "submitted_at": "提交时间",
            "approved_at": "批准时间",
            "currency": "币种",
        },
    ),
    "quotas": Style(
        "销售目标",
        "utf-8",
        {
            "owner_id": "负责人",
            "period_start_on": "期间开始",
            "period_end_on": "期间结束",
            "amount": "目标金额",
            "currency": "币种",
        },
        is_workbook=True,
    ),
}


class Folder:
    """Writes frames to files below a folder, adding to a file as long as its table and day are the same."""

    def __init__(self, folder: Path, styles: Mapping[str, Style], since: date) -> None:
        """Make the folder; a table without a style is plain CSV under its own name. `since` begins what is reported."""
        self.folder, self.styles, self.since = folder, styles, since
        self._streams: dict[Path, IO[bytes]] = {}
        self._books: dict[Path, list[pl.DataFrame]] = {}
        folder.mkdir(parents=True, exist_ok=True)

    def add(self, table: str, day: int | None, frame: pl.DataFrame) -> None:
        """Add rows to the file of a table and day."""
        style = self.styles.get(table, Style(table))
        stem = style.name if day is None else f"{style.name}_{date_of(day):%Y-%m-%d}"
        frame = frame.rename({old: new for old, new in style.headers.items() if old in frame.columns})
        if style.is_workbook:
            self._books.setdefault(self.folder / f"{stem}.xlsx", []).append(frame)
            return
        path = self.folder / f"{stem}.csv"
        is_new = path not in self._streams
        if is_new:
            path.parent.mkdir(exist_ok=True)
            self._streams[path] = path.open("wb")
            above = style.preamble.format(first=self.since, last=date_of(day or 0))
            self._streams[path].write(above.encode(style.encoding if above else "utf-8"))
        if style.encoding == "utf-8":
            frame.write_csv(self._streams[path], include_header=is_new, separator=style.separator)
            return
        encoding = style.encoding if is_new else style.encoding.removesuffix("-sig")
        self._streams[path].write(frame.write_csv(include_header=is_new, separator=style.separator).encode(encoding))

    def close(self) -> list[Path]:
        """Finish all files; gives their paths in order."""
        for stream in self._streams.values():
            stream.close()
        for path, frames in self._books.items():
            path.write_bytes(_workbook(pl.concat(frames)))
        return sorted([*self._streams, *self._books])


def _workbook(frame: pl.DataFrame) -> bytes:
    """A workbook of one sheet whose bytes depend on the rows alone."""
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True}) as book:
        book.set_properties({"created": _CREATED})
        frame.write_excel(book, autofit=False)
    result = io.BytesIO()
    with zipfile.ZipFile(made) as source, zipfile.ZipFile(result, "w", zipfile.ZIP_STORED) as target:
        for name in sorted(source.namelist()):
            target.writestr(zipfile.ZipInfo(name, _EPOCH_OF_ZIP), source.read(name))
    return result.getvalue()
