"""Movements of the pipeline, accuracy, process and people of sales."""

from __future__ import annotations

from datetime import date
from typing import Final

import pandas as pd

from dashboards.queries import SHOWN_ROWS, Parameters, Slice, _slice, fetch

STEPS: Final = (
    "created",
    "reopened",
    "increased",
    "decreased",
    "pulled_in",
    "pushed_out",
    "transferred_in",
    "transferred_out",
    "fx",
    "omitted",
    "deleted",
    "won",
    "lost",
)
_ENTERS: Final = "('created', 'reopened', 'pulled_in', 'transferred_in')"
_LEAVES: Final = "('pushed_out', 'transferred_out', 'omitted', 'deleted', 'won', 'lost')"
_DEALS: Final = f"count(*) filter (step in {_ENTERS}) - count(*) filter (step in {_LEAVES})"
_ROWS: Final = "period = $period and ($owner = '' or owner_id = $owner)"


# What changed


def change_periods() -> pd.DataFrame:
    """Give the periods whose pipeline ever moved, with kind and days; `undated` and `all` have none."""
    return fetch(
        """
        with
        periods as (
            select period, period_kind, period_starts_on, period_ends_on
            from marts.pipeline_forecast
            where level = 'company'
            group by all
        )
        select periods.*
        from periods
        where exists (select 1 from marts.pipeline_changes as changes where changes.period = periods.period)
        order by period_starts_on nulls last, period
        """
    )


def change_days() -> list[date]:
    """Give the days between which changes are shown: week-ends and the as-of day, newest first."""
    rows = fetch("select distinct week from marts.pipeline_waterfall where grain = 'week' order by week desc")
    return [pd.Timestamp(value).date() for value in rows["week"]]


def change_owners(period: str) -> dict[str, str]:
    """Give the owners with movements in a period, name by id."""
    rows = fetch(
        "select owner_id, any_value(owner_name) as owner_name from marts.pipeline_changes where period = $period "
        "group by owner_id order by owner_name, owner_id",
        {"period": period},
    )
    return dict(zip(rows["owner_id"].astype(str), rows["owner_name"].astype(str), strict=True))


def _span(period: str, owner: str, since: date, until: date) -> Parameters:
    return {"period": period, "owner": owner, "since": since, "until": until}


def waterfall(period: str, owner: str, since: date, until: date) -> pd.DataFrame:
    """Give amount and deals of opening, each step that happened after ``since`` up to ``until``, and closing."""
    found = fetch(
        f"""
        select 'opening' as step, coalesce(sum(amount), 0) as amount, {_DEALS} as deals
        from marts.pipeline_changes where {_ROWS} and moved_on <= $since
        union all
        select step, sum(amount) as amount, count(distinct opportunity_id) as deals
        from marts.pipeline_changes where {_ROWS} and moved_on > $since and moved_on <= $until
        group by step
        union all
        select 'closing' as step, coalesce(sum(amount), 0) as amount, {_DEALS} as deals
        from marts.pipeline_changes where {_ROWS} and moved_on <= $until
        """,
        _span(period, owner, since, until),
    )
    order = {step: place for place, step in enumerate(("opening", *STEPS, "closing"))}
    return found.sort_values("step", key=lambda steps: steps.map(order)).reset_index(drop=True)


def stated_closing(period: str, owner: str, on: date) -> float:
    """Give the pipeline of a period at a week's end as the waterfall's closing states it."""
    rows = fetch(
        f"select coalesce(sum(amount), 0) as amount from marts.pipeline_waterfall "
        f"where grain = 'week' and step = 'closing' and week = $day and {_ROWS}",
        {"period": period, "owner": owner, "day": on},
    )
    return float(rows["amount"].iloc[0])


def pipeline_by_week(period: str, owner: str, since: date, until: date) -> pd.DataFrame:
    """Give the open pipeline of a period at each week's end."""
    return fetch(
        f"""
        with
        weeks as (
            select distinct week from marts.pipeline_waterfall
            where grain = 'week' and week between $since and $until
        ),
        closings as (
            select week, sum(amount) as amount from marts.pipeline_waterfall
            where grain = 'week' and step = 'closing' and {_ROWS}
            group by week
        )
        select weeks.week, coalesce(closings.amount, 0) as amount
        from weeks left join closings on weeks.week = closings.week
        order by weeks.week
        """,
        _span(period, owner, since, until),
    )


def step_deals(period: str, owner: str, since: date, until: date, step: str, limit: int | None = SHOWN_ROWS) -> Slice:
    """Give the movements of a step, largest first; of opening and closing the deals that stood then."""
    if step in {"opening", "closing"}:
        sql = f"""
            select opportunity_id, any_value(opportunity_name) as opportunity_name, owner_id,
                   any_value(owner_name) as owner_name, max(moved_on) as moved_on, null::date as other_month,
                   sum(changes.amount) as amount, any_value(files.name) as file,
                   any_value(changes.row_number) as row_number
            from marts.pipeline_changes as changes
            left join meta.files as files on changes.file_id = files.file_id and files.table_name = 'opportunities'
            where {_ROWS} and moved_on <= $day
            group by opportunity_id, owner_id
            having {_DEALS} > 0
            order by amount desc, opportunity_id
        """
    else:
        sql = f"""
            select opportunity_id, opportunity_name, owner_id, owner_name, moved_on, other_month, amount,
                   files.name as file, changes.row_number
            from marts.pipeline_changes as changes
            left join meta.files as files on changes.file_id = files.file_id and files.table_name = 'opportunities'
            where {_ROWS} and moved_on > $since and moved_on <= $until and step = $step
            order by abs(amount) desc, moved_on, opportunity_id
        """
    standing = {"period": period, "owner": owner, "day": since if step == "opening" else until}
    moving = {**_span(period, owner, since, until), "step": step}
    return _slice(sql, standing if step in {"opening", "closing"} else moving, limit)
