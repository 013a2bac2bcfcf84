"""ERP exports through the mappings that come with wanamaker."""

from __future__ import annotations

from decimal import Decimal

from tests.pipeline.project import Project

QUICKBOOKS = """Acme GmbH,,,,,,,
A/R Aging Detail Report,,,,,,,
"As of Jul 25, 2026",,,,,,,
,,,,,,,
,Date,Transaction type,Num,Customer full name,Due date,Amount,Open balance
Current,,,,,,,
,07/01/2026,Invoice,1001,Globex,07/31/2026,"1,200.00",200.00
,07/13/2026,Credit Memo,1002,Globex,07/13/2026,-50.00,-50.00
Total for Current,,,,,,"1,150.00",150.00
1 - 30 days past due,,,,,,,
,06/01/2026,Invoice,990,Initech,07/01/2026,ten,10.00
,06/02/2026,Invoice,991,Initech,07/02/2026,30.00,thirty
Total for 1 - 30 days past due,,,,,,40.00,40.00
TOTAL,,,,,,"1,190.00",190.00
"""


def test_an_aging_of_quickbooks_is_a_statement_at_its_date(company: Project) -> None:
    file = company.load_one("AR_Aging.csv", QUICKBOOKS)
    assert (file.table, file.loaded, file.rejected, file.excluded, file.skipped) == ("aging_statements", 3, 1, 4, 4)
    assert company.live("custom.aging_statements", "stated_on::varchar, account_id, document_id, amount") == [
        ("2026-07-25", "Globex", "1001", Decimal("200.00")),
        ("2026-07-25", "Globex", "1002", Decimal("-50.00")),
        ("2026-07-25", "Initech", "990", Decimal("10.00")),
    ]
    assert company.rejects()[0][1:] == ("Open balance", "thirty", "is not a number")


def test_an_aging_of_netsuite_without_a_date_is_one_of_its_export(company: Project) -> None:
    text = (
        "Customer,Transaction Type,Date,Document Number,P.O. No.,Due Date,Age,Open Balance\n"
        'Globex,Invoice,6/1/2026,INV7,PO-1,7/1/2026,24,"1,200.00"\nTotal,,,,,,,"1,200.00"\n'
    )
    file = company.load_one("aging_2026-07-25.csv", text)
    assert (file.loaded, file.skipped) == (1, 1)
    assert company.live("custom.aging_statements", "stated_on::varchar, document_id, bucket, amount") == [
        ("2026-07-25", "INV7", "24 days", Decimal("1200.00"))
    ]


def test_an_invoice_of_xero_stands_once_for_all_its_lines(company: Project) -> None:
    text = (
        "*ContactName,EmailAddress,*InvoiceNumber,Reference,*InvoiceDate,*DueDate,Total,*Description,*Quantity,*UnitAmount,Currency\n"
        '"Globex\nLtd",a@b.c,INV-1,,2026-07-01,2026-07-31,110.00,Pump,1,60.00,NZD\n'
        '"Globex\nLtd",a@b.c,INV-1,,2026-07-01,2026-07-31,110.00,Valve,1,50.00,NZD\n'
    )
    company.write("xero_2026-08-01.csv", text)
    company.load()
    assert [(file.table, file.loaded, file.duplicate) for file in company.report.files] == [
        ("invoices", 1, 1),
        ("accounts", 1, 1),
    ]
    assert company.live("custom.invoices", "invoice_id, account_id, amount, currency") == [
        ("INV-1", "Globex\nLtd", Decimal("110.00"), "NZD")
    ]


def test_kingdee_gives_approved_documents_and_what_is_open_of_them(company: Project) -> None:
    text = (
        "单据编号,业务日期,到期日,客户,币别,价税合计,已核销金额,未核销金额,单据状态\n"
        'AR1,2026/7/1,2026/7/31,某公司,人民币,"1,200.00","1,000.00",200.00,已审核\n'
        "AR2,2026/7/2,2026/8/1,某公司,美元,30.00,0,30.00,创建\n合计,,,,,1230.00,1000.00,230.00,\n"
    )
    company.write("应收单_2026-08-01.csv", text.encode("gb18030"))
    company.load()
    assert {file.table: (file.loaded, file.excluded, file.skipped) for file in company.report.files} == {
        "invoices": (1, 1, 1),
        "aging_statements": (1, 1, 1),
        "accounts": (1, 0, 1),
    }
    assert company.live("custom.invoices", "invoice_id, amount, currency") == [("AR1", Decimal("1200.00"), "CNY")]
    assert company.live("custom.aging_statements", "stated_on::varchar, document_id, amount") == [
        ("2026-08-01", "AR1", Decimal("200.00"))
    ]


def test_yonyou_tells_invoices_from_receipts(company: Project) -> None:
    text = (
        "单据日期,单据类型,单据号,客户编码,客户名称,币种,原币金额,原币余额,到期日,业务员\n"
        "2026-07-01,销售专用发票,XS1,C1,某公司,人民币,1200.00,200.00,2026-07-31,李娜\n"
        "2026-07-20,收款单,SK1,C1,某公司,人民币,-1000.00,0.00,,李娜\n"
    )
    company.write("应收明细_2026-08-01.csv", text)
    company.load()
    assert company.live("custom.invoices", "invoice_id, account_id, amount, owner_id") == [
        ("XS1", "C1", Decimal("1200.00"), "李娜")
    ]
    assert company.live("custom.payments", "payment_id, paid_on::varchar, amount") == [
        ("SK1", "2026-07-20", Decimal("1000.00"))
    ]
    assert company.live("custom.accounts", "account_id, name") == [("C1", "某公司")]
