-- What was committed was won, lost or neither, and the amount that was kept is that of the deals that were won.
select
    period,
    weeks_before_end,
    owner_id,
    committed
from {{ ref('commit_hits') }}
where
    committed <> won + lost + missed
    or (won = 0 and hit_amount <> 0)
    or (won = committed and hit_amount <> committed_amount)
