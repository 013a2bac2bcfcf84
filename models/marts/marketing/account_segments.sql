with

settings as (
    select * from {{ ref('run_settings') }}
),

customer_values as (
    select * from {{ ref('customer_values') }}
),

profiles as (
    select * from {{ ref('account_profiles') }}
),

classes as (
    select * from {{ ref('customer_classes') }}
),

followups as (
    select * from {{ ref('account_followups') }}
),

gaps as (
    select
        account_id,
        count(*) as product_lines
    from {{ ref('account_whitespace') }}
    group by account_id
)

select
    customer_values.account_id,
    profiles.account_name,
    profiles.account_type,
    profiles.industry,
    profiles.size,
    profiles.region,
    profiles.owner_id,
    profiles.owner_name,
    classes.status,
    classes.abc,
    coalesce(
        cast(classes.recency_fifth * 100 + classes.frequency_fifth * 10 + classes.monetary_fifth as varchar), '(none)'
    ) as rfm,
    classes.recency_fifth,
    classes.frequency_fifth,
    classes.monetary_fifth,
    customer_values.orders,
    customer_values.orders = 1 as is_one_time_buyer,
    customer_values.first_order_on,
    customer_values.last_order_on,
    customer_values.days_since_order,
    customer_values.revenue_amount,
    customer_values.revenue_12m_amount,
    case when classes.status in ('dormant', 'lost') then customer_values.last_year_amount else 0 end as dormant_amount,
    coalesce(gaps.product_lines, 0) as whitespace_lines,
    followups.last_followup_on,
    {{ days_between('followups.last_followup_on', 'settings.as_of_date') }} as days_since_followup,
    coalesce(
        {{ add_days('coalesce(followups.last_followup_on, profiles.created_on)', var('account_followup_days')) }} <= settings.as_of_date, true
    ) as is_without_followup,
    profiles.file_id,
    profiles.row_number
from customer_values
cross join settings
inner join profiles
    on customer_values.account_id = profiles.account_id
inner join classes
    on customer_values.account_id = classes.account_id
left join followups
    on customer_values.account_id = followups.account_id
left join gaps
    on customer_values.account_id = gaps.account_id
