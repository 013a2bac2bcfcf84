{{ config(materialized='view', schema='work') }}

with

applications as (
    select * from {{ ref('applications') }}
),

invoices as (
    select * from {{ ref('invoices') }}
),

collected as (
    select
        applications.*,
        invoices.amount as invoice_amount,
        invoices.amount - invoices.tax_amount as invoice_net_amount,
        sum(applications.source_amount) over (
            partition by applications.invoice_id
            order by applications.applied_on, applications.application_id
            rows between unbounded preceding and current row
        ) as collected_to_here
    from applications
    inner join invoices on applications.invoice_id = invoices.invoice_id
    where applications.source_kind = 'payment'
),

entitled as (
    select
        *,
        coalesce({{ money_ratio('collected_to_here', 'invoice_net_amount', 'invoice_amount') }}, 0) as net_to_here
    from collected
)

select
    application_id,
    applied_on,
    invoice_id,
    payment_id,
    source_amount as gross_amount,
    cast(net_to_here - lag(net_to_here, 1, cast(0 as decimal(18, 2))) over (
        partition by invoice_id
        order by applied_on, application_id
    ) as decimal(18, 2)) as net_amount,
    file_id,
    row_number
from entitled
