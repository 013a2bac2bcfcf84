"""Collections, cash, credit and what settled a document."""

from __future__ import annotations

from datetime import date
from typing import Final

import pandas as pd

from dashboards.queries import SHOWN_ROWS, Slice, _slice, fetch

CALLS: Final = "kind in ('dunning', 'due_today', 'promise_broken', 'instalment_missed') and is_highest_level"
_TOLD: Final = "($tell = '' or coalesce(tell_user_id, owner_id) = $tell)"


# Receivables


def kpi_trend(until: date, months: int) -> pd.DataFrame:
    """Give the key figures of the last month-ends and of the day itself, oldest first."""
    return fetch(
        f"""
        select * from (
            select reporting_date, overdue_rate, dso, dso_countback, dso_best_possible, average_days_delinquent, cei,
                   turnover
            from marts.receivables_kpis
            where reporting_date <= $until
                and (reporting_date = last_day(reporting_date) or reporting_date = $until)
            order by reporting_date desc
            limit {months}
        )
        order by reporting_date
        """,
        {"until": until},
    )


def movements(item_id: str, until: date) -> Slice:
    """Give the ledger of one item up to a day, oldest first, with file and record of each movement."""
    return _slice(
        """
        with
        names as (
            select file_id, min(name) as file from meta.files group by all
        )
        select moved_on, kind, rule, source_id, document_amount, amount,
               sum(amount) over (order by moved_on, kind, source_id, amount rows unbounded preceding) as balance_amount,
               names.file, row_number
        from core.receivable_movements as movements
        left join names on movements.file_id = names.file_id
        where item_id = $item_id and moved_on <= $until
        order by moved_on, kind, source_id, amount
        """,
        {"item_id": item_id, "until": until},
        SHOWN_ROWS,
    )


# Collections


def people_told() -> dict[str, str]:
    """Give who is told of something to collect: id to name."""
    rows = fetch(
        "select coalesce(tell_user_id, owner_id) as told_id, min(coalesce(tell_user_name, owner_name)) as told_name "
        f"from marts.alerts where {CALLS} group by all order by told_name"
    )
    return dict(zip(rows["told_id"].astype(str), rows["told_name"].astype(str), strict=True))


def calls_total(tell: str) -> pd.Series:
    """Give customers, documents and amount to call about, and the same of broken promises."""
    return fetch(
        f"""
        select count(distinct account_id) as accounts, count(distinct entity_id) as entities,
               coalesce(sum(amount) filter (kind in ('dunning', 'due_today')), 0) as amount,
               coalesce(sum(amount) filter (kind = 'promise_broken'), 0) as promise_amount,
               count(*) filter (kind = 'promise_broken') as promises
        from marts.alerts
        where {CALLS} and {_TOLD}
        """,
        {"tell": tell},
    ).iloc[0]


def calls(tell: str, limit: int | None = SHOWN_ROWS) -> Slice:
    """Give one row per customer to call: amounts, oldest item, and what for; largest overdue amount first."""
    return _slice(
        f"""
        select account_id, min(account_name) as account_name,
               coalesce(sum(amount) filter (kind = 'dunning'), 0) as overdue_amount,
               coalesce(sum(amount) filter (kind = 'due_today'), 0) as due_today_amount,
               count(*) filter (kind = 'dunning') as overdue_items,
               max(value) filter (kind = 'dunning') as oldest_days,
               count(*) filter (kind = 'promise_broken') as promises,
               count(*) filter (kind = 'instalment_missed') as instalments,
               coalesce(max(level) filter (kind = 'dunning' and threshold = highest), '') as level,
               string_agg(distinct told_name, ', ' order by told_name) as told
        from (
            select *, coalesce(tell_user_name, owner_name) as told_name,
                   max(threshold) filter (kind = 'dunning') over (partition by account_id) as highest
            from marts.alerts
            where {CALLS} and {_TOLD}
        )
        group by account_id
        order by overdue_amount desc, due_today_amount desc, account_id
        """,
        {"tell": tell},
        limit,
    )


