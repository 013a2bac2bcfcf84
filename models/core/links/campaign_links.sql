{{ entity_links('campaign', 'campaign_id', own_list=false) }}
