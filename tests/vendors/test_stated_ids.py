"""Ids of other systems that exports carry, under the headers that vendors and companies give them, in both languages."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pipeline.project import Project

COMPANY = "Record ID,Company name,{}\n1,Acme,X-1\n"
CONTACT = "Record ID,Create Date,First Name,Last Name,Email,{}\n1,2026-01-05 10:00,Ann,Li,a@example.com,X-1\n"
DEAL = "Record ID,Deal Name,Deal Stage,{}\n1,Saw,Proposal,X-1\n"
ACCOUNT = "Id,Name,Type,{}\n1,Acme,customer,X-1\n"
NEOCRM = "客户ID,客户名称,行业,{}\n1,红星机械,机械,X-1\n"
LEDGER = "客户编码,客户名称,税号,{}\n1,红星机械,T1,X-1\n"


@pytest.mark.parametrize(
    ("name", "text", "header", "column"),
    [
        ("hubspot/companies.csv", COMPANY, "Salesforce Account ID", "hubspot.companies.salesforce_account"),
        ("hubspot/companies.csv", COMPANY, "Salesforce 客户 ID", "hubspot.companies.salesforce_account"),
        ("hubspot/companies.csv", COMPANY, "ERP Customer ID", "hubspot.companies.erp_account"),
        ("hubspot/contacts.csv", CONTACT, "Salesforce Lead ID", "hubspot.contacts.salesforce_lead"),
        ("hubspot/contacts.csv", CONTACT, "salesforceleadid", "hubspot.contacts.salesforce_lead"),
        ("hubspot/deals.csv", DEAL, "Salesforce Opportunity ID", "hubspot.deals.salesforce_opportunity"),
        ("hubspot/deals.csv", DEAL, "hs_salesforceopportunityid", "hubspot.deals.salesforce_opportunity"),
        ("hubspot/deals.csv", DEAL, "Salesforce 业务机会 ID", "hubspot.deals.salesforce_opportunity"),
        ("salesforce/Account.csv", ACCOUNT, "ERP_Customer_ID__c", "salesforce.accounts.erp_account"),
        ("salesforce/Account.csv", ACCOUNT, "ERP客户编码", "salesforce.accounts.erp_account"),
        ("neocrm/客户.csv", NEOCRM, "ERP客户编码", "neocrm.accounts.erp_account"),
        ("客户档案.csv", LEDGER, "CRM客户ID", "custom.accounts.crm_account"),
        ("customers.csv", LEDGER, "Salesforce Account ID", "custom.accounts.crm_account"),
    ],
)
def test_the_header_feeds_the_column(tmp_path: Path, name: str, text: str, header: str, column: str) -> None:
    project = Project(tmp_path)
    project.write(name, text.format(header), written_at="2026-01-31")
    report = project.load()
    assert not report.problems
    table, _, field = column.rpartition(".")
    assert project.rows(f"select {field} from {table}") == [("X-1",)]
