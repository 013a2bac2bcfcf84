"""Commissions end to end, on raw tables written for the purpose: whole plans over whole histories, in one build.

Each case has its own owner, customer, plan and orders, so that all of them share one run of dbt.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.contracts import load_contracts
from pipelines.ingest.raw import create_tables

ROOT = Path(__file__).resolve().parents[2]
pytestmark = [pytest.mark.dbt, pytest.mark.slow]

Row = dict[str, Any]


@dataclass
class World:
    """Rows by table of source custom; each case writes its own."""

    rows: dict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))

    def add(self, table: str, **values: Any) -> None:
        """One row of a table."""
        self.rows[table].append(values)

    def plan(self, name: str, mode: str, tiers: dict[float, float] | None = None, **terms: Any) -> None:
        """A plan of the person `name`, who also owns the case, with its tiers by lower bound."""
        version = terms.pop("version", 1)
        if version == 1:
            self.add("users", user_id=name, name=name)
            self.add("commission_assignments", owner_id=name, plan_id=name)
        self.add("commission_plans", plan_id=name, version=version, mode=mode, **terms)
        bound = "from_attainment" if terms.get("tier_measure") == "quota" else "from_amount"
        for start, rate in (tiers or {}).items():
            self.add("commission_tiers", plan_id=name, version=version, rate=rate, **{bound: start})

    def order(self, name: str, *amounts: float, on: str = "2026-01-01", **line: Any) -> None:
        """An order of the person with one line of 100 pieces per amount: `<name>.1`, `<name>.2` …"""
        owner = name.split("-", maxsplit=1)[0]
        self.add("orders", order_id=name, account_id=owner, owner_id=owner, ordered_on=on)
        for number, amount in enumerate(amounts, 1):
            self.add(
                "order_lines", order_line_id=f"{name}.{number}", order_id=name, quantity=100, amount=amount, **line
            )

    def ship(self, line: str, on: str, quantity: float = 100, batch: str | None = None) -> None:
        """Goods of a line that the customer received on a day."""
        number = len(self.rows["shipments"])
        self.add(
            "shipments",
            shipment_line_id=f"{line}/{number}",
            shipment_id=batch or f"{line}/{number}",
            order_line_id=line,
            shipped_on=on,
            delivered_on=on,
            quantity=quantity,
        )

    def invoice(self, name: str, order: str, amount: float, due: str = "2026-03-01", **more: Any) -> None:
        """An invoice of an order, issued on its first day."""
        self.add(
            "invoices",
            **{
                "invoice_id": name,
                "account_id": "c",
                "order_id": order,
                "issued_on": "2026-01-01",
                "due_on": due,
                "amount": amount,
            }
            | more,
        )

    def pay(self, name: str, invoice: str, amount: float, on: str) -> None:
        """A payment that names its invoice; below 0 a refund."""
        self.add("payments", payment_id=name, account_id="c", paid_on=on, amount=amount, invoice_id=invoice)


def built(world: World, folder: Path, as_of: str = "2026-12-31") -> duckdb.DuckDBPyConnection:
    """Write the raw tables, build what commissions need, open the result."""
    raw = folder / "raw.duckdb"
    with duckdb.connect(str(raw)) as connection:
        create_tables(connection, load_contracts())
        for table, rows in world.rows.items():
            for number, row in enumerate(rows, 1):
                values = row | {
                    "_exported_at": "2026-12-31",
                    "_file_id": "f",
                    "_row_number": number,
                    "_is_deleted": False,
                }
                names = ", ".join(values)
                marks = ", ".join("?" for _ in values)
                connection.execute(f"insert into raw.custom.{table} ({names}) values ({marks})", list(values.values()))
    environment = os.environ | {
        "WANAMAKER_RAW": str(raw),
        "WANAMAKER_BUILD": str(folder / "wanamaker.duckdb"),
        "DBT_TARGET_PATH": str(folder / "target"),
        "DBT_LOG_PATH": str(folder / "logs"),
    }
    done = subprocess.run(
        [
            *(str(Path(sys.executable).with_name("dbt")), "--no-use-colors", "build"),
            *("--exclude-resource-type", "test", "--exclude-resource-type", "unit_test"),
            *(
                "-s",
                "+commission_lines",
                "+commission_statements",
                "--vars",
                f"{{as_of_date: '{as_of}'}}",
                "--profiles-dir",
                ".",
            ),
        ],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:]
    return duckdb.connect(str(folder / "wanamaker.duckdb"), read_only=True)


CASES: dict[str, Any] = {}
EXPECTED: dict[str, list[tuple[str, str, str]]] = {}


def case(expected: str) -> Any:
    """Register a case: what it writes, and the movements (payable aside) that must come out."""

    def register(write: Any) -> Any:
        name = write.__name__
        CASES[name] = write
        lines = [line.split() for line in expected.strip().splitlines()]
        EXPECTED[name] = sorted((kind, day, amount) for kind, day, amount in lines)
        return write

    return register


@case("accrued 2026-02-01 9200.00")
def marginal_220000_at_4_to_200000_then_6(world: World, me: str) -> None:
    """Published case 25."""
    world.plan(me, "shipment", {0: 0.04, 200_000: 0.06})
    world.order(me, 220_000)
    world.ship(f"{me}.1", "2026-02-01")


@case("accrued 2026-02-01 5800.00\naccrued 2026-02-02 1100.00")
def marginal_a_deal_across_the_threshold_of_the_quarter(world: World, me: str) -> None:
    """Published case 25: already 145,000, a deal of 20,000, 4 % to 150,000 then 6 %."""
    world.plan(me, "shipment", {0: 0.04, 150_000: 0.06}, cumulates="period", period="quarter")
    world.order(me, 145_000, 20_000)
    world.ship(f"{me}.1", "2026-02-01")
    world.ship(f"{me}.2", "2026-02-02")


@case("accrued 2026-02-01 5640.00")
def marginal_three_bands(world: World, me: str) -> None:
    """Published case 25: 102,000 at 5, 6 and 7 % per 50,000."""
    world.plan(me, "shipment", {0: 0.05, 50_000: 0.06, 100_000: 0.07})
    world.order(me, 102_000)
    world.ship(f"{me}.1", "2026-02-01")


@case("accrued 2026-02-01 17600.00")
def cliff_the_whole_at_the_rate_reached(world: World, me: str) -> None:
    """Published case 26."""
    world.plan(me, "shipment", {0: 0.05, 200_000: 0.08}, tier_kind="cliff")
    world.order(me, 220_000)
    world.ship(f"{me}.1", "2026-02-01")


@case("accrued 2026-01-05 5000.00\naccrued 2026-01-20 3000.00\naccrued 2026-01-20 8000.00\naccrued 2026-02-05 5000.00")
def cliff_a_crossing_trues_up_each_earlier_line_and_the_next_period_begins_anew(world: World, me: str) -> None:
    """100,000 at 5 %; at exactly 200,000 the whole earns 8 %: 3,000 more for the first line, 8,000 for the second."""
    world.plan(me, "shipment", {0: 0.05, 200_000: 0.08}, tier_kind="cliff", cumulates="period", period="month")
    world.order(me, 100_000, 100_000, 100_000)
    world.ship(f"{me}.1", "2026-01-05")
    world.ship(f"{me}.2", "2026-01-20")
    world.ship(f"{me}.3", "2026-02-05")


@case("accrued 2026-02-01 40.00\nclawback 2026-03-01 -8.00")
def a_credit_note_without_a_return_claws_back(world: World, me: str) -> None:
    """Published case 27, with tax: 1,130 invoiced and collected, 226 credited; 1,000 and 200 net."""
    world.plan(me, "shipment", {0: 0.04})
    world.order(me, 1000)
    world.ship(f"{me}.1", "2026-02-01")
    world.invoice(f"{me}-i", me, 1130, tax_amount=130)
    world.pay(f"{me}-p", f"{me}-i", 1130, "2026-02-15")
    world.add(
        "credit_notes",
        credit_note_id=f"{me}-cn",
        account_id="c",
        invoice_id=f"{me}-i",
        issued_on="2026-03-01",
        amount=226,
        tax_amount=26,
    )


@case("accrued 2026-02-01 40.00\nclawback 2026-03-01 -8.00")
def a_credit_note_that_names_its_return_claws_nothing_again(world: World, me: str) -> None:
    """20 of 100 pieces come back: 8; the credit note for them is the same event."""
    world.plan(me, "shipment", {0: 0.04})
    world.order(me, 1000)
    world.ship(f"{me}.1", "2026-02-01")
    world.invoice(f"{me}-i", me, 1000)
    world.add("returns", return_id=f"{me}-r", order_line_id=f"{me}.1", returned_on="2026-03-01", quantity=20)
    world.add(
        "credit_notes",
        credit_note_id=f"{me}-cn",
        account_id="c",
        invoice_id=f"{me}-i",
        return_id=f"{me}-r",
        issued_on="2026-03-05",
        amount=200,
    )


@case("accrued 2026-02-01 2000.00\naccrued 2026-04-01 2000.00")
def collection_by_cash_received(world: World, me: str) -> None:
    """Published case 28: invoice 20,000, commission 4,000, two receipts of 10,000."""
    world.plan(me, "collection", {0: 0.2})
    world.order(me, 20_000)
    world.invoice(f"{me}-i", me, 20_000)
    world.pay(f"{me}-p", f"{me}-i", 10_000, "2026-02-01")
    world.pay(f"{me}-q", f"{me}-i", 10_000, "2026-04-01")


@case("accrued 2026-02-01 40.00\nclawback 2026-03-01 -40.00")
def shipment_settled_then_fully_credited_is_0_at_once(world: World, me: str) -> None:
    """Published case 29."""
    world.plan(me, "shipment", {0: 0.04})
    world.order(me, 1000)
    world.ship(f"{me}.1", "2026-02-01")
    world.invoice(f"{me}-i", me, 1000)
    world.pay(f"{me}-p", f"{me}-i", 1000, "2026-02-15")
    world.add(
        "credit_notes",
        credit_note_id=f"{me}-cn",
        account_id="c",
        invoice_id=f"{me}-i",
        issued_on="2026-03-01",
        amount=1000,
    )


@case("accrued 2026-02-15 40.00\nclawback 2026-04-01 -40.00")
def collection_settled_then_fully_credited_is_0_once_the_refund_is_posted(world: World, me: str) -> None:
    """Published case 29: the credit note alone takes nothing back."""
    world.plan(me, "collection", {0: 0.04})
    world.order(me, 1000)
    world.invoice(f"{me}-i", me, 1000)
    world.pay(f"{me}-p", f"{me}-i", 1000, "2026-02-15")
    world.add(
        "credit_notes",
        credit_note_id=f"{me}-cn",
        account_id="c",
        invoice_id=f"{me}-i",
        issued_on="2026-03-01",
        amount=1000,
    )
    world.pay(f"{me}-refund", f"{me}-i", -1000, "2026-04-01")


@case("accrued 2026-02-01 5.00\naccrued 2026-02-28 5.00\nclawback 2026-03-10 -5.00\naccrued 2026-03-31 10.00")
def clawback_is_what_was_earned_and_not_the_minimum_that_was_paid(world: World, me: str) -> None:
    """Published case 29: 100 at 5 % earned 5, the minimum of 10 was paid."""
    world.plan(
        me,
        "shipment",
        {0: 0.05},
        minimum_amount=10,
        period="month",
        valid_from_on="2026-02-01",
        valid_to_on="2026-04-29",
    )
    world.order(me, 100)
    world.ship(f"{me}.1", "2026-02-01")
    world.add("returns", return_id=f"{me}-r", order_line_id=f"{me}.1", returned_on="2026-03-10", quantity=100)


@case(
    "accrued 2026-02-01 5.00\naccrued 2026-02-28 5.00\naccrued 2026-03-01 13.00\naccrued 2026-03-31 -3.00\naccrued 2026-04-01 20.00\naccrued 2026-04-30 -2.00"
)
def a_recoverable_minimum_is_taken_back_from_what_later_months_bring_above_it(world: World, me: str) -> None:
    """5 earned, 5 drawn; 13 earned, 3 above the minimum recovered; 20 earned, the last 2 recovered."""
    world.plan(
        me,
        "shipment",
        {0: 0.05},
        minimum_amount=10,
        is_minimum_recoverable=True,
        period="month",
        valid_from_on="2026-02-01",
        valid_to_on="2026-04-30",
    )
    world.order(me, 100, 260, 400)
    world.ship(f"{me}.1", "2026-02-01")
    world.ship(f"{me}.2", "2026-03-01")
    world.ship(f"{me}.3", "2026-04-01")


@case(
    "accrued 2026-02-01 4.00\nbonus_interest 2026-02-01 0.77\naccrued 2026-03-16 4.00\npenalty_interest 2026-03-16 -0.41\naccrued 2026-03-04 4.00"
)
def interest_by_batch_early_late_and_within_grace(world: World, me: str) -> None:
    """Published case 22: 100 late by 15 days at 10 % costs 0.41; 100 early by 28 days earns 0.77; 3 days are within grace."""
    world.plan(me, "collection", {0: 0.04}, bonus_annual_rate=0.1, penalty_annual_rate=0.1, grace_days=5)
    world.order(me, 300)
    for number, day in enumerate(["2026-02-01", "2026-03-16", "2026-03-04"]):
        world.ship(f"{me}.1", "2026-01-10", 33.333, batch=f"{me}-s{number}")
        world.invoice(f"{me}-i{number}", me, 100, shipment_id=f"{me}-s{number}")
        world.pay(f"{me}-p{number}", f"{me}-i{number}", 100, day)


@case("accrued 2026-01-10 4.00\npenalty_interest 2026-12-01 -2.00")
def a_penalty_is_at_most_its_share_of_the_batch_s_commission(world: World, me: str) -> None:
    """100 late by 275 days at 10 % would cost 7.53; half of the commission of 4 is the most."""
    world.plan(me, "shipment", {0: 0.04}, penalty_annual_rate=0.1, interest_cap_rate=0.5)
    world.order(me, 100)
    world.ship(f"{me}.1", "2026-01-10", batch=f"{me}-s")
    world.invoice(f"{me}-i", me, 100, shipment_id=f"{me}-s")
    world.pay(f"{me}-p", f"{me}-i", 100, "2026-12-01")


@case("accrued 2026-02-01 12.00\naccrued 2026-05-01 28.00")
def a_down_payment_earns_its_share_of_what_earns_commission(world: World, me: str) -> None:
    """1,000 that earn 4 % and 500 that do not: 450 down earn on 300; the rest completes 40, not more."""
    world.plan(me, "collection", {0: 0.04})
    world.order(me, 1000)
    world.add("order_lines", order_line_id=f"{me}.free", order_id=me, quantity=1, amount=500, is_commissionable=False)
    world.invoice(f"{me}-down", me, 450)
    world.invoice(f"{me}-rest", me, 1050)
    world.pay(f"{me}-p", f"{me}-down", 450, "2026-02-01")
    world.pay(f"{me}-q", f"{me}-rest", 1050, "2026-05-01")


@case("accrued 2026-03-31 660.00\naccrued 2026-03-31 440.00")
def attainment_is_posted_at_the_end_of_the_period_and_100_percent_earns_the_tier_of_100_percent(
    world: World, me: str
) -> None:
    """Orders of exactly the quota: 10,000 at 11 %."""
    world.plan(me, "attainment", {0: 0.05, 1: 0.11}, tier_kind="cliff", tier_measure="quota", period="quarter")
    world.add("quotas", owner_id=me, period_start_on="2026-01-01", period_end_on="2026-03-31", amount=10_000)
    world.order(me, 6_000, 4_000)


@case("accrued 2026-03-31 300.00\naccrued 2026-03-31 200.00")
def attainment_without_a_quota_earns_the_lowest_tier(world: World, me: str) -> None:
    """Nobody set a quota: 5 %."""
    world.plan(me, "attainment", {0: 0.05, 1: 0.11}, tier_kind="cliff", tier_measure="quota", period="quarter")
    world.order(me, 6_000, 4_000)


@case("accrued 2026-02-01 28.00")
def a_share_of_an_order_earns_that_share(world: World, me: str) -> None:
    """70 % of 1,000 at 4 %; the line that is split otherwise goes to somebody else alone."""
    world.plan(me, "shipment", {0: 0.04})
    world.order(me, 1000, 500)
    world.add("commission_splits", order_id=me, owner_id=me, share=0.7)
    world.add("commission_splits", order_id=me, owner_id="nobody", share=0.3)
    world.add("commission_splits", order_id=me, order_line_id=f"{me}.2", owner_id="nobody", share=1)
    world.ship(f"{me}.1", "2026-02-01")
    world.ship(f"{me}.2", "2026-02-01")


@case("")
def an_order_split_to_99_percent_accrues_nothing(world: World, me: str) -> None:
    """Until somebody mends it."""
    world.plan(me, "shipment", {0: 0.04})
    world.order(me, 1000)
    world.add("commission_splits", order_id=me, owner_id=me, share=0.99)
    world.ship(f"{me}.1", "2026-02-01")


@case("accrued 2026-02-01 40.00\naccrued 2026-02-01 20.00\naccrued 2026-06-15 20.00\naccrued 2026-06-15 10.00")
def a_plan_changed_retroactively_is_corrected_on_the_day_it_was_recorded(world: World, me: str) -> None:
    """4 % on 1,500; on June 15 it is recorded that it was 6 % all year: 30 more, nothing rewritten.

    That 4 % ended with the year was known on June 15 only."""
    world.plan(me, "shipment", {0: 0.04}, recorded_at="2025-01-01", valid_to_on="2025-12-31")
    world.plan(me, "shipment", {0: 0.06}, version=2, valid_from_on="2026-01-01", recorded_at="2026-06-15 10:00:00")
    world.order(me, 1000, 500)
    world.ship(f"{me}.1", "2026-02-01")
    world.ship(f"{me}.2", "2026-02-01")


@case("accrued 2026-02-01 100.00\naccrued 2026-02-02 20.00\naccrued 2026-02-03 10.00")
def rates_of_the_plan_beat_its_tiers_the_most_specific_first(world: World, me: str) -> None:
    """10 % for the product and this customer, 2 % for the product line, 1 % by tier."""
    world.plan(me, "shipment", {0: 0.01})
    world.add("products", product_id=f"{me}-a", name="a", product_line=f"{me}-line")
    world.add("products", product_id=f"{me}-b", name="b", product_line=f"{me}-line")
    world.order(me)
    for number, product in enumerate([f"{me}-a", f"{me}-b", None], 1):
        world.add(
            "order_lines", order_line_id=f"{me}.{number}", order_id=me, product_id=product, quantity=100, amount=1000
        )
        world.ship(f"{me}.{number}", f"2026-02-0{number}")
    world.add("commission_rates", plan_id=me, product_line=f"{me}-line", rate=0.02)
    world.add("commission_rates", plan_id=me, product_id=f"{me}-a", rate=0.03)
    world.add("commission_rates", plan_id=me, product_id=f"{me}-a", account_id=me, rate=0.1)


@case("accrued 2026-02-01 30.00\naccrued 2026-02-02 10.00")
def a_cap_of_the_period_stops_the_commission_there(world: World, me: str) -> None:
    """4 % of 750 and of 750, at most 40 a month."""
    world.plan(me, "shipment", {0: 0.04}, cap_amount=40, cap_scope="period", period="month")
    world.order(me, 750, 750)
    world.ship(f"{me}.1", "2026-02-01")
    world.ship(f"{me}.2", "2026-02-02")


@case("accrued 2026-02-10 4.00\nclawback 2026-02-10 -1.00")
def what_was_returned_before_it_reached_the_customer_is_settled_when_it_does(world: World, me: str) -> None:
    """25 of 100 pieces come back on the way: nothing is taken before something was earned."""
    world.plan(me, "shipment", {0: 0.04})
    world.order(me, 100)
    world.ship(f"{me}.1", "2026-02-10")
    world.add("returns", return_id=f"{me}-r", order_line_id=f"{me}.1", returned_on="2026-02-05", quantity=25)


@case("accrued 2026-02-01 20.00\naccrued 2026-02-01 -20.00")
def a_negative_line_lowers_the_commission(world: World, me: str) -> None:
    """A discount line of −500 that is delivered with the goods."""
    world.plan(me, "shipment", {0: 0.04})
    world.order(me, 500, -500)
    world.ship(f"{me}.1", "2026-02-01")
    world.ship(f"{me}.2", "2026-02-01")


@case("accrued 2026-02-01 40.00\nclawback 2026-05-01 -40.00")
def a_return_larger_than_what_was_delivered_takes_back_what_was_earned_and_no_more(world: World, me: str) -> None:
    """150 of 100 pieces come back."""
    world.plan(me, "shipment", {0: 0.04})
    world.order(me, 1000)
    world.ship(f"{me}.1", "2026-02-01")
    world.add("returns", return_id=f"{me}-r", order_line_id=f"{me}.1", returned_on="2026-05-01", quantity=150)


@case("accrued 2026-02-01 12.00")
def margin_is_what_the_line_leaves(world: World, me: str) -> None:
    """1,000 for 100 pieces that cost 7 each: 4 % of 300."""
    world.plan(me, "shipment", {0: 0.04}, base="margin")
    world.order(me, 1000, unit_cost=7)
    world.ship(f"{me}.1", "2026-02-01")


@case("accrued 2026-02-01 20.00\naccrued 2026-03-01 60.00")
def of_two_plans_at_once_the_one_that_began_last_holds(world: World, me: str) -> None:
    """2 % from the start, and 6 % from March 1 without an end to the first; a test names him."""
    world.plan(me, "shipment", {0: 0.02})
    world.add("commission_plans", plan_id=f"{me}-b", mode="shipment")
    world.add("commission_tiers", plan_id=f"{me}-b", from_amount=0, rate=0.06)
    world.add("commission_assignments", owner_id=me, plan_id=f"{me}-b", valid_from_on="2026-03-01")
    world.order(me, 1000, 1000)
    world.ship(f"{me}.1", "2026-02-01")
    world.ship(f"{me}.2", "2026-03-01")


@case("")
def without_a_plan_nothing_is_earned(world: World, me: str) -> None:
    """Sold and delivered, by somebody who is on no plan."""
    world.add("users", user_id=me, name=me)
    world.order(me, 1000)
    world.ship(f"{me}.1", "2026-02-01")


@case("")
def an_order_split_to_101_percent_accrues_nothing(world: World, me: str) -> None:
    """Until somebody mends it."""
    world.plan(me, "shipment", {0: 0.04})
    world.order(me, 1000)
    world.add("commission_splits", order_id=me, owner_id=me, share=0.71)
    world.add("commission_splits", order_id=me, owner_id="nobody", share=0.3)
    world.ship(f"{me}.1", "2026-02-01")


@case("accrued 2026-02-01 20.00")
def below_the_first_tier_nothing_is_earned(world: World, me: str) -> None:
    """Tiers begin at 500: 1,000 earn 4 % of the upper half."""
    world.plan(me, "shipment", {500: 0.04})
    world.order(me, 1000)
    world.ship(f"{me}.1", "2026-02-01")


@case("accrued 2026-02-01 60.00")
def of_two_rates_from_the_same_amount_the_higher_holds(world: World, me: str) -> None:
    """4 % and 6 % from 0."""
    world.plan(me, "shipment", {0: 0.04})
    world.add("commission_tiers", plan_id=me, version=1, from_amount=0, from_attainment=0.5, rate=0.06)
    world.order(me, 1000)
    world.ship(f"{me}.1", "2026-02-01")


@case("accrued 2026-02-10 40.00\naccrued 2026-02-28 60.00")
def who_left_in_a_period_earns_to_his_last_day(world: World, me: str) -> None:
    """Delivered before and after the day on which his assignment ends; the minimum of 100 is due once, not after he left."""
    world.plan(me, "shipment", {0: 0.04}, minimum_amount=100, period="month", valid_from_on="2026-02-01")
    world.rows["users"][-1]["left_on"] = "2026-03-15"
    world.rows["commission_assignments"][-1]["valid_to_on"] = "2026-03-15"
    world.order(me, 1000, 1000)
    world.ship(f"{me}.1", "2026-02-10")
    world.ship(f"{me}.2", "2026-03-20")


@case("accrued 2026-02-01 40.00")
def goods_delivered_before_their_order_earn_on_the_day_of_delivery(world: World, me: str) -> None:
    """The order was written up a month later."""
    world.plan(me, "shipment", {0: 0.04})
    world.order(me, 1000, on="2026-03-01")
    world.ship(f"{me}.1", "2026-02-01")


@case("accrued 2026-02-01 40.00\npaid 2026-03-15 -40.00\nclawback 2026-05-01 -10.00")
def what_was_paid_stays_paid_and_a_later_return_is_owed_back(world: World, me: str) -> None:
    """A quarter comes back after the commission was paid out: 10 below 0."""
    world.plan(me, "shipment", {0: 0.04})
    world.order(me, 1000)
    world.ship(f"{me}.1", "2026-02-01")
    world.add("commission_payments", payment_id=f"{me}-paid", owner_id=me, paid_on="2026-03-15", amount=40)
    world.add("returns", return_id=f"{me}-r", order_line_id=f"{me}.1", returned_on="2026-05-01", quantity=25)


@case("accrued 2026-03-31 300.00\naccrued 2026-03-31 200.00")
def a_quota_of_zero_earns_the_lowest_tier(world: World, me: str) -> None:
    """Stated as 0: 5 %."""
    world.plan(me, "attainment", {0: 0.05, 1: 0.11}, tier_kind="cliff", tier_measure="quota", period="quarter")
    world.add("quotas", owner_id=me, period_start_on="2026-01-01", period_end_on="2026-03-31", amount=0)
    world.order(me, 6_000, 4_000)


@case("accrued 2026-02-01 280.00")
def an_order_in_dollars_paid_in_yuan_earns_on_the_money_that_came(world: World, me: str) -> None:
    """An order and an invoice of 1,000 dollars at 7.00, paid with 7,000 yuan: 4 % of these."""
    world.plan(me, "collection", {0: 0.04}, base="collected")
    world.add("fx_rates", rate_on="2026-01-01", from_currency="USD", to_currency="CNY", rate=7)
    world.order(me, 1000, currency="USD")
    world.invoice(f"{me}-i", me, 1000, currency="USD")
    world.pay(f"{me}-p", f"{me}-i", 7000, "2026-02-01")
    world.rows["payments"][-1]["currency"] = "CNY"


@case("accrued 2024-03-01 40.00\npenalty_interest 2024-03-01 -0.55")
def interest_over_a_leap_day_counts_it(world: World, me: str) -> None:
    """Due on February 28, paid on March 1, 2024: 2 days of 1,000 at 10 % over 365."""
    world.plan(me, "collection", {0: 0.04}, penalty_annual_rate=0.1)
    world.order(me, 1000, on="2024-01-01")
    world.invoice(f"{me}-i", me, 1000, issued_on="2024-01-01", due="2024-02-28")
    world.pay(f"{me}-p", f"{me}-i", 1000, "2024-03-01")


@case("accrued 2026-04-30 40.00\naccrued 2026-05-02 40.00\npenalty_interest 2026-05-02 -16.99")
def a_grace_longer_than_the_terms_ends_like_any_other(world: World, me: str) -> None:
    """Terms of no day and 60 days of grace: 60 days late cost nothing, 62 days all their 62 days."""
    world.plan(me, "collection", {0: 0.04}, penalty_annual_rate=0.1, grace_days=60)
    world.order(me, 2000)
    for number, day in enumerate(["2026-04-30", "2026-05-02"]):
        world.invoice(f"{me}-i{number}", me, 1000, issued_on="2026-03-01", due="2026-03-01")
        world.pay(f"{me}-p{number}", f"{me}-i{number}", 1000, day)


def _cases(world: World) -> None:
    for name, write in CASES.items():
        write(world, name)


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> duckdb.DuckDBPyConnection:
    """Every case in one company."""
    world = World()
    _cases(world)
    return built(world, tmp_path_factory.mktemp("commissions"))


@pytest.mark.parametrize("name", CASES)
def test_case(results: duckdb.DuckDBPyConnection, name: str) -> None:
    found = results.execute(
        "select kind, cast(moved_on as varchar), cast(amount as varchar) from marts.commission_lines "
        "where owner_id = ? and kind <> 'payable' and amount <> 0",
        [f"custom:{name}"],
    ).fetchall()
    assert sorted(found) == EXPECTED[name]


def spread(total: int, chance: random.Random) -> list[int]:
    """Cut a whole number into 1 to 5 parts of at least 1."""
    cuts = sorted(chance.sample(range(1, total), k=min(chance.randint(0, 4), total - 1)))
    return [until - since for since, until in zip([0, *cuts], [*cuts, total], strict=True)]


def history(world: World, me: str, seed: int, way: random.Random | None) -> None:
    """One history: orders delivered, returned, invoiced, paid and refunded under a plan drawn from the seed.

    With a `way`, every shipment and payment is cut into parts and the order of documents is another.
    """
    chance = random.Random(seed)
    mode = ("shipment", "collection", "collection_then_terminal", "attainment")[seed % 4]
    base = chance.choice(["revenue", "margin"])
    tiers = {0: 0.0137, chance.randint(300, 900): 0.0291, chance.randint(1000, 3000): 0.0417}
    world.plan(
        me,
        mode,
        tiers,
        base=base,
        tier_kind=chance.choice(["marginal", "cliff"]),
        cumulates="period",
        period="year",
        penalty_annual_rate=0.0731,
        bonus_annual_rate=0.0519,
    )
    events = []
    for number in range(3):
        order, amount = f"{me}-{number}", chance.randint(20_000, 150_000)
        world.order(order, amount / 100, unit_cost=round(amount / 100 / 170, 2))
        world.invoice(f"{order}-i", order, amount / 100, due="2026-05-01")
        events.append(("ship", order, chance.randint(1, 100), f"2026-{chance.randint(2, 6):02}-10"))
        events.append(("pay", order, amount, f"2026-{chance.randint(2, 8):02}-15"))
        returned = chance.randint(1, 60)
        world.add(
            "returns", return_id=f"{order}-r", order_line_id=f"{order}.1", returned_on="2026-09-05", quantity=returned
        )
        refunded = chance.randint(1, amount)
        world.pay(f"{order}-z", f"{order}-i", -refunded / 100, "2026-09-20")
    if way:
        way.shuffle(events)
    for place, (kind, order, size, day) in enumerate(events):
        for part, piece in enumerate(spread(size, way) if way and size > 1 else [size]):
            if kind == "ship":
                world.ship(f"{order}.1", day, piece)
            else:
                world.pay(f"{order}-{'p' if way is None else chr(97 + place)}{part}", f"{order}-i", piece / 100, day)


SEEDS = range(24)


def _histories(world: World) -> None:
    for seed in SEEDS:
        for version in range(3):
            history(world, f"s{seed}v{version}", seed, random.Random(f"{seed} {version}") if version else None)


@pytest.fixture(scope="module")
def histories(tmp_path_factory: pytest.TempPathFactory) -> duckdb.DuckDBPyConnection:
    """Each history as it was, and twice cut up and shuffled."""
    world = World()
    _histories(world)
    return built(world, tmp_path_factory.mktemp("histories"))


@pytest.mark.parametrize("seed", SEEDS)
def test_any_split_and_order_of_events_gives_the_same_totals(histories: duckdb.DuckDBPyConnection, seed: int) -> None:
    totals = [
        histories.execute(
            "select kind, cast(sum(amount) as varchar) from marts.commission_lines where owner_id = ? "
            "group by kind having sum(amount) <> 0 order by kind",
            [f"custom:s{seed}v{version}"],
        ).fetchall()
        for version in range(3)
    ]
    assert totals[0]
    assert totals[1] == totals[0]
    assert totals[2] == totals[0]


def test_money_before_the_goods_is_earned_at_once_and_payable_when_they_arrive(tmp_path: Path) -> None:
    """Mode collection_then_terminal: paid on February 1, half arrives on March 1, the rest on April 1."""
    world = World()
    world.plan("t", "collection_then_terminal", {0: 0.04})
    world.order("t", 1000)
    world.invoice("t-i", "t", 1000)
    world.pay("t-p", "t-i", 1000, "2026-02-01")
    world.ship("t.1", "2026-03-01", 50)
    world.ship("t.1", "2026-04-01", 50)
    found = built(world, tmp_path).execute(
        "select kind, cast(moved_on as varchar), cast(amount as varchar) from marts.commission_lines order by 2, 1"
    )
    assert found.fetchall() == [
        ("accrued", "2026-02-01", "40.00"),
        ("payable", "2026-03-01", "20.00"),
        ("payable", "2026-04-01", "20.00"),
    ]


_LINES = (
    "select movement_id, owner_id, kind, moved_on, amount, base_amount, rate, rule from marts.commission_lines "
    "where moved_on <= '2026-06-30' order by 1, 2"
)


def test_recomputed_for_a_past_date_every_line_is_the_same(
    results: duckdb.DuckDBPyConnection, histories: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    """All cases, and the histories cut into a run for June and one for the year's end."""
    for name, later, write in (("cases", results, _cases), ("histories", histories, _histories)):
        world, folder = World(), tmp_path / name
        folder.mkdir()
        write(world)
        then = built(world, folder, as_of="2026-06-30").execute(_LINES).fetchall()
        assert then
        assert later.execute(_LINES).fetchall() == then


