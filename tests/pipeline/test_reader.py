"""Reading: what cannot be read is rejected with record, line, column, value and reason, and nothing else is lost."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipelines.ingest.quotes import mend
from tests.pipeline.project import Project

HEADER = "person_id,name,visits\n"
NAME = "people_2026-01-05.csv"


def rejects(shop: Project) -> list[tuple[object, ...]]:
    return shop.rows(
        "select record, line, column_name, value, reason from registry.rejects order by record, column_name"
    )


def numbers(shop: Project) -> list[tuple[object, ...]]:
    return shop.rows("select person_id, _row_number from shop.people order by _row_number")


def test_every_bad_cell_of_a_row_is_named_and_the_row_counts_once(shop: Project) -> None:
    header = "person_id,born_on,seen_at,balance,discount_rate,visits,is_active,grade\n"
    file = shop.load_one(NAME, header + "P1,2026-01-05,2026-01-05 10:00,1,0.5,1,yes,gold\n,x,y,z,2,1.5,maybe,Bronze\n")
    assert (file.rows_read, file.loaded, file.rejected) == (2, 1, 1)
    assert rejects(shop) == [
        (2, 3, "balance", "z", "is not a number"),
        (2, 3, "born_on", "x", "is not a date such as 2026-01-31"),
        (2, 3, "discount_rate", "2", "is above 1"),
        (2, 3, "grade", "Bronze", "is not one of Gold, Silver"),
        (2, 3, "is_active", "maybe", "is neither yes nor no"),
        (2, 3, "person_id", None, "is required and empty"),
        (2, 3, "seen_at", "y", "is not a date and time such as 2026-01-31 14:05:00"),
        (2, 3, "visits", "1.5", "is not a whole number, or too large"),
    ]
    assert shop.column("grade", "shop.people") == ["Gold"]


def test_a_reject_names_the_header_as_the_file_writes_it(shop: Project) -> None:
    shop.load_one(NAME, "编号,余额\nP1,viel\n")
    assert rejects(shop)[0][2] == "余额"


def test_a_further_spelling_of_a_missing_value_is_the_sources(shop: Project) -> None:
    shop.load_one(NAME, HEADER + "P1,fehlt,--\n")
    assert shop.rows("select name, visits from shop.people") == [(None, None)]


def test_lines_count_multi_line_cells_blank_lines_and_titles(shop: Project) -> None:
    text = 'Report\n\n\n"a title\nof two lines"\n' + HEADER + '\nP1,"Ann\n\nLee",1\n\nP2,Bob,x\n\nP3,Cy\nP4,Di,4\n'
    file = shop.load_one(NAME, text)
    assert (file.loaded, file.rejected, file.skipped) == (2, 2, 2)
    assert rejects(shop) == [
        (2, 12, "visits", "x", "is not a number"),
        (3, 14, None, "P3,Cy", "has 2 cells, the header has 3"),
    ]
    assert numbers(shop) == [("P1", 1), ("P4", 4)]


@pytest.mark.parametrize("encoding", ["utf-16", "gb18030"])
def test_lines_are_those_of_the_file_whatever_its_encoding(shop: Project, encoding: str) -> None:
    text = "编号,姓名,visits\r\n\r\nP1,王小明红星机械,1\r\n\r\nP2,王小明,x\r\n"
    shop.load_one(NAME, text.encode(encoding))
    assert rejects(shop) == [(2, 5, "visits", "x", "is not a number")]


def test_rows_after_broken_ones_keep_their_record_numbers(shop: Project) -> None:
    rows = ["P1,a,1", "P2", "P3", "P4,d,4", "P5,e,5,5", "P6,f,x", "P7,g,7"]
    file = shop.load_one(NAME, HEADER + "\n".join(rows) + "\n")
    assert (file.rows_read, file.loaded, file.rejected) == (7, 3, 4)
    assert numbers(shop) == [("P1", 1), ("P4", 4), ("P7", 7)]
    assert [(record, line) for record, line, *_ in rejects(shop)] == [(2, 3), (3, 4), (5, 6), (6, 7)]


def test_a_rejected_row_keeps_its_cells_to_be_mended(shop: Project) -> None:
    shop.load_one(NAME, HEADER + 'P1,Ann,x\nP2,"Bob, jr."\n')
    assert shop.rows("select raw_row from registry.rejects order by record") == [
        (["P1", "Ann", "x"],),
        (["P2", "Bob, jr."],),
    ]


def test_a_row_of_spaces_is_an_empty_row(shop: Project) -> None:
    file = shop.load_one(NAME, HEADER + "P1,Ann,1\n   \nP2,Bob,2\n")
    assert (file.loaded, file.rejected, file.skipped) == (2, 0, 1)
    assert numbers(shop) == [("P1", 1), ("P2", 3)]


def test_a_cell_that_is_all_zero_bytes_long_is_text(shop: Project) -> None:
    shop.load_one(NAME, HEADER + 'P1,=cmd|\' /C calc\'!A0,1\nP2,"say ""hi""",2\n')
    assert shop.column("name", "shop.people") == ["=cmd|' /C calc'!A0", 'say "hi"']


