"""A mapping proposed for an unknown export, by headers in both languages and by values."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import xlsxwriter

from pipelines.cli import app
from pipelines.contracts import load_contracts
from pipelines.errors import WanamakerError
from pipelines.ingest.load import Options, check
from pipelines.ingest.mapping import read_mapping
from pipelines.ingest.propose import SURE, Proposal, as_yaml, propose
from pipelines.ingest.words import ideas, likeness


def proposed(folder: Path, **files: str) -> dict[str, Proposal]:
    paths = []
    for name, content in files.items():
        path = folder / f"{name}.csv"
        path.write_text(content, encoding="utf-8")
        paths.append(path)
    found = propose(paths, load_contracts(), "Asia/Shanghai", folder / "work")
    return {proposal.name.removesuffix(".csv"): proposal for proposal in found}


def feeds(proposal: Proposal) -> dict[str, list[str]]:
    return {
        column.header: [f"{table}.{guess.column}" for table, guess in proposal.targets(column.position)]
        for column in proposal.profile.columns
    }


@pytest.fixture(autouse=True)
def work(tmp_path: Path) -> None:
    (tmp_path / "work").mkdir()


def rows(count: int, row) -> str:
    return "".join(",".join(map(str, row(n))) + "\n" for n in range(1, count + 1))


def test_a_chinese_ledger_of_receivables(tmp_path: Path) -> None:
    header = "单据号,业务员,客户编码,客户名称,开票时间,应收到期日,价税合计金额,币种,回款时间,备注\n"
    body = rows(
        12,
        lambda n: (f"FP{n:04}", f"王{n % 3}", f"C{n % 4}", f"公司{n % 4}", f"2026年1月{n}日", f"2026年2月{n}日", f"{n * 1000}.50", "CNY", f"2026年3月{n}日" if n % 2 else "", ""),
    )  # fmt: skip
    found = feeds(proposed(tmp_path, 应收账款发票=header + body)["应收账款发票"])
    assert found["单据号"] == ["invoices.invoice_id", "payments.invoice_id"]
    assert found["业务员"] == ["invoices.owner_id"]
    assert found["客户编码"][0] == "invoices.account_id"
    assert found["客户名称"] == ["accounts.name"]
    assert found["开票时间"] == ["invoices.issued_on"]
    assert found["应收到期日"] == ["invoices.due_on"]
    assert found["价税合计金额"][0] == "invoices.amount"
    assert found["币种"][0] == "invoices.currency"
    assert found["回款时间"] == ["payments.paid_on"]
    assert found["备注"] == []


def test_an_english_export_of_orders(tmp_path: Path) -> None:
    header = "Order No.,Client,Sales Rep,Purchase Date,Order State,Contract No,Warehouse\n"
    body = rows(20, lambda n: (f"SO-{n}", f"ACME-{n % 5}", f"U{n % 3}", f"2026-01-{n:02}", "open", f"K{n}", "W1"))
    found = feeds(proposed(tmp_path, sales_orders=header + body)["sales_orders"])
    assert found == {
        "Order No.": ["orders.order_id"],
        "Client": ["orders.account_id"],
        "Sales Rep": ["orders.owner_id"],
        "Purchase Date": ["orders.ordered_on"],
        "Order State": ["orders.status"],
        "Contract No": ["orders.contract_id"],
        "Warehouse": [],
    }


def test_values_speak_where_the_header_says_nothing(tmp_path: Path) -> None:
    header = "Contact ID,x1,x2\n"
    body = rows(10, lambda n: (f"P{n}", f"p{n}@example.com", "abc"))
    found = feeds(proposed(tmp_path, contacts=header + body)["contacts"])
    assert found == {"Contact ID": ["contacts.contact_id"], "x1": ["contacts.email"], "x2": []}


def test_values_speak_against_a_header_that_fits(tmp_path: Path) -> None:
    header = "Lead ID,Created Date,Email,Phone\n"
    body = rows(10, lambda n: (f"L{n}", f"2026-01-{n:02}", "Yes" if n % 2 else "No", "never"))
    found = feeds(proposed(tmp_path, leads=header + body)["leads"])
    assert found == {"Lead ID": ["leads.lead_id"], "Created Date": ["leads.created_at"], "Email": [], "Phone": []}


def test_ids_are_found_among_the_keys_of_another_file(tmp_path: Path) -> None:
    deals = "Deal ID,Stage,Belongs To,Created Date\n" + rows(12, lambda n: (f"D{n}", "Won", f"C{n % 7}", "2026-01-05"))
    customers = "Customer ID,Account Name\n" + rows(6, lambda n: (f"C{n}", f"Name {n}"))
    proposal = proposed(tmp_path, deals=deals, customers=customers)["deals"]
    assert "opportunities.account_id" not in feeds(proposal)["Belongs To"]
    deals = deals.replace("Belongs To", "Customer")
    proposal = proposed(tmp_path, deals=deals, customers=customers)["deals"]
    (guess,) = [guess for _, guess in proposal.targets(2)]
    assert guess.column == "account_id"
    assert "ids of another file" in guess.reason
    assert "Customer: 1 of 7 values are not in customers.csv (C0)" in proposal.notes


def test_a_close_date_of_closed_deals_alone_is_when_they_closed(tmp_path: Path) -> None:
    header = "Deal ID,Stage,Close Date\n"
    stages = ["Won", "Lost", "Proposal"]
    closed = rows(12, lambda n: (f"D{n}", stages[n % 3], "" if n % 3 == 2 else "2026-01-05"))
    expected = rows(12, lambda n: (f"D{n}", stages[n % 3], "2026-01-05"))
    assert feeds(proposed(tmp_path, deals=header + closed)["deals"])["Close Date"] == ["opportunities.closed_at"]
    assert feeds(proposed(tmp_path, deals=header + expected)["deals"])["Close Date"] == ["opportunities.close_on"]


def test_dates_that_can_be_read_two_ways_are_said_to_be(tmp_path: Path) -> None:
    header = "Invoice No,Customer ID,Invoice Date,Due Date,Amount\n"
    body = rows(9, lambda n: (f"I{n}", "C1", f"0{n}/0{n % 4 + 1}/2026", f"0{n}/0{n % 4 + 2}/2026", "5"))
    notes = proposed(tmp_path, invoices=header + body)["invoices"].notes
    assert any("Invoice Date: day and month cannot be told apart" in note for note in notes)


def test_a_sheet_of_a_workbook_is_mapped_by_its_name(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    with xlsxwriter.Workbook(path) as book:
        empty, sheet = book.add_worksheet("空"), book.add_worksheet("报价")
        assert empty.name == "空"
        sheet.write_row(0, 0, ["报价单编号", "商机编号", "物料编码", "数量", "报价单价", "最低价"])
        for n in range(1, 9):
            sheet.write_row(n, 0, [f"Q{n}", f"D{n % 3}", f"S{n % 2}", n, n * 10.5, n * 9])
    (proposal,) = propose([path], load_contracts(), "Asia/Shanghai", tmp_path / "work")
    assert proposal.sheet == "报价"
    assert feeds(proposal) == {
        "报价单编号": ["quotes.quote_id"],
        "商机编号": ["quotes.opportunity_id"],
        "物料编码": ["quotes.product_id"],
        "数量": ["quotes.quantity"],
        "报价单价": ["quotes.quoted_price"],
        "最低价": ["quotes.floor_price"],
    }
    assert "sheet: 报价" in as_yaml([proposal])


def test_odd_headers_totals_and_dates_come_back_from_the_yaml(tmp_path: Path) -> None:
    header = '"Inv, No",Customer ID,"Date of ""issue""",Due Date,Total Amount (USD)\n'
    body = rows(15, lambda n: (f"I{n}", f"C{n % 3}", f"1/{n}/2026", f"2/{n}/2026", f'"1,{n:03}.50"'))
    path = tmp_path / "ar_2026-03-01.csv"
    path.write_text(header + body + "Total,,,,99.00\n", encoding="utf-8")
    (proposal,) = propose([path], load_contracts(), "Asia/Shanghai", tmp_path / "work")
    mapping = tmp_path / "mapping.yml"
    mapping.write_text(as_yaml([proposal]), encoding="utf-8")
    found = read_mapping(mapping, load_contracts())
    assert found.tables[0].file == "ar_*.csv"
    assert found.tables[0].dates == ("%m/%d/%Y",)
    report, rejects = check(path, load_contracts(), found, Options(), tmp_path / "data")
    assert (report.problems, rejects) == ([], [])
    (file,) = report.files
    assert (file.table, file.rows_read, file.loaded, file.skipped) == ("invoices", 15, 15, 1)


