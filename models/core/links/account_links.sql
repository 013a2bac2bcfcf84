{{ entity_links('account', 'account_id') }}