QUOTES = [
    ("in the middle", ['P1,"Ann,1', "P2,Bob,2", "P3,Cy,3"], [1]),
    ("on the last line", ["P1,Ann,1", 'P2,"Bob,2'], [2]),
    ("twice", ['P1,"Ann,1', "P2,Bob,2", 'P3,"Cy,3', "P4,Di,4"], [1, 3]),
    ("before a sound one", ['P1,"Ann,1', 'P2,"Bob, jr.",2', "P3,Cy,3"], [1]),
    ("before a cell of two lines", ['P1,"Ann,1', 'P2,"Bob\nLee",2', "P3,Cy,3"], [1]),
    ("after a cell of two lines", ['P1,"Ann\nLee",1', 'P2,"Bob,2', "P3,Cy,3"], [2]),
    ("swallowing whole rows", ['P1,"Ann,1', "P2,Bob,2", "P3,Cy,3", 'P4,Di",4'], [1, 4]),
    ("in every row", [f'P{number},"x,{number}' for number in range(1, 300)], list(range(1, 300))),
]


@pytest.mark.parametrize(("where", "rows", "broken"), QUOTES, ids=[where for where, _, _ in QUOTES])
def test_a_quote_that_never_closes_costs_its_own_line(
    shop: Project, where: str, rows: list[str], broken: list[int]
) -> None:
    if where == "swallowing whole rows":
        broken = [1]  # the stray quote of the last row stands within a cell, and for itself
    file = shop.load_one(NAME, HEADER + "\n".join(rows) + "\n")
    assert file.rows_read == len(rows)
    assert [row[0] for row in rejects(shop)] == broken
    assert {row[4] for row in rejects(shop)} == {"has a quote that never closes"}
    assert [row[3] for row in rejects(shop)] == [rows[record - 1] for record in broken]
    kept = [record for record in range(1, len(rows) + 1) if record not in broken]
    assert [record for _, record in numbers(shop)] == kept


def test_a_quote_that_never_closes_in_a_large_file_loses_no_row(shop: Project) -> None:
    rows = [
        f"P{number},{'some name ' * 15},{number}" for number in range(250_000)
    ]  # beyond one of the reader's buffers
    rows[100_000] = 'P100000,"some name,1'
    file = shop.load_one(NAME, HEADER + "\n".join(rows) + "\n")
    assert (file.rows_read, file.loaded, file.rejected) == (250_000, 249_999, 1)
    assert [(record, line) for record, line, *_ in rejects(shop)] == [(100_001, 100_002)]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ('P2,"Bob" jr.,2', "has a quote in a cell that is not doubled"),
        ('P2,"Bob "the" jr.",2', "has a quote in a cell that is not doubled"),
    ],
)
def test_a_quote_that_is_not_doubled_costs_its_line(shop: Project, row: str, reason: str) -> None:
    file = shop.load_one(NAME, f"{HEADER}P1,Ann,1\n{row}\nP3,Cy,3\n")
    assert (file.loaded, file.rejected) == (2, 1)
    assert [(record, value, why) for record, _, _, value, why in rejects(shop)] == [(2, row, reason)]


def test_a_quote_within_a_cell_stands_for_itself(shop: Project) -> None:
    file = shop.load_one(NAME, HEADER + 'P1,5" pipe,1\nP2,6" and 7" pipe,2\nP3,Cy,3\n')
    assert (file.loaded, file.rejected) == (3, 0)
    assert shop.column("name", "shop.people") == ['5" pipe', '6" and 7" pipe', "Cy"]


def test_a_line_beyond_all_bounds_is_rejected(shop: Project) -> None:
    file = shop.load_one(NAME, HEADER + "P1,Ann,1\nP2," + "x" * (17 * 2**20) + ",2\nP3,Cy,3\n")
    assert (file.loaded, file.rejected) == (2, 1)
    assert rejects(shop)[0][4] == "is longer than 16 MiB"


@pytest.mark.parametrize("width", [2, 3])
def test_a_cell_of_many_lines_is_one_cell(shop: Project, width: int) -> None:
    lines = "\n".join(f"line {number}, with a comma" if number % 3 else "another" for number in range(200))
    rows = f'P1,"{lines}"' + ",1" * (width - 2)
    file = shop.load_one(NAME, ",".join(["person_id", "name", "visits"][:width]) + f"\n{rows}\n")
    assert (file.rows_read, file.loaded) == (1, 1)
    assert shop.column("name", "shop.people") == [lines]


