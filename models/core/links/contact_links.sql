{{ links_by_id('contact', ['salesforce', 'hubspot', 'neocrm', 'custom']) }}
