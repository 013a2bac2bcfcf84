"""The exports as METRICS and INTERFACE ask to read them: typed, rejected by stated rules, newest snapshot first.

Only files that the simulated company writes are read: `<table>_<day>`, CSV or XLSX, some of them in Chinese.
"""

from __future__ import annotations

import csv
import hashlib
import re
import zipfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from functools import cache, cached_property
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET
from zoneinfo import ZoneInfo

from tests.oracle.money import rounded

Row = dict[str, Any]
Version = tuple[date, Row | None]

ZONE = ZoneInfo("Asia/Shanghai")
COMPANY_CURRENCY = "CNY"
SOURCE = "custom"
_SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"

# INTERFACE, "Tables of source custom": columns, `*` where a row without it is rejected
_TEMPLATE = """
users: user_id* name email team region manager_id role hired_on left_on
user_history: user_id* valid_from_on* team region manager_id role
accounts: account_id* name* industry size region city country account_type parent_account_id owner_id tax_id credit_limit_amount payment_terms_days created_at partner_id
account_history: account_id* changed_at* field* old_value new_value
account_limits: account_id* valid_from_on* amount*
account_events: account_id* occurred_at* kind* owner_id
contacts: contact_id* account_id name email phone title is_decision_maker
products: product_id* name product_line list_price unit_cost
product_costs: product_id* valid_from_on* unit_cost*
campaigns: campaign_id* name* level channel parent_campaign_id starts_on ends_on budget committed_amount expected_revenue_amount expected_leads actual_cost owner_id status
spend: spend_id spent_on* campaign_id channel ad_account kind cost* impressions clicks conversions conversion_value_amount
leads: lead_id* created_at* source channel campaign_id company_name person_name email phone city region industry size grade product_line project_name business_unit owner_id assigned_at status qualified_at converted_at opportunity_id account_id
lead_events: lead_id* occurred_at* kind* owner_id
touchpoints: touchpoint_id occurred_at* campaign_id channel kind lead_id contact_id account_id email
paths: path* total_conversions total_conversion_value total_null
opportunities: opportunity_id* name account_id owner_id stage* amount product_id product_line quantity source campaign_id lead_id created_at close_on closed_at forecast_category loss_reason competitor next_step partner_id
opportunity_lines: opportunity_line_id* opportunity_id* product_id* quantity* amount
opportunity_history: opportunity_id* changed_at* field* old_value new_value
activities: activity_id occurred_at* kind direction is_automatic owner_id lead_id account_id opportunity_id
registrations: registration_id* account_id opportunity_id partner_id owner_id company_name project_name product_line submitted_at* decided_at decision valid_until_on
quotes: quote_id* opportunity_id product_id quantity list_price quoted_price floor_price submitted_at decided_at decision owner_id
quotas: owner_id* period_start_on* period_end_on* amount*
forecast_submissions: owner_id* submitted_at* period_start_on* category* amount*
contracts: contract_id* account_id opportunity_id owner_id partner_id signed_on amount* status starts_on ends_on submitted_at approved_at
contract_changes: contract_id* changed_on* kind* amount
approvals: approval_id* document_kind* document_id* step* approver_id requested_at* due_at decided_at decision
orders: order_id* account_id contract_id opportunity_id quote_id owner_id partner_id end_customer_id ordered_on* status
order_lines: order_line_id* order_id* product_id quantity* unit_price unit_cost amount promised_on cancelled_on is_commissionable
shipments: shipment_line_id* shipment_id* order_line_id* shipped_on* delivered_on end_customer_on quantity* delay_reason
returns: return_id* order_line_id* returned_on* quantity* amount reason
inventory: counted_on* product_id* on_hand_quantity* incoming_quantity
incoming_supply: supply_id* product_id* expected_on* quantity*
invoices: invoice_id* account_id* order_id contract_id shipment_id owner_id issued_on* due_on* amount* tax_amount is_disputed
invoice_lines: invoice_line_id* invoice_id* order_line_id shipment_line_id product_id quantity amount* tax_amount
credit_notes: credit_note_id* account_id* invoice_id return_id order_line_id issued_on* amount* tax_amount reason
payments: payment_id* account_id* paid_on* amount* invoice_id order_id contract_id method
payment_allocations: payment_id* invoice_id* amount* payment_amount instalment_id allocated_on
write_offs: write_off_id* invoice_id* written_off_on* amount*
collection_plans: instalment_id* account_id contract_id invoice_id due_on* amount* method owner_id
disputes: dispute_id* invoice_id* opened_on* resolved_on amount reason
promises: promise_id* account_id* invoice_id promised_at* due_on* amount*
aging_statements: stated_on* account_id* document_id bucket amount*
commission_plans: plan_id* version mode* base tier_kind tier_measure cumulates period valid_from_on valid_to_on recorded_at bonus_annual_rate penalty_annual_rate grace_days interest_cap_rate cap_amount cap_scope minimum_amount is_minimum_recoverable
commission_tiers: plan_id* version from_attainment from_amount rate*
commission_rates: plan_id* version product_id product_line account_id rate* valid_from_on valid_to_on
commission_assignments: owner_id* plan_id* valid_from_on valid_to_on
commission_splits: order_id* order_line_id owner_id* share*
manager_overrides: manager_id* plan_id* rate* valid_from_on valid_to_on
commission_payments: payment_id* owner_id* paid_on* amount*
fx_rates: rate_on* from_currency* to_currency* rate*
"""

