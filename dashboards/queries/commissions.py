"""Statements and lines of commissions; who asks sees the rows of the owner chosen, filtered here."""

from __future__ import annotations

from datetime import date
from typing import Final

import pandas as pd

from dashboards.queries import SHOWN_ROWS, Parameters, Slice, _slice, fetch

KINDS: Final = ("accrued", "bonus_interest", "penalty_interest", "clawback", "paid")
_SUMS: Final = ", ".join(f"coalesce(sum({kind}), 0) as {kind}" for kind in (*KINDS, "payable"))
_OWNER: Final = "($owner = '' or owner_id = $owner)"


def commission_months() -> list[date]:
    """Give the months with statements, newest first."""
    rows = fetch("select distinct month from marts.commission_statements order by month desc")
    return [pd.Timestamp(value).date() for value in rows["month"]]


def commission_owners() -> dict[str, str]:
    """Give the people with statements, name by id."""
    rows = fetch(
        "select owner_id, any_value(owner_name) as owner_name from marts.commission_statements "
        "group by owner_id order by owner_name, owner_id"
    )
    return dict(zip(rows["owner_id"].astype(str), rows["owner_name"].astype(str), strict=True))


def _month(month: date, owner: str) -> Parameters:
    return {"month": month, "owner": owner}


def commission_bridge(month: date, owner: str) -> dict[str, float]:
    """Give opening, each kind and closing of a month, of one person or of all."""
    rows = fetch(
        f"""
        select coalesce(sum(opening), 0) as opening, {_SUMS}, coalesce(sum(closing), 0) as closing,
               count(*) filter (closing > 0) as people
        from marts.commission_statements where month = $month and {_OWNER}
        """,
        _month(month, owner),
    )
    return {str(name): float(value) for name, value in rows.iloc[0].items()}


def commission_history(month: date, owner: str, months: int) -> pd.DataFrame:
    """Give what was owed at the end of each of the last months, oldest first."""
    return fetch(
        f"""
        select month, sum(opening) as opening, {_SUMS}, sum(closing) as closing
        from marts.commission_statements
        where {_OWNER} and month <= $month and month > $month - to_months($months)
        group by month order by month
        """,
        {**_month(month, owner), "months": months},
    )


def commission_people(month: date, owner: str) -> pd.DataFrame:
    """Give each person's statement of a month, most owed first."""
    return fetch(
        f"""
        select owner_id, owner_name, opening, accrued, bonus_interest, penalty_interest, clawback, paid, closing,
               payable
        from marts.commission_statements
        where month = $month and {_OWNER}
          and (opening <> 0 or closing <> 0 or accrued <> 0 or paid <> 0 or payable <> 0)
        order by closing desc, owner_name, owner_id
        """,
        _month(month, owner),
    )


def commission_difference(month: date, owner: str) -> float:
    """Give what the lines up to a month's end add up to, less what the statements close with."""
    rows = fetch(
        f"""
        select
            (select coalesce(sum(amount), 0) from marts.commission_lines
             where kind <> 'payable' and moved_on < $month + to_months(1) and {_OWNER})
            - (select coalesce(sum(closing), 0) from marts.commission_statements where month = $month and {_OWNER})
            as difference
        """,
        _month(month, owner),
    )
    return float(rows["difference"].iloc[0])


def commission_lines(month: date, owner: str, kind: str, limit: int | None = SHOWN_ROWS) -> Slice:
    """Give the movements of a month, largest first and payments last.

    An empty kind means all but the memo of what became payable.
    """
    return _slice(
        """
        select lines.movement_id, lines.owner_name, lines.moved_on, lines.kind, lines.rule, lines.account_name,
               lines.order_line_id, lines.order_id, lines.base_amount, lines.rate, lines.calculation,
               lines.split_share, lines.amount,
               lines.plan_id, lines.plan_version,
               coalesce(lines.return_id, lines.credit_note_id, lines.write_off_id, lines.payment_id, lines.shipment_id,
                        lines.invoice_id) as document_id,
               files.name as file, lines.row_number
        from marts.commission_lines as lines
        left join (select file_id, min(name) as name from meta.files group by file_id) as files
            on lines.file_id = files.file_id
        where date_trunc('month', lines.moved_on) = $month and ($owner = '' or lines.owner_id = $owner)
          and (lines.kind = $kind or ($kind = '' and lines.kind <> 'payable'))
        order by lines.kind = 'paid', abs(lines.amount) desc, lines.moved_on, lines.movement_id
        """,
        {**_month(month, owner), "kind": kind},
        limit,
    )


def commission_comparison(month: date, owner: str, months: int) -> pd.DataFrame:
    """Give for each plan what it would have brought in the last months, what was earned, and the difference."""
    return fetch(
        f"""
        select plan_id, sum(actual_amount) as actual_amount, sum(amount) as amount, sum(difference) as difference
        from marts.commission_shadow
        where {_OWNER} and month <= $month and month > $month - to_months($months)
        group by plan_id order by plan_id
        """,
        {**_month(month, owner), "months": months},
    )


def commission_comparison_people(month: date, plan: str, months: int) -> pd.DataFrame:
    """Give for each person what the plan would have brought in the last months, largest difference first."""
    return fetch(
        """
        select owner_id, any_value(owner_name) as owner_name, sum(actual_amount) as actual_amount,
               sum(amount) as amount, sum(difference) as difference
        from marts.commission_shadow
        where plan_id = $plan and month <= $month and month > $month - to_months($months)
        group by owner_id order by abs(sum(difference)) desc, owner_id
        """,
        {"month": month, "plan": plan, "months": months},
    )


def commission_outlook(owner: str) -> pd.DataFrame:
    """Give what each person is owed now and what what is open would still bring, most first."""
    return fetch(
        f"""
        select owner_id, owner_name, payable, not_yet_payable, open_orders, receivables, pipeline,
               payable + not_yet_payable + open_orders + receivables + pipeline as everything
        from marts.commission_liability
        where {_OWNER} and reporting_date = (select max(reporting_date) from marts.commission_liability)
        order by everything desc, owner_id
        """,
        {"owner": owner},
    )
