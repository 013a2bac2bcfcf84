"""The oracle itself on published cases, whose answers can be checked on paper."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest

from tests.oracle.commissions import Tier, marginal
from tests.oracle.compare import Mart
from tests.oracle.delivery import BATCH_AMOUNTS
from tests.oracle.demand import late_order_lines
from tests.oracle.desk import bands, parts
from tests.oracle.leads import incidence
from tests.oracle.marketing import Touch, by_channel, heuristic, time_decay, w_shaped
from tests.oracle.money import at_rate, inverse, post, quantile, rounded, split, wilson

D = Decimal


def path(*channels: str) -> list[Touch]:
    """Touches of these channels, a day apart."""
    return [
        Touch(f"{number}", datetime(2026, 1, number + 1, 12), name, "(none)") for number, name in enumerate(channels)
    ]


def shared_by_channel(model: str, journeys: dict[tuple[str, ...], Decimal]) -> dict[str, Decimal]:
    """What each channel gets of the journeys' values, each journey split to the cent."""
    found: dict[str, Decimal] = {}
    for channels, value in journeys.items():
        touches = path(*channels)
        parts = split(value, heuristic(model, touches))
        for touch in touches:
            found[touch.channel] = found.get(touch.channel, D(0)) + parts.get(touch.id, D(0))
    return found


# money


def test_half_a_cent_is_rounded_away_from_zero():
    assert rounded(D("0.005")) == D("0.01")
    assert rounded(D("-0.005")) == D("-0.01")
    assert rounded(D("2.674999999999")) == D("2.67")
    assert at_rate(D("100.00"), D("7.123456789012")) == D("712.35")


def test_the_inverse_of_a_rate_has_twelve_places():
    assert inverse(D("7.1")) == D("0.140845070423")


def test_a_split_sums_to_the_whole_and_ties_go_by_id_as_text():
    assert split(D("1.00"), {"b": 1, "a": 1, "c": 1}) == {"b": D("0.33"), "a": D("0.34"), "c": D("0.33")}
    assert split(D("-1.00"), {"10": 1, "9": 1, "c": 1}) == {"10": D("-0.34"), "9": D("-0.33"), "c": D("-0.33")}


def test_cumulative_posting_gives_the_same_total_however_the_events_are_split():
    assert sum(post(D("10.00"), [D(1), D(1), D(1)], D(3))) == D("10.00")
    assert post(D("10.00"), [D(1), D(1), D(1)], D(3)) == [D("3.33"), D("3.34"), D("3.33")]
    assert post(D("10.00"), [D(3)], D(3)) == [D("10.00")]


def test_a_quantile_interpolates_between_neighbours():
    assert quantile([1, 2, 3, 10], Fraction(1, 2)) == Fraction(5, 2)
    assert quantile([], Fraction(1, 2)) is None


def test_a_rate_of_nothing_has_no_interval():
    assert wilson(0, 0) == (None, None)
    low, high = wilson(1, 2)
    assert low == D("0.094531")
    assert high == D("0.905469")


def test_two_rows_of_one_key_are_a_fault_unless_they_are_to_be_added():
    rows = [("a", D(1)), ("a", D(2))]
    with pytest.raises(ValueError, match="orders has more than one row of a"):
        Mart("orders", ("order_id",), ("amount",)).rows(rows)
    assert Mart("orders", ("order_id",), ("amount",), sums=True).rows(rows) == {("a",): {"amount": D(3)}}


# attribution (cases 8 and 9)

SNOWPLOW = {
    ("video",): D("200.00"),
    ("display", "organic"): D("66.50"),
    ("direct", "organic", "direct"): D("140.00"),
    ("direct",): D("24.00"),
}


@pytest.mark.parametrize(
    ("model", "video", "display", "organic", "direct"),
    [
        ("first", "200", "66.5", "0", "164"),
        ("last", "200", "0", "66.5", "164"),
        ("linear", "200", "33.25", "79.92", "117.33"),
        ("position", "200", "33.25", "61.25", "136"),
    ],
)
def test_snowplows_journeys(model, video, display, organic, direct):
    found = shared_by_channel(model, SNOWPLOW)
    assert found == {"video": D(video), "display": D(display), "organic": D(organic), "direct": D(direct)}


