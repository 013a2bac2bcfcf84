"""The only place with SQL: it selects, filters, sums and divides sums of the published marts.

Connections are short and read-only. They open the file behind the pointer by its real path, so that a newly published
version is seen at once, and what is cached is keyed by that version.
"""

from __future__ import annotations

import json
import os
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final

import duckdb
import pandas as pd
import streamlit as st

POINTER: Final = "wanamaker.duckdb"
UNAPPLIED: Final = "unapplied"
SHOWN_ROWS: Final = 5_000
_SETTINGS: Final[dict[str, str | bool | int | float | list[str]]] = {
    "threads": 2,
    "memory_limit": "512MB",
    "python_enable_replacements": False,
    "enable_external_access": False,
}

Parameters = dict[str, Any]


class NothingPublishedError(Exception):
    """No run has published figures yet."""


class MissingMartError(Exception):
    """The published file lacks a table or column that a page needs; the message is DuckDB's."""


class UnreadableError(Exception):
    """The published file is there but cannot be read; the message is DuckDB's."""


@dataclass(frozen=True)
class Version:
    """One published file: its real path and the signs by which a replaced file is told from it."""

    path: str
    inode: int
    modified_ns: int


@dataclass(frozen=True)
class Run:
    """The run that published the figures."""

    run_id: str
    finished_at: datetime
    as_of_date: date
    company_currency: str
    timezone: str
    tests_passed: int
    tests_failed: int
    tests_warned: int
    files: int
    rows: int


@dataclass(frozen=True)
class FailedRun:
    """The newest run, where it published nothing."""

    run_id: str
    finished_at: datetime | None
    message: str
    failed_tests: tuple[str, ...]


@dataclass(frozen=True)
class Slice:
    """Rows to show and how many there are in all."""

    frame: pd.DataFrame
    total: int


@dataclass(frozen=True)
class Bucket:
    """An aging bucket and its first day; below 1 nothing in it is late."""

    name: str
    from_day: int


@dataclass(frozen=True)
class AgingFilter:
    """Which receivables: an empty text means all."""

    basis: str = "due"
    region: str = ""
    product_line: str = ""
    currency: str = ""
    owner_id: str = ""

    def where(self, *, with_basis: bool = True) -> tuple[str, Parameters]:
        """Give the condition and its parameters."""
        wanted = {name: value for name, value in self._dimensions().items() if value}
        if with_basis:
            wanted["basis"] = self.basis
        return " and ".join(["true", *(f"{name} = ${name}" for name in wanted)]), wanted

    def _dimensions(self) -> dict[str, str]:
        return {
            "region": self.region,
            "product_line": self.product_line,
            "currency": self.currency,
            "owner_id": self.owner_id,
        }

    @property
    def is_narrowed(self) -> bool:
        """Tell whether anything but the basis was chosen."""
        return any(self._dimensions().values())


def data_folder() -> Path:
    """Give the data folder: ``WANAMAKER_DATA``, else ``data`` below the working directory."""
    return Path(os.environ.get("WANAMAKER_DATA") or "data")


def version() -> Version:
    """Give the published version that the pointer names now.

    Raises:
        NothingPublishedError: there is no pointer, or it leads nowhere.

    """
    path = os.path.realpath(data_folder() / POINTER)
    try:
        status = Path(path).stat()
    except OSError as error:
        raise NothingPublishedError(path) from error
    return Version(path, status.st_ino, status.st_mtime_ns)


def fetch(sql: str, parameters: Parameters | None = None) -> pd.DataFrame:
    """Run one query on the current version and give its rows; the answer is cached for that version."""
    return _cached(sql, tuple(sorted((parameters or {}).items())), version())


@st.cache_data(ttl="1h", max_entries=400, show_spinner=False)
def _cached(sql: str, parameters: tuple[tuple[str, Any], ...], at: Version) -> pd.DataFrame:
    return read(sql, dict(parameters), at)


def read(sql: str, parameters: Parameters, at: Version) -> pd.DataFrame:
    """Run one query on one version, without cache.

    Raises:
        MissingMartError: a table or column is not in the file.
        UnreadableError: the file cannot be opened or read.

    """
    try:
        with closing(duckdb.connect(at.path, read_only=True, config=_SETTINGS)) as connection:
            return connection.execute(sql, parameters).df()
    except (duckdb.CatalogException, duckdb.BinderException) as error:
        raise MissingMartError(str(error).splitlines()[0]) from error
    except duckdb.Error as error:
        raise UnreadableError(str(error).splitlines()[0]) from error


