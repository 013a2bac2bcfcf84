"""Bad input is normal: each kind gets words that say what is wrong, where and what to do, and loses nothing else."""

from __future__ import annotations

import gzip
import io
import zipfile
from pathlib import Path

import pytest

from pipelines.errors import WanamakerError
from tests.pipeline.project import Project, ties

HEADER = "invoice_id,account_id,issued_on,due_on,amount\n"
GOOD = "I1,C1,2026-01-05,2026-02-04,100.00\n"
NAME = "invoices_2026-01-31.csv"


@pytest.fixture
def project(tmp_path):
    return Project(tmp_path)


def test_an_empty_folder(project):
    assert project.exports.is_dir()
    with pytest.raises(WanamakerError, match="there is no file to read"):
        project.load()


def test_an_empty_file(project):
    assert "empty" in project.problem(NAME, "")


def test_headers_only_is_a_table_without_rows(project):
    file = project.load_one(NAME, HEADER)
    assert (file.table, file.rows_read) == ("invoices", 0)


def test_a_folder_named_like_a_file_is_named_and_its_files_are_read(project):
    project.write(f"folder.csv/{NAME}", HEADER + GOOD)
    report = project.load()
    assert [file.loaded for file in report.files] == [1]
    assert [problem.name for problem in report.problems] == ["folder.csv"]
    assert "folder" in report.problems[0].message


def test_a_file_without_read_permission(project, monkeypatch):
    project.write(NAME, HEADER + GOOD)
    opened = Path.open

    def refuse(path, *args, **kwargs):
        if path.name == NAME:
            raise PermissionError(13, "Permission denied", str(path))
        return opened(path, *args, **kwargs)

    monkeypatch.setattr(Path, "open", refuse)
    report = project.load()
    assert "permission" in report.problems[0].message


