with

settings as (
    select * from {{ ref('run_settings') }}
),

plans as (
    select * from {{ ref('all_commission_plans') }}
),

exchange_rates as (
    select * from {{ ref('exchange_rates') }}
),

dated as (
    select
        plans.*,
        coalesce(plans.version, 1) as plan_version,
        coalesce(plans.mode, 'shipment') as plan_mode,
        coalesce(plans.currency, settings.company_currency) as own_currency,
        coalesce(plans.valid_from_on, settings.as_of_date) as rate_on,
        coalesce(cast(plans.recorded_at as date), plans.valid_from_on, cast('0001-01-01' as date)) as recorded_on
    from plans
    cross join settings
)

select
    dated.plan_id,
    dated.plan_version,
    dated.plan_mode as mode,
    case
        when dated.plan_mode in ('collection', 'collection_then_terminal') then coalesce(dated.base, 'collected')
        when dated.plan_mode = 'shipment' and dated.base = 'collected' then 'revenue'
        else coalesce(dated.base, 'revenue')
    end as base,
    case
        when dated.plan_mode = 'shipment' then 'goods'
        when dated.plan_mode = 'attainment' and coalesce(dated.base, 'revenue') <> 'collected' then 'bookings'
        else 'money'
    end as basis,
    coalesce(dated.tier_kind, 'marginal') as tier_kind,
    coalesce(dated.tier_measure, 'amount') as tier_measure,
    case when dated.plan_mode = 'attainment' then 'period' else coalesce(dated.cumulates, 'line') end as cumulates,
    coalesce(dated.period, 'month') as period_kind,
    coalesce(dated.valid_from_on, cast('0001-01-01' as date)) as valid_from_on,
    coalesce({{ add_days('dated.valid_to_on', 1) }}, cast('9999-12-31' as date)) as valid_until_on,
    case
        when row_number() over (partition by dated.plan_id order by dated.recorded_on, dated.plan_version) = 1 then cast('0001-01-01' as date)
        else dated.recorded_on
    end as known_on,
    coalesce(dated.bonus_annual_rate, 0) as bonus_annual_rate,
    coalesce(dated.penalty_annual_rate, 0) as penalty_annual_rate,
    coalesce(dated.grace_days, 0) as grace_days,
    dated.interest_cap_rate,
    {{ money_times('dated.cap_amount', 'exchange_rates.rate') }} as cap_amount,
    coalesce(dated.cap_scope, 'period') as cap_scope,
    {{ money_times('dated.minimum_amount', 'exchange_rates.rate') }} as minimum_amount,
    coalesce(dated.is_minimum_recoverable, false) as is_minimum_recoverable,
    dated.own_currency as currency,
    dated.rate_on,
    exchange_rates.rate as exchange_rate,
    dated.file_id,
    dated.row_number
from dated
left join exchange_rates
    on dated.own_currency = exchange_rates.currency
    and dated.rate_on >= exchange_rates.valid_from_on
    and dated.rate_on < exchange_rates.valid_until_on
