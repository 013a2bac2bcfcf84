{{ config(schema='work') }}

with

versions as (
    select * from {{ ref('all_opportunity_versions') }}
),

history as (
    select * from {{ ref('all_opportunity_history') }}
),

first_changes as (
    select
        opportunity_id,
        min(changed_at) as changed_at
    from history
    group by opportunity_id
),

products as (
    select * from {{ ref('products') }}
),

settings as (
    select * from {{ ref('run_settings') }}
),

newest_versions as (
    select
        *,
        min(exported_at) over (partition by opportunity_id) as first_exported_at
    from versions
    where not is_deleted
    qualify row_number() over (partition by opportunity_id order by exported_at desc) = 1
)

select
    newest_versions.opportunity_id,
    newest_versions.name,
    newest_versions.account_id,
    newest_versions.stage,
    newest_versions.product_id,
    products.product_name,
    coalesce(newest_versions.product_line, products.product_line) as product_line,
    newest_versions.quantity,
    newest_versions.source,
    newest_versions.campaign_id,
    newest_versions.lead_id,
    newest_versions.partner_id,
    newest_versions.loss_reason,
    newest_versions.competitor,
    newest_versions.next_step,
    newest_versions.close_on,
    newest_versions.closed_at,
    coalesce(
        newest_versions.created_at,
        case
            when first_changes.changed_at < newest_versions.first_exported_at then first_changes.changed_at
            else newest_versions.first_exported_at
        end
    ) as created_at,
    newest_versions.created_at is null as is_created_estimated,
    cast(newest_versions.first_exported_at as date) as first_exported_on,
    case
        when settings.amount_fallback = 'list_price'
            then {{ cost_times('products.list_price', 'coalesce(newest_versions.quantity, 1)') }}
    end as fallback_amount,
    coalesce(products.currency, settings.company_currency) as fallback_currency,
    newest_versions.file_id,
    newest_versions.row_number
from newest_versions
cross join settings
left join products
    on newest_versions.product_id = products.product_id
left join first_changes
    on newest_versions.opportunity_id = first_changes.opportunity_id
