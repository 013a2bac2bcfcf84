-- The segments' revenue is all that was invoiced less what was credited: no customer is lost and none counts twice.
with

settings as (
    select * from {{ ref('run_settings') }}
),

segments as (
    select
        {{ money_sum('revenue_amount') }} as revenue_amount,
        {{ money_sum('revenue_12m_amount') }} as revenue_12m_amount
    from {{ ref('account_segments') }}
),

documents as (
    select
        issued_on,
        amount - tax_amount as net_amount
    from {{ ref('invoices') }}
    union all
    select
        issued_on,
        tax_amount - amount as net_amount
    from {{ ref('credit_notes') }}
),

everything as (
    select
        {{ money_sum('documents.net_amount') }} as all_amount,
        {{ money_sum("case when " ~ add_days('documents.issued_on', 365) ~ " > settings.as_of_date then documents.net_amount end") }} as all_12m_amount
    from documents
    cross join settings
    where documents.issued_on <= settings.as_of_date
)

select *
from segments
cross join everything
where
    segments.revenue_amount <> everything.all_amount
    or segments.revenue_12m_amount <> everything.all_12m_amount
