{{ config(materialized='view', schema='work') }}

with

versions as (
    select * from {{ ref('all_lead_versions') }}
),

statuses as (
    select * from {{ ref('lead_statuses') }}
),

meanings as (
    select
        versions.lead_id,
        versions.owner_id,
        versions.exported_at,
        versions.file_id,
        versions.row_number,
        max(statuses.event) as kind
    from versions
    left join statuses
        on lower(trim(versions.status)) = lower(statuses.status)
        and statuses.source in ('*', versions.source_name)
    where not versions.is_deleted
    group by versions.lead_id, versions.owner_id, versions.exported_at, versions.file_id, versions.row_number
),

changes as (
    select
        *,
        lag(kind) over (partition by lead_id order by exported_at, file_id, row_number) as kind_before
    from meanings
)

select
    lead_id,
    kind,
    exported_at as occurred_at,
    owner_id,
    file_id,
    row_number
from changes
where kind is not null
    and kind_before is null
