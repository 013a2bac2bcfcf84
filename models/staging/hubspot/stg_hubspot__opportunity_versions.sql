select * from ({{ hubspot_deals(versions=true) }}) as deals
