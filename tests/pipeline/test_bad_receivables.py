"""What people export of receivables that cannot be right: nothing is lost, nothing is guessed, and each oddity is named."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from decimal import Decimal

import duckdb
import pytest

from pipelines.flows import Request, ingest_step
from pipelines.settings import load_settings
from pipelines.transform import build

pytestmark = [pytest.mark.dbt, pytest.mark.slow]

D = Decimal
EXPORTED = "2026-06-30"
MARTS = "+receivables_aging +receivables_open_items +aging_differences +data_findings +receivable_movements"
EXPORTS = {
    "accounts": """account_id,name
        0012,Zero
        NEW,Merged
        ALONE,Alone
        """,
    "fx_rates": """rate_on,from_currency,to_currency,rate
        2026-01-01,USD,CNY,7
        2026-05-01,USD,CNY,7.5
        """,
    "invoices": """invoice_id,account_id,issued_on,due_on,amount,currency,contract_id
        LARGE,A-LARGE,2026-03-01,2026-03-31,100,CNY,
        FX,A-FX,2026-03-01,2026-03-31,700,CNY,
        FX-LATE,A-FX-LATE,2026-03-01,2026-03-31,100,USD,
        NEGATIVE,A-NEGATIVE,2026-03-01,2026-03-31,100,CNY,
        EARLY,A-EARLY,2026-03-01,2026-03-31,100,CNY,
        ONE-ID,A-ONE-ID,2026-03-01,2026-03-31,100,CNY,
        TWO-IDS,A-TWO-IDS,2026-03-01,2026-03-31,100,CNY,
        BACKWARDS,A-BACKWARDS,2026-03-31,2026-03-01,100,CNY,
        CREDITED,A-CREDITED,2026-03-01,2026-03-31,100,CNY,
        WRITTEN-OFF,A-WRITTEN-OFF,2026-03-01,2026-03-31,100,CNY,
        FOREIGN,A-OTHER,2026-03-01,2026-03-31,100,CNY,
        MERGED,OLD,2026-03-01,2026-03-31,100,CNY,
        ZEROS,12,2026-03-01,2026-03-31,100,CNY,
        FAR,A-FAR,2026-03-01,2202-03-31,100,CNY,
        S1,A-STATED,2026-03-01,2026-03-31,60,CNY,
        S2,A-STATED,2026-03-01,2026-03-31,30,CNY,
        """,
    "payments": """payment_id,account_id,paid_on,amount,currency,invoice_id
        NONE,A-NONE,2026-04-01,50,CNY,
        UNKNOWN,A-UNKNOWN,2026-04-01,50,CNY,GONE
        LARGE,A-LARGE,2026-04-01,130,CNY,LARGE
        FX,A-FX,2026-04-01,100,USD,FX
        FX-LATE,A-FX-LATE,2026-05-10,100,USD,FX-LATE
        NEGATIVE-1,A-NEGATIVE,2026-04-01,100,CNY,NEGATIVE
        NEGATIVE-2,A-NEGATIVE,2026-04-10,-40,CNY,NEGATIVE
        EARLY,A-EARLY,2026-02-10,100,CNY,EARLY
        ONE-ID,A-ONE-ID,2026-04-01,100,CNY,ONE-ID
        ONE-ID,A-ONE-ID,2026-04-01,100,CNY,ONE-ID
        FIRST-ID,A-TWO-IDS,2026-04-01,100,CNY,TWO-IDS
        SECOND-ID,A-TWO-IDS,2026-04-01,100,CNY,TWO-IDS
        WRITTEN-OFF,A-WRITTEN-OFF,2026-05-01,100,CNY,WRITTEN-OFF
        FOREIGN,A-FOREIGN,2026-04-01,100,CNY,FOREIGN
        """,
    "credit_notes": """credit_note_id,account_id,issued_on,amount,invoice_id
        CREDITED,A-CREDITED,2026-04-01,130,CREDITED
        """,
    "write_offs": """write_off_id,invoice_id,written_off_on,amount
        WRITTEN-OFF,WRITTEN-OFF,2026-04-01,100
        """,
    "contracts": """contract_id,account_id,signed_on,amount
        K,A-PLAN,2026-01-10,100
        """,
    "collection_plans": """instalment_id,account_id,contract_id,due_on,amount
        N1,A-PLAN,K,2026-05-01,50
        N2,A-PLAN,K,2026-07-01,30
        """,
    "promises": """promise_id,account_id,invoice_id,promised_at,due_on,amount
        PROMISE,A-LARGE,GONE,2026-04-01 10:00,2026-04-05,10
        """,
    "disputes": """dispute_id,invoice_id,opened_on,amount
        DISPUTE,GONE,2026-04-01,10
        """,
    "aging_statements": """stated_on,account_id,document_id,bucket,amount
        2026-05-31,A-STATED,S1,31-60,60
        2026-05-31,A-STATED,S2,31-60,30
        2026-05-31,A-STATED,,,100
        """,
}
RULES = "entity,kind,source_id,target_id,note\naccount,pin,custom:OLD,custom:NEW,merged in 2026\n"

Ask = Callable[..., list[tuple[object, ...]]]


@pytest.fixture(scope="module")
def ask(tmp_path_factory: pytest.TempPathFactory) -> Ask:
    """Load the exports, build the marts, and answer queries on them."""
    base = tmp_path_factory.mktemp("bad")
    exports, data, rules = base / "exports", base / "data", base / "rules"
    for folder in (exports, data, rules):
        folder.mkdir()
    for table, text in EXPORTS.items():
        lines = "\n".join(line.strip() for line in text.strip().splitlines())
        (exports / f"{table}_{EXPORTED}.csv").write_text(lines + "\n", encoding="utf-8")
    (rules / "link_rules.csv").write_text(RULES, encoding="utf-8")
    settings = load_settings(data=data, as_of_date=EXPORTED)
    report = ingest_step(Request(settings, exports), lambda _: None)
    assert not report.problems
    assert [file.rejected for file in report.files if file.rejected] == []
    result = build(data, settings.variables, rules, select=MARTS)
    assert not result.failed, result.failed
    path = data / "build" / "wanamaker.duckdb"

    def run(query: str, *values: object) -> list[tuple[object, ...]]:
        with closing(duckdb.connect(str(path), read_only=True)) as connection:
            connection.execute(f"attach '{data / 'raw.duckdb'}' as raw (read_only)")
            return connection.execute(query, list(values)).fetchall()

    return run


def owed(ask: Ask, account: str, day: str = EXPORTED) -> dict[object, object]:
    """What a customer owes in each bucket on a reporting date."""
    return dict(
        ask(
            "select bucket, sum(amount) from marts.receivables_aging where basis = 'due' and account_id = ? "
            "and reporting_date = cast(? as date) group by 1 having sum(amount) <> 0",
            f"custom:{account}",
            day,
        )  # type: ignore[arg-type]
    )


def found(ask: Ask, finding: str) -> list[object]:
    """What the findings of one kind are about."""
    return [value for (value,) in ask("select value from marts.data_findings where finding = ? order by 1", finding)]


def test_a_payment_without_an_invoice_stays_unapplied(ask: Ask) -> None:
    assert owed(ask, "A-NONE") == {"unapplied": D(-50)}


def test_a_payment_on_an_invoice_that_nobody_exported_stays_unapplied_and_is_named(ask: Ask) -> None:
    assert owed(ask, "A-UNKNOWN") == {"unapplied": D(-50)}
    assert "custom:UNKNOWN on custom:GONE" in found(ask, "names_an_unknown_invoice")


def test_promises_and_disputes_of_an_invoice_that_nobody_exported_are_named(ask: Ask) -> None:
    named = found(ask, "names_an_unknown_invoice")
    assert "custom:PROMISE on custom:GONE" in named
    assert "custom:DISPUTE on custom:GONE" in named


def test_what_a_payment_exceeds_its_invoice_by_stays_unapplied(ask: Ask) -> None:
    assert owed(ask, "A-LARGE") == {"unapplied": D(-30)}


def test_a_payment_in_another_currency_is_worth_what_its_day_says(ask: Ask) -> None:
    assert owed(ask, "A-FX") == {}


def test_a_payment_at_another_rate_leaves_nothing_open_and_its_difference_is_a_movement(ask: Ask) -> None:
    assert owed(ask, "A-FX-LATE") == {}
    moved = ask(
        "select kind, document_amount, amount from core.receivable_movements where account_id = 'custom:A-FX-LATE' order by kind"
    )
    assert moved == [("fx_difference", D(0), D(50)), ("invoice", D(100), D(700)), ("payment_applied", D(-100), D(-750))]


def test_a_negative_payment_opens_its_invoice_again(ask: Ask) -> None:
    assert owed(ask, "A-NEGATIVE", "2026-03-31") == {"not_due": D(100)}
    assert owed(ask, "A-NEGATIVE") == {"91-180": D(40)}


def test_a_payment_before_its_invoice_waits_for_it(ask: Ask) -> None:
    assert owed(ask, "A-EARLY", "2026-02-28") == {"unapplied": D(-100)}
    assert owed(ask, "A-EARLY", "2026-03-31") == {}


def test_a_payment_twice_with_one_id_counts_once_and_is_counted_as_duplicate(ask: Ask) -> None:
    assert owed(ask, "A-ONE-ID") == {}
    ((duplicates,),) = ask("select sum(duplicate) from raw.registry.files where table_name = 'payments'")
    assert duplicates == 1


def test_a_payment_twice_with_two_ids_is_applied_once_and_named(ask: Ask) -> None:
    assert owed(ask, "A-TWO-IDS") == {"unapplied": D(-100)}
    assert found(ask, "payment_like_another") == ["custom:SECOND-ID"]


def test_an_invoice_due_before_it_was_issued_ages_from_its_due_day_and_is_named(ask: Ask) -> None:
    assert owed(ask, "A-BACKWARDS", "2026-03-31") == {"1-30": D(100)}
    assert found(ask, "due_before_issued") == ["custom:BACKWARDS"]


def test_what_a_credit_note_exceeds_its_invoice_by_stays_unapplied(ask: Ask) -> None:
    assert owed(ask, "A-CREDITED") == {"unapplied": D(-30)}


def test_money_after_a_write_off_stays_unapplied(ask: Ask) -> None:
    assert owed(ask, "A-WRITTEN-OFF", "2026-04-30") == {}
    assert owed(ask, "A-WRITTEN-OFF") == {"unapplied": D(-100)}


def test_money_on_another_customer_s_invoice_settles_it_and_is_named(ask: Ask) -> None:
    assert owed(ask, "A-OTHER") == owed(ask, "A-FOREIGN") == {}
    assert found(ask, "applied_to_another_account") == ["custom:FOREIGN on custom:FOREIGN"]


def test_a_plan_that_does_not_sum_to_its_contract_is_named_with_both_amounts(ask: Ask) -> None:
    assert found(ask, "plan_does_not_sum_to_its_contract") == ["custom:K: 80.00 of 100.00"]


def test_a_merged_customer_s_invoices_are_the_new_one_s(ask: Ask) -> None:
    assert owed(ask, "NEW") == {"91-180": D(100)}
    assert owed(ask, "OLD") == {}


def test_a_number_that_lost_its_leading_zeros_is_named_beside_the_one_it_had(ask: Ask) -> None:
    assert owed(ask, "12") == {"91-180": D(100)}
    assert "custom:12 = custom:0012?" in found(ask, "account_without_its_leading_zeros")


def test_a_day_of_2202_is_not_due_and_is_named(ask: Ask) -> None:
    assert owed(ask, "A-FAR") == {"not_due": D(100)}
    assert found(ask, "day_more_than_ten_years_ahead") == ["custom:FAR 2202-03-31"]


def test_a_statement_whose_total_is_not_the_sum_of_its_rows_is_named_and_compared_all_the_same(ask: Ask) -> None:
    assert found(ask, "statement_total_is_not_the_sum_of_its_rows") == [
        "custom:A-STATED 2026-05-31: 100.00 stated, rows sum to 90.00"
    ]
    compared = ask(
        "select level, document_id, stated_amount, our_amount, rows_amount from marts.aging_differences "
        "where account_id = 'custom:A-STATED' order by level, document_id"
    )
    assert compared == [
        ("document", "custom:S1", D(60), D(60), None),
        ("document", "custom:S2", D(30), D(30), None),
        ("total", None, D(100), D(90), D(90)),
    ]


def test_nothing_is_lost_of_all_that(ask: Ask) -> None:
    ((ledger, aging),) = ask(
        "select (select sum(amount) from core.receivable_movements), (select sum(amount) from marts.receivables_aging "
        "where basis = 'due' and reporting_date = cast(? as date))",
        EXPORTED,
    )
    assert ledger == aging
