with

responses as (
    select * from {{ ref('lead_responses') }}
),

buckets as (
    select * from {{ ref('response_buckets') }}
),

horizons as (
    select horizon_days from {{ ref('conversion_horizons') }}
    where method = 'observed'
),

counted as (
    select
        coalesce(buckets.bucket, 'never') as bucket,
        coalesce(max(buckets.sort_order), 99) as sort_order,
        horizons.horizon_days,
        count(*) as leads,
        count(case when responses.days_to_converted <= horizons.horizon_days then 1 end) as converted
    from responses
    inner join horizons
        on responses.days_observed >= horizons.horizon_days
    left join buckets
        on responses.is_responded
        and responses.hours > coalesce(buckets.from_hours, -1)
        and responses.hours <= coalesce(buckets.to_hours, responses.hours)
    group by coalesce(buckets.bucket, 'never'), horizons.horizon_days
)

select
    bucket,
    sort_order,
    horizon_days,
    leads,
    converted,
    {{ ratio('converted', 'leads') }} as conversion_rate,
    {{ wilson_low('converted', 'leads') }} as conversion_low,
    {{ wilson_high('converted', 'leads') }} as conversion_high
from counted
