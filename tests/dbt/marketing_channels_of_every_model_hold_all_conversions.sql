-- Under every model the channels hold all won opportunities and all that they brought, or all conversions and value of the exported paths.
with everything as (
    select
        'opportunities' as path_source,
        count(won_on) as conversions,
        {{ money_sum('booked_amount') }} as value_amount
    from {{ ref('opportunity_depths') }}
    union all
    select
        'paths',
        coalesce(sum(paths.total_conversions), 0),
        cast(coalesce(sum(paths.total_conversion_value * rates.rate), 0) as decimal(18, 2))
    from {{ ref('all_paths') }} as paths
    cross join {{ ref('run_settings') }} as settings
    left join {{ ref('exchange_rates') }} as rates
        on coalesce(paths.currency, settings.company_currency) = rates.currency
        and settings.as_of_date >= rates.valid_from_on
        and settings.as_of_date < rates.valid_until_on
    where trim(replace(paths.path, '>', '')) <> ''
),

shown as (
    select
        path_source,
        model,
        sum(conversions) as conversions,
        sum(value_amount) as value_amount
    from {{ ref('attribution_channels') }}
    group by path_source, model
)

select everything.path_source, shown.model, everything.conversions, shown.conversions as conversions_shown, everything.value_amount, shown.value_amount as value_shown
from everything
inner join shown on everything.path_source = shown.path_source
where
    shown.conversions <> everything.conversions
    or shown.value_amount <> everything.value_amount
