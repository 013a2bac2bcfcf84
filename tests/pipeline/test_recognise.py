"""Which table a file feeds: its headers first, then its name; what matches none is told what it lacks."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.contracts import load_contracts
from pipelines.errors import WanamakerError
from pipelines.ingest.decode import to_text
from pipelines.ingest.recognise import Match, recognise
from tests.pipeline.conftest import CONTRACT, contracts_of
from tests.pipeline.project import Project


def match(tmp_path: Path, name: str, content: str) -> Match:
    path = tmp_path / "file.csv"
    path.write_text(content, encoding="utf-8")
    return recognise(to_text(path, "csv", tmp_path / "copy.csv"), name, load_contracts())


def refused(tmp_path: Path, name: str, content: str) -> str:
    with pytest.raises(WanamakerError) as error:
        match(tmp_path, name, content)
    return str(error.value)


@pytest.mark.parametrize(
    ("name", "headers", "table"),
    [
        ("whatever.csv", "invoice_id,account_id,issued_on,due_on,amount", "invoices"),
        ("whatever.csv", "Invoice ID;Account ID;Issued On;Due On;AMOUNT (CNY)", "invoices"),
        ("whatever.csv", "发票号|客户编码|开票日期|到期日|金额（元）", "invoices"),
        ("whatever.csv", " 客户编码 \t*客户名称* \t行业", "accounts"),
        ("payments_2026.csv", "payment_id,account_id,paid_on,amount", "payments"),
        ("commission_payments.csv", "payment_id,owner_id,paid_on,amount", "commission_payments"),
    ],
)
def test_headers_name_the_table_in_either_language(tmp_path: Path, name: str, headers: str, table: str) -> None:
    assert match(tmp_path, name, headers + "\n").table.name == table


@pytest.mark.parametrize("table", ["users", "accounts", "contacts", "leads", "opportunities", "campaigns", "orders"])
def test_a_file_in_template_form_is_the_templates_and_no_vendors(tmp_path: Path, table: str) -> None:
    headers = ",".join(load_contracts().table("custom", table).column_names)
    assert match(tmp_path, f"{table}_2026-01-31.csv", f"{headers}\n").table.qualified == f"custom.{table}"
    headers = ",".join(
        c.name for c in load_contracts().table("custom", table).columns if c.meta.required or c.name == "name"
    )
    assert match(tmp_path, f"{table}_2026-01-31.csv", f"{headers}\n").table.qualified == f"custom.{table}"


def test_the_share_of_known_headers_decides_before_the_name(tmp_path: Path) -> None:
    headers = "user_id,valid_from_on,team,region"
    assert match(tmp_path, "users.csv", headers + "\n").table.name == "user_history"


def test_the_name_decides_where_the_headers_do_not(tmp_path: Path) -> None:
    contracts = contracts_of(
        CONTRACT.replace("person_id", "item_id").replace("visits, data_type", "on_hand, data_type"), tmp_path
    )
    path = tmp_path / "file.csv"
    path.write_text("item_id,on_hand\n", encoding="utf-8")
    text = to_text(path, "csv", tmp_path / "copy.csv")
    assert recognise(text, "stock_1.csv", contracts).table.name == "stock"
    assert recognise(text, "people.csv", contracts).table.name == "people"
    with pytest.raises(WanamakerError, match=r"it fits shop\.people and shop\.stock equally well; name the file like"):
        recognise(text, "table.csv", contracts)


def test_few_known_headers_need_a_name_that_fits(tmp_path: Path) -> None:
    headers = "invoice_id,account_id,issued_on,due_on,amount," + ",".join(f"x{number}" for number in range(195))
    assert match(tmp_path, "invoices.csv", headers + "\n").table.name == "invoices"
    assert "it matches no table; the nearest is custom.invoices" in refused(tmp_path, "table.csv", headers + "\n")


def test_the_header_is_found_below_titles(tmp_path: Path) -> None:
    content = (
        "Open items\n\nAs of,2026-01-31\ninvoice_id,account_id,issued_on,due_on,amount\nI1,C1,2026-01-05,2026-02-04,1\n"
    )
    layout = match(tmp_path, "table.csv", content).layout
    assert layout.titles == ("Open items", "As of 2026-01-31")
    assert layout.headers[0] == "invoice_id"


def test_a_missing_header_is_named_with_the_one_that_looks_like_it(tmp_path: Path) -> None:
    words = refused(tmp_path, "invoices.csv", "invoice_id,account_id,isued_on,due_on,total\n")
    assert "the nearest is custom.invoices, which also needs issued_on (is it 'isued_on'?), amount" in words


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("table.csv", "", "the file is empty; export it again"),
        ("table.csv", "\n\n\n", "the file is empty; export it again"),
        ("table.csv", "No data available.\n", "it holds one cell, 'No data available.', and no data"),
        (
            "table.csv",
            "qwe,rty\n1,2\n",
            "its headers match no table ('qwe', 'rty'); if it is to be read, map it: wanamaker map",
        ),
        ("invoices.csv", "qwe,rty\n1,2\n", "the nearest is custom.invoices, which also needs invoice_id"),
        ("table.csv", "qw\x1b[31me,rt\x7fy\n" + "1,2\n" * 9, "its headers match no table ('qw\\x1b[31me', 'rt\\x7fy')"),
        (
            "shot.csv",
            "\x89PNG\r\n" + "".join(map(chr, range(1, 99))),
            "it is no text (an image, a program or a damaged file?)",
        ),
    ],
)
def test_what_matches_nothing_is_told_why(tmp_path: Path, name: str, content: str, words: str) -> None:
    assert words in refused(tmp_path, name, content)


LEADS = "Id,CreatedDate,LastName,Company,Status,LeadSource\n"


def test_a_missing_column_is_named_as_files_call_it_with_the_headers_that_are_left(tmp_path: Path) -> None:
    words = refused(tmp_path, "salesforce/Lead_2026-09-07.csv", LEADS.replace("CreatedDate", "When"))
    assert words.startswith(
        "by its name it is salesforce.leads, which also needs created_at (usually 'CreatedDate' or 'Created Date'"
    )
    assert "headers without a use so far: 'When'; if it is among these, rename it, or map it: wanamaker map" in words


def test_a_dropped_column_is_to_be_exported_again(tmp_path: Path) -> None:
    words = refused(tmp_path, "salesforce/Lead_2026-09-07.csv", LEADS.replace("CreatedDate,", ""))
    assert "; export it again with that column; without that it would pass for salesforce.contacts" in words


ADS = "Reporting starts,Reporting ends,Campaign name,Campaign ID,Day,Impressions,Amount spent (CNY)\n"


def test_an_advertising_report_without_its_cost_does_not_pass_for_a_list_of_campaigns(tmp_path: Path) -> None:
    assert match(tmp_path, "meta_ads/campaigns.csv", ADS).table.qualified == "meta_ads.campaign_days"
    words = refused(tmp_path, "meta_ads/campaigns.csv", ADS.replace("Amount spent (CNY)", "Money"))
    assert words.startswith("by its name it is meta_ads.campaign_days, which also needs cost (usually 'Amount spent'")
    assert "'Money'" in words


def test_a_vendors_file_with_half_of_its_header_translated_does_not_pass_for_the_templates(tmp_path: Path) -> None:
    headers = "线索编号,创建时间,来源,LastName,Company,Email,Phone,状态,Rating,CampaignId,ConvertedDate\n"
    words = refused(tmp_path, "salesforce/Lead_2026-09-07.csv", headers)
    assert "by its name it is salesforce.leads" in words
    assert "lead_id (is it '线索编号'?)" in words
    assert (
        match(tmp_path, "leads_2026-09-07.csv", "线索编号,创建时间,来源,公司,邮箱\n").table.qualified == "custom.leads"
    )


def test_a_template_file_in_a_vendors_folder_stays_the_templates(tmp_path: Path) -> None:
    headers = ",".join(load_contracts().table("custom", "campaigns").column_names)
    assert match(tmp_path, "meta_ads/campaigns_2026.csv", headers + "\n").table.qualified == "custom.campaigns"


def test_lines_in_quotes_are_called_so(tmp_path: Path) -> None:
    words = refused(tmp_path, "salesforce/Lead_2026-09-07.csv", f'"{LEADS.strip()}"\n"1,2026-01-05,Li,Acme,Open,Web"\n')
    assert words.startswith("each line stands in quotes as one cell, 'Id,CreatedDate,LastName,")


@pytest.mark.parametrize(("wrong", "right"), [("latin-1", "utf-8"), ("latin-1", "gb18030")])
def test_garbled_headers_are_shown_as_they_were(tmp_path: Path, wrong: str, right: str) -> None:
    headers = "销售机会ID,销售机会名称,销售阶段,销售金额".encode(right).decode(wrong)
    words = refused(tmp_path, "neocrm/opportunities.csv", headers + "\n")
    assert words.startswith("its text was garbled when it was saved (")
    assert "was '销售机会ID'" in words


def test_a_repeated_header_feeds_its_column_once(shop: Project) -> None:
    shop.load_one("people_2026-01-05.csv", "person_id,name,name\nP1,first,second\n")
    assert shop.column("name", "shop.people") == ["first"]


def test_a_workbook_named_csv_is_read_as_a_workbook(shop: Project) -> None:
    import io

    import xlsxwriter

    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as book:
        sheet = book.add_worksheet("Sheet1")
        sheet.write_row(0, 0, ["person_id", "name"])
        sheet.write_row(1, 0, ["007", "Ann"])
    shop.load_one("people_2026-01-05.csv", stream.getvalue())
    assert shop.column("person_id", "shop.people") == ["007"]
