"""Files that mean harm, or look as if they did: kept as text, refused in words, never obeyed, never lost."""

from __future__ import annotations

import csv
import gzip
import json
import tempfile
import zipfile
from io import BytesIO
from pathlib import Path

import duckdb
import fastexcel
import pytest
import xlsxwriter
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from pipelines import report, status
from pipelines.errors import shown
from pipelines.ingest import decode, discover, quotes, reader
from pipelines.spreadsheet import Field
from tests.pipeline.conftest import CONTRACT, contracts_of
from tests.pipeline.project import Project, ties

HEADER = "person_id,name,visits\n"
COLUMNS = HEADER.strip().split(",")
QUICK = settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
LONG = settings(max_examples=600, deadline=None, suppress_health_check=list(HealthCheck))


def workbook(*sheets: tuple[str, list[list[object]], bool]) -> bytes:
    stream = BytesIO()
    with xlsxwriter.Workbook(stream, {"strings_to_formulas": False}) as book:
        for name, rows, is_hidden in sheets:
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
            if is_hidden:
                sheet.hide()
    return stream.getvalue()


def changed(content: bytes, **members: str) -> bytes:
    """A workbook with some of its parts replaced or added."""
    stream = BytesIO()
    new = {name.replace("__", "/"): text for name, text in members.items()}
    with zipfile.ZipFile(BytesIO(content)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as out:
        for name in [*old.namelist(), *(new.keys() - set(old.namelist()))]:
            out.writestr(name, new.get(name) or old.read(name))
    return stream.getvalue()


# lines beyond all bounds


@pytest.fixture
def small_bounds(monkeypatch: pytest.MonkeyPatch) -> int:
    """The longest record as a few thousand bytes, so that an endless line is quickly written."""
    longest = 2**12
    for module in (decode, reader, quotes):
        monkeypatch.setattr(module, "LONGEST_RECORD", longest)
    return longest


ENDLESS = {
    "alone": ("{long}", 0),
    "before a row": ("{long}\nP2,Bob,2\n", 1),
    "after a row": ("P1,Ann,1\n{long}\nP2,Bob,2\n", 2),
    "in quotes": ('P1,"{long}",1\nP2,Bob,2\n', 1),
    "in quotes that never close": ('P1,"{long}\nP2,Bob,2\nP3,Cid,3\n', 2),
    "in quotes that never close, alone": ('P1,"{long}', 0),
}


@pytest.mark.parametrize("where", ENDLESS)
def test_an_endless_line_costs_itself_only(shop: Project, small_bounds: int, where: str) -> None:
    body, loaded = ENDLESS[where]
    file = shop.load_one("people_2026-01-05.csv", HEADER + body.format(long="a" * small_bounds * 5))
    assert (file.rows_read, file.loaded, file.rejected, file.skipped) == (loaded + 1, loaded, 1, 0)
    ((_, _, value, reason),) = shop.rejects()
    assert "is longer than" in reason
    assert len(value) <= 2000


@pytest.mark.slow
def test_a_line_of_a_gibibyte_costs_itself_only(shop: Project) -> None:
    path = shop.write("people_2026-01-05.csv", f"{HEADER}P1,Ann,1\n")
    with path.open("ab") as out:
        for _ in range(2**10):
            out.write(b"a" * 2**20)
        out.write(b"\nP2,Bob,2\n")
    shop.load()
    file = shop.only_file()
    assert (file.rows_read, file.loaded, file.rejected) == (3, 2, 1)
    assert "is longer than 16 MiB" in shop.rejects()[0][3]


def test_an_endless_line_of_one_column_is_refused_without_reading_it_whole(shop: Project) -> None:
    words = shop.problem("people.csv", b"a" * 2**22)
    assert "it holds one cell" in words


# archives and workbooks


def test_a_workbook_that_unpacks_to_far_too_much_is_refused_unread(
    shop: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(discover, "RATIO_MATTERS_FROM", 2**20)
    rows = [COLUMNS, *([f"P{n}", "A" * 900, 1] for n in range(5000))]
    cells = "".join(f"<row><c t='inlineStr'><is><t>{'A' * 1000}</t></is></c></row>" for _ in range(5000))
    sheet = f"<worksheet xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main'><sheetData>{cells}</sheetData></worksheet>"
    bomb = changed(workbook(("people", [COLUMNS], False)), **{"xl__worksheets__sheet1.xml": sheet})
    assert "the workbook unpacks to" in shop.problem("people.xlsx", bomb)
    assert shop.load_one("people.xlsx", workbook(("people", rows[:9], False))).loaded == 8


def test_entities_of_xml_do_not_expand(shop: Project) -> None:
    entity = '<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
    listed = f'<?xml version="1.0"?>{entity}<workbook><sheets><sheet name="&b;" sheetId="1"/></sheets></workbook>'
    words = shop.problem("people.xlsx", changed(workbook(("people", [COLUMNS], False)), **{"xl__workbook.xml": listed}))
    assert "the workbook cannot be opened" in words


def test_a_workbook_with_links_to_other_files_gives_the_values_it_holds(shop: Project, tmp_path: Path) -> None:
    stream = BytesIO()
    with xlsxwriter.Workbook(stream) as book:
        sheet = book.add_worksheet("people")
        sheet.write_row(0, 0, COLUMNS)
        sheet.write_string(1, 0, "P1")
        sheet.write_formula(1, 1, f"='[{tmp_path}/other.xlsx]S'!A1", None, "Ann")
        sheet.write_formula(1, 2, '=WEBSERVICE("http://localhost/x")', None, 3)
    linked = changed(
        stream.getvalue(), **{"xl__externalLinks__externalLink1.xml": "<externalLink/>", "..__..__evil": "x"}
    )
    assert shop.load_one("people.xlsx", linked).loaded == 1
    assert shop.rows("select name, visits from shop.people") == [("Ann", 3)]
    assert not (tmp_path.parent / "evil").exists()


def test_merged_cells_lose_no_row(shop: Project) -> None:
    stream = BytesIO()
    with xlsxwriter.Workbook(stream) as book:
        sheet = book.add_worksheet("people")
        sheet.merge_range("A1:B1", "Person")
        sheet.write_row(1, 0, COLUMNS)
        sheet.merge_range("A3:A4", "P1")
        sheet.write_row(2, 1, ["Ann", 1])
        sheet.write_row(3, 1, ["Bob", 2])
    file = shop.load_one("people.xlsx", stream.getvalue())
    assert (file.loaded, file.rejected) == (1, 1)
    assert shop.rejects()[0][:2] == (4, "person_id")
    assert "above the header: Person" in file.notes


def test_hidden_sheets_are_not_read_and_that_is_said(shop: Project) -> None:
    rows = [COLUMNS, ["P1", "Ann", 1]]
    file = shop.load_one("people.xlsx", workbook(("people", rows, False), ("old", rows, True)))
    assert (file.loaded, file.notes) == (1, "hidden sheets are not read: old")
    words = shop.problem("people.xlsx", workbook(("empty", [], False), ("old", rows, True)))
    assert "no sheet of the workbook holds anything; hidden sheets are not read (old)" in words


def test_gzip_in_gzip_ends_somewhere(shop: Project) -> None:
    content = (HEADER + "P1,Ann,1\n").encode()
    for _ in range(discover.DEEPEST):
        content = gzip.compress(content)
    assert shop.load_one("people.csv.gz", content).loaded == 1
    assert "more than 3 deep" in shop.problem("people.csv.gz", gzip.compress(content))


# text that some program would obey

FORMULAS = ["=cmd|' /C calc'!A0", "@SUM(1)", "+1+cmd", "-2+3+cmd", "\t=1+1", "=HYPERLINK(1)"]


def test_a_formula_is_text_in_raw(shop: Project) -> None:
    cells = "".join(f'P{n},"{formula}",1\n' for n, formula in enumerate(FORMULAS))
    assert shop.load_one("people.csv", HEADER + cells).loaded == len(FORMULAS)
    assert shop.column("name", "shop.people") == FORMULAS


def test_a_formula_is_escaped_where_rejects_are_written_out(tmp_path: Path) -> None:
    with duckdb.connect(str(tmp_path / "wanamaker.duckdb")) as connection:
        connection.execute("create schema meta")
        connection.execute(
            "create table meta.files as select 'f' as file_id, 'a.csv' as name, 1 as rejected, "
            "['id', '=cmd|x'] as headers, timestamp '2026-01-05' as exported_at"
        )
        connection.execute("create table meta.rejects (file_id varchar, record bigint, raw_row varchar[])")
        for number, formula in enumerate(FORMULAS):
            connection.execute("insert into meta.rejects values ('f', ?, ?)", [number, ["-1.50", formula]])
    header, rows = status.reject_rows(tmp_path, None)
    assert header == ["id", "'=cmd|x"]
    assert [row[0] for row in rows] == ["-1.50"] * len(FORMULAS)
    assert all(row[1] == f"'{formula}" for row, formula in zip(rows, FORMULAS, strict=True))


def test_a_formula_is_text_in_every_form_of_a_report(tmp_path: Path) -> None:
    table = report.Table("leads", "One row.", [Field("name", "text")], [""], [(formula,) for formula in FORMULAS])
    about = [("report", "=cmd|x"), ("as of", "2026-01-05"), ("currency", "CNY"), ("run", "1")]
    written = {form: tmp_path / f"report.{form}" for form in ("csv", "xlsx", "html")}
    for form, path in written.items():
        report._WRITERS[form](path, [table], about)
    safe = [f"'{formula}" for formula in FORMULAS]
    with written["csv"].open(encoding="utf-8-sig", newline="") as stream:
        assert [row[0] for row in csv.reader(stream)][1:] == safe
    sheet = fastexcel.read_excel(str(written["xlsx"])).load_sheet("leads").to_polars()
    assert sheet["name"].to_list() == safe
    with zipfile.ZipFile(written["xlsx"]) as book:
        assert not any(b"<f>" in book.read(name) for name in book.namelist())
    page = written["html"].read_text("utf-8")
    assert "=cmd|&#x27; /C calc&#x27;!A0" in page
    assert "<script" not in page


def test_markup_in_a_cell_is_text_in_a_report(tmp_path: Path) -> None:
    table = report.Table("leads", "One row.", [Field("name", "text")], [""], [("<script>alert(1)</script>",)])
    about = [("report", "r"), ("as of", "2026-01-05"), ("currency", "CNY"), ("run", "1")]
    report._write_html(tmp_path / "report.html", [table], about)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in (tmp_path / "report.html").read_text("utf-8")


def test_what_steers_a_terminal_is_written_out() -> None:
    assert shown("a\x1b[31mb\x07\x9b\u202ec\td\n") == "a\\x1b[31mb\\x07\\x9b\\x202ec\td\n"


def test_control_characters_stay_in_cells_and_cost_no_row(shop: Project) -> None:
    name = "A\x01\x02\x1b[31m\x7f"
    assert shop.load_one("people.csv", f"{HEADER}P1,{name},1\n").loaded == 1
    assert shop.column("name", "shop.people") == [name]


def test_invalid_utf8_far_below_the_beginning_costs_its_row(shop: Project) -> None:
    rows = [f"P{n},红星{n},1\n".encode() for n in range(20_000)]
    rows[15_000] = b"P15000,\xe7\xba,1\n"
    file = shop.load_one("people.csv", HEADER.encode() + b"".join(rows))
    assert (file.rows_read, file.loaded, file.rejected) == (20_000, 19_999, 1)
    assert shop.rejects()[0][0] == 15_002


# anything at all

texts = st.text(st.characters(codec="utf-8", exclude_categories=("Cs",)), max_size=12)
nasty = st.sampled_from([*FORMULAS, "", " ", '"', '","', "\n", "\r", "\0", "\x1b[0m", "\ufeff", "𠮷", "1e999", "N/A"])
numbers = st.one_of(st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.booleans(), st.none())
cells = st.one_of(texts, nasty, numbers)
tables = st.lists(st.lists(cells, max_size=4), max_size=8)


def loads(name: str, content: bytes) -> None:
    """Whatever is in a file, the counts tie, or it is refused in words."""
    with tempfile.TemporaryDirectory() as folder:
        shop = Project(Path(folder), contracts_of(CONTRACT, Path(folder)))
        shop.write(name, content)
        report = shop.load()
        assert bool(report.files) != bool(report.problems)
        assert all(ties(file) for file in report.files)
        assert all(problem.message and "Traceback" not in problem.message for problem in report.problems)
        for file in report.files:
            loaded = shop.rows("select count(*) from shop.people where not _is_deleted")[0][0]
            rejected = shop.rows("select count(distinct record) from registry.rejects")[0][0]
            assert (loaded, rejected) == (file.loaded, file.rejected)


def as_workbook(rows: list[list[object]]) -> bytes:
    return workbook(("people", [COLUMNS, *rows], False))


def as_json(rows: list[list[object]]) -> bytes:
    lines = [json.dumps(dict(zip(COLUMNS, row, strict=False)), ensure_ascii=False) for row in rows]
    return "\n".join([json.dumps(dict.fromkeys(COLUMNS, "x")), *lines]).encode("utf-8", "replace")


def as_csv(rows: list[list[object]], encoding: str) -> bytes:
    stream = BytesIO()
    with tempfile.TemporaryFile("w+", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([COLUMNS, *rows])
        out.seek(0)
        stream.write(out.read().encode(encoding, "replace"))
    return stream.getvalue()


@QUICK
@given(tables)
def test_any_cells_of_a_workbook(rows: list[list[object]]) -> None:
    loads("people_2026-01-05.xlsx", as_workbook(rows))


@QUICK
@given(tables)
def test_any_values_of_json(rows: list[list[object]]) -> None:
    loads("people_2026-01-05.jsonl", as_json(rows))


@QUICK
@given(tables, st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "gb18030", "cp1252"]))
def test_any_cells_in_any_encoding(rows: list[list[object]], encoding: str) -> None:
    loads("people_2026-01-05.csv", as_csv(rows, encoding))


@QUICK
@given(st.binary(max_size=200), st.sampled_from(["csv", "xlsx", "json", "parquet", "csv.gz", "zip"]))
@example(b"PK\x03\x04", "xlsx")
@example(b"PK\x03\x04" + b"\0" * 60, "zip")
@example(b"PAR1", "parquet")
@example(b"\x1f\x8b\x08", "csv.gz")
@example(b"[" * 1500, "json")
@example(b'{"a":' * 1500, "json")
@example(b"\xff\xfe", "csv")
@example(b"\xff\xfe\0", "csv")
def test_any_bytes_under_any_name(content: bytes, ending: str) -> None:
    loads(f"people_2026-01-05.{ending}", content)


@pytest.mark.slow
@LONG
@given(tables, st.sampled_from(["xlsx", "jsonl", "utf-8", "utf-16", "utf-16-be", "gb18030", "utf-32"]))
def test_any_cells_at_length(rows: list[list[object]], form: str) -> None:
    if form == "xlsx":
        loads("people_2026-01-05.xlsx", as_workbook(rows))
    elif form == "jsonl":
        loads("people_2026-01-05.jsonl", as_json(rows))
    else:
        loads("people_2026-01-05.csv", as_csv(rows, form))


@pytest.mark.slow
@LONG
@given(st.binary(max_size=2000), st.sampled_from([b"", b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf", HEADER.encode()]))
def test_any_bytes_at_length(content: bytes, head: bytes) -> None:
    loads("people_2026-01-05.csv", head + content)
