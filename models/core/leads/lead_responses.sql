with

moments as (
    select * from {{ ref('lead_moments') }}
),

clock as (
    select * from {{ ref('working_clock') }}
),

{% for moment in ['created_at', 'until_at'] -%}
worked_until_{{ moment }} as (
    select
        moments.lead_id,
        clock.seconds_before + {{ seconds_between('clock.opens_at', 'least(moments.' ~ moment ~ ', clock.closes_at)') }} as seconds
    from moments
    inner join clock
        on moments.{{ moment }} >= clock.opens_at
        and moments.{{ moment }} < clock.next_opens_at
),

{% endfor -%}
timed as (
    select
        moments.*,
        {{ seconds_between('moments.created_at', 'moments.until_at') }} as seconds,
        coalesce(worked_until_until_at.seconds, 0) - coalesce(worked_until_created_at.seconds, 0) as working_seconds
    from moments
    left join worked_until_created_at
        on moments.lead_id = worked_until_created_at.lead_id
    left join worked_until_until_at
        on moments.lead_id = worked_until_until_at.lead_id
)

select
    lead_id,
    {{ month_of('created_on') }} as month,
    {{ hour_of('created_at') }} as hour_of_day,
    coalesce(owner_id, '(none)') as owner_id,
    coalesce(source, '(none)') as source,
    responded_at is not null as is_responded,
    is_waiting,
    cast(seconds as double) / 3600 as hours,
    cast(working_seconds as double) / 3600 as working_hours,
    responded_at is not null or (is_waiting and seconds > 3600) as counts_by_clock,
    responded_at is not null or (is_waiting and working_seconds > 3600) as counts_by_working_hours,
    responded_at is not null and seconds <= 3600 as is_within_hour,
    responded_at is not null and working_seconds <= 3600 as is_within_working_hour,
    days_to_converted,
    days_observed
from timed
