with

settings as (
    select * from {{ ref('run_settings') }}
),

customer_values as (
    select * from {{ ref('customer_values') }}
),

accounts as (
    select
        *,
        try_cast(replace(size, ',', '') as decimal(18, 6)) as employees
    from {{ ref('accounts') }}
),

sizes as (
    select * from {{ ref('segments') }}
    where kind = 'size'
),

owner_spans as (
    select * from {{ ref('account_owner_spans') }}
),

reps as (
    select * from {{ ref('reps') }}
)

select
    customer_values.account_id,
    coalesce(accounts.account_name, customer_values.account_id) as account_name,
    coalesce(accounts.account_type, '(none)') as account_type,
    coalesce(accounts.industry, '(none)') as industry,
    coalesce(sizes.name, accounts.size, '(none)') as size,
    coalesce(accounts.region, '(none)') as region,
    coalesce(owner_spans.owner_id, '(none)') as owner_id,
    coalesce(reps.owner_name, owner_spans.owner_id, '(none)') as owner_name,
    cast(accounts.created_at as date) as created_on,
    accounts.file_id,
    accounts.row_number
from customer_values
cross join settings
left join accounts
    on customer_values.account_id = accounts.account_id
left join sizes
    on accounts.employees >= coalesce(sizes.from_value, accounts.employees)
    and (sizes.to_value is null or accounts.employees < sizes.to_value)
left join owner_spans
    on customer_values.account_id = owner_spans.account_id
    and settings.as_of_date >= owner_spans.valid_from_on
    and settings.as_of_date < owner_spans.valid_until_on
left join reps
    on owner_spans.owner_id = reps.owner_id
