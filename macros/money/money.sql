{# Money is decimal(18,2) and is multiplied, divided and split only here: each macro widens before it multiplies. #}

{# amount × factor, rounded once to cents, half away from zero. The factor is a decimal, never a double. #}
{% macro money_times(amount, factor) -%}
cast(round(cast({{ amount }} as decimal(38, 2)) * {{ factor }}, 2) as decimal(18, 2))
{%- endmacro %}

{# amount × numerator ÷ denominator, exact until it is rounded once to cents, half away from zero; null when the
   denominator is 0. Numerator and denominator are decimals of at most `scale` places. #}
{% macro money_ratio(amount, numerator, denominator, scale=2) -%}
{%- set cents -%} {{ wide_int("round(cast(" ~ amount ~ " as decimal(38, 2)) * 100)") }} {%- endset -%}
{%- set top -%} {{ wide_int("round(cast(" ~ numerator ~ " as decimal(38, " ~ scale ~ ")) * 1" ~ "0" * scale ~ ")") }} {%- endset -%}
{%- set bottom -%} {{ wide_int("round(cast(" ~ denominator ~ " as decimal(38, " ~ scale ~ ")) * 1" ~ "0" * scale ~ ")") }} {%- endset -%}
cast(
    cast(
        sign({{ cents }}) * sign({{ top }}) * sign({{ bottom }})
        * {{ idiv("2 * abs(" ~ cents ~ ") * abs(" ~ top ~ ") + abs(" ~ bottom ~ ")", "2 * abs(" ~ bottom ~ ")") }}
        as decimal(36, 0)
    ) * cast(0.01 as decimal(3, 2))
    as decimal(18, 2)
)
{%- endmacro %}

{# A rate: numerator ÷ denominator as decimal(18,6); null when the denominator is 0. For rates, never for money. #}
{% macro ratio(numerator, denominator) -%}
cast(round(cast({{ numerator }} as double) / nullif(cast({{ denominator }} as double), 0), 6) as decimal(18, 6))
{%- endmacro %}

{# Median of money as decimal(18,2), between two cents half away from zero; null over no rows. Counted in cents, which are exact. #}
{% macro money_median(amount) -%}
cast(
    cast(round(percentile_cont(0.5) within group (order by cast({{ amount }} * 100 as bigint))) as decimal(18, 0)) * cast(0.01 as decimal(3, 2))
    as decimal(18, 2)
)
{%- endmacro %}

{# Sum of money as decimal(18,2); 0 over no rows. #}
{% macro money_sum(amount) -%} cast(coalesce(sum({{ amount }}), 0) as decimal(18, 2)) {%- endmacro %}

{# Rows of `relation` with a column `result`: each group's `amount` split over its rows by `weight`, by largest remainder:
   floor to the last place, then one unit each to the largest fractions, ties by `part_id` as text, ascending; the sign is
   put back last. The parts sum to the amount exactly. Null where the weights of a group sum to 0.
   relation: name of a CTE or table · amount: its column or expression, equal within a group · places: 2 for money. #}
{% macro allocate(relation, amount, weight, partition_by, part_id, result, places=2) -%}
{%- set unit = "1" ~ "0" * places -%}
select
    * except (allocate_amount, allocate_units, allocate_weight, allocate_weights, allocate_floor, allocate_fraction, allocate_left),
    case
        when allocate_weights <> 0 then cast(
            cast(
                sign(allocate_amount) * (
                    allocate_floor + case
                        when row_number() over (
                            partition by {{ partition_by }}
                            order by allocate_fraction desc, cast({{ part_id }} as varchar) asc
                        ) <= allocate_left then 1 else 0
                    end
                ) as decimal(30, 0)
            ) * cast({{ "0." ~ "0" * (places - 1) ~ "1" }} as decimal({{ places + 1 }}, {{ places }}))
            as decimal(18, {{ places }})
        )
    end as {{ result }}
from (
    select
        *,
        allocate_units * allocate_weight - allocate_floor * allocate_weights as allocate_fraction,
        allocate_units - sum(allocate_floor) over (partition by {{ partition_by }}) as allocate_left
    from (
        select
            *,
            coalesce({{ idiv("allocate_units * allocate_weight", "allocate_weights") }}, 0) as allocate_floor
        from (
            select
                *,
                {{ wide_int("round(abs(cast(allocate_amount as decimal(38, " ~ places ~ "))) * " ~ unit ~ ")") }} as allocate_units,
                {{ wide_int("sum(allocate_weight) over (partition by " ~ partition_by ~ ")") }} as allocate_weights
            from (
                select
                    *,
                    {{ amount }} as allocate_amount,
                    {{ wide_int("round(cast(" ~ weight ~ " as decimal(38, 12)) * 1000000000000)") }} as allocate_weight
                from {{ relation }}
            ) as weighed
        ) as counted
    ) as floored
) as ranked
{%- endmacro %}

{# 1 ÷ rate as decimal(28,12), rounded half away from zero, without a detour through doubles. #}
{% macro inverse_rate(rate) -%}
{%- set units -%} {{ wide_int("round(cast(" ~ rate ~ " as decimal(38, 12)) * 1000000000000)") }} {%- endset -%}
cast(
    cast({{ idiv("2 * " ~ wide_int("'1000000000000000000000000'") ~ " + " ~ units, "2 * " ~ units) }} as decimal(26, 0))
    * cast(0.000000000001 as decimal(13, 12))
    as decimal(28, 12)
)
{%- endmacro %}
