"""The same company as its vendors would export it: three CRMs by team, ad platforms, mail, events, web, and the ERP.

Takes the template's tables as people left them and gives each row to the system that would hold it, under that
system's own headers. What no vendor here holds stays the template's, as the ERP's export.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import polars as pl
from polars import col

from pipelines.simulation import arrays as a
from pipelines.simulation import identities
from pipelines.simulation import parameters as p
from pipelines.simulation import vendor_headers as headers
from pipelines.simulation.arrays import Bools, Ints
from pipelines.simulation.custom import View
from pipelines.simulation.deals import N_OPEN
from pipelines.simulation.market import PEOPLE_PER_COMPANY
from pipelines.simulation.world import Setting
from pipelines.simulation.writer import STYLES, Style

SALESFORCE, HUBSPOT, NEOCRM = range(3)
CRM_OF_TEAM = (SALESFORCE, SALESFORCE, HUBSPOT, NEOCRM, NEOCRM, SALESFORCE)
_FOLDERS = ("salesforce", "hubspot", "neocrm")

_BAIDU = """数据生成时间：{last:%Y-%m-%d} 08:00:00
数据生成条件：
1. 时间范围：{first:%Y%m%d}至{last:%Y%m%d}
2. 时间单位：分日
3. 推广设备：全部
4. 投放网络：全部

"""
_GOOGLE = 'Campaign report\n"{first:%B %d, %Y} - {last:%B %d, %Y}"\n'
_LINKEDIN = """\ufeffCampaign Performance Report (in UTC)
"Report Start: {first:%B %d, %Y, 12:00 AM}"
"Report End: {last:%B %d, %Y, 11:59 PM}"
"Date Generated: {last:%B %d, %Y, 11:59 PM}"

"""

VENDOR_STYLES: dict[str, Style] = STYLES | {
    "salesforce/users": Style("salesforce/User"),
    "salesforce/accounts": Style("salesforce/Account"),
    "salesforce/contacts": Style("salesforce/Contact"),
    "salesforce/leads": Style("salesforce/Lead"),
    "salesforce/campaigns": Style("salesforce/Campaign"),
    "salesforce/opportunities": Style("salesforce/Opportunity"),
    "salesforce/opportunity_history": Style("salesforce/OpportunityFieldHistory"),
    "salesforce/activities": Style("salesforce/Task"),
    "hubspot/users": Style("hubspot/hubspot-owners"),
    "hubspot/accounts": Style("hubspot/hubspot-crm-exports-all-companies"),
    "hubspot/leads": Style("hubspot/hubspot-crm-exports-all-contacts"),
    "hubspot/contacts": Style("hubspot/hubspot-crm-exports-other-contacts"),
    "hubspot/opportunities": Style("hubspot/hubspot-crm-exports-all-deals"),
    "hubspot/activities": Style("hubspot/hubspot-engagements"),
    "neocrm/users": Style("neocrm/用户"),
    "neocrm/accounts": Style("neocrm/客户", "gb18030"),
    "neocrm/contacts": Style("neocrm/联系人"),
    "neocrm/leads": Style("neocrm/销售线索", "gb18030"),
    "neocrm/opportunities": Style("neocrm/销售机会"),
    "neocrm/activities": Style("neocrm/活动记录"),
    "neocrm/registrations": Style("neocrm/报备"),
    "neocrm/quotes": Style("neocrm/报价单"),
    "neocrm/pool_events": Style("neocrm/公海记录"),
    "baidu_ads/spend": Style("baidu_ads/百度推广计划报告", "gb18030", preamble=_BAIDU),
    "google_ads/spend": Style("google_ads/Campaign report", preamble=_GOOGLE),
    "meta_ads/spend": Style("meta_ads/Meta-Ads-Campaigns"),
    "linkedin_ads/spend": Style(
        "linkedin_ads/account_campaign_performance", "utf-16-le", preamble=_LINKEDIN, separator="\t"
    ),
    "tencent_ads/spend": Style("tencent_ads/腾讯广告计划报表"),
    "mailchimp/campaigns": Style("mailchimp/mailchimp_campaigns"),
    "mailchimp/activity": Style("mailchimp/recipient_activity"),
    "events/attendees": Style("events/event_attendees"),
    "web/visits": Style("web/web_visits"),
    "web/forms": Style("web/web_forms"),
}

Given = Iterator[tuple[str, pl.DataFrame]]


def vendor_tables(setting: Setting, view: View | None, table: str, frame: pl.DataFrame) -> Given:
    """The rows of a template's table, by the vendor's table that holds them; `view` is None for shared tables."""
    if table in _BY_CRM and view is not None:
        yield from _BY_CRM[table](view, frame)
    elif table == "spend":
        yield from _spend(setting, frame)
    elif table == "campaigns":
        yield "salesforce/campaigns", _as(frame, headers.CAMPAIGNS)
        yield "mailchimp/campaigns", _mailings(frame)
    elif table == "touchpoints" and view is not None:
        yield from _touches(setting, view, frame)
    else:
        yield table, frame


def _as(frame: pl.DataFrame, own: headers.Headers) -> pl.DataFrame:
    """The columns that a vendor has, under its headers."""
    return frame.select(col(ours).alias(theirs) for ours, theirs in own.items() if ours in frame.columns)


def _local(ids: pl.Series, first: int) -> Ints:
    """Numbers within the part, from ids; 0 for none."""
    found: Ints = (ids.str.replace_all(r"\D", "").cast(pl.Int64) - first).fill_null(0).to_numpy()
    return found


def _crm_of(v: View, companies: Ints) -> Ints:
    return np.array(CRM_OF_TEAM)[v.world.companies.teams[companies]]


def _companies_of_leads(v: View, ids: pl.Series) -> Ints:
    return v.world.leads.companies[_local(ids, v.number.leads) % v.world.leads.n]


def _companies_of_deals(v: View, ids: pl.Series) -> Ints:
    return v.world.deals.companies[_local(ids, v.number.deals)]


def _parted(frame: pl.DataFrame, crm: Ints, name: str, own: tuple[headers.Headers, ...]) -> Given:
    for system, folder in enumerate(_FOLDERS):
        yield f"{folder}/{name}", _as(frame.filter(pl.Series(crm == system)), own[system])


def _users(v: View, frame: pl.DataFrame) -> Given:
    """A rep or manager is a user of his team's CRM, the head and directors of all; the ERP has everybody."""
    yield "users", frame
    local = _local(frame["user_id"], v.number.users)
    team = v.world.people.teams[local]
    crm = np.array([*CRM_OF_TEAM, -1])[team]
    for system, folder in enumerate(_FOLDERS):
        some = frame.filter(pl.Series((crm == system) | (crm < 0))).with_columns(first_name=pl.lit(""))
        yield f"{folder}/users", _as(some, headers.USERS[system])


