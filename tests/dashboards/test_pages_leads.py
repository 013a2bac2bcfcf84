"""The pages Leads, Lead desk and Customers in both languages, and that their figures add up."""

from __future__ import annotations

from pathlib import Path

import pytest

from dashboards import words
from dashboards.app_pages.customers import account_type_name
from dashboards.labels_leads import reasons_in_words, rule_name
from dashboards.queries import customers, leads
from dashboards.queries.customers import CustomerFilter
from dashboards.queries.leads import LeadFilter
from tests.dashboards import published
from tests.dashboards.test_pages import opened, text

TITLES = {
    "leads": ("Leads", "线索"),
    "lead_desk": ("Lead desk", "线索工作台"),
    "customers": ("Customers", "客户"),
}


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("page", TITLES)
def test_a_page_shows_its_figures(company: Path, page: str, language: str) -> None:
    app = opened(page, language)
    assert app.title[0].value == TITLES[page][language == "zh"]
    assert len(app.metric) == 5
    said = text(app)
    for wrong in ("NaN", "None ", "nan", "{", "could not be shown", "无法显示"):
        assert wrong not in said.replace("\nNone", "")


@pytest.mark.parametrize(
    ("page", "export"), [("leads", "lead_events.csv"), ("lead_desk", "activities.csv"), ("customers", "accounts.csv")]
)
def test_an_empty_page_names_the_exports_that_fill_it(folder: Path, page: str, export: str) -> None:
    published.build(folder, is_empty=True)
    assert export in text(opened(page))


def test_a_rate_to_date_is_never_the_last_word(company: Path) -> None:
    assert "have become an opportunity so far; within 365 days it will be 18.3% (16.4% to 20.1%)" in text(
        opened("leads")
    )


def test_a_score_names_its_channel_and_a_rule_of_nothing_is_said_so() -> None:
    words.use("zh")
    assert reasons_in_words("grade A +1.67; channel referral +0.97; source Trade show -0.10") == (
        "等级 A +1.67; 渠道 转介绍 +0.97; 来源 Trade show -0.10"
    )
    assert (rule_name("(none)"), rule_name("* · * · D"), account_type_name("partner")) == ("（无）", "D", "伙伴")
    words.use("en")


def test_one_source_and_product_line_have_their_own_curve(company: Path) -> None:
    rows = leads.incidence(LeadFilter("events", "Drives"))
    assert list(rows["horizon_days"]) == [7, 30, 60, 90, 180, 365]
    assert LeadFilter("events", "Drives").grain == "source × product_line"
    assert not opened("leads", source="events").exception


def test_a_month_too_young_for_a_horizon_stays_blank(company: Path) -> None:
    table = opened("leads").dataframe[0].value
    newest = table.iloc[0]
    assert newest["month"] == "Nov 2026"
    assert newest[["d30", "d60", "d90", "d180"]].isna().all()
    assert table.iloc[-1]["d180"] == pytest.approx(15.0)


def test_the_desk_lists_who_waits_longest_first_with_its_line(company: Path) -> None:
    app = opened("lead_desk")
    assert "3 leads wait for a first answer, the longest for 42 days" in text(app)
    waiting = app.dataframe[0].value
    assert list(waiting["company_name"]) == ["Delta", "东海精密", "Acme <Robotics>"]
    assert list(waiting["row_number"]) == [3, 2, 1]
    assert len(app.dataframe[1].value) == 2


def test_one_owner_sees_only_his_leads(company: Path) -> None:
    owner = next(iter(published.OWNERS))
    app = opened("lead_desk", owner=owner)
    assert list(app.dataframe[0].value["company_name"]) == ["Acme <Robotics>"]
    assert set(app.dataframe[2].value["owner_name"]) == {published.OWNERS[owner]}


def test_segments_add_up_to_all_accounts(company: Path) -> None:
    app = opened("customers")
    assert "1 of 3 customers are active; 2 sleep or have left, worth ¥490" in text(app)
    table = app.dataframe[0].value
    for name in ("accounts", "revenue_12m_amount", "dormant_amount"):
        assert float(table[name].iloc[0]) == pytest.approx(float(table[name].iloc[1:].sum()))


@pytest.mark.parametrize(
    ("shown", "names"),
    [
        ("customers", ["Cobalt Energy", "Ridgeway <Auto>", "华辰机电有限公司"]),
        ("dormant", ["Ridgeway <Auto>", "华辰机电有限公司"]),
        ("once", ["Ridgeway <Auto>"]),
        ("silent", ["Ridgeway <Auto>", "华辰机电有限公司"]),
        ("prospects", ["Quartz Mining"]),
    ],
)
def test_each_list_holds_its_accounts(company: Path, shown: str, names: list[str]) -> None:
    assert list(customers.customer_list(CustomerFilter(), shown).frame["account_name"]) == names


def test_a_region_without_accounts_is_said_to_hold_nothing(company: Path) -> None:
    assert customers.segments(CustomerFilter(region="nowhere")).empty


def test_whitespace_and_changes_follow_the_filter(company: Path) -> None:
    owner, other, *_ = published.OWNERS
    assert customers.whitespace(CustomerFilter(owner=owner)).total == 1
    assert customers.whitespace(CustomerFilter(owner=other)).total == 0
    assert customers.owner_changes(CustomerFilter("North", owner)).total == 1


def test_repeated_leads_stand_with_the_one_that_counts_first(company: Path) -> None:
    owner, other, *_, stranger = published.OWNERS
    assert list(leads.duplicates(owner).frame["is_survivor"]) == [True, False]
    assert leads.duplicates(other).total == 2
    assert leads.duplicates(stranger).total == 0
    assert "of 1 person" in text(opened("lead_desk"))


def test_conflicts_that_stand_come_first(company: Path) -> None:
    owner, *_, stranger = published.OWNERS
    assert list(customers.conflicts(CustomerFilter(owner=owner)).frame["kind"]) == ["direct_and_partner", "owners"]
    assert customers.conflicts(CustomerFilter(owner=stranger)).total == 0
    assert customers.standing_conflicts(CustomerFilter("North")) == 1
    said = [frame.value for frame in opened("customers").dataframe if "second_claim" in frame.value]
    assert list(said[0]["kind"]) == ["Direct sales and a partner", "Two owners"]
