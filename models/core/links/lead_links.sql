{{ links_by_id('lead', ['salesforce', 'hubspot', 'neocrm', 'custom']) }}