def test_rows_without_a_key_are_known_by_their_number_and_that_is_unsure(tmp_path: Path) -> None:
    header = "Invoice Date,Customer ID,Due Date,Invoice Amount\n"
    body = rows(10, lambda n: ("2026-01-05", "C1", "2026-02-05", n % 2))
    proposal = proposed(tmp_path, invoices=header + body)["invoices"]
    key = next(guess for guess in proposal.entries[0].guesses if guess.column == "invoice_id")
    assert key.text == "_file_name || ':' || _row_number"
    assert key.confidence < SURE
    assert any(note.startswith("unsure: invoice_id") for note in proposal.notes)


def test_words_of_both_languages_mean_the_same() -> None:
    assert ideas("客户编号") == ideas("CustomerID") == ideas("cust_no") == {"account", "id"}
    assert ideas("下单时间") == {"ordered", "date"}
    assert ideas("金额（元）") == ideas("Amount (USD)") == {"amount"}
    assert likeness(ideas("Campaign status"), ideas("Campaign")) < likeness(ideas("Campaign"), ideas("Campaign name"))


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("nothing.csv", "", "nothing.csv: the file is empty"),
        ("page.csv", "<html><body>", "page.csv: it is a web page"),
    ],
)
def test_what_is_no_table_is_named(tmp_path: Path, name: str, content: str, words: str) -> None:
    (tmp_path / name).write_text(content, encoding="utf-8")
    with pytest.raises(WanamakerError, match=words):
        propose([tmp_path / name], load_contracts(), "Asia/Shanghai", tmp_path / "work")


