with

files as (
    select * from {{ source('registry', 'files') }}
    {% if var('known_at') %}
    where exported_at <= cast('{{ var("known_at") }}' as timestamp)
    {% endif %}
),

newest_export as (
    select
        cast(coalesce(
            max(case when exported_at_from <> 'time' then exported_at end),
            max(exported_at)
        ) as date) as exported_on
    from files
)

select
    {% if var('as_of_date') -%}
    cast('{{ var("as_of_date") }}' as date) as as_of_date,
    {%- else -%}
    coalesce(exported_on, cast('1970-01-01' as date)) as as_of_date,
    {%- endif %}
    {% for name in ['timezone', 'company_currency', 'attribution_scope', 'amount_fallback', 'auto_apply', 'collapse_repeats', 'direct_rule'] -%}
    cast('{{ var(name) }}' as varchar) as {{ name }},
    {% endfor -%}
    cast({{ var('fiscal_year_start_month') }} as bigint) as fiscal_year_start_month,
    cast({{ var('lookback_days') }} as bigint) as lookback_days,
    cast({{ var('stalled_without_activity_days') }} as bigint) as stalled_without_activity_days,
    cast({{ var('duplicate_probability') }} as decimal(18, 6)) as duplicate_probability
from newest_export
