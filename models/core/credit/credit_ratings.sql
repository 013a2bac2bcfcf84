{{ config(materialized='view', schema='work') }}

{%- set least_invoices = var('credit_least_invoices') %}

with

positions as (
    select * from {{ ref('credit_positions') }}
),

grades as (
    select
        *,
        lag(grade) over (order by grade) as better_grade,
        row_number() over (order by grade) as grade_rank
    from {{ ref('credit_grades') }}
),

reached as (
    select
        positions.reporting_date,
        positions.account_id,
        min(grades.grade) as grade
    from positions
    inner join grades
        on positions.days_beyond_terms <= coalesce(grades.max_days_beyond_terms, positions.days_beyond_terms)
        and positions.on_time_rate >= coalesce(grades.min_on_time_rate, positions.on_time_rate)
        and positions.overdue_rate <= coalesce(grades.max_overdue_rate, positions.overdue_rate)
    where positions.settled_invoices >= {{ least_invoices }}
    group by positions.reporting_date, positions.account_id
),

compared as (
    select
        reached.reporting_date,
        reached.account_id,
        reached.grade,
        own.grade_rank,
        own.better_grade,
        case when positions.days_beyond_terms > better.max_days_beyond_terms then better.max_days_beyond_terms end as lacking_days,
        case when positions.on_time_rate < better.min_on_time_rate then better.min_on_time_rate end as lacking_on_time_rate,
        case when positions.overdue_rate > better.max_overdue_rate then better.max_overdue_rate end as lacking_overdue_rate
    from reached
    inner join positions
        on reached.reporting_date = positions.reporting_date
        and reached.account_id = positions.account_id
    inner join grades as own
        on reached.grade = own.grade
    left join grades as better
        on own.better_grade = better.grade
)

select
    positions.reporting_date,
    positions.account_id,
    compared.grade,
    compared.grade_rank,
    compared.better_grade,
    compared.lacking_days,
    compared.lacking_on_time_rate,
    compared.lacking_overdue_rate,
    case
        when positions.settled_invoices < {{ least_invoices }}
            then 'Not graded: ' || positions.settled_invoices || ' invoices settled in 365 days, {{ least_invoices }} are needed'
        else
            {{ one_place('positions.days_beyond_terms') }} || ' days beyond terms, '
            || {{ one_place('100 * positions.on_time_rate') }} || ' % paid on time, '
            || {{ one_place('100 * positions.overdue_rate') }} || ' % of the open items overdue'
            || case when compared.better_grade is null then '' else '; for ' || compared.better_grade || ': ' end
            || coalesce('at most ' || {{ one_place('compared.lacking_days') }} || ' days beyond terms', '')
            || case when compared.lacking_days is not null and compared.lacking_on_time_rate is not null then ', ' else '' end
            || coalesce('at least ' || {{ one_place('100 * compared.lacking_on_time_rate') }} || ' % on time', '')
            || case
                when coalesce(compared.lacking_days, compared.lacking_on_time_rate) is not null and compared.lacking_overdue_rate is not null then ', '
                else ''
            end
            || coalesce('at most ' || {{ one_place('100 * compared.lacking_overdue_rate') }} || ' % overdue', '')
    end as reason
from positions
left join compared
    on positions.reporting_date = compared.reporting_date
    and positions.account_id = compared.account_id
