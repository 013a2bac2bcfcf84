{# The levels at which leads are counted: all five together, each alone, the cohort month with each other, the source with
   the product line, and none. `all` stands where a level is rolled up. #}

{% macro lead_dimensions() -%}
cohort_month, source, product_line, owner_id, team
{%- endmacro %}

{# The levels and `grain` as columns of a query that groups by `lead_grouping_sets`. #}
{% macro lead_grain_columns() -%}
{%- set dimensions = lead_dimensions().split(', ') -%}
{%- for dimension in dimensions %}
    case when grouping({{ dimension }}) = 1 then 'all' else {{ dimension }} end as {{ dimension }},
{%- endfor %}
    case
        when {{ 'grouping(' ~ dimensions | join(') + grouping(') ~ ')' }} = 0 then 'full'
        when {{ 'grouping(' ~ dimensions | join(') + grouping(') ~ ')' }} = {{ dimensions | length }} then 'all'
        else
            concat_ws(
                ' × ',
                {% for dimension in dimensions -%}
                case when grouping({{ dimension }}) = 0 then '{{ dimension }}' end{{ ',' if not loop.last }}
                {% endfor -%}
            )
    end as grain
{%- endmacro %}

{# The grouping sets of these levels, each with the columns of `within`. #}
{% macro lead_grouping_sets(within) -%}
{%- set dimensions = lead_dimensions().split(', ') -%}
grouping sets (
    ({{ within }}, {{ dimensions | join(', ') }}),
    {%- for dimension in dimensions %}
    ({{ within }}, {{ dimension }}),
    {%- endfor %}
    {%- for dimension in dimensions[1:] %}
    ({{ within }}, cohort_month, {{ dimension }}),
    {%- endfor %}
    ({{ within }}, source, product_line),
    ({{ within }})
)
{%- endmacro %}