def test_a_truncated_gzip(project):
    packed = gzip.compress((HEADER + GOOD * 500).encode())
    assert "cut off or damaged" in project.problem(f"{NAME}.gz", packed[: len(packed) // 2])


def test_a_zip_with_a_member_that_points_outside(project):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("../invoices.csv", HEADER + GOOD)
    assert "outside the archive" in project.problem("exports.zip", packed.getvalue())


@pytest.mark.parametrize("suffix", [".gz", ".zip"])
def test_a_packed_file_is_the_file(suffix, project):
    content = (HEADER + GOOD).encode()
    if suffix == ".zip":
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(NAME, content)
        name, data = "a.zip", packed.getvalue()
    else:
        name, data = f"{NAME}.gz", gzip.compress(content)
    file = project.load_one(name, data)
    assert (file.table, file.loaded) == ("invoices", 1)


def test_two_hundred_columns(project):
    extra = [f"extra_{number}" for number in range(195)]
    text = HEADER.rstrip() + "," + ",".join(extra) + "\n" + GOOD.rstrip() + "," * 195 + "\n"
    assert project.load_one(NAME, text).loaded == 1


def test_a_quote_that_never_closes_loses_only_its_own_line(project):
    text = HEADER + GOOD + 'I2,"C2,2026-01-05,2026-02-04,1\n' + GOOD.replace("I1", "I3") + GOOD.replace("I1", "I4")
    file = project.load_one(NAME, text)
    assert ties(file)
    assert (file.loaded, file.rejected) == (3, 1)
    assert [row[0] for row in project.rejects()] == [3]
    numbers = project.rows("select invoice_id, _row_number from custom.invoices order by 1")
    assert numbers == [("I1", 1), ("I3", 3), ("I4", 4)]


def test_rows_of_the_wrong_width_are_rejected_with_their_line(project):
    text = (
        HEADER
        + GOOD
        + "I2,C1\n"
        + GOOD.replace("I1", "I3")
        + "I4,C1,2026-01-05,2026-02-04,1,2,3\n"
        + GOOD.replace("I1", "I5")
    )
    file = project.load_one(NAME, text)
    assert ties(file)
    assert (file.loaded, file.rejected) == (3, 2)
    assert [(line, reason) for line, _, _, reason in project.rejects()] == [
        (3, "has 2 cells, the header has 5"),
        (5, "has 7 cells, the header has 5"),
    ]
    assert project.rows("select invoice_id, _row_number from custom.invoices order by 1") == [
        ("I1", 1),
        ("I3", 3),
        ("I5", 5),
    ]


def test_nul_bytes_are_left_out(project):
    file = project.load_one(NAME, (HEADER + GOOD.replace("C1", "C\x001")).encode())
    assert file.loaded == 1
    assert project.rows("select account_id from custom.invoices") == [("C1",)]


@pytest.mark.parametrize("ends", ["\r\n", "\r", "mixed"])
def test_line_ends_of_every_kind(ends, project):
    lines = [HEADER, GOOD, GOOD.replace("I1", "I2"), GOOD.replace("I1", "I3")]
    if ends == "mixed":
        text = lines[0] + lines[1].replace("\n", "\r\n") + lines[2].replace("\n", "\r") + lines[3]
    else:
        text = "".join(lines).replace("\n", ends)
    assert project.load_one(NAME, text).loaded == 3


def test_a_byte_order_mark_in_the_middle(project):
    text = "﻿" + HEADER + GOOD + "﻿" + GOOD.replace("I1", "I2")
    assert project.load_one(NAME, text).loaded == 2
    assert project.rows("select invoice_id from custom.invoices order by 1") == [("I1",), ("I2",)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
def test_encodings(encoding, project):
    text = "发票号,客户编码,开票日期,到期日,金额\n发票一,红星机械有限公司,2026-01-05,2026-02-04,100\n" * 1
    file = project.load_one("发票_2026-01-31.csv", text.encode(encoding))
    assert (file.table, file.loaded) == ("invoices", 1)
    assert project.rows("select invoice_id, account_id from custom.invoices") == [("发票一", "红星机械有限公司")]


@pytest.mark.parametrize("delimiter", ["\t", ";", "|"])
def test_delimiters(delimiter, project):
    assert project.load_one(NAME, (HEADER + GOOD).replace(",", delimiter)).loaded == 1


@pytest.mark.parametrize(
    ("written", "amount"),
    [
        ('"1,234.50"', "1234.50"),
        ("￥1234.50", "1234.50"),
        ('"￥1,234.50"', "1234.50"),
        ("(500)", "-500.00"),
        ("US$50", "50.00"),
        ("12.3万", "123000.00"),
        ("1.5E+03", "1500.00"),
        ("1234-", "-1234.00"),
    ],
)
def test_amounts_as_people_write_them(written, amount, project):
    project.load_one(NAME, HEADER + GOOD.replace("100.00", written))
    assert [str(row[0]) for row in project.rows("select amount from custom.invoices")] == [amount]


def test_a_german_column_is_read_as_a_whole(project):
    text = HEADER.replace(",", ";") + "I1;C1;2026-01-05;2026-02-04;1.234,56\nI2;C1;2026-01-05;2026-02-04;1.234\n"
    project.load_one(NAME, text)
    assert [str(row[0]) for row in project.rows("select amount from custom.invoices order by invoice_id")] == [
        "1234.56",
        "1234.00",
    ]


@pytest.mark.parametrize("missing", ["N/A", "--", "-", "NULL", "无", ""])
def test_a_missing_amount_is_rejected_as_missing(missing, project):
    file = project.load_one(NAME, HEADER + GOOD + GOOD.replace("I1", "I2").replace("100.00", missing))
    assert (file.loaded, file.rejected) == (1, 1)
    assert project.rejects()[0][1:] == ("amount", None, "is required and empty")


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("12%", "is not a number"),
        ("12345678901234567.00", "at most 16 digits"),
        ("ten", "is not a number"),
    ],
)
def test_an_amount_that_is_none_names_value_and_reason(cell, words, project):
    file = project.load_one(NAME, HEADER + GOOD + GOOD.replace("I1", "I2").replace("100.00", cell))
    assert file.rejected == 1
    line, column, value, reason = project.rejects()[0]
    assert (line, column, value) == (3, "amount", cell)
    assert words in reason


def test_an_id_keeps_its_leading_zeros(project):
    project.load_one(NAME, HEADER + GOOD.replace("I1", "00042"))
    assert project.rows("select invoice_id from custom.invoices") == [("00042",)]


def test_an_amount_with_more_digits_is_rounded_once_and_counted(project):
    text = (
        HEADER
        + GOOD.replace("100.00", "1.005")
        + GOOD.replace("I1", "I2").replace("100.00", "-1.005")
        + GOOD.replace("I1", "I3").replace("100.00", "4.3549999999999995")
    )
    file = project.load_one(NAME, text)
    assert file.rounded == 3
    assert [str(row[0]) for row in project.rows("select amount from custom.invoices order by invoice_id")] == [
        "1.01",
        "-1.01",
        "4.35",
    ]


def test_march_32nd_names_file_line_column_value_and_what_to_write(project):
    file = project.load_one(NAME, HEADER + GOOD + GOOD.replace("I1", "I2").replace("2026-02-04", "2026-03-32"))
    assert (file.loaded, file.rejected) == (1, 1)
    assert project.rejects() == [(3, "due_on", "2026-03-32", "is not a date such as 2026-01-31")]


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2026/1/5", "2026-01-05"),
        ("20260105", "2026-01-05"),
        ("2026年1月5日", "2026-01-05"),
        ("25.01.2026", "2026-01-25"),
        ("1/25/2026", "2026-01-25"),
        ("25/1/2026", "2026-01-25"),
        ("46054", "2026-02-01"),
        ("5 Feb 2026", "2026-02-05"),
        ('"Thu, 5 Feb 2026"', "2026-02-05"),
        ("2026-01-05T23:30:00Z", "2026-01-06"),
    ],
)
def test_dates_as_files_write_them(written, day, project):
    project.load_one(NAME, HEADER + GOOD.replace("2026-01-05", written))
    assert [str(row[0]) for row in project.rows("select issued_on from custom.invoices")] == [day]


