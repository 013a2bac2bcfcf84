with

settings as (
    select * from {{ ref('run_settings') }}
),

opportunities as (
    select * from {{ ref('opportunities') }}
),

records as (
    select * from {{ ref('opportunity_records') }}
),

closings as (
    select * from {{ ref('opportunity_closings') }}
),

history as (
    select * from {{ ref('opportunity_field_history') }}
),

findings as (
    select
        opportunity_id,
        'open_without_amount' as finding,
        amount_from as detail
    from opportunities
    where status = 'open' and coalesce(amount_from, '') <> 'stated'
    union all
    select
        opportunities.opportunity_id,
        'close_date_past' as finding,
        cast(opportunities.close_on as varchar) as detail
    from opportunities
    cross join settings
    where opportunities.status = 'open' and opportunities.close_on < settings.as_of_date
    union all
    select
        opportunity_id,
        'closed_before_created' as finding,
        cast(created_on as varchar) as detail
    from opportunities
    where closed_on < created_on
    union all
    select
        closings.opportunity_id,
        'closed_without_date' as finding,
        cast(closings.closed_on as varchar) as detail
    from closings
    inner join opportunities
        on closings.opportunity_id = opportunities.opportunity_id
    where closings.is_estimated and opportunities.closed_on is not null
    union all
    select
        closings.opportunity_id,
        'closes_after_date' as finding,
        cast(closings.closed_on as varchar) as detail
    from closings
    cross join settings
    where closings.closed_on > settings.as_of_date and closings.first_told_on <= settings.as_of_date
    union all
    select
        records.opportunity_id,
        'created_after_date' as finding,
        cast(records.created_at as varchar) as detail
    from records
    cross join settings
    where cast(records.created_at as date) > settings.as_of_date and records.first_exported_on <= settings.as_of_date
    union all
    select
        opportunity_id,
        'created_without_date' as finding,
        cast(created_at as varchar) as detail
    from records
    where is_created_estimated
    union all
    select
        opportunity_id,
        'negative_amount' as finding,
        cast(amount as varchar) as detail
    from opportunities
    where amount < 0
    union all
    select
        history.opportunity_id,
        'unreadable_change' as finding,
        min(history.field) as detail
    from history
    where history.is_unreadable
    group by history.opportunity_id
    union all
    select
        history.opportunity_id,
        'change_of_unknown_opportunity' as finding,
        min(history.field) as detail
    from history
    left join records
        on history.opportunity_id = records.opportunity_id
    where records.opportunity_id is null
    group by history.opportunity_id
)

select * from findings
