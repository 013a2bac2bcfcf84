{{ links_by_id('quote', ['neocrm', 'custom']) }}