def test_a_date_that_can_be_read_two_ways_is_refused_until_the_mapping_says_which(project):
    text = HEADER + GOOD.replace("2026-01-05", "05/01/2026")
    message = project.problem(NAME, text)
    assert "05/01/2026" in message
    assert "%m/%d/%Y" in message
    assert "%d/%m/%Y" in message
    names = {name: name for name in HEADER.strip().split(",")}
    report = project.load(
        mapping=[{"file": "invoices*", "table": "invoices", "columns": names, "dates": ["%d/%m/%Y", "%Y-%m-%d"]}]
    )
    assert not report.problems
    assert [str(row[0]) for row in project.rows("select issued_on from custom.invoices")] == ["2026-01-05"]


def test_three_formats_in_one_column_keep_one_and_name_the_others(project):
    days = ["2026-01-05", "1/25/2026", "1/26/2026", "25.01.2026"]
    text = HEADER + "".join(
        GOOD.replace("I1", f"I{number}").replace("2026-01-05", day) for number, day in enumerate(days)
    )
    file = project.load_one(NAME, text)
    assert ties(file)
    assert (file.loaded, file.rejected) == (3, 1)
    assert project.rejects()[0][:3] == (5, "issued_on", "25.01.2026")


def test_two_files_of_one_export_are_one_snapshot(project):
    project.write("invoices_2026-01-31_1.csv", HEADER + GOOD)
    project.write("invoices_2026-01-31_2.csv", HEADER + GOOD.replace("I1", "I2"))
    report = project.load()
    assert [file.loaded for file in report.files] == [1, 1]


def test_the_same_file_twice_is_loaded_once(project):
    project.write(NAME, HEADER + GOOD)
    project.write(f"copy/{NAME}", HEADER + GOOD)
    report = project.load()
    assert not report.problems
    assert project.rows("select count(*) from custom.invoices") == [(1,)]


def test_a_web_page_saved_as_csv_is_called_one(project):
    assert "web page" in project.problem(NAME, "<!DOCTYPE html><html><body>Log in</body></html>")


def test_an_export_that_says_there_is_no_data(project):
    message = project.problem("campaigns_2026-01-31.csv", "No data available.\n")
    assert "No data available." in message


def test_a_file_that_matches_no_table_names_the_nearest_and_what_is_missing(project):
    message = project.problem(NAME, "invoice_id,account,issued_on,dueon_date,amount\nI1,C1,2026-01-05,2026-02-04,1\n")
    assert "custom.invoices" in message
    assert "due_on" in message


def test_one_bad_file_does_not_stop_the_others(project):
    project.write(NAME, HEADER + GOOD)
    project.write("payments_2026-01-31.csv", "who,what\n1,2\n")
    report = project.load()
    assert [file.loaded for file in report.files] == [1]
    assert [problem.name for problem in report.problems] == ["payments_2026-01-31.csv"]


def test_repeated_headers_and_empty_rows_are_left_out_and_counted(project):
    file = project.load_one(NAME, HEADER + GOOD + ",,,,\n" + HEADER + GOOD.replace("I1", "I2"))
    assert ties(file)
    assert (file.loaded, file.rejected, file.skipped) == (2, 0, 2)


def test_title_lines_above_the_header_are_left_out_and_told(project):
    file = project.load_one(NAME, "Open items\n31 January 2026\n\n" + HEADER + GOOD)
    assert (file.loaded, file.skipped) == (1, 2)
    assert "Open items" in file.notes


def test_cells_are_trimmed_of_every_kind_of_space(project):
    project.load_one(NAME, HEADER + "  I1 ,\u3000C1\u00a0, 2026-01-05 ,2026-02-04, 100.00 \n")
    assert project.rows("select invoice_id, account_id, amount::varchar from custom.invoices") == [
        ("I1", "C1", "100.00")
    ]


def test_a_workbook_with_two_sheets_feeds_two_tables_and_hidden_ones_are_left_out(project):
    import xlsxwriter

    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream)
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    from datetime import date

    invoices = book.add_worksheet("invoices")
    invoices.write_row(0, 0, HEADER.strip().split(","))
    invoices.write_row(1, 0, ["0007", "C1"])
    invoices.write_datetime(1, 2, date(2026, 1, 5), day)
    invoices.write_datetime(1, 3, date(2026, 2, 4), day)
    invoices.write_number(1, 4, 100.1 + 0.2)
    accounts = book.add_worksheet("客户")
    accounts.write_row(0, 0, ["客户编号", "客户名称"])
    accounts.write_row(1, 0, ["C1", "红星机械"])
    hidden = book.add_worksheet("old")
    hidden.write_row(0, 0, HEADER.strip().split(","))
    hidden.write_row(1, 0, ["9", "C9", "2020-01-01", "2020-01-01", 1])
    hidden.hide()
    book.close()
    project.write("book_2026-01-31.xlsx", stream.getvalue())
    report = project.load()
    assert not report.problems
    assert sorted((file.table, file.loaded) for file in report.files) == [("accounts", 1), ("invoices", 1)]
    assert project.rows("select invoice_id, issued_on::varchar, amount::varchar from custom.invoices") == [
        ("0007", "2026-01-05", "100.30")
    ]
