{{ config(severity='warn') }}
-- A campaign above itself: each cycle by name. Its first campaign counts as a root until the export is mended.
select campaign_id, cycle
from {{ ref('campaign_cycles') }}
