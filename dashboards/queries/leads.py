"""Leads: how many become wins and how fast, and which need someone today."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date

import pandas as pd

from dashboards.queries import SHOWN_ROWS, Slice, _slice, fetch

_CHOSEN = "($source = '' or source = $source) and ($line = '' or product_line = $line)"


@dataclass(frozen=True)
class LeadFilter:
    """Which leads: an empty text means all."""

    source: str = ""
    line: str = ""

    @property
    def grain(self) -> str:
        """The grain of lead_conversion that holds these leads in one row."""
        return {(False, False): "all", (True, False): "source", (False, True): "product_line"}.get(
            (bool(self.source), bool(self.line)), "source × product_line"
        )


def lead_choices() -> tuple[list[str], list[str]]:
    """Give the sources and the product lines of leads."""
    sources = fetch("select distinct source from marts.lead_funnel order by source")
    lines = fetch("select distinct product_line from marts.lead_funnel order by product_line")
    return [str(value) for value in sources["source"]], [str(value) for value in lines["product_line"]]


def funnel(chosen: LeadFilter, since: date) -> pd.Series:
    """Give how many leads created since a month reached each step by the as-of day."""
    return fetch(
        f"""
        select coalesce(sum(created), 0) as created, coalesce(sum(responded), 0) as responded,
               coalesce(sum(qualified), 0) as qualified, coalesce(sum(converted), 0) as converted,
               coalesce(sum(won), 0) as won, coalesce(sum(lost), 0) as lost,
               coalesce(sum(disqualified), 0) as disqualified
        from marts.lead_funnel where {_CHOSEN} and month >= $since
        """,
        {**asdict(chosen), "since": since},
    ).iloc[0]


def incidence(chosen: LeadFilter) -> pd.DataFrame:
    """Give the incidence of conversion and of a win by days since creation, with intervals."""
    return fetch(
        """
        select horizon_days, observed, conversion_rate, conversion_low, conversion_high, win_rate, win_low, win_high
        from marts.lead_conversion
        where method = 'incidence' and grain = $grain
            and ($source = '' or source = $source) and ($line = '' or product_line = $line)
        order by horizon_days
        """,
        {**asdict(chosen), "grain": chosen.grain},
    )


def cohorts(chosen: LeadFilter, since: str, event: str) -> pd.DataFrame:
    """Give each cohort month's leads and what had come of them within each horizon; to date is horizon 0.

    ``event`` is converted or won. A rate is over the leads old enough for its horizon, and null where there are none.
    """
    counted = {"converted": "converted", "won": "won"}[event]
    return fetch(
        f"""
        select cohort_month, horizon_days, sum(observed) as observed, sum({counted}) as events,
               sum({counted}) / nullif(sum(observed), 0)::double as rate
        from marts.lead_conversion
        where grain = 'full' and method in ('to_date', 'observed') and {_CHOSEN} and cohort_month >= $since
        group by cohort_month, horizon_days
        order by cohort_month, horizon_days
        """,
        {**asdict(chosen), "since": since},
    )


def by_source_and_line(horizon_days: int) -> pd.DataFrame:
    """Give leads and conversion of each source and product line: to date, and what it will come to."""
    return fetch(
        """
        select dated.source, dated.product_line, dated.observed as leads, dated.converted, dated.won,
               dated.conversion_rate as rate_to_date, grown.conversion_rate as rate, grown.conversion_low as low,
               grown.conversion_high as high, dated.decided_win_rate as win_rate
        from marts.lead_conversion as dated
        left join marts.lead_conversion as grown
            on dated.source = grown.source and dated.product_line = grown.product_line
            and grown.grain = dated.grain and grown.method = 'incidence' and grown.horizon_days = $horizon
        where dated.grain = 'source × product_line' and dated.method = 'to_date'
        order by dated.observed desc, dated.source, dated.product_line
        """,
        {"horizon": horizon_days},
    )


def response_effect(horizon_days: int) -> pd.DataFrame:
    """Give the conversion within a horizon by hours to the first response, with intervals."""
    return fetch(
        """
        select bucket, leads, converted, conversion_rate, conversion_low, conversion_high
        from marts.lead_response_effect where horizon_days = $horizon order by sort_order
        """,
        {"horizon": horizon_days},
    )


def response(owner: str = "") -> pd.Series:
    """Give how leads were answered, of all time: of everyone or of one owner."""
    rows = fetch(
        """
        select leads, responded, waiting, median_hours, p90_hours, within_hour_rate, within_working_hour_rate
        from marts.lead_response
        where grain = case when $owner = '' then 'all' else 'owner_id' end and ($owner = '' or owner_id = $owner)
        """,
        {"owner": owner},
    )
    return rows.iloc[0] if len(rows) else pd.Series(dict.fromkeys(rows.columns))


# Lead desk

_DESK = "($owner = '' or owner_id = $owner)"


def desk_owners() -> dict[str, str]:
    """Give the owners of open leads by id."""
    rows = fetch("select distinct owner_id, owner_name from marts.lead_scores order by owner_name, owner_id")
    return dict(zip(rows["owner_id"].astype(str), rows["owner_name"].astype(str), strict=True))


def waiting(owner: str, limit: int | None = SHOWN_ROWS) -> Slice:
    """Give the leads that nobody has answered yet, longest first, with file and record."""
    return _slice(
        f"""
        with
        rows as (
            select leads.lead_id, leads.company_name, leads.person_name, coalesce(leads.source, '(none)') as source,
                   coalesce(leads.product_line, '(none)') as product_line, leads.created_at, responses.owner_id,
                   coalesce(reps.owner_name, responses.owner_id) as owner_name, responses.hours,
                   responses.working_hours, scores.conversion_probability, scores.priority,
                   files.name as file, leads.row_number
            from core.lead_responses as responses
            inner join core.leads as leads on responses.lead_id = leads.lead_id
            left join core.reps as reps on responses.owner_id = reps.owner_id
            left join marts.lead_scores as scores on responses.lead_id = scores.lead_id
            left join meta.files as files on leads.file_id = files.file_id and files.table_name = 'leads'
            where responses.is_waiting
        )
        select * from rows where {_DESK} order by hours desc, lead_id
        """,
        {"owner": owner},
        limit,
    )


def waiting_ages(owner: str) -> pd.DataFrame:
    """Give how many unanswered leads wait for how long."""
    return fetch(
        f"""
        select case when hours <= 1 then 1 when hours <= 24 then 24 when hours <= 72 then 72 when hours <= 168 then 168
                    when hours <= 720 then 720 else 0 end as until_hours, count(*) as leads
        from core.lead_responses where is_waiting and {_DESK}
        group by until_hours
        """,
        {"owner": owner},
    )


def pool_months() -> pd.DataFrame:
    """Give what fell to the pool and what was claimed out of it, by month, by the rules and by the CRM."""
    return fetch(
        """
        select month, sum(recycled) as recycled, sum(claimed) as claimed, sum(exported_recycled) as exported_recycled,
               sum(due_next_7_days) as due
        from marts.lead_pool where entity_kind = 'lead'
        group by month order by month
        """
    )


def pool_rules() -> pd.DataFrame:
    """Give what each rule of the pool took back in all."""
    return fetch(
        """
        select entity_kind, business_unit, rule, sum(recycled) as recycled, sum(claimed) as claimed,
               sum(won_after) as won_after, sum(due_next_7_days) as due, sum(over_cap) as over_cap,
               sum(exported_recycled) as exported_recycled
        from marts.lead_pool group by entity_kind, business_unit, rule
        order by recycled desc, entity_kind, business_unit, rule
        """
    )


def pool_due(owner: str, within_days: int, limit: int | None = SHOWN_ROWS) -> Slice:
    """Give the leads that fall to the pool within so many days, soonest first, with file and record."""
    return _slice(
        f"""
        select due.lead_id, due.company_name, due.person_name, due.owner_id, due.owner_name, due.grade, due.rule,
               due.claimed_on, due.last_active_on, due.ends_on, due.days_left, due.is_final,
               scores.conversion_probability, files.name as file, due.row_number
        from marts.lead_pool_due as due
        left join marts.lead_scores as scores on due.lead_id = scores.lead_id
        left join meta.files as files on due.file_id = files.file_id and files.table_name = 'leads'
        where due.days_left <= $days and {_DESK.replace("owner_id", "due.owner_id")}
        order by due.ends_on, due.lead_id
        """,
        {"owner": owner, "days": within_days},
        limit,
    )


def priorities(owner: str, limit: int | None = SHOWN_ROWS) -> Slice:
    """Give open leads, those to call first first, with the reasons of their score."""
    return _slice(
        f"""
        select scores.lead_id, scores.company_name, scores.person_name, scores.source, scores.product_line,
               scores.created_on, scores.owner_name, scores.priority, scores.score, scores.conversion_probability,
               scores.reasons, files.name as file, scores.row_number
        from marts.lead_scores as scores
        left join meta.files as files on scores.file_id = files.file_id and files.table_name = 'leads'
        where {_DESK.replace("owner_id", "scores.owner_id")}
        order by scores.priority, scores.score desc, scores.lead_id
        """,
        {"owner": owner},
        limit,
    )


def open_leads(owner: str) -> pd.Series:
    """Give how many leads are open and how many of them belong to the first fifth."""
    return fetch(
        f"select count(*) as leads, count(*) filter (priority = 1) as first_leads from marts.lead_scores where {_DESK}",
        {"owner": owner},
    ).iloc[0]


def score_quality() -> pd.DataFrame:
    """Give how good the score's order was on later leads, newest first."""
    return fetch(
        """
        select cut_on, leads, converted, auc, top_fifth_leads, top_fifth_converted, top_fifth_lift
        from marts.lead_score_quality order by cut_on desc
        """
    )