def test_lines_tie_to_statements_at_every_month_end(histories: duckdb.DuckDBPyConnection) -> None:
    differing = histories.execute(
        """
        select statements.owner_id, statements.month, statements.closing, sum(lines.amount)
        from marts.commission_statements as statements
        left join marts.commission_lines as lines
            on statements.owner_id = lines.owner_id and lines.kind <> 'payable'
            and lines.moved_on <= last_day(statements.month)
        group by all having coalesce(sum(lines.amount), 0) <> statements.closing
        """
    ).fetchall()
    assert differing == []


def test_corrections_are_the_difference_of_two_full_runs(results: duckdb.DuckDBPyConnection) -> None:
    """What the ledger holds in all is what the newest version gives over the whole history."""
    differing = results.execute(
        """
        with newest as (
            select owner_id, run_id from core.commission_runs
            where shadow_plan_id is null and known_until_on = date '9999-12-31'
        ),
        runs as (
            select movements.earner_id as owner_id, sum(movements.amount) as amount
            from core.commission_run_movements as movements
            inner join newest using (owner_id, run_id)
            where movements.kind <> 'payable' and movements.posted_on <= date '2026-12-31'
            group by all
        ),
        ledger as (
            select owner_id, sum(amount) as amount from marts.commission_lines
            where kind not in ('payable', 'paid') group by all
        )
        select * from runs full join ledger using (owner_id)
        where coalesce(runs.amount, 0) <> coalesce(ledger.amount, 0)
        """
    ).fetchall()
    assert differing == []
