with

followups as (
    select * from {{ ref('deal_followups') }}
),

buckets as (
    select * from {{ ref('followup_buckets') }}
),

counts as (
    select
        buckets.bucket,
        buckets.sort_order,
        buckets.paper_share,
        count(case when followups.status = 'won' then 1 end) as won,
        count(case when followups.status = 'lost' then 1 end) as lost,
        count(case when followups.status = 'open' then 1 end) as open
    from buckets
    left join followups
        on buckets.from_count <= followups.followups
        and coalesce(buckets.to_count, 99999) >= followups.followups
    group by buckets.bucket, buckets.sort_order, buckets.paper_share
)

select
    bucket,
    sort_order,
    won,
    lost,
    open,
    {{ ratio('won', 'sum(won) over ()') }} as share_of_wins,
    {{ ratio('won', 'won + lost + open') }} as win_rate,
    {{ wilson_low('won', '(won + lost + open)') }} as win_low,
    {{ wilson_high('won', '(won + lost + open)') }} as win_high,
    paper_share
from counts
