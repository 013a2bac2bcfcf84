select * from ({{ hubspot_deals() }}) as deals
