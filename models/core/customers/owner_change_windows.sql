{%- set days = var('owner_change_days') -%}
{%- set back = '-' ~ days -%}
{%- set before -%}
movements.moved_on > {{ add_days('looks.looked_from_on', back) }} and movements.moved_on <= looks.looked_from_on
{%- endset -%}
{%- set after -%}
movements.moved_on > looks.looked_from_on and movements.moved_on <= {{ add_days('looks.looked_from_on', days) }}
{%- endset -%}

with

settings as (
    select * from {{ ref('run_settings') }}
),

looks as (
    select * from {{ ref('owner_change_days') }}
),

movements as (
    select
        account_id,
        issued_on as moved_on,
        amount,
        0 as orders,
        0 as won,
        0 as lost,
        cast(0 as decimal(18, 2)) as lost_amount
    from {{ ref('customer_sales') }}
    union all
    select
        account_id,
        bought_on as moved_on,
        0 as amount,
        1 as orders,
        0 as won,
        0 as lost,
        0 as lost_amount
    from {{ ref('account_purchases') }}
    union all
    select
        account_id,
        closed_on as moved_on,
        0 as amount,
        0 as orders,
        case when status = 'won' then 1 else 0 end as won,
        case when status = 'lost' then 1 else 0 end as lost,
        case when status = 'lost' then coalesce(amount, 0) else 0 end as lost_amount
    from {{ ref('opportunities') }}
    where closed_on is not null
)

select
    looks.cohort,
    looks.account_id,
    looks.looked_from_on,
    {{ add_days('looks.looked_from_on', days) }} <= settings.as_of_date as is_observed,
    {{ money_sum('case when ' ~ before ~ ' then movements.amount end') }} as revenue_before_amount,
    {{ money_sum('case when ' ~ after ~ ' then movements.amount end') }} as revenue_after_amount,
    {% for measure in ['orders', 'won', 'lost'] -%}
    cast(coalesce(sum(case when {{ before }} then movements.{{ measure }} end), 0) as bigint) as {{ measure }}_before,
    cast(coalesce(sum(case when {{ after }} then movements.{{ measure }} end), 0) as bigint) as {{ measure }}_after,
    {% endfor -%}
    {{ money_sum('case when ' ~ after ~ ' then movements.lost_amount end') }} as lost_after_amount
from looks
cross join settings
left join movements
    on looks.account_id = movements.account_id
    and settings.as_of_date >= movements.moved_on
    and {{ add_days('looks.looked_from_on', back) }} < movements.moved_on
    and {{ add_days('looks.looked_from_on', days) }} >= movements.moved_on
group by looks.cohort, looks.account_id, looks.looked_from_on, settings.as_of_date
