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


# Accuracy


def accuracy_choices() -> pd.DataFrame:
    """Give the lengths of ended periods, levels and weeks that forecasts were held against what came."""
    return fetch(
        """
        select period_kind, level, weeks_before_end, count(distinct period) as periods
        from marts.forecast_accuracy
        where method in ('stage', 'calibrated', 'commit', 'best_case')
        group by all
        order by weeks_before_end
        """
    )


_ACCURACY: Final = "period_kind = $kind and weeks_before_end = $weeks"
_ERRORS: Final = """
    count(distinct period) as periods, sum(forecast_amount) as forecast_amount, sum(actual_amount) as actual_amount,
    sum(error) as error, sum(abs(error)) / nullif(sum(actual_amount), 0)::double as wape,
    sum(error) / nullif(sum(actual_amount), 0)::double as bias
"""


def accuracy_by_method(kind: str, weeks: int) -> pd.DataFrame:
    """Give error and bias of each method for the company over all ended periods, closest first."""
    return fetch(
        f"select method, {_ERRORS} from marts.forecast_accuracy where {_ACCURACY} and level = 'company' "
        "group by method order by wape nulls last, method",
        {"kind": kind, "weeks": weeks},
    )


def accuracy_by_period(kind: str, weeks: int, method: str) -> pd.DataFrame:
    """Give forecast and actual of the company for each ended period."""
    return fetch(
        "select period, period_ends_on, forecast_amount, actual_amount, error, accuracy "
        f"from marts.forecast_accuracy where {_ACCURACY} and level = 'company' and method = $method "
        "order by period_ends_on",
        {"kind": kind, "weeks": weeks, "method": method},
    )


def accuracy_by_member(kind: str, weeks: int, method: str, level: str, limit: int | None = SHOWN_ROWS) -> Slice:
    """Give error and bias of each member of a level over all ended periods, largest error first."""
    return _slice(
        f"select level_id, any_value(level_name) as level_name, {_ERRORS} from marts.forecast_accuracy "
        f"where {_ACCURACY} and level = $level and method = $method "
        "group by level_id order by sum(abs(error)) desc, level_id",
        {"kind": kind, "weeks": weeks, "method": method, "level": level},
        limit,
    )


_COMMIT: Final = """
    sum(committed) as committed, sum(won) as won, sum(lost) as lost, sum(missed) as missed,
    sum(committed_amount) as committed_amount, sum(won) / sum(committed)::double as hit_rate,
    sum(hit_amount) / nullif(sum(committed_amount), 0)::double as hit_rate_amount
"""


def commit_by_week(kind: str) -> pd.DataFrame:
    """Give what became of committed deals by weeks before the end of periods of a length, farthest first."""
    return fetch(
        f"select weeks_before_end as weeks, {_COMMIT} from marts.commit_hits where period_kind = $kind "
        "group by weeks_before_end order by weeks_before_end desc",
        {"kind": kind},
    )


def commit_by_owner(kind: str, weeks: int, limit: int | None = SHOWN_ROWS) -> Slice:
    """Give what became of the deals that each owner had committed so many weeks before the end, most deals first."""
    return _slice(
        f"select owner_id, any_value(owner_name) as owner_name, {_COMMIT} from marts.commit_hits "
        "where period_kind = $kind and weeks_before_end = $weeks "
        "group by owner_id order by committed desc, owner_id",
        {"kind": kind, "weeks": weeks},
        limit,
    )


# Deals to look at


def open_pipeline(as_of: date) -> pd.DataFrame:
    """Give number and amount of the company's open deals."""
    return fetch(
        "select open_deals, open_amount from marts.pipeline_forecast "
        "where reporting_date = $as_of and level = 'company' and period = 'all'",
        {"as_of": as_of},
    )


_STALLED: Final = "($team = '' or team = $team) and ($reason = '' or reason = $reason)"


def stalled_teams() -> list[str]:
    """Give the teams with deals to look at."""
    rows = fetch("select distinct team from marts.stalled_opportunities order by team")
    return list(rows["team"].astype(str))


