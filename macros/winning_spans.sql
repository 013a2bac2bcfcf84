{# Rows of `relation` (valid_from_on, valid_until_on) cut so that on every day at most one row per `partition` holds: the first
   by `winner`. `columns` are kept. Neighbouring pieces stay apart; a day that no row covers is in none. #}
{% macro winning_spans(relation, partition, columns, winner) -%}
select
    {%- for column in partition %}
    pieces.{{ column }},
    {%- endfor %}
    pieces.valid_from_on,
    pieces.valid_until_on,
    {%- for column in columns %}
    covering.{{ column }}{{ ',' if not loop.last }}
    {%- endfor %}
from (
    select
        *,
        lead(valid_from_on) over (partition by {{ partition | join(', ') }} order by valid_from_on) as valid_until_on
    from (
        select {{ partition | join(', ') }}, valid_from_on from {{ relation }}
        union distinct
        select {{ partition | join(', ') }}, valid_until_on as valid_from_on from {{ relation }}
    ) as bounds
) as pieces
inner join {{ relation }} as covering
    on pieces.valid_from_on >= covering.valid_from_on
    and pieces.valid_until_on <= covering.valid_until_on
    {%- for column in partition %}
    and pieces.{{ column }} = covering.{{ column }}
    {%- endfor %}
qualify row_number() over (partition by pieces.{{ partition | join(', pieces.') }}, pieces.valid_from_on order by {{ winner }}) = 1
{%- endmacro %}