def test_last_non_direct_passes_over_direct_unless_there_is_nothing_else():
    assert shared_by_channel("last_non_direct", SNOWPLOW)["organic"] == D("206.50")
    assert shared_by_channel("last_non_direct", SNOWPLOW)["direct"] == D("24.00")


def test_a_touch_thirty_days_earlier_weighs_half():
    touches = [
        Touch("a", datetime(2026, 1, 1), "email", "(none)"),
        Touch("b", datetime(2026, 1, 31), "search", "(none)"),
    ]
    assert time_decay(touches, date(2026, 1, 31)) == {"a": Fraction(1, 3), "b": Fraction(2, 3)}


def test_a_learnt_share_is_renormalised_over_the_path_and_spread_over_its_channels_touches():
    shares = {"search": D("0.3"), "email": D("0.1"), "fair": D("0.6")}
    assert by_channel(path("search", "search", "email"), shares) == {
        "0": Fraction(3, 8),
        "1": Fraction(3, 8),
        "2": Fraction(1, 4),
    }
    assert by_channel(path("search", "radio"), {}) == {"0": Fraction(1, 2), "1": Fraction(1, 2)}


def test_a_w_shape_without_rest_is_renormalised_and_adds_the_roles_of_one_touch():
    touches = path("search", "email")
    weights = w_shaped(touches, datetime(2026, 1, 1, 13), datetime(2026, 1, 2, 13))
    assert weights == {"0": Fraction(2, 3), "1": Fraction(1, 3)}
    three = w_shaped(path("search", "email", "events"), None, datetime(2026, 1, 3, 13))
    assert three == {"0": Fraction(3, 7), "1": Fraction(1, 7), "2": Fraction(3, 7)}


# receivables (cases 13 to 18)

INVOICE = "invoice_id account_id issued_on due_on amount currency\n"


def balances(oracle, day: str) -> dict[str, Decimal]:
    return {item.item: item.document_balance for item in oracle.receivables.open_items(date.fromisoformat(day))}


def test_part_payments_leave_what_is_open_on_each_day(company):
    oracle = company(
        {
            "invoices": INVOICE + "I A 2016-11-30 2017-02-28 10000 CNY",
            "payments": """payment_id account_id paid_on amount invoice_id
                P1 A 2016-11-09 1500 I
                P2 A 2016-11-30 1000 I
                P3 A 2017-01-30 2000 I""",
        },
        "2017-04-04",
    )
    assert balances(oracle, "2017-04-04") == {"invoice custom:I": D(5500)}
    assert oracle.receivables.bucket("due", date(2017, 2, 28), date(2017, 4, 4)) == "31-60"
    assert balances(oracle, "2016-12-31") == {"invoice custom:I": D(7500)}
    assert balances(oracle, "2016-11-10") == {"payment custom:P1": D(-1500)}


def test_instalments_are_settled_earliest_first_and_a_credit_note_alone_stands_apart(company):
    tables = {
        "invoices": INVOICE + "I A 2026-01-01 2026-04-01 200 CNY",
        "collection_plans": """instalment_id invoice_id due_on amount
            N1 I 2026-01-31 60
            N2 I 2026-03-02 100
            N3 I 2026-04-01 40""",
        "payments": "payment_id account_id paid_on amount invoice_id\nP A 2026-01-10 40 I",
        "credit_notes": "credit_note_id account_id issued_on amount invoice_id\nC A 2026-01-20 100 I",
    }
    applied = balances(company(tables, "2026-02-01"), "2026-02-01")
    assert applied == {"instalment custom:N2": D(20), "instalment custom:N3": D(40)}
    tables["credit_notes"] = tables["credit_notes"].replace("100 I", "100 _")
    apart = balances(company(tables, "2026-02-01"), "2026-02-01")
    assert apart["credit_note custom:C"] == D(-100)
    assert [apart[f"instalment custom:N{number}"] for number in (1, 2, 3)] == [D(20), D(100), D(40)]


def test_a_receipt_of_tomorrow_does_not_lower_what_is_open_today(company):
    oracle = company(
        {
            "invoices": INVOICE + "I A 2026-01-01 2026-01-31 100 CNY",
            "payments": "payment_id account_id paid_on amount invoice_id\nP A 2026-01-02 100 I",
        },
        "2026-01-02",
    )
    assert balances(oracle, "2026-01-01") == {"invoice custom:I": D(100)}
    assert balances(oracle, "2026-01-02") == {}