def duplicates(owner: str, limit: int | None = SHOWN_ROWS) -> Slice:
    """Give leads that are one person's with another lead, cluster by cluster, the one that stands for it first."""
    return _slice(
        """
        select twins.cluster_id, twins.lead_id, twins.company_name, twins.person_name, twins.owner_name,
               twins.is_survivor, twins.leads, twins.match_probability, twins.reasons, twins.created_on, twins.source,
               twins.email, twins.phone, files.name as file, twins.row_number
        from marts.lead_duplicates as twins
        left join meta.files as files on twins.file_id = files.file_id and files.table_name = 'leads'
        where $owner = '' or twins.cluster_id in
            (select cluster_id from marts.lead_duplicates where owner_id = $owner)
        order by twins.leads desc, twins.cluster_id, twins.is_survivor desc, twins.created_on, twins.lead_id
        """,
        {"owner": owner},
        limit,
    )


def duplicate_counts(owner: str) -> pd.Series:
    """Give how many leads repeat another one, and how many clusters they are in."""
    return fetch(
        """
        select count(distinct cluster_id) as clusters, count(*) - count(distinct cluster_id) as repeated
        from marts.lead_duplicates
        where $owner = '' or cluster_id in (select cluster_id from marts.lead_duplicates where owner_id = $owner)
        """,
        {"owner": owner},
    ).iloc[0]
