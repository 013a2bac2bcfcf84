with

settings as (
    select * from {{ ref('run_settings') }}
),

movements as (
    select * from {{ ref('contract_movements') }}
),

contracts as (
    select * from {{ ref('contracts') }}
),

accounts as (
    select * from {{ ref('accounts') }}
)

select
    movements.contract_id,
    contracts.account_id,
    coalesce(accounts.account_name, contracts.account_id) as account_name,
    movements.moved_on,
    movements.kind,
    movements.amount,
    cast(sum(movements.amount) over (
        partition by movements.contract_id
        order by movements.moved_on asc, movements.kind = 'signed' desc, movements.row_number asc, movements.file_id asc
        rows between unbounded preceding and current row
    ) as decimal(18, 2)) as amount_to_here,
    movements.file_id,
    movements.row_number
from movements
inner join settings
    on movements.moved_on <= settings.as_of_date
inner join contracts
    on movements.contract_id = contracts.contract_id
left join accounts
    on contracts.account_id = accounts.account_id
