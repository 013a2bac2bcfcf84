{{ config(materialized='view', schema='work') }}

with

settings as (
    select * from {{ ref('run_settings') }}
),

depths as (
    select * from {{ ref('opportunity_depths') }}
),

opportunity_invoices as (
    select * from {{ ref('opportunity_invoices') }}
),

net_collections as (
    select * from {{ ref('net_collections') }}
),

ordered_margins as (
    select * from {{ ref('ordered_margins') }}
),

collections as (
    select
        net_collections.*,
        opportunity_invoices.opportunity_id,
        opportunity_invoices.issued_on
    from net_collections
    inner join opportunity_invoices on net_collections.invoice_id = opportunity_invoices.invoice_id
),

movements as (
    {% for depth, relation, day, stands_in, amount in [
        ('pipeline', 'depths', 'created_on', 'created_on', 'pipeline_amount'),
        ('booked', 'depths', 'won_on', 'won_on', 'booked_amount'),
        ('invoiced', 'opportunity_invoices', 'issued_on', 'issued_on', 'net_amount'),
        ('collected', 'collections', 'applied_on', 'issued_on', 'net_amount'),
        ('gross_margin', 'ordered_margins', 'ordered_on', 'ordered_on', 'margin_amount'),
        ('uncosted', 'ordered_margins', 'ordered_on', 'ordered_on', 'case when margin_amount is null then net_amount end'),
    ] -%}
    select
        '{{ depth }}' as depth,
        opportunity_id,
        {{ day }} as moved_on,
        {{ stands_in }} as stands_in_on,
        {{ amount }} as amount
    from {{ relation }}
    {% if not loop.last -%}
    union all
    {% endif -%}
    {% endfor %}
)

select
    movements.depth,
    depths.opportunity_id,
    movements.moved_on,
    coalesce(depths.cohort_on, movements.stands_in_on) as cohort_on,
    {{ money_sum('movements.amount') }} as amount
from movements
cross join settings
left join depths on movements.opportunity_id = depths.opportunity_id
where movements.moved_on <= settings.as_of_date and movements.amount <> 0
group by movements.depth, depths.opportunity_id, movements.moved_on, coalesce(depths.cohort_on, movements.stands_in_on)
