"""What touches people: e-mail campaigns, events and the web site; and media plans through the template."""

from __future__ import annotations

from decimal import Decimal

import polars as pl

from tests.pipeline.project import Project

CAMPAIGNS = (
    "Title,Subject,List,Send Date,Send Weekday,Total Recipients,Successful Deliveries,Soft Bounces,Unique Opens,Open Rate,"
    "Total Opens,Unique Clicks,Click Rate,Total Clicks,Unsubscribes,Unique Id\n"
    '"Spring\nnews",Hello,All,"Feb 05, 2026 10:00 am",Thursday,"1,100","1,098",2,440,40.1%,600,100,9.1%,120,1,abc123\n'
    '"Summer news",Hello,All,"Jul 05, 2026 10:00 am",Sunday,many,many,2,440,40.1%,600,100,9.1%,120,1,abc124\n'
)


def test_mailchimp_campaigns_and_the_clicks_of_recipients(company: Project) -> None:
    company.write("mailchimp_campaigns_2026-07-06.csv", CAMPAIGNS)
    company.write(
        "recipient activity_2026-07-06.csv",
        "Email Address,Campaign,Action,Timestamp,URL\nna@acme.com,Summer news,click,2026-07-05 11:00:00,https://x\n"
        ",Summer news,click,2026-07-05 11:00:00,https://x\n",
    )
    company.load()
    assert not company.report.problems
    assert company.live("mailchimp.campaigns", "campaign_id, name, sent_at::varchar, deliveries") == [
        ("abc123", "Spring\nnews", "2026-02-05 10:00:00", 1098)
    ]
    assert company.live("mailchimp.recipient_activity", "email, campaign_id, action") == [
        ("na@acme.com", "Summer news", "click")
    ]
    assert {(column, reason) for _, column, _, reason in company.rejects()} == {
        ("Successful Deliveries", "is not a number"),
        ("Email Address", "is required and empty"),
    }


def test_klaviyo_is_alike(company: Project) -> None:
    text = "Campaign Name,Send Time,Campaign ID,Total Recipients,Unique Opens,Open Rate,Unique Clicks,Click Rate\nSpring,2026-02-05 10:00:00,K1,10,4,40%,1,10%\n"
    company.load_one("klaviyo_2026-03-01.csv", text)
    assert company.rows("select campaign_id, name, unique_clicks from mailchimp.campaigns") == [("K1", "Spring", 1)]


def test_a_sign_in_sheet_is_a_workbook_with_a_title(company: Project) -> None:
    path = company.exports / "签到_2026-02-06.xlsx"
    pl.DataFrame(
        [
            ["2026 春季展会签到表", None, None, None, None, None, None],
            ["活动", "姓名", "公司", "手机", "邮箱", "职位", "签到时间"],
            ["春季展会", "李娜", "某公司", "138", "na@acme.com", "总监", "2026-02-01 09:00"],
            ["春季展会", "王强", "某公司", "139", None, None, "没来"],
            ["合计", "2", None, None, None, None, None],
        ],
        orient="row",
    ).write_excel(path, include_header=False)
    company.load()
    file = company.only_file()
    assert (file.table, file.loaded, file.rejected, file.skipped) == ("attendees", 1, 1, 2)
    assert company.live("events.attendees", "event_id, person_name, email, occurred_at::varchar") == [
        ("春季展会", "李娜", "na@acme.com", "2026-02-01 09:00:00")
    ]


def test_badge_scans_visits_and_forms_are_recognised(company: Project) -> None:
    company.write(
        "badge_scans_2026-02-06.csv",
        "Event,Name,Company,Phone,E-mail,Title,Checked-in at\nFair,Ann,Acme,1,a@b.c,CTO,2026-02-01 09:00\n",
    )
    company.write(
        "visits_2026-02-06.csv",
        "visit_id,occurred_at,client_id,landing_page,utm_source,utm_medium,utm_campaign\nv1,2026-01-04 10:00:00,c1,/,google,cpc,Brand\n",
    )
    company.write(
        "表单_2026-02-06.csv",
        "提交ID,提交时间,表单名称,姓名,公司,邮箱,手机,utm_source,utm_medium,utm_campaign\nf1,2026-01-05 10:00:00,联系我们,李娜,某公司,n@x.cn,138,baidu,cpc,品牌\n",
    )
    company.load()
    assert sorted(company.rows("select source, table_name, loaded, rejected from registry.files")) == [
        ("events", "attendees", 1, 0),
        ("web", "forms", 1, 0),
        ("web", "visits", 1, 0),
    ]


def test_a_media_plan_for_radio_television_and_print_is_spend_of_the_template(company: Project) -> None:
    text = (
        'Media plan 2026\n日期,渠道,供应商,类型,花费,币种\n2026-02-01,广播,Radio One,media,"1,000.00",CNY\n'
        '2026-02-01,电视,TV Nine,media,2万,CNY\n2026-02-02,平面媒体,Daily,agency fee,￥300,CNY\n合计,,,,"21,300.00",\n'
    )
    mapping = [
        {
            "file": "*media*plan*",
            "table": "spend",
            "columns": {
                "spent_on": "日期",
                "channel": "渠道",
                "ad_account": "供应商",
                "kind": "类型",
                "cost": "花费",
                "currency": "币种",
            },
        }
    ]
    company.write("media_plan_2026-02-28.csv", text)
    company.load(mapping=mapping)
    file = company.only_file()
    assert (file.loaded, file.rejected, file.skipped) == (3, 0, 2)
    assert company.live("custom.spend", "channel, ad_account, cost") == [
        ("平面媒体", "Daily", Decimal("300.000000")),
        ("广播", "Radio One", Decimal("1000.000000")),
        ("电视", "TV Nine", Decimal("20000.000000")),
    ]
