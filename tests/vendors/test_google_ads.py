"""Google Ads: title lines, totals, ranges of days, micros, UTF-16 with tabs; English, Chinese and German."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from tests.pipeline.project import Project

HEADER = (
    "Campaign status,Campaign,Budget,Currency code,Campaign type,Clicks,Impr.,CTR,Avg. CPC,Cost,Conversions,Conv. value"
)
SEGMENTED = f"""Campaign report
"July 8, 2025 - July 9, 2025"
{HEADER.replace("Campaign,", "Campaign,Day,")}
Enabled,Brand,2025-07-08,10.00,USD,Search,5,"1,200",0.42%,2.00,10.00,1.50,100.00
Enabled,Brand,2025-07-09,10.00,USD,Search,3,900,0.33%,2.11,6.33, --,0.00
Enabled,"Video
summer",2025-07-08,5.00,USD,Video,0,"12,345",< 10%, --,"1,001.05",0.00,0.00
Enabled,Brand,2025-07-09,10.00,USD,Search,x,900,0.33%,2.11,6.33,0.00,0.00
,,,,,,,,,,,,
Total: Campaigns, --, --, --,USD, --,8,"14,445",,,"1,017.38",1.50,100.00
Total: Account, --, --, --,USD, --,8,"14,445",,,"1,017.38",1.50,100.00
"""


def test_a_report_by_day_keeps_its_days_and_leaves_the_totals_out(company: Project) -> None:
    file = company.load_one("Campaign report.csv", SEGMENTED)
    assert (file.table, file.loaded, file.rejected, file.skipped) == ("campaign_days", 3, 1, 5)
    assert "above the header: Campaign report | July 8, 2025 - July 9, 2025" in file.notes
    assert "total rows left out: Total: Campaigns USD 8" in file.notes
    assert company.live(
        "google_ads.campaign_days", "spent_on::varchar, campaign_name, cost, conversions, is_spread"
    ) == [
        ("2025-07-08", "Brand", Decimal("10.000000"), Decimal("1.500000"), None),
        ("2025-07-08", "Video\nsummer", Decimal("1001.050000"), Decimal("0.000000"), None),
        ("2025-07-09", "Brand", Decimal("6.330000"), None, None),
    ]
    assert company.rejects() == [(8, "Clicks", "x", "is not a number")]


def test_the_cost_of_a_range_is_spread_over_its_days_to_the_cent(company: Project) -> None:
    text = f'Campaign report\n"July 8, 2025 - July 10, 2025"\n{HEADER}\nEnabled,Brand,10,USD,Search,4,10,,,100.00,1,-0.02\n'
    file = company.load_one("Campaign report.csv", text)
    assert (file.rows_read, file.loaded, file.skipped) == (3, 3, 2)
    assert "1 records for 2025-07-08 to 2025-07-10 spread evenly over their days: 3 rows" in file.notes
    spread = "spent_on::varchar, cost, clicks, conversions, conversion_value_amount, is_spread, range_to_on::varchar"
    assert company.live("google_ads.campaign_days", spread) == [
        ("2025-07-08", Decimal("33.340000"), 2, Decimal("0.340000"), Decimal("-0.01"), True, "2025-07-10"),
        ("2025-07-09", Decimal("33.330000"), 1, Decimal("0.330000"), Decimal("-0.01"), True, "2025-07-10"),
        ("2025-07-10", Decimal("33.330000"), 1, Decimal("0.330000"), Decimal("0.00"), True, "2025-07-10"),
    ]


def test_a_longer_range_restates_the_days_of_a_shorter_one(company: Project) -> None:
    report = f"Campaign report\n{{days}}\n{HEADER}\nEnabled,Brand,10,USD,Search,4,10,,,{{cost}},1,0\n"
    company.deliver({"report_2025-07-09.csv": report.format(days="8 July 2025 - 9 July 2025", cost="20.00")})
    company.deliver({"report_2025-07-11.csv": report.format(days="8 July 2025 - 11 July 2025", cost="42.00")})
    assert company.live("google_ads.campaign_days", "spent_on::varchar, cost") == [
        (f"2025-07-{day}", Decimal("10.500000")) for day in ("08", "09", "10", "11")
    ]


def test_a_report_for_all_time_is_refused_with_the_reason(company: Project) -> None:
    text = f"Campaign report\nAll time\n{HEADER}\nEnabled,Brand,10,USD,Search,4,10,,,100.00,1,0\n"
    assert company.problem("Campaign report.csv", text) == (
        "'All time': its cost cannot be dated; export it for a range of days, or segmented by day"
    )


@pytest.mark.parametrize(
    ("days", "message"),
    [
        ("7/8/2025 - 9/8/2025", "can be read as 2025-07-08 to 2025-09-08 or 2025-08-07 to 2025-08-09"),
        ("2 summers - 1 winter", "no line above the header a range of dates that can be read"),
    ],
)
def test_a_range_that_can_be_read_in_two_ways_or_none_is_refused(company: Project, days: str, message: str) -> None:
    text = f"Campaign report\n{days}\n{HEADER}\nEnabled,Brand,10,USD,Search,4,10,,,100.00,1,0\n"
    assert message in company.problem("Campaign report.csv", text)


def test_micros_of_the_api_become_money_without_a_rounding_on_the_way(company: Project) -> None:
    text = (
        "segments.date,campaign.id,campaign.name,metrics.cost_micros,metrics.impressions,metrics.clicks,"
        "metrics.conversions,customer.currency_code\n2025-07-08,11,Brand,12345678,10,2,0.5,EUR\n2025-07-08,12,Generic,1,0,0,0,EUR\n"
        "2025-07-08,13,Broken,12.5.1,0,0,0,EUR\n"
    )
    file = company.load_one("google_ads_api.csv", text)
    assert (file.loaded, file.rejected, file.rounded) == (2, 1, 0)
    assert company.live("google_ads.campaign_days", "campaign_id, cost, currency") == [
        ("11", Decimal("12.345678"), "EUR"),
        ("12", Decimal("0.000001"), "EUR"),
    ]
    assert company.rejects() == [
        (4, "metrics.cost_micros", "12.5.1", "is not a number of at most 12 digits before the decimal mark")
    ]


def test_a_chinese_report_is_read_by_its_own_headers(company: Project) -> None:
    text = "广告系列报告\n2025年7月8日 - 2025年7月9日\n广告系列状态,广告系列,货币代码,广告系列类型,点击次数,展示次数,费用,转化次数,转化价值\n"
    text += '已启用,品牌,CNY,搜索,3,"1,000",￥20.00,1.00,￥50.00\n总计：广告系列, --,CNY, --,3,"1,000",￥20.00,1.00,￥50.00\n'
    file = company.load_one("广告系列报告.csv", text)
    assert (file.loaded, file.skipped) == (2, 3)
    assert company.live("google_ads.campaign_days", "campaign_name, cost, clicks") == [
        ("品牌", Decimal("10.000000"), 1),
        ("品牌", Decimal("10.000000"), 2),
    ]


def test_the_overview_card_gives_the_account_by_day(company: Project) -> None:
    text = 'Date,Clicks,Impressions,Avg. CPC,Cost\n"Thu, 5 Feb 2026",25,800,US$2.00,US$50.00\n"Fri, 6 Feb 2026",0,10, --,US$0.00\n'
    file = company.load_one("Time_series.csv", text)
    assert (file.table, file.loaded) == ("account_days", 2)
    assert company.live("google_ads.account_days", "spent_on::varchar, cost, currency") == [
        ("2026-02-05", Decimal("50.000000"), None),
        ("2026-02-06", Decimal("0.000000"), None),
    ]


@pytest.mark.real
def test_the_real_downloads_give_their_money_once(company: Project, real_exports: Path) -> None:
    for name in ("campaign_report_utf16le_tab_gbp.csv", "campaign_report_utf8_eur.csv"):
        company.write(name, (real_exports / "google_ads" / name).read_bytes())
    company.load()
    assert not company.report.problems
    assert [(file.loaded, file.skipped) for file in company.report.files] == [(28, 4), (84, 5)]
    totals = "select currency, count(*), sum(cost), sum(clicks) from google_ads.campaign_days group by all order by all"
    assert company.rows(totals) == [("EUR", 84, Decimal("0.000000"), 0), ("GBP", 28, Decimal("365.220000"), 264)]
