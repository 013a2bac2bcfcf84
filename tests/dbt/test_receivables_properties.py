"""The ledger of receivables holds for all: any order of payments, any split of an invoice or payment, any as-of day.

dbt compiles the models once; each example fills raw tables in memory and runs the compiled statements on them.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.contracts import load_contracts
from pipelines.ingest.raw import create_tables

ROOT = Path(__file__).resolve().parents[2]
FIRST = date(2026, 1, 1)
AS_OF = date(2026, 6, 30)

pytestmark = [pytest.mark.dbt, pytest.mark.slow]
few = settings(
    max_examples=12, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@dataclass(frozen=True)
class Invoice:
    """An invoice: its number, account, order, days since the first one, amount in cents."""

    number: int
    account: int
    order: int
    issued: int
    terms: int
    cents: int


@dataclass(frozen=True)
class Money:
    """A payment, credit note or write-off on an invoice's number, an order (below 0), or on nothing (None)."""

    number: str
    kind: str
    account: int
    day: int
    cents: int
    names: int | None


@dataclass(frozen=True)
class Books:
    """What a company exported."""

    invoices: tuple[Invoice, ...]
    money: tuple[Money, ...]
    as_of: date = AS_OF
    planned: tuple[int, ...] = field(default=())


invoices = st.lists(
    st.tuples(st.integers(0, 1), st.integers(0, 120), st.sampled_from([0, 30, 60]), st.integers(1, 50_000)),
    min_size=1,
    max_size=5,
).map(
    lambda rows: tuple(
        Invoice(number, account, account, issued, terms, cents)
        for number, (account, issued, terms, cents) in enumerate(rows)
    )
)
money = st.lists(
    st.tuples(
        st.sampled_from(["payment", "payment", "payment", "credit_note", "write_off", "refund"]),
        st.integers(0, 150),
        st.integers(1, 60_000),
        st.integers(0, 4),
        st.sampled_from(["invoice", "order", "nothing"]),
    ),
    max_size=6,
)


@st.composite
def books(draw: st.DrawFn) -> Books:
    """Draw invoices, and money of every kind on them, on their orders, or on nothing."""
    own = draw(invoices)
    found = []
    for place, (kind, day, cents, target, names) in enumerate(draw(money)):
        invoice = own[target % len(own)]
        named = invoice.number if names == "invoice" or kind in {"write_off", "refund"} else None
        if names == "order" and kind == "payment":
            named = -invoice.order - 1
        found.append(Money(f"{place:02d}", kind, invoice.account, day, cents, named))
    planned = tuple(invoice.number for invoice in own if invoice.cents >= 4 and draw(st.booleans()))
    return Books(own, tuple(found), planned=planned)


