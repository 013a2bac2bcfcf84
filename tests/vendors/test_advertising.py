"""Advertising platforms beside Google's: each report's lines, marks and encodings; English and Chinese headers."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from tests.pipeline.project import Project

META = "Reporting starts,Reporting ends,Campaign name,Campaign delivery,Results,Result indicator,Reach,Impressions,Cost per results,Amount spent (USD),Ends"


def rows_of(company: Project, source: str, columns: str) -> list[tuple[object, ...]]:
    """What the campaign days of a source hold."""
    return company.live(f"{source}.campaign_days", columns)


def test_meta_spreads_ranges_takes_the_currency_from_a_header_and_leaves_the_summary_out(company: Project) -> None:
    text = (
        f"{META}\n2026-02-01,2026-02-03,,active,7,,900,2200,1.43,10.01,Ongoing\n"
        '2026-02-01,2026-02-03,"Spring\nsale",active,7,leads,900,2000,1.43,10.00,Ongoing\n'
        "2026-02-01,2026-02-01,Brand,active,,,0,200,,0.01,Ongoing\n"
        "2026-02-03,2026-02-01,Backwards,active,,,0,200,,0.01,Ongoing\n"
        "2026-02-03,2026-02-03,Odd,active,,,0,200,,ten,Ongoing\n"
    )
    file = company.load_one("Campaigns.csv", text)
    assert (file.loaded, file.rejected, file.skipped) == (4, 2, 1)
    assert rows_of(company, "meta_ads", "spent_on::varchar, campaign_name, cost, is_spread, currency") == [
        ("2026-02-01", "Brand", Decimal("0.010000"), False, "USD"),
        ("2026-02-01", "Spring\nsale", Decimal("3.340000"), True, "USD"),
        ("2026-02-02", "Spring\nsale", Decimal("3.330000"), True, "USD"),
        ("2026-02-03", "Spring\nsale", Decimal("3.330000"), True, "USD"),
    ]
    assert [(column, reason) for _, column, _, reason in company.rejects()] == [
        ("Reporting ends", "is before the range begins"),
        ("Amount spent (USD)", "is not a number"),
    ]


def test_meta_by_day_needs_no_spreading(company: Project) -> None:
    text = (
        "报告开始日期,报告结束日期,广告系列名称,广告系列编号,日,花费金额 (CNY),展示次数,链接点击量\n"
        '2026-02-01,2026-02-28,春季,77,2026-02-01,"1,234.50","10,000",12\n'
    )
    company.load_one("广告系列.csv", text)
    assert rows_of(company, "meta_ads", "spent_on::varchar, campaign_id, cost, clicks, is_spread, currency") == [
        ("2026-02-01", "77", Decimal("1234.500000"), 12, None, "CNY")
    ]


@pytest.mark.real
def test_the_real_meta_download_has_no_rows_and_says_so(company: Project, real_exports: Path) -> None:
    file = company.load_one("campaigns.csv", (real_exports / "meta_ads" / "campaigns_without_rows.csv").read_bytes())
    assert (file.rows_read, file.skipped) == (0, 1)
    assert "No data available" in file.notes


def linkedin(header: str, *rows: str) -> bytes:
    lines = [
        "Campaign Performance Report (in UTC)",
        'Report Start: "1/28/2026, 12:00 AM"',
        'Report End: "2/5/2026, 12:00 AM"',
    ]
    lines += ["Date Generated: 2/6/2026, 3:25 PM", "", header, *rows]
    return ("\ufeff" + "\r\n".join(lines) + "\r\n").encode("utf-16-le")


def test_linkedin_is_utf16_with_tabs_and_says_when_it_was_made(company: Project) -> None:
    header = "Start Date (in UTC)\tAccount Name\tCurrency\tCampaign Group Name\tCampaign Name\tCampaign Type\tTotal Spent\tReach\tImpressions\tClicks\tLeads"
    rows = [
        "1/28/2026\tAcme\tEUR\tSpring\tSpring DE\tSponsored\t12.50\t80\t1,000\t4\t1",
        "2/5/2026\tAcme\tEUR\tSpring\tSpring FR\tSponsored\t7.5\t80\t500\t4\t0",
        "13/5/2026\tAcme\tEUR\tSpring\tSpring FR\tSponsored\t7.5\t80\t500\t4\t0",
        "Total\t\t\t\t\t\t20.00\t160\t1,500\t8\t1",
    ]
    file = company.load_one("account_1_campaign_performance_report.csv", linkedin(header, *rows))
    assert (file.loaded, file.rejected, file.skipped) == (2, 1, 5)
    assert company.rows("select encoding, exported_at_from, exported_at::varchar from registry.files") == [
        ("utf-16-le", "content", "2026-02-06 15:25:00")
    ]
    assert rows_of(company, "linkedin_ads", "range_from_on::varchar, spent_on::varchar, campaign_group_name, cost") == [
        ("2026-01-28", "2026-01-28", "Spring", Decimal("12.500000")),
        ("2026-02-05", "2026-02-05", "Spring", Decimal("7.500000")),
    ]
    assert company.rejects()[0][1:] == (
        "Start Date (in UTC)",
        "13/5/2026",
        "is not a date in the column's format %m/%d/%Y",
    )


BAIDU = """数据生成时间：2017-10-10 09:30:00
数据生成条件：
1. 时间范围：20171009
2. 时间单位：分日
3. 推广设备：全部
4. 投放网络：全部

