{{ config(materialized='view', schema='work') }}

{#- The accounts whose owner stayed have no day of their own to look around: the days of the changes are dealt out to all accounts
    in turn, so that both groups are seen at the same times, and kept where no change lies around them. -#}

{%- set days = var('owner_change_days') -%}
{%- set back = '-' ~ days -%}

with

settings as (
    select * from {{ ref('run_settings') }}
),

changes as (
    select * from {{ ref('owner_changes') }}
),

customer_values as (
    select * from {{ ref('customer_values') }}
),

numbered_changes as (
    select
        changes.changed_on,
        row_number() over (order by changes.changed_on, changes.account_id) - 1 as place,
        count(*) over () as places
    from changes
    cross join settings
    where {{ add_days('changes.changed_on', days) }} <= settings.as_of_date
),

numbered_accounts as (
    select
        account_id,
        row_number() over (order by account_id) - 1 as place
    from customer_values
),

dealt as (
    select
        numbered_accounts.account_id,
        numbered_changes.changed_on as looked_from_on
    from numbered_accounts
    inner join numbered_changes
        on numbered_accounts.place % numbered_changes.places = numbered_changes.place
),

around as (
    select distinct dealt.account_id
    from dealt
    inner join changes
        on dealt.account_id = changes.account_id
        and {{ add_days('dealt.looked_from_on', back) }} < changes.changed_on
        and {{ add_days('dealt.looked_from_on', days) }} >= changes.changed_on
)

select
    'changed' as cohort,
    account_id,
    changed_on as looked_from_on
from changes
union all
select
    'stayed' as cohort,
    account_id,
    looked_from_on
from dealt
where account_id not in (select around.account_id from around)