# INTERFACE, remarks on load mode: keys of more than the first id
_KEYS = {
    "user_history": ("user_id", "valid_from_on"),
    "account_limits": ("account_id", "valid_from_on"),
    "product_costs": ("product_id", "valid_from_on"),
    "quotas": ("owner_id", "period_start_on", "period_end_on"),
    "forecast_submissions": ("owner_id", "submitted_at", "period_start_on", "category"),
    "inventory": ("counted_on", "product_id"),
    "commission_plans": ("plan_id", "version"),
    "commission_tiers": ("plan_id", "version", "from_attainment", "from_amount"),
    "commission_rates": ("plan_id", "version", "product_id", "product_line", "account_id", "valid_from_on"),
    "commission_assignments": ("owner_id", "plan_id", "valid_from_on"),
    "commission_splits": ("order_id", "order_line_id", "owner_id"),
    "manager_overrides": ("manager_id", "plan_id", "valid_from_on"),
    "fx_rates": ("rate_on", "from_currency", "to_currency"),
}
_APPEND = {
    "account_history", "account_events", "lead_events", "opportunity_history", "contract_changes", "payment_allocations",
    "touchpoints", "activities", "paths",
}  # fmt: skip
_OWN_ID = {"touchpoints": "touchpoint_id", "activities": "activity_id"}
_REPLACE = {"spend": ("spent_on", ("channel", "kind", "ad_account")), "aging_statements": ("stated_on", ())}

# INTERFACE, words that a column allows
_WORDS = {
    ("account_events", "kind"): ("assigned", "recycled", "claimed"),
    ("campaigns", "level"): ("plan", "campaign", "activity"),
    ("lead_events", "kind"): ("assigned", "responded", "qualified", "recycled", "claimed", "converted", "disqualified"),
    ("opportunities", "forecast_category"): ("omitted", "pipeline", "best_case", "commit", "closed"),
    ("activities", "direction"): ("in", "out"),
    ("contract_changes", "kind"): ("amended", "suspended", "resumed", "terminated"),
    ("commission_plans", "mode"): ("shipment", "collection", "collection_then_terminal", "attainment"),
    ("commission_plans", "base"): ("revenue", "margin", "collected"),
    ("commission_plans", "tier_kind"): ("marginal", "cliff"),
    ("commission_plans", "tier_measure"): ("amount", "quota"),
    ("commission_plans", "cumulates"): ("line", "period"),
    ("commission_plans", "period"): ("month", "quarter", "year"),
    ("commission_plans", "cap_scope"): ("line", "period"),
}

