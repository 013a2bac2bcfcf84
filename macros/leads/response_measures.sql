{# How quickly leads were answered, from rows of lead_responses; rates carry their Wilson interval. #}
{% macro response_measures() -%}
    count(*) as leads,
    count(case when is_responded then 1 end) as responded,
    count(case when is_waiting then 1 end) as waiting,
    cast(percentile_cont(0.5) within group (order by case when is_responded then hours end) as decimal(18, 6)) as median_hours,
    cast(percentile_cont(0.9) within group (order by case when is_responded then hours end) as decimal(18, 6)) as p90_hours,
    count(case when is_within_hour then 1 end) as within_hour,
    count(case when counts_by_clock then 1 end) as counted,
    count(case when is_within_working_hour then 1 end) as within_working_hour,
    count(case when counts_by_working_hours then 1 end) as counted_working
{%- endmacro %}

{# The rates of these counts. #}
{% macro response_rates() -%}
    {{ ratio('within_hour', 'counted') }} as within_hour_rate,
    {{ wilson_low('within_hour', 'counted') }} as within_hour_low,
    {{ wilson_high('within_hour', 'counted') }} as within_hour_high,
    {{ ratio('within_working_hour', 'counted_working') }} as within_working_hour_rate,
    {{ wilson_low('within_working_hour', 'counted_working') }} as within_working_hour_low,
    {{ wilson_high('within_working_hour', 'counted_working') }} as within_working_hour_high
{%- endmacro %}