def test_mending_keeps_every_other_byte(tmp_path: Path) -> None:
    from pipelines.ingest.decode import to_text

    path = tmp_path / "a.csv"
    path.write_bytes(b'a,b\r\n1,2\r\n"3,4\r\n5,6\r\n')
    text, broken = mend(to_text(path, "csv", tmp_path / "b.csv"), ",", 2, tmp_path / "c.csv")
    assert text.path.read_bytes() == b"a,b\r\n1,2\r\n\xff\xff\xff\xff\r\n5,6\r\n"
    assert broken == {10: ('"3,4', "has a quote that never closes")}
    assert text.records == 4


def test_json_lines_keep_every_digit_and_reject_what_is_no_object(shop: Project) -> None:
    lines = [
        '{"person_id": "007", "balance": 1234567890123456.78, "is_active": true, "born_on": "2026-01-05"}',
        "",
        '{"person_id": "8", "name": null, "balance": 1e3, "visits": 3}',
        '{"person_id": "9", ',
        "[1, 2]",
        '{"person_id": "10", "balance": "x", "name": "two\\r\\nlines"}',
    ]
    file = shop.load_one("people_2026-01-05.jsonl", "\n".join(lines))
    assert (file.rows_read, file.loaded, file.rejected) == (5, 2, 3)
    found = shop.rows("select person_id, balance::varchar, is_active, visits from shop.people order by _row_number")
    assert found == [("007", "1234567890123456.78", True, None), ("8", "1000.00", None, 3)]
    assert rejects(shop) == [
        (3, 4, None, '{"person_id": "9",', "is not a JSON object"),
        (4, 5, None, "[1, 2]", "is not a JSON object"),
        (5, 6, "balance", "x", "is not a number"),
    ]


def test_an_array_of_objects_is_read_too(shop: Project) -> None:
    content = json.dumps([{"person_id": "1", "name": "王"}, {"person_id": "2", "visits": "x"}], indent=1)
    file = shop.load_one("people_2026-01-05.json", content)
    assert (file.loaded, file.rejected) == (1, 1)
    assert rejects(shop) == [(2, None, "visits", "x", "is not a number")]


@pytest.mark.parametrize("content", ['{"data": [\n{"person_id": 1}\n]}\n', '[{"person_id": 1},'])
def test_other_json_is_named(shop: Project, content: str) -> None:
    assert "JSON" in shop.problem("people_2026-01-05.json", content)


def test_parquet_is_read_with_its_types(shop: Project) -> None:
    import duckdb

    path = shop.exports / "people_2026-01-05.parquet"
    duckdb.execute(
        f"""
        copy (
            select '007' as person_id, 12.50::decimal(18, 2) as balance, date '2026-01-05' as born_on,
                timestamptz '2026-01-05 10:00:00+00' as seen_at, true as is_active, 'a' || chr(13) || chr(10) || 'b' as name
        ) to '{path}' (format parquet)
        """
    )
    shop.load(timezone="Asia/Shanghai")
    assert shop.rows(
        "select person_id, balance::varchar, born_on::varchar, seen_at::varchar, is_active, name from shop.people"
    ) == [("007", "12.50", "2026-01-05", "2026-01-05 18:00:00", True, "a\nb")]
    path.write_bytes(path.read_bytes()[:80])
    shop.load(exported_at="2026-01-06")
    assert "the Parquet file is damaged" in shop.report.problems[0].message


def test_a_workbook_keeps_numbers_dates_and_row_numbers(shop: Project, tmp_path: Path) -> None:
    import xlsxwriter

    path = shop.exports / "people_2026-01-05.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("人员")
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        percent = book.add_format({"num_format": "0%"})
        sheet.write(1, 1, "All people")
        sheet.write_row(3, 1, ["person_id", "name", "balance", "born_on", "discount_rate", "is_active"])
        sheet.write_row(5, 1, ["007", "two\nlines", 123456789012.12])
        sheet.write_number(5, 4, 46047, day)
        sheet.write_number(5, 5, 0.125, percent)
        sheet.write_boolean(5, 6, True)
        sheet.write_row(7, 1, ["P8", "Bob", "x"])
        sheet.write_formula(7, 3, "=1/0", None, "#DIV/0!")
        sheet.write_row(8, 1, ["P9", "Cy", "x"])
        sheet.write_row(9, 1, ["P10"])
        sheet.write_number(9, 2, 46047, day)
        book.add_worksheet("notes").write(0, 0, "made by hand")
        book.add_worksheet("empty")
    shop.load()
    assert [problem.name for problem in shop.report.problems] == ["people_2026-01-05.xlsx[notes]"]
    found = shop.rows(
        "select person_id, name, balance::varchar, born_on::varchar, discount_rate::varchar, is_active from shop.people"
    )
    assert found[0] == ("007", "two\nlines", "123456789012.12", "2026-01-25", "0.125000", True)
    assert found[-1][:2] == ("P10", "2026-01-25")
    assert rejects(shop) == [(3, 9, "balance", "x", "is not a number")]
    assert shop.report.files[0].rounded == 0