# files and headers that a company exports in Chinese
_TITLES = {"合同": "contracts", "回款记录": "payments", "销售目标": "quotas"}
_HEADERS = {
    "contracts": {
        "合同编号": "contract_id",
        "客户编号": "account_id",
        "商机编号": "opportunity_id",
        "负责人": "owner_id",
        "代理商": "partner_id",
        "签订日期": "signed_on",
        "合同金额": "amount",
        "状态": "status",
        "开始日期": "starts_on",
        "结束日期": "ends_on",
        "提交时间": "submitted_at",
        "批准时间": "approved_at",
        "币种": "currency",
    },
    "payments": {
        "回款编号": "payment_id",
        "客户编号": "account_id",
        "回款日期": "paid_on",
        "回款金额": "amount",
        "发票号": "invoice_id",
        "订单号": "order_id",
        "合同号": "contract_id",
        "回款方式": "method",
        "币种": "currency",
    },
    "quotas": {
        "负责人": "owner_id",
        "期间开始": "period_start_on",
        "期间结束": "period_end_on",
        "目标金额": "amount",
        "币种": "currency",
    },
}

MISSING = {"", "--", "-", "N/A", "n/a", "#N/A", "NULL", "null", "无", "Select"}
_TRUE = {"true", "t", "yes", "y", "1", "是", "√", "x"}
_FALSE = {"false", "f", "no", "n", "0", "否", "×"}


class UnreadableError(ValueError):
    """A cell that holds something its column cannot."""


@dataclass(frozen=True)
class Table:
    """One table of the template."""

    name: str
    columns: tuple[str, ...]
    required: frozenset[str]
    key: tuple[str, ...]


def _tables() -> dict[str, Table]:
    tables = {}
    for line in _TEMPLATE.strip().splitlines():
        name, words = line.split(": ")
        columns = [word.removesuffix("*") for word in words.split()]
        required = frozenset(word.removesuffix("*") for word in words.split() if word.endswith("*"))
        key = () if name in _APPEND or name in _REPLACE else _KEYS.get(name, (columns[0],))
        tables[name] = Table(name, (*columns, *(() if name == "fx_rates" else ("currency",))), required, key)
    return tables


TABLES = _tables()


def kind_of(table: str, column: str) -> str:
    """The type of a column by its name (INTERFACE, "Types by name")."""
    last = column.rsplit("_", 1)[-1]
    if column.startswith("is_"):
        return "boolean"
    if last in ("on", "at"):
        return {"on": "date", "at": "timestamp"}[last]
    if last in ("days", "impressions", "clicks", "leads") or column in ("version", "step"):
        return "whole"
    places = {"amount": 2, "budget": 2, "price": 6, "cost": 6, "quantity": 3, "rate": 6, "share": 6, "attainment": 6}
    places |= {"conversions": 6, "null": 6}
    if table == "paths" and last == "value":
        return "decimal 12"
    if last in places:
        return f"decimal {12 if (table, column) == ('fx_rates', 'rate') else places[last]}"
    return "text"


def is_id(column: str) -> bool:
    """Whether the column holds an id, which carries its source in marts (INTERFACE, "Marts")."""
    return column.endswith("_id") and column != "tax_id"


def read_text(cell: str, words: tuple[str, ...] = ()) -> str:
    """Text as it stands, or one of the words that the column allows, in any case."""
    if not words:
        return cell
    for word in words:
        if cell.lower() == word:
            return word
    raise UnreadableError(cell)


def read_boolean(cell: str) -> bool:
    """Yes or no."""
    word = cell.lower()
    if word in _TRUE or word in _FALSE:
        return word in _TRUE
    raise UnreadableError(cell)


def read_timestamp(cell: str) -> datetime:
    """A local time; one with an offset is converted to the company's zone (METRICS §0, "Days").

    A workbook keeps days as numbers, counted from the last day of 1899 but one.
    """
    if re.fullmatch(r"[2-7]\d{4}(\.\d+)?", cell):
        return datetime(1899, 12, 30) + timedelta(days=float(cell))
    if not re.match(r"\d{4}[-/]\d{1,2}[-/]\d{1,2}", cell):
        raise UnreadableError(cell)
    try:
        moment = datetime.fromisoformat(cell.replace("/", "-"))
    except ValueError:
        raise UnreadableError(cell) from None
    return moment.astimezone(ZONE).replace(tzinfo=None) if moment.tzinfo else moment


