with

settings as (
    select * from {{ ref('run_settings') }}
),

stays as (
    select * from {{ ref('stage_stays') }}
),

reps as (
    select * from {{ ref('reps') }}
),

places as (
    select * from {{ ref('rep_spans') }}
),

counts as (
    select
        stage,
        owner_id,
        max(stage_order) as stage_order,
        count(*) as entered,
        count(case when is_advanced then 1 end) as advanced,
        count(case when is_lost then 1 end) as lost
    from stays
    group by stage, owner_id
),

company_counts as (
    select
        *,
        sum(entered) over (partition by stage) as company_entered,
        sum(lost) over (partition by stage) as company_lost,
        sum(lost) over (partition by owner_id) as owner_lost
    from counts
)

select
    company_counts.stage,
    company_counts.stage_order,
    company_counts.owner_id,
    coalesce(reps.owner_name, company_counts.owner_id) as owner_name,
    coalesce(places.team, '(none)') as team,
    company_counts.entered,
    company_counts.advanced,
    company_counts.lost,
    {{ ratio('company_counts.advanced', 'company_counts.entered') }} as conversion_rate,
    {{ ratio('company_counts.lost', 'company_counts.entered') }} as loss_rate,
    {{ wilson_low('company_counts.lost', 'company_counts.entered') }} as loss_low,
    {{ wilson_high('company_counts.lost', 'company_counts.entered') }} as loss_high,
    {{ ratio('company_counts.company_lost', 'company_counts.company_entered') }} as company_loss_rate,
    {{ ratio('company_counts.lost', 'company_counts.owner_lost') }} as share_of_losses
from company_counts
cross join settings
left join reps
    on company_counts.owner_id = reps.owner_id
left join places
    on company_counts.owner_id = places.owner_id
    and settings.as_of_date >= places.valid_from_on
    and settings.as_of_date < places.valid_until_on
