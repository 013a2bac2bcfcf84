-- Plans that ask for more than their invoice, or whose instalments do not sum to their contract, are named here; what a
-- plan leaves of an invoice is due on the invoice's own day, and what it asks beyond is no receivable.
{{ config(severity='warn') }}

select * from {{ ref('plan_findings') }}
