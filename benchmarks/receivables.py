"""The aging of a large company: 1 million invoices with 1.5 million payments, at some 40 reporting dates.

dbt builds everything that `receivables_aging` needs from raw tables; its start (import, connection, parse) is measured apart,
on the same project with nothing selected. Beside it, on the same rows and in the same run: the same statements by hand in one
DuckDB connection, and the aging as a person would write it for this company alone, by customer and bucket on both bases. Its
every total is compared with the mart's before a figure is printed.
"""

from __future__ import annotations

from benchmarks.by_hand import AS_OF, compare

INVOICES = 1_000_000
ACCOUNTS = 5_000
FIRST = "2024-07-01"

FILL = f"""
insert into custom.invoices by name
select 'I' || i as invoice_id, 'A' || i % {ACCOUNTS} as account_id, date '{FIRST}' + (i % 820)::int as issued_on,
       date '{FIRST}' + (i % 820)::int + 30 as due_on, (100 + i % 9973 + (i % 100) / 100)::decimal(18, 2) as amount,
       'CNY' as currency, timestamp '{AS_OF}' as _exported_at, 'f' as _file_id, i as _row_number, false as _is_deleted
from range({INVOICES}) as numbers (i);
insert into custom.payments by name
select 'P' || i || '-' || part as payment_id, 'A' || i % {ACCOUNTS} as account_id,
       date '{FIRST}' + (i % 820)::int + 5 + (i * 7 % 60)::int + 20 * part::int as paid_on,
       case when i % 2 = 0 then (100 + i % 9973 + (i % 100) / 100)::decimal(18, 2) else 45 end as amount,
       'I' || i as invoice_id, 'CNY' as currency, timestamp '{AS_OF}' as _exported_at, 'g' as _file_id,
       2 * i + part as _row_number, false as _is_deleted
from range({INVOICES}) as numbers (i), range(2) as parts (part)
where i % 2 = 1 or part = 0;
"""

# what a person writes who knows that each payment names its invoice and all is in one currency
PLAIN = """
connection.execute('''
    create table plain as
    with days as (select distinct reporting_date as day from core.reporting_dates),
    paid as (
        select days.day, payments.invoice_id, sum(payments.amount) as amount
        from days
        inner join raw.custom.payments as payments on payments.paid_on <= days.day
        group by all
    ),
    balances as (
        select days.day, invoices.account_id, invoices.due_on, invoices.issued_on,
               invoices.amount - coalesce(paid.amount, 0) as amount
        from days
        inner join raw.custom.invoices as invoices on invoices.issued_on <= days.day
        left join paid on paid.day = days.day and paid.invoice_id = invoices.invoice_id
        where invoices.amount <> coalesce(paid.amount, 0)
    ),
    aged as (
        select balances.day, 'custom:' || balances.account_id as account_id, due.bucket as due_bucket,
               issued.bucket as invoice_bucket, sum(balances.amount) as amount
        from balances
        inner join seeds.aging_buckets as due on due.basis = 'due'
            and day - balances.due_on between coalesce(due.from_day, -99999) and coalesce(due.to_day, 99999)
        inner join seeds.aging_buckets as issued on issued.basis = 'invoice'
            and day - balances.issued_on between coalesce(issued.from_day, -99999) and coalesce(issued.to_day, 99999)
        group by all
    )
    select day, 'due' as basis, account_id, due_bucket as bucket, sum(amount) as amount from aged group by all
    union all
    select day, 'invoice', account_id, invoice_bucket, sum(amount) from aged group by all
''')
connection.close()
"""

CHECK = """
rows, unequal = connection.execute('''
    with mart as (
        select reporting_date as day, basis, account_id, bucket, sum(amount) as amount
        from marts.receivables_aging group by all having sum(amount) <> 0
    )
    select count(*), count(*) filter (plain.amount is distinct from mart.amount)
    from (from plain where amount <> 0) as plain full join mart using (day, basis, account_id, bucket)
''').fetchone()
assert rows and not unequal, f'{unequal} of {rows} totals differ'
"""


def main() -> None:
    """Compare the aging by dbt and by hand; print also the open items that other marts keep."""
    headline = (
        f"aging of {INVOICES:,} invoices with 1,500,000 payments; every total of the plain query equals the mart's"
    )
    compare(FILL, "receivables_aging", PLAIN, CHECK, headline, beside=["open_receivables"])


if __name__ == "__main__":
    main()