def read_date(cell: str) -> date:
    """A day; of a time, its local day."""
    return read_timestamp(cell).date()


def read_decimal(cell: str, places: int) -> Decimal:
    """A number, rounded once, half away from zero (INTERFACE, "An amount with more digits")."""
    try:
        number = Decimal(cell)
    except InvalidOperation:
        raise UnreadableError(cell) from None
    if not number.is_finite() or "_" in cell:
        raise UnreadableError(cell)
    return number if number.as_tuple().exponent >= -places else rounded(number, places)


def read_whole(cell: str) -> int:
    """A whole number; one with a fraction is none (INTERFACE)."""
    number = read_decimal(cell, 12)
    if number != number.to_integral_value():
        raise UnreadableError(cell)
    return int(number)


@cache
def reader_of(table: str, column: str) -> Callable[[str], Any]:
    """What reads a cell of this column."""
    kind = kind_of(table, column)
    if kind.startswith("decimal"):
        places = int(kind.split()[1])
        return lambda cell: read_decimal(cell, places)
    words = _WORDS.get((table, column), ())
    return {
        "boolean": read_boolean,
        "date": read_date,
        "timestamp": read_timestamp,
        "whole": read_whole,
        "text": lambda cell: read_text(cell, words),
    }[kind]


def cell_of(text: str | None) -> str | None:
    """What a cell holds, or None where it says that nothing is known."""
    bare = (text or "").strip(" \t\u00a0\u3000")
    return None if bare in MISSING else bare


def typed(table: Table, record: dict[str, str]) -> Row | None:
    """A record as typed values; None where it is rejected: a required cell is empty, or one cannot be read."""
    row: Row = {}
    for column in table.columns:
        cell = cell_of(record.get(column))
        if cell is None:
            if column in table.required:
                return None
            row[column] = None
            continue
        try:
            value = reader_of(table.name, column)(cell)
        except UnreadableError:
            return None
        row[column] = f"{SOURCE}:{value}" if is_id(column) else value
    return row


def records_of(path: Path) -> list[list[str]]:
    """The records of a file, header first: CSV in UTF-8 or GB18030, or the first sheet of a workbook."""
    if path.suffix == ".xlsx":
        return _sheet(path)
    content = path.read_bytes()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("gb18030")
    return list(csv.reader(text.splitlines(keepends=True)))


def _sheet(path: Path) -> list[list[str]]:
    with zipfile.ZipFile(path) as book:
        shared = ET.fromstring(book.read("xl/sharedStrings.xml"))
        texts = ["".join(node.text or "" for node in item.iter(f"{_SHEET}t")) for item in shared]
        sheet = ET.fromstring(book.read("xl/worksheets/sheet1.xml"))
    records: list[list[str]] = []
    for row in sheet.iter(f"{_SHEET}row"):
        cells = {}
        for cell in row.iter(f"{_SHEET}c"):
            value = cell.findtext(f"{_SHEET}v") or ""
            cells[_column_number(cell.get("r", ""))] = texts[int(value)] if cell.get("t") == "s" else value
        width = len(records[0]) if records else max(cells, default=-1) + 1
        records.append([cells.get(number, "") for number in range(width)])
    return records


def _column_number(place: str) -> int:
    """0 for A1, 26 for AA1."""
    number = 0
    for letter in place.rstrip("0123456789"):
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


@dataclass(frozen=True)
class Snapshot:
    """All rows of one table with one export time, in the order in which the last one stands."""

    exported_at: datetime
    rows: list[Row]


