{{ config(materialized='table', schema='work') }}

{% for claims in ['allocation_claims', 'document_claims'] %}
select
    claim_id,
    source_kind,
    source_id,
    source_on,
    rule,
    invoice_id,
    instalment_id,
    order_id,
    contract_id,
    currency,
    is_negative,
    claimed_amount,
    source_amount
from {{ ref(claims) }}
{{ 'union all' if not loop.last }}
{% endfor %}
