{{ config(materialized='view', schema='work') }}

{{ payback_days('campaign_id, channel, model', "basis = 'period'") }}
