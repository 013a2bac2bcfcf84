with

open_receivables as (
    select * from {{ ref('owned_receivables') }}
    where product_line is not null
),

split_receivables as (
    select * from {{ ref('open_receivables_by_product_line') }}
),

accounts as (
    select * from {{ ref('accounts') }}
),

reps as (
    select * from {{ ref('reps') }}
),

by_product_line as (
    {% for relation, amount, document_amount in [
        ('open_receivables', 'balance_amount', 'document_balance_amount'), ('split_receivables', 'amount', 'document_amount'),
    ] -%}
    select
        reporting_date,
        account_id,
        owner_id,
        region,
        product_line,
        currency,
        due_bucket,
        invoice_bucket,
        {{ money_sum(amount) }} as amount,
        {{ money_sum(document_amount) }} as document_amount,
        {{ money_sum('case when is_disputed then ' ~ amount ~ ' else 0 end') }} as disputed_amount
    from {{ relation }}
    group by reporting_date, account_id, owner_id, region, product_line, currency, due_bucket, invoice_bucket
    {%- if not loop.last %}
    union all
    {% endif -%}
    {% endfor %}
),

{% for basis in ['due', 'invoice'] %}
by_{{ basis }}_bucket as (
    select
        reporting_date,
        '{{ basis }}' as basis,
        account_id,
        owner_id,
        region,
        product_line,
        currency,
        {{ basis }}_bucket as bucket,
        {{ money_sum('amount') }} as amount,
        {{ money_sum('document_amount') }} as document_amount,
        {{ money_sum('disputed_amount') }} as disputed_amount
    from by_product_line
    group by reporting_date, account_id, owner_id, region, product_line, currency, {{ basis }}_bucket
),

{% endfor %}
on_both_bases as (
    select * from by_due_bucket
    union all
    select * from by_invoice_bucket
)

select
    on_both_bases.reporting_date,
    on_both_bases.basis,
    on_both_bases.account_id,
    coalesce(accounts.account_name, on_both_bases.account_id) as account_name,
    on_both_bases.owner_id,
    coalesce(reps.owner_name, on_both_bases.owner_id) as owner_name,
    on_both_bases.region,
    on_both_bases.product_line,
    on_both_bases.currency,
    on_both_bases.bucket,
    on_both_bases.amount,
    on_both_bases.document_amount,
    on_both_bases.disputed_amount
from on_both_bases
left join accounts
    on on_both_bases.account_id = accounts.account_id
left join reps
    on on_both_bases.owner_id = reps.owner_id
