with

trials as (
    select * from {{ ref('lead_score_trials') }}
),

sums as (
    select
        cut_on,
        count(*) as leads,
        sum(converted) as converted,
        sum(case when converted = 1 then mid_rank end) as converted_ranks,
        count(case when place <= ceil(leads / 5.0) then 1 end) as top_fifth_leads,
        sum(case when place <= ceil(leads / 5.0) then converted end) as top_fifth_converted
    from trials
    group by cut_on
)

select
    cut_on,
    cast(leads as bigint) as leads,
    cast(converted as bigint) as converted,
    {{ ratio('converted_ranks - converted * (converted + 1) / 2.0', 'converted * (leads - converted)') }} as auc,
    cast(top_fifth_leads as bigint) as top_fifth_leads,
    cast(top_fifth_converted as bigint) as top_fifth_converted,
    {{ ratio('top_fifth_converted * leads', 'top_fifth_leads * converted') }} as top_fifth_lift
from sums
