with

settings as (
    select * from {{ ref('run_settings') }}
),

stated_rates as (
    select * from {{ ref('all_fx_rates') }}
),

direct_rates as (
    select
        stated_rates.from_currency as currency,
        stated_rates.rate_on,
        stated_rates.rate
    from stated_rates
    inner join settings
        on stated_rates.to_currency = settings.company_currency
        and stated_rates.from_currency <> settings.company_currency
),

first_direct_days as (
    select
        currency,
        min(rate_on) as first_on
    from direct_rates
    group by currency
),

inverse_rates as (
    select
        stated_rates.to_currency as currency,
        stated_rates.rate_on,
        {{ inverse_rate('stated_rates.rate') }} as rate
    from stated_rates
    inner join settings
        on stated_rates.from_currency = settings.company_currency
        and stated_rates.to_currency <> settings.company_currency
    left join first_direct_days
        on stated_rates.to_currency = first_direct_days.currency
    where stated_rates.rate_on < coalesce(first_direct_days.first_on, cast('9999-12-31' as date))
),

rates as (
    select * from direct_rates
    union all
    select * from inverse_rates
    union all
    select
        company_currency as currency,
        cast('0001-01-01' as date) as rate_on,
        cast(1 as decimal(28, 12)) as rate
    from settings
),

spans as (
    select
        currency,
        rate_on as valid_from_on,
        lead(rate_on, 1, cast('9999-12-31' as date)) over (partition by currency order by rate_on) as valid_until_on,
        cast(rate as decimal(28, 12)) as rate
    from rates
)

select * from spans
