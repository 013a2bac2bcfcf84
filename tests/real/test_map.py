"""`wanamaker map` on exports that nobody made for it: at least nine columns of ten are right."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from pipelines.contracts import load_contracts
from pipelines.ingest.load import Options, check
from pipelines.ingest.mapping import read_mapping
from pipelines.ingest.propose import Proposal, as_yaml, propose

# What a person who knows the file would write: for each header the columns it may feed, the first one best.
# A header that is not named here feeds nothing.
KEY: dict[str, dict[str, tuple[str, ...]]] = {
    "maven_crm/accounts.csv": {
        "account": ("accounts.account_id", "accounts.name"),
        "sector": ("accounts.industry",),
        "employees": ("accounts.size",),
        "office_location": ("accounts.country",),
        "subsidiary_of": ("accounts.parent_account_id",),
    },
    "maven_crm/sales_pipeline.csv": {
        "opportunity_id": ("opportunities.opportunity_id",),
        "sales_agent": ("opportunities.owner_id",),
        "product": ("opportunities.product_id",),
        "account": ("opportunities.account_id",),
        "deal_stage": ("opportunities.stage",),
        "engage_date": ("opportunities.created_at",),
        "close_date": ("opportunities.closed_at",),
        "close_value": ("opportunities.amount",),
    },
    "maven_crm/sales_teams.csv": {
        "sales_agent": ("users.user_id", "users.name"),
        "manager": ("users.manager_id",),
        "regional_office": ("users.region", "users.team"),
    },
    "maven_crm/products.csv": {
        "product": ("products.product_id", "products.name"),
        "series": ("products.product_line",),
        "sales_price": ("products.list_price",),
    },
    "ibm_ar/WA_Fn-UseC_-Accounts-Receivable.csv": {
        "countryCode": ("accounts.country",),
        "customerID": ("invoices.account_id", "payments.account_id", "accounts.account_id", "accounts.name"),
        "invoiceNumber": ("invoices.invoice_id", "payments.invoice_id"),
        "InvoiceDate": ("invoices.issued_on",),
        "DueDate": ("invoices.due_on",),
        "InvoiceAmount": ("invoices.amount", "payments.amount"),
        "Disputed": ("invoices.is_disputed",),
        "SettledDate": ("payments.paid_on",),
    },
    "olist_funnel/olist_marketing_qualified_leads_dataset.csv": {
        "mql_id": ("leads.lead_id",),
        "first_contact_date": ("leads.created_at",),
        "origin": ("leads.source", "leads.channel"),
    },
    "olist_funnel/olist_closed_deals_dataset.csv": {
        "mql_id": ("opportunities.opportunity_id", "opportunities.lead_id"),
        "seller_id": ("opportunities.account_id",),
        "sr_id": ("opportunities.owner_id",),
        "won_date": ("opportunities.closed_at",),
        "business_segment": ("opportunities.product_line",),
    },
    "xeducation_leads/lead_scoring.csv": {
        "Prospect ID": ("leads.lead_id",),
        "Lead Source": ("leads.source", "leads.channel"),
        "City": ("leads.city",),
        "Lead Quality": ("leads.grade",),
    },
    "attribution_paths/PathData.csv": {
        "path": ("paths.path",),
        "total_conversions": ("paths.total_conversions",),
        "total_conversion_value": ("paths.total_conversion_value",),
        "total_null": ("paths.total_null",),
    },
    "google_ads/campaign_report_utf16le_tab_gbp.csv": {
        "Campaign": ("spend.campaign_id",),
        "Currency code": ("spend.currency",),
        "Clicks": ("spend.clicks",),
        "Impr.": ("spend.impressions",),
        "Cost": ("spend.cost",),
        "Conversions": ("spend.conversions",),
        "Conv. value": ("spend.conversion_value_amount",),
    },
    "google_ads/campaign_report_utf8_eur.csv": {
        "Campaign": ("spend.campaign_id",),
        "Currency code": ("spend.currency",),
        "Clicks": ("spend.clicks",),
        "Impr.": ("spend.impressions",),
        "Cost": ("spend.cost",),
        "Conversions": ("spend.conversions",),
    },
}
EXPORTS = sorted({name.split("/")[0] for name in KEY})


def verdicts(name: str, proposal: Proposal) -> Iterator[tuple[str, bool, bool]]:
    """For each header: whether it should feed something, and whether the proposal is right."""
    for column in proposal.profile.columns:
        allowed = KEY[name].get(column.header, ())
        proposed = {f"{table}.{guess.column}" for table, guess in proposal.targets(column.position)}
        is_right = proposed <= set(allowed) and bool(proposed) == bool(allowed)
        yield column.header, bool(allowed), is_right


@pytest.fixture(scope="module")
def proposed(real_data: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Proposal]:
    found = {}
    for folder in EXPORTS:
        names = [name for name in KEY if name.startswith(f"{folder}/")]
        work = tmp_path_factory.mktemp(folder)
        proposals = propose([real_data / name for name in names], load_contracts(), "Asia/Shanghai", work)
        found |= dict(zip(names, proposals, strict=True))
    return found


def test_nine_of_ten_columns_are_right(proposed: dict[str, Proposal], record_property) -> None:
    judged = [(name, *verdict) for name, proposal in proposed.items() for verdict in verdicts(name, proposal)]
    wrong = [(name, header) for name, header, _, is_right in judged if not is_right]
    fed = [is_right for _, _, feeds, is_right in judged if feeds]
    record_property("columns right", f"{len(judged) - len(wrong)} of {len(judged)}")
    record_property("columns right of those that feed something", f"{sum(fed)} of {len(fed)}")
    assert len(judged) - len(wrong) >= 0.9 * len(judged), wrong
    assert sum(fed) >= 0.9 * len(fed), wrong


def test_what_is_unsure_or_missing_is_said(proposed: dict[str, Proposal]) -> None:
    notes = {name.split("/")[1]: "\n".join(proposal.notes) for name, proposal in proposed.items()}
    assert "product: 1 of 7 values are not in products.csv (GTXPro)" in notes["sales_pipeline.csv"]
    assert "leads needs created_at, and nothing in the file looks like it" in notes["lead_scoring.csv"]
    assert "spend needs spent_on" in notes["campaign_report_utf8_eur.csv"]
    assert "27 January 2026 - 23 February 2026" in notes["campaign_report_utf16le_tab_gbp.csv"]
    assert "rows of totals are left out" in notes["campaign_report_utf16le_tab_gbp.csv"]
    assert "no column has a currency" in notes["WA_Fn-UseC_-Accounts-Receivable.csv"]


@pytest.mark.parametrize(
    ("folder", "files", "loaded"),
    [
        (
            "maven_crm",
            ["accounts.csv", "products.csv", "sales_pipeline.csv", "sales_teams.csv"],
            {"accounts": 85, "opportunities": 8800, "products": 7, "users": 35},
        ),
        (
            "ibm_ar",
            ["WA_Fn-UseC_-Accounts-Receivable.csv"],
            {"accounts": 100, "invoices": 2466, "payments": 2466},
        ),
        (
            "olist_funnel",
            ["olist_closed_deals_dataset.csv", "olist_marketing_qualified_leads_dataset.csv"],
            {"leads": 8000, "opportunities": 842},
        ),
    ],
)
def test_what_is_proposed_loads_as_it_stands(real_data, proposed, tmp_path, folder, files, loaded) -> None:
    exports = tmp_path / "exports"
    exports.mkdir()
    for name in files:
        (exports / name).symlink_to(real_data / folder / name)
    mapping = tmp_path / "mapping.yml"
    mapping.write_text(as_yaml([proposed[f"{folder}/{name}"] for name in files]), encoding="utf-8")
    found = read_mapping(mapping, load_contracts())
    report, rejects = check(exports, load_contracts(), found, Options(), tmp_path / "data")
    assert (report.problems, rejects) == ([], [])
    assert {file.table: file.loaded for file in report.files} == loaded