def _accounts(v: View, frame: pl.DataFrame) -> Given:
    """The ERP knows who is or was billed, the CRM everybody."""
    yield "accounts", frame.filter(col("account_type") != "prospect")
    yield from _parted(frame, _crm_of(v, _local(frame["account_id"], v.number.companies)), "accounts", headers.ACCOUNTS)


def _contacts(v: View, frame: pl.DataFrame) -> Given:
    """People at accounts; HubSpot lists them with its leads, and a stage of life tells that they asked for nothing."""
    company = _local(frame["contact_id"], v.number.companies * PEOPLE_PER_COMPANY) // PEOPLE_PER_COMPANY
    created = a.moments(v.world.accounts.created[company])
    frame = frame.with_columns(first_name=pl.lit(""), lifecycle=pl.lit("other"), created_at=created)
    yield from _parted(frame, _crm_of(v, company), "contacts", headers.CONTACTS)


def _leads(v: View, frame: pl.DataFrame) -> Given:
    crm = _crm_of(v, _companies_of_leads(v, frame["lead_id"]))
    yield from _parted(frame.with_columns(first_name=pl.lit("")), crm, "leads", headers.LEADS)


def _lead_events(v: View, frame: pl.DataFrame) -> Given:
    """Only Neocrm has a public pool; the other CRMs tell of leads by their dates."""
    neocrm = _crm_of(v, _companies_of_leads(v, frame["lead_id"])) == NEOCRM
    pool = frame.filter(pl.Series(neocrm), col("kind").is_in(["recycled", "claimed"]))
    yield (
        "neocrm/pool_events",
        pool.select(
            pl.lit("销售线索公海").alias("公海池"),
            col("occurred_at").alias("操作时间"),
            col("kind").replace({"recycled": "退回", "claimed": "领取"}).alias("操作"),
            col("lead_id").alias("线索ID"),
            col("owner_id").alias("负责人ID"),
        ),
    )


def _opportunities(v: View, frame: pl.DataFrame) -> Given:
    crm = _crm_of(v, _companies_of_deals(v, frame["opportunity_id"]))
    frame = frame.with_columns(
        col("forecast_category").replace({"best_case": "Best Case", "commit": "Commit"}),
        pipeline=pl.lit("Sales Pipeline"),
    )
    for name, part in _parted(frame, crm, "opportunities", headers.DEALS):
        if name.startswith("hubspot"):
            yield name, part.with_columns(_entered(v, part["Record ID"]))
        elif name.startswith("neocrm"):
            yield name, part.with_columns(col("销售阶段").replace(headers.NEOCRM_STAGES))
        else:
            closed = col("StageName").str.starts_with("Closed")
            yield name, part.with_columns(IsClosed=closed, IsWon=col("StageName") == "Closed Won")