def test_an_exchange_difference_leaves_nothing_behind_a_settled_invoice(company):
    oracle = company(
        {
            "fx_rates": "rate_on from_currency to_currency rate\n2026-01-01 USD CNY 7\n2026-02-01 USD CNY 7.2",
            "invoices": INVOICE + "I A 2026-01-05 2026-01-31 100 USD",
            "payments": "payment_id account_id paid_on amount currency invoice_id\nP A 2026-02-05 100 USD I",
        },
        "2026-02-28",
    )
    assert oracle.receivables.balance(date(2026, 1, 31)) == D(700)
    assert oracle.receivables.balance(date(2026, 2, 28)) == D(0)


def test_dso_by_countback_takes_blocks_of_thirty_days(company):
    oracle = company(
        {
            "invoices": INVOICE
            + """I1 A 2026-03-15 2026-04-15 100000 CNY
            I2 A 2026-02-15 2026-04-15 80000 CNY
            I3 A 2026-01-15 2026-04-15 70000 CNY"""
        },
        "2026-03-31",
    )
    assert oracle.receivables.countback(D(212000), date(2026, 3, 31)) == D("73.714286")
    assert oracle.receivables.countback(D(250001), date(2026, 3, 31)) is None


# opportunities (cases 1 and 2)


def test_categories_add_up_to_commit_best_case_and_open(company):
    rows = ["opportunity_id stage forecast_category amount close_on closed_at created_at"]
    kinds = ["closed", *["commit"] * 3, *["best_case"] * 2, *["pipeline"] * 4]
    for number, kind in enumerate(kinds):
        stage, closed = ("Won", "2026-02-01") if kind == "closed" else ("Proposal", "_")
        rows.append(f"O{number} {stage} {kind} 50 2026-03-01 {closed} 2026-01-05")
    oracle = company({"opportunities": "\n".join(rows)}, "2026-02-15")
    row = oracle.opportunities.forecast()[date(2026, 2, 15), "2026-Q1", "company", "company"]
    assert (row["won_amount"], row["commit_amount"], row["best_case_amount"]) == (D(50), D(200), D(300))
    assert row["open_amount"] == D(450)


def test_a_stage_forecast_is_a_sum_of_products(company):
    tables = {
        "opportunities": """opportunity_id stage amount close_on created_at
            O1 Proposal 100000 2026-06-10 2026-01-05
            O2 Proposal 100000 2026-07-10 2026-01-05
            O3 Prospecting 100000 2026-08-10 2026-01-05"""
    }
    rows = company(tables, "2026-02-15").opportunities.forecast()
    found = [
        rows[date(2026, 2, 15), f"2026-0{month}", "company", "company"]["open_weighted_amount"] for month in (6, 7, 8)
    ]
    assert found == [D(50000), D(50000), D(10000)]


def test_a_value_seen_only_in_a_later_export_holds_from_that_day(company):
    header = "opportunity_id stage amount close_on created_at\n"
    oracle = company(
        {
            "opportunities_2026-01-31": header + "O Proposal 100 2026-06-10 2026-01-05",
            "opportunities_2026-02-28": header + "O Proposal 250 2026-06-10 2026-01-05",
        },
        "2026-02-28",
    )
    deal = oracle.opportunities.deals["custom:O"]
    amounts = [
        oracle.opportunities.state(deal, day).amount
        for day in (date(2026, 1, 30), date(2026, 1, 31), date(2026, 2, 27), date(2026, 2, 28))
    ]
    assert amounts == [D(0), D(100), D(100), D(250)]


def test_a_history_that_does_not_reach_back_gives_way_to_the_exports_before_it(company):
    header = "opportunity_id stage amount close_on created_at\n"
    oracle = company(
        {
            "opportunities_2026-01-31": header + "O Qualification 100 2026-06-10 2026-01-05",
            "opportunities_2026-03-31": header + "O Proposal 100 2026-06-10 2026-01-05",
            "opportunities_2026-04-30": header + "O Negotiation 100 2026-06-10 2026-01-05",
            "opportunity_history": "opportunity_id changed_at field old_value new_value\n"
            "O 2026-04-10 stage Proposal Negotiation",
        },
        "2026-04-30",
    )
    deal = oracle.opportunities.deals["custom:O"]
    stages = [
        oracle.opportunities.state(deal, date.fromisoformat(day)).stage
        for day in ("2026-01-30", "2026-01-31", "2026-03-30", "2026-03-31", "2026-04-10")
    ]
    assert stages == [None, "Qualification", "Qualification", "Proposal", "Negotiation"]