def test_the_command_writes_a_mapping_and_keeps_what_is_there(tmp_path: Path, capsys) -> None:
    path, out = tmp_path / "people.csv", tmp_path / "mapping.yml"
    path.write_text("Emp No,Name,Dept\nU1,Ann,North\nU2,Bob,South\n", encoding="utf-8")
    app(["map", str(path), "--out", str(out)], standalone_mode=False)
    said = capsys.readouterr().out
    assert "users.team" in said
    assert f"wrote {out}" in said
    assert read_mapping(out, load_contracts()).tables[0].table == "users"
    with pytest.raises(WanamakerError, match="it exists already"):
        app(["map", str(path), "--out", str(out)], standalone_mode=False)
    app(["map", str(path), "--json"], standalone_mode=False)
    found = json.loads(capsys.readouterr().out)
    assert found["files"][0]["columns"][2]["feeds"][0]["column"] == "team"
    with pytest.raises(WanamakerError, match="there is no such file"):
        app(["map", str(tmp_path / "none.csv")], standalone_mode=False)


def test_a_vendors_file_that_lost_a_header_stays_the_vendors(tmp_path: Path) -> None:
    folder = tmp_path / "salesforce"
    folder.mkdir()
    header = "Id,When created,LastName,Company,Status,LeadSource,ConvertedDate\n"
    body = rows(12, lambda n: (f"00Q{n:012}", f"2026-01-{n:02}", f"Li{n}", f"Acme{n}", "Open", "Web", ""))
    (folder / "Lead_2026-09-07.csv").write_text(header + body, encoding="utf-8")
    (found,) = propose([folder / "Lead_2026-09-07.csv"], load_contracts(), "Asia/Shanghai", tmp_path / "work")
    assert [entry.table.qualified for entry in found.entries] == ["salesforce.leads"]
    assert feeds(found)["Id"] == ["leads.lead_id"]
    text = as_yaml([found])
    assert "    source: salesforce\n" in text
    mended = text.replace("# created_at: required, and not found", "created_at: When created")
    path = tmp_path / "mapping.yml"
    path.write_text(mended, encoding="utf-8")
    report, rejects = check(
        folder, load_contracts(), read_mapping(path, load_contracts()), Options(), tmp_path / "checked"
    )
    assert (report.problems, rejects) == ([], [])
    assert [(file.table, file.loaded) for file in report.files] == [("leads", 12)]
