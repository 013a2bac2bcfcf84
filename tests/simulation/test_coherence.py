from __future__ import annotations

import json

import polars as pl
import pytest
from polars import col

# child, its column, parent, the parent's key
LINKS = (
    ("accounts", "owner_id", "users", "user_id"),
    ("accounts", "partner_id", "accounts", "account_id"),
    ("contacts", "account_id", "accounts", "account_id"),
    ("opportunities", "account_id", "accounts", "account_id"),
    ("opportunities", "owner_id", "users", "user_id"),
    ("opportunities", "campaign_id", "campaigns", "campaign_id"),
    ("orders", "account_id", "accounts", "account_id"),
    ("orders", "contract_id", "contracts", "contract_id"),
    ("orders", "quote_id", "quotes", "quote_id"),
    ("order_lines", "order_id", "orders", "order_id"),
    ("order_lines", "product_id", "products", "product_id"),
    ("shipments", "order_line_id", "order_lines", "order_line_id"),
    ("returns", "order_line_id", "order_lines", "order_line_id"),
    ("invoices", "order_id", "orders", "order_id"),
    ("invoice_lines", "invoice_id", "invoices", "invoice_id"),
    ("invoice_lines", "shipment_line_id", "shipments", "shipment_line_id"),
    ("credit_notes", "invoice_id", "invoices", "invoice_id"),
    ("credit_notes", "return_id", "returns", "return_id"),
    ("payments", "invoice_id", "invoices", "invoice_id"),
    ("payments", "account_id", "accounts", "account_id"),
    ("payment_allocations", "payment_id", "payments", "payment_id"),
    ("payment_allocations", "invoice_id", "invoices", "invoice_id"),
    ("payment_allocations", "instalment_id", "collection_plans", "instalment_id"),
    ("write_offs", "invoice_id", "invoices", "invoice_id"),
    ("disputes", "invoice_id", "invoices", "invoice_id"),
    ("commission_assignments", "plan_id", "commission_plans", "plan_id"),
    ("commission_splits", "order_id", "orders", "order_id"),
    ("spend", "campaign_id", "campaigns", "campaign_id"),
    ("touchpoints", "account_id", "accounts", "account_id"),
)


@pytest.mark.parametrize(("child", "column", "parent", "key"), LINKS)
def test_what_is_named_exists(tables, child, column, parent, key):
    named = tables(child)[column].drop_nulls().unique()
    assert len(named) > 0
    assert set(named) <= set(tables(parent)[key])


def cents(name: str) -> pl.Expr:
    return (col(name) * 100).round().cast(pl.Int64)


def test_goods_are_ordered_before_they_ship_and_never_more_than_ordered(tables):
    lines = tables("order_lines").join(tables("orders").select("order_id", "ordered_on"), on="order_id")
    shipped = tables("shipments").join(
        lines.select("order_line_id", "ordered_on", ordered="quantity"), on="order_line_id"
    )
    assert shipped.filter(
        (col("shipped_on") <= col("ordered_on")) | (col("delivered_on") < col("shipped_on"))
    ).is_empty()
    sums = shipped.group_by("order_line_id").agg(col("quantity").sum(), col("ordered").first())
    assert sums.filter(col("quantity") > col("ordered")).is_empty()


def test_an_invoice_is_the_sum_of_its_lines_and_follows_its_shipment(tables):
    lines = (
        tables("invoice_lines")
        .group_by("invoice_id")
        .agg(cents("amount").sum().alias("lines"), cents("tax_amount").sum().alias("taxes"))
    )
    invoices = tables("invoices").join(lines, on="invoice_id", how="left")
    assert invoices.filter((cents("amount") != col("lines")) | (cents("tax_amount") != col("taxes"))).is_empty()
    sent = tables("shipments").group_by("shipment_id").agg(col("shipped_on").max())
    assert invoices.join(sent, on="shipment_id").filter(col("issued_on") < col("shipped_on")).is_empty()


