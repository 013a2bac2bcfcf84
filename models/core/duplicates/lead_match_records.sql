{{ config(materialized='table', schema='work') }}

with

settings as (
    select * from {{ ref('run_settings') }}
),

leads as (
    select * from {{ ref('leads') }}
),

companies as (
    select * from {{ ref('lead_company_names') }}
),

shared_mailboxes as (
    select * from {{ ref('shared_mailboxes') }}
),

plain as (
    select
        leads.lead_id,
        nullif({{ without('companies.words', '^_+|_+$') }}, '') as company_words,
        {{ plain_words('leads.person_name') }} as person_words,
        case when shared_mailboxes.mailbox is null then {{ email_key('leads.email') }} end as email_key,
        {{ phone_key('leads.phone') }} as phone_key,
        {{ without(plain_words('leads.city'), '市$') }} as city_words,
        {{ plain_words('leads.project_name') }} as project_words
    from leads
    cross join settings
    left join companies
        on leads.company_name = companies.name
    left join shared_mailboxes
        on {{ mailbox_of('leads.email') }} = shared_mailboxes.mailbox
    where leads.created_on <= settings.as_of_date
)

select
    lead_id,
    company_words,
    person_words,
    email_key,
    phone_key,
    city_words,
    case when length(project_words) >= 4 then project_words end as project_words
from plain
