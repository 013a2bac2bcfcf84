{{ config(schema='work') }}

{%- set fields = ['stage', 'amount', 'close_on', 'owner_id', 'forecast_category', 'currency'] %}

with

stated_history as (
    select * from {{ ref('all_opportunity_history') }}
),

stated_fields as (
    select distinct
        field,
        {{ snake_case('field') }} as field_name
    from stated_history
),

followed_fields as (
    select
        field,
        case
            {%- for field in fields %}
            when {{ named_as('field_name', 'custom', 'opportunities', field) }} then '{{ field }}'
            {%- endfor %}
        end as tracked_field
    from stated_fields
),

history as (
    select
        stated_history.*,
        followed_fields.tracked_field
    from stated_history
    inner join followed_fields
        on stated_history.field = followed_fields.field
    where followed_fields.tracked_field is not null
),

typed as (
    select
        opportunity_id,
        tracked_field as field,
        changed_at,
        cast(changed_at as date) as changed_on,
        {%- for side in ['old_value', 'new_value'] %}
        case
            when nullif(trim({{ side }}), '') is null then null
            when tracked_field = 'amount' then cast(try_cast(replace(trim({{ side }}), ',', '') as decimal(18, 2)) as varchar)
            when tracked_field = 'close_on' then cast(try_cast(replace(split_part(split_part(trim({{ side }}), ' ', 1), 'T', 1), '/', '-') as date) as varchar)
            when tracked_field = 'owner_id' then {{ source_of('opportunity_id') }} || ':' || trim({{ side }})
            when tracked_field = 'forecast_category' then {{ snake_case(side) }}
            when tracked_field = 'currency' then upper(trim({{ side }}))
            else trim({{ side }})
        end as {{ side }},
        {%- endfor %}
        nullif(trim(new_value), '') is not null as has_new_value,
        file_id,
        row_number
    from history
)

select
    opportunity_id,
    field,
    changed_at,
    changed_on,
    old_value,
    new_value,
    has_new_value and new_value is null as is_unreadable,
    file_id,
    row_number
from typed
