"""Figures opened, written out, asked for another day and under other rules, as a user does it with the command."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import duckdb
import polars as pl
import pytest
from typer.testing import CliRunner

from pipelines.cli import app
from pipelines.errors import WanamakerError
from pipelines.explain import explain, load_explanations, load_keys
from pipelines.figures import cell
from pipelines.flows import Request, build_step, ingest_step, publish_step
from pipelines.printing import Block, write_pdf
from pipelines.report import Format, packs, report
from pipelines.runs import RunRecord
from pipelines.settings import like_published, load_settings
from tests.pipeline.test_command import ACCOUNTS, INVOICES, PAYMENTS, wanamaker

QUOTED = 'payment_id,account_id,paid_on,amount,invoice_id,method\nP9,C2,2026-09-20,1,I2,"two\nlines"\nP1,C1,2026-09-10,400,I1,=cmd\n'


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with a published company of three invoices, shown in US dollars as of a day of its own."""
    base = tmp_path_factory.mktemp("opened")
    exports = base / "exports"
    exports.mkdir()
    (exports / "accounts_2026-09-30.csv").write_text(ACCOUNTS, encoding="utf-8")
    (exports / "invoices_2026-09-30.csv").write_text(INVOICES, encoding="utf-8")
    (exports / "payments_2026-09-30.csv").write_text(QUOTED, encoding="utf-8")
    (exports / "payments_2026-10-31.csv").write_text(
        PAYMENTS.replace("P1,", "P2,").replace("400", "50"), encoding="utf-8"
    )
    settings = load_settings(data=base / "data", company_currency="USD", as_of_date="2026-10-31")
    request = Request(settings, exports)
    loaded = ingest_step(request, lambda _: None)
    result = build_step(request)
    assert not result.failed
    publish_step(request, RunRecord("20261031T000000Z", "2026-10-31T00:00:00"), result, loaded)
    return base / "data"


@pytest.mark.dbt
def test_a_figure_opens_into_movements_that_tie_with_file_and_line(company: Path) -> None:
    done = wanamaker("explain", "receivables_open_items", "item_id=invoice custom:I1", "--data", str(company))
    assert done.returncode == 0, done.stderr
    assert "balance_amount = 550.00" in done.stdout
    assert "the sum of 3 movements of the ledger: 550.00, ties" in done.stdout
    assert "from payments_2026-09-30.csv, line 4" in done.stdout
    assert "from payments_2026-10-31.csv, line 2" in done.stdout


@pytest.mark.dbt
def test_rows_of_one_kind_are_explained_together(company: Path) -> None:
    found = explain(company, (company / "wanamaker.duckdb").resolve(), "receivables_aging", "basis=due")
    assert found.matched == 2
    assert [(str(figure.value), figure.ties) for figure in found.figures] == [("1049.50", True)]


@pytest.mark.dbt
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["explain", "receivable_kpis"], "did you mean receivables_kpis"),
        (["explain", "receivables_aging", "due"], "write it as basis=…"),
        (["explain", "receivables_aging", "buckt=1-30"], "did you mean bucket?"),
        (["explain", "receivables_aging", "bucket=1-31"], "bucket is one of: 1-30"),
        (["report", "finances"], "a pack is one of"),
        (["report", "finance", "--format", "csv"], "a CSV holds one"),
        (["report", "finance", "--format", "doc"], "it is one of xlsx, html, pdf, csv"),
        (["what-if", "receivables_aging", "--rules", "nowhere"], "there is no such folder of rules"),
        (["what-if", "receivable_aging", "--rules", "nowhere"], "there is no mart receivable_aging"),
        (["snapshot", "--as-of", "2026-13-01"], "as_of_date"),
    ],
)
def test_what_a_user_can_mend_is_said_in_one_line(company: Path, arguments: list[str], said: str) -> None:
    done = CliRunner().invoke(app, [*arguments, "--data", str(company)])
    assert isinstance(done.exception, WanamakerError)
    assert done.exception.exit_code == 2
    assert said in str(done.exception)


