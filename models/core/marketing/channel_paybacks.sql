{{ config(materialized='view', schema='work') }}

{{ payback_days('basis, month, channel, model', "basis in ('period', 'cohort')") }}