def stalled_reasons(team: str) -> pd.DataFrame:
    """Give deals and amount by reason, largest first; a deal may have several reasons."""
    return fetch(
        "select reason, count(*) as deals, sum(amount) as amount from marts.stalled_opportunities "
        "where $team = '' or team = $team group by reason order by amount desc, reason",
        {"team": team},
    )


def stalled_total(team: str, reason: str) -> pd.DataFrame:
    """Give deals to look at and their amount, each deal once."""
    return fetch(
        "select count(*) as deals, coalesce(sum(amount), 0) as amount from ("
        f"select opportunity_id, any_value(amount) as amount from marts.stalled_opportunities where {_STALLED} "
        "group by opportunity_id)",
        {"team": team, "reason": reason},
    )


def stalled_deals(team: str, reason: str, limit: int | None = SHOWN_ROWS) -> Slice:
    """Give one row per deal to look at, with all its reasons, largest first."""
    return _slice(
        """
        select opportunity_id, any_value(opportunity_name) as opportunity_name, any_value(account_name) as account_name,
               any_value(owner_name) as owner_name, any_value(tell_user_name) as tell_user_name,
               any_value(amount) as amount, any_value(stage) as stage, any_value(days_in_stage) as days_in_stage,
               any_value(pushes) as pushes,
               any_value(close_on) as close_on, any_value(last_activity_on) as last_activity_on,
               string_agg(reason, ',' order by reason) as reasons, any_value(files.name) as file,
               any_value(stalled.row_number) as row_number
        from marts.stalled_opportunities as stalled
        left join meta.files as files on stalled.file_id = files.file_id and files.table_name = 'opportunities'
        where ($team = '' or team = $team)
        group by opportunity_id
        having $reason = '' or bool_or(reason = $reason)
        order by amount desc nulls last, opportunity_id
        """,
        {"team": team, "reason": reason},
        limit,
    )


def registrations_waiting(team: str, limit: int | None = SHOWN_ROWS) -> Slice:
    """Give the deal registrations that nobody has decided yet, longest waiting first."""
    return _slice(
        """
        select waiting.*, files.name as file
        from marts.registrations_waiting as waiting
        left join meta.files as files on waiting.file_id = files.file_id and files.table_name = 'registrations'
        where $team = '' or waiting.team = $team
        order by days_waiting desc, registration_id
        """,
        {"team": team},
        limit,
    )


# Team


def performance_months() -> list[date]:
    """Give the months with closed deals or activities."""
    rows = fetch("select distinct month from marts.sales_performance order by month")
    return [pd.Timestamp(value).date() for value in rows["month"]]


_PERFORMANCE: Final = """
    sum(won) as won, sum(lost) as lost, sum(won_amount) as won_amount, sum(activities) as activities,
    sum(won) / nullif(sum(won) + sum(lost), 0)::double as win_rate,
    sum(won_amount) / nullif(sum(won_amount) + sum(lost_amount), 0)::double as win_rate_amount,
    sum(won_amount) / nullif(sum(won), 0)::double as average_amount,
    sum(won_cycle_days_sum) / nullif(sum(won), 0)::double as cycle_days,
    sum(won_amount) * sum(won) / nullif(sum(won_cycle_days_sum), 0)::double
        / (select count(distinct month) from marts.sales_performance where month >= $since) as velocity
"""


def performance(since: date, by: str) -> pd.DataFrame:
    """Give results by a column of the mart or for all (an empty text), best win rate first.

    Velocity is money a day: what the deals of an average month bring ÷ the days that winning takes.
    """
    if by not in {"owner_name", "team", "region", "product_line", ""}:
        raise ValueError(by)
    name = by or "''"
    return fetch(
        f"select {name} as name, {_PERFORMANCE} from marts.sales_performance where month >= $since group by 1 "
        "order by win_rate desc nulls last, won desc, name",
        {"since": since},
    )


def team_shares(since: date) -> pd.DataFrame:
    """Give for each rep what he won and the share of it in what his team won, month by month the team he was in."""
    return fetch(
        """
        with
        months as (
            select owner_name as name, month, team, sum(won_amount) as amount
            from marts.sales_performance where month >= $since group by all
        ),
        teams as (select month, team, sum(amount) as amount from months group by all)
        select months.name, sum(months.amount) / nullif(sum(teams.amount), 0)::double as team_share
        from months inner join teams using (month, team)
        group by months.name
        """,
        {"since": since},
    )


