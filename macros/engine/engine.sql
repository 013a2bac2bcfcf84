{# What DuckDB and Spark write differently. Facts behind each: ../../docs/decisions/0002-portable-sql.md #}

{# Whole days from one date to another (negative when `until` is earlier). #}
{% macro days_between(since, until) -%} {{ adapter.dispatch('days_between', 'wanamaker')(since, until) }} {%- endmacro %}
{% macro duckdb__days_between(since, until) -%} date_diff('day', cast({{ since }} as date), cast({{ until }} as date)) {%- endmacro %}
{% macro spark__days_between(since, until) -%} cast(datediff(cast({{ until }} as date), cast({{ since }} as date)) as bigint) {%- endmacro %}

{# A date moved by a number of days. #}
{% macro add_days(day, number) -%} {{ adapter.dispatch('add_days', 'wanamaker')(day, number) }} {%- endmacro %}
{% macro duckdb__add_days(day, number) -%} cast(cast({{ day }} as date) + to_days(cast({{ number }} as integer)) as date) {%- endmacro %}
{% macro spark__add_days(day, number) -%} date_add(cast({{ day }} as date), cast({{ number }} as int)) {%- endmacro %}

{# A date moved by a number of months; the last day of a shorter month stands for a day it lacks. #}
{% macro add_months(day, number) -%} {{ adapter.dispatch('add_months', 'wanamaker')(day, number) }} {%- endmacro %}
{% macro duckdb__add_months(day, number) -%} cast(cast({{ day }} as date) + to_months(cast({{ number }} as integer)) as date) {%- endmacro %}
{% macro spark__add_months(day, number) -%} add_months(cast({{ day }} as date), cast({{ number }} as int)) {%- endmacro %}

{# First day of the month. #}
{% macro month_of(day) -%} cast(date_trunc('month', {{ day }}) as date) {%- endmacro %}

{# `2017-12` of a date. #}
{% macro month_name(day) -%} {{ adapter.dispatch('month_name', 'wanamaker')(day) }} {%- endmacro %}
{% macro duckdb__month_name(day) -%} strftime(cast({{ day }} as date), '%Y-%m') {%- endmacro %}
{% macro spark__month_name(day) -%} date_format({{ day }}, 'yyyy-MM') {%- endmacro %}

{# Monday is 1, Sunday is 7. #}
{% macro weekday_of(day) -%} {{ adapter.dispatch('weekday_of', 'wanamaker')(day) }} {%- endmacro %}
{% macro duckdb__weekday_of(day) -%} cast(isodow(cast({{ day }} as date)) as bigint) {%- endmacro %}
{% macro spark__weekday_of(day) -%} cast(weekday({{ day }}) + 1 as bigint) {%- endmacro %}

{# A relation of the whole numbers from..until, one row each, in column `number`; both are literals or scalar expressions. #}
{% macro numbers(since, until) -%} {{ adapter.dispatch('numbers', 'wanamaker')(since, until) }} {%- endmacro %}
{% macro duckdb__numbers(since, until) -%} (select unnest(generate_series(cast({{ since }} as bigint), cast({{ until }} as bigint))) as number) {%- endmacro %}
{% macro spark__numbers(since, until) -%} (select explode(sequence(cast({{ since }} as bigint), cast({{ until }} as bigint))) as number) {%- endmacro %}

{# A whole number wide enough for a product of two amounts in cents. #}
{% macro wide_int(value) -%} {{ adapter.dispatch('wide_int', 'wanamaker')(value) }} {%- endmacro %}
{% macro duckdb__wide_int(value) -%} cast({{ value }} as hugeint) {%- endmacro %}
{% macro spark__wide_int(value) -%} cast({{ value }} as decimal(38, 0)) {%- endmacro %}

{# Whole-number division towards zero; null when the divisor is 0. #}
{% macro idiv(dividend, divisor) -%} {{ adapter.dispatch('idiv', 'wanamaker')(dividend, divisor) }} {%- endmacro %}
{% macro duckdb__idiv(dividend, divisor) -%} (({{ dividend }}) // nullif({{ divisor }}, 0)) {%- endmacro %}
{% macro spark__idiv(dividend, divisor) -%} (({{ dividend }}) div nullif({{ divisor }}, 0)) {%- endmacro %}

{# Text before the first `:` of an id, which is its source. #}
{% macro source_of(id) -%} split_part({{ id }}, ':', 1) {%- endmacro %}

{# A name as snake_case: what an undeclared channel is called. Other scripts keep their letters. #}
{% macro snake_case(text) -%} {{ adapter.dispatch('snake_case', 'wanamaker')(text) }} {%- endmacro %}
{% macro duckdb__snake_case(text) -%} nullif(trim(regexp_replace(lower(trim({{ text }})), '[^\p{L}\p{N}]+', '_', 'g'), '_'), '') {%- endmacro %}
{% macro spark__snake_case(text) -%} nullif(trim('_' from regexp_replace(lower(trim({{ text }})), '[^\\p{L}\\p{N}]+', '_')), '') {%- endmacro %}

{# Whole seconds from one moment to another (negative when `until` is earlier). #}
{% macro seconds_between(since, until) -%} {{ adapter.dispatch('seconds_between', 'wanamaker')(since, until) }} {%- endmacro %}
{% macro duckdb__seconds_between(since, until) -%} date_diff('second', cast({{ since }} as timestamp), cast({{ until }} as timestamp)) {%- endmacro %}
{% macro spark__seconds_between(since, until) -%} (unix_timestamp(cast({{ until }} as timestamp)) - unix_timestamp(cast({{ since }} as timestamp))) {%- endmacro %}

{# A day and a time of day, such as `09:00:00`, as a moment. #}
{% macro moment_at(day, clock) -%} cast(cast({{ day }} as varchar) || ' ' || {{ clock }} as timestamp) {%- endmacro %}

{# Hour of the day, 0 to 23. #}
{% macro hour_of(moment) -%} cast(extract(hour from {{ moment }}) as bigint) {%- endmacro %}

{# The part of an id after its source, without the zeros that it begins with. #}
{% macro without_leading_zeros(id) -%} {{ adapter.dispatch('without_leading_zeros', 'wanamaker')(id) }} {%- endmacro %}
{% macro duckdb__without_leading_zeros(id) -%} ltrim(split_part({{ id }}, ':', 2), '0') {%- endmacro %}
{% macro spark__without_leading_zeros(id) -%} ltrim('0', split_part({{ id }}, ':', 2)) {%- endmacro %}

{# A decimal as a person writes it, exact at any size: thousands apart, two places, further ones only where they are not zero. #}
{% macro written_number(value) -%}
case when {{ value }} < 0 then '-' else '' end || {{ grouped("floor(abs(" ~ value ~ "))") }} || '.'
|| regexp_replace(split_part(cast(cast(abs({{ value }}) as decimal(38, 8)) as varchar), '.', 2), '0{1,6}$', '')
{%- endmacro %}

{# A whole number with its thousands apart. #}
{% macro grouped(number) -%} {{ adapter.dispatch('grouped', 'wanamaker')(number) }} {%- endmacro %}
{% macro duckdb__grouped(number) -%} format('{:,}', {{ wide_int(number) }}) {%- endmacro %}
{% macro spark__grouped(number) -%} format_number({{ wide_int(number) }}, 0) {%- endmacro %}

{# A rate as a person writes it: 0.04 is 4%, 0.041818 is 4.1818%. #}
{% macro written_rate(rate) -%} regexp_replace(cast(cast({{ rate }} * 100 as decimal(18, 4)) as varchar), '[.]?0+$', '') || '%' {%- endmacro %}
