-- The groups by follow-ups hold every deal once.
select
    (select count(*) from {{ ref('opportunities') }}) as deals,
    (select sum(won + lost + open) from {{ ref('followups_to_win') }}) as counted
where
    (select count(*) from {{ ref('opportunities') }})
    <> (select sum(won + lost + open) from {{ ref('followups_to_win') }})