def test_the_movements_of_a_deal_tie_its_opening_to_its_closing(company):
    header = "opportunity_id stage amount close_on created_at closed_at owner_id\n"
    oracle = company(
        {
            "opportunities_2026-01-31": header + "O Proposal 100 2026-03-10 2026-01-05 _ a",
            "opportunities_2026-02-28": header + "O Proposal 250 2026-04-10 2026-01-05 _ b",
            "opportunities_2026-03-31": header + "O Won 250 2026-04-10 2026-01-05 2026-03-20 b",
        },
        "2026-03-31",
    )
    moved = {
        key[1:2] + key[3:]: row["amount"] for key, row in oracle.waterfall.changes().items() if key[0] == "2026-Q1"
    }
    assert moved == {
        (date(2026, 1, 31), "pulled_in", "custom:a"): D(100),
        (date(2026, 2, 28), "increased", "custom:a"): D(150),
        (date(2026, 2, 28), "pushed_out", "custom:a"): D(-250),
    }


def test_a_deal_lost_on_its_first_day_has_moved_though_no_amount_was_known(company):
    oracle = company(
        {
            "opportunities": "opportunity_id stage amount close_on created_at closed_at owner_id\n"
            "O Lost _ 2026-01-05 2026-01-05 2026-01-05 a"
        },
        "2026-01-11",
    )
    nothing = {"amount": D(0), "opportunities": 1}
    moved = {key[2:]: row for key, row in oracle.waterfall.steps().items() if key[:2] == ("week", "all")}
    day = date(2026, 1, 11)
    assert moved == {(day, "created", "custom:a"): nothing, (day, "lost", "custom:a"): nothing}


def test_a_waterfall_runs_from_what_was_open_before_a_week_or_period_to_what_is_open_at_its_end(company):
    header = "opportunity_id stage amount close_on created_at closed_at owner_id\n"
    standing = header + "O Proposal 100 2026-02-10 2026-01-05 _ a\n"
    oracle = company(
        {
            "opportunities_2026-01-06": standing + "P Proposal 70 2026-02-12 2026-01-06 _ a",
            "opportunities_2026-02-15": standing + "P Won 70 2026-02-12 2026-01-06 2026-02-12 a",
        },
        "2026-02-15",
    )
    steps = oracle.waterfall.steps()
    month = {key[2:4]: row for key, row in steps.items() if key[:2] == ("period", "2026-02")}
    week = {key[3]: row["amount"] for key, row in steps.items() if key[:3] == ("week", "all", date(2026, 2, 15))}
    end = date(2026, 2, 15)
    assert month == {
        (end, "opening"): {"amount": D(170), "opportunities": 2},
        (end, "won"): {"amount": D(-70), "opportunities": 1},
        (end, "closing"): {"amount": D(100), "opportunities": 1},
    }
    assert week == {"opening": D(170), "won": D(-70), "closing": D(100)}


# leads


def test_the_product_limit_keeps_an_undecided_lead_at_risk_as_long_as_it_was_seen():
    assert incidence([2, None, None], [9, 1, 5], 5)[0] == D("0.500000")
    assert incidence([2, None, None], [9, 5, 5], 5)[0] == D("0.333333")
    assert incidence([None, None], [9, 9], 5) == (D(0), None, None)


# orders (case 24) and commissions (case 25)


