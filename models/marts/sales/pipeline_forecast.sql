with

keys as (
    select * from {{ ref('forecast_keys') }}
),

levels as (
    select * from {{ ref('pipeline_levels') }}
),

quotas as (
    select * from {{ ref('quota_levels') }}
),

submissions as (
    select * from {{ ref('submission_levels') }}
),

landings as (
    select * from {{ ref('landing_estimates') }}
),

names as (
    select * from {{ ref('level_names') }}
),

figures as (
    select
        keys.reporting_date,
        keys.period,
        keys.period_kind,
        keys.starts_on as period_starts_on,
        keys.ends_on as period_ends_on,
        keys.level,
        keys.level_id,
        coalesce(levels.won_deals, 0) as won_deals,
        coalesce(levels.open_deals, 0) as open_deals,
        {%- for amount in ['won_amount', 'open_amount', 'open_weighted_amount', 'open_calibrated_amount', 'open_commit_amount', 'open_best_case_amount', 'omitted_amount'] %}
        coalesce(levels.{{ amount }}, 0) as {{ amount }},
        {%- endfor %}
        submissions.submitted_commit_amount,
        quotas.quota_amount,
        coalesce(levels.is_estimated, false) as is_estimated
    from keys
    left join levels
        on keys.reporting_date = levels.reporting_date
        and keys.period = levels.period
        and keys.level = levels.level
        and keys.level_id = levels.level_id
    left join quotas
        on keys.reporting_date = quotas.reporting_date
        and keys.period = quotas.period
        and keys.level = quotas.level
        and keys.level_id = quotas.level_id
    left join submissions
        on keys.reporting_date = submissions.reporting_date
        and keys.period = submissions.period
        and keys.level = submissions.level
        and keys.level_id = submissions.level_id
)

select
    figures.reporting_date,
    figures.period,
    figures.period_kind,
    figures.period_starts_on,
    figures.period_ends_on,
    figures.level,
    figures.level_id,
    coalesce(names.level_name, figures.level_id) as level_name,
    figures.won_deals,
    figures.open_deals,
    cast(figures.won_amount as decimal(18, 2)) as won_amount,
    cast(figures.open_amount as decimal(18, 2)) as open_amount,
    cast(figures.open_weighted_amount as decimal(18, 2)) as open_weighted_amount,
    cast(figures.omitted_amount as decimal(18, 2)) as omitted_amount,
    cast(figures.won_amount + figures.open_weighted_amount as decimal(18, 2)) as stage_weighted_amount,
    cast(
        case when figures.period_ends_on is not null then figures.won_amount + figures.open_calibrated_amount end as decimal(18, 2)
    ) as calibrated_amount,
    cast(figures.won_amount + figures.open_commit_amount as decimal(18, 2)) as commit_amount,
    cast(figures.won_amount + figures.open_commit_amount + figures.open_best_case_amount as decimal(18, 2)) as best_case_amount,
    cast(figures.submitted_commit_amount as decimal(18, 2)) as submitted_commit_amount,
    cast(figures.quota_amount as decimal(18, 2)) as quota_amount,
    cast(figures.quota_amount - figures.won_amount as decimal(18, 2)) as gap_amount,
    {{ ratio('figures.open_amount', 'figures.quota_amount - figures.won_amount') }} as coverage,
    landings.landing_p10,
    landings.landing_p50,
    landings.landing_p90,
    figures.is_estimated
from figures
left join landings
    on figures.reporting_date = landings.reporting_date
    and figures.period = landings.period
    and figures.level = landings.level
    and figures.level_id = landings.level_id
left join names
    on figures.level = names.level
    and figures.level_id = names.level_id
