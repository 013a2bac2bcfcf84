"""Forms of exports that no other file here has: labels in the other language, reports without ids, deeper reports."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.pipeline.project import Project

BAIDU_TOP = "数据生成时间：2026-02-06 09:30:00\n数据生成条件：\n1. 时间范围：20260205\n2. 时间单位：分日\n"

SALESFORCE = {
    "客户": (
        "accounts",
        "客户名称,客户 ID,类型,行业,员工数,开票城市,开票国家/地区,客户所有人,创建日期\n某公司,001A,客户,机械,120,北京,中国,李娜,2026-01-05\n",
    ),
    "联系人": ("contacts", "姓,名,客户名,电子邮件,电话,职务,联系人 ID\n王,强,某公司,w@x.cn,138,总监,003A\n"),
    "市场活动": (
        "campaigns",
        "市场活动名称,市场活动 ID,类型,状态,开始日期,结束日期,预算成本,实际成本,预期收入\n春季,701A,展会,进行中,2026-01-01,2026-03-31,1000,900,5000\n",
    ),
    "市场活动成员": (
        "campaign_members",
        "市场活动 ID,潜在客户 ID,联系人 ID,成员状态,已响应,首次响应日期,创建日期\n701A,00QA,,已响应,是,2026-01-09,2026-01-08\n",
    ),
    "业务机会历史": (
        "opportunity_history",
        "业务机会 ID,字段/事件,旧值,新值,编辑日期\n006A,阶段,初步接洽,赢单,2026-02-01 10:00\n",
    ),
    "任务": (
        "activities",
        "活动 ID,主题,被分配人,日期,状态,姓名 ID,相关项 ID,通话类型\n00TA,致电,李娜,2026-01-07,已完成,00QA,006A,呼出\n",
    ),
    "用户": ("users", "全名,用户 ID,电子邮件,部门,角色,经理 ID\n李娜,005A,n@x.cn,华北,销售,005B\n"),
    "members": (
        "campaign_members",
        "Campaign ID,Lead ID,Contact ID,Email,Member Status,Responded,First Responded Date,Created Date\n701A,00QB,,a@b.c,Responded,TRUE,1/29/2026,1/28/2026\n",
    ),
}

NEOCRM = {
    "users": ("users", "Name,User ID,Department,Manager,Email,Hired on\nAnn,U1,North,Bo,a@x.cn,2020-01-05\n"),
    "accounts": (
        "accounts",
        "Account name,Account ID,Industry,Size,Owner,Created on\nAcme,C1,Machinery,100,Ann,2026-01-05\n",
    ),
    "contacts": ("contacts", "Name,Account name,Title,Mobile,Email\nBo,Acme,CTO,1,b@x.cn\n"),
    "leads": (
        "leads",
        "Company,Name,Mobile,Email,Source,Campaign,Product line,Status,Pool,Claimed at,Recycled at,Owner,Created on\nAcme,Bo,1,b@x.cn,Web,Spring,Pumps,Working,North,2026-01-07 09:00,,Ann,2026-01-05\n",
    ),
    "campaigns": (
        "campaigns",
        "Campaign name,Campaign type,Starts on,Ends on,Budget,Actual cost,Expected revenue,Status\nSpring,Trade show,2026-01-01,2026-03-31,1,2,3,Active\n",
    ),
    "activities": (
        "activities",
        "Occurred at,Activity type,Content,Account name,Opportunity name,Owner\n2026-01-08 10:00,Call,Hi,Acme,Pumps,Ann\n",
    ),
    "registrations": (
        "registrations",
        "Registration ID,Company,Project,Product line,Owner,Submitted at,Decided at,Decision,Valid until\nR1,Acme,One,Pumps,Ann,2026-01-05 10:00,2026-01-06 10:00,approved,2026-04-05\n",
    ),
    "quotes": (
        "quotes",
        "Quote ID,Account name,Opportunity name,Product ID,Quantity,List price,Quoted price,Floor price,Submitted at,Decision,Owner\nQ1,Acme,Pumps,P1,2,100,90,80,2026-01-05,approved,Ann\n",
    ),
    "contracts": (
        "contracts",
        "Contract ID,Account name,Opportunity name,Amount,Signed on,Starts on,Ends on,Status,Owner\nK1,Acme,Pumps,12000,2026-02-01,2026-02-01,2026-12-31,active,Ann\n",
    ),
    "orders": (
        "orders",
        "Order ID,Account name,Contract ID,Ordered on,Status,Owner\nO1,Acme,K1,2026-02-02,active,Ann\n",
    ),
    "plans": ("collection_plans", "Contract ID,Instalment,Due on,Amount,Method,Owner\nK1,1,2026-03-01,6000,wire,Ann\n"),
    "payments": ("payments", "Contract ID,Account name,Paid on,Amount,Method\nK1,Acme,2026-03-02,6000,wire\n"),
    "pool": ("pool_events", "Pool,Action,Occurred at,Account name,Owner\nNorth,claimed,2026-01-07 09:00,Acme,Ann\n"),
}


@pytest.mark.parametrize(("source", "files"), [("salesforce", SALESFORCE), ("neocrm", NEOCRM)])
def test_every_object_is_recognised_by_the_labels_of_its_other_language(
    company: Project, source: str, files: dict[str, tuple[str, str]]
) -> None:
    for name, (_, text) in files.items():
        company.write(f"{source}/{name}.csv", text)
    company.load()
    assert not company.report.problems
    found = company.rows("select name, source, table_name, loaded, rejected from registry.files")
    expected = [(f"{source}/{name}.csv", source, table, 1, 0) for name, (table, _) in files.items()]
    assert sorted(found) == sorted(expected)


def test_a_report_of_leads_by_salesforces_labels_has_a_footer_and_no_ids(company: Project) -> None:
    text = (
        "Lead Owner,First Name,Last Name,Title,Company / Account,Email,Lead Source,Lead Status,Rating,Street,Created Date,Converted\n"
        'Ann Lee,Na,Li,CTO,Acme,na@acme.com,Web,Working,Hot,"Main St\n5",1/15/2026,FALSE\n'
        "Bo Wu,Jo,Ma,,Globex,jo@globex.com,[not provided],New,,,1/16/2026,TRUE\n"
        '"Grand Totals (2 records)"\nConfidential Information - Do Not Distribute\n'
    )
    file = company.load_one("report1770.csv", text)
    assert (file.table, file.loaded, file.rejected, file.skipped) == ("leads", 2, 0, 2)
    assert "lead_id made of company_name, last_name, email, created_at" in file.notes
    assert company.live("salesforce.leads", "company_name, source, grade, owner_id, created_at::varchar") == [
        ("Acme", "Web", "Hot", "Ann Lee", "2026-01-15 00:00:00"),
        ("Globex", None, None, "Bo Wu", "2026-01-16 00:00:00"),
    ]


def test_a_currency_before_each_amount_of_salesforce_is_the_amounts(company: Project) -> None:
    text = (
        "Opportunity Owner,Account Name,Opportunity Name,Stage,Amount Currency,Amount,Expected Revenue Currency,Expected Revenue,"
        "Probability (%),Close Date,Created Date,Lead Source,Type\n"
        'Ann Lee,Acme,Pumps,Prospecting,EUR,"1,000.00",EUR,100.00,10,3/31/2026,1/15/2026,Web,New\n'
    )
    company.load_one("report1771.csv", text)
    assert company.live("salesforce.opportunities", "amount, currency") == [(Decimal("1000.00"), "EUR")]


def test_hubspots_stage_times_are_found_in_single_quotes_too(company: Project) -> None:
    text = (
        "Record ID,Deal Name,Deal Stage,Pipeline,Amount,Close Date,Deal owner,Last Activity Date,Associated Company,Date entered 'Demo (Sales Pipeline)'\n"
        "11,Pumps,Demo (Sales Pipeline),Sales Pipeline,5,2026-03-01,Ann Lee,2026-01-07,Acme,2026-01-10 10:00\n"
    )
    company.write("hubspot-crm-exports-all-deals-2026-02-05.csv", text)
    company.load()
    assert company.live("hubspot.deal_stages", "opportunity_id, stage, entered_at::varchar") == [
        ("11", "Demo (Sales Pipeline)", "2026-01-10 10:00:00")
    ]


BRITISH = (
    "\ufeffCampaign report\n27 January 2026 - 23 February 2026\n"
    "Campaign status\tCampaign\tBudget\tBudget name\tBudget type\tCurrency code\tStatus\tStatus reasons\tOptimisation score\tCampaign type\t"
    "Clicks\tImpr.\tCTR\tAvg. CPC\tCost\tConversions\tCost / conv.\tConv. value\tDay\n"
    "Enabled\tBrand\t10.00\t\tDaily\tGBP\tEligible\t\t80%\tSearch\t5\t1,200\t0.42%\t2.00\t10.00\t1.50\t6.67\t100.00\t2026-01-27\n"
    "Total: Performance Max\t --\t --\t --\t --\tGBP\t --\t --\t --\t --\t5\t1,200\t0.42%\t2.00\t10.00\t1.50\t6.67\t100.00\t\n"
    "Gesamt: Konto\t\t\t\t\tGBP\t\t\t\t\t5\t1,200\t\t\t10.00\t1.50\t\t\t\n"
    "Total : campagnes\t\t\t\t\tGBP\t\t\t\t\t5\t1,200\t\t\t10.00\t1.50\t\t\t\n"
)


def test_a_british_report_of_google_is_utf16_with_tabs_and_totals_in_any_language(company: Project) -> None:
    file = company.load_one("Campaign report.csv", BRITISH.encode("utf-16-le"))
    assert (file.loaded, file.rejected, file.skipped) == (1, 0, 5)
    assert "Gesamt: Konto GBP" in file.notes
    assert company.live("google_ads.campaign_days", "spent_on::varchar, cost, impressions, currency") == [
        ("2026-01-27", Decimal("10.000000"), 1200, "GBP")
    ]


@pytest.mark.parametrize(
    ("source", "name", "text", "skipped"),
    [
        (
            "baidu_ads",
            "信息流.csv",
            BAIDU_TOP
            + "\n日期,账户,推广计划,推广单元,平台,展现,点击,消费,点击率,平均点击价格,千次展现消费\n2026-02-05,acme,春季,单元,计算机,100,5,10.00,5.00%,2.00,100.00\n",
            4,
        ),
        (
            "baidu_ads",
            "搜索.csv",
            BAIDU_TOP
            + "3. 推广设备：全部\n4. 投放网络：全部\n5. 投放物料：全部\n\n日期,账户,推广计划,推广单元,创意标题,省,市,小时,展现,点击,消费,点击率,平均点击价格\n"
            + "2026-02-05,acme,春季,单元,标题,北京,北京,8,100,5,10.00,5.00%,2.00\n",
            7,
        ),
        (
            "linkedin_ads",
            "领英.csv",
            "开始日期（UTC）,账户名称,货币,广告系列组名称,广告系列名称,总支出,展示次数,点击次数,潜在客户\n2026-02-05,acme,CNY,春季,春季一,10,100,5,1\n",
            0,
        ),
        (
            "meta_ads",
            "meta.csv",
            "Reporting starts,Reporting ends,Campaign name,Campaign ID,Day,Platform,Impressions,Clicks (all),Amount spent (CNY)\n2026-02-05,2026-02-05,春季,77,2026-02-05,Audience Network,100,5,10.00\n",
            0,
        ),
        (
            "tencent_ads",
            "腾讯.csv",
            "日期,账户ID,推广计划ID,推广计划名称,站点集,曝光次数,点击次数,花费\n2026-02-05,900,77,春季,微信公众号与小程序,100,5,10.00\n",
            0,
        ),
    ],
)
def test_deeper_reports_and_other_labels_of_platforms_are_read(
    company: Project, source: str, name: str, text: str, skipped: int
) -> None:
    file = company.load_one(name, text)
    assert (file.loaded, file.rejected, file.skipped) == (1, 0, skipped)
    assert company.live(f"{source}.campaign_days", "spent_on::varchar, cost, impressions, clicks") == [
        ("2026-02-05", Decimal("10.000000"), 100, 5)
    ]


def test_a_report_of_tencent_without_days_names_what_it_lacks(company: Project) -> None:
    text = "创意名称,花费,曝光次数,点击次数,注册次数\n视频,10.00,100,5,1\n"
    assert "tencent_ads.campaign_days, which also needs spent_on" in company.problem("创意报告.csv", text)
