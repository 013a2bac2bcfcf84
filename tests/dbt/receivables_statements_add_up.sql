-- An ERP's own aging report whose total for a customer is not the sum of the documents it lists for him is named here,
-- statement by statement; both are compared with the ledger all the same.
{{ config(severity='warn') }}

select
    stated_on,
    account_id,
    stated_amount as stated_total,
    rows_amount as sum_of_rows
from {{ ref('aging_differences') }}
where level = 'total' and stated_amount <> rows_amount
