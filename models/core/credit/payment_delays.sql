with

applications as (
    select * from {{ ref('applications') }}
    where kind = 'payment_applied' and amount > 0
),

parts as (
    select * from {{ ref('invoice_parts') }}
)

select
    applications.application_id,
    applications.account_id,
    applications.invoice_id,
    applications.item_id,
    applications.applied_on,
    parts.due_on,
    {{ days_between('parts.due_on', 'applications.applied_on') }} as delay_days,
    applications.amount
from applications
inner join parts
    on applications.item_id = parts.item_id
