-- Order lines without their order, shipments and returns without their order line, changes without their contract:
-- they count nowhere and are listed here.
{{ config(severity='warn') }}

{% for kind, id, named_id, of_kind, documents in [
    ('order_line', 'order_line_id', 'order_id', 'orders', 'all_order_lines'),
    ('shipment', 'shipment_line_id', 'order_line_id', 'order_lines', 'all_shipments'),
    ('return', 'return_id', 'order_line_id', 'order_lines', 'all_returns'),
    ('contract_change', 'kind', 'contract_id', 'contracts', 'all_contract_changes'),
] -%}
select
    '{{ kind }}' as document_kind,
    documents.{{ id }} as document_id,
    documents.{{ named_id }} as named_id
from {{ ref(documents) }} as documents
left join {{ ref(of_kind) }} as named on documents.{{ named_id }} = named.{{ named_id }}
where named.{{ named_id }} is null
{{ 'union all' if not loop.last }}
{% endfor %}