def test_a_delivery_less_its_return_that_was_billed_leaves_nothing_to_bill(company):
    oracle = company(
        {
            "contracts": "contract_id amount signed_on\nK 22540 2026-01-02",
            "orders": "order_id contract_id ordered_on\nS K 2026-01-03",
            "order_lines": "order_line_id order_id quantity amount\nL S 10 22540",
            "shipments": "shipment_line_id shipment_id order_line_id shipped_on delivered_on quantity\n"
            "H H1 L 2026-01-10 2026-01-12 10",
            "returns": "return_id order_line_id returned_on quantity amount\nR L 2026-01-20 1 2530",
            "invoices": "invoice_id account_id order_id issued_on due_on amount\nI A S 2026-01-25 2026-02-25 20010",
        },
        "2026-01-31",
    )
    row = oracle.delivery.contract_execution()["custom:K"]
    assert (row["delivered_amount"], row["returned_amount"], row["to_bill_amount"]) == (D(22540), D(2530), D(0))


def test_batches_lay_out_their_line_to_the_cent_and_a_down_payment_has_none(company):
    oracle = company(
        {
            "contracts": "contract_id amount signed_on\nK 100 2026-01-02",
            "orders": "order_id contract_id ordered_on\nS K 2026-01-03",
            "order_lines": "order_line_id order_id quantity amount\nL S 3 100",
            "shipments": "shipment_line_id shipment_id order_line_id shipped_on delivered_on quantity\n"
            "1 B1 L 2026-01-10 2026-01-12 1\n2 B2 L 2026-01-11 2026-02-01 1",
            "invoices": "invoice_id account_id order_id shipment_id issued_on due_on amount\n"
            "I A S _ 2026-01-05 2026-01-06 20\nJ A S B1 2026-01-25 2026-01-30 33.33",
            "payments": "payment_id account_id paid_on amount invoice_id\nP A 2026-01-07 20 I",
        },
        "2026-01-31",
    )
    rows = oracle.delivery.contract_batches()
    figures = {batch: tuple(row[name] for name in BATCH_AMOUNTS) for (_, batch), row in rows.items()}
    assert figures == {
        "custom:B1": (D("33.33"), D("33.33"), D("33.33"), D(0), D("33.33")),
        "custom:B2": (D("33.34"), D(0), D(0), D(0), D(0)),
        "(none)": (D(0), D(0), D(20), D(20), D(0)),
    }
    assert rows["custom:K", "(none)"]["collected_on"] == date(2026, 1, 7)


def test_the_reason_of_a_late_line_is_that_of_its_last_delay_so_far(company):
    oracle = company(
        {
            "orders": "order_id account_id ordered_on\nS A 2026-01-03",
            "order_lines": "order_line_id order_id quantity amount promised_on\nL S 3 90 2026-01-10",
            "shipments": "shipment_line_id shipment_id order_line_id shipped_on delivered_on quantity delay_reason\n"
            "1 B L 2026-01-09 2026-01-10 1 part\n2 B L 2026-01-09 _ 1 lorry\n3 C L 2026-02-01 _ 1 flood",
        },
        "2026-01-31",
    )
    row = late_order_lines(oracle.delivery, oracle.company)["custom:L"]
    assert (row["delay_reason"], row["completed_on"], row["days_late"]) == ("lorry", None, 21)
    assert (row["promised_quantity"], row["backlog_quantity"], row["backlog_amount"]) == (D(2), D(1), D(30))


def test_a_contract_stands_from_its_signing_else_from_its_submission_and_is_approved_when_it_was(company):
    oracle = company(
        {
            "contracts": "contract_id amount signed_on submitted_at approved_at\n"
            "K 100 2026-01-02 2026-01-01T08:00 2026-02-01T08:00\nL 100 _ 2026-02-01T08:00 2026-02-02T08:00"
        },
        "2026-01-31",
    )
    ((contract, row),) = oracle.delivery.contract_execution().items()
    assert contract == "custom:K"
    assert (row["approved_on"], row["approved_amount"], row["contract_amount"]) == (None, D(0), D(100))


def test_a_line_without_an_amount_is_multiplied_and_converted_before_it_is_rounded(company):
    oracle = company(
        {
            "orders": "order_id ordered_on\nS 2026-01-03",
            "order_lines": "order_line_id order_id quantity unit_price currency\nL S 3 0.335 USD",
            "fx_rates": "rate_on from_currency to_currency rate\n2026-01-01 USD CNY 7",
        },
        "2026-01-31",
    )
    assert oracle.delivery.lines["custom:L"].amount == D("7.04")


