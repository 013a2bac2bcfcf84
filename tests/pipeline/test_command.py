"""The command as a user runs it: what is published, what is not, and which exit code and words say so."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

ROOT = Path(__file__).resolve().parents[2]

ACCOUNTS = "account_id,name,owner_id\nC1,红星机械,u1\nC2,Baker GmbH,u2\n"
INVOICES = (
    "invoice_id,account_id,issued_on,due_on,amount\n"
    "I1,C1,2026-08-01,2026-08-31,1000.00\nI2,C2,2026-09-01,2026-10-01,500.50\nI3,C1,2026-09-15,bad,1\n"
)
PAYMENTS = "payment_id,account_id,paid_on,amount,invoice_id\nP1,C1,2026-09-10,400,I1\n"
DEALS = "opportunity_id,stage,amount,created_at,close_on,owner_id\nO1,{stage},100,2026-08-01,2026-11-30,u1\n"


def wanamaker(*arguments: str, server: str | None = None) -> subprocess.CompletedProcess[str]:
    """The command as a user runs it; with `server` a Prefect server that runs already is used."""
    return subprocess.run(
        [sys.executable, "-m", "pipelines.cli", *arguments],
        cwd=ROOT,
        env=os.environ | ({"PREFECT_API_URL": server} if server else {}),
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def first_run(tmp_path_factory):
    """A folder of exports, a data folder, and what the first run on them said."""
    base = tmp_path_factory.mktemp("company")
    exports = base / "exports"
    exports.mkdir()
    (exports / "accounts_2026-09-30.csv").write_text(ACCOUNTS, encoding="utf-8")
    (exports / "invoices_2026-09-30.csv").write_text(INVOICES, encoding="utf-8")
    (exports / "payments_2026-09-30.csv").write_text(PAYMENTS, encoding="utf-8")
    (exports / "opportunities_2026-09-30.csv").write_text(DEALS.format(stage="Proposal"), encoding="utf-8")
    first = wanamaker("run", str(exports), "--data", str(base / "data"))
    return base, first


def published(base: Path) -> Path:
    return (base / "data" / "wanamaker.duckdb").resolve()


@pytest.mark.dbt
def test_a_run_publishes_what_the_exports_say(first_run):
    base, first = first_run
    assert first.returncode == 0, first.stderr
    assert "invoices_2026-09-30.csv" in first.stdout
    assert "1 row rejected" in first.stdout
    with duckdb.connect(str(published(base)), read_only=True) as connection:
        rows = connection.execute(
            "select document_id, account_name, days_past_due, bucket, balance_amount from marts.receivables_open_items order by 1"
        ).fetchall()
        as_of, currency = connection.execute("select as_of_date, company_currency from meta.runs").fetchone()
    assert [(i, n, d, b, float(a)) for i, n, d, b, a in rows] == [
        ("custom:I1", "红星机械", 30, "1-30", 600.0),
        ("custom:I2", "Baker GmbH", -1, "not_due", 500.5),
    ]
    assert (str(as_of), currency) == ("2026-09-30", "CNY")


@pytest.mark.dbt
def test_every_published_relation_opens_without_raw(first_run):
    base, _ = first_run
    with duckdb.connect(str(published(base)), read_only=True) as connection:
        schemas = {
            row[0]
            for row in connection.execute("select schema_name from duckdb_schemas() where not internal").fetchall()
        }
        assert {"core", "marts", "seeds", "meta"} <= schemas
        assert not schemas & {"staging", "work"}
        relations = connection.execute(
            "select schema_name, table_name from duckdb_tables() where not internal "
            "union all select schema_name, view_name from duckdb_views() where not internal"
        ).fetchall()
        assert relations
        for schema, name in relations:
            connection.execute(f"select * from {schema}.{name} limit 1").fetchall()
        bare = connection.execute(
            "select table_name, column_name from duckdb_columns() where schema_name = 'marts' and comment is null"
        ).fetchall()
    assert bare == [], "a published column without a description"


@pytest.mark.dbt
def test_an_undeclared_stage_fails_by_name_and_publishes_nothing(first_run, prefect_server):
    base, _ = first_run
    before = published(base)
    late = base / "late"
    late.mkdir()
    (late / "opportunities_2026-10-01.csv").write_text(DEALS.format(stage="Feeling lucky"), encoding="utf-8")
    failed = wanamaker("run", str(late), "--data", str(base / "data"), server=prefect_server)
    assert failed.returncode == 1, failed.stdout + failed.stderr
    assert "Feeling lucky" in failed.stderr
    assert "nothing was published" in failed.stderr
    assert "to mend it: add the stage to seeds/stages.csv" in failed.stderr
    assert "Traceback" not in failed.stderr
    assert published(base) == before
    record = json.loads(max((base / "data" / "runs").glob("*.json")).read_text(encoding="utf-8"))
    assert record["status"] == "failed"
    assert record["failed_tests"]
    said = wanamaker("status", "--data", str(base / "data"))
    assert said.returncode == 0
    assert "Feeling lucky" in said.stdout

    rules = base / "rules"
    rules.mkdir()
    stages = (ROOT / "seeds" / "stages.csv").read_text(encoding="utf-8")
    (rules / "stages.csv").write_text(stages + "*,Feeling lucky,60,open,0.6,commit,10,\n", encoding="utf-8")
    mended = wanamaker("run", str(late), "--data", str(base / "data"), "--rules", str(rules), server=prefect_server)
    assert mended.returncode == 0, mended.stderr
    with duckdb.connect(str(published(base)), read_only=True) as connection:
        weighted = connection.execute(
            "select stage_weighted_amount, commit_amount from marts.pipeline_forecast "
            "where reporting_date = '2026-10-01' and level = 'company' and period = '2026-Q4'"
        ).fetchone()
    assert weighted is not None
    assert [float(amount) for amount in weighted] == [60.0, 100.0]


@pytest.mark.dbt
def test_rejected_rows_come_back_as_a_file_to_mend(first_run, tmp_path):
    base, _ = first_run
    listed = wanamaker("rejects", "--data", str(base / "data"))
    assert "invoices_2026-09-30.csv, line 4, column due_on: 'bad' is not a date" in listed.stdout
    out = tmp_path / "mend.csv"
    done = wanamaker("rejects", "--data", str(base / "data"), "--out", str(out))
    assert done.returncode == 0, done.stderr
    assert out.read_text(encoding="utf-8-sig").splitlines() == [INVOICES.splitlines()[0], "I3,C1,2026-09-15,bad,1"]


def test_an_empty_folder_is_said_to_be_empty(tmp_path):
    (tmp_path / "exports").mkdir()
    done = wanamaker("run", str(tmp_path / "exports"), "--data", str(tmp_path / "data"))
    assert done.returncode == 2
    assert "there is no file to read" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_missing_folder_is_named(tmp_path):
    done = wanamaker("check", str(tmp_path / "nowhere"))
    assert done.returncode == 2
    assert "there is no such folder" in done.stderr


def test_check_changes_nothing_and_names_every_problem(tmp_path):
    exports = tmp_path / "exports"
    exports.mkdir()
    (exports / "invoices.csv").write_text(INVOICES, encoding="utf-8")
    (exports / "wages.csv").write_text("who,how much\nx,1\n", encoding="utf-8")
    done = wanamaker("check", str(exports))
    assert done.returncode == 0, done.stderr
    assert "line 4, column due_on: 'bad' is not a date" in done.stdout
    assert "wages.csv: its headers match no table" in done.stdout
    assert sorted(path.name for path in tmp_path.iterdir()) == ["exports"]


def test_check_says_what_would_stop_a_run_and_no_kind_of_reject_hides_another(tmp_path):
    exports = tmp_path / "exports"
    exports.mkdir()
    rows = "".join(f"I{n},C1,soon,2026-10-01,1\n" for n in range(30)) + "I99,C1,2026-09-01,2026-10-01,much\n" * 2
    (exports / "invoices_2026-09-30.csv").write_text(INVOICES.splitlines()[0] + "\n" + rows, encoding="utf-8")
    (exports / "opportunities_2026-09-30.csv").write_text(
        "opportunity_id,stage\nO1,Vibes\nO2,Proposal\nO2,Proposal\n", encoding="utf-8"
    )
    done = wanamaker("check", str(exports))
    assert done.returncode == 0, done.stderr
    lines = [line.strip() for line in done.stdout.splitlines()]
    assert sum("column issued_on: 'soon'" in line for line in lines) == 5
    assert "and 25 more in invoices_2026-09-30.csv, column issued_on" in lines
    assert "invoices_2026-09-30.csv, line 32, column amount: 'much' is not a number" in lines
    assert "32 rows would be rejected" in lines
    assert any("2026-09-30.csv: 1 row of 3 with an id that another row of that day has too" in line for line in lines)
    (stop,) = [line for line in lines if line.startswith("would stop a run:")]
    assert "opportunities_2026-09-30.csv, line 2: stage 'Vibes' is in no rule (1 row)" in stop
    assert "wanamaker rejects" not in done.stdout


def test_check_takes_the_company_currency_that_a_run_would_take(tmp_path):
    (tmp_path / "invoices_2026-09-30.csv").write_text(
        "invoice_id,account_id,issued_on,due_on,amount,currency\nI1,C1,2026-09-01,2026-10-01,1,EUR\n", encoding="utf-8"
    )
    stopped, mended = (wanamaker("check", str(tmp_path), *option) for option in ((), ("--set", "company_currency=EUR")))
    assert "currency 'EUR' has no exchange rate (1 row)" in stopped.stdout
    assert "--set company_currency=EUR" in stopped.stdout
    assert "every file and row can be read" in mended.stdout


@pytest.mark.parametrize(
    ("option", "value", "words"),
    [
        ("--set", "compny_currency=USD", "there is no setting compny_currency"),
        ("--set", "company_currency=dollars", "company_currency"),
        ("--set", "timezone", "write it as NAME=VALUE"),
        ("--as-of", "2026-02-30", "as_of_date"),
        ("--exported-at", "yesterday", "write it as 2026-01-31"),
    ],
)
def test_a_wrong_option_is_one_clear_line(option, value, words, tmp_path):
    done = wanamaker("run", str(tmp_path), "--data", str(tmp_path / "data"), option, value)
    assert done.returncode == 2
    assert words in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_commands_without_a_run_say_where_to_start(tmp_path):
    for command in ("status", "rejects", "rebuild"):
        done = wanamaker(command, "--data", str(tmp_path / "data"))
        assert done.returncode == 2
        assert "wanamaker run EXPORTS" in done.stderr


@pytest.mark.parametrize("command", ["run", "check", "map", "status", "rejects", "rebuild", "dashboard"])
def test_every_command_has_help_with_an_example(command):
    done = wanamaker(command, "--help")
    assert done.returncode == 0
    assert f"Example: wanamaker {command}" in done.stdout


@pytest.mark.parametrize("command", ["run", "check", "map", "status", "rejects", "rebuild", "dashboard"])
def test_every_command_is_in_both_readmes(command):
    for name in ("README.md", "README.zh-CN.md"):
        assert f"wanamaker {command}" in (ROOT / name).read_text(encoding="utf-8")
