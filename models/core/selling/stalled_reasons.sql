{{ config(materialized='view', schema='work') }}

{%- set fields = ['amount', 'close_on', 'next_step', 'product_id', 'product_line', 'quantity', 'account_id', 'owner_id', 'source', 'competitor', 'partner_id'] %}

with

settings as (
    select * from {{ ref('run_settings') }}
),

deals as (
    select
        standing_deals.*,
        stages.expected_days,
        ',' || replace(replace(coalesce(stages.required_fields, ''), ' ', ''), ';', ',') || ',' as required_fields
    from {{ ref('standing_deals') }} as standing_deals
    left join {{ ref('opportunity_stages') }} as stages
        on standing_deals.stage = stages.stage
        and {{ source_of('standing_deals.opportunity_id') }} = stages.source
),

stays as (
    select * from {{ ref('stage_stays') }}
    where is_won
),

deciders as (
    select
        {{ source_of('contact_id') }} as source,
        account_id
    from {{ ref('all_contacts') }}
    where is_decision_maker
),

usual_days as (
    select
        stage,
        percentile_cont(0.8) within group (order by cast(days_in_stage as double)) as p80_days
    from stays
    group by stage
)

select
    opportunity_id,
    'over_expected_days' as reason,
    cast(expected_days as varchar) as detail
from deals
where days_in_stage > expected_days
union all
select
    deals.opportunity_id,
    'over_won_deals_days' as reason,
    cast(cast(usual_days.p80_days as decimal(18, 1)) as varchar) as detail
from deals
inner join usual_days
    on deals.stage = usual_days.stage
where deals.days_in_stage > usual_days.p80_days
union all
select
    deals.opportunity_id,
    'no_activity' as reason,
    cast(deals.silent_days as varchar) as detail
from deals
inner join settings
    on deals.silent_days >= settings.stalled_without_activity_days
union all
select
    opportunity_id,
    'close_date_past' as reason,
    cast(close_on as varchar) as detail
from deals
where close_on < as_of_date
{% for field in fields -%}
union all
select
    opportunity_id,
    'missing_{{ field }}' as reason,
    '{{ field }}' as detail
from deals
where required_fields like '%,{{ field }},%' and {{ 'document_amount' if field == 'amount' else field }} is null
{% endfor -%}
union all
select
    deals.opportunity_id,
    'missing_decision_maker' as reason,
    'decision_maker' as detail
from deals
where
    required_fields like '%,decision_maker,%'
    and not exists (
        select 1
        from deciders
        where deciders.account_id = deals.account_id
    )
    and exists (
        select 1
        from deciders
        where deciders.source = {{ source_of('deals.opportunity_id') }}
    )
