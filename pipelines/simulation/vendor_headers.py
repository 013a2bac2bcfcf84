"""What each vendor calls the template's columns, by system in the order Salesforce, HubSpot, Neocrm."""

# ruff: noqa: E501 (tables read best as tables)

from __future__ import annotations

from collections.abc import Mapping

Headers = Mapping[str, str]

USERS: tuple[Headers, ...] = (
    {"user_id": "Id", "name": "Name", "email": "Email", "team": "Department", "region": "Region__c", "manager_id": "ManagerId",
     "role": "UserRole.Name", "hired_on": "Hired_On__c", "left_on": "Left_On__c"},
    {"user_id": "Owner ID", "first_name": "First Name", "name": "Last Name", "email": "Email", "team": "Team", "region": "Region",
     "manager_id": "Manager ID", "role": "Role", "hired_on": "Hire Date", "left_on": "End Date"},
    {"user_id": "用户ID", "name": "姓名", "email": "邮箱", "team": "所属部门", "region": "区域", "manager_id": "直属上级ID", "role": "职能",
     "hired_on": "入职日期", "left_on": "离职日期"},
)  # fmt: skip
ACCOUNTS: tuple[Headers, ...] = (
    {"account_id": "Id", "name": "Name", "industry": "Industry", "size": "Size", "region": "Region__c", "city": "BillingCity",
     "country": "BillingCountry", "account_type": "Type", "parent_account_id": "ParentId", "owner_id": "OwnerId", "tax_id": "Tax_ID__c",
     "credit_limit_amount": "Credit_Limit__c", "payment_terms_days": "Payment_Terms_Days__c", "created_at": "CreatedDate", "partner_id": "Partner__c", "currency": "CurrencyIsoCode"},
    {"account_id": "Record ID", "name": "Company name", "industry": "Industry", "size": "Number of Employees", "region": "State/Region",
     "city": "City", "country": "Country/Region", "account_type": "Type", "parent_account_id": "Parent Company ID",
     "owner_id": "hubspot_owner_id", "tax_id": "Tax ID", "credit_limit_amount": "Credit Limit",
     "payment_terms_days": "Payment Terms", "created_at": "Create Date", "partner_id": "Partner ID", "currency": "Currency"},
    {"account_id": "客户ID", "name": "客户名称", "industry": "行业", "size": "公司规模", "region": "区域", "city": "城市", "country": "国家",
     "account_type": "客户类型", "parent_account_id": "上级客户ID", "owner_id": "负责人ID", "tax_id": "统一社会信用代码",
     "credit_limit_amount": "信用额度", "payment_terms_days": "账期",
     "created_at": "创建日期", "partner_id": "所属渠道ID", "currency": "币种"},
)  # fmt: skip
CONTACTS: tuple[Headers, ...] = (
    {"contact_id": "Id", "account_id": "AccountId", "name": "LastName", "email": "Email", "phone": "Phone", "title": "Title",
     "is_decision_maker": "Is_Decision_Maker__c"},
    {"contact_id": "Record ID", "first_name": "First Name", "name": "Last Name", "email": "Email", "phone": "Phone Number", "title": "Job Title",
     "is_decision_maker": "Decision Maker", "account_id": "Associated Company IDs", "lifecycle": "Lifecycle Stage", "created_at": "Create Date"},
    {"contact_id": "联系人ID", "account_id": "客户ID", "name": "姓名", "email": "邮箱", "phone": "手机", "title": "职务", "is_decision_maker": "是否决策人"},
)  # fmt: skip
LEADS: tuple[Headers, ...] = (
    {"lead_id": "Id", "created_at": "CreatedDate", "source": "LeadSource", "channel": "Channel__c", "campaign_id": "CampaignId",
     "company_name": "Company", "person_name": "LastName", "email": "Email", "phone": "Phone", "city": "City", "region": "Region__c",
     "industry": "Industry", "size": "Employees", "grade": "Rating", "product_line": "Product_Line__c", "project_name": "Project__c",
     "business_unit": "Business_Unit__c", "owner_id": "OwnerId", "assigned_at": "Assigned_At__c", "status": "Status",
     "qualified_at": "Qualified_At__c", "converted_at": "ConvertedDate", "opportunity_id": "ConvertedOpportunityId",
     "account_id": "ConvertedAccountId"},
    {"lead_id": "Record ID", "created_at": "Create Date", "source": "Original Source", "channel": "Channel", "campaign_id": "Campaign ID",
     "company_name": "Company Name", "first_name": "First Name", "person_name": "Last Name", "email": "Email", "phone": "Phone Number", "city": "City",
     "region": "State/Region", "industry": "Industry", "size": "Number of Employees", "grade": "Lead Grade", "product_line": "Product Line",
     "project_name": "Project", "business_unit": "Business Unit", "owner_id": "hubspot_owner_id", "assigned_at": "Owner assigned date",
     "status": "Lead Status", "qualified_at": "Became a Marketing Qualified Lead Date", "converted_at": "Became an Opportunity Date",
     "opportunity_id": "Associated Deal IDs", "account_id": "Associated Company IDs"},
    {"lead_id": "销售线索ID", "created_at": "创建日期", "source": "来源", "channel": "渠道", "campaign_id": "市场活动ID",
     "company_name": "公司名称", "person_name": "姓名", "email": "邮箱", "phone": "手机", "city": "城市", "region": "区域", "industry": "行业",
     "size": "公司规模", "grade": "线索等级", "product_line": "产品线", "project_name": "项目名称", "business_unit": "事业部",
     "owner_id": "负责人ID", "assigned_at": "分配时间", "status": "状态", "qualified_at": "合格时间", "converted_at": "转换时间",
     "opportunity_id": "转换后销售机会ID", "account_id": "转换后客户ID"},
)  # fmt: skip
DEALS: tuple[Headers, ...] = (
    {"opportunity_id": "Id", "name": "Name", "account_id": "AccountId", "owner_id": "OwnerId", "stage": "StageName", "amount": "Amount",
     "product_id": "Product__c", "product_line": "Product_Line__c", "quantity": "Quantity__c", "source": "LeadSource",
     "campaign_id": "CampaignId", "lead_id": "Lead__c", "created_at": "CreatedDate", "close_on": "CloseDate", "closed_at": "Closed_At__c",
     "forecast_category": "ForecastCategoryName",
     "loss_reason": "Loss_Reason__c", "competitor": "Competitor__c", "next_step": "NextStep", "partner_id": "Partner__c",
     "currency": "CurrencyIsoCode"},
    {"opportunity_id": "Record ID", "name": "Deal Name", "account_id": "Associated Company IDs", "owner_id": "hubspot_owner_id",
     "stage": "Deal Stage", "pipeline": "Pipeline", "amount": "Amount", "product_id": "Product ID", "product_line": "Product Line", "quantity": "Quantity",
     "source": "Original Source Type", "campaign_id": "Campaign ID", "lead_id": "Lead ID", "created_at": "Create Date",
     "close_on": "Close Date", "closed_at": "Closed At", "forecast_category": "Forecast category", "loss_reason": "Closed Lost Reason", "competitor": "Competitor",
     "next_step": "Next step", "partner_id": "Partner ID", "currency": "Currency"},
    {"opportunity_id": "销售机会ID", "name": "销售机会名称", "account_id": "客户ID", "owner_id": "负责人ID", "stage": "销售阶段",
     "amount": "销售金额", "product_id": "产品ID", "product_line": "产品线", "quantity": "数量", "source": "来源", "campaign_id": "市场活动ID", "lead_id": "线索ID",
     "created_at": "创建日期", "close_on": "结单日期", "closed_at": "实际结单日期", "forecast_category": "预测类别", "loss_reason": "输单原因", "competitor": "竞争对手",
     "next_step": "下一步行动", "partner_id": "伙伴ID", "currency": "币种"},
)  # fmt: skip
ACTIVITIES: tuple[Headers, ...] = (
    {"activity_id": "Id", "kind": "Subject", "lead_id": "WhoId", "opportunity_id": "WhatId", "account_id": "AccountId", "owner_id": "OwnerId",
     "direction": "CallType", "is_automatic": "Is_Automatic__c", "occurred_at": "CompletedDateTime"},
    {"activity_id": "Record ID", "kind": "Activity type", "lead_id": "Associated Contact IDs", "opportunity_id": "Associated Deal IDs",
     "account_id": "Associated Company IDs", "owner_id": "hubspot_owner_id", "direction": "Direction", "is_automatic": "Is Automatic",
     "occurred_at": "Activity date"},
    {"activity_id": "活动记录ID", "kind": "活动类型", "lead_id": "线索ID", "opportunity_id": "销售机会ID", "account_id": "客户ID",
     "owner_id": "负责人ID", "direction": "方向", "is_automatic": "是否自动", "occurred_at": "活动时间"},
)  # fmt: skip
REGISTRATIONS: Headers = {
    "registration_id": "报备ID", "account_id": "客户ID", "opportunity_id": "销售机会ID", "partner_id": "伙伴ID", "owner_id": "负责人ID",
    "company_name": "报备客户", "project_name": "项目名称", "product_line": "产品线", "submitted_at": "报备时间", "decided_at": "审批时间",
    "decision": "审批结果", "valid_until_on": "有效期至",
}  # fmt: skip
QUOTES: Headers = {
    "quote_id": "报价单ID", "opportunity_id": "销售机会ID", "product_id": "产品ID", "quantity": "数量", "list_price": "标准价格",
    "quoted_price": "报价", "floor_price": "底价", "submitted_at": "提交时间", "decided_at": "审批时间", "decision": "审批结果",
    "owner_id": "负责人ID", "currency": "币种",
}  # fmt: skip
CAMPAIGNS: Headers = {
    "campaign_id": "Id", "name": "Name", "level": "Level__c", "channel": "Type", "parent_campaign_id": "ParentId", "starts_on": "StartDate",
    "ends_on": "EndDate", "budget": "BudgetedCost", "committed_amount": "Committed__c", "expected_revenue_amount": "ExpectedRevenue",
    "expected_leads": "Expected_Leads__c", "actual_cost": "ActualCost", "status": "Status", "currency": "CurrencyIsoCode",
}  # fmt: skip
FIELDS = {"stage": "StageName", "amount": "Amount", "close_on": "CloseDate", "owner_id": "Owner"}
NEOCRM_STAGES = {
    "Prospecting": "初步接洽", "Qualification": "资格确认", "Needs Analysis": "需求确定", "Proposal": "方案报价", "Negotiation": "谈判审核",
    "Closed Won": "赢单", "Closed Lost": "输单",
}  # fmt: skip
SPEND: dict[str, Headers] = {
    "baidu_ads": {"spent_on": "日期", "ad_account": "账户", "name": "推广计划", "campaign_id": "推广计划ID", "impressions": "展现",
                  "clicks": "点击", "cost": "消费", "conversions": "转化", "conversion_value_amount": "转化金额", "currency": "币种"},
    "google_ads": {"spent_on": "Day", "name": "Campaign", "campaign_type": "Campaign type", "campaign_id": "Campaign ID",
                   "currency": "Currency code",
                   "ad_account": "Account name", "clicks": "Clicks", "impressions": "Impr.", "cost": "Cost", "conversions": "Conversions",
                   "conversion_value_amount": "Conv. value"},
    "meta_ads": {"since": "Reporting starts", "until": "Reporting ends", "name": "Campaign name", "campaign_id": "Campaign ID",
                 "spent_on": "Day", "ad_account": "Account name", "conversions": "Results", "impressions": "Impressions",
                 "clicks": "Clicks (all)", "placement": "Platform", "cost": "Amount spent (CNY)", "conversion_value_amount": "Results value"},
    "linkedin_ads": {"since": "Start Date (in UTC)", "until": "End Date (in UTC)", "ad_account": "Account Name", "name": "Campaign Name",
                     "campaign_id": "Campaign ID", "currency": "Currency", "cost": "Total Spent", "impressions": "Impressions",
                     "clicks": "Clicks", "conversions": "Leads"},
    "tencent_ads": {"spent_on": "日期", "ad_account": "账户ID", "campaign_id": "推广计划ID", "name": "推广计划名称", "impressions": "曝光次数",
                    "clicks": "点击次数", "placement": "站点集", "cost": "花费", "conversions": "目标转化量", "currency": "币种"},
}  # fmt: skip
UTM = {
    "Organic Search": (None, "organic"), "Direct": (None, None), "百度推广": ("baidu", "cpc"), "LinkedIn": ("linkedin", "cpc"),
    "Display": ("google", "display"), "Social": ("weibo", "social"),
}  # fmt: skip