@dataclass
class Exports:
    """A folder of exports; each table is read when it is first asked for."""

    folder: Path
    as_of: date | None = None
    rejected: Counter[str] = field(default_factory=Counter)
    _versions: dict[str, dict[Any, list[Version]]] = field(default_factory=dict)
    _rows: dict[str, list[Row]] = field(default_factory=dict)

    @cached_property
    def files(self) -> dict[str, list[tuple[datetime, Path]]]:
        """The files of each table with their export times, oldest first."""
        found: dict[str, list[tuple[datetime, Path]]] = defaultdict(list)
        for path in sorted(self.folder.iterdir()):
            named = re.fullmatch(r"(\D+)_(\d{4}-\d{2}-\d{2})", path.stem)
            if named and (table := _TITLES.get(named[1], named[1])) in TABLES:
                found[table].append((datetime.fromisoformat(named[2]), path))
        return {
            table: sorted(files, key=lambda file: (file[0], hashlib.sha256(file[1].read_bytes()).hexdigest()))
            for table, files in found.items()
        }

    @cached_property
    def as_of_date(self) -> date:
        """The day for which figures are shown: the newest dated export's, unless one was asked for."""
        return self.as_of or max(moment for files in self.files.values() for moment, _ in files).date()

    def snapshots(self, name: str) -> Iterator[Snapshot]:
        """The table's snapshots, oldest first: files of one export time are one (ARCHITECTURE, "Deriving raw")."""
        together: dict[datetime, list[Row]] = defaultdict(list)
        for moment, path in self.files.get(name, []):
            together[moment] += self._read(TABLES[name], path)
        for moment in sorted(together):
            yield Snapshot(moment, together[moment])

    def _read(self, table: Table, path: Path) -> list[Row]:
        records = records_of(path)
        if not records:
            return []
        words = _HEADERS.get(table.name, {})
        header, rows = [words.get(title, title) for title in records[0]], []
        for record in records[1:]:
            if len(record) > len(header) or not any(record):
                self.rejected[table.name] += any(record)
                continue
            row = typed(table, dict(zip(header, record, strict=False))) if len(record) == len(header) else None
            if row is None:
                self.rejected[table.name] += 1
            else:
                rows.append(row)
        return rows

    def versions(self, name: str) -> dict[Any, list[Version]]:
        """Each key's rows, one for every export that changed it, oldest first."""
        if name not in self._versions:
            history: dict[Any, list[Version]] = {}
            for snapshot in self.snapshots(name):
                newest = {tuple(row[column] for column in TABLES[name].key): row for row in snapshot.rows}
                for key, row in newest.items():
                    known = history.setdefault(key, [])
                    if not known or known[-1][1] != row:
                        known.append((snapshot.exported_at.date(), row))
            self._versions[name] = history
        return self._versions[name]

    def rows(self, name: str) -> list[Row]:
        """The rows that stand after the newest export."""
        if name not in self._rows:
            if name in _APPEND:
                self._rows[name] = self._appended(name)
            elif name in _REPLACE:
                self._rows[name] = self._replaced(name)
            else:
                self._rows[name] = [row for known in self.versions(name).values() if (row := known[-1][1]) is not None]
        return self._rows[name]

    def _appended(self, name: str) -> list[Row]:
        """Rows with an id by it, the newest standing; others by content and occurrence in their file."""
        by_id: dict[Any, Row] = {}
        by_content: dict[Any, Row] = {}
        own_id = _OWN_ID.get(name)
        for snapshot in self.snapshots(name):
            seen: Counter[Any] = Counter()
            for row in snapshot.rows:
                if own_id and row[own_id] is not None:
                    by_id[row[own_id]] = row
                    continue
                content = tuple(row.values())
                seen[content] += 1
                by_content[content, seen[content]] = row
        return [*by_id.values(), *by_content.values()]

    def _replaced(self, name: str) -> list[Row]:
        """Rows of which a later snapshot restates its own days, within the values of its scope."""
        day, scope = _REPLACE[name]
        standing: list[Row] = []
        for snapshot in self.snapshots(name):
            if not snapshot.rows:
                continue
            scopes = {tuple(row[column] for column in scope) for row in snapshot.rows}
            first, last = min(row[day] for row in snapshot.rows), max(row[day] for row in snapshot.rows)
            standing = [
                row
                for row in standing
                if not (first <= row[day] <= last and tuple(row[column] for column in scope) in scopes)
            ]
            standing += snapshot.rows
        return standing


def seed(name: str, folder: Path) -> list[dict[str, str]]:
    """A rules file (INTERFACE, "Rules"), as text."""
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def day_after(day: date, days: int) -> date:
    """A day moved by a number of days."""
    return day + timedelta(days=days)