def _slice(sql: str, parameters: Parameters, limit: int | None) -> Slice:
    end = "" if limit is None else f" limit {limit:d}"
    frame = fetch(f"select *, count(*) over () as row_total from ({sql}){end}", parameters)
    total = int(frame["row_total"].iloc[0]) if len(frame) else 0
    return Slice(frame.drop(columns="row_total"), total)


# Runs, checks and files


def run() -> Run:
    """Give the run that published the current version."""
    rows = fetch(
        """
        select run_id, finished_at, as_of_date, company_currency, timezone,
               tests_passed, tests_failed, tests_warned, files, rows
        from meta.runs
        order by finished_at desc
        limit 1
        """
    )
    if rows.empty:
        raise MissingMartError("meta.runs has no row")
    row = rows.iloc[0]
    return Run(
        run_id=str(row["run_id"]),
        finished_at=_utc(row["finished_at"]),
        as_of_date=pd.Timestamp(row["as_of_date"]).date(),
        company_currency=str(row["company_currency"]),
        timezone=str(row["timezone"]),
        **{name: _whole(row[name]) for name in ("tests_passed", "tests_failed", "tests_warned", "files", "rows")},
    )


def failed_run() -> FailedRun | None:
    """Give the newest run of the data folder where it published nothing, else None."""
    records = sorted((data_folder() / "runs").glob("*.json"), reverse=True)
    newest: dict[str, Any] | None = None
    for path in records:
        try:
            record = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            continue
        if isinstance(record, dict) and record.get("status") in {"published", "failed", "error"}:
            started = str(record.get("started_at") or path.stem)
            if newest is None or started > str(newest.get("started_at") or ""):
                newest = {**record, "started_at": started}
    if newest is None or newest["status"] == "published":
        return None
    return FailedRun(
        run_id=str(newest.get("run_id", "")),
        finished_at=_moment(newest.get("finished_at") or newest.get("started_at")),
        message=str(newest.get("message") or ""),
        failed_tests=tuple(str(name) for name in newest.get("failed_tests") or ()),
    )


def unclean_tests() -> pd.DataFrame:
    """Give the checks of the run that failed or warned: name, model, status, failures."""
    return fetch(
        """
        select name, model, status, failures
        from meta.tests
        where lower(status) not in ('pass', 'passed', 'success')
        order by status, failures desc nulls last, name
        """
    )


def sources() -> pd.DataFrame:
    """Give, by source: files, newest export, last load, rows read and rejected."""
    return fetch(
        """
        select source, count(distinct file) as files, max(exported_at) as exported_at, max(loaded_at) as loaded_at,
               sum(rows_read) as rows_read, sum(rejected) as rejected
        from marts.data_health
        group by all
        order by source
        """
    )


def files(limit: int | None = SHOWN_ROWS) -> Slice:
    """Give the counts of every file and table that it feeds, newest export first."""
    return _slice(
        """
        select file, source, "table" as table_name, rows_read, loaded, unchanged, duplicate, rejected, excluded,
               skipped, rounded, exported_at, exported_at_from, loaded_at
        from marts.data_health
        order by rejected > 0 desc, exported_at desc nulls last, file, table_name
        """,
        {},
        limit,
    )


def rejects(file: str = "", limit: int | None = SHOWN_ROWS) -> Slice:
    """Give rejected cells: file, line, column, value and reason; an empty name means every file."""
    return _slice(
        """
        with
        names as (
            select file_id, min(name) as file from meta.files group by all
        )
        select coalesce(names.file, rejects.file_id) as file, rejects.line, rejects.record, rejects.column_name,
               rejects.value, rejects.reason
        from meta.rejects as rejects
        left join names on rejects.file_id = names.file_id
        where $file = '' or names.file = $file
        order by file, rejects.line, rejects.column_name
        """,
        {"file": file},
        limit,
    )


def findings() -> pd.DataFrame:
    """Give what the figures rest on that a person should know or mend."""
    return fetch(
        """
        select finding, entity_kind, value, "rows"
        from marts.data_findings
        order by "rows" desc, finding, entity_kind, value
        """
    )


# Campaign ROI

