with

files as (
    select * from {{ source('registry', 'files') }}
)

select
    file_id,
    name as file,
    source,
    table_name,
    status,
    rows_read,
    loaded,
    unchanged,
    duplicate,
    rejected,
    excluded,
    skipped,
    rounded,
    deleted,
    exported_at,
    exported_at_from,
    loaded_at,
    max(exported_at) over (partition by source, table_name) as newest_exported_at,
    max(exported_at) over (partition by source) as source_newest_exported_at,
    encoding,
    notes
from files