def calls_of(account_id: str) -> Slice:
    """Give what a customer is to be called about, oldest first."""
    return _slice(
        f"""
        select kind, level, severity, document_id, entity_id, raised_on, value, threshold, amount,
               coalesce(tell_user_name, owner_name) as told
        from marts.alerts
        where {CALLS} and account_id = $account_id
        order by raised_on, kind, entity_id
        """,
        {"account_id": account_id},
        SHOWN_ROWS,
    )


def cash_weeks() -> pd.DataFrame:
    """Give the cash of the next 13 weeks."""
    return fetch("select * from marts.cash_forecast order by week")


def cash_accuracy() -> pd.Series:
    """Give by how much past forecasts missed, and everyone paying on the due day, as shares of what came."""
    return fetch(
        """
        select count(*) as weeks,
               sum(abs(error)) / nullif(sum(actual_amount), 0)::double as error_share,
               sum(abs(due_day_error)) / nullif(sum(actual_amount), 0)::double as due_day_error_share,
               count(*) filter (is_within_range) / nullif(count(*), 0)::double as within_share
        from marts.cash_forecast_accuracy
        """
    ).iloc[0]


def instalment_months(since: date) -> pd.DataFrame:
    """Give planned amounts by due month and status."""
    return fetch(
        """
        select date_trunc('month', due_on)::date as month, status, sum(planned_amount) as amount
        from marts.collection_plan_status
        where due_on >= $since
        group by all
        order by month, status
        """,
        {"since": since},
    )


def instalment_phases() -> pd.DataFrame:
    """Give what is open of instalments by phase."""
    return fetch(
        "select phase, sum(open_amount) as open_amount, count(*) filter (open_amount > 0) as instalments "
        "from marts.collection_plan_status group by all"
    )


def instalments_by(name: str) -> pd.DataFrame:
    """Give what was due, collected and late by owner_name or method, largest open amount first."""
    if name not in {"owner_name", "method"}:
        raise ValueError(name)
    return fetch(
        f"""
        select {name} as name, count(*) as instalments, sum(planned_amount) as planned_amount,
               sum(collected_amount) as collected_amount, sum(open_amount) as open_amount,
               sum(collected_amount) / nullif(sum(planned_amount), 0)::double as collected_share,
               sum(planned_amount) filter (status = 'met') / nullif(sum(planned_amount), 0)::double as met_share,
               sum(days_late * planned_amount) / nullif(sum(planned_amount), 0)::double as days_late
        from marts.collection_plan_status
        where status <> 'open'
        group by all
        order by open_amount desc, name
        """
    )


def instalments(status: str, limit: int | None = SHOWN_ROWS) -> Slice:
    """Give instalments of a status (an empty text: all that are not covered), most overdue first."""
    return _slice(
        """
        with
        names as (
            select file_id, min(name) as file from meta.files group by all
        )
        select instalment_id, account_name, coalesce(invoice_id, contract_id) as document_id, due_on, method,
               owner_name, planned_amount, collected_amount, open_amount, status, days_late, phase,
               names.file, row_number
        from marts.collection_plan_status as plans
        left join names on plans.file_id = names.file_id
        where case when $status = '' then status in ('partly', 'missed', 'open') else status = $status end
        order by days_late desc, due_on, instalment_id
        """,
        {"status": status},
        limit,
    )


# Credit

_EXPOSURE: Final = (
    "sum(open_order_amount) as open_order_amount, sum(delivered_not_invoiced_amount) as delivered_not_invoiced_amount, "
    "sum(invoiced_amount) as invoiced_amount, sum(overdue_amount) as overdue_amount, "
    "sum(unapplied_amount) as unapplied_amount, sum(exposure_amount) as exposure_amount"
)


def credit_dates() -> list[date]:
    """Give the days that customers are rated at, newest first."""
    rows = fetch("select distinct reporting_date from marts.customer_credit order by reporting_date desc")
    return [pd.Timestamp(value).date() for value in rows["reporting_date"]]


