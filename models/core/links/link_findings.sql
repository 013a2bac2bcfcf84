{{ config(materialized='view', schema='work') }}

with

{% for entity in ['account', 'user', 'campaign'] -%}
{{ entity }}_records as (
    select
        '{{ entity }}s' as entity_kind,
        {{ entity }}_id as record_id,
        source_name,
        {{ source_place('source_name') }} as source_place
    from {{ ref('all_' ~ entity ~ 's') }}
),

{{ entity }}_linked as (
    select
        source_{{ link_id(entity) }} as record_id,
        rule
    from {{ ref(entity ~ '_links') }}
),

{{ entity }}_unlinked as (
    select
        records.entity_kind,
        coalesce(linked.rule, 'none') as rule,
        records.source_name,
        count(*) as records
    from {{ entity }}_records as records
    left join {{ entity }}_linked as linked
        on records.record_id = linked.record_id
    where coalesce(linked.rule, 'ambiguous') = 'ambiguous'
        and records.source_place > (select min(first_records.source_place) from {{ entity }}_records as first_records)
    group by 1, 2, 3
),

{% endfor -%}
unlinked as (
    select * from account_unlinked
    union all
    select * from user_unlinked
    union all
    select * from campaign_unlinked
)

select
    case when rule = 'ambiguous' then 'ambiguous_link' else 'unlinked' end as finding,
    entity_kind,
    source_name as value,
    records
from unlinked
