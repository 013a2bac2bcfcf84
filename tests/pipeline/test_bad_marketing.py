"""What goes wrong in marketing exports, all at once and end to end: nothing is lost, nothing counts twice, each is named."""

from __future__ import annotations

from contextlib import closing
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from pipelines.transform import BuildResult, build
from tests.pipeline.project import Project

pytestmark = pytest.mark.slow

BOT_TOUCHES = 1_000_000
BOT_DAYS = 3
EXPORTED_AT = datetime(2026, 6, 30, 18)
EXPORTS = {
    "campaigns": """campaign_id,name,level,channel,parent_campaign_id,starts_on,ends_on,budget,currency
C1,Newsletter,campaign,email,,2026-01-01,2026-12-31,1000,CNY
C2,Never spent,campaign,events,,2026-01-01,2026-12-31,500,CNY
A,Above itself,campaign,events,B,2026-01-01,2026-12-31,10,CNY
B,Below itself,campaign,events,A,2026-01-01,2026-12-31,20,CNY
""",
    "spend": """spent_on,campaign_id,channel,kind,cost,currency
2026-01-10,C1,email,media,100,CNY
2026-01-11,C1,email,media,-30,CNY
2026-01-12,,email,media,40,CNY
2026-01-13,,Sky writing,media,7,CNY
""",
    "accounts": "account_id,name\nACME,Acme\nBETA,Beta\nBOTTED,Botted\n",
    "leads": """lead_id,created_at,source,channel,campaign_id,company_name,person_name,email,converted_at,opportunity_id,account_id
L1,2026-01-15 09:00:00,Website,email,C1,Acme,Ann One,ann@acme.example,2026-02-01 09:00:00,O1,ACME
L2,2026-01-16 09:00:00,Website,Sky writing,,Acme,Bob Two,bob@acme.example,2026-02-01 09:00:00,O1,ACME
L3,2026-03-10 09:00:00,Website,email,C1,Gamma,Cid Three,cid@gamma.example,2026-03-01 09:00:00,,
BOT,2026-01-15 09:00:00,Website,display,,Botted,Dot Bot,bot@botted.example,2026-02-01 09:00:00,O3,BOTTED
""",
    "opportunities": """opportunity_id,name,account_id,stage,amount,lead_id,created_at,closed_at,currency
O1,Two leads,ACME,Closed Won,1000,L1,2026-02-01 09:00:00,2026-03-01 12:00:00,CNY
O2,No lead,BETA,Closed Won,500,,2026-02-01 09:00:00,2026-03-01 12:00:00,CNY
O3,The bot's,BOTTED,Closed Won,100,BOT,2026-02-01 09:00:00,2026-03-01 12:00:00,CNY
""",
}
TOUCHES = """touchpoint_id,occurred_at,campaign_id,channel,kind,lead_id,account_id
T1,2026-01-15 08:00:00,C1,email,email_click,L1,ACME
T2,2026-03-01 11:59:59,,Sky writing,click,L2,ACME
T3,2026-03-01 12:00:01,,events,attendance,L1,ACME
"""


class Built(Project):
    """A project whose exports are built into marts."""

    result: BuildResult

    def build(self) -> BuildResult:
        """Load and build."""
        self.load(exported_at=EXPORTED_AT.isoformat())
        assert not self.report.problems, self.report.problems
        self.result = build(self.data, {})
        return self.result

    def rows(self, sql: str) -> list[tuple[object, ...]]:
        """What was built."""
        with closing(duckdb.connect(str(self.data / "build" / "wanamaker.duckdb"), read_only=True)) as connection:
            return connection.execute(sql).fetchall()


def write_bot(path: Path) -> None:
    """A million clicks of one lead on one channel over three days, behind the touches of people."""
    duckdb.execute(f"""
        copy (
            select 'bot-' || number as touchpoint_id,
                   timestamp '2026-01-20 00:00:00' + to_seconds((number * {BOT_DAYS * 86_400}) // {BOT_TOUCHES})
                   as occurred_at,
                   null as campaign_id, 'display' as channel, 'click' as kind, 'BOT' as lead_id, 'BOTTED' as account_id
            from range({BOT_TOUCHES}) as touches(number)
        ) to '{path}' (header)
    """)


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Built:
    project = Built(tmp_path_factory.mktemp("bad"))
    for table, content in EXPORTS.items():
        project.write(f"{table}_2026-06-30.csv", content)
    project.write("touchpoints_2026-06-30.csv", TOUCHES)
    write_bot(project.exports / "touchpoints_bot_2026-06-30.csv")
    project.build()
    return project


