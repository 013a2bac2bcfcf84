{# What names, addresses and numbers are compared by. #}

{# A text without what a regular expression finds in it. #}
{% macro without(text, pattern) -%} {{ adapter.dispatch('without', 'wanamaker')(text, pattern) }} {%- endmacro %}
{% macro duckdb__without(text, pattern) -%} regexp_replace({{ text }}, '{{ pattern }}', '', 'g') {%- endmacro %}
{% macro spark__without(text, pattern) -%} regexp_replace({{ text }}, '{{ pattern }}', '') {%- endmacro %}

{# Full-width letters, digits and signs of addresses as half-width ones. #}
{% macro half_width_text(text) -%}
translate({{ text }}, '{{ full_width() }}＠．－＋＿（）', '{{ half_width() }}@.-+_()')
{%- endmacro %}

{# An e-mail address without case, separators, what follows a `+`, and the subdomain: john_doe@us.ibm.com is johndoe@ibm.com. #}
{% macro email_key(email) -%}
{%- set plain = 'lower(trim(' ~ half_width_text(email) ~ '))' -%}
case
    when {{ matches(plain, '^[^@]+@[^@]+[.][^@.]+$') }}
        then {{ without("split_part(split_part(" ~ plain ~ ", '@', 1), '+', 1)", '[._-]') }}
            || '@' || regexp_extract(split_part({{ plain }}, '@', 2), '([^.]+[.](com|co|net|org|gov|edu|ac)[.][a-z][a-z]|[^.]+[.][^.]+)$', 1)
end
{%- endmacro %}

{# The part of an e-mail address before the `@`, in lower case. #}
{% macro mailbox_of(email) -%} split_part(lower(trim({{ half_width_text(email) }})), '@', 1) {%- endmacro %}

{# The last ten digits of a telephone number, so that country codes and trunk zeros do not matter, with its extension:
   1-415-555-1234 is (415) 555-1234. Null under seven digits, and where all are the same. #}
{% macro phone_key(phone) -%}
{%- set plain = 'lower(' ~ half_width_text(phone) ~ ')' -%}
{%- set number = without(without(plain, '([(]0[)]|(转|ext|x|#|分机).*$)'), '[^0-9]') -%}
{%- set extension = without("case when " ~ matches(plain, '(转|ext|x|#|分机)') ~ " then " ~ without(plain, '^.*(转|ext|x|#|分机)') ~ " else '' end", '[^0-9]') -%}
case
    when length({{ number }}) >= 7 and length(replace({{ number }}, left({{ number }}, 1), '')) > 0
        then right({{ number }}, 10) || case when length({{ extension }}) > 0 then 'x' || {{ extension }} else '' end
end
{%- endmacro %}

{# Distinct texts of `column` of `relation` with their plain words, one legal form at the end left out. #}
{% macro names_without_legal_forms(relation, column) -%}
with

legal_forms as (
    select
        {{ plain_words('form') }} as form,
        language
    from {{ ref('legal_forms') }}
),

words as (
    select
        {{ column }} as name,
        {{ plain_words(column) }} as words
    from {{ relation }}
    where {{ column }} is not null
    group by {{ column }}
),

suffixes as (
    select
        words.name,
        max(length(legal_forms.form) + case when legal_forms.language = 'zh' then 0 else 1 end) as letters
    from words
    inner join legal_forms
        on right(words.words, length(legal_forms.form) + case when legal_forms.language = 'zh' then 0 else 1 end)
        = case when legal_forms.language = 'zh' then '' else '_' end || legal_forms.form
    group by words.name
)

select
    words.name,
    left(words.words, length(words.words) - coalesce(suffixes.letters, 0)) as words
from words
left join suffixes
    on words.name = suffixes.name
{%- endmacro %}
