"""Orders: promises kept, what is still to ship, and what became of contracts."""

from __future__ import annotations

from datetime import date

import pandas as pd

from dashboards.queries import SHOWN_ROWS, Slice, _slice, fetch

_LINE = "($line = '' or product_line = $line)"


def delivery_lines() -> list[str]:
    """Give the product lines with orders."""
    rows = fetch("select distinct product_line from marts.order_delivery order by product_line")
    return [str(value) for value in rows["product_line"]]


def deliveries(line: str) -> pd.DataFrame:
    """Give each month's due lines and orders, those on time and in full, and the backlog promised in it."""
    return fetch(
        f"""
        select month, sum(lines_due) as lines_due, sum(on_time_in_full_lines) as whole_lines,
               sum(on_time_in_full_lines) / nullif(sum(lines_due), 0) as otif_rate,
               sum(backlog_amount) as backlog_amount
        from marts.order_delivery where {_LINE}
        group by month order by month
        """,
        {"line": line},
    )


def late_lines(line: str, limit: int | None = SHOWN_ROWS) -> Slice:
    """Give late lines, those with most to ship first."""
    return _slice(
        f"""
        select order_line_id, order_id, account_name, product_name, promised_on, completed_on, days_late, quantity,
               promised_quantity, backlog_quantity, backlog_amount, delay_reason
        from marts.late_order_lines where {_LINE}
        order by backlog_amount desc, days_late desc, order_line_id
        """,
        {"line": line},
        limit,
    )


def late_backlog(line: str, until: date) -> dict[str, float]:
    """Give the late lines that still miss something: how many, how much, and the backlog in all."""
    rows = fetch(
        f"""
        select count(*) filter (completed_on is null) as open_lines,
               coalesce(sum(backlog_amount), 0) as late_amount,
               (select coalesce(sum(backlog_amount), 0) from marts.order_delivery where {_LINE}) as backlog_amount
        from marts.late_order_lines where {_LINE} and promised_on <= $until
        """,
        {"line": line, "until": until},
    )
    return {str(name): float(value) for name, value in rows.iloc[0].items()}


def contracts(limit: int | None = SHOWN_ROWS) -> Slice:
    """Give contracts, those with most to bill first."""
    return _slice(
        """
        select contract_id, account_name, owner_name, signed_on, contract_amount, ordered_amount, delivered_amount,
               returned_amount, invoiced_amount, collected_amount, overdue_amount, to_bill_amount, suspended_on,
               terminated_on
        from marts.contract_execution
        order by to_bill_amount desc, contract_amount desc, contract_id
        """,
        {},
        limit,
    )
