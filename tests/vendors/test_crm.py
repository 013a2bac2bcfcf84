"""Salesforce, HubSpot and Neocrm: API names, labels in two languages, ids that are names, stage times in columns."""

from __future__ import annotations

from decimal import Decimal

from tests.pipeline.project import Project

REPORT = """Open and closed deals

Opportunity Owner,Account Name,Opportunity Name,Stage,Fiscal Period,Amount Currency,Amount,Probability (%),Age,Close Date,Created Date,Next Step,Lead Source,Type
Ann Lee,Acme,Acme - pumps,Prospecting,Q1-2026,USD,"12,000.00",10,30,3/31/2026,1/15/2026,"Call
again",Web,New Business
Ann Lee,Globex,Globex - valves,Closed Won,Q1-2026,USD,"1,500.50",100,12,2/13/2026,1/31/2026,,Trade Show,
Bo Wu,Acme,Acme - spares,Ripening,Q1-2026,USD,n/a of course,25,3,3/1/2026,2/14/2026,,,
,,,,,,,,,,,,,
Total,,,,,USD,"13,500.50",,,,,,,
"Grand Totals (3 records)"
Confidential Information - Do Not Distribute
"Copyright (c) 2000-2026 salesforce.com, inc. All rights reserved."
"""


def test_a_salesforce_report_without_ids_makes_them_of_names_and_says_so(company: Project) -> None:
    file = company.load_one("report1769.csv", REPORT)
    assert (file.table, file.loaded, file.rejected, file.skipped) == ("opportunities", 2, 1, 6)
    assert "opportunity_id made of account_name, name, created_at" in file.notes
    assert "Grand Totals (3 records) | Confidential Information" in file.notes
    assert company.live(
        "salesforce.opportunities", "opportunity_id, account_id, owner_id, amount, currency, close_on::varchar"
    ) == [
        ("Acme / Acme - pumps / 1/15/2026", "Acme", "Ann Lee", Decimal("12000.00"), "USD", "2026-03-31"),
        ("Globex / Globex - valves / 1/31/2026", "Globex", "Ann Lee", Decimal("1500.50"), "USD", "2026-02-13"),
    ]
    assert company.rejects() == [(7, "Amount", "n/a of course", "is not a number")]


OBJECTS = {
    "Account": (
        "accounts",
        (
            "Id,Name,Type,Industry,NumberOfEmployees,BillingCity,BillingCountry,ParentId,OwnerId,CurrencyIsoCode,CreatedDate,IsDeleted\n"
            "001A,Acme,Customer,Machinery,120,Berlin,Germany,,005A,EUR,2026-01-05T08:00:00.000+0000,false\n"
        ),
    ),
    "Contact": (
        "contacts",
        "Id,AccountId,LastName,FirstName,Email,Phone,Title,CreatedDate\n003A,001A,Li,Na,na@acme.com,1,CTO,2026-01-05T08:00:00.000Z\n",
    ),
    "Lead": (
        "leads",
        (
            "Id,Company,LastName,FirstName,Email,LeadSource,Status,Rating,OwnerId,CreatedDate,ConvertedDate,ConvertedOpportunityId\n"
            "00QA,Acme,Li,Na,na@acme.com,Web,Qualified,Hot,005A,2026-01-05T08:00:00.000Z,2026-02-01,006A\n"
        ),
    ),
    "Campaign": (
        "campaigns",
        (
            "Id,Name,Type,Status,StartDate,EndDate,BudgetedCost,ActualCost,ExpectedRevenue,ParentId,OwnerId\n"
            "701A,Spring,Trade Show,Completed,2026-01-01,2026-03-31,1000.00,900.50,50000,,005A\n"
        ),
    ),
    "CampaignMember": (
        "campaign_members",
        (
            "Id,CampaignId,LeadId,ContactId,Status,HasResponded,FirstRespondedDate,CreatedDate\n"
            "00vA,701A,00QA,,Responded,true,2026-01-09,2026-01-08T10:00:00.000Z\n"
        ),
    ),
    "Opportunity": (
        "opportunities",
        (
            "Id,AccountId,Name,StageName,Amount,Probability,CloseDate,CreatedDate,IsClosed,IsWon,ForecastCategoryName,LeadSource,CampaignId,OwnerId,CurrencyIsoCode\n"
            "006A,001A,Pumps,Prospecting,1.5E3,10,2026-03-31,2026-01-05T08:00:00.000Z,false,false,Pipeline,Web,701A,005A,EUR\n"
        ),
    ),
    "opportunity": (
        "opportunities",
        (
            "id,account_id,name,stage_name,amount,close_date,created_date,is_closed,is_won,forecast_category_name,owner_id\n"
            "006A,001A,Pumps,Prospecting,1500,2026-03-31,2026-01-05 08:00:00,false,false,Pipeline,005A\n"
        ),
    ),
    "OpportunityFieldHistory": (
        "opportunity_history",
        "Id,OpportunityId,Field,OldValue,NewValue,CreatedDate,CreatedById\n017A,006A,StageName,Prospecting,Closed Won,2026-02-01T08:00:00.000Z,005A\n",
    ),
    "Task": (
        "activities",
        "Id,WhoId,WhatId,Subject,ActivityDate,Status,OwnerId,TaskSubtype,CallType,CreatedDate\n00TA,00QA,006A,Call,2026-01-07,Completed,005A,Call,Outbound,2026-01-06T08:00:00.000Z\n",
    ),
    "Event": (
        "activities",
        "Id,WhoId,WhatId,Subject,StartDateTime,EndDateTime,OwnerId,Location\n00UA,003A,006A,Visit,2026-01-07T01:00:00.000Z,2026-01-07T02:00:00.000Z,005A,Berlin\n",
    ),
    "User": (
        "users",
        "Id,Name,Email,Username,UserRole.Name,ManagerId,Department,IsActive\n005A,Ann Lee,ann@us.com,ann@us.com,Rep,005B,North,true\n",
    ),
    "潜在客户": (
        "leads",
        "潜在客户所有人,名,姓,公司,电子邮件,潜在客户来源,潜在客户状态,分级,创建日期\n李娜,强,王,某公司,w@x.cn,网站,新建,热,2026-01-05\n",
    ),
    "业务机会": (
        "opportunities",
        "业务机会所有人,客户名,业务机会名称,阶段,金额,可能性,结束日期,创建日期,下一步\n李娜,某公司,泵,初步接洽,￥1.5万,10%,2026/3/31,2026/1/5,拜访\n",
    ),
}


