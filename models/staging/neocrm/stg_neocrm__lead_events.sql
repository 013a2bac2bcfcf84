-- Steps in and out of pools: from the pool's own records, and from the newest claim and return that each export of a lead tells.
with

leads as (
    select
        lead_id,
        owner_id,
        claimed_at,
        recycled_at,
        file_id,
        row_number,
        exported_at
    from ({{ stage('neocrm', 'leads', versions=true) }}) as lead_versions
    where not is_deleted
),

claims as (
    select
        *,
        claimed_at as occurred_at,
        'claimed' as kind
    from leads
    where claimed_at is not null
    qualify row_number() over (partition by lead_id, claimed_at order by exported_at asc) = 1
),

returns as (
    select
        *,
        recycled_at as occurred_at,
        'recycled' as kind
    from leads
    where recycled_at is not null
    qualify row_number() over (partition by lead_id, recycled_at order by exported_at asc) = 1
),

records as (
    {{ conform(
        'lead_events', 'neocrm', table='pool_events',
        columns={'kind': "case when kind in ('领取', '认领', 'claimed') then 'claimed' when kind in ('分配', '转移', 'assigned') then 'assigned' when kind in ('退回', '收回', '回收', '自动收回', 'recycled') then 'recycled' else kind end"},
        where='staged.lead_id is not null',
        names={'owner_id': ['users', 'user_id', 'name']}
    ) }}
),

steps as (
    select * from claims
    union all
    select * from returns
)

select * from records
union all
{{ conform(
    'lead_events', 'neocrm', table='pool_events', relation='steps',
    names={'owner_id': ['users', 'user_id', 'name']}
) }}
