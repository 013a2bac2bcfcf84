with

settings as (
    select * from {{ ref('run_settings') }}
),

exchange_rates as (
    select * from {{ ref('exchange_rates') }}
),

decided_journeys as (
    select * from {{ ref('decided_journeys') }}
),

{# One map for all exported paths: a path is translated in one pass, not step by step. #}
stated_channels as (
    select {{ names_of('step', 'channel') }} as names
    from {{ ref('stated_channels') }}
),

{# A path of opportunities names channels as the marts do; one that was exported is still to be translated. #}
stated_paths as (
    select
        {{ renamed_path('paths.path', 'stated_channels.names') }} as path,
        paths.conversions,
        paths.document_value,
        paths.nulls,
        paths.currency
    from {{ ref('stated_paths') }} as paths
    cross join stated_channels
)

select
    'opportunities' as path_source,
    path,
    cast(sum(conversions) as decimal(18, 6)) as conversions,
    cast(sum(value_amount) as decimal(28, 12)) as value_amount,
    cast(sum(nulls) as decimal(18, 6)) as nulls
from decided_journeys
group by path
union all
select
    'paths' as path_source,
    stated_paths.path,
    cast(sum(stated_paths.conversions) as decimal(18, 6)) as conversions,
    cast(sum(stated_paths.document_value * exchange_rates.rate) as decimal(28, 12)) as value_amount,
    cast(sum(stated_paths.nulls) as decimal(18, 6)) as nulls
from stated_paths
cross join settings
left join exchange_rates
    on coalesce(stated_paths.currency, settings.company_currency) = exchange_rates.currency
    and settings.as_of_date >= exchange_rates.valid_from_on
    and settings.as_of_date < exchange_rates.valid_until_on
group by stated_paths.path