def _entered(v: View, ids: pl.Series) -> list[pl.Series]:
    """HubSpot's column for each stage: when it was entered."""
    deals = v.world.deals
    local = _local(ids, v.number.deals)
    columns = []
    for stage in range(N_OPEN):
        moment = deals.entered[local, stage]
        skipped = (deals.entered[local, 2] == deals.entered[local, 3]) & (stage == 2)
        columns.append(
            a.moments(moment, (moment <= v.now) & ~skipped).alias(f'Date entered "{p.STAGES[stage]} (Sales Pipeline)"')
        )
    ended, won = deals.ended[local], deals.is_won[local]
    columns += [
        a.moments(ended, (ended <= v.now) & is_it).alias(f'Date entered "{p.STAGES[stage]} (Sales Pipeline)"')
        for stage, is_it in ((p.WON, won), (p.LOST, ~won))
    ]
    return columns


def _opportunity_history(v: View, frame: pl.DataFrame) -> Given:
    some = frame.filter(pl.Series(_crm_of(v, _companies_of_deals(v, frame["opportunity_id"])) == SALESFORCE))
    yield (
        "salesforce/opportunity_history",
        some.select(
            col("opportunity_id").alias("OpportunityId"),
            col("field").replace(headers.FIELDS).alias("Field"),
            col("old_value").alias("OldValue"),
            col("new_value").alias("NewValue"),
            col("changed_at").alias("CreatedDate"),
        ),
    )


def _activities(v: View, frame: pl.DataFrame) -> Given:
    has_lead: Bools = frame["lead_id"].is_not_null().to_numpy()
    company = np.where(
        has_lead, _companies_of_leads(v, frame["lead_id"]), _companies_of_deals(v, frame["opportunity_id"])
    )
    frame = frame.with_columns(col("kind").fill_null("call"))
    for name, part in _parted(frame, _crm_of(v, company), "activities", headers.ACTIVITIES):
        if name.startswith("salesforce"):
            shown = col("CallType").replace({"in": "Inbound", "out": "Outbound"})
            yield name, part.with_columns(shown, col("Subject").alias("Type"), pl.lit("Completed").alias("Status"))
        else:
            yield name, part


def _of_deals(name: str, own: headers.Headers) -> Callable[[View, pl.DataFrame], Given]:
    """A table that only Neocrm has beside the template."""

    def given(v: View, frame: pl.DataFrame) -> Given:
        local = _companies_of_deals(v, frame["opportunity_id"])
        neocrm = pl.Series(_crm_of(v, local) == NEOCRM) & frame["opportunity_id"].is_not_null()
        yield f"neocrm/{name}", _as(frame.filter(neocrm), own)
        yield name, frame.filter(~neocrm)

    return given


_BY_CRM: dict[str, Callable[[View, pl.DataFrame], Given]] = {
    "users": _users,
    "accounts": _accounts,
    "contacts": _contacts,
    "leads": _leads,
    "lead_events": _lead_events,
    "opportunities": _opportunities,
    "opportunity_history": _opportunity_history,
    "activities": _activities,
    "registrations": _of_deals("registrations", headers.REGISTRATIONS),
    "quotes": _of_deals("quotes", headers.QUOTES),
}


# marketing


def _named(setting: Setting, frame: pl.DataFrame) -> pl.Series:
    """The name of each row's campaign."""
    names = setting.plan.names
    return a.words(names, frame["campaign_id"].str.slice(3).cast(pl.Int64).fill_null(-1).to_numpy())


