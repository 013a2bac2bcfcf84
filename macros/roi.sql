{# Shapes that the marts of return on marketing share. #}

{# What may be summed, with its type. #}
{% macro roi_measures() -%}
{%- set measures = {'cost': 'decimal(18, 2)'} -%}
{%- for name in ['leads', 'qualified_leads', 'converted_leads', 'won_leads', 'lost_leads'] -%}
{%- do measures.update({name: 'bigint'}) -%}
{%- endfor -%}
{%- for name in ['opportunities', 'wins'] -%}
{%- do measures.update({name: 'decimal(18, 6)'}) -%}
{%- endfor -%}
{%- for name in ['pipeline', 'booked', 'invoiced', 'collected', 'uncosted', 'gross_margin'] -%}
{%- do measures.update({name ~ '_amount': 'decimal(18, 2)'}) -%}
{%- endfor -%}
{{ return(measures) }}
{%- endmacro %}

{# All of them as columns of `relation`, but those named. #}
{% macro roi_columns(relation, but=[]) -%}
{%- for measure in roi_measures() if measure not in but -%}
{{ relation }}.{{ measure }}{{ ',\n    ' if not loop.last }}
{%- endfor -%}
{%- endmacro %}

{# Their sums; where `given` tells what to sum for some, the others are 0. #}
{% macro roi_sums(given=none) -%}
{%- for measure, type in roi_measures().items() -%}
cast(coalesce(sum({{ measure if given is none else given.get(measure, '0') }}), 0) as {{ type }}) as {{ measure }}{{ ',\n    ' if not loop.last }}
{%- endfor -%}
{%- endmacro %}

{# As many zeros, of their types. #}
{% macro roi_zeros() -%}
{%- for measure, type in roi_measures().items() -%}
cast(0 as {{ type }}) as {{ measure }}{{ ',\n    ' if not loop.last }}
{%- endfor -%}
{%- endmacro %}

{# The ratios of `relation`, each null where its denominator is 0; the margin is unknown where no line's cost is known. #}
{% macro roi_ratios(relation) -%}
{%- set margin -%}
case when {{ relation }}.gross_margin_amount <> 0 or {{ relation }}.uncosted_amount = 0 then {{ relation }}.gross_margin_amount end
{%- endset -%}
{{ margin }} as gross_margin_amount,
    {% for depth in ['booked', 'collected'] -%}
    {{ ratio(relation ~ '.' ~ depth ~ '_amount - ' ~ relation ~ '.cost', relation ~ '.cost') }} as roi_{{ depth }},
    {{ ratio(relation ~ '.' ~ depth ~ '_amount', relation ~ '.cost') }} as roas_{{ depth }},
    {% endfor -%}
    {{ ratio('(' ~ margin ~ ') - ' ~ relation ~ '.cost', relation ~ '.cost') }} as gross_margin_roi,
    {% for measure, unit in [('leads', 'lead'), ('qualified_leads', 'qualified_lead'), ('opportunities', 'opportunity'), ('wins', 'win')] -%}
    {{ money_ratio(relation ~ '.cost', '1', relation ~ '.' ~ measure, scale=6) }} as cost_per_{{ unit }},
    {% endfor -%}
    {% for name, successes, trials in [
        ('lead_conversion', relation ~ '.converted_leads', relation ~ '.leads'),
        ('opportunity_conversion', relation ~ '.won_leads', relation ~ '.converted_leads'),
        ('win', relation ~ '.won_leads', relation ~ '.won_leads + ' ~ relation ~ '.lost_leads'),
    ] -%}
    {{ ratio(successes, trials) }} as {{ name }}_rate,
    {{ wilson_low(successes, trials) }} as {{ name }}_low,
    {{ wilson_high(successes, trials) }} as {{ name }}_high{{ ',\n    ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}

{# First day on which something had been spent and as much collected, by `keys` over a basis of roi_days. #}
{% macro payback_days(keys, condition) -%}
select
    {{ keys }},
    min(case when cost_to_here > 0 and collected_to_here >= cost_to_here then moved_on end) as payback_on
from (
    select
        {{ keys }},
        moved_on,
        sum(cost) over (partition by {{ keys }} order by moved_on rows between unbounded preceding and current row) as cost_to_here,
        sum(collected_amount) over (partition by {{ keys }} order by moved_on rows between unbounded preceding and current row)
            as collected_to_here
    from (
        select
            {{ keys }},
            moved_on,
            {{ money_sum('cost') }} as cost,
            {{ money_sum('collected_amount') }} as collected_amount
        from {{ ref('roi_days') }}
        where {{ condition }}
        group by {{ keys }}, moved_on
    ) as days
) as running
group by {{ keys }}
{%- endmacro %}

{# Conversions that advertising platforms claim, by `keys`: null where more than one platform claims, for theirs are never added. #}
{% macro claimed_conversions(keys) -%}
select
    {{ keys }},
    case when count(distinct platform) = 1 then sum(conversions) end as claimed_conversions
from claims
group by {{ keys }}
{%- endmacro %}
