-- An ERP's own aging report whose total for a customer is not the sum of the documents it lists for him is named here,
-- statement by statement; both are compared with the ledger all the same.
{{ config(severity='warn') }}

select * from {{ ref('receivables_findings') }}
where finding = 'statement_total_is_not_the_sum_of_its_rows'