日期,账户,推广计划,展现,点击,消费,点击率,平均点击价格,网页转化,商桥转化,电话转化
2017-10-09,acme,品牌词,"1,000",20,150.25,2.00%,7.51,1,2,0
2017-10-09,acme,通用词,500,3,30.00,0.60%,10.00,0,0,0
2017-10-09,acme,通用词,500,3,三十,0.60%,10.00,0,0,0
总计,,,"1,500",23,180.25,1.53%,7.84,1,2,0
"""


def test_baidu_is_gbk_with_lines_above_and_a_total_below(company: Project) -> None:
    file = company.load_one("搜索推广.csv", BAIDU.encode("gb18030"))
    assert (file.loaded, file.rejected, file.skipped) == (2, 1, 7)
    assert company.rows("select encoding, exported_at_from, exported_at::varchar from registry.files") == [
        ("gb18030", "content", "2017-10-10 09:30:00")
    ]
    assert rows_of(
        company, "baidu_ads", "spent_on::varchar, campaign_name, cost, web_conversions, chat_conversions"
    ) == [
        ("2017-10-09", "品牌词", Decimal("150.250000"), Decimal("1.000000"), Decimal("2.000000")),
        ("2017-10-09", "通用词", Decimal("30.000000"), Decimal("0.000000"), Decimal("0.000000")),
    ]


def test_baidu_without_a_day_takes_the_range_above(company: Project) -> None:
    text = "1. 时间范围：2017-10-01至2017-10-02\n账户,推广计划,展现,点击,消费\nacme,品牌词,3,1,0.03\n"
    company.load_one("百度推广.csv", text)
    assert rows_of(company, "baidu_ads", "spent_on::varchar, cost, impressions, is_spread") == [
        ("2017-10-01", Decimal("0.020000"), 2, True),
        ("2017-10-02", Decimal("0.010000"), 1, True),
    ]


@pytest.mark.parametrize(
    ("source", "name", "text", "expected"),
    [
        (
            "baidu_ads",
            "baidu.csv",
            "Date,Account,Campaign,Ad group,Impressions,Clicks,Cost,CTR,Average CPC\n2017-10-09,acme,Brand,A,10,1,1.5,10%,1.5\n",
            ("2017-10-09", "acme", None, "Brand", Decimal("1.500000"), 10, 1),
        ),
        (
            "tencent_ads",
            "腾讯广告.csv",
            (
                "日期,账户ID,推广计划ID,推广计划名称,广告ID,广告名称,曝光次数,点击次数,点击率,花费,目标转化量,目标转化成本\n"
                '2026/2/5,900,77,春季,5,视频,"12,000",30,0.25%,￥88.80,2,44.40\n总计,,,,,,"12,000",30,0.25%,￥88.80,2,44.40\n'
            ),
            ("2026-02-05", "900", "77", "春季", Decimal("88.800000"), 12000, 30),
        ),
        (
            "tencent_ads",
            "tencent.csv",
            "Date,Account ID,Campaign ID,Campaign name,Impressions,Clicks,Cost,Conversions\n2026-02-05,900,77,Spring,10,1,2.5,0\n",
            ("2026-02-05", "900", "77", "Spring", Decimal("2.500000"), 10, 1),
        ),
        (
            "so_ads",
            "360点睛.csv",
            (
                "时间：2026-02-05\n推广账户,产品线,推广计划,省级地区,市级地区,展示次数,点击次数,点击率,总费用,平均每次点击费用\n"
                "acme,搜索推广,品牌,北京,北京,100,5,5%,10.00,2.00\n"
            ),
            ("2026-02-05", "acme", None, "品牌", Decimal("10.000000"), 100, 5),
        ),
        (
            "sogou_ads",
            "搜狗.csv",
            (
                "编号,日期,账户,推广计划,省级地域,市级地域,消耗,消耗占比,点击数,点击均价\n总计,,,,,,10.00,100%,5,2.00\n"
                "1,2026-02-05,acme,品牌,北京,北京,10.00,100%,5,2.00\n"
            ),
            ("2026-02-05", "acme", None, "品牌", Decimal("10.000000"), None, 5),
        ),
        (
            "ocean_ads",
            "巨量.csv",
            (
                "时间-天,项目ID,项目名称,单元ID,单元名称,消耗,展示数,平均千次展现费用(元),点击数,点击率%,平均点击单价(元),转化数,平均转化成本\n"
                "2026-02-05,1,春季,2,视频,10.5,100,105,5,5,2.1,1,10.5\n"
            ),
            ("2026-02-05", None, "1", "春季", Decimal("10.500000"), 100, 5),
        ),
        (
            "ocean_ads",
            "头条.csv",
            "时间,广告计划id,广告计划,广告组id,广告组,展示数,点击数,总花费\n2019-02-05,5,视频,1,春季,100,5,10.5\n",
            ("2019-02-05", None, "1", "春季", Decimal("10.500000"), 100, 5),
        ),
    ],
)
def test_a_platform_is_recognised_by_its_headers(
    company: Project, source: str, name: str, text: str, expected: tuple[object, ...]
) -> None:
    file = company.load_one(name, text)
    assert (file.loaded, file.rejected) == (1, 0)
    columns = "spent_on::varchar, ad_account, campaign_id, campaign_name, cost, impressions, clicks"
    assert rows_of(company, source, columns) == [expected]