def followups() -> pd.DataFrame:
    """Give deals by number of follow-ups, with the paper's claim."""
    return fetch(
        "select bucket, won, lost, open, share_of_wins, win_rate, paper_share from marts.followups_to_win "
        "order by sort_order"
    )


def loss_reasons(limit: int | None = SHOWN_ROWS) -> Slice:
    """Give lost deals by reason and competitor over all quarters, most first."""
    return _slice(
        "select reason, competitor, sum(opportunities) as deals, sum(amount) as amount, "
        "sum(opportunities) / sum(sum(opportunities)) over ()::double as share "
        "from marts.win_loss_reasons group by reason, competitor order by deals desc, amount desc, reason, competitor",
        {},
        limit,
    )


def losses_by_quarter() -> pd.DataFrame:
    """Give lost deals by quarter, reason and competitor."""
    return fetch(
        "select quarter, reason, competitor, opportunities as deals, amount from marts.win_loss_reasons "
        "order by quarter, reason, competitor"
    )


def stage_losses() -> pd.DataFrame:
    """Give by owner and stage the deals that entered it and the share lost from it, beside the company's."""
    return fetch(
        "select owner_id, owner_name, stage, stage_order, entered, lost, loss_rate, company_loss_rate "
        "from marts.stage_conversion_reps order by stage_order nulls first, stage, owner_name, owner_id"
    )


def discounts() -> pd.DataFrame:
    """Give won and lost deals of all product lines by band of discount."""
    return fetch(
        "select band, deals, won, lost, open, discount_rate, win_rate, win_low, win_high "
        "from marts.discount_win_rates where product_line = 'all' order by sort_order"
    )


_QUOTES: Final = """
    sum(quotes) as quotes, 1 - sum(quoted_amount) / nullif(sum(list_amount), 0)::double as discount_rate,
    sum(below_floor) as below_floor, sum(approved) / nullif(sum(decided), 0)::double as approval_rate,
    sum(hours_sum) / nullif(sum(decided), 0)::double as hours, sum(ordered) as ordered,
    sum(ordered) / sum(quotes)::double as order_rate
"""


def quotes(since: date, by: str) -> pd.DataFrame:
    """Give quotes against list and floor by ``owner_name``, ``product_line`` or for all (an empty text)."""
    if by not in {"owner_name", "product_line", ""}:
        raise ValueError(by)
    name = by or "''"
    return fetch(
        f"select {name} as name, {_QUOTES} from marts.quote_discipline where month >= $since group by 1 "
        "order by discount_rate desc nulls last, name",
        {"since": since},
    )


_REGISTRATIONS: Final = """
    sum(submitted) as submitted, sum(decided) as decided, sum(approved) as approved, sum(waiting) as waiting,
    sum(approved) / nullif(sum(decided), 0)::double as approval_rate, sum(conflicts) as conflicts,
    sum(lost_while_waiting) as lost_while_waiting, sum(hours_sum) / nullif(sum(decided), 0)::double as hours
"""


def registrations(since: date, by: str) -> pd.DataFrame:
    """Give deal registrations by ``team`` or for all (an empty text), most first."""
    if by not in {"team", ""}:
        raise ValueError(by)
    name = by or "''"
    return fetch(
        f"select {name} as name, {_REGISTRATIONS} from marts.registration_response where month >= $since group by 1 "
        "order by submitted desc, name",
        {"since": since},
    )


def wilson(successes: float, trials: float) -> tuple[float, float]:
    """Give the 95 % Wilson interval of a share, as the marts do."""
    z = 3.841458820694124
    middle, root = (
        (successes / trials + z / (2 * trials)),
        (z * (successes / trials * (1 - successes / trials) / trials + z / (4 * trials * trials))) ** 0.5,
    )
    return max(0.0, (middle - root) / (1 + z / trials)), min(1.0, (middle + root) / (1 + z / trials))
