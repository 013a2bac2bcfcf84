{{ config(materialized='view', schema='work') }}

{%- set stated = ['budget', 'committed_amount', 'expected_revenue_amount', 'expected_leads'] %}

with recursive

settings as (
    select * from {{ ref('run_settings') }}
),

nodes as (
    select
        campaign_nodes.*,
        case
            when campaign_nodes.ends_on is null and campaign_nodes.starts_on <= settings.as_of_date then 0
            when campaign_nodes.ends_on is null or campaign_nodes.starts_on > settings.as_of_date then 1
            else greatest({{ days_between('settings.as_of_date', 'campaign_nodes.ends_on') }}, 0)
        end as days_left,
        case
            when campaign_nodes.ends_on is null or campaign_nodes.starts_on > settings.as_of_date then 1
            else greatest({{ days_between('coalesce(campaign_nodes.starts_on, settings.as_of_date)', 'campaign_nodes.ends_on') }} + 1, 1)
        end as days_planned
    from {{ ref('campaign_nodes') }} as campaign_nodes
    cross join settings
),

{# Each node with all below it; what a node states stands for its branch, so nothing below counts again. #}
branches as (
    select
        nodes.campaign_id as branch_id,
        {% for measure in stated -%}
        true as takes_{{ measure }},
        {% endfor -%}
        nodes.*
    from nodes
    union all
    select
        branches.branch_id,
        {% for measure in stated -%}
        branches.takes_{{ measure }} and branches.{{ measure }} is null as takes_{{ measure }},
        {% endfor -%}
        nodes.*
    from branches
    inner join nodes on branches.campaign_id = nodes.parent_campaign_id
)

select
    branch_id,
    campaign_id,
    {% for measure in stated -%}
    case when takes_{{ measure }} then {{ measure }} end as {{ measure }},
    {% endfor -%}
    case when takes_budget then {{ money_ratio('budget', 'days_left', 'days_planned') }} end as budget_left,
    spent,
    booked_amount,
    leads
from branches