_ROI_SUMS = """
    sum(cost) as cost, sum(booked_amount) as booked_amount, sum(invoiced_amount) as invoiced_amount,
    sum(collected_amount) as collected_amount, sum(gross_margin_amount) as gross_margin_amount, sum(leads) as leads,
    sum(opportunities) as opportunities, sum(wins) as wins,
    (sum(booked_amount) - sum(cost)) / nullif(sum(cost), 0)::double as roi_booked,
    (sum(invoiced_amount) - sum(cost)) / nullif(sum(cost), 0)::double as roi_invoiced,
    (sum(collected_amount) - sum(cost)) / nullif(sum(cost), 0)::double as roi_collected,
    (sum(gross_margin_amount) - sum(cost)) / nullif(sum(cost), 0)::double as gross_margin_roi,
    sum(booked_amount) / nullif(sum(cost), 0)::double as roas_booked,
    sum(invoiced_amount) / nullif(sum(cost), 0)::double as roas_invoiced,
    sum(collected_amount) / nullif(sum(cost), 0)::double as roas_collected,
    sum(cost) / nullif(sum(wins), 0)::double as cost_per_win
"""
_ROI_ROWS = "basis = $basis and model = $model and month >= $since and month <= $until"


def roi_models() -> list[str]:
    """Give the attribution models that the mart holds, simplest first."""
    rows = fetch("select distinct model from marts.channel_roi where basis = 'period'")
    order = ["first", "last", "linear", "last_non_direct", "position", "time_decay", "w_shaped", "markov", "shapley"]
    return sorted(
        rows["model"].astype(str), key=lambda name: (order.index(name) if name in order else len(order), name)
    )


def roi_months() -> list[date]:
    """Give the months that have spend or revenue, first to last; none where no month has spend or won deals."""
    rows = fetch(
        """
        select distinct month from marts.channel_roi
        where basis = 'period'
          and exists (select 1 from marts.channel_roi where basis = 'period' and (cost <> 0 or booked_amount <> 0))
        order by month
        """
    )
    return [pd.Timestamp(value).date() for value in rows["month"]]


def roi_by_channel(model: str, since: date, until: date, basis: str = "period") -> pd.DataFrame:
    """Give cost, revenue, counts and returns of each channel over the months since … until."""
    return fetch(
        f"select channel, bool_and(is_mature) as is_mature, {_ROI_SUMS} from marts.channel_roi where {_ROI_ROWS} "
        "group by channel "
        "order by channel in ('unassigned', 'unattributed'), sum(booked_amount) - sum(cost) desc nulls last, channel",
        {"model": model, "since": since, "until": until, "basis": basis},
    )


def roi_total(model: str, since: date, until: date, basis: str = "period") -> pd.DataFrame:
    """Give the same of all channels together, in one row."""
    return fetch(
        f"select {_ROI_SUMS} from marts.channel_roi where {_ROI_ROWS}",
        {"model": model, "since": since, "until": until, "basis": basis},
    )


def roi_by_month(model: str, since: date, until: date, basis: str = "period") -> pd.DataFrame:
    """Give cost, revenue and returns of each month."""
    return fetch(
        f"select month, {_ROI_SUMS} from marts.channel_roi where {_ROI_ROWS} group by all order by month",
        {"model": model, "since": since, "until": until, "basis": basis},
    )


# Forecast

_FORECAST = """
    won_amount, open_amount, stage_weighted_amount, commit_amount, best_case_amount, quota_amount, gap_amount,
    landing_p10, landing_p50, landing_p90,
    case when gap_amount > 0 then coverage end as coverage,
    commit_amount / nullif(quota_amount, 0)::double as commit_share,
    won_amount / nullif(quota_amount, 0)::double as won_share
"""


def forecast_periods(as_of: date) -> pd.DataFrame:
    """Give the periods that a forecast of that day exists for, with the number of deals and the quota of each."""
    return fetch(
        """
        select period, period_kind, period_starts_on, period_ends_on, won_deals + open_deals as deals, quota_amount
        from marts.pipeline_forecast
        where reporting_date = $as_of and level = 'company'
        order by period_starts_on nulls last, period
        """,
        {"as_of": as_of},
    )


def forecast(as_of: date, period: str) -> pd.DataFrame:
    """Give the company's forecast of a period as it stood on a day: one row, or none."""
    return fetch(
        f"select {_FORECAST} from marts.pipeline_forecast "
        "where reporting_date = $as_of and period = $period and level = 'company'",
        {"as_of": as_of, "period": period},
    )


