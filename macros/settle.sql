{# Money that settles documents: claims are laid end to end in the order of their days, slots in `slot_order`, within each
   `scope`, currency and sign; where the two overlap, money is applied. Nothing is applied beyond either side. #}

{# Claims with what earlier steps (models) left of them. #}
{% macro open_claims(earlier) -%}
select
    claims.claim_id,
    claims.source_kind,
    claims.source_id,
    claims.source_on,
    claims.rule,
    claims.invoice_id,
    claims.instalment_id,
    claims.order_id,
    claims.contract_id,
    claims.currency,
    claims.is_negative,
    cast(claims.claimed_amount - abs(coalesce(used.document_amount, 0)) as decimal(18, 2)) as open_amount,
    cast(claims.source_amount - abs(coalesce(used.source_amount, 0)) as decimal(18, 2)) as open_source_amount
from {{ ref('settlement_claims') }} as claims
left join (
    {{ settled_by('claim_id', earlier) }}
) as used
    on claims.claim_id = used.claim_id
where claims.claimed_amount > abs(coalesce(used.document_amount, 0))
{%- endmacro %}

{# Parts of invoices with what earlier steps (models) left of them. #}
{% macro open_parts(earlier) -%}
select
    parts.item_id as slot_id,
    parts.item_id,
    parts.invoice_id,
    parts.instalment_id,
    parts.account_id,
    parts.order_id,
    parts.contract_id,
    parts.currency,
    parts.issued_on,
    parts.due_on,
    parts.issued_on as open_on,
    parts.document_amount < 0 as is_negative,
    cast(abs(parts.document_amount) - abs(coalesce(used.document_amount, 0)) as decimal(18, 2)) as open_amount
from {{ ref('invoice_parts') }} as parts
left join (
    {{ settled_by('item_id', earlier) }}
) as used
    on parts.item_id = used.item_id
where abs(parts.document_amount) > abs(coalesce(used.document_amount, 0))
{%- endmacro %}

{# What these steps (models) applied for each `key`, with its sign. #}
{% macro settled_by(key, steps) -%}
select
    {{ key }},
    {{ money_sum('document_amount') }} as document_amount,
    {{ money_sum('source_amount') }} as source_amount
from ({{ all_settled(steps) }}) as steps
group by {{ key }}
{%- endmacro %}

{# The applications of these steps (models), none where there is no step. #}
{% macro all_settled(steps) -%}
{%- for step in steps %}
select * from {{ ref(step) }}
{{ 'union all' if not loop.last }}
{%- else %}
select
    cast(null as varchar) as claim_id,
    cast(null as varchar) as item_id,
    cast(0 as decimal(18, 2)) as document_amount,
    cast(0 as decimal(18, 2)) as source_amount
where false
{%- endfor %}
{%- endmacro %}

{# The CTEs `claim_stretches`, `slot_stretches` and `settled`, from CTEs `claims` and `slots`. #}
{% macro settle(scope, slot_order, rule='rule') -%}
{%- set within = "partition by " ~ (scope | join(', ')) ~ ", currency, is_negative" -%}
{%- set rows = "rows between unbounded preceding and current row" -%}
claim_stretches as (
    select
        *,
        sum(open_amount) over ({{ within }} order by source_on, source_kind, claim_id {{ rows }}) - open_amount as from_amount,
        sum(open_amount) over ({{ within }} order by source_on, source_kind, claim_id {{ rows }}) as to_amount
    from claims
),

slot_stretches as (
    select
        *,
        sum(open_amount) over ({{ within }} order by {{ slot_order }} {{ rows }}) - open_amount as from_amount,
        sum(open_amount) over ({{ within }} order by {{ slot_order }} {{ rows }}) as to_amount
    from slots
),

matches as (
    select
        claim_stretches.*,
        slot_stretches.slot_id,
        slot_stretches.item_id,
        slot_stretches.open_on,
        greatest(claim_stretches.from_amount, slot_stretches.from_amount) - claim_stretches.from_amount as since,
        least(claim_stretches.to_amount, slot_stretches.to_amount) - claim_stretches.from_amount as until
    from claim_stretches
    inner join slot_stretches
        on claim_stretches.currency = slot_stretches.currency
        and claim_stretches.is_negative = slot_stretches.is_negative
        {%- for column in scope %}
        and claim_stretches.{{ column }} = slot_stretches.{{ column }}
        {%- endfor %}
        and claim_stretches.from_amount < slot_stretches.to_amount
        and slot_stretches.from_amount < claim_stretches.to_amount
),

settled as (
    select
        claim_id || ' > ' || slot_id as settlement_id,
        claim_id,
        source_kind,
        source_id,
        {{ rule }} as rule,
        item_id,
        greatest(source_on, open_on) as applied_on,
        cast(case when is_negative then since - until else until - since end as decimal(18, 2)) as document_amount,
        case when is_negative then -1 else 1 end
        * {{ money_share('open_source_amount', 'since', 'until', 'open_amount') }} as source_amount
    from matches
)
{%- endmacro %}