def recognised(company: Project) -> dict[str, tuple[str, str, int, int]]:
    """For each file of the last run its source and table, and how many rows it gave and lost."""
    assert not company.report.problems
    rows = company.rows("select name, source, table_name, loaded, rejected from registry.files")
    return {name.rsplit("/", 1)[-1].split("_2026")[0].removesuffix(".csv"): tuple(values) for name, *values in rows}


def test_every_object_of_salesforce_is_recognised(company: Project) -> None:
    for number, (name, (_, text)) in enumerate(OBJECTS.items(), 1):
        company.write(f"{name}_2026-01-{number:02}.csv", text)
    company.load()
    changed = {name: ("salesforce", table, 1, 0) for name, (table, _) in OBJECTS.items()}
    assert recognised(company) == changed


def test_the_newer_of_two_exports_of_one_record_stands(company: Project) -> None:
    _, text = OBJECTS["Opportunity"]
    company.write("Opportunity_2026-02-01.csv", text)
    company.write("Opportunity_2026-03-01.csv", text.replace("Prospecting", "Ripening").replace("1.5E3", "oops"))
    company.write("Opportunity_2026-04-01.csv", text.replace("Prospecting", "Closed Won"))
    company.load()
    assert [file.rejected for file in company.report.files] == [0, 1, 0]
    assert company.live("salesforce.opportunities", "stage, amount") == [("Closed Won", Decimal("1500.00"))]
    assert company.column("stage", "salesforce.opportunities") == ["Prospecting", "Closed Won"]


DEALS = (
    "Record ID,Deal Name,Deal Stage,Pipeline,Amount,Close Date,Create Date,Deal owner,Associated Company,Associated Company IDs,"
    '"Date entered ""Demo (Sales Pipeline)""","Date entered ‘Won’","hs_v2_date_entered_lost"\n'
    '11,Pumps,Demo (Sales Pipeline),Sales Pipeline,"1,000.00",2026-03-31 00:00,2026-01-05 09:30,Ann Lee,Acme,77;78,2026-01-10 10:00,,\n'
    "12,Valves,Won,Sales Pipeline,20,2026-03-01 00:00,2026-01-06 09:30,Ann Lee,Acme,77,2026-01-11 10:00,2026-02-01 08:00,\n"
    "13,Odd,Won,Sales Pipeline,many,2026-03-01 00:00,2026-01-06 09:30,,,,yesterday,2026-02-01 08:00,\n"
)


