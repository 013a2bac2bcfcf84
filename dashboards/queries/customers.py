"""Customers: who they are, who drifts away, what they lack, and what went with a change of owner."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import pandas as pd

from dashboards.queries import SHOWN_ROWS, Slice, _slice, fetch

_CHOSEN = "($region = '' or region = $region) and ($owner = '' or owner_id = $owner)"
_OF_ACCOUNT = "($region = '' or accounts.region = $region) and ($owner = '' or accounts.owner_id = $owner)"


@dataclass(frozen=True)
class CustomerFilter:
    """Which accounts: an empty text means all."""

    region: str = ""
    owner: str = ""


def customer_choices() -> tuple[list[str], dict[str, str]]:
    """Give the regions and the owners, by id, of accounts."""
    regions = fetch("select distinct region from marts.account_segments order by region")
    owners = fetch("select distinct owner_id, owner_name from marts.account_segments order by owner_name, owner_id")
    return (
        [str(value) for value in regions["region"]],
        dict(zip(owners["owner_id"].astype(str), owners["owner_name"].astype(str), strict=True)),
    )


def segments(chosen: CustomerFilter) -> pd.DataFrame:
    """Give accounts, revenue and what sleeps of each status and class."""
    return fetch(
        f"""
        select status, abc, count(*) as accounts, sum(revenue_12m_amount) as revenue_12m_amount,
               sum(revenue_amount) as revenue_amount, sum(dormant_amount) as dormant_amount,
               count(*) filter (is_one_time_buyer) as one_time_buyers,
               count(*) filter (is_without_followup) as without_followup,
               count(*) filter (whitespace_lines > 0) as with_whitespace
        from marts.account_segments where {_CHOSEN}
        group by status, abc
        """,
        asdict(chosen),
    )


def customer_list(chosen: CustomerFilter, show: str, limit: int | None = SHOWN_ROWS) -> Slice:
    """Give accounts with their segments, with file and record.

    ``show`` is customers, dormant, once, silent (without follow-up) or prospects.
    """
    condition, order = {
        "customers": ("orders > 0", "revenue_12m_amount desc"),
        "dormant": ("dormant_amount > 0", "dormant_amount desc"),
        "once": ("is_one_time_buyer", "last_order_on desc"),
        "silent": ("is_without_followup and orders > 0", "revenue_12m_amount desc, dormant_amount desc"),
        "prospects": ("orders = 0", "last_followup_on desc nulls last"),
    }[show]
    return _slice(
        f"""
        select account_id, account_name, account_type, industry, size, owner_name, accounts.status, abc, rfm, orders,
               first_order_on, last_order_on, revenue_12m_amount, revenue_amount, dormant_amount, whitespace_lines,
               last_followup_on, days_since_followup, files.name as file, accounts.row_number
        from marts.account_segments as accounts
        left join meta.files as files on accounts.file_id = files.file_id and files.table_name = 'accounts'
        where {_CHOSEN} and {condition}
        order by {order}, account_id
        """,
        asdict(chosen),
        limit,
    )


def whitespace(chosen: CustomerFilter, limit: int | None = SHOWN_ROWS) -> Slice:
    """Give the product lines that customers lack and others like them have, surest first."""
    return _slice(
        f"""
        select gaps.account_name, gaps.owner_name, gaps.industry, gaps.size, gaps.product_line, gaps.peers,
               gaps.peers_buying, gaps.peer_share, gaps.peer_share_low, gaps.peer_median_amount,
               accounts.revenue_12m_amount
        from marts.account_whitespace as gaps
        inner join marts.account_segments as accounts on gaps.account_id = accounts.account_id
        where {_OF_ACCOUNT}
        order by gaps.peer_share_low desc, gaps.peer_median_amount desc nulls last, gaps.account_id, gaps.product_line
        """,
        asdict(chosen),
        limit,
    )


def whitespace_lines(chosen: CustomerFilter) -> pd.DataFrame:
    """Give for each product line how many customers lack it, and what its buyers typically ordered."""
    return fetch(
        f"""
        select gaps.product_line, count(*) as customers, sum(gaps.peer_median_amount) as typical_amount
        from marts.account_whitespace as gaps
        inner join marts.account_segments as accounts on gaps.account_id = accounts.account_id
        where {_OF_ACCOUNT}
        group by gaps.product_line order by customers desc, gaps.product_line
        """,
        asdict(chosen),
    )


def owner_effect() -> pd.DataFrame:
    """Give what went with a change of owner, beside accounts whose owner stayed, and the difference."""
    return fetch(
        """
        select cohort, changes, customers, stopped, stopped_rate, stopped_low, stopped_high, decided, lost, lost_rate,
               lost_low, lost_high, revenue_before_amount, revenue_after_amount, revenue_kept_rate, revenue_kept_low,
               revenue_kept_high
        from marts.owner_change_effect
        order by case cohort when 'changed' then 1 when 'stayed' then 2 else 3 end
        """
    )


def owner_changes(chosen: CustomerFilter, limit: int | None = SHOWN_ROWS) -> Slice:
    """Give changes of owner, those after which most was lost first."""
    return _slice(
        f"""
        select changes.account_name, changes.changed_on, changes.old_owner_name, changes.owner_name,
               changes.is_observed, changes.orders_before, changes.orders_after, changes.revenue_before_amount,
               changes.revenue_after_amount, changes.lost_revenue_amount, changes.lost_opportunities,
               changes.lost_opportunity_amount
        from marts.account_owner_changes as changes
        inner join marts.account_segments as accounts on changes.account_id = accounts.account_id
        where {_OF_ACCOUNT}
        order by changes.lost_revenue_amount desc nulls last, changes.lost_opportunity_amount desc,
            changes.changed_on desc, changes.account_id
        """,
        asdict(chosen),
        limit,
    )


def conflicts(chosen: CustomerFilter, limit: int | None = SHOWN_ROWS) -> Slice:
    """Give customers that two owners, or direct sales and a partner, had at one time: standing and largest first."""
    return _slice(
        """
        select conflicts.account_name, conflicts.kind, conflicts.is_standing, conflicts.amount,
               conflicts.first_owner_name, conflicts.first_partner_name, conflicts.first_claim,
               conflicts.first_claim_id, conflicts.first_registration_id, conflicts.first_at,
               conflicts.second_owner_name, conflicts.second_partner_name, conflicts.second_claim,
               conflicts.second_claim_id, conflicts.second_registration_id, conflicts.second_at,
               conflicts.overlaps_from_on, conflicts.overlaps_until_on
        from marts.account_conflicts as conflicts
        left join marts.account_segments as accounts on conflicts.account_id = accounts.account_id
        where ($region = '' or accounts.region = $region)
            and ($owner = '' or conflicts.first_owner_id = $owner or conflicts.second_owner_id = $owner)
        order by conflicts.is_standing desc, conflicts.amount desc nulls last, conflicts.customer_id,
            conflicts.first_claim_id, conflicts.second_claim_id
        """,
        asdict(chosen),
        limit,
    )


def standing_conflicts(chosen: CustomerFilter) -> int:
    """Give how many customers two parties have at this moment."""
    rows = fetch(
        """
        select count(distinct conflicts.customer_id) as customers
        from marts.account_conflicts as conflicts
        left join marts.account_segments as accounts on conflicts.account_id = accounts.account_id
        where conflicts.is_standing and ($region = '' or accounts.region = $region)
            and ($owner = '' or conflicts.first_owner_id = $owner or conflicts.second_owner_id = $owner)
        """,
        asdict(chosen),
    )
    return int(rows["customers"].iloc[0])
