"""The commissions of a large company: 500,000 order lines in two batches each, which come to 2 million movements.

dbt builds everything that `commission_movements` needs from raw tables; its start (import, connection, parse) is measured
apart. Beside it, on the same rows and in the same run: the same statements by hand in one DuckDB connection, and the commission
as a person would write it for this one plan. Its every total by owner and month is compared with the ledger's before a figure
is printed.
"""

from __future__ import annotations

from benchmarks.by_hand import AS_OF, compare

LINES = 500_000
OWNERS = 200

FILL = f"""
insert into custom.users by name
select 'U' || i as user_id, 'U' || i as name, timestamp '{AS_OF}' as _exported_at, 'u' as _file_id, i as _row_number,
       false as _is_deleted
from range({OWNERS}) as numbers (i);
insert into custom.commission_plans by name
select 'P' as plan_id, 1 as version, 'shipment' as mode, 'marginal' as tier_kind, 'amount' as tier_measure,
       'period' as cumulates, 'month' as period, timestamp '{AS_OF}' as _exported_at, 'p' as _file_id, 1 as _row_number,
       false as _is_deleted;
insert into custom.commission_tiers by name
select 'P' as plan_id, 1 as version, bound as from_amount, rate, timestamp '{AS_OF}' as _exported_at, 't' as _file_id,
       bound as _row_number, false as _is_deleted
from (values (0, 0.02), (500000, 0.03), (1000000, 0.04)) as tiers (bound, rate);
insert into custom.commission_assignments by name
select 'U' || i as owner_id, 'P' as plan_id, timestamp '{AS_OF}' as _exported_at, 'a' as _file_id, i as _row_number,
       false as _is_deleted
from range({OWNERS}) as numbers (i);
insert into custom.orders by name
select 'O' || i as order_id, 'A' || i % 5000 as account_id, 'U' || i % {OWNERS} as owner_id,
       date '2024-07-01' + (i % 700)::int as ordered_on, timestamp '{AS_OF}' as _exported_at, 'o' as _file_id,
       i as _row_number, false as _is_deleted
from range({LINES}) as numbers (i);
insert into custom.order_lines by name
select 'L' || i as order_line_id, 'O' || i as order_id, 2 as quantity, (100 + i % 9973) * 2 as amount,
       timestamp '{AS_OF}' as _exported_at, 'l' as _file_id, i as _row_number, false as _is_deleted
from range({LINES}) as numbers (i);
insert into custom.shipments by name
select 'S' || i || '-' || part as shipment_line_id, 'S' || i || '-' || part as shipment_id, 'L' || i as order_line_id,
       date '2024-07-01' + (i % 700)::int + 5 + 20 * part::int as shipped_on,
       date '2024-07-01' + (i % 700)::int + 7 + 20 * part::int as delivered_on, 1 as quantity,
       timestamp '{AS_OF}' as _exported_at, 's' as _file_id, 2 * i + part as _row_number, false as _is_deleted
from range({LINES}) as numbers (i), range(2) as parts (part);
"""

# what a person writes who knows that all are on one plan with three monthly bands, in one currency
PLAIN = f"""
connection.execute('''
    create table plain as
    with months as (
        select 'custom:' || orders.owner_id as owner_id, date_trunc('month', shipments.delivered_on) as month,
               sum(order_lines.amount * shipments.quantity / order_lines.quantity) as base
        from raw.custom.shipments as shipments
        inner join raw.custom.order_lines as order_lines using (order_line_id)
        inner join raw.custom.orders as orders using (order_id)
        where shipments.delivered_on <= date '{AS_OF}'
        group by all
    )
    select owner_id, month, round(
        least(base, 500000) * 0.02 + greatest(least(base, 1000000) - 500000, 0) * 0.03 + greatest(base - 1000000, 0) * 0.04, 2
    )::decimal(18, 2) as amount
    from months
''')
connection.close()
"""

CHECK = """
rows, unequal, movements = connection.execute('''
    with ledger as (
        select owner_id, date_trunc('month', moved_on) as month, sum(amount) filter (kind = 'accrued') as amount
        from core.commission_movements group by all
    )
    select count(*), count(*) filter (plain.amount is distinct from ledger.amount),
           (select count(*) from core.commission_movements)
    from plain full join ledger using (owner_id, month)
''').fetchone()
assert rows and not unequal, f'{unequal} of {rows} totals differ'
assert movements == 2_000_000, movements
"""


def main() -> None:
    """Compare the ledger of commissions by dbt and by hand."""
    headline = (
        f"2,000,000 movements of {LINES:,} order lines in two batches each; "
        "every total of the plain query by owner and month is the ledger's"
    )
    compare(FILL, "commission_movements", PLAIN, CHECK, headline)


if __name__ == "__main__":
    main()
