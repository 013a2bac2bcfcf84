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


_NEXT_MONTHS = "month < (select min(month) from marts.demand_vs_inventory) + to_months($months)"


def demand_months(line: str, months: int) -> pd.DataFrame:
    """Give what is wanted and on its way in each of the next months, with what would be missing at its end."""
    return fetch(
        f"""
        select month, sum(backlog_quantity) as backlog_quantity, sum(forecast_quantity) as forecast_quantity,
               sum(incoming_quantity) as incoming_quantity, sum(shortage_quantity) as shortage_quantity,
               sum(excess_amount) as excess_amount
        from marts.demand_vs_inventory where {_LINE} and {_NEXT_MONTHS}
        group by month order by month
        """,
        {"line": line, "months": months},
    )


def demand_products(line: str, months: int) -> pd.DataFrame:
    """Give each product's stock against its demand of the next months, those that run short first."""
    return fetch(
        f"""
        select product_name, product_line, any_value(counted_on) as counted_on,
               any_value(on_hand_quantity) as on_hand_quantity, sum(incoming_quantity) as incoming_quantity,
               sum(backlog_quantity) as backlog_quantity, sum(forecast_quantity) as forecast_quantity,
               arg_max(projected_quantity, month) as projected_quantity, arg_min(days_of_cover, month) as days_of_cover,
               min(month) filter (shortage_quantity > 0) as short_from, max(shortage_quantity) as shortage_quantity,
               arg_max(excess_amount, month) as excess_amount
        from marts.demand_vs_inventory where {_LINE} and {_NEXT_MONTHS}
        group by product_id, product_name, product_line
        order by shortage_quantity desc, short_from, excess_amount desc nulls last, product_name
        """,
        {"line": line, "months": months},
    )


def demand_accuracy(line: str) -> pd.DataFrame:
    """Give how far each quarter's demand was forecast from what shipped, by method; `all` last."""
    return fetch(
        """
        select period, method, forecast_quantity, actual_quantity, absolute_error, wape, bias
        from marts.demand_accuracy
        where level = case when $line = '' then 'company' else 'product_line' end
          and level_id = case when $line = '' then 'company' else $line end
        order by period = 'all', period, method
        """,
        {"line": line},
    )


def stock_policies(line: str) -> pd.DataFrame:
    """Give the value of stock at each month's end as counted and by each policy, with pieces shipped and owed."""
    return fetch(
        f"""
        select month, policy, sum(stock_amount) as stock_amount, sum(shipped_quantity) as shipped_quantity,
               sum(shortage_quantity) as shortage_quantity
        from marts.stock_by_policy where {_LINE}
        group by month, policy order by month, policy
        """,
        {"line": line},
    )


def returns_by_reason(line: str, months: int) -> pd.DataFrame:
    """Give what came back in the last months with returns, by reason, largest amount first."""
    return fetch(
        f"""
        select reason, sum(returns) as returns, sum(quantity) as quantity, sum(amount) as amount
        from marts.order_returns
        where {_LINE} and month > (select max(month) from marts.order_returns) - to_months($months)
        group by reason order by amount desc, reason
        """,
        {"line": line, "months": months},
    )


def approvals(limit: int | None = SHOWN_ROWS) -> Slice:
    """Give approval steps of contracts, those that wait first, then those that waited longest."""
    return _slice(
        """
        select contract_id, account_name, step, approver_name, requested_at, due_at, decided_at, decision, is_waiting,
               is_late, hours_waited
        from marts.contract_approvals
        order by is_waiting desc, hours_waited desc, approval_id
        """,
        {},
        limit,
    )


def contract_parts(contract: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Give the batches and the dated changes of a contract."""
    batches = fetch(
        """
        select shipment_id, shipped_on, delivered_on, invoiced_on, collected_on, shipped_amount, delivered_amount,
               invoiced_amount, collected_amount, overdue_amount
        from marts.contract_batches where contract_id = $contract
        order by coalesce(shipped_on, invoiced_on), shipment_id
        """,
        {"contract": contract},
    )
    changes = fetch(
        """
        select moved_on, kind, amount, amount_to_here
        from marts.contract_changes where contract_id = $contract
        order by moved_on, kind = 'signed' desc, row_number, file_id
        """,
        {"contract": contract},
    )
    return batches, changes