def test_a_named_payment_comes_after_its_invoice_and_none_is_paid_over(tables):
    invoices = tables("invoices").select("invoice_id", "issued_on", gross=cents("amount"))
    payments = tables("payments").join(invoices, on="invoice_id")
    assert payments.filter(col("paid_on") < col("issued_on")).is_empty()
    paid = payments.group_by("invoice_id").agg(cents("amount").sum().alias("paid"), col("gross").first())
    assert paid.filter(col("paid") > col("gross")).is_empty()
    assert tables("payments").filter(col("amount") < 0).height > 0


def test_every_won_deal_is_what_was_ordered_unless_parts_are_to_come(tables):
    lines = tables("order_lines").join(tables("orders").select("order_id", "opportunity_id"), on="order_id")
    ordered = lines.drop_nulls("opportunity_id").group_by("opportunity_id").agg(cents("amount").sum().alias("ordered"))
    deals = tables("truth/opportunities").join(ordered, on="opportunity_id").with_columns(cents("amount").alias("won"))
    assert deals.filter((col("outcome") != "won") | (col("ordered") > col("won"))).is_empty()
    assert deals.filter(col("ordered") == col("won")).height > 0.7 * deals.height


def test_a_lead_is_answered_after_it_came_and_converts_after_that(tables):
    events = (
        tables("lead_events")
        .group_by("lead_id", "kind")
        .agg(col("occurred_at").min())
        .pivot("kind", index="lead_id", values="occurred_at")
    )
    leads = tables("leads").select("lead_id", "created_at").join(events, on="lead_id")
    assert leads.filter((col("responded") < col("created_at")) | (col("converted") < col("responded"))).is_empty()
    assert leads.filter(col("converted") < col("disqualified")).is_empty()


def test_the_exports_tell_what_is_true_on_the_last_day(tables):
    truth = tables("truth/opportunities")
    states = (
        tables("truth/opportunity_states")
        .sort("from_at", maintain_order=True)
        .group_by("opportunity_id", "field")
        .agg(col("value").last())
    )
    now = states.pivot("field", index="opportunity_id", values="value")
    shown = (
        tables("opportunities")
        .join(now, on="opportunity_id", suffix="_true")
        .join(truth, on="opportunity_id", suffix="_final")
    )
    assert shown.height == tables("opportunities").height
    assert shown.filter(
        (col("stage") != col("stage_true"))
        | (col("close_on") != col("close_on_true"))
        | (col("owner_id") != col("owner_id_true"))
    ).is_empty()
    assert shown.filter(
        col("amount").is_not_null()
        & (cents("amount") != (col("amount_true").cast(pl.Float64) * 100).round().cast(pl.Int64))
    ).is_empty()
    won = shown.filter(col("stage") == "Closed Won")
    assert won.height > 0
    assert won.filter((col("outcome") != "won") | (col("closed_at") != col("ended_at"))).is_empty()


def test_the_known_incidence_is_what_leads_do(tables, clean):
    parameters = json.loads((clean / "truth" / "parameters.json").read_text())
    expected = sum(channel["leads"] * channel["conversion"] for channel in parameters["channels"]) / sum(
        channel["leads"] for channel in parameters["channels"]
    )
    leads = tables("truth/leads")
    assert leads["converts_at"].is_not_null().mean() == pytest.approx(expected, abs=0.045)
    assert leads["chance"].mean() == pytest.approx(expected, abs=0.02)


def test_sister_companies_share_a_brand_and_are_not_duplicates(tables):
    companies = tables("truth/companies").drop_nulls("group")
    sizes = companies.group_by("group").len()
    assert sizes["len"].min() >= 2
    assert companies["company"].n_unique() == companies.height


def test_nobody_can_be_reached(tables):
    leads = tables("leads")
    assert leads["email"].str.contains(r"@([a-z0-9]+\.example|example\.com)$").all()
    assert leads["phone"].cast(pl.String).str.contains(r"^(12\d{9}|\+999 \d{3} \d{6})$").all()
