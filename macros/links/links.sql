{# What links records of different systems: which entity each id belongs to. Entities: account, user, campaign; and
   opportunity, lead, contact and quote, which are one system's and are linked by their id alone (opportunities by a person too). #}

{% macro link_columns(entity) -%}
{{ return({
    'account': ['account_id', 'parent_account_id', 'partner_id', 'end_customer_id'],
    'user': ['user_id', 'owner_id', 'manager_id', 'approver_id'],
    'campaign': ['campaign_id', 'parent_campaign_id'],
    'opportunity': ['opportunity_id'],
    'lead': ['lead_id'],
    'contact': ['contact_id'],
    'quote': ['quote_id'],
}[entity]) }}
{%- endmacro %}

{# Whether more than one source has records of an entity: otherwise nothing can be linked and nothing is joined. What the template's
   files name can be another source's opportunity even where they hold none. A unit test knows no models: there they are shared. #}
{% macro is_shared(entity) -%}
{%- set nodes = graph.get('nodes', {}) if execute else {} -%}
{%- if execute and (not nodes or entity not in ['account', 'user', 'campaign']) %}{{ return(true) }}{% endif -%}
{%- set found = [] -%}
{%- for node in nodes.values() if node.resource_type == 'model' and node.name.startswith('stg_') and node.name.endswith('__' ~ entity ~ 's') -%}
{%- do found.append(node.name) -%}
{%- endfor -%}
{{ return(found | length > 1) }}
{%- endmacro %}

{# In which order sources give an entity its id: salesforce, hubspot, neocrm, custom, then the rest by name. #}
{% macro source_place(source_name) -%}
case {{ source_name }}
    when 'salesforce' then '1' when 'hubspot' then '2' when 'neocrm' then '3' when 'custom' then '4'
    else '5' || {{ source_name }}
end
{%- endmacro %}

{# The part of an id after its source, as a key to find the same id in another source: long enough not to be the same by chance.
   Salesforce writes its ids with 15 or 18 characters. #}
{% macro long_id(id, source_name) -%}
{%- set own = own_id(id, source_name) -%}
case
    when length({{ own }}) in (15, 18) and left({{ own }}, 2) in ('00', '70') then left({{ own }}, 15)
    when length({{ own }}) >= 10 then {{ own }}
end
{%- endmacro %}

{# Links of an entity from `keys` (record_id, source_name, rule, place, confidence, link_key, tax_key, shares): each record is linked
   to the first source's record that a rule tells clearly, the surest rule first, and has the id of the first of the chain.
   `clear` says that the key names one record on each side (several on this side where `shares`). An id that a source names without having
   a record of it is the entity that all records with this id elsewhere are. Accounts and users are named so by the template's files alone, and
   a short id only where these list some of their own: without a list it could be the ledger's own number, another's by chance. #}
{% macro entity_links(entity, id, own_list=true) -%}
with

keys as (
    select
        *,
        {{ source_place('source_name') }} as source_place,
        count(*) over (partition by rule, link_key, source_name) as namesakes
    from {{ ref(entity ~ '_keys') }}
),

pins as (
    select * from {{ ref('link_rules') }}
    where entity = '{{ entity }}'
),

found as (
    select
        records.record_id,
        others.record_id as other_id,
        others.source_place,
        records.rule,
        records.place,
        records.confidence,
        others.namesakes = 1 and (records.namesakes = 1 or records.shares) as is_clear,
        coalesce(records.tax_key <> others.tax_key, false) as is_contradicted
    from keys as records
    inner join keys as others
        on records.rule = others.rule
        and records.link_key = others.link_key
        and others.source_place < records.source_place
),

pinned as (
    select
        source_id as record_id,
        target_id as other_id,
        '0' as source_place,
        'pinned' as rule,
        0 as place,
        cast(1 as decimal(18,6)) as confidence,
        true as is_clear,
        false as is_contradicted
    from pins
    where kind = 'pin'
),

candidates as (
    select * from found
    union all
    select * from pinned
),

allowed as (
    select candidates.*
    from candidates
    left join pins
        on pins.kind = 'forbid'
        and pins.source_id in (candidates.record_id, candidates.other_id)
        and pins.target_id in (candidates.record_id, candidates.other_id)
    where pins.kind is null
),

ranked as (
    select
        *,
        row_number() over (
            partition by record_id
            order by case when is_clear and not is_contradicted then 0 else 1 end, place, source_place, other_id
        ) as age
    from allowed
),

links as (
    select
        *,
        is_clear and not is_contradicted as is_linked
    from ranked
    where age = 1
),

chains as (
    select
        links.record_id,
        links.other_id,
        links.rule,
        links.is_linked,
        coalesce(third.other_id, second.other_id, links.other_id) as first_id,
        least(links.confidence, coalesce(second.confidence, 1), coalesce(third.confidence, 1)) as confidence
    from links
    left join links as second
        on links.other_id = second.record_id
        and second.is_linked
    left join links as third
        on second.other_id = third.record_id
        and third.is_linked
),

records as (
    select
        all_records.source_name,
        all_records.{{ entity }}_id as record_id,
        {{ own_id(entity ~ '_id', 'all_records.source_name') }} as own_id,
        coalesce(case when chains.is_linked then chains.first_id end, all_records.{{ entity }}_id) as entity_id
    from {{ ref('all_' ~ entity ~ 's') }} as all_records
    left join chains
        on all_records.{{ entity }}_id = chains.record_id
),

{# One entity, however many sources have it under this id. -#}
known_by_id as (
    select
        own_id,
        min(record_id) as record_id,
        min(entity_id) as entity_id
    from records
    group by own_id
    having count(distinct entity_id) = 1
),

own_list as (
    select count(*) as records from records
    where source_name = 'custom'
),

named as (
    {{ as_named_by('known_by_id', ['custom'] if own_list else ['salesforce', 'hubspot', 'neocrm', 'custom']) }}
),

links_of_names as (
    select named.*
    from named
    cross join own_list
    left join records
        on named.named_id = records.record_id
    left join chains
        on named.named_id = chains.record_id
    left join pins
        on pins.kind = 'forbid'
        and named.named_id in (pins.source_id, pins.target_id)
        and named.entity_id in (pins.source_id, pins.target_id)
    where records.record_id is null
        and chains.record_id is null
        and pins.kind is null
        and (length(named.own_id) >= 10 or {% if own_list %}own_list.records > 0{% else %}not {{ matches('named.own_id', '^[0-9]*$') }}{% endif %})
)

select
    record_id as source_{{ id }},
    case when is_linked then first_id else record_id end as {{ id }},
    other_id as matched_{{ id }},
    case when is_linked then rule else 'ambiguous' end as rule,
    case when is_linked then confidence else cast(0 as decimal(18,6)) end as confidence
from chains
union all
select
    named_id as source_{{ id }},
    entity_id as {{ id }},
    record_id as matched_{{ id }},
    'same_id' as rule,
    {{ link_confidence("'same_id'") }} as confidence
from links_of_names
{%- endmacro %}

{# Links of records that are one system's: what the template's files name by an id that one CRM alone has is that record. `sources` are
   those that have records of it, by their staging models. #}
{% macro links_by_id(entity, sources) -%}
with

records as (
    {%- for source_name in sources %}
    select distinct
        '{{ source_name }}' as source_name,
        {{ entity }}_id as record_id
    from {{ ref('stg_' ~ source_name ~ '__' ~ entity ~ 's') }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

numbered as (
    select
        *,
        {{ own_id('record_id', 'source_name') }} as own_id
    from records
),

one_record as (
    select
        own_id,
        min(record_id) as record_id
    from numbered
    group by own_id
    having count(*) = 1 and min(source_name) <> 'custom'
),

named as (
    {{ as_named_by('one_record', ['custom']) }}
)

select
    named_id as source_{{ entity }}_id,
    record_id as {{ entity }}_id
from named
{%- endmacro %}

{# An id without its source. #}
{% macro own_id(id, source_name) -%} substr({{ id }}, length({{ source_name }}) + 2) {%- endmacro %}

{# Rows of `relation` by every id, `named_id`, under which files of `sources` may name their `own_id`: others than Salesforce write an id
   of its with 18 characters or with 15. #}
{% macro as_named_by(relation, sources) -%}
{%- for source_name in sources %}
{{- '
union all
' if not loop.first }}
select
    *,
    '{{ source_name }}:' || own_id as named_id
from {{ relation }}
{%- if source_name != 'salesforce' %}
union all
select
    *,
    '{{ source_name }}:' || left(own_id, 15) as named_id
from {{ relation }}
where {{ is_salesforce_id('own_id', 18) }}
{%- endif %}
{%- endfor %}
{%- endmacro %}

{# Whether a text is the id of a standard object of Salesforce: of 15 characters, of which case tells ids apart, or of 18, of which the
   last three tell which letters are capital. The first characters are the object's, such as 001 for accounts and 701 for campaigns. #}
{% macro is_salesforce_id(id, characters) -%}
length({{ id }}) = {{ characters }} and {{ matches(id, '^(00|01|70)[0-9A-Za-z]{13}' ~ ('[A-Z0-5]{3}' if characters == 18 else '') ~ '$') }}
{%- endmacro %}

{# An id of Salesforce with 18 characters, as its API writes it; reports write the first 15. Any other text stays as it is. Each of the last
   three characters tells which of five are capital letters: it stands behind these, written as ones and noughts, in a list of all 32. #}
{% macro salesforce_id(id) -%}
{%- set capitals = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ' -%}
{%- set digits = '0123456789' -%}
{%- set endings = [] -%}
{%- for ending in capitals ~ digits[:6] -%}
{%- do endings.append(',' ~ '{:05b}'.format(loop.index0)[::-1] ~ ending) -%}
{%- endfor -%}
{%- set endings = "'" ~ endings | join ~ "'" -%}
case
    when {{ is_salesforce_id(id, 15) }} then {{ id }}
    {%- for start in [1, 6, 11] %}
    {%- set letters = "substr(" ~ id ~ ", " ~ start ~ ", 5)" -%}
    {%- set flags = "translate(" ~ letters ~ ", '" ~ capitals ~ capitals | lower ~ digits ~ "', '" ~ '1' * 26 ~ '0' * 36 ~ "')" %}
        || substr({{ endings }}, instr({{ endings }}, ',' || {{ flags }}) + 6, 1)
    {%- endfor %}
    else {{ id }}
end
{%- endmacro %}

{# An id column of `rows`, as the first source's id of the entity it names; `joins` are those of `link_joins`. #}
{% macro linked_id(column, entities=['account', 'user', 'campaign']) -%}
{%- for entity in entities if column in link_columns(entity) and is_shared(entity) -%}
coalesce({{ column }}_links.{{ link_id(entity) }}, records.{{ column }})
{%- else -%}
records.{{ column }}
{%- endfor -%}
{%- endmacro %}

{% macro link_id(entity) -%} {{ 'owner_id' if entity == 'user' else entity ~ '_id' }} {%- endmacro %}

{# A product that another source's row names by the id that the template's catalogue has it under, the only catalogue there is, is that one. #}
{% macro product_join() %}
left join {{ ref('all_products') }} as products
    on records.source_name <> 'custom'
    and 'custom:' || {{ own_id('records.product_id', 'records.source_name') }} = products.product_id
{%- endmacro %}

{# Joins of `records` to the links of those of its columns that name a shared entity. #}
{% macro link_joins(columns, entities=['account', 'user', 'campaign']) -%}
{%- for entity in entities if is_shared(entity) -%}
{%- for column in columns if column in link_columns(entity) %}
left join {{ ref(entity ~ '_links') }} as {{ column }}_links
    on records.{{ column }} = {{ column }}_links.source_{{ link_id(entity) }}
{%- endfor -%}
{%- endfor -%}
{%- endmacro %}

{# Every source's rows of an account, user or campaign, ids resolved and one row an entity: the first source's, and where it is silent
   the next one's. `columns` beside the entity's own id, exported_at, file_id and row_number. #}
{% macro one_per_entity(entity, columns) -%}
{%- set own = entity ~ '_id' -%}
{%- set table = entity ~ 's' -%}
{%- do link_refs() -%}
{%- if execute and is_shared(entity) -%}
{%- set columns = [own] + columns -%}
{%- set window = 'partition by ' ~ own ~ ' order by source_place desc, source_record_id desc' -%}
select
    {%- for column in columns %}
    {{ column if column == own else last_known(column, 'by_entity') ~ ' as ' ~ column }},
    {%- endfor %}
    exported_at,
    file_id,
    row_number
from (
    select
        {%- for column in columns %}
        {{ linked_id(column) }} as {{ column }},
        {%- endfor %}
        records.exported_at,
        records.file_id,
        records.row_number,
        records.{{ own }} as source_record_id,
        {{ source_place('records.source_name') }} as source_place
    from {{ ref('all_' ~ table) }} as records
    {{ link_joins(columns) }}
) as resolved
window by_entity as ({{ window }})
qualify row_number() over (partition by {{ own }} order by source_place, source_record_id) = 1
{%- else -%}
select * from {{ ref('all_' ~ table) }}
{%- endif -%}
{%- endmacro %}

{# What a model that resolves ids depends on, said while parsing, when it is not known yet whether it does. #}
{% macro link_refs(entities=['account', 'user', 'campaign']) -%}
{%- for entity in entities -%}
{%- do ref(entity ~ '_links') -%}
{%- endfor -%}
{%- endmacro %}

{# How rules follow one another, surest first, and how sure each is. #}
{% macro link_place(rule) -%}
case {{ rule }} when 'stated_id' then 0 when 'same_id' then 1 when 'tax_id' then 2 when 'email' then 2 when 'utm_campaign' then 2 else 3 end
{%- endmacro %}

{% macro link_confidence(rule) -%}
cast(case {{ rule }} when 'name' then 0.9 when 'utm_campaign' then 0.95 else 0.99 end as decimal(18,6))
{%- endmacro %}
