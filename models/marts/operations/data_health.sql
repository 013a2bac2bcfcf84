with

deliveries as (
    select * from {{ ref('deliveries') }}
),

settings as (
    select * from {{ ref('run_settings') }}
)

select
    deliveries.file_id,
    deliveries.file,
    deliveries.source,
    deliveries.table_name as {{ adapter.quote('table') }},
    deliveries.status,
    deliveries.rows_read,
    deliveries.loaded,
    deliveries.unchanged,
    deliveries.duplicate,
    deliveries.rejected,
    deliveries.excluded,
    deliveries.skipped,
    deliveries.rounded,
    deliveries.deleted,
    deliveries.exported_at,
    deliveries.exported_at_from,
    deliveries.loaded_at,
    deliveries.exported_at = deliveries.newest_exported_at as is_newest,
    deliveries.source_newest_exported_at,
    {{ duration_days('deliveries.source_newest_exported_at', 'settings.as_of_date') }} as source_days_old,
    deliveries.encoding,
    deliveries.notes
from deliveries
cross join settings
