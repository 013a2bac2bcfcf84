{# The channel of the marts for what a source writes: channels.csv decides (the source's own row before `*`), an
   undeclared value keeps its own snake_case name; null stays null. `id` tells the source; both are written with their relation's name. #}
{% macro channel_of(value, id) -%}
coalesce(
    (
        select max_by(channels.channel, case when channels.source = '*' then 0 else 1 end)
        from {{ ref('channels') }} as channels
        where
            channels.source in ('*', {{ source_of(id) }})
            and {{ snake_case('channels.source_value') }} = {{ snake_case(value) }}
    ),
    {{ snake_case(value) }}
)
{%- endmacro %}