def test_returns_of_a_month_are_counted_by_reason_and_those_to_come_are_not(company):
    oracle = company(
        {
            "products": "product_id name product_line\nP pump pumps",
            "orders": "order_id ordered_on\nS 2026-01-03",
            "order_lines": "order_line_id order_id product_id quantity amount\nL S P 3 100",
            "returns": "return_id order_line_id returned_on quantity amount reason\n"
            "1 L 2026-01-20 1 _ broken\n2 L 2026-01-21 1 _ broken\n3 L 2026-01-21 0.5 20 _\n4 L 2026-02-01 1 40 broken",
        },
        "2026-01-31",
    )
    month = date(2026, 1, 1)
    assert oracle.delivery.order_returns() == {
        (month, "pumps", "broken"): {"returns": 2, "quantity": D(2), "amount": D("66.67")},
        (month, "pumps", "(none)"): {"returns": 1, "quantity": D("0.5"), "amount": D(20)},
    }


def test_a_step_undecided_by_the_day_shown_waits_to_its_end(company):
    oracle = company(
        {
            "contracts": "contract_id account_id amount signed_on\nK A 100 2026-01-02",
            "approvals": "approval_id document_kind document_id step requested_at due_at decided_at decision\n"
            "1 contract K 1 2026-01-02T09:00 2026-01-02T10:00 2026-01-02T09:08:42 approved\n"
            "2 contract K 2 2026-01-31T12:00 2026-01-31T18:00 2026-02-01T09:00 rejected\n"
            "3 contract K 3 2026-01-02T09:00 _ 2026-01-01T09:00 approved\n"
            "4 contract K 4 2026-02-01T12:00 _ _ _\n"
            "5 quote Q 1 2026-01-02T09:00 _ _ _",
        },
        "2026-01-31",
    )
    steps = oracle.contracts.approvals()
    figures = {
        key: tuple(row[name] for name in ("decision", "is_waiting", "is_late", "hours_waited"))
        for (key,), row in steps.items()
    }
    assert figures == {
        "custom:1": ("approved", False, False, D("0.15")),
        "custom:2": (None, True, True, D(12)),
        "custom:3": ("approved", False, False, D(0)),
    }


def test_changes_follow_the_signing_of_their_day_and_leave_the_contracts_amount(company):
    oracle = company(
        {
            "contracts": "contract_id account_id amount signed_on currency\nK A 100 2026-01-02 USD",
            "contract_changes": "contract_id changed_on kind amount\n"
            "K 2026-01-20 suspended _\nK 2026-01-02 amended -20\nK 2026-02-02 amended 50",
            "fx_rates": "rate_on from_currency to_currency rate\n2026-01-01 USD CNY 7\n2026-01-10 USD CNY 8",
        },
        "2026-01-31",
    )
    rows = [(on, kind, left, row["amount"]) for (_, on, kind, left), row in oracle.contracts.changes().items()]
    assert rows == [
        (date(2026, 1, 2), "signed", D(700), D(700)),
        (date(2026, 1, 2), "amended", D(560), D(-140)),
        (date(2026, 1, 20), "suspended", D(560), D(0)),
    ]
    assert oracle.delivery.contract_execution()["custom:K"]["contract_amount"] == D(560)


def tiers(*bands: tuple[int, str]) -> list[Tier]:
    return [Tier(Fraction(start), D(rate)) for start, rate in bands]


def test_marginal_tiers_pay_each_band_at_its_rate():
    assert marginal(tiers((0, "0.04"), (200_000, "0.06")), D(220_000)) == D("9200.00")
    by_deal = tiers((0, "0.04"), (150_000, "0.06"))
    assert marginal(by_deal, D(165_000)) - marginal(by_deal, D(145_000)) == D("1100.00")
    assert marginal(tiers((0, "0.05"), (50_000, "0.06"), (100_000, "0.07")), D(102_000)) == D("5640.00")


def test_an_answer_to_come_leaves_the_one_that_an_event_tells(company):
    tables = DESK | {"activities": "activity_id occurred_at kind direction lead_id\n1 2026-02-01T09:00 call out M"}
    assert {
        lead.row["lead_id"]: lead.steps.get("responded") for lead in company(tables, "2026-01-31").leads.journeys
    } == {
        "custom:L": None,
        "custom:M": date(2026, 1, 13),
    }


