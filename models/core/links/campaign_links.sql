{{ entity_links('campaign', 'campaign_id') }}
