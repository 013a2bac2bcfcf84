with

removal_effects as (
    select * from {{ ref('markov_removal_effects') }}
)

select
    path_source,
    channel,
    cast(round(removal_effect, 12) as decimal(18, 12)) as removal_effect
from removal_effects