@pytest.mark.dbt
def test_a_pack_is_a_workbook_of_typed_sheets_with_every_row_counted(company: Path, tmp_path: Path) -> None:
    target = tmp_path / "finance.xlsx"
    done = wanamaker("report", "finance", "--data", str(company), "--out", str(target), "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["rows"]["receivables_open_items"] == 2
    book = pl.read_excel(target, sheet_id=0)
    assert set(book) == {name[:31] for name in packs()["finance"]} | {"about"}
    sheet = book["receivables_open_items"]
    assert sorted(sheet["balance_amount"].cast(pl.Float64)) == [499.5, 550]
    assert sheet.schema["due_on"] == pl.Date


@pytest.mark.dbt
@pytest.mark.parametrize(("form", "start"), [("html", b"<!doctype html>"), ("pdf", b"%PDF"), ("csv", b"\xef\xbb\xbf")])
def test_a_mart_is_written_in_each_form(company: Path, tmp_path: Path, form: Format, start: bytes) -> None:
    target = tmp_path / f"items.{form}"
    written = report((company / "wanamaker.duckdb").resolve(), "receivables_open_items", form, target)
    assert target.read_bytes().startswith(start)
    assert written.rows == {"receivables_open_items": 2}


@pytest.mark.slow
@pytest.mark.dbt
def test_a_snapshot_knows_only_what_was_exported_by_then(company: Path, tmp_path: Path) -> None:
    before = (company / "wanamaker.duckdb").resolve()
    target = tmp_path / "then.duckdb"
    done = wanamaker(
        "snapshot", "--as-of", "2026-10-31", "--known-at", "2026-10-01", "--data", str(company), "--out", str(target)
    )
    assert done.returncode == 0, done.stderr
    with duckdb.connect(str(target), read_only=True) as connection:
        balance, currency = connection.execute(
            "select balance_amount, company_currency from marts.receivables_kpis, meta.runs where reporting_date = '2026-10-31'"
        ).fetchone()
    assert (float(balance), currency) == (1099.5, "USD")
    assert (company / "wanamaker.duckdb").resolve() == before


@pytest.mark.slow
@pytest.mark.dbt
def test_what_if_shows_who_moves_under_other_rules_and_changes_nothing(company: Path, tmp_path: Path) -> None:
    before = (company / "wanamaker.duckdb").resolve()
    buckets = "basis,bucket,from_day,to_day,sort_order\ndue,not_due,,0,0\ndue,late,1,,1\ninvoice,any,,,0\n"
    (tmp_path / "aging_buckets.csv").write_text(buckets, encoding="utf-8")
    (tmp_path / "payments.csv").write_text(PAYMENTS, encoding="utf-8")
    done = wanamaker("what-if", "receivables_aging", "--rules", str(tmp_path), "--data", str(company), "--json")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["rules"] == ["aging_buckets.csv", "payments.csv"]
    assert found["only_other"] > 0
    late = [row for row in found["rows"] if row["side"] == "only_other" and row["bucket"] == "late"]
    assert {row["reporting_date"] for row in late} >= {"2026-10-31"}
    assert (company / "wanamaker.duckdb").resolve() == before
    assert not (company / "work" / "what_if").exists()


def test_every_explanation_names_columns_that_its_mart_has() -> None:
    keys = load_keys()
    for mart, known in load_explanations().items():
        assert mart in keys
        assert known.figures, mart


def test_variables_of_the_published_figures_stand_where_nobody_said_otherwise() -> None:
    published = {"company_currency": "USD", "lookback_days": 90, "as_of_date": None}
    settings = like_published(load_settings(lookback_days=30), published)
    assert (settings.company_currency, settings.lookback_days) == ("USD", 30)


def test_a_cell_on_paper_is_readable() -> None:
    from decimal import Decimal

    assert [cell(Decimal("1234.50"), "money"), cell(Decimal("0.12345"), "percent"), cell(None, "money")] == [
        "1,234.50", "12.3%", "–",
    ]  # fmt: skip


def test_chinese_is_printed_and_the_same_table_gives_the_same_bytes(tmp_path: Path) -> None:
    block = Block("佣金", "一行", ["销售", "金额"], [["陈小雨 <1>", "1,234.50"]] * 80, [False, True])
    for name in ("a.pdf", "b.pdf"):
        write_pdf(tmp_path / name, "佣金对账单", "2026年9月", [block])
    assert (tmp_path / "a.pdf").read_bytes() == (tmp_path / "b.pdf").read_bytes()
    assert not zipfile.is_zipfile(tmp_path / "a.pdf")