def test_it_is_published_all_the_same(company: Built) -> None:
    assert [test.name for test in company.result.failed] == []


def test_spend_without_a_campaign_and_credits_stay_and_all_spend_is_there(company: Built) -> None:
    rows = company.rows(
        "select campaign_id, channel, cost from marts.campaign_roi where model = 'linear' and cost <> 0 order by cost"
    )
    assert rows == [("unassigned", "sky_writing", 7), ("unassigned", "email", 40), ("custom:C1", "email", 70)]
    assert company.rows("select sum(cost) from marts.channel_roi where model = 'linear' and basis = 'period'") == [
        (Decimal("117.00"),)
    ]


def test_a_campaign_without_spend_stands_in_the_plan(company: Built) -> None:
    assert company.rows("select budget, spent from marts.campaign_plan where campaign_id = 'custom:C2'") == [(500, 0)]


def test_a_touch_after_the_win_earns_nothing(company: Built) -> None:
    rows = company.rows(
        "select distinct touchpoint_id from marts.attribution_credits where opportunity_id = 'custom:O1' order by 1"
    )
    assert rows == [("custom:T1",), ("custom:T2",)]


def test_two_leads_of_one_deal_win_it_once(company: Built) -> None:
    wins = company.rows(
        "select sum(credit_share), sum(booked_amount) from marts.attribution_credits "
        "where opportunity_id = 'custom:O1' group by model"
    )
    assert set(wins) == {(Decimal("1.000000"), Decimal("1000.00"))}
    booked = company.rows("select model, sum(booked_amount), sum(wins) from marts.campaign_roi group by model")
    assert {(amount, won) for _, amount, won in booked} == {(Decimal("1600.00"), Decimal("3.000000"))}


def test_a_deal_without_a_lead_is_unattributed(company: Built) -> None:
    assert company.rows(
        "select channel, booked_amount from marts.channel_roi "
        "where channel = 'unattributed' and model = 'linear' and basis = 'period' and booked_amount <> 0"
    ) == [("unattributed", Decimal("500.00"))]


def test_a_cycle_in_the_campaign_tree_ends_and_is_named(company: Built) -> None:
    nodes = company.rows(
        "select campaign_id, budget from marts.campaign_plan where campaign_id in ('custom:A', 'custom:B') order by 1"
    )
    assert len(nodes) == 2
    assert company.rows(
        "select count(*) > 0 from marts.data_findings where finding = 'cycle_in_the_campaign_tree'"
    ) == [(True,)]
    assert company.rows("select sum(budget) from marts.campaign_plan where parent_campaign_id is null") == [
        (Decimal("1510.00"),)
    ]


def test_a_lead_converted_before_it_was_created_took_no_days_and_is_named(company: Built) -> None:
    assert company.rows("select days_to_converted from core.lead_journeys where lead_id = 'custom:L3'") == [(0,)]
    assert company.rows("select count(*) > 0 from marts.data_findings where finding = 'event_before_creation'") == [
        (True,)
    ]


def test_a_channel_never_seen_keeps_its_own_name_and_is_named(company: Built) -> None:
    found = company.rows("select distinct value from marts.data_findings where finding = 'undeclared_channel'")
    assert found == [("sky_writing",)]


def test_a_million_touches_of_one_bot_are_one_a_day(company: Built) -> None:
    assert company.rows("select count(*) from core.touchpoints where lead_id = 'custom:BOT'") == [(BOT_TOUCHES,)]
    touches = company.rows(
        "select count(distinct touchpoint_id), sum(booked_amount) from marts.attribution_credits "
        "where opportunity_id = 'custom:O3' and model = 'linear'"
    )
    assert touches == [(BOT_DAYS, Decimal("100.00"))]


def test_a_currency_without_a_rate_is_named_and_nothing_is_published(tmp_path: Path) -> None:
    project = Built(tmp_path)
    for table, content in EXPORTS.items():
        project.write(
            f"{table}_2026-06-30.csv",
            content.replace("2026-01-13,,Sky writing,media,7,CNY", "2026-01-13,,Sky writing,media,7,XAU"),
        )
    result = project.build()
    assert result.failed
    said = " ".join(f"{test.name} {test.sample}" for test in result.failed)
    assert "XAU" in said
    assert "2026-01-13" in said or "2026, 1, 13" in said