def forecast_levels(as_of: date, period: str) -> list[str]:
    """Give the levels below the company that have rows."""
    rows = fetch(
        "select distinct level from marts.pipeline_forecast "
        "where reporting_date = $as_of and period = $period and level <> 'company'",
        {"as_of": as_of, "period": period},
    )
    order = ["team", "rep", "manager", "region", "product_line"]
    return sorted(
        rows["level"].astype(str), key=lambda name: (order.index(name) if name in order else len(order), name)
    )


def forecast_by(as_of: date, period: str, level: str, limit: int | None = SHOWN_ROWS) -> Slice:
    """Give one row per member of a level, furthest from quota first; no limit gives all."""
    return _slice(
        f"select coalesce(level_name, level_id) as level_name, is_estimated, {_FORECAST} from marts.pipeline_forecast "
        "where reporting_date = $as_of and period = $period and level = $level "
        "order by gap_amount desc nulls last, won_amount desc nulls last, level_id",
        {"as_of": as_of, "period": period, "level": level},
        limit,
    )


def forecast_history(period: str, since: date, until: date) -> pd.DataFrame:
    """Give the company's forecast of a period as it stood on the dates since … until."""
    return fetch(
        f"select reporting_date, {_FORECAST} from marts.pipeline_forecast "
        "where period = $period and level = 'company' and reporting_date between $since and $until order by "
        "reporting_date",
        {"period": period, "since": since, "until": until},
    )


# Leads


def leads_won(until: date) -> pd.DataFrame:
    """Give, by creation month up to a day: leads created, and those of them won to date."""
    return fetch(
        "select month, sum(created) as created, sum(won) as won "
        "from marts.lead_funnel where month <= $until group by all order by month",
        {"until": until},
    )


# Receivables


def aging_dates() -> pd.DataFrame:
    """Give the days that receivables are aged at, newest first."""
    return fetch("select distinct reporting_date from marts.receivables_aging order by reporting_date desc")


def aging_choices(name: str) -> list[str]:
    """Give the values of one dimension of the aging: region, product_line or currency."""
    if name not in {"region", "product_line", "currency"}:
        raise ValueError(name)
    rows = fetch(f"select distinct {name} as value from marts.receivables_aging order by value")
    return [str(value) for value in rows["value"]]


def aging_owners() -> dict[str, str]:
    """Give the owners of receivables: id to name."""
    rows = fetch(
        "select owner_id, min(coalesce(owner_name, owner_id)) as owner_name from marts.receivables_aging "
        "where owner_id is not null group by all order by owner_name"
    )
    return dict(zip(rows["owner_id"].astype(str), rows["owner_name"].astype(str), strict=True))


def buckets(basis: str) -> list[Bucket]:
    """Give the aging buckets of a basis, youngest first."""
    rows = fetch(
        "select bucket, from_day from seeds.aging_buckets where basis = $basis order by sort_order", {"basis": basis}
    )
    return [
        Bucket(str(name), 0 if pd.isna(from_day) else int(from_day))
        for name, from_day in zip(rows["bucket"], rows["from_day"], strict=True)
    ]


def aging(on: date, chosen: AgingFilter) -> dict[str, float]:
    """Give the balance of each bucket on a day."""
    where, parameters = chosen.where()
    rows = fetch(
        f"select bucket, sum(amount) as amount from marts.receivables_aging "
        f"where reporting_date = $reporting_date and {where} group by bucket",
        {**parameters, "reporting_date": on},
    )
    return {str(bucket): float(amount) for bucket, amount in zip(rows["bucket"], rows["amount"], strict=True)}


def aging_history(until: date, months: int, chosen: AgingFilter) -> pd.DataFrame:
    """Give the balance of each bucket at the last month-ends, and at the day itself."""
    where, parameters = chosen.where()
    return fetch(
        f"""
        with
        days as (
            select distinct reporting_date from marts.receivables_aging
            where reporting_date <= $until
                and (reporting_date = last_day(reporting_date) or reporting_date = $until)
            order by reporting_date desc
            limit {months}
        )
        select reporting_date, bucket, sum(amount) as amount
        from marts.receivables_aging
        where reporting_date in (select reporting_date from days) and {where}
        group by all
        order by reporting_date
        """,
        {**parameters, "until": until},
    )


