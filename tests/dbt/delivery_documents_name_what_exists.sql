-- Order lines without their order, shipments and returns without their order line, changes without their contract:
-- they count nowhere and are listed here.
{{ config(severity='warn') }}

select
    'order_line' as document_kind,
    lines.order_line_id as document_id,
    lines.order_id as named_id
from {{ ref('all_order_lines') }} as lines
left join {{ ref('orders') }} as orders on lines.order_id = orders.order_id
where orders.order_id is null
union all
select
    'shipment' as document_kind,
    shipments.shipment_line_id as document_id,
    shipments.order_line_id as named_id
from {{ ref('all_shipments') }} as shipments
left join {{ ref('order_lines') }} as lines on shipments.order_line_id = lines.order_line_id
where lines.order_line_id is null
union all
select
    'return' as document_kind,
    returns.return_id as document_id,
    returns.order_line_id as named_id
from {{ ref('all_returns') }} as returns
left join {{ ref('order_lines') }} as lines on returns.order_line_id = lines.order_line_id
where lines.order_line_id is null
union all
select
    'contract_change' as document_kind,
    changes.kind as document_id,
    changes.contract_id as named_id
from {{ ref('all_contract_changes') }} as changes
left join {{ ref('contracts') }} as contracts on changes.contract_id = contracts.contract_id
where contracts.contract_id is null
