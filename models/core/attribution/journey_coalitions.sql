with

journeys as (
    select
        path_source,
        {{ channels_of_path('path') }} as channels,
        conversions,
        value_amount
    from {{ ref('journeys') }}
)

select
    path_source,
    channels,
    cast(sum(conversions) as decimal(18, 6)) as conversions,
    cast(sum(value_amount) as decimal(28, 12)) as value_amount
from journeys
group by path_source, channels