def _spend(setting: Setting, frame: pl.DataFrame) -> Given:
    """Media to the platform that bills it, the rest to the ERP; what names no campaign the platform cannot have."""
    account, node = col("ad_account").fill_null(""), col("campaign_id")
    on_platform = (col("kind") == "media") & node.is_not_null() & col("channel").is_not_null()
    display = account.str.starts_with("display") & on_platform
    official_accounts = account.str.starts_with("weixin")
    odd = node.str.slice(3).cast(pl.Int64) % 2 == 1
    frame = frame.with_columns(name=_named(setting, frame))
    platform = (
        pl.when(account.str.starts_with("baidu") & on_platform).then(pl.lit("baidu_ads"))
        .when(account.str.starts_with("linkedin") & on_platform).then(pl.lit("linkedin_ads"))
        .when(account.str.starts_with("weixin") & on_platform).then(pl.lit("tencent_ads"))
        .when(display & odd).then(pl.lit("meta_ads"))
        .when(display).then(pl.lit("google_ads"))
        .otherwise(pl.lit("erp"))
    )  # fmt: skip
    placement = pl.when(official_accounts).then(pl.lit("微信公众号与小程序")).otherwise(pl.lit("Audience Network"))
    frame = frame.with_columns(platform=platform, placement=placement, since=col("spent_on"), until=col("spent_on"))
    for name, own in headers.SPEND.items():
        some = frame.filter(col("platform") == name)
        if name == "linkedin_ads":
            some = some.with_columns(
                col("since", "until").cast(pl.String).str.to_date(strict=False).dt.strftime("%-m/%-d/%Y")
            )
        elif name == "google_ads":
            some = some.with_columns(campaign_type=pl.lit("Display"))
        yield f"{name}/spend", _as(some, own)
    yield "spend", frame.filter(col("platform") == "erp").drop("name", "platform", "placement", "since", "until")


def _mailings(frame: pl.DataFrame) -> pl.DataFrame:
    mail = frame.filter(col("channel") == "Email", col("level") == "activity")
    return mail.select(
        col("name").alias("Title"),
        ("【邮件】" + col("name")).alias("Subject"),
        (col("starts_on").cast(pl.String) + " 09:30:00").alias("Send Date"),
        col("expected_leads").alias("Successful Deliveries") * 90,
        col("expected_leads").alias("Unique Opens") * 22,
        col("expected_leads").alias("Unique Clicks") * 4,
        col("campaign_id").alias("Unique Id"),
    )


def _touches(setting: Setting, v: View, frame: pl.DataFrame) -> Given:
    """Mails to the mailer, attendances to event sheets, visits and forms to the web site; calls and messages stay."""
    channel = col("channel").str.to_uppercase()
    persons = np.concatenate([touches.persons for touches in v.world.touches])
    person = persons[_local(frame["touchpoint_id"], v.number.touches)]
    companies, company = v.world.companies, person // PEOPLE_PER_COMPANY
    everywhere = person + v.number.companies * PEOPLE_PER_COMPANY
    frame = frame.with_columns(
        name=_named(setting, frame),
        person=identities.person_names(everywhere, companies.is_abroad[company]),
        company=identities.company_names(companies, company),
    )
    mail, event = channel == "EMAIL", channel.is_in(["展会", "WEBINAR"])
    web = channel.is_in([name.upper() for name in headers.UTM])
    form = col("kind") == "form"
    yield (
        "mailchimp/activity",
        frame.filter(mail).select(
            col("email").alias("Email Address"),
            col("campaign_id").alias("Campaign ID"),
            pl.when(col("kind") == "email_open").then(pl.lit("open")).otherwise(pl.lit("click")).alias("Action"),
            col("occurred_at").alias("Timestamp"),
        ),
    )
    yield (
        "events/attendees",
        frame.filter(event).select(
            col("name").fill_null("未注明 Unnamed").alias("Event"),
            col("campaign_id").alias("Event ID"),
            col("person").alias("Name"),
            col("company").alias("Company"),
            col("email").alias("E-mail"),
            channel.replace({"WEBINAR": "Webinar"}).alias("Event Type"),
            col("kind").alias("Status"),
            col("occurred_at").alias("Checked In At"),
        ),
    )
    source = channel.replace_strict(
        {name.upper(): utm for name, (utm, _) in headers.UTM.items()}, default=None, return_dtype=pl.String
    )
    medium = channel.replace_strict(
        {name.upper(): utm for name, (_, utm) in headers.UTM.items()}, default=None, return_dtype=pl.String
    )
    utm = (
        source.alias("utm_source"), medium.alias("utm_medium"),
        pl.when(medium.is_not_null()).then(col("campaign_id").str.to_lowercase()).alias("utm_campaign"),
    )  # fmt: skip
    yield (
        "web/visits",
        frame.filter(web & ~form).select(
            col("touchpoint_id").alias("visit_id"),
            "occurred_at",
            "email",
            pl.lit("/products").alias("landing_page"),
            *utm,
        ),
    )
    yield (
        "web/forms",
        frame.filter(web & form).select(
            col("touchpoint_id").alias("submission_id"),
            col("occurred_at").alias("submitted_at"),
            pl.lit("quote").alias("form"),
            "email",
            *utm,
        ),
    )
    yield "touchpoints", frame.filter(~(mail | event | web)).drop("name", "person", "company")
