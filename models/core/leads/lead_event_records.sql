{{ config(materialized='view', schema='work') }}

with

exported as (
    select * from {{ ref('all_lead_events') }}
),

responses as (
    select * from {{ ref('first_responses') }}
),

own_dates as (
    select * from {{ ref('lead_own_dates') }}
),

deal_dates as (
    select * from {{ ref('lead_deal_dates') }}
),

status_dates_not_told_by_an_event as (
    select status_dates.*
    from {{ ref('lead_status_dates') }} as status_dates
    left join (
        select distinct
            lead_id,
            kind
        from exported
    ) as told
        on status_dates.lead_id = told.lead_id
        and status_dates.kind = told.kind
    where told.lead_id is null
),

exported_without_the_response_known_better as (
    select exported.*
    from exported
    left join responses on exported.lead_id = responses.lead_id
    where exported.kind <> 'responded' or responses.lead_id is null
),

deal_dates_not_stated_by_the_lead as (
    select deal_dates.*
    from deal_dates
    left join (
        select lead_id
        from own_dates
        where kind = 'converted'
        union distinct
        select lead_id
        from exported
        where kind = 'converted'
    ) as stated
        on deal_dates.lead_id = stated.lead_id
        and deal_dates.kind = 'converted'
    where stated.lead_id is null
)

{% for relation, kind, opportunity_id, precedence in [
    ('exported_without_the_response_known_better', 'kind', 'cast(null as varchar)', 1),
    ('responses', "'responded'", 'cast(null as varchar)', 1),
    ('own_dates', 'kind', 'opportunity_id', 2),
    ('deal_dates_not_stated_by_the_lead', 'kind', 'opportunity_id', 3),
    ('status_dates_not_told_by_an_event', 'kind', 'cast(null as varchar)', 4),
] -%}
select
    lead_id,
    {{ kind }} as kind,
    occurred_at,
    owner_id,
    {{ opportunity_id }} as opportunity_id,
    file_id,
    row_number,
    {{ precedence }} as precedence
from {{ relation }}
{% if not loop.last -%}
union all
{% endif -%}
{% endfor %}
