"""What campaigns cost and brought in, how models divide the credit, and the plan."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date

import pandas as pd

from dashboards.queries import _ROI_ROWS, _ROI_SUMS, SHOWN_ROWS, Parameters, Slice, _slice, fetch


@dataclass(frozen=True)
class Span:
    """What a page of returns looks at: model, basis and months."""

    model: str
    basis: str
    since: date
    until: date


def campaigns(span: Span, channel: str) -> pd.DataFrame:
    """Give cost, revenue and returns of each campaign of a channel, largest gain first; with plan and payback day."""
    return fetch(
        f"""
        with
        sums as (
            select campaign_id, any_value(campaign_name) as campaign_name, {_ROI_SUMS}
            from marts.campaign_roi_monthly
            where {_ROI_ROWS} and channel = $channel
            group by campaign_id
        )
        select sums.*, whole.budget, whole.payback_on
        from sums
        left join marts.campaign_roi as whole
            on sums.campaign_id = whole.campaign_id and whole.channel = $channel and whole.model = $model
        order by sums.booked_amount - sums.cost desc nulls last, sums.campaign_id
        """,
        {**asdict(span), "channel": channel},
    )


def _in_months(day: str) -> str:
    return f"{day} >= $since and {day} < $until + interval 1 month"


def campaign_deals(span: Span, channel: str, campaign: str, depth: str, limit: int | None = SHOWN_ROWS) -> Slice:
    """Give the opportunities whose revenue is credited to a campaign, largest first, with file and record."""
    day = "credits.moved_on" if span.basis == "period" else "credits.cohort_on"
    parameters: Parameters = {**asdict(span), "channel": channel, "campaign": campaign, "depth": depth}
    del parameters["basis"]
    return _slice(
        f"""
        with
        sums as (
            select opportunity_id, sum(amount) as amount, max(moved_on) as moved_on
            from core.revenue_credits as credits
            where depth = $depth and model = $model and channel = $channel and campaign_id = $campaign
                and {_in_months(day)}
            group by opportunity_id
        )
        select sums.opportunity_id, deals.opportunity_name, deals.account_name, deals.owner_name, deals.status,
               sums.moved_on, sums.amount, files.name as file, deals.row_number
        from sums
        left join core.opportunities as deals on sums.opportunity_id = deals.opportunity_id
        left join meta.files as files on deals.file_id = files.file_id and files.table_name = 'opportunities'
        order by sums.amount desc, sums.opportunity_id
        """,
        parameters,
        limit,
    )


def campaign_costs(span: Span, channel: str, campaign: str, limit: int | None = SHOWN_ROWS) -> Slice:
    """Give the exported lines of a campaign's cost, newest first, with file and record."""
    return _slice(
        f"""
        select spent_on, kind, cost, document_cost, currency, files.name as file, costs.row_number
        from core.spend_daily as costs
        left join meta.files as files
            on costs.file_id = files.file_id
            and files.table_name = case when costs.origin = 'spend' then 'spend' else 'campaigns' end
        where channel = $channel and campaign_id = $campaign and {_in_months("spent_on")}
        order by spent_on desc, costs.row_number
        """,
        {"channel": channel, "campaign": campaign, "since": span.since, "until": span.until},
        limit,
    )


# Attribution


def path_sources() -> list[str]:
    """Give the inputs of journeys that the mart holds."""
    rows = fetch("select distinct path_source from marts.attribution_channels order by path_source")
    return [str(value) for value in rows["path_source"]]


def channel_shares(source: str) -> pd.DataFrame:
    """Give conversions, value and share of each channel and model of an input."""
    return fetch(
        """
        select channel, model, conversions, value_amount, share, removal_effect, rank
        from marts.attribution_channels
        where path_source = $source
        order by model, rank nulls last, channel
        """,
        {"source": source},
    )


def top_paths(source: str, limit: int | None = 200) -> Slice:
    """Give the paths with most conversions, and how often each did not convert."""
    return _slice(
        """
        select path, conversions, nulls, conversions / nullif(conversions + nulls, 0)::double as conversion_rate,
               value_amount
        from core.journeys
        where path_source = $source
        order by conversions desc, nulls desc, path
        """,
        {"source": source},
        limit,
    )


# Plan


def plan_nodes() -> pd.DataFrame:
    """Give every node of the plan tree with the figures of its branch."""
    return fetch(
        """
        select campaign_id, campaign_name, parent_campaign_id, level, channel, starts_on, ends_on, status, budget,
               committed_amount, spent, forecast_cost, variance_amount, expected_revenue_amount, booked_amount,
               expected_leads, leads
        from marts.campaign_plan
        order by budget desc nulls last, spent desc, campaign_id
        """
    )