def credit_by_grade(on: date) -> pd.DataFrame:
    """Give exposure, limits and customers by grade, best first and those without one last."""
    return fetch(
        f"""
        select grade, count(*) as accounts, {_EXPOSURE}, sum(limit_amount) as limit_amount,
               count(*) filter (free_amount < 0) as over_limit,
               -coalesce(sum(free_amount) filter (free_amount < 0), 0) as over_limit_amount
        from marts.customer_credit
        where reporting_date = $on
        group by grade
        order by grade nulls last
        """,
        {"on": on},
    )


def credit_total(on: date) -> pd.Series:
    """Give the company's exposure and how it is paid on a day."""
    return fetch(
        f"""
        select {_EXPOSURE}, sum(limit_amount) as limit_amount,
               count(*) filter (free_amount < 0) as over_limit,
               -coalesce(sum(free_amount) filter (free_amount < 0), 0) as over_limit_amount,
               sum(days_beyond_terms * settled_amount) / nullif(sum(settled_amount), 0)::double as days_beyond_terms,
               sum(on_time_rate * settled_amount) / nullif(sum(settled_amount), 0)::double as on_time_rate,
               sum(broken_promises) as broken_promises,
               count(*) filter (grade > previous_grade) as fell,
               count(*) filter (grade < previous_grade) as rose
        from marts.customer_credit
        where reporting_date = $on
        """,
        {"on": on},
    ).iloc[0]


def credit_history(until: date, months: int) -> pd.DataFrame:
    """Give exposure and days beyond terms at the last month-ends."""
    return fetch(
        f"""
        select * from (
            select reporting_date, sum(exposure_amount) as exposure_amount,
                   sum(days_beyond_terms * settled_amount) / nullif(sum(settled_amount), 0)::double as days_beyond_terms
            from marts.customer_credit
            where reporting_date <= $until
                and (reporting_date = last_day(reporting_date) or reporting_date = $until)
            group by all
            order by reporting_date desc
            limit {months}
        )
        order by reporting_date
        """,
        {"until": until},
    )


_SHOWN: Final = {
    "": "true",
    "over_limit": "free_amount < 0",
    "fell": "grade > previous_grade",
    "high_value": "is_high_value",
    "high_credit": "is_high_credit",
}


def credit_accounts(on: date, shown: str, grade: str, limit: int | None = SHOWN_ROWS) -> Slice:
    """Give customers with exposure, grade and record, largest exposure first; grade `none` means without one."""
    return _slice(
        f"""
        select account_id, account_name, owner_name, grade, previous_grade, exposure_amount, limit_amount, free_amount,
               overdue_amount, days_beyond_terms, on_time_rate, broken_promises, disputed_amount, revenue_12m_amount,
               is_high_value
        from marts.customer_credit
        where reporting_date = $on and {_SHOWN[shown]}
            and ($grade = '' or coalesce(grade, 'none') = $grade)
        order by exposure_amount desc, account_id
        """,
        {"on": on, "grade": grade},
        limit,
    )


def credit_file(account_id: str, until: date) -> pd.DataFrame:
    """Give everything about one customer at the reporting dates up to a day, oldest first."""
    return fetch(
        "select * from marts.customer_credit where account_id = $account_id and reporting_date <= $until "
        "order by reporting_date",
        {"account_id": account_id, "until": until},
    )


def open_documents(account_id: str) -> Slice:
    """Give what is open of one customer at the as-of day, oldest due first, with file and record."""
    return _slice(
        """
        with
        names as (
            select file_id, min(name) as file from meta.files group by all
        )
        select document_id, document_kind, issued_on, due_on, days_past_due, balance_amount, is_disputed, names.file,
               row_number
        from marts.receivables_open_items as items
        left join names on items.file_id = names.file_id
        where account_id = $account_id
        order by due_on nulls last, document_id
        """,
        {"account_id": account_id},
        SHOWN_ROWS,
    )