def test_leads_of_one_person_count_once_as_the_earliest_with_the_first_of_each_step(company):
    tables = {
        "leads": """lead_id created_at source status
            L1 2026-01-01 web Open
            L2 2026-01-11 fair Open
            L3 2026-01-05 web Open""",
        "lead_events": """lead_id occurred_at kind
            L1 2026-01-02 disqualified
            L2 2026-01-21 converted
            L2 2026-01-15 qualified
            L3 2026-01-06 disqualified""",
    }
    apart = company(tables, "2026-01-31").leads.journeys
    assert len(apart) == 3
    together = company(tables, "2026-01-31", {"custom:L1": "custom:L1", "custom:L2": "custom:L1"}).leads.journeys
    assert {journey.row["lead_id"]: (journey.row["source"], journey.steps) for journey in together} == {
        "custom:L1": ("web", {"converted": date(2026, 1, 21), "qualified": date(2026, 1, 15)}),
        "custom:L3": ("web", {"disqualified": date(2026, 1, 6)}),
    }


DESK = {
    "users": "user_id name\na Ann\nb Ben",
    "accounts": "account_id name\nA Alpha",
    "leads": "lead_id created_at account_id owner_id grade\nL 2026-01-10T09:00 A b A\nM 2026-01-12T23:30 _ a _",
    "lead_events": "lead_id occurred_at kind owner_id\nL 2026-01-11T09:00 assigned b\nM 2026-01-13T00:10 responded a",
}


def test_a_lead_of_another_owner_conflicts_with_the_deal_that_is_open(company):
    oracle = company(
        {
            **DESK,
            "opportunities": "opportunity_id account_id owner_id stage amount created_at\n"
            "O A a Proposal 100 2026-01-05T08:00",
        },
        "2026-01-31",
    )
    ((key, row),) = oracle.conflicts.conflicts().items()
    assert key == ("custom:A", "owners", "opportunity", "custom:O", "lead", "custom:L")
    assert (row["overlaps_from_on"], row["is_standing"], row["amount"]) == (date(2026, 1, 11), True, D(100))


def test_a_deal_and_its_own_registration_are_one_claim_and_partners_differ(company):
    oracle = company(
        {
            "accounts": "account_id name\nA Alpha\nP Pi\nQ Qoppa",
            "registrations": "registration_id account_id opportunity_id partner_id owner_id submitted_at\n"
            "R A O P a 2026-01-02T08:00\nS A _ Q a 2026-01-07T08:00",
            "opportunities": "opportunity_id account_id owner_id partner_id stage amount created_at\n"
            "O A a P Proposal 100 2026-01-05T08:00",
        },
        "2026-01-31",
    )
    ((key, row),) = oracle.conflicts.conflicts().items()
    assert key[1:] == ("partners", "registration", "custom:R", "registration", "custom:S")
    assert row["amount"] == D(100)


def test_what_is_protected_goes_back_when_its_rule_says(company):
    desk = company(DESK, "2026-01-12").desk
    row = desk.pool_due()["custom:L"]
    assert (row["claimed_on"], row["last_active_on"], row["grade"]) == (date(2026, 1, 11), None, "A")
    assert (row["ends_on"], row["days_left"]) == (date(2026, 2, 10), 29)  # 30 days, at most 90
    assert (row["latest_end_on"], row["is_final"]) == (date(2026, 4, 11), False)


def test_answers_are_told_by_the_hour_of_the_day_in_which_the_lead_came(company):
    desk = company(DESK, "2026-01-31").desk
    late = desk.response_hours()[23, "(none)"]
    assert (late["leads"], late["responded"], late["within_hour"], late["median_hours"]) == (1, 1, 1, D("0.666667"))
    assert desk.response_effect()["within_1h", 7]["leads"] == 1
    assert desk.response_effect()["never", 7]["converted"] == 0


def test_tenths_of_judged_leads_tell_what_share_of_those_alike_came_to_something():
    judged = [(D(score), f"{score}", score >= 8) for score in range(10)]
    tenths = bands(judged)
    assert tenths[0] == (None, D("0.190476"))  # 0 of 1, and 20 at the base rate of 2 of 10
    assert tenths[-1] == (D(9), D("0.238095"))
    assert parts(list("abcdefg"), 5) == [["a", "b"], ["c", "d"], ["e"], ["f"], ["g"]]
