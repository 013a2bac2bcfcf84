with

settings as (
    select * from {{ ref('run_settings') }}
),

promises as (
    select * from {{ ref('all_promises') }}
),

invoices as (
    select * from {{ ref('invoices') }}
),

applications as (
    select * from {{ ref('applications') }}
    where source_kind = 'payment'
),

exchange_rates as (
    select * from {{ ref('exchange_rates') }}
),

made as (
    select
        promises.promise_id,
        promises.account_id,
        promises.invoice_id,
        cast(promises.promised_at as date) as promised_on,
        promises.due_on,
        promises.amount as document_amount,
        coalesce(promises.currency, invoices.currency, settings.company_currency) as currency,
        invoices.currency as invoice_currency,
        invoices.exchange_rate as invoice_rate,
        settings.as_of_date,
        promises.file_id,
        promises.row_number
    from promises
    inner join settings
        on cast(promises.promised_at as date) <= settings.as_of_date
    left join invoices
        on promises.invoice_id = invoices.invoice_id
),

valued as (
    select
        made.*,
        {{ money_times('made.document_amount', 'coalesce(case when made.currency = made.invoice_currency then made.invoice_rate end, exchange_rates.rate)') }} as promised_amount
    from made
    left join exchange_rates
        on made.currency = exchange_rates.currency
        and made.promised_on >= exchange_rates.valid_from_on
        and made.promised_on < exchange_rates.valid_until_on
),

applied as (
    select
        valued.promise_id,
        applications.applied_on,
        applications.document_amount,
        case when valued.currency = valued.invoice_currency then applications.amount else applications.source_amount end as amount
    from valued
    inner join applications
        on valued.invoice_id = applications.invoice_id
    union all
    select
        valued.promise_id,
        applications.applied_on,
        applications.document_amount,
        applications.source_amount as amount
    from valued
    inner join applications
        on valued.account_id = applications.account_id
    where valued.invoice_id is null
),

kept as (
    select
        applied.promise_id,
        {{ money_sum('applied.document_amount') }} as document_amount,
        {{ money_sum('applied.amount') }} as amount
    from applied
    inner join valued
        on applied.promise_id = valued.promise_id
        and applied.applied_on >= valued.promised_on
        and applied.applied_on <= valued.due_on
        and applied.applied_on <= valued.as_of_date
    group by applied.promise_id
)

select
    valued.promise_id,
    valued.account_id,
    valued.invoice_id,
    valued.promised_on,
    valued.due_on,
    {{ add_days('valued.due_on', 1) }} as known_on,
    valued.currency,
    valued.promised_amount,
    coalesce(kept.amount, 0) as applied_amount,
    case
        when valued.currency = valued.invoice_currency then coalesce(kept.document_amount, 0) < valued.document_amount
        else coalesce(kept.amount, 0) < valued.promised_amount
    end as is_short,
    valued.file_id,
    valued.row_number
from valued
left join kept
    on valued.promise_id = kept.promise_id
