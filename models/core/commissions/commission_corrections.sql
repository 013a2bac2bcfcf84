{{ config(materialized='view', schema='work') }}

-- On the day on which a version of a plan became known: what everything before it gives under the plans as known from then,
-- less what it gave as they were known before.

with

runs as (
    select * from {{ ref('commission_runs') }}
    where run_before_id is not null
),

movements as (
    select * from {{ ref('commission_run_movements') }}
),

compared as (
    {% for known, sign in [('run_id', ''), ('run_before_id', '-')] -%}
    select
        runs.owner_id,
        runs.known_on,
        movements.earner_id,
        movements.kind,
        movements.order_id,
        movements.order_line_id,
        movements.account_id,
        {{ "movements.plan_id" if not sign else "cast(null as varchar)" }} as plan_id,
        {{ "movements.plan_version" if not sign else "cast(null as bigint)" }} as plan_version,
        cast({{ sign }}movements.amount as decimal(18, 2)) as amount
    from runs
    inner join movements
        on runs.owner_id = movements.owner_id
        and runs.{{ known }} = movements.run_id
    where movements.posted_on < runs.known_on
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select
    owner_id,
    known_on,
    earner_id,
    kind,
    order_id,
    order_line_id,
    account_id,
    max(plan_id) as plan_id,
    max(plan_version) as plan_version,
    {{ money_sum('amount') }} as amount
from compared
group by owner_id, known_on, earner_id, kind, order_id, order_line_id, account_id
having sum(amount) <> 0
