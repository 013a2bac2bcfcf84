{{ entity_links('user', 'owner_id') }}
