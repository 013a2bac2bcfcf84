-- Documents that name an invoice or payment nobody exported, and write-offs of more than was open: money stays unapplied, a
-- write-off is without effect beyond what is open, a promise or dispute without an invoice lowers nothing.
{{ config(severity='warn') }}

select * from {{ ref('receivables_findings') }}
where finding in ('names_an_unknown_invoice', 'allocation_of_an_unknown_payment', 'write_off_of_more_than_was_open')
