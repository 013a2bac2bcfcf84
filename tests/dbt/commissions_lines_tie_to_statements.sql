-- Per owner and month: lines add up to the statement by kind, and a month opens with what the month before closed with.
with

amounts as (
    {% for kind in ['accrued', 'payable', 'bonus_interest', 'penalty_interest', 'clawback', 'paid'] -%}
    select
        owner_id,
        month,
        '{{ kind }}' as kind,
        {{ kind }} as amount
    from {{ ref('commission_statements') }}
    union all
    {% endfor -%}
    select
        owner_id,
        cast(date_trunc('month', moved_on) as date) as month,
        kind,
        -amount as amount
    from {{ ref('commission_lines') }}
),

carried as (
    select
        owner_id,
        month,
        opening - lag(closing, 1, cast(0 as decimal(18, 2))) over (partition by owner_id order by month) as difference
    from {{ ref('commission_statements') }}
)

select
    owner_id,
    month,
    kind,
    sum(amount) as difference
from amounts
group by owner_id, month, kind
having sum(amount) <> 0
union all
select
    owner_id,
    month,
    'opening' as kind,
    difference
from carried
where difference <> 0
