{{ config(materialized='view', schema='work') }}

with

settings as (
    select * from {{ ref('run_settings') }}
),

rules as (
    select * from {{ ref('alert_rules') }}
    where kind = 'grade_fell'
),

ratings as (
    select
        reporting_date,
        account_id,
        grade,
        grade_rank,
        reason,
        lag(grade) over (partition by account_id order by reporting_date) as previous_grade,
        lag(grade_rank) over (partition by account_id order by reporting_date) as previous_rank,
        lag(reporting_date) over (partition by account_id order by reporting_date) as previous_on
    from {{ ref('credit_ratings') }}
),

positions as (
    select * from {{ ref('credit_positions') }}
),

owner_spans as (
    select * from {{ ref('account_owner_spans') }}
)

select
    rules.kind,
    cast(null as varchar) as level,
    rules.severity,
    rules.tell,
    ratings.account_id as entity_id,
    cast(null as varchar) as document_id,
    ratings.account_id,
    owner_spans.owner_id,
    cast(ratings.grade_rank - ratings.previous_rank as decimal(18, 2)) as value,
    cast(rules.threshold as decimal(18, 2)) as threshold,
    ratings.grade_rank - ratings.previous_rank >= rules.threshold as is_fired,
    {{ add_days('ratings.previous_on', 1) }} as raised_on,
    positions.invoiced_amount as amount,
    ratings.account_id || ' ' || ratings.previous_on || ' ' || ratings.grade as occurrence,
    'from ' || ratings.previous_grade || ' to ' || ratings.grade || ': ' || ratings.reason as reason
from ratings
inner join settings
    on ratings.reporting_date = settings.as_of_date
inner join positions
    on ratings.reporting_date = positions.reporting_date
    and ratings.account_id = positions.account_id
cross join rules
left join owner_spans
    on ratings.account_id = owner_spans.account_id
    and ratings.reporting_date >= owner_spans.valid_from_on
    and ratings.reporting_date < owner_spans.valid_until_on
where ratings.grade is not null and ratings.previous_grade is not null
