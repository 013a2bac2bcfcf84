-- Opening and the movements between are the closing, for every span, period and owner.
select
    grain,
    period,
    ends_on,
    owner_id,
    sum(case when step = 'closing' then -amount else amount end) as difference
from {{ ref('pipeline_waterfall') }}
group by grain, period, ends_on, owner_id
having sum(case when step = 'closing' then -amount else amount end) <> 0