def test_stage_times_in_columns_of_hubspot_become_rows(company: Project) -> None:
    company.write("hubspot-crm-exports-all-deals-2026-02-05-1.csv", DEALS)
    company.load()
    deals, stages = company.report.files
    assert (deals.table, deals.loaded, deals.rejected) == ("deals", 2, 1)
    assert (stages.table, stages.rows_read, stages.loaded, stages.rejected) == ("deal_stages", 4, 3, 1)
    assert "2 records hold 3 rows" in stages.notes
    assert company.live("hubspot.deal_stages", "opportunity_id, stage, entered_at::varchar") == [
        ("11", "Demo (Sales Pipeline)", "2026-01-10 10:00:00"),
        ("12", "Demo (Sales Pipeline)", "2026-01-11 10:00:00"),
        ("12", "Won", "2026-02-01 08:00:00"),
    ]
    assert {(column, value) for _, column, value, _ in company.rejects()} == {
        ("Amount", "many"),
        ('Date entered "Demo (Sales Pipeline)"', "yesterday"),
    }


CONTACTS = (
    "Record ID,First Name,Last Name,Email,Phone Number,Contact owner,Lead Status,Create Date,Last Modified Date,Lifecycle Stage,Associated Deal IDs\n"
    "1,Na,Li,na@acme.com,1,Ann Lee,New,2026-01-05 09:30,2026-01-06 09:30,Lead,11; 12;11\n"
    "2,,,,,,,2026-01-05 09:30,2026-01-06 09:30,Subscriber,\n"
)


def test_several_ids_in_a_cell_of_hubspot_become_rows(company: Project) -> None:
    company.write("all-contacts.csv", CONTACTS)
    company.load()
    assert [(file.table, file.rows_read, file.loaded) for file in company.report.files] == [
        ("contacts", 2, 2),
        ("contact_deals", 2, 2),
    ]
    assert company.live("hubspot.contact_deals", "contact_id, opportunity_id") == [("1", "11"), ("1", "12")]


HUBSPOT = {
    "companies": (
        "companies",
        "Record ID,Company name,Company owner,Create Date,Industry,City\n77,Acme,Ann Lee,2026-01-05,Machinery,Berlin\n",
    ),
    "公司": ("companies", "记录 ID,公司名称,公司负责人,创建日期,行业,城市\n77,某公司,李娜,2026-01-05,机械,北京\n"),
    "deals_api": (
        "deals",
        "hs_object_id,dealname,dealstage,pipeline,amount,closedate,createdate,hubspot_owner_id\n11,Pumps,won,default,5,2026-03-01T00:00:00Z,2026-01-05T00:00:00Z,9\n",
    ),
    "交易": (
        "deals",
        "记录 ID,交易名称,交易阶段,管道,金额,结束日期,交易负责人,创建日期\n11,泵,演示,销售管道,￥5,2026-03-01,李娜,2026-01-05\n",
    ),
    "owners": ("owners", "Owner ID,First Name,Last Name,Email,Teams\n9,Ann,Lee,ann@us.com,North\n"),
    "calls": (
        "engagements",
        "Record ID,Activity type,Activity date,Activity assigned to,Call direction,Associated Contact IDs,Associated Deal IDs\n5,Call,2026-01-05 09:30,Ann Lee,Outbound,1;2,11\n",
    ),
    "联系人": (
        "contacts",
        "记录 ID,名字,姓氏,电子邮件,联系人负责人,线索状态,创建日期,生命周期阶段\n1,娜,李,n@x.cn,李娜,新,2026-01-05,潜在客户\n",
    ),
}


def test_every_object_of_hubspot_is_recognised(company: Project) -> None:
    for number, (name, (_, text)) in enumerate(HUBSPOT.items(), 1):
        company.write(f"hubspot/{name}_2026-01-{number:02}.csv", text)
    company.load()
    assert recognised(company) == {name: ("hubspot", table, 1, 0) for name, (table, _) in HUBSPOT.items()}


