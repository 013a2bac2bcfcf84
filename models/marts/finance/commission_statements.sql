with

settings as (
    select * from {{ ref('run_settings') }}
),

movements as (
    select * from {{ ref('commission_movements') }}
),

reps as (
    select * from {{ ref('reps') }}
),

first_months as (
    select
        owner_id,
        {{ month_of('min(moved_on)') }} as first_month
    from movements
    group by owner_id
),

months as (
    select
        first_months.owner_id,
        {{ add_months('first_months.first_month', 'months.number') }} as month
    from first_months
    cross join settings
    inner join {{ numbers(0, 1200) }} as months
        on {{ add_months('first_months.first_month', 'months.number') }} <= settings.as_of_date
),

moved as (
    select
        owner_id,
        {{ month_of('moved_on') }} as month,
        {% for kind in ['accrued', 'payable', 'bonus_interest', 'penalty_interest', 'clawback'] -%}
        {{ money_sum("case when kind = '" ~ kind ~ "' then amount end") }} as {{ kind }},
        {% endfor -%}
        {{ money_sum("case when kind = 'paid' then amount end") }} as paid,
        {{ money_sum("case when kind <> 'payable' then amount end") }} as change
    from movements
    group by owner_id, {{ month_of('moved_on') }}
)

select
    months.owner_id,
    coalesce(reps.owner_name, months.owner_id) as owner_name,
    months.month,
    cast(sum(coalesce(moved.change, 0)) over to_here - coalesce(moved.change, 0) as decimal(18, 2)) as opening,
    {% for kind in ['accrued', 'payable', 'bonus_interest', 'penalty_interest', 'clawback', 'paid'] -%}
    cast(coalesce(moved.{{ kind }}, 0) as decimal(18, 2)) as {{ kind }},
    {% endfor -%}
    cast(sum(coalesce(moved.change, 0)) over to_here as decimal(18, 2)) as closing
from months
left join moved
    on months.owner_id = moved.owner_id
    and months.month = moved.month
left join reps
    on months.owner_id = reps.owner_id
window to_here as (
    partition by months.owner_id
    order by months.month
    rows between unbounded preceding and current row
)
