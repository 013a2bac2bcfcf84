with

findings as (
    select * from {{ ref('currency_findings') }}
    union all
    select * from {{ ref('marketing_findings') }}
    union all
    select * from {{ ref('link_findings') }}
    union all
    select * from {{ ref('receivables_findings') }}
    union all
    select * from {{ ref('pipeline_findings') }}
    union all
    select
        finding,
        'opportunities' as entity_kind,
        cast(null as varchar) as value,
        count(*) as records
    from {{ ref('opportunity_findings') }}
    group by finding
)

select
    finding,
    entity_kind,
    coalesce(value, '(none)') as value,
    cast(sum(records) as bigint) as {{ adapter.quote('rows') }}
from findings
group by finding, entity_kind, coalesce(value, '(none)')