NEOCRM = {
    "用户": ("users", "姓名,用户ID,部门,直属上级,邮箱,入职日期\n李娜,U1,华北区,王强,n@x.cn,2020-01-05\n"),
    "客户": (
        "accounts",
        "客户名称,客户编号,行业,公司规模,客户所有人,所属部门,创建日期\n某公司,C1,机械,100-500人,李娜,华北区,2026-01-05\n",
    ),
    "联系人": ("contacts", "姓名,客户名称,职务,手机,邮箱,所属部门\n王强,某公司,总监,138,w@x.cn,华北区\n"),
    "销售线索": (
        "leads",
        (
            "公司名称,姓名,手机,邮箱,来源,市场活动,产品线,状态,公海池,领取时间,退回时间,负责人,创建日期\n"
            "某公司,王强,138,w@x.cn,网站,春季展会,泵,跟进中,华北公海,2026-01-07 09:00,,李娜,2026-01-05\n"
        ),
    ),
    "市场活动": (
        "campaigns",
        "市场活动名称,活动类型,开始日期,结束日期,预算,实际费用,预计收入,状态,所属部门\n春季展会,展会,2026-01-01,2026-03-31,￥1万,9500,50万,进行中,市场部\n",
    ),
    "销售机会": (
        "opportunities",
        (
            "销售机会名称,客户名称,销售阶段,销售金额,赢率,结单日期,销售机会所有人,所属部门,创建日期,来源,输单原因,竞争对手,下一步行动\n"
            '泵,某公司,初步接洽,"￥12,000.00",10%,2026年3月31日,李娜,华北区,2026年1月5日,网站,,,"拜访\n客户"\n合计,,,"￥12,000.00",,,,,,,,,\n'
        ),
    ),
    "商机": (
        "opportunities",
        "商机名称,客户名称,跟进阶段,预计合同金额(含税),预计签单日期,主责销售,商机创建时间\n泵,某公司,赢单,12000,2026-03-31,李娜,2026-01-05 10:00\n",
    ),
    "活动记录": (
        "activities",
        "活动时间,活动类型,活动内容,客户名称,销售机会名称,负责人,所属部门\n2026-01-08 10:00,电话,约访,某公司,泵,李娜,华北区\n",
    ),
    "报备": (
        "registrations",
        "报备编号,报备客户,项目名称,产品线,报备人,报备时间,审批时间,审批结果,有效期至,所属部门\nR1,某公司,一期,泵,李娜,2026-01-05 10:00,2026-01-06 10:00,通过,2026-04-05,华北区\n",
    ),
    "报价单": (
        "quotes",
        "报价单编号,客户名称,销售机会名称,产品编号,数量,标准价格,销售单价,底价,报价日期,审批结果,负责人\nQ1,某公司,泵,P1,2,100,90,80,2026-01-05,通过,李娜\n",
    ),
    "合同": (
        "contracts",
        "合同编号,合同名称,客户名称,销售机会名称,合同金额,签订日期,开始日期,结束日期,合同状态,负责人,所属部门\nK1,泵合同,某公司,泵,12000,2026-02-01,2026-02-01,2026-12-31,执行中,李娜,华北区\n",
    ),
    "订单": (
        "orders",
        "订单编号,客户名称,合同编号,下单日期,订单状态,订单金额,负责人,所属部门\nO1,某公司,K1,2026-02-02,已生效,12000,李娜,华北区\n",
    ),
    "回款计划": (
        "collection_plans",
        "合同编号,期次,计划回款日期,计划回款金额,回款方式,负责人,所属部门\nK1,1,2026-03-01,6000,电汇,李娜,华北区\n",
    ),
    "回款记录": (
        "payments",
        "合同编号,客户名称,回款日期,回款金额,回款方式,负责人,所属部门\nK1,某公司,2026-03-02,6000,电汇,李娜,华北区\n",
    ),
    "公海池": ("pool_events", "公海池,操作,操作时间,客户名称,操作人\n华北公海,领取,2026-01-07 09:00,某公司,李娜\n"),
    "opportunities": (
        "opportunities",
        "Opportunity name,Account name,Sales stage,Amount,Win rate,Close date,Owner,Department,Created on\nPumps,Acme,Prospecting,12000,10%,2026-03-31,Ann Lee,North,2026-01-05\n",
    ),
}


def test_every_object_of_neocrm_is_recognised(company: Project) -> None:
    for number, (name, (_, text)) in enumerate(NEOCRM.items(), 1):
        company.write(f"neocrm/{name}_2026-03-{number:02}.csv", text.encode("gb18030"))
    company.load()
    assert recognised(company) == {name: ("neocrm", table, 1, 0) for name, (table, _) in NEOCRM.items()}


def test_names_of_neocrm_stand_for_ids_that_are_not_exported(company: Project) -> None:
    company.load_one("neocrm/销售机会.csv", NEOCRM["销售机会"][1])
    assert company.live(
        "neocrm.opportunities", "opportunity_id, account_id, owner_id, amount, created_at::varchar"
    ) == [("某公司 / 泵", "某公司", "李娜", Decimal("12000.00"), "2026-01-05 00:00:00")]
