-- The campaigns that links name: what `campaign_links` finds elsewhere is the same one.
with

touches as (
    select
        utm_campaign,
        occurred_at,
        exported_at,
        file_id,
        row_number
    from ({{ stage('web', 'visits') }}) as visits
    union all
    select
        utm_campaign,
        occurred_at,
        exported_at,
        file_id,
        row_number
    from ({{ stage('web', 'forms') }}) as forms
),

numbered as (
    select
        *,
        row_number() over (
            partition by lower(trim(utm_campaign)) order by occurred_at desc, file_id desc, row_number desc
        ) as age
    from touches
    where utm_campaign is not null
),

newest as (
    select * from numbered
    where age = 1
)

{{ conform('campaigns', 'web', table='visits', relation='newest', columns={
    'campaign_id': "'web:' || lower(trim(utm_campaign))",
    'name': 'utm_campaign',
    'level': "'campaign'",
}) }}
