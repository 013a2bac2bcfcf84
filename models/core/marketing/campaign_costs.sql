{{ config(materialized='view', schema='work') }}

with

spans as (
    select * from {{ ref('campaign_cost_spans') }}
),

parts as (
    select * from {{ ref('campaign_cost_parts') }}
),

spend as (
    select * from {{ ref('spend_rows') }}
),

campaigns_with_media as (
    select distinct campaign_id
    from spend
    where kind = 'media' and campaign_id is not null
),

costs_of_parts as (
    select
        parts.campaign_id,
        {{ money_sum(money_ratio('part_spans.actual_cost', 'part_spans.exchange_rate', 'spans.exchange_rate', scale=12)) }} as cost
    from parts
    inner join spans on parts.campaign_id = spans.campaign_id
    inner join spans as part_spans on parts.part_campaign_id = part_spans.campaign_id
    group by parts.campaign_id
)

select
    spans.campaign_id,
    spans.channel,
    spans.currency,
    cast(case
        when costs_of_parts.campaign_id is null then spans.actual_cost
        else greatest(spans.actual_cost - costs_of_parts.cost, 0)
    end as decimal(18, 2)) as own_cost,
    spans.from_on,
    spans.to_on,
    spans.file_id,
    spans.row_number
from spans
left join costs_of_parts on spans.campaign_id = costs_of_parts.campaign_id
left join campaigns_with_media on spans.campaign_id = campaigns_with_media.campaign_id
where campaigns_with_media.campaign_id is null
