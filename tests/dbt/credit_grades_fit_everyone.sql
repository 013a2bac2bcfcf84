-- Every customer with enough settled invoices has a grade: the last one of credit_grades.csv asks for nothing.
{{ config(meta={'mend': 'let the last line of credit_grades.csv ask for nothing'}) }}
select
    reporting_date,
    account_id,
    settled_invoices
from {{ ref('customer_credit') }}
where grade is null and settled_invoices >= {{ var('credit_least_invoices') }}
