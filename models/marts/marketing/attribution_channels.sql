with

modelled_channels as (
    select * from {{ ref('modelled_channels') }}
),

credits as (
    select * from {{ ref('opportunity_credits') }}
),

models as (
    select * from {{ ref('attribution_models') }}
),

{# The models that are learnt from journeys are shown as they are learnt; of what no touch explains they say nothing. #}
credited as (
    select
        'opportunities' as path_source,
        credits.channel,
        credits.model,
        cast(null as decimal(18, 12)) as removal_effect,
        cast(sum(credits.credit_share) as decimal(18, 6)) as conversions,
        {{ money_sum('credits.booked_amount') }} as value_amount
    from credits
    inner join models on credits.model = models.model
    where credits.won_on is not null and (models.weighs = 'place' or credits.channel = 'unattributed')
    group by credits.channel, credits.model
),

channels as (
    select * from credited
    union all
    select
        path_source,
        channel,
        model,
        removal_effect,
        coalesce(conversions, 0) as conversions,
        coalesce(value_amount, 0) as value_amount
    from modelled_channels
),

shared as (
    select
        *,
        {{ ratio(
            "case when channel <> 'unattributed' then conversions end",
            "sum(case when channel <> 'unattributed' then conversions end) over (partition by path_source, model)"
        ) }} as share
    from channels
)

select
    path_source,
    channel,
    model,
    cast(conversions as decimal(18, 6)) as conversions,
    cast(value_amount as decimal(18, 2)) as value_amount,
    share,
    removal_effect,
    case when channel <> 'unattributed' then row_number() over conversions_first end as rank
from shared
window conversions_first as (
    partition by path_source, model
    order by channel = 'unattributed' asc, conversions desc, channel asc
)