class Warehouse:
    """Runs the compiled statements on a company's books."""

    def __init__(self, statements: list[str]) -> None:
        self.statements = statements
        self.connection = duckdb.connect(config={"threads": 2})
        self.connection.execute("attach ':memory:' as wanamaker; attach ':memory:' as raw; use raw")
        create_tables(self.connection, load_contracts())
        self.connection.execute("use wanamaker; create schema seeds; create schema work; create schema core")
        self.connection.execute("create schema staging; create schema marts")
        for seed in sorted((ROOT / "seeds").glob("*.csv")):
            self.connection.execute(f"create table seeds.{seed.stem} as from read_csv('{seed}', header = true)")

    def run(self, company: Books) -> dict[tuple[str, str], Decimal]:
        """Give the balance of each account and bucket by due date at the as-of day."""
        self.fill(company)
        for statement in self.statements:
            self.connection.execute(statement.replace(AS_OF.isoformat(), company.as_of.isoformat()))
        rows = self.connection.execute(
            "select account_id, bucket, sum(amount) from marts.receivables_aging "
            "where basis = 'due' and reporting_date = ? group by all having sum(amount) <> 0",
            [company.as_of],
        ).fetchall()
        return {(account, bucket): amount for account, bucket, amount in rows}

    def fill(self, company: Books) -> None:
        """Put the books into the raw tables."""
        for table in ("invoices", "payments", "credit_notes", "write_offs", "collection_plans"):
            self.connection.execute(f"delete from raw.custom.{table}")
        for invoice in company.invoices:
            issued = FIRST + timedelta(days=invoice.issued)
            due = issued + timedelta(days=invoice.terms)
            self.add(
                "invoices",
                invoice_id=f"I{invoice.number}",
                account_id=f"A{invoice.account}",
                order_id=f"O{invoice.order}",
                issued_on=issued,
                due_on=due,
                amount=Decimal(invoice.cents) / 100,
            )
            if invoice.number in company.planned:
                for part, cents in enumerate((invoice.cents // 3, invoice.cents // 4)):
                    self.add(
                        "collection_plans",
                        instalment_id=f"N{invoice.number}-{part}",
                        invoice_id=f"I{invoice.number}",
                        due_on=due + timedelta(days=15 * part - 10),
                        amount=Decimal(cents) / 100,
                    )
        for one in company.money:
            self.pay(one)

    def pay(self, one: Money) -> None:
        """Add one payment, credit note or write-off."""
        day = FIRST + timedelta(days=one.day)
        amount = Decimal(one.cents) / 100
        invoice_id = f"I{one.names}" if one.names is not None and one.names >= 0 else None
        order_id = f"O{-one.names - 1}" if one.names is not None and one.names < 0 else None
        account_id = f"A{one.account}"
        if one.kind == "credit_note":
            self.add(
                "credit_notes",
                credit_note_id=one.number,
                account_id=account_id,
                invoice_id=invoice_id,
                issued_on=day,
                amount=amount,
            )
        elif one.kind == "write_off":
            self.add("write_offs", write_off_id=one.number, invoice_id=invoice_id, written_off_on=day, amount=amount)
        else:
            sign = -1 if one.kind == "refund" else 1
            self.add(
                "payments",
                payment_id=one.number,
                account_id=account_id,
                invoice_id=invoice_id,
                order_id=order_id,
                paid_on=day,
                amount=sign * amount,
            )

    def add(self, table: str, **values: object) -> None:
        """Insert one row."""
        row = values | {"_exported_at": AS_OF, "_file_id": "f", "_row_number": 1, "_is_deleted": False}
        names = ", ".join(row)
        marks = ", ".join("?" for _name in row)
        self.connection.execute(f"insert into raw.custom.{table} ({names}) values ({marks})", list(row.values()))

    def failures(self, name: str) -> list[tuple[object, ...]]:
        """Give the rows by which a data test of the ledger fails."""
        return self.connection.execute(self.tests[name]).fetchall()

    tests: dict[str, str] = {}  # noqa: RUF012


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    """Give the compiled models of the aging, and the identities that hold for them."""
    folder = tmp_path_factory.mktemp("compiled")
    with duckdb.connect(str(folder / "raw.duckdb")) as connection:
        create_tables(connection, load_contracts())
    environment = os.environ | {
        "WANAMAKER_RAW": str(folder / "raw.duckdb"),
        "WANAMAKER_BUILD": str(folder / "wanamaker.duckdb"),
        "DBT_TARGET_PATH": str(folder / "target"),
        "DBT_LOG_PATH": str(folder / "logs"),
    }
    identities = [
        "receivables_buckets_tie_to_ledger",
        "receivables_ledger_holds_every_document",
        "receivables_are_never_over_applied",
    ]
    done = subprocess.run(
        [
            *(str(Path(sys.executable).with_name("dbt")), "compile", "--profiles-dir", ".", "--quiet"),
            *("--select", "+receivables_aging", *identities, "--exclude", "test_type:generic"),
            *("--vars", f"{{as_of_date: '{AS_OF.isoformat()}'}}"),
        ],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    manifest = json.loads((folder / "target" / "manifest.json").read_text(encoding="utf-8"))
    results = json.loads((folder / "target" / "run_results.json").read_text(encoding="utf-8"))["results"]
    code = {result["unique_id"]: result["compiled_code"] for result in results}
    wanted = [manifest["nodes"][name] for name in ordered(manifest, set(code)) if name.startswith("model.")]
    found = Warehouse([create(node, code[node["unique_id"]]) for node in wanted])
    found.tests = {name: code[f"test.wanamaker.{name}"] for name in identities}
    yield found
    found.connection.close()


def ordered(manifest: dict[str, dict[str, dict[str, dict[str, list[str]]]]], names: set[str]) -> list[str]:
    """Give the nodes in an order in which each comes after what it reads."""
    found: list[str] = []

    def visit(name: str) -> None:
        if name in found or name not in names:
            return
        for needed in manifest["nodes"][name]["depends_on"].get("nodes", []):
            visit(needed)
        found.append(name)

    for name in sorted(names):
        visit(name)
    return found


def create(node: dict[str, dict[str, str]], code: str) -> str:
    """Give the statement that makes a model."""
    kind = "view" if node["config"]["materialized"] == "view" else "table"
    return f"create or replace {kind} wanamaker.{node['schema']}.{node['alias']} as {code}"


def identities_hold(warehouse: Warehouse) -> None:
    for name in warehouse.tests:
        assert warehouse.failures(name) == [], name


@few
@given(company=books(), seed=st.integers(0, 1_000))
def test_any_order_of_payments_gives_the_same_balances(warehouse: Warehouse, company: Books, seed: int) -> None:
    first = warehouse.run(company)
    identities_hold(warehouse)
    shuffled = list(company.money)
    random.Random(seed).shuffle(shuffled)
    assert warehouse.run(replace(company, money=tuple(shuffled))) == first


@few
@given(company=books(), place=st.integers(0, 5), share=st.integers(1, 99))
def test_any_split_of_a_payment_gives_the_same_balances(
    warehouse: Warehouse, company: Books, place: int, share: int
) -> None:
    first = warehouse.run(company)
    if not company.money:
        return
    whole = company.money[place % len(company.money)]
    part = whole.cents * share // 100
    if not 0 < part < whole.cents:
        return
    halves = (replace(whole, cents=part), replace(whole, number=f"{whole.number}b", cents=whole.cents - part))
    rest = tuple(one for one in company.money if one is not whole)
    assert warehouse.run(replace(company, money=(*rest, *halves))) == first
    identities_hold(warehouse)


@few
@given(company=books(), place=st.integers(0, 4), share=st.integers(1, 99))
def test_any_split_of_an_invoice_that_money_does_not_name_gives_the_same_balances(
    warehouse: Warehouse, company: Books, place: int, share: int
) -> None:
    company = replace(
        company,
        planned=(),
        money=tuple(
            replace(one, names=-one.account - 1 if one.kind == "payment" else None)
            for one in company.money
            if one.kind in {"payment", "credit_note"}
        ),
    )
    first = warehouse.run(company)
    whole = company.invoices[place % len(company.invoices)]
    part = whole.cents * share // 100
    if not 0 < part < whole.cents:
        return
    halves = (replace(whole, cents=part), replace(whole, number=whole.number + 100, cents=whole.cents - part))
    rest = tuple(one for one in company.invoices if one is not whole)
    assert warehouse.run(replace(company, invoices=(*rest, *halves))) == first
    identities_hold(warehouse)


@few
@given(company=books(), days=st.integers(0, 200))
def test_on_any_day_the_ledger_is_what_was_issued_less_what_came(
    warehouse: Warehouse, company: Books, days: int
) -> None:
    as_of = FIRST + timedelta(days=days)
    balances = warehouse.run(replace(company, as_of=as_of))
    identities_hold(warehouse)
    for account in (0, 1):
        owed = sum(one.cents for one in company.invoices if one.account == account and one.issued <= days)
        signs: dict[str, Callable[[int], int]] = {"payment": int, "credit_note": int, "refund": lambda cents: -cents}
        came = sum(
            signs[one.kind](one.cents)
            for one in company.money
            if one.account == account and one.kind in signs and one.day <= days
        )
        written_off = warehouse.connection.execute(
            "select coalesce(-sum(amount), 0) from core.receivable_movements "
            "where kind = 'write_off' and moved_on <= ? and account_id = ?",
            [as_of, f"custom:A{account}"],
        ).fetchone()
        assert written_off is not None
        found = sum(
            (amount for (name, _bucket), amount in balances.items() if name == f"custom:A{account}"), Decimal(0)
        )
        assert found == Decimal(owed - came) / 100 - written_off[0]
