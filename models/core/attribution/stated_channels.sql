{{ config(materialized='view', schema='work') }}

with

stated_paths as (
    select path from {{ ref('stated_paths') }}
),

steps as (
    {{ path_steps('stated_paths', 'path') }}
),

stated_names as (
    select distinct step from steps
)

select
    step,
    coalesce({{ channel_of('stated_names.step', "'custom:'") }}, '(none)') as channel
from stated_names