def aging_accounts(on: date, chosen: AgingFilter, limit: int | None) -> Slice:
    """Give account, bucket and amount of the accounts that owe most, overdue first; total counts accounts."""
    where, parameters = chosen.where()
    frame = fetch(
        f"""
        with
        cells as (
            select account_id, min(coalesce(account_name, account_id)) as account_name, bucket, sum(amount) as amount
            from marts.receivables_aging
            where reporting_date = $reporting_date and {where}
            group by account_id, bucket
            having sum(amount) <> 0
        ),
        late_buckets as (
            select bucket from seeds.aging_buckets where basis = $basis and from_day > 0
        ),
        ranked as (
            select account_id,
                   sum(case when bucket in (select bucket from late_buckets) then amount else 0 end) as late_amount,
                   sum(amount) as balance_amount
            from cells
            group by account_id
        ),
        placed as (
            select *, row_number() over (order by late_amount desc, balance_amount desc, account_id) as place,
                   count(*) over () as row_total
            from ranked
        )
        select placed.place, placed.account_id, cells.account_name, cells.bucket, cells.amount, placed.row_total
        from placed
        inner join cells on placed.account_id is not distinct from cells.account_id
        where placed.place <= $places
        order by placed.place
        """,
        {**parameters, "reporting_date": on, "places": 2**31 - 1 if limit is None else limit},
    )
    total = int(frame["row_total"].iloc[0]) if len(frame) else 0
    return Slice(frame.drop(columns="row_total"), total)


def open_items(
    on: date, chosen: AgingFilter, account_id: str = "", bucket: str = "", limit: int | None = SHOWN_ROWS
) -> Slice:
    """Give the open documents at the as-of day with their file and record, oldest due first; empty text means all.

    A document may hold several product lines, so that filter does not apply here.
    """
    where, parameters = replace(chosen, product_line="").where(with_basis=False)
    return _slice(
        f"""
        with
        names as (
            select file_id, min(name) as file from meta.files group by all
        ),
        aged as (
            select items.*,
                   case when $basis = 'due' or items.bucket = 'unapplied' then items.bucket
                        else buckets.bucket end as age
            from marts.receivables_open_items as items
            left join seeds.aging_buckets as buckets
                on buckets.basis = 'invoice'
                and $on - items.issued_on between coalesce(buckets.from_day, -99999) and coalesce(buckets.to_day, 99999)
        )
        select item_id, document_kind, document_id, instalment_id,
               coalesce(account_name, account_id, '(none)') as account_name,
               coalesce(owner_name, owner_id) as owner_name, issued_on, due_on, days_past_due, currency,
               document_balance_amount, balance_amount, age, is_disputed, names.file, row_number,
               sum(balance_amount) over () as amount_total
        from aged
        left join names on aged.file_id = names.file_id
        where ($account_id = '' or coalesce(account_id, '(none)') = $account_id) and ($bucket = '' or age = $bucket)
            and {where}
        order by due_on nulls last, document_id, instalment_id
        """,
        {**parameters, "on": on, "basis": chosen.basis, "account_id": account_id, "bucket": bucket},
        limit,
    )


def receivables_kpis(until: date) -> pd.DataFrame:
    """Give the key figures of every reporting date up to a day, oldest first."""
    return fetch(
        """
        select reporting_date, balance_amount, unapplied_amount, overdue_amount, overdue_rate, dso,
               dso_best_possible
        from marts.receivables_kpis
        where reporting_date <= $until
        order by reporting_date
        """,
        {"until": until},
    )


def tie_out(on: date) -> tuple[float, float]:
    """Give the total of the aging and the balance of the ledger on a day."""
    rows = fetch(
        """
        select
            (select coalesce(sum(amount), 0) from marts.receivables_aging
             where reporting_date = $reporting_date and basis = 'due') as aged_amount,
            (select coalesce(sum(amount), 0) from core.receivable_movements
             where moved_on <= $reporting_date) as ledger_amount
        """,
        {"reporting_date": on},
    )
    return float(rows["aged_amount"].iloc[0]), float(rows["ledger_amount"].iloc[0])


def _whole(value: Any) -> int:
    return 0 if pd.isna(value) else int(value)


def _utc(value: Any) -> datetime:
    stamp = pd.Timestamp(value)
    moment: datetime = (stamp.tz_localize("UTC") if stamp.tzinfo is None else stamp.tz_convert("UTC")).to_pydatetime()
    return moment


def _moment(text: object) -> datetime | None:
    try:
        moment = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
