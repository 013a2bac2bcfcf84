with

accounts as (
    {{ one_per_entity('account', [
        'name', 'industry', 'size', 'region', 'city', 'country', 'account_type', 'parent_account_id', 'owner_id', 'partner_id',
        'tax_id', 'credit_limit_amount', 'payment_terms_days', 'currency', 'created_at',
    ]) }}
)

select
    account_id,
    name as account_name,
    industry,
    size,
    region,
    city,
    country,
    account_type,
    parent_account_id,
    owner_id,
    partner_id,
    tax_id,
    credit_limit_amount,
    payment_terms_days,
    currency,
    created_at,
    file_id,
    row_number
from accounts
