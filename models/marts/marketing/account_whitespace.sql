with

customer_values as (
    select * from {{ ref('customer_values') }}
),

profiles as (
    select * from {{ ref('account_profiles') }}
),

product_lines as (
    select * from {{ ref('account_product_lines') }}
),

buyers as (
    select
        profiles.*,
        count(*) over (partition by profiles.industry, profiles.size) as peers
    from profiles
    inner join customer_values
        on profiles.account_id = customer_values.account_id
    where customer_values.orders > 0
),

habits as (
    select
        buyers.industry,
        buyers.size,
        product_lines.product_line,
        buyers.peers,
        count(*) as peers_buying,
        {{ money_median('product_lines.amount') }} as peer_median_amount
    from buyers
    inner join product_lines
        on buyers.account_id = product_lines.account_id
    group by buyers.industry, buyers.size, product_lines.product_line, buyers.peers
)

select
    buyers.account_id,
    buyers.account_name,
    buyers.owner_id,
    buyers.owner_name,
    buyers.industry,
    buyers.size,
    habits.product_line,
    habits.peers,
    habits.peers_buying,
    {{ ratio('habits.peers_buying', 'habits.peers') }} as peer_share,
    {{ wilson_low('habits.peers_buying', 'habits.peers') }} as peer_share_low,
    {{ wilson_high('habits.peers_buying', 'habits.peers') }} as peer_share_high,
    habits.peer_median_amount
from buyers
inner join habits
    on buyers.industry = habits.industry
    and buyers.size = habits.size
    and habits.peers * {{ var('whitespace_share') }} <= habits.peers_buying
left join product_lines
    on buyers.account_id = product_lines.account_id
    and habits.product_line = product_lines.product_line
where product_lines.account_id is null
