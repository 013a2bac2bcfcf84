{{ config(materialized='view', schema='work') }}

{{ names_without_legal_forms(ref('leads'), 'company_name') }}
